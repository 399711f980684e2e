package state

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// whole gives the lines of a content that are not empty.
func whole(content []byte) (lines []string) {
	for text := range bytes.SplitSeq(content, []byte("\n")) {
		if len(text) > 0 {
			lines = append(lines, string(text))
		}
	}
	return lines
}

func readLines(t testing.TB, content []byte, inOrder func(*os.File, func(line, error) bool)) (lines []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lines")
	check(t, os.WriteFile(path, content, 0o600))
	file, err := os.Open(path)
	check(t, err)
	defer file.Close()
	inOrder(file, func(one line, err error) bool {
		check(t, err)
		lines = append(lines, string(one.text))
		if !bytes.HasPrefix(content[one.start:], one.text) {
			t.Fatalf("the line does not begin at %d", one.start)
		}
		return true
	})
	return lines
}

func toBackward(file *os.File, yield func(line, error) bool) { backward(file)(yield) }
func toForward(file *os.File, yield func(line, error) bool)  { forward(file)(yield) }

func TestLinesOfEveryLengthAreReadInBothOrders(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lengths := []int{0, 1, 2, 100, firstWindow - 1, firstWindow, firstWindow + 1, 2*firstWindow - 1, 2 * firstWindow, 3 * firstWindow, 300 << 10, longest}
	for range 200 {
		var content []byte
		for range random.IntN(12) {
			content = append(content, bytes.Repeat([]byte{byte('a' + random.IntN(26))}, lengths[random.IntN(len(lengths))])...)
			content = append(content, '\n')
		}
		if len(content) > 0 && random.IntN(2) == 0 {
			content = content[:len(content)-1]
		}
		expected := whole(content)
		if forward := readLines(t, content, toForward); !slices.Equal(forward, expected) {
			t.Fatalf("forward gave %d lines of %d", len(forward), len(expected))
		}
		slices.Reverse(expected)
		if backward := readLines(t, content, toBackward); !slices.Equal(backward, expected) {
			t.Fatalf("backward gave %d lines of %d", len(backward), len(expected))
		}
	}
}

func TestALineThatIsFarTooLongHidesNoOther(t *testing.T) {
	for _, length := range []int{longestLine - 1, longestLine, longestLine + 1, 3*longestLine + 12345} {
		content := slices.Concat([]byte("first\n\n"), bytes.Repeat([]byte("x"), length), []byte("\nlast\n"))
		lines := readLines(t, content, toForward)
		if len(lines) < 2 || lines[0] != "first" || lines[len(lines)-1] != "last" || len(lines) > 3 {
			t.Errorf("%d: %d lines", length, len(lines))
		}
	}
}

func TestAHalfWrittenLineStaysALineOfItsOwn(t *testing.T) {
	f := newFolder(t)
	f.put(t, "audit.jsonl", []byte("{\"a\":1}\n{\"b\":"))
	check(t, f.Audit().Append(raw(`{"c":3}`)))
	if content := f.content(t, "audit.jsonl"); string(content) != "{\"a\":1}\n{\"b\":\n{\"c\":3}\n" {
		t.Errorf("%q", content)
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nb"), 9000)
	f.Add([]byte("\n\n"), 1)
	f.Fuzz(func(t *testing.T, content []byte, times int) {
		content = bytes.Repeat(content, max(0, min(times, 1<<20/(len(content)+1))))
		expected := whole(content)
		if forward := readLines(t, content, toForward); !slices.Equal(forward, expected) {
			t.Fatalf("%d lines of %d", len(forward), len(expected))
		}
	})
}

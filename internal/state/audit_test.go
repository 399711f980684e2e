package state

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

func entries(t testing.TB, a *Audit, newestFirst bool) (entries []string) {
	t.Helper()
	for entry, err := range a.Lines(newestFirst) {
		check(t, err)
		entries = append(entries, string(entry))
	}
	return entries
}

func numbered(from, to int) (entries []string) {
	for i := from; i < to; i++ {
		entries = append(entries, fmt.Sprintf(`{"line":%d}`, i))
	}
	return entries
}

func TestTheAuditLogIsReadInBothOrdersOverItsFiles(t *testing.T) {
	a := newFolder(t).Audit()
	a.size = 140 // ten lines
	if got := entries(t, a, true); len(got) > 0 {
		t.Fatalf("%v", got)
	}
	for i := range 48 {
		check(t, a.Append(raw("\n{\"line\": %q}", fmt.Sprint(i))))
	}
	oldest := entries(t, a, false)
	if len(oldest) < 40 || oldest[len(oldest)-1] != `{"line":"47"}` {
		t.Errorf("%v", oldest)
	}
	newest := entries(t, a, true)
	slices.Reverse(newest)
	if !slices.Equal(newest, oldest) {
		t.Errorf("the orders differ: %v", newest)
	}
	for entry := range a.Lines(true) {
		if string(entry) != `{"line":"47"}` {
			t.Errorf("%s", entry)
		}
		break
	}
}

func TestFiveFilesAreKept(t *testing.T) {
	f := newFolder(t)
	a := f.Audit()
	a.size = 10 // one line
	for i := range 20 {
		check(t, a.Append(raw(`{"number":%d}`, 10+i)))
	}
	files, err := os.ReadDir(f.path)
	check(t, err)
	if len(files) != auditFiles+1 {
		t.Errorf("%v", files)
	}
	if got := entries(t, a, true); !slices.Equal(got, []string{`{"number":29}`, `{"number":28}`, `{"number":27}`, `{"number":26}`, `{"number":25}`}) {
		t.Errorf("%v", got)
	}
}

func TestARotationThatWasKilledLosesNothing(t *testing.T) {
	for gap := range auditFiles - 1 {
		f := newFolder(t)
		for age := range auditFiles {
			if age != gap {
				f.put(t, auditName(age), fmt.Appendf(nil, "{\"age\":%d}\n", age))
			}
		}
		a := f.Audit()
		a.size = 5
		before := len(entries(t, a, true))
		check(t, a.Append(raw(`{"age":-1}`)))
		if after := len(entries(t, a, true)); after != before+1 {
			t.Errorf("with a gap at %d: %d lines, and %d before", gap, after, before)
		}
	}
}

func TestALogThatCannotBeRotatedGrowsOn(t *testing.T) {
	f := newFolder(t)
	var notices []string
	f.notice = func(text string) { notices = append(notices, text) }
	a := f.Audit()
	a.size = 5
	check(t, a.Append(raw(`{"line":1}`)))
	check(t, os.MkdirAll(f.at("audit.1.jsonl/in the way"), 0o700))
	for age := 2; age < auditFiles; age++ {
		check(t, os.MkdirAll(f.at(auditName(age)+"/in the way"), 0o700))
	}
	check(t, a.Append(raw(`{"line":2}`)))
	if content := f.content(t, "audit.jsonl"); string(content) != "{\"line\":1}\n{\"line\":2}\n" || len(notices) != 1 {
		t.Errorf("%q, %q", content, notices)
	}
}

func TestLinesThatAreNoJSONAreSkipped(t *testing.T) {
	f := newFolder(t)
	f.put(t, "audit.1.jsonl", []byte("{\"line\":1}\n{\"li\n\x00\x00\x00\n{\"line\":2}"))
	f.put(t, "audit.jsonl", []byte("\n\n{\"line\":3}\n"+strings.Repeat("[", 3*longestLine)+"\n{\"line\":4}\n{\"line\":"))
	if got := entries(t, f.Audit(), false); !slices.Equal(got, []string{`{"line":1}`, `{"line":2}`, `{"line":3}`, `{"line":4}`}) {
		t.Errorf("%v", got)
	}
}

func TestOnlyJSONOfABoundedLengthIsAdded(t *testing.T) {
	f := newFolder(t)
	for _, entry := range []string{"", "{", "text", "{}\n{}", `"` + strings.Repeat("x", longest) + `"`} {
		contains(t, f.Audit().Append(raw("%s", entry)), "the entry")
	}
	if _, err := os.Stat(f.path); err == nil {
		t.Error("the folder was made")
	}
	largest := `"` + strings.Repeat("x", longest-2) + `"`
	check(t, f.Audit().Append(raw("%s", largest)))
	if got := entries(t, f.Audit(), true); len(got) != 1 || got[0] != largest {
		t.Errorf("%d lines", len(got))
	}
}

func TestReadingGoesOnWhileLinesAreAdded(t *testing.T) {
	f := newFolder(t)
	writer := f.Audit()
	writer.size = 1000
	for _, entry := range numbered(1000, 1100) {
		check(t, writer.Append(raw("%s", entry)))
	}
	var adding sync.WaitGroup
	adding.Go(func() {
		for _, entry := range numbered(1100, 1300) {
			if err := writer.Append(json.RawMessage(entry)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 100 {
		got := entries(t, f.Audit(), true)
		for i := range len(got) - 1 {
			if got[i] <= got[i+1] {
				t.Fatalf("%s before %s", got[i], got[i+1])
			}
		}
	}
	adding.Wait()
}

func FuzzAudit(f *testing.F) {
	f.Add([]byte("{}\n"), []byte("{\"torn\":"))
	f.Fuzz(func(t *testing.T, older, newer []byte) {
		folder := newFolder(t)
		folder.put(t, "audit.1.jsonl", older)
		folder.put(t, "audit.jsonl", newer)
		before := entries(t, folder.Audit(), false)
		check(t, folder.Audit().Append(raw(`{"added":true}`)))
		after := entries(t, folder.Audit(), true)
		slices.Reverse(after)
		if !slices.Equal(after, append(before, `{"added":true}`)) {
			t.Fatalf("%q, and %q before", after, before)
		}
	})
}

func BenchmarkAuditAppend(b *testing.B) {
	audit := newFolder(b).Audit()
	entry := raw(`{"text":%q}`, strings.Repeat("x", 500))
	b.ReportAllocs()
	for b.Loop() {
		check(b, audit.Append(entry))
	}
}

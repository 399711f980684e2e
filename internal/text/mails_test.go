package text

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The mails of testdata/mails are invented, in the forms that mail programs give them: NAME.html or NAME.txt is the
// content, NAME.own beside it what the customer wrote, forwarded messages included. NAME is the program, the language
// and what is special.
const mailFolder = "testdata/mails"

// TestMailsShowTheCustomersOwnWords holds at least 97 of a hundred mails to exactly what the customer wrote, the lines
// that stand for something folded aside. No mail may lose a word.
func TestMailsShowTheCustomersOwnWords(t *testing.T) {
	owns, err := filepath.Glob(filepath.Join(mailFolder, "*.own"))
	if err != nil || len(owns) < 100 {
		t.Fatalf("%d mails, %v", len(owns), err)
	}
	differ := 0
	for _, path := range owns {
		name := strings.TrimSuffix(filepath.Base(path), ".own")
		want := strings.TrimSpace(readFile(t, path))
		said := Said(mailContent(t, name))
		if lost := lostWord(want, said); lost != "" {
			t.Errorf("%s: the customer's word %q is lost in\n%s", name, lost, said)
		}
		if got := withoutFolds(said); got != want {
			differ++
			t.Logf("%s: got\n%s\nwant\n%s", name, said, want)
		}
	}
	t.Logf("%d of %d mails come out exactly", len(owns)-differ, len(owns))
	if differ*100 > 3*len(owns) {
		t.Errorf("%d of %d mails differ", differ, len(owns))
	}
}

// mailContent reads a mail, which is HTML or plain text.
func mailContent(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(mailFolder, name+".html")
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join(mailFolder, name+".txt")
	}
	return readFile(t, path)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var foldLine = regexp.MustCompile(`(?m)^\[(quoted history: \d+ lines?|signature: \d+ lines?|disclaimer)\]$`)

// withoutFolds takes out the lines that stand for something folded. Each parts paragraphs.
func withoutFolds(said string) string { return Clean(foldLine.ReplaceAllString(said, "\n")) }

// lostWord gives the first of the wanted words that does not come in its turn, "" if all do.
func lostWord(want, said string) string {
	rest := strings.Fields(said)
	for word := range strings.FieldsSeq(want) {
		at := 0
		for at < len(rest) && rest[at] != word {
			at++
		}
		if at == len(rest) {
			return word
		}
		rest = rest[at+1:]
	}
	return ""
}

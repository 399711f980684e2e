package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// roles are what this test program does when it is started again as another process.
var roles = map[string]func(folder *Folder, argument string){}

func TestMain(m *testing.M) {
	if role := roles[os.Getenv("STATE_TEST_ROLE")]; role != nil {
		role(New(os.Getenv("STATE_TEST_FOLDER"), func(text string) { fmt.Println("notice", text) }), os.Getenv("STATE_TEST_ARGUMENT"))
		return
	}
	os.Exit(m.Run())
}

// process is another process in a role. Each line that it prints is kept.
type process struct {
	command *exec.Cmd
	mu      sync.Mutex
	printed []string
	first   chan struct{} // closed after the first line
	ended   chan struct{}
}

func command(role, folder, argument string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "STATE_TEST_ROLE="+role, "STATE_TEST_FOLDER="+folder, "STATE_TEST_ARGUMENT="+argument)
	command.Stderr = os.Stderr
	return command
}

func start(t testing.TB, command *exec.Cmd) *process {
	t.Helper()
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{command: command, first: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		for lines := bufio.NewScanner(output); lines.Scan(); {
			p.mu.Lock()
			if p.printed = append(p.printed, lines.Text()); len(p.printed) == 1 {
				close(p.first)
			}
			p.mu.Unlock()
		}
		_ = command.Wait()
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-p.ended
	})
	return p
}

// awaitFirst waits until the process has begun to do what its role is.
func (p *process) awaitFirst(t testing.TB) {
	t.Helper()
	select {
	case <-p.first:
	case <-p.ended:
		t.Fatalf("the process ended and said nothing (%s)", p.command.ProcessState)
	case <-time.After(30 * time.Second):
		t.Fatal("the process says nothing")
	}
}

// kill ends the process as kill -9 does and gives what it had printed.
func (p *process) kill() []string {
	_ = p.command.Process.Kill()
	<-p.ended
	return p.printed
}

// lines waits for the end of the process and gives what it printed.
func (p *process) lines(t testing.TB) []string {
	t.Helper()
	select {
	case <-p.ended:
		return p.printed
	case <-time.After(time.Minute):
		t.Fatal("the process does not end")
		return nil
	}
}

// words gives the second word of the lines that begin with the first.
func words(lines []string, first string) (found []string) {
	for _, text := range lines {
		if parts := strings.Fields(text); len(parts) > 1 && parts[0] == first {
			found = append(found, parts[1])
		}
	}
	return found
}

// clock is a wall clock that a test sets.
type clock struct {
	at   time.Time
	tick time.Duration // how far it goes on each time it is read
}

func (c *clock) now() time.Time              { c.pass(c.tick); return c.at }
func (c *clock) pass(duration time.Duration) { c.at = c.at.Add(duration) }
func at(text string) time.Time               { t, _ := time.Parse(time.DateTime, text); return t }
func (c *clock) folder(t testing.TB) *Folder { f := newFolder(t); f.now = c.now; return f }
func newClock() *clock                       { return &clock{at: at("2026-11-22 12:30:00")} }
func newFolder(t testing.TB) *Folder         { return New(filepath.Join(t.TempDir(), "state"), nil) }
func (f *Folder) at(name string) string      { return filepath.Join(f.path, name) }
func raw(format string, values ...any) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(format, values...))
}

// put makes a file of the folder.
func (f *Folder) put(t testing.TB, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.at(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (f *Folder) content(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(f.at(name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// records gives the good lines of the journal.
func (f *Folder) records(t testing.TB) (records []record) {
	t.Helper()
	for text := range bytes.SplitSeq(f.content(t, journalName), []byte("\n")) {
		if r, ok := recordIn(text); ok {
			records = append(records, r)
		}
	}
	return records
}

// begin begins what nothing is known of.
func begin(t testing.TB, j *Journal, key string) *Ticket {
	t.Helper()
	prior, ticket, err := j.Begin(key, raw(`{"about":%q}`, key), 10*time.Minute)
	if err != nil || prior != nil {
		t.Fatalf("Begin(%q) gave %+v, %v", key, prior, err)
	}
	return ticket
}

// prior begins what is known, and gives that.
func prior(t testing.TB, j *Journal, key string) *Entry {
	t.Helper()
	prior, ticket, err := j.Begin(key, raw(`{}`), 10*time.Minute)
	if err != nil || ticket != nil {
		t.Fatalf("Begin(%q) began again, %v", key, err)
	}
	return prior
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func contains(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; it should say %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}

package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// noRaceSleep keeps a program that is built with the race detector from sleeping a second when it ends.
const noRaceSleep = "GORACE=atexit_sleep_ms=0"

// process is the program as a host starts it.
type process struct {
	*exec.Cmd
	t       *testing.T
	in, out *os.File // the host's ends of its pipes
	said    bytes.Buffer
	ended   chan error
}

func startProcess(t *testing.T, settings ...string) *process {
	t.Helper()
	childIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(os.Args[0]), t: t, in: in, out: out, ended: make(chan error, 1)}
	p.Env = append([]string{asProgram + "=1", noRaceSleep, "WISECX_LOG_LEVEL=debug", "WISECX_STATE_DIR=" + t.TempDir()}, settings...)
	p.Stdin, p.Stdout, p.Stderr = childIn, childOut, &p.said
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	childIn.Close()
	childOut.Close()
	go func() { p.ended <- p.Wait() }()
	in.SetWriteDeadline(time.Now().Add(longWait))
	out.SetReadDeadline(time.Now().Add(longWait))
	t.Cleanup(func() { p.Process.Kill(); in.Close(); out.Close() })
	return p
}

func (p *process) send(lines ...string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// hear reads what is left on stdout: whole lines of the protocol and nothing else, by their ids.
func (p *process) hear() map[string]string {
	p.t.Helper()
	all, err := io.ReadAll(p.out)
	if err != nil {
		p.t.Fatalf("%v; so far: %.500s", err, all)
	}
	if len(all) > 0 && all[len(all)-1] != '\n' {
		p.t.Errorf("the last line is cut: %.200q", all[max(0, len(all)-200):])
	}
	heard := map[string]string{}
	for line := range strings.Lines(string(all)) {
		var message struct {
			JSONRPC string
			ID      json.RawMessage
		}
		if json.Unmarshal([]byte(line), &message) != nil || message.JSONRPC != "2.0" {
			p.t.Errorf("on stdout: %.300q", line)
		}
		heard[string(message.ID)] = line
	}
	return heard
}

// endsSoon waits for the process to end by itself, as a program does that has not crashed, and long before a call of
// 45 seconds would.
func (p *process) endsSoon(what string) error {
	p.t.Helper()
	started := time.Now()
	select {
	case err := <-p.ended:
		said := p.said.String()
		if !p.ProcessState.Exited() || strings.Contains(said, "goroutine ") || strings.Contains(said, "SIGPIPE") {
			p.t.Errorf("%s: %v, %s", what, err, said)
		}
		p.t.Logf("%s: it ended after %s with %v", what, time.Since(started).Round(time.Millisecond), err)
		return err
	case <-time.After(longWait / 2):
		p.t.Fatalf("%s: it still runs after %s", what, longWait/2)
		return nil
	}
}

// stalled is an API that answers nothing but the login, and counts who asks and who leaves.
func stalled(t *testing.T) (settings []string, asking, left *atomic.Int64) {
	asking, left = new(atomic.Int64), new(atomic.Int64)
	api := sandbox.New(sandbox.Options{Cases: 10})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/authenticate") {
			api.ServeHTTP(w, r)
			return
		}
		asking.Add(1)
		<-r.Context().Done()
		left.Add(1)
	}))
	t.Cleanup(service.Close)
	return []string{"WISECX_BASE_URL=" + service.URL, "WISECX_API_KEY=" + sandbox.Key, "WISECX_USER=" + sandbox.User}, asking, left
}

func searching(id string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"search_cases","arguments":{"limit":3}}}`, id)
}

func TestPipedCallsAreAllAnsweredAndNothingElseIsOnStdout(t *testing.T) {
	p := startProcess(t, "WISECX_SANDBOX=true")
	lines := []string{initialize(`{}`), "", "nonsense"}
	for i := range 31 {
		lines = append(lines, searching(fmt.Sprint(i)))
	}
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")); err != nil {
		t.Fatal(err)
	}
	p.in.Close()
	heard := p.hear()
	if err := p.endsSoon("the end of input"); err != nil {
		t.Error(err, p.said.String())
	}
	for i := range 31 {
		if answer := heard[fmt.Sprint(i)]; !strings.Contains(answer, "structuredContent") {
			t.Errorf("call %d is answered by %.300q", i, answer)
		}
	}
	if len(heard) != 33 { // and initialize's, and the errors, whose id is null
		t.Errorf("%d ids were answered", len(heard))
	}
}

func TestASignalEndsItWhateverItDoes(t *testing.T) {
	for _, sign := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		settings, asking, left := stalled(t)
		p := startProcess(t, settings...)
		p.send(initialize(`{}`))
		first := make([]byte, 1)
		if _, err := p.out.Read(first); err != nil {
			t.Fatal(err)
		}
		p.Process.Signal(sign)
		if err := p.endsSoon(sign.String() + " while it is idle"); err != nil {
			t.Error(err)
		}

		p = startProcess(t, settings...)
		for i := range 50 {
			p.send(searching(fmt.Sprint(i)))
		}
		if !eventually(func() bool { return asking.Load() > 0 }) {
			t.Fatal("nothing asks the API")
		}
		p.in.Close()
		p.Process.Signal(sign)
		if err := p.endsSoon(sign.String() + " while calls run"); err != nil {
			t.Error(err, p.said.String())
		}
		p.hear()
		if !eventually(func() bool { return left.Load() == asking.Load() }) {
			t.Error("requests go on")
		}

		p = startProcess(t)
		for range 10_000 {
			p.send(ping("1")) // what it answers to those it has read is more than a pipe holds
		}
		p.Process.Signal(sign)
		if err := p.endsSoon(sign.String() + " while nobody reads"); err != nil {
			t.Error(err)
		}
	}
}

func TestAClosedStdoutEndsIt(t *testing.T) {
	settings, asking, _ := stalled(t)
	t.Run("while it writes", func(t *testing.T) {
		p := startProcess(t, settings...)
		p.out.Close()
		p.in.WriteString(ping("1") + "\n")
		_ = p.endsSoon("a closed stdout")
	})
	t.Run("while a call runs and the input has ended", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("seen at the next write only")
		}
		p := startProcess(t, settings...)
		before := asking.Load()
		p.send(searching("1"))
		if !eventually(func() bool { return asking.Load() > before }) {
			t.Fatal("nothing asks the API")
		}
		p.in.Close()
		p.out.Close()
		if err := p.endsSoon("a closed stdout"); err == nil {
			t.Error("an answer is lost and nobody hears of it")
		}
	})
	t.Run("while it is idle", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("seen at the next write only")
		}
		p := startProcess(t, settings...)
		p.send(ping("1"))
		if _, err := p.out.Read(make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		p.out.Close()
		if err := p.endsSoon("a closed stdout"); err != nil {
			t.Error(err)
		}
	})
}

func TestAClosedStderrDoesNoHarm(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	program := exec.Command(os.Args[0])
	program.Env = []string{asProgram + "=1", "WISECX_SANDBOX=true", "WISECX_STATE_DIR=" + t.TempDir()}
	program.Stdin, program.Stderr = strings.NewReader(searching("1")+"\n"+searching("2")), writer
	out, err := program.Output()
	writer.Close()
	if err != nil || bytes.Count(out, []byte("structuredContent")) != 2 {
		t.Errorf("%v: %.500s", err, out)
	}
}

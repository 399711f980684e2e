package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestCallsRunInParallelAndPingIsAnsweredUnderAnyLoad(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	for i := range parallelCalls + waitingCalls {
		h.send(toolCall(fmt.Sprint(i), "wait", i))
	}
	h.wait("the calls", func() bool { running, _, _ := b.counts(); return running == parallelCalls })
	h.send(ping(`"p"`), toolCall(`"one too many"`, "wait", -1), `{"jsonrpc":"2.0","id":"x","method":"prompts/get"}`)
	h.answer(`"p"`)
	if answer := h.answer(`"one too many"`); !strings.Contains(answer, `"isError":true`) || !strings.Contains(answer, `\"kind\":\"limit\"`) {
		t.Errorf("beyond the room a call is answered by %s", answer)
	}
	if answer := h.answer(`"x"`); codeOf(answer) != -32603 {
		t.Errorf("beyond the room a request is answered by %s", answer)
	}
	close(b.release)
	h.finish()
	for i := range parallelCalls + waitingCalls {
		if answers := h.answers(fmt.Sprint(i)); len(answers) != 1 || !strings.Contains(answers[0], "released") {
			t.Fatalf("call %d is answered by %q", i, answers)
		}
	}
	if b.most != parallelCalls {
		t.Errorf("%d calls ran at once", b.most)
	}
}

func TestTheEndOfInputAnswersEveryCallThatWasRead(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	var lines []string
	for i := range 31 {
		lines = append(lines, toolCall(fmt.Sprint(i), []string{"wait", "echo"}[i%2], i))
	}
	h.write(strings.Join(lines, "\n")) // and no newline behind the last one
	h.in.Close()
	h.wait("those that answer at once", func() bool { return len(h.said()) == 15 })
	h.wait("those that do not", func() bool { running, _, _ := b.counts(); return running == 16 })
	close(b.release)
	h.finish()
	for i := range 31 {
		if answers := h.answers(fmt.Sprint(i)); len(answers) != 1 || codeOf(answers[0]) != 0 || strings.Contains(answers[0], "isError\":true") {
			t.Errorf("call %d is answered by %q", i, answers)
		}
	}
}

func TestACancellationReachesItsCallWaitingOrRunning(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	for i := range parallelCalls {
		h.send(toolCall(fmt.Sprint(i), "wait", i))
	}
	h.wait("the calls", func() bool { running, _, _ := b.counts(); return running == parallelCalls })
	h.send(toolCall(`"waiting"`, "wait", "waiting"), toolCall(`"32"`, "wait", "a text"), toolCall(`32`, "wait", "a number"))
	h.send(cancelling(`"waiting"`), cancelling(`32.0`), cancelling(`7`), cancelling(`"8"`), cancelling(`null`), cancelling(`4711`),
		`{"jsonrpc":"2.0","method":"notifications/cancelled"}`, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}`, ping("-1"))
	h.answer("-1")
	h.wait("the end of the one that ran", func() bool { _, _, stopped := b.counts(); return stopped == 1 })
	close(b.release)
	h.finish()
	for id, want := range map[string]int{`7`: 0, `"waiting"`: 0, `32`: 0, `8`: 1, `"32"`: 1} {
		if got := h.answers(id); len(got) != want {
			t.Errorf("%s is answered by %q", id, got)
		}
	}
	for _, n := range []string{"waiting", "a number"} {
		if _, begun := b.begun[n]; begun {
			t.Errorf("%q was cancelled while it waited, and began", n)
		}
	}
}

func TestAThousandCallsCancelledAtRandomMomentsEndWithinATenthOfASecond(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	cancelled := map[string]time.Time{}
	var open []int
	cancelOne := func() {
		at := rand.IntN(len(open))
		id := fmt.Sprint(open[at])
		open = slices.Delete(open, at, at+1)
		cancelled[id] = time.Now()
		h.send(cancelling(id))
	}
	for i := range 1000 {
		h.send(toolCall(fmt.Sprint(i), "wait", i))
		open = append(open, i)
		for rand.IntN(3) == 0 && len(open) > 0 {
			cancelOne()
		}
	}
	for len(open) > 0 {
		cancelOne()
	}
	last := time.Now()
	h.wait("the end of all calls", func() bool { running, _, _ := b.counts(); return running == 0 })
	h.send(ping(`"after"`))
	h.answer(`"after"`)
	var worst time.Duration
	for n, at := range b.stopped {
		worst = max(worst, at.Sub(cancelled[n]))
	}
	_, begun, stopped := b.counts()
	t.Logf("%d of 1000 had begun; the slowest ended %s after its cancellation, all of them %s after the last one", begun, worst, time.Since(last))
	if begun != stopped || len(h.said()) != 1 {
		t.Errorf("%d began, %d stopped, %d lines were written", begun, stopped, len(h.said()))
	}
	h.finish()
}

func TestTheEndDoesNotWaitForACancelledCallThatGoesOn(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	h.send(toolCall("1", "stubborn", 1), toolCall("2", "echo", 2))
	h.wait("the call", func() bool { _, begun, _ := b.counts(); return begun == 1 })
	h.send(cancelling("1"))
	started := time.Now()
	h.finish()
	if took := time.Since(started); took > longWait/2 || len(h.answers("1")) != 0 || len(h.answers("2")) != 1 {
		t.Errorf("it took %s and says %q", took, h.said())
	}
	close(b.release)
}

func TestTheResultOfACancelledCallIsLeftOut(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	h.send(toolCall("1", "stubborn", 1))
	h.wait("the call", func() bool { _, begun, _ := b.counts(); return begun == 1 })
	h.send(cancelling("1"), ping("2"))
	h.answer("2")
	close(b.release)
	h.finish()
	if len(h.answers("1")) != 0 {
		t.Errorf("a cancelled call is answered by %q", h.answers("1"))
	}
}

func TestACallThatIgnoresItsContextDoesNotHoldTheExit(t *testing.T) {
	b := newBench()
	defer close(b.release)
	for what, end := range map[string]func(*host){
		"a signal":                    func(h *host) { h.stop() },
		"a signal after the input":    func(h *host) { h.in.Close(); h.stop() },
		"no end for a very long time": func(h *host) { h.in.Close() },
	} {
		h := startHost(t, b.MCPServer, func(c *conversation) {
			if strings.HasPrefix(what, "no end") {
				c.patience = 100 * time.Millisecond
			}
		})
		h.send(toolCall("1", "stubborn", what))
		h.wait("the call", func() bool { b.mu.Lock(); defer b.mu.Unlock(); _, begun := b.begun[what]; return begun })
		started := time.Now()
		end(h)
		h.wait("the end by "+what, h.hasEnded)
		if h.err == nil {
			t.Errorf("%s: no error after %s", what, time.Since(started))
		}
	}
}

func TestLinesOfAnswersNeverMix(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	for i := range 100 {
		h.send(toolCall(fmt.Sprint(i), "large", i%10), ping(fmt.Sprint(1000+i)))
	}
	h.finish()                                                         // the host checks each line
	h.wait("all answers", func() bool { return len(h.said()) == 200 }) // its reader may lag behind
}

func TestAHostThatDoesNotReadStillCancelsAndEnds(t *testing.T) {
	b := newBench()
	inReader, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	outReader, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []*os.File{inReader, in, outReader, out} {
		defer file.Close()
	}
	in.SetWriteDeadline(time.Now().Add(longWait))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- converse(ctx, b.MCPServer, slog.New(slog.DiscardHandler), inReader, out) }()
	lines := []string{toolCall("1", "wait", 1)}
	for i := range 5000 {
		lines = append(lines, ping(fmt.Sprint(i)), toolCall(fmt.Sprint(i), "large", i))
	}
	if _, err := fmt.Fprintln(in, strings.Join(append(lines, cancelling("1")), "\n")); err != nil {
		t.Fatal(err)
	}
	if !eventually(func() bool { _, _, stopped := b.counts(); return stopped == 1 }) {
		t.Error("the cancellation does not arrive")
	}
	stop()
	select {
	case <-ended:
	case <-time.After(longWait):
		t.Error("it does not end")
	}
}

func TestNothingIsLeftRunningAfterTheEndOfInput(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		b := newBench()
		h := startHost(t, b.MCPServer)
		for i := range 200 {
			h.send(toolCall(fmt.Sprint(i), []string{"wait", "echo"}[i%2], i))
			if i%3 == 0 {
				h.send(cancelling(fmt.Sprint(i)))
			}
		}
		close(b.release)
		h.finish()
	}
	if !eventually(func() bool { return runtime.NumGoroutine() <= before }) {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines became %d:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
	}
}

func TestWhatALibraryPrintsDoesNotReachStdout(t *testing.T) {
	stdout, stderr := os.Stdout, os.Stderr
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	os.Stderr = null
	undo := guardStdout()
	fmt.Print("")
	if os.Stdout != null {
		t.Error("stdout stays open to all")
	}
	undo()
	os.Stderr = stderr
	if os.Stdout != stdout {
		t.Error("stdout does not come back")
	}
}

func TestACancelledCallsRequestToTheAPIEnds(t *testing.T) {
	var asking, left atomic.Int64
	api := sandbox.New(sandbox.Options{Cases: 10})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/cases") {
			asking.Add(1)
			select {
			case <-r.Context().Done():
				left.Add(1)
				return
			case <-time.After(20 * time.Second):
			}
		}
		api.ServeHTTP(w, r)
	}))
	defer service.Close()
	s, _, err := loadSettings(nil, environment("WISECX_BASE_URL", service.URL, "WISECX_API_KEY", sandbox.Key, "WISECX_USER", sandbox.User, "WISECX_STATE_DIR", t.TempDir()), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := assemble(s, io.Discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	h := startHost(t, p.server)
	for i := range 10 {
		h.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"search_cases","arguments":{"text":"a%d"}}}`, i, i))
	}
	h.wait("the requests", func() bool { return asking.Load() == 10 })
	for i := range 9 {
		h.send(cancelling(fmt.Sprint(i)))
	}
	h.wait("the end of nine requests", func() bool { return left.Load() == 9 })
	h.stop()
	h.wait("the end of the tenth", func() bool { return left.Load() == 10 })
	if len(h.answers("0")) != 0 {
		t.Errorf("a cancelled call is answered by %q", h.answers("0"))
	}
}

// stated gives an answer's result as a map.
func stated(t *testing.T, answer string) map[string]any {
	t.Helper()
	var message struct{ Result map[string]any }
	if err := json.Unmarshal([]byte(answer), &message); err != nil {
		t.Fatal(err)
	}
	return message.Result
}

func TestCallsThatWaitHoldNoMoreThanTheirRoomInMemory(t *testing.T) {
	begun, release := make(chan struct{}, 10), make(chan struct{})
	f := newInflight(1, 100, func(*request) { begun <- struct{}{}; <-release })
	taken := func(size int) bool {
		return f.take(&request{message: &message{line: make([]byte, size), key: "number 1"}, stop: func() {}})
	}
	if !taken(3*maxLine) || !taken(maxLine) || taken(1) {
		t.Error("the room is another one")
	}
	f.cancel("number 1")
	<-begun
	if !taken(maxLine) || taken(1) {
		t.Error("one that waited gives its room back when it is cancelled, one that runs does not")
	}
	close(release)
	f.close()
	<-f.settled
	f.stopped(longWait)
	if f.bytes != 0 || f.running != 0 || len(f.byID) != 0 || f.owed != 0 {
		t.Errorf("left: %d bytes, %d running, %d ids, %d owed", f.bytes, f.running, len(f.byID), f.owed)
	}
}

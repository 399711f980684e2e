package app

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestLinesThatAreNoRequestGetTheProtocolsErrorAndTheLoopGoesOn(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	for i, c := range []struct {
		line string
		code int
		id   string
	}{
		{"", -32700, "null"},
		{"\r", -32700, "null"},
		{" \t ", -32700, "null"},
		{"hello", -32700, "null"},
		{"{", -32700, "null"},
		{`{"jsonrpc":"2.0","id":1,"method":"ping"`, -32700, "null"},
		{ping("1") + ping("2"), -32700, "null"},
		{"\x00", -32700, "null"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\x00ng\"}", -32700, "null"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":\"\xff\"}", -32700, "1"},
		{"{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"ping\"}", -32700, `"` + "\ufffd" + `"`},
		{"\xff\xfe{\x00}\x00", -32700, "null"},
		{strings.Repeat("[", 20_000), -32700, "null"},
		{"[" + ping("1") + "," + ping("2") + "]", -32600, "null"},
		{"[]", -32600, "null"},
		{"7", -32600, "null"},
		{"null", -32600, "null"},
		{"{}", -32600, "null"},
		{`{"jsonrpc":"1.0","id":5,"method":"ping"}`, -32600, "5"},
		{`{"jsonrpc":2.0,"id":5,"method":"ping"}`, -32600, "5"},
		{`{"id":5,"method":"ping"}`, -32600, "5"},
		{`{"jsonrpc":"2.0","id":5}`, -32600, "5"},
		{`{"jsonrpc":"2.0","id":5,"method":7}`, -32600, "5"},
		{`{"jsonrpc":"2.0","id":5,"method":"ping","result":{}}`, -32600, "5"},
		{`{"jsonrpc":"2.0","id":null,"method":"ping"}`, -32600, "null"},
		{`{"jsonrpc":"2.0","id":true,"method":"ping"}`, -32600, "null"},
		{`{"jsonrpc":"2.0","id":{},"method":"ping"}`, -32600, "null"},
		{`{"jsonrpc":"2.0","id":1e999,"method":"ping"}`, -32600, "null"},
		{`{"jsonrpc":"2.0","id":5,"method":"nothing/known"}`, -32601, "5"},
		{`{"jsonrpc":"2.0","id":5,"method":"tools/call","params":[]}`, -32600, "5"},
		{`{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"nobody"}}`, -32602, "5"},
		{toolCall("5", "panic", 1), -32603, "5"},
	} {
		before := len(h.said())
		h.send(c.line)
		h.wait(fmt.Sprintf("an answer to %.60q", c.line), func() bool { return len(h.said()) > before })
		mark := fmt.Sprintf(`"after %d"`, i)
		h.send(ping(mark))
		h.answer(mark)
		answers := h.said()[before : len(h.said())-1]
		if len(answers) != 1 || codeOf(answers[0]) != c.code || !strings.Contains(answers[0], `"id":`+c.id) || strings.Contains(answers[0], "secret") {
			t.Errorf("%.60q is answered by %q", c.line, answers)
		}
	}
	h.finish()
}

func TestNotificationsAndResponsesAreNeverAnswered(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	h.send(
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`, `{"jsonrpc":"2.0","method":"unheard/of"}`,
		`{"jsonrpc":"2.0","method":"tools/call","params":{"name":"panic"}}`, `{"jsonrpc":"2.0","method":"ping"}`,
		`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"m"}}`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}`, "{\"id\":1,\"result\":\"\xff\"}", ping("2"))
	h.finish()
	if said := h.said(); len(said) != 1 || len(h.answers("2")) != 1 {
		t.Errorf("they are answered: %q", said)
	}
}

func TestOddLinesThatAreRequestsAreAnsweredWithTheirIdAsItCame(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	ids := []string{`0`, `-1`, `1`, `"1"`, `1.5`, `1e3`, `9007199254740993`, `123456789012345678901234567890`, `""`, `"ñ \" 漢"`}
	for _, id := range ids {
		h.send(ping(id))
		h.send(toolCall(id, "echo", id))
	}
	h.write("\ufeff" + ping(`"bom"`) + "\r\n")
	h.write("  " + ping(`"crlf"`) + " \r\n")
	h.write(`{"method":"ping","params":{"x":["\u0000","\ud800"]},"id":"escapes","jsonrpc":"2.0","more":1}` + "\n")
	h.write(ping(`"last"`))
	h.finish()
	for _, id := range ids {
		if got := h.answers(id); len(got) != 2 {
			t.Errorf("%s is answered by %q", id, got)
		}
	}
	for _, id := range []string{`"bom"`, `"crlf"`, `"escapes"`, `"last"`} {
		if got := h.answers(id); len(got) != 1 || codeOf(got[0]) != 0 {
			t.Errorf("%s is answered by %q", id, got)
		}
	}
}

func TestIdsThatAreInUseTwiceAreAnsweredTwiceAndCancelledTogether(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	h.send(toolCall("1", "echo", "a"), toolCall("1", "wait", "b"), toolCall("2", "wait", "c"), toolCall("2", "wait", "d"), toolCall("1", "echo", "e"))
	h.wait("the calls", func() bool { running, _, _ := b.counts(); return running == 3 })
	h.send(cancelling("2"))
	h.wait("their end", func() bool { _, _, stopped := b.counts(); return stopped == 2 })
	close(b.release)
	h.finish()
	if len(h.answers("1")) != 3 || len(h.answers("2")) != 0 {
		t.Errorf("%q", h.said())
	}
}

// pattern is an endless line's worth of bytes without holding them.
type pattern struct{ left int }

func (p *pattern) Read(into []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	n := min(len(into), p.left)
	for i := range into[:n] {
		into[i] = 'x'
	}
	p.left -= n
	return n, nil
}

func TestALineThatIsTooLongIsNotHeld(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	var most atomic.Uint64
	watching, stop := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for watching.Err() == nil {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := io.Copy(h.in, &pattern{20 << 20}); err != nil {
		t.Fatal(err)
	}
	h.wait("the error, before the line has ended", func() bool { return len(h.said()) == 1 })
	if _, err := io.Copy(h.in, &pattern{60 << 20}); err != nil {
		t.Fatal(err)
	}
	h.write("\n")
	whole := toolCall(`"at the limit"`, "echo", "")
	whole = strings.Replace(whole, `"n":""`, `"n":"`+strings.Repeat("x", maxLine-len(whole))+`"`, 1)
	h.send(whole, strings.Replace(whole, "at the limit", "at the limit!", 1), ping(`"after"`))
	h.answer(`"at the limit"`)
	h.answer(`"after"`)
	if answer := h.answer(`"at the limit!"`); codeOf(answer) != -32600 {
		t.Errorf("a line that is too long by a byte is answered by %s", answer)
	}
	if answers := h.answers("null"); len(answers) != 1 || codeOf(answers[0]) != -32600 {
		t.Errorf("the line that is too long is answered by %q", answers)
	}
	stop()
	<-watched
	t.Logf("at most %d MB on the heap", most.Load()>>20)
	if most.Load() > 200<<20 { // what the one of 8 MB takes on its way through mcp-go and this test
		t.Errorf("%d MB were on the heap", most.Load()>>20)
	}
	h.write(strings.Repeat("x", maxLine+1)) // and the input ends within it
	h.finish()
	if answers := h.answers("null"); len(answers) != 2 {
		t.Errorf("a last line that is too long is answered by %d errors", len(answers)-1)
	}
}

func TestACallThatIsTooLongIsAnsweredByItsId(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	long := strings.Repeat("x", maxLine)
	h.send(
		`{"jsonrpc":"2.0","id":71,"method":"tools/call","params":{"name":"echo","arguments":{"n":"`+long+`"}}}`,
		`{"method":"tools/call","params":{"name":"echo","arguments":{"n":"`+long+`"}},"jsonrpc":"2.0","id":72}`,
		`{"method":"tools/call","params":{"name":"echo","arguments":{"id":7,"n":"`+long+`"},"_meta":{"progressToken":3}},"jsonrpc":"2.0","id":"a \"b\""}`,
		ping(`"after"`),
	)
	for _, id := range []string{"71", "72", `"a \"b\""`} {
		if answer := h.answer(id); codeOf(answer) != -32600 || !strings.Contains(string(answer), "nothing was done") {
			t.Errorf("call %s is answered by %s", id, answer)
		}
	}
	h.answer(`"after"`)
	h.write(`{"method":"tools/call","params":{"n":"` + long + long) // and the input ends within it
	h.finish()
	if answers := h.answers("null"); len(answers) != 1 {
		t.Errorf("a call that never ends is answered %d times", len(answers))
	}
}

package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// host is the other side of a conversation.
type host struct {
	t     *testing.T
	in    *os.File
	stop  context.CancelFunc
	ended chan struct{} // closed when the conversation has
	err   error         // its result

	mu    sync.Mutex
	lines []string
	byID  map[string][]string // the answers among them
}

// startHost has a server speak with a host in this process.
func startHost(t *testing.T, s *server.MCPServer, adjust ...func(*conversation)) *host {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	inReader, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, outWriter := io.Pipe()
	h := &host{t: t, in: in, stop: stop, ended: make(chan struct{}), byID: map[string][]string{}}
	c := &conversation{server: s, log: slog.New(slog.DiscardHandler), patience: patience}
	for _, a := range adjust {
		a(c)
	}
	read := make(chan struct{})
	go func() { h.listen(out); close(read) }()
	go func() {
		h.err = c.run(ctx, inReader, outWriter)
		inReader.Close()
		outWriter.Close()
		<-read
		close(h.ended)
	}()
	t.Cleanup(func() { stop(); in.Close(); h.wait("the end", h.hasEnded) })
	return h
}

// listen notes every line, and that it is a message of the protocol.
func (h *host) listen(out io.Reader) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var message struct {
				JSONRPC, Method string
				ID              json.RawMessage
			}
			if json.Unmarshal([]byte(line), &message) != nil || message.JSONRPC != "2.0" || !strings.HasSuffix(line, "\n") {
				h.t.Errorf("not a message: %.300q", line)
			}
			h.mu.Lock()
			h.lines = append(h.lines, strings.TrimSuffix(line, "\n"))
			if id := string(message.ID); message.Method == "" {
				h.byID[id] = append(h.byID[id], h.lines[len(h.lines)-1])
			}
			h.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// send writes lines, each with its end.
func (h *host) send(lines ...string) {
	h.t.Helper()
	h.write(strings.Join(lines, "\n") + "\n")
}

func (h *host) write(text string) {
	h.t.Helper()
	h.in.SetWriteDeadline(time.Now().Add(longWait))
	if _, err := io.WriteString(h.in, text); err != nil {
		h.t.Fatalf("writing %.100q: %v", text, err)
	}
}

// said is what was answered so far.
func (h *host) said() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.lines...)
}

// answers gives the answers with this id, as it is written.
func (h *host) answers(id string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.byID[id]...)
}

// answer waits for the answer with this id.
func (h *host) answer(id string) string {
	h.t.Helper()
	h.wait("the answer "+id, func() bool { return len(h.answers(id)) > 0 })
	return h.answers(id)[0]
}

// finish ends the input and waits for the end of the conversation.
func (h *host) finish() {
	h.t.Helper()
	h.in.Close()
	h.wait("the end", h.hasEnded)
	if h.err != nil {
		h.t.Errorf("the conversation ends with %v", h.err)
	}
}

func (h *host) hasEnded() bool {
	select {
	case <-h.ended:
		return true
	default:
		return false
	}
}

func (h *host) wait(what string, done func() bool) {
	h.t.Helper()
	if !eventually(done) {
		said := strings.Join(h.said(), "\n")
		h.t.Fatalf("%s does not come within %s; so far:\n%.2000s", what, longWait, said)
	}
}

// longWait is how long a test waits for what does not come: long, since machines are busy at times.
const longWait = time.Minute

// eventually polls until something holds.
func eventually(done func() bool) bool {
	for end := time.Now().Add(longWait); ; time.Sleep(time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return done()
		}
	}
}

// bench is a server whose tools do as a test says.
type bench struct {
	*server.MCPServer
	release chan struct{} // closed: wait and stubborn answer

	mu      sync.Mutex
	begun   map[string]time.Time // of the tools that wait, by their argument n
	stopped map[string]time.Time // when their contexts ended
	running int
	most    int // that ran at once
}

func newBench() *bench {
	b := &bench{
		MCPServer: server.NewMCPServer("bench", "1", server.WithToolCapabilities(true)),
		release:   make(chan struct{}), begun: map[string]time.Time{}, stopped: map[string]time.Time{},
	}
	add := func(name string, handler server.ToolHandlerFunc) {
		b.AddTool(mcp.NewToolWithRawSchema(name, name, json.RawMessage(`{"type":"object"}`)), handler)
	}
	add("echo", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText(string(r.Params.RawArguments)), nil
	})
	add("wait", func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		n := fmt.Sprint(r.GetArguments()["n"])
		b.begin(n)
		defer b.end()
		select {
		case <-ctx.Done():
			b.mu.Lock()
			b.stopped[n] = time.Now()
			b.mu.Unlock()
			return mcp.NewToolResultError("cancelled"), nil
		case <-b.release:
			return mcp.NewToolResultText("released"), nil
		}
	})
	add("stubborn", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		b.begin(fmt.Sprint(r.GetArguments()["n"]))
		defer b.end()
		<-b.release
		return mcp.NewToolResultText("late"), nil
	})
	add("panic", func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { panic("secret") })
	add("large", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText(strings.Repeat(fmt.Sprint(r.GetArguments()["n"]), 100_000)), nil
	})
	add("progress", func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for i := range 20 {
			if err := b.SendNotificationToClient(ctx, "notifications/progress", map[string]any{"progressToken": r.Params.Meta.ProgressToken, "progress": i}); err != nil {
				return nil, err
			}
		}
		return mcp.NewToolResultText("done"), nil
	})
	add("ask", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if answer := server.ElicitationResponse(r.Params.InputResponses, "sure"); answer != nil {
			return mcp.NewToolResultText("the person says " + string(answer.Action)), nil
		}
		return server.NewInputRequestBuilder("").Elicit("sure", mcp.ElicitationParams{
			Message: "Sure?", RequestedSchema: map[string]any{"type": "object", "properties": map[string]any{}},
		}).ToolResult(), nil
	})
	return b
}

func (b *bench) begin(n string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun[n] = time.Now()
	b.running++
	b.most = max(b.most, b.running)
}

func (b *bench) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
}

// counts gives how many calls run, how many have begun, and how many saw their context end.
func (b *bench) counts() (running, begun, stopped int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running, len(b.begun), len(b.stopped)
}

// toolCall writes a call; n goes into its arguments.
func toolCall(id, tool string, n any) string {
	arguments, _ := json.Marshal(map[string]any{"n": n})
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, id, tool, arguments)
}

func cancelling(id string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s}}`, id)
}

func ping(id string) string { return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"ping"}`, id) }

// codeOf gives the code of an answer that is an error, 0 of another.
func codeOf(answer string) int {
	var message struct{ Error struct{ Code int } }
	_ = json.NewDecoder(bytes.NewReader([]byte(answer))).Decode(&message)
	return message.Error.Code
}

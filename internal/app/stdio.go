package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"wisecx-mcp/tools"
)

// patience is how long, at the end of the input, no call may end before the rest is given up. Every call
// bounds itself in time; one that has not ended by then never will.
const patience = 10 * time.Minute

// A signal or a closed stdout ends the program within two seconds: calls have the first of them to stop,
// and what they answered a half to be written.
const (
	stopTime  = time.Second
	flushTime = 500 * time.Millisecond
)

// conversation speaks the protocol with one host, a message a line.
//
// It takes the place of mcp-go's StdioServer, which loses cancellations of calls that have not begun and calls
// that are read when the input ends, blocks ping when its queue is full, has no limit on a line and changes ids
// beyond 2^53. Around it, a reader and a writer would have to guess all of that from bytes; here each is a few lines.
type conversation struct {
	server   *server.MCPServer
	log      *slog.Logger
	session  *session
	inflight *inflight
	outbox   *outbox
	patience time.Duration
}

// converse speaks with a host until its input has ended and all is answered, its output is closed, or the
// context is done.
func converse(ctx context.Context, s *server.MCPServer, log *slog.Logger, in io.Reader, out io.Writer) error {
	c := &conversation{server: s, log: log, patience: patience}
	return c.run(ctx, in, out)
}

func (c *conversation) run(ctx context.Context, in io.Reader, out io.Writer) error {
	gone, stopWatching := readerGone(out)
	defer stopWatching()
	c.outbox = newOutbox(out)
	c.session = newSession(func(line []byte) { c.outbox.put(line, roomForCalls) })
	c.inflight = newInflight(parallelCalls, waitingCalls, c.answer)
	if err := c.server.RegisterSession(ctx, c.session); err != nil {
		return err
	}
	defer c.server.UnregisterSession(ctx, c.session.SessionID())
	ctx, stopCalls := context.WithCancel(c.server.WithContext(ctx, c.session))
	defer stopCalls()
	go c.session.tell()

	inputEnded := make(chan error, 1)
	go func() { inputEnded <- c.read(ctx, in) }()
	var err error
	select {
	case err = <-inputEnded:
		err = errors.Join(err, c.drain(ctx, gone))
	case <-ctx.Done():
		err = ctx.Err()
	case <-c.outbox.written:
		err = c.outbox.failure()
	case <-gone:
		err = c.unheard()
	}

	stopCalls()
	c.inflight.close()
	c.inflight.drop()
	c.inflight.stopped(stopTime)
	close(c.session.over)
	c.outbox.close()
	select {
	case <-c.outbox.written:
	case <-time.After(flushTime):
	}
	return err
}

// read takes messages until the input ends. It never waits for a call.
func (c *conversation) read(ctx context.Context, in io.Reader) error {
	defer c.session.inputEnded()
	lines := newLines(in, maxLine)
	for ctx.Err() == nil {
		line, err := lines.next()
		var long *tooLong
		switch {
		case err == nil:
			c.take(ctx, line)
		case errors.As(err, &long):
			c.put(protocolError(long.id, mcp.INVALID_REQUEST, "Invalid request: a message may have 8 MB at most; nothing was done, send less text"))
		case errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
	}
	return nil
}

// take does with a line what is to be done: answers at once what needs no API, and enters the rest.
func (c *conversation) take(ctx context.Context, line []byte) {
	m, fault := parse(line)
	switch {
	case fault != nil:
		c.put(fault)
	case m.isResponse():
		c.session.answered(m)
	case m.id != nil:
		c.request(ctx, m)
	case m.method == string(mcp.MethodNotificationCancelled):
		var which struct {
			Params struct{ RequestID json.RawMessage }
		}
		if json.Unmarshal(m.line, &which) == nil && which.Params.RequestID != nil {
			c.inflight.cancel(keyOf(which.Params.RequestID))
		}
	default:
		c.handle(ctx, m)
	}
}

func (c *conversation) request(ctx context.Context, m *message) {
	switch m.method {
	case string(mcp.MethodInitialize), string(mcp.MethodPing), string(mcp.MethodServerDiscover), string(mcp.MethodSetLogLevel),
		string(mcp.MethodToolsList), string(mcp.MethodPromptsList), string(mcp.MethodResourcesList), string(mcp.MethodResourcesTemplatesList):
		// These need no API, and what comes behind initialize may rely on it.
		c.outbox.put(m.encode(c.handle(ctx, m)), roomForAll)
		return
	}
	r := &request{message: m, stream: m.method == string(mcp.MethodSubscriptionsListen)}
	r.ctx, r.stop = context.WithCancel(ctx)
	if !c.inflight.take(r) {
		c.outbox.put(m.encode(busy(m)), roomForAll)
	}
}

// busy refuses a request for which there is no room. What a model should read is a result, as with the
// tools' own failures.
func busy(m *message) mcp.JSONRPCMessage {
	why := tools.Failure{Error: "too many calls are waiting; call again when some of them are answered", Kind: "limit", RetryAfter: 1}
	if m.method != string(mcp.MethodToolsCall) {
		return *protocolError(m.id, mcp.INTERNAL_ERROR, why.Error)
	}
	text, _ := json.Marshal(why)
	result := mcp.NewToolResultError(string(text))
	result.ResultType = mcp.ResultTypeComplete // the era of 2026-07-28 demands it, others pass over it
	return mcp.JSONRPCResponse{JSONRPC: mcp.JSONRPC_VERSION, Result: result}
}

// answer handles a request and writes its answer, unless it has been cancelled.
func (c *conversation) answer(r *request) {
	if !c.inflight.wanted(r) {
		return
	}
	answer := c.handle(r.ctx, r.message)
	c.session.catchUp()
	if c.inflight.wanted(r) {
		c.outbox.put(r.encode(answer), roomForCalls)
	}
}

// handle has mcp-go answer. A panic is a fault of ours that ends no other call.
func (c *conversation) handle(ctx context.Context, m *message) (answer mcp.JSONRPCMessage) {
	defer func() {
		if cause := recover(); cause != nil {
			c.log.Error("panic", "method", m.method, "cause", cause, "stack", string(debug.Stack()))
			answer = *protocolError(m.id, mcp.INTERNAL_ERROR, "Internal error: a fault in wisecx-mcp itself")
		}
	}()
	return c.server.HandleMessage(ctx, m.line)
}

func (c *conversation) put(fault *mcp.JSONRPCError) {
	if line, err := json.Marshal(fault); err == nil {
		c.outbox.put(line, roomForAll)
	}
}

// drain lets everything that was read be answered.
func (c *conversation) drain(ctx context.Context, gone <-chan struct{}) error {
	c.inflight.close()
	for {
		left := c.patience - c.inflight.quiet()
		if left <= 0 {
			return errors.New("calls have not ended long after the input has")
		}
		select {
		case <-c.inflight.settled:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-c.outbox.written:
			return c.outbox.failure()
		case <-gone:
			return c.unheard()
		case <-time.After(left):
		}
	}
}

// unheard is the fault when the host has gone: none, if it has all its answers.
func (c *conversation) unheard() error {
	if c.inflight.owing() {
		return errors.New("the host has closed stdout before all calls were answered")
	}
	return nil
}

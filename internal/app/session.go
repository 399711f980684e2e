package app

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"wisecx-mcp/tools"
)

// errInputEnded is a question to a host that will say nothing any more.
var errInputEnded = errors.New("the host has ended its input and cannot answer")

// session is the host as mcp-go knows it: who it is, what it can do, and the way to ask and tell it things.
type session struct {
	put           func(line []byte)
	notifications chan mcp.JSONRPCNotification
	over          chan struct{} // closed when nothing is told any more

	initialized  atomic.Bool
	version      atomic.Pointer[string]
	info         atomic.Pointer[mcp.Implementation]
	capabilities atomic.Pointer[mcp.ClientCapabilities]

	mu        sync.Mutex
	deaf      bool // the host will not answer
	asked     int64
	questions map[string]chan *message // by the key of the id that we gave
}

var (
	_ server.SessionWithClientInfo      = (*session)(nil)
	_ server.SessionWithElicitation     = (*session)(nil)
	_ server.SessionWithProtocolVersion = (*session)(nil)
)

func newSession(put func([]byte)) *session {
	return &session{
		put:           put,
		notifications: make(chan mcp.JSONRPCNotification, 100), // mcp-go drops what does not fit
		over:          make(chan struct{}),
		questions:     map[string]chan *message{},
	}
}

func (s *session) SessionID() string                                   { return "stdio" }
func (s *session) Initialize()                                         { s.initialized.Store(true) }
func (s *session) Initialized() bool                                   { return s.initialized.Load() }
func (s *session) NotificationChannel() chan<- mcp.JSONRPCNotification { return s.notifications }

func (s *session) SetProtocolVersion(version string)              { s.version.Store(&version) }
func (s *session) SetClientInfo(info mcp.Implementation)          { s.info.Store(&info) }
func (s *session) SetClientCapabilities(c mcp.ClientCapabilities) { s.capabilities.Store(&c) }

// ProtocolVersion is what initialize agreed on. In the era of 2026-07-28 each request says its own.
func (s *session) ProtocolVersion() string                       { return loaded(&s.version) }
func (s *session) GetClientInfo() mcp.Implementation             { return loaded(&s.info) }
func (s *session) GetClientCapabilities() mcp.ClientCapabilities { return loaded(&s.capabilities) }

func loaded[T any](p *atomic.Pointer[T]) (value T) {
	if v := p.Load(); v != nil {
		value = *v
	}
	return value
}

// tell writes notifications until the session is over.
func (s *session) tell() {
	for {
		select {
		case n := <-s.notifications:
			if told, ok := n.Params.AdditionalFields[toldSoFar].(chan struct{}); ok {
				close(told)
			} else if line, err := json.Marshal(n); err == nil {
				s.put(line)
			}
		case <-s.over:
			return
		}
	}
}

// toldSoFar marks a notification that is none: whoever sent it wants to know when those before it are written.
const toldSoFar = "wisecx told so far"

// catchUp waits until all notifications so far are written, so that no result overtakes its own progress.
func (s *session) catchUp() {
	told := make(chan struct{})
	mark := mcp.JSONRPCNotification{}
	mark.Params.AdditionalFields = map[string]any{toldSoFar: told}
	select {
	case s.notifications <- mark:
	case <-s.over:
		return
	}
	select {
	case <-told:
	case <-s.over:
	}
}

// RequestElicitation asks the person, in the era before 2026-07-28; since then mcp-go returns the question
// as a result and the host calls again.
func (s *session) RequestElicitation(ctx context.Context, request mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	if s.GetClientCapabilities().Elicitation == nil {
		return nil, server.ErrElicitationNotSupported
	}
	answer, err := s.ask(ctx, request.Method, request.Params)
	var refused *refusedError
	if err != nil && !errors.As(err, &refused) {
		return nil, err
	}
	var result mcp.ElicitationResult
	if refused != nil || json.Unmarshal(answer, &result) != nil {
		result.Action = tools.NotAsked // said to be possible, and it is not: the call goes on as for a host that cannot ask
	}
	return &result, nil
}

// refusedError is a host's refusal to do what it was asked.
type refusedError struct{ method, message string }

func (e *refusedError) Error() string { return "the host refused " + e.method + ": " + e.message }

// ask sends the host a request and waits for its result.
func (s *session) ask(ctx context.Context, method string, params any) (json.RawMessage, error) {
	id, answered, err := s.question()
	if err != nil {
		return nil, err
	}
	key := keyOf(id)
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.questions, key)
	}()
	line, err := json.Marshal(map[string]any{"jsonrpc": mcp.JSONRPC_VERSION, "id": id, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	s.put(line)
	select {
	case <-ctx.Done():
		// So that the host takes its dialog away.
		line, _ = json.Marshal(map[string]any{"jsonrpc": mcp.JSONRPC_VERSION, "method": mcp.MethodNotificationCancelled, "params": map[string]any{"requestId": id}})
		s.put(line)
		return nil, ctx.Err()
	case answer, ok := <-answered:
		switch {
		case !ok:
			return nil, errInputEnded
		case answer.fault != nil:
			var fault struct{ Message string }
			_ = json.Unmarshal(answer.fault, &fault)
			return nil, &refusedError{method, fault.Message}
		}
		return answer.result, nil
	}
}

// question enters a new question and gives its id.
func (s *session) question() (json.RawMessage, chan *message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deaf {
		return nil, nil, errInputEnded
	}
	s.asked++
	id := strconv.AppendInt(nil, s.asked, 10)
	answered := make(chan *message, 1)
	s.questions[keyOf(id)] = answered
	return id, answered, nil
}

// answered takes a response of the host. One to nothing, or the second to the same, is of no use.
func (s *session) answered(m *message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if question, found := s.questions[m.key]; found {
		delete(s.questions, m.key)
		question <- m
	}
}

// inputEnded ends all questions: their answers will not come.
func (s *session) inputEnded() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = true
	for key, question := range s.questions {
		delete(s.questions, key)
		close(question)
	}
}

package desk

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
)

// diary keeps in memory what the state folder keeps on disk.
type diary struct {
	mu      sync.Mutex
	entries map[string]*guard.Prior
	yes     map[string]bool
}

type slot struct {
	s    *diary
	key  string
	note json.RawMessage
}

func (s *diary) Begin(key string, note json.RawMessage, force bool) (*guard.Prior, guard.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if prior := s.entries[key]; prior != nil && !force {
		return prior, nil, nil
	}
	s.entries[key] = &guard.Prior{Working: true, Note: note}
	return nil, slot{s, key, note}, nil
}

func (s *diary) Prior(key string) (*guard.Prior, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[key], nil
}

func (s *diary) Resolve(key string, receipt json.RawMessage) error {
	return s.put(key, &guard.Prior{Receipt: receipt})
}

func (s *diary) put(key string, prior *guard.Prior) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[key] = prior
	return nil
}

func (e slot) Done(receipt json.RawMessage) error {
	return e.s.put(e.key, &guard.Prior{Receipt: receipt})
}
func (e slot) Failed() error                            { return e.s.put(e.key, nil) }
func (e slot) Unknown() error                           { return e.s.put(e.key, &guard.Prior{Note: e.note}) }
func (s *diary) Append(json.RawMessage) error           { return nil }
func (s *diary) Ask(token, _ string, _ time.Time) error { return nil }
func (s *diary) Answered(token string) (bool, bool, error) {
	yes, ok := s.yes[token]
	return yes, ok, nil
}

// newGuard is a guard as a process has one, on a journal that others may share.
func newGuard(s *diary) *guard.Guard {
	return &guard.Guard{Journal: s, Audit: s, Approvals: s, Mode: guard.Auto, Now: time.Now, MayHave: wisecx.MayHaveHappened,
		Pauses: []time.Duration{20 * time.Millisecond, 50 * time.Millisecond, 200 * time.Millisecond, time.Second}}
}

func newDiary() *diary { return &diary{entries: map[string]*guard.Prior{}, yes: map[string]bool{}} }

// prepared is what prepares a write, as a tool does at each call.
type prepared func(context.Context) (*guard.Write, error)

// run makes a call.
func (p prepared) run(t *testing.T, g *guard.Guard, o guard.Order) (*guard.Receipt, error) {
	t.Helper()
	w, err := p(t.Context())
	if err != nil {
		return nil, err
	}
	w.Tool, w.Arguments = "test", json.RawMessage(`{}`)
	return g.Run(t.Context(), w, o)
}

// confirmed makes a call, agrees to what it asks, and makes it again.
func (p prepared) confirmed(t *testing.T, g *guard.Guard, o guard.Order) *guard.Receipt {
	t.Helper()
	preview, err := p.run(t, g, o)
	if err != nil {
		t.Fatal(err)
	}
	if preview.Outcome != guard.Preview {
		return preview
	}
	if s := g.Approvals.(*diary); s.yes != nil {
		s.mu.Lock()
		s.yes[preview.ConfirmToken] = true
		s.mu.Unlock()
	}
	o.Token = preview.ConfirmToken
	receipt, err := p.run(t, g, o)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// refused demands that a write is refused while it is prepared.
func (p prepared) refused(t *testing.T) *Refusal {
	t.Helper()
	w, err := p(t.Context())
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Expected == "" {
		t.Fatalf("gives %v (a write: %v), want a refusal with what to do", err, w != nil)
	}
	return refusal
}

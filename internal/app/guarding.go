package app

import (
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"os"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/state"
	"wisecx-mcp/wisecx"
)

// stateFolder is where what outlives the process is kept. The simulator's data does not outlive it, so neither does what
// was done to it.
func (s Settings) stateFolder(log *slog.Logger) (folder *state.Folder, remove func()) {
	notice := func(words string) { log.Warn(words) }
	if !s.Sandbox {
		return state.New(s.StateDir, notice), func() {}
	}
	path, err := os.MkdirTemp("", "wisecx-mcp-sandbox-")
	if err != nil {
		return state.New("", notice), func() {}
	}
	return state.New(path, notice), func() { os.RemoveAll(path) }
}

// newGuard makes the guard of all writes.
func newGuard(s Settings, folder *state.Folder) *guard.Guard {
	secret := sha256.Sum256([]byte("wisecx-mcp audit " + s.APIKey))
	return &guard.Guard{
		Secret: secret[:], Journal: journal{folder.Journal()}, Audit: folder.Audit(), Approvals: approvals{folder.Approvals()},
		Mode: guard.Mode(s.Confirm), Now: time.Now, MayHave: wisecx.MayHaveHappened,
		Pauses: []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second},
	}
}

// journal is the state folder's, as the guard knows it.
type journal struct{ *state.Journal }

func (j journal) Begin(key string, note json.RawMessage, force bool) (*guard.Prior, guard.Entry, error) {
	within := guard.RepeatsWithin
	if force {
		within = 0
	}
	entry, ticket, err := j.Journal.Begin(key, note, within)
	if err != nil || entry != nil {
		return prior(entry), nil, err
	}
	return nil, ended{ticket}, nil
}

func (j journal) Prior(key string) (*guard.Prior, error) {
	entry, err := j.Journal.Newest(key, guard.RepeatsWithin)
	return prior(entry), err
}

func (j journal) Resolve(id string, receipt json.RawMessage) error {
	_, err := j.Journal.Resolve(id, state.Done, receipt)
	return err
}

func prior(entry *state.Entry) *guard.Prior {
	if entry == nil {
		return nil
	}
	p := &guard.Prior{ID: entry.ID, Note: entry.Note, Working: entry.Outcome == state.Working}
	if entry.Outcome == state.Done {
		p.Receipt = entry.Receipt
	}
	return p
}

// ended is a ticket of the state folder's journal.
type ended struct{ *state.Ticket }

func (e ended) Unknown() error { return e.Ticket.Unknown(nil) }

// approvals are the state folder's, as the guard knows them.
type approvals struct{ *state.Approvals }

func (a approvals) Ask(token, question string, until time.Time) error {
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	return a.Approvals.Ask(token, text, until)
}

package app

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/state"
	"wisecx-mcp/wisecx"
)

// statePath is the folder in which what outlives a process is kept.
func (s Settings) statePath() string { return cmp.Or(s.StateDir, s.systemState) }

// ownState gives the simulator, whose data does not outlive the process, a folder that does not either, unless one is named.
func (s *Settings) ownState() (remove func()) {
	if !s.Sandbox || s.StateDir != "" {
		return func() {}
	}
	path, err := os.MkdirTemp("", "wisecx-mcp-sandbox-")
	if err != nil { // then what needs a folder is refused, and says so
		s.systemState = ""
		return func() {}
	}
	s.StateDir = path
	return func() { os.RemoveAll(path) }
}

// account tells apart the accounts whose cases may have the same ids. A port does not: a simulator comes back on another one.
func (s Settings) account() string { return s.Base.Hostname() + " " + s.User }

// plainPath is a path that every shell takes as it stands.
var plainPath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_./:@%+,-]+$`) })

// approveCommand is what a person types to release what waits, before the token. Their shell knows nothing of the
// settings that a client gave the server.
func (s Settings) approveCommand() string {
	folder := s.statePath()
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	switch {
	case folder == s.systemState:
		return "wisecx-mcp approve"
	case os.PathSeparator == '\\':
		folder = `"` + folder + `"`
	case plainPath().FindString(folder) != folder:
		folder = "'" + strings.ReplaceAll(folder, "'", `'\''`) + "'"
	}
	return "wisecx-mcp approve --state-dir " + folder
}

// newGuard makes the guard of all writes.
func newGuard(s Settings, folder *state.Folder) *guard.Guard {
	secret := sha256.Sum256([]byte("wisecx-mcp audit " + s.APIKey))
	return &guard.Guard{
		Secret: secret[:], Journal: journal{folder.Journal(), s.account()}, Audit: folder.Audit(), Approvals: approvals{folder.Approvals()},
		Approve: s.approveCommand(), Mode: guard.Mode(s.Confirm), Now: time.Now, MayHave: wisecx.MayHaveHappened,
		Pauses: []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second},
	}
}

// journal is the state folder's, as the guard knows it. Two accounts may have cases of the same id.
type journal struct {
	*state.Journal
	account string
}

func (j journal) Begin(key string, note json.RawMessage, force bool) (*guard.Prior, guard.Entry, error) {
	within := guard.RepeatsWithin
	if force {
		within = 0
	}
	entry, ticket, err := j.Journal.Begin(j.account+" "+key, note, within)
	if err != nil || entry != nil {
		return prior(entry), nil, err
	}
	return nil, ended{ticket}, nil
}

func (j journal) Prior(key string) (*guard.Prior, error) {
	entry, err := j.Journal.Newest(j.account+" "+key, guard.RepeatsWithin)
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

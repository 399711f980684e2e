package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// drawer keeps in memory what the guard has to remember.
type drawer struct {
	mu      sync.Mutex
	entries map[string]*guard.Prior
	lines   int
	asked   string // the last question for a terminal
}

type drawerEntry struct {
	d   *drawer
	key string
}

func (d *drawer) Begin(key string, note json.RawMessage, force bool) (*guard.Prior, guard.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if prior := d.entries[key]; prior != nil && !force {
		return prior, nil, nil
	}
	d.entries[key] = &guard.Prior{Working: true, Note: note}
	return nil, drawerEntry{d, key}, nil
}

func (d *drawer) Prior(key string) (*guard.Prior, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.entries[key], nil
}

func (d *drawer) put(key string, prior *guard.Prior) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries[key] = prior
	return nil
}

func (d *drawer) Resolve(key string, receipt json.RawMessage) error {
	return d.put(key, &guard.Prior{Receipt: receipt})
}
func (e drawerEntry) Done(receipt json.RawMessage) error {
	return e.d.put(e.key, &guard.Prior{Receipt: receipt})
}
func (e drawerEntry) Failed() error  { return e.d.put(e.key, nil) }
func (e drawerEntry) Unknown() error { return e.d.put(e.key, &guard.Prior{}) }

func (d *drawer) Append(json.RawMessage) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines++
	return nil
}
func (d *drawer) Ask(_, question string, _ time.Time) error { d.asked = question; return nil }
func (d *drawer) Answered(string) (bool, bool, error)       { return true, true, nil }

// clerk writes contacts of an office, under a guard.
type clerk struct {
	*office
	*drawer
	guard *guard.Guard
}

func newClerk(t *testing.T, account sandbox.Options, options Options) *clerk {
	t.Helper()
	if account.Cases == 0 {
		account.Cases = 60
	}
	c := &clerk{office: newOffice(t, account, options), drawer: &drawer{entries: map[string]*guard.Prior{}}}
	c.guard = &guard.Guard{Journal: c.drawer, Audit: c.drawer, Approvals: c.drawer, Mode: guard.Never, Now: time.Now, MayHave: wisecx.MayHaveHappened,
		Pauses: []time.Duration{10 * time.Millisecond, 100 * time.Millisecond, 400 * time.Millisecond}}
	return c
}

// run carries out what was prepared.
func (c *clerk) run(t *testing.T, tool string, order guard.Order) func(*guard.Write, error) (*guard.Receipt, error) {
	return func(w *guard.Write, err error) (*guard.Receipt, error) {
		if err != nil {
			return nil, err
		}
		w.Tool, w.Arguments = tool, json.RawMessage(`{}`)
		return c.guard.Run(t.Context(), w, order)
	}
}

func (c *clerk) create(t *testing.T, ask ContactChanges) (*guard.Receipt, error) {
	return c.run(t, "create_contact", guard.Order{})(c.CreateContact(t.Context(), ask))
}

func (c *clerk) update(t *testing.T, id int64, ask ContactChanges) (*guard.Receipt, error) {
	return c.run(t, "update_contact", guard.Order{})(c.UpdateContact(t.Context(), id, ask))
}

func (c *clerk) groups(t *testing.T, id int64, add, remove []string) (*guard.Receipt, error) {
	return c.run(t, "set_contact_groups", guard.Order{})(c.SetContactGroups(t.Context(), id, add, remove))
}

func (c *clerk) delete(t *testing.T, id int64, expect map[string]Value) (*guard.Receipt, error) {
	return c.run(t, "delete_contact", guard.Order{})(c.DeleteContact(t.Context(), id, expect))
}

// must gives the receipt of a write that has to come out so.
func must(t *testing.T, outcome string) func(*guard.Receipt, error) *guard.Receipt {
	return func(r *guard.Receipt, err error) *guard.Receipt {
		t.Helper()
		if err != nil || r.Outcome != outcome {
			t.Fatalf("want %s: %+v, %v", outcome, r, err)
		}
		return r
	}
}

// stands demands that a call is refused for an argument in words that hold part, and that nothing was sent.
func (c *clerk) stands(t *testing.T, argument, part string) func(*guard.Receipt, error) *Refusal {
	writes := len(c.api.Writes())
	return func(r *guard.Receipt, err error) *Refusal {
		t.Helper()
		var refusal *Refusal
		if !errors.As(err, &refusal) {
			t.Errorf("%s %q: %+v, %v; want a refusal", argument, part, r, err)
			return &Refusal{}
		}
		if refusal.Argument != argument || !strings.Contains(refusal.Problem, part) || refusal.Expected == "" {
			t.Errorf("want %s, %q: %+v", argument, part, refusal)
		}
		if len(c.api.Writes()) != writes {
			t.Errorf("%s %q: something was sent", argument, part)
		}
		return refusal
	}
}

// truth is a contact as it is.
func (c *clerk) truth(t *testing.T, id int64) sandbox.Contact {
	t.Helper()
	for _, o := range c.api.Contacts() {
		if o.ID == id {
			return o
		}
	}
	t.Fatalf("there is no contact %d", id)
	return sandbox.Contact{}
}

func (c *clerk) exists(id int64) bool {
	for _, o := range c.api.Contacts() {
		if o.ID == id {
			return true
		}
	}
	return false
}

// failing answers a method on a path in place of the API.
func failing(method, path string, status int, body string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == method && strings.Contains(r.URL.Path, path) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return
		}
		api.ServeHTTP(w, r)
	}
}

func set(s string) Value { return Value{Given: true, Text: s} }

var null = Value{Given: true, Null: true}

func show(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

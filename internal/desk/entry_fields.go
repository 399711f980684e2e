package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

// listEntries asks for a page of a thread.
func (d *Desk) listEntries(ctx context.Context, caseID int64, q wisecx.Query) ([]wisecx.Activity, error) {
	return askedWithKeys(d, func(keys []string) ([]wisecx.Activity, error) {
		q.Fields = keys
		return d.api.ListActivities(ctx, caseID, q)
	})
}

// refusedKeys keeps which sets of an entry's fields the API refused.
type refusedKeys struct {
	sets  int       // so many of keysOfEntries
	until time.Time // then they are tried again
}

// keysOfEntries are the fields that are asked for: what is read; where the API refuses that, without what its list of
// fields does not name; those that whose turn it is goes by; and none, which leaves them to the API.
func keysOfEntries() [4][]string {
	all, call := keysIn(&wisecx.Activities), entryTable.must("call").Key
	listed := slices.DeleteFunc(slices.Clone(all), func(key string) bool { return key == call })
	return [4][]string{all, listed, entryTable.keys("id", "type", "agent", "channel", "content", "created_at", "sending_status", "call"), nil}
}

// askedWithKeys asks for entries with the most fields that the API takes.
func askedWithKeys[T any](d *Desk, ask func(keys []string) (T, error)) (T, error) {
	sets := keysOfEntries()
	d.mu.Lock()
	refused := d.entryKeys.sets
	if !d.now().Before(d.entryKeys.until) {
		refused = 0
	}
	d.mu.Unlock()
	for n := refused; ; n++ {
		answer, err := ask(sets[n])
		if errors.Is(err, wisecx.ErrBadRequest) && n+1 < len(sets) {
			continue
		}
		if err == nil && n > refused {
			d.mu.Lock()
			d.entryKeys = refusedKeys{sets: n, until: d.now().Add(refusalLife)}
			d.mu.Unlock()
		}
		return answer, err
	}
}

// lacking are the fields that entries came with, and without.
type lacking struct{ with, without map[string]bool }

// losses are what is not known where no entry has a field that it should have.
var losses = []struct {
	field, lost string
	of          func(*wisecx.Activity) bool // which entries should have it
}{
	{"type", "who wrote them is not known", func(*wisecx.Activity) bool { return true }},
	{"created_at", "their order and times are not known", func(*wisecx.Activity) bool { return true }},
	{"content", "what was said is not known", func(a *wisecx.Activity) bool { return a.Type == wisecx.ContactMessage || a.Type == wisecx.UserReply }},
	{"agent", "bots cannot be told from people, nor who replied", func(a *wisecx.Activity) bool { return a.Type == wisecx.UserReply }},
	{"channel", "WhatsApp windows are not known", func(a *wisecx.Activity) bool { return a.Type == wisecx.ContactMessage }},
}

// look takes note of the entries of a thread.
func (g *lacking) look(entries []wisecx.Activity) {
	if g.with == nil {
		g.with, g.without = map[string]bool{}, map[string]bool{}
	}
	for _, l := range losses {
		key := entryTable.must(l.field).Key
		for i := range entries {
			switch a := &entries[i]; {
			case !l.of(a):
			case a.Lacks(key):
				g.without[l.field] = true
			default:
				g.with[l.field] = true
			}
		}
	}
}

// notes say which of these fields no entry had, and what is not known for that.
func (g *lacking) notes(fields ...string) []string {
	var notes []string
	for _, l := range losses {
		if slices.Contains(fields, l.field) && g.without[l.field] && !g.with[l.field] {
			notes = append(notes, fmt.Sprintf("the API gave the entries of conversations without %s: %s", l.field, l.lost))
		}
	}
	return notes
}

package desk

import (
	"context"
	"slices"
	"sync"

	"wisecx-mcp/wisecx"
)

// turns lets one write of this process at a time change a case: its tags and its custom fields are sent whole, so that of
// two writes that begin from the same the second would undo the first. What is kept of a case is two numbers.
type turns struct {
	mu    sync.Mutex
	taken map[int64]chan struct{} // closed when the turn ends
	ended map[int64]int           // which of all turns was a case's last
	count int                     // of turns that ended
}

// now marks a point in time: what is read after it has seen the turns that ended before.
func (t *turns) now() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}

// take waits for the turn to change a case, unless the call ends first. stale tells that another turn ended since a mark.
func (t *turns) take(ctx context.Context, id int64, since int) (end func(), stale bool, err error) {
	for {
		t.mu.Lock()
		before, busy := t.taken[id]
		if !busy {
			over := make(chan struct{})
			t.taken[id], stale = over, t.ended[id] > since
			t.mu.Unlock()
			return func() { t.end(id); close(over) }, stale, nil
		}
		t.mu.Unlock()
		select {
		case <-before:
		case <-ctx.Done():
			return nil, false, wisecx.NotSent(ctx.Err())
		}
	}
}

func (t *turns) end(id int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.taken, id)
	t.count++
	t.ended[id] = t.count
}

// inTurn waits for the turn to change a case that was read after a mark, and brings changes up to date where another turn
// ended since: what is sent whole is made anew from what the case has now.
func (d *Desk) inTurn(ctx context.Context, c *wisecx.Case, changes []change, since int) (end func(), err error) {
	end, stale, err := d.turns.take(ctx, int64(c.ID), since)
	if err != nil || !stale || !slices.ContainsFunc(changes, func(ch change) bool { return ch.custom != "" || ch.field.Name == "tags" }) {
		return end, err
	}
	now, err := d.caseNow(ctx, int64(c.ID))
	if err != nil {
		end()
		return nil, wisecx.NotSent(err)
	}
	c.Tags, c.CustomFields = now.Tags, now.CustomFields
	for i := range changes {
		if ch := &changes[i]; ch.field.Name == "tags" {
			tags := withTags(c.Tags, ch.adds, ch.removes)
			ch.value, ch.shown = tags, tags
		}
	}
	return end, nil
}

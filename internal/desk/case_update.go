package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
)

// UpdateCase prepares a change of one case.
func (d *Desk) UpdateCase(ctx context.Context, ref CaseRef, ask CaseChanges) (*guard.Write, error) {
	c, err := d.caseToWrite(ctx, ref, changeKeys)
	if err != nil {
		return nil, err
	}
	return d.updateOf(ctx, c, ask)
}

// updateOf prepares the change of a case that was read.
func (d *Desk) updateOf(ctx context.Context, c *wisecx.Case, ask CaseChanges) (*guard.Write, error) {
	changes, err := d.planOf(ctx, c, ask, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	w := &guard.Write{Object: fmt.Sprintf("case %d", c.Number), Preview: d.changePreview(ctx, c, changes, ask.Spam)}
	done := w.Preview
	if losesAgent(c, changes) {
		w.Preview.Notes = append(slices.Clip(done.Notes), fmt.Sprintf("the move may take the case from its agent, %v; with agent it gets or keeps one", d.showField(ctx, c, change{field: caseField("agent")})))
	}
	w.Do = func(ctx context.Context) (*guard.Receipt, error) {
		return d.receiptOf(ctx, c, changes, done, sendAll(ctx, d.requestsOf(c, changes, ask.Spam)))
	}
	return w, nil
}

// losesAgent tells whether changes move a case that somebody has, and do not say who gets it.
func losesAgent(c *wisecx.Case, changes []change) bool {
	return c.AgentID != 0 && fieldIn(changes, "queue") != nil && fieldIn(changes, "agent") == nil
}

// planOf gives what has to change of a case: what is asked for and does not hold already.
func (d *Desk) planOf(ctx context.Context, c *wisecx.Case, ask CaseChanges, now time.Time) ([]change, error) {
	if err := d.mayWriteIn(ctx, int64(c.QueueID)); err != nil {
		return nil, err
	}
	wanted, err := d.changesOf(ctx, c, ask, now)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 && ask.Spam == nil && !ask.distributed {
		return nil, &Refusal{Problem: "nothing is to change", Expected: "at least one of status, subject, queue, agent, type, priority, add_tags, remove_tags, due_at, custom_fields, spam"}
	}
	moves := reopens(c, wanted)
	if queue := fieldIn(wanted, "queue"); queue != nil {
		if err := d.mayWriteIn(ctx, queue.value.(int64)); err != nil {
			return nil, err
		}
		moves = moves || !queue.holds(c)
	}
	// A transfer or its reopening may take a case from its agent [I], so one that is named is set again.
	changes := slices.DeleteFunc(wanted, func(ch change) bool { return ch.holds(c) && !(moves && ch.field.Name == "agent") })
	if len(changes) == 0 && ask.Spam == nil && !ask.distributed { // what is so already needs no expectation, such as an undo made twice
		return nil, nil
	}
	return changes, d.expectOfCase(ctx, c, ask, now)
}

// readBackPauses are between looks at what a write changed, since it may take a moment to show.
var readBackPauses = []time.Duration{0, 300 * time.Millisecond, time.Second, 2 * time.Second}

// receiptOf reads a case back and says what holds.
func (d *Desk) receiptOf(ctx context.Context, before *wisecx.Case, changes []change, preview guard.Receipt, sent sending) (*guard.Receipt, error) {
	if sent.refused() {
		return nil, sent.err
	}
	r := preview
	now, err := d.readBack(ctx, int64(before.ID), changes)
	if err != nil {
		r.Outcome = guard.Unknown
		r.Notes = append(r.Notes, "it was sent and could not be read back ("+reason(err)+"): get_case shows what holds now")
		return &r, nil
	}
	r.Changes, r.NotChanged = nil, nil
	var held []change
	for i, ch := range changes {
		shown := preview.Changes[i]
		if ch.holds(now) {
			if held = append(held, ch); fmt.Sprint(shown.Before) != fmt.Sprint(shown.After) {
				r.Changes = append(r.Changes, shown)
			}
		} else {
			r.NotChanged = append(r.NotChanged, guard.Change{Field: shown.Field, Before: d.showField(ctx, now, ch), After: shown.After})
		}
	}
	spam := preview.Changes[len(changes):] // which goes with the first request, and cannot be read back
	if sent.err == nil || sent.begun || len(held) > 0 {
		r.Changes = append(r.Changes, spam...)
	} else {
		r.NotChanged = append(r.NotChanged, spam...)
	}
	came := d.alongside(ctx, before, now, changes)
	for _, ch := range came {
		r.Changes = append(r.Changes, guard.Change{Field: ch.field.Name, Before: d.showField(ctx, before, ch), After: ch.shown})
	}
	undo := d.undoOf(ctx, before, append(slices.Clip(held), came...))
	r.Undo = undo.call(int64(before.ID))
	r.Notes = slices.Concat(r.Notes, notesOf(came))
	if len(undo.lacks) > 0 {
		r.Notes = append(r.Notes, lackNote+strings.Join(undo.lacks, ", "))
	}
	switch {
	case len(r.NotChanged) == 0:
		r.Outcome = guard.Done
	case len(r.Changes) == 0 && sent.err != nil:
		r.Outcome = guard.Unknown
	default:
		r.Outcome = guard.Partly
	}
	if len(r.NotChanged) > 0 {
		why := "the API accepted this and did not do all of it"
		if sent.err != nil {
			why = "the API failed midway: " + sent.err.Error()
		}
		r.Notes = append(r.Notes, why+"; not_changed says what is still as it was")
	}
	return &r, nil
}

// readBack reads a case until the changes hold, a few times.
func (d *Desk) readBack(ctx context.Context, id int64, changes []change) (now *wisecx.Case, err error) {
	for _, pause := range readBackPauses {
		if ended := wait(ctx, pause); ended != nil {
			return now, errors.Join(err, ended)
		}
		c, failed := d.api.GetCase(ctx, id, changeKeys...)
		if err = failed; err != nil {
			continue
		}
		now = c
		if all(changes, func(ch change) bool { return ch.holds(c) }) {
			return now, nil
		}
	}
	if now != nil {
		return now, nil
	}
	return nil, err
}

// wait waits, unless the call ends first.
func wait(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

func all[T any](list []T, holds func(T) bool) bool {
	for _, one := range list {
		if !holds(one) {
			return false
		}
	}
	return true
}

package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
)

// UpdateCase prepares a change of one case.
func (d *Desk) UpdateCase(ctx context.Context, ref CaseRef, ask CaseChanges) (*guard.Write, error) {
	begun := d.turns.now()
	c, err := d.caseToWrite(ctx, ref, changeKeys)
	if err != nil {
		return nil, err
	}
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
		end, err := d.inTurn(ctx, c, changes, begun)
		if err != nil {
			return nil, err
		}
		defer end()
		return d.receiptOf(ctx, c, changes, ask.Spam, done, d.sendAll(ctx, d.requestsOf(c, changes, ask.Spam)))
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

// receiptOf reads a case back and says what holds.
func (d *Desk) receiptOf(ctx context.Context, before *wisecx.Case, changes []change, spam *bool, preview guard.Receipt, sent sending) (*guard.Receipt, error) {
	if sent.refused() {
		return nil, sent.err
	}
	r := preview
	r.Changes, r.NotChanged = nil, nil
	now, err := d.readBack(ctx, before, changes, sent)
	came := d.cameOf(ctx, before, now, changes, sent)
	for _, ch := range slices.Concat(came.held, came.along) {
		if was := d.showField(ctx, before, ch); fmt.Sprint(was) != fmt.Sprint(ch.shown) {
			r.Changes = append(r.Changes, guard.Change{Field: ch.field.Name, Before: was, After: ch.shown})
		}
	}
	for _, ch := range came.missed {
		r.NotChanged = append(r.NotChanged, guard.Change{Field: ch.field.Name, Before: d.showField(ctx, before, ch), After: ch.shown})
	}
	if spam != nil && !came.marked {
		r.NotChanged = append(r.NotChanged, guard.Change{Field: "spam", After: *spam})
	}
	open := len(came.open) > 0 || spam != nil && came.marked
	undo := d.undoAfter(ctx, before, came, spam)
	r.Undo = undo.call(int64(before.ID))
	switch {
	case len(r.NotChanged) == 0 && !open:
		r.Outcome = guard.Done
	case len(r.Changes)+len(came.held) == 0 && (open || sent.err != nil):
		r.Outcome = guard.Unknown
	default:
		r.Outcome = guard.Partly
	}
	r.Notes = slices.Concat(r.Notes, notesOf(came.along), sent.notes("get_case", fieldsIn(came.open), len(r.NotChanged) > 0, err))
	if len(undo.lacks) > 0 {
		r.Notes = append(r.Notes, lackNote+strings.Join(undo.lacks, ", "))
	}
	return &r, nil
}

// readBack reads a case until what came of its changes is known; nil where it cannot be read.
func (d *Desk) readBack(ctx context.Context, before *wisecx.Case, changes []change, sent sending) (now *wisecx.Case, err error) {
	err = look(ctx, func() error {
		c, err := d.caseNow(ctx, int64(before.ID))
		if err == nil {
			now = c
		}
		return err
	}, func(longer bool) bool {
		if now == nil {
			return longer && sent.taken == 0
		}
		held, _, open := judged(changes, sent.verdicts(before, now, changes))
		return len(held) == len(changes) || longer && (len(open) == 0 || sent.taken == 0)
	})
	if now != nil {
		err = nil
	}
	return now, err
}

// caseNow reads a case as changes are held against it.
func (d *Desk) caseNow(ctx context.Context, id int64) (*wisecx.Case, error) {
	c, err := d.api.GetCase(ctx, id, changeKeys...)
	if err == nil {
		d.nameTags(ctx, c)
	}
	return c, err
}

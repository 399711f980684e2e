package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx"
)

// BulkChange is what is to change of some cases.
type BulkChange struct {
	Numbers    []int64
	Changes    CaseChanges
	Distribute []string // agents who get them in turns
	Undo       bool     // cases that are not as expected any more are left out, and the others changed
}

const (
	bulkMost   = 200 // cases that one call changes
	bulkPerson = 10  // cases above which a client that cannot ask needs a person in a terminal
)

// bulkCase is one of the cases of a bulk change.
type bulkCase struct {
	*wisecx.Case
	changes []change
	spam    *bool
	sent    sending
	skipped bool // the API was not asked any more
	unread  bool
	came
	share string // the agent who gets it, where cases are distributed
	left  string // why it is left out of an undo
}

// countAgent counts whose the case is, where cases are distributed or given to somebody.
func (c *bulkCase) countAgent(agents map[string]int) {
	if c.share != "" {
		agents[c.share]++
		return
	}
	if ch := fieldIn(c.changes, "agent"); ch != nil && ch.shown != nil {
		agents[fmt.Sprint(ch.shown)]++
	}
}

// UpdateCases prepares a change of many cases. Several groups come from an undo.
func (d *Desk) UpdateCases(ctx context.Context, groups []BulkChange) (*guard.Write, error) {
	begun := d.turns.now()
	cases, err := d.casesToWrite(ctx, groups)
	if err != nil {
		return nil, err
	}
	var list []*bulkCase
	now := d.now().In(d.zone)
	for _, g := range groups {
		g.Changes.options, g.Changes.strange, g.Changes.distributed = map[string][]string{}, map[string]error{}, len(g.Distribute) > 0
		agents, err := d.distribution(ctx, g)
		if err != nil {
			return nil, err
		}
		for i, n := range g.Numbers {
			if cases[n] == nil { // of an undo
				list = append(list, &bulkCase{Case: &wisecx.Case{Number: wisecx.Int(n)}, left: "is not there any more"})
				continue
			}
			one, err := d.bulkCase(ctx, cases[n], g.Changes, now)
			if other := (*otherwise)(nil); g.Undo && errors.As(err, &other) {
				list = append(list, &bulkCase{Case: cases[n], left: other.now})
				continue
			}
			if err != nil {
				return nil, inCase(n, err)
			}
			if len(agents) > 0 {
				ch := agents[i%len(agents)]
				if one.share = fmt.Sprint(ch.shown); !ch.holds(one.Case) || fieldIn(one.changes, "queue") != nil { // a move may take it from its agent
					one.changes = append(one.changes, ch)
				}
			}
			list = append(list, one)
		}
	}
	undone := slices.DeleteFunc(slices.Clone(list), func(c *bulkCase) bool { return c.left != "" })
	if len(undone) == 0 {
		return nil, &Refusal{Argument: "restore", Problem: "nothing was changed: " + strings.Join(leftOut(list), "; "), Expected: "to decide anew, by what the cases are now"}
	}
	w := &guard.Write{Object: fmt.Sprintf("%d cases", len(undone)), Asks: guard.AsksFirst, Meaning: bulkMeaning(list), Preview: d.bulkPreview(ctx, list)}
	if len(undone) > bulkPerson {
		w.Asks = guard.AsksPerson
	}
	w.Question = d.bulkQuestion(ctx, list, w.Preview)
	done := w.Preview
	if n := losing(list); n > 0 {
		w.Preview.Notes = append(slices.Clip(done.Notes), fmt.Sprintf("the move may take %d of the cases from their agents; with agent or distribute_to they get or keep one", n))
	}
	w.Do = func(ctx context.Context) (*guard.Receipt, error) { return d.changeAll(ctx, list, begun, done) }
	return w, nil
}

// leftOut says which cases are left out of an undo, each reason once.
func leftOut(list []*bulkCase) []string {
	cases := map[string][]string{}
	for _, c := range list {
		if c.left != "" {
			cases[c.left] = append(cases[c.left], fmt.Sprint(c.Number))
		}
	}
	return withCases(cases)
}

// losing counts the cases that a move may take from their agents.
func losing(list []*bulkCase) (n int) {
	for _, c := range list {
		if losesAgent(c.Case, c.changes) {
			n++
		}
	}
	return n
}

// casesToWrite reads the cases by their numbers. None may be missing, but in an undo, twice, or another case's id.
func (d *Desk) casesToWrite(ctx context.Context, groups []BulkChange) (map[int64]*wisecx.Case, error) {
	var numbers []int64
	for _, g := range groups {
		numbers = append(numbers, g.Numbers...)
	}
	sorted := slices.Sorted(slices.Values(numbers))
	switch {
	case len(numbers) == 0:
		return nil, &Refusal{Argument: "case_numbers", Problem: "no case is named", Expected: "the numbers of the cases, up to 200"}
	case len(numbers) > bulkMost:
		return nil, &Refusal{Argument: "case_numbers", Problem: fmt.Sprintf("%d cases", len(numbers)), Expected: "at most 200 in one call"}
	case len(slices.Compact(sorted)) < len(numbers):
		return nil, &Refusal{Argument: "case_numbers", Problem: "a number is there twice", Expected: "each case once"}
	}
	cases := map[int64]*wisecx.Case{}
	var crossed []string
	for _, field := range []string{"number", "id"} {
		for some := range slices.Chunk(numbers, wisecx.MaxPage) {
			rows, err := d.api.ListCases(ctx, wisecx.Query{Fields: changeKeys, Filter: []wisecx.Condition{{Field: caseField(field), Operator: wisecx.In, Values: anys(some)}}})
			if err != nil && !errors.Is(err, wisecx.ErrBadRequest) {
				return nil, err
			}
			for i := range rows {
				c := &rows[i]
				if field == "number" && slices.Contains(some, int64(c.Number)) {
					d.nameTags(ctx, c)
					cases[int64(c.Number)] = c
				} else if field == "id" && slices.Contains(some, int64(c.ID)) {
					crossed = append(crossed, fmt.Sprintf("%d is the id of case %d", c.ID, c.Number))
				}
			}
		}
	}
	if len(crossed) > 0 {
		return nil, &Refusal{Argument: "case_numbers", Problem: "nothing was changed: " + few(crossed), Expected: "numbers of cases, which people say, not ids"}
	}
	var missing []string
	for _, g := range groups {
		for _, n := range g.Numbers {
			if cases[n] == nil && !g.Undo {
				missing = append(missing, fmt.Sprint(n))
			}
		}
	}
	if len(missing) > 0 {
		return nil, &NotFound{What: "nothing was changed: no case of the last three months has the number " + few(missing), Next: "leave these out, or change them one by one with update_case by their case_id"}
	}
	return cases, nil
}

// distribution gives the agents who get the cases in turns.
func (d *Desk) distribution(ctx context.Context, g BulkChange) ([]change, error) {
	var agents []change
	if len(g.Distribute) > 0 && g.Changes.Agent.Given {
		return nil, &Refusal{Argument: "distribute_to", Problem: "agent is given too", Expected: "one of the two"}
	}
	for _, word := range g.Distribute {
		ch, err := d.changeName(ctx, "agent", Value{Given: true, Text: word}, d.now())
		var refusal *Refusal
		if errors.As(err, &refusal) {
			refusal.Argument = "distribute_to"
		}
		if err == nil && ch.value == nil {
			err = &Refusal{Argument: "distribute_to", Problem: fmt.Sprintf("%q is nobody", clip(word, 60)), Expected: "agents"}
		}
		if err != nil {
			return nil, err
		}
		agents = append(agents, ch)
	}
	return agents, nil
}

func (d *Desk) bulkCase(ctx context.Context, c *wisecx.Case, ask CaseChanges, now time.Time) (*bulkCase, error) {
	changes, err := d.planOf(ctx, c, ask, now)
	return &bulkCase{Case: c, changes: changes, spam: ask.Spam}, err
}

// inCase says in which case something is wrong.
func inCase(number int64, err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return &Refusal{Argument: refusal.Argument, Problem: fmt.Sprintf("case %d: %s", number, refusal.Problem), Expected: refusal.Expected, Candidates: refusal.Candidates}
	}
	return err
}

// bulkMeaning is what would happen to each case: a confirmation holds for just that.
func bulkMeaning(list []*bulkCase) any {
	type one struct {
		ID     int64
		Fields map[string][2]any
		Spam   *bool
	}
	var all []one
	for _, c := range list {
		fields := map[string][2]any{}
		for _, ch := range c.changes {
			fields[ch.field.Name] = [2]any{fmt.Sprint(valuesOf((*caseRecord)(c.Case), ch.field.Name, ch.custom)), fmt.Sprint(ch.value)}
		}
		all = append(all, one{int64(c.ID), fields, c.spam})
	}
	return all
}

// bulkPreview sums up what would change.
func (d *Desk) bulkPreview(ctx context.Context, list []*bulkCase) guard.Receipt {
	r := guard.Receipt{Object: map[string]any{"cases": len(list)}}
	var same, left []int64
	var all []change
	agents := map[string]int{}
	for _, c := range list {
		all = append(all, c.changes...)
		switch c.kind() {
		case changedSince:
			left = append(left, int64(c.Number))
		case guard.NoChange:
			same = append(same, int64(c.Number))
		}
		c.countAgent(agents)
		for _, ch := range c.changes {
			r.Changes = d.addTo(ctx, r.Changes, c.Case, ch)
		}
		r.Changes = addSpam(r.Changes, c)
		r.Via = viaOf(r.Via, d.requestsOf(c.Case, c.changes, c.spam))
	}
	if r.Notes = notesOf(all); slices.ContainsFunc(list, func(c *bulkCase) bool { return c.spam != nil }) {
		r.Notes = append(r.Notes, spamNote)
	}
	if reasons := leftOut(list); len(reasons) > 0 {
		r.Object[changedSince] = left
		r.Notes = append(r.Notes, "left out, since somebody changed it meanwhile: "+strings.Join(reasons, "; "))
	}
	r.Notes = append(r.Notes, d.oddAgents(ctx, list, "en")...)
	if len(same) > 0 {
		r.Object[guard.NoChange] = same
	}
	if len(agents) > 0 {
		r.Object["per_agent"] = agents
	}
	return r
}

const various = "various"

// addTo adds one case's change to a sum, in which a field stands once.
func (d *Desk) addTo(ctx context.Context, sum []guard.Change, c *wisecx.Case, ch change) []guard.Change {
	was := d.showField(ctx, c, ch)
	for i := range sum {
		one := &sum[i]
		if one.Field != ch.field.Name {
			continue
		}
		if fmt.Sprint(one.Before) != fmt.Sprint(was) {
			one.Before = various
		}
		if fmt.Sprint(one.After) != fmt.Sprint(ch.shown) {
			one.After = various
		}
		return sum
	}
	return append(sum, guard.Change{Field: ch.field.Name, Before: was, After: ch.shown})
}

// addSpam adds that cases are marked as spam, or as none, to a sum.
func addSpam(sum []guard.Change, c *bulkCase) []guard.Change {
	at := slices.IndexFunc(sum, func(ch guard.Change) bool { return ch.Field == "spam" })
	switch {
	case c.spam == nil:
	case at < 0:
		return append(sum, guard.Change{Field: "spam", After: *c.spam})
	case sum[at].After != *c.spam:
		sum[at].After = various
	}
	return sum
}

// changeAll changes the cases, several at a time, reads them back, and sums up. begun marks when they were read.
func (d *Desk) changeAll(ctx context.Context, list []*bulkCase, begun int, preview guard.Receipt) (*guard.Receipt, error) {
	inTime, cancel := scan.Time(ctx)
	defer cancel()
	work := scan.NewAhead(inTime, 0, len(list), 8, func(ctx context.Context, i int) (sending, error) {
		c := list[i]
		end, err := d.inTurn(ctx, c.Case, c.changes, begun)
		if err != nil {
			return sending{err: err}, nil
		}
		defer end()
		return d.sendAll(ctx, d.requestsOf(c.Case, c.changes, c.spam)), nil
	})
	defer work.Stop()
	told := scan.TellerOf(ctx)
	for i, c := range list {
		if work.Done() {
			c.skipped = true
			continue
		}
		c.sent, _ = work.Take()
		told.Say(i+1, len(list), "changing cases")
		if opened(c.sent.err) || inTime.Err() != nil {
			work.Finish()
		}
	}
	d.readAllBack(ctx, list)
	return d.bulkReceipt(ctx, list, preview)
}

// opened tells whether the API is not asked any more since it has failed too often.
func opened(err error) bool {
	var api *wisecx.Error
	return errors.As(err, &api) && !wisecx.MayHaveHappened(err) && (errors.Is(err, wisecx.ErrUnavailable) || errors.Is(err, wisecx.ErrLimit))
}

// readAllBack reads the cases that were changed, a hundred at a time, until what came of their changes is known.
func (d *Desk) readAllBack(ctx context.Context, list []*bulkCase) {
	var open []*bulkCase
	for _, c := range list {
		if c.skipped {
			continue
		}
		c.came = d.cameOf(ctx, c.Case, nil, c.changes, c.sent)
		if len(c.open) > 0 {
			c.unread = true
			open = append(open, c)
		}
	}
	_ = look(ctx, func() (err error) { // what could not be read is said of each case
		for some := range slices.Chunk(open, wisecx.MaxPage) {
			err = cmp.Or(err, d.readSome(ctx, some))
		}
		return err
	}, func(longer bool) bool {
		open = slices.DeleteFunc(open, func(c *bulkCase) bool {
			return !c.unread && (len(c.missed)+len(c.open) == 0 || longer && (len(c.open) == 0 || c.sent.taken == 0))
		})
		return len(open) == 0
	})
}

// readSome reads cases and holds their changes against what they are now.
func (d *Desk) readSome(ctx context.Context, list []*bulkCase) error {
	var ids []any
	for _, c := range list {
		ids = append(ids, int64(c.ID))
	}
	rows, err := d.api.ListCases(ctx, wisecx.Query{Fields: changeKeys, Filter: []wisecx.Condition{{Field: caseField("id"), Operator: wisecx.In, Values: ids}}})
	if err != nil {
		return err
	}
	for i := range rows {
		for _, c := range list {
			if c.ID == rows[i].ID {
				d.nameTags(ctx, &rows[i])
				c.unread, c.came = false, d.cameOf(ctx, c.Case, &rows[i], c.changes, c.sent)
			}
		}
	}
	return nil
}

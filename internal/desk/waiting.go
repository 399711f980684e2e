package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx"
)

// Waiting are the arguments of search_cases that only a case's thread can answer.
type Waiting struct {
	On           string `json:"o,omitempty"` // us or customer
	LongerThan   string `json:"l,omitempty"` // an age, or the moment before which the wait began
	WindowCloses string `json:"w,omitempty"` // within this time from now
	NeverReplied bool   `json:"n,omitempty"` // by a person of ours
}

// threadsAtOnce is how many threads a search by whose turn it is reads in one call.
const threadsAtOnce = 500

// waits is a Waiting as of a moment.
type waits struct {
	on     string
	since  time.Time // the wait began at this moment or before; zero for any
	closes time.Time // the WhatsApp window closes until this moment; zero for any
	never  bool
}

func waitsOf(w Waiting, now time.Time) (waits, error) {
	limits := waits{on: w.On, never: w.NeverReplied}
	if w.LongerThan != "" {
		at, err := pointInTime("waiting_longer_than", w.LongerThan, startOf, now)
		if err != nil {
			return limits, err
		}
		if at.After(now) {
			return limits, &Refusal{Argument: "waiting_longer_than", Problem: fmt.Sprintf("%q lies ahead", clip(w.LongerThan, 60)), Expected: "an age such as 90m, 24h or 2d"}
		}
		limits.since = at
	}
	if w.WindowCloses != "" {
		at, err := pointInTime("window_closes_within", w.WindowCloses, endOf, now)
		if err != nil {
			return limits, err
		}
		if at.Before(now) { // 2h stands for the two hours ahead
			at = now.Add(now.Sub(at))
		}
		limits.closes = at
	}
	return limits, nil
}

// implied are the filters that follow: who waits for a day has a case that is a day old, and windows are WhatsApp's.
// In cases that are solved nobody waits as a rule, so they are left out unless the caller names a status.
func (w waits) implied(d *Desk, ask CaseFilters, now time.Time) []*filter {
	var filters []*filter
	if len(ask.Status) == 0 {
		f, _ := statusFilter([]string{"unresolved"})
		filters = append(filters, f)
	}
	if !w.closes.IsZero() && len(ask.Channel) == 0 {
		filters = append(filters, &filter{Condition: wisecx.Condition{Field: caseField("channel"), Operator: wisecx.Equal, Values: []any{whatsApp}}, shown: []string{whatsApp}})
	}
	begun := w.since
	if closing := w.closes.Add(-windowLasts); !w.closes.IsZero() && (begun.IsZero() || closing.Before(begun)) {
		begun = closing
	}
	if !begun.IsZero() && begun.Before(now) {
		filters = append(filters, &filter{Condition: wisecx.Condition{Field: caseField("created_at"), Operator: wisecx.LowerEqual, Values: []any{begun}}, shown: []string{d.show(begun)}})
	}
	return filters
}

func (w waits) String(d *Desk) string {
	text := ""
	add := func(format string, values ...any) { text += " AND " + fmt.Sprintf(format, values...) }
	if w.on != "" {
		add("waiting_on = %s", w.on)
	}
	if !w.since.IsZero() {
		add("waiting_since <= %s", d.show(w.since))
	}
	if !w.closes.IsZero() {
		add("window_closes_at <= %s", d.show(w.closes))
	}
	if w.never {
		add("the customer wrote and was never replied to by a person")
	}
	return text
}

// holds tells whether a case is wanted.
func (w waits) holds(t turn, now time.Time) bool {
	switch {
	case w.on != "" && t.on != w.on,
		!w.since.IsZero() && (t.on == onNobody || t.since.After(w.since)),
		!w.closes.IsZero() && (t.window.IsZero() || !t.window.After(now) || t.window.After(w.closes)),
		w.never && (t.replied || !t.asked): // where the customer said nothing there is nothing to reply to
		return false
	}
	return true
}

// waitingCase is a case with whose turn it is.
type waitingCase struct {
	*wisecx.Case
	turn  turn
	after scan.Place // in the order of the list
}

// batch is what one call read of the threads of a list of cases.
type batch struct {
	cases   []waitingCase // that are wanted, in the order of the answer
	size    int           // threads that were read
	end     scan.Place    // behind the last of them
	more    bool          // the list goes on there
	notes   []string
	certain int  // rows, from the first on, that no unread case can come before
	lags    bool // a case's updated_at was older than its newest message
	missing lacking
	blind   bool // entries came without what tells whose turn it is
}

// searchWaiting lists the cases whose turn, window or lack of a reply is asked for: the longest wait first, or in the
// order that the caller asks for.
func (d *Desk) searchWaiting(ctx context.Context, ask CaseSearch, search *listScan[wisecx.Case], columns []column, from cursor, now time.Time) (*CasePage, error) {
	limits, err := waitsOf(ask.Waiting, now)
	if err != nil {
		return nil, err
	}
	search.filters = append(search.filters, limits.implied(d, ask.CaseFilters, now)...)
	if ask.SortBy == "" { // long waits are in old cases
		search.down = false
	}
	search.keys = keysOf(d.looked(columns), search.filters, search.sort)
	for _, key := range caseTable.keys("number", "status", "solved_at", "closed_at", "updated_at", "channel_account") {
		if !slices.Contains(search.keys, key) {
			search.keys = append(search.keys, key)
		}
	}
	applied := appliedOf(search.filters) + limits.String(d)
	chosen := search.filters
	if !limits.closes.IsZero() { // the customer wrote within the time that a window lasts
		if f := d.updatedSince(now.Add(-windowLasts)); f != nil {
			search.filters = append(slices.Clip(chosen), f)
		}
	}
	page := &CasePage{Applied: applied, shown: columns,
		Page: Page{Timezone: d.zone.String(), query: encode(&ask.CaseQuery), now: now}}
	size := threadsAtOnce
	if from.inside.Offset > 0 {
		size = min(from.inside.Offset, threadsAtOnce)
	}
	key := fmt.Sprint(string(page.query), now.Unix(), from.place)
	b := d.batches.get(key, d.now())
	if b == nil {
		if b, err = d.waitingBatch(ctx, search, limits, from.place, size, ask.SortBy == ""); err != nil {
			return nil, err
		}
		if b.lags && !d.laggard.Swap(true) && len(search.filters) > len(chosen) {
			search.filters = chosen
			if b, err = d.waitingBatch(ctx, search, limits, from.place, size, ask.SortBy == ""); err != nil {
				return nil, err
			}
		}
		d.batches.put(key, b, d.now())
	}
	if err := d.showWaiting(ctx, page, b, ask, columns, from); err != nil {
		return nil, err
	}
	page.Notes = append(page.Notes, hints(ask, chosen, page)...)
	if b.size == 0 && !b.more && ask.Cursor == "" {
		page.Notes = append(page.Notes, d.valueNotes(ctx, chosen)...)
	}
	return page, nil
}

// waitingBatch reads the cases from a place on and their threads, several at a time.
func (d *Desk) waitingBatch(ctx context.Context, search *listScan[wisecx.Case], limits waits, from scan.Place, size int, byWait bool) (*batch, error) {
	list, err := search.run(ctx, from, size)
	if err != nil {
		return nil, err
	}
	rows, next := list.Answer()
	b := &batch{end: from, more: next != nil, notes: search.notes}
	reading, cancel := scan.Time(ctx)
	defer cancel()
	agents, agentsErr := d.directory.names(reading, "agent")
	if agentsErr != nil {
		b.notes = append(b.notes, "bots cannot be told from agents: "+reason(agentsErr))
	}
	threads := scan.NewAhead(reading, 0, len(rows), scan.Workers, func(ctx context.Context, i int) (*thread, error) {
		return d.thread(ctx, rows[i].ID, 0)
	})
	defer threads.Stop()
	told := scan.TellerOf(ctx)
	var unread []string
	for _, r := range rows {
		t, err := threads.Take()
		switch {
		case err != nil && !onlyThis(err):
			if ctx.Err() != nil || b.size == 0 && !errors.Is(err, context.DeadlineExceeded) {
				return nil, err
			}
			b.more = true
			b.notes = append(b.notes, fmt.Sprintf("read the conversations of %d cases and stopped: %s; next_cursor goes on with the others", b.size, stopReason(err)))
			b.tellLacking(limits)
			return b.sorted(byWait), nil
		case err != nil:
			unread = append(unread, fmt.Sprint(r.Item.Number))
		default:
			b.lags = b.lags || d.lags(r.Item, t)
			b.missing.look(t.entries)
			if turn := turnOf(t, agents, r.Item); limits.holds(turn, d.now()) {
				b.cases = append(b.cases, waitingCase{r.Item, turn, r.After})
			}
		}
		b.size, b.end = b.size+1, r.After
		told.Say(b.size, len(rows), "reading conversations")
	}
	if b.more {
		b.end = *next
		b.notes = append(b.notes, fmt.Sprintf("read the conversations of %d cases, %s; next_cursor goes on with the others", b.size, orderWords(search)))
	}
	if len(unread) > 0 {
		b.notes = append(b.notes, "the conversations of these cases could not be read: "+few(unread))
	}
	b.tellLacking(limits)
	if b.sorted(byWait); byWait && len(rows) > 0 {
		b.count(rows[len(rows)-1].Item.CreatedAt.Time)
	}
	return b, nil
}

// tellLacking notes what the entries of the conversations came without.
func (b *batch) tellLacking(limits waits) {
	notes := b.missing.notes(limits.fields()...)
	b.notes, b.blind = append(b.notes, notes...), len(notes) > 0
}

// fields are those of entries that whose turn it is goes by.
func (w waits) fields() []string {
	fields := []string{"type", "created_at", "agent"}
	if !w.closes.IsZero() {
		fields = append(fields, "channel")
	}
	return fields
}

// count counts the rows that are certain to come first: in the order of creation nobody behind a case can have waited
// since before it began.
func (b *batch) count(last time.Time) {
	for _, c := range b.cases {
		if c.turn.since.IsZero() || !c.turn.since.Before(last) {
			break
		}
		b.certain++
	}
}

func stopReason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "the call's time was up"
	}
	return reason(err)
}

func orderWords(search *listScan[wisecx.Case]) string {
	if search.sort.Name == "id" && !search.down {
		return "the oldest that fit"
	}
	return "the first in this order"
}

// sorted puts the longest wait first where no other order is asked for.
func (b *batch) sorted(byWait bool) *batch {
	if byWait {
		slices.SortStableFunc(b.cases, func(a, c waitingCase) int {
			return cmp.Or(cmp.Compare(a.sortKey(), c.sortKey()), cmp.Compare(a.ID, c.ID))
		})
	}
	return b
}

// sortKey is when the wait began; where nobody waits, the window that closes first counts.
func (c *waitingCase) sortKey() int64 {
	switch {
	case !c.turn.since.IsZero():
		return c.turn.since.Unix()
	case !c.turn.window.IsZero():
		return c.turn.window.Unix()
	}
	return c.CreatedAt.Unix()
}

const onlyUnresolved = "only unresolved cases were looked at; name status to look at others"

// showWaiting shows a page of a batch, and where to go on: in the batch, else behind it.
func (d *Desk) showWaiting(ctx context.Context, page *CasePage, b *batch, ask CaseSearch, columns []column, from cursor) error {
	rest := b.cases
	if at := from.inside; at.Offset > 0 {
		i := slices.IndexFunc(rest, func(c waitingCase) bool { return int64(c.ID) == at.ID })
		rest = rest[i+1:]
	}
	shown := rest[:min(ask.Limit, len(rest))]
	cases := make([]*wisecx.Case, len(shown))
	for i, c := range shown {
		cases[i] = c.Case
		page.after = append(page.after, spot{from.place, scan.Place{Offset: b.size, ID: int64(c.ID), Key: c.sortKey()}})
	}
	page.HasMore = b.more || len(rest) > len(shown)
	if page.next = (spot{place: b.end}); len(rest) > len(shown) {
		page.next = page.after[len(shown)-1]
	}
	rows, notes, err := d.caseRows(ctx, cases, columns)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].setTurn(d, shown[i].turn)
	}
	page.Rows, page.Notes = rows, append(slices.Clone(b.notes), notes...)
	page.Coverage = Coverage{From: window(d.now().In(d.zone)).Format(time.DateOnly), Scanned: b.size, Complete: !b.more && !b.blind}
	page.Coverage.reach(ask.CaseFilters, page.now, page)
	if len(ask.Status) == 0 {
		page.Notes = append(page.Notes, onlyUnresolved)
	}
	if w := ask.Waiting; w.On == "" && w.LongerThan != "" {
		page.Notes = append(page.Notes, "both sides are listed; waiting_on us leaves those whom we owe an answer")
	}
	if ask.SortBy == "" && ask.Ordered {
		page.Notes = append(page.Notes, "the longest wait comes first; sort_order goes with sort_by")
	}
	if b.certain > 0 && b.more {
		page.Notes = append(page.Notes, fmt.Sprintf("the first %d rows of this order are certain: no case that was not read can have waited longer", b.certain))
	}
	return nil
}

// turnColumns are those that setTurn adds.
var turnColumns = []string{"waiting_on", "waiting_since", "window_closes_at"}

// setTurn adds whose turn it is to a row.
func (r *Row) setTurn(d *Desk, t turn) {
	r.set("waiting_on", t.on)
	if !t.since.IsZero() {
		r.set("waiting_since", d.show(t.since))
	}
	if !t.window.IsZero() {
		r.set("window_closes_at", d.show(t.window))
	}
}

package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// MessagesQuery is what get_case_messages asks, as the caller wrote it. It is what a cursor holds.
type MessagesQuery struct {
	ID          int64    `json:"i,omitempty"`
	Number      int64    `json:"n,omitempty"`
	OldestFirst bool     `json:"o,omitempty"`
	From        []string `json:"f,omitempty"` // customer, agent, system; none means the first two
	At          Range    `json:"a,omitzero"`
	Message     int64    `json:"m,omitempty"` // only this one, whole
	Folded      bool     `json:"q,omitempty"` // or, for the rest of what a list cut, with the same folded
}

// MessagesAsk is a page of a MessagesQuery.
type MessagesAsk struct {
	MessagesQuery
	Limit  int
	Cursor string
}

// MessagesPage is a page of one case's conversation.
type MessagesPage struct {
	Page
	Case Row  // id, number, subject
	One  bool // a single message is shown

	folded bool // of the text of a single message, what a list folds
	begin  int  // where that text is shown from, in bytes
}

// CutOne has the page of a single message go on behind the first bytes of what it shows.
func (p *MessagesPage) CutOne(shown int) {
	p.HasMore, p.after, p.next = true, nil, spot{place: scan.Place{Offset: p.begin + shown}}
}

// Rest continues the text of a row's message behind its first bytes.
func (p *MessagesPage) Rest(row Row, shown int) string {
	return restOf(p.Case, row, p.folded || !p.One, p.begin+shown, p.now)
}

// Rest continues the text of a message behind its first bytes, as a cursor of get_case_messages.
func (v *CaseView) Rest(row Row, shown int) string { return restOf(v.Case, row, true, shown, v.now) }

func restOf(c, message Row, folded bool, shown int, now time.Time) string {
	return cursor{query: queryOfOne(c, message, folded), now: now.Unix(), place: scan.Place{Offset: shown}}.String()
}

// queryOfOne asks for a single message of a case.
func queryOfOne(c, message Row, folded bool) []byte {
	ask := MessagesQuery{Folded: folded}
	ask.ID, _ = c.Get("id").(int64)
	ask.Number, _ = c.Get("number").(int64)
	ask.Message, _ = message.Get("id").(int64)
	return encode(&ask)
}

// CaseMessages reads one case's conversation, a page at a time.
func (d *Desk) CaseMessages(ctx context.Context, ask MessagesAsk) (*MessagesPage, error) {
	ask.forgetWhatItRepeats()
	from, now, err := resume(ask.Cursor, &ask.MessagesQuery, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	span, err := d.spanOf(ask.At, now)
	if err != nil {
		return nil, err
	}
	page := &MessagesPage{Page: Page{Timezone: d.zone.String(), query: encode(&ask.MessagesQuery), now: now}}
	view := &CaseView{}
	one := CaseAsk{ID: ask.ID, Number: ask.Number}
	if one.ID != 0 {
		one.Number = 0
	}
	c, err := d.findCase(ctx, one, caseTable.keys("id", "number", "subject", "contact"), view)
	if err != nil {
		return nil, err
	}
	var reading sync.WaitGroup
	var agents *names
	var contact *wisecx.Contact
	reading.Go(func() { agents, _ = d.directory.names(ctx, "agent") })
	if d.mask.Active() && c.ContactID != 0 {
		reading.Go(func() { contact, _ = d.api.GetContact(ctx, int64(c.ContactID), d.toMask(contactKeys...)...) })
	}
	var entries []located
	reading.Go(func() {
		if ask.Message != 0 {
			entries, err = d.oneEntry(ctx, int64(c.ID), ask.Message)
			return
		}
		entries, err = d.entries(ctx, int64(c.ID), ask, from.place, span, page)
	})
	reading.Wait()
	if err != nil {
		return nil, err
	}
	mask := d.maskOf(contact)
	page.Notes = append(view.Notes, page.Notes...)
	page.Case.set("id", int64(c.ID))
	page.Case.set("number", int64(c.Number))
	page.Case.set("subject", shorten(mask.Words(text.Line(string(c.Subject))), subjectSize))
	for _, e := range entries {
		page.Rows = append(page.Rows, d.entryRow(e.Activity, agents, mask))
		page.after = append(page.after, spot{place: e.after})
	}
	if page.One = ask.Message != 0 && !entries[0].IsEvent(); page.One {
		page.folded = ask.Folded
		page.query = queryOfOne(page.Case, page.Rows[0], page.folded)
		said, _ := page.Rows[0].Get("said").(string)
		if !page.folded {
			said = mask.Words(text.Whole(string(entries[0].Content)))
		}
		page.from(said, from.place.Offset)
	}
	return page, nil
}

// forgetWhatItRepeats makes the query empty where all of it stands in the cursor of a message's rest, which holds
// the case's id and number while a caller names one of them.
func (ask *MessagesAsk) forgetWhatItRepeats() {
	c, err := parseCursor(ask.Cursor)
	var held MessagesQuery
	if err != nil || c.query[0] != listOf[MessagesQuery]() || json.Unmarshal(c.query[1:], &held) != nil || held.Message == 0 {
		return
	}
	same := func(given, held int64) bool { return given == 0 || given == held }
	if given := ask.MessagesQuery; same(given.ID, held.ID) && same(given.Number, held.Number) && same(given.Message, held.Message) {
		ask.MessagesQuery = MessagesQuery{}
	}
}

// located is an entry of a thread with the place just behind it in the order of reading.
type located struct {
	*wisecx.Activity
	after scan.Place
}

// entries reads those of a thread that are asked for, from a place on, and tells the page where it goes on.
func (d *Desk) entries(ctx context.Context, caseID int64, ask MessagesAsk, from scan.Place, within period, page *MessagesPage) ([]located, error) {
	t, err := d.readThread(ctx, caseID, ask.OldestFirst, from.Offset/wisecx.MaxPage+1, func(read []wisecx.Activity) bool {
		return len(ask.wanted(&thread{entries: read}, from, within)) > ask.Limit || ask.past(read, within)
	})
	if err != nil {
		return nil, err
	}
	var missing lacking
	missing.look(t.entries)
	page.Notes = append(page.Notes, missing.notes("type", "created_at", "content", "agent")...)
	found := ask.wanted(t, from, within)
	unread := !t.whole && !t.unsorted && !ask.past(t.entries, within)
	if t.unsorted && !t.whole {
		page.Notes = append(page.Notes, fmt.Sprintf("the API does not sort this conversation: only %d of its entries were read, and there are others", len(t.entries)))
	}
	if page.HasMore = len(found) > ask.Limit || unread; len(found) > ask.Limit {
		found = found[:ask.Limit]
		page.next.place = found[ask.Limit-1].after
	} else if unread {
		page.next.place = ask.last(t, from)
		page.Notes = append(page.Notes, fmt.Sprintf("looked through %d entries of the thread and stopped; next_cursor goes on from there", len(t.entries)))
	}
	return found, nil
}

// last is the place behind all that was read.
func (ask *MessagesAsk) last(t *thread, from scan.Place) scan.Place {
	if len(t.entries) == 0 {
		return from
	}
	all := *ask
	all.From = []string{fromCustomer, fromAgent, fromSystem}
	read := all.wanted(t, scan.Place{}, period{})
	return read[len(read)-1].after
}

// wanted gives what is asked for of a thread's entries, which are in order of time, in the order of reading. A thread that
// the API does not sort is read from its beginning each time.
func (ask *MessagesAsk) wanted(t *thread, from scan.Place, within period) []located {
	start := max(0, t.first-1) * wisecx.MaxPage
	var found []located
	for n := range t.entries {
		a := &t.entries[len(t.entries)-1-n]
		if ask.OldestFirst {
			a = &t.entries[n]
		}
		e := located{a, scan.Place{Offset: start + n, Key: a.CreatedAt.Unix(), ID: int64(a.ID)}}
		if t.unsorted {
			e.after.Offset = 0
		}
		if isBehind(e.after, from, ask.OldestFirst) && within.holds(a.CreatedAt.Time) && slices.Contains(ask.sides(), sideOf(a)) {
			found = append(found, e)
		}
	}
	return found
}

// isBehind tells whether a place comes after another in the order of reading.
func isBehind(p, from scan.Place, oldestFirst bool) bool {
	order := cmp.Or(cmp.Compare(p.Key, from.Key), cmp.Compare(p.ID, from.ID))
	if !oldestFirst {
		order = -order
	}
	return from.ID == 0 || order > 0
}

// past tells whether the reading has left the span of time that is asked for.
func (ask *MessagesAsk) past(entries []wisecx.Activity, within period) bool {
	switch {
	case len(entries) == 0:
		return false
	case ask.OldestFirst:
		return !within.before.IsZero() && !entries[len(entries)-1].CreatedAt.Before(within.before)
	}
	return !within.after.IsZero() && entries[0].CreatedAt.Before(within.after)
}

// sides are whose entries are asked for.
func (ask *MessagesAsk) sides() []string {
	if len(ask.From) == 0 {
		return []string{fromCustomer, fromAgent}
	}
	return ask.From
}

// Who an entry of a thread is from.
const (
	fromCustomer = "customer"
	fromAgent    = "agent"
	fromSystem   = "system"
)

func sideOf(a *wisecx.Activity) string {
	switch {
	case a.IsEvent():
		return fromSystem
	case a.Type == wisecx.ContactMessage, a.CallData != nil && calledUs(a):
		return fromCustomer
	}
	return fromAgent
}

// oneEntry asks for one entry of a thread.
func (d *Desk) oneEntry(ctx context.Context, caseID, id int64) ([]located, error) {
	a, err := askedWithKeys(d, func(keys []string) (*wisecx.Activity, error) { return d.api.GetActivity(ctx, caseID, id, keys...) })
	if err == nil && int64(a.ID) == id {
		return []located{{Activity: a}}, nil
	}
	if err != nil && !errors.Is(err, wisecx.ErrNotFound) && !errors.Is(err, wisecx.ErrBadRequest) && !errors.Is(err, wisecx.ErrUnsupported) {
		return nil, err
	}
	t, err := d.readThread(ctx, caseID, false, 1, func(read []wisecx.Activity) bool {
		return slices.ContainsFunc(read, func(a wisecx.Activity) bool { return int64(a.ID) == id })
	})
	if err != nil {
		return nil, err
	}
	for i := range t.entries {
		if int64(t.entries[i].ID) == id {
			return []located{{Activity: &t.entries[i]}}, nil
		}
	}
	return nil, &NotFound{What: fmt.Sprintf("this case has no message %d", id), Next: "get_case_messages without message_id lists the messages of a case with their ids"}
}

// entryRow shows an entry of a thread, whoever wrote it.
func (d *Desk) entryRow(a *wisecx.Activity, agents *names, mask text.Mask) Row {
	if !a.IsEvent() {
		return d.messageRow(a, agents, mask)
	}
	var row Row
	row.set("id", int64(a.ID))
	row.set("at", d.moment(a.CreatedAt))
	row.set("from", fromSystem)
	row.set("said", d.eventWords(a))
	return row
}

// from shows the text of the one message from a byte on.
func (p *MessagesPage) from(said string, begin int) {
	for begin < len(said) && !utf8.RuneStart(said[begin]) {
		begin++
	}
	p.begin = min(begin, len(said))
	p.Rows[0] = p.Rows[0].With("said", said[p.begin:])
}

// period is a stretch of time; a zero end is open.
type period struct{ after, before time.Time }

func (s period) holds(at time.Time) bool {
	return (s.after.IsZero() || !at.Before(s.after)) && (s.before.IsZero() || at.Before(s.before))
}

// spanOf reads both ends of a span: after includes, before excludes.
func (d *Desk) spanOf(r Range, now time.Time) (s period, err error) {
	if r.After != "" {
		if s.after, err = pointInTime("after", r.After, startOf, now); err != nil {
			return s, err
		}
	}
	if r.Before != "" {
		if s.before, err = pointInTime("before", r.Before, endOf, now); err != nil {
			return s, err
		}
	}
	if !s.after.IsZero() && !s.before.IsZero() && !s.after.Before(s.before) {
		return s, &Refusal{Argument: "before", Problem: fmt.Sprintf("%s is not later than after, %s", d.show(s.before), d.show(s.after)),
			Expected: "a point in time after it; nothing lies between them"}
	}
	return s, nil
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// MessageQuery is what search_messages asks, as the caller wrote it. It is what a cursor holds.
type MessageQuery struct {
	CaseFilters
	Words   []string `json:"x,omitempty"` // any of them; none means every message
	From    []string `json:"f,omitempty"`
	At      Range    `json:"at,omitzero"`
	PerCase string   `json:"pc,omitempty"` // matching, first, last, all; "" means matching
}

// MessageSearch is a page of a MessageQuery.
type MessageSearch struct {
	MessageQuery
	MaxCases int // whose threads are read in this call, at the most
	Limit    int
	Cursor   string
}

// MessageMatches is a page of messages of several cases.
type MessageMatches struct {
	Page
	Applied  string
	Coverage MessageCoverage
}

// mostCases is how many threads one call reads at the most.
const mostCases = 500

// longestWords is how long one text to look for may be, in bytes.
const longestWords = 1000

// SearchMessages reads the threads of the cases that the filters leave, newest case first, several at a time, and
// keeps the messages that match. It ends when the page is full, at its bound of cases, or when the time is up.
func (d *Desk) SearchMessages(ctx context.Context, ask MessageSearch) (*MessageMatches, error) {
	from, now, err := resume(ask.Cursor, &ask.MessageQuery, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	for _, words := range ask.Words {
		if len(words) > longestWords || text.NewQuery(words).IsEmpty() {
			return nil, &Refusal{Argument: "text", Problem: fmt.Sprintf("%q is empty or too long", clip(words, 60)), Expected: fmt.Sprintf("words or numbers of a message, at most %d bytes", longestWords)}
		}
	}
	within, err := d.spanOf(ask.At, now)
	if err != nil {
		return nil, err
	}
	filters, err := d.filters(ctx, ask.CaseFilters, now)
	if err != nil {
		return nil, err
	}
	for {
		s := &messageScan{desk: d, ask: ask, query: text.NewQuery(ask.Words...), span: within}
		found, err := s.run(ctx, filters, from, now)
		if s.stale && !d.laggard.Swap(true) && !within.after.IsZero() {
			continue // cases were chosen by what does not hold
		}
		return found, err
	}
}

func (s *messageScan) run(ctx context.Context, filters []*filter, from cursor, now time.Time) (*MessageMatches, error) {
	d, ask := s.desk, s.ask
	found := &MessageMatches{Page: Page{Timezone: d.zone.String(), query: encode(&ask.MessageQuery), now: now, next: spot{from.place, from.inside}}}
	found.Applied = s.applied(filters)
	search := &listScan[wisecx.Case]{desk: d, kind: d.caseKind(), filters: append(slices.Clip(filters), s.implied()...), sort: caseField("id"), down: true}
	search.keys = keysOf(nil, search.filters, search.sort)
	search.keys = append(search.keys, caseTable.keys("number", "contact", "created_at", "updated_at")...)
	cases, err := search.run(ctx, from.place, ask.MaxCases)
	if err != nil {
		return nil, err
	}
	found.Notes = search.notes
	rows, next := cases.Answer()
	if err := s.read(ctx, rows, next, from.inside, found); err != nil {
		return nil, err
	}
	s.cover(found, cases, now)
	return found, nil
}

// messageScan reads threads for messages.
type messageScan struct {
	desk   *Desk
	ask    MessageSearch
	query  text.Query
	span   period
	agents *names
	masks  map[int64]text.Mask // by contact, where masking is on

	unread  []string // numbers of the cases whose thread could not be read
	long    []string // of those whose thread was not read to its end
	missing lacking  // of the threads' entries
	stale   bool     // a case's updated_at was older than its newest message
	newest  time.Time
	oldest  time.Time
	threads int
	broken  error // why the reading was broken off
}

// implied are the filters that follow from the time of the messages: a case holds none from before it was created,
// nor from after it was last updated.
func (s *messageScan) implied() []*filter {
	var filters []*filter
	if at := s.span.before; !at.IsZero() {
		filters = append(filters, &filter{Condition: wisecx.Condition{Field: caseField("created_at"), Operator: wisecx.Lower, Values: []any{at}}, shown: []string{s.desk.show(at)}})
	}
	if f := s.desk.updatedSince(s.span.after); f != nil {
		filters = append(filters, f)
	}
	return filters
}

func (s *messageScan) applied(filters []*filter) string {
	var parts []string
	if len(filters) > 0 {
		parts = append(parts, appliedOf(filters))
	}
	if len(s.ask.Words) > 0 {
		parts = append(parts, fmt.Sprintf("text any of %q", clip(text.Line(strings.Join(s.ask.Words, " | ")), 200)))
	}
	if len(s.ask.From) > 0 {
		parts = append(parts, fmt.Sprintf("from IN (%s)", strings.Join(s.ask.From, ", ")))
	}
	if !s.span.after.IsZero() {
		parts = append(parts, "at >= "+s.desk.show(s.span.after))
	}
	if !s.span.before.IsZero() {
		parts = append(parts, "at < "+s.desk.show(s.span.before))
	}
	if s.ask.PerCase != "" && s.ask.PerCase != perMatching {
		parts = append(parts, "per case: "+s.ask.PerCase)
	}
	if len(parts) == 0 {
		return "no filter"
	}
	return strings.Join(parts, " AND ")
}

// Which of a case's messages are shown.
const (
	perMatching = "matching"
	perFirst    = "first"
	perLast     = "last"
	perAll      = "all"
)

// read reads the threads of the cases in order. inside is how far a call before this one came in the first of them.
func (s *messageScan) read(ctx context.Context, cases []scan.Row[wisecx.Case], next *scan.Place, inside scan.Place, found *MessageMatches) error {
	reading, cancel := scan.Time(ctx)
	defer cancel()
	s.agents, _ = s.desk.directory.names(reading, "agent")
	if err := s.knowContacts(reading, cases); err != nil {
		return err
	}
	threads := scan.NewAhead(reading, 0, len(cases), scan.Workers, func(ctx context.Context, i int) (*thread, error) {
		return s.thread(ctx, cases[i].Item)
	})
	defer threads.Stop()
	told := scan.TellerOf(ctx)
	at := found.next.place
	for i := range cases {
		c := cases[i].Item
		t, err := threads.Take()
		if err != nil && !onlyThis(err) {
			if ctx.Err() != nil || i == 0 && !errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			s.broken, found.HasMore = err, true
			found.next = spot{at, inside}
			return nil
		}
		s.note(c, t)
		if err != nil {
			s.unread = append(s.unread, fmt.Sprint(c.Number))
			t = &thread{}
		}
		for _, a := range s.matches(t, int64(c.ID), inside) {
			if len(found.Rows) == s.ask.Limit {
				found.HasMore = true
				found.next = found.after[len(found.after)-1]
				return nil
			}
			found.Rows = append(found.Rows, s.row(c, a))
			found.after = append(found.after, spot{at, scan.Place{Offset: int(c.ID), Key: a.CreatedAt.Unix(), ID: int64(a.ID)}})
		}
		at, inside = cases[i].After, scan.Place{}
		if len(found.Rows) == s.ask.Limit && (next != nil || i+1 < len(cases)) { // whether there are more is not worth reading on
			found.HasMore, found.next = true, spot{place: at}
			return nil
		}
		told.Say(i+1, len(cases), "reading conversations")
	}
	if next != nil {
		found.HasMore, found.next = true, spot{place: *next}
	}
	return nil
}

// onlyThis tells whether a refusal is about one thread only, so that the others can be read.
func onlyThis(err error) bool {
	return errors.Is(err, wisecx.ErrNotFound) || errors.Is(err, wisecx.ErrBadRequest)
}

// thread reads as much of a case's thread as the question needs.
func (s *messageScan) thread(ctx context.Context, c *wisecx.Case) (*thread, error) {
	bare := len(s.ask.Words) == 0
	oldestFirst := s.ask.PerCase == perFirst && bare
	return s.desk.readThread(ctx, int64(c.ID), oldestFirst, 1, func(read []wisecx.Activity) bool {
		if bare && (s.ask.PerCase == perFirst || s.ask.PerCase == perLast) && len(s.hits(&thread{entries: read})) > 0 {
			return true
		}
		return !oldestFirst && !s.span.after.IsZero() && s.ask.PerCase != perAll && len(read) > 0 && read[0].CreatedAt.Before(s.span.after)
	})
}

// hits are the messages of a thread that fit the question, oldest first.
func (s *messageScan) hits(t *thread) []*wisecx.Activity {
	var hits []*wisecx.Activity
	for i := range t.entries {
		a := &t.entries[i]
		if s.span.holds(a.CreatedAt.Time) && s.from(a) && s.query.Matches(append([]string{text.Said(string(a.Content))}, a.Attachments...)...) {
			hits = append(hits, a)
		}
	}
	return hits
}

func (s *messageScan) from(a *wisecx.Activity) bool {
	if len(s.ask.From) == 0 {
		return sideOf(a) != fromSystem
	}
	return slices.Contains(s.ask.From, sideOf(a))
}

// matches are the messages of a thread that are shown, behind the place where a call before this one ended.
func (s *messageScan) matches(t *thread, caseID int64, inside scan.Place) []*wisecx.Activity {
	hits := s.hits(t)
	if len(hits) == 0 {
		return nil
	}
	switch s.ask.PerCase {
	case perFirst:
		hits = hits[:1]
	case perLast:
		hits = hits[len(hits)-1:]
	case perAll:
		hits = nil
		for i := range t.entries {
			if a := &t.entries[i]; sideOf(a) != fromSystem || s.from(a) { // whoever wrote: from says what matches
				hits = append(hits, a)
			}
		}
	}
	if inside.ID != 0 && int64(inside.Offset) == caseID {
		hits = slices.DeleteFunc(hits, func(a *wisecx.Activity) bool {
			return !isBehind(scan.Place{Key: a.CreatedAt.Unix(), ID: int64(a.ID)}, inside, true)
		})
	}
	return hits
}

// note keeps what the coverage says of a thread that was read.
func (s *messageScan) note(c *wisecx.Case, t *thread) {
	s.threads++
	if at := c.CreatedAt.Time; !at.IsZero() {
		if s.newest.IsZero() || at.After(s.newest) {
			s.newest = at
		}
		if s.oldest.IsZero() || at.Before(s.oldest) {
			s.oldest = at
		}
	}
	if t == nil || len(t.entries) == 0 {
		return
	}
	s.missing.look(t.entries)
	if len(t.entries) >= threadPages*wisecx.MaxPage && !t.whole {
		s.long = append(s.long, fmt.Sprint(c.Number))
	}
	s.stale = s.stale || s.desk.lags(c, t)
}

// knowContacts reads who the customers are where their names have to be masked in what they wrote.
func (s *messageScan) knowContacts(ctx context.Context, rows []scan.Row[wisecx.Case]) error {
	s.masks = map[int64]text.Mask{}
	if !s.desk.mask.Active() {
		return nil
	}
	cases := make([]*wisecx.Case, len(rows))
	for i, r := range rows {
		cases[i] = r.Item
	}
	contacts, err := s.desk.contactNames(ctx, cases)
	for id, c := range contacts {
		s.masks[id] = s.desk.maskOf(&c)
	}
	return err
}

// snippetSize is how much of a message a row shows, in bytes.
const snippetSize = 300

func (s *messageScan) row(c *wisecx.Case, a *wisecx.Activity) Row {
	mask, known := s.masks[int64(c.ContactID)]
	if !known {
		mask = s.desk.mask
	}
	whole := s.desk.messageRow(a, s.agents, mask)
	var row Row
	row.set("case_number", int64(c.Number))
	if c.Number == 0 {
		row.set("case_id", int64(c.ID))
	}
	row.set("message_id", int64(a.ID))
	row.set("at", whole.Get("at"))
	row.set("from", sideOf(a))
	row.set("by", whole.Get("by"))
	if said, _ := whole.Get("said").(string); said != "" {
		row.set("snippet", text.Snippet(said, s.query, snippetSize))
	} else if a.IsEvent() {
		row.set("snippet", s.desk.eventWords(a))
	}
	for _, name := range []string{"files", "call", "delivery"} {
		row.set(name, whole.Get(name))
	}
	return row
}

// few lists at most ten of many.
func few(list []string) string {
	if len(list) > 10 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:10], ", "), len(list)-10)
	}
	return strings.Join(list, ", ")
}

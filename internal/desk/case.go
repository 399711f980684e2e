package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// CaseAsk says which case to show, and what of it.
type CaseAsk struct {
	ID, Number int64    // one of them
	Include    []string // contact, messages, events, custom_fields
	Latest     int      // messages, and events, at the most
}

// CaseView is one case as a person would read it.
type CaseView struct {
	Case     Row
	Contact  Row
	Messages []Row // oldest first
	Events   []Row
	Earlier  int  // messages before the first one shown, as far as was read
	Partly   bool // the thread was not read to its beginning, so that there are more than Earlier
	Timezone string
	Notes    []string

	now time.Time
}

// caseFields are what one case shows, in this order; concise rows show fewer.
var caseFields = []string{"number", "subject", "status", "priority", "queue", "agent", "channel", "channel_account", "type", "tags",
	"created_at", "updated_at", "first_read_at", "due_at", "solved_at", "closed_at", "sla_result", "bot_attended", "bot_resolved", "summary", "contact_id"}

// GetCase shows one case with whose turn it is. A number is tried as an id too, and an id as a number,
// since people mix them up.
func (d *Desk) GetCase(ctx context.Context, ask CaseAsk) (*CaseView, error) {
	columns, err := columnsOf(caseFields)
	if err != nil {
		return nil, err
	}
	wants := func(part string) bool { return slices.Contains(ask.Include, part) }
	keys := keysOf(columns, nil, caseField("id"))
	if wants("custom_fields") {
		keys = append(keys, "custom_fields")
	}
	view := &CaseView{Timezone: d.zone.String(), now: d.now()}
	c, err := d.findCase(ctx, ask, keys, view)
	if err != nil {
		return nil, err
	}
	var reading sync.WaitGroup
	var conversation *thread
	var agents *names
	var threadErr, agentsErr, contactErr, rowErr error
	var rows []Row
	var notes []string
	var contact *wisecx.Contact
	reading.Go(func() { conversation, threadErr = d.thread(ctx, int64(c.ID), ask.Latest) })
	reading.Go(func() { agents, agentsErr = d.directory.names(ctx, "agent") })
	reading.Go(func() { rows, notes, rowErr = d.caseRows(ctx, []*wisecx.Case{c}, columns) })
	if c.ContactID != 0 && (wants("contact") || d.mask.Active()) {
		reading.Go(func() { contact, contactErr = d.api.GetContact(ctx, int64(c.ContactID), d.toMask(contactFields...)...) })
	}
	reading.Wait()
	if err := errors.Join(rowErr, ctx.Err()); err != nil {
		return nil, err
	}
	view.Case, view.Notes = rows[0], append(view.Notes, notes...)
	if wants("custom_fields") {
		view.Case.set("custom_fields", d.customFields(c.CustomFields))
	}
	if contact != nil && wants("contact") {
		view.Contact = d.contactBlock(contact)
	}
	if contactErr != nil {
		view.Notes = append(view.Notes, "the contact cannot be shown: "+reason(contactErr))
	}
	if threadErr != nil {
		view.Notes = append(view.Notes, "the conversation cannot be shown, nor whose turn it is: "+reason(threadErr))
		return view, nil
	}
	if agentsErr != nil {
		view.Notes = append(view.Notes, "bots cannot be told from agents: "+reason(agentsErr))
	}
	var missing lacking
	missing.look(conversation.entries)
	view.Notes = append(view.Notes, missing.notes("type", "created_at", "content", "agent", "channel")...)
	d.showTurn(view, turnOf(conversation, agents, c))
	d.showThread(view, conversation, agents, d.maskOf(contact), ask)
	return view, nil
}

// findCase asks for the case by what the caller named, then by the other reading of the number.
func (d *Desk) findCase(ctx context.Context, ask CaseAsk, keys []string, view *CaseView) (*wisecx.Case, error) {
	n, byID := ask.ID, true
	if n == 0 {
		n, byID = ask.Number, false
	}
	first, second := d.caseByNumber, d.caseByID
	if byID {
		first, second = d.caseByID, d.caseByNumber
	}
	c, err := first(ctx, n, keys)
	if err == nil && c != nil || err != nil && !errors.Is(err, wisecx.ErrNotFound) && !errors.Is(err, wisecx.ErrBadRequest) {
		return c, err
	}
	other, otherErr := second(ctx, n, keys)
	switch {
	case otherErr == nil && other != nil:
		if byID {
			view.Notes = append(view.Notes, fmt.Sprintf("no case has the id %d; this is the case with that number", n))
		} else {
			view.Notes = append(view.Notes, fmt.Sprintf("no case of the last three months has the number %d; this is the case with that id", n))
		}
		return other, nil
	case otherErr != nil && !errors.Is(otherErr, wisecx.ErrNotFound) && !errors.Is(otherErr, wisecx.ErrBadRequest):
		return nil, otherErr
	}
	return nil, &NotFound{What: fmt.Sprintf("no case has %d as its number (looked for among the last three months) or as its id", n),
		Next: "check the number; search_cases finds cases by contact, queue, date or words of the subject"}
}

// NotFound is a thing that does not exist, or is out of the API's reach.
type NotFound struct {
	What string
	Next string // what to do instead
}

func (e *NotFound) Error() string { return e.What }

func (d *Desk) caseByID(ctx context.Context, id int64, keys []string) (*wisecx.Case, error) {
	c, err := d.api.GetCase(ctx, id, keys...)
	if err == nil && int64(c.ID) != id {
		return nil, nil
	}
	return c, err
}

func (d *Desk) caseByNumber(ctx context.Context, number int64, keys []string) (*wisecx.Case, error) {
	rows, err := d.api.ListCases(ctx, wisecx.Query{Fields: keys, Filter: []wisecx.Condition{
		{Field: caseField("number"), Operator: wisecx.Equal, Values: []any{number}},
	}})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if int64(rows[i].Number) == number {
			return &rows[i], nil
		}
	}
	return nil, nil
}

// contactBlock shows who the customer is.
func (d *Desk) contactBlock(c *wisecx.Contact) Row {
	short := func(t wisecx.Text) string { return clip(text.Line(string(t)), 120) }
	var row Row
	row.set("id", int64(c.ID))
	row.set("name", d.mask.Name(short(c.Name)))
	row.set("email", d.mask.Email(short(c.Email)))
	row.set("phone", d.mask.Phone(short(c.Phone)))
	row.set("personal_id", d.mask.PersonalID(short(c.PersonalID)))
	row.set("organization_id", int64(c.OrganizationID))
	row.set("city", short(c.City))
	row.set("custom_fields", d.customFields(c.CustomFields))
	return row
}

// showTurn adds whose turn it is to the case.
func (d *Desk) showTurn(view *CaseView, t turn) {
	view.Case.setTurn(d, t)
	if t.window.IsZero() {
		return
	}
	view.Case = append(view.Case, Cell{"window_open", d.now().Before(t.window)})
}

// showThread adds the newest messages, and events where asked, oldest of them first.
func (d *Desk) showThread(view *CaseView, t *thread, agents *names, mask text.Mask, ask CaseAsk) {
	view.Partly = !t.whole
	messages := 0
	for i := len(t.entries) - 1; i >= 0; i-- {
		a := &t.entries[i]
		switch {
		case a.IsEvent():
			if slices.Contains(ask.Include, "events") && len(view.Events) < ask.Latest {
				view.Events = append(view.Events, d.eventRow(a))
			}
		default:
			if messages++; messages <= ask.Latest && slices.Contains(ask.Include, "messages") {
				view.Messages = append(view.Messages, d.messageRow(a, agents, mask))
			}
		}
	}
	view.Earlier = messages - len(view.Messages)
	slices.Reverse(view.Messages)
	slices.Reverse(view.Events)
}

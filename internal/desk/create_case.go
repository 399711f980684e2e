package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// NewCaseAsk is a case to be made, as the caller wrote it.
type NewCaseAsk struct {
	Queue, Channel, Subject string
	Contact                 ContactRef
	Message                 string
	FromAgent               bool // the message is sent to the contact; else it is the contact's, and recorded
	Agent, Type, Priority   string
	DueAt                   string
	Tags                    []string
	CustomFields            map[string]string
	EvenIfOpen              bool // also where the contact has open cases
}

// newCase is a case that is ready to be made.
type newCase struct {
	desk    *Desk
	ask     NewCaseAsk
	channel string
	subject string // as it is made: pseudonyms put back
	words   string // of its first message
	changes []change
	who     *caseContact
	note    newCaseNote
	notes   []string
	odd     []string // what is to be pointed out of its agent, in the person's language
}

// newCaseNote is what finds the case again: it is newer than the contact's others.
type newCaseNote struct {
	After int64     `json:"after"` // the id of the contact's newest case
	At    time.Time `json:"at"`
}

// clockSkew is how much the API's clock may go behind ours.
const clockSkew = 10 * time.Minute

// CreateCase prepares a new case.
func (d *Desk) CreateCase(ctx context.Context, ask NewCaseAsk) (*guard.Write, error) {
	if ask.FromAgent && !d.gates.Outbound {
		return nil, &Forbidden{"a message_from agent is sent to the customer, and sending is not allowed here; message_from customer records one", "WISECX_ALLOW"}
	}
	n := &newCase{desk: d, ask: ask, note: newCaseNote{At: d.now()}}
	if err := n.resolve(ctx); err != nil {
		return nil, err
	}
	var err error
	if n.who, err = d.caseContact(ctx, ask.Contact); err != nil {
		return nil, err
	}
	if err := n.compose(); err != nil {
		return nil, err
	}
	open, err := n.openCases(ctx)
	if err != nil {
		return nil, err
	}
	w := n.write()
	if len(open) > 0 && !ask.EvenIfOpen {
		w.Refused = n.hasOpen(open)
	}
	return w, nil
}

// resolve turns names into ids, and holds queue and channel against what writes may touch.
func (n *newCase) resolve(ctx context.Context) error {
	ask, d := n.ask, n.desk
	for _, required := range []struct{ name, value string }{{"queue", ask.Queue}, {"channel", ask.Channel}, {"subject", ask.Subject}} {
		if strings.TrimSpace(required.value) == "" {
			return &Refusal{Argument: required.name, Problem: "missing", Expected: "a case needs a queue, a channel and a subject"}
		}
	}
	given := func(s string) Value { return Value{Given: s != "", Text: s} }
	wanted := CaseChanges{Queue: given(ask.Queue), Agent: given(ask.Agent), Type: given(ask.Type), Priority: given(ask.Priority),
		Subject: given(ask.Subject), DueAt: given(ask.DueAt), AddTags: ask.Tags, CustomFields: ask.CustomFields}
	var err error
	if n.changes, err = d.changesOf(ctx, &wisecx.Case{}, wanted, d.now().In(d.zone)); err != nil {
		return calledTags(err)
	}
	n.changes = slices.DeleteFunc(n.changes, func(ch change) bool { return ch.value == nil }) // unassigned is what a new case is
	if n.channel, err = d.channelOf(ctx, ask.Channel); err != nil {
		return err
	}
	if err := d.mayWriteIn(ctx, fieldIn(n.changes, "queue").value.(int64)); err != nil {
		return err
	}
	made := []*bulkCase{{Case: &wisecx.Case{}, changes: n.changes}}
	n.notes, n.odd = d.oddAgents(ctx, made, "en"), d.oddAgents(ctx, made, d.lang)
	if !ask.FromAgent {
		return nil
	}
	return d.mayReplyBy(ctx, &wisecx.Case{Channel: wisecx.Text(n.channel)})
}

// calledTags calls the argument of a refused tag as create_case does.
func calledTags(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Argument == "add_tags" {
		refusal.Argument = "tags"
	}
	return err
}

// channelOf gives the one channel that a word means, as the API takes it.
func (d *Desk) channelOf(ctx context.Context, word string) (string, error) {
	f, err := d.named(ctx, "channel", caseField("channel"), wisecx.Equal, []string{word})
	if err != nil {
		return "", err
	}
	for i := range f.Values { // "phone" and "email" stand for two each, of which the first is the word itself
		if i > 0 && !slices.Contains(channelKinds[fmt.Sprint(f.Values[0])], fmt.Sprint(f.Values[i])) {
			return "", &Refusal{Argument: "channel", Problem: fmt.Sprintf("%q is not just one channel", clip(word, 60)), Expected: "one of " + strings.Join(knownChannels, ", ")}
		}
	}
	return fmt.Sprint(f.Values[0]), nil
}

// compose makes what is said. A case's contact is the one whom its first message names, so there is always one.
func (n *newCase) compose() (err error) {
	d, ask := n.desk, n.ask
	if n.subject, err = d.revealed("subject", strings.TrimSpace(ask.Subject), n.who.contact); err != nil {
		return err
	}
	if n.subject, err = recorded("subject", n.subject); err != nil {
		return err
	}
	fieldIn(n.changes, "subject").value = n.subject
	for i := range n.changes {
		if ch := &n.changes[i]; ch.custom != "" {
			if ch.value, err = d.revealed("custom_fields."+ch.custom, ch.value.(string), n.who.contact); err != nil {
				return err
			}
		}
	}
	if strings.TrimSpace(ask.Message) == "" {
		if ask.FromAgent {
			return &Refusal{Argument: "message", Problem: "message_from is agent, and there is no message to send", Expected: "the message, or no message_from"}
		}
		n.words = n.subject
		n.notes = append(n.notes, "no message was given, so the subject stands as the customer's first message: a case's contact is the one whom its message names")
		return nil
	}
	if n.words, err = d.revealed("message", ask.Message, n.who.contact); err != nil {
		return err
	}
	if !ask.FromAgent {
		n.words, err = recorded("message", n.words)
		return err
	}
	switch {
	case !talks(wisecx.Text(n.channel)):
		return &Refusal{Argument: "message_from", Problem: "nobody can be written to on a call; nothing was sent", Expected: "message_from customer, or a channel such as whatsapp, email or web"}
	case n.channel == whatsApp:
		return &Refusal{Argument: "message_from", Problem: "WhatsApp takes plain text only after the customer wrote, and in a new case they have not; nothing was sent",
			Expected: "a case that the customer began on WhatsApp, which reply_to_case answers with a template; or another channel"}
	}
	if err := n.reachable(); err != nil {
		return err
	}
	n.words, err = outgoing("message", n.words, n.channel)
	return err
}

// reachable refuses to write by e-mail to a contact without an address.
func (n *newCase) reachable() error {
	if !slices.Contains(channelKinds["email"], n.channel) || n.who.shown().Email != "" {
		return nil
	}
	if n.who.contact == nil {
		return &Refusal{Argument: "contact.email", Problem: "missing: a message by e-mail needs an address; nothing was made or sent", Expected: "the contact's e-mail address, or message_from customer, which only records the message"}
	}
	return &Refusal{Argument: "contact", Problem: n.who.label(n.desk) + " has no e-mail address, so a message by e-mail would reach nobody; nothing was made or sent",
		Expected: "update_contact with the email first, or message_from customer, which only records the message"}
}

// recorded checks words that are written down and not sent.
func recorded(argument, said string) (string, error) {
	said = strings.TrimSpace(strings.ToValidUTF8(said, "\ufffd"))
	if count := len([]rune(said)); count > longestMessage {
		return "", &Refusal{Argument: argument, Problem: fmt.Sprintf("%d characters are too many; nothing was sent", count), Expected: fmt.Sprintf("at most %d characters", longestMessage)}
	}
	if text.Clean(said) == "" {
		return "", &Refusal{Argument: argument, Problem: "it says nothing: all of it is invisible; nothing was made", Expected: "words"}
	}
	return said, nil
}

// openCases are those that the contact has. The newest of all cases is noted.
func (n *newCase) openCases(ctx context.Context) ([]wisecx.Case, error) {
	if n.who.contact == nil {
		return nil, nil
	}
	cases, err := n.desk.casesOf(ctx, int64(n.who.contact.ID))
	if err != nil {
		return nil, fmt.Errorf("whether the contact has open cases cannot be told, so nothing was made: %w", err)
	}
	for _, c := range cases {
		n.note.After = max(n.note.After, int64(c.ID))
	}
	return openOf(cases, 0), nil
}

// hasOpen refuses one more case of a contact, and names those that are open.
func (n *newCase) hasOpen(open []wisecx.Case) *Refusal {
	r := &Refusal{Argument: "contact", Problem: fmt.Sprintf("%s has %d open cases; nothing was made", n.who.label(n.desk), len(open)),
		Expected: "to go on in one of these (reply_to_case, update_case), or even_if_open: true for one more"}
	mask := n.desk.maskOf(n.who.contact)
	for _, c := range open[:min(len(open), 10)] {
		r.Candidates = append(r.Candidates, fmt.Sprintf("case_number %d (%s): %s", c.Number, c.Status, shorten(mask.Words(text.Line(string(c.Subject))), 100)))
	}
	return r
}

// write is the case as the guard takes it.
func (n *newCase) write() *guard.Write {
	queue := fieldIn(n.changes, "queue").value.(int64)
	preview := guard.Receipt{Via: []string{"POST /cases"}, Notes: slices.Concat(notesOf(n.changes), n.notes, n.who.notes)}
	var others []any
	for _, ch := range n.changes {
		preview.Changes = append(preview.Changes, guard.Change{Field: ch.field.Name, After: ch.shown})
		others = append(others, []any{ch.field.Name, ch.value})
	}
	preview.Changes = append(preview.Changes, guard.Change{Field: "channel", After: n.channel}, guard.Change{Field: "contact", After: n.who.label(n.desk)},
		guard.Change{Field: "message", After: cmp.Or(strings.TrimSpace(n.ask.Message), strings.TrimSpace(n.ask.Subject))})
	w := &guard.Write{
		Object: "a new case of " + n.who.key(), Adds: true, Note: n.note, Preview: preview,
		Meaning: map[string]any{"contact": n.who.meaning(), "subject": strings.Join(strings.Fields(n.subject), " "), "queue": queue, "message": strings.Join(strings.Fields(n.words), " "), "sent": n.ask.FromAgent},
		Bound:   fmt.Sprint(others, n.channel, n.words),
		Do:      func(ctx context.Context) (*guard.Receipt, error) { return n.make(ctx, preview) },
		Look: func(ctx context.Context, note json.RawMessage) (*guard.Receipt, error) {
			return n.look(ctx, note, preview)
		},
	}
	if n.ask.FromAgent {
		w.Asks = guard.AsksFirst
		w.Question = n.question(text.Mask{}, n.subject, n.words)
		if n.desk.mask.Active() {
			w.Masked = n.question(n.desk.maskOf(n.who.contact), n.ask.Subject, n.ask.Message)
		}
	}
	return w
}

// question asks the person whether the case is to be made and its message sent.
func (n *newCase) question(mask text.Mask, subject, words string) string {
	p := n.desk.phrases()
	c := n.who.shown()
	return lines(fmt.Sprintf(p.firstMessage, fieldIn(n.changes, "queue").shown, inQuotes(mask.Name(string(c.Name)), 80), cmp.Or(addressOf(c, wisecx.Text(n.channel), mask), p.noAddress), n.channel),
		fmt.Sprintf(p.subject, inQuotes(subject, 4*longestSubject)), behindBars(words), p.pointedOut(subject+"\n"+words), lines(n.odd...))
}

// make makes the case once and reads it back.
func (n *newCase) make(ctx context.Context, preview guard.Receipt) (*guard.Receipt, error) {
	u := apply(&wisecx.Case{}, slices.DeleteFunc(slices.Clone(n.changes), func(ch change) bool { return ch.field.Name == "queue" }))
	made := wisecx.NewCase{QueueID: fieldIn(n.changes, "queue").value.(int64), Channel: n.channel, Subject: n.subject, CustomFields: u.CustomFields}
	made.AgentID, _ = u.AgentID.Value()
	made.TypeID, _ = u.TypeID.Value()
	made.Priority, _ = u.Priority.Value()
	made.Tags, _ = u.Tags.Value()
	made.DueAt, _ = u.DueAt.Value()
	made.Activities = []wisecx.NewActivity{wisecx.FromContact(n.words, n.who.party(true))}
	if n.ask.FromAgent {
		made.Activities = []wisecx.NewActivity{wisecx.Reply(n.words, n.who.party(false))}
	}
	id, err := n.desk.api.CreateCase(ctx, made)
	var refused *wisecx.Error
	if errors.As(err, &refused) && len(refused.OpenCases) > 0 {
		return nil, errors.Join(n.refusedByAPI(ctx, refused.OpenCases), err)
	}
	if err != nil {
		return nil, err
	}
	return n.receipt(ctx, id, preview), nil
}

// refusedByAPI names the open cases for which the API made no other, whatever even_if_open says.
func (n *newCase) refusedByAPI(ctx context.Context, ids []int64) *Refusal {
	var open []wisecx.Case
	for _, id := range ids[:min(len(ids), 10)] {
		c := &wisecx.Case{ID: wisecx.Int(id)}
		if found, err := n.desk.api.GetCase(ctx, id, "id", "number", "status", "subject"); err == nil {
			c = found
		}
		open = append(open, *c)
	}
	r := n.hasOpen(open)
	r.Expected = "to go on in one of these: this account's API makes no second open case of a contact"
	return r
}

// look looks for the case of a call whose answer was lost: one of this contact with this subject that was not there before.
func (n *newCase) look(ctx context.Context, begun json.RawMessage, preview guard.Receipt) (*guard.Receipt, error) {
	note := n.note
	if err := json.Unmarshal(begun, &note); err != nil {
		return nil, err
	}
	contacts, err := n.who.now(ctx, n.desk)
	if err != nil {
		return nil, err
	}
	for _, contact := range contacts {
		cases, err := n.desk.casesOf(ctx, contact)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			if int64(c.ID) > note.After && !c.CreatedAt.Before(note.At.Add(-clockSkew)) && sameWords(c.Subject, n.subject) {
				return n.receipt(ctx, int64(c.ID), preview), nil
			}
		}
	}
	return nil, nil
}

// receipt reads a case that was made, and says what of it is as it was wanted.
func (n *newCase) receipt(ctx context.Context, id int64, preview guard.Receipt) *guard.Receipt {
	r := preview
	r.Outcome, r.Object, r.Undo, r.Notes = guard.Done, map[string]any{"case_id": id}, n.undo(id), slices.Clip(preview.Notes)
	c, err := n.desk.readBack(ctx, &wisecx.Case{ID: wisecx.Int(id)}, n.changes, sending{alone: true, taken: 1}) // what shows came with all of it
	if c == nil {
		r.Outcome, r.Changes = guard.Partly, nil
		r.Notes = append(r.Notes, "the API made the case, and it cannot be read yet ("+reason(cmp.Or(err, ctx.Err(), wisecx.ErrNotFound))+"): get_case shows what holds; do not make it again")
		return &r
	}
	r.Object = caseObject(c)
	r.Object["contact_id"] = int64(c.ContactID)
	if n.who.contact == nil && c.ContactID != 0 {
		r.Notes = append(r.Notes, n.undoNote(int64(c.ContactID)))
	}
	r.Changes = nil
	for i, change := range preview.Changes {
		holds := true
		switch {
		case i < len(n.changes):
			holds = n.changes[i].holds(c)
		case change.Field == "channel":
			holds = string(c.Channel) == n.channel
		case change.Field == "contact":
			holds = c.ContactID != 0 && (n.who.contact == nil || c.ContactID == n.who.contact.ID)
		case change.Field == "message":
			holds = n.isSaid(ctx, c, &r)
		}
		if holds {
			r.Changes = append(r.Changes, change)
		} else {
			r.NotChanged = append(r.NotChanged, change)
		}
	}
	if len(r.NotChanged) > 0 {
		r.Outcome = guard.Partly
		r.Notes = append(r.Notes, "the case was made; not_changed says what of it is not as it was wanted")
	}
	return &r
}

// isSaid tells whether the first message is on the thread, and arrived where it was sent.
func (n *newCase) isSaid(ctx context.Context, c *wisecx.Case, r *guard.Receipt) bool {
	var said *wisecx.Activity
	_ = look(ctx, func() error {
		t, err := n.desk.readThread(ctx, int64(c.ID), false, 1, func([]wisecx.Activity) bool { return true })
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(t.entries, func(a wisecx.Activity) bool { return !a.IsEvent() && sameWords(a.Content, n.words) }); at >= 0 {
			said = &t.entries[at]
		}
		return nil
	}, func(longer bool) bool { return said != nil || longer })
	if said == nil {
		return false
	}
	r.Object["message_id"] = int64(said.ID)
	if said.NotDelivered() {
		r.Notes = append(r.Notes, "the message was not delivered: its sending_status is "+clip(text.Line(string(said.SendingStatus)), 40))
	}
	return !said.NotDelivered()
}

// undo takes the case back, as far as that is allowed.
func (n *newCase) undo(id int64) *guard.Call {
	if n.desk.gates.Destructive {
		return &guard.Call{Tool: "delete_case", Arguments: map[string]any{"case_id": id}}
	}
	return &guard.Call{Tool: "update_case", Arguments: map[string]any{"case_id": id, "status": wisecx.StatusClosed}}
}

// undoNote says that a contact who was made with the case outlives it.
func (n *newCase) undoNote(contact int64) string {
	if n.desk.gates.Destructive {
		return fmt.Sprintf("undo deletes the case only: its contact %d, who was new, stays; delete_contact with contact_id %d deletes them", contact, contact)
	}
	return fmt.Sprintf("undo closes the case, and its contact %d, who was new, stays: only a person can allow delete_case and delete_contact, in the setting WISECX_ALLOW", contact)
}

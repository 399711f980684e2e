package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// ReplyAsk is what the customer of a case is to be sent, as the caller wrote it.
type ReplyAsk struct {
	Case       CaseRef
	Text       string
	Template   string // a WhatsApp template's name or id, instead of a text
	Parameters map[string]string
	ThenStatus string
}

// reply is a message that is ready to go.
type reply struct {
	desk     *Desk
	c        *wisecx.Case
	contact  *wisecx.Contact
	thread   *thread
	agents   *names
	words    string  // as the customer reads them
	asked    string  // the same as the caller wrote them, where masking is on with its pseudonyms
	template *filled // nil for a text
	then     *change // the status afterwards; nil leaves it
	note     replyNote
	sent     bool // by this call
}

// replyNote is what finds the message again: it came after all that was there.
type replyNote struct {
	After int64     `json:"after"` // the newest entry's id
	At    time.Time `json:"at"`
}

// ReplyToCase prepares a message to the customer of a case.
func (d *Desk) ReplyToCase(ctx context.Context, ask ReplyAsk) (*guard.Write, error) {
	if err := ask.check(); err != nil {
		return nil, err
	}
	r := &reply{desk: d}
	if ask.ThenStatus != "" {
		ch, err := d.changeText(ctx, "status", Value{Given: true, Text: ask.ThenStatus}, d.now())
		if err != nil {
			return nil, under("then_status", err)
		}
		r.then = &ch
	}
	c, err := d.caseToWrite(ctx, ask.Case, changeKeys)
	if err != nil {
		return nil, err
	}
	if err := d.mayReplyTo(ctx, c); err != nil {
		return nil, err
	}
	r.c = c
	if err := r.read(ctx); err != nil {
		return nil, err
	}
	if err := r.compose(ctx, ask); err != nil {
		return nil, err
	}
	return r.write(), nil
}

// under names the argument that a refusal is about as the caller calls it.
func under(argument string, err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		refusal.Argument = argument
	}
	return err
}

// check refuses what no case makes right.
func (ask ReplyAsk) check() error {
	switch {
	case ask.Text != "" && ask.Template != "":
		return &Refusal{Argument: "template", Problem: "text and template are both given", Expected: "one of the two: what a template says is its own content"}
	case ask.Text == "" && ask.Template == "":
		return &Refusal{Argument: "text", Problem: "there is nothing to send", Expected: "text, or the name of a WhatsApp template"}
	case ask.Template == "" && len(ask.Parameters) > 0:
		return &Refusal{Argument: "parameters", Problem: "parameters belong to a template, and none is named", Expected: "template, or no parameters"}
	case ask.Text != "":
		_, err := outgoing("text", ask.Text, "")
		return err
	}
	return nil
}

// mayReplyTo refuses cases whose customer cannot be written to, or must not.
func (d *Desk) mayReplyTo(ctx context.Context, c *wisecx.Case) error {
	switch {
	case !talks(c.Channel):
		return &Refusal{Argument: "case_number", Problem: fmt.Sprintf("case %d is a call (%s): nobody can be written to on it", c.Number, c.Channel),
			Expected: "a case by whatsapp, email or web; search_cases with contact finds the customer's others, create_case makes one"}
	case c.ContactID == 0:
		return &Refusal{Argument: "case_number", Problem: fmt.Sprintf("case %d has no contact, so there is nobody to write to", c.Number), Expected: "a case with a contact"}
	}
	return cmp.Or(d.mayWriteIn(ctx, int64(c.QueueID)), d.mayReplyBy(ctx, c))
}

// read asks for all that the message has to be held against.
func (r *reply) read(ctx context.Context) error {
	var reading sync.WaitGroup
	var contactErr, threadErr error
	reading.Go(func() {
		r.contact, contactErr = r.desk.api.GetContact(ctx, int64(r.c.ContactID), append(slices.Clip(contactKeys), "address")...)
	})
	reading.Go(func() { r.thread, threadErr = r.desk.thread(ctx, int64(r.c.ID), 1) })
	reading.Go(func() { r.agents, _ = r.desk.directory.names(ctx, "agent") })
	reading.Wait()
	if errors.Is(contactErr, wisecx.ErrNotFound) || contactErr == nil && r.contact.ID != r.c.ContactID {
		return &NotFound{What: fmt.Sprintf("the contact of case %d, %d, does not exist, so there is nobody to write to", r.c.Number, r.c.ContactID), Next: "another case of this customer"}
	}
	if err := cmp.Or(contactErr, threadErr, ctx.Err()); err != nil {
		return err
	}
	if slices.Contains(channelKinds["email"], string(r.c.Channel)) && r.contact.Email == "" {
		return &Refusal{Argument: "case_number", Problem: fmt.Sprintf("case %d is by e-mail, and its contact %d has no e-mail address: nothing would arrive", r.c.Number, r.c.ContactID),
			Expected: "update_contact with the address, or another case of this customer"}
	}
	r.note.At = r.desk.now()
	for i := range r.thread.entries {
		r.note.After = max(r.note.After, int64(r.thread.entries[i].ID))
	}
	return nil
}

// compose resolves what is sent, and refuses what WhatsApp would not deliver.
func (r *reply) compose(ctx context.Context, ask ReplyAsk) (err error) {
	if ask.Template != "" {
		return r.fill(ctx, ask)
	}
	if r.words, err = r.desk.revealed("text", ask.Text, r.contact); err != nil {
		return err
	}
	if r.words, err = outgoing("text", r.words, string(r.c.Channel)); err != nil {
		return err
	}
	r.asked = strings.TrimSpace(ask.Text)
	if r.c.Channel != whatsApp || r.desk.now().Before(r.window()) {
		return nil
	}
	refusal := &Refusal{Argument: "text", Problem: "WhatsApp takes plain text only within 24 hours after the customer's last message there", Expected: "template, one of those of this number, with its parameters"}
	if closed := r.window(); closed.IsZero() {
		refusal.Problem += ", and there is none; nothing was sent"
	} else {
		refusal.Problem += fmt.Sprintf(", and that ended %s; nothing was sent", r.desk.show(closed))
	}
	own, _, err := r.desk.templatesFor(ctx, r.c.ChannelAccount)
	if err != nil {
		refusal.Expected = "template; list_directory with kind whatsapp_templates lists them"
	}
	refusal.Candidates = templateLabels(own)
	return refusal
}

func (r *reply) window() time.Time { return turnOf(r.thread, r.agents, r.c).window }

// fill takes a template of the case's number and puts the parameters into it.
func (r *reply) fill(ctx context.Context, ask ReplyAsk) error {
	if r.c.Channel != whatsApp {
		return &Refusal{Argument: "template", Problem: fmt.Sprintf("templates are WhatsApp's, and case %d is by %s", r.c.Number, r.c.Channel), Expected: "text"}
	}
	own, others, err := r.desk.templatesFor(ctx, r.c.ChannelAccount)
	if err != nil {
		return err
	}
	of, err := findTemplate(ask.Template, own, others)
	if err != nil {
		return err
	}
	masked, err := fillTemplate(of, ask.Parameters)
	if err != nil {
		return err
	}
	values := make(map[string]string, len(ask.Parameters))
	for key, value := range ask.Parameters {
		if values[key], err = r.desk.revealed("parameters."+clip(key, 60), value, r.contact); err != nil {
			return err
		}
	}
	if r.template, err = fillTemplate(of, values); err != nil {
		return err
	}
	r.words, r.asked = r.template.words, masked.words
	return nil
}

// write is the message as the guard takes it.
func (r *reply) write() *guard.Write {
	meaning := map[string]any{"case": int64(r.c.ID), "text": strings.Join(strings.Fields(r.words), " ")}
	if r.template != nil {
		meaning = map[string]any{"case": int64(r.c.ID), "template": string(r.template.of.TemplateID), "parameters": r.template.parameters}
	}
	then := ""
	preview := guard.Receipt{Object: caseObject(r.c), Via: []string{"PUT /cases/{id}"}, Changes: []guard.Change{{Field: "message", After: r.asked}}}
	if r.then != nil {
		then = r.then.value.(string)
		preview.Changes = append(preview.Changes, guard.Change{Field: "status", Before: string(r.c.Status), After: then})
		preview.Via = append(preview.Via, "PUT /cases/{id}/status")
	}
	if said := r.saidAlready(); said != nil {
		preview.Notes = append(preview.Notes, fmt.Sprintf("our last message, %s, says the same already", r.desk.moment(said.CreatedAt)))
	}
	return &guard.Write{
		Object: fmt.Sprintf("case %d", r.c.Number), Meaning: meaning, Adds: true, Asks: guard.AsksFirst, Note: r.note,
		Bound:    fmt.Sprint(r.newestMessage(), " ", r.c.Status, " ", r.c.ContactID, " ", r.address(text.Mask{}), " ", then, " ", r.words),
		Question: r.question(text.Mask{}, r.words), Masked: r.masked(), Preview: preview,
		Do: func(ctx context.Context) (*guard.Receipt, error) { return r.send(ctx, preview) },
		Look: func(ctx context.Context, note json.RawMessage) (*guard.Receipt, error) {
			return r.look(ctx, note, preview)
		},
	}
}

// masked is the question with pseudonyms, "" where nothing is masked.
func (r *reply) masked() string {
	if !r.desk.mask.Active() {
		return ""
	}
	return r.question(r.desk.maskOf(r.contact), r.asked)
}

// newestMessage is the id of the newest entry that a person or a bot wrote.
func (r *reply) newestMessage() (id int64) {
	for i := range r.thread.entries {
		if a := &r.thread.entries[i]; !a.IsEvent() {
			id = max(id, int64(a.ID))
		}
	}
	return id
}

// saidAlready is our newest message where it says the same and is not older than ten minutes.
func (r *reply) saidAlready() *wisecx.Activity {
	for i := len(r.thread.entries) - 1; i >= 0; i-- {
		a := &r.thread.entries[i]
		if a.IsEvent() || a.Type != wisecx.UserReply {
			continue
		}
		if r.desk.now().Sub(a.CreatedAt.Time) <= 10*time.Minute && r.says(a) {
			return a
		}
		return nil
	}
	return nil
}

// question asks the person whether this is to be sent. mask is none for a person.
func (r *reply) question(mask text.Mask, words string) string {
	p := r.desk.phrases()
	name := inQuotes(mask.Name(string(r.contact.Name)), 80)
	parts := []string{fmt.Sprintf(p.send, name, cmp.Or(r.address(mask), p.noAddress), clip(text.Line(string(r.c.Channel)), 40), r.c.Number), behindBars(words)}
	if r.template != nil {
		parts = append(parts, fmt.Sprintf(p.template, clip(text.Line(string(r.template.of.Name)), 100)))
	}
	parts = append(parts, p.pointedOut(words), r.lastWords(p, mask))
	if resolved(r.c) {
		parts = append(parts, p.over)
	}
	if r.then != nil {
		parts = append(parts, fmt.Sprintf(p.then, r.desk.statusWord(r.then.value.(string))))
	}
	if said := r.saidAlready(); said != nil {
		parts = append(parts, fmt.Sprintf(p.sameAlready, r.desk.moment(said.CreatedAt)))
	}
	return lines(parts...)
}

// address is where the message goes, "" where that is not known.
func (r *reply) address(mask text.Mask) string { return addressOf(r.contact, r.c.Channel, mask) }

// addressOf is the phone or the e-mail by which a contact is reached on a channel.
func addressOf(c *wisecx.Contact, channel wisecx.Text, mask text.Mask) string {
	phone, mail := text.Line(mask.Phone(string(c.Phone))), text.Line(mask.Email(string(c.Email)))
	if strings.HasSuffix(string(channel), "email") {
		return clip(mail, 120)
	}
	if channel == whatsApp {
		return clip(phone, 120)
	}
	return clip(cmp.Or(mail, phone), 120)
}

// lastWords quotes what the customer wrote last.
func (r *reply) lastWords(p phrases, mask text.Mask) string {
	for i := len(r.thread.entries) - 1; i >= 0; i-- {
		if a := &r.thread.entries[i]; !a.IsEvent() && a.Type == wisecx.ContactMessage {
			said := text.Snippet(mask.Words(text.Said(string(a.Content))), text.Query{}, 240)
			return fmt.Sprintf(p.lastWords, r.desk.moment(a.CreatedAt), inQuotes(said, 240))
		}
	}
	return p.nothingSaid
}

// send sends the message once and looks for it on the thread.
func (r *reply) send(ctx context.Context, preview guard.Receipt) (*guard.Receipt, error) {
	to := wisecx.Party{ID: int64(r.c.ContactID)}
	message := wisecx.Reply(r.words, to)
	if r.template != nil {
		message = wisecx.TemplateReply(string(r.template.of.TemplateID), r.template.parameters, to)
	}
	r.sent = true
	if err := r.desk.api.AddActivity(ctx, int64(r.c.ID), message); err != nil {
		return nil, err
	}
	var found *wisecx.Activity
	_ = look(ctx, func() (err error) {
		found, err = r.find(ctx, r.note)
		return err
	}, func(bool) bool { return found != nil })
	if found != nil {
		return r.receipt(ctx, found, preview), nil
	}
	unseen := preview
	unseen.Outcome, unseen.Changes = guard.Unknown, nil
	unseen.Notes = append(slices.Clip(unseen.Notes), "the API took the message, and it is not on the thread yet. Make the same call again in a minute: it looks for it and sends nothing twice")
	if r.then != nil {
		unseen.Notes = append(unseen.Notes, "the status was not set")
	}
	return &unseen, nil
}

// look looks for the message of a call whose answer was lost, also of one that another process made.
func (r *reply) look(ctx context.Context, begun json.RawMessage, preview guard.Receipt) (*guard.Receipt, error) {
	note := r.note
	if err := json.Unmarshal(begun, &note); err != nil {
		return nil, err
	}
	a, err := r.find(ctx, note)
	if err != nil || a == nil {
		return nil, err
	}
	return r.receipt(ctx, a, preview), nil
}

// find gives the message on the thread, nil where it is not there.
func (r *reply) find(ctx context.Context, note replyNote) (*wisecx.Activity, error) {
	t, err := r.desk.readThread(ctx, int64(r.c.ID), false, 1, func(read []wisecx.Activity) bool {
		return note.After != 0 && slices.ContainsFunc(read, func(a wisecx.Activity) bool { return int64(a.ID) <= note.After })
	})
	if err != nil {
		return nil, err
	}
	for i := range t.entries {
		a := &t.entries[i]
		old := int64(a.ID) <= note.After || !a.CreatedAt.IsZero() && a.CreatedAt.Before(note.At.Add(-clockSkew))
		if !old && a.Type == wisecx.UserReply && r.says(a) {
			return a, nil
		}
	}
	return nil, nil
}

// says tells whether an entry of the thread says what is sent: a template by its words, also among others, or its name.
func (r *reply) says(a *wisecx.Activity) bool {
	if r.template == nil {
		return sameWords(a.Content, r.words)
	}
	kept := withoutBlanks(text.Clean(string(a.Content)))
	return sameWords(a.Content, r.words, string(r.template.of.TemplateID), string(r.template.of.Name)) || strings.Contains(kept, withoutBlanks(text.Clean(r.words)))
}

// receipt says what came of a message that was seen, after the status was set.
func (r *reply) receipt(ctx context.Context, a *wisecx.Activity, preview guard.Receipt) *guard.Receipt {
	done := preview
	done.Outcome, done.Object = guard.Done, caseObject(r.c)
	done.Object["message_id"] = int64(a.ID)
	done.Changes, done.Notes = slices.Clip(preview.Changes[:1]), slices.Clip(preview.Notes)
	done.Notes = append(done.Notes, "a message that was sent cannot be taken back")
	if a.NotDelivered() {
		done.Outcome = guard.Partly
		done.Changes, done.NotChanged = nil, []guard.Change{{Field: "delivered", Before: false, After: true}}
		done.Notes = append(slices.Clip(preview.Notes), fmt.Sprintf("the message is on the thread, and it was not delivered: its sending_status is %s", clip(text.Line(string(a.SendingStatus)), 40)))
	}
	if r.then == nil {
		return &done
	}
	r.setStatus(ctx, &done, preview.Changes[1])
	return &done
}

// setStatus sets the status after a message that arrived, and says whether it holds. Where this call sent nothing it only
// looks.
func (r *reply) setStatus(ctx context.Context, done *guard.Receipt, wanted guard.Change) {
	why := "the status was left as it was, since the message did not arrive"
	if done.Outcome == guard.Done {
		var sent sending
		if why = "the status does not hold, and nothing was set now; update_case sets it"; r.sent {
			sent = r.desk.sendAll(ctx, r.desk.requestsOf(r.c, []change{*r.then}, nil))
			why = "the message was sent, but the status does not hold; update_case sets it"
		}
		now, err := r.desk.readBack(ctx, r.c, []change{*r.then}, sent)
		came := r.desk.cameOf(ctx, r.c, now, []change{*r.then}, sent)
		switch {
		case len(came.held) > 0:
			done.Changes = append(done.Changes, wanted)
			return
		case len(came.open) > 0:
			done.Outcome = guard.Partly
			done.Notes = append(append(done.Notes, "the message was sent"), sent.notes("get_case", []string{"status"}, false, err)...)
			return
		}
		if err = cmp.Or(sent.err, err); err != nil {
			why += ": " + reason(err)
		}
	}
	done.Outcome = guard.Partly
	done.NotChanged = append(done.NotChanged, wanted)
	done.Notes = append(done.Notes, why)
}

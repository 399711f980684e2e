package desk

import (
	"cmp"
	"context"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

const (
	threadPages = 10             // pages of a thread that are read at the most, 1,000 entries
	whatsApp    = "whatsapp"     // the channel whose window limits plain text
	windowLasts = 24 * time.Hour // after the customer's last WhatsApp message; WhatsApp's own rule
)

// Who waits for whom.
const (
	onUs       = "us"
	onCustomer = "customer"
	onNobody   = "nobody"
)

// thread is what was read of a case's activities, oldest first.
type thread struct {
	entries []wisecx.Activity
	whole   bool // it was read to the end that the reading goes towards
}

// thread reads the newest entries of a case until it knows whose turn it is and has enough messages.
func (d *Desk) thread(ctx context.Context, caseID int64, messages int) (*thread, error) {
	return d.readThread(ctx, caseID, false, 1, func(read []wisecx.Activity) bool { return (&thread{entries: read}).enough(messages) })
}

// inTime orders a thread; ids break ties.
func inTime(a, b wisecx.Activity) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt.Time), cmp.Compare(a.ID, b.ID))
}

// enough tells whether older entries could change nothing that is shown: both sides have spoken, and
// the turn began within what was read.
func (t *thread) enough(messages int) bool {
	count, customer, us := 0, false, false
	for _, a := range t.entries {
		if !a.IsEvent() {
			count++
		}
		customer = customer || a.Type == wisecx.ContactMessage
		us = us || a.Type == wisecx.UserReply
	}
	return count >= messages && customer && us
}

// turn is whose turn it is, since when, and until when WhatsApp takes plain text.
type turn struct {
	on     string
	since  time.Time
	window time.Time // when the WhatsApp window closes or closed; zero where there is none
}

// turnOf reads whose turn it is from who wrote last. Events count for nobody, and neither do bots and
// messages that were not delivered: they answer no customer. An attended call answers, a missed one asks.
// The turn began with the first message after the other side's last.
func turnOf(t *thread, agents *names, c *wisecx.Case) turn {
	now := turn{on: onNobody}
	for i := range t.entries {
		a := &t.entries[i]
		speaker := speakerOf(a, agents)
		if speaker == onCustomer && string(a.Channel) == whatsApp {
			now.window = a.CreatedAt.Add(windowLasts)
		}
		waits := map[string]string{onCustomer: onUs, onUs: onCustomer}[speaker]
		if waits != "" && waits != now.on {
			now.on, now.since = waits, a.CreatedAt.Time
		}
	}
	resolved := c.Status == wisecx.StatusSolved || c.Status == wisecx.StatusClosed
	if resolved && (now.on == onCustomer || now.since.Before(latest(c.SolvedAt.Time, c.ClosedAt.Time))) {
		now.on, now.since = onNobody, time.Time{}
	}
	return now
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// speakerOf tells which side an entry of the thread speaks for: the customer, us, or "" for neither.
func speakerOf(a *wisecx.Activity, agents *names) string {
	switch {
	case a.IsEvent(), a.NotDelivered():
		return ""
	case a.CallData != nil:
		if a.CallData.Attended() {
			return onUs
		}
		return onCustomer
	case a.Type == wisecx.ContactMessage:
		return onCustomer
	case agents.isBot(int64(a.AgentID)):
		return ""
	}
	return onUs
}

// messageRow shows a message: who wrote it, when, and what was said. mask knows the case's customer.
func (d *Desk) messageRow(a *wisecx.Activity, agents *names, mask text.Mask) Row {
	var row Row
	row.set("id", int64(a.ID))
	row.set("at", d.moment(a.CreatedAt))
	row.set("from", sideOf(a))
	if sideOf(a) == fromCustomer {
		row.set("by", mask.Name(clip(text.Line(string(a.ContactFrom.Name)), 80)))
	} else {
		row.set("by", agentLabel(agents, int64(a.AgentID)))
	}
	row.set("said", mask.Words(text.Said(string(a.Content))))
	row.set("files", fileNames(a.Attachments, mask))
	if a.CallData != nil {
		row.set("call", callRow(a))
	}
	if a.NotDelivered() {
		row.set("delivery", clip(text.Line(string(a.SendingStatus)), 40))
	}
	return row
}

// calledUs tells whose call it was: the channel of incoming calls, or a caller who is named.
func calledUs(a *wisecx.Activity) bool {
	return a.Channel == "incoming_call" || a.ContactFrom.ID != 0 || a.ContactFrom.Name != "" || a.ContactFrom.Phone != ""
}

func agentLabel(agents *names, id int64) string {
	switch {
	case id == 0:
		return ""
	case agents.isBot(id):
		return agents.name(id) + " (bot)"
	}
	return agents.name(id)
}

func fileNames(files wisecx.Attachments, mask text.Mask) []string {
	var shown []string
	for _, f := range files[:min(len(files), 20)] {
		shown = append(shown, clip(mask.Words(text.Line(f)), 100))
	}
	return shown
}

// callRow sums up a call; its log's clock is the account's own, so only spans are shown.
func callRow(a *wisecx.Activity) Row {
	var row Row
	row.set("seconds", int64(a.CallData.Seconds))
	row.set("attended_by", clip(text.Line(a.CallData.AttendedBy()), 80))
	row.set("missed", !a.CallData.Attended())
	row.set("recorded", len(a.Recordings) > 0)
	return row
}

// eventRow shows what the system wrote.
func (d *Desk) eventRow(a *wisecx.Activity) Row {
	var row Row
	row.set("id", int64(a.ID))
	row.set("at", d.moment(a.CreatedAt))
	row.set("what", d.eventWords(a))
	return row
}

// eventWords shows "[change_status_to]solved" as "change_status_to solved".
func (d *Desk) eventWords(a *wisecx.Activity) string {
	what := strings.TrimSpace(strings.Replace(strings.Replace(string(a.Content), "[", "", 1), "]", " ", 1))
	if what == "" {
		what = string(a.Type)
	}
	return d.said(what, subjectSize)
}

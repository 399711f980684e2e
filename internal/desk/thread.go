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
	entries  []wisecx.Activity
	whole    bool // it was read to the end that the reading goes towards
	first    int  // the API's page that the reading began with
	unsorted bool // the API did not sort as asked, so that pages tell no place
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
	on      string
	since   time.Time
	window  time.Time // when the WhatsApp window closes or closed; zero where there is none
	asked   bool      // the customer has spoken
	replied bool      // a person of ours has spoken
}

// turnOf reads whose turn it is from who spoke last. The turn began with the first step after the other side's last.
func turnOf(t *thread, agents *names, c *wisecx.Case) turn {
	now := turn{on: onNobody}
	for _, s := range stepsOf(t, agents) {
		waits := map[string]string{onCustomer: onUs, onUs: onCustomer}[s.side]
		if waits != now.on || now.since.IsZero() {
			now.on, now.since = waits, s.at
		}
		now.asked = now.asked || s.side == onCustomer
		now.replied = now.replied || s.side == onUs
	}
	for i := range t.entries {
		a := &t.entries[i]
		if string(a.Channel) == whatsApp && !a.CreatedAt.IsZero() && speakerOf(a, agents) == onCustomer {
			now.window = a.CreatedAt.Add(windowLasts)
		}
	}
	if resolved(c) && (now.on == onCustomer || now.since.Before(latest(c.SolvedAt.Time, c.ClosedAt.Time))) {
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
		row.set("call", callRow(a, agents))
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

// callRow sums up a call: its spans, in seconds, and who of us took it.
func callRow(a *wisecx.Activity, agents *names) Row {
	var row Row
	ring, talk, total := a.CallData.Spans()
	for _, span := range []struct {
		name  string
		lasts time.Duration
	}{{"ring_seconds", ring}, {"talk_seconds", talk}, {"total_seconds", total}} {
		if seconds := tenths(span.lasts.Seconds()); seconds > 0 {
			row.set(span.name, seconds)
		}
	}
	row.set("agents", attendants(a, agents))
	row.set("missed", !a.CallData.Attended())
	row.set("recorded", len(a.Recordings) > 0)
	return row
}

// attendants names those who took a call, the first of them first.
func attendants(a *wisecx.Activity, agents *names) []string {
	var shown []string
	for _, logged := range a.CallData.Agents() {
		if name := personName(logged); name != "" && len(shown) < 20 {
			shown = append(shown, name)
		}
	}
	if len(shown) == 0 && a.CallData.Attended() && a.AgentID != 0 {
		shown = []string{agentLabel(agents, int64(a.AgentID))}
	}
	return shown
}

func personName(s string) string { return clip(text.Line(s), 80) }

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

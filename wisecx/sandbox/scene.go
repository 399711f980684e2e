package sandbox

import (
	"slices"
	"strings"
	"time"
)

// roomForScenes is how many cases an account needs for the scenes to be a small part of it; one with fewer has none.
const roomForScenes = 1500

// scene is a case told on purpose, because chance makes none like it or not for sure. It is played by a case that was
// drawn, whose id, number and moment it keeps.
type scene struct {
	as      string        // one of the names that Scenes gives
	age     time.Duration // it is played by the newest case that is at least so old
	channel string
	queue   int64
	subject string
	agent   int64 // 0 for nobody
	story   []line
}

// line is one entry of a scene's thread. The first one begins the case.
type line struct {
	by    speaker
	after time.Duration // since the line before
	ago   time.Duration // instead: before now
	night time.Duration // instead: before the last midnight but one on the account's clock
	words string
	call  []ring // instead of words; it ends with its last entry
}

// ring is an entry of a call's log, so many seconds after its start.
type ring struct {
	second  int
	message string
}

type speaker int

const (
	byCustomer speaker = iota
	byAgent
	byAgentUndelivered
	byBot
	bySystem
)

// walkOn gives cases that were drawn to a contact of the scenes, and leaves the rest of them as it is.
type walkOn struct {
	as     string
	people string          // as People names them; they take turns, by WhatsApp or, without a phone, by e-mail
	ages   []time.Duration // of the cases, at least
}

// fillScenes casts and tells all scenes.
func (d *account) fillScenes() {
	d.scenes = map[string][]int64{}
	if len(d.cases) < roomForScenes {
		return
	}
	taken := map[int64]bool{exampleCase: true}
	for i := range sceneList {
		s := &sceneList[i]
		if c := d.castFor(s.age, taken, func(c *Case) bool {
			contact := d.contact(c.ContactID)
			return (c.GroupID == brazilQueue) == (s.queue == brazilQueue) && contact.Phone != "" && contact.Email != ""
		}); c != nil {
			d.tell(c, s)
			d.scenes[s.as] = append(d.scenes[s.as], c.ID)
		}
	}
	for _, w := range walkOns {
		for i, age := range w.ages {
			contact := d.contact(d.people[w.people][i%len(d.people[w.people])])
			if c := d.castFor(age, taken, func(c *Case) bool {
				return (c.GroupID == brazilQueue) == (w.people == BrazilPhone) && (c.SourceChannel == "whatsapp" && contact.Phone != "" || c.mails() && contact.Phone == "")
			}); c != nil {
				c.ContactID = contact.ID
				d.scenes[w.as] = append(d.scenes[w.as], c.ID)
			}
		}
	}
}

// castFor is the newest case of that age or more that fits and is not taken yet; nil where there is none, as beyond
// three months when all cases are listed.
func (d *account) castFor(age time.Duration, taken map[int64]bool, fits func(*Case) bool) *Case {
	latest := d.now.Add(-age)
	for _, c := range slices.Backward(d.cases) {
		if !c.CreatedAt.After(latest) && !taken[c.ID] && fits(c) {
			taken[c.ID] = true
			return c
		}
	}
	return nil
}

// tell makes a case a scene.
func (d *account) tell(c *Case, s *scene) {
	*c = Case{
		ID: c.ID, Number: c.Number, CreatedAt: c.CreatedAt, ContactID: c.ContactID, CustomFields: c.CustomFields, Priority: c.Priority,
		GroupID: s.queue, UserID: s.agent, Status: "open", SourceChannel: s.channel, Subject: s.subject, TypeID: topicBySubject[s.subject].typeID,
		ChannelAccount: channelAccount(s.channel, s.queue),
	}
	w := d.newWriter(c, d.random(streamScenes, c.ID))
	at := c.CreatedAt
	for i := range s.story {
		at = s.story[i].moment(at, d.now)
		w.speak(&s.story[i], at)
	}
	for i := range w.thread {
		w.thread[i].ID = c.ID*idsOfCase + 1 + int64(i)
	}
	c.LastUpdate = w.thread[len(w.thread)-1].CreatedAt
	d.threads[c.ID] = w.thread
}

func (l *line) moment(before, now time.Time) time.Time {
	switch {
	case l.ago > 0:
		return now.Add(-l.ago)
	case l.night > 0:
		local := now.In(localZone)
		return time.Date(local.Year(), local.Month(), local.Day()-1, 0, 0, 0, 0, localZone).Add(-l.night).UTC()
	}
	return before.Add(l.after)
}

// speak adds a line to the thread, and to its case what follows from it.
func (w *writer) speak(l *line, at time.Time) {
	words := w.slots.Replace(l.words)
	switch {
	case l.call != nil:
		w.replay(l.call, at)
	case l.by == byCustomer:
		from := w.party()
		if w.c.mails() {
			words = w.mail(words, at, false)
		}
		w.add(Activity{Type: "contact_message", ContactFrom: &from, Content: words, CreatedAt: at, SendingState: "sent"})
	case l.by == byBot:
		w.c.BotAttended = true
		w.botSays(at, l.words)
	case l.by == bySystem:
		w.event(at, l.words, w.c.UserID)
		w.change(at, strings.TrimPrefix(l.words, "[change_status_to]"))
	default:
		if w.c.FirstRead.IsZero() {
			w.c.FirstRead = at.Add(-20 * time.Second)
			w.assigned(w.c.FirstRead, 0)
		}
		if w.c.mails() {
			words = w.mail(words, at, true)
		}
		state := "sent"
		if l.by == byAgentUndelivered {
			state = "failed"
		}
		w.add(Activity{Type: "user_reply", UserID: w.c.UserID, ContactsTo: []Party{w.party()}, Content: words, CreatedAt: at, SendingState: state})
	}
}

func (w *writer) change(at time.Time, status string) {
	switch w.c.Status = status; status {
	case "solved":
		w.c.SolvedAt = at
	case "closed":
		w.c.ClosedAt = at
	}
}

// replay adds a call as its log says. Who attends last is the one it belongs to.
func (w *writer) replay(log []ring, at time.Time) {
	from := w.party()
	seconds := log[len(log)-1].second
	x := Activity{Type: "call", ContactFrom: &from, CreatedAt: at, Call: &Call{StartedAt: at, EndedAt: at.Add(time.Duration(seconds) * time.Second), Duration: seconds}}
	for _, r := range log {
		x.Call.Logs = append(x.Call.Logs, w.callLog(at, r.second, r.message))
		name, attended := strings.CutPrefix(r.message, "[call_attended]")
		if !attended {
			continue
		}
		for i := range w.data.users {
			if u := &w.data.users[i]; u.FirstName+" "+u.LastName == name {
				x.UserID, w.agent = u.ID, u
			}
		}
		if x.Call.AssignedAt.IsZero() {
			x.Call.AssignedAt = at.Add(time.Duration(r.second) * time.Second)
			x.Recordings = []Recording{w.recording()}
		}
	}
	w.add(x)
	if w.c.FirstRead.IsZero() && x.UserID != 0 {
		w.c.FirstRead = x.Call.AssignedAt
		w.assigned(w.c.FirstRead, 0)
	}
}

package sandbox

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// writer makes the thread of one case. The case's points in time are given; the thread tells how they came about.
type writer struct {
	data     *account
	c        *Case
	random   *rand.Rand
	language *language
	contact  *Contact
	agent    *Agent // who attends at the moment; nil for an unassigned case
	about    *topic
	slots    *strings.Replacer
	hostile  bool

	thread       []Activity
	lastCustomer time.Time // when the customer wrote last
	greeted      bool      // by an agent
	used         map[string]bool
	nextID       int64
}

// writeThread makes a case's thread anew; it is the same every time.
func (d *account) writeThread(c *Case) []Activity {
	if c.ID == exampleCase {
		return d.exampleThread(c)
	}
	w := d.newWriter(c, d.random(streamThread, c.ID))
	w.hostile = w.random.IntN(150) == 0
	w.write()
	return w.thread
}

func (d *account) newWriter(c *Case, random *rand.Rand) *writer {
	facts := d.slots(c.ID, c.GroupID == brazilQueue)
	contact := d.contact(c.ContactID)
	return &writer{
		data: d, c: c, random: random, language: d.language(c), contact: contact, agent: d.user(c.UserID),
		about: topicBySubject[c.Subject], used: map[string]bool{}, nextID: c.ID*idsOfCase + 1,
		slots: strings.NewReplacer("{pedido}", facts.order, "{factura}", facts.invoice, "{sucursal}", facts.branch, "{monto}", facts.amount,
			"{dia}", facts.day, "{modelo}", facts.model, "{nombre}", firstWord(contact.Name)),
	}
}

// write lays the thread out: an opening, a conversation, an end that fits the status.
func (w *writer) write() {
	c := w.c
	w.customer(c.CreatedAt, opening)
	answerFrom := c.CreatedAt
	if c.BotAttended {
		answerFrom = w.greetByBot(answerFrom)
	}
	canAnswer := w.agent != nil && !c.FirstRead.IsZero()
	if w.agent != nil {
		at := c.FirstRead
		if at.IsZero() {
			at = later(answerFrom, 2*time.Second, c.LastUpdate)
		}
		w.beginWithAnother()
		w.assigned(at, 0)
		answerFrom = at
	} else if !c.FirstRead.IsZero() {
		answerFrom = c.FirstRead
	}
	if c.resolved() {
		w.resolve(answerFrom, canAnswer)
	} else {
		w.leaveOpen(answerFrom, canAnswer)
	}
}

func (w *writer) assigned(at time.Time, by int64) {
	w.event(at, "[change_assign_agent_to]"+w.agent.FirstName+" "+w.agent.LastName, by)
}

// beginWithAnother gives some cases a first agent who is not the one they have now.
func (w *writer) beginWithAnother() {
	queue := withID(w.data.queues, w.c.GroupID, func(q *Queue) int64 { return q.ID })
	other := w.data.user(pick(w.random, queue.Users).ID)
	if w.random.IntN(8) == 0 && !other.IsBot {
		w.agent = other
	}
}

// handOver brings the case to the agent it has now, who introduces himself or herself again.
func (w *writer) handOver(at time.Time) {
	if w.agent == nil || w.agent.ID == w.c.UserID {
		return
	}
	from := w.agent.ID
	w.agent = w.data.user(w.c.UserID)
	w.assigned(at, from)
	w.greeted = false
}

// steps draws how many messages a conversation has beyond its opening.
func (w *writer) steps() int {
	if w.random.IntN(90) == 0 && w.c.chat() && w.c.LastUpdate.Sub(w.c.CreatedAt) > time.Hour {
		return 121 + w.random.IntN(40)
	}
	most := 14
	switch {
	case !w.c.chat() && w.c.calls():
		most = 3
	case !w.c.chat():
		most = 7
	}
	return 1 + int(math.Abs(w.random.NormFloat64())*float64(most)/2.5)%most
}

// resolve tells a case that ended: the conversation, the solution, sometimes a thank you, the closing.
func (w *writer) resolve(from time.Time, canAnswer bool) {
	c := w.c
	end := c.SolvedAt
	if end.IsZero() {
		end = c.ClosedAt
	}
	times := w.spread(w.steps(), from, end.Add(-2*time.Second))
	for i, at := range times {
		if i == len(times)/2 {
			w.handOver(at)
		}
		switch {
		case canAnswer && i == len(times)-1:
			w.agentSays(at, pick(w.random, w.language.closings))
		case canAnswer && w.agentTurn():
			w.answer(at)
		default:
			w.customer(at, detail)
		}
	}
	actor := c.UserID
	if !c.SolvedAt.IsZero() {
		if c.BotResolved {
			w.botSays(c.SolvedAt, w.language.closings[0])
		}
		w.event(c.SolvedAt, "[change_status_to]solved", actor)
	}
	switch {
	case !c.ClosedAt.IsZero():
		w.event(c.ClosedAt, "[change_status_to]closed", 0)
	case c.LastUpdate.After(c.SolvedAt):
		w.customer(c.LastUpdate, thanks)
	}
}

// leaveOpen tells a case that still waits: for us when the customer wrote last, for the customer or a third party else.
func (w *writer) leaveOpen(from time.Time, canAnswer bool) {
	c := w.c
	times := w.spread(w.steps(), from, c.LastUpdate)
	times[len(times)-1] = c.LastUpdate
	waitsForUs := c.Status == "open" && (!canAnswer || w.random.IntN(100) < 62)
	for i, at := range times {
		if i == len(times)/2 {
			w.handOver(at)
		}
		last := i == len(times)-1
		switch {
		case last && waitsForUs:
			w.customer(at, detail)
		case last && canAnswer:
			w.answer(at)
		case canAnswer && w.agentTurn():
			w.answer(at)
		default:
			w.customer(at, detail)
		}
	}
	if c.Status != "open" {
		w.event(c.LastUpdate, "[change_status_to]"+c.Status, c.UserID)
	}
}

// agentTurn is likely after the customer spoke, and rare twice in a row.
func (w *writer) agentTurn() bool {
	last := w.thread[len(w.thread)-1]
	if last.Type == "user_reply" && last.UserID == w.agent.ID {
		return w.random.IntN(5) == 0
	}
	return w.random.IntN(5) < 3
}

// spread draws n points in time after from, in bursts as people write, the last one at or before end.
func (w *writer) spread(n int, from, end time.Time) []time.Time {
	if end.Before(from) {
		end = from
	}
	weights := make([]float64, n)
	total := 0.0
	for i := range weights {
		weights[i] = math.Exp(1.5 * w.random.NormFloat64())
		total += weights[i]
	}
	times := make([]time.Time, n)
	sum := 0.0
	for i, weight := range weights {
		sum += weight
		times[i] = from.Add(time.Duration(float64(end.Sub(from)) * sum / total)).Truncate(time.Second)
		if times[i].After(end) {
			times[i] = end
		}
	}
	return times
}

// greetByBot lets the queue's bot answer within seconds, and the customer go on; it returns when that was over.
func (w *writer) greetByBot(from time.Time) time.Time {
	limit := cmp.Or(w.c.FirstRead, w.c.LastUpdate)
	at := later(from, time.Duration(2+w.random.IntN(4))*time.Second, limit)
	w.botSays(at, pick(w.random, w.language.bot))
	if w.random.IntN(2) == 0 {
		at = later(at, time.Duration(8+w.random.IntN(20))*time.Second, limit)
		w.customer(at, afterBot)
	}
	return at
}

func (w *writer) botSays(at time.Time, text string) {
	w.add(Activity{
		Type: "user_reply", UserID: w.language.botID, Content: w.slots.Replace(text), CreatedAt: at,
		ContactsTo: []Party{w.party()}, SendingState: "sent",
	})
}

// event is what the system writes into a thread [W].
func (w *writer) event(at time.Time, content string, actor int64) {
	w.add(Activity{Type: "event", UserID: actor, Content: content, CreatedAt: at})
}

func (w *writer) add(x Activity) {
	x.ID, x.CaseID = w.nextID, w.c.ID
	x.Channel = cmp.Or(x.Channel, w.c.SourceChannel)
	w.nextID += 1 + w.random.Int64N(2)
	w.thread = append(w.thread, x)
}

// party is the contact as activities name it on this channel.
func (w *writer) party() Party {
	p := Party{ID: w.contact.ID, Name: w.contact.Name}
	if strings.HasSuffix(w.c.SourceChannel, "email") {
		p.Email = cmp.Or(w.contact.Email, plain(firstWord(w.contact.Name))+"@ejemplo.com")
	} else {
		p.Phone = w.contact.Phone
	}
	return p
}

// fresh picks a sentence that this thread has not used yet, as long as there is one.
func (w *writer) fresh(list []string) string {
	from := w.random.IntN(len(list))
	for i := range list {
		text := list[(from+i)%len(list)]
		if !w.used[text] {
			w.used[text] = true
			return w.slots.Replace(text)
		}
	}
	return w.slots.Replace(list[from])
}

func later(at time.Time, by time.Duration, limit time.Time) time.Time {
	if at = at.Add(by); at.After(limit) {
		return limit
	}
	return at
}

func (c *Case) calls() bool { return c.SourceChannel == "phone" || c.SourceChannel == "incoming_call" }

func (c *Case) mails() bool { return strings.HasSuffix(c.SourceChannel, "email") }

// lastMessage returns the newest activity that is no event, for quoting.
func (w *writer) lastMessage() *Activity {
	for i := range slices.Backward(w.thread) {
		if w.thread[i].Type != "event" {
			return &w.thread[i]
		}
	}
	return nil
}

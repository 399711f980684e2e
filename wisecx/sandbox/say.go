package sandbox

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// part is the place of a customer's message in a conversation.
type part int

const (
	opening part = iota
	detail
	afterBot
	thanks
)

// window is how long after the customer's last message WhatsApp takes plain text; later only templates.
const window = 24 * time.Hour

// customer lets the contact say something in the manner of the channel.
func (w *writer) customer(at time.Time, p part) {
	defer func() { w.lastCustomer = at }()
	if w.c.calls() {
		w.call(at, p == opening && !w.c.FirstRead.IsZero() && w.random.IntN(5) < 3)
		return
	}
	from := w.party()
	x := Activity{Type: "contact_message", ContactFrom: &from, CreatedAt: at, SendingState: "sent", Content: w.customerWords(p)}
	if w.hostile && p != afterBot {
		x.Content = hostileWords(x.Content, w.random)
		w.hostile = false
		w.add(x)
		return
	}
	if w.c.mails() {
		x.Content = w.mail(x.Content, at, false)
		if w.random.IntN(6) == 0 {
			x.Attachments = []Attachment{w.attachment("comprobante.pdf")}
		}
		w.add(x)
		return
	}
	x.Content = w.sloppy(x.Content)
	if p == detail && w.random.IntN(9) == 0 {
		// A photo or a voice note often comes without a word.
		x.Attachments = []Attachment{w.attachment([]string{"foto.jpg", "IMG-20260906-WA0012.jpg", "audio.ogg", "captura de pantalla.png"}[w.random.IntN(4)])}
		if w.random.IntN(2) == 0 {
			x.Content = ""
		}
	}
	w.add(x)
}

func (w *writer) customerWords(p part) string {
	switch {
	case p == afterBot && w.random.IntN(2) == 0:
		return map[bool]string{true: "agente", false: "atendente"}[w.language == &spanish]
	case p == afterBot:
		return []string{"1", "2", "3", "4"}[w.random.IntN(4)]
	case p == thanks:
		return pick(w.random, w.language.thanks)
	case w.about == nil:
		return w.c.Subject
	case p == opening:
		return w.fresh(w.about.openings)
	case w.random.IntN(4) == 0 && w.chatUnanswered():
		return pick(w.random, w.language.nudges)
	case w.c.chat() && w.random.IntN(3) == 0:
		return pick(w.random, w.language.chatter)
	}
	return w.fresh(w.about.details)
}

// chatUnanswered tells whether the customer wrote last.
func (w *writer) chatUnanswered() bool {
	last := w.lastMessage()
	return last != nil && last.ContactFrom != nil
}

// answer lets the agent say something about the matter.
func (w *writer) answer(at time.Time) {
	switch {
	case w.c.calls():
		w.call(at, true)
	case !w.greeted:
		w.agentSays(at, pick(w.random, w.language.takeovers))
	case w.about == nil || w.random.IntN(3) == 0:
		w.agentSays(at, w.fresh(w.language.fillers))
	default:
		w.agentSays(at, w.fresh(w.about.answers))
	}
}

func (w *writer) agentSays(at time.Time, words string) {
	if w.c.calls() {
		w.call(at, true)
		return
	}
	w.greeted = true
	words = strings.ReplaceAll(words, "{agente}", w.agent.FirstName)
	x := Activity{
		Type: "user_reply", UserID: w.agent.ID, CreatedAt: at, ContactsTo: []Party{w.party()}, SendingState: "sent",
		Content: w.slots.Replace(words),
	}
	switch {
	case w.c.mails():
		x.Content = w.mail(x.Content, at, true)
	case w.c.SourceChannel == "whatsapp" && at.Sub(w.lastCustomer) > window:
		x.Content = w.templateText()
	}
	if w.random.IntN(80) == 0 {
		x.SendingState = "failed"
	}
	if w.random.IntN(25) == 0 {
		x.Attachments = []Attachment{w.attachment("instructivo.pdf")}
	}
	w.add(x)
}

// templateText is a template of the case's number as the customer saw it.
func (w *writer) templateText() string {
	var fitting []Template
	for _, t := range w.data.templates {
		if t.Number == w.c.ChannelAccount {
			fitting = append(fitting, t)
		}
	}
	if len(fitting) == 0 {
		fitting = w.data.templates
	}
	facts := w.data.slots(w.c.ID, w.c.GroupID == brazilQueue)
	return strings.NewReplacer("{{1}}", firstWord(w.contact.Name), "{{2}}", facts.order, "{{3}}", "9 a 13").Replace(pick(w.random, fitting).Content)
}

func (w *writer) attachment(name string) Attachment {
	return Attachment{name, fmt.Sprintf("https://files.example.com/%d/%d/%s", w.c.ID, w.nextID, strings.ReplaceAll(name, " ", "%20"))}
}

// sloppy writes a sentence as thumbs do: without capitals and accents, shortened, mistyped, with emoji.
func (w *writer) sloppy(text string) string {
	if w.random.IntN(2) == 0 {
		first, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToLower(first)) + text[size:]
	}
	if w.random.IntN(3) == 0 {
		text = withoutAccents.Replace(text)
	}
	if w.random.IntN(4) == 0 {
		text = strings.NewReplacer(" que ", " q ", " porque ", " xq ", " por ", " x ", "También", "tmb", " você", " vc", " não ", " n ").Replace(text)
	}
	if w.random.IntN(6) == 0 {
		text = w.mistype(text)
	}
	if w.random.IntN(4) == 0 {
		text = strings.TrimRight(text, ".!") + pick(w.random, w.language.emoji)
	}
	return text
}

// mistype swaps two letters inside a word.
func (w *writer) mistype(text string) string {
	letters := []rune(text)
	if len(letters) < 8 {
		return text
	}
	i := 1 + w.random.IntN(len(letters)-3)
	if unicode.IsLetter(letters[i]) && unicode.IsLetter(letters[i+1]) {
		letters[i], letters[i+1] = letters[i+1], letters[i]
	}
	return string(letters)
}

// call adds a call with its log. Its log's clock is local while every other time is UTC [I from W]. The type "call" is
// [I]: the reference only says that a call's activity carries call_data.
func (w *writer) call(at time.Time, attended bool) {
	// Nothing that is told has an end in the future.
	past := max(int(w.data.now.Sub(at)/time.Second), 2)
	ring, talk := min(4+w.random.IntN(40), past/2), 0
	logs := []CallLog{w.callLog(at, 0, "[call_start]")}
	queue := withID(w.data.queues, w.c.GroupID, func(q *Queue) int64 { return q.ID })
	logs = append(logs, w.callLog(at, 1, "[call_available_agents]"+w.available(queue)))
	x := Activity{Type: "call", CreatedAt: at, Call: &Call{StartedAt: at}}
	from := w.party()
	x.ContactFrom = &from
	if attended && w.agent != nil {
		talk = min(30+w.random.IntN(900), past-ring)
		if w.random.IntN(6) == 0 {
			logs = append(logs, w.callLog(at, ring-1, "[call_transferred_area]"))
		}
		x.UserID = w.agent.ID
		x.Call.AssignedAt = at.Add(time.Duration(ring) * time.Second)
		logs = append(logs, w.callLog(at, ring, "[call_attended]"+w.agent.FirstName+" "+w.agent.LastName))
		x.Recordings = []Recording{w.recording()}
	} else if ring > 20 {
		logs = append(logs, w.callLog(at, ring-1, "[assigned_limit]"))
	}
	x.Call.Duration = ring + talk
	x.Call.EndedAt = at.Add(time.Duration(ring+talk) * time.Second)
	x.Call.Logs = append(logs, w.callLog(at, ring+talk, "[call_end]"))
	w.add(x)
}

func (w *writer) recording() Recording {
	return Recording{fmt.Sprintf("rec-%d", w.nextID), fmt.Sprintf("https://files.example.com/recordings/%d.mp3", w.nextID)}
}

func (w *writer) callLog(at time.Time, after int, message string) CallLog {
	moment := at.Add(time.Duration(after)*time.Second + time.Duration(w.random.IntN(999))*time.Millisecond)
	return CallLog{moment.In(localZone).Format("15:04:05.000"), message}
}

func (w *writer) available(queue *Queue) string {
	var names []string
	for _, place := range queue.Users {
		if user := w.data.user(place.ID); !user.IsBot && w.random.IntN(2) == 0 {
			names = append(names, user.FirstName+" "+user.LastName)
		}
	}
	return strings.Join(names, ", ")
}

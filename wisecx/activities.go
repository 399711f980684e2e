package wisecx

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Types of activities that we know; there are others, all of them events [W].
const (
	ContactMessage = "contact_message" // from the contact
	UserReply      = "user_reply"      // from an agent, a bot, or an integration
)

// Activity is one entry of a case's thread: a message that a person wrote, or an event.
type Activity struct {
	ID            Int         `json:"id"`
	CaseID        Int         `json:"case_id"`
	Type          Text        `json:"type"`
	AgentID       Int         `json:"user_id"`
	Channel       Text        `json:"channel"`
	Content       Text        `json:"content"`
	ContactFrom   Person      `json:"contact_from"`
	Attachments   Attachments `json:"attachments"`
	Recordings    Recordings  `json:"recordings"`
	CallData      *CallData   `json:"call_data"`
	CreatedAt     Time        `json:"created_at"`
	SendingStatus Text        `json:"sending_status"`

	lacks uint8 // keys that did not come, a bit for each of telling
}

// telling are the keys by which is known who wrote what, and when.
var telling = [...]string{"type", "created_at", "content", "user_id", "channel"}

// Lacks tells whether an entry came without a key at all, which is not the same as empty. It knows of type, created_at,
// content, user_id and channel.
func (a *Activity) Lacks(key string) bool {
	i := slices.Index(telling[:], key)
	return i >= 0 && a.lacks&(1<<i) != 0
}

func (a *Activity) times() []*Time {
	times := []*Time{&a.CreatedAt}
	if a.CallData != nil {
		times = append(times, &a.CallData.StartedAt, &a.CallData.EndedAt, &a.CallData.AssignedAt)
	}
	return times
}

// UnmarshalJSON reads the object. A call_data of nothing, such as "", [] or {}, is no call.
func (a *Activity) UnmarshalJSON(b []byte) error {
	type plain Activity
	var read plain
	if err := json.Unmarshal(b, &read); err != nil {
		return err
	}
	*a = Activity(read)
	for i, empty := range [...]bool{a.Type == "", a.CreatedAt.IsZero(), a.Content == "", a.AgentID == 0, a.Channel == ""} {
		if empty && !bytes.Contains(b, []byte(`"`+telling[i]+`"`)) {
			a.lacks |= 1 << i
		}
	}
	if a.CallData != nil && a.CallData.nothing {
		a.CallData = nil
	}
	return nil
}

// IsEvent tells what the system wrote from what a person wrote: any type but the two of messages,
// and content such as "[change_assign_agent_to]Ana" [W].
func (a *Activity) IsEvent() bool {
	if a.Type != ContactMessage && a.Type != UserReply {
		return a.CallData == nil
	}
	rest, found := strings.CutPrefix(strings.TrimSpace(string(a.Content)), "[")
	word, _, closed := strings.Cut(rest, "]")
	if !found || !closed || !strings.Contains(word, "_") || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return false
	}
	// A customer may well write "[mi_foto]", and nobody's words may get lost: of theirs, only what
	// begins as the system's words do is an event.
	verb, _, _ := strings.Cut(word, "_")
	return a.Type == UserReply || slices.Contains(systemVerbs, verb)
}

// systemVerbs begin the system's words that are known [W], and such as go with them [I].
var systemVerbs = []string{"change", "changed", "assign", "assigned", "unassign", "transfer", "transferred", "call", "case", "status", "group",
	"agent", "user", "tag", "add", "added", "remove", "removed", "set", "close", "closed", "solve", "solved", "open", "opened", "reopen", "reopened"}

// NotDelivered tells whether the message never reached the contact, as far as its sending status says [I].
func (a *Activity) NotDelivered() bool {
	switch strings.ToLower(string(a.SendingStatus)) {
	case "failed", "error", "rejected", "undelivered", "not_sent":
		return true
	}
	return false
}

// Person is somebody as a message names them.
type Person struct {
	ID    Int  `json:"id"`
	Name  Text `json:"name"`
	Email Text `json:"email"`
	Phone Text `json:"phone"`
}

// UnmarshalJSON reads the object, a list's first entry, a bare name, or a bare id.
func (p *Person) UnmarshalJSON(b []byte) error {
	type plain Person
	*p = Person{}
	var number Int
	switch items := elements(b); {
	case len(items) == 0:
	case items[0][0] == '{':
		_ = json.Unmarshal(items[0], (*plain)(p))
	case number.UnmarshalJSON(items[0]) == nil && number != 0 && items[0][0] != '"':
		p.ID = number
	default:
		p.Name = Text(unquote(items[0]))
	}
	return nil
}

// Attachments are the names of a message's files; their contents are not read.
type Attachments []string

// UnmarshalJSON reads objects with a name or an address, bare texts, and one of these alone.
func (l *Attachments) UnmarshalJSON(b []byte) error {
	*l = nil
	for _, item := range elements(b) {
		var file struct {
			Name, FileName, URL Text
			Snake               Text `json:"file_name"`
		}
		if item[0] == '{' {
			_ = json.Unmarshal(item, &file)
		} else {
			file.URL = Text(unquote(item))
		}
		*l = append(*l, string(cmp.Or(file.Name, file.FileName, file.Snake, Text(lastOf(string(file.URL))), "file")))
	}
	return nil
}

// lastOf gives the last part of an address, as a person would write it.
func lastOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	name := address[strings.LastIndex(address, "/")+1:]
	if plain, err := url.PathUnescape(name); err == nil {
		return plain[strings.LastIndex(plain, "/")+1:]
	}
	return name
}

// Recordings are the recordings of a call.
type Recordings []Recording

// Recording is one of them; the API gives its address as well, which is not kept.
type Recording struct {
	ID Text `json:"recording_id"`
}

// UnmarshalJSON reads a list of objects or ids, and one of these alone.
func (l *Recordings) UnmarshalJSON(b []byte) error {
	*l = nil
	for _, item := range elements(b) {
		var recording Recording
		if item[0] == '{' {
			_ = json.Unmarshal(item, &recording)
		} else {
			recording.ID = Text(unquote(item))
		}
		*l = append(*l, recording)
	}
	return nil
}

// CallData is what a call's activity carries [W].
type CallData struct {
	StartedAt  Time   `json:"started_at"`
	EndedAt    Time   `json:"ended_at"`
	AssignedAt Time   `json:"assigned_at"`
	Seconds    Int    `json:"duration"`
	Logs       []Call `json:"logs"`
	nothing    bool   // there was no call
}

// Call is a line of a call's log. Its clock is the account's local time, unlike all other times [W].
type Call struct {
	Clock   Text `json:"time"` // HH:MM:SS.mmm
	Message Text `json:"message"`
}

// UnmarshalJSON reads the object, or a list's first. Of an odd member or line of the log only that
// one is lost; anything else but nothing is a call of which nothing is known.
func (d *CallData) UnmarshalJSON(b []byte) error {
	type plain CallData
	*d = CallData{}
	items := elements(b)
	if len(items) == 0 {
		d.nothing = true
		return nil
	}
	_ = json.Unmarshal(items[0], (*plain)(d))
	return nil
}

// ListActivities gives one page of a case's thread.
//
//wisecx:endpoint GET /cases/{id}/activities
func (c *Client) ListActivities(ctx context.Context, caseID int64, q Query) ([]Activity, error) {
	return list[Activity](ctx, c, casePath(caseID)+"/activities", q)
}

// GetActivity gives one entry of a case's thread, ErrNotFound where there is none.
//
//wisecx:endpoint GET /cases/{id}/activities/{activity_id}
func (c *Client) GetActivity(ctx context.Context, caseID, id int64, fields ...string) (*Activity, error) {
	path := casePath(caseID) + "/activities/" + strconv.FormatInt(id, 10)
	return one[Activity](ctx, c, path, fields)
}

// Attended tells whether somebody of ours took the call: by its log, else by its having been assigned.
func (d *CallData) Attended() bool {
	says := func(line Call) bool { return line.Message != "" }
	if slices.ContainsFunc(d.Logs, says) {
		return slices.ContainsFunc(d.Logs, func(line Call) bool { word, _ := line.parts(); return word == callAttended })
	}
	return !d.AssignedAt.IsZero() && d.Seconds > 0
}

// Agents gives the names of those who took the call, as the log has them behind [call_attended]: in
// its order, each once. The first took it from the customer, the others were put through to.
func (d *CallData) Agents() []string {
	var agents []string
	for _, line := range d.Logs {
		if word, name := line.parts(); word == callAttended && name != "" && !slices.Contains(agents, name) {
			agents = append(agents, name)
		}
	}
	return agents
}

// Spans gives how long a call rang, how long we talked, and how long it took from its start to its end. From a transfer
// until the next of us takes it a call rings again. A missed call rang to its end. What is not known is 0; where the total
// is known, ring and talk are within it.
func (d *CallData) Spans() (ring, talk, total time.Duration) {
	ring, talk, total = d.untilTaken()
	_, _, _, again := d.marks()
	again = min(again, talk)
	return ring + again, talk - again, total
}

// PickedUp gives how long a call rang until somebody first took it; 0 where nobody did, or it is not known.
func (d *CallData) PickedUp() time.Duration {
	if !d.Attended() {
		return 0
	}
	ring, _, _ := d.untilTaken()
	return ring
}

// untilTaken gives the spans of a call as if it was never put through.
//
// They are differences of the log's clock [W]. Where the log does not tell, they are differences of the
// call's own points in time, with duration taken for the whole of the call [I]. The log's clock is the
// account's local one and the points in time are UTC, so none is ever taken from the other.
func (d *CallData) untilTaken() (ring, talk, total time.Duration) {
	start, attended, end, _ := d.marks()
	told := between(d.StartedAt, d.EndedAt)
	if !d.Attended() {
		total = cmp.Or(gap(start, end), d.duration(), told)
		return total, 0, total
	}
	if start >= 0 && attended >= 0 && end > start {
		return attended - start, end - attended, end - start
	}
	ring = cmp.Or(gap(start, attended), between(d.StartedAt, d.AssignedAt))
	talk = cmp.Or(gap(attended, end), between(d.AssignedAt, d.EndedAt))
	for _, whole := range []time.Duration{d.duration(), told} {
		if total == 0 && whole >= ring+talk {
			total = whole
		}
	}
	switch {
	case ring > 0 && talk == 0 && total > 0:
		talk = total - ring
	case ring > 0 && talk > 0 && ring+talk <= longestCall && total == 0:
		total = ring + talk
	}
	return ring, talk, total
}

// longestCall is what no call takes: anything longer is the error of a clock [I].
const longestCall = 12 * time.Hour

func (d *CallData) duration() time.Duration {
	if d.Seconds < 0 || d.Seconds > Int(longestCall/time.Second) {
		return 0
	}
	return time.Duration(d.Seconds) * time.Second
}

// between gives the time from one point to another, 0 where that makes no sense.
func between(from, to Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return gap(0, to.Sub(from.Time))
}

// gap gives the time from one mark of a log to another, 0 where that makes no sense.
func gap(from, to time.Duration) time.Duration {
	if from < 0 || to < from || to-from > longestCall {
		return 0
	}
	return to - from
}

// Marks of a call's log [W].
const (
	callStart       = "call_start"
	callAttended    = "call_attended"
	callTransferred = "call_transferred_area"
	callEnd         = "call_end"
)

// marks gives when a call started, was first attended and ended, counted from the earliest line of its
// log; -1 for what the log does not tell; and how long it rang again after transfers. The clock has no date: of two neighbouring lines, one that
// seems more than twelve hours behind the other is of the next day; any other step back is only a line
// out of order. A log with a mark whose clock cannot be read tells nothing, nor does one whose marks
// contradict each other.
func (d *CallData) marks() (start, attended, end, again time.Duration) {
	type mark struct {
		at   time.Duration
		word string
	}
	var marks []mark
	var clock time.Time
	for _, line := range d.Logs {
		word, _ := line.parts()
		read, err := time.Parse("15:04:05", strings.TrimSpace(string(line.Clock))) // takes a fraction as well
		if err != nil {
			switch word {
			case callStart, callAttended, callTransferred, callEnd:
				return -1, -1, -1, 0
			}
			continue
		}
		at := time.Duration(0)
		if len(marks) > 0 {
			at = marks[len(marks)-1].at + aroundMidnight(read.Sub(clock))
		}
		marks, clock = append(marks, mark{at, word}), read
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.at, b.at) })
	start, attended, end = -1, -1, -1
	left := time.Duration(-1) // when it was put through, while nobody has taken it
	for _, m := range marks {
		since := m.at - marks[0].at
		switch {
		case m.word == callStart && start < 0:
			start = since
		case m.word == callAttended && attended < 0:
			attended = since
		case m.word == callAttended && left >= 0:
			again, left = again+since-left, -1
		case m.word == callTransferred && attended >= 0 && left < 0:
			left = since
		case m.word == callEnd:
			end = since
		}
	}
	if left >= 0 && end > left {
		again += end - left
	}
	if start < 0 && len(marks) > 0 && attended != 0 {
		start = 0
	}
	last := max(start, attended, end)
	if last > longestCall || end >= 0 && end < last || attended >= 0 && attended < start {
		return -1, -1, -1, 0
	}
	return start, attended, end, again
}

func aroundMidnight(step time.Duration) time.Duration {
	switch {
	case step < -12*time.Hour:
		return step + 24*time.Hour
	case step > 12*time.Hour:
		return step - 24*time.Hour
	}
	return step
}

// parts takes "[call_attended]Ana Paz" apart; the word is "" where the line has none.
func (l Call) parts() (word, rest string) {
	message, found := strings.CutPrefix(strings.TrimSpace(string(l.Message)), "[")
	word, rest, closed := strings.Cut(message, "]")
	if !found || !closed {
		return "", ""
	}
	return word, strings.TrimSpace(rest)
}

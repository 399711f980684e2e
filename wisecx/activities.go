package wisecx

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	return list[Activity](ctx, c, "/cases/"+strconv.FormatInt(caseID, 10)+"/activities", q)
}

// GetActivity gives one entry of a case's thread, ErrNotFound where there is none.
//
//wisecx:endpoint GET /cases/{id}/activities/{activity_id}
func (c *Client) GetActivity(ctx context.Context, caseID, id int64, fields ...string) (*Activity, error) {
	path := "/cases/" + strconv.FormatInt(caseID, 10) + "/activities/" + strconv.FormatInt(id, 10)
	return one[Activity](ctx, c, path, fields)
}

// Attended tells whether somebody of ours took the call: by its log, else by its having been assigned.
func (d *CallData) Attended() bool {
	if len(d.Logs) > 0 {
		return d.AttendedBy() != ""
	}
	return !d.AssignedAt.IsZero() && d.Seconds > 0
}

// AttendedBy gives the name that the log has behind its last [call_attended]; "" for a missed call.
func (d *CallData) AttendedBy() string {
	name := ""
	for _, line := range d.Logs {
		if rest, found := strings.CutPrefix(string(line.Message), "[call_attended]"); found {
			name = strings.TrimSpace(rest)
		}
	}
	return name
}

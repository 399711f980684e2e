package sandbox

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// draft is a case as a write will leave it, and what the write adds.
type draft struct {
	*edit
	c       Case
	added   []Activity // to its thread, in this order
	made    []Contact  // people nobody knew yet
	deleted bool
}

func (e *edit) draftOf(c *Case) *draft { return &draft{edit: e, c: *c} }

// Fields in the order in which they take effect: an answer is from the agent that the case is given to, and a case is
// solved after what is said.
var (
	fieldsOfNewCase = []member[draft]{
		{"group_id", (*draft).takeQueue},
		{"source_channel", (*draft).takeChannel},
		{"user_id", (*draft).takeAgent},
		{"subject", (*draft).takeSubject},
		{"tags", (*draft).takeTags},
		{"type_id", (*draft).takeType},
		{"priority", (*draft).takePriority},
		{"due_at", (*draft).takeDue},
		{"custom_fields", (*draft).takeCustomFields},
		{"activities", (*draft).takeActivities},
	}
	fieldsOfStatus = []member[draft]{{"status", (*draft).takeStatus}}
	fieldsOfCase   = slices.Concat(fieldsOfNewCase, fieldsOfStatus, []member[draft]{
		{"spam", (*draft).takeSpam},
		{"deleted", (*draft).takeDeleted},
	})
	fieldsOfTransfer = []member[draft]{{"group_id", (*draft).takeQueue}, {"user_id", (*draft).takeAgent}}
)

// finish saves the draft unless the body was wrong.
func (d *draft) finish() ([]byte, error) {
	if err := d.body.finish(); err != nil {
		return nil, err
	}
	d.log(d.c.ID, d.save(d.added))
	return acknowledge(d.edit, &caseTable, d.data.caseByID[d.c.ID]), nil
}

// save stores the case, and the people it made known.
func (d *draft) save(added []Activity) (changed bool) {
	for _, c := range d.made {
		d.saveContact(c)
	}
	return d.saveCase(d.c, added)
}

// event is what the system writes into the thread [W]; nobody of the account did it.
func (d *draft) event(content string) {
	d.added = append(d.added, Activity{Type: "event", Channel: d.c.SourceChannel, Content: content, CreatedAt: d.now})
}

// takeQueue writes the event [change_group_to] [I]; a new case begins in its queue without one.
func (d *draft) takeQueue() {
	id, has := d.body.number("group_id")
	if !has || id == d.c.GroupID {
		return
	}
	queue := withID(d.data.queues, id, func(q *Queue) int64 { return q.ID })
	if queue == nil {
		d.body.fail(unknown("Queue"))
		return
	}
	if d.c.GroupID != 0 {
		d.event("[change_group_to]" + queue.Name)
	}
	d.c.GroupID = id
}

// takeChannel takes the channels that the account has one of [I].
func (d *draft) takeChannel() {
	source, has := d.body.text("source_channel")
	if !has || source == d.c.SourceChannel {
		return
	}
	if !slices.ContainsFunc(d.data.channels, func(c Channel) bool { return c.Source == source }) {
		d.body.fail(unknown("Channel"))
		return
	}
	d.c.SourceChannel, d.c.ChannelAccount = source, channelAccount(source, d.c.GroupID)
}

func (d *draft) takeAgent() {
	if d.body.null("user_id") {
		d.assign(0)
		return
	}
	id, has := d.body.number("user_id")
	if has && d.data.user(id) == nil {
		d.body.fail(unknown("User"))
		return
	}
	if has {
		d.assign(id)
	}
}

// assign gives the case to an agent, of whatever queue [I], or with 0 to nobody, which the event tells with no name [I].
func (d *draft) assign(id int64) {
	if id == d.c.UserID {
		return
	}
	name := ""
	if user := d.data.user(id); user != nil {
		name = user.FirstName + " " + user.LastName
	}
	d.c.UserID = id
	d.event("[change_assign_agent_to]" + name)
}

func (d *draft) takeSubject() {
	if subject, has := d.body.short("subject"); has {
		d.c.Subject = subject
	}
}

// takeTags replaces the tags. They come as names, and an id that is a tag's is that tag; a name that is no tag's is kept
// as it is, and the list of tags does not grow by it [I].
func (d *draft) takeTags() {
	list, has := d.body.list("tags")
	tags := []string{}
	for _, value := range list {
		tag, ok := d.tag(value)
		if !ok {
			d.body.wrong("tags", value, "a tag's name or id")
			return
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if has && !slices.Equal(tags, d.c.Tags) {
		d.c.Tags = tags
	}
}

func (d *draft) tag(value json.RawMessage) (string, bool) {
	text, scalar := scalarText(value)
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		if known := withID(d.data.tags, id, func(t *Tag) int64 { return t.ID }); known != nil {
			return known.Name, true
		}
	}
	isText := bytes.HasPrefix(bytes.TrimSpace(value), []byte(`"`))
	return text, scalar && isText && text != "" && len(text) <= longestText
}

func (d *draft) takeType() {
	id, has := d.body.number("type_id")
	if has && withID(d.data.types, id, func(t *Type) int64 { return t.ID }) == nil {
		d.body.fail(unknown("Type"))
		return
	}
	if has {
		d.c.TypeID = id
	}
}

var priorities = []string{"low", "normal", "high", "urgent"} // [I]

func (d *draft) takePriority() {
	priority, has := d.body.text("priority")
	if has && !slices.Contains(priorities, priority) {
		d.body.fail(bad("Invalid priority %q", cut(priority)))
		return
	}
	if has {
		d.c.Priority = priority
	}
}

func (d *draft) takeDue() {
	if d.body.null("due_at") {
		d.c.DueAt = never
		return
	}
	if at, has := d.body.date("due_at"); has && !at.Equal(d.c.DueAt) {
		d.c.DueAt = at
	}
}

// takeCustomFields takes a field that offers options only with one of them [I].
func (d *draft) takeCustomFields() {
	d.c.CustomFields = d.body.customFields(d.c.CustomFields, d.data.caseFields, d.data.options)
}

// statusesWritten are the words that a write may use [C], and those that rows carry. For onhold there are two, of which an
// account takes one.
var statusesWritten = map[string]string{"open": "open", "pending": "pending", "hold": "onhold", "onhold": "onhold", "solved": "solved", "closed": "closed"}

func (d *draft) takeStatus() {
	word, has := d.body.text("status")
	if !has {
		return
	}
	status, known := statusesWritten[word]
	if !known || status == "onhold" && (word == "onhold") != d.options.WriteOnHold {
		d.body.fail(bad("Invalid status %q", cut(word)))
		return
	}
	if status != d.c.Status {
		d.change(status)
	}
}

var never time.Time

// change moves a case to another status. One that goes on has neither been solved nor closed.
func (d *draft) change(status string) {
	switch d.c.Status = status; status {
	case "closed":
		d.c.ClosedAt = d.now
	case "solved":
		d.c.SolvedAt, d.c.ClosedAt = d.now, never
	default:
		d.c.SolvedAt, d.c.ClosedAt = never, never
	}
	d.event("[change_status_to]" + status)
}

// takeSpam keeps the mark, which no answer shows [I].
func (d *draft) takeSpam() {
	if spam, has := d.body.truth("spam"); has {
		d.c.Spam = spam
	}
}

// takeDeleted deletes as DELETE does; false says what is so of every case that can still be named [I].
func (d *draft) takeDeleted() {
	if deleted, has := d.body.truth("deleted"); has {
		d.deleted = deleted
	}
}

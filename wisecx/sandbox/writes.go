package sandbox

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Write is a write that was carried out, whatever became of its answer.
type Write struct {
	Endpoint string    // as the list of endpoints names it, "PUT /cases/{id}"
	Path     string    // below the base, "/cases/430357543"
	ID       int64     // of the case or contact it was about, or that it made
	At       time.Time // on the API's clock, in whole seconds
	Body     string    // as it came; "" for none
	Changed  bool      // whether anything was other afterwards: setting what is so already changes nothing
}

// Writes returns all writes that were carried out so far, in their order. What was refused, and what a fault kept from
// its work, is not among them.
func (a *API) Writes() []Write {
	a.lock.RLock()
	defer a.lock.RUnlock()
	return slices.Clone(a.writes)
}

// Acknowledgement is what the writes are answered with that change a case or a contact: 200 with an object, its content
// unknown [I].
type Acknowledgement int

// The forms of an Acknowledgement.
const (
	AcknowledgeEmpty   Acknowledgement = iota // {}
	AcknowledgeSuccess                        // {"success": true}
	AcknowledgeObject                         // the case or contact with its default fields, as it is afterwards
)

// edit is one write at work. It holds the account's lock: all of it happens, or nothing, and nobody sees half of it.
// Whatever can be refused is checked before the first change.
type edit struct {
	*API
	data    *account
	request *request
	text    string    // the body as it came
	body    *document // nil where the endpoint takes none
	now     time.Time
	hidden  time.Duration // how long GETs do not show it
}

// withBody serves a write whose body is a JSON object.
func withBody(work func(*edit) ([]byte, error)) handler {
	return func(a *API, r *request) ([]byte, error) {
		text, err := r.read()
		if err != nil {
			return nil, err
		}
		body, err := parseObject(text)
		if err != nil {
			return nil, err
		}
		return a.edit(r, string(text), body, work)
	}
}

// withoutBody serves a write that says all by its path. An empty object is as good as no body [I].
func withoutBody(work func(*edit) ([]byte, error)) handler {
	return func(a *API, r *request) ([]byte, error) {
		text, err := r.read()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(text)) > 0 {
			if body, err := parseObject(text); err != nil || len(body.members) > 0 {
				return nil, unreadable("%s takes no body", r.route.name)
			}
		}
		return a.edit(r, string(text), nil, work)
	}
}

func (a *API) edit(r *request, text string, body *document, work func(*edit) ([]byte, error)) ([]byte, error) {
	if _, err := parameters(r); err != nil {
		return nil, err
	}
	e := &edit{API: a, data: a.data(), request: r, text: text, body: body, hidden: a.trouble.visibleAfter()}
	a.lock.Lock()
	defer a.lock.Unlock()
	e.now = a.now()
	return work(e)
}

// member is a member of a body and what it does to a draft.
type member[T any] struct {
	name string
	take func(*T)
}

// takeAll applies a body's members to a draft in the order of the table. What ignore names is checked and undone.
func takeAll[T any](draft *T, members []member[T], ignore []string) {
	for _, m := range members {
		before := *draft
		if m.take(draft); slices.Contains(ignore, m.name) {
			*draft = before
		}
	}
}

func (e *edit) log(id int64, changed bool) {
	e.writes = append(e.writes, Write{
		Endpoint: e.request.route.name, Path: strings.TrimPrefix(e.request.URL.Path, base), ID: id, At: e.now, Body: e.text, Changed: changed,
	})
}

// until is when GETs begin to show this write. It hangs on the real clock: who waits for it does so in real time.
func (e *edit) until() (now, until time.Time) {
	now = time.Now()
	return now, now.Add(e.hidden)
}

// saveCase stores a case as it is now, with what is added to its thread, and moves its last_update if that changes anything.
func (e *edit) saveCase(c Case, added []Activity) (changed bool) {
	d := e.data
	old, known := d.caseByID[c.ID]
	if known && len(added) == 0 && reflect.DeepEqual(*old, c) {
		return false
	}
	e.hideCase(c.ID)
	d.keep(c.ID)
	thread := d.threads[c.ID]
	if thread == nil {
		thread = []Activity{}
	}
	for _, x := range added {
		thread = append(thread, d.complete(c.ID, x))
	}
	d.threads[c.ID] = byTime(thread)
	if e.now.After(c.LastUpdate) {
		c.LastUpdate = e.now
	}
	d.insert(c)
	return true
}

func (e *edit) removeCase(id int64) {
	e.hideCase(id)
	e.data.remove(id)
}

// hideCase lets GETs show a case and its thread as they are, for as long as this write is hidden.
func (e *edit) hideCase(id int64) {
	if e.hidden == 0 {
		return
	}
	now, until := e.until()
	d, before, thread := e.data, (*Case)(nil), (*[]Activity)(nil)
	if c, known := d.caseByID[id]; known {
		copied := *c
		activities, _ := d.thread(id)
		before, thread = &copied, &activities
	}
	d.caseShadows.cast(now, until, id, before)
	d.threadShadows.cast(now, until, id, thread)
}

// saveContact stores a contact as it is now.
func (e *edit) saveContact(c Contact) (changed bool) {
	if old := e.data.contact(c.ID); old != nil && reflect.DeepEqual(*old, c) {
		return false
	}
	e.hideContact(c.ID)
	c.LastUpdate = e.now
	e.data.insertContact(c)
	return true
}

func (e *edit) removeContact(id int64) {
	e.hideContact(id)
	e.data.removeContact(id)
}

func (e *edit) hideContact(id int64) {
	if e.hidden == 0 {
		return
	}
	now, until := e.until()
	var before *Contact
	if c := e.data.contact(id); c != nil {
		copied := *c
		before = &copied
	}
	e.data.contactShadows.cast(now, until, id, before)
}

// caseOf is the case in the path.
func (e *edit) caseOf() (*Case, error) {
	id, err := identity(e.request, "id")
	if err != nil {
		return nil, err
	}
	if c, known := e.data.caseByID[id]; known {
		return c, nil
	}
	return nil, e.data.absent("Case", id)
}

// contactOf is the contact in the path.
func (e *edit) contactOf(name string) (*Contact, error) {
	id, err := identity(e.request, name)
	if err != nil {
		return nil, err
	}
	if c := e.data.contact(id); c != nil {
		return c, nil
	}
	return nil, e.data.absent("Contact", id)
}

// acknowledge is the answer to a write whose answer is unknown; row is what it was about.
func acknowledge[T any](e *edit, table *resource[T], row *T) []byte {
	switch e.options.Acknowledge {
	case AcknowledgeObject:
		return table.whole(row, e.options.Loose)
	case AcknowledgeSuccess:
		return []byte(`{"success":true}`)
	}
	return []byte(`{}`)
}

// made answers with the id of what was made.
func (e *edit) made(name string, id int64) []byte {
	out := encoder{loose: e.options.Loose}
	out.open()
	out.name(name)
	out.integer(id)
	out.close()
	return out.out
}

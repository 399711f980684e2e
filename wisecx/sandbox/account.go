package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// account is the data of one simulated account. What writes and tests can change (cases, threads, contacts) is guarded by
// API.lock; the rest never changes after build.
type account struct {
	seed int64
	now  time.Time // the moment that all data is relative to

	queues        []Queue
	users         []Agent
	types         []Type
	tags          []Tag
	channels      []Channel
	templates     []Template
	contactGroups []ContactGroup
	organizations []Organization
	surveys       []Survey
	questions     map[int64][]Question     // by survey
	responses     map[int64][]Response     // by survey, by id
	options       map[string][]FieldOption // by the case's custom field
	contacts      []Contact                // by id

	cases      []*Case // by id
	caseByID   map[int64]*Case
	caseFields map[string]bool // names of custom fields that some case carries

	people map[string][]int64 // the contacts of the scenes, by what they are for
	scenes map[string][]int64 // the cases of the scenes, likewise

	// threads holds only what was planted or changed and the scenes; every other thread is made anew from the seed when asked for.
	threads      map[int64][]Activity
	nextActivity int64 // id of the next planted or written activity

	// The greatest ids and the greatest number that were ever in use.
	lastCase, lastNumber, lastContact int64

	gone map[int64]bool // the ids of cases and contacts that were deleted; they have no id in common

	caseShadows    shadows[Case]
	threadShadows  shadows[[]Activity] // by case
	contactShadows shadows[Contact]
}

// contactFields are the custom fields of contacts.
var contactFields = map[string]bool{"plan": true, "segmento": true}

func (d *account) contact(id int64) *Contact {
	i, found := slices.BinarySearchFunc(d.contacts, id, func(c Contact, id int64) int { return cmp.Compare(c.ID, id) })
	if !found {
		return nil
	}
	return &d.contacts[i]
}

func (d *account) user(id int64) *Agent {
	return withID(d.users, id, func(u *Agent) int64 { return u.ID })
}

// monthsListed is how far back GET /cases reaches, by created_at [C].
const monthsListed = 3

func (d *account) oldestListed() time.Time { return d.now.AddDate(0, -monthsListed, 0) }

// listed are those of cases that GET /cases lists.
func (d *account) listed(cases []*Case) []*Case {
	oldest := d.oldestListed()
	rows := make([]*Case, 0, len(cases))
	for _, c := range cases {
		if !c.CreatedAt.Before(oldest) {
			rows = append(rows, c)
		}
	}
	return rows
}

// thread is a case's thread, oldest first.
func (d *account) thread(caseID int64) ([]Activity, bool) {
	if thread, planted := d.threads[caseID]; planted {
		return slices.Clone(thread), true
	}
	c, known := d.caseByID[caseID]
	if !known {
		return nil, false
	}
	return d.writeThread(c), true
}

// keep stops a thread from being made anew, so that a change of its case does not rewrite it.
func (d *account) keep(caseID int64) {
	if _, kept := d.threads[caseID]; kept {
		return
	}
	if thread, known := d.thread(caseID); known {
		d.threads[caseID] = thread
	}
}

func (d *account) insert(c Case) *Case {
	at, found := slices.BinarySearchFunc(d.cases, c.ID, func(c *Case, id int64) int { return cmp.Compare(c.ID, id) })
	if found {
		*d.cases[at] = c
	} else {
		d.cases = slices.Insert(d.cases, at, &c)
		d.caseByID[c.ID] = &c
	}
	for _, f := range c.CustomFields {
		d.caseFields[f.Field] = true
	}
	d.lastCase, d.lastNumber = max(d.lastCase, c.ID), max(d.lastNumber, c.Number)
	return d.caseByID[c.ID]
}

// nextCase is the id and the number of a case that is to come.
func (d *account) nextCase() (id, number int64) { return d.lastCase + 97, d.lastNumber + 7 }

func (d *account) remove(caseID int64) {
	d.cases = slices.DeleteFunc(d.cases, func(c *Case) bool { return c.ID == caseID })
	delete(d.caseByID, caseID)
	delete(d.threads, caseID)
	d.gone[caseID] = true
}

// insertContact adds a contact or puts it in the place of the one with its id. Threads that name it stay as they are.
func (d *account) insertContact(c Contact) {
	if known := d.contact(c.ID); known != nil {
		d.keepThreadsOf(c.ID)
		*known = c
		return
	}
	d.contacts = append(d.contacts, c)
	d.lastContact = c.ID
}

// removeContact leaves its cases behind, with their threads.
func (d *account) removeContact(id int64) {
	d.keepThreadsOf(id)
	d.contacts = slices.DeleteFunc(d.contacts, func(c Contact) bool { return c.ID == id })
	d.gone[id] = true
}

func (d *account) keepThreadsOf(contactID int64) {
	for _, c := range d.cases {
		if c.ContactID == contactID {
			d.keep(c.ID)
		}
	}
}

// absent is the refusal of what there is not, or not any more.
func (d *account) absent(what string, id int64) error {
	if d.gone[id] {
		return gone(what)
	}
	return bad("%s Not Found", what)
}

// complete gives a planted activity what it lacks.
func (d *account) complete(caseID int64, x Activity) Activity {
	x.CaseID = caseID
	if x.ID == 0 {
		x.ID = d.nextActivity
		d.nextActivity += 3
	}
	x.CreatedAt = x.CreatedAt.UTC().Truncate(time.Second)
	return x
}

func cloneCases(cases []*Case) []Case {
	list := make([]Case, len(cases))
	for i, c := range cases {
		list[i] = cloneCase(c)
	}
	return list
}

func cloneCase(c *Case) Case {
	copied := *c
	copied.Tags = slices.Clone(c.Tags)
	copied.CustomFields = slices.Clone(c.CustomFields)
	return copied
}

package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// account is the data of one simulated account. What tests can change (cases, planted threads) is guarded by API.lock;
// the rest never changes after build.
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
	nextActivity int64 // id of the next planted activity
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

// listed are the cases that GET /cases lists, by id.
func (d *account) listed() []*Case {
	oldest := d.oldestListed()
	rows := make([]*Case, 0, len(d.cases))
	for _, c := range d.cases {
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
	return d.caseByID[c.ID]
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

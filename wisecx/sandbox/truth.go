package sandbox

import (
	"slices"
	"time"
)

// Cases returns a copy of every case, older than three months included, by id.
func (a *API) Cases() []Case {
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	return cloneCases(data.cases)
}

// Listed returns a copy of every case that GET /cases lists, those of the last three months, by id.
func (a *API) Listed() []Case {
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	return cloneCases(data.listed(data.cases))
}

// Thread returns a copy of a case's thread, oldest first; nil when there is no such case.
func (a *API) Thread(caseID int64) []Activity {
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	thread, _ := data.thread(caseID)
	return thread
}

// Contacts returns a copy of every contact, by id.
func (a *API) Contacts() []Contact {
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	list := slices.Clone(data.contacts)
	for i := range list {
		list[i].CustomFields = slices.Clone(list[i].CustomFields)
		list[i].GroupIDs = slices.Clone(list[i].GroupIDs)
	}
	return list
}

// Queues returns a copy of every queue.
func (a *API) Queues() []Queue {
	list := slices.Clone(a.data().queues)
	for i := range list {
		list[i].Users = slices.Clone(list[i].Users)
	}
	return list
}

// Users returns a copy of every agent and bot.
func (a *API) Users() []Agent {
	list := slices.Clone(a.data().users)
	for i := range list {
		list[i].Queues = slices.Clone(list[i].Queues)
	}
	return list
}

// Types returns a copy of the tree of types.
func (a *API) Types() []Type { return slices.Clone(a.data().types) }

// Tags returns a copy of the tags.
func (a *API) Tags() []Tag { return slices.Clone(a.data().tags) }

// Channels returns a copy of the channels.
func (a *API) Channels() []Channel { return slices.Clone(a.data().channels) }

// Templates returns a copy of the WhatsApp templates.
func (a *API) Templates() []Template { return slices.Clone(a.data().templates) }

// ContactGroups returns a copy of the groups of contacts.
func (a *API) ContactGroups() []ContactGroup { return slices.Clone(a.data().contactGroups) }

// Organizations returns a copy of the organizations.
func (a *API) Organizations() []Organization {
	list := slices.Clone(a.data().organizations)
	for i := range list {
		list[i].Executives = slices.Clone(list[i].Executives)
		list[i].CustomFields = slices.Clone(list[i].CustomFields)
		list[i].AssignmentPriorities = slices.Clone(list[i].AssignmentPriorities)
	}
	return list
}

// Surveys returns a copy of the surveys. One is a CSAT, one an NPS with a comment, and of the third none was sent yet.
func (a *API) Surveys() []Survey { return slices.Clone(a.data().surveys) }

// Questions returns a copy of a survey's questions; nil when there is no such survey.
func (a *API) Questions(surveyID int64) []Question { return slices.Clone(a.data().questions[surveyID]) }

// Responses returns a copy of what became of a survey, those who did not respond included, by id, which is the order
// of sending. It tells what was so when the data was made: cases that are planted or changed later have no part in it.
func (a *API) Responses(surveyID int64) []Response {
	list := slices.Clone(a.data().responses[surveyID])
	for i := range list {
		list[i].Answers = slices.Clone(list[i].Answers)
	}
	return list
}

// Scenes returns the ids of the cases that are there on purpose, by what they are for: InvoiceWritten and the names
// beside it. An account of fewer than 1500 cases has none. Chance makes more cases of some kinds.
func (a *API) Scenes() map[string][]int64 { return cloneLists(a.data().scenes) }

// People returns the ids of the contacts that are there on purpose, by what they are for: OnePhone and the other names
// beside it.
func (a *API) People() map[string][]int64 { return cloneLists(a.data().people) }

func cloneLists(lists map[string][]int64) map[string][]int64 {
	copied := make(map[string][]int64, len(lists))
	for name, list := range lists {
		copied[name] = slices.Clone(list)
	}
	return copied
}

// FieldOptions returns a copy of the options of a case's custom field; nil for a field of free text and for none.
func (a *API) FieldOptions(field string) []FieldOption { return slices.Clone(a.data().options[field]) }

// AddCase plants a case with its thread and returns it as it stands. What is left zero is filled in: ids and numbers
// follow the greatest, status is open, priority normal, created_at the data's now, last_update the newest activity.
// A case with a known id replaces that case.
func (a *API) AddCase(c Case, thread []Activity) Case {
	data := a.data()
	a.lock.Lock()
	defer a.lock.Unlock()
	id, number := data.nextCase()
	if c.ID == 0 {
		c.ID = id
	}
	if c.Number == 0 {
		c.Number = number
	}
	if c.Status == "" {
		c.Status = "open"
	}
	if c.Priority == "" {
		c.Priority = "normal"
	}
	if c.CreatedAt.IsZero() {
		c.CreatedAt = data.now
	}
	planted := make([]Activity, len(thread))
	for i, x := range thread {
		planted[i] = data.complete(c.ID, x)
	}
	data.threads[c.ID] = byTime(planted)
	if c.LastUpdate.IsZero() {
		c.LastUpdate = newest(planted, c.CreatedAt)
	}
	return cloneCase(data.insert(cloneCase(&c)))
}

// AddActivity adds to a case's thread, moves the case's last_update to the newest activity, and returns the activity
// as it stands: an id and a time (the API's clock) are filled in. An unknown case is left alone.
func (a *API) AddActivity(caseID int64, x Activity) Activity {
	data := a.data()
	a.lock.Lock()
	defer a.lock.Unlock()
	c, known := data.caseByID[caseID]
	if !known {
		return x
	}
	if x.CreatedAt.IsZero() {
		x.CreatedAt = a.now()
	}
	x = data.complete(caseID, x)
	data.keep(caseID)
	data.threads[caseID] = byTime(append(data.threads[caseID], x))
	c.LastUpdate = newest(data.threads[caseID], c.LastUpdate)
	return x
}

// Change lets change alter a case in place; its thread stays as it was. An unknown case is left alone.
func (a *API) Change(caseID int64, change func(*Case)) {
	data := a.data()
	a.lock.Lock()
	defer a.lock.Unlock()
	c, known := data.caseByID[caseID]
	if !known {
		return
	}
	data.keep(caseID)
	changed := cloneCase(c)
	change(&changed)
	changed.ID = caseID
	data.insert(changed)
}

func byTime(thread []Activity) []Activity {
	slices.SortStableFunc(thread, func(a, b Activity) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return thread
}

func newest(thread []Activity, otherwise time.Time) time.Time {
	for _, x := range thread {
		if x.CreatedAt.After(otherwise) {
			otherwise = x.CreatedAt
		}
	}
	return otherwise
}

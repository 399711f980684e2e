package sandbox

import "time"

func listCases(a *API, r *request) ([]byte, error) {
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	shown := data.caseShadows.all(time.Now(), data.cases, caseTable.identity)
	return caseTable.list(a, r, data.listed(shown), data.caseFields)
}

func getCase(a *API, r *request) ([]byte, error) {
	id, err := identity(r, "id")
	if err != nil {
		return nil, err
	}
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	row := data.caseShadows.one(time.Now(), id, data.caseByID[id])
	if row == nil && data.gone[id] {
		return nil, gone("Case")
	}
	return caseTable.one(a, r, row)
}

func listActivities(a *API, r *request) ([]byte, error) {
	thread, err := threadOf(a, r)
	if err != nil {
		return nil, err
	}
	table := activityTable
	table.bare = a.options.BareActivities
	return table.list(a, r, pointers(thread), nil)
}

func getActivity(a *API, r *request) ([]byte, error) {
	id, err := identity(r, "activity_id")
	if err != nil {
		return nil, err
	}
	thread, err := threadOf(a, r)
	if err != nil {
		return nil, err
	}
	return activityTable.one(a, r, withID(thread, id, func(x *Activity) int64 { return x.ID }))
}

// threadOf is the thread of the case in the path.
func threadOf(a *API, r *request) ([]Activity, error) {
	id, err := identity(r, "id")
	if err != nil {
		return nil, err
	}
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	if before, hidden := data.threadShadows.at(time.Now())[id]; hidden && before != nil {
		return *before, nil
	} else if hidden {
		return nil, bad("Case Not Found")
	}
	thread, known := data.thread(id)
	if !known {
		return nil, data.absent("Case", id)
	}
	return thread, nil
}

func listContacts(a *API, r *request) ([]byte, error) {
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	shown := data.contactShadows.all(time.Now(), pointers(data.contacts), contactTable.identity)
	return contactTable.list(a, r, shown, contactFields)
}

func getContact(a *API, r *request) ([]byte, error) {
	id, err := identity(r, "id")
	if err != nil {
		return nil, err
	}
	data := a.data()
	a.lock.RLock()
	defer a.lock.RUnlock()
	row := data.contactShadows.one(time.Now(), id, data.contact(id))
	if row == nil && data.gone[id] {
		return nil, gone("Contact")
	}
	return contactTable.one(a, r, row)
}

func listQueues(a *API, r *request) ([]byte, error) {
	return queueTable.list(a, r, pointers(a.data().queues), nil)
}

func getQueue(a *API, r *request) ([]byte, error) {
	id, err := identity(r, "id")
	if err != nil {
		return nil, err
	}
	return queueTable.one(a, r, withID(a.data().queues, id, func(q *Queue) int64 { return q.ID }))
}

func listUsers(a *API, r *request) ([]byte, error) {
	return userTable.list(a, r, pointers(a.data().users), nil)
}

func getUser(a *API, r *request) ([]byte, error) {
	id, err := identity(r, "id")
	if err != nil {
		return nil, err
	}
	return userTable.one(a, r, withID(a.data().users, id, func(u *Agent) int64 { return u.ID }))
}

func listTypes(a *API, r *request) ([]byte, error) {
	return typeTable.list(a, r, pointers(a.data().types), nil)
}

func listTags(a *API, r *request) ([]byte, error) {
	return tagTable.list(a, r, pointers(a.data().tags), nil)
}

func listChannels(a *API, r *request) ([]byte, error) {
	return channelTable.list(a, r, pointers(a.data().channels), nil)
}

func listTemplates(a *API, r *request) ([]byte, error) {
	return templateTable.list(a, r, pointers(a.data().templates), nil)
}

func listContactGroups(a *API, r *request) ([]byte, error) {
	return contactGroupTable.list(a, r, pointers(a.data().contactGroups), nil)
}

func listOrganizations(a *API, r *request) ([]byte, error) {
	return organizationTable.list(a, r, pointers(a.data().organizations), nil)
}

func listSurveys(a *API, r *request) ([]byte, error) {
	return surveyTable.list(a, r, pointers(a.data().surveys), nil)
}

func listQuestions(a *API, r *request) ([]byte, error) {
	survey, err := surveyOf(a, r)
	if err != nil {
		return nil, err
	}
	return questionTable.list(a, r, pointers(a.data().questions[survey]), nil)
}

func listResponses(a *API, r *request) ([]byte, error) {
	survey, err := surveyOf(a, r)
	if err != nil {
		return nil, err
	}
	return responseTable.list(a, r, pointers(a.data().responses[survey]), nil)
}

// surveyOf is the id of the survey in the path.
func surveyOf(a *API, r *request) (int64, error) {
	id, err := identity(r, "id")
	if err != nil {
		return 0, err
	}
	if withID(a.data().surveys, id, func(s *Survey) int64 { return s.ID }) == nil {
		return 0, bad("Survey Not Found")
	}
	return id, nil
}

// listOptions answers with no options for a field of free text.
func listOptions(a *API, r *request) ([]byte, error) {
	data, name := a.data(), r.values["field_name"]
	a.lock.RLock()
	defer a.lock.RUnlock()
	options, offers := data.options[name]
	if !offers && !data.caseFields[name] {
		return nil, bad("Field Not Found")
	}
	return optionTable.list(a, r, pointers(options), nil)
}

// getIsOpen answers {"is_open": true} [I], for one queue or for the account as a whole.
func getIsOpen(a *API, r *request) ([]byte, error) {
	given, err := parameters(r, "queue_id")
	if err != nil {
		return nil, err
	}
	open := attended(a.now())
	if text, is := given["queue_id"]; is {
		id, valid := parseKey(text, kindNumber)
		if !valid {
			return nil, bad("queue_id is %q; it is a number", cut(text))
		}
		if withID(a.data().queues, id.number, func(q *Queue) int64 { return q.ID }) == nil {
			return nil, bad("Queue Not Found")
		}
		open = open || id.number == alwaysOpenQueue
	}
	e := encoder{loose: a.options.Loose}
	e.open()
	e.name("is_open")
	e.truth(open)
	e.close()
	return e.out, nil
}

// attended tells whether at lies in business hours: Monday to Friday, 9 to 19 local.
func attended(at time.Time) bool {
	local := at.In(localZone)
	weekday := local.Weekday() != time.Saturday && local.Weekday() != time.Sunday
	return weekday && local.Hour() >= 9 && local.Hour() < 19
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

func withID[T any](list []T, id int64, get func(*T) int64) *T {
	for i := range list {
		if get(&list[i]) == id {
			return &list[i]
		}
	}
	return nil
}

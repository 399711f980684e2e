package sandbox

import "time"

// The tables of resources. Wire names are those the reference lists as known [D][W]; every other field has the
// singular prefix of its resource [I]. Operators are the reference's table [C]; where it states none, equality [I].

var caseTable = resource[Case]{
	name:            "Case",
	identity:        func(c *Case) int64 { return c.ID },
	custom:          func(c *Case, name string) (string, bool) { return customValue(c.CustomFields, name) },
	customPrefix:    "case.",
	customOperators: equality,
	columns: []column[Case]{
		number("id", func(c *Case) int64 { return c.ID }).filter("cases.id", all),
		number("number", func(c *Case) int64 { return c.Number }).filter("cases.number", all),
		number("group_id", func(c *Case) int64 { return c.GroupID }).filter("case.group_id", equality),
		number("user_id", func(c *Case) int64 { return c.UserID }).filter("case.user_id", equality),
		number("contact_id", func(c *Case) int64 { return c.ContactID }).filter("case.contact_id", equality),
		status("status").filter("case.status", equality),
		text("source_channel", func(c *Case) string { return c.SourceChannel }).filter("case.source_channel", equality),
		names("tags", func(c *Case) []string { return c.Tags }).filter("case.tags", equality),
		number("type_id", func(c *Case) int64 { return c.TypeID }).filter("case.type_id", equality),
		text("subject", func(c *Case) string { return c.Subject }),
		text("priority", func(c *Case) string { return c.Priority }).filter("case.priority", equality),
		date("due_at", func(c *Case) time.Time { return c.DueAt }).filter("case.due_at", all),
		object("custom_fields", func(e *encoder, c *Case) { putCustomFields(e, c.CustomFields) }),
		date("created_at", func(c *Case) time.Time { return c.CreatedAt }).filter("case.created_at", all),
		date("solved_at", func(c *Case) time.Time { return c.SolvedAt }).filter("case.solved_at", all),
		date("closed_at", func(c *Case) time.Time { return c.ClosedAt }).filter("case.closed_at", all),
		date("last_read", func(c *Case) time.Time { return c.LastRead }).filter("case.last_read", all),
		date("last_update", func(c *Case) time.Time { return c.LastUpdate }).filter("case.last_update", all),
		date("first_read", func(c *Case) time.Time { return c.FirstRead }).filter("case.first_read", all),
		text("sla_result", func(c *Case) string { return c.SLAResult }),
		text("channel_account", func(c *Case) string { return c.ChannelAccount }),
		truth("bot_resolved", func(c *Case) bool { return c.BotResolved }),
		truth("bot_attended", func(c *Case) bool { return c.BotAttended }),
		text("summary", func(c *Case) string { return c.Summary }),
	},
}

func status(name string) column[Case] {
	c := text(name, func(c *Case) string { return c.Status })
	c.kind = kindStatus
	return c
}

var activityTable = resource[Activity]{
	name:     "Activity",
	identity: func(a *Activity) int64 { return a.ID },
	columns: []column[Activity]{
		number("id", func(a *Activity) int64 { return a.ID }).filter("activity.id", all),
		number("case_id", func(a *Activity) int64 { return a.CaseID }),
		text("type", func(a *Activity) string { return a.Type }).filter("activity.type", equality),
		number("user_id", func(a *Activity) int64 { return a.UserID }),
		text("channel", func(a *Activity) string { return a.Channel }),
		object("content", func(e *encoder, a *Activity) { e.quote(a.Content) }),
		object("contact_from", func(e *encoder, a *Activity) { putContactFrom(e, a.ContactFrom) }),
		object("contacts_to", func(e *encoder, a *Activity) { each(e, a.ContactsTo, putParty) }),
		object("attachments", func(e *encoder, a *Activity) { each(e, a.Attachments, putAttachment) }),
		object("recordings", func(e *encoder, a *Activity) { each(e, a.Recordings, putRecording) }),
		date("created_at", func(a *Activity) time.Time { return a.CreatedAt }).filter("activity.created_at", all),
		text("sending_status", func(a *Activity) string { return a.SendingState }),
		{name: "call_data", put: putCall, absent: func(a *Activity) bool { return a.Call == nil }},
	},
}

var contactTable = resource[Contact]{
	name:            "Contact",
	identity:        func(c *Contact) int64 { return c.ID },
	custom:          func(c *Contact, name string) (string, bool) { return customValue(c.CustomFields, name) },
	customPrefix:    "contact.",
	customOperators: equal,
	columns: []column[Contact]{
		number("id", func(c *Contact) int64 { return c.ID }).filter("contact.id", isOne),
		text("email", func(c *Contact) string { return c.Email }).filter("contact.email", isOne),
		text("personal_id", func(c *Contact) string { return c.PersonalID }).filter("contacts.personal_id", isOne),
		text("phone", func(c *Contact) string { return c.Phone }).filter("contact.phone", isOne),
		text("name", func(c *Contact) string { return c.Name }),
		text("guid", func(c *Contact) string { return c.GUID }),
		{name: "password", put: func(e *encoder, c *Contact) { e.text(c.Password) }, asked: true},
		object("custom_fields", func(e *encoder, c *Contact) { putCustomFields(e, c.CustomFields) }),
		date("last_update", func(c *Contact) time.Time { return c.LastUpdate }).filter("contact.last_update", isOne),
		number("organization_id", func(c *Contact) int64 { return c.OrganizationID }).filter("contact.organization_id", isOne),
		text("address", func(c *Contact) string { return c.Address }),
		text("city", func(c *Contact) string { return c.City }),
		object("channel_data", putChannelData),
		ids("groups_ids", func(c *Contact) []int64 { return c.GroupIDs }).filter("contact.group_id", isOne),
	},
}

var queueTable = resource[Queue]{
	name:     "Queue",
	identity: func(q *Queue) int64 { return q.ID },
	columns: []column[Queue]{
		number("id", func(q *Queue) int64 { return q.ID }).filter("queue.id", equality),
		text("name", func(q *Queue) string { return q.Name }).filter("queue.name", equality),
		text("businessHours", func(q *Queue) string { return q.BusinessHours }),
		object("users", func(e *encoder, q *Queue) { each(e, q.Users, putQueueUser) }),
	},
}

var userTable = resource[Agent]{
	name:         "User",
	identity:     func(u *Agent) int64 { return u.ID },
	emptyRefused: "Users Not Found",
	columns: []column[Agent]{
		number("id", func(u *Agent) int64 { return u.ID }).filter("users.id", equality),
		text("user_name", func(u *Agent) string { return u.UserName }).filter("user.user_name", equality),
		text("nick", func(u *Agent) string { return u.Nick }).filter("user.nick", equality),
		text("first_name", func(u *Agent) string { return u.FirstName }).filter("user.first_name", equality),
		text("last_name", func(u *Agent) string { return u.LastName }).filter("user.last_name", equality),
		truth("is_bot", func(u *Agent) bool { return u.IsBot }).filter("user.is_bot", equality),
		date("created_at", func(u *Agent) time.Time { return u.CreatedAt }),
		date("last_login", func(u *Agent) time.Time { return u.LastLogin }),
		ids("queues", func(u *Agent) []int64 { return u.Queues }),
	},
}

var typeTable = resource[Type]{
	name:         "Type",
	identity:     func(t *Type) int64 { return t.ID },
	emptyRefused: "Types Not Found",
	columns: []column[Type]{
		number("id", func(t *Type) int64 { return t.ID }).filter("types.id", isOne),
		text("name", func(t *Type) string { return t.Name }).filter("type.name", isOne),
		number("parent_id", func(t *Type) int64 { return t.ParentID }).filter("type.parent_id", isOne),
	},
}

var tagTable = resource[Tag]{
	name:     "Tag",
	identity: func(t *Tag) int64 { return t.ID },
	columns: []column[Tag]{
		number("id", func(t *Tag) int64 { return t.ID }).filter("tag.id", equality),
		text("name", func(t *Tag) string { return t.Name }).filter("tag.name", equality),
	},
}

var channelTable = resource[Channel]{
	name:     "Channel",
	identity: func(c *Channel) int64 { return c.ID },
	columns: []column[Channel]{
		number("id", func(c *Channel) int64 { return c.ID }).filter("channel.id", equality),
		text("name", func(c *Channel) string { return c.Name }).filter("channel.name", equality),
		text("source", func(c *Channel) string { return c.Source }).filter("channel.source", equality),
	},
}

// templateTable has no field "id", which is what lists sort by when nothing is said; the key stands in for it.
var templateTable = resource[Template]{
	name:     "Template",
	identity: func(t *Template) int64 { return hashed(t.ID) },
	columns: []column[Template]{
		text("template_id", func(t *Template) string { return t.ID }).filter("whatsapp_template.template_id", equality),
		text("content", func(t *Template) string { return t.Content }),
		text("name", func(t *Template) string { return t.Name }).filter("whatsapp_template.name", equality),
		text("whatsapp_number", func(t *Template) string { return t.Number }).filter("whatsapp_template.whatsapp_number", equality),
		text("whatsapp_description", func(t *Template) string { return t.Description }),
	},
	key: "template_id",
}

var contactGroupTable = resource[ContactGroup]{
	name:        "Group",
	otherPrefix: "contact_group.",
	identity:    func(g *ContactGroup) int64 { return g.ID },
	columns: []column[ContactGroup]{
		number("id", func(g *ContactGroup) int64 { return g.ID }).filter("group.id", isOne),
		text("code", func(g *ContactGroup) string { return g.Code }).filter("group.code", isOne),
		text("name", func(g *ContactGroup) string { return g.Name }).filter("group.name", isOne),
	},
}

var organizationTable = resource[Organization]{
	name:     "Organization",
	identity: func(o *Organization) int64 { return o.ID },
	columns: []column[Organization]{
		number("id", func(o *Organization) int64 { return o.ID }).filter("organization.id", equality),
		text("custom_id", func(o *Organization) string { return o.CustomID }).filter("organization.custom_id", equality),
		text("name", func(o *Organization) string { return o.Name }).filter("organization.name", equality),
		text("phone", func(o *Organization) string { return o.Phone }).filter("organization.phone", equality),
		text("email", func(o *Organization) string { return o.Email }).filter("organization.email", equality),
		text("web", func(o *Organization) string { return o.Web }),
		text("state", func(o *Organization) string { return o.State }),
		text("address", func(o *Organization) string { return o.Address }),
		ids("executives", func(o *Organization) []int64 { return o.Executives }),
		object("custom_fields", func(e *encoder, o *Organization) { putCustomFields(e, o.CustomFields) }),
		ids("assignment_priorities", func(o *Organization) []int64 { return o.AssignmentPriorities }),
	},
}

var surveyTable = resource[Survey]{
	name:     "Survey",
	identity: func(s *Survey) int64 { return s.ID },
	bare:     true,
	columns: []column[Survey]{
		number("id", func(s *Survey) int64 { return s.ID }).filter("survey.id", equality),
		text("guid", func(s *Survey) string { return s.GUID }).filter("survey.guid", equality),
		text("name", func(s *Survey) string { return s.Name }).filter("survey.name", equality),
	},
}

// questionTable comes as a bare array, like the surveys it hangs on [I].
var questionTable = resource[Question]{
	name:     "Question",
	identity: func(q *Question) int64 { return q.ID },
	bare:     true,
	columns: []column[Question]{
		number("id", func(q *Question) int64 { return q.ID }).filter("question.id", equality),
		text("guid", func(q *Question) string { return q.GUID }).filter("question.guid", equality),
		text("name", func(q *Question) string { return q.Name }),
		text("type", func(q *Question) string { return q.Type }).filter("question.type", equality),
	},
}

// responseTable filters by when a survey was sent, which its rows do not show [C][W].
var responseTable = resource[Response]{
	name:         "Survey Response",
	otherPrefix:  "response.",
	identity:     func(r *Response) int64 { return r.ID },
	emptyRefused: "Survey Responses Not Found",
	columns: []column[Response]{
		number("id", func(r *Response) int64 { return r.ID }),
		number("case_id", func(r *Response) int64 { return r.CaseID }),
		number("contact_id", func(r *Response) int64 { return r.ContactID }),
		responseStatus("status").filter("survey_response.status", equality),
		date("responded_at", func(r *Response) time.Time { return r.RespondedAt }),
		object("responses", func(e *encoder, r *Response) { each(e, r.Answers, putAnswer) }),
		since("responded_since", func(r *Response) time.Time { return r.RespondedAt }).filter("survey_response.responded_since", all),
		until("responded_until", func(r *Response) time.Time { return r.RespondedAt }).filter("survey_response.responded_until", all),
		since("sent_since", func(r *Response) time.Time { return r.SentAt }).filter("survey_response.sent_since", all),
		until("sent_until", func(r *Response) time.Time { return r.SentAt }).filter("survey_response.sent_until", all),
	},
}

func responseStatus(name string) column[Response] {
	c := text(name, func(r *Response) string { return r.Status })
	c.kind, c.parameter = kindAnswered, true
	return c
}

// since is a moment that only filters know, and of which EQUAL means: not before.
func since[T any](name string, get func(*T) time.Time) column[T] {
	c := date(name, get)
	c.onlyFilters, c.bound = true, greaterEqual
	return c
}

// until is a moment that only filters know, and of which EQUAL means: not after.
func until[T any](name string, get func(*T) time.Time) column[T] {
	c := date(name, get)
	c.onlyFilters, c.bound = true, lowerEqual
	return c
}

var optionTable = resource[FieldOption]{
	name:     "Option",
	identity: func(o *FieldOption) int64 { return o.ID },
	columns: []column[FieldOption]{
		number("id", func(o *FieldOption) int64 { return o.ID }).filter("option.id", isOne),
		text("value", func(o *FieldOption) string { return o.Value }).filter("option.value", isOne),
	},
}

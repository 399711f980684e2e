package wisecx

import (
	"slices"
	"strings"
)

// Operator is one of the API's eight, in its spelling [D].
type Operator string

// The eight operators. CONTAINS is named by one integrator only and not used [C, unsure].
const (
	In           Operator = "IN"
	NotIn        Operator = "NOT IN"
	Equal        Operator = "EQUAL"
	NotEqual     Operator = "NOT EQUAL"
	Greater      Operator = "GREATER"
	Lower        Operator = "LOWER"
	GreaterEqual Operator = "GREATER EQUAL"
	LowerEqual   Operator = "LOWER EQUAL"
)

// Sets of operators that fields take.
var (
	equality  = []Operator{In, NotIn, Equal, NotEqual}
	inOrEqual = []Operator{In, Equal}
	all       = []Operator{In, NotIn, Equal, NotEqual, Greater, Lower, GreaterEqual, LowerEqual}
)

// Kind is what a field's values are.
type Kind string

// The kinds of fields.
const (
	KindNumber Kind = "number"
	KindText   Kind = "text"
	KindTime   Kind = "time"
	KindTruth  Kind = "true or false"
	KindList   Kind = "list"
	KindStatus Kind = "status"
)

// Sure is how well a fact of the API is known.
type Sure string

// From documented to inferred.
const (
	Documented Sure = "D"
	Collection Sure = "C"
	Working    Sure = "W"
	Inferred   Sure = "I"
)

// Field describes one field of a resource. It is the one place where its names meet.
type Field struct {
	Name      string     // ours, in tools: "queue"
	Key       string     // the API's, in rows and in `fields`: "group_id"; "" for what only filters know
	Wire      string     // the API's in `filtering`: "case.group_id"; "" where it is not filterable
	Kind      Kind       // of its values
	Refers    string     // to what an id refers: "queue", "agent", "type", "contact", "organization", "contact_group"; tags go by name
	Operators []Operator // those that the API takes
	Sortable  bool       // as sort_field
	Concise   bool       // in the set that a list shows if nothing else is asked
	Personal  bool       // says who somebody is: hidden by WISECX_MASK
	Secret    bool       // never asked for, filtered by, logged or shown
	Sure      Sure       // of Wire and Operators
	Help      string     // one line
}

// Resource describes one kind of thing that the API lists.
type Resource struct {
	Name    string // plural: "cases"
	Path    string // of the list: "/cases"
	ID      string // the key of its id
	Prefix  string // of custom fields in filters: "case."
	Default string // our name of the field that lists are sorted by if nothing else is asked
	Fields  []Field
	Custom  Field // of custom fields: the Operators that they take, and how Sure that is
}

// CustomField is a field that the account added, in a filter <Prefix><name>. One that is named as a field
// of the table is taken for that.
func (r *Resource) CustomField(name string) *Field {
	return &Field{Name: "custom." + name, Key: "custom_fields", Wire: r.Prefix + name, Kind: KindText, Operators: r.Custom.Operators, Sure: r.Custom.Sure}
}

// CustomCaseField is a field of a case that the account added.
func CustomCaseField(name string) *Field { return Cases.CustomField(name) }

// Field finds a field by our name or by the API's, with or without the resource's prefix.
func (r *Resource) Field(name string) (*Field, bool) {
	for _, prefix := range []string{r.Prefix, r.Name + "."} { // both singular and plural are in use
		name = strings.TrimPrefix(name, prefix)
	}
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return &r.Fields[i], true
		}
	}
	for i := range r.Fields {
		if r.Fields[i].Key == name && name != "" {
			return &r.Fields[i], true
		}
	}
	return nil, false
}

// Names lists our names of the fields that rows can show, secret ones aside.
func (r *Resource) Names() []string {
	var names []string
	for _, f := range r.Fields {
		if !f.Secret && f.Key != "" {
			names = append(names, f.Name)
		}
	}
	return names
}

// Takes tells whether the API filters by this field with this operator.
func (f *Field) Takes(operator Operator) bool {
	return f.Wire != "" && slices.Contains(f.Operators, operator)
}

// IsSecret tells whether any resource keeps a field of that name, with or without a prefix, secret.
func IsSecret(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name[strings.LastIndex(name, ".")+1:]))
	for _, resource := range []*Resource{&Cases, &Contacts} {
		for _, f := range resource.Fields {
			if f.Secret && (f.Name == name || f.Key == name) {
				return true
			}
		}
	}
	return false
}

// Cases: GET /cases gives the last three months, by created_at [C][I]. Known filter names are [D]
// or [W]; which operators they take is not stated anywhere, so all operators here are [I].
var Cases = Resource{
	Name: "cases", Path: "/cases", ID: "id", Prefix: "case.", Default: "id",
	Custom: Field{Operators: equality, Sure: Inferred},
	Fields: []Field{
		{Name: "id", Key: "id", Wire: "cases.id", Kind: KindNumber, Operators: all, Sortable: true, Concise: true, Sure: Working, Help: "the API's key, nine digits"},
		{Name: "number", Key: "number", Wire: "cases.number", Kind: KindNumber, Operators: all, Sortable: true, Concise: true, Sure: Working, Help: "what people say: case 534787"},
		{Name: "subject", Key: "subject", Kind: KindText, Concise: true, Sure: Inferred, Help: "one line, often by the customer"},
		{Name: "status", Key: "status", Wire: "case.status", Kind: KindStatus, Operators: equality, Concise: true, Sure: Documented, Help: "open, pending, on_hold, solved or closed"},
		{Name: "priority", Key: "priority", Wire: "case.priority", Kind: KindText, Operators: equality, Concise: true, Sure: Inferred, Help: "such as low, normal, high, urgent"},
		{Name: "queue", Key: "group_id", Wire: "case.group_id", Kind: KindNumber, Refers: "queue", Operators: equality, Concise: true, Sure: Inferred, Help: "the team that attends"},
		{Name: "agent", Key: "user_id", Wire: "case.user_id", Kind: KindNumber, Refers: "agent", Operators: equality, Concise: true, Sure: Inferred, Help: "who attends; none while unassigned"},
		{Name: "contact", Key: "contact_id", Wire: "case.contact_id", Kind: KindNumber, Refers: "contact", Operators: equality, Concise: true, Personal: true, Sure: Documented, Help: "the customer"},
		{Name: "channel", Key: "source_channel", Wire: "case.source_channel", Kind: KindText, Operators: equality, Concise: true, Sure: Working, Help: "such as whatsapp, email, web, phone"},
		{Name: "type", Key: "type_id", Wire: "case.type_id", Kind: KindNumber, Refers: "type", Operators: equality, Sure: Inferred, Help: "why they write, from a tree"},
		{Name: "tags", Key: "tags", Wire: "case.tags", Kind: KindList, Refers: "tag", Operators: equality, Sure: Inferred, Help: "labels"},
		{Name: "created_at", Key: "created_at", Wire: "case.created_at", Kind: KindTime, Operators: all, Sortable: true, Sure: Working, Help: "when it began"},
		{Name: "updated_at", Key: "last_update", Wire: "case.last_update", Kind: KindTime, Operators: all, Sortable: true, Concise: true, Sure: Inferred, Help: "when anything last happened"},
		{Name: "solved_at", Key: "solved_at", Wire: "case.solved_at", Kind: KindTime, Operators: all, Sortable: true, Sure: Inferred, Help: "when it was solved"},
		{Name: "closed_at", Key: "closed_at", Wire: "case.closed_at", Kind: KindTime, Operators: all, Sortable: true, Sure: Inferred, Help: "when it was closed for good"},
		{Name: "due_at", Key: "due_at", Wire: "case.due_at", Kind: KindTime, Operators: all, Sortable: true, Sure: Inferred, Help: "until when it should be solved"},
		{Name: "first_read_at", Key: "first_read", Wire: "case.first_read", Kind: KindTime, Operators: all, Sure: Inferred, Help: "when somebody first opened it; not an answer"},
		{Name: "last_read_at", Key: "last_read", Wire: "case.last_read", Kind: KindTime, Operators: all, Sure: Inferred, Help: "when somebody last opened it"},
		{Name: "sla_result", Key: "sla_result", Kind: KindText, Sure: Inferred, Help: "whether the promised times held"},
		{Name: "channel_account", Key: "channel_account", Kind: KindText, Sure: Inferred, Help: "the number or mailbox of ours that was written to"},
		{Name: "bot_attended", Key: "bot_attended", Kind: KindTruth, Sure: Inferred, Help: "a bot took part"},
		{Name: "bot_resolved", Key: "bot_resolved", Kind: KindTruth, Sure: Inferred, Help: "a bot solved it alone"},
		{Name: "summary", Key: "summary", Kind: KindText, Sure: Inferred, Help: "Wise CX's own AI summary, where one was made"},
		{Name: "custom_fields", Key: "custom_fields", Kind: KindList, Sure: Inferred, Help: "the account's own fields"},
	},
}

// Contacts: operators are those that the collection states [C]. The password is a secret of the
// contact and is never asked for.
var Contacts = Resource{
	Name: "contacts", Path: "/contacts/", ID: "id", Prefix: "contact.", Default: "id",
	Custom: Field{Operators: []Operator{Equal}, Sure: Working},
	Fields: []Field{
		{Name: "id", Key: "id", Wire: "contact.id", Kind: KindNumber, Operators: inOrEqual, Sortable: true, Concise: true, Sure: Inferred, Help: "the API's key"},
		{Name: "name", Key: "name", Kind: KindText, Concise: true, Personal: true, Sure: Inferred, Help: "as the customer or the channel gave it"},
		{Name: "email", Key: "email", Wire: "contact.email", Kind: KindText, Operators: inOrEqual, Concise: true, Personal: true, Sure: Working, Help: "e-mail address"},
		{Name: "phone", Key: "phone", Wire: "contact.phone", Kind: KindText, Operators: inOrEqual, Concise: true, Personal: true, Sure: Working, Help: "with country code, digits only"},
		{Name: "personal_id", Key: "personal_id", Wire: "contacts.personal_id", Kind: KindText, Operators: inOrEqual, Concise: true, Personal: true, Sure: Working, Help: "document or customer number"},
		{Name: "organization", Key: "organization_id", Wire: "contact.organization_id", Kind: KindNumber, Refers: "organization", Operators: inOrEqual, Concise: true, Sure: Inferred, Help: "the company they belong to"},
		{Name: "contact_group", Key: "groups_ids", Wire: "contact.group_id", Kind: KindList, Refers: "contact_group", Operators: inOrEqual, Sure: Working, Help: "the groups they are in"},
		{Name: "address", Key: "address", Kind: KindText, Personal: true, Sure: Inferred, Help: "street and number"},
		{Name: "city", Key: "city", Kind: KindText, Sure: Inferred, Help: "city"},
		{Name: "updated_at", Key: "last_update", Wire: "contact.last_update", Kind: KindTime, Operators: inOrEqual, Sortable: true, Concise: true, Sure: Inferred, Help: "when it last changed"},
		{Name: "guid", Key: "guid", Kind: KindText, Sure: Inferred, Help: "the account's own key for the contact"},
		{Name: "channel_data", Key: "channel_data", Kind: KindText, Personal: true, Sure: Inferred, Help: "what the channels know of them, as JSON"},
		{Name: "custom_fields", Key: "custom_fields", Kind: KindList, Sure: Inferred, Help: "the account's own fields"},
		{Name: "password", Key: "password", Kind: KindText, Secret: true, Sure: Collection, Help: "a secret of the contact"},
	},
}

// Organizations: operators are not stated anywhere, so all here are [I], the fewest that serve.
var Organizations = Resource{
	Name: "organizations", Path: "/contacts/organizations", ID: "id", Prefix: "organization.", Default: "id",
	Custom: Field{Operators: []Operator{Equal}, Sure: Inferred},
	Fields: []Field{
		{Name: "id", Key: "id", Wire: "organization.id", Kind: KindNumber, Operators: inOrEqual, Sortable: true, Concise: true, Sure: Inferred, Help: "the API's key"},
		{Name: "custom_id", Key: "custom_id", Wire: "organization.custom_id", Kind: KindText, Operators: inOrEqual, Concise: true, Sure: Inferred, Help: "the account's own key for it"},
		{Name: "name", Key: "name", Wire: "organization.name", Kind: KindText, Operators: inOrEqual, Concise: true, Sure: Inferred, Help: "the company's name"},
		{Name: "phone", Key: "phone", Kind: KindText, Concise: true, Personal: true, Sure: Inferred, Help: "phone"},
		{Name: "email", Key: "email", Kind: KindText, Concise: true, Personal: true, Sure: Inferred, Help: "e-mail address"},
		{Name: "web", Key: "web", Kind: KindText, Sure: Inferred, Help: "web site"},
		{Name: "state", Key: "state", Kind: KindText, Concise: true, Sure: Inferred, Help: "state or province"},
		{Name: "address", Key: "address", Kind: KindText, Personal: true, Sure: Inferred, Help: "street and number"},
		{Name: "executives", Key: "executives", Kind: KindList, Sure: Inferred, Help: "who of ours looks after it, by id or name"},
		{Name: "custom_fields", Key: "custom_fields", Kind: KindList, Sure: Inferred, Help: "the account's own fields"},
		{Name: "assignment_priorities", Key: "assignment_priorities", Kind: KindList, Sure: Inferred, Help: "who attends it first, by id or name"},
	},
}

// Activities: one thread of messages and events. What their default fields are is not stated, so all that are read are
// asked for; call_data alone is no listed field [C], but what a call's entry carries [W].
var Activities = Resource{
	Name: "activities", Path: "/cases/{id}/activities", ID: "id", Prefix: "activity.", Default: "id",
	Fields: []Field{
		{Name: "id", Key: "id", Wire: "activity.id", Kind: KindNumber, Operators: all, Sortable: true, Sure: Inferred, Help: "the API's key"},
		{Name: "created_at", Key: "created_at", Wire: "activity.created_at", Kind: KindTime, Operators: all, Sortable: true, Sure: Inferred, Help: "when it was written"},
		{Name: "type", Key: "type", Wire: "activity.type", Kind: KindText, Operators: equality, Sure: Inferred, Help: "contact_message, user_reply, or an event"},
		{Name: "agent", Key: "user_id", Kind: KindNumber, Refers: "agent", Sure: Inferred, Help: "who of ours wrote it, or took the call"},
		{Name: "channel", Key: "channel", Kind: KindText, Sure: Inferred, Help: "by which it came or went"},
		{Name: "content", Key: "content", Kind: KindText, Sure: Inferred, Help: "text or HTML; of an event, the system's words"},
		{Name: "contact_from", Key: "contact_from", Kind: KindText, Personal: true, Sure: Inferred, Help: "the customer who wrote"},
		{Name: "attachments", Key: "attachments", Kind: KindList, Sure: Inferred, Help: "files, of which the names are read"},
		{Name: "recordings", Key: "recordings", Kind: KindList, Sure: Inferred, Help: "of a call"},
		{Name: "sending_status", Key: "sending_status", Kind: KindText, Sure: Inferred, Help: "whether it reached the customer"},
		{Name: "call", Key: "call_data", Kind: KindText, Sure: Inferred, Help: "of a call: its times and its log"},
	},
}

// SurveyResponses: operators are those that the collection states [C]. How since and until go with an operator
// is not stated; GREATER EQUAL and LOWER EQUAL say what they mean, and may be what the API expects [I].
var SurveyResponses = Resource{
	Name: "survey_responses", Path: "/surveys/{id}/responses", ID: "id", Prefix: "survey_response.", Default: "id",
	Fields: []Field{
		{Name: "id", Key: "id", Kind: KindNumber, Sortable: true, Concise: true, Sure: Inferred, Help: "the API's key"},
		{Name: "case", Key: "case_id", Kind: KindNumber, Refers: "case", Concise: true, Sure: Inferred, Help: "the case that it is about"},
		{Name: "contact", Key: "contact_id", Kind: KindNumber, Refers: "contact", Concise: true, Personal: true, Sure: Inferred, Help: "the customer"},
		{Name: "status", Key: "status", Wire: "survey_response.status", Kind: KindText, Operators: equality, Concise: true, Sure: Inferred, Help: "responded or not_responded"},
		{Name: "responded_at", Key: "responded_at", Kind: KindTime, Concise: true, Sure: Inferred, Help: "when the customer answered"},
		{Name: "answers", Key: "responses", Kind: KindList, Concise: true, Sure: Inferred, Help: "what they answered, by the question's guid"},
		{Name: "responded_since", Wire: "survey_response.responded_since", Kind: KindTime, Operators: all, Sure: Inferred, Help: "answered from then on"},
		{Name: "responded_until", Wire: "survey_response.responded_until", Kind: KindTime, Operators: all, Sure: Inferred, Help: "answered up to then"},
		{Name: "sent_since", Wire: "survey_response.sent_since", Kind: KindTime, Operators: all, Sure: Inferred, Help: "sent from then on"},
		{Name: "sent_until", Wire: "survey_response.sent_until", Kind: KindTime, Operators: all, Sure: Inferred, Help: "sent up to then"},
	},
}

// Directory lists: what ids and names need. GET /types and GET /cases/types give the same tree.
var (
	Queues = Resource{Name: "queues", Path: "/queues", ID: "id", Prefix: "queue.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Wire: "queue.id", Kind: KindNumber, Operators: inOrEqual, Sortable: true, Sure: Inferred},
		{Name: "name", Key: "name", Kind: KindText, Sure: Inferred},
	}}
	Users = Resource{Name: "users", Path: "/users", ID: "id", Prefix: "users.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Wire: "users.id", Kind: KindNumber, Operators: inOrEqual, Sortable: true, Sure: Working},
		{Name: "user_name", Key: "user_name", Kind: KindText, Sure: Inferred},
		{Name: "nick", Key: "nick", Kind: KindText, Sure: Inferred},
		{Name: "first_name", Key: "first_name", Kind: KindText, Sure: Inferred},
		{Name: "last_name", Key: "last_name", Kind: KindText, Sure: Inferred},
		{Name: "is_bot", Key: "is_bot", Kind: KindTruth, Sure: Inferred},
	}}
	Types = Resource{Name: "types", Path: "/cases/types", ID: "id", Prefix: "types.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Wire: "types.id", Kind: KindNumber, Operators: inOrEqual, Sortable: true, Sure: Working},
		{Name: "name", Key: "name", Wire: "type.name", Kind: KindText, Operators: inOrEqual, Sure: Inferred},
		{Name: "parent_id", Key: "parent_id", Wire: "type.parent_id", Kind: KindNumber, Operators: inOrEqual, Sure: Inferred},
	}}
	Tags = Resource{Name: "tags", Path: "/cases/tags", ID: "id", Prefix: "tag.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Kind: KindNumber, Sortable: true, Sure: Inferred},
		{Name: "name", Key: "name", Kind: KindText, Sure: Inferred},
	}}
	Channels = Resource{Name: "channels", Path: "/channels", ID: "id", Prefix: "channel.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Kind: KindNumber, Sortable: true, Sure: Inferred},
		{Name: "name", Key: "name", Kind: KindText, Sure: Inferred},
		{Name: "source", Key: "source", Kind: KindText, Sure: Inferred},
	}}
	ContactGroups = Resource{Name: "contact_groups", Path: "/contacts/groups", ID: "id", Prefix: "contact_group.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Wire: "contact_group.id", Kind: KindNumber, Operators: inOrEqual, Sortable: true, Sure: Inferred},
		{Name: "code", Key: "code", Wire: "contact_group.code", Kind: KindText, Operators: inOrEqual, Sure: Inferred},
		{Name: "name", Key: "name", Wire: "contact_group.name", Kind: KindText, Operators: inOrEqual, Sure: Inferred},
	}}
	Surveys = Resource{Name: "surveys", Path: "/surveys", ID: "id", Prefix: "survey.", Default: "id", Fields: []Field{
		{Name: "id", Key: "id", Kind: KindNumber, Sortable: true, Sure: Inferred},
		{Name: "guid", Key: "guid", Kind: KindText, Sure: Inferred},
		{Name: "name", Key: "name", Kind: KindText, Sure: Inferred},
	}}
	Templates = Resource{Name: "whatsapp_templates", Path: "/whatsapp_templates", ID: "template_id", Prefix: "whatsapp_template.", Default: "id", Fields: []Field{
		{Name: "id", Key: "template_id", Kind: KindText, Sortable: true, Sure: Inferred},
		{Name: "name", Key: "name", Kind: KindText, Sure: Inferred},
		{Name: "content", Key: "content", Kind: KindText, Sure: Inferred},
		{Name: "number", Key: "whatsapp_number", Kind: KindText, Sure: Inferred, Help: "the number of ours that it belongs to"},
		{Name: "description", Key: "whatsapp_description", Kind: KindText, Sure: Inferred, Help: "what that number is called"},
	}}
)

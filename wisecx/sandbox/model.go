package sandbox

import "time"

// Case is a case as the API knows it. Zero values (0, "", the zero time) go out as null. Fields are [C]; the shape of
// values is [I] where the reference marks it so.
type Case struct {
	ID        int64 // the key, nine digits
	Number    int64 // what people say, six digits
	GroupID   int64 // the queue
	UserID    int64 // the agent; 0 is unassigned and goes out as null
	ContactID int64
	// Status is the word of the "read" column: open, pending, onhold, solved, closed [W].
	Status        string
	SourceChannel string   // whatsapp, email, new_email, web, phone, incoming_call [C][W]
	Tags          []string // names [I]
	TypeID        int64
	Subject       string
	Priority      string // low, normal, high, urgent [I]
	CustomFields  []CustomField

	// Points in time are UTC with whole seconds.
	CreatedAt, DueAt, SolvedAt, ClosedAt, FirstRead, LastRead, LastUpdate time.Time

	SLAResult      string // "", "ok" or "breached" [I]
	ChannelAccount string // the account's own number or mailbox [I]
	BotResolved    bool
	BotAttended    bool
	Summary        string
	Spam           bool // only writes know it: no field shows it
}

// CustomField is {"field": "...", "value": "..."} [C].
type CustomField struct{ Field, Value string }

// Activity is one entry of a case's thread [C].
type Activity struct {
	ID     int64 // ten digits
	CaseID int64
	// Type is contact_message, user_reply [W], event or call [I].
	Type         string
	UserID       int64 // 0 is null: written by the contact or the system
	Channel      string
	Content      string // text or HTML, or an event such as "[change_status_to]pending" [W]
	ContactFrom  *Party // null unless a contact wrote it
	ContactsTo   []Party
	Attachments  []Attachment
	Recordings   []Recording
	CreatedAt    time.Time
	SendingState string // sending_status: "sent", "failed" or "" [I]
	Call         *Call  // call_data, only on calls [W]
}

// Party is a contact as an activity names it, {"id", "name", "email", "phone"} [I].
type Party struct {
	ID                 int64
	Name, Email, Phone string
}

// Attachment is a file of an activity, {"name", "url"} [I].
type Attachment struct{ Name, URL string }

// Recording is {"recording_id", "url"} [W].
type Recording struct{ ID, URL string }

// Call is the call_data of a call [W]. Its points in time are UTC, the clock times in Logs are local (UTC-3) [I from W].
type Call struct {
	StartedAt, EndedAt time.Time
	AssignedAt         time.Time // zero when nobody took the call
	Duration           int       // seconds from start to end
	Logs               []CallLog
}

// CallLog is one line of a call's log: Time is "HH:MM:SS.mmm" on the account's local clock.
type CallLog struct{ Time, Message string }

// Contact is a customer [C].
type Contact struct {
	ID             int64
	Email          string
	PersonalID     string
	Phone          string // mostly digits with the country code; some as a person wrote them
	Name           string
	GUID           string
	Password       string // a trap: only sent when a client names it in fields
	CustomFields   []CustomField
	LastUpdate     time.Time
	OrganizationID int64
	Address, City  string
	GroupIDs       []int64 // groups_ids
}

// Queue is a group that attends cases [C].
type Queue struct {
	ID            int64
	Name          string
	BusinessHours string // [I]
	Users         []QueueUser
}

// QueueUser is an agent's place in a queue [C].
type QueueUser struct {
	ID         int64
	AutoAssign bool
}

// Agent is what the API calls a user: a person who attends, or a bot [C].
type Agent struct {
	ID                        int64
	UserName                  string // an e-mail address
	Nick, FirstName, LastName string
	IsBot                     bool
	CreatedAt, LastLogin      time.Time
	Queues                    []int64
}

// Type is a node of the tree of case types [C]; ParentID is 0 at the top.
type Type struct {
	ID       int64
	Name     string
	ParentID int64
}

// Tag is a tag of cases [C].
type Tag struct {
	ID   int64
	Name string
}

// Channel is a connected account of a channel [C].
type Channel struct {
	ID           int64
	Name, Source string
}

// Template is a WhatsApp template [C]; Content holds {{1}}, {{2}} where parameters go.
type Template struct {
	ID, Content, Name, Number, Description string
}

// ContactGroup is a group of contacts [C].
type ContactGroup struct {
	ID         int64
	Code, Name string
}

// Organization is a company that contacts belong to [C].
type Organization struct {
	ID                                       int64
	CustomID, Name, Phone, Email, Web, State string
	Address                                  string
	Executives                               []int64 // users [I]
	CustomFields                             []CustomField
	AssignmentPriorities                     []int64 // queues [I]
}

// Survey is {"id", "guid", "name"} [C].
type Survey struct {
	ID         int64
	GUID, Name string
}

// Question is one of a survey's questions. The reference names only the endpoint: the shape {"id", "guid", "name",
// "type"} and the types are [I]; the guid is what answers refer to [W].
type Question struct {
	ID         int64
	GUID, Name string
	Type       string // csat (1 to 5), nps (0 to 10) or text
}

// Response is what became of a survey that was sent to one contact about one case [W]: {"id", "case_id", "contact_id",
// "status", "responded_at", "responses"}.
type Response struct {
	ID, CaseID, ContactID int64
	Status                string    // responded or not_responded
	SentAt                time.Time // only filters know it
	RespondedAt           time.Time // zero, which goes out as null, for those who did not respond
	Answers               []Answer  // "responses"; none for those who did not respond
}

// Answer is {"guid", "response"}, of a question by its guid [W]. A score, all digits, goes out as a number and other
// text as text; what was left empty goes out as null or is missing altogether [I].
type Answer struct{ GUID, Response string }

// FieldOption is a value that a custom field of cases offers [C].
type FieldOption struct {
	ID    int64
	Value string
}

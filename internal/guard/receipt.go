// Package guard stands around every write: it lets nothing happen before a person agreed where one must, nothing
// twice, and nothing without a line in the audit log; and it says of each write only what was seen to hold.
package guard

// What a receipt says of a write.
const (
	Done     = "done"      // it was seen to hold
	NoChange = "no_change" // all was so already
	Partly   = "partly"    // some of it holds
	Unknown  = "unknown"   // it may have happened, and was not seen
	Repeated = "repeated"  // the same was done a while ago, and not again
	Preview  = "preview"   // nothing happened yet
	Declined = "declined"  // a person said no
)

// Receipt is what came of a write.
type Receipt struct {
	Outcome      string         `json:"outcome"`
	Object       map[string]any `json:"object,omitempty"` // ids of what was made or changed
	Changes      []Change       `json:"changes,omitempty"`
	NotChanged   []Change       `json:"not_changed,omitempty"` // what the API accepted and did not do: after is what was wanted
	Via          []string       `json:"via,omitempty"`         // the API's endpoints
	Undo         *Call          `json:"undo,omitempty"`
	Question     string         `json:"question,omitempty"`
	ConfirmToken string         `json:"confirm_token,omitempty"`
	Notes        []string       `json:"notes,omitempty"`
}

// Change is one field with what it was and what it is.
type Change struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// Call is a call of a tool.
type Call struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
}

package schema

import (
	"encoding/json"
	"testing"

	"wisecx-mcp/schema/generate"
)

// searchCases is shaped like the arguments of the tool of that name, with every kind of property.
type searchCases struct {
	Status        []string    `json:"status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed,enum=unresolved"`
	Queue         []string    `json:"queue,omitempty"`
	Agent         []string    `json:"agent,omitempty"`
	Contact       string      `json:"contact,omitempty" jsonschema_description:"id, e-mail, phone or personal id"`
	CaseNumber    []int64     `json:"case_number,omitempty" jsonschema:"minimum=1,maxItems=5"`
	Channel       []string    `json:"channel,omitempty"`
	Type          []string    `json:"type,omitempty"`
	Tags          []string    `json:"tags,omitempty"`
	CreatedAfter  string      `json:"created_after,omitempty"`
	CreatedBefore string      `json:"created_before,omitempty"`
	Text          string      `json:"text,omitempty"`
	WaitingOn     string      `json:"waiting_on,omitempty" jsonschema:"enum=us,enum=customer"`
	NeverReplied  bool        `json:"never_replied,omitempty"`
	Where         []condition `json:"where,omitempty"`
	Limit         int         `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
	ScoreBelow    float64     `json:"score_below,omitempty"`
	Cursor        string      `json:"cursor,omitempty"`
	SortBy        string      `json:"sort_by,omitempty"`
	SortOrder     string      `json:"sort_order,omitempty" jsonschema:"enum=asc,enum=desc"`
	Fields        []string    `json:"fields,omitempty"`
}

// condition is text or an object, kept as it came.
type condition struct{ json.RawMessage }

func (condition) JSONSchema() string {
	return `{"type": ["string", "object"], "properties": {
		"field": {"type": "string"},
		"operator": {"type": "string"},
		"value": {"type": ["string", "number", "boolean", "array", "null"]}
	}, "required": ["field", "operator"], "additionalProperties": false}`
}

// nullableText is a text that null clears.
type nullableText struct{ json.RawMessage }

func (nullableText) JSONSchema() string { return `{"type": ["string", "null"]}` }

// createCase is shaped like the nested arguments of create_case and update_case together.
type createCase struct {
	Queue        string         `json:"queue"`
	Subject      string         `json:"subject"`
	Contact      caseContact    `json:"contact"`
	Message      string         `json:"message,omitempty" jsonschema:"maxLength=2000"`
	MessageFrom  string         `json:"message_from,omitempty" jsonschema:"enum=customer,enum=agent"`
	ThenStatus   string         `json:"then_status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed"`
	Agent        *nullableText  `json:"agent,omitempty"`
	Note         string         `json:"note,omitempty" jsonschema:"minLength=0"`
	AddTags      []string       `json:"add_tags,omitempty" jsonschema:"uniqueItems=true"`
	CustomFields map[string]any `json:"custom_fields,omitempty"`
	Watchers     []caseContact  `json:"watchers,omitempty"`
	EvenIfOpen   bool           `json:"even_if_open,omitempty"`
	Spam         *bool          `json:"spam,omitempty"`
}

type caseContact struct {
	ID         int64    `json:"id,omitempty"`
	Name       string   `json:"name,omitempty"`
	Email      string   `json:"email,omitempty"`
	PersonalID string   `json:"personal_id,omitempty"`
	Phones     []string `json:"phones,omitempty"`
}

// replyToCase has a text beside a template, which makes it a reply.
type replyToCase struct {
	CaseNumber int64             `json:"case_number"`
	Text       string            `json:"text,omitempty"`
	Template   string            `json:"template,omitempty"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

// searchContacts asks by query, where others ask by text.
type searchContacts struct {
	Query string `json:"query,omitempty"`
	After string `json:"after,omitempty"`
}

func argumentsOf(t testing.TB, v any) *Arguments {
	t.Helper()
	raw, err := generate.Schema(v)
	if err != nil {
		t.Fatal(err)
	}
	return New(raw)
}

// mended returns what the arguments become, as JSON with sorted keys.
func mended(t *testing.T, arguments *Arguments, sent string) string {
	t.Helper()
	value, err := arguments.putRight([]byte(sent))
	if err != nil {
		t.Fatalf("%s was refused: %v", sent, err)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

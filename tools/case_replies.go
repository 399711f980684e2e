package tools

import (
	"context"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/guard"
)

// Repeatable are the arguments of a write that adds something, beside its own: the same is added once in ten minutes,
// unless it is wanted again.
type Repeatable struct {
	Confirmed
	Again bool `json:"again,omitempty"`
}

func (r Repeatable) order() guard.Order {
	o := r.Confirmed.order()
	o.Again = r.Again
	return o
}

var createCase = declareWrite(Tool{
	Name:    "create_case",
	Title:   "Create a case",
	Toolset: "cases",
	Risk:    Write,
	Description: "Makes a case. contact: id, or email, phone or personal_id (with name, for a new one); one that exists is used. " +
		"If they have open cases, these are answered instead. message: the customer's words, only recorded; with message_from agent it is sent to them, after confirmation.",
	Example: `{"queue": "Soporte", "channel": "phone", "subject": "No enciende el router", "contact": {"phone": "+54 9 11 5551-0005"}}`,
}, func(ctx context.Context, env *Env, a CreateCase) (*guard.Write, error) {
	return env.Desk.CreateCase(ctx, desk.NewCaseAsk{
		Queue: a.Queue, Channel: a.Channel, Subject: a.Subject, Contact: desk.ContactRef(a.Contact),
		Message: a.Message, FromAgent: a.MessageFrom == "agent", Agent: a.Agent, Type: a.Type, Priority: a.Priority,
		DueAt: a.DueAt, Tags: a.Tags, CustomFields: a.CustomFields, EvenIfOpen: a.EvenIfOpen,
	})
})

// CreateCase are the arguments of create_case.
type CreateCase struct {
	Queue        string            `json:"queue"`
	Channel      string            `json:"channel"`
	Subject      string            `json:"subject"`
	Contact      CaseContact       `json:"contact"`
	Message      string            `json:"message,omitempty"`
	MessageFrom  string            `json:"message_from,omitempty" jsonschema:"enum=customer,enum=agent"`
	Agent        string            `json:"agent,omitempty"`
	Type         string            `json:"type,omitempty"`
	Priority     string            `json:"priority,omitempty"`
	Tags         []string          `json:"tags,omitempty" jsonschema:"maxItems=50"`
	DueAt        string            `json:"due_at,omitempty"`
	CustomFields map[string]string `json:"custom_fields,omitempty"`
	EvenIfOpen   bool              `json:"even_if_open,omitempty"`
	Repeatable
}

// CaseContact is whom a new case is with.
type CaseContact struct {
	ID         int64  `json:"id,omitempty" jsonschema:"minimum=1"`
	Name       string `json:"name,omitempty"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	PersonalID string `json:"personal_id,omitempty"`
}

var replyToCase = declareWrite(Tool{
	Name:    "reply_to_case",
	Title:   "Reply to the customer",
	Toolset: "cases",
	Risk:    Outbound,
	Description: "Sends the case's customer a message by its channel: text, or a WhatsApp template with its parameters. The customer reads it: no notes, no handovers. " +
		"Never sent twice; it cannot be taken back. Without confirm_token it may answer a question for the person.",
	Example: `{"case_number": 534787, "text": "Hola Ana, tu pedido sale hoy.", "then_status": "pending"}`,
}, func(ctx context.Context, env *Env, a ReplyToCase) (*guard.Write, error) {
	if err := oneCase(a.CaseID, a.CaseNumber); err != nil {
		return nil, err
	}
	return env.Desk.ReplyToCase(ctx, desk.ReplyAsk{
		Case: desk.CaseRef{ID: a.CaseID, Number: a.CaseNumber}, Text: a.Text, Template: a.Template, Parameters: a.Parameters, ThenStatus: a.ThenStatus,
	})
})

// ReplyToCase are the arguments of reply_to_case.
type ReplyToCase struct {
	CaseID     int64             `json:"case_id,omitempty" jsonschema:"minimum=1"`
	CaseNumber int64             `json:"case_number,omitempty" jsonschema:"minimum=1"`
	Text       string            `json:"text,omitempty"`
	Template   string            `json:"template,omitempty"`
	Parameters map[string]string `json:"parameters,omitempty"`
	ThenStatus string            `json:"then_status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed"`
	Repeatable
}

var deleteCase = declareWrite(Tool{
	Name:        "delete_case",
	Title:       "Delete a case",
	Toolset:     "cases",
	Risk:        Destructive,
	Description: "Deletes a case and its conversation for good, once a person has agreed. expect: field values that must still hold.",
	Example:     `{"case_number": 534787, "expect": {"status": "closed"}}`,
}, func(ctx context.Context, env *Env, a DeleteCase) (*guard.Write, error) {
	if err := oneCase(a.CaseID, a.CaseNumber); err != nil {
		return nil, err
	}
	return env.Desk.DeleteCase(ctx, desk.CaseRef{ID: a.CaseID, Number: a.CaseNumber}, expected(a.Expect))
})

// DeleteCase are the arguments of delete_case.
type DeleteCase struct {
	CaseID     int64                `json:"case_id,omitempty" jsonschema:"minimum=1"`
	CaseNumber int64                `json:"case_number,omitempty" jsonschema:"minimum=1"`
	Expect     map[string]Clearable `json:"expect,omitempty"`
	Confirmed
}

package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/guard"
	"wisecx-mcp/schema"
)

// Clearable is a value that null clears.
type Clearable desk.Value

// JSONSchema is a union that invopop/jsonschema cannot derive.
func (Clearable) JSONSchema() string { return `{"type": ["string", "null"]}` }

// UnmarshalJSON reads a text, a number or null.
func (c *Clearable) UnmarshalJSON(b []byte) error {
	*c = Clearable{Given: true, Null: string(bytes.TrimSpace(b)) == "null"}
	if c.Null {
		return nil
	}
	if b[0] != '"' {
		c.Text = string(b)
		return nil
	}
	return json.Unmarshal(b, &c.Text)
}

// MarshalJSON writes it as it came.
func (c Clearable) MarshalJSON() ([]byte, error) {
	if c.Null || !c.Given {
		return []byte("null"), nil
	}
	return json.Marshal(c.Text)
}

var updateCase = declareWrite(Tool{
	Name:    "update_case",
	Title:   "Update a case",
	Toolset: "cases",
	Risk:    Write,
	Description: "Changes fields of one case and reads it back; the receipt says what holds, and how to undo it. The customer is not told. " +
		"Names or ids; null clears agent and due_at. Tags must exist (list_directory). " +
		"expect: field values that must still hold, else nothing changes. dry_run shows what would be sent.",
	Example: `{"case_number": 534787, "status": "pending", "add_tags": ["vip"]}`,
}, func(ctx context.Context, env *Env, a UpdateCase) (*guard.Write, error) {
	if err := oneCase(a.CaseID, a.CaseNumber); err != nil {
		return nil, err
	}
	return env.Desk.UpdateCase(ctx, desk.CaseRef{ID: a.CaseID, Number: a.CaseNumber}, a.changes())
})

// UpdateCase are the arguments of update_case.
type UpdateCase struct {
	CaseID     int64 `json:"case_id,omitempty" jsonschema:"minimum=1"`
	CaseNumber int64 `json:"case_number,omitempty" jsonschema:"minimum=1"`
	CaseChanges
	Control
}

// CaseChanges are the changes that update_case and update_cases make.
type CaseChanges struct {
	Status       string               `json:"status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed"`
	Subject      string               `json:"subject,omitempty"`
	Queue        string               `json:"queue,omitempty"`
	Agent        Clearable            `json:"agent,omitzero"`
	Type         string               `json:"type,omitempty"`
	Priority     string               `json:"priority,omitempty"`
	AddTags      []string             `json:"add_tags,omitempty" jsonschema:"maxItems=50"`
	RemoveTags   []string             `json:"remove_tags,omitempty" jsonschema:"maxItems=50"`
	DueAt        Clearable            `json:"due_at,omitzero"`
	CustomFields map[string]Clearable `json:"custom_fields,omitempty"`
	Spam         *bool                `json:"spam,omitempty"`
	Expect       map[string]Clearable `json:"expect,omitempty"`
}

func (a CaseChanges) changes() desk.CaseChanges {
	given := func(s string) desk.Value { return desk.Value{Given: s != "", Text: s} }
	return desk.CaseChanges{
		Status: given(a.Status), Subject: given(a.Subject), Queue: given(a.Queue), Type: given(a.Type), Priority: given(a.Priority),
		Agent: desk.Value(a.Agent), DueAt: desk.Value(a.DueAt), AddTags: a.AddTags, RemoveTags: a.RemoveTags,
		CustomFields: orEmpty(a.CustomFields), Spam: a.Spam, Expect: expected(a.Expect),
	}
}

// orEmpty gives custom fields with an empty text for null, which clears as well.
func orEmpty(fields map[string]Clearable) map[string]string {
	texts := make(map[string]string, len(fields))
	for name, value := range fields {
		texts[name] = value.Text
	}
	return texts
}

// expected are the values that must still hold; of a status any of its words, as the argument status takes them.
func expected(fields map[string]Clearable) map[string]desk.Value {
	values := make(map[string]desk.Value, len(fields))
	for name, value := range fields {
		if status, known := schema.Status(value.Text); known && name == "status" {
			value.Text = status
		}
		values[name] = desk.Value(value)
	}
	return values
}

var updateCases = declareWrite(Tool{
	Name:    "update_cases",
	Title:   "Update many cases",
	Toolset: "cases",
	Risk:    Write,
	Bulk:    true,
	Description: "Makes the same changes, as in update_case, to up to 200 cases that are named by number; distribute_to gives them to agents in turns, evenly. " +
		"The person is asked first; above ten cases only they can release it. One receipt for all, and one undo.",
	Example: `{"case_numbers": [534787], "distribute_to": ["Franco González"], "dry_run": true}`,
}, func(ctx context.Context, env *Env, a UpdateCases) (*guard.Write, error) {
	var changes []desk.BulkChange
	alone := len(a.CaseNumbers) == 0 && len(a.Restore) > 0
	if !alone {
		changes = append(changes, desk.BulkChange{Numbers: a.CaseNumbers, Changes: a.changes(), Distribute: a.DistributeTo})
	}
	for _, g := range a.Restore {
		if alone { // what an undo expects of all of its cases stands beside them
			g.Expect = with(a.Expect, g.Expect)
		}
		changes = append(changes, desk.BulkChange{Numbers: g.CaseNumbers, Changes: g.changes(), Undo: true})
	}
	return env.Desk.UpdateCases(ctx, changes)
})

// UpdateCases are the arguments of update_cases.
type UpdateCases struct {
	CaseNumbers []int64 `json:"case_numbers,omitempty" jsonschema:"minimum=1,maxItems=200"`
	CaseChanges
	DistributeTo []string       `json:"distribute_to,omitempty" jsonschema:"maxItems=50"`
	Restore      []RestoreGroup `json:"restore,omitempty" jsonschema:"maxItems=200" jsonschema_description:"of an undo"`
	Confirmed
}

// RestoreGroup are cases that get the same values back.
type RestoreGroup struct {
	CaseNumbers []int64 `json:"case_numbers"`
	CaseChanges
}

// with gives the fields of two sets.
func with(some, more map[string]Clearable) map[string]Clearable {
	all := maps.Clone(some)
	if all == nil {
		return more
	}
	maps.Copy(all, more)
	return all
}

// JSONSchema leaves its members out: an undo carries them, and nobody writes them by hand.
func (RestoreGroup) JSONSchema() string { return `{"type": "object"}` }

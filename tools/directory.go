package tools

import (
	"context"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

var listDirectory = declare(Tool{
	Name:    "list_directory",
	Title:   "List the directory",
	Toolset: "directory",
	Risk:    Read,
	Description: "Lists the names and ids of one kind: queues, agents, types (of cases), tags, channels, whatsapp_templates (with their parameters), " +
		"contact_groups, surveys, or field_options (of the custom field named in field). search: words of the name.",
	Example: `{"kind": "agents", "search": "lucía"}`,
}, func(ctx context.Context, env *Env, a ListDirectory) (*EntriesResult, error) {
	ask := desk.EntrySearch{Limit: a.Limit, Cursor: a.Cursor, EntryQuery: desk.EntryQuery{Kind: a.Kind, Field: a.Field, Search: a.Search}}
	if ask.Limit == 0 {
		ask.Limit = 100
	}
	page, err := env.Desk.ListDirectory(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &EntriesResult{list: list{page: &page.Page}, Total: page.Total, Notes: page.Notes}, nil
})

// ListDirectory are the arguments of list_directory.
type ListDirectory struct {
	Kind   string `json:"kind,omitempty"`
	Field  string `json:"field,omitempty"`
	Search string `json:"search,omitempty" jsonschema:"maxLength=200"`
	Limit  int    `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
	Cursor string `json:"cursor,omitempty"`
}

// EntriesResult is a page of a directory.
type EntriesResult struct {
	Entries Rows `json:"entries"`
	list
	Total int      `json:"total"`
	Notes []string `json:"notes,omitempty"`
}

func (r *EntriesResult) fit(budget int) ([]byte, error) {
	return r.list.fit(r, &r.Entries, &r.Notes, budget, desk.Row.Clip)
}

var checkBusinessHours = declare(Tool{
	Name:        "check_business_hours",
	Title:       "Check business hours",
	Toolset:     "directory",
	Risk:        Read,
	Description: "Tells whether a queue, or without queue the account as a whole, is open now, within its business hours.",
	Example:     `{"queue": "Ventas"}`,
}, func(ctx context.Context, env *Env, a CheckBusinessHours) (*HoursResult, error) {
	hours, err := env.Desk.BusinessHours(ctx, a.Queue)
	if err != nil {
		return nil, err
	}
	return &HoursResult{*hours}, nil
})

// CheckBusinessHours are the arguments of check_business_hours.
type CheckBusinessHours struct {
	Queue string `json:"queue,omitempty"`
}

// HoursResult says whether it is open.
type HoursResult struct {
	desk.Hours
}

func (r *HoursResult) fit(budget int) ([]byte, error) {
	b, err := encode(r)
	for size := budget; err == nil && text.Tokens(b) > budget && size > 20; size /= 2 {
		r.Hours = r.Hours.Clip(size)
		b, err = encode(r)
	}
	return b, err
}

package tools

import (
	"context"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

var searchCases = declare(Tool{
	Name:    "search_cases",
	Title:   "Search cases",
	Toolset: "cases",
	Risk:    Read,
	Description: "Lists cases of the last three months, newest first, as short rows, in all statuses unless status says otherwise. " +
		"All filters must hold; several values of one mean any of them. unresolved is open, pending or on_hold. " +
		"queue, agent, channel, type, tags take names or ids; agent also me and unassigned, queue also mine. " +
		"Times: 2026-11-22, 2026-11-22T15:04, 2026-10, today, yesterday, this_week, last_month, or an age such as 24h or 7d; " +
		"_after and _before both include a day that is named. " +
		"text finds whole words, all of them, in subject or summary, not in messages; for a topic, type finds more. " +
		"where is for any other field, custom ones included, a condition an item: [\"sucursal EQUAL Rosario\", \"number IN 1,2\"]. " +
		"sort_by: id, number, created_at, updated_at, solved_at, closed_at, due_at. " +
		"fields replaces the columns, \"+type\" adds one. What a case says, and whose turn it is: get_case.",
	Example: `{"status": ["unresolved"], "queue": ["Soporte Técnico"], "created_after": "yesterday"}`,
}, func(ctx context.Context, env *Env, a SearchCases) (*CasesResult, error) {
	page, err := env.Desk.SearchCases(ctx, a.search())
	if err != nil {
		return nil, err
	}
	return &CasesResult{Applied: page.Applied, Coverage: page.Coverage, Timezone: page.Timezone, Notes: page.Notes, page: page}, nil
})

// SearchCases are the arguments of search_cases.
type SearchCases struct {
	Status        []string    `json:"status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed,enum=unresolved"`
	Queue         []string    `json:"queue,omitempty" jsonschema:"maxItems=100"`
	Agent         []string    `json:"agent,omitempty" jsonschema:"maxItems=100"`
	Contact       string      `json:"contact,omitempty" jsonschema_description:"the customer's id, e-mail, phone or personal id"`
	CaseNumber    []int64     `json:"case_number,omitempty" jsonschema:"minimum=1,maxItems=100"`
	Channel       []string    `json:"channel,omitempty" jsonschema:"maxItems=100" jsonschema_description:"whatsapp, email, web, phone, or a channel's name"`
	Type          []string    `json:"type,omitempty" jsonschema:"maxItems=100" jsonschema_description:"with all types below it"`
	Tags          []string    `json:"tags,omitempty" jsonschema:"maxItems=100"`
	Priority      []string    `json:"priority,omitempty" jsonschema:"maxItems=100" jsonschema_description:"low, normal, high, urgent; often none"`
	CreatedAfter  string      `json:"created_after,omitempty"`
	CreatedBefore string      `json:"created_before,omitempty"`
	UpdatedAfter  string      `json:"updated_after,omitempty"`
	UpdatedBefore string      `json:"updated_before,omitempty"`
	SolvedAfter   string      `json:"solved_after,omitempty"`
	SolvedBefore  string      `json:"solved_before,omitempty"`
	ClosedAfter   string      `json:"closed_after,omitempty"`
	ClosedBefore  string      `json:"closed_before,omitempty"`
	DueAfter      string      `json:"due_after,omitempty"`
	DueBefore     string      `json:"due_before,omitempty"`
	Text          string      `json:"text,omitempty" jsonschema:"maxLength=1000"`
	Where         []Condition `json:"where,omitempty" jsonschema:"maxItems=20" jsonschema_description:"\"field OPERATOR value\", or {field, operator, value}"`
	Limit         int         `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100" jsonschema_description:"default 20"`
	Cursor        string      `json:"cursor,omitempty" jsonschema_description:"next_cursor of an earlier answer"`
	SortBy        string      `json:"sort_by,omitempty"`
	SortOrder     string      `json:"sort_order,omitempty" jsonschema:"enum=asc,enum=desc"`
	Fields        []string    `json:"fields,omitempty" jsonschema:"maxItems=50"`
}

func (a SearchCases) search() desk.CaseSearch {
	ask := desk.CaseSearch{Fields: a.Fields, Limit: a.Limit, Cursor: a.Cursor}
	if ask.Limit == 0 {
		ask.Limit = 20
	}
	ask.SortBy, ask.Ascending = a.SortBy, a.SortOrder == "asc"
	ask.CaseFilters = desk.CaseFilters{
		Status: a.Status, Queue: a.Queue, Agent: a.Agent, Channel: a.Channel, Type: a.Type, Tags: a.Tags, Priority: a.Priority,
		Contact: a.Contact, Numbers: a.CaseNumber, Text: a.Text,
		Created: desk.Range{After: a.CreatedAfter, Before: a.CreatedBefore},
		Updated: desk.Range{After: a.UpdatedAfter, Before: a.UpdatedBefore},
		Solved:  desk.Range{After: a.SolvedAfter, Before: a.SolvedBefore},
		Closed:  desk.Range{After: a.ClosedAfter, Before: a.ClosedBefore},
		Due:     desk.Range{After: a.DueAfter, Before: a.DueBefore},
	}
	for _, c := range a.Where {
		ask.Where = append(ask.Where, c.where())
	}
	return ask
}

// CasesResult is a page of cases.
type CasesResult struct {
	Cases      Rows          `json:"cases"`
	Returned   int           `json:"returned"`
	HasMore    bool          `json:"has_more"`
	NextCursor string        `json:"next_cursor,omitempty"`
	Applied    string        `json:"applied"`
	Coverage   desk.Coverage `json:"coverage"`
	Timezone   string        `json:"timezone"`
	Notes      []string      `json:"notes,omitempty"`

	page *desk.CasePage
}

// cursorRoom is what a cut page's cursor may cost more than that of the whole one, in tokens.
const cursorRoom = 20

// fit cuts rows from the end, with a cursor that goes on behind the last one shown. Where not even one
// row fits, its texts are cut.
func (r *CasesResult) fit(budget int) ([]byte, error) {
	r.show(Rows{}, len(r.page.Rows))
	r.NextCursor = r.page.Cursor(len(r.page.Rows))
	frame, err := encode(r)
	if err != nil {
		return nil, err
	}
	room := budget - text.Tokens(frame) - cursorRoom
	rows, err := encodeRows(r.page.Rows, room)
	if err != nil {
		return nil, err
	}
	for size := 500; len(rows) == 0 && len(r.page.Rows) > 0 && size > 5; size /= 2 {
		if rows, err = encodeRows([]desk.Row{r.page.Rows[0].Clip(size)}, room); err != nil {
			return nil, err
		}
	}
	if len(rows) == 0 && len(r.page.Rows) > 0 {
		id := r.page.Rows[0][:1]
		if rows, err = encodeRows([]desk.Row{id}, room); err != nil {
			return nil, err
		}
		r.Notes = append(r.Notes, "a case is too large for the budget and shown by its id only; ask for fewer fields")
	}
	r.show(rows, len(rows))
	return encode(r)
}

// show takes the first n rows into the result.
func (r *CasesResult) show(rows Rows, n int) {
	r.Cases, r.Returned = rows, n
	r.HasMore = r.page.HasMore || n < len(r.page.Rows)
	r.NextCursor = ""
	if r.HasMore {
		r.NextCursor = r.page.Cursor(n)
	}
}

var getCase = declare(Tool{
	Name:    "get_case",
	Title:   "Get a case",
	Toolset: "cases",
	Risk:    Read,
	Description: "Shows one case, of any age by id: its fields, the customer, the newest messages, and whose turn it is. " +
		"People say the number (\"case 534787\"): give it as case_number. " +
		"waiting_on is us, customer or nobody, since waiting_since; bots' replies do not count as answers. " +
		"On WhatsApp, plain text may be sent until window_closes_at; after that only templates. " +
		"include: contact, messages, events, custom_fields; the first two if left out.",
	Example: `{"case_number": 534787}`,
}, func(ctx context.Context, env *Env, a GetCase) (*CaseResult, error) {
	ask, err := a.ask()
	if err != nil {
		return nil, err
	}
	view, err := env.Desk.GetCase(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &CaseResult{view: view}, nil
})

// GetCase are the arguments of get_case.
type GetCase struct {
	CaseID         int64    `json:"case_id,omitempty" jsonschema:"minimum=1"`
	CaseNumber     int64    `json:"case_number,omitempty" jsonschema:"minimum=1"`
	Include        []string `json:"include,omitempty" jsonschema:"enum=contact,enum=messages,enum=events,enum=custom_fields"`
	LatestMessages int      `json:"latest_messages,omitempty" jsonschema:"minimum=1,maximum=100" jsonschema_description:"default 5"`
}

func (a GetCase) ask() (desk.CaseAsk, error) {
	ask := desk.CaseAsk{ID: a.CaseID, Number: a.CaseNumber, Include: a.Include, Latest: a.LatestMessages}
	switch {
	case a.CaseID == 0 && a.CaseNumber == 0:
		return ask, &desk.Refusal{Argument: "case_number", Problem: "neither case_number nor case_id is given", Expected: "the number of a case, such as 534787, or its id"}
	case a.CaseID != 0 && a.CaseNumber != 0:
		return ask, &desk.Refusal{Argument: "case_number", Problem: "both case_number and case_id are given", Expected: "one of them"}
	}
	if len(ask.Include) == 0 {
		ask.Include = []string{"contact", "messages"}
	}
	if ask.Latest == 0 {
		ask.Latest = 5
	}
	return ask, nil
}

// CaseResult is one case.
type CaseResult struct {
	Case     desk.Row   `json:"case"`
	Contact  desk.Row   `json:"contact,omitempty"`
	Messages []desk.Row `json:"messages,omitempty"`
	Events   []desk.Row `json:"events,omitempty"`
	Earlier  int        `json:"earlier_messages,omitempty" jsonschema_description:"before the first one shown"`
	Timezone string     `json:"timezone"`
	Notes    []string   `json:"notes,omitempty"`

	view *desk.CaseView
}

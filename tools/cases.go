package tools

import (
	"context"

	"wisecx-mcp/internal/desk"
)

var searchCases = declare(Tool{
	Name:    "search_cases",
	Title:   "Search cases",
	Toolset: "cases",
	Risk:    Read,
	Description: "Lists cases of the last three months, newest first, in any status. " +
		"All filters must hold; several values of one mean any of them. unresolved is open, pending or on_hold. " +
		"queue, agent, channel, type, tags take names or ids; agent also me and unassigned, queue also mine, type and tags also none. " +
		"Times: 2026-11-22, 2026-11-22T15:04, 2026-10, today, yesterday, this_week, last_month, or an age such as 24h or 7d; " +
		"_after and _before both include a named day. " +
		"text: whole words or their plurals, all of them, of subject or summary; search_messages looks in messages. " +
		"waiting_on, waiting_longer_than (24h), window_closes_within (2h, WhatsApp), never_replied read the threads, of unresolved cases unless status is given, and list the longest wait first. " +
		"where is for any other field, custom ones included: [\"sucursal EQUAL Rosario\", \"number IN 1,2\"]. " +
		"sort_by: id, number, created_at, updated_at, solved_at, closed_at, due_at. " +
		"fields replaces the columns, \"+type\" adds one. One case as a whole: get_case.",
	Example: `{"status": ["unresolved"], "queue": ["Soporte Técnico"], "created_after": "yesterday"}`,
}, func(ctx context.Context, env *Env, a SearchCases) (*CasesResult, error) {
	page, err := env.Desk.SearchCases(ctx, a.search())
	if err != nil {
		return nil, err
	}
	return &CasesResult{list: list{page: &page.Page}, Applied: page.Applied, Coverage: page.Coverage, Timezone: page.Timezone, Notes: page.Notes}, nil
})

// caseFilters are the arguments that choose cases.
type caseFilters struct {
	Status        []string `json:"status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed,enum=unresolved"`
	Queue         []string `json:"queue,omitempty" jsonschema:"maxItems=100"`
	Agent         []string `json:"agent,omitempty" jsonschema:"maxItems=100"`
	Contact       string   `json:"contact,omitempty" jsonschema_description:"the customer's id, e-mail, phone or personal id"`
	CaseNumber    []int64  `json:"case_number,omitempty" jsonschema:"minimum=1,maxItems=100"`
	Channel       []string `json:"channel,omitempty" jsonschema:"maxItems=100" jsonschema_description:"whatsapp, email, web, phone, or a channel's name"`
	Type          []string `json:"type,omitempty" jsonschema:"maxItems=100" jsonschema_description:"with all types below it"`
	Tags          []string `json:"tags,omitempty" jsonschema:"maxItems=100"`
	Priority      []string `json:"priority,omitempty" jsonschema:"maxItems=100" jsonschema_description:"low, normal, high, urgent; often none"`
	CreatedAfter  string   `json:"created_after,omitempty"`
	CreatedBefore string   `json:"created_before,omitempty"`
	UpdatedAfter  string   `json:"updated_after,omitempty"`
	UpdatedBefore string   `json:"updated_before,omitempty"`
	SolvedAfter   string   `json:"solved_after,omitempty"`
	SolvedBefore  string   `json:"solved_before,omitempty"`
	ClosedAfter   string   `json:"closed_after,omitempty"`
	ClosedBefore  string   `json:"closed_before,omitempty"`
	DueAfter      string   `json:"due_after,omitempty"`
	DueBefore     string   `json:"due_before,omitempty"`
	Text          string   `json:"text,omitempty" jsonschema:"maxLength=1000"`
}

// waitingFilters are those that only a case's thread can answer.
type waitingFilters struct {
	WaitingOn     string `json:"waiting_on,omitempty" jsonschema:"enum=us,enum=customer"`
	WaitingLonger string `json:"waiting_longer_than,omitempty"`
	WindowCloses  string `json:"window_closes_within,omitempty"`
	NeverReplied  bool   `json:"never_replied,omitempty"`
}

func (a waitingFilters) waiting() desk.Waiting {
	return desk.Waiting{On: a.WaitingOn, LongerThan: a.WaitingLonger, WindowCloses: a.WindowCloses, NeverReplied: a.NeverReplied}
}

// with gives the filters as the desk takes them; where stands apart, since its place among the arguments differs.
func (a caseFilters) with(where []Condition) desk.CaseFilters {
	filters := desk.CaseFilters{
		Status: a.Status, Queue: a.Queue, Agent: a.Agent, Channel: a.Channel, Type: a.Type, Tags: a.Tags, Priority: a.Priority,
		Contact: a.Contact, Numbers: a.CaseNumber, Text: a.Text,
		Created: desk.Range{After: a.CreatedAfter, Before: a.CreatedBefore},
		Updated: desk.Range{After: a.UpdatedAfter, Before: a.UpdatedBefore},
		Solved:  desk.Range{After: a.SolvedAfter, Before: a.SolvedBefore},
		Closed:  desk.Range{After: a.ClosedAfter, Before: a.ClosedBefore},
		Due:     desk.Range{After: a.DueAfter, Before: a.DueBefore},
	}
	for _, c := range where {
		filters.Where = append(filters.Where, c.where())
	}
	return filters
}

// SearchCases are the arguments of search_cases.
type SearchCases struct {
	caseFilters
	waitingFilters
	Where     []Condition `json:"where,omitempty" jsonschema:"maxItems=20" jsonschema_description:"\"field OPERATOR value\", or {field, operator, value}"`
	Limit     int         `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100" jsonschema_description:"default 20"`
	Cursor    string      `json:"cursor,omitempty" jsonschema_description:"next_cursor of an earlier answer"`
	SortBy    string      `json:"sort_by,omitempty"`
	SortOrder string      `json:"sort_order,omitempty" jsonschema:"enum=asc,enum=desc"`
	Fields    []string    `json:"fields,omitempty" jsonschema:"maxItems=50"`
}

func (a SearchCases) search() desk.CaseSearch {
	ask := desk.CaseSearch{Fields: a.Fields, Limit: a.Limit, Cursor: a.Cursor, Ordered: a.SortOrder != ""}
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	ask.SortBy, ask.Ascending = a.SortBy, a.SortOrder == "asc"
	ask.Waiting = a.waiting()
	ask.CaseFilters = a.with(a.Where)
	return ask
}

// CasesResult is a page of cases.
type CasesResult struct {
	Cases Rows `json:"cases"`
	list
	Applied  string        `json:"applied"`
	Coverage desk.Coverage `json:"coverage"`
	Timezone string        `json:"timezone"`
	Notes    []string      `json:"notes,omitempty"`
}

func (r *CasesResult) fit(budget int) ([]byte, error) {
	return r.list.fit(r, &r.Cases, &r.Notes, budget, desk.Row.Clip)
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
		"include: contact and messages if left out. Earlier messages: get_case_messages.",
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
	if len(ask.Include) == 0 {
		ask.Include = []string{"contact", "messages"}
	}
	if ask.Latest == 0 {
		ask.Latest = 5
	}
	return ask, oneCase(a.CaseID, a.CaseNumber)
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

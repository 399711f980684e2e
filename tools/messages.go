package tools

import (
	"context"
	"fmt"
	"unicode/utf8"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

var getCaseMessages = declare(Tool{
	Name:    "get_case_messages",
	Title:   "Get a case's messages",
	Toolset: "cases",
	Risk:    Read,
	Description: "Lists the conversation of one case, newest first unless order says otherwise. " +
		"Quoted mail history, signatures and legal notices are folded. from: customer and agent if left out; system gives the events. " +
		"message_id shows one message whole, with what is folded in lists, and next_cursor its rest; so does the cursor that a message cut in a list names.",
	Example: `{"case_number": 534787, "from": ["customer"]}`,
}, func(ctx context.Context, env *Env, a GetCaseMessages) (*MessagesResult, error) {
	ask, err := a.ask()
	if err != nil {
		return nil, err
	}
	page, err := env.Desk.CaseMessages(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &MessagesResult{list: list{page: &page.Page}, Case: page.Case, Timezone: page.Timezone, Notes: page.Notes, messages: page}, nil
})

// GetCaseMessages are the arguments of get_case_messages.
type GetCaseMessages struct {
	CaseID     int64    `json:"case_id,omitempty" jsonschema:"minimum=1"`
	CaseNumber int64    `json:"case_number,omitempty" jsonschema:"minimum=1"`
	Order      string   `json:"order,omitempty" jsonschema:"enum=newest,enum=oldest"`
	From       []string `json:"from,omitempty" jsonschema:"enum=customer,enum=agent,enum=system"`
	After      string   `json:"after,omitempty"`
	Before     string   `json:"before,omitempty"`
	MessageID  int64    `json:"message_id,omitempty" jsonschema:"minimum=1"`
	Limit      int      `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
	Cursor     string   `json:"cursor,omitempty"`
}

func (a GetCaseMessages) ask() (desk.MessagesAsk, error) {
	ask := desk.MessagesAsk{Limit: a.Limit, Cursor: a.Cursor, MessagesQuery: desk.MessagesQuery{
		ID: a.CaseID, Number: a.CaseNumber, OldestFirst: a.Order == "oldest", From: a.From, Message: a.MessageID,
		At: desk.Range{After: a.After, Before: a.Before},
	}}
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	if a.Cursor != "" && a.CaseID == 0 && a.CaseNumber == 0 {
		return ask, nil
	}
	return ask, oneCase(a.CaseID, a.CaseNumber)
}

// oneCase refuses what does not name just one case.
func oneCase(id, number int64) error {
	switch {
	case id == 0 && number == 0:
		return &desk.Refusal{Argument: "case_number", Problem: "neither case_number nor case_id is given", Expected: "the number of a case, such as 534787, or its id"}
	case id != 0 && number != 0:
		return &desk.Refusal{Argument: "case_number", Problem: "both case_number and case_id are given", Expected: "one of them"}
	}
	return nil
}

// MessagesResult is a page of one case's conversation.
type MessagesResult struct {
	Messages Rows `json:"messages"`
	list
	Case     desk.Row `json:"case"`
	Timezone string   `json:"timezone"`
	Notes    []string `json:"notes,omitempty"`

	messages *desk.MessagesPage
}

func (r *MessagesResult) fit(budget int) ([]byte, error) {
	return r.list.fit(r, &r.Messages, &r.Notes, budget, func(row desk.Row, size int) desk.Row {
		return cutMessage(row, size, func(shown int) string {
			if r.messages.One {
				r.messages.CutOne(shown)
				return "next_cursor"
			}
			return callFor(r.messages.Rest(row, shown))
		})
	})
}

// callFor is the call that shows what a cursor continues.
func callFor(cursor string) string { return fmt.Sprintf(`get_case_messages {"cursor": "%s"}`, cursor) }

var searchMessages = declare(Tool{
	Name:    "search_messages",
	Title:   "Search messages",
	Toolset: "cases",
	Risk:    Read,
	Description: "Searches what was written in conversations, newest case first, by reading the thread of each case that the other arguments leave. " +
		"text: whole words or their plurals, all of them; a list holds alternatives; numbers match however they are separated. Without text, every message. " +
		"after and before are the messages' times. " +
		"per_case: matching (default); of the messages that match, each case's first or last (without text: how conversations open or end); or all of a case with a match, whoever wrote it. " +
		"Reads max_cases threads a call (default 50); coverage says how far it looked, next_cursor goes on. Attached files are not read.",
	Example: `{"text": ["0001-00012345"], "after": "30d"}`,
}, func(ctx context.Context, env *Env, a SearchMessages) (*MatchesResult, error) {
	found, err := env.Desk.SearchMessages(ctx, a.search())
	if err != nil {
		return nil, err
	}
	return &MatchesResult{list: list{page: &found.Page}, Applied: found.Applied, Coverage: found.Coverage, Timezone: found.Timezone, Notes: found.Notes}, nil
})

// SearchMessages are the arguments of search_messages.
type SearchMessages struct {
	Text       []string `json:"text,omitempty" jsonschema:"maxItems=20"`
	Contact    string   `json:"contact,omitempty"`
	CaseNumber []int64  `json:"case_number,omitempty" jsonschema:"minimum=1,maxItems=100"`
	Queue      []string `json:"queue,omitempty" jsonschema:"maxItems=100"`
	Agent      []string `json:"agent,omitempty" jsonschema:"maxItems=100"`
	Channel    []string `json:"channel,omitempty" jsonschema:"maxItems=100"`
	Status     []string `json:"status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed,enum=unresolved"`
	From       []string `json:"from,omitempty" jsonschema:"enum=customer,enum=agent,enum=system"`
	After      string   `json:"after,omitempty"`
	Before     string   `json:"before,omitempty"`
	PerCase    string   `json:"per_case,omitempty" jsonschema:"enum=matching,enum=first,enum=last,enum=all"`
	MaxCases   int      `json:"max_cases,omitempty" jsonschema:"minimum=1,maximum=500"`
	Limit      int      `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
	Cursor     string   `json:"cursor,omitempty"`
}

// maxCases is how many threads a search of messages reads where nothing else is asked.
const maxCases = 50

func (a SearchMessages) search() desk.MessageSearch {
	ask := desk.MessageSearch{MaxCases: a.MaxCases, Limit: a.Limit, Cursor: a.Cursor, MessageQuery: desk.MessageQuery{
		Words: a.Text, From: a.From, PerCase: a.PerCase, At: desk.Range{After: a.After, Before: a.Before},
		CaseFilters: desk.CaseFilters{Contact: a.Contact, Numbers: a.CaseNumber, Queue: a.Queue, Agent: a.Agent, Channel: a.Channel, Status: a.Status},
	}}
	if ask.MaxCases == 0 {
		ask.MaxCases = maxCases
	}
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	if one := a.PerCase == "first" || a.PerCase == "last"; one && a.Limit == 0 && a.MaxCases != 0 {
		ask.Limit = min(a.MaxCases, 100) // "the last thirty conversations" are thirty rows
	}
	return ask
}

// MatchesResult is a page of messages of several cases.
type MatchesResult struct {
	Messages Rows `json:"messages"`
	list
	Applied  string               `json:"applied"`
	Coverage desk.MessageCoverage `json:"coverage"`
	Timezone string               `json:"timezone"`
	Notes    []string             `json:"notes,omitempty"`
}

func (r *MatchesResult) fit(budget int) ([]byte, error) {
	return r.list.fit(r, &r.Messages, &r.Notes, budget, desk.Row.Clip)
}

// clipSize is the size of texts from which on everything is cut, not only what was said.
const clipSize = 500

// cutMessage cuts what was said, and says how much is left and what goes on behind the bytes that are shown.
func cutMessage(m desk.Row, size int, next func(shown int) string) desk.Row {
	said, _ := m.Get("said").(string)
	head, left := text.Cut(said, size)
	cut := m
	if size < clipSize {
		cut = m.Clip(size)
	}
	if left == 0 {
		return cut
	}
	return cut.With("said", fmt.Sprintf(`%s… [%d of %d characters left out; %s goes on]`, head, left, utf8.RuneCountInString(said), next(len(head))))
}

package tools

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"unicode/utf8"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

var countCases = declare(Tool{
	Name:    "count_cases",
	Title:   "Count and measure cases",
	Toolset: "cases",
	Risk:    Read,
	Description: "Counts cases of the last three months, and measures how long things took (n, median, p90), in all or by one or two of " +
		"status, queue, agent, channel, type, tag, priority, day, week, month, hour (of the day). Filters as in search_cases. " +
		"first_read_time is until somebody opened a case, no answer; reply times, nights included, go by who replied. " +
		"These and waiting_on and the like read max_scan conversations (default 1000, at most 2000): the newest, of who waits the oldest. " +
		"Days are of created_at, or of the only other span given, such as solved_after. exact says whether every case is in.",
	Example: `{"group_by": ["queue", "status"], "created_after": "this_month"}`,
}, func(ctx context.Context, env *Env, a CountCases) (*CountResult, error) {
	ask, err := a.query()
	if err != nil {
		return nil, err
	}
	found, err := env.Desk.CountCases(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &CountResult{Total: found.Total(), Exact: found.Exact, DatedBy: found.DatedBy, Applied: found.Applied, Coverage: found.Coverage,
		Timezone: found.Timezone, notes: found.Notes, figures: found.Figures}, nil
})

// CountCases are the arguments of count_cases.
type CountCases struct {
	countFilters
	waitingFilters
	Where   []Condition `json:"where,omitempty"`
	GroupBy []string    `json:"group_by,omitempty" jsonschema:"maxItems=2"`
	Measure []string    `json:"measure,omitempty" jsonschema:"enum=count,enum=age,enum=first_read_time,enum=first_reply_time,enum=reply_time,enum=resolution_time"`
	MaxScan int         `json:"max_scan,omitempty" jsonschema:"minimum=1,maximum=50000"`
}

// countFilters are caseFilters that say nothing of themselves: who counts knows them from search_cases.
type countFilters struct {
	Status        []string `json:"status,omitempty" jsonschema:"enum=open,enum=pending,enum=on_hold,enum=solved,enum=closed,enum=unresolved"`
	Queue         []string `json:"queue,omitempty"`
	Agent         []string `json:"agent,omitempty"`
	Contact       string   `json:"contact,omitempty"`
	CaseNumber    []int64  `json:"case_number,omitempty"`
	Channel       []string `json:"channel,omitempty"`
	Type          []string `json:"type,omitempty"`
	Tags          []string `json:"tags,omitempty"`
	Priority      []string `json:"priority,omitempty"`
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
	Text          string   `json:"text,omitempty"`
}

// query holds the filters against the bounds that the schema of search_cases has.
func (a CountCases) query() (desk.CountQuery, error) {
	for _, bound := range []struct {
		argument, of string
		has, most    int
	}{
		{"queue", "values", len(a.Queue), 100}, {"agent", "values", len(a.Agent), 100}, {"case_number", "values", len(a.CaseNumber), 100},
		{"channel", "values", len(a.Channel), 100}, {"type", "values", len(a.Type), 100}, {"tags", "values", len(a.Tags), 100},
		{"priority", "values", len(a.Priority), 100}, {"where", "conditions", len(a.Where), 20}, {"text", "characters", utf8.RuneCountInString(a.Text), 1000},
	} {
		if bound.has > bound.most {
			return desk.CountQuery{}, &desk.Refusal{Argument: bound.argument, Problem: fmt.Sprintf("%d %s", bound.has, bound.of), Expected: fmt.Sprintf("at most %d", bound.most)}
		}
	}
	return desk.CountQuery{CaseFilters: caseFilters(a.countFilters).with(a.Where), Waiting: a.waiting(), GroupBy: a.GroupBy, Measure: a.Measure, MaxScan: a.MaxScan}, nil
}

// CountResult are figures of cases.
type CountResult struct {
	Total    desk.Row           `json:"total"`
	Groups   []desk.Row         `json:"groups,omitzero"`
	Columns  []string           `json:"columns,omitempty"`
	Rows     Table              `json:"rows,omitzero"`
	Others   desk.Row           `json:"others,omitempty" jsonschema_description:"groups that did not fit"`
	Exact    bool               `json:"exact"`
	DatedBy  string             `json:"dated_by,omitempty"`
	Applied  string             `json:"applied"`
	Coverage desk.CountCoverage `json:"coverage"`
	Timezone string             `json:"timezone"`
	Notes    []string           `json:"notes,omitempty"`

	notes   []string
	figures func(most int) desk.Figures
}

// Table are rows below the columns that are named beside it.
type Table [][]any

// JSONSchema says that a table is a list of lists.
func (Table) JSONSchema() string { return `{"type": "array", "items": {"type": "array"}}` }

const (
	widest  = 40 // columns of a table
	fewRows = 5  // are worth more than further columns
)

// fit shows as many groups as the budget holds, the first ones, and sums up the others. What is said beside them takes
// half of it at the most, and a table that is too wide for some rows loses columns.
func (r *CountResult) fit(budget int) ([]byte, error) {
	if err := r.shorten(desk.Figures{}, budget/2); err != nil {
		return nil, err
	}
	width := widest
	for ; width > 2; width /= 2 {
		f := r.figures(width)
		shown, err := r.most(f, budget)
		if err != nil {
			return nil, err
		}
		if shown >= min(len(f.Cases), fewRows) {
			return r.show(f, shown)
		}
	}
	f := r.figures(width)
	if err := r.shorten(f, budget/2); err != nil {
		return nil, err
	}
	shown, err := r.most(f, budget)
	if err != nil {
		return nil, err
	}
	return r.show(f, max(shown, 0))
}

// most gives how many groups the budget holds, -1 where it holds not even what is said beside them.
func (r *CountResult) most(f desk.Figures, budget int) (int, error) {
	var failed error
	tooMany := sort.Search(min(len(f.Cases), budget)+1, func(n int) bool {
		b, err := r.show(f, n)
		if err != nil {
			failed = err
		}
		return text.Tokens(b) > budget
	})
	return tooMany - 1, failed
}

// show writes the result with the first groups, and sums up the others.
func (r *CountResult) show(f desk.Figures, shown int) ([]byte, error) {
	r.Columns, r.Others, r.Notes = f.Columns, nil, slices.Concat(r.notes, f.Notes)
	if f.Groups != nil {
		r.Groups = f.Groups[:shown]
	}
	if f.Columns != nil {
		r.Rows = append(Table{}, f.Rows[:shown]...)
	}
	if rest := f.Cases[shown:]; len(rest) > 0 {
		sum := 0
		for _, n := range rest {
			sum += n
		}
		r.Others = desk.Row{{Name: "groups", Value: len(rest)}, {Name: "count", Value: sum}}
		r.Notes = append(r.Notes, "others sums up the groups that did not fit; fewer groups, narrower filters or a higher WISECX_MAX_TOKENS show more")
	}
	return encode(r)
}

// shorten cuts what is said beside the figures until it leaves them room.
func (r *CountResult) shorten(f desk.Figures, room int) error {
	for size := room; size > 20; size /= 2 {
		b, err := r.show(f, 0)
		if err != nil || text.Tokens(b) <= room {
			return err
		}
		r.Applied = cut(r.Applied, size)
		for i, note := range r.notes {
			r.notes[i] = cut(note, size)
		}
	}
	return nil
}

func cut(s string, size int) string {
	head, left := text.Cut(s, size)
	if left > 0 {
		head += "…"
	}
	return head
}

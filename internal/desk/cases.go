package desk

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"wisecx-mcp/wisecx"
)

// CaseQuery is what search_cases asks, as the caller wrote it. It is what a cursor holds.
type CaseQuery struct {
	CaseFilters
	Waiting   Waiting `json:"wt,omitzero"`
	SortBy    string  `json:"by,omitempty"` // a sortable field; "" means id
	Ascending bool    `json:"up,omitempty"`
}

// CaseSearch is a page of a CaseQuery.
type CaseSearch struct {
	CaseQuery
	Fields []string // of the rows; none means the concise set
	Limit  int
	Cursor string

	Ordered bool // the caller gave an order of sorting, with or without what to sort by
}

// Coverage says what an answer can know.
type Coverage struct {
	From     string `json:"from" jsonschema_description:"cases created before this day are not in reach"`
	Scanned  int    `json:"scanned"`
	Complete bool   `json:"complete"`
}

// CasePage is a page of cases.
type CasePage struct {
	Page
	Applied  string
	Coverage Coverage

	shown []column
}

// SearchCases lists cases.
func (d *Desk) SearchCases(ctx context.Context, ask CaseSearch) (*CasePage, error) {
	from, now, err := resume(ask.Cursor, &ask.CaseQuery, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	sortBy, err := sortField(ask.SortBy)
	if err != nil {
		return nil, err
	}
	if len(ask.Fields) == 0 && ask.SortBy != "" {
		ask.Fields = []string{"+" + sortBy.Name} // an order by what is not shown cannot be followed
	}
	if ask.Waiting != (Waiting{}) && len(ask.Fields) > 0 { // whose rows have these columns in any case
		ask.Fields = append(slices.DeleteFunc(slices.Clone(ask.Fields), func(name string) bool {
			return slices.Contains(turnColumns, strings.TrimPrefix(name, "+"))
		}), "+id")
	}
	columns, err := columnsOf(ask.Fields)
	if err != nil {
		return nil, err
	}
	filters, err := d.filters(ctx, ask.CaseFilters, now)
	if err != nil {
		return nil, err
	}
	search := &listScan[wisecx.Case]{desk: d, kind: d.caseKind(), filters: filters, sort: sortBy, down: !ask.Ascending, keys: keysOf(d.looked(columns), filters, sortBy)}
	if ask.Waiting != (Waiting{}) {
		return d.searchWaiting(ctx, ask, search, columns, from, now)
	}
	found, err := search.run(ctx, from.place, ask.Limit)
	if err != nil {
		return nil, err
	}
	page := &CasePage{Applied: appliedOf(filters), shown: columns,
		Page: Page{Timezone: d.zone.String(), Notes: search.notes, query: encode(&ask.CaseQuery), now: now}}
	rows, next := found.Answer()
	if page.HasMore = next != nil; page.HasMore {
		page.next = spot{place: *next}
	}
	cases := make([]*wisecx.Case, len(rows))
	for i, r := range rows {
		cases[i] = r.Item
		page.after = append(page.after, spot{place: r.After})
	}
	page.Coverage = d.coverage(ask.CaseFilters, found, len(rows), now, page)
	shown, notes, err := d.caseRows(ctx, cases, columns)
	if err != nil {
		return nil, err
	}
	page.Rows, page.Notes = shown, append(page.Notes, notes...)
	page.Notes = append(page.Notes, hints(ask, filters, page)...)
	if len(rows) == 0 && !page.HasMore && ask.Cursor == "" {
		page.Notes = append(page.Notes, d.valueNotes(ctx, filters)...)
	}
	return page, nil
}

func appliedOf(filters []*filter) string {
	var parts []string
	for _, f := range filters {
		parts = append(parts, f.String())
	}
	if len(parts) == 0 {
		return "no filter"
	}
	return strings.Join(parts, " AND ")
}

func sortField(name string) (*wisecx.Field, error) { return caseTable.sortField(name) }

// snake writes createdAt as created_at.
func snake(name string) string {
	var out strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// keysOf gives the API's fields that a search needs: for its columns, its filters and its order.
func keysOf(columns []column, filters []*filter, sort *wisecx.Field) []string {
	keys := []string{"id"}
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, c := range columns {
		add(c.field.Key)
	}
	for _, f := range filters {
		for _, key := range f.reads {
			add(key)
		}
		if len(f.account) > 0 {
			add("channel_account")
		}
		add(f.Field.Key)
	}
	add(sort.Key)
	return keys
}

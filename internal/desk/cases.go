package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// CaseQuery is what search_cases asks, as the caller wrote it. It is what a cursor holds.
type CaseQuery struct {
	CaseFilters
	SortBy    string `json:"by,omitempty"` // a sortable field; "" means id
	Ascending bool   `json:"up,omitempty"`
}

// CaseSearch is a page of a CaseQuery.
type CaseSearch struct {
	CaseQuery
	Fields []string // of the rows; none means the concise set
	Limit  int
	Cursor string
}

// Coverage says what an answer can know.
type Coverage struct {
	From     string `json:"from" jsonschema_description:"cases created before this day are not in reach"`
	Scanned  int    `json:"scanned"`
	Complete bool   `json:"complete"`
}

// CasePage is a page of cases.
type CasePage struct {
	Rows     []Row
	HasMore  bool
	Applied  string
	Coverage Coverage
	Timezone string
	Notes    []string

	query json.RawMessage
	now   time.Time
	shown []column
	after []place // behind each row
	next  place   // behind the last of them
}

// Cursor continues the list behind the first n rows.
func (p *CasePage) Cursor(n int) string {
	at := p.next
	if n < len(p.Rows) {
		at = p.after[n-1]
	}
	return cursor{query: p.query, now: p.now.Unix(), place: at}.String()
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
	columns, err := columnsOf(ask.Fields)
	if err != nil {
		return nil, err
	}
	filters, err := d.filters(ctx, ask.CaseFilters, now)
	if err != nil {
		return nil, err
	}
	search := &caseScan{desk: d, filters: filters, sort: sortBy, down: !ask.Ascending, keys: keysOf(d.looked(columns), filters, sortBy)}
	found, err := search.run(ctx, from, ask.Limit)
	if err != nil {
		return nil, err
	}
	page := &CasePage{Timezone: d.zone.String(), Applied: appliedOf(filters), Notes: search.notes, shown: columns, query: encode(&ask.CaseQuery), now: now}
	rows, next := found.page()
	if page.HasMore = next != nil; page.HasMore {
		page.next = *next
	}
	cases := make([]*wisecx.Case, len(rows))
	for i, r := range rows {
		cases[i] = r.Case
		page.after = append(page.after, r.after)
	}
	page.Coverage = d.coverage(ask.CaseFilters, found, len(rows), now, page)
	shown, notes, err := d.caseRows(ctx, cases, columns)
	if err != nil {
		return nil, err
	}
	page.Rows, page.Notes = shown, append(page.Notes, notes...)
	page.Notes = append(page.Notes, hints(ask, filters, page)...)
	return page, nil
}

// window is the first day that GET /cases reaches: three months back, by created_at [C][I].
func window(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m-3, d, 0, 0, 0, 0, now.Location())
}

// coverage says how far the answer reaches, with a note where that is less than what was asked.
func (d *Desk) coverage(ask CaseFilters, found *scan, returned int, now time.Time, page *CasePage) Coverage {
	from := window(now)
	c := Coverage{From: from.Format(time.DateOnly), Scanned: returned, Complete: !found.cut}
	if found.sparse {
		c.Scanned = found.scanned
	}
	if found.cut {
		page.Notes = append(page.Notes, fmt.Sprintf("looked through %d cases and stopped; next_cursor goes on from there", found.scanned))
	}
	if found.unsorted {
		page.Notes = append(page.Notes, "the API did not sort the cases as asked; they are in its own order")
	}
	if beyond(ask, from, now) {
		c.Complete = false
		page.Notes = append(page.Notes, "the API lists no cases created before "+c.From+"; get_case finds an older one by its id")
	}
	return c
}

// beyond tells whether what was asked reaches further back than the API lists: a span that begins or ends
// before it, or numbers of cases, which may be older.
func beyond(ask CaseFilters, from, now time.Time) bool {
	before := func(word string, e edge) bool {
		at, err := pointInTime("", word, e, now)
		return word != "" && err == nil && at.Before(from)
	}
	for _, span := range []Range{ask.Created, ask.Updated, ask.Solved, ask.Closed} {
		if before(span.After, startOf) || before(span.Before, endOf) {
			return true
		}
	}
	return false
}

// hints say what a person would add to an answer that may mislead: where nothing was found, how values were
// compared; which numbers are missing; where empty dates stand.
func hints(ask CaseSearch, filters []*filter, page *CasePage) []string {
	var notes []string
	for _, f := range filters {
		if f.note != "" {
			notes = append(notes, f.note)
		}
	}
	if missing := missingNumbers(ask.Numbers, page); len(missing) > 0 {
		notes = append(notes, fmt.Sprintf("no case of the last three months with these filters has the number %s; get_case tries a number as an id too", strings.Join(missing, ", ")))
	}
	if field := ask.SortBy; len(page.Rows) > 0 && ask.Ascending && field != "" {
		if f, err := sortField(field); err == nil && page.Rows[0].Get(f.Name) == nil && slices.ContainsFunc(page.shown, func(c column) bool { return c.name == f.Name }) {
			notes = append(notes, fmt.Sprintf("cases without %s come first; a condition such as \"%s GREATER 2000-01\" leaves them out", f.Name, f.Name))
		}
	}
	if len(page.Rows) > 0 || page.HasMore {
		return notes
	}
	if ask.Text != "" {
		notes = append(notes, "text takes whole words, all of them, in subject or summary only; fewer words, or a type, may find more")
	}
	for _, f := range filters {
		if f.custom != "" || f.Field.Name == "priority" {
			notes = append(notes, fmt.Sprintf("values of %s must be spelled as in Wise CX, upper and lower case included", f.Field.Name))
		}
		if slices.ContainsFunc(f.shown, func(v string) bool { return strings.Contains(v, " AND ") }) {
			notes = append(notes, "each condition is an item of its own in where; AND within one is part of its value")
		}
	}
	return notes
}

// missingNumbers gives the numbers asked for that a page which is the whole answer does not have.
func missingNumbers(asked []int64, page *CasePage) []string {
	if page.HasMore || len(asked) == 0 || !slices.ContainsFunc(page.shown, func(c column) bool { return c.name == "number" }) {
		return nil
	}
	var missing []string
	for _, n := range asked {
		if !slices.ContainsFunc(page.Rows, func(r Row) bool { return r.Get("number") == n }) && len(missing) < 10 {
			missing = append(missing, strconv.FormatInt(n, 10))
		}
	}
	return missing
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

func sortField(name string) (*wisecx.Field, error) {
	if name == "" {
		name = wisecx.Cases.Default
	}
	for _, spelled := range []string{name, snake(name), snake(name) + "_at"} {
		if f, ok := wisecx.Cases.Field(spelled); ok && f.Sortable {
			return f, nil
		}
	}
	var sortable []string
	for _, f := range wisecx.Cases.Fields {
		if f.Sortable {
			sortable = append(sortable, f.Name)
		}
	}
	return nil, &Refusal{Argument: "sort_by", Problem: fmt.Sprintf("cases cannot be sorted by %q", clip(name, 60)), Expected: "one of " + strings.Join(sortable, ", ")}
}

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
		if f.anybody != nil {
			add("subject")
			add("summary")
		}
		if len(f.account) > 0 {
			add("channel_account")
		}
		add(f.Field.Key)
	}
	add(sort.Key)
	return keys
}

// caseScan reads cases through the API's filters where it has them, and holds every row against all of them.
type caseScan struct {
	desk    *Desk
	filters []*filter
	sort    *wisecx.Field
	down    bool
	keys    []string
	notes   []string
	ignored map[string]bool // fields whose filter the API ignored, as its rows show
	reading *scan
}

func (s *caseScan) run(ctx context.Context, from place, limit int) (*scan, error) {
	s.desk.recall(s.filters)
	for {
		s.reading = s.scan(limit)
		err := s.reading.run(ctx, from)
		var refused *wisecx.Error
		if errors.As(err, &refused) && refused.Kind == wisecx.ErrBadRequest {
			if blamed := s.blame(refused.Detail); len(blamed) > 0 {
				if err := s.desk.checkCustom(ctx, blamed); err != nil {
					return nil, err
				}
				s.withdraw(blamed)
				continue
			}
		}
		if err == nil {
			s.desk.remember(s.filters)
		}
		return s.reading, err
	}
}

func (s *caseScan) scan(limit int) *scan {
	var remote []wisecx.Condition
	sparse := false
	for _, f := range s.filters {
		if f.remote() {
			remote = append(remote, f.Condition)
		}
		sparse = sparse || !f.remote() || len(f.account) > 0
	}
	return &scan{
		limit: limit, down: s.down, sparse: sparse, unique: s.sort.Name == "id" || s.sort.Name == "number",
		fetch: func(ctx context.Context, page, size int) ([]wisecx.Case, error) {
			return s.desk.api.ListCases(ctx, wisecx.Query{
				Fields: s.keys, Filter: remote, Sort: s.sort.Key, Descending: s.down, Limit: size, Page: page,
			})
		},
		key:    s.sortKey,
		wanted: s.wanted,
	}
}

func (s *caseScan) sortKey(c *wisecx.Case) (int64, bool) {
	values := caseValues(c, s.sort.Name, "")
	if len(values) == 0 {
		return 0, false
	}
	if at, ok := values[0].(time.Time); ok {
		return at.Unix(), true
	}
	return values[0].(int64), true
}

// wanted holds a page's rows against all filters. A row without a value for a field that the API
// filtered by is taken on its word, unless a row with another value shows that it ignored the filter.
func (s *caseScan) wanted(rows []wisecx.Case) []bool {
	keep := make([]bool, len(rows))
	for i := range keep {
		keep[i] = true
	}
	for _, f := range s.filters {
		empty := func(c *wisecx.Case) bool { return len(caseValues(c, f.Field.Name, f.custom)) == 0 }
		trusted := f.remote() && !s.ignored[f.Field.Name]
		if trusted && slices.ContainsFunc(rows, func(c wisecx.Case) bool { return !f.fits(&c) && (!empty(&c) || f.tells(&c)) }) {
			s.ignore(f)
			trusted = false
		}
		for i := range rows {
			keep[i] = keep[i] && (f.matches(&rows[i]) || trusted && empty(&rows[i]))
		}
	}
	return keep
}

// tells tells whether a row says of its custom fields which it has, so that one it lacks is empty indeed.
func (f *filter) tells(c *wisecx.Case) bool { return f.custom != "" && len(c.CustomFields) > 0 }

// ignore notes that the API did not apply a filter.
func (s *caseScan) ignore(f *filter) {
	if s.ignored == nil {
		s.ignored = map[string]bool{}
	}
	s.ignored[f.Field.Name] = true
	s.reading.sparse = true
	s.notes = append(s.notes, fmt.Sprintf("the API did not apply the filter by %s: its rows were filtered here", f.Field.Name))
}

// blame finds the filters that a refusal may be about: those that its words name, else all whose wire
// name or operator is only inferred.
func (s *caseScan) blame(words string) []*filter {
	var named, inferred []*filter
	for _, f := range s.filters {
		if !f.remote() {
			continue
		}
		if strings.Contains(words, f.Field.Wire) || strings.Contains(words, f.Field.Key) {
			named = append(named, f)
		}
		if f.Field.Sure == wisecx.Inferred {
			inferred = append(inferred, f)
		}
	}
	if len(named) > 0 {
		return named
	}
	return inferred
}

// withdraw asks the API no longer for some filters, which are then applied here.
func (s *caseScan) withdraw(blamed []*filter) {
	for _, f := range blamed {
		f.local = true
		s.notes = append(s.notes, fmt.Sprintf("the API does not filter by %s: it was applied here", f.Field.Name))
	}
}

// checkCustom refuses a field that the API does not know and the newest cases do not have: it is probably a
// slip, and a scan for it would find nothing at length.
func (d *Desk) checkCustom(ctx context.Context, blamed []*filter) error {
	var asked []string
	for _, f := range blamed {
		if f.custom != "" {
			asked = append(asked, f.custom)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	cases, err := d.api.ListCases(ctx, wisecx.Query{Fields: []string{"id", "custom_fields"}, Sort: "id", Descending: true})
	if err != nil || len(cases) == 0 {
		return err
	}
	var known []string
	for _, c := range cases {
		for _, f := range c.CustomFields {
			if !slices.Contains(known, string(f.Field)) {
				known = append(known, string(f.Field))
			}
		}
	}
	for _, name := range asked {
		if !slices.ContainsFunc(known, func(k string) bool { return text.Fold(k) == text.Fold(name) }) {
			return &Refusal{Argument: "where", Problem: fmt.Sprintf("there is no field %q: the API does not know it and no recent case has it", clip(name, 60)),
				Expected: "a custom field of the account (the candidates are those of recent cases), or one of " + strings.Join(wisecx.Cases.Names(), ", "), Candidates: known}
		}
	}
	return nil
}

// recall applies here what the API refused to filter by before; remember keeps that for the next call.
func (d *Desk) recall(filters []*filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range filters {
		f.local = f.local || d.unfilters[f.Field.Name]
	}
}

func (d *Desk) remember(filters []*filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range filters {
		if f.local {
			d.unfilters[f.Field.Name] = true
		}
	}
}

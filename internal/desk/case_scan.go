package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

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
		f.refused = true
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

// refusalLife is how long the API is not asked again for a filter that it refused: the value may have been
// what it did not like.
const refusalLife = 10 * time.Minute

// recall applies here what the API refused to filter by a while ago; remember keeps that for the next calls.
func (d *Desk) recall(filters []*filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range filters {
		f.refused = d.now().Before(d.unfilters[f.Field.Name])
	}
}

func (d *Desk) remember(filters []*filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range filters {
		if f.refused && !d.now().Before(d.unfilters[f.Field.Name]) {
			d.unfilters[f.Field.Name] = d.now().Add(refusalLife)
		}
	}
}

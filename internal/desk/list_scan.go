package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// listScan reads a list through the API's filters where it has them, and holds every row against all of them.
type listScan[T any] struct {
	desk    *Desk
	kind    kind[T]
	filters []*filter
	sort    *wisecx.Field
	down    bool
	keys    []string
	notes   []string
	ignored map[string]bool // fields whose filter the API ignored, as its rows show

	withdrawn []*filter // that the API refused in this call
	unchecked bool      // rows came without a point in time that they were chosen by
	reading   *scan.Scan[T]
}

func (s *listScan[T]) run(ctx context.Context, from scan.Place, limit int) (*scan.Scan[T], error) {
	if from != (scan.Place{}) { // the first page asked the API
		s.compareHere(s.doubtful())
	}
	if s.sort.Name != "id" && (from.ID != 0 && from.Key == from.ID || s.desk.unsorted(s.kind.resource, s.sort)) { // a place of ids, not of values
		s.byID()
	}
	err := s.settle(ctx, func() error {
		s.reading = s.scan(limit)
		s.reading.Strict = s.sort.Name != "id" && from == (scan.Place{})
		return s.reading.Run(ctx, from)
	})
	return s.reading, err
}

// byID asks for the order of ids, which is the documented one, where the API does not sort by another field. Rows that
// move between pages are found again in it, while an order that nobody knows has pages only.
func (s *listScan[T]) byID() {
	s.note(fmt.Sprintf("the API does not sort %s by %s: they are in the order of their ids", s.kind.resource.Name, s.sort.Name))
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if key := orderKey(s.kind.resource, s.sort); !s.desk.now().Before(s.desk.unfilters[key]) {
		s.desk.unfilters[key] = s.desk.now().Add(refusalLife)
	}
	s.sort, _ = s.kind.resource.Field("id")
}

// unsorted tells whether the API was seen a while ago not to sort by a field.
func (d *Desk) unsorted(of *wisecx.Resource, by *wisecx.Field) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now().Before(d.unfilters[orderKey(of, by)])
}

func orderKey(of *wisecx.Resource, by *wisecx.Field) string { return of.Name + " by " + by.Name }

// settle reads, and where the API refuses filters or may have left out what they want, once more without them.
func (s *listScan[T]) settle(ctx context.Context, read func() error) error {
	s.desk.recall(s.kind.resource, s.filters)
	for {
		err := read()
		sorted := s.sort.Name != "id"
		var refused *wisecx.Error
		if errors.As(err, &refused) && refused.Kind == wisecx.ErrBadRequest {
			blamed := s.blame(refused.Detail)
			switch {
			case sorted && strings.Contains(strings.ToLower(refused.Detail), "sort"):
				s.byID()
				continue
			case len(blamed) > 0:
				if err := s.checkCustom(ctx, blamed); err != nil {
					return err
				}
				s.withdraw(blamed)
				continue
			case sorted: // it was not about the filters
				s.restore()
				s.byID()
				continue
			}
		}
		if sorted && errors.Is(err, scan.ErrUnsorted) {
			s.byID()
			continue
		}
		if err != nil {
			return err
		}
		doubtful := s.doubtful()
		if len(doubtful) > 0 && s.reading.Trouble == nil {
			s.compareHere(doubtful)
			continue
		}
		for _, f := range doubtful {
			s.note(fmt.Sprintf("%s without %s may be missing: the API may leave them out", s.kind.resource.Name, f.Field.Name))
		}
		s.desk.remember(s.kind.resource, s.filters)
		return nil
	}
}

// remote gives the conditions that the API is asked for, and whether it may list much that does not fit.
func (s *listScan[T]) remote() (conditions []wisecx.Condition, sparse bool) {
	for _, f := range s.filters {
		if f.remote() {
			conditions = append(conditions, f.Condition)
		}
		sparse = sparse || !f.remote() || len(f.account) > 0
	}
	return conditions, sparse
}

func (s *listScan[T]) scan(limit int) *scan.Scan[T] {
	remote, sparse := s.remote()
	return &scan.Scan[T]{
		Limit: limit, Down: s.down, Sparse: sparse, Unique: s.sort.Name == "id" || s.sort.Name == "number",
		What: s.kind.resource.Name, ID: s.kind.id,
		Fetch: func(ctx context.Context, page, size int) ([]T, error) {
			return s.kind.list(ctx, wisecx.Query{
				Fields: s.keys, Filter: remote, Sort: s.sort.Key, Descending: s.down, Limit: size, Page: page,
			})
		},
		Key:    func(item *T) (int64, bool) { return sortValue(s.kind.record(item), s.sort.Name) },
		Wanted: s.wanted,
	}
}

// wanted holds a page's rows against all filters. A row without a value for a field that the API
// filtered by is taken on its word, unless a row with another value shows that it ignored the filter. A point in time
// that is empty lies before and after nothing, so that such a row shows it too where the rows carry the field.
func (s *listScan[T]) wanted(items []T) []bool {
	keep := make([]bool, len(items))
	rows := make([]record, len(items))
	for i := range items {
		keep[i], rows[i] = true, s.kind.record(&items[i])
	}
	for _, f := range s.filters {
		empty := func(r record) bool { return len(valuesOf(r, f.Field.Name, f.custom)) == 0 }
		shown := f.Field.Kind == wisecx.KindTime && slices.ContainsFunc(rows, func(r record) bool { return carries(r, f.Field.Name) })
		trusted := f.remote() && !s.ignored[f.Field.Name]
		if trusted && slices.ContainsFunc(rows, func(r record) bool { return !f.fits(r) && (!empty(r) || shown || f.tells(r)) }) {
			s.ignore(f)
			trusted = false
		}
		for i := range rows {
			fits := f.matches(rows[i])
			if believed := trusted && empty(rows[i]); !fits && believed {
				fits = true
				s.believe(f)
			}
			keep[i] = keep[i] && fits
		}
	}
	s.lookForEmpties(rows, keep)
	return keep
}

// tells tells whether a row without a value says that it has none: it always carries the field, or it says which custom
// fields it has.
func (f *filter) tells(r record) bool { return f.carried || f.custom != "" && len(r.customs()) > 0 }

// believe notes that rows came without a point in time that the API was to choose them by.
func (s *listScan[T]) believe(f *filter) {
	if f.Field.Kind == wisecx.KindTime {
		s.unchecked = true
		s.note(fmt.Sprintf("the API gave its %s without %s, so that its filter by it could not be checked", s.kind.resource.Name, f.Field.Name))
	}
}

// ignore notes that the API did not apply a filter.
func (s *listScan[T]) ignore(f *filter) {
	if s.ignored == nil {
		s.ignored = map[string]bool{}
	}
	s.ignored[f.Field.Name] = true
	s.reading.Sparse = true
	s.notes = append(s.notes, fmt.Sprintf("the API did not apply the filter by %s: its rows were filtered here", f.Field.Name))
}

// blame finds the filters that a refusal may be about: those that its words name, else all whose wire
// name or operator is only inferred.
func (s *listScan[T]) blame(words string) []*filter {
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
func (s *listScan[T]) withdraw(blamed []*filter) {
	for _, f := range blamed {
		f.refused = true
		s.note(withdrawnNote(f))
	}
	s.withdrawn = append(s.withdrawn, blamed...)
}

func withdrawnNote(f *filter) string {
	return fmt.Sprintf("the API does not filter by %s: it was applied here", f.Field.Name)
}

// restore asks the API again for the filters that it seemed to refuse.
func (s *listScan[T]) restore() {
	for _, f := range s.withdrawn {
		f.refused = false
		s.notes = slices.DeleteFunc(s.notes, func(n string) bool { return n == withdrawnNote(f) })
	}
	s.withdrawn = nil
}

// checkCustom refuses a field that the API does not know and the newest rows do not have: it is probably a
// slip, and a scan for it would find nothing at length.
func (s *listScan[T]) checkCustom(ctx context.Context, blamed []*filter) error {
	var asked []string
	for _, f := range blamed {
		if f.custom != "" {
			asked = append(asked, f.custom)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	items, err := s.kind.list(ctx, wisecx.Query{Fields: []string{"id", "custom_fields"}, Sort: "id", Descending: true})
	if err != nil || len(items) == 0 {
		return err
	}
	var known []string
	for i := range items {
		for _, f := range s.kind.record(&items[i]).customs() {
			if !slices.Contains(known, string(f.Field)) {
				known = append(known, string(f.Field))
			}
		}
	}
	for _, name := range asked {
		if !slices.ContainsFunc(known, func(k string) bool { return text.Fold(k) == text.Fold(name) }) {
			return &Refusal{Argument: "where", Problem: fmt.Sprintf("there is no field %q: the API does not know it and none of the newest %s has it", clip(name, 60), s.kind.resource.Name),
				Expected: "a custom field of the account (the candidates are those of the newest rows), or one of " + strings.Join(s.kind.resource.Names(), ", "), Candidates: known}
		}
	}
	return nil
}

// refusalLife is how long the API is not asked again for a filter that it refused: the value may have been
// what it did not like.
const refusalLife = 10 * time.Minute

// recall applies here what the API refused to filter by a while ago; remember keeps that for the next calls.
func (d *Desk) recall(of *wisecx.Resource, filters []*filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range filters {
		f.refused = d.now().Before(d.unfilters[of.Prefix+f.Field.Name])
	}
}

func (d *Desk) remember(of *wisecx.Resource, filters []*filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range filters {
		if f.refused && !d.now().Before(d.unfilters[of.Prefix+f.Field.Name]) {
			d.unfilters[of.Prefix+f.Field.Name] = d.now().Add(refusalLife)
		}
	}
}

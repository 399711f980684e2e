package scan

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"wisecx-mcp/wisecx"
)

// shelf is a list as an API pages it: sorted by Number, ties in an order of its own.
type shelf struct {
	cases    []wisecx.Case
	down     bool
	requests atomic.Int32
	unsorted bool
}

func (s *shelf) fetch(_ context.Context, page, size int) ([]wisecx.Case, error) {
	s.requests.Add(1)
	sorted := slices.Clone(s.cases)
	if !s.unsorted {
		slices.SortStableFunc(sorted, func(a, b wisecx.Case) int {
			order := cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID*7919%1009, b.ID*7919%1009))
			if s.down {
				return -order
			}
			return order
		})
	}
	from := min((page-1)*size, len(sorted))
	return sorted[from:min(from+size, len(sorted))], nil
}

func (s *shelf) scan(limit int) *Scan[wisecx.Case] {
	return &Scan[wisecx.Case]{
		ID:    func(c *wisecx.Case) int64 { return int64(c.ID) },
		Fetch: s.fetch, Down: s.down, Limit: limit,
		Key:    func(c *wisecx.Case) (int64, bool) { return int64(c.Number), c.Number != 0 },
		Wanted: allWanted,
	}
}

func allWanted(rows []wisecx.Case) []bool {
	keep := make([]bool, len(rows))
	for i := range keep {
		keep[i] = true
	}
	return keep
}

// readAll pages through a shelf with a limit that changes, calling between before each further page.
func readAll(t *testing.T, s *shelf, random *rand.Rand, between func()) []wisecx.Case {
	t.Helper()
	var got []wisecx.Case
	var from Place
	for pages := 0; ; pages++ {
		if pages > 1000 {
			t.Fatal("the list does not end")
		}
		scan := s.scan(1 + random.IntN(30))
		if err := scan.Run(t.Context(), from); err != nil {
			t.Fatal(err)
		}
		rows, next := scan.Answer()
		for _, r := range rows {
			got = append(got, *r.Item)
		}
		if next == nil {
			return got
		}
		if len(rows) == 0 {
			t.Fatal("there is more, but a page without rows")
		}
		from = *next
		between()
	}
}

func TestPagingGivesEachRowOnceInOrderWithTiesById(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := &shelf{down: seed%2 == 0}
		for id := range random.IntN(250) {
			// Few values, so that many rows tie.
			s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(1 + random.IntN(20+int(seed)))})
		}
		want := slices.Clone(s.cases)
		slices.SortFunc(want, func(a, b wisecx.Case) int {
			order := cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
			if s.down {
				return -order
			}
			return order
		})
		got := readAll(t, s, random, func() {})
		if !slices.EqualFunc(got, want, func(a, b wisecx.Case) bool { return a.ID == b.ID }) {
			t.Fatalf("seed %d: %d rows come back as %d, or in another order", seed, len(want), len(got))
		}
	}
}

func TestRowsThatAppearBetweenPagesRepeatNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	s := &shelf{down: true}
	for id := range 200 {
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(id + 1)})
	}
	next := 1000
	got := readAll(t, s, random, func() {
		for range 1 + random.IntN(5) {
			next++
			s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(next), Number: wisecx.Int(next)})
		}
	})
	if len(got) != 200 {
		t.Errorf("200 rows were there at the start, %d came back", len(got))
	}
}

func TestRowsThatLeaveBetweenPagesHideNoOthers(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	s := &shelf{down: true}
	for id := range 300 {
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(id + 1)})
	}
	got := readAll(t, s, random, func() {
		// The newest leave, as cases do when they are solved while one pages through the open ones.
		slices.SortFunc(s.cases, func(a, b wisecx.Case) int { return cmp.Compare(b.Number, a.Number) })
		s.cases = s.cases[min(3, len(s.cases)):]
	})
	seen := map[wisecx.Int]bool{}
	for _, c := range got {
		seen[c.ID] = true
	}
	for _, c := range s.cases {
		if !seen[c.ID] {
			t.Errorf("case %d stayed on the list all the time and was not shown", c.ID)
		}
	}
	if len(seen) != len(got) {
		t.Errorf("%d rows repeat", len(got)-len(seen))
	}
}

func TestEmptyValuesOfTheSortedFieldArePagedThrough(t *testing.T) {
	s := &shelf{down: true}
	for id := range 150 {
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(max(0, id-100))})
	}
	got := readAll(t, s, rand.New(rand.NewPCG(9, 9)), func() {})
	seen := map[wisecx.Int]bool{}
	for _, c := range got {
		seen[c.ID] = true
	}
	if len(got) != 150 || len(seen) != 150 {
		t.Errorf("150 rows come back as %d, %d of them distinct", len(got), len(seen))
	}
}

func TestAnOrderThatTheAPIIgnoredStillGivesEachRowOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 10))
	s := &shelf{down: true, unsorted: true}
	for id := range 120 {
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(1 + random.IntN(1000))})
	}
	first := s.scan(20)
	if err := first.Run(t.Context(), Place{}); err != nil {
		t.Fatal(err)
	}
	if !first.Unsorted {
		t.Error("the scan did not notice that the rows are not sorted")
	}
	if got := readAll(t, s, random, func() {}); len(got) != 120 {
		t.Errorf("120 rows come back as %d", len(got))
	}
}

func TestAFirstPageTakesOneRequestAndKnowsWhetherThereIsMore(t *testing.T) {
	for _, c := range []struct {
		rows, limit int
		more        bool
		requests    int
	}{{0, 20, false, 1}, {19, 20, false, 1}, {20, 20, false, 1}, {21, 20, true, 1}, {99, 99, false, 1}, {100, 100, false, 2}, {101, 100, true, 2}} {
		s := &shelf{}
		for id := range c.rows {
			s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(id + 1)})
		}
		scan := s.scan(c.limit)
		scan.Unique = true
		if err := scan.Run(t.Context(), Place{}); err != nil {
			t.Fatal(err)
		}
		rows, next := scan.Answer()
		if len(rows) != min(c.rows, c.limit) || (next != nil) != c.more || int(s.requests.Load()) != c.requests {
			t.Errorf("%d rows at limit %d: %d shown, more %v, %d requests", c.rows, c.limit, len(rows), next != nil, s.requests.Load())
		}
	}
}

func TestASparseScanStopsAtItsBoundAndGoesOnFromThere(t *testing.T) {
	s := &shelf{}
	for id := range 12000 {
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(id + 1)})
	}
	var from Place
	var found []wisecx.Int
	for calls := 1; ; calls++ {
		scan := s.scan(20)
		scan.Sparse, scan.Unique = true, true
		scan.Wanted = func(rows []wisecx.Case) []bool {
			keep := make([]bool, len(rows))
			for i, c := range rows {
				keep[i] = c.ID%5500 == 0
			}
			return keep
		}
		if err := scan.Run(t.Context(), from); err != nil {
			t.Fatal(err)
		}
		rows, next := scan.Answer()
		for _, r := range rows {
			found = append(found, r.Item.ID)
		}
		if scan.requests > scanRequests {
			t.Errorf("%d requests in one call", scan.requests)
		}
		if next == nil {
			if calls != 3 {
				t.Errorf("12000 rows at 5000 a call took %d calls", calls)
			}
			break
		}
		if !scan.Cut {
			t.Error("it stopped before the end and does not say so")
		}
		from = *next
	}
	if !slices.Equal(found, []wisecx.Int{5500, 11000}) {
		t.Errorf("found %v", found)
	}
}

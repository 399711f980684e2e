package desk

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx"
)

// stack is a list of cases as an API pages it by id.
type stack struct {
	cases []wisecx.Case               // by id
	size  int                         // rows a page; 0 means 100
	keeps bool                        // the API sorts upwards, whatever it is asked
	wait  time.Duration               // what a request takes
	each  func(s *stack, request int) // happens before a request is answered
	fails func(page int) error

	mu                      sync.Mutex
	requests, running, most int
}

// newStack makes n cases whose numbers are apart as gap draws.
func newStack(n int, gap func(i int) int) *stack {
	s := &stack{}
	at := 100_000
	for i := range n {
		at += gap(i)
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(at*10 + 3), Number: wisecx.Int(at), CreatedAt: wisecx.Time{Time: noon.Add(time.Duration(i-n) * time.Minute)}})
	}
	return s
}

func (s *stack) list(ctx context.Context, down bool, page int) ([]wisecx.Case, error) {
	s.mu.Lock()
	s.requests++
	s.running++
	s.most = max(s.most, s.running)
	if s.each != nil {
		s.each(s, s.requests)
	}
	var err error
	if s.fails != nil {
		err = s.fails(page)
	}
	size := s.size
	if size == 0 {
		size = wisecx.MaxPage
	}
	cases := s.cases // no change of it touches what is there
	s.mu.Unlock()
	if s.wait > 0 {
		select {
		case <-time.After(s.wait):
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	s.mu.Lock()
	s.running--
	s.mu.Unlock()
	from := min((page-1)*size, len(cases))
	to := min(from+size, len(cases))
	if !down || s.keeps {
		return slices.Clone(cases[from:to]), err
	}
	rows := slices.Clone(cases[len(cases)-to : len(cases)-from])
	slices.Reverse(rows)
	return rows, err
}

// asked is how many requests came; some may still be under way.
func (s *stack) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// now are the cases that the list has by now.
func (s *stack) now() []wisecx.Case {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cases
}

// sweep reads the stack, at most so many cases of it, and gives the sweep and the ids that were looked at.
func (s *stack) sweep(t *testing.T, most int) (*sweep, []int64) {
	t.Helper()
	var ids []int64
	w := &sweep{
		list: s.list,
		need: func() int { return most - len(ids) },
		visit: func(rows []wisecx.Case) int {
			n := min(len(rows), most-len(ids))
			for _, c := range rows[:n] {
				ids = append(ids, int64(c.ID))
			}
			return n
		},
	}
	if err := w.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.scanned != len(ids) {
		t.Errorf("%d cases were looked at, the sweep says %d", len(ids), w.scanned)
	}
	slices.Sort(ids)
	if unique := slices.Compact(slices.Clone(ids)); len(unique) != len(ids) {
		t.Errorf("%d cases were looked at twice", len(ids)-len(unique))
	}
	return w, ids
}

// holdsCases demands that some cases are among the ids.
func holdsCases(t *testing.T, ids []int64, cases []wisecx.Case) {
	t.Helper()
	missing := 0
	for _, c := range cases {
		if _, found := slices.BinarySearch(ids, int64(c.ID)); !found {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d cases are missing", missing, len(cases))
	}
}

func oneByOne(int) int { return 1 }

// gaps draws gaps from 1 to 9.
func gaps(seed uint64) func(int) int {
	random := rand.New(rand.NewPCG(seed, 4))
	return func(int) int { return 1 + random.IntN(9) }
}

func TestASweepReadsEachCaseOnceInAsManyRequestsAsThereArePages(t *testing.T) {
	for _, n := range []int{0, 1, 2, 99, 100, 101, 150, 199, 201, 250, 999, 1010, 2345, 4899, 4901, 4950, 4999} {
		for seed := range uint64(10) {
			s := newStack(n, gaps(seed))
			w, ids := s.sweep(t, 10_000)
			if len(ids) != n || !w.whole || w.unsorted || w.moved {
				t.Errorf("of %d cases %d were read, to the end: %v, unsorted: %v", n, len(ids), w.whole, w.unsorted)
			}
			if pages := max(2, (n+99)/100); s.asked() > pages {
				t.Errorf("%d cases, seed %d: %d requests, want %d", n, seed, s.asked(), pages)
			}
			if n > 0 && (!w.newest.Equal(s.cases[n-1].CreatedAt.Time) || !w.oldest.Equal(s.cases[0].CreatedAt.Time)) {
				t.Errorf("%d cases: from %v to %v", n, w.oldest, w.newest)
			}
		}
	}
}

// Where the last page is full, only a further request can tell that nothing lies before the oldest page, unless there
// is no number between.
func TestOnlyNumbersWithoutGapsProveTheEndOfFullPages(t *testing.T) {
	for _, n := range []int{200, 1000, 5000} {
		s := newStack(n, oneByOne)
		if w, ids := s.sweep(t, 10_000); len(ids) != n || !w.whole || s.asked() != n/100 {
			t.Errorf("%d cases without gaps: %d read in %d requests, to the end: %v", n, len(ids), s.asked(), w.whole)
		}
		s = newStack(n, func(int) int { return 3 })
		if w, ids := s.sweep(t, 10_000); len(ids) != n || !w.whole || s.asked() != n/100+1 {
			t.Errorf("%d cases with gaps: %d read in %d requests, to the end: %v", n, len(ids), s.asked(), w.whole)
		}
		// Of cases without numbers the ids say as much.
		s = newStack(n, oneByOne)
		for i := range s.cases {
			s.cases[i].ID, s.cases[i].Number = wisecx.Int(i+1), 0
		}
		if w, ids := s.sweep(t, 10_000); len(ids) != n || !w.whole || s.asked() != n/100 {
			t.Errorf("%d cases without numbers: %d read in %d requests, to the end: %v", n, len(ids), s.asked(), w.whole)
		}
	}
}

// A filter leaves many of the newest cases and few of the old ones, or nothing of some months.
func TestUnevenListsCostFewRequestsInVain(t *testing.T) {
	for name, gap := range map[string]func(i int) int{
		"fewer and fewer towards the past": func(i int) int { return 1 + (3000-i)/60 },
		"fewer and fewer towards now":      func(i int) int { return 1 + i/60 },
		"none for a long time":             func(i int) int { return map[bool]int{true: 100_000, false: 2}[i == 1500] },
		"seldom for a while": func(i int) int {
			if i > 1000 && i < 1200 {
				return 500
			}
			return 2
		},
	} {
		s := newStack(3010, gap)
		w, ids := s.sweep(t, 10_000)
		if len(ids) != 3010 || !w.whole || s.asked() > 31+scan.Workers {
			t.Errorf("%s: %d cases in %d requests, to the end: %v", name, len(ids), s.asked(), w.whole)
		}
		t.Logf("%s: %d requests for 31 pages", name, s.asked())
	}
}

func TestASweepReadsSeveralPagesAtATime(t *testing.T) {
	s := newStack(4950, gaps(1))
	s.wait = 20 * time.Millisecond
	began := time.Now()
	s.sweep(t, 10_000)
	took, requests := time.Since(began), s.asked()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.most < 8 || s.most > scan.Workers+1 {
		t.Errorf("%d requests at a time", s.most)
	}
	t.Logf("%d requests of 20 ms in %s, %d at a time", requests, took, s.most)
}

func TestCasesThatComeWhileTheListIsReadHideNoOthers(t *testing.T) {
	for seed := range uint64(10) {
		s := newStack(2000+int(seed)*37, gaps(seed))
		before := slices.Clone(s.cases)
		random := rand.New(rand.NewPCG(seed, 5))
		s.each = func(s *stack, _ int) {
			for range max(0, random.IntN(20)-int(seed)-8) {
				last := s.cases[len(s.cases)-1]
				s.cases = append(s.cases, wisecx.Case{ID: last.ID + 10, Number: last.Number + 1})
			}
		}
		w, ids := s.sweep(t, 10_000)
		if holdsCases(t, ids, before); !w.whole || w.unsorted {
			t.Errorf("seed %d: to the end: %v, unsorted: %v", seed, w.whole, w.unsorted)
		}
		t.Logf("%d cases became %d: %d requests", len(before), len(s.now()), s.asked())
	}
}

// The window of three months moves on.
func TestCasesThatLeaveAtTheOldEndHideNoOthers(t *testing.T) {
	for seed := range uint64(10) {
		s := newStack(2000+int(seed)*37, gaps(seed))
		s.each = func(s *stack, request int) {
			if request > 2 {
				s.cases = s.cases[3:]
			}
		}
		w, ids := s.sweep(t, 10_000)
		if holdsCases(t, ids, s.now()); !w.whole {
			t.Errorf("seed %d: the end was not found", seed)
		}
	}
}

func TestAnOrderThatTheAPIIgnoresStillGivesEachCaseOnce(t *testing.T) {
	for _, n := range []int{0, 1, 50, 100, 101, 1000, 2345} {
		s := newStack(n, gaps(1))
		s.keeps = true
		w, ids := s.sweep(t, 10_000)
		if len(ids) != n || !w.whole || w.moved || w.unsorted != (n > 1) {
			t.Errorf("%d cases: %d read, to the end: %v, moved: %v, unsorted: %v", n, len(ids), w.whole, w.moved, w.unsorted)
		}
		s = newStack(n, gaps(1)) // another order, the same each time
		rand.New(rand.NewPCG(1, 1)).Shuffle(n, func(i, j int) { s.cases[i], s.cases[j] = s.cases[j], s.cases[i] })
		s.keeps = true
		if w, ids := s.sweep(t, 10_000); len(ids) != n || !w.whole {
			t.Errorf("%d cases in any order: %d read, to the end: %v", n, len(ids), w.whole)
		}
	}
}

func TestAnOrderThatChangesFromPageToPageIsNotTakenForWhole(t *testing.T) {
	s := newStack(1000, gaps(1))
	s.keeps = true
	random := rand.New(rand.NewPCG(1, 2))
	s.each = func(s *stack, _ int) {
		s.cases = slices.Clone(s.cases)
		random.Shuffle(len(s.cases), func(i, j int) { s.cases[i], s.cases[j] = s.cases[j], s.cases[i] })
	}
	if w, ids := s.sweep(t, 10_000); !w.moved || len(ids) == 1000 {
		t.Errorf("%d cases were read, moved: %v", len(ids), w.moved)
	}
}

func TestPagesSmallerThanAskedForAreReadToTheEnd(t *testing.T) {
	for _, n := range []int{30, 50, 51, 150, 777} {
		s := newStack(n, gaps(1))
		s.size = 50
		if w, ids := s.sweep(t, 10_000); len(ids) != n || !w.whole {
			t.Errorf("%d cases in pages of 50: %d read, to the end: %v", n, len(ids), w.whole)
		}
	}
}

func TestTheSamePageAgainAndAgainEndsTheSweep(t *testing.T) {
	s := newStack(1000, gaps(1))
	list := s.list
	w := &sweep{
		list:  func(ctx context.Context, down bool, _ int) ([]wisecx.Case, error) { return list(ctx, down, 1) },
		need:  func() int { return 1000 },
		visit: func(rows []wisecx.Case) int { return len(rows) },
	}
	if err := w.run(t.Context()); err != nil || w.whole || !w.moved || w.scanned != 100 || s.asked() > 2+scan.Workers {
		t.Errorf("%v after %d requests; %d cases, to the end: %v", err, s.asked(), w.scanned, w.whole)
	}
}

func TestABoundEndsTheSweepWithTheNewestCases(t *testing.T) {
	for _, most := range []int{1, 50, 100, 250, 999} {
		s := newStack(1000, gaps(1))
		w, ids := s.sweep(t, most)
		if len(ids) != most || w.whole || ids[0] != int64(s.cases[1000-most].ID) || s.asked() > 1+(most+99)/100 {
			t.Errorf("bound %d: %d cases from id %d in %d requests, to the end: %v", most, len(ids), ids[0], s.asked(), w.whole)
		}
	}
	s := newStack(1000, gaps(1))
	if w, _ := s.sweep(t, 1000); !w.whole {
		t.Error("a bound that all cases meet cuts nothing")
	}
}

func TestTroubleMidwayKeepsWhatWasRead(t *testing.T) {
	trouble := errors.New("broken")
	s := newStack(2000, gaps(1))
	s.fails = func(page int) error { return map[bool]error{true: trouble}[page > 6] }
	w, ids := s.sweep(t, 10_000)
	if w.whole || !errors.Is(w.trouble, trouble) || len(ids) != 600 {
		t.Errorf("%d cases, to the end: %v, trouble: %v", len(ids), w.whole, w.trouble)
	}
	holdsCases(t, ids, s.cases[1400:])
	s = newStack(2000, gaps(1))
	s.fails = func(int) error { return trouble }
	w = &sweep{list: s.list, need: func() int { return 10 }, visit: func(rows []wisecx.Case) int { return len(rows) }}
	if err := w.run(t.Context()); !errors.Is(err, trouble) {
		t.Errorf("trouble from the start gives %v", err)
	}
}

func TestWithoutTheOldestPageTheSweepStillFindsTheEnd(t *testing.T) {
	s := newStack(1234, gaps(1))
	w, scanned := &sweep{}, 0
	w.list = func(ctx context.Context, down bool, page int) ([]wisecx.Case, error) {
		if !down {
			return nil, errors.New("only downwards")
		}
		return s.list(ctx, down, page)
	}
	w.need = func() int { return 10_000 - scanned }
	w.visit = func(rows []wisecx.Case) int { scanned += len(rows); return len(rows) }
	if err := w.run(t.Context()); err != nil || !w.whole || scanned != 1234 || s.asked() > 26 {
		t.Errorf("%v; %d cases in %d requests, to the end: %v", err, scanned, s.asked(), w.whole)
	}
}

package scan

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wisecx-mcp/wisecx"
)

func TestAheadGivesResultsInOrderAndWorksSeveralAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		begun := time.Now()
		a := NewAhead(t.Context(), 0, 100, Workers, func(_ context.Context, i int) (int, error) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Duration(50+i%7) * time.Millisecond)
			now.Add(-1)
			return i, nil
		})
		defer a.Stop()
		for i := range 100 {
			if got, err := a.Take(); got != i || err != nil {
				t.Fatalf("result %d is %d, %v", i, got, err)
			}
		}
		if most.Load() != Workers || time.Since(begun) > 700*time.Millisecond {
			t.Errorf("%d at a time took %v", most.Load(), time.Since(begun))
		}
	})
}

func TestAheadBeginsLittleWhereLittleIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var begun []int
		a := NewAhead(t.Context(), 5, 100, 1, func(ctx context.Context, i int) (int, error) {
			mu.Lock()
			begun = append(begun, i)
			mu.Unlock()
			return i, nil
		})
		_, _ = a.Take()
		_, _ = a.Take()
		a.Stop()
		synctest.Wait()
		slices.Sort(begun)
		if !slices.Equal(begun, []int{5, 6, 7}) {
			t.Errorf("two results were taken, and %v were begun", begun)
		}
	})
}

func TestAScanThatTheAPIBreaksOffKeepsWhatItReadAndGoesOn(t *testing.T) {
	s := &shelf{}
	for id := range 1000 {
		s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(id + 1)})
	}
	lost := errors.New("the connection was lost")
	var broken atomic.Bool
	broken.Store(true)
	scan := func() *Scan[wisecx.Case] {
		c := s.scan(100)
		c.Sparse, c.Unique, c.What = true, true, "cases"
		c.Wanted = func(rows []wisecx.Case) []bool {
			keep := make([]bool, len(rows))
			for i, r := range rows {
				keep[i] = r.ID%100 == 50
			}
			return keep
		}
		fetch := c.Fetch
		c.Fetch = func(ctx context.Context, page, size int) ([]wisecx.Case, error) {
			if broken.Load() && page == 4 {
				return nil, lost
			}
			return fetch(ctx, page, size)
		}
		return c
	}
	first := scan()
	if err := first.Run(t.Context(), Place{}); err != nil {
		t.Fatal(err)
	}
	rows, next := first.Answer()
	if len(rows) != 3 || !first.Cut || next == nil || !errors.Is(first.Trouble, lost) {
		t.Fatalf("%d rows, cut %v, next %v, trouble %v", len(rows), first.Cut, next, first.Trouble)
	}
	broken.Store(false)
	second := scan()
	if err := second.Run(t.Context(), *next); err != nil {
		t.Fatal(err)
	}
	rest, end := second.Answer()
	if len(rest) != 7 || rest[0].Item.ID != 350 || end != nil {
		t.Errorf("%d rows go on from %d, more: %v", len(rest), rest[0].Item.ID, end != nil)
	}
	broken.Store(true)
	if err := scan().Run(t.Context(), Place{Offset: 300}); !errors.Is(err, lost) {
		t.Errorf("a scan that read nothing at all says %v", err)
	}
}

func TestAScanLeavesTimeForWhatComesAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		s := &shelf{}
		for id := range 5000 {
			s.cases = append(s.cases, wisecx.Case{ID: wisecx.Int(id + 1), Number: wisecx.Int(id + 1)})
		}
		c := s.scan(20)
		c.Sparse, c.Unique, c.What = true, true, "cases"
		c.Wanted = func(rows []wisecx.Case) []bool { return make([]bool, len(rows)) }
		fetch := c.Fetch
		c.Fetch = func(ctx context.Context, page, size int) ([]wisecx.Case, error) {
			select {
			case <-time.After(6 * time.Second):
				return fetch(ctx, page, size)
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		var told int
		ctx = WithProgress(ctx, func(done, _ int, _ string) { told = done })
		begun := time.Now()
		if err := c.Run(ctx, Place{}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took != 15*time.Second || !c.Cut || c.Scanned == 0 || told == 0 || told > c.Scanned {
			t.Errorf("after %v: cut %v, %d read, %d told", took, c.Cut, c.Scanned, told)
		}
	})
}

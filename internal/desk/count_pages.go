package desk

import (
	"context"
	"slices"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx"
)

// sweep reads a list of cases to its end, each case once, newest first.
//
// The API tells no total, and a page that is not there costs a request. So the oldest page is asked for together with
// the newest: how close numbers stand in what was read, and how many of them lie between, says how many pages are surely
// there, and these are read at the same time. The list ends where its pages meet the oldest one.
//
// Cases that come meanwhile push others to later pages. They show as rows that repeat, and then the pages ahead are asked
// for anew: one that was answered before its neighbour was would hide some. Cases that leave the list from its middle
// meanwhile, as solved ones leave that of the open ones, may hide as many others; nothing shows that.
type sweep struct {
	list  func(ctx context.Context, down bool, page int) ([]wisecx.Case, error)
	need  func() int                    // how many more cases have to be looked at, at the least
	visit func(cases []wisecx.Case) int // looks at cases, and tells at how many of them

	scanned        int
	newest, oldest time.Time // created_at of what was looked at
	whole          bool      // the list was read to its end
	unsorted       bool      // the API did not sort as asked
	moved          bool      // rows moved between pages, so that some may be missing
	trouble        error     // what ended the sweep midway

	seen    map[int64]bool
	tail    []wisecx.Case // the oldest page, newest first; nil where it is of no use
	between int           // cases between what was read and the tail, at the least; a guess
	high    wisecx.Case   // the first case that was read
	low     wisecx.Case   // the last
	numbers bool          // numbers count up with ids
}

// cautious is the part of what density promises that is counted upon.
const cautious = 0.9

func (s *sweep) run(ctx context.Context) error {
	reading, cancel := scan.Time(ctx)
	defer cancel()
	s.seen, s.numbers = map[int64]bool{}, true
	oldest := make(chan scan.Outcome[[]wisecx.Case], 1)
	go func() {
		rows, err := s.list(reading, false, 1)
		oldest <- scan.Outcome[[]wisecx.Case]{Result: rows, Err: err}
	}()
	newest := func(ctx context.Context, page int) ([]wisecx.Case, error) { return s.list(ctx, true, page) }
	pages := scan.NewAhead(reading, 1, 2, scan.Workers, newest)
	defer func() { pages.Stop() }()
	told := scan.TellerOf(ctx)
	for page := 1; ; page++ {
		rows, err := pages.Take()
		if err != nil {
			if page == 1 || ctx.Err() != nil {
				return err
			}
			s.trouble = err
			return nil
		}
		if page == 1 {
			s.begin(rows, <-oldest)
		}
		fresh, all := s.take(rows)
		end := s.ends(rows)
		if end && all {
			_, s.whole = s.take(s.tail)
		}
		if end || !all || s.need() <= 0 {
			return nil
		}
		if fresh == 0 { // the same page again and again would never end
			s.moved = true
			return nil
		}
		if fresh < len(rows) && !s.unsorted {
			pages.Stop()
			pages = scan.NewAhead(reading, page+1, page+2, 1, newest)
		}
		pages.Extend(max(1, min(s.surely(page), (s.need()+wisecx.MaxPage-1)/wisecx.MaxPage)))
		told.Say(s.scanned, s.scanned+s.between+len(s.tail), "counting cases")
	}
}

// begin holds the newest page and the oldest against each other.
func (s *sweep) begin(head []wisecx.Case, oldest scan.Outcome[[]wisecx.Case]) {
	if !slices.IsSortedFunc(head, newestFirst) || len(head) > 0 && head[0].ID == 0 {
		s.unsorted = true
		return
	}
	slices.Reverse(oldest.Result)
	if oldest.Err == nil && slices.IsSortedFunc(oldest.Result, newestFirst) {
		s.tail = oldest.Result
		s.numbers = numbered(s.tail)
	}
	if len(head) > 0 {
		s.high = head[0]
	}
}

func newestFirst(a, b wisecx.Case) int { return int(max(-1, min(1, b.ID-a.ID))) }

// numbered tells whether the numbers of cases fall as their ids do, newest first.
func numbered(rows []wisecx.Case) bool {
	for i := range rows {
		if rows[i].Number <= 0 || i > 0 && rows[i].Number >= rows[i-1].Number {
			return false
		}
	}
	return true
}

// take looks at those rows of a page that were not seen yet. It tells how many these are, and whether it looked at all.
func (s *sweep) take(rows []wisecx.Case) (fresh int, all bool) {
	unseen := make([]wisecx.Case, 0, len(rows))
	for i := range rows {
		id := int64(rows[i].ID)
		if s.seen[id] && id != 0 {
			s.moved = s.moved || s.unsorted
			continue
		}
		s.seen[id] = true
		unseen = append(unseen, rows[i])
	}
	looked := s.visit(unseen)
	s.scanned += looked
	for i := range unseen[:looked] {
		s.reach(unseen[i].CreatedAt.Time)
	}
	return len(unseen), looked == len(unseen)
}

// reach notes when a case was created that was looked at.
func (s *sweep) reach(at time.Time) {
	switch {
	case at.IsZero():
		return
	case s.newest.IsZero():
		s.newest, s.oldest = at, at
	case at.After(s.newest):
		s.newest = at
	case at.Before(s.oldest):
		s.oldest = at
	}
}

// ends tells whether the list ends with a page.
func (s *sweep) ends(rows []wisecx.Case) bool {
	if len(rows) == 0 {
		return true
	}
	s.unsorted = s.unsorted || !slices.IsSortedFunc(rows, newestFirst) || s.low.ID != 0 && rows[len(rows)-1].ID > s.low.ID
	s.low = rows[len(rows)-1]
	if s.unsorted || len(s.tail) == 0 {
		return len(rows) < wisecx.MaxPage
	}
	s.numbers = s.numbers && numbered(rows)
	top := s.tail[0]
	// Nothing lies between a case and the one behind it.
	return s.low.ID <= top.ID+1 || s.numbers && s.low.Number == top.Number+1
}

// surely gives how many pages are surely there behind the first ones that were read.
func (s *sweep) surely(read int) int {
	if s.unsorted || len(s.tail) == 0 {
		return min(read, 4) // nothing tells the end, so that most of these may be in vain
	}
	at := func(c wisecx.Case) float64 {
		if s.numbers {
			return float64(c.Number)
		}
		return float64(c.ID)
	}
	top, bottom := s.tail[0], s.tail[len(s.tail)-1]
	near := float64(len(s.seen)) / (at(s.high) - at(s.low) + 1)
	far := float64(len(s.tail)) / (at(top) - at(bottom) + 1)
	s.between = int(cautious * min(near, far) * (at(s.low) - at(top) - 1))
	return s.between / wisecx.MaxPage
}

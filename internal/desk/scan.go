package desk

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

const (
	scanRequests = 50              // pages that one call reads at the most, 5,000 rows
	scanReserve  = 5 * time.Second // of the call's time, kept for what comes after the scan
)

// place is how far a reading of a list came. The API knows pages only, and rows move between pages as
// cases come and go: so a place holds where it was, and the last row itself to find it again.
type place struct {
	Offset int   // in the API's order, the first row with the last row's value of the sorted field
	Key    int64 // that value
	ID     int64 // the last row's id; 0 where only the offset counts
}

// scan reads a list in order until it has enough rows that are wanted.
type scan[T any] struct {
	fetch  func(ctx context.Context, page, size int) ([]T, error)
	id     func(*T) int64
	key    func(*T) (int64, bool) // the sorted field; false where it is empty
	wanted func([]T) []bool       // of a page's rows
	unique bool                   // no two rows share a value of the sorted field
	down   bool                   // from the highest value to the lowest
	sparse bool                   // few rows are wanted, so that full pages are worth it
	limit  int
	what   string // the list's name, for those who wait

	rows     []row[T] // wanted rows, in order
	more     bool     // there are, or may be, wanted rows behind them
	cut      bool     // the scan's bound ended it, not the list's end
	next     place    // behind the last row that was looked at
	scanned  int      // rows read
	requests int      // pages read
	unsorted bool     // the API did not sort as asked

	trouble error // what ended the scan midway, if the API did

	seen  map[int64]bool
	ahead *ahead[[]T]
}

// row is a thing of the list with where it stood in the API's order, and the place just behind it.
type row[T any] struct {
	item   *T
	id     int64
	wanted bool
	index  int
	key    int64
	empty  bool // of the sorted field
	after  place
}

// run reads from a place on.
func (s *scan[T]) run(ctx context.Context, from place) error {
	defer func() {
		if s.ahead != nil {
			s.ahead.stop()
		}
	}()
	reading, cancel := scanTime(ctx)
	defer cancel()
	told := tellerOf(ctx)
	s.seen, s.next = map[int64]bool{}, from
	offset, settled := from.Offset, from.ID == 0
	var pending []row[T] // read, but their order is not certain yet
	for {
		if s.requests >= scanRequests {
			s.breakOff(pending, from)
			return nil
		}
		want := s.limit + 1 - len(s.rows) - len(pending)
		if !settled {
			want++ // the last row again
		}
		if want < 1 {
			want = wisecx.MaxPage // only the rest of many equal values is missing
		}
		rows, end, err := s.window(reading, offset, want)
		if err != nil && (s.requests == 0 || ctx.Err() != nil || errors.Is(err, wisecx.ErrBadRequest)) {
			return err
		}
		if err != nil { // what was read so far is not lost
			s.trouble = err
			s.breakOff(pending, from)
			return nil
		}
		told.say(s.scanned, 0, "looking through "+s.what)
		if !settled && offset > 0 && (len(rows) == 0 || s.behind(&rows[0], from)) {
			// Rows before this place left the list, and unseen ones moved up: go back to a row that was seen.
			offset, s.scanned = max(0, offset-max(20, offset/4)), 0
			continue
		}
		settled = true
		offset += len(rows)
		pending = s.take(append(pending, rows...), from, end)
		left := slices.ContainsFunc(pending, func(r row[T]) bool { return r.wanted && !s.seen[r.id] })
		s.more = len(s.rows) > s.limit || left
		if end || len(s.rows) >= s.limit && s.more {
			return nil
		}
	}
}

// scanTime bounds a scan, so that the call has time left for what comes after it.
func scanTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if until, bounded := ctx.Deadline(); bounded {
		return context.WithDeadline(ctx, until.Add(-min(scanReserve, time.Until(until)/4)))
	}
	return context.WithCancel(ctx)
}

// breakOff ends a scan before the list's end.
func (s *scan[T]) breakOff(pending []row[T], from place) {
	s.take(pending, from, true)
	s.cut, s.more = true, true
}

// page reads one page; where few rows are wanted, the next ones are on their way already.
func (s *scan[T]) page(ctx context.Context, page, size int) ([]T, error) {
	if !s.sparse {
		return s.fetch(ctx, page, size)
	}
	if s.ahead != nil && s.ahead.next != page {
		s.ahead.stop()
		s.ahead = nil
	}
	if s.ahead == nil {
		s.ahead = newAhead(ctx, page, page+scanRequests-s.requests, 1, func(ctx context.Context, page int) ([]T, error) {
			return s.fetch(ctx, page, size)
		})
	}
	return s.ahead.take()
}

// window reads the rows from offset on, at least want of them where one page can hold so many; end says
// that there are no more. The API counts in pages, so a page's size is chosen that covers them.
func (s *scan[T]) window(ctx context.Context, offset, want int) (rows []row[T], end bool, err error) {
	size := wisecx.MaxPage
	if !s.sparse {
		for try := min(want, wisecx.MaxPage); try <= wisecx.MaxPage; try++ {
			if offset/try*try+try >= offset+want {
				size = try
				break
			}
		}
	}
	page := offset / size
	items, err := s.page(ctx, page+1, size)
	if err != nil {
		return nil, false, err
	}
	s.requests++
	end = len(items) < size
	wanted := s.wanted(items)
	rows = make([]row[T], 0, len(items))
	for i := offset - page*size; i < len(items); i++ {
		r := row[T]{item: &items[i], id: s.id(&items[i]), wanted: wanted[i], index: page*size + i}
		key, has := s.key(r.item)
		if r.key, r.empty = key, !has; r.empty {
			r.key = math.MinInt64
		}
		if len(rows) > 0 && s.order(rows[len(rows)-1].key, r.key) > 0 {
			s.unsorted = true
		}
		rows = append(rows, r)
	}
	s.scanned += len(rows)
	return rows, end, nil
}

// take moves rows to the answer as far as their order is certain: rows that share a value of the sorted
// field go by id, so the last of them wait for the next page unless this is final. It gives what waits.
func (s *scan[T]) take(pending []row[T], from place, final bool) []row[T] {
	for len(pending) > 0 && len(s.rows) <= s.limit {
		group := pending[:s.alike(pending)]
		if len(group) == len(pending) && !final && !s.alone(&group[0]) {
			break
		}
		pending = pending[len(group):]
		first := group[0].index
		group = slices.Clone(group)
		slices.SortFunc(group, s.compare)
		for _, r := range group {
			known := r.id == from.ID || from.ID != 0 && !s.unsorted && !s.behind(&r, from)
			if known || s.seen[r.id] {
				continue
			}
			s.seen[r.id] = true
			r.after = place{Offset: first, Key: r.key, ID: r.id}
			if s.unsorted || r.empty {
				r.after = place{Offset: r.index + 1}
			}
			s.next = r.after
			if r.wanted {
				s.rows = append(s.rows, r)
			}
		}
	}
	return pending
}

// alike counts the rows at the head that share a value of the sorted field.
func (s *scan[T]) alike(rows []row[T]) int {
	n := 1
	for !s.alone(&rows[0]) && n < len(rows) && rows[n].key == rows[0].key {
		n++
	}
	return n
}

// alone tells whether a row's place needs no look at its neighbours.
func (s *scan[T]) alone(r *row[T]) bool { return s.unique || s.unsorted || r.empty }

func (s *scan[T]) order(a, b int64) int {
	if s.down {
		a, b = b, a
	}
	return cmp.Compare(a, b)
}

func (s *scan[T]) compare(a, b row[T]) int {
	return cmp.Or(s.order(a.key, b.key), s.order(a.id, b.id))
}

// behind tells whether a row comes after the last row of a place.
func (s *scan[T]) behind(r *row[T], from place) bool {
	return cmp.Or(s.order(r.key, from.Key), s.order(r.id, from.ID)) > 0
}

// answer gives the rows of the answer, and the place to go on from where there are more.
func (s *scan[T]) answer() (rows []row[T], next *place) {
	rows = s.rows[:min(s.limit, len(s.rows))]
	switch {
	case !s.more:
		return rows, nil
	case len(rows) == s.limit:
		return rows, &rows[len(rows)-1].after
	}
	return rows, &s.next
}

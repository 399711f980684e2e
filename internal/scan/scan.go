package scan

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

// Place is how far a reading of a list came. The API knows pages only, and rows move between pages as
// cases come and go: so a place holds where it was, and the last row itself to find it again.
type Place struct {
	Offset int   // in the API's order, the first row with the last row's value of the sorted field
	Key    int64 // that value
	ID     int64 // the last row's id; 0 where only the offset counts
}

// Scan reads a list in order until it has enough rows that are wanted.
type Scan[T any] struct {
	Fetch  func(ctx context.Context, page, size int) ([]T, error)
	ID     func(*T) int64
	Key    func(*T) (int64, bool) // the sorted field; false where it is empty
	Wanted func([]T) []bool       // of a page's rows
	Unique bool                   // no two rows share a value of the sorted field
	Strict bool                   // Run ends with ErrUnsorted where the API does not sort as asked
	Down   bool                   // from the highest value to the lowest
	Sparse bool                   // few rows are wanted, so that full pages are worth it
	Limit  int
	What   string // the list's name, for those who wait

	// What Run found; Answer cuts it to the limit.
	Rows     []Row[T] // wanted rows, in order
	More     bool     // there are, or may be, wanted rows behind the answer's
	Cut      bool     // the scan's bound ended it, not the list's end
	Scanned  int      // rows read
	Unsorted bool     // the API did not sort as asked
	Trouble  error    // what ended the scan midway, if the API did

	next     Place // behind the last row that was looked at
	requests int   // pages read
	seen     map[int64]bool
	ahead    *Ahead[[]T]
}

// Row is a thing of the list with where it stood in the API's order, and the place just behind it.
type Row[T any] struct {
	Item   *T
	ID     int64
	wanted bool
	index  int
	key    int64
	empty  bool // of the sorted field
	After  Place
}

// ErrUnsorted is a list whose rows did not come in the order that was asked for. Where empty values stand does not matter.
var ErrUnsorted = errors.New("the API did not sort as asked")

// Run reads from a place on.
func (s *Scan[T]) Run(ctx context.Context, from Place) error {
	defer func() {
		if s.ahead != nil {
			s.ahead.Stop()
		}
	}()
	reading, cancel := Time(ctx)
	defer cancel()
	told := TellerOf(ctx)
	s.seen, s.next = map[int64]bool{}, from
	offset, settled := from.Offset, from.ID == 0
	var pending []Row[T] // read, but their order is not certain yet
	for {
		if s.requests >= scanRequests {
			s.breakOff(pending, from)
			return nil
		}
		want := s.Limit + 1 - len(s.Rows) - len(pending)
		if !settled {
			want++ // the last row again
		}
		if want < 1 {
			want = wisecx.MaxPage // only the rest of many equal values is missing
		}
		rows, end, err := s.window(reading, offset, want)
		if err != nil && (s.requests == 0 || ctx.Err() != nil || errors.Is(err, wisecx.ErrBadRequest) || errors.Is(err, ErrUnsorted)) {
			return err
		}
		if err != nil { // what was read so far is not lost
			s.Trouble = err
			s.breakOff(pending, from)
			return nil
		}
		told.Say(s.Scanned, 0, "looking through "+s.What)
		if !settled && offset > 0 && (len(rows) == 0 || s.behind(&rows[0], from)) {
			// Rows before this place left the list, and unseen ones moved up: go back to a row that was seen.
			offset, s.Scanned = max(0, offset-max(20, offset/4)), 0
			continue
		}
		settled = true
		offset += len(rows)
		pending = s.take(append(pending, rows...), from, end)
		left := slices.ContainsFunc(pending, func(r Row[T]) bool { return r.wanted && !s.seen[r.ID] })
		s.More = len(s.Rows) > s.Limit || left
		if end || len(s.Rows) >= s.Limit && s.More {
			return nil
		}
	}
}

// Time bounds a scan, so that the call has time left for what comes after it.
func Time(ctx context.Context) (context.Context, context.CancelFunc) {
	if until, bounded := ctx.Deadline(); bounded {
		return context.WithDeadline(ctx, until.Add(-min(scanReserve, time.Until(until)/4)))
	}
	return context.WithCancel(ctx)
}

// breakOff ends a scan before the list's end.
func (s *Scan[T]) breakOff(pending []Row[T], from Place) {
	s.take(pending, from, true)
	s.Cut, s.More = true, true
}

// page reads one page; where few rows are wanted, the next ones are on their way already.
func (s *Scan[T]) page(ctx context.Context, page, size int) ([]T, error) {
	if !s.Sparse {
		return s.Fetch(ctx, page, size)
	}
	if s.ahead != nil && s.ahead.next != page {
		s.ahead.Stop()
		s.ahead = nil
	}
	if s.ahead == nil {
		s.ahead = NewAhead(ctx, page, page+scanRequests-s.requests, 1, func(ctx context.Context, page int) ([]T, error) {
			return s.Fetch(ctx, page, size)
		})
	}
	return s.ahead.Take()
}

// window reads the rows from offset on, at least want of them where one page can hold so many; end says
// that there are no more. The API counts in pages, so a page's size is chosen that covers them.
func (s *Scan[T]) window(ctx context.Context, offset, want int) (rows []Row[T], end bool, err error) {
	size := wisecx.MaxPage
	if !s.Sparse {
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
	wanted := s.Wanted(items)
	rows = make([]Row[T], 0, len(items))
	var filled []int64
	for i := offset - page*size; i < len(items); i++ {
		r := Row[T]{Item: &items[i], ID: s.ID(&items[i]), wanted: wanted[i], index: page*size + i}
		key, has := s.Key(r.Item)
		if r.key, r.empty = key, !has; r.empty {
			r.key = math.MinInt64
		}
		if len(rows) > 0 && s.order(rows[len(rows)-1].key, r.key) > 0 {
			s.Unsorted = true
		}
		if has {
			filled = append(filled, key)
		}
		rows = append(rows, r)
	}
	if s.Strict && !slices.IsSortedFunc(filled, s.order) {
		return nil, false, ErrUnsorted
	}
	s.Scanned += len(rows)
	return rows, end, nil
}

// take moves rows to the answer as far as their order is certain: rows that share a value of the sorted
// field go by id, so the last of them wait for the next page unless this is final. It gives what waits.
func (s *Scan[T]) take(pending []Row[T], from Place, final bool) []Row[T] {
	for len(pending) > 0 && len(s.Rows) <= s.Limit {
		group := pending[:s.alike(pending)]
		if len(group) == len(pending) && !final && !s.alone(&group[0]) {
			break
		}
		pending = pending[len(group):]
		first := group[0].index
		group = slices.Clone(group)
		slices.SortFunc(group, s.compare)
		for _, r := range group {
			known := r.ID == from.ID || from.ID != 0 && !s.Unsorted && !s.behind(&r, from)
			if known || s.seen[r.ID] {
				continue
			}
			s.seen[r.ID] = true
			r.After = Place{Offset: first, Key: r.key, ID: r.ID}
			if s.Unsorted || r.empty {
				r.After = Place{Offset: r.index + 1}
			}
			s.next = r.After
			if r.wanted {
				s.Rows = append(s.Rows, r)
			}
		}
	}
	return pending
}

// alike counts the rows at the head that share a value of the sorted field.
func (s *Scan[T]) alike(rows []Row[T]) int {
	n := 1
	for !s.alone(&rows[0]) && n < len(rows) && rows[n].key == rows[0].key {
		n++
	}
	return n
}

// alone tells whether a row's place needs no look at its neighbours.
func (s *Scan[T]) alone(r *Row[T]) bool { return s.Unique || s.Unsorted || r.empty }

func (s *Scan[T]) order(a, b int64) int {
	if s.Down {
		a, b = b, a
	}
	return cmp.Compare(a, b)
}

func (s *Scan[T]) compare(a, b Row[T]) int {
	return cmp.Or(s.order(a.key, b.key), s.order(a.ID, b.ID))
}

// behind tells whether a row comes after the last row of a place.
func (s *Scan[T]) behind(r *Row[T], from Place) bool {
	return cmp.Or(s.order(r.key, from.Key), s.order(r.ID, from.ID)) > 0
}

// Answer gives the rows of the answer, and the place to go on from where there are more.
func (s *Scan[T]) Answer() (rows []Row[T], next *Place) {
	rows = s.Rows[:min(s.Limit, len(s.Rows))]
	switch {
	case !s.More:
		return rows, nil
	case len(rows) == s.Limit:
		return rows, &rows[len(rows)-1].After
	}
	return rows, &s.next
}

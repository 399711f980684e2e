// Package scan reads lists that the API gives page by page, and does a scan's requests several at a time.
package scan

import "context"

// Workers is how many requests of one scan are under way at a time.
const Workers = 12

// Ahead does the work for 0, 1, 2, … before it is asked for, several at a time, and gives the results in order.
type Ahead[R any] struct {
	work    func(ctx context.Context, i int) (R, error)
	window  int // how many are under way; doubles with each result that is taken, up to Workers
	next    int // the result that is given next
	end     int // where the work ends
	started int
	results map[int]chan Outcome[R]
	ctx     context.Context
	Stop    context.CancelFunc // ends what is under way and was not asked for
}

// Outcome is what one piece of work gave.
type Outcome[R any] struct {
	Result R
	Err    error
}

// NewAhead begins nothing yet. window is how many are begun at the first call of Take; the caller ends with Stop.
func NewAhead[R any](ctx context.Context, first, end, window int, work func(ctx context.Context, i int) (R, error)) *Ahead[R] {
	ctx, stop := context.WithCancel(ctx)
	return &Ahead[R]{work: work, window: window, next: first, end: end, started: first, results: map[int]chan Outcome[R]{}, ctx: ctx, Stop: stop}
}

// Take gives the next result, and begins those behind it.
func (a *Ahead[R]) Take() (R, error) {
	for a.started < min(a.end, a.next+a.window) {
		i, result := a.started, make(chan Outcome[R], 1)
		a.results[i] = result
		go func() {
			r, err := a.work(a.ctx, i)
			result <- Outcome[R]{r, err}
		}()
		a.started++
	}
	got := <-a.results[a.next]
	delete(a.results, a.next)
	a.next++
	a.window = min(Workers, a.window*2)
	return got.Result, got.Err
}

// Extend has the work end n results behind the last that was taken.
func (a *Ahead[R]) Extend(n int) { a.end = a.next + n }

// Finish begins nothing more; what is under way can still be taken.
func (a *Ahead[R]) Finish() { a.end = a.started }

// Done tells whether every result was taken.
func (a *Ahead[R]) Done() bool { return a.next >= a.end }

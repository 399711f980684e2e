package desk

import "context"

// workers is how many requests of one scan are under way at a time.
const workers = 12

// ahead does the work for 0, 1, 2, … before it is asked for, several at a time, and gives the results in order.
type ahead[R any] struct {
	work    func(ctx context.Context, i int) (R, error)
	window  int // how many are under way; doubles with each result that is taken, up to workers
	next    int // the result that is given next
	end     int // where the work ends
	started int
	results map[int]chan outcome[R]
	ctx     context.Context
	stop    context.CancelFunc // ends what is under way and was not asked for
}

type outcome[R any] struct {
	result R
	err    error
}

// newAhead begins nothing yet. window is how many are begun at the first call of take.
func newAhead[R any](ctx context.Context, first, end, window int, work func(ctx context.Context, i int) (R, error)) *ahead[R] {
	ctx, stop := context.WithCancel(ctx)
	return &ahead[R]{work: work, window: window, next: first, end: end, started: first, results: map[int]chan outcome[R]{}, ctx: ctx, stop: stop}
}

// take gives the next result, and begins those behind it.
func (a *ahead[R]) take() (R, error) {
	for a.started < min(a.end, a.next+a.window) {
		i, result := a.started, make(chan outcome[R], 1)
		a.results[i] = result
		go func() {
			r, err := a.work(a.ctx, i)
			result <- outcome[R]{r, err}
		}()
		a.started++
	}
	got := <-a.results[a.next]
	delete(a.results, a.next)
	a.next++
	a.window = min(workers, a.window*2)
	return got.result, got.err
}

package transport

import (
	"container/list"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	firstPause   = time.Second // after a 429 that does not say how long to wait; doubled for each that follows
	longestPause = time.Minute
)

// limiter keeps every request that reaches the wire within the account's limits. It knows the
// requests of its store's processes; of what else uses the account, only the API's 429 tells.
type limiter struct {
	next  http.RoundTripper
	ready func() error     // what refuses anyway is asked before anyone waits
	now   func() time.Time // the wall clock, for dates in headers
	quota quota
	store Store // shared with others; nil for none

	mu    sync.Mutex
	own   []int64   // this process's numbers: all there is without a store, and what counts when it fails
	start time.Time // what the times among them are counted from, by a clock that never jumps
	line  list.List // of *waiter, in the order of coming

	pausedAt time.Time // when the latest 429 made a pause
	pauses   int       // in a row, without an answer between them

	tooMany, refused, storeErrors, waited atomic.Int64
	pausing                               atomic.Bool // pauses > 0, without the lock
}

func newLimiter(next http.RoundTripper, ready func() error, o Options) *limiter {
	l := &limiter{next: next, ready: ready, now: o.Now, quota: newQuota(o.RatePerMinute, o.RatePerDay), store: o.Store, start: time.Now()}
	l.own = make([]int64, l.quota.size())
	return l
}

// RoundTrip sends the request when the limits allow it, and gives a *LimitError when that would be
// too late for its call.
func (l *limiter) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	came := time.Now()
	err := l.ready()
	if err == nil {
		if err = l.admit(ctx); err == nil && ctx.Err() != nil {
			l.giveBack()
			err = ctx.Err()
		}
	}
	went := time.Now()
	if waited := went.Sub(came); waited > time.Millisecond {
		l.waited.Add(int64(waited))
		callOf(ctx).waited.Add(int64(waited))
	}
	if err != nil {
		var limit *LimitError
		if errors.As(err, &limit) {
			l.refused.Add(1)
		}
		closeBody(request)
		return nil, err
	}
	response, err := l.next.RoundTrip(request)
	var open *OpenError
	switch {
	case errors.As(err, &open):
		l.giveBack()
	case err != nil:
	case response.StatusCode == http.StatusTooManyRequests:
		l.tooMany.Add(1)
		l.pause(RetryAfter(response, l.now()), went)
	case l.pausing.Load():
		l.recovered(went)
	}
	return response, err
}

// change runs f on the shared numbers, or on this process's own. The caller holds the lock.
func (l *limiter) change(f func(numbers []int64, now int64)) (shared bool) {
	if l.store != nil {
		// The clock is read within, so that among processes too it is read in the order of the changes.
		err := l.store.Do(l.quota.size(), func(numbers []int64) {
			f(numbers, l.quota.at(numbers, time.Now().UnixNano()))
		})
		if err == nil {
			return true
		}
		l.storeErrors.Add(1)
	}
	l.changeOwn(f)
	return false
}

func (l *limiter) changeOwn(f func(numbers []int64, now int64)) {
	f(l.own, l.quota.at(l.own, int64(time.Since(l.start))))
}

// place gives the wait of a request with so many others ahead; where there is none, it is counted.
func (l *limiter) place(ahead int) (wait time.Duration, why cause) {
	take := func(numbers []int64, now int64) {
		if wait, why = l.quota.wait(numbers, now, ahead); wait == 0 && ahead == 0 {
			l.quota.count(numbers, now)
		}
	}
	if shared := l.change(take); shared && wait == 0 && ahead == 0 {
		l.changeOwn(l.quota.count)
	}
	return wait, why
}

// giveBack takes back a place that was not used.
func (l *limiter) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	back := func(numbers []int64, _ int64) { l.quota.giveBack(numbers) }
	if shared := l.change(back); shared {
		l.changeOwn(back)
	}
}

// pause stops everyone for as long as a 429 asks. One that does not say how long counts only when its
// request went after the pause before: many may be under way when the first comes back.
func (l *limiter) pause(asked time.Duration, went time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if asked == 0 {
		if !went.After(l.pausedAt) && l.pauses > 0 {
			return
		}
		asked = min(firstPause<<min(l.pauses, 10), longestPause)
		l.pauses++
		l.pausing.Store(true)
	}
	l.pausedAt = time.Now()
	pause := func(numbers []int64, now int64) { l.quota.pause(numbers, now+int64(asked)) }
	if shared := l.change(pause); shared {
		l.changeOwn(pause)
	}
	l.review()
}

// recovered forgets the pauses after an answer to a request that went later.
func (l *limiter) recovered(went time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if went.After(l.pausedAt) {
		l.pauses = 0
		l.pausing.Store(false)
	}
}

func (l *limiter) used() (minute, day int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.change(func(numbers []int64, _ int64) {
		minute, day = l.quota.minute.total(numbers), l.quota.day.total(numbers)
	})
	return minute, day
}

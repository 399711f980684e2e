package app

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	parallelCalls = 32          // calls that run at once
	waitingCalls  = 1000        // calls that wait for their turn
	waitingBytes  = 4 * maxLine // what all calls together may have been sent with
)

// inflight is every request that was read and is not answered yet. A request is entered where its line is
// read, before anything else is read, so a cancellation behind it always finds it, waiting or running.
type inflight struct {
	parallel, waitingRoom int
	work                  func(*request) // answers one, unless it is cancelled

	mu      sync.Mutex
	byID    map[string][]*request // those that a host waits for; ids may be there twice
	waiting []*request            // their turn comes in the order of their lines
	running int                   // of parallel, also those cancelled that have not ended yet
	owed    int                   // answers: how many are in byID
	bytes   int                   // of their lines
	closed  bool                  // takes no more
	ended   time.Time             // when the last one ended, or the input did
	settled chan struct{}         // closed when no more are taken and none is owed an answer
	workers sync.WaitGroup
}

// request is one that was read.
type request struct {
	*message
	ctx       context.Context
	stop      context.CancelFunc
	stream    bool // lasts until it is cancelled or the input ends, and does little meanwhile
	cancelled bool // nobody waits for its answer; under inflight's mu
	waits     bool // under inflight's mu
}

func newInflight(parallel, waitingRoom int, work func(*request)) *inflight {
	return &inflight{
		parallel: parallel, waitingRoom: waitingRoom, work: work,
		byID: map[string][]*request{}, ended: time.Now(), settled: make(chan struct{}),
	}
}

// take enters a request and has it answered when its turn comes. It never waits: it says false when there
// is no room.
func (f *inflight) take(r *request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		r.stop()
		return true // nobody is owed anything any more
	}
	full := f.owed >= f.parallel+f.waitingRoom || f.owed > 0 && f.bytes+len(r.line) > waitingBytes
	if full || !r.stream && f.running >= f.parallel && len(f.waiting) >= f.waitingRoom {
		r.stop()
		return false
	}
	f.byID[r.key] = append(f.byID[r.key], r)
	f.owed++
	f.bytes += len(r.line)
	switch {
	case r.stream:
		f.workers.Go(func() { f.work(r); f.end(r) })
	case f.running < f.parallel:
		f.running++
		f.workers.Go(func() { f.workOff(r) })
	default:
		r.waits = true
		f.waiting = append(f.waiting, r)
	}
	return true
}

// workOff answers a request and then those that wait, until none does.
func (f *inflight) workOff(r *request) {
	for r != nil {
		f.work(r)
		r = f.end(r)
	}
}

// end forgets a request that has been answered, or that nobody waits for, and gives the next one.
func (f *inflight) end(r *request) *request {
	r.stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(r)
	f.bytes -= len(r.line)
	f.ended = time.Now()
	if r.stream {
		return nil
	}
	if len(f.waiting) == 0 {
		f.running--
		return nil
	}
	next := f.waiting[0]
	f.waiting = slices.Delete(f.waiting, 0, 1)
	next.waits = false
	return next
}

// forget owes a request no answer any more.
func (f *inflight) forget(r *request) {
	if r.cancelled {
		return // it was forgotten then
	}
	rest := slices.DeleteFunc(f.byID[r.key], func(other *request) bool { return other == r })
	if f.byID[r.key] = rest; len(rest) == 0 {
		delete(f.byID, r.key)
	}
	f.owed--
	f.settle()
}

func (f *inflight) settle() {
	if f.closed && f.owed == 0 {
		select {
		case <-f.settled:
		default:
			close(f.settled)
		}
	}
}

// cancel stops the requests of this id. They are owed no answer from now on, and those that have not
// begun never do.
func (f *inflight) cancel(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range slices.Clone(f.byID[key]) {
		r.stop()
		f.forget(r)
		r.cancelled = true
		if r.waits {
			f.waiting = slices.DeleteFunc(f.waiting, func(other *request) bool { return other == r })
			f.bytes -= len(r.line)
		}
	}
}

// wanted says whether a host still waits for the answer.
func (f *inflight) wanted(r *request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !r.cancelled
}

// close takes no more requests, and ends those that would last for ever.
func (f *inflight) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed, f.ended = true, time.Now()
	for _, same := range f.byID {
		for _, r := range same {
			if r.stream {
				r.stop()
			}
		}
	}
	f.settle()
}

// drop forgets those that have not begun.
func (f *inflight) drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.waiting {
		r.stop()
		f.forget(r)
		r.cancelled = true
	}
	f.waiting = nil
}

// owing says whether any request is still owed an answer.
func (f *inflight) owing() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.owed > 0
}

// stopped waits until no request runs any more, but not longer than this.
func (f *inflight) stopped(most time.Duration) {
	ended := make(chan struct{})
	go func() { f.workers.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(most):
	}
}

// quiet is how long no request has ended.
func (f *inflight) quiet() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Since(f.ended)
}

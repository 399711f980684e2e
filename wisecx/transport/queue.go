package transport

import (
	"container/list"
	"context"
	"time"
)

// recheck is how long the first in line sleeps at most before it looks again: the breaker may have
// opened, and another process may have paused or given back.
const recheck = time.Second

// waiter is a request in line.
type waiter struct {
	ctx  context.Context
	wake chan error // nil: it is first in line; else why it will not go. It never blocks: each comes once at most
}

// hasTime tells whether a wait ends before the call does.
func (w *waiter) hasTime(wait time.Duration) bool {
	deadline, ok := w.ctx.Deadline()
	return !ok || wait < time.Until(deadline)
}

// admit gives the request its place within the limits, in the order of coming.
func (l *limiter) admit(ctx context.Context) error {
	w := &waiter{ctx: ctx}
	l.mu.Lock()
	ahead := l.line.Len()
	wait, why := l.place(ahead)
	if ahead == 0 && wait == 0 {
		l.mu.Unlock()
		return nil
	}
	if !w.hasTime(wait) {
		l.mu.Unlock()
		return l.quota.refusal(wait, why)
	}
	w.wake = make(chan error, 2)
	self := l.line.PushBack(w)
	l.mu.Unlock()

	if ahead == 0 {
		return l.first(self, wait)
	}
	select {
	case <-ctx.Done():
		l.leave(self)
		return context.Cause(ctx)
	case err := <-w.wake:
		if err != nil {
			return err
		}
		return l.first(self, 0)
	}
}

// first waits at the head of the line.
func (l *limiter) first(self *list.Element, wait time.Duration) error {
	w := self.Value.(*waiter)
	timer := time.NewTimer(min(wait, recheck))
	defer timer.Stop()
	for {
		select {
		case <-w.ctx.Done():
			l.leave(self)
			return context.Cause(w.ctx)
		case err := <-w.wake:
			if err != nil {
				return err
			}
			continue
		case <-timer.C:
		}
		if err := l.ready(); err != nil {
			l.leave(self)
			return err
		}
		l.mu.Lock()
		wait, _ := l.place(0)
		if wait == 0 {
			l.mu.Unlock()
			l.leave(self)
			return nil
		}
		if wait >= recheck {
			l.review()
		}
		l.mu.Unlock()
		timer.Reset(min(wait, recheck))
	}
}

// leave takes a waiter out of the line; after the first one, the next is first.
func (l *limiter) leave(self *list.Element) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(self)
}

// remove is leave for who holds the lock. A waiter that is no longer in line stays out of it.
func (l *limiter) remove(self *list.Element) {
	wasFirst := l.line.Front() == self
	l.line.Remove(self)
	if next := l.line.Front(); wasFirst && next != nil {
		next.Value.(*waiter).wake <- nil
	}
}

// review refuses at once all those in line who would now wait longer than their call has left.
func (l *limiter) review() {
	l.change(func(numbers []int64, now int64) {
		ahead := 0
		for self := l.line.Front(); self != nil; {
			w, next := self.Value.(*waiter), self.Next()
			if wait, why := l.quota.wait(numbers, now, ahead); w.hasTime(wait) {
				ahead++
			} else {
				w.wake <- l.quota.refusal(wait, why)
				l.remove(self)
			}
			self = next
		}
	})
}

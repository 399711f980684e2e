package transport

import (
	"fmt"
	"time"
)

const (
	// The limits of an account [D][C].
	defaultPerMinute = 5000
	defaultPerDay    = 150000

	// Two requests may come closer together at the API than they were sent. With this much more than
	// a minute between them, and the width of a bucket, 98.8 % of the allowance are in reach.
	unevenness  = 500 * time.Millisecond
	minuteWidth = 250 * time.Millisecond
	dayWidth    = 5 * time.Minute
)

// The numbers before the windows. Times are in ns.
const (
	versionAt = iota // of this layout
	lastAt           // the latest time seen
	offsetAt         // what makes up for a clock that was set back
	nextAt           // when the next request would go at an even pace
	pausedAt         // until when the API wants nothing
	headSize
)

const quotaVersion = 1

// quota is the arithmetic of the limits, on a store's numbers: an even pace with a small burst, and a
// count over each window. It knows no clock, no lock and nobody who waits.
type quota struct {
	perMinute, perDay int64
	pace              int64 // ns between two requests
	slack             int64 // ns that the burst may be ahead of the pace
	minute, day       window
}

func newQuota(perMinute, perDay int) quota {
	if perMinute <= 0 {
		perMinute = defaultPerMinute
	}
	if perDay <= 0 {
		perDay = defaultPerDay
	}
	minute := newWindow(headSize, time.Minute+unevenness, minuteWidth)
	pace := int64(minute.length) * minute.width / int64(perMinute)
	// A scan's or a page's requests go at once; only what lasts is spread.
	burst := int64(min(perMinute, max(10, perMinute/20)))
	return quota{
		perMinute: int64(perMinute), perDay: int64(perDay),
		pace: pace, slack: (burst - 1) * pace,
		minute: minute, day: newWindow(minute.end(), 24*time.Hour, dayWidth),
	}
}

func (q quota) size() int { return q.day.end() }

// at brings the numbers up to a clock's time, and gives the time that they go by. That never goes
// back: after a clock was set back, everything is as long ago as it was.
func (q quota) at(numbers []int64, clock int64) int64 {
	if numbers[versionAt] != quotaVersion {
		clear(numbers)
		numbers[versionAt], numbers[lastAt] = quotaVersion, clock
	}
	now := clock + numbers[offsetAt]
	if last := numbers[lastAt]; now < last {
		numbers[offsetAt] += last - now
		now = last
	}
	numbers[lastAt] = now
	q.minute.forget(numbers, now)
	q.day.forget(numbers, now)
	return now
}

// wait says how long it takes until the request with so many others ahead of it may go, and why.
func (q quota) wait(numbers []int64, now int64, ahead int) (time.Duration, cause) {
	k := int64(ahead)
	wait, why := numbers[nextAt]-q.slack+k*q.pace-now, minuteIsFull
	if numbers[pausedAt] > now {
		why = isPaused
	}
	if room := q.minute.room(numbers, now, k, q.perMinute); room > wait {
		wait, why = room, minuteIsFull
	}
	if room := q.day.room(numbers, now, k, q.perDay); room > wait {
		wait, why = room, dayIsFull
	}
	return time.Duration(max(0, wait)), why
}

// count notes a request that goes now.
func (q quota) count(numbers []int64, now int64) {
	numbers[nextAt] = max(numbers[nextAt], now) + q.pace
	q.minute.add(numbers)
	q.day.add(numbers)
}

// giveBack takes back a request that was counted and did not go.
func (q quota) giveBack(numbers []int64) {
	numbers[nextAt] -= q.pace
	if paused := numbers[pausedAt]; paused > 0 {
		numbers[nextAt] = max(numbers[nextAt], paused+q.slack)
	}
	q.minute.remove(numbers)
	q.day.remove(numbers)
}

// pause lets nothing go until then, and afterwards no burst: the API has just said that it is too much.
func (q quota) pause(numbers []int64, until int64) {
	numbers[pausedAt] = max(numbers[pausedAt], until)
	numbers[nextAt] = max(numbers[nextAt], until+q.slack)
}

// cause is which of the limits a request waits for.
type cause int

const (
	minuteIsFull cause = iota
	dayIsFull
	isPaused
)

func (q quota) refusal(wait time.Duration, why cause) *LimitError {
	reason := fmt.Sprintf("%d requests a minute are in use", q.perMinute)
	switch why {
	case dayIsFull:
		reason = fmt.Sprintf("%d requests in the last 24 hours are used up", q.perDay)
	case isPaused:
		reason = "the API answered that there are too many requests"
	}
	return &LimitError{Wait: wait, Reason: reason}
}

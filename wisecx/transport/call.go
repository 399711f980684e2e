package transport

import (
	"context"
	"sync/atomic"
	"time"
)

// Call adds up what the requests of one call took, for its line in the log.
type Call struct {
	requests, waited atomic.Int64
}

// Requests is how many requests reached the wire, logins and repeats included.
func (c *Call) Requests() int { return int(c.requests.Load()) }

// Waited is the time spent waiting for the limiter and between repeats, added up over parallel requests.
func (c *Call) Waited() time.Duration { return time.Duration(c.waited.Load()) }

type callKey struct{}

// WithCall counts the requests that carry the returned context, or one made from it.
func WithCall(ctx context.Context) (context.Context, *Call) {
	call := &Call{}
	return context.WithValue(ctx, callKey{}, call), call
}

// callOf gives the call that a context belongs to, or one that nobody reads.
func callOf(ctx context.Context) *Call {
	if call, ok := ctx.Value(callKey{}).(*Call); ok {
		return call
	}
	return &Call{}
}

// Stats are the numbers since New.
type Stats struct {
	Sent            int64         // requests that reached the wire, logins and repeats included
	Repeats         int64         // requests sent again after they failed
	Waited          time.Duration // by all requests together, for the limiter and between repeats
	RefusedByLimit  int64         // requests that would have waited longer than their call had left
	RefusedByHealth int64         // requests refused because the service had failed too often
	TooMany         int64         // answers of 429
	StoreErrors     int64         // times that the shared store failed and only this process was counted
	LastMinute      int64         // requests counted against the limit of a minute
	LastDay         int64         // requests counted against the limit of a day
	Breaker         string        // closed, half-open or open
}

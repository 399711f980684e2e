package transport

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	healthWindow = 30 * time.Second
	healthBucket = time.Second
	enough       = 20                     // requests, before the service is judged
	silence      = 500 * time.Millisecond // without any success, after which that many failures in a row are an outage
	longestRest  = 5 * time.Second        // from opening to the next probe
	probeBusy    = time.Second            // what is said to those who come during a probe
)

// What gobreaker is told about a request; nil is a success.
var (
	errIll     = errors.New("the service failed")
	errNeutral = errors.New("this says nothing about the service")
)

// breaker keeps requests from a service that is down. It opens when more than half of the requests of
// the last 30 s failed, or when all did for a while: against half a minute of successes, the ratio alone takes 15 s.
// When it has rested, one request at a time tries the service.
type breaker struct {
	next  http.RoundTripper
	state *gobreaker.TwoStepCircuitBreaker[struct{}]
	rest  time.Duration // how long it stays open
	probe time.Duration // how long a probe may take before it counts as failed

	// Kept beside gobreaker, whose callbacks run under its lock; times are counted from start.
	start   time.Time
	now     atomic.Int32 // the gobreaker.State
	until   atomic.Int64 // when it opened last, the end of its rest
	success atomic.Int64 // the latest
	refused atomic.Int64
}

// newBreaker shares an attempt's time limit out between a probe and the rest after it, so that after
// an outage the first request gets through within that limit, even where a probe was left hanging.
func newBreaker(next http.RoundTripper, attempt time.Duration) *breaker {
	b := &breaker{next: next, rest: min(longestRest, attempt/3), start: time.Now()}
	b.probe = attempt - b.rest
	b.state = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Interval:     healthWindow,
		BucketPeriod: healthBucket,
		Timeout:      b.rest - time.Millisecond, // so that the wait that was said is enough
		ReadyToTrip:  b.isOutage,
		IsExcluded:   func(err error) bool { return err == errNeutral },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				b.until.Store(int64(time.Since(b.start) + b.rest))
			}
			b.now.Store(int32(to))
		},
	})
	return b
}

func (b *breaker) isOutage(c gobreaker.Counts) bool {
	judged := c.TotalSuccesses + c.TotalFailures
	if judged >= enough && 2*c.TotalFailures > judged {
		return true
	}
	return c.ConsecutiveFailures >= enough && time.Since(b.start)-time.Duration(b.success.Load()) >= silence
}

// RoundTrip sends the request, or gives an *OpenError at once.
func (b *breaker) RoundTrip(request *http.Request) (*http.Response, error) {
	done, err := b.state.Allow()
	if err != nil {
		closeBody(request)
		return nil, b.refuse()
	}
	v := &verdict{breaker: b, done: done}
	if gobreaker.State(b.now.Load()) == gobreaker.StateHalfOpen {
		v.probe = true
		v.timer = time.AfterFunc(b.probe, func() { v.tell(errIll) })
	}
	response, err := b.next.RoundTrip(request)
	switch {
	case err != nil:
		v.is(judge(request, err))
	case response.StatusCode >= 500 && response.StatusCode != http.StatusNotImplemented: // [D] 501: the API does not offer this
		v.is(errIll)
	case response.StatusCode < 400 || v.probe: // whatever it says to a probe, it answers
		response.Body = &judgedBody{ReadCloser: response.Body, request: request, verdict: v}
	default:
		v.is(errNeutral)
	}
	return response, err
}

// judge tells the service's failure from the caller's own end.
func judge(request *http.Request, err error) error {
	if request.Context().Err() != nil && !errors.Is(err, ErrTimeout) || errors.Is(err, ErrRedirect) {
		return errNeutral
	}
	return errIll
}

// ready gives an *OpenError when a request would be refused now. It takes no place of a probe.
func (b *breaker) ready() error {
	if gobreaker.State(b.now.Load()) == gobreaker.StateClosed {
		return nil
	}
	switch b.state.State() {
	case gobreaker.StateOpen:
		return b.refuse()
	case gobreaker.StateHalfOpen:
		if c := b.state.Counts(); c.Requests > c.TotalExclusions {
			return b.refuse()
		}
	}
	return nil
}

func (b *breaker) refuse() error {
	b.refused.Add(1)
	left := time.Duration(b.until.Load()) - time.Since(b.start)
	if left <= 0 {
		left = probeBusy
	}
	return &OpenError{Wait: left}
}

// verdict tells gobreaker once what became of a request.
type verdict struct {
	breaker *breaker
	done    func(error)
	said    atomic.Bool
	probe   bool
	timer   *time.Timer // bounds a probe that nobody reads or ends
}

func (v *verdict) is(err error) {
	if v.timer != nil {
		v.timer.Stop()
	}
	v.tell(err)
}

func (v *verdict) tell(err error) {
	if v.said.Swap(true) {
		return
	}
	if err == nil {
		v.breaker.success.Store(int64(time.Since(v.breaker.start)))
	}
	v.done(err)
}

// judgedBody waits with the verdict until the answer is read: a connection can break in its middle.
type judgedBody struct {
	io.ReadCloser
	request *http.Request
	verdict *verdict
}

func (b *judgedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == io.EOF:
		b.verdict.is(nil)
	case err != nil:
		b.verdict.is(judge(b.request, err))
	}
	return n, err
}

// Close before the end is the caller's choice: what came was good.
func (b *judgedBody) Close() error {
	b.verdict.is(nil)
	return b.ReadCloser.Close()
}

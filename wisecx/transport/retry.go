package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	mostRepeats   = 3
	firstBackoff  = 250 * time.Millisecond // doubled for each repeat, half of it at random
	longestRepeat = time.Minute            // a longer wait is for a person or a model to decide on
	heldAnswer    = 4 << 20                // bytes of an answer that are read before it counts as come
)

// retry sends a request again that failed for a passing reason, where the request itself says that it
// may be repeated, or where only the login before it failed.
type retry struct {
	next            http.RoundTripper
	now             func() time.Time // the wall clock, for dates in headers
	attempt         time.Duration    // the most that one attempt takes
	repeats, waited atomic.Int64
}

// RoundTrip gives the first answer that is worth no repeat, or else the last one as it is.
func (r *retry) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, current := request.Context(), request
	late := false // an attempt took too long
	for n := 0; ; n++ {
		response, err := r.next.RoundTrip(current)
		broken := err
		if err == nil && isRepeatable(request) {
			if broken = hold(response); broken == nil && request.Method == http.MethodGet {
				broken = notJSON(response)
			}
		}
		slow := tookTooLong(broken)
		worth := passing(response, broken) || slow && !late && isRepeatable(request) && request.Method == http.MethodGet
		if n == mostRepeats || ctx.Err() != nil || !worth || !mayRepeat(request, broken) {
			return response, err
		}
		wait, needs := r.pause(n, response), time.Duration(0)
		if slow {
			late, needs = true, r.attempt
		}
		if deadline, ok := ctx.Deadline(); wait > longestRepeat || ok && wait+needs >= time.Until(deadline) {
			return response, err
		}
		again, cannot := repeat(request)
		if cannot != nil {
			return response, err
		}
		if response != nil {
			drain(response)
		}
		if err := r.sleep(ctx, wait); err != nil {
			closeBody(again)
			return nil, err
		}
		r.repeats.Add(1)
		current = again
	}
}

// pause is how long to wait after attempt n: longer each time, never the same for two who failed
// together, and never less than the answer asks for.
func (r *retry) pause(n int, response *http.Response) time.Duration {
	backoff := firstBackoff << n
	backoff = backoff/2 + rand.N(backoff/2)
	if response == nil {
		return backoff
	}
	if asked := RetryAfter(response, r.now()); asked > 0 {
		return asked + backoff/2
	}
	return backoff
}

func (r *retry) sleep(ctx context.Context, wait time.Duration) error {
	started := time.Now()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	defer func() {
		waited := int64(time.Since(started))
		r.waited.Add(waited)
		callOf(ctx).waited.Add(waited)
	}()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// mayRepeat tells whether a repeat can do no harm. What failed with its login was not sent, or was
// refused before it did anything.
func mayRepeat(request *http.Request, err error) bool {
	var login *LoginError
	return isRepeatable(request) || errors.As(err, &login)
}

// tookTooLong tells whether an attempt failed by its time alone. A read is then tried once more, where its call has an
// attempt's time left: one answer that hangs shall not end a scan, and a service that hangs shall not use up every call.
func tookTooLong(err error) bool {
	var network net.Error
	return errors.Is(err, ErrTimeout) || errors.As(err, &network) && network.Timeout()
}

// passing tells whether another attempt may fare better, time-outs aside.
func passing(response *http.Response, err error) bool {
	var (
		limit       *LimitError
		open        *OpenError
		login       *LoginError
		certificate *tls.CertificateVerificationError
		name        *net.DNSError
	)
	switch {
	case err == nil:
		return isPassing(response.StatusCode)
	case errors.As(err, &limit), errors.As(err, &open), errors.Is(err, ErrRedirect):
		return false
	case errors.As(err, &certificate), errors.As(err, &name) && name.IsNotFound:
		return false
	case tookTooLong(err):
		return false
	case errors.As(err, &login) && login.Err == nil:
		return isPassing(login.Status)
	}
	return true // a broken connection
}

func isPassing(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// hold reads a good answer before it is handed on, so that a connection that breaks in its middle is
// noticed while the request can still be repeated. What is too large to hold is handed on unread.
func hold(response *http.Response) error {
	if response.StatusCode/100 != 2 || response.ContentLength > heldAnswer {
		return nil
	}
	var held bytes.Buffer
	if response.ContentLength > 0 {
		held.Grow(int(response.ContentLength) + bytes.MinRead)
	}
	body := response.Body
	n, err := held.ReadFrom(io.LimitReader(body, heldAnswer))
	switch {
	case err != nil:
		response.Body = &rest{Reader: io.MultiReader(&held, failing{err}), Closer: body}
	case n == heldAnswer:
		response.Body = &rest{Reader: io.MultiReader(&held, body), Closer: body}
	default:
		body.Close()
		response.Body = heldBody{&held}
	}
	return err
}

type rest struct {
	io.Reader
	io.Closer
}

// heldBody is an answer that has come whole.
type heldBody struct{ *bytes.Buffer }

func (heldBody) Close() error { return nil }

// errNotJSON is a good answer to a read that is none: a proxy's page, or what is left of one. It counts as a broken
// connection. A write is answered with words of any kind [I]: that it was accepted is what its status says.
var errNotJSON = errors.New("the answer is no JSON")

func notJSON(response *http.Response) error {
	held, whole := response.Body.(heldBody)
	if !whole {
		return nil
	}
	if begin := bytes.TrimLeft(held.Bytes(), "\ufeff \t\r\n"); len(begin) > 0 && begin[0] != '{' && begin[0] != '[' && !json.Valid(begin) {
		return errNotJSON
	}
	return nil
}

// failing ends an answer the way it ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

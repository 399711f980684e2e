package transport

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// service is an API on the tests' own clock that lets everyone in, with a limit of a sliding minute,
// latency, and outages. It is a wire: what reaches it would have opened a connection.
type service struct {
	mu       sync.Mutex
	limit    int           // within any 60 s; 0 for none
	latency  time.Duration // up to so much, at random
	fail     func(*http.Request) (*http.Response, error)
	came     []time.Time // of all requests, in order
	paths    []string
	answered int // with 200, logins aside
	tooMany  int
}

var errRefused = errors.New("connect: connection refused")

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.latency > 0 {
		if err := wait(r.Context(), rand.N(s.latency)); err != nil {
			return nil, err
		}
	}
	now := time.Now()
	s.mu.Lock()
	s.came = append(s.came, now)
	s.paths = append(s.paths, r.URL.Path)
	fail, limited := s.fail, false
	if s.limit > 0 && len(s.came) > s.limit {
		limited = now.Sub(s.came[len(s.came)-1-s.limit]) < time.Minute
	}
	isLogin := strings.HasSuffix(r.URL.Path, "/authenticate")
	switch {
	case limited:
		s.tooMany++
	case fail == nil && !isLogin:
		s.answered++
	}
	s.mu.Unlock()
	switch {
	case limited:
		return reply(429, ""), nil
	case fail != nil:
		return fail(r)
	case isLogin:
		return reply(200, `{"token": "t"}`), nil
	}
	return reply(200, `{}`), nil
}

func (s *service) set(fail func(*http.Request) (*http.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

// requests is how many came so far.
func (s *service) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// requestsFor is how many came for a path.
func (s *service) requestsFor(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.paths {
		if strings.HasSuffix(p, path) {
			n++
		}
	}
	return n
}

func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

func breaks(*http.Request) (*http.Response, error) { return nil, errRefused }

func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func says(status int, headers ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return reply(status, "", headers...), nil }
}

// newChain is the whole chain with the limits of an account, on the tests' own clock.
func newChain(wire http.RoundTripper, change ...func(*Options)) *Chain {
	o := Options{Base: parse(base), User: user, Key: key, Wire: wire}
	for _, c := range change {
		c(&o)
	}
	return New(o)
}

func noLimits(o *Options) { o.RatePerMinute, o.RatePerDay = unlimited, unlimited }

// ask sends a repeatable GET whose call has so much time, and reads the answer.
func ask(t testing.TB, wire http.RoundTripper, time time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(Repeatable(t.Context()), time)
	defer cancel()
	return send(t, wire, ctx, "GET", "")
}

// send reads the answer to one request, and fails with the status of one that is not 200.
func send(t testing.TB, wire http.RoundTripper, ctx context.Context, method, body string) error {
	t.Helper()
	response, err := wire.RoundTrip(newRequest(t, method, "/cases", body).WithContext(ctx))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err != nil {
		return err
	}
	if response.StatusCode != 200 {
		return statusError(response.StatusCode)
	}
	return nil
}

type statusError int

func (s statusError) Error() string { return http.StatusText(int(s)) }

package transport

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	key  = "the-key/with+odd=signs"
	user = "ana & co"
)

// fake is an account of the API that needs both headers. It is its own wire, so that most tests need no network.
type fake struct {
	mu      sync.Mutex
	logins  int
	valid   string // the one token that is accepted
	calls   []call
	refuses int // the status of a refusal; 0 means 403

	login  http.HandlerFunc          // nil hands out token-1, token-2, ...
	answer http.HandlerFunc          // of calls that are let in; nil answers {}
	issue  func(login int) string    // the value of a token; nil means token-N
	enter  func(*http.Request) error // called first, without the lock; an error breaks the connection
}

type call struct{ method, path, query, key, bearer, body string }

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	f.mu.Lock()
	f.calls = append(f.calls, call{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("x-api-key"), bearer, string(body)})
	handle, admitted := f.answer, bearer == f.valid && r.Header.Get("x-api-key") == key
	if r.URL.Path == "/core/v1/authenticate" {
		f.logins++
		if handle, admitted = f.login, true; handle == nil {
			handle = f.handOut(f.logins)
		}
	}
	refusal := f.refuses
	f.mu.Unlock()
	switch {
	case !admitted && refusal != 0:
		w.WriteHeader(refusal)
	case !admitted:
		w.WriteHeader(http.StatusForbidden)
	case handle != nil:
		handle(w, r)
	default:
		io.WriteString(w, `{}`)
	}
}

// handOut accepts a new token from now on; the caller holds the lock.
func (f *fake) handOut(login int) http.HandlerFunc {
	f.valid = fmt.Sprintf("token-%d", login)
	if f.issue != nil {
		f.valid = f.issue(login)
	}
	body := fmt.Sprintf(`{"token": %q}`, f.valid)
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.enter != nil {
		if err := f.enter(r); err != nil {
			return nil, err
		}
	}
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	response := w.Result()
	response.Request = r
	return response, nil
}

// revoke ends the token's life at the server.
func (f *fake) revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.valid = "no token at all"
}

func (f *fake) wantLogins(t *testing.T, want int) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.logins != want {
		t.Errorf("%d logins; want %d", f.logins, want)
	}
}

// sent are the calls so far, logins aside.
func (f *fake) sent() []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var calls []call
	for _, c := range f.calls {
		if c.path != "/core/v1/authenticate" {
			calls = append(calls, c)
		}
	}
	return calls
}

// clock is a time that only tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 9, 9, 15, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

const base = "http://127.0.0.1:9/core/v1"

// newLogin is an account's login, with the layers below it as New puts them together, and no limits to wait for.
func newLogin(wire http.RoundTripper, now func() time.Time) *Login {
	return New(Options{Base: parse(base), User: user, Key: key, RatePerMinute: unlimited, RatePerDay: unlimited, Now: now, Wire: wire}).login
}

const unlimited = 1 << 40

func parse(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return u
}

func newRequest(t testing.TB, method, path, body string) *http.Request {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, base+path, content)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// get sends a GET that must be answered, and gives the status.
func get(t *testing.T, l *Login, path string) int {
	t.Helper()
	return do(t, l, newRequest(t, "GET", path, ""))
}

func do(t *testing.T, l *Login, request *http.Request) int {
	t.Helper()
	response, err := l.RoundTrip(request)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, request.URL.Path, err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func wantStatus(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("answered %d; want %d", got, want)
	}
}

// jwt is a token that names its own times.
func jwt(claims string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"HS256"}`)) + "." + part([]byte(claims)) + ".c2lnbmF0dXJl"
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

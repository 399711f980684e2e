package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// wire is an account behind a real connection, and a plain net/http client.
type wire struct {
	t     testing.TB
	api   *API
	at    string // the base URL
	http  *http.Client
	token string
}

// newWire logs in while all is well and sets the faults then. The client opens a connection for each request, as
// net/http sends a GET again by itself when a connection that it kept breaks.
func newWire(t testing.TB, options Options) *wire {
	t.Helper()
	faults := options.Faults
	options.Faults = Faults{}
	c := newClient(t, options)
	c.api.ResetRequests()
	c.api.SetFaults(faults)
	log, service := serve(c.api)
	transport := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		service.Close()
		if printed := log.String(); printed != "" {
			t.Errorf("the server printed %s", printed)
		}
	})
	return &wire{t, c.api, service.URL + base, &http.Client{Transport: transport}, c.token}
}

// serve serves an account and keeps what the server would print to stderr.
func serve(api *API) (*locked, *httptest.Server) {
	service, printed := httptest.NewUnstartedServer(api), &locked{}
	service.Config.ErrorLog = log.New(printed, "", 0)
	service.Start()
	return printed, service
}

type locked struct {
	lock sync.Mutex
	bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.Buffer.Write(p)
}

func (l *locked) String() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.Buffer.String()
}

func (w *wire) request(method, path string) *http.Request {
	r, err := http.NewRequest(method, w.at+path, nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("x-api-key", Key)
	r.Header.Set("Authorization", "Bearer "+w.token)
	return r
}

// seen is what a client made of an answer.
type seen struct {
	status  int
	header  http.Header
	length  int64 // as promised
	body    []byte
	sending error // no answer came
	reading error // its body broke off
}

func (w *wire) get(path string) seen {
	answer, err := w.http.Do(w.request("GET", path))
	if err != nil {
		return seen{sending: err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return seen{answer.StatusCode, answer.Header, answer.ContentLength, body, nil, err}
}

const asLogin = "/authenticate?user=" + User

// outcome names an answer by the fault that makes it look so.
func (s seen) outcome() string {
	switch {
	case s.sending != nil:
		return "dropped"
	case s.reading != nil:
		return cutBody
	case s.status == 429:
		return tooMany
	case s.header.Get("Content-Type") == mediaHTML:
		return proxyPages
	case s.status >= 500:
		return serverError
	case s.status == 403:
		return expireToken
	case !json.Valid(s.body):
		return notJSON
	}
	return "well"
}

// issued is how many tokens were handed out and not ended: the work that a login leaves behind.
func (w *wire) issued() int {
	w.api.tokens.lock.Lock()
	defer w.api.tokens.lock.Unlock()
	return len(w.api.tokens.ends)
}

// eventually waits for what another goroutine is about to do.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for range 60_000 {
		if is() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("never: " + what)
}

// together runs n at once and waits for them.
func together(n int, do func(worker int)) {
	var group sync.WaitGroup
	for worker := range n {
		group.Go(func() { do(worker) })
	}
	group.Wait()
}

package wisecx

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

const (
	testKey   = "k3y-of-the-account"
	testToken = "t0ken.of.hour"
)

// noon is a Wednesday at noon in Argentina.
var noon = time.Date(2026, 9, 9, 15, 0, 0, 0, time.UTC)

func stopped() time.Time { return noon }

// inMemory is a wire that ends in a handler, without a network.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	response := w.Result()
	response.Request = r
	return response, nil
}

// simulator gives a client of a simulated account.
func simulator(t testing.TB, options sandbox.Options) (*Client, *sandbox.API) {
	t.Helper()
	options.Now = stopped
	if options.Cases == 0 {
		options.Cases, options.Contacts = 800, 200
	}
	api := sandbox.New(options)
	base, err := ParseBase(DefaultBase)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Base: base, User: sandbox.User, Key: sandbox.Key, Now: stopped, Wire: inMemory{api}}), api
}

// recorder is an account that lets everyone in, notes the requests and answers each the same.
type recorder struct {
	mu       sync.Mutex
	requests []*http.Request
	answer   http.HandlerFunc
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if strings.HasSuffix(request.URL.Path, "/authenticate") {
		io.WriteString(w, `{"token": "`+testToken+`"}`)
		return
	}
	r.mu.Lock()
	r.requests = append(r.requests, request)
	r.mu.Unlock()
	r.answer(w, request)
}

// one is the only request so far.
func (r *recorder) one(t *testing.T) *http.Request {
	t.Helper()
	if len(r.requests) != 1 {
		t.Fatalf("%d requests; want one", len(r.requests))
	}
	return r.requests[0]
}

func config(wire http.RoundTripper) Config {
	base, err := ParseBase(DefaultBase)
	if err != nil {
		panic(err)
	}
	return Config{Base: base, User: "ana", Key: testKey, Now: stopped, Wire: wire}
}

// answering gives a client whose every request is answered so.
func answering(status int, body string) (*Client, *recorder) {
	r := &recorder{answer: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}}
	return New(config(inMemory{r})), r
}

// overTheNetwork gives a client of a real server on a loopback port.
func overTheNetwork(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(&recorder{answer: answer})
	t.Cleanup(server.Close)
	return at(t, server.URL)
}

func at(t *testing.T, address string) *Client {
	t.Helper()
	base, err := ParseBase(address)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{Base: base, User: "ana", Key: testKey})
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden holds got against a file in testdata/api.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("..", "testdata", "api", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew)\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}

// payload reads an API's answer from testdata/api.
func payload(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "testdata", "api", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

package transport

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// dropping is a server that answers so many requests on a connection and drops it at the next one.
func dropping(t *testing.T, answers int) (address string, requests *atomic.Int64, connections *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	requests, connections = &atomic.Int64{}, &atomic.Int64{}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer connection.Close()
				reader := bufio.NewReader(connection)
				for n := 0; ; n++ {
					request, err := http.ReadRequest(reader)
					if err != nil {
						return
					}
					requests.Add(1)
					io.Copy(io.Discard, request.Body)
					if n == answers {
						return
					}
					answer := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
					if request.Method == http.MethodHead {
						answer = strings.TrimSuffix(answer, "{}")
					}
					io.WriteString(connection, answer)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String(), requests, connections
}

func fetch(wire http.RoundTripper, ctx context.Context, method, address string, body io.Reader) error {
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return err
	}
	return fetchAll(wire, request)
}

func TestRequestOnAConnectionThatBreaksIsSentOnce(t *testing.T) {
	for _, sent := range []string{"GET", "GET {}", "HEAD", "DELETE", "POST", "POST {}", "PUT {}"} {
		t.Run(sent, func(t *testing.T) {
			method, body, _ := strings.Cut(sent, " ")
			address, requests, _ := dropping(t, 1)
			plain := wire()
			t.Cleanup(plain.CloseIdleConnections)
			o := &once{next: plain}
			failures := 0
			for range 100 {
				if fetch(o, t.Context(), method, address, strings.NewReader(body)) != nil {
					failures++
				}
			}
			if got := requests.Load(); got != 100 || o.sent.Load() != 100 {
				t.Errorf("100 requests became %d, and %d were counted", got, o.sent.Load())
			}
			if failures != 50 {
				t.Errorf("%d failures surfaced; want 50", failures)
			}
		})
	}
}

func TestRepeatableRequestGetsThroughAndEveryAttemptIsCounted(t *testing.T) {
	address, requests, _ := dropping(t, 3)
	plain := wire()
	t.Cleanup(plain.CloseIdleConnections)
	o := &once{next: plain}
	r := &retry{next: o, now: time.Now}
	for range 8 {
		if err := fetch(r, Repeatable(t.Context()), "GET", address, nil); err != nil {
			t.Errorf("got %v", err)
		}
	}
	if got := requests.Load(); got != o.sent.Load() || got != 8+r.repeats.Load() {
		t.Errorf("%d requests, %d counted, %d repeats; want them to agree", got, o.sent.Load(), r.repeats.Load())
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	address, requests, connections := dropping(t, 1000)
	plain := wire()
	t.Cleanup(plain.CloseIdleConnections)
	for range 100 {
		if err := fetch(&once{next: plain}, t.Context(), "GET", address, nil); err != nil {
			t.Fatal(err)
		}
	}
	if requests.Load() != 100 || connections.Load() != 1 {
		t.Errorf("%d requests on %d connections; want 100 on one", requests.Load(), connections.Load())
	}
}

// net/http would read ahead to find a body empty, for 200 ms at most; the machine may be busy for longer.
func TestEmptyBodyIsNotAMatterOfTime(t *testing.T) {
	var over *http.Request
	o := &once{next: roundTrip(func(r *http.Request) (*http.Response, error) { over = r; return reply(200, ""), nil })}
	if err := fetch(o, t.Context(), "GET", base, nil); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(over.TransferEncoding, []string{"identity"}) {
		t.Errorf("the transfer encoding is %q, which leaves it to net/http's reading ahead", over.TransferEncoding)
	}
}

// tap notes what is written to a connection.
type tap struct {
	net.Conn
	mu   *sync.Mutex
	sent *bytes.Buffer
}

func (c tap) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.sent.Write(p)
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func TestRequestsAreTheSameOnTheWireAsWithoutTheLayer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	t.Cleanup(server.Close)
	tests := []struct {
		method, body string
	}{{"GET", ""}, {"HEAD", ""}, {"OPTIONS", ""}, {"DELETE", ""}, {"POST", ""}, {"PUT", ""}, {"POST", "{}"}, {"PUT", "{}"}, {"GET", "{}"}}
	for _, test := range tests {
		t.Run(test.method+test.body, func(t *testing.T) {
			var written []string
			for _, layered := range []bool{false, true} {
				var mu sync.Mutex
				var sent bytes.Buffer
				plain := wire()
				t.Cleanup(plain.CloseIdleConnections)
				plain.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					connection, err := (&net.Dialer{}).DialContext(ctx, network, address)
					return tap{connection, &mu, &sent}, err
				}
				var over http.RoundTripper = plain
				if layered {
					over = &once{next: plain}
				}
				var body io.Reader
				if test.body != "" {
					body = strings.NewReader(test.body)
				}
				for range 3 {
					if err := fetch(over, t.Context(), test.method, server.URL+"/cases?limit=1", body); err != nil {
						t.Fatal(err)
					}
					if body != nil {
						body = strings.NewReader(test.body)
					}
				}
				mu.Lock()
				written = append(written, sent.String())
				mu.Unlock()
			}
			if written[0] != written[1] {
				t.Errorf("without the layer:\n%s\nwith it:\n%s", written[0], written[1])
			}
			lower := strings.ToLower(written[1])
			if test.body == "" && test.method == "GET" && (strings.Contains(lower, "content-length") || strings.Contains(lower, "transfer-encoding")) {
				t.Errorf("a GET says something of a body:\n%s", written[1])
			}
		})
	}
}

func TestRequestOfTheCallerIsNotChanged(t *testing.T) {
	request := newRequest(t, "GET", "/cases", "")
	before := *request
	if err := fetchAll(newChain(&service{}), request); err != nil {
		t.Fatal(err)
	}
	if request.Body != before.Body || request.TransferEncoding != nil || request.ContentLength != 0 || len(request.Header) != 0 {
		t.Errorf("it was %+v and is %+v", before, *request)
	}
}

// The login comes first on a new connection; what follows it uses the connection again.
func TestWholeChainOverTheNetwork(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen = append(seen, fmt.Sprintf("%s %s %v %d", r.Proto, r.URL.Path, r.TransferEncoding, r.ContentLength))
		mu.Unlock()
		io.WriteString(w, `{"token": "t"}`)
	}))
	var connections atomic.Int64
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	plain := wire()
	plain.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	plain.TLSClientConfig.NextProtos = nil
	c := New(Options{Base: parse(server.URL + "/core/v1"), User: user, Key: key, Wire: plain})
	t.Cleanup(c.CloseIdleConnections)
	for range 3 {
		if err := fetch(c, Repeatable(t.Context()), "GET", server.URL+"/core/v1/cases", nil); err != nil {
			t.Fatal(err)
		}
	}
	want := append([]string{"HTTP/1.1 /core/v1/authenticate [] 0"}, slices.Repeat([]string{"HTTP/1.1 /core/v1/cases [] 0"}, 3)...)
	if !slices.Equal(seen, want) || connections.Load() != 1 {
		t.Errorf("the server saw %q on %d connections; want %q on one", seen, connections.Load(), want)
	}
}

func TestCertificateThatIsNotTrustedIsNotRepeated(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	o := &once{next: wire()}
	r := &retry{next: o, now: time.Now}
	if err := fetch(r, Repeatable(t.Context()), "GET", server.URL, nil); err == nil || errors.Is(err, ErrTimeout) || o.sent.Load() != 1 {
		t.Errorf("got %v after %d requests; want one", err, o.sent.Load())
	}
}

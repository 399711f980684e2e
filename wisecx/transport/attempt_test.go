package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a wire whose answer comes after some time, and whose body after some more.
type slow struct{ answer, body time.Duration }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := wait(r.Context(), s.answer); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Body: &slowBody{ctx: r.Context(), pause: s.body}, Request: r}, nil
}

type slowBody struct {
	ctx   context.Context
	pause time.Duration
	done  bool
}

func (b *slowBody) Read(p []byte) (int, error) {
	if b.done {
		return 0, io.EOF
	}
	if err := wait(b.ctx, b.pause); err != nil {
		return 0, err
	}
	b.done = true
	return copy(p, "{}"), nil
}

func (b *slowBody) Close() error { return nil }

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func TestAttemptIsBoundedInTime(t *testing.T) {
	const limit = 15 * time.Second
	tests := []struct {
		name   string
		wire   slow
		caller time.Duration // its own deadline; 0 for none
		want   error
		after  time.Duration
	}{
		{"an answer in time", slow{5 * time.Second, 5 * time.Second}, 0, nil, 10 * time.Second},
		{"an answer that does not come", slow{time.Hour, 0}, 0, ErrTimeout, limit},
		{"a body that does not come", slow{0, time.Hour}, 0, ErrTimeout, limit},
		{"an answer and a body that take too long together", slow{10 * time.Second, 10 * time.Second}, 0, ErrTimeout, limit},
		{"a caller that ends first", slow{time.Hour, 0}, 5 * time.Second, context.DeadlineExceeded, 5 * time.Second},
		{"a caller that ends first, while the body comes", slow{0, time.Hour}, 5 * time.Second, context.DeadlineExceeded, 5 * time.Second},
		{"a caller that ends later", slow{0, time.Hour}, 20 * time.Second, ErrTimeout, limit},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.caller > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.caller)
					defer cancel()
				}
				started := time.Now()
				err := fetchAll(attempt{next: test.wire, limit: limit}, newRequest(t, "GET", "/cases", "").WithContext(ctx))
				if !errors.Is(err, test.want) || err != nil && errors.Is(err, ErrTimeout) == errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v; want %v alone", err, test.want)
				}
				if took := time.Since(started); took != test.after {
					t.Errorf("it took %s; want %s", took, test.after)
				}
			})
		})
	}
}

func fetchAll(wire http.RoundTripper, request *http.Request) error {
	response, err := wire.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return err
}

func TestAttemptsClockStopsWhenTheAnswerIsClosed(t *testing.T) {
	var ended context.Context
	a := attempt{limit: time.Hour, next: roundTrip(func(r *http.Request) (*http.Response, error) {
		ended = r.Context()
		return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
	})}
	if err := fetchAll(a, newRequest(t, "GET", "/cases", "")); err != nil {
		t.Fatal(err)
	}
	if ended.Err() == nil {
		t.Error("its context goes on")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Over a real connection, where the time limit has to reach into the standard library.
func TestAttemptEndsARealServerThatStopsInTheMiddle(t *testing.T) {
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/body") {
			io.WriteString(w, `{"data": [`)
			w.(http.Flusher).Flush()
		}
		<-over
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	for _, path := range []string{"/header", "/body"} {
		t.Run(path, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := fetchAll(attempt{next: wire(), limit: 100 * time.Millisecond}, request); !errors.Is(err, ErrTimeout) {
				t.Errorf("got %v; want ErrTimeout", err)
			}
		})
	}
}

func TestBrokenConnectionIsAnErrorAndNoTimeout(t *testing.T) {
	tests := []struct{ name, answer string }{
		{"at once", ""},
		{"in the headers", "HTTP/1.1 200 OK\r\nContent-Le"},
		{"in a body of a declared length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\": ["},
		{"in a chunked body", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{\"data\": [\r\n"},
		{"with something other than HTTP", "SSH-2.0-OpenSSH_9.6\r\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address := raw(t, test.answer)
			request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+address, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = fetchAll(attempt{next: wire(), limit: time.Minute}, request)
			if err == nil || errors.Is(err, ErrTimeout) {
				t.Errorf("got %v; want the connection's error", err)
			}
		})
	}
}

// raw is a server that answers every request with the same bytes and hangs up.
func raw(t *testing.T, answer string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			request := make([]byte, 0, 4096)
			for !bytes.Contains(request, []byte("\r\n\r\n")) {
				part := make([]byte, 4096)
				n, err := connection.Read(part)
				if err != nil {
					break
				}
				request = append(request, part[:n]...)
			}
			io.WriteString(connection, answer)
			connection.Close()
		}
	}()
	return listener.Addr().String()
}

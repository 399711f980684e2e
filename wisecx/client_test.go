package wisecx

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestParseBase(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://api.wcx.cloud/core/v1", "https://api.wcx.cloud/core/v1"},
		{"https://api.wcx.cloud/core/v1/", "https://api.wcx.cloud/core/v1"},
		{"https://api.wcx.cloud//core/v1//", "https://api.wcx.cloud/core/v1"},
		{"https://api.wcx.cloud", "https://api.wcx.cloud/core/v1"},
		{"https://api.wcx.cloud/", "https://api.wcx.cloud/core/v1"},
		{" https://api.wcx.cloud/core/v1\n", "https://api.wcx.cloud/core/v1"},
		{"HTTPS://API.wcx.cloud:443", "https://api.wcx.cloud/core/v1"},
		{"https://api.wcx.cloud:8443/core/v2", "https://api.wcx.cloud:8443/core/v2"},
		{"https://proxy.example/wise/core/v1?", "https://proxy.example/wise/core/v1"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080/core/v1"},
		{"http://127.1.2.3:8080/", "http://127.1.2.3:8080/core/v1"},
		{"http://LocalHost:8080", "http://localhost:8080/core/v1"},
		{"http://[::1]:8080/core/v1/", "http://[::1]:8080/core/v1"},
	}
	for _, test := range tests {
		base, err := ParseBase(test.address)
		if err != nil || base.String() != test.want {
			t.Errorf("%q gives %v, %v; want %s", test.address, base, err, test.want)
		}
	}
}

func TestParseBaseRefuses(t *testing.T) {
	for _, address := range []string{
		"", "api.wcx.cloud", "api.wcx.cloud/core/v1", "/core/v1", "https://", "https:///core/v1", "://x",
		"http://api.wcx.cloud/core/v1", "http://127.evil.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
		"http://10.0.0.1", "ftp://api.wcx.cloud", "https://user:password@api.wcx.cloud", "https://api.wcx.cloud/?key=1",
		"https://api.wcx.cloud/#v1",
	} {
		if base, err := ParseBase(address); err == nil {
			t.Errorf("%q is taken, as %s", address, base)
		} else if !strings.HasPrefix(err.Error(), "want ") || strings.Contains(err.Error(), "password") {
			t.Errorf("%q is refused with %q; want what is wanted, and nothing secret", address, err)
		}
	}
}

func TestBlanksInAQueryGoAsPercent20(t *testing.T) {
	client, r := answering(200, `[]`)
	subject := &Field{Name: "subject", Wire: "case.subject", Operators: all}
	q := Query{Filter: []Condition{{subject, NotEqual, []any{"a b+c%d&e=f#g"}}}}
	if _, err := client.ListCases(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	raw := r.one(t).URL.RawQuery
	if strings.Contains(raw, "+") || !strings.Contains(raw, "NOT%20EQUAL") {
		t.Errorf("sent %s", raw)
	}
	values, err := url.ParseQuery(raw)
	if want := `[{"field":"case.subject","operator":"NOT EQUAL","value":"a b+c%d\u0026e=f#g"}]`; err != nil || values.Get("filtering") != want {
		t.Errorf("a server reads %q, %v; want %q", values.Get("filtering"), err, want)
	}
}

func TestBodiesGoAsJSON(t *testing.T) {
	client, r := answering(200, `{}`)
	var sent []byte
	r.answer = func(_ http.ResponseWriter, request *http.Request) { sent, _ = io.ReadAll(request.Body) }
	if _, err := client.send(t.Context(), "PUT", "/cases/5/status", nil, map[string]string{"status": "solved"}); err != nil {
		t.Fatal(err)
	}
	if got := r.one(t); string(sent) != `{"status":"solved"}` || got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Accept") != "application/json" {
		t.Errorf("sent %s with %v", sent, got.Header)
	}
	if _, err := client.send(t.Context(), "POST", "/cases", nil, func() {}); err == nil || len(r.requests) != 1 {
		t.Errorf("a body that is no JSON: %v after %d requests", err, len(r.requests))
	}
}

func TestTextInAPathReachesItsEndpoint(t *testing.T) {
	client, r := answering(200, `{}`)
	name := "tipo de envío/50%?#"
	if _, err := client.send(t.Context(), "GET", "/cases/fields/"+url.PathEscape(name)+"/options", nil, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := r.one(t).URL.EscapedPath(), "/core/v1/cases/fields/tipo%20de%20env%C3%ADo%2F50%25%3F%23/options"; got != want {
		t.Errorf("sent %s; want %s", got, want)
	}
	for _, name := range []string{"..", ".", "a/../../users", "%zz"} {
		path := "/cases/fields/" + url.PathEscape(name) + "/options"
		if name == "%zz" {
			path = "/cases/fields/%zz/options"
		}
		if _, err := client.send(t.Context(), "GET", path, nil, nil); err == nil {
			t.Errorf("%q was sent as %s", name, r.requests[len(r.requests)-1].URL)
		}
	}
	if len(r.requests) != 1 {
		t.Errorf("%d requests; want one", len(r.requests))
	}
}

func TestAnswerOverTenMegabytesIsRefused(t *testing.T) {
	large := strings.Repeat(" ", MaxAnswer+1)
	var bomb bytes.Buffer
	packed := gzip.NewWriter(&bomb)
	io.WriteString(packed, large)
	packed.Close()
	if bomb.Len() > 100<<10 {
		t.Fatalf("the bomb is %d bytes", bomb.Len())
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"of a declared length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(1<<40)) // it would never come
			w.(http.Flusher).Flush()
		}},
		{"of an undeclared length", func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			io.WriteString(w, large)
		}},
		{"packed into less", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := overTheNetwork(t, test.answer).ListCases(t.Context(), Query{})
			var refused *Error
			if !errors.Is(err, ErrTooLarge) || !errors.As(err, &refused) || refused.Endpoint != "GET /cases" {
				t.Errorf("got %v; want ErrTooLarge", err)
			}
		})
	}
	t.Run("and one of ten megabytes is read", func(t *testing.T) {
		body := `[{"id":7}]` + strings.Repeat(" ", MaxAnswer-len(`[{"id":7}]`))
		client := overTheNetwork(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
		if rows, err := client.ListCases(t.Context(), Query{}); err != nil || len(rows) != 1 {
			t.Errorf("got %d rows, %v", len(rows), err)
		}
	})
}

func TestCallersOwnEndStaysWhatItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := New(config(hanging{}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.GetCase(ctx, 5); err != context.DeadlineExceeded {
			t.Errorf("past its deadline, the caller got %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := client.GetCase(ctx, 5); err != context.Canceled {
			t.Errorf("when cancelled, the caller got %v", err)
		}
		_, err := client.GetCase(t.Context(), 5)
		if !errors.Is(err, ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no answer in time (15s)") {
			t.Errorf("when the attempt took too long, the caller got %v", err)
		}
		time.Sleep(time.Minute) // of the bubble: the logins end
	})
}

// hanging is a wire without an answer.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A dialer's own time-out calls itself context.DeadlineExceeded, though no context ended.
type selfStyled struct{}

func (selfStyled) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, context.DeadlineExceeded
}

func TestDialThatTakesTooLongIsNotTheCallersEnd(t *testing.T) {
	if _, err := New(config(selfStyled{})).GetCase(t.Context(), 5); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v; want ErrUnavailable", err)
	}
}

func TestBrokenConnectionIsUnavailable(t *testing.T) {
	server := httptest.NewServer(&recorder{})
	address := server.URL
	server.Close()
	_, err := at(t, address).GetCase(t.Context(), 5)
	var refused *Error
	if !errors.As(err, &refused) || refused.Kind != ErrUnavailable || refused.Status != 0 || refused.Endpoint != "GET /authenticate" {
		t.Errorf("nobody listens: got %v", err)
	}
	client := overTheNetwork(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `{"data": [`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	_, err = client.ListContacts(t.Context(), Query{Filter: []Condition{{field(t, &Contacts, "phone"), Equal, []any{"5491155510005"}}}})
	if !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "5491155510005") || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("broken in the middle: got %v; want ErrUnavailable without the query's values", err)
	}
}

// The standard library's error names the whole address, and with it what was asked about whom.
func TestErrorsDoNotShowTheQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		login := &recorder{}
		client := New(config(roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/authenticate") {
				return inMemory{login}.RoundTrip(r)
			}
			return nil, errors.New("connection refused")
		})))
		_, err := client.ListContacts(t.Context(), Query{Filter: []Condition{{field(t, &Contacts, "phone"), Equal, []any{"5491155510005"}}}})
		if want := "GET /contacts/: the API does not answer: connection refused"; err == nil || err.Error() != want {
			t.Errorf("got %v; want %s", err, want)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRedirectIsAMalformedAnswer(t *testing.T) {
	client := overTheNetwork(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://login.example/"+testKey, http.StatusFound)
	})
	_, err := client.ListCases(t.Context(), Query{})
	if !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "login.example") || strings.Contains(err.Error(), testKey) {
		t.Errorf("got %v", err)
	}
}

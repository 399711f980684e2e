package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// over serves the account on a loopback port, and gives a client as package wisecx makes it.
func over(t *testing.T, f *fake) (*httptest.Server, *http.Client) {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	l := New(Options{Base: parse(server.URL + "/core/v1"), User: user, Key: key})
	client := &http.Client{Transport: l, CheckRedirect: SameHost}
	t.Cleanup(client.CloseIdleConnections)
	return server, client
}

// stranger is another host that notes what reaches it.
func stranger(t *testing.T) (server *httptest.Server, visits func() []http.Header) {
	t.Helper()
	var mu sync.Mutex
	var headers []http.Header
	server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		headers = append(headers, r.Header.Clone())
	}))
	t.Cleanup(server.Close)
	return server, func() []http.Header {
		mu.Lock()
		defer mu.Unlock()
		return headers
	}
}

func TestRedirectElsewhereIsNotFollowed(t *testing.T) {
	other, visits := stranger(t)
	port := other.URL[strings.LastIndex(other.URL, ":"):]
	for name, location := range map[string]string{
		"another port":                         other.URL + "/core/v1/cases",
		"another name of this machine":         "http://localhost" + port + "/core/v1/cases",
		"another port without a scheme":        "//127.0.0.1" + port + "/core/v1/cases",
		"another scheme":                       "https://SELF/core/v1/cases",
		"another scheme without authority":     "file:///etc/passwd",
		"another host behind a user name":      "http://SELF@127.0.0.1" + port + "/",
		"another host that begins the same":    "http://127.0.0.1.example.invalid/",
		"a name that resolves to this machine": "http://LOCALHOST" + port,
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				f := &fake{}
				server, client := over(t, f)
				f.answer = func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Location", strings.ReplaceAll(location, "SELF", strings.TrimPrefix(server.URL, "http://")))
					w.WriteHeader(status)
				}
				response, err := client.Get(server.URL + "/core/v1/cases")
				if response != nil {
					response.Body.Close()
				}
				if !errors.Is(err, ErrRedirect) {
					t.Errorf("got %v; want ErrRedirect", err)
				}
				if len(f.sent()) != 1 {
					t.Errorf("%d calls were sent; want 1", len(f.sent()))
				}
			})
		}
	}
	if len(visits()) != 0 {
		t.Errorf("the other host was reached with %v", visits())
	}
}

// The client's own rule aside, the standard library must not carry the key along either.
func TestKeyDoesNotTravelEvenWhenARedirectIsFollowed(t *testing.T) {
	other, visits := stranger(t)
	f := &fake{answer: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }}
	server, client := over(t, f)
	client.CheckRedirect = nil
	response, err := client.Get(server.URL + "/core/v1/cases")
	if response != nil {
		response.Body.Close()
	}
	if !errors.Is(err, ErrRedirect) || len(visits()) != 0 {
		t.Errorf("got %v, and the other host was reached with %v; want ErrRedirect of the login itself", err, visits())
	}

	// With a plain transport behind the same first request, nothing of ours is in the headers that Go copies.
	client.Transport = &firstHop{login: client.Transport, base: server.URL}
	response, err = client.Get(server.URL + "/core/v1/cases")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	for _, header := range visits() {
		if text := fmt.Sprint(header); strings.Contains(text, key) || strings.Contains(text, "token-") {
			t.Errorf("the other host was sent %s", text)
		}
	}
	if len(visits()) != 1 {
		t.Errorf("the other host was reached %d times; want 1", len(visits()))
	}
}

// firstHop sends what is for base through the login, and the rest as it is.
type firstHop struct {
	login http.RoundTripper
	base  string
}

func (h *firstHop) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.String(), h.base) {
		return h.login.RoundTrip(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestRedirectOfAWriteIsNotFollowed(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprint(method, " ", status), func(t *testing.T) {
				f := &fake{answer: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/core/v1/elsewhere", status) }}
				server, client := over(t, f)
				request, err := http.NewRequest(method, server.URL+"/core/v1/cases/5", strings.NewReader("{}"))
				if err != nil {
					t.Fatal(err)
				}
				response, err := client.Do(request)
				if response != nil {
					response.Body.Close()
				}
				if !errors.Is(err, ErrRedirect) || len(f.sent()) != 1 {
					t.Errorf("got %v after %d calls; want ErrRedirect after one", err, len(f.sent()))
				}
			})
		}
	}
}

func TestRedirectOfAReadToTheSameHostIsFollowedThreeTimes(t *testing.T) {
	for hops, follows := range map[int]bool{1: true, 3: true, 4: false} {
		t.Run(fmt.Sprint(hops), func(t *testing.T) {
			left := hops
			f := &fake{answer: func(w http.ResponseWriter, r *http.Request) {
				if left--; left >= 0 {
					http.Redirect(w, r, fmt.Sprintf("/core/v1/hop-%d", left), http.StatusMovedPermanently)
					return
				}
				io.WriteString(w, "arrived")
			}}
			server, client := over(t, f)
			response, err := client.Get(server.URL + "/core/v1/cases")
			if response != nil {
				defer response.Body.Close()
			}
			if !follows {
				if !errors.Is(err, ErrRedirect) {
					t.Errorf("got %v; want ErrRedirect", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if body, _ := io.ReadAll(response.Body); string(body) != "arrived" {
				t.Errorf("got %q", body)
			}
			for _, c := range f.sent() {
				if c.key != key || c.bearer != "token-1" {
					t.Errorf("a hop went without its headers: %+v", c)
				}
			}
		})
	}
}

// Login guards against other hosts by itself, so the client's rule is also shown alone.
func TestSameHost(t *testing.T) {
	request := func(method, address string) *http.Request { return &http.Request{Method: method, URL: parse(address)} }
	first := request("GET", "https://api.wcx.cloud/core/v1/cases")
	tests := []struct {
		next    string
		first   *http.Request
		allowed bool
	}{
		{"https://api.wcx.cloud/other?x=1", first, true},
		{"http://api.wcx.cloud/core/v1/cases", first, false},
		{"https://api.wcx.cloud:8443/core/v1/cases", first, false},
		{"https://api.wcx.cloud.example/", first, false},
		{"https://sub.api.wcx.cloud/", first, false},
		{"https://api.wcx.cloud@evil.example/", first, false},
		{"https://api.wcx.cloud/", request("POST", "https://api.wcx.cloud/core/v1/cases"), false},
	}
	for _, test := range tests {
		if err := SameHost(request("GET", test.next), []*http.Request{test.first}); (err == nil) != test.allowed {
			t.Errorf("%s to %s: %v; want it followed: %t", test.first.Method, test.next, err, test.allowed)
		}
	}
}

func TestLoginFollowsNoRedirect(t *testing.T) {
	other, visits := stranger(t)
	f := &fake{login: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }}
	server, client := over(t, f)
	_, err := client.Get(server.URL + "/core/v1/cases")
	var failed *LoginError
	if !errors.As(err, &failed) || failed.Status != http.StatusFound || len(visits()) != 0 {
		t.Errorf("got %v, other host reached with %v; want a LoginError of 302", err, visits())
	}
}

func TestRequestForAnotherHostIsNotSent(t *testing.T) {
	f := &fake{}
	l := newLogin(f, newClock().now)
	request := newRequest(t, "POST", "/cases", "{}")
	body := &closing{Reader: strings.NewReader("{}")}
	request.Body = body
	request.URL.Host = "other.example"
	if _, err := l.RoundTrip(request); !errors.Is(err, ErrRedirect) || len(f.calls) != 0 {
		t.Errorf("got %v after %d calls; want ErrRedirect and none", err, len(f.calls))
	}
	if !body.closed {
		t.Error("its body was left open")
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

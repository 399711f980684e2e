package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

func TestRefusedCallRenewsTheTokenAndIsSentOnceMore(t *testing.T) {
	for _, status := range []int{401, 403} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			t.Run(method+" "+http.StatusText(status), func(t *testing.T) {
				f := &fake{refuses: status}
				l := newLogin(f, newClock().now) // a clock that stands still
				get(t, l, "/queues")
				f.revoke()
				body := ""
				if method != "GET" {
					body = `{"status": "solved"}`
				}
				wantStatus(t, do(t, l, newRequest(t, method, "/cases/5/status", body)), 200)
				f.wantLogins(t, 2)
				want := []call{
					{method, "/core/v1/cases/5/status", "", key, "token-1", body},
					{method, "/core/v1/cases/5/status", "", key, "token-2", body},
				}
				if calls := f.sent()[1:]; len(calls) != 2 || calls[0] != want[0] || calls[1] != want[1] {
					t.Errorf("sent %+v; want %+v", calls, want)
				}
			})
		}
	}
}

func TestCallWhoseBodyCannotBeReadAgainIsNotSentAgain(t *testing.T) {
	f := &fake{}
	l := newLogin(f, newClock().now)
	get(t, l, "/queues")
	f.revoke()
	request := newRequest(t, "POST", "/cases", "")
	request.Body = io.NopCloser(strings.NewReader("{}"))
	wantStatus(t, do(t, l, request), 403)
	f.wantLogins(t, 1)
}

func TestCallsRefusedTogetherLogInOnce(t *testing.T) {
	for name, issue := range map[string]func(int) string{"a new token each time": nil, "the same token again": func(int) string { return "always" }} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := make(chan struct{})
				var waiting sync.Map // requests that were held, so that the repeats are not
				f := &fake{issue: issue}
				l := newLogin(f, nil)
				get(t, l, "/queues")
				f.revoke()
				f.enter = func(r *http.Request) error {
					if _, held := waiting.LoadOrStore(r.URL.RawQuery, true); !held && r.URL.RawQuery != "" {
						<-gate
					}
					return nil
				}
				var all sync.WaitGroup
				for i := range 100 {
					all.Go(func() { wantStatus(t, get(t, l, fmt.Sprintf("/cases?page=%d", i)), 200) })
				}
				synctest.Wait()
				close(gate)
				all.Wait()
				f.wantLogins(t, 2)
			})
		})
	}
}

// What was refused after another call logged in uses that token, even where the API gives the same value again.
func TestCallRefusedAfterAnothersLoginUsesItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		f := &fake{issue: func(int) string { return "always" }}
		l := newLogin(f, nil)
		get(t, l, "/queues")
		f.revoke()
		held := false
		f.enter = func(r *http.Request) error {
			if strings.HasSuffix(r.URL.Path, "/late") && !held {
				held = true
				<-gate
				f.revoke() // it is refused, whatever happened meanwhile
			} else if held && strings.HasSuffix(r.URL.Path, "/late") {
				f.mu.Lock()
				f.valid = "always"
				f.mu.Unlock()
			}
			return nil
		}
		late := make(chan int)
		go func() { late <- get(t, l, "/late") }()
		synctest.Wait()
		get(t, l, "/early")
		f.wantLogins(t, 2)
		close(gate)
		wantStatus(t, <-late, 200)
		f.wantLogins(t, 2)
	})
}

// forbidding answers 403 below the given paths, whatever the token.
func forbidding(paths ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, path := range paths {
			if strings.HasPrefix(r.URL.Path, "/core/v1"+path) {
				w.WriteHeader(http.StatusForbidden)
				io.WriteString(w, `{"error": "no permission"}`)
			}
		}
	}
}

func TestRefusalWithANewTokenIsAMissingPermission(t *testing.T) {
	c := newClock()
	f := &fake{answer: forbidding("/surveys", "/orders")}
	l := newLogin(f, c.now)

	wantStatus(t, get(t, l, "/surveys/1/responses"), 403)
	f.wantLogins(t, 1) // the token was new: another one would not help
	for range 20 {
		wantStatus(t, get(t, l, "/surveys/1/responses"), 403)
		wantStatus(t, get(t, l, "/surveys/22/responses"), 403) // the same endpoint
	}
	f.wantLogins(t, 1)

	wantStatus(t, get(t, l, "/orders"), 403) // another endpoint, a token that may have been revoked
	f.wantLogins(t, 2)
	wantStatus(t, get(t, l, "/orders"), 403)
	f.wantLogins(t, 2)
	wantStatus(t, do(t, l, newRequest(t, "POST", "/orders", "{}")), 403) // another verb is another endpoint
	f.wantLogins(t, 3)

	f.revoke() // elsewhere a revoked token is renewed all the same
	wantStatus(t, get(t, l, "/cases"), 200)
	f.wantLogins(t, 4)

	c.advance(deniedFor)
	wantStatus(t, get(t, l, "/orders"), 403) // forgotten, so it is tried again, once
	wantStatus(t, get(t, l, "/orders"), 403)
	f.wantLogins(t, 5)
	if got := len(l.denied); got != 1 {
		t.Errorf("%d permissions are remembered; want 1, the old ones forgotten", got)
	}
}

func TestGrantedPermissionIsUsedAtOnce(t *testing.T) {
	f := &fake{answer: forbidding("/surveys")}
	l := newLogin(f, newClock().now)
	wantStatus(t, get(t, l, "/surveys"), 403)
	f.answer = nil
	wantStatus(t, get(t, l, "/surveys"), 200)
}

func TestRefusalComesBackWithItsWords(t *testing.T) {
	f := &fake{answer: forbidding("/surveys")}
	l := newLogin(f, newClock().now)
	get(t, l, "/cases")
	for range 2 { // once after a renewal, once remembered
		response, err := l.RoundTrip(newRequest(t, "GET", "/surveys", ""))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(body) != `{"error": "no permission"}` {
			t.Errorf("got %q, %v", body, err)
		}
	}
}

func TestRenewalThatFailsAfterARefusalIsTheLoginsError(t *testing.T) {
	f := &fake{}
	l := newLogin(f, newClock().now)
	get(t, l, "/cases")
	f.revoke()
	f.login = answering(403, "")
	_, err := l.RoundTrip(newRequest(t, "PUT", "/cases/5", "{}"))
	var failed *LoginError
	if !errors.As(err, &failed) || failed.Status != 403 {
		t.Errorf("got %v; want a LoginError of 403", err)
	}
}

func TestEndpointOfARequestLeavesItsIdsAside(t *testing.T) {
	for path, want := range map[string]string{
		"/cases/430357543/activities/99":             "GET /core/v1/cases/{id}/activities/{id}",
		"/contacts/":                                 "GET /core/v1/contacts/",
		"/analytics/export/4f2a-77/status":           "GET /core/v1/analytics/export/{id}/status",
		"/cases/fields/sucursal/options?limit=1":     "GET /core/v1/cases/fields/sucursal/options",
		"/nitro/campaigns/1/messages/2/contacts?p=1": "GET /core/v1/nitro/campaigns/{id}/messages/{id}/contacts",
	} {
		if got := endpoint(newRequest(t, "GET", path, "")); got != want {
			t.Errorf("%s is %q; want %q", path, got, want)
		}
	}
}

func TestEndpointThatHasAnsweredGetsNewTokensWhileTokensEnd(t *testing.T) {
	f := &fake{}
	l := newLogin(f, newClock().now)
	wantStatus(t, get(t, l, "/cases"), 200)
	ends := 3
	f.enter = func(r *http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/cases") && ends > 0 {
			ends--
			f.revoke()
		}
		return nil
	}
	wantStatus(t, get(t, l, "/cases"), 200)
	f.wantLogins(t, 4)
	if len(l.denied) != 0 {
		t.Errorf("%v count as denied", l.denied)
	}
}

func TestPermissionThatIsTakenAwayCountsAsMissingInTheEnd(t *testing.T) {
	f, c := &fake{}, newClock()
	l := newLogin(f, c.now)
	wantStatus(t, get(t, l, "/cases"), 200)
	f.answer = forbidding("/cases")
	if _, err := l.RoundTrip(newRequest(t, "GET", "/cases", "")); !errors.Is(err, errTokens) {
		t.Errorf("the call fails with %v, want %v", err, errTokens)
	}
	c.advance(provenFor)
	wantStatus(t, get(t, l, "/cases"), 403)
	f.mu.Lock()
	logins := f.logins
	f.mu.Unlock()
	for range 20 {
		wantStatus(t, get(t, l, "/cases"), 403)
	}
	f.wantLogins(t, logins)
}

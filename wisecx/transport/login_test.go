package transport

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneLoginServesAllCallsThatStartTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		f := &fake{enter: func(r *http.Request) error {
			if strings.HasSuffix(r.URL.Path, "/authenticate") {
				<-gate
			}
			return nil
		}}
		l := newLogin(f, nil)
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { wantStatus(t, get(t, l, "/cases"), 200) })
		}
		synctest.Wait()
		close(gate)
		all.Wait()
		f.wantLogins(t, 1)
		for _, c := range f.sent() {
			if c.bearer != "token-1" || c.key != key {
				t.Fatalf("sent with token %q and key %q", c.bearer, c.key)
			}
		}
	})
}

// Without a gate, some calls look at the token just before the login ends and ask for it just after.
func TestOneLoginServesCallsThatComeWhileItEnds(t *testing.T) {
	for range 50 {
		f := &fake{}
		l := newLogin(f, newClock().now)
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { get(t, l, "/cases") })
		}
		all.Wait()
		f.wantLogins(t, 1)
	}
}

func TestEveryCallCarriesBothHeadersAndTheLoginOnlyTheKey(t *testing.T) {
	f := &fake{}
	l := newLogin(f, newClock().now)
	request := newRequest(t, "GET", "/cases", "")
	do(t, l, request)
	if len(request.Header) != 0 {
		t.Errorf("the caller's request was changed: %v", request.Header)
	}
	if got, want := f.calls[0], (call{"GET", "/core/v1/authenticate", "user=ana+%26+co", key, "", ""}); got != want {
		t.Errorf("the login is %+v; want %+v", got, want)
	}
	if got, want := f.calls[1], (call{"GET", "/core/v1/cases", "", key, "token-1", ""}); got != want {
		t.Errorf("the call is %+v; want %+v", got, want)
	}
}

func TestTokenIsRenewedBeforeItEnds(t *testing.T) {
	tests := []struct {
		name  string
		token string
		renew time.Duration
	}{
		{"a token that says nothing of its life", "opaque", 50 * time.Minute},
		{"a JWT of an hour", jwt(`{"iat":1788966000,"exp":1788969600}`), 50 * time.Minute},
		{"a JWT of ten minutes", jwt(`{"iat":1788966000,"exp":1788966600}`), 500 * time.Second},
		{"a JWT of a clock that is a day ahead", jwt(`{"iat":1789052400,"exp":1789053000}`), 500 * time.Second},
		{"a JWT of a day, longer than documented", jwt(`{"iat":1788966000,"exp":1789052400}`), 50 * time.Minute},
		{"a JWT of ten thousand years", jwt(`{"iat":1,"exp":1e300}`), 50 * time.Minute},
		{"a JWT that ends before it begins", jwt(`{"iat":1788966600,"exp":1788966000}`), 50 * time.Minute},
		{"a JWT without its beginning", jwt(`{"exp":1788966600}`), 50 * time.Minute},
		{"a JWT with times as text", jwt(`{"iat":"x","exp":"y"}`), 50 * time.Minute},
		{"a JWT that is none", "a.%%%.c", 50 * time.Minute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newClock()
			f := &fake{issue: func(int) string { return test.token }}
			l := newLogin(f, c.now)
			get(t, l, "/cases")
			c.advance(test.renew - time.Second)
			get(t, l, "/cases")
			f.wantLogins(t, 1)
			c.advance(time.Second)
			get(t, l, "/cases")
			get(t, l, "/cases")
			f.wantLogins(t, 2)
		})
	}
}

func TestRenewalThatFailsAheadOfTheEndDoesNoHarm(t *testing.T) {
	c := newClock()
	f := &fake{}
	l := newLogin(f, c.now)
	get(t, l, "/cases")
	f.login = answering(500, "")
	c.advance(51 * time.Minute)
	for range 10 {
		wantStatus(t, get(t, l, "/cases"), 200)
	}
	f.wantLogins(t, 2) // not one more for every call
	c.advance(renewPause)
	wantStatus(t, get(t, l, "/cases"), 200)
	f.wantLogins(t, 3)
	c.advance(8 * time.Minute) // the token has ended
	_, err := l.RoundTrip(newRequest(t, "GET", "/cases", ""))
	var failed *LoginError
	if !errors.As(err, &failed) || failed.Status != 500 {
		t.Errorf("after the token's end: %v; want a LoginError of 500", err)
	}
	f.login = nil
	wantStatus(t, get(t, l, "/cases"), 200)
}

func TestRenewalThatHangsAheadOfTheEndDelaysACallABit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := false
		f := &fake{enter: func(r *http.Request) error {
			if hang && strings.HasSuffix(r.URL.Path, "/authenticate") {
				<-r.Context().Done()
				return r.Context().Err()
			}
			return nil
		}}
		l := newLogin(f, nil)
		get(t, l, "/cases")
		time.Sleep(51 * time.Minute) // of the bubble's clock
		hang = true
		started := time.Now()
		wantStatus(t, get(t, l, "/cases"), 200)
		if waited := time.Since(started); waited != patience {
			t.Errorf("the call waited %s; want %s", waited, patience)
		}
		time.Sleep(loginTimeout) // the login gives up
	})
}

func TestTokenIsFoundUnderItsNames(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"token", `{"token": "abc"}`, "abc"},
		{"access_token", `{"access_token": "abc", "token_type": "bearer"}`, "abc"},
		{"jwt", `{"jwt": "abc"}`, "abc"},
		{"the documented name first", `{"jwt": "c", "access_token": "b", "token": "a"}`, "a"},
		{"an empty one is passed over", `{"token": "", "jwt": "c"}`, "c"},
		{"one that is no text is passed over", `{"token": {"a": 1}, "jwt": "c"}`, "c"},
		{"wrapped", `{"data": {"token": "abc"}}`, "abc"},
		{"beside data of another shape", `{"data": [], "token": "abc"}`, "abc"},
		{"beside data that is null", `{"data": null, "token": "abc"}`, "abc"},
		{"with a line break, which would forge headers", `{"token": "abc\r\nX: y"}`, ""},
		{"nowhere", `{"ok": true}`, ""},
		{"in no JSON", `abc`, ""},
		{"in nothing", ``, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := tokenIn([]byte(test.body)); got != test.want {
				t.Errorf("got %q; want %q", got, test.want)
			}
		})
	}
}

func TestLoginThatGivesNoTokenSaysWhy(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"refused", 403, `{"error": "Invalid key ` + key + `"}`, "login failed: the API answered 403 Forbidden"},
		{"broken", 502, "<html>", "login failed: the API answered 502 Bad Gateway"},
		{"not there", 404, "", "login failed: the API answered 404 Not Found; is the base URL right?"},
		{"moved", 302, "", "login failed: the API answered 302 Found; is the base URL right?"},
		{"a web page", 200, "\n<!DOCTYPE html><title>Welcome</title>", "login failed: the API answered 200 with a web page instead of JSON; is the base URL right?"},
		{"something else", 200, `{"user": 1}`, "login failed: the API answered 200 without a token; is the base URL right?"},
		{"nothing", 204, "", "login failed: the API answered 204 without a token; is the base URL right?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fake{login: answering(test.status, test.body)}
			_, err := newLogin(f, newClock().now).RoundTrip(newRequest(t, "POST", "/cases", "{}"))
			var failed *LoginError
			if !errors.As(err, &failed) || failed.Status != test.status || err.Error() != test.want {
				t.Errorf("got %v; want %s", err, test.want)
			}
			if calls := f.sent(); len(calls) != 0 {
				t.Errorf("%d calls were sent without a token", len(calls))
			}
		})
	}
}

func TestCallerThatIsCancelledLeavesAndTheLoginGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		f := &fake{enter: func(r *http.Request) error {
			if !strings.HasSuffix(r.URL.Path, "/authenticate") {
				return nil
			}
			select {
			case <-gate:
				return nil
			case <-r.Context().Done():
				return r.Context().Err()
			}
		}}
		l := newLogin(f, nil)
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { // it starts the login
			_, err := l.RoundTrip(newRequest(t, "GET", "/cases", "").WithContext(ctx))
			left <- err
		}()
		synctest.Wait()
		stayed := make(chan int)
		go func() { stayed <- get(t, l, "/cases") }()
		synctest.Wait()
		started := time.Now()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the cancelled caller got %v", err)
		}
		if waited := time.Since(started); waited != 0 {
			t.Errorf("the cancelled caller waited %s", waited)
		}
		close(gate)
		wantStatus(t, <-stayed, 200)
		f.wantLogins(t, 1)
	})
}

func TestLoginHasItsOwnTimeLimit(t *testing.T) {
	tests := []struct {
		name    string
		attempt time.Duration
		want    time.Duration
	}{
		{"that of an attempt", 10 * time.Second, 10 * time.Second},
		{"thirty seconds where an attempt may take longer", time.Hour, loginTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{enter: func(r *http.Request) error { <-r.Context().Done(); return r.Context().Err() }}
				l := New(Options{Base: parse(base), User: user, Key: key, Timeout: test.attempt, Wire: f})
				started := time.Now()
				_, err := l.RoundTrip(newRequest(t, "GET", "/cases", ""))
				var failed *LoginError
				if !errors.As(err, &failed) || !errors.Is(err, ErrTimeout) || errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v; want a LoginError that is ErrTimeout and not the caller's end", err)
				}
				if waited := time.Since(started); waited != test.want {
					t.Errorf("it took %s; want %s", waited, test.want)
				}
			})
		})
	}
}

func TestSecretsAreTakenOutOfTexts(t *testing.T) {
	c := newClock()
	f := &fake{}
	l := newLogin(f, c.now)
	get(t, l, "/cases")
	c.advance(51 * time.Minute)
	get(t, l, "/cases")
	got := l.Redact("key " + key + ", escaped the-key%2Fwith%2Bodd%3Dsigns, token token-2, the one before token-1")
	if want := "key [secret], escaped [secret], token [secret], the one before [secret]"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	if got := newLogin(f, nil).Redact("nothing"); got != "nothing" {
		t.Errorf("before the first login, %q", got)
	}
}

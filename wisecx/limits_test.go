package wisecx

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestReadsAreRepeatedWhereTheServiceStumbles(t *testing.T) {
	tests := []struct {
		name, body string
		read       func(context.Context, *Client) error
	}{
		{"a list", `{"data": []}`, func(ctx context.Context, c *Client) error { _, err := c.ListCases(ctx, Query{}); return err }},
		{"one", `{"id": 5}`, func(ctx context.Context, c *Client) error { _, err := c.GetCase(ctx, 5); return err }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, r := answering(200, test.body)
				good, stumbles := r.answer, 3
				r.answer = func(w http.ResponseWriter, request *http.Request) {
					if stumbles--; stumbles >= 0 {
						w.WriteHeader(http.StatusBadGateway)
						return
					}
					good(w, request)
				}
				ctx, call := WithCall(t.Context())
				if err := test.read(ctx, client); err != nil {
					t.Errorf("got %v", err)
				}
				if call.Requests() != 5 || call.Waited() < 500*time.Millisecond {
					t.Errorf("%d requests with %s of waiting; want the login and four, and pauses", call.Requests(), call.Waited())
				}
				if stats := client.Stats(); stats.Repeats != 3 || stats.Sent != 5 {
					t.Errorf("the numbers are %+v", stats)
				}
			})
		})
	}
}

func TestSendAloneRepeatsNothing(t *testing.T) {
	client, r := answering(503, "")
	_, err := client.send(t.Context(), "GET", "/cases", nil, nil)
	r.one(t)
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestRequestBeyondTheLimitsSaysWhenItCanGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r := answering(200, `{"id": 5}`)
		c := config(inMemory{r})
		c.RatePerMinute, c.RatePerDay = 100, 12
		client := New(c)
		for range 11 { // and a login
			if _, err := client.GetCase(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
		defer cancel()
		_, err := client.GetCase(ctx, 5)
		var refused *Error
		if !errors.As(err, &refused) || refused.Kind != ErrLimit || refused.Status != 0 || refused.RetryAfter < 23*time.Hour {
			t.Fatalf("got %#v; want ErrLimit of a day", err)
		}
		if want := "GET /cases/5: the account's request limit is reached: 12 requests in the last 24 hours are used up; the next request can go in 24h"; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("it reads %q", err)
		}
	})
}

func TestServiceThatIsDownIsNotAskedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, r := answering(500, "")
		for range 20 {
			client.GetCase(t.Context(), 5)
		}
		before := len(r.requests)
		_, err := client.GetCase(t.Context(), 5)
		var refused *Error
		if !errors.As(err, &refused) || refused.Kind != ErrUnavailable || refused.RetryAfter <= 0 || refused.RetryAfter > 6*time.Second {
			t.Fatalf("got %#v; want ErrUnavailable of some seconds", err)
		}
		if want := "GET /cases/5: the API does not answer: the service failed too often a moment ago; it is tried again in 5s"; err.Error() != want || len(r.requests) != before {
			t.Errorf("it reads %q after %d requests; want %q after none", err, len(r.requests)-before, want)
		}
	})
}

// A login that is refused by a layer of ours says so about the call, not about the key.
func TestRefusedLoginIsTheLimitsMatter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := config(roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }))
		client := New(c)
		for range 10 {
			client.GetCase(t.Context(), 5)
		}
		_, err := client.GetCase(t.Context(), 5)
		var refused *Error
		if !errors.As(err, &refused) || refused.Kind != ErrUnavailable || refused.RetryAfter <= 0 {
			t.Errorf("got %#v; want ErrUnavailable with the time to wait", err)
		}
	})
}

// The simulator counts in its own way, so that it can disagree with the limiter.
func TestSimulatorsLimitIsUsedAndNotReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := sandbox.New(sandbox.Options{Cases: 5, Contacts: 5, Faults: sandbox.Faults{RatePerMinute: 5000, LatencyJitter: 400 * time.Millisecond}})
		base, err := ParseBase(DefaultBase)
		if err != nil {
			t.Fatal(err)
		}
		client := New(Config{Base: base, User: sandbox.User, Key: sandbox.Key, Wire: inMemory{api}})
		started := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				for time.Since(started) < 3*time.Minute {
					if _, err := client.ListChannels(t.Context(), Query{Limit: 1}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(3 * time.Minute)
		if stats := client.Stats(); stats.TooMany != 0 || stats.Sent < 15000*98/100 {
			t.Errorf("%+v; want 98 %% of 15000 and no 429", stats)
		}
		all.Wait()
	})
}

package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRefusalsAreNotRepeatedAndAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		c := newChain(s, func(o *Options) { o.RatePerMinute = 60 })
		for range 9 { // and the login
			if err := ask(t, c, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		var limit *LimitError
		if err := ask(t, c, 100*time.Millisecond); !errors.As(err, &limit) {
			t.Errorf("got %v; want a LimitError", err)
		}
		s.set(says(500))
		c.limiter.quota = newQuota(unlimited, unlimited)
		time.Sleep(time.Minute)
		var open *OpenError
		for range 30 {
			err := ask(t, c, time.Minute)
			if errors.As(err, &open) {
				break
			}
		}
		if open == nil || open.Wait <= 0 {
			t.Fatalf("no OpenError came")
		}
		want := Stats{
			Sent: int64(s.requests()), Waited: c.Stats().Waited, LastMinute: c.Stats().LastMinute, LastDay: int64(s.requests()),
			RefusedByLimit: 1, RefusedByHealth: 1, Breaker: "open",
		}
		if got := c.Stats(); got != want {
			t.Errorf("got %+v; want %+v", got, want)
		}
	})
}

func TestLoginThatIsRefusedSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		s.set(breaks)
		c := newChain(s)
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() { ask(t, c, time.Minute) })
		}
		all.Wait()
		for range 10 {
			ask(t, c, time.Minute)
		}
		var login *LoginError
		var open *OpenError
		if err := ask(t, c, time.Minute); !errors.As(err, &login) || !errors.As(err, &open) {
			t.Errorf("got %v; want a LoginError for an OpenError", err)
		}
	})
}

// Whatever becomes of its calls, the chain leaves nothing running: synctest does not let a test end before that.
func TestNothingIsLeftRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: 100 * time.Millisecond}
		c := newChain(s, func(o *Options) { o.RatePerMinute = 600 })
		forms := []func(*http.Request) (*http.Response, error){nil, breaks, hangs, says(503), says(429, "Retry-After", "2"), nil}
		var all sync.WaitGroup
		for i, form := range forms {
			s.set(form)
			for n := range 200 {
				all.Go(func() {
					ctx, cancel := context.WithCancel(t.Context())
					if n%3 == 0 {
						time.AfterFunc(time.Duration(n)*10*time.Millisecond, cancel)
					} else {
						ctx, cancel = context.WithTimeout(Repeatable(t.Context()), time.Duration(1+n%45)*time.Second)
					}
					defer cancel()
					send(t, c, ctx, []string{"GET", "POST"}[i%2], "")
				})
			}
			time.Sleep(10 * time.Second)
		}
		all.Wait()
		if n := c.limiter.line.Len(); n != 0 {
			t.Errorf("%d are left in line", n)
		}
		time.Sleep(time.Minute)
		if err := ask(t, c, time.Minute); err != nil {
			t.Errorf("afterwards a call gets %v", err)
		}
	})
}

// BenchmarkLayers is what limiter, breaker and retry cost a request together; the wire costs nothing.
func BenchmarkLayers(b *testing.B) {
	answer := reply(200, "")
	o := Options{RatePerMinute: unlimited, RatePerDay: unlimited, Now: time.Now}
	guard := newBreaker(roundTrip(func(*http.Request) (*http.Response, error) {
		again := *answer
		again.Body = noBody{}
		return &again, nil
	}), testAttempt)
	layers := &retry{next: newLimiter(guard, guard.ready, o), now: time.Now}
	request := newRequest(b, "GET", "/cases", "")
	request = request.WithContext(Repeatable(request.Context()))
	b.Run("one after the other", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := fetchAll(layers, request); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("in parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if err := fetchAll(layers, request); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

package transport

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limited is a limiter alone above a wire.
func limited(next http.RoundTripper, perMinute, perDay int) *limiter {
	return newLimiter(next, func() error { return nil }, Options{RatePerMinute: perMinute, RatePerDay: perDay, Now: time.Now})
}

// use sends so many requests at once and waits for them.
func use(t *testing.T, wire http.RoundTripper, requests int) {
	t.Helper()
	var all sync.WaitGroup
	for range requests {
		all.Go(func() {
			if err := send(t, wire, t.Context(), "GET", ""); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
}

// The account's limit, more load than that, and latencies that move requests closer together.
func TestThreeMinutesUnderOverloadUse98PercentWithoutA429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{limit: 5000, latency: unevenness}
		c := newChain(s)
		started := time.Now()
		var all sync.WaitGroup
		for range 300 {
			all.Go(func() {
				for time.Since(started) < 3*time.Minute {
					if err := ask(t, c, 45*time.Second); err != nil {
						t.Errorf("%v", err)
						return
					}
				}
			})
		}
		time.Sleep(3 * time.Minute)
		used := float64(s.requests()) / 15000
		all.Wait()
		t.Logf("%.2f %% of the allowance, %d answers of 429", 100*used, s.tooMany)
		if used < 0.98 || s.tooMany > 0 {
			t.Errorf("used %.2f %% with %d answers of 429; want 98 %% and none", 100*used, s.tooMany)
		}
		if got := c.Stats(); got.Sent != int64(s.requests()) || got.TooMany != 0 || got.Waited == 0 || got.LastMinute > 5000 || got.LastDay != got.Sent {
			t.Errorf("its own numbers are %+v, of %d requests", got, s.requests())
		}
	})
}

func TestLoginsAndRepeatsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		c := newChain(s)
		broken := 2
		s.set(func(r *http.Request) (*http.Response, error) {
			if broken--; broken >= 0 {
				return nil, errRefused
			}
			return reply(200, `{"token": "t"}`), nil
		})
		ctx, call := WithCall(Repeatable(t.Context()))
		if err := send(t, c, ctx, "GET", ""); err != nil {
			t.Fatal(err)
		}
		if got := c.Stats(); got.Sent != 4 || got.LastDay != 4 || got.LastMinute != 4 || got.Repeats != 2 || got.Breaker != "closed" {
			t.Errorf("%+v; want 4 requests, of which 2 repeats", got)
		}
		if call.Requests() != 4 || call.Waited() != c.Stats().Waited || call.Waited() == 0 {
			t.Errorf("the call counts %d requests and %s of waiting; want 4 and %s", call.Requests(), call.Waited(), c.Stats().Waited)
		}
	})
}

func TestTenThousandWaitInTheOrderOfComing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var went [10000]time.Time // those who go at the same moment may overtake each other behind the limiter
		l := limited(roundTrip(func(r *http.Request) (*http.Response, error) {
			went[r.Context().Value(number{}).(int)] = time.Now()
			return reply(200, ""), nil
		}), 5000, 150000)
		started := time.Now()
		var all sync.WaitGroup
		for i := range went {
			all.Go(func() { send(t, l, context.WithValue(t.Context(), number{}, i), "GET", "") })
			synctest.Wait()
		}
		all.Wait()
		if !slices.IsSortedFunc(went[:], time.Time.Compare) || went[0].IsZero() {
			t.Error("some went before others who had come earlier")
		}
		if took := time.Since(started); took > 124*time.Second {
			t.Errorf("it took %s", took)
		}
		if l.line.Len() != 0 {
			t.Errorf("%d are left in line", l.line.Len())
		}
	})
}

type number struct{}

func TestWhatWouldWaitTooLongIsRefusedAtOnceAndSaysWhen(t *testing.T) {
	tests := []struct {
		name              string
		perMinute, perDay int
		used              int
		time, want        time.Duration
	}{
		{"for the minute", 60, 150000, 10, 500 * time.Millisecond, time.Second},
		{"for the day", 5000, 20, 20, 45 * time.Second, 24 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{}
				l := limited(s, test.perMinute, test.perDay)
				use(t, l, test.used)
				started := time.Now()
				err := ask(t, l, test.time)
				var limit *LimitError
				if !errors.As(err, &limit) || limit.Wait < test.want || limit.Wait > test.want+10*time.Minute {
					t.Fatalf("got %v; want a LimitError of %s or a little more", err, test.want)
				}
				if took := time.Since(started); took != 0 {
					t.Errorf("it was refused after %s; want at once", took)
				}
				if s.requests() != test.used {
					t.Errorf("%d requests were sent; want %d", s.requests(), test.used)
				}
				time.Sleep(limit.Wait)
				if err := ask(t, l, test.time); err != nil {
					t.Errorf("after the wait that was said: %v", err)
				}
			})
		})
	}
}

func TestWaiterThatLeavesMakesRoomForTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		l := limited(s, 60, 150000)
		use(t, l, 10) // the burst
		ctx, cancel := context.WithCancel(t.Context())
		for range 1000 {
			go send(t, l, ctx, "GET", "")
		}
		synctest.Wait()
		started := time.Now()
		last := make(chan error)
		go func() { last <- send(t, l, t.Context(), "GET", "") }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		if n := l.line.Len(); n != 1 {
			t.Errorf("%d are in line; want the one who stayed", n)
		}
		if err := <-last; err != nil || time.Since(started) > 2*time.Second {
			t.Errorf("the one who stayed got %v after %s", err, time.Since(started))
		}
		if _, day := l.used(); day != 11 || s.requests() != 11 {
			t.Errorf("%d are counted, %d were sent; want 11", day, s.requests())
		}
	})
}

func TestCallThatIsOverIsNeitherSentNorCounted(t *testing.T) {
	s := &service{}
	l := limited(s, 60, 150000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := send(t, l, ctx, "GET", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, day := l.used(); day != 0 || s.requests() != 0 {
		t.Errorf("%d are counted, %d were sent; want none", day, s.requests())
	}
}

func TestRequestThatTheBreakerRefusesIsNotCounted(t *testing.T) {
	l := limited(roundTrip(func(*http.Request) (*http.Response, error) { return nil, &OpenError{Wait: time.Second} }), 60, 150000)
	if err := send(t, l, t.Context(), "GET", ""); err == nil {
		t.Fatal("it was sent")
	}
	if minute, day := l.used(); minute != 0 || day != 0 {
		t.Errorf("%d and %d are counted; want none", minute, day)
	}
}

func TestAnswerOf429PausesEveryone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		s.set(says(429, "Retry-After", "30"))
		l := limited(s, 5000, 150000)
		started := time.Now()
		if err := send(t, l, t.Context(), "GET", ""); err != statusError(429) {
			t.Fatalf("got %v; want the answer as it is", err)
		}
		s.set(nil)
		use(t, l, 100)
		for i, came := range s.came[1:] {
			if at := came.Sub(started); at < 30*time.Second {
				t.Fatalf("request %d went after %s; want none within the pause", i, at)
			}
		}
		if n := most(since(started, s.came[1:]), time.Second); n > 85 {
			t.Errorf("%d went within a second after the pause; want no burst", n)
		}
	})
}

func since(start time.Time, times []time.Time) (all []time.Duration) {
	for _, at := range times {
		all = append(all, at.Sub(start))
	}
	return all
}

func TestPauseRefusesAtOnceThoseInLineWhoHaveNoTimeForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		release := make(chan struct{})
		l := limited(roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method == "POST" {
				<-release
				return reply(429, "", "Retry-After", "60"), nil
			}
			return s.RoundTrip(r)
		}), 60, 150000)
		go send(t, l, t.Context(), "POST", "{}")
		synctest.Wait()
		use(t, l, 9)
		refused, patient := make(chan error, 20), make(chan error, 20)
		for range 20 {
			go func() { refused <- ask(t, l, 45*time.Second) }()
			go func() { patient <- ask(t, l, 10*time.Minute) }()
		}
		synctest.Wait()
		started := time.Now()
		close(release)
		for range 20 {
			var limit *LimitError
			if err := <-refused; !errors.As(err, &limit) || limit.Wait < 60*time.Second || limit.Wait > 81*time.Second {
				t.Errorf("got %v; want a LimitError of a minute and those ahead", err)
			}
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("they were refused after %s; want at once", took)
		}
		for range 20 {
			if err := <-patient; err != nil {
				t.Errorf("the patient got %v", err)
			}
		}
		if took := time.Since(started); took < time.Minute || took > 82*time.Second {
			t.Errorf("the patient waited %s; want a minute and one after the other", took)
		}
	})
}

func TestPausesThatTheAPIDoesNotNameGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: 20 * time.Millisecond}
		l := limited(s, 5000, 150000)
		s.set(says(429))
		started := time.Now()
		var all sync.WaitGroup
		for range 20 { // under way together, they are one pause
			all.Go(func() { send(t, l, t.Context(), "GET", "") })
		}
		all.Wait()
		for range 4 {
			send(t, l, t.Context(), "GET", "")
		}
		if took := time.Since(started).Round(time.Second); took != 15*time.Second {
			t.Errorf("it took %s; want pauses of 1, 2, 4 and 8 s", took)
		}
		time.Sleep(time.Minute)
		s.set(nil)
		use(t, l, 1)
		s.set(says(429))
		started = time.Now()
		send(t, l, t.Context(), "GET", "")
		send(t, l, t.Context(), "GET", "")
		if took := time.Since(started).Round(time.Second); took != time.Second {
			t.Errorf("after an answer the pause is %s; want 1 s again", took)
		}
	})
}

// ready stands for the breaker's state.
type ready struct {
	mu  sync.Mutex
	err error
}

func (r *ready) set(err error) { r.mu.Lock(); defer r.mu.Unlock(); r.err = err }
func (r *ready) ask() error    { r.mu.Lock(); defer r.mu.Unlock(); return r.err }

func TestOpenBreakerIsAskedBeforeAnyoneWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var breaker ready
		s := &service{}
		l := newLimiter(s, breaker.ask, Options{RatePerMinute: 60, Now: time.Now})
		use(t, l, 10)
		l.pause(time.Hour, time.Now())
		answers := make(chan error, 1000)
		for range 1000 {
			go func() { answers <- send(t, l, t.Context(), "GET", "") }()
		}
		synctest.Wait()
		breaker.set(&OpenError{Wait: time.Second})
		started := time.Now()
		var open *OpenError
		if err := send(t, l, t.Context(), "GET", ""); !errors.As(err, &open) || time.Since(started) != 0 {
			t.Errorf("got %v after %s; want an OpenError at once", err, time.Since(started))
		}
		for range 1000 {
			if err := <-answers; !errors.As(err, &open) {
				t.Errorf("one in line got %v; want an OpenError", err)
			}
		}
		if took := time.Since(started); took > time.Second {
			t.Errorf("those in line were told after %s", took)
		}
	})
}

// shared is a store as several processes would have it.
type shared struct {
	mu      sync.Mutex
	numbers []int64
	fails   error
}

func (s *shared) Do(size int, change func([]int64)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return s.fails
	}
	if len(s.numbers) != size {
		s.numbers = make([]int64, size)
	}
	change(s.numbers)
	return nil
}

func TestProcessesThatShareAStoreKeepTheLimitTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &service{limit: 600, latency: 10 * time.Millisecond}, &shared{}
		started := time.Now()
		var all sync.WaitGroup
		for range 3 {
			process := newLimiter(s, func() error { return nil }, Options{RatePerMinute: 600, Store: store, Now: time.Now})
			for range 30 {
				all.Go(func() {
					for time.Since(started) < 3*time.Minute {
						send(t, process, t.Context(), "GET", "")
					}
				})
			}
		}
		time.Sleep(3 * time.Minute)
		if used := float64(s.requests()) / 1800; used < 0.98 || s.tooMany > 0 {
			t.Errorf("they used %.2f %% with %d answers of 429", 100*used, s.tooMany)
		}
		all.Wait()
	})
}

func TestPauseOfOneProcessIsThatOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &service{}, &shared{}
		o := Options{Store: store, Now: time.Now}
		one, other := newLimiter(s, func() error { return nil }, o), newLimiter(s, func() error { return nil }, o)
		one.pause(30*time.Second, time.Now())
		var limit *LimitError
		if err := ask(t, other, 20*time.Second); !errors.As(err, &limit) || limit.Wait != 30*time.Second {
			t.Errorf("got %v; want a LimitError of 30 s", err)
		}
	})
}

func TestStoreThatFailsLeavesTheLimitsOfThisProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &service{limit: 60}, &shared{}
		l := newLimiter(s, func() error { return nil }, Options{RatePerMinute: 60, Store: store, Now: time.Now})
		use(t, l, 60)
		store.fails = errors.New("disk full")
		use(t, l, 60)
		if s.tooMany > 0 {
			t.Errorf("%d answers of 429: what was counted in the store is not known without it", s.tooMany)
		}
		if l.storeErrors.Load() == 0 {
			t.Error("the store's failures are not counted")
		}
	})
}

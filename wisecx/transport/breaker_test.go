package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sony/gobreaker/v2"
)

const testAttempt = 15 * time.Second

// guarded is a breaker alone above a wire.
func guarded(next http.RoundTripper) *breaker { return newBreaker(next, testAttempt) }

// times sends so many requests one after the other.
func times(t *testing.T, wire http.RoundTripper, n int) {
	t.Helper()
	for range n {
		send(t, wire, t.Context(), "GET", "")
	}
}

func wantState(t *testing.T, b *breaker, want gobreaker.State) {
	t.Helper()
	if got := b.state.State(); got != want {
		t.Errorf("the breaker is %s; want %s", got, want)
	}
}

func TestBreakerJudgesARatioOfEnoughRequests(t *testing.T) {
	tests := []struct {
		name         string
		good, failed int
		over         time.Duration // that the failures take
		want         gobreaker.State
	}{
		{"a row of bad luck", 0, 19, time.Second, gobreaker.StateClosed},
		{"enough", 0, 20, time.Second, gobreaker.StateOpen},
		{"half of them", 30, 30, 0, gobreaker.StateClosed},
		{"more than half of them", 30, 31, 0, gobreaker.StateOpen},
		{"many that were under way when a server went down", 1000, 100, 400 * time.Millisecond, gobreaker.StateClosed},
		{"an outage after much that went well", 1000, 40, 600 * time.Millisecond, gobreaker.StateOpen},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{}
				b := guarded(s)
				times(t, b, test.good)
				s.set(says(500))
				for range test.failed {
					time.Sleep(test.over / time.Duration(test.failed))
					times(t, b, 1)
				}
				wantState(t, b, test.want)
			})
		})
	}
}

func TestFailuresOfLongAgoDoNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		s.set(says(500))
		b := guarded(s)
		times(t, b, 19)
		time.Sleep(healthWindow + healthBucket)
		times(t, b, 19)
		wantState(t, b, gobreaker.StateClosed)
	})
}

func TestWhatCountsAgainstTheServiceAndWhatDoesNot(t *testing.T) {
	cancelled := func(r *http.Request) (*http.Response, error) { return nil, r.Context().Err() }
	body := func(err error) func(*http.Request) (*http.Response, error) {
		return func(*http.Request) (*http.Response, error) {
			response := reply(200, "")
			response.Body = &rest{Reader: io.MultiReader(strings.NewReader("{"), failing{err}), Closer: noBody{}}
			return response, nil
		}
	}
	tests := []struct {
		name  string
		wire  func(*http.Request) (*http.Response, error)
		over  bool // the call is over meanwhile
		opens bool
	}{
		{"500", says(500), false, true},
		{"502", says(502), false, true},
		{"503", says(503), false, true},
		{"a broken connection", breaks, false, true},
		{"a connection that breaks in the answer", body(io.ErrUnexpectedEOF), false, true},
		{"an attempt that took too long", func(*http.Request) (*http.Response, error) { return nil, ErrTimeout }, false, true},
		{"an answer that took too long", body(ErrTimeout), false, true},
		{"an attempt that took too long just before its call", func(*http.Request) (*http.Response, error) { return nil, ErrTimeout }, true, true},
		{"400", says(400), false, false},
		{"403", says(403), false, false},
		{"404", says(404), false, false},
		{"429", says(429), false, false},
		{"501", says(501), false, false},
		{"a redirect", says(302), false, false},
		{"200", says(200), false, false},
		{"the caller's end", cancelled, true, false},
		{"the caller's end in the middle of an answer", body(context.Canceled), true, false},
		{"a redirect that is not followed", func(*http.Request) (*http.Response, error) { return nil, ErrRedirect }, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := guarded(roundTrip(test.wire))
			for range 100 {
				ctx, cancel := context.WithCancel(t.Context())
				if test.over {
					cancel()
				}
				send(t, b, ctx, "GET", "")
				cancel()
			}
			want := gobreaker.StateClosed
			if test.opens {
				want = gobreaker.StateOpen
			}
			wantState(t, b, want)
		})
	}
}

func TestRefusalsOf4xxDoNotHideAnOutage(t *testing.T) {
	s := &service{}
	b := guarded(s)
	s.set(says(404))
	times(t, b, 1000)
	s.set(says(503))
	times(t, b, 20)
	wantState(t, b, gobreaker.StateOpen)
}

// opened is a breaker that has just opened.
func opened(t *testing.T, s *service) *breaker {
	t.Helper()
	s.set(says(503))
	b := guarded(s)
	times(t, b, enough)
	wantState(t, b, gobreaker.StateOpen)
	return b
}

func TestOpenBreakerAnswersAtOnceWithTheTimeToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		b := opened(t, s)
		s.set(nil)
		before := s.requests()
		for range 4 {
			started := time.Now()
			err := send(t, b, t.Context(), "GET", "")
			var open *OpenError
			if !errors.As(err, &open) || open.Wait <= 0 || open.Wait > longestRest+time.Millisecond {
				t.Fatalf("got %v; want an OpenError of up to %s", err, longestRest)
			}
			if took := time.Since(started); took != 0 || s.requests() != before {
				t.Errorf("it took %s and %d requests; want none", took, s.requests()-before)
			}
			time.Sleep(time.Second)
		}
		err := b.ready()
		var open *OpenError
		if !errors.As(err, &open) {
			t.Fatalf("before anyone waits it says %v", err)
		}
		time.Sleep(open.Wait)
		if err := send(t, b, t.Context(), "GET", ""); err != nil {
			t.Errorf("after the wait that was said: %v", err)
		}
		wantState(t, b, gobreaker.StateClosed)
	})
}

func TestOneRequestAtATimeTriesARestedService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		b := opened(t, s)
		time.Sleep(b.rest + time.Millisecond)
		release := make(chan int)
		s.set(func(r *http.Request) (*http.Response, error) { return reply(<-release, ""), nil })
		before := s.requests()
		answers := make(chan error, 100)
		for range 100 {
			go func() { answers <- send(t, b, t.Context(), "GET", "") }()
		}
		synctest.Wait()
		if n := s.requests() - before; n != 1 {
			t.Errorf("%d requests try the service; want one", n)
		}
		var open *OpenError
		for range 99 {
			if err := <-answers; !errors.As(err, &open) || open.Wait != probeBusy {
				t.Errorf("one of the others got %v; want an OpenError of %s", err, probeBusy)
			}
		}
		if err := b.ready(); !errors.As(err, &open) {
			t.Errorf("those who would wait for the limiter are told %v", err)
		}
		release <- 200
		if err := <-answers; err != nil {
			t.Errorf("the one got %v", err)
		}
		wantState(t, b, gobreaker.StateClosed)
	})
}

func TestProbe(t *testing.T) {
	tests := []struct {
		name  string
		wire  func(*http.Request) (*http.Response, error)
		after time.Duration
		want  gobreaker.State
	}{
		{"that is answered closes", says(200), 0, gobreaker.StateClosed},
		{"that is refused closes: the service answers", says(404), 0, gobreaker.StateClosed},
		{"that is answered 429 closes: the service answers", says(429), 0, gobreaker.StateClosed},
		{"that fails opens", says(503), 0, gobreaker.StateOpen},
		{"that breaks opens", breaks, 0, gobreaker.StateOpen},
		{"that hangs is still under way", hangs, 9 * time.Second, gobreaker.StateHalfOpen},
		{"that hangs for long opens", hangs, 10*time.Second + time.Millisecond, gobreaker.StateOpen},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{}
				b := opened(t, s)
				time.Sleep(b.rest + time.Millisecond)
				s.set(test.wire)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go send(t, b, ctx, "GET", "")
				synctest.Wait()
				time.Sleep(test.after)
				wantState(t, b, test.want)
			})
		})
	}
}

func TestAnswerThatNobodyReadsHoldsNoProbesPlaceForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		b := opened(t, s)
		s.set(nil)
		time.Sleep(b.rest + time.Millisecond)
		if _, err := b.RoundTrip(newRequest(t, "GET", "/cases", "")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(b.probe + b.rest + time.Millisecond)
		if err := send(t, b, t.Context(), "GET", ""); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestCancelledProbeLeavesItsPlaceToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		b := opened(t, s)
		time.Sleep(b.rest + time.Millisecond)
		s.set(hangs)
		ctx, cancel := context.WithCancel(t.Context())
		go send(t, b, ctx, "GET", "")
		synctest.Wait()
		cancel()
		synctest.Wait()
		wantState(t, b, gobreaker.StateHalfOpen)
		s.set(nil)
		if err := send(t, b, t.Context(), "GET", ""); err != nil {
			t.Errorf("got %v", err)
		}
		wantState(t, b, gobreaker.StateClosed)
	})
}

func TestWaitingForTheLimitHoldsNoProbesPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		b := opened(t, s)
		s.set(nil)
		l := newLimiter(b, b.ready, Options{RatePerMinute: 10, Now: time.Now})
		time.Sleep(b.rest + time.Millisecond)
		l.pause(time.Minute, time.Now())
		for range 50 {
			go send(t, l, t.Context(), "GET", "")
		}
		synctest.Wait()
		if err := send(t, b, t.Context(), "GET", ""); err != nil {
			t.Errorf("another way to the service got %v", err)
		}
		wantState(t, b, gobreaker.StateClosed)
	})
}

// An outage of 20 s, under load, in every form that one takes.
func TestOutageOfTwentySeconds(t *testing.T) {
	outages := map[string]func(*http.Request) (*http.Response, error){"refused connections": breaks, "answers of 503": says(503)}
	for name, outage := range outages {
		for _, quiet := range []time.Duration{0, 45 * time.Second} {
			t.Run(fmt.Sprintf("%s after %s of health", name, quiet), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &service{limit: 5000, latency: 300 * time.Millisecond}
					c := newChain(s)
					if err := ask(t, c, time.Minute); err != nil { // the token
						t.Fatal(err)
					}
					var all sync.WaitGroup
					over := make(chan struct{})
					for range 100 {
						all.Go(func() {
							for {
								select {
								case <-over:
									return
								default:
								}
								var open *OpenError
								if err := ask(t, c, 45*time.Second); errors.As(err, &open) {
									time.Sleep(100 * time.Millisecond)
								}
							}
						})
					}
					time.Sleep(quiet)
					s.set(outage)
					began := time.Now()
					for c.breaker.state.State() != gobreaker.StateOpen {
						time.Sleep(10 * time.Millisecond)
					}
					took := time.Since(began)
					t.Logf("it opened after %s", took)
					if took > time.Second {
						t.Errorf("it opened after %s; want a second at most", took)
					}
					time.Sleep(300 * time.Millisecond) // those under way
					before := s.requests()
					time.Sleep(4 * time.Second)
					if n := s.requests() - before; n != 0 {
						t.Errorf("%d requests were sent while it was open", n)
					}
					time.Sleep(time.Until(began.Add(20 * time.Second)))
					if n := s.requests() - before; n > 4 {
						t.Errorf("%d requests tried the service during the outage; want one each time it had rested", n)
					}
					s.set(nil)
					recovered, answered := time.Now(), s.answered
					for s.succeeded() == answered {
						time.Sleep(10 * time.Millisecond)
					}
					took = time.Since(recovered)
					t.Logf("the first call succeeded %s after the recovery", took)
					if took > c.breaker.rest+time.Second {
						t.Errorf("the first call succeeded %s after the recovery; want %s at most", took, c.breaker.rest+time.Second)
					}
					close(over)
					all.Wait()
					if s.tooMany > 0 {
						t.Errorf("%d answers of 429", s.tooMany)
					}
				})
			})
		}
	}
}

func (s *service) succeeded() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered
}

// The hardest outage: nothing is answered, and a probe hangs when the service comes back.
func TestOutageThatHangsEndsWithinAnAttemptsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		c := newChain(s, noLimits)
		if err := ask(t, c, time.Minute); err != nil {
			t.Fatal(err)
		}
		s.set(hangs)
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { ask(t, c, 45*time.Second) })
		}
		all.Wait()
		wantState(t, c.breaker, gobreaker.StateOpen)
		time.Sleep(c.breaker.rest + time.Millisecond)
		go ask(t, c, 45*time.Second) // the probe
		synctest.Wait()
		wantState(t, c.breaker, gobreaker.StateHalfOpen)
		s.set(nil)
		recovered := time.Now()
		for ask(t, c, 45*time.Second) != nil {
			time.Sleep(100 * time.Millisecond)
		}
		if took := time.Since(recovered); took > testAttempt+time.Second {
			t.Errorf("the first call succeeded %s after the recovery; want %s at most", took, testAttempt+time.Second)
		}
	})
}

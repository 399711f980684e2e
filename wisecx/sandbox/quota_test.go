package sandbox

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a time that tests move.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) set(at time.Time)        { c.nanoseconds.Store(at.UnixNano()) }
func (c *clock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }

func atNoon() *clock {
	c := &clock{}
	c.set(noon)
	return c
}

// load sends n requests over 20 connections at once and tells how many got past the limits.
func (w *wire) load(n int) int {
	var lock sync.Mutex
	passed := 0
	together(20, func(worker int) {
		for i := worker; i < n; i += 20 {
			if w.get("/channels").status == 200 {
				lock.Lock()
				passed++
				lock.Unlock()
			}
		}
	})
	return passed
}

func TestTheLimitOfAMinuteIsExactUnderLoadAndSlides(t *testing.T) {
	at := atNoon()
	w := newWire(t, Options{Now: at.now, Faults: Faults{RatePerMinute: 100}})
	expect := func(what string, sent, passed int) {
		t.Helper()
		if got := w.load(sent); got != passed {
			t.Errorf("%s: %d of %d passed, want %d", what, got, sent, passed)
		}
	}
	expect("at the start", 60, 60)
	at.advance(30 * time.Second)
	expect("half a minute later", 300, 40)
	at.advance(30*time.Second - 1)
	expect("a nanosecond before the first ones' minute ends", 50, 0)
	at.advance(1)
	expect("when it ends", 200, 60)
	at.advance(30 * time.Second)
	expect("when the second ones' minute ends", 200, 40)
	if got := w.api.Requests()["GET /channels"]; got != 810 || w.api.Faulted()["rate-per-minute"] != 610 {
		t.Errorf("counted %d requests, %v", got, w.api.Faulted())
	}
}

func TestTheLimitOfADayIsExactUnderLoadAndEndsAtTheAccountsMidnight(t *testing.T) {
	at := atNoon()
	w := newWire(t, Options{Now: at.now, TokenLife: 100 * time.Hour, Faults: Faults{RatePerDay: 70}})
	if got := w.load(200); got != 70 {
		t.Errorf("%d passed", got)
	}
	if got := w.get(asLogin); got.status != 429 || got.header.Get("Retry-After") != "43200" {
		t.Errorf("twelve hours before midnight %d, retry after %q", got.status, got.header.Get("Retry-After"))
	}
	at.advance(12*time.Hour - 1)
	if got := w.get(asLogin); got.status != 429 || got.header.Get("Retry-After") != "1" {
		t.Errorf("a nanosecond before midnight %d, retry after %q", got.status, got.header.Get("Retry-After"))
	}
	at.advance(1)
	if got := w.load(200); got != 70 {
		t.Errorf("on the next day %d passed", got)
	}
	if got := w.api.Faulted()["rate-per-day"]; got != 262 {
		t.Errorf("counted %d", got)
	}
}

func TestWhoWaitsAsRetryAfterSaysGetsIn(t *testing.T) {
	at, random := atNoon(), rand.New(rand.NewPCG(1, 2))
	w := newWire(t, Options{Now: at.now, TokenLife: 10000 * time.Hour, Faults: Faults{RatePerMinute: 7, RatePerDay: 50}})
	for range 300 {
		got := w.get("/channels")
		if got.status == 429 {
			seconds, err := strconv.Atoi(got.header.Get("Retry-After"))
			if err != nil || seconds < 1 {
				t.Fatalf("Retry-After is %q", got.header.Get("Retry-After"))
			}
			at.advance(time.Duration(seconds-1) * time.Second)
			if w.get("/channels").status != 429 {
				t.Error("a second less would have done")
			}
			at.advance(time.Second)
			if w.get("/channels").status != 200 {
				t.Error("it waited and is refused again")
			}
		}
		at.advance(time.Duration(random.Int64N(int64(10 * time.Second))))
	}
}

func TestOfTwoLimitsTheLongerWaitIsSaid(t *testing.T) {
	at := atNoon()
	at.advance(12*time.Hour - 5*time.Second)
	w := newWire(t, Options{Now: at.now, Faults: Faults{RatePerMinute: 3, RatePerDay: 3}})
	w.load(3)
	if got := w.get("/channels"); got.header.Get("Retry-After") != "60" || w.api.Faulted()["rate-per-minute"] != 1 {
		t.Errorf("five seconds before midnight retry after %q, counted %v", got.header.Get("Retry-After"), w.api.Faulted())
	}
}

func TestNoWindowOfAMinuteHoldsMoreThanTheLimitNorLessThanItCould(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var q quota
		limits := Faults{RatePerMinute: 1 + random.IntN(20)}
		now, passed := noon, []time.Time{}
		for range 500 {
			now = now.Add(time.Duration(random.Int64N(int64(8 * time.Second))))
			inside := 0
			for _, at := range passed {
				if now.Sub(at) < time.Minute {
					inside++
				}
			}
			refused, wait := q.take(now, limits)
			if (refused == "") != (inside < limits.RatePerMinute) || (refused != "") != (wait > 0) {
				t.Fatalf("with %d of %d it says %q, %v", inside, limits.RatePerMinute, refused, wait)
			}
			if refused == "" {
				passed = append(passed, now)
			}
		}
	}
}

func TestFailuresAndLoginsCountAgainstTheLimitsButAnOutageDoesNot(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{RatePerMinute: 3, DropBefore: 1}})
	w.get("/channels")
	w.get(asLogin)
	w.api.SetDown(true)
	w.get("/channels")
	w.api.SetDown(false)
	if got := w.get("/channels"); got.sending == nil {
		t.Errorf("the third request came as %+v", got)
	}
	if got := w.get("/channels"); got.status != 429 {
		t.Errorf("the fourth request came as %+v", got)
	}
}

func TestALimitKeepsItsCountWhileItIsSetAndForgetsItWhenItIsOff(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{RatePerMinute: 10, RatePerDay: 10}})
	w.load(8)
	w.api.SetFaults(Faults{RatePerMinute: 5, RatePerDay: 10, Latency: 1})
	if got := w.get("/channels"); got.status != 429 || got.header.Get("Retry-After") != "60" {
		t.Errorf("a limit lowered below what was used answers %d", got.status)
	}
	w.api.SetFaults(Faults{RatePerDay: 10})
	if got := w.load(20); got != 2 {
		t.Errorf("%d passed on the rest of the day", got)
	}
	w.api.SetFaults(Faults{})
	w.api.SetFaults(Faults{RatePerMinute: 10, RatePerDay: 10})
	if got := w.load(20); got != 10 {
		t.Errorf("%d passed after both were off", got)
	}
}

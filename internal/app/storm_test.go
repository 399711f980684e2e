package app

import (
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

const (
	stormCalls  = 10_000
	stormSeed   = 7
	outstanding = 2 * parallelCalls // calls that the host has asked and has no answer to

	mostFailed = stormCalls / 10

	// How much more there may be at the end than after a warm-up.
	moreGoroutines = 5
	moreHeap       = 2 << 20
)

// TestTenThousandCallsThroughAStorm has its own clock: with no more than parallelCalls at once, the pauses before
// repeats alone take two minutes.
func TestTenThousandCallsThroughAStorm(t *testing.T) { synctest.Test(t, storm) }

func storm(t *testing.T) {
	service := &memoryListener{dialled: make(chan net.Conn), closed: make(chan struct{})}
	wire := &http.Transport{DialContext: service.dial, MaxIdleConnsPerHost: parallelCalls, IdleConnTimeout: 90 * time.Second}
	s := startStation(t, service, wire)
	random := rand.New(rand.NewPCG(stormSeed, 0))
	questions := newFacts(s.api).questions(random)

	calm := &tally{}
	for range 5 {
		for _, q := range questions {
			s.ask(q, calm.add)
		}
	}
	s.settle()
	if calm.report(t); calm.failed() > 0 {
		t.Fatalf("in calm weather %s", calm)
	}
	goroutines, heap := s.footprint()

	// Each 429 stops everyone for a second, by design: with an equal share of them calls do little but wait.
	faults := sandbox.Spread(0.3 * 8 / 7)
	faults.TooMany = 0.001
	faults.Latency, faults.LatencyJitter = 5*time.Millisecond, 15*time.Millisecond
	s.api.ResetRequests()
	s.api.SetFaults(faults)
	rough := &tally{}
	began := time.Now()
	for n := range stormCalls {
		s.ask(questions[random.IntN(len(questions))], rough.add)
		if (n+1)%(stormCalls/2) > 0 {
			continue
		}
		s.settle()
		g, h := s.footprint()
		t.Logf("after %d calls and %s: %d goroutines became %d, %d KB of heap became %d; %s", n+1, time.Since(began), goroutines, g, heap>>10, h>>10, rough)
		if g > goroutines+moreGoroutines || h > heap+moreHeap {
			stacks := make([]byte, 1<<16)
			t.Errorf("something stays behind:\n%s", stacks[:runtime.Stack(stacks, true)])
		}
	}
	faulted := s.api.Faulted()
	t.Logf("requests that failed: %v of %d", faulted, total(s.api.Requests()))
	for _, kind := range sandbox.Kinds {
		if faulted[kind] == 0 {
			t.Errorf("no request failed by %s", kind)
		}
	}
	rough.report(t)
	if rough.answered != stormCalls || rough.failed() > mostFailed {
		t.Errorf("of %d calls, %s; want all answered and %d failed at most", stormCalls, rough, mostFailed)
	}
}

// TestAnOutageOpensNoConnectionAndEnds is in real time, over the network. The outage is shorter than the breaker's
// rest of 5 s, so that nothing at all is to be tried during it.
func TestAnOutageOpensNoConnectionAndEnds(t *testing.T) {
	listener, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	service := &countingListener{Listener: listener}
	s := startStation(t, service, nil)
	questions := newFacts(s.api).questions(rand.New(rand.NewPCG(stormSeed, 0)))
	var succeeded atomic.Int64
	all := &tally{}
	over := make(chan struct{})
	loaded := make(chan struct{})
	go func() {
		defer close(loaded)
		for pace := time.NewTicker(2 * time.Millisecond); ; <-pace.C {
			select {
			case <-over:
				pace.Stop()
				return
			default:
			}
			s.ask(questions[rand.IntN(len(questions))], func(r reply) {
				if all.add(r); r.failure == nil {
					succeeded.Add(1)
				} else if r.failure.Kind != "unavailable" || r.failure.RetryAfter == 0 && strings.Contains(r.failure.Error, "too often") {
					t.Errorf("in an outage a call says %+v", r.failure)
				}
			})
		}
	}()
	time.Sleep(500 * time.Millisecond)

	s.api.SetDown(true)
	began := time.Now()
	last, count := time.Duration(0), service.accepted.Load()
	watch := func(until time.Duration) {
		for ; time.Since(began) < until; time.Sleep(time.Millisecond) {
			if n := service.accepted.Load(); n > count {
				last, count = time.Since(began), n
			}
		}
	}
	watch(3 * time.Second)
	before := succeeded.Load()
	s.api.SetDown(false)
	recovered := time.Now()
	watch(4 * time.Second)
	if t.Logf("the last connection was opened %s after the outage began", last); last > 2500*time.Millisecond {
		t.Errorf("a connection was opened %s after the outage began; want none in the last half second of three", last)
	}
	if !eventually(func() bool { return succeeded.Load() > before }) {
		t.Fatal("no call succeeds after the outage")
	}
	t.Logf("the first call succeeded %s after the recovery", time.Since(recovered))
	close(over)
	<-loaded
	s.settle()
	t.Log(all)
	if all.report(t); all.failed() == 0 {
		t.Error("nobody noticed the outage")
	}
}

package sandbox

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Faults is what goes wrong on demand, on every endpoint, GET /authenticate and unknown ones included. The zero value is
// a healthy service.
//
// A share is the part of all requests, from 0 to 1, that fails in one way; a request fails in one way at most, so the
// shares together are at most 1. What a request draws follows from Options.Seed and from its number since New or
// SetFaults: a client that sends one request at a time meets the same faults on every run.
type Faults struct {
	Latency       time.Duration // before anything else is done; a client that gives up meanwhile does not stop the work
	LatencyJitter time.Duration // up to this much more, drawn evenly

	TooMany     float64 // 429 with Retry-After of one second; nothing was done
	ServerError float64 // 500, 502, 503, 504 in equal parts; done was the work of 504 alone, whose gateway gave up waiting
	DropBefore  float64 // the connection closes without an answer; nothing was done
	DropAfter   float64 // the connection closes without an answer; the work was done
	CutBody     float64 // the connection closes after half of the body; the work was done
	NotJSON     float64 // 200 with a warning in front of the JSON; the work was done
	HTML        float64 // a proxy's page, with 502 and with 200 in equal parts; nothing was done
	ExpireToken float64 // 403, and the request's token ends for all; nothing was done. GET /authenticate is spared

	// These are shares of the writes, that is of all requests but GETs, and the work was done. Of a write that was
	// refused the status stays.
	DropWrites  float64 // the connection closes without an answer
	EmptyWrites float64 // 200 without a body
	PageWrites  float64 // 200 with a proxy's page

	// VisibleAfter is how long GETs go on showing what was so before a write, as when they are answered by a copy that
	// trails behind. Writes themselves see what was written, and so do the truths for tests. Real time, like a latency.
	VisibleAfter time.Duration

	// The limits, in requests; 0 enforces none. Over one comes 429 with Retry-After in whole seconds. Every request that
	// arrives counts, logins and those that fail by a share included, but not what a limit refused or an outage swallowed:
	// so who waits as told and is alone gets in [I].
	RatePerMinute int // in any 60 seconds
	RatePerDay    int // from midnight to midnight on the account's clock, UTC-3 [I]
}

// Kinds names the faults that have a share of all requests, as Faulted counts them.
var Kinds = []string{tooMany, serverError, dropBefore, dropAfter, cutBody, notJSON, proxyPages, expireToken}

// WriteKinds names those that have a share of the writes alone.
var WriteKinds = []string{dropWrite, emptyWrite, pageWrite}

var kindsOfWrites = slices.Concat(Kinds, WriteKinds)

const (
	tooMany     = "429"
	serverError = "5xx"
	dropBefore  = "drop-before"
	dropAfter   = "drop-after"
	cutBody     = "cut"
	notJSON     = "not-json"
	proxyPages  = "html"
	expireToken = "token"
	dropWrite   = "write-drop"
	emptyWrite  = "write-empty"
	pageWrite   = "write-html"

	// These have no share.
	overMinute = "rate-per-minute"
	overDay    = "rate-per-day"
	outage     = "down"
)

// Share is where the share of one of Kinds or WriteKinds is kept; nil for another name.
func (f *Faults) Share(kind string) *float64 {
	switch kind {
	case tooMany:
		return &f.TooMany
	case serverError:
		return &f.ServerError
	case dropBefore:
		return &f.DropBefore
	case dropAfter:
		return &f.DropAfter
	case cutBody:
		return &f.CutBody
	case notJSON:
		return &f.NotJSON
	case proxyPages:
		return &f.HTML
	case expireToken:
		return &f.ExpireToken
	case dropWrite:
		return &f.DropWrites
	case emptyWrite:
		return &f.EmptyWrites
	case pageWrite:
		return &f.PageWrites
	}
	return nil
}

// Spread makes a share of all requests fail, in equal parts by every kind.
func Spread(share float64) Faults {
	var f Faults
	for _, kind := range Kinds {
		*f.Share(kind) = share / float64(len(Kinds))
	}
	return f
}

// Check says what is wrong with the values, if anything is.
func (f Faults) Check() error {
	if f.Latency < 0 || f.LatencyJitter < 0 {
		return fmt.Errorf("a latency of %v and up to %v more is not allowed; want no negative time", f.Latency, f.LatencyJitter)
	}
	if f.RatePerMinute < 0 || f.RatePerDay < 0 {
		return fmt.Errorf("limits of %d a minute and %d a day are not allowed; want 0 or more", f.RatePerMinute, f.RatePerDay)
	}
	if f.VisibleAfter < 0 {
		return fmt.Errorf("writes that show after %v are not allowed; want no negative time", f.VisibleAfter)
	}
	sum := 0.0
	for _, kind := range kindsOfWrites {
		share := *f.Share(kind)
		if !(share >= 0 && share <= 1) { // so that NaN is refused
			return fmt.Errorf("a share of %v for %s is not allowed; want 0 to 1", share, kind)
		}
		sum += share
	}
	if sum > 1+1e-9 { // ten shares of 0.1 are a little more than 1
		return fmt.Errorf("shares of %.4g in all are not allowed; want at most 1", sum)
	}
	return nil
}

// SetFaults replaces the faults from the next request on and numbers requests from 1 again. What counted against a
// limit still counts, unless that limit was off. It panics on what Check refuses.
func (a *API) SetFaults(faults Faults) {
	if err := faults.Check(); err != nil {
		panic("sandbox: " + err.Error())
	}
	t := &a.trouble
	t.lock.Lock()
	defer t.lock.Unlock()
	t.faults = faults
	t.random = rand.New(rand.NewPCG(mix(uint64(a.options.Seed)), faultStream))
	t.quota.forget(faults)
	t.any.Store(t.down || faults != Faults{})
}

// SetDown begins or ends an outage: while it lasts every connection closes as soon as a request comes, and those of
// requests that wait out their latency close at once. Nothing is done.
func (a *API) SetDown(down bool) {
	t := &a.trouble
	t.lock.Lock()
	defer t.lock.Unlock()
	if down && !t.down {
		close(t.fell)
	}
	if !down && t.down {
		t.fell = make(chan struct{})
	}
	t.down = down
	t.any.Store(t.down || t.faults != Faults{})
}

// Faulted returns how many requests failed on purpose so far: by each of Kinds and WriteKinds, and by "rate-per-minute",
// "rate-per-day" (a limit refused them) and "down" (an outage). All of them are among Requests, too.
func (a *API) Faulted() map[string]int {
	a.trouble.lock.Lock()
	defer a.trouble.lock.Unlock()
	return maps.Clone(a.trouble.counts)
}

// faultStream keeps the draws apart from those of the data.
const faultStream = 0xfa017

// trouble is what makes requests fail. While any is false, it is nobody's business.
type trouble struct {
	any atomic.Bool

	lock   sync.Mutex // guards what follows
	faults Faults
	random *rand.Rand
	quota  quota
	down   bool
	fell   chan struct{} // closed when an outage begins
	counts map[string]int
}

// fate is what is to happen to one request.
type fate struct {
	kind    string  // "" when it is answered well
	variety float64 // in [0,1): which of the forms that a kind has
	delay   time.Duration
	wait    time.Duration   // for Retry-After
	fell    <-chan struct{} // closed when an outage begins
}

// draw decides the next request's fate. Every request takes the same number of draws, whatever becomes of it: so the
// n-th one's do not hang on the others.
func (t *trouble) draw(now func() time.Time, write bool) fate {
	t.lock.Lock()
	defer t.lock.Unlock()
	at, f := t.random.Float64(), fate{variety: t.random.Float64(), fell: t.fell}
	f.delay = t.faults.Latency + time.Duration(t.random.Float64()*float64(t.faults.LatencyJitter))
	if t.down {
		f.kind = outage
		return f
	}
	if f.kind, f.wait = t.quota.take(now(), t.faults); f.kind != "" {
		return f
	}
	kinds := Kinds
	if write {
		kinds = kindsOfWrites
	}
	for _, kind := range kinds {
		share := *t.faults.Share(kind)
		if at < share {
			f.kind, f.wait = kind, time.Second
			return f
		}
		at -= share
	}
	return f
}

func (t *trouble) count(kind string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.counts[kind]++
}

// visibleAfter is how long a write of this moment stays hidden from GETs.
func (t *trouble) visibleAfter() time.Duration {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.faults.VisibleAfter
}

package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestTooManyAnswers429WithRetryAfter(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{TooMany: 1}})
	for _, path := range []string{"/cases", "/nope", asLogin} {
		if got := w.get(path); got.status != 429 || got.header.Get("Retry-After") != "1" || got.reading != nil {
			t.Errorf("%s came as %+v", path, got)
		}
	}
}

func TestAServerErrorIs500502503Or504(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{ServerError: 1}})
	came := map[int]int{}
	for range 400 {
		came[w.get("/channels").status]++
	}
	for _, status := range []int{500, 502, 503, 504} {
		if came[status] < 60 {
			t.Errorf("%d came %d times of 400", status, came[status])
		}
	}
	if len(came) != 4 {
		t.Errorf("came %v", came)
	}
}

func TestADroppedConnectionIsSeenAsBrokenWithoutAnAnswer(t *testing.T) {
	for _, faults := range []Faults{{DropBefore: 1}, {DropAfter: 1}} {
		w := newWire(t, Options{Faults: faults})
		for _, path := range []string{"/cases", "/nope", asLogin} {
			if got := w.get(path); !errors.Is(got.sending, io.EOF) && !errors.Is(got.sending, syscall.ECONNRESET) {
				t.Errorf("%+v: %s came as %+v", faults, path, got)
			}
		}
	}
}

func TestACutBodyPromisesTheWholeAndBringsHalf(t *testing.T) {
	w := newWire(t, Options{})
	whole := w.get("/cases?limit=100").body
	w.api.SetFaults(Faults{CutBody: 1})
	got := w.get("/cases?limit=100")
	if got.status != 200 || got.length != int64(len(whole)) || !errors.Is(got.reading, io.ErrUnexpectedEOF) || string(got.body) != string(whole[:len(whole)/2]) {
		t.Errorf("status %d, %d bytes of %d, %v", got.status, len(got.body), got.length, got.reading)
	}
	if got := w.get("/nope"); got.status != 404 || !errors.Is(got.reading, io.ErrUnexpectedEOF) {
		t.Errorf("a refusal came as %+v", got)
	}
}

func TestNotJSONIs200WithAWholeBodyThatIsNone(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{NotJSON: 1}})
	for _, path := range []string{"/cases", "/surveys", "/cases/1", asLogin} {
		got := w.get(path)
		if got.status != 200 || got.reading != nil || json.Valid(got.body) || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s came as %d %v %.80s", path, got.status, got.reading, got.body)
		}
	}
}

func TestHTMLIsAProxysPageWith502AndWith200(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{HTML: 1}})
	came := map[int]int{}
	for range 100 {
		got := w.get("/channels")
		came[got.status]++
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || !strings.HasPrefix(string(got.body), "<!DOCTYPE html>") {
			t.Fatalf("came as %v %s", got.header, got.body)
		}
	}
	if came[200] < 30 || came[502] < 30 || len(came) != 2 {
		t.Errorf("came %v", came)
	}
}

func TestAnExpiredTokenIs403UntilTheNextLoginWhichIsSpared(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{ExpireToken: 1}})
	if got := w.get("/channels"); got.status != 403 || !strings.Contains(string(got.body), "expired token") {
		t.Errorf("came as %d %s", got.status, got.body)
	}
	var answer struct{ Token string }
	if err := json.Unmarshal(w.get(asLogin).body, &answer); err != nil || answer.Token == "" {
		t.Fatalf("the login failed: %v", err)
	}
	if got := w.api.Faulted(); !maps.Equal(got, map[string]int{"token": 1}) {
		t.Errorf("counted %v", got)
	}
	w.api.SetFaults(Faults{})
	if got := w.get("/channels"); got.status != 403 {
		t.Errorf("the ended token answers %d", got.status)
	}
	w.token = answer.Token
	if got := w.get("/channels"); got.status != 200 {
		t.Errorf("the new token answers %d", got.status)
	}
}

func TestWhatFailsBeforeTheWorkDoesNoneAndWhatFailsAfterHasDoneIt(t *testing.T) {
	for kind, done := range map[string]bool{"429": false, "drop-before": false, "drop-after": true, "cut": true, "not-json": true, "html": false} {
		var faults Faults
		*faults.Share(kind) = 1
		w := newWire(t, Options{Faults: faults})
		before := w.issued()
		for range 10 {
			w.get(asLogin)
		}
		if did := w.issued() - before; done && did != 10 || !done && did != 0 {
			t.Errorf("%s: 10 logins made %d tokens", kind, did)
		}
		if got := w.api.Requests()[login]; got != 10 || w.api.Faulted()[kind] != 10 {
			t.Errorf("%s: counted %d logins, %v", kind, got, w.api.Faulted())
		}
	}
	w := newWire(t, Options{Faults: Faults{ServerError: 1}})
	for range 40 {
		before := w.issued()
		if got := w.get(asLogin); (w.issued() > before) != (got.status == 504) {
			t.Errorf("a login with %d made %d tokens", got.status, w.issued()-before)
		}
	}
}

func TestAKeptConnectionClosesWithNothingMoreOnIt(t *testing.T) {
	w := newWire(t, Options{})
	for _, faults := range []Faults{{DropBefore: 1}, {DropAfter: 1}} {
		w.api.SetFaults(Faults{})
		connection, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(w.at, "http://"), base))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		connection.SetDeadline(time.Now().Add(10 * time.Second))
		reader := bufio.NewReader(connection)
		for range 3 {
			w.request("GET", "/channels").Write(connection)
			answer, err := http.ReadResponse(reader, nil)
			if err != nil || answer.StatusCode != 200 || answer.Close {
				t.Fatalf("%v, %+v", err, answer)
			}
			io.Copy(io.Discard, answer.Body)
		}
		w.api.SetFaults(faults)
		w.request("GET", "/channels").Write(connection)
		if rest, err := io.ReadAll(reader); len(rest) != 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%+v: then came %q, %v", faults, rest, err)
		}
	}
}

func TestRequestsShowsWhatNetHTTPSendsAgainByItself(t *testing.T) {
	w := newWire(t, Options{})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	w.http = &http.Client{Transport: transport}
	for method, times := range map[string]int{"GET": 2, "POST": 1} {
		w.api.SetFaults(Faults{})
		w.get("/channels")
		w.api.ResetRequests()
		w.api.SetFaults(Faults{DropBefore: 1})
		r := w.request(method, "/cases")
		if method == "POST" {
			text := []byte(`{"subject":"` + strings.Repeat("x", 10000) + `"}`)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		}
		if answer, err := w.http.Do(r); err == nil {
			t.Errorf("%s answered %d", method, answer.StatusCode)
		}
		if got := w.api.Requests()[method+" /cases"]; got != times {
			t.Errorf("one %s on a kept connection came %d times, want %d", method, got, times)
		}
	}
}

func TestTheSameSeedDrawsTheSameFaultsAgain(t *testing.T) {
	run := func(seed int64, path string) (outcomes []string) {
		w := newWire(t, Options{Seed: seed, Cases: 20, Faults: Spread(0.6)})
		for range 150 {
			outcomes = append(outcomes, w.get(path).outcome())
		}
		w.api.SetFaults(Spread(0.6))
		for i := range 20 {
			if again := w.get(path).outcome(); again != outcomes[i] && outcomes[i] != expireToken && again != expireToken {
				t.Errorf("set again, request %d is %s, was %s", i+1, again, outcomes[i])
			}
		}
		return outcomes
	}
	first := run(7, asLogin)
	if !slices.Equal(first, run(7, asLogin)) {
		t.Error("the same seed draws others")
	}
	if slices.Equal(first, run(8, asLogin)) {
		t.Error("another seed draws the same")
	}
}

func TestTheNumberOfARequestAloneDecidesNotWhatElseIsSet(t *testing.T) {
	draw := func(faults Faults, down bool) (kinds []string) {
		a := New(Options{Faults: faults})
		a.SetDown(down)
		for range 10 {
			a.trouble.draw(fixed(noon), false)
		}
		a.SetDown(false)
		for range 90 {
			kinds = append(kinds, a.trouble.draw(fixed(noon), false).kind)
		}
		return kinds
	}
	plain, limited := Spread(0.5), Spread(0.5)
	limited.RatePerDay, limited.LatencyJitter = 1000, time.Second
	want := draw(plain, false)
	if !slices.Equal(want, draw(limited, false)) || !slices.Equal(want, draw(plain, true)) {
		t.Error("limits, latency or an outage move the draws")
	}
}

func TestEveryKindTakesItsShare(t *testing.T) {
	const n = 80000
	faults := Spread(0.32)
	faults.LatencyJitter = time.Second
	a, came, delay := New(Options{Faults: faults}), map[string]int{}, time.Duration(0)
	for range n {
		f := a.trouble.draw(fixed(noon), false)
		came[f.kind]++
		delay += f.delay
	}
	for _, kind := range Kinds {
		if share := float64(came[kind]) / n; math.Abs(share-0.04) > 0.003 {
			t.Errorf("%s has %.4f, want 0.04", kind, share)
		}
	}
	if mean := delay / n; mean < 490*time.Millisecond || mean > 510*time.Millisecond {
		t.Errorf("the mean delay is %v", mean)
	}
}

func TestFaultsUnderConcurrencyAreThoseOfASequence(t *testing.T) {
	const workers, each = 16, 50
	w := newWire(t, Options{Cases: 20, Faults: Spread(0.5)})
	var lock sync.Mutex
	came := map[string]int{}
	together(workers, func(int) {
		for range each {
			outcome := w.get(asLogin).outcome()
			lock.Lock()
			came[outcome]++
			lock.Unlock()
		}
	})
	counted := w.api.Faulted()
	counted["dropped"] = counted[dropBefore] + counted[dropAfter]
	delete(counted, dropBefore)
	delete(counted, dropAfter)
	well := came["well"]
	delete(came, "well")
	if !maps.Equal(came, counted) || w.api.Requests()[login] != workers*each {
		t.Errorf("the clients saw %v, the server counted %v of %v", came, counted, w.api.Requests())
	}
	alone, left := New(Options{Cases: 20, Faults: Spread(0.5)}), 0
	for range workers * each {
		if kind := alone.trouble.draw(fixed(noon), false).kind; kind == "" || kind == expireToken {
			left++
		}
	}
	if well != left {
		t.Errorf("%d requests went well, %d would one after the other", well, left)
	}
}

func TestFaultsMayChangeWhileRequestsCome(t *testing.T) {
	w := newWire(t, Options{Cases: 20})
	var sent atomic.Int64
	together(8, func(worker int) {
		for i := range 60 {
			switch {
			case worker > 1:
				w.get("/channels")
				sent.Add(1)
			case worker == 1:
				w.api.SetDown(i%3 == 0)
				w.api.Faulted()
			default:
				faults := Spread(float64(i%4) / 4)
				faults.Latency, faults.RatePerMinute = time.Millisecond, 1000*(i%2)
				w.api.SetFaults(faults)
				w.api.Requests()
			}
			time.Sleep(time.Millisecond)
		}
	})
	if got := w.api.Requests()["GET /channels"]; got != int(sent.Load()) {
		t.Errorf("counted %d requests of %d", got, sent.Load())
	}
}

func TestAResetStartsBothCountsAgain(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{HTML: 1}})
	w.get("/channels")
	w.api.ResetRequests()
	if len(w.api.Requests())+len(w.api.Faulted()) != 0 {
		t.Errorf("left are %v and %v", w.api.Requests(), w.api.Faulted())
	}
}

func TestWrongFaultsAreRefused(t *testing.T) {
	for _, faults := range []Faults{{TooMany: 1.1}, {HTML: -0.1}, {CutBody: math.NaN()}, {DropAfter: 0.6, DropBefore: 0.6}, {Latency: -1}, {LatencyJitter: -1}, {RatePerMinute: -1}, {RatePerDay: -1}} {
		if faults.Check() == nil {
			t.Errorf("%+v is let through", faults)
		}
		func() {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, "not allowed; want") {
					t.Errorf("%+v: %s", faults, said)
				}
			}()
			New(Options{Faults: faults})
		}()
	}
	for _, faults := range []Faults{{}, Spread(0), Spread(1), {TooMany: 1}, {Latency: time.Hour}} {
		if err := faults.Check(); err != nil {
			t.Errorf("%+v: %v", faults, err)
		}
	}
	tenths := Spread(0.7)
	tenths.HTML = 0.3875
	if err := tenths.Check(); err != nil {
		t.Error(err)
	}
}

func TestAHealthyServiceIsNotTouched(t *testing.T) {
	c := newClient(t, Options{Faults: Spread(0)})
	if c.api.trouble.any.Load() {
		t.Error("no fault is set, yet requests take the long way")
	}
	c.api.SetFaults(Spread(0.1))
	c.api.SetFaults(Faults{})
	c.api.SetDown(true)
	c.api.SetDown(false)
	if c.api.trouble.any.Load() {
		t.Error("the faults are over, yet requests take the long way")
	}
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, httptest.NewRequest("GET", base+"/nope", nil))
	if w.Code != 404 || len(c.api.Faulted()) != 0 {
		t.Errorf("answered %d, counted %v", w.Code, c.api.Faulted())
	}
}

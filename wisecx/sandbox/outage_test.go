package sandbox

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"
)

func TestLatencyHoldsEveryRequestBack(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{Latency: 40 * time.Millisecond, LatencyJitter: 20 * time.Millisecond}})
	for _, path := range []string{"/channels", "/nope", asLogin} {
		start := time.Now()
		got := w.get(path)
		if took := time.Since(start); took < 40*time.Millisecond || got.sending != nil {
			t.Errorf("%s took %v, %v", path, took, got.sending)
		}
	}
	if got := w.api.Faulted(); len(got) != 0 {
		t.Errorf("counted %v", got)
	}
}

func TestAClientThatGivesUpDoesNotStopTheWork(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{Latency: time.Hour}})
	before := w.issued()
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		eventually(t, "the request arrives", func() bool { return w.api.Requests()[login] == 1 })
		giveUp()
	}()
	if _, err := w.http.Do(w.request("GET", asLogin).WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	eventually(t, "the token is issued", func() bool { return w.issued() == before+1 })
}

func TestAnOutageClosesEveryConnectionAndEnds(t *testing.T) {
	w := newWire(t, Options{})
	w.api.SetDown(true)
	w.api.SetDown(true)
	before := w.issued()
	for _, path := range []string{"/channels", "/nope", asLogin} {
		if got := w.get(path); got.sending == nil {
			t.Errorf("%s came as %+v", path, got)
		}
	}
	if got := w.api.Faulted(); !maps.Equal(got, map[string]int{"down": 3}) || w.issued() != before {
		t.Errorf("counted %v, %d tokens", got, w.issued()-before)
	}
	w.api.SetDown(false)
	w.api.SetDown(false)
	if got := w.get("/channels"); got.status != 200 {
		t.Errorf("afterwards it came as %+v", got)
	}
	w.api.SetDown(true)
	if got := w.get("/channels"); got.sending == nil {
		t.Errorf("in a second outage it came as %+v", got)
	}
}

func TestAnOutageReachesWhoIsWaiting(t *testing.T) {
	w := newWire(t, Options{Faults: Faults{Latency: time.Hour}})
	before, failed := w.issued(), make(chan seen)
	for range 4 {
		go func() { failed <- w.get(asLogin) }()
	}
	eventually(t, "all are waiting", func() bool { return w.api.Requests()[login] == 4 })
	w.api.SetDown(true)
	for range 4 {
		if got := <-failed; got.sending == nil {
			t.Errorf("came as %+v", got)
		}
	}
	if w.issued() != before || w.api.Faulted()["down"] != 4 {
		t.Errorf("%d tokens, counted %v", w.issued()-before, w.api.Faulted())
	}
}

package sandbox

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

func TestExactlyAsManyCasesAreListedAsWereAskedFor(t *testing.T) {
	for _, at := range moments {
		for _, o := range []struct{ cases, listed, all int }{
			{0, 1, 5000}, {0, 37, 5000}, {0, 4999, 5000}, {0, 5000, 5000}, {100, 60, 100}, {1, 2000, 2000}, {0, 20000, 20000}, {90000, 90000, 50000},
		} {
			api := New(Options{Cases: o.cases, Listed: o.listed, Now: fixed(at)})
			if got := len(api.Listed()); got != min(o.listed, 50000) || len(api.Cases()) != o.all {
				t.Errorf("%+v at %v: %d cases, %d listed", o, at, len(api.Cases()), got)
			}
		}
	}
	c := newClient(t, Options{Cases: 5000, Listed: 5000})
	if rows := c.every("/cases", "fields", "id"); len(rows) != 5000 {
		t.Errorf("%d rows are listed", len(rows))
	}
}

func TestLeftToChanceThreeInFiveCasesAreListed(t *testing.T) {
	for _, at := range moments {
		for _, n := range []int{5000, 50000} {
			api := New(Options{Cases: n, Now: fixed(at)})
			if share := len(api.Listed()) * 100 / n; share < 58 || share > 64 {
				t.Errorf("at %v %d %% of %d cases are listed", at, share, n)
			}
		}
	}
}

func TestTheTruthByQueueAndStatusIsWhatFiltersSelect(t *testing.T) {
	c := newClient(t, Options{Cases: 5000, Listed: 5000})
	truth := map[string]int{}
	for _, x := range c.api.Listed() {
		truth[fmt.Sprint(x.GroupID, x.Status)]++
	}
	sum := 0
	for _, q := range c.api.Queues() {
		for _, status := range []string{"open", "pending", "onhold", "solved", "closed"} {
			filter := fmt.Sprintf(`[{"field":"case.group_id","operator":"EQUAL","value":%d},{"field":"case.status","operator":"EQUAL","value":%q}]`, q.ID, status)
			got := len(c.every("/cases", "fields", "id", "filtering", filter))
			if want := truth[fmt.Sprint(q.ID, status)]; got != want || want == 0 {
				t.Errorf("%s has %d cases %s, want %d", q.Name, got, status, want)
			}
			sum += got
		}
	}
	if sum != 5000 {
		t.Errorf("there are %d cases in all", sum)
	}
}

// The bounds leave room for a busy machine; what it really takes is in BenchmarkBuild5000.
func TestFiveThousandCasesAreMadeQuicklyAndTakeLittle(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	api := New(Options{Cases: 5000, Listed: 5000, Now: fixed(noon)})
	api.data()
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); took > time.Minute || held > 16<<20 {
		t.Errorf("it took %v and holds %d bytes", took, held)
	}
	runtime.KeepAlive(api)
}

func TestAFlatLatencyIsOneForEveryRequestAndTheyWaitSideBySide(t *testing.T) {
	const latency, workers, each = 50 * time.Millisecond, 20, 4
	w := newWire(t, Options{Faults: Faults{Latency: latency}})
	for range 100 {
		if f := w.api.trouble.draw(fixed(noon), false); f.delay != latency || f.kind != "" {
			t.Fatalf("a request is to take %v and meet %q", f.delay, f.kind)
		}
	}
	var failed atomic.Int64
	start := time.Now()
	together(workers, func(int) {
		for range each {
			if got := w.get("/cases?limit=100"); got.status != 200 {
				failed.Add(1)
			}
		}
	})
	if took := time.Since(start); took < each*latency || took > workers*each*latency/2 || failed.Load() > 0 {
		t.Errorf("%d requests of %v each, %d at once, took %v; %d failed", workers*each, latency, workers, took, failed.Load())
	}
}

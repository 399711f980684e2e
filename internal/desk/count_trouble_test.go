package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

func TestTroubleMidwayIsToldAndWhatWasCountedKept(t *testing.T) {
	for name, trouble := range map[string]func(w http.ResponseWriter, r *http.Request){
		"limit": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		},
		"refused": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"broken":  func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"silent":  func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		o := newOffice(t, sandbox.Options{Listed: 2000}, Options{})
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if page := r.URL.Query().Get("page"); strings.HasSuffix(r.URL.Path, "/cases") && len(page) == 1 && page > "5" || len(page) > 1 {
				trouble(w, r)
				return
			}
			api.ServeHTTP(w, r)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		found, err := o.CountCases(ctx, CountQuery{GroupBy: []string{"status"}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := found.cases() // a limit stops the pages before it too, where they are still under way
		if found.Exact || n%100 != 0 || n < 100 || n > 500 || n < 500 && name != "limit" || found.Coverage.Scanned != n || !noteWith(found.Notes, fmt.Sprintf("looked at the newest %d cases", n)) {
			t.Errorf("%s: %d cases, exact: %v, notes %v", name, found.cases(), found.Exact, found.Notes)
		}
	}
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(http.StatusForbidden) })
	if _, err := o.CountCases(t.Context(), CountQuery{}); err == nil {
		t.Error("a count of nothing at all is no count")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.CountCases(ctx, CountQuery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled call gives %v", err)
	}
}

func TestFiltersThatTheAPIRefusesOrIgnoresAreCountedHere(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 800}, Options{})
	ask := CountQuery{CaseFilters: CaseFilters{Priority: []string{"urgent"}, Status: []string{"open", "closed"}}, GroupBy: []string{"queue", "status"}}
	want := o.count(t, ask).Figures(mostColumns)
	o.inFront(refuseFilter("case.priority", `{"error": "Unknown field case.priority"}`))
	found := o.count(t, ask)
	if fmt.Sprint(found.Figures(mostColumns)) != fmt.Sprint(want) || !found.Exact || !noteWith(found.Notes, "does not filter by priority") {
		t.Errorf("refused: %v, notes %v", found.Figures(mostColumns), found.Notes)
	}
	o = newOffice(t, sandbox.Options{Listed: 800}, Options{})
	o.inFront(dropFilter("case.status"))
	found = o.count(t, ask)
	if fmt.Sprint(found.Figures(mostColumns)) != fmt.Sprint(want) || !found.Exact || !noteWith(found.Notes, "did not apply the filter by status") {
		t.Errorf("ignored: %v, notes %v", found.Figures(mostColumns), found.Notes)
	}
	_, err := o.CountCases(t.Context(), CountQuery{CaseFilters: CaseFilters{Where: []Where{{"sucursall", "EQUAL", []string{"Rosario"}}}}})
	var refusal *Refusal
	if !errors.As(err, &refusal) || !slices.Contains(refusal.Candidates, "sucursal") {
		t.Errorf("a field that nobody knows gives %v", err)
	}
}

// sortless takes the order out of requests, as an API does that ignores it.
func sortless(w http.ResponseWriter, r *http.Request, api http.Handler) {
	values := r.URL.Query()
	values.Del("sort")
	values.Del("sort_field")
	r = r.Clone(r.Context())
	r.URL = &url.URL{Path: r.URL.Path, RawQuery: values.Encode()}
	api.ServeHTTP(w, r)
}

func TestAnUnsortedListIsCountedWhole(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 1234}, Options{})
	want := o.count(t, CountQuery{GroupBy: []string{"queue", "status"}})
	o.inFront(sortless)
	found := o.count(t, CountQuery{GroupBy: []string{"queue", "status"}})
	if fmt.Sprint(found.Figures(mostColumns)) != fmt.Sprint(want.Figures(mostColumns)) || !found.Exact {
		t.Errorf("%v, exact: %v, notes %v", found.Figures(mostColumns), found.Exact, found.Notes)
	}
	found = o.count(t, CountQuery{MaxScan: 200})
	if found.Exact || !noteWith(found.Notes, "those that were looked at are not the newest") || noteWith(found.Notes, "the newest 200") {
		t.Errorf("the notes are %v", found.Notes)
	}
}

// record answers what was asked before from memory, so that what a call takes can be told from what the simulator does.
func (o *office) record() {
	var answers sync.Map
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		answer, known := answers.Load(r.URL.String())
		if !known {
			into := httptest.NewRecorder()
			api.ServeHTTP(into, r)
			answer = into.Body.Bytes()
			answers.Store(r.URL.String(), answer)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(answer.([]byte))
	})
}

// peak gives how much more memory the heap held while something was done, in bytes.
func peak(do func()) uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	before, most := stats.HeapAlloc, uint64(0)
	var ended atomic.Bool
	var watching sync.WaitGroup
	watching.Go(func() {
		for !ended.Load() {
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
			time.Sleep(100 * time.Microsecond)
		}
	})
	do()
	ended.Store(true)
	watching.Wait()
	return most - min(before, most)
}

func TestACountOfFiveThousandCasesTakesLittleMemory(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 5000, Listed: 5000}, Options{})
	o.record()
	ask := CountQuery{GroupBy: []string{"queue", "status"}}
	o.count(t, ask)
	var found *CaseCount
	more := peak(func() { found = o.count(t, ask) })
	if found.cases() != 5000 || more > 30<<20 {
		t.Errorf("%d cases took %d KB more", found.cases(), more>>10)
	}
	t.Logf("%d KB more at the most", more>>10)
}

// newHastyOffice has a pace of its own, since an account's would hold it up.
func newHastyOffice(t testing.TB, account sandbox.Options) *office {
	t.Helper()
	account.Now = func() time.Time { return noon }
	o := &office{api: sandbox.New(account)}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	base, err := wisecx.ParseBase(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := wisecx.New(wisecx.Config{Base: base, User: sandbox.User, Key: sandbox.Key, RatePerMinute: 1e8, RatePerDay: 1e9})
	o.Desk = New(Options{API: client, Zone: time.UTC, Now: func() time.Time { return noon }})
	return o
}

// BenchmarkCountFiveThousandCases answers from memory.
func BenchmarkCountFiveThousandCases(b *testing.B) {
	o := newHastyOffice(b, sandbox.Options{Cases: 5000, Listed: 5000})
	o.record()
	ask := CountQuery{GroupBy: []string{"queue", "status"}}
	o.count(b, ask)
	b.ReportAllocs()
	for b.Loop() {
		o.count(b, ask)
	}
	b.StopTimer()
	b.ReportMetric(float64(peak(func() { o.count(b, ask) }))/(1<<20), "MB-more")
}

func TestAPageThatTheAPIRefusesEndsTheCountNotTheCall(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 1500}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if page := r.URL.Query().Get("page"); len(page) > 1 {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error": "Page out of range"}`)
			return
		}
		api.ServeHTTP(w, r)
	})
	found := o.count(t, CountQuery{CaseFilters: CaseFilters{Created: Range{After: "2026-01-01"}}, GroupBy: []string{"queue"}})
	if found.Exact || found.cases() != 900 || !noteWith(found.Notes, "the newest 900 cases") {
		t.Errorf("%d cases, exact: %v, notes %v", found.cases(), found.Exact, found.Notes)
	}
}

func TestASlowListLeavesTimeForTheThreads(t *testing.T) {
	o := newHastyOffice(t, sandbox.Options{Listed: 1500})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/activities"):
			fmt.Fprint(w, "[]")
		case len(r.URL.Query().Get("page")) > 1:
			<-r.Context().Done()
		default:
			api.ServeHTTP(w, r)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	found, err := o.CountCases(ctx, CountQuery{Measure: []string{"reply_time"}})
	if err != nil {
		t.Fatal(err)
	}
	if n := found.cases(); found.Exact || n < 100 || n != found.Coverage.Scanned || !noteWith(found.Notes, fmt.Sprintf("of %d cases that were looked at %d fit, and there are more", n, n)) || !noteWith(found.Notes, "time was up") {
		t.Errorf("%d cases, %+v, notes %v", n, found.Coverage, found.Notes)
	}
}

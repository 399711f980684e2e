package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// refuseFilter answers 400 to every filter that names a field.
func refuseFilter(field, words string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.Contains(filteringOf(r), field) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, words)
			return
		}
		api.ServeHTTP(w, r)
	}
}

// dropFilter takes the filter by a field out of a request, as an API does that ignores unknown fields.
func dropFilter(field string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		values := r.URL.Query()
		var kept []string
		for part := range strings.SplitSeq(strings.Trim(values.Get("filtering"), "[]"), "},{") {
			if !strings.Contains(part, field) {
				kept = append(kept, strings.Trim(part, "{}"))
			}
		}
		if values.Has("filtering") {
			values.Set("filtering", "[{"+strings.Join(kept, "},{")+"}]")
			if len(kept) == 0 {
				values.Del("filtering")
			}
		}
		r = r.Clone(r.Context())
		r.URL = &url.URL{Path: r.URL.Path, RawQuery: values.Encode()}
		api.ServeHTTP(w, r)
	}
}

func TestAFilterThatTheAPIRefusesIsAppliedHereAndSaysSo(t *testing.T) {
	for _, words := range []string{`{"error": "Unknown field case.priority"}`, `{"message": "Bad request"}`, `Field case.priority not found`, `<html>Bad Request</html>`} {
		o := newOffice(t, sandbox.Options{}, Options{})
		ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Priority: []string{"urgent"}, Status: []string{"open"}}}}
		want := o.all(t, ask)
		o.inFront(refuseFilter("case.priority", words))
		page := o.search(t, ask)
		if len(page.Rows) != len(want) || len(want) == 0 {
			t.Errorf("%d cases, want %d", len(page.Rows), len(want))
		}
		if !noteWith(page.Notes, "does not filter by priority") {
			t.Errorf("no note says what happened: %v", page.Notes)
		}
		refused := 0
		refuse := refuseFilter("case.priority", words)
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.Contains(filteringOf(r), "case.priority") {
				refused++
			}
			refuse(w, r, api)
		})
		if again := o.search(t, ask); len(again.Rows) != len(want) || refused != 0 {
			t.Errorf("the refused filter was sent again %d times", refused)
		}
	}
}

func TestAFilterThatTheAPIIgnoresIsAppliedHereAndSaysSo(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for field, ask := range map[string]CaseFilters{
		"case.user_id":  {Agent: []string{"46684"}},
		"case.status":   {Status: []string{"pending"}},
		"case.sucursal": {Where: []Where{{"sucursal", "EQUAL", []string{"Rosario"}}}},
		"cases.number":  {Numbers: []int64{534787}},
	} {
		o.inFront(nil)
		want := o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}})
		o.inFront(dropFilter(field))
		page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}})
		got := page.Rows
		for page.HasMore {
			page = o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}, Cursor: page.Cursor(len(page.Rows))})
			got = append(got, page.Rows...)
		}
		if !slices.EqualFunc(got, want, func(a, b Row) bool { return a.Get("id") == b.Get("id") }) {
			t.Errorf("without the filter by %s: %d cases, want %d", field, len(got), len(want))
		}
		if !noteWith(page.Notes, "did not apply the filter") {
			t.Errorf("no note says that the filter by %s was ignored: %v", field, page.Notes)
		}
	}
}

func TestNamesThatCannotBeHadCostTheNamesNotTheRows(t *testing.T) {
	for path, note := range map[string]string{"/queues": "queues are shown by id", "/users": "agents are shown by id", "/contacts/": "contacts are shown by id"} {
		o := newOffice(t, sandbox.Options{}, Options{})
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.HasSuffix(r.URL.Path, path) {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			api.ServeHTTP(w, r)
		})
		page := o.search(t, CaseSearch{Limit: 20})
		if len(page.Rows) != 20 || !noteWith(page.Notes, note) {
			t.Errorf("without %s: %d rows, notes %v", path, len(page.Rows), page.Notes)
		}
	}
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/queues") {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		api.ServeHTTP(w, r)
	})
	if page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Queue: []string{"24717"}}}}); len(page.Rows) == 0 {
		t.Error("without the queues' names, an id finds nothing")
	}
	_, err := o.SearchCases(t.Context(), CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Queue: []string{"Ventas"}}}, Limit: 5})
	if !errors.Is(err, wisecx.ErrUnavailable) {
		t.Errorf("without the queues' names, a name gives %v", err)
	}
}

func TestTheTreeOfTypesHasASecondAddress(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/cases/types") {
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		api.ServeHTTP(w, r)
	})
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Type: []string{"Demora en la entrega"}}}, Fields: []string{"type"}})
	if len(page.Rows) == 0 || page.Rows[0].Get("type") != "Demora en la entrega" {
		t.Errorf("types are not read from their other address: %v", page.Rows)
	}
}

func TestUntidyAnswersReadTheSame(t *testing.T) {
	tidy := newOffice(t, sandbox.Options{}, Options{})
	loose := newOffice(t, sandbox.Options{Loose: true, BareActivities: true}, Options{})
	ask := CaseSearch{Limit: 100, Fields: []string{"+type", "+tags", "+custom_fields", "+bot_attended", "+due_at", "+summary"}}
	if a, b := fmt.Sprint(tidy.all(t, ask)), fmt.Sprint(loose.all(t, ask)); a != b {
		t.Errorf("an untidy API gives other rows")
	}
	for _, c := range tidy.inWindow()[:40] {
		a, errA := tidy.GetCase(t.Context(), CaseAsk{ID: c.ID, Include: []string{"contact", "messages", "events", "custom_fields"}, Latest: 100})
		b, errB := loose.GetCase(t.Context(), CaseAsk{ID: c.ID, Include: []string{"contact", "messages", "events", "custom_fields"}, Latest: 100})
		if errA != nil || errB != nil || fmt.Sprint(*a) != fmt.Sprint(*b) {
			t.Errorf("case %d reads otherwise from an untidy API: %v %v\n%v\n%v", c.ID, errA, errB, a, b)
		}
	}
}

func TestAnErrorOfTheAPIKeepsItsKind(t *testing.T) {
	for status, kind := range map[int]error{
		http.StatusInternalServerError: wisecx.ErrUnavailable, http.StatusForbidden: wisecx.ErrForbidden,
		http.StatusNotImplemented: wisecx.ErrUnsupported, http.StatusBadRequest: wisecx.ErrBadRequest,
	} {
		o := newOffice(t, sandbox.Options{}, Options{})
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/cases") {
				w.WriteHeader(status)
				return
			}
			api.ServeHTTP(w, r)
		})
		if _, err := o.SearchCases(t.Context(), CaseSearch{Limit: 5}); !errors.Is(err, kind) {
			t.Errorf("status %d gives %v", status, err)
		}
	}
}

func TestOneChannelThatIsLeftOutDoesNotKeepTheAPIFromFilteringByChannels(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"channel", "NOT EQUAL", []string{"WhatsApp Brasil"}}}}}})
	sent := ""
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		sent += filteringOf(r)
		api.ServeHTTP(w, r)
	})
	o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Channel: []string{"web"}}}})
	if !strings.Contains(sent, "case.source_channel") {
		t.Errorf("the API was asked for %s", sent)
	}
}

func TestAFilterThatWasRefusedIsTriedAgainAfterAWhile(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Priority: []string{"urgent"}}}}
	o.inFront(refuseFilter("case.priority", "Bad request"))
	o.search(t, ask)
	o.inFront(nil)
	for wait, tried := range map[time.Duration]bool{time.Minute: false, refusalLife + time.Minute: true} {
		o.now = func() time.Time { return noon.Add(wait) }
		if page := o.search(t, ask); noteWith(page.Notes, "was applied here") {
			t.Errorf("the answer speaks of a refusal: %v", page.Notes)
		} else if now := page.Coverage.Scanned == len(page.Rows); now != tried {
			t.Errorf("after %s the API is asked for it: %v", wait, now)
		}
	}
}

package desk

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// without changes what an API answers for a field that is empty, or takes the field out of its rows.
func without(field, instead string, api front) front {
	empty := regexp.MustCompile(`"` + field + `":(null|"")`)
	any := regexp.MustCompile(`"` + field + `":(null|"[^"]*"),|,"` + field + `":(null|"[^"]*")`)
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := httptest.NewRecorder()
		api(answer, r, next)
		body := answer.Body.Bytes()
		if instead == "" {
			body = any.ReplaceAll(body, nil)
		} else {
			body = empty.ReplaceAll(body, []byte(`"`+field+`":`+instead))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}
}

func TestWhatHasNoDateLiesBeforeAndAfterNothingWhereTheAPIIgnoresTheFilter(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 300}, Options{})
	for _, c := range []struct {
		key  string
		ask  CaseFilters
		fits func(sandbox.Case) time.Time
	}{
		{"closed_at", CaseFilters{Closed: Range{Before: "2027-01-01"}}, func(c sandbox.Case) time.Time { return c.ClosedAt }},
		{"due_at", CaseFilters{Due: Range{After: "2026-01-01"}}, func(c sandbox.Case) time.Time { return c.DueAt }},
		{"solved_at", CaseFilters{Solved: Range{After: "2026-08-20T12:00"}}, func(c sandbox.Case) time.Time { return c.SolvedAt }},
		{"first_read", CaseFilters{Where: []Where{{"first_read_at", "GREATER", []string{"2026-01-01"}}}}, func(c sandbox.Case) time.Time { return c.FirstRead }},
	} {
		var want []int64
		listed := o.api.Listed()
		for _, x := range listed {
			if at := c.fits(x); !at.IsZero() && (c.key != "solved_at" || !at.Before(noon.AddDate(0, 0, -90))) {
				want = append(want, x.ID)
			}
		}
		slices.Sort(want)
		slices.Reverse(want)
		if len(want) == 0 || len(want) == len(listed) {
			t.Fatalf("%d of %d cases have %s", len(want), len(listed), c.key)
		}
		for _, empty := range []string{"null", `""`, `"0000-00-00 00:00:00"`} {
			o.inFront(without(c.key, empty, dropFilter("case."+c.key)))
			if got := idsOf(o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask}, Limit: 7})); !slices.Equal(got, want) {
				t.Errorf("%s %s: %d cases are listed, want %d", c.key, empty, len(got), len(want))
			}
			if found := o.count(t, CountQuery{CaseFilters: c.ask}); found.cases() != len(want) || !found.Exact || !noteWith(found.Notes, "did not apply the filter") {
				t.Errorf("%s %s: %d cases are counted, want %d, exact: %v, notes %v", c.key, empty, found.cases(), len(want), found.Exact, found.Notes)
			}
		}
		// An API that filters and does not show by what is believed, and it is said.
		o.inFront(without(c.key, "", func(w http.ResponseWriter, r *http.Request, api http.Handler) { api.ServeHTTP(w, r) }))
		page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask}, Limit: 100})
		if len(page.Rows) != min(100, len(want)) || !noteWith(page.Notes, "could not be checked") {
			t.Errorf("%s is not shown: %d rows, notes %v", c.key, len(page.Rows), page.Notes)
		}
		if found := o.count(t, CountQuery{CaseFilters: c.ask}); found.cases() != len(want) || found.Exact {
			t.Errorf("%s is not shown: %d cases are counted, want %d, exact: %v", c.key, found.cases(), len(want), found.Exact)
		}
	}
}

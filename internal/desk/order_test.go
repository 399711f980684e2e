package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// idsOnly is an API that sorts by nothing but ids, the lowest first where it is asked for something else; with words, it
// refuses that with them. It counts the requests that it sees for another order.
func idsOnly(words string, others *int) front {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		values := r.URL.Query()
		if field := values.Get("sort_field"); field != "" && field != "id" {
			*others++
			if words != "" {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, words)
				return
			}
			values.Set("sort_field", "id")
			values.Set("sort", "asc")
			r = r.Clone(r.Context())
			r.URL.RawQuery = values.Encode()
		}
		api.ServeHTTP(w, r)
	}
}

func TestAnOrderThatTheAPIDoesNotTakeCostsTheOrderNotTheAnswer(t *testing.T) {
	ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Priority: []string{"normal"}, Updated: Range{After: "60d"}}, SortBy: "updated_at"}, Limit: 5}
	for _, words := range []string{"", "sort_field", "Bad request", `{"error": "Unknown column last_update"}`, `{"error": "Unknown column case.last_update in order clause"}`} {
		o := newOffice(t, sandbox.Options{Listed: 400}, Options{})
		want := idsOf(o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask.CaseFilters}}))
		others := 0
		o.inFront(idsOnly(words, &others))
		page := o.search(t, ask)
		if !noteWith(page.Notes, "does not sort cases by updated_at: they are in the order of their ids") || noteWith(page.Notes, "does not filter by") {
			t.Errorf("%q: the notes are %v", words, page.Notes)
		}
		if got := idsOf(o.all(t, ask)); !slices.Equal(got, want) || len(want) < 12 {
			t.Errorf("%q: %d cases, want %d", words, len(got), len(want))
		}
		others = 0
		for _, c := range []struct {
			after time.Duration
			tried bool
		}{{9 * time.Minute, false}, {refusalLife + time.Minute, true}} {
			o.now = func() time.Time { return noon.Add(c.after) }
			if o.search(t, ask); others > 0 != c.tried {
				t.Errorf("%q: after %s the order is tried %d times", words, c.after, others)
			}
		}
	}
}

func TestARefusedFilterAndARefusedOrderTogether(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 400}, Options{})
	ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Priority: []string{"normal"}}, SortBy: "updated_at"}, Limit: 5}
	want := idsOf(o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask.CaseFilters}}))
	others := 0
	order, filter := idsOnly("Bad request", &others), refuseFilter("case.priority", "Bad request")
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		order(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { filter(w, r, api) }))
	})
	if got := idsOf(o.all(t, ask)); !slices.Equal(got, want) || len(want) < 12 {
		t.Errorf("%d cases, want %d", len(got), len(want))
	}
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/cases") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		api.ServeHTTP(w, r)
	})
	o.now = func() time.Time { return noon.Add(time.Hour) }
	if page, err := o.SearchCases(t.Context(), ask); err == nil {
		t.Errorf("an API that refuses everything gives %v", page.Rows)
	}
}

func TestWhereTheAPIDoesNotSortNothingIsLostAsCasesComeAndGo(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 400}, Options{})
	others := 0
	o.inFront(idsOnly("", &others))
	for _, up := range []bool{true, false} {
		ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Status: []string{"open"}}, SortBy: "updated_at", Ascending: up}, Limit: 20}
		o.now = func() time.Time { return noon.Add(time.Hour) }
		before := idsOf(o.all(t, ask))
		page := o.search(t, ask)
		got := idsOf(page.Rows)
		for _, id := range got[:10] {
			o.api.Change(id, func(c *sandbox.Case) { c.Status = "closed" })
		}
		for range 15 {
			o.plant(t, 24717, 46684, nil, "c 0")
		}
		o.now = func() time.Time { return noon.Add(2 * time.Hour) } // what was learnt of the order is forgotten
		for page.HasMore {
			ask.Cursor = page.Cursor(len(page.Rows))
			page = o.search(t, ask)
			got = append(got, idsOf(page.Rows)...)
		}
		for _, id := range before {
			if !slices.Contains(got, id) {
				t.Errorf("up %v: case %d is lost", up, id)
			}
		}
		if slices.Sort(got); len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("up %v: cases are listed twice", up)
		}
	}
}

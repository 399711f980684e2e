package desk

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

// customOf gives the value of a custom field in the data.
func customOf(c sandbox.Case, field string) string {
	for _, f := range c.CustomFields {
		if f.Field == field {
			return f.Value
		}
	}
	return ""
}

func TestWhatHasNoValueIsNotEqualToAny(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 300}, Options{})
	where := func(field, operator string, values ...string) CaseFilters {
		return CaseFilters{Where: []Where{{field, operator, values}}}
	}
	for _, c := range []struct {
		ask  CaseFilters
		fits func(sandbox.Case) bool
		wire string
	}{
		{where("agent", "NOT EQUAL", "Franco González"), func(c sandbox.Case) bool { return c.UserID != 46684 }, "case.user_id"},
		{where("agent", "NOT IN", "46684", "unassigned"), func(c sandbox.Case) bool { return c.UserID != 46684 && c.UserID != 0 }, ""},
		{where("priority", "NOT EQUAL", "high"), func(c sandbox.Case) bool { return c.Priority != "high" }, "case.priority"},
		{where("priority", "NOT IN", "low", "normal", "high", "urgent"), func(c sandbox.Case) bool { return c.Priority == "" }, "case.priority"},
		{where("sucursal", "NOT EQUAL", "Rosario"), func(c sandbox.Case) bool { return customOf(c, "sucursal") != "Rosario" }, "case.sucursal"},
		{where("tags", "NOT EQUAL", "vip"), func(c sandbox.Case) bool { return !slices.Contains(c.Tags, "vip") }, "case.tags"},
		{where("queue", "NOT EQUAL", "24717"), func(c sandbox.Case) bool { return c.GroupID != 24717 }, "case.group_id"},
	} {
		var want []int64
		for _, x := range o.api.Listed() {
			if c.fits(x) {
				want = append(want, x.ID)
			}
		}
		slices.Sort(want)
		slices.Reverse(want)
		var asked atomic.Bool
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.Contains(filteringOf(r), c.wire) {
				asked.Store(true)
			}
			api.ServeHTTP(w, r)
		})
		if got := idsOf(o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask}, Limit: 23})); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%+v: %d cases are listed, want %d", c.ask.Where, len(got), len(want))
		}
		if !asked.Load() {
			t.Errorf("%+v was not asked of the API", c.ask.Where)
		}
		found := o.count(t, CountQuery{CaseFilters: c.ask})
		if found.cases() != len(want) || !found.Exact {
			t.Errorf("%+v: %d cases are counted, want %d, exact: %v", c.ask.Where, found.cases(), len(want), found.Exact)
		}
		leftOut := slices.Contains([]string{"case.user_id", "case.priority", "case.sucursal"}, c.wire)
		if noteWith(found.Notes, "fit too: the API may leave them out") != leftOut {
			t.Errorf("%+v: the notes are %v", c.ask.Where, found.Notes)
		}
	}
}

// TestWhereTheAPITakesWhatHasNoValueForNotEqualItIsBelieved is about an API that answers as people would.
func TestWhereTheAPITakesWhatHasNoValueForNotEqualItIsBelieved(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 80}, Options{})
	var asked atomic.Int32
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if !strings.Contains(filteringOf(r), "case.user_id") {
			api.ServeHTTP(w, r)
			return
		}
		asked.Add(1)
		all := httptest.NewRecorder()
		dropFilter("case.user_id")(all, r, api)
		var answer struct {
			Data []map[string]any `json:"data"`
		}
		if err := json.Unmarshal(all.Body.Bytes(), &answer); err != nil {
			t.Error(err)
		}
		answer.Data = slices.DeleteFunc(answer.Data, func(row map[string]any) bool { return row["user_id"] == float64(46684) })
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	})
	want := 0
	for _, c := range o.api.Listed() {
		if c.UserID != 46684 {
			want++
		}
	}
	ask := CaseFilters{Where: []Where{{"agent", "NOT EQUAL", []string{"46684"}}}}
	for range 2 {
		asked.Store(0)
		o.api.ResetRequests()
		page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}})
		if n := o.api.Requests()["GET /cases"]; len(page.Rows) != want || asked.Load() != 1 || n != 1 || len(page.Notes) > 0 {
			t.Errorf("%d cases, want %d, by %d requests, %d of them with the filter; notes %v", len(page.Rows), want, n, asked.Load(), page.Notes)
		}
	}
	if found := o.count(t, CountQuery{CaseFilters: ask}); found.cases() != want || !found.Exact {
		t.Errorf("%d cases are counted, want %d, exact: %v", found.cases(), want, found.Exact)
	}
}

func TestATagThatIsCalledNoneIsMeantByIt(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 80}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/cases/tags") {
			w.Write([]byte(`{"data": [{"id": 7, "name": "None"}, {"id": 8, "name": "vip"}]}`))
			return
		}
		api.ServeHTTP(w, r)
	})
	planted := o.plant(t, 24717, 46684, []string{"None"}, "c 0")
	if got := idsOf(o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Tags: []string{"none"}}}})); !slices.Equal(got, []int64{planted[0].ID}) {
		t.Errorf("the cases are %v, want %d", got, planted[0].ID)
	}
}

func TestCasesWithoutATypeAreFoundWithAndWithoutTheNamesOfTypes(t *testing.T) {
	for _, known := range []bool{true, false} {
		o := newOffice(t, sandbox.Options{Listed: 80}, Options{})
		planted := o.plant(t, 24717, 46684, nil, "c 0", "c 0") // the data's have types
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.HasSuffix(r.URL.Path, "types") && !known {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			api.ServeHTTP(w, r)
		})
		if found := o.count(t, CountQuery{CaseFilters: CaseFilters{Type: []string{"none"}}}); found.cases() != len(planted) || !found.Exact {
			t.Errorf("types known %v: %d cases, exact: %v", known, found.cases(), found.Exact)
		}
	}
}

package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

func TestOneOfOurChannelsMeansThatOneAndNotItsKind(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	ids := func(ask CaseFilters) []int64 {
		var ids []int64
		for _, r := range o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}}) {
			ids = append(ids, r.Get("id").(int64))
		}
		return ids
	}
	truth := func(fits func(sandbox.Case) bool) []int64 {
		var ids []int64
		for _, c := range o.inWindow() {
			if fits(c) {
				ids = append(ids, c.ID)
			}
		}
		slices.Sort(ids)
		slices.Reverse(ids)
		return ids
	}
	brazil := func(c sandbox.Case) bool { return c.SourceChannel == "whatsapp" && c.ChannelAccount == "5511900000000" }
	for _, c := range []struct {
		ask  CaseFilters
		fits func(sandbox.Case) bool
	}{
		{CaseFilters{Channel: []string{"WhatsApp Brasil"}}, brazil},
		{CaseFilters{Channel: []string{"303"}}, brazil},
		{CaseFilters{Channel: []string{"WhatsApp Brasil", "web"}}, func(c sandbox.Case) bool { return brazil(c) || c.SourceChannel == "web" }},
		{CaseFilters{Where: []Where{{"channel", "EQUAL", []string{"WhatsApp Brasil"}}}}, brazil},
		{CaseFilters{Where: []Where{{"channel", "NOT EQUAL", []string{"WhatsApp Brasil"}}}}, func(c sandbox.Case) bool { return !brazil(c) }},
	} {
		got, want := ids(c.ask), truth(c.fits)
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%+v: %d cases, want %d", c.ask, len(got), len(want))
		}
	}
}

func TestAnAnswerThatMayMisleadSaysWhatItCannotKnow(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, c := range []struct {
		ask      CaseSearch
		note     string
		complete bool
	}{
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Created: Range{Before: "2026-08-01"}}}}, "lists no cases created before", false},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Solved: Range{Before: "2026-08-01"}}}}, "lists no cases created before", false},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Created: Range{After: "2026-01"}}}}, "lists no cases created before", false},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Numbers: []int64{534787, 100000}}}}, "the number 100000", true},
		{CaseSearch{CaseQuery: CaseQuery{SortBy: "due_at", Ascending: true}}, "cases without due_at come first", true},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Priority: []string{"none"}}}}, "cannot be asked for cases without priority", true},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Agent: []string{"unassigned"}}}}, "cannot be asked for cases without agent", true},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Text: "zzzz"}}}, "whole words", true},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"sucursal", "EQUAL", []string{"rosario"}}}}}}, `sucursal has no option "rosario"; the nearest of its 18: Rosario`, true},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Priority: []string{"Altísima"}}}}, "spelled as in Wise CX", true},
		{CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"sucursal", "EQUAL", []string{"Rosario AND tags EQUAL vip"}}}}}}, "an item of its own", true},
	} {
		page := o.search(t, c.ask)
		if !noteWith(page.Notes, c.note) || page.Coverage.Complete != c.complete {
			t.Errorf("%+v: notes %v, complete %v", c.ask, page.Notes, page.Coverage.Complete)
		}
	}
	numbers := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Numbers: []int64{534787, o.inWindow()[0].Number}}}, Limit: 1}
	numbers.Cursor = o.search(t, numbers).Cursor(1)
	if page := o.search(t, numbers); len(page.Rows) != 1 || len(page.Notes) != 0 {
		t.Errorf("the second of two numbers: %d rows, notes %v", len(page.Rows), page.Notes)
	}
	if page := o.search(t, CaseSearch{}); len(page.Notes) != 0 {
		t.Errorf("a plain answer has notes: %v", page.Notes)
	}
}

func TestAFieldThatNobodyHasIsRefusedWithThoseThereAre(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	refusal := o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"horoscopo", "EQUAL", []string{"leo"}}}}}})
	if !slices.Contains(refusal.Candidates, "sucursal") {
		t.Errorf("the candidates are %v", refusal.Candidates)
	}
	if n := o.api.Requests()["GET /cases"]; n > 2 {
		t.Errorf("it took %d requests to find out", n)
	}
	for name, hint := range map[string]string{"waiting_on": "get_case", "email": "contact"} {
		if r := o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{name, "EQUAL", []string{"x"}}}}}}); !strings.Contains(r.Expected, hint) {
			t.Errorf("%s is refused as %v, %s", name, r, r.Expected)
		}
	}
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"priority", "GREATER", []string{"normal"}}}}}})
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"queue", "LOWER", []string{"Ventas"}}}}}})
	o.refuses(t, CaseSearch{Fields: []string{"+waiting_on"}})
}

func TestAnAPIThatIgnoresACustomFieldDoesNotGiveEverything(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(dropFilter("case.nada"))
	if page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"nada", "EQUAL", []string{"x"}}}}}}); len(page.Rows) != 0 || !noteWith(page.Notes, "did not apply the filter") {
		t.Errorf("%d cases have a field that no case has; notes %v", len(page.Rows), page.Notes)
	}
}

func TestPeoplesWordsForPrioritiesAndListsOfNamesAreTaken(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	same := func(a, b CaseFilters) {
		t.Helper()
		x, y := o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: a}}), o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: b}})
		if len(x) != len(y) || len(y) == 0 {
			t.Errorf("%+v finds %d, %+v finds %d", a, len(x), b, len(y))
		}
	}
	same(CaseFilters{Priority: []string{"Alta", "URGENT"}}, CaseFilters{Priority: []string{"high", "urgent"}})
	same(CaseFilters{Queue: []string{"Ventas, Logística"}}, CaseFilters{Queue: []string{"Ventas", "Logística"}})
	same(CaseFilters{Contact: "TOMAS.GOMEZ.9005@EXAMPLE.COM"}, CaseFilters{Contact: "9005"})
	same(CaseFilters{Contact: "Tomás Gómez <tomas.gomez.9005@example.com>"}, CaseFilters{Contact: "9005"})
	if rows := o.search(t, CaseSearch{CaseQuery: CaseQuery{SortBy: "dueAt"}, Limit: 1}).Rows; rows[0].Get("due_at") == nil {
		t.Errorf("sorted by due_at, the row does not show it: %v", rows)
	}
	if row := o.search(t, CaseSearch{Limit: 1, Fields: []string{"*"}}).Rows[0]; row.Get("channel_account") == nil || row.Get("subject") == nil {
		t.Errorf("all fields are %v", row)
	}
}

func TestAMissedCallIsTheCustomers(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	planted := o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "incoming_call", CreatedAt: noon.AddDate(0, 0, -1)}, o.said("mt"))
	view := o.get(t, CaseAsk{ID: planted.ID})
	missed, taken := view.Messages[0], view.Messages[1]
	if missed.Get("from") != "customer" || missed.Get("call").(Row).Get("missed") != true {
		t.Errorf("a missed call is shown as %v", missed)
	}
	if taken.Get("from") != "customer" || !slices.Equal(taken.Get("call").(Row).Get("agents").([]string), []string{"Franco González"}) {
		t.Errorf("a call that was taken is shown as %v", taken)
	}
}

func TestTheOldestInReachIsNotSaidToBeTheOldestThereIs(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	const unseen = "no cases created before 2026-08-18: older ones"
	for _, c := range []struct {
		ask   CaseQuery
		noted bool
	}{
		{CaseQuery{SortBy: "created_at", Ascending: true}, true},
		{CaseQuery{SortBy: "number", Ascending: true, CaseFilters: CaseFilters{Status: []string{"open"}}}, true},
		{CaseQuery{SortBy: "updated_at", Ascending: true, CaseFilters: CaseFilters{Updated: Range{After: "30d"}}}, true},
		{CaseQuery{Ascending: true, CaseFilters: CaseFilters{Created: Range{Before: "3d"}}}, true},
		{CaseQuery{Waiting: Waiting{On: "us"}}, true},
		{CaseQuery{Waiting: Waiting{LongerThan: "24h"}, CaseFilters: CaseFilters{Created: Range{After: "30d"}}}, false},
		{CaseQuery{Waiting: Waiting{WindowCloses: "2h"}}, false},
		{CaseQuery{SortBy: "created_at"}, false},
		{CaseQuery{SortBy: "created_at", Ascending: true, CaseFilters: CaseFilters{Created: Range{After: "this_month"}}}, false},
		{CaseQuery{SortBy: "created_at", Ascending: true, CaseFilters: CaseFilters{Created: Range{After: "2026-01"}}}, false}, // which has a note of its own
		{CaseQuery{SortBy: "number", Ascending: true, CaseFilters: CaseFilters{Where: []Where{{"number", "GREATER", []string{"534000"}}}}}, false},
		{CaseQuery{SortBy: "id", Ascending: true, CaseFilters: CaseFilters{Numbers: []int64{534787}}}, false},
	} {
		page := o.search(t, CaseSearch{CaseQuery: c.ask, Limit: 5})
		if noteWith(page.Notes, unseen) != c.noted {
			t.Errorf("%+v: the notes are %v", c.ask, page.Notes)
		}
		if page.HasMore {
			if next := o.search(t, CaseSearch{Cursor: page.Cursor(5), Limit: 5}); noteWith(next.Notes, unseen) {
				t.Errorf("%+v: the next page says it again: %v", c.ask, next.Notes)
			}
		}
	}
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}, CaseFilters: CaseFilters{Created: Range{After: "2026-01"}}}})
	if page.Coverage.Complete || !noteWith(page.Notes, "get_case finds an older one by its id") {
		t.Errorf("who waits since January: %+v, notes %v", page.Coverage, page.Notes)
	}
}

func TestAValueThatNoCaseHasIsHeldAgainstTheOptionsOfItsField(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 80}, Options{})
	where := func(values ...string) CaseFilters {
		return CaseFilters{Created: Range{After: "1h"}, Where: []Where{{"sucursal", "IN", values}}} // when there is no case
	}
	for _, c := range []struct {
		ask     CaseFilters
		notes   []string
		options int // requests
	}{
		{where("rosario"), []string{`no option "rosario"; the nearest of its 18: Rosario`}, 1},
		{where("Rosaroi", "neuquen"), []string{`"Rosaroi"; the nearest of its 18: Rosario`, `"neuquen"; the nearest of its 18: Neuquén`}, 1},
		{where("xyzzyplugh"), []string{`no option "xyzzyplugh"; the first of its 18: `}, 1},
		{where("\u202e\"},{" + strings.Repeat("é", 5000)), []string{"the first of its 18: "}, 1},
		{where("Rosario"), nil, 1}, // which is one, so that it is not to blame
		{CaseFilters{Created: Range{After: "1h"}}, nil, 0},
		{CaseFilters{Created: Range{After: "1h"}, Where: []Where{{"sucursal", "NOT EQUAL", []string{"rosario"}}}}, nil, 0},
		{CaseFilters{Where: []Where{{"sucursal", "EQUAL", []string{"Rosario"}}}}, nil, 0}, // which some case has
	} {
		for name, notes := range map[string]func() []string{
			"list": func() []string { return o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask}}).Notes },
			"waiting": func() []string {
				return o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask, Waiting: Waiting{On: "us"}}}).Notes
			},
			"count": func() []string { return o.count(t, CountQuery{CaseFilters: c.ask}).Notes },
		} {
			o.api.ResetRequests()
			got := notes()
			for _, want := range c.notes {
				if !noteWith(got, want) {
					t.Errorf("%s %.100v: no note %q in %.300v", name, c.ask.Where, want, got)
				}
			}
			if len(c.notes) == 0 && noteWith(got, "no option") || len(fmt.Sprint(got)) > 1500 {
				t.Errorf("%s %.100v: the notes are %v", name, c.ask.Where, got)
			}
			if n := o.api.Requests()["GET /cases/fields/{field_name}/options"]; n != c.options {
				t.Errorf("%s %.100v: %d requests for options (%v)", name, c.ask.Where, n, o.api.Requests())
			}
		}
	}
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/options") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		api.ServeHTTP(w, r)
	})
	if page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: where("rosario")}}); !noteWith(page.Notes, "values of custom.sucursal must be spelled as in Wise CX") {
		t.Errorf("without the options, the notes are %v", page.Notes)
	}
}

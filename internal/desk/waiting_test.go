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

// plant puts open cases into an office that has none otherwise, one for each sketch, and gives their ids by sketch.
func plant(t *testing.T, o *office, sketches ...string) map[string]int64 {
	t.Helper()
	for _, c := range o.api.Cases() {
		o.api.Change(c.ID, func(c *sandbox.Case) { c.Status, c.SolvedAt = "solved", noon.Add(-1000*time.Hour) })
	}
	ids := map[string]int64{}
	for _, sketch := range sketches {
		thread := o.said(sketch)
		ids[sketch] = o.api.AddCase(sandbox.Case{SourceChannel: "whatsapp", ContactID: 9005, GroupID: 24717, CreatedAt: thread[0].CreatedAt}, thread).ID
	}
	return ids
}

func idsOf(rows []Row) []int64 {
	var ids []int64
	for _, r := range rows {
		ids = append(ids, r.Get("id").(int64))
	}
	return ids
}

func TestWhereTheCustomerSaidNothingThereIsNothingToReplyTo(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	ids := plant(t, o, "c", "ee", "bb", "cbe")
	o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005, GroupID: 24717, CreatedAt: noon.Add(-5 * time.Hour)}, nil)
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{NeverReplied: true}}})
	if got := idsOf(page.Rows); !slices.Equal(got, []int64{ids["cbe"], ids["c"]}) || !strings.Contains(page.Applied, "the customer wrote") {
		t.Errorf("never replied to are %v, want %v; applied %q", got, ids, page.Applied)
	}
	if found := o.count(t, CountQuery{Waiting: Waiting{NeverReplied: true}}); found.cases() != 2 {
		t.Errorf("%d cases are counted, want 2", found.cases())
	}
}

func TestWhomWeOweAnAnswerTheLongestWaitFirst(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	ids := plant(t, o, "c", "ccccc", "cacc", "ca", "cab", "ccaf", "aaaa", "cb", "cbccccc")
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}})
	// Since when: 7 h, 5 h, 2 h (twice: the earlier case first), 1 h. An undelivered reply answers, where one came before it.
	want := []int64{ids["cbccccc"], ids["ccccc"], ids["cacc"], ids["cb"], ids["c"]}
	if got := idsOf(page.Rows); !slices.Equal(got, want) {
		t.Errorf("the order is %v, want %v", got, want)
	}
	first := page.Rows[0]
	if first.Get("waiting_on") != "us" || first.Get("waiting_since") != "2026-11-18 05:00" || first.Get("window_closes_at") != "2026-11-19 11:00" {
		t.Errorf("the longest wait is shown as %v", first)
	}
	if !page.Coverage.Complete || page.Coverage.Scanned != len(ids) || !strings.Contains(page.Applied, "waiting_on = us") || !noteWith(page.Notes, "only unresolved") {
		t.Errorf("coverage %+v, applied %q, notes %v", page.Coverage, page.Applied, page.Notes)
	}
	for ask, want := range map[Waiting][]string{
		{On: "us", LongerThan: "3h"}:           {"cbccccc", "ccccc"},
		{On: "us", LongerThan: "5h"}:           {"cbccccc", "ccccc"},
		{LongerThan: "4h"}:                     {"cbccccc", "ccccc", "aaaa"},
		{On: "customer"}:                       {"aaaa", "ccaf", "cab", "ca"},
		{NeverReplied: true}:                   {"cbccccc", "ccccc", "cb", "c"},
		{NeverReplied: true, LongerThan: "2h"}: {"cbccccc", "ccccc", "cb"},
		{On: "us", WindowCloses: "22h"}:        {"cb"},
		{WindowCloses: "21h"}:                  {"ccaf", "cab"},
		{On: "us", WindowCloses: "23h"}:        {"cbccccc", "ccccc", "cacc", "cb", "c"},
	} {
		var expected []int64
		for _, sketch := range want {
			expected = append(expected, ids[sketch])
		}
		got := idsOf(o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: ask}}).Rows)
		slices.Sort(expected)
		slices.Sort(got)
		if !slices.Equal(got, expected) {
			t.Errorf("%+v gives %v, want %v", ask, got, expected)
		}
	}
}

func TestAWindowThatIsClosedOrFarFromClosingIsNotAboutToClose(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	plant(t, o)
	at := func(hours float64) int64 {
		written := noon.Add(-time.Duration(hours * float64(time.Hour)))
		message := sandbox.Activity{Type: "contact_message", Channel: "whatsapp", Content: "hola", CreatedAt: written, ContactFrom: &sandbox.Party{ID: 9005}}
		return o.api.AddCase(sandbox.Case{SourceChannel: "whatsapp", ContactID: 9005, GroupID: 24717, CreatedAt: written}, []sandbox.Activity{message}).ID
	}
	at(24.1)
	soon := []int64{at(23.9), at(22.1)}
	at(21.9)
	got := idsOf(o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us", WindowCloses: "2h"}}}).Rows)
	if !slices.Equal(got, soon) {
		t.Errorf("closing within two hours: %v, want %v", got, soon)
	}
}

func TestPagesByWaitRepeatNothingAlsoWhereTheFirstReadingIsForgotten(t *testing.T) {
	for _, forget := range []bool{false, true} {
		o := newOffice(t, sandbox.Options{Cases: 300}, Options{})
		all := idsOf(o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}}).Rows)
		if len(all) < 20 || len(all) >= 100 {
			t.Fatalf("%d cases wait on us", len(all))
		}
		o.api.ResetRequests()
		ask := CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}, Limit: 7}
		var got []int64
		for range 50 {
			page := o.search(t, ask)
			got = append(got, idsOf(page.Rows)...)
			if !page.HasMore {
				break
			}
			if ask.Cursor = page.Cursor(len(page.Rows)); len(got) < 20 {
				got, ask.Cursor = got[:len(got)-2], page.Cursor(len(page.Rows)-2) // the budget cut the page
			}
			if forget {
				o.batches = batches{}
			}
		}
		if !slices.Equal(got, all) {
			t.Errorf("forgotten %v: pages give %v, want %v", forget, got, all)
		}
		if n := o.api.Requests()["GET /cases/{id}/activities"]; !forget && n > 300 {
			t.Errorf("%d threads were read for pages of one list", n)
		}
	}
}

func TestASortThatIsAskedForIsKept(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 200}, Options{})
	rows := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}, SortBy: "id"}}).Rows
	if ids := idsOf(rows); len(ids) < 10 || !slices.IsSortedFunc(ids, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("sorted by id, the rows are %v", ids)
	}
}

func TestTurnsThatCannotBeReadAreNamedAndAPIThatGoesAwayLosesNothing(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	ids := plant(t, o, "c", "cc", "ccc", "cccc")
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.Contains(r.URL.Path, "/activities") && strings.Contains(r.URL.Path, itoa(ids["cc"])) {
			http.Error(w, "bad thread", http.StatusBadRequest)
			return
		}
		api.ServeHTTP(w, r)
	})
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}})
	if len(page.Rows) != 3 || !noteWith(page.Notes, "could not be read: ") {
		t.Errorf("%d rows, notes %v", len(page.Rows), page.Notes)
	}
	o.batches = batches{}
	broken := true
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if broken && strings.Contains(r.URL.Path, "/activities") && strings.Contains(r.URL.Path, itoa(ids["ccc"])) {
			http.Error(w, "oops", http.StatusInternalServerError)
			return
		}
		api.ServeHTTP(w, r)
	})
	first := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}})
	if !first.HasMore || !noteWith(first.Notes, "and stopped") || first.Coverage.Complete {
		t.Fatalf("broken off: %d rows, more %v, notes %v", len(first.Rows), first.HasMore, first.Notes)
	}
	broken = false
	rest := o.search(t, CaseSearch{Cursor: first.Cursor(len(first.Rows))})
	if got := append(idsOf(first.Rows), idsOf(rest.Rows)...); len(got) != 4 || len(first.Rows) == 0 {
		t.Errorf("together they give %v of 4", got)
	}
}

func TestCasesWhoseUpdatedAtLagsAreFoundAllTheSame(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	ids := plant(t, o, strings.Repeat("c", 23), "cccccccccccccccccccccca")
	written := noon.Add(-23 * time.Hour)
	var closing []int64
	for range 2 {
		c := o.api.AddCase(sandbox.Case{SourceChannel: "whatsapp", ContactID: 9005, GroupID: 24717, CreatedAt: written.Add(-50 * time.Hour)},
			[]sandbox.Activity{{Type: "contact_message", Channel: "whatsapp", Content: "factura", CreatedAt: written, ContactFrom: &sandbox.Party{ID: 9005}}})
		closing = append(closing, c.ID)
	}
	for _, id := range append(slices.Clone(closing[:1]), ids["cccccccccccccccccccccca"]) {
		o.api.Change(id, func(c *sandbox.Case) { c.LastUpdate = c.CreatedAt.Add(-time.Minute) })
	}
	o.api.Change(ids["cccccccccccccccccccccca"], func(c *sandbox.Case) { c.LastUpdate = noon.Add(-12 * time.Hour) }) // seen, and its messages are newer
	got := idsOf(o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{WindowCloses: "2h"}}}).Rows)
	slices.Sort(got)
	if !slices.Equal(got, closing) {
		t.Errorf("windows that close: %v, want %v", got, closing)
	}
}

func TestWaitingRefusesWhatItCannotMean(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	for _, w := range []Waiting{{LongerThan: "soon"}, {LongerThan: "+2h"}, {LongerThan: "2027-01-01"}, {WindowCloses: "x"}} {
		if r := o.refuses(t, CaseSearch{CaseQuery: CaseQuery{Waiting: w}}); r.Argument == "" || r.Expected == "" {
			t.Errorf("%+v: %+v", w, r)
		}
	}
}

func TestColumnsOfTurnsMayBeNamedAmongFields(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 60}, Options{})
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}, Fields: []string{"number", "waiting_since", "waiting_on"}})
	if row := page.Rows[0]; row.Get("number") == nil || row.Get("waiting_since") == nil || row.Get("subject") != nil {
		t.Errorf("the row is %v", row)
	}
	if r := o.refuses(t, CaseSearch{Fields: []string{"waiting_since"}}); !strings.Contains(r.Expected, "waiting_on") {
		t.Errorf("without them asked: %+v", r)
	}
}

func TestHowManyOfABatchAreCertainToComeFirst(t *testing.T) {
	at := func(hours int) waitingCase {
		return waitingCase{turn: turn{since: noon.Add(-time.Duration(hours) * time.Hour)}}
	}
	b := &batch{cases: []waitingCase{at(50), at(40), at(30), at(20)}}
	if b.count(noon.Add(-30 * time.Hour)); b.certain != 2 {
		t.Errorf("%d are certain", b.certain)
	}
}

func TestACursorOfAnotherToolIsRefused(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 60}, Options{})
	page := o.search(t, CaseSearch{Limit: 5})
	_, err := o.SearchMessages(t.Context(), MessageSearch{Cursor: page.Cursor(5), Limit: 5, MaxCases: 5})
	refusal, is := err.(*Refusal)
	if !is || refusal.Argument != "cursor" {
		t.Errorf("search_messages takes a cursor of search_cases: %v", err)
	}
	found, err := o.SearchMessages(t.Context(), MessageSearch{Limit: 2, MaxCases: 5})
	if err != nil {
		t.Fatal(err)
	}
	if r := o.refuses(t, CaseSearch{Cursor: found.Cursor(2)}); r.Argument != "cursor" {
		t.Errorf("search_cases takes a cursor of search_messages: %+v", r)
	}
}

func TestListsAreToldApartByTheirCursors(t *testing.T) {
	seen := map[byte]bool{}
	for _, list := range []byte{listOf[CaseQuery](), listOf[MessagesQuery](), listOf[MessageQuery](), listOf[ContactQuery](), listOf[OrganizationQuery](), listOf[EntryQuery]()} {
		if seen[list] {
			t.Errorf("two lists share the mark %d", list)
		}
		seen[list] = true
	}
}

func TestWhoWaitsCanBeCounted(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 200}, Options{})
	want := len(o.all(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}}))
	found, err := o.CountCases(t.Context(), CountQuery{Waiting: Waiting{On: "us"}, GroupBy: []string{"queue"}})
	if err != nil {
		t.Fatal(err)
	}
	if found.cases() != want || want < 10 || !found.Exact || !strings.Contains(found.Applied, "waiting_on = us") {
		t.Errorf("%d are counted, %d wait: exact %v, applied %q, %v", found.cases(), want, found.Exact, found.Applied, found.Notes)
	}
}

func TestOfThoseWhoWaitTheOldestAreReadWhereNotAllCanBe(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 300}, Options{})
	var unresolved []sandbox.Case // oldest first
	for _, c := range o.api.Listed() {
		if c.Status != "solved" && c.Status != "closed" {
			unresolved = append(unresolved, c)
		}
	}
	const read = 20
	want, waits := 0, idsOf(o.all(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us"}}}))
	for _, c := range unresolved[:read] {
		if slices.Contains(waits, c.ID) {
			want++
		}
	}
	found := o.count(t, CountQuery{Waiting: Waiting{On: "us"}, MaxScan: read})
	if found.cases() != want || want == 0 || found.Exact || found.Coverage.Newest != o.show(unresolved[read-1].CreatedAt) || found.Coverage.Oldest != o.show(unresolved[0].CreatedAt) {
		t.Errorf("%d cases, want %d, exact: %v, %+v", found.cases(), want, found.Exact, found.Coverage)
	}
	if told := fmt.Sprintf("%d cases may fit; only the conversations of the oldest %d, created until", len(unresolved), read); !noteWith(found.Notes, told) || !noteWith(found.Notes, "reads all") {
		t.Errorf("the notes are %v", found.Notes)
	}
	if found := o.count(t, CountQuery{Waiting: Waiting{On: "us"}, MaxScan: len(unresolved)}); found.cases() != len(waits) || !found.Exact {
		t.Errorf("%d cases of %d who wait, exact: %v", found.cases(), len(waits), found.Exact)
	}
}

func TestWindowsThatCloseAreCountedAmongCasesThatChangedOfLate(t *testing.T) {
	for _, lags := range []bool{false, true} {
		o := newOffice(t, sandbox.Options{Listed: 300}, Options{})
		written := noon.Add(-23 * time.Hour)
		for range 3 {
			c := o.api.AddCase(sandbox.Case{SourceChannel: "whatsapp", ContactID: 9005, GroupID: 24717, CreatedAt: written.Add(-50 * time.Hour)},
				[]sandbox.Activity{{Type: "contact_message", Channel: "whatsapp", Content: "hola", CreatedAt: written, ContactFrom: &sandbox.Party{ID: 9005}}})
			if lags {
				o.api.Change(c.ID, func(c *sandbox.Case) { c.LastUpdate = c.CreatedAt.Add(-time.Minute) })
			}
		}
		if lags { // one is seen whose messages are newer
			c := o.api.AddCase(sandbox.Case{SourceChannel: "whatsapp", ContactID: 9005, GroupID: 24717, CreatedAt: written.Add(-50 * time.Hour)},
				[]sandbox.Activity{{Type: "user_reply", UserID: 46684, Channel: "whatsapp", Content: "hola", CreatedAt: noon.Add(-time.Hour)}})
			o.api.Change(c.ID, func(c *sandbox.Case) { c.LastUpdate = noon.Add(-12 * time.Hour) })
		}
		want := len(o.all(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{On: "us", WindowCloses: "2h"}}}))
		o.laggard.Store(false)
		o.api.ResetRequests()
		found := o.count(t, CountQuery{Waiting: Waiting{On: "us", WindowCloses: "2h"}})
		if found.cases() != want || want < 3 || !found.Exact {
			t.Errorf("lagging %v: %d cases, want %d, exact: %v, %v", lags, found.cases(), want, found.Exact, found.Notes)
		}
		if n := o.api.Requests()["GET /cases/{id}/activities"]; !lags && n > 40 {
			t.Errorf("%d threads were read for %d windows", n, want)
		}
	}
}

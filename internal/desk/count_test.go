package desk

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx/sandbox"
)

// count counts cases.
func (o *office) count(t testing.TB, ask CountQuery) *CaseCount {
	t.Helper()
	found, err := o.CountCases(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask, err)
	}
	return found
}

// cases is how many cases a count found.
func (c *CaseCount) cases() int { return c.tally.total.cases }

// groupsOf gives the counts by one key.
func (c *CaseCount) groupsOf(key string) map[string]int {
	counts := map[string]int{}
	for _, row := range c.Figures(mostColumns).Groups {
		counts[fmt.Sprint(row.Get(key))] = int(row.Get("count").(int64))
	}
	return counts
}

// cellsOf gives the counts by two keys, by "row/column".
func (f Figures) cellsOf() map[string]int {
	counts := map[string]int{}
	for _, row := range f.Rows {
		for i, n := range row[1:] {
			counts[fmt.Sprintf("%v/%s", row[0], f.Columns[i+1])] = n.(int)
		}
	}
	return counts
}

// statusNames are the words of tools for the API's.
var statusNames = map[string]string{"open": "open", "pending": "pending", "onhold": "on_hold", "solved": "solved", "closed": "closed"}

func (o *office) queueNames() map[int64]string {
	known := map[int64]string{}
	for _, q := range o.api.Queues() {
		known[q.ID] = q.Name
	}
	return known
}

// 5,000 cases with gaps in their numbers take one request more than pages: see the tests of sweeps.
func TestCountsByQueueAndStatusAreTheTruth(t *testing.T) {
	for _, c := range []struct{ listed, requests int }{{1, 2}, {99, 2}, {500, 6}, {4950, 50}, {4999, 50}, {5000, 51}, {9000, 91}} {
		o := newOffice(t, sandbox.Options{Cases: c.listed + c.listed/2, Listed: c.listed}, Options{})
		want := map[string]int{}
		names := o.queueNames()
		for _, x := range o.api.Listed() {
			want[names[x.GroupID]+"/"+statusNames[x.Status]]++
			want[names[x.GroupID]+"/total"]++
		}
		found := o.count(t, CountQuery{GroupBy: []string{"queue", "status"}})
		got := found.Figures(mostColumns)
		cells := got.cellsOf()
		maps.DeleteFunc(cells, func(_ string, n int) bool { return n == 0 })
		if !maps.Equal(cells, want) || found.cases() != c.listed || !found.Exact || len(found.Notes) != 1 || !noteWith(found.Notes, "not in reach") {
			t.Errorf("%d cases: %d counted, exact: %v, %v; %v, want %v", c.listed, found.cases(), found.Exact, found.Notes, cells, want)
		}
		if columns := []string{"queue", "open", "pending", "on_hold", "solved", "closed", "total"}; !slices.Equal(got.Columns, columns) {
			t.Errorf("the columns are %v", got.Columns)
		}
		for i, row := range got.Rows {
			if len(row) != len(got.Columns) || i > 0 && got.Cases[i] > got.Cases[i-1] {
				t.Errorf("row %d is %v after %d cases", i, row, got.Cases[max(i-1, 0)])
			}
		}
		requests := o.api.Requests()
		if requests["GET /cases"] > c.requests || requests["GET /queues"] != 1 || len(requests) != 3 {
			t.Errorf("%d cases took %v", c.listed, requests)
		}
	}
}

func TestEachKeyGroupsTheTruth(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 700}, Options{})
	zone := buenosAires(t)
	agents, queues := map[int64]string{0: "unassigned"}, o.queueNames()
	for _, u := range o.api.Users() {
		agents[u.ID] = u.FirstName + " " + u.LastName
	}
	types := map[int64]string{}
	for _, x := range o.api.Types() { // parents stand before what is below them
		types[x.ID] = strings.TrimPrefix(types[x.ParentID]+" > "+x.Name, " > ")
	}
	one := func(s string) []string { return []string{map[bool]string{true: "none", false: s}[s == ""]} }
	for key, of := range map[string]func(c sandbox.Case) []string{
		"status":   func(c sandbox.Case) []string { return one(statusNames[c.Status]) },
		"queue":    func(c sandbox.Case) []string { return one(queues[c.GroupID]) },
		"agent":    func(c sandbox.Case) []string { return one(agents[c.UserID]) },
		"channel":  func(c sandbox.Case) []string { return one(c.SourceChannel) },
		"type":     func(c sandbox.Case) []string { return one(types[c.TypeID]) },
		"priority": func(c sandbox.Case) []string { return one(c.Priority) },
		"tag": func(c sandbox.Case) []string {
			if len(c.Tags) == 0 {
				return one("")
			}
			return c.Tags
		},
		"day":   func(c sandbox.Case) []string { return one(c.CreatedAt.In(zone).Format(time.DateOnly)) },
		"month": func(c sandbox.Case) []string { return one(c.CreatedAt.In(zone).Format("2006-01")) },
		"hour":  func(c sandbox.Case) []string { return one(c.CreatedAt.In(zone).Format("15")) },
		"week": func(c sandbox.Case) []string {
			at := c.CreatedAt.In(zone)
			for at.Weekday() != time.Monday {
				at = at.AddDate(0, 0, -1)
			}
			return one(at.Format(time.DateOnly))
		},
	} {
		want := map[string]int{}
		for _, c := range o.api.Listed() {
			for _, value := range of(c) {
				want[value]++
			}
		}
		found := o.count(t, CountQuery{GroupBy: []string{key}})
		got := found.groupsOf(key)
		maps.DeleteFunc(got, func(_ string, n int) bool { return n == 0 })
		if !maps.Equal(got, want) || found.cases() != 700 || !found.Exact {
			t.Errorf("by %s: %v, want %v", key, got, want)
		}
		if noteWith(found.Notes, "under each of its tags") != (key == "tag") || (found.DatedBy == "created_at") != strings.Contains("day week month hour", key) {
			t.Errorf("by %s: dated by %q, notes %v", key, found.DatedBy, found.Notes)
		}
	}
}

func TestACountHasAsManyCasesAsASearchLists(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 900}, Options{Agent: "Franco González"})
	for _, ask := range []CaseFilters{
		{Status: []string{"open"}}, {Status: []string{"unresolved"}, Queue: []string{"Ventas"}}, {Agent: []string{"unassigned"}}, {Agent: []string{"me"}},
		{Channel: []string{"email"}}, {Tags: []string{"vip", "reclamo"}}, {Type: []string{"Logística"}}, {Text: "pedido"}, {Priority: []string{"urgent"}},
		{Created: Range{"2026-10", "2026-10"}}, {Solved: Range{After: "last_week"}}, {Where: []Where{{"sucursal", "EQUAL", []string{"Rosario"}}}}, {Numbers: []int64{534787}},
	} {
		want := len(o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}}))
		found := o.count(t, CountQuery{CaseFilters: ask})
		if found.cases() != want || want == 0 || !found.Exact || found.Total().Get("count") != int64(want) {
			t.Errorf("%+v: %d cases, exact: %v, the search lists %d", ask, found.cases(), found.Exact, want)
		}
	}
}

func TestCasesADayByChannelInOctober(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 60}, Options{})
	found := o.count(t, CountQuery{CaseFilters: CaseFilters{Created: Range{"2026-10", "2026-10"}}, GroupBy: []string{"day", "channel"}})
	figures, zone := found.Figures(mostColumns), buenosAires(t)
	want := map[string]int{}
	for _, c := range o.api.Listed() {
		if at := c.CreatedAt.In(zone); at.Format("2006-01") == "2026-10" {
			want[at.Format(time.DateOnly)+"/"+c.SourceChannel]++
			want[at.Format(time.DateOnly)+"/total"]++
		}
	}
	cells := figures.cellsOf()
	maps.DeleteFunc(cells, func(_ string, n int) bool { return n == 0 })
	if !maps.Equal(cells, want) || len(want) < 20 {
		t.Errorf("%v, want %v", cells, want)
	}
	if len(figures.Rows) != 31 || figures.Rows[0][0] != "2026-10-01" || figures.Rows[30][0] != "2026-10-31" {
		t.Errorf("the days are %v", figures.Rows)
	}
}

func TestAnEmptyCountHasItsZeros(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	never := CaseFilters{Text: "ornitorrinco", Created: Range{"2026-11-02", "2026-11-05"}, Queue: []string{"Ventas"}}
	for keys, rows := range map[string]int{"": 0, "day": 4, "week": 1, "hour": 24, "status": 5, "queue": 1, "agent": 0, "type": 0} {
		found := o.count(t, CountQuery{CaseFilters: never, GroupBy: strings.Fields(keys)})
		if groups := found.Figures(mostColumns).Groups; len(groups) != rows || found.cases() != 0 || !found.Exact {
			t.Errorf("by %q: %v", keys, groups)
		}
		if !noteWith(found.Notes, "text takes whole words") {
			t.Errorf("no note says how text is compared: %v", found.Notes)
		}
	}
	if rows := o.count(t, CountQuery{CaseFilters: never, GroupBy: []string{"day", "status"}}).Figures(mostColumns).Rows; len(rows) != 4 || len(rows[0]) != 7 {
		t.Errorf("by day and status: %v", rows)
	}
	if rows := o.count(t, CountQuery{CaseFilters: never, GroupBy: []string{"day", "queue"}, Measure: []string{"age"}}).Figures(mostColumns).Rows; len(rows) != 4 || rows[0][4] != nil {
		t.Errorf("by day and queue: %v", rows)
	}
}

func TestOnlyStatusesThatTheFiltersAllowAreZero(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 50}, Options{})
	for _, c := range []struct {
		ask  CaseFilters
		want []string
	}{
		{CaseFilters{}, []string{"open", "pending", "on_hold", "solved", "closed"}},
		{CaseFilters{Status: []string{"unresolved"}}, []string{"open", "pending", "on_hold"}},
		{CaseFilters{Where: []Where{{"status", "NOT IN", []string{"open", "closed"}}}}, []string{"pending", "on_hold", "solved"}},
	} {
		var got []string
		for _, row := range o.count(t, CountQuery{CaseFilters: c.ask, GroupBy: []string{"status"}}).Figures(mostColumns).Groups {
			got = append(got, row.Get("status").(string))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.ask, got, c.want)
		}
	}
}

func TestWrongKeysAndMeasuresAreRefusedBeforeAnythingIsAsked(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, ask := range []CountQuery{
		{GroupBy: []string{"queue", "status", "day"}}, {GroupBy: []string{"queue, status, day"}}, {GroupBy: []string{"queue", "cola"}}, {GroupBy: []string{"customer"}},
		{GroupBy: []string{""}}, {GroupBy: []string{strings.Repeat("queue", 1000)}}, {GroupBy: []string{"day", "date"}},
		{Measure: []string{"time"}}, {Measure: []string{"count", ""}}, {Measure: []string{"'; DROP"}},
	} {
		_, err := o.CountCases(t.Context(), ask)
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Argument != map[bool]string{true: "group_by", false: "measure"}[ask.GroupBy != nil] || refusal.Expected == "" || len(refusal.Problem) > 200 {
			t.Errorf("%+v gives %v", ask, err)
		}
	}
	if len(o.api.Requests()) > 0 {
		t.Errorf("requests were made: %v", o.api.Requests())
	}
	for said, meant := range map[string]string{
		"Cola": "queue", "queues": "queue", "estados": "status", "statuses": "status", "Agente": "agent", "assignee": "agent", "agent_id": "agent", "tags": "tag", "etiquetas": "tag",
		"motivo": "type", "types": "type", "canales": "channel", "día": "day", "date": "day", "días": "day", "semanas": "week", "mês": "month", "meses": "month", "hora": "hour", "source channel": "channel",
		"prioridades": "priority", "weekday": "", "": "", "contact": "", "s": "",
	} {
		if got := groupKey(said); got != meant {
			t.Errorf("%q means %q, want %q", said, got, meant)
		}
	}
}

func TestABoundedCountSaysWhatItLookedAt(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 500}, Options{})
	found := o.count(t, CountQuery{GroupBy: []string{"day"}, MaxScan: 150})
	listed := o.api.Listed()
	oldest := o.show(listed[350].CreatedAt)
	if found.cases() != 150 || found.Exact || found.Coverage.Scanned != 150 || found.Coverage.Oldest != oldest || found.Coverage.Newest != o.show(listed[499].CreatedAt) {
		t.Errorf("%d cases, %+v, want the oldest at %s", found.cases(), found.Coverage, oldest)
	}
	if !noteWith(found.Notes, "the newest 150 cases, created since "+oldest) || !noteWith(found.Notes, "max_scan, at most 50000") {
		t.Errorf("the notes are %v", found.Notes)
	}
	if first := found.Figures(mostColumns).Groups[0]; first.Get("count") == int64(0) {
		t.Errorf("a day that was not looked at is shown as %v", first)
	}
	for most, exact := range map[int]bool{499: false, 500: true, 1_000_000: true} {
		if found := o.count(t, CountQuery{MaxScan: most}); found.Exact != exact {
			t.Errorf("500 cases of at most %d: exact %v", most, found.Exact)
		}
	}
}

func TestWhatLiesBeforeTheWindowIsNotExact(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 300}, Options{})
	found := o.count(t, CountQuery{CaseFilters: CaseFilters{Created: Range{After: "2026-06-01"}}, GroupBy: []string{"month"}})
	if found.Exact || !noteWith(found.Notes, "no cases created before 2026-08-18") {
		t.Errorf("exact: %v, notes %v", found.Exact, found.Notes)
	}
	if first := found.Figures(mostColumns).Groups[0].Get("month"); first != "2026-08" {
		t.Errorf("a month that is not in reach is shown: %v", first)
	}
}

func TestNamesThatCannotBeHadCostACountTheNamesOnly(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 200}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/cases") && !strings.HasSuffix(r.URL.Path, "/authenticate") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		api.ServeHTTP(w, r)
	})
	for key, note := range map[string]string{"queue": "queues are shown by id", "agent": "agents are shown by id", "type": "types are shown by id", "tag": "under each of its tags"} {
		found := o.count(t, CountQuery{GroupBy: []string{key}})
		if found.cases() != 200 || !found.Exact || !noteWith(found.Notes, note) {
			t.Errorf("by %s: %d cases, notes %v", key, found.cases(), found.Notes)
		}
	}
	if groups := o.count(t, CountQuery{GroupBy: []string{"queue"}}).groupsOf("queue"); groups["#24717"] == 0 {
		t.Errorf("the queues are %v", groups)
	}
}

func TestACountTellsHowFarItIs(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 4000, Faults: sandbox.Faults{Latency: 100 * time.Millisecond}}, Options{})
	told := 0
	ctx := scan.WithProgress(t.Context(), func(done, total int, words string) {
		told++
		if done <= 0 || total < done || total > 4500 || words != "counting cases" {
			t.Errorf("%s: %d of %d", words, done, total)
		}
	})
	if _, err := o.CountCases(ctx, CountQuery{}); err != nil || told == 0 {
		t.Errorf("it told %d times; %v", told, err)
	}
}

func TestUntidyAnswersCountTheSame(t *testing.T) {
	tidy := newOffice(t, sandbox.Options{Listed: 400}, Options{})
	loose := newOffice(t, sandbox.Options{Listed: 400, Loose: true, BareActivities: true}, Options{})
	for _, ask := range []CountQuery{
		{GroupBy: []string{"tag", "priority"}}, {GroupBy: []string{"agent"}, Measure: []string{"age", "resolution_time", "first_read_time"}},
		{GroupBy: []string{"agent", "week"}, Measure: []string{"reply_time", "first_reply_time"}, MaxScan: 60},
	} {
		a, b := tidy.count(t, ask), loose.count(t, ask)
		if fmt.Sprint(a.Total(), a.Figures(mostColumns)) != fmt.Sprint(b.Total(), b.Figures(mostColumns)) {
			t.Errorf("%+v: an untidy API gives other figures", ask)
		}
	}
}

func TestAPeriodThatIsCountedInPartSaysSo(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 200}, Options{})
	const part = "is counted only"
	for _, c := range []struct {
		key   string
		ask   CaseFilters
		notes []string // none where whole periods are asked for
	}{
		{"day", CaseFilters{Created: Range{After: "30d"}}, []string{"day 2026-10-19 is counted only from 2026-10-19 12:00"}},
		{"day", CaseFilters{Created: Range{After: "2026-10-19", Before: "2d"}}, []string{"day 2026-11-16 is counted only to 2026-11-16 12:00"}},
		{"week", CaseFilters{Created: Range{After: "2026-11-04", Before: "2026-11-12T10:30"}}, []string{"week 2026-11-02 is counted only from 2026-11-04 00:00", "week 2026-11-09 is counted only to 2026-11-12 10:30"}},
		{"month", CaseFilters{Solved: Range{After: "last_week"}}, []string{"month 2026-11 is counted only from 2026-11-09 00:00"}},
		{"day", CaseFilters{Due: Range{Before: "+30h"}}, []string{"day 2026-11-19 is counted only to 2026-11-19 18:00"}},
		{"day", CaseFilters{Created: Range{"2026-10", "yesterday"}}, nil},
		{"week", CaseFilters{Created: Range{"last_week", "last_week"}}, nil},
		{"month", CaseFilters{Created: Range{"2026-10", "this_month"}}, nil}, // which everybody knows is not over
		{"hour", CaseFilters{Created: Range{After: "30d"}}, nil},
		{"queue", CaseFilters{Created: Range{After: "30d"}}, nil},
		{"day", CaseFilters{Created: Range{After: "2026-01-05T10:00"}}, nil},                   // before the window, which has a note of its own
		{"day", CaseFilters{Created: Range{After: "today"}, Updated: Range{After: "3h"}}, nil}, // another span than that of the days
	} {
		found := o.count(t, CountQuery{CaseFilters: c.ask, GroupBy: []string{c.key}})
		for _, want := range c.notes {
			if !noteWith(found.Notes, want) {
				t.Errorf("by %s, %+v: no note %q in %v", c.key, c.ask, want, found.Notes)
			}
		}
		if len(c.notes) == 0 && noteWith(found.Notes, part) {
			t.Errorf("by %s, %+v: the notes are %v", c.key, c.ask, found.Notes)
		}
	}
}

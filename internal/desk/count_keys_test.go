package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestDaysAndHoursAreThoseOfThePersonsZone(t *testing.T) {
	buenosAires, santiago, tokyo := buenosAires(t), zoneOf(t, "America/Santiago"), zoneOf(t, "Asia/Tokyo")
	for _, c := range []struct {
		at   string // UTC
		zone *time.Location
		want string // hour, day, week, month
	}{
		{"2026-11-01 02:30:00", buenosAires, "23 2026-10-31 2026-10-26 2026-10"}, // 23:30 the day before, and the month
		{"2026-11-01 02:59:59", buenosAires, "23 2026-10-31 2026-10-26 2026-10"},
		{"2026-11-01 03:00:00", buenosAires, "00 2026-11-01 2026-10-26 2026-11"},
		{"2026-11-01 02:30:00", tokyo, "11 2026-11-01 2026-10-26 2026-11"},
		{"2026-11-02 02:30:00", buenosAires, "23 2026-11-01 2026-10-26 2026-11"}, // Sunday ends the week
		{"2026-11-02 03:30:00", buenosAires, "00 2026-11-02 2026-11-02 2026-11"},
		{"2027-01-01 15:00:00", buenosAires, "12 2027-01-01 2026-12-28 2027-01"}, // a week over the new year
		{"2026-12-31 15:00:00", buenosAires, "12 2026-12-31 2026-12-28 2026-12"},
		{"2026-09-06 03:59:00", santiago, "23 2026-09-05 2026-08-31 2026-09"}, // the clock goes from 0:00 to 1:00
		{"2026-09-06 04:00:00", santiago, "01 2026-09-06 2026-08-31 2026-09"},
		{"2026-04-05 02:30:00", santiago, "23 2026-04-04 2026-03-30 2026-04"}, // 23:30 comes twice
		{"2026-04-05 03:30:00", santiago, "23 2026-04-04 2026-03-30 2026-04"},
	} {
		at, err := time.Parse(wisecx.TimeLayout, c.at)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, key := range []string{"hour", "day", "week", "month"} {
			a := &axis{key: key, zone: c.zone}
			got = append(got, a.stretch(at))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s in %s is %v, want %s", c.at, c.zone, got, c.want)
		}
	}
}

func TestStretchesWithoutCasesAreZerosInOrder(t *testing.T) {
	santiago := zoneOf(t, "America/Santiago")
	utc := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		key      string
		found    []string
		from, to time.Time
		want     string
	}{
		{"day", []string{"2026-12-30", "2027-01-02"}, time.Time{}, time.Time{}, "2026-12-30 2026-12-31 2027-01-01 2027-01-02"},
		{"week", []string{"2026-12-21", "2027-01-11"}, time.Time{}, time.Time{}, "2026-12-21 2026-12-28 2027-01-04 2027-01-11"},
		{"month", []string{"2026-11", "2027-02"}, time.Time{}, time.Time{}, "2026-11 2026-12 2027-01 2027-02"},
		{"day", nil, time.Time{}, time.Time{}, ""},
		{"day", []string{""}, time.Time{}, time.Time{}, ""},
		{"day", []string{"", "2026-12-30"}, time.Time{}, time.Time{}, "2026-12-30 "},
		{"day", []string{"2026-09-06"}, utc(2026, 9, 5, 12), utc(2026, 9, 7, 12), "2026-09-05 2026-09-06 2026-09-07"},
		// Up to a moment that is a day's beginning there, where the clock changes: not that day.
		{"day", nil, time.Date(2026, 9, 4, 0, 0, 0, 0, santiago), time.Date(2026, 9, 7, 0, 0, 0, 0, santiago), "2026-09-04 2026-09-05 2026-09-06"},
		{"day", nil, utc(2026, 9, 7, 12), utc(2026, 9, 5, 12), ""},
	} {
		a := &axis{key: c.key, field: "created_at", zone: santiago, count: map[string]int{}}
		for _, value := range c.found {
			a.count[value]++
		}
		if note := a.fillDays(c.from, c.to); note != "" || strings.Join(a.ordered(), " ") != c.want {
			t.Errorf("%s %v from %v to %v: %q (%s), want %q", c.key, c.found, c.from, c.to, a.ordered(), note, c.want)
		}
	}
	a := &axis{key: "day", field: "due_at", zone: santiago, count: map[string]int{"2026-11-18": 1, "9999-12-31": 1}}
	if note := a.fillDays(time.Time{}, time.Time{}); len(a.count) != 2 || !strings.Contains(note, "only days with cases") {
		t.Errorf("%d days up to the end of time (%s)", len(a.count), note)
	}
}

func TestDaysAreOfTheOnlySpanThatIsAskedFor(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 800}, Options{})
	zone := buenosAires(t)
	some := Range{After: "2026-11-01"}
	for _, c := range []struct {
		ask  CaseFilters
		want string
		of   func(c sandbox.Case) time.Time
	}{
		{CaseFilters{}, "created_at", func(c sandbox.Case) time.Time { return c.CreatedAt }},
		{CaseFilters{Solved: some}, "solved_at", func(c sandbox.Case) time.Time { return c.SolvedAt }},
		{CaseFilters{Closed: some}, "closed_at", func(c sandbox.Case) time.Time { return c.ClosedAt }},
		{CaseFilters{Updated: some}, "updated_at", func(c sandbox.Case) time.Time { return c.LastUpdate }},
		{CaseFilters{Due: some}, "due_at", func(c sandbox.Case) time.Time { return c.DueAt }},
		{CaseFilters{Due: some, Closed: some}, "created_at", nil},
		{CaseFilters{Created: some, Solved: some}, "created_at", nil},
	} {
		found := o.count(t, CountQuery{CaseFilters: c.ask, GroupBy: []string{"day"}})
		if found.DatedBy != c.want {
			t.Errorf("%+v is dated by %s, want %s", c.ask, found.DatedBy, c.want)
		}
		if c.of == nil {
			continue
		}
		want := map[string]int{}
		for _, x := range o.api.Listed() {
			if at := c.of(x); !at.IsZero() && (c.want == "created_at" || !at.Before(time.Date(2026, 11, 1, 0, 0, 0, 0, zone))) {
				want[at.In(zone).Format(time.DateOnly)]++
			}
		}
		for day, n := range found.groupsOf("day") {
			if n != want[day] {
				t.Errorf("%+v: %s has %d cases, want %d", c.ask, day, n, want[day])
			}
			delete(want, day)
		}
		if len(want) > 0 {
			t.Errorf("%+v: missing are %v", c.ask, want)
		}
	}
	if found := o.count(t, CountQuery{CaseFilters: CaseFilters{Solved: some}, GroupBy: []string{"queue"}}); found.DatedBy != "" {
		t.Errorf("a count without days is dated by %s", found.DatedBy)
	}
}

func TestDaysGoFromTheFirstThatIsInReachToToday(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 40}, Options{})
	for _, c := range []struct {
		ask         CaseFilters
		first, last string
	}{
		{CaseFilters{Created: Range{After: "2026-11-10"}}, "2026-11-10", "2026-11-18"},
		{CaseFilters{Created: Range{"2026-11-10", "2026-11-12"}}, "2026-11-10", "2026-11-12"},
		{CaseFilters{Created: Range{"this_month", "this_month"}}, "2026-11-01", "2026-11-18"},
		{CaseFilters{Created: Range{After: "2026-01"}}, "2026-08-18", "2026-11-18"},
		{CaseFilters{Due: Range{"2026-11-10", "2026-12-24"}}, "2026-11-10", "2026-12-24"},
	} {
		groups := o.count(t, CountQuery{CaseFilters: c.ask, GroupBy: []string{"day"}}).Figures(mostColumns).Groups
		if first, last := groups[0].Get("day"), groups[len(groups)-1].Get("day"); first != c.first || last != c.last {
			t.Errorf("%+v goes from %v to %v, want %s to %s", c.ask, first, last, c.first, c.last)
		}
	}
}

func TestACaseAtHalfPastElevenAtNightIsOfThatDay(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 100}, Options{})
	o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Subject: "x", SourceChannel: "web", CustomFields: []sandbox.CustomField{{Field: "obra", Value: "norte"}},
		CreatedAt: time.Date(2026, 11, 1, 2, 30, 0, 0, time.UTC)}, nil)
	for key, want := range map[string]string{"day": "2026-10-31", "month": "2026-10", "week": "2026-10-26"} {
		groups := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{key}}).Figures(mostColumns).Groups
		if len(groups) != 1 || groups[0].Get(key) != want {
			t.Errorf("by %s: %v", key, groups)
		}
	}
	if n := o.count(t, CountQuery{CaseFilters: CaseFilters{Created: Range{"2026-10-31", "2026-10-31"}, Where: onlyPlanted.Where}}).cases(); n != 1 {
		t.Errorf("%d cases of that day", n)
	}
}

func TestNamesOfGroupsAreToldApart(t *testing.T) {
	two := directoryOf(entry{id: 3, name: "Lucía Ruiz"}, entry{id: 4, name: "Lucía Ruiz"}, entry{id: 9, name: "Robi", bot: true}, entry{id: 5, name: "none"}, entry{id: 6, name: "unassigned"})
	a := &axis{key: "agent", field: "agent", names: two, count: map[string]int{}}
	for _, value := range []string{"3", "4", "9", "5", "6", "77", "", overflow, anonymous, byName + "Zoe Luna", byName + "3"} {
		a.count[value]++
	}
	for value, want := range map[string]string{
		"3": "Lucía Ruiz (3)", "4": "Lucía Ruiz (4)", "9": "Robi (bot)", "5": `"none"`, "6": `"unassigned"`, "77": "#77", "": "unassigned", overflow: "others", anonymous: "unknown",
		byName + "Zoe Luna": "Zoe Luna", byName + "3": "3",
	} {
		if got := a.label(value); got != want {
			t.Errorf("%q is called %q, want %q", value, got, want)
		}
	}
}

func TestTagsThatStrangersCouldHaveWrittenStayData(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 100}, Options{})
	for _, tag := range []string{"total", "none", "others", "vip\u200b", "vip", "a\nb\x07\"}]", "\u202egnp.exe", "  ", strings.Repeat("😡", 5000), "401"} {
		o.plant(t, 24717, 46684, []string{tag}, "c 0")
	}
	vip := int64(0)
	for _, tag := range o.api.Tags() {
		if tag.Name == "vip" {
			vip = tag.ID
		}
	}
	o.plant(t, 24717, 46684, []string{fmt.Sprint(vip)}, "c 0") // its id
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"tag"}})
	got := found.groupsOf("tag")
	for label, n := range map[string]int{`"total"`: 1, `"none"`: 1, `"others"`: 1, "vip": 3, "none": 1, `a b"}]`: 1, "gnp.exe": 1} {
		if got[label] != n {
			t.Errorf("%q has %d cases, want %d, of %v", label, got[label], n, got)
		}
	}
	for label := range got {
		if len(label) > labelSize+len("…") {
			t.Errorf("a label of %d bytes", len(label))
		}
	}
	table := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"queue", "tag"}}).Figures(mostColumns)
	if unique := slices.Compact(slices.Sorted(slices.Values(table.Columns))); len(unique) != len(table.Columns) {
		t.Errorf("columns share a name: %v", table.Columns)
	}
}

func TestNoAccountFillsTheMemoryWithTags(t *testing.T) {
	a := &axis{key: "tag", field: "tags", count: map[string]int{}}
	sums := newTally([]*axis{a}, nil, noon)
	for i := range 3 * mostValues {
		sums.add(&wisecx.Case{ID: wisecx.Int(i + 1), Tags: wisecx.Texts{fmt.Sprint("tag ", i), "same"}})
	}
	if len(a.count) > mostValues+1 || a.count["same"] != 3*mostValues || a.count[overflow] != 2*mostValues+1 {
		t.Errorf("%d values, %d the same, %d others", len(a.count), a.count["same"], a.count[overflow])
	}
	groups := (&CaseCount{tally: sums}).Figures(mostColumns).Groups
	if last := groups[len(groups)-1]; last.Get("tag") != othersLabel {
		t.Errorf("the last group is %v", last)
	}
}

// wide counts cases of so many queues and channels, more of the first ones.
func wide(keys string, first, second int) *CaseCount {
	words := strings.Fields(keys)
	axes, _ := axesOf(words, "created_at", time.UTC)
	sums := newTally(axes, nil, noon)
	for i := range first {
		for j := range second {
			for range 1 + (second-j)/10 {
				sums.add(&wisecx.Case{Channel: wisecx.Text(fmt.Sprintf("channel %03d", i)), Priority: wisecx.Text(fmt.Sprintf("priority %03d", j)),
					CreatedAt: wisecx.Time{Time: noon.AddDate(0, 0, -j)}})
			}
		}
	}
	return &CaseCount{tally: sums}
}

func TestATableThatIsTooWideIsTurnedOrSummedUp(t *testing.T) {
	sum := func(f Figures) (total int) {
		for _, row := range f.Rows {
			line := 0
			for _, n := range row[1 : len(row)-1] {
				line += n.(int)
			}
			if line != row[len(row)-1] {
				t.Fatalf("a row of %d cells sums up to %d: %v", len(row), line, row)
			}
			total += line
		}
		return total
	}
	for _, c := range []struct {
		keys          string
		first, second int
		head          string
		rows, columns int
		others        bool
	}{
		{"channel priority", 5, 40, "channel", 5, 42, false},
		{"channel priority", 5, 41, "priority", 41, 7, false}, // turned
		{"channel priority", 60, 50, "channel", 60, 43, true}, // summed up
		{"channel day", 60, 50, "day", 50, 43, true},          // days are rows, the largest channels columns
		{"channel day", 5, 92, "day", 92, 7, false},           // turned
		{"day channel", 92, 5, "channel", 92, 7, false},       // turned
	} {
		found := wide(c.keys, c.first, c.second)
		f := found.Figures(mostColumns)
		if len(f.Rows) != c.rows || len(f.Columns) != c.columns || f.Columns[0] != c.head || slices.Contains(f.Columns, othersLabel) != c.others || len(f.Notes) > 0 != c.others {
			t.Errorf("%s, %d and %d: %d rows, columns %v, notes %v", c.keys, c.first, c.second, len(f.Rows), f.Columns, f.Notes)
		}
		if got := sum(f); got != found.cases() {
			t.Errorf("%s: the cells sum up to %d of %d", c.keys, got, found.cases())
		}
		if narrow := found.Figures(3); sum(narrow) != found.cases() || len(narrow.Columns) != 6 {
			t.Errorf("%s in three columns: %v", c.keys, narrow.Columns)
		}
	}
}

func TestALongTableLeavesOutWhatDoesNotOccurWhereItIsTooLong(t *testing.T) {
	axes, _ := axesOf([]string{"channel", "priority"}, "created_at", time.UTC)
	asked, _ := measuresOf([]string{"age"})
	for n, rows := range map[int]int{10: 100, 20: 20} {
		sums := newTally(axes, asked, noon)
		for i := range n {
			sums.add(&wisecx.Case{Channel: wisecx.Text(fmt.Sprintf("c%02d", i)), Priority: wisecx.Text(fmt.Sprintf("p%02d", i)), Status: "open", CreatedAt: wisecx.Time{Time: noon.Add(-time.Hour)}})
		}
		f := (&CaseCount{tally: sums}).Figures(mostColumns)
		if len(f.Rows) != rows || len(f.Notes) > 0 != (rows == 20) || fmt.Sprint(f.Rows[0]) != "[c00 p00 1 1 1 1]" {
			t.Errorf("%d of each: %d rows, the first %v, notes %v", n, len(f.Rows), f.Rows[0], f.Notes)
		}
	}
}

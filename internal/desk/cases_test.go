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

// day is a point in time as a caller writes it.
func day(offset int) string { return noon.AddDate(0, 0, offset).Format(time.DateOnly) }

func TestEachFilterFindsExactlyTheCasesThatFit(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Agent: "Franco González", Queues: []string{"Ventas", "24717"}})
	zone := buenosAires(t)
	local := func(offset int) time.Time { return time.Date(2026, 11, 18+offset, 0, 0, 0, 0, zone) }
	custom := func(c sandbox.Case, field string) string {
		for _, f := range c.CustomFields {
			if f.Field == field {
				return f.Value
			}
		}
		return ""
	}
	where := func(field, operator string, values ...string) CaseFilters {
		return CaseFilters{Where: []Where{{field, operator, values}}}
	}
	ventas := o.queueID("Ventas")
	for _, c := range []struct {
		name string
		ask  CaseFilters
		fits func(sandbox.Case) bool
	}{
		{"no filter", CaseFilters{}, func(sandbox.Case) bool { return true }},
		{"open", CaseFilters{Status: []string{"open"}}, func(c sandbox.Case) bool { return c.Status == "open" }},
		{"on hold", CaseFilters{Status: []string{"on_hold"}}, func(c sandbox.Case) bool { return c.Status == "onhold" }},
		{"unresolved", CaseFilters{Status: []string{"unresolved"}}, func(c sandbox.Case) bool {
			return c.Status == "open" || c.Status == "pending" || c.Status == "onhold"
		}},
		{"a queue by name", CaseFilters{Queue: []string{"ventas"}}, func(c sandbox.Case) bool { return c.GroupID == ventas }},
		{"my queues", CaseFilters{Queue: []string{"mine"}}, func(c sandbox.Case) bool { return c.GroupID == ventas || c.GroupID == 24717 }},
		{"me", CaseFilters{Agent: []string{"me"}}, func(c sandbox.Case) bool { return c.UserID == 46684 }},
		{"nobody or Franco", CaseFilters{Agent: []string{"unassigned", "46684"}}, func(c sandbox.Case) bool { return c.UserID == 0 || c.UserID == 46684 }},
		{"e-mail of both kinds", CaseFilters{Channel: []string{"email"}}, func(c sandbox.Case) bool {
			return c.SourceChannel == "email" || c.SourceChannel == "new_email"
		}},
		{"incoming calls only", CaseFilters{Channel: []string{"incoming_call"}}, func(c sandbox.Case) bool { return c.SourceChannel == "incoming_call" }},
		{"a type with those below", CaseFilters{Type: []string{"Logística"}}, func(c sandbox.Case) bool {
			return slices.Contains(o.typesBelow("Logística"), c.TypeID)
		}},
		{"one of two tags", CaseFilters{Tags: []string{"VIP", "reclamo"}}, func(c sandbox.Case) bool {
			return slices.Contains(c.Tags, "vip") || slices.Contains(c.Tags, "reclamo")
		}},
		{"priority", CaseFilters{Priority: []string{"urgent"}}, func(c sandbox.Case) bool { return c.Priority == "urgent" }},
		{"without a priority", CaseFilters{Priority: []string{"none"}}, func(c sandbox.Case) bool { return c.Priority == "" }},
		{"without a priority, or urgent", CaseFilters{Priority: []string{"Ninguna", "urgente"}}, func(c sandbox.Case) bool { return c.Priority == "" || c.Priority == "urgent" }},
		{"without a tag", CaseFilters{Tags: []string{"none"}}, func(c sandbox.Case) bool { return len(c.Tags) == 0 }},
		{"without a priority, as a condition", where("priority", "EQUAL", "none"), func(c sandbox.Case) bool { return c.Priority == "" }},
		{"with any priority", where("priority", "NOT EQUAL", "none"), func(c sandbox.Case) bool { return c.Priority != "" }},
		{"with any tag but that", where("tags", "NOT IN", "none", "vip"), func(c sandbox.Case) bool { return len(c.Tags) > 0 && !slices.Contains(c.Tags, "vip") }},
		{"a priority in other words, as a condition", where("priority", "EQUAL", "Urgente"), func(c sandbox.Case) bool { return c.Priority == "urgent" }},
		{"a contact", CaseFilters{Contact: "9005"}, func(c sandbox.Case) bool { return c.ContactID == 9005 }},
		{"a number", CaseFilters{Numbers: []int64{534787}}, func(c sandbox.Case) bool { return c.Number == 534787 }},
		{"created in a span", CaseFilters{Created: Range{day(-10), day(-5)}}, func(c sandbox.Case) bool {
			return !c.CreatedAt.Before(local(-10)) && c.CreatedAt.Before(local(-4))
		}},
		{"updated in the last 24 hours", CaseFilters{Updated: Range{After: "24h"}}, func(c sandbox.Case) bool { return !c.LastUpdate.Before(noon.Add(-24 * time.Hour)) }},
		{"solved last week", CaseFilters{Solved: Range{"last_week", "last_week"}}, func(c sandbox.Case) bool {
			return !c.SolvedAt.IsZero() && !c.SolvedAt.Before(local(-9)) && c.SolvedAt.Before(local(-2))
		}},
		{"closed before October's end", CaseFilters{Closed: Range{Before: "2026-10"}}, func(c sandbox.Case) bool {
			return !c.ClosedAt.IsZero() && c.ClosedAt.Before(time.Date(2026, 11, 1, 0, 0, 0, 0, zone))
		}},
		{"due", CaseFilters{Due: Range{After: "2026-01"}}, func(c sandbox.Case) bool { return !c.DueAt.IsZero() }},
		{"words of the subject", CaseFilters{Text: "ENTREGA demoras"}, func(c sandbox.Case) bool {
			return strings.Contains(c.Subject, "Demora en la entrega")
		}},
		{"a custom field", where("sucursal", "EQUAL", "Rosario"), func(c sandbox.Case) bool { return custom(c, "sucursal") == "Rosario" }},
		{"a custom field in a list", where("custom.sucursal", "IN", "Rosario", "Neuquén"), func(c sandbox.Case) bool {
			return custom(c, "sucursal") == "Rosario" || custom(c, "sucursal") == "Neuquén"
		}},
		{"a subject exactly, which the API cannot filter", where("subject", "EQUAL", "factura duplicada"), func(c sandbox.Case) bool { return c.Subject == "Factura duplicada" }},
		{"an account of ours, which the API refuses to filter", where("channel_account", "EQUAL", "5491100000000"), func(c sandbox.Case) bool { return c.ChannelAccount == "5491100000000" }},
		{"numbers above", where("number", "GREATER", "534000"), func(c sandbox.Case) bool { return c.Number > 534000 }},
		{"numbers up to", where("number", "LOWER EQUAL", "534787"), func(c sandbox.Case) bool { return c.Number <= 534787 }},
		{"not these statuses", where("status", "NOT IN", "open", "closed"), func(c sandbox.Case) bool { return c.Status != "open" && c.Status != "closed" }},
		{"unresolved as a condition", where("status", "NOT EQUAL", "unresolved"), func(c sandbox.Case) bool { return c.Status == "solved" || c.Status == "closed" }},
		{"not this queue, by the API's name", where("group_id", "NOT EQUAL", "24717"), func(c sandbox.Case) bool { return c.GroupID != 24717 }},
		{"created after a day", where("created_at", "GREATER", day(-3)), func(c sandbox.Case) bool { return !c.CreatedAt.Before(local(-2)) }},
		{"created up to a day", where("case.created_at", "LOWER EQUAL", day(-3)), func(c sandbox.Case) bool { return c.CreatedAt.Before(local(-2)) }},
		{"solved by a bot", where("bot_resolved", "EQUAL", "true"), func(c sandbox.Case) bool { return c.BotResolved }},
		{"several filters at once", CaseFilters{Status: []string{"open"}, Queue: []string{"24717"}, Text: "pedido"}, func(c sandbox.Case) bool {
			return c.Status == "open" && c.GroupID == 24717 && strings.Contains(strings.ToLower(c.Subject+" "+c.Summary), "pedido")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []int64
			for _, truth := range o.inWindow() {
				if c.fits(truth) {
					want = append(want, truth.ID)
				}
			}
			slices.Sort(want)
			slices.Reverse(want)
			var got []int64
			for _, row := range o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask}}) {
				got = append(got, row.Get("id").(int64))
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %d cases, want %d\n%v\n%v", len(got), len(want), got, want)
			}
			if len(want) == 0 {
				t.Error("the data has no case that shows it")
			}
		})
	}
}

func (o *office) queueID(name string) int64 {
	for _, q := range o.api.Queues() {
		if q.Name == name {
			return q.ID
		}
	}
	return 0
}

func (o *office) typesBelow(name string) []int64 {
	var ids []int64
	for _, ty := range o.api.Types() {
		if ty.Name == name && ty.ParentID == 0 || slices.Contains(ids, ty.ParentID) {
			ids = append(ids, ty.ID)
		}
	}
	return ids
}

func TestEverySortOrderGivesEachCaseOnce(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, field := range []string{"", "id", "number", "created_at", "updated_at", "solved_at", "closed_at", "due_at"} {
		for _, up := range []bool{false, true} {
			rows := o.all(t, CaseSearch{CaseQuery: CaseQuery{SortBy: field, Ascending: up}, Limit: 37, Fields: []string{"created_at", "updated_at", "number"}})
			seen := map[any]bool{}
			for i, r := range rows {
				seen[r.Get("id")] = true
				if i > 0 && (field == "updated_at" || field == "created_at") {
					if a, b := rows[i-1].Get(field).(string), r.Get(field).(string); a != b && (a < b) != up {
						t.Fatalf("by %s, ascending %v: %s comes before %s", field, up, a, b)
					}
				}
			}
			if want := len(o.inWindow()); len(rows) != want || len(seen) != want {
				t.Errorf("by %q, ascending %v: %d rows, %d distinct, want %d", field, up, len(rows), len(seen), want)
			}
		}
	}
}

func TestTwentyRowsWithNamesTakeOneRequestForCasesAndOneForContacts(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	fields := []string{"+type", "+tags"}
	o.search(t, CaseSearch{Limit: 20, Fields: fields})
	want := map[string]int{"GET /authenticate": 1, "GET /cases": 1, "GET /contacts/": 1, "GET /queues": 1, "GET /users": 1, "GET /cases/types": 1}
	if got := o.api.Requests(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the first search took %v, want %v", got, want)
	}
	o.api.ResetRequests()
	page := o.search(t, CaseSearch{Limit: 20, Fields: fields})
	if got := o.api.Requests(); fmt.Sprint(got) != fmt.Sprint(map[string]int{"GET /cases": 1, "GET /contacts/": 1}) {
		t.Errorf("the next one took %v", got)
	}
	for _, r := range page.Rows {
		for _, name := range []string{"queue", "contact", "type"} {
			if s, _ := r.Get(name).(string); s == "" || strings.HasPrefix(s, "#") {
				t.Errorf("row %v has no name for its %s", r.Get("id"), name)
			}
		}
	}
}

func TestFieldsReplaceOrAddAndIdIsAlwaysThere(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	names := func(fields ...string) string {
		var names []string
		for _, cell := range o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Numbers: []int64{534787}}}, Fields: fields}).Rows[0] {
			names = append(names, cell.Name)
		}
		return strings.Join(names, " ")
	}
	concise := "id number subject status priority queue agent contact channel updated_at"
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{nil, concise},
		{[]string{"subject"}, "id subject"},
		{[]string{"id", "subject", "subject"}, "id subject"},
		{[]string{"+type"}, concise + " type"},
		{[]string{"+contact_id", "+custom.sucursal"}, concise + " contact_id custom.sucursal"},
		{[]string{"subject", "+tags"}, "id subject tags"},
		{[]string{"group_id", "queue", "last_update"}, "id group_id queue updated_at"},
		{[]string{"sucursal"}, "id sucursal"},
	} {
		if got := names(c.fields...); got != c.want {
			t.Errorf("fields %v give %s, want %s", c.fields, got, c.want)
		}
	}
	page := o.search(t, CaseSearch{Limit: 5, Fields: []string{"horoscopo"}})
	if !noteWith(page.Notes, `no`) || !noteWith(page.Notes, "horoscopo") {
		t.Errorf("nothing says that there is no such custom field: %v", page.Notes)
	}
	for _, bad := range []string{"statsu", "password", "+contact.password", ""} {
		o.refuses(t, CaseSearch{Fields: []string{bad}})
	}
}

func TestACursorHoldsItsQueryAndItsTimes(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Status: []string{"closed"}, Created: Range{After: "60d"}}}, Limit: 10}
	first := o.search(t, ask)
	o.now = func() time.Time { return noon.AddDate(0, 0, 5) }
	cursor := first.Cursor(10)
	same, other, none := ask, ask, CaseSearch{Cursor: cursor, Limit: 7, Fields: []string{"subject"}}
	same.Cursor, other.Cursor = cursor, cursor
	other.Status = []string{"open"}
	next := o.search(t, same)
	if next.Applied != first.Applied {
		t.Errorf("the query moved on with time: %s, then %s", first.Applied, next.Applied)
	}
	if rows := o.search(t, none).Rows; len(rows) != 7 || rows[0].Get("id") != next.Rows[0].Get("id") {
		t.Error("a cursor alone, with another limit and other fields, does not go on in the same place")
	}
	if refusal := o.refuses(t, other); refusal.Argument != "cursor" {
		t.Errorf("another query with the cursor is refused as %v", refusal)
	}
	for _, bad := range []string{"x", cursor[1:], "e30", strings.Repeat("A", 1<<20)} {
		if refusal := o.refuses(t, CaseSearch{Cursor: bad}); refusal.Argument != "cursor" {
			t.Errorf("a broken cursor is refused as %v", refusal)
		}
	}
	cut := first.Cursor(4)
	if rows := o.search(t, CaseSearch{Cursor: cut, Limit: 3}).Rows; rows[0].Get("id") != first.Rows[4].Get("id") {
		t.Error("a page cut after four rows does not go on with the fifth")
	}
}

func TestUnknownAndAmbiguousNamesAreRefusedWithTheNearest(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, c := range []struct {
		ask       CaseFilters
		argument  string
		candidate string
	}{
		{CaseFilters{Queue: []string{"Suporte Tecnico"}}, "queue", "Soporte Técnico (24717)"},
		{CaseFilters{Queue: []string{"1"}}, "queue", "Soporte Técnico (24717)"},
		{CaseFilters{Agent: []string{"Franco Gonzales"}}, "agent", "Franco González (46684)"},
		{CaseFilters{Tags: []string{"vipp"}}, "tags", "vip ("},
		{CaseFilters{Type: []string{"Demorra en la entrega"}}, "type", "Demora en la entrega (502)"},
		{CaseFilters{Channel: []string{"whatsap"}}, "channel", "WhatsApp"},
		{CaseFilters{Where: []Where{{"queue", "EQUAL", []string{"Vent as"}}}}, "where[0]", "Ventas"},
		{CaseFilters{Where: []Where{{"statsu", "EQUAL", []string{"open"}}}}, "where[0]", "status"},
	} {
		refusal := o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask}})
		if refusal.Argument != c.argument || !slices.ContainsFunc(refusal.Candidates, func(s string) bool { return strings.Contains(s, c.candidate) }) {
			t.Errorf("%+v: refused as %v with candidates %v, want %s", c.ask, refusal, refusal.Candidates, c.candidate)
		}
	}
	var shared []string
	for _, a := range o.api.Users() {
		for _, b := range o.api.Users() {
			if a.ID < b.ID && a.FirstName == b.FirstName {
				shared = append(shared, a.FirstName)
			}
		}
	}
	refusal := o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Agent: shared[:1]}}})
	if len(refusal.Candidates) != 2 {
		t.Errorf("%s fits two agents, the candidates are %v", shared[0], refusal.Candidates)
	}
}

func TestWhatCannotBeAskedIsRefusedBeforeAnythingIsSent(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, w := range []Where{
		{"password", "EQUAL", []string{"x"}}, {"contact.password", "EQUAL", []string{"x"}}, {"custom.password", "EQUAL", []string{"x"}},
		{"number", "EQUAL", []string{"abc"}}, {"created_at", "GREATER", []string{"noviembre"}}, {"created_at", "EQUAL", []string{"2026-10"}},
		{"status", "EQUAL", []string{"open", "closed"}}, {"status", "LIKE", []string{"o"}}, {"status", "EQUAL", []string{"opne"}}, {"", "EQUAL", []string{"x"}}, {"status", "IN", nil},
		{"bot_resolved", "EQUAL", []string{"maybe"}}, {"custom_fields", "EQUAL", []string{"x"}}, {"number", "IN", slices.Repeat([]string{"1"}, 101)},
	} {
		o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{w}}}})
	}
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{SortBy: "subject"}})
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Created: Range{"today", "yesterday"}}}})
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Text: "¡!"}}})
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Contact: "Ana"}}})
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Agent: []string{"me"}}}})
	o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Queue: []string{"mine"}}}})
	if sent := o.api.Requests(); len(sent) != 0 {
		t.Errorf("requests were sent: %v", sent)
	}
}

func TestAValueIsAlwaysAValue(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, value := range []string{`"},{"field":"case.status","operator":"EQUAL","value":"open`, "x' OR 1=1 --", "a,b", "IN (1,2)", "\u202e<script>", strings.Repeat("é", 5000)} {
		sent := ""
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if r.URL.Path == "/core/v1/cases" {
				sent = filteringOf(r)
			}
			api.ServeHTTP(w, r)
		})
		page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Where: []Where{{"sucursal", "EQUAL", []string{value}}}}}})
		if len(page.Rows) != 0 || strings.Count(sent, `"field":`) > 1 && !strings.Contains(value, `"field":`) || !strings.HasPrefix(sent, `[{"field":"case.sucursal","operator":"EQUAL","value":"`) {
			t.Errorf("%q was sent as %s and found %d cases", value, sent, len(page.Rows))
		}
	}
}

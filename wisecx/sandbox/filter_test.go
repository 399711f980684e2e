package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// counted returns how many listed cases fit, by the truth.
func counted(c *client, fits func(*Case) bool) int {
	n := 0
	oldest := noon.AddDate(0, -3, 0)
	for _, x := range c.api.Cases() {
		if !x.CreatedAt.Before(oldest) && fits(&x) {
			n++
		}
	}
	return n
}

func TestFiltersOfCasesSelectWhatTheySay(t *testing.T) {
	c := newClient(t, Options{})
	week := noon.AddDate(0, 0, -7)
	for _, try := range []struct {
		filter string
		fits   func(*Case) bool
	}{
		{where("case.status", "IN", `["opened","solved"]`), func(x *Case) bool { return x.Status == "open" || x.Status == "solved" }},
		{where("case.status", "EQUAL", `"open"`), func(x *Case) bool { return x.Status == "open" }},
		{where("case.status", "EQUAL", `"hold"`), func(x *Case) bool { return x.Status == "onhold" }},
		{where("case.status", "NOT IN", `["closed","onhold"]`), func(x *Case) bool { return x.Status != "closed" && x.Status != "onhold" }},
		{where("case.group_id", "EQUAL", `"24717"`), func(x *Case) bool { return x.GroupID == 24717 }},
		{where("case.group_id", "IN", `[24717,"24719"]`), func(x *Case) bool { return x.GroupID == 24717 || x.GroupID == 24719 }},
		{where("case.user_id", "NOT EQUAL", `46684`), func(x *Case) bool { return x.UserID != 46684 && x.UserID != 0 }},
		{where("case.tags", "IN", `["vip","promo"]`), func(x *Case) bool { return slices.Contains(x.Tags, "vip") || slices.Contains(x.Tags, "promo") }},
		{where("case.tags", "NOT EQUAL", `"vip"`), func(x *Case) bool { return !slices.Contains(x.Tags, "vip") }},
		{where("case.source_channel", "NOT EQUAL", `"whatsapp"`), func(x *Case) bool { return x.SourceChannel != "whatsapp" }},
		{where("case.created_at", "GREATER EQUAL", `"2026-09-02 15:00:00"`), func(x *Case) bool { return !x.CreatedAt.Before(week) }},
		{where("case.last_update", "LOWER", `"2026-09-02 15:00:00"`), func(x *Case) bool { return x.LastUpdate.Before(week) }},
		{where("case.solved_at", "LOWER EQUAL", `"2026-09-02 15:00:00"`), func(x *Case) bool { return !x.SolvedAt.IsZero() && !x.SolvedAt.After(week) }},
		{where("cases.number", "GREATER", `534000`), func(x *Case) bool { return x.Number > 534000 }},
		{where("cases.id", "LOWER", `"430357543"`), func(x *Case) bool { return x.ID < 430357543 }},
		{where("case.sucursal", "EQUAL", `"Rosario"`), func(x *Case) bool { v, _ := customValue(x.CustomFields, "sucursal"); return v == "Rosario" }},
		{where("case.priority", "IN", `["urgent"]`), func(x *Case) bool { return x.Priority == "urgent" }},
		{`[{"field":"case.status","operator":"EQUAL","value":"open"},{"field":"case.type_id","operator":"EQUAL","value":502}]`,
			func(x *Case) bool { return x.Status == "open" && x.TypeID == 502 }},
	} {
		want := counted(c, try.fits)
		if got := len(c.every("/cases", "fields", "id", "filtering", try.filter)); got != want || want == 0 {
			t.Errorf("%s selects %d cases, want %d", try.filter, got, want)
		}
	}
}

func TestAFilterFieldMustCarryItsWireName(t *testing.T) {
	c := newClient(t, Options{})
	for _, field := range []string{"status", "cases.status", "case.id", "case.number", "number", "case.nonsense", "Case.status", "case.subject", "case.summary",
		"case.channel_account", "case.custom_fields", "contact.phone", "case.", ""} {
		c.refused(400, "", "/cases", "filtering", where(field, "EQUAL", `"1"`))
	}
	for field, path := range map[string]string{"contacts.phone": "/contacts", "contact.personal_id": "/contacts", "contact.name": "/contacts",
		"contact.password": "/contacts", "contact.groups_ids": "/contacts", "user.id": "/users", "type.id": "/types"} {
		c.refused(400, "Unknown or unsupported filter field", path, "filtering", where(field, "EQUAL", `"1"`))
	}
}

func TestKnownWireNamesOfOtherResourcesAreTaken(t *testing.T) {
	c := newClient(t, Options{})
	for _, try := range [][3]string{
		{"/contacts", where("contact.phone", "EQUAL", `"5491155510005"`), "9005"},
		{"/contacts/", where("contact.email", "EQUAL", `"tomas.gomez.9005@example.com"`), "9005"},
		{"/contacts", where("contacts.personal_id", "EQUAL", `"20000005"`), "9005"},
		{"/contacts", where("contact.id", "IN", `[9005]`), "9005"},
		{"/users", where("users.id", "IN", `["46684"]`), "46684"},
		{"/users", where("user.last_name", "EQUAL", `"González"`), "46684"},
		{"/types", where("types.id", "EQUAL", `502`), "502"},
		{"/cases/types", where("type.name", "EQUAL", `"Demora en la entrega"`), "502"},
		{"/contacts/groups", where("group.code", "EQUAL", `"VIP"`), "31"},
		{"/contacts/groups", where("contact_group.id", "EQUAL", `31`), "31"},
		{"/queues", where("queue.name", "EQUAL", `"Soporte Técnico"`), "24717"},
	} {
		rows := c.rows(try[0], "filtering", try[1])
		if len(rows) != 1 || fmt.Sprint(rows[0]["id"]) != try[2] {
			t.Errorf("%s %s answered %d rows", try[0], try[1], len(rows))
		}
	}
	if rows := c.rows("/contacts", "filtering", where("contact.group_id", "EQUAL", `31`)); len(rows) < 2 {
		t.Error("the group's contacts are not found")
	}
	if rows := c.rows("/contacts", "filtering", where("contact.plan", "EQUAL", `"oro"`)); len(rows) < 2 {
		t.Error("a custom field does not filter contacts")
	}
}

func TestAnOperatorMustBeOneTheFieldTakes(t *testing.T) {
	c := newClient(t, Options{})
	for _, try := range [][3]string{
		{"/cases", "case.status", "GREATER"}, {"/cases", "case.group_id", "LOWER EQUAL"}, {"/cases", "case.tags", "GREATER"},
		{"/cases", "case.sucursal", "LOWER"}, {"/contacts", "contact.email", "NOT EQUAL"}, {"/contacts", "contact.last_update", "GREATER"},
		{"/contacts", "contact.plan", "IN"}, {"/types", "types.id", "NOT IN"}, {"/contacts/groups", "group.id", "GREATER"},
		{"/cases/430357543/activities", "activity.type", "LOWER"},
	} {
		c.refused(400, "does not take operator", try[0], "filtering", where(try[1], try[2], `"1"`))
	}
	for _, operator := range []string{"CONTAINS", "=", "equal", "NOT  IN", "LIKE", "NOT_IN"} {
		c.refused(400, "Unknown operator", "/cases", "filtering", where("case.status", operator, `"open"`))
	}
}

func TestMalformedValuesAreRefused(t *testing.T) {
	c := newClient(t, Options{})
	for _, try := range [][3]string{
		{"case.user_id", "EQUAL", `""`}, {"case.user_id", "EQUAL", `null`}, {"case.user_id", "IN", `[]`}, {"case.user_id", "IN", `[null]`},
		{"case.user_id", "EQUAL", `"Franco"`}, {"case.user_id", "EQUAL", `1.5`}, {"case.user_id", "EQUAL", `-1`}, {"case.user_id", "EQUAL", `1e3`},
		{"cases.id", "EQUAL", `99999999999999999999999`}, {"cases.id", "EQUAL", `[1]`}, {"cases.id", "IN", `1`}, {"cases.id", "EQUAL", `{"a":1}`},
		{"case.status", "EQUAL", `"abierto"`}, {"case.status", "EQUAL", `"on_hold"`}, {"case.status", "IN", `["open",["x"]]`},
		{"case.created_at", "GREATER", `"2026-09-01"`}, {"case.created_at", "GREATER", `"2026-09-01T10:00:00Z"`}, {"case.created_at", "GREATER", `1757000000`},
		{"case.created_at", "GREATER", `"2026-9-1 10:00:00"`}, {"case.created_at", "GREATER", `"2026-02-30 10:00:00"`},
		{"case.created_at", "GREATER", `"2026-09-01 10:00:00.5"`}, {"case.created_at", "GREATER", `"2026-09-01 9:00:00"`},
	} {
		c.refused(400, try[0], "/cases", "filtering", where(try[0], try[1], try[2]))
	}
}

func TestFilteringMustBeJSONOfConditions(t *testing.T) {
	c := newClient(t, Options{})
	deep := strings.Repeat("[", 30000) + strings.Repeat("]", 30000)
	for _, text := range []string{
		`[{'field':'case.status','operator':'EQUAL','value':'open'}]`, `{}`, `null`, `[`, `[]x`, `"x"`, `[1]`, `[null]`, `[{}]`, deep,
		`[{"field":"case.status","operator":"EQUAL"}]`, `[{"field":"case.status","operator":"EQUAL","value":"open","extra":1}]`,
		`[{"Field":"case.status","operator":"EQUAL","value":"open"}]`, `[{"field":1,"operator":"EQUAL","value":"open"}]`,
		where("cases.id", "EQUAL", `NaN`), where("cases.id", "IN", "["+deep+"]"), strings.Repeat(" ", 70<<10) + "[]",
		where("cases.id", "IN", "["+strings.Repeat("1,", 5000)+"1]"),
		"[" + strings.Repeat(`{"field":"cases.id","operator":"EQUAL","value":1},`, 60) + `{"field":"cases.id","operator":"EQUAL","value":1}]`,
		where("case.status", "EQUAL", `"`+strings.Repeat("a", 1<<20)+`"`),
	} {
		c.refused(400, "", "/cases", "filtering", text)
	}
	if rows := c.rows("/cases", "filtering", "[]", "limit", "3"); len(rows) != 3 {
		t.Error("no condition is no filter")
	}
}

func TestParametersAreCheckedOneByOne(t *testing.T) {
	c := newClient(t, Options{})
	for _, pair := range [][2]string{
		{"limit", "101"}, {"limit", "0"}, {"limit", "-1"}, {"limit", "NaN"}, {"limit", "1e2"}, {"limit", "1.0"}, {"limit", ""}, {"limit", "+5"}, {"limit", "٣"},
		{"page", "0"}, {"page", "-3"}, {"page", "99999999999999999999"}, {"page", "9223372036854775807"}, {"page", "1000001"},
		{"sort", "ASC"}, {"sort", "random"}, {"sort_field", "nope"}, {"sort_field", "tags"}, {"sort_field", "case.id"}, {"sort_field", "custom_fields"},
		{"fields", "id,nope"}, {"fields", "id,,status"}, {"fields", ""}, {"fields", "id, status"}, {"fields", "ID"}, {"filter", "x"}, {"q", "x"}, {"offset", "1"},
	} {
		c.refused(400, "", "/cases", pair[0], pair[1])
	}
	c.refused(400, "Cannot sort", "/contacts", "sort_field", "password")
	c.refused(400, "2 times", "/cases", "limit", "1", "limit", "2")
	c.refused(400, "Unknown parameter", "/cases/430357543", "limit", "1")
	c.refused(400, "Unknown parameter", "/business_hours/is_open", "fields", "is_open")
	if rows := c.rows("/cases", "page", "1000000"); len(rows) != 0 {
		t.Error("a far page is not empty")
	}
}

func TestActivitiesFilterByTypeTimeAndID(t *testing.T) {
	c := newClient(t, Options{})
	path := "/cases/430357543/activities"
	if rows := c.rows(path, "filtering", where("activity.type", "EQUAL", `"event"`)); len(rows) != 1 {
		t.Errorf("%d events", len(rows))
	}
	since := noon.Add(-5 * time.Hour).Format(timeLayout)
	rows := c.rows(path, "filtering", where("activity.created_at", "GREATER", `"`+since+`"`))
	if len(rows) != 2 {
		t.Errorf("%d activities since %s", len(rows), since)
	}
	rest := c.rows(path, "filtering", where("activity.id", "GREATER", fmt.Sprint(4321648175)))
	if all := c.rows(path); len(rest) != len(all)-1 {
		t.Errorf("%d of %d after the first", len(rest), len(all))
	}
	one := c.object(path + "/4321648175")
	if one["content"] != "Buenas, mi pedido no llegó" {
		t.Errorf("one activity is %v", one)
	}
}

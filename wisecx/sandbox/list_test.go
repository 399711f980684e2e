package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFieldsChoosesTheMembersInItsOrder(t *testing.T) {
	c := newClient(t, Options{})
	_, body := c.send("GET", "/cases/430357543", query("fields", "subject,id,status"))
	if string(body) != `{"subject":"Demora en la entrega","id":430357543,"status":"open"}` {
		t.Errorf("answered %s", body)
	}
}

func TestWithoutFieldsACaseHasAllDocumentedFields(t *testing.T) {
	c := newClient(t, Options{})
	documented := strings.Split("id, number, group_id, user_id, contact_id, status, source_channel, tags, type_id, subject, priority, due_at, custom_fields, "+
		"created_at, solved_at, closed_at, last_read, last_update, first_read, sla_result, channel_account, bot_resolved, bot_attended, summary", ", ")
	row := c.rows("/cases", "limit", "1")[0]
	for _, name := range documented {
		if _, has := row[name]; !has {
			t.Errorf("%s is missing", name)
		}
	}
	if len(row) != len(documented) {
		t.Errorf("%d members, want %d", len(row), len(documented))
	}
}

func TestAPasswordOnlyGoesOutWhenItIsNamed(t *testing.T) {
	c := newClient(t, Options{})
	if _, has := c.object("/contacts/9005")["password"]; has {
		t.Error("a contact shows its password unasked")
	}
	if _, has := c.rows("/contacts", "limit", "1")[0]["password"]; has {
		t.Error("the list shows passwords unasked")
	}
	if got := c.object("/contacts/9005", "fields", "id,password")["password"]; got != "trap-password-9005" {
		t.Errorf("password came as %v", got)
	}
}

func TestTheExampleOfTheReferenceIsThere(t *testing.T) {
	c := newClient(t, Options{})
	row := c.object("/cases/430357543")
	want := map[string]any{
		"number": 534787.0, "group_id": 24717.0, "user_id": 46684.0, "contact_id": 9005.0, "status": "open", "source_channel": "whatsapp",
		"type_id": 502.0, "created_at": "2026-09-08 16:00:00", "last_update": "2026-09-09 12:00:00", "solved_at": nil, "bot_resolved": false,
	}
	for name, value := range want {
		if row[name] != value {
			t.Errorf("%s is %v, want %v", name, row[name], value)
		}
	}
	thread := c.rows("/cases/430357543/activities", "sort", "desc", "sort_field", "created_at", "limit", "1")
	if thread[0]["type"] != "contact_message" || thread[0]["created_at"] != "2026-09-09 12:00:00" {
		t.Errorf("the newest activity is %v", thread[0])
	}
	if got := c.object("/contacts/9005"); got["name"] != "Tomás Gómez" || got["phone"] != "5491155510005" {
		t.Errorf("the contact is %v", got)
	}
	if got := c.object("/users/46684"); got["first_name"] != "Franco" || got["last_name"] != "González" {
		t.Errorf("the agent is %v", got)
	}
	if got := c.object("/queues/24717"); got["name"] != "Soporte Técnico" {
		t.Errorf("the queue is %v", got)
	}
}

func TestTheListOfCasesReachesThreeMonthsBackAndOneCaseReachesAny(t *testing.T) {
	c := newClient(t, Options{})
	oldest := noon.AddDate(0, -3, 0)
	old, recent := Case{}, 0
	for _, x := range c.api.Cases() {
		if x.CreatedAt.Before(oldest) {
			old = x
		} else {
			recent++
		}
	}
	if rows := c.every("/cases", "fields", "id,created_at"); len(rows) != recent {
		t.Errorf("%d rows, want %d", len(rows), recent)
	}
	if rows := c.rows("/cases", "filtering", where("cases.id", "EQUAL", fmt.Sprint(old.ID))); len(rows) != 0 {
		t.Error("an old case is listed")
	}
	if c.object(fmt.Sprint("/cases/", old.ID))["id"] != float64(old.ID) {
		t.Error("an old case cannot be read by its id")
	}
}

func TestPagesPartTheListWithoutGapOrOverlap(t *testing.T) {
	c := newClient(t, Options{})
	all := c.every("/cases", "fields", "id")
	seen := map[any]bool{}
	for page := 1; ; page++ {
		rows := c.rows("/cases", "fields", "id", "limit", "37", "page", fmt.Sprint(page), "sort_field", "status")
		for _, row := range rows {
			if seen[row["id"]] {
				t.Fatalf("case %v is on two pages", row["id"])
			}
			seen[row["id"]] = true
		}
		if len(rows) == 0 {
			break
		}
	}
	if len(seen) != len(all) {
		t.Errorf("pages of 37 hold %d cases, want %d", len(seen), len(all))
	}
}

func TestTheDefaultsAreAscendingByIDInHundreds(t *testing.T) {
	c := newClient(t, Options{})
	rows := c.rows("/cases")
	if len(rows) != 100 || !slices.IsSortedFunc(rows, func(a, b map[string]any) int { return int(a["id"].(float64) - b["id"].(float64)) }) {
		t.Error("not a hundred rows by ascending id")
	}
	last := c.rows("/cases", "sort", "desc", "limit", "1")[0]
	cases := c.api.Cases()
	if last["id"] != float64(cases[len(cases)-1].ID) {
		t.Error("sort=desc does not start with the greatest id")
	}
}

func TestNullsSortLowest(t *testing.T) {
	c := newClient(t, Options{})
	if first := c.rows("/cases", "sort_field", "due_at", "limit", "1")[0]; first["due_at"] != nil {
		t.Errorf("ascending starts with %v", first["due_at"])
	}
	rows := c.every("/cases", "sort_field", "due_at", "sort", "desc")
	if rows[0]["due_at"] == nil || rows[len(rows)-1]["due_at"] != nil {
		t.Error("descending does not end with nulls")
	}
}

func TestTiesKeepOneOrderThatIsNotByID(t *testing.T) {
	c := newClient(t, Options{})
	ask := func() []int64 {
		var ids []int64
		for _, row := range c.rows("/cases", "sort_field", "status", "filtering", where("case.status", "EQUAL", `"closed"`)) {
			ids = append(ids, int64(row["id"].(float64)))
		}
		return ids
	}
	first := ask()
	if !slices.Equal(first, ask()) {
		t.Error("ties change their order between requests")
	}
	reversed := slices.Clone(first)
	slices.Reverse(reversed)
	if slices.IsSorted(first) || slices.IsSorted(reversed) {
		t.Error("ties come by id")
	}
}

func TestAnEmptyListIs200ExceptForUsersAndTypes(t *testing.T) {
	c := newClient(t, Options{})
	none := where("cases.id", "EQUAL", "1")
	if _, body := c.send("GET", "/cases", query("filtering", none)); string(body) != `{"data":[]}` {
		t.Errorf("no cases answered %s", body)
	}
	c.refused(400, "Users Not Found", "/users", "filtering", where("users.id", "EQUAL", "1"))
	c.refused(400, "Users Not Found", "/users", "page", "2")
	c.refused(400, "Types Not Found", "/cases/types", "filtering", where("types.id", "EQUAL", "1"))
	c.refused(400, "Types Not Found", "/types", "filtering", where("types.id", "EQUAL", "1"))
}

func TestWhatDoesNotExistAnswers400WithItsName(t *testing.T) {
	c := newClient(t, Options{})
	c.refused(400, "Case Not Found", "/cases/1")
	c.refused(400, "Case Not Found", "/cases/1/activities")
	c.refused(400, "Case Not Found", "/cases/534787") // a number is no id
	c.refused(400, "Activity Not Found", "/cases/430357543/activities/1")
	c.refused(400, "Contact Not Found", "/contacts/1")
	c.refused(400, "Queue Not Found", "/queues/1")
	c.refused(400, "User Not Found", "/users/1")
	c.refused(400, "Queue Not Found", "/business_hours/is_open", "queue_id", "1")
	c.refused(400, "Invalid id", "/cases/abc")
	c.refused(400, "Invalid id", "/cases/-1")
	c.refused(400, "Invalid id", "/cases/99999999999999999999999")
}

func TestEveryOtherListIsServed(t *testing.T) {
	c := newClient(t, Options{})
	for path, least := range map[string]int{"/queues": 8, "/users": 24, "/types": 25, "/cases/types": 25, "/cases/tags": 20, "/channels": 6,
		"/whatsapp_templates": 5, "/contacts/groups": 4, "/contacts/organizations": 20} {
		if rows := c.rows(path); len(rows) < least {
			t.Errorf("%s has %d rows, want at least %d", path, len(rows), least)
		}
	}
	_, body := c.send("GET", "/surveys", nil)
	var bare []struct {
		ID         int64
		GUID, Name string
	}
	if err := json.Unmarshal(body, &bare); err != nil || len(bare) == 0 || bare[0].GUID == "" {
		t.Errorf("surveys came as %s", body)
	}
}

func TestBusinessHoursFollowTheClockAndTheQueue(t *testing.T) {
	sunday := time.Date(2026, 9, 6, 15, 0, 0, 0, time.UTC)
	for _, try := range []struct {
		at   time.Time
		path []string
		open bool
	}{{noon, nil, true}, {sunday, nil, false}, {sunday, []string{"queue_id", "24717"}, false}, {sunday, []string{"queue_id", "24738"}, true}} {
		c := newClient(t, Options{Now: fixed(try.at)})
		if got := c.object("/business_hours/is_open", try.path...)["is_open"]; got != try.open {
			t.Errorf("at %v %v is_open is %v", try.at, try.path, got)
		}
	}
}

func TestAThreadComesBareOnSomeAccounts(t *testing.T) {
	c := newClient(t, Options{BareActivities: true})
	_, body := c.send("GET", "/cases/430357543/activities", nil)
	var list []map[string]any
	if err := json.Unmarshal(body, &list); err != nil || len(list) == 0 {
		t.Errorf("came as %.100s", body)
	}
}

func TestALooseAccountWritesValuesUntidily(t *testing.T) {
	c := newClient(t, Options{Loose: true})
	row := c.object("/cases/430357543")
	want := map[string]any{"id": "430357543", "number": "534787", "tags": "vip", "due_at": "", "summary": "", "bot_resolved": 0.0}
	for name, value := range want {
		if row[name] != value {
			t.Errorf("%s is %#v, want %#v", name, row[name], value)
		}
	}
	for _, path := range []string{"/users", "/contacts", "/queues", "/cases", "/cases/430357543/activities", "/contacts/organizations"} {
		c.rows(path)
	}
}

package sandbox

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTheSameSeedAndTimeGiveTheSameBytes(t *testing.T) {
	read := func(options Options) []byte {
		c := newClient(t, options)
		var all bytes.Buffer
		for _, path := range []string{"/cases", "/contacts", "/users", "/queues", "/cases/430357543/activities", "/contacts/organizations",
			"/surveys/71/responses", "/surveys/72/responses", "/cases/fields/sucursal/options"} {
			_, body := c.send("GET", path, nil)
			all.Write(body)
		}
		for _, x := range c.api.Cases()[:300] {
			_, body := c.send("GET", fmt.Sprintf("/cases/%d/activities", x.ID), nil)
			all.Write(body)
		}
		return all.Bytes()
	}
	first := read(Options{})
	if !bytes.Equal(first, read(Options{})) {
		t.Error("two accounts of one seed differ")
	}
	if bytes.Equal(first, read(Options{Seed: 2})) {
		t.Error("another seed gives the same account")
	}
}

func TestIDsAndNumbersGrowWithTimeAndHaveGaps(t *testing.T) {
	for _, n := range []int{1, 2, 5000, 50000} {
		api := New(Options{Cases: n, Now: fixed(noon)})
		cases := api.Cases()
		if len(cases) != n {
			t.Fatalf("%d cases, want %d", len(cases), n)
		}
		contiguous := 0
		for i, x := range cases {
			if x.ID < 100_000_000 || x.ID > 999_999_999 || x.Number < 100_000 || x.Number > 999_999 {
				t.Fatalf("case %d has number %d", x.ID, x.Number)
			}
			if i == 0 {
				continue
			}
			before := cases[i-1]
			if x.ID <= before.ID || x.Number <= before.Number || x.CreatedAt.Before(before.CreatedAt) {
				t.Fatalf("case %d does not come after %d", x.ID, before.ID)
			}
			if x.Number == before.Number+1 {
				contiguous++
			}
		}
		if contiguous > n/2 {
			t.Errorf("%d of %d numbers follow each other", contiguous, n)
		}
	}
}

func TestTheMixOfCasesIsThatOfAHelpDesk(t *testing.T) {
	cases := New(Options{Now: fixed(noon)}).Cases()
	count := map[string]int{}
	for _, x := range cases {
		count[x.Status]++
		count["channel "+x.SourceChannel]++
		count["priority "+x.Priority]++
		if x.UserID == 0 {
			count["unassigned"]++
		}
		if hour := x.CreatedAt.In(localZone).Hour(); hour >= 9 && hour < 19 {
			count["daytime"]++
		}
	}
	for name, bounds := range map[string][2]int{
		"open": {10, 15}, "pending": {4, 8}, "onhold": {2, 5}, "solved": {10, 60}, "closed": {20, 60}, "unassigned": {12, 19}, "channel whatsapp": {45, 60},
		"channel email": {10, 22}, "channel new_email": {2, 10}, "channel web": {5, 20}, "channel phone": {2, 10}, "channel incoming_call": {3, 12},
		"priority ": {70, 85}, "priority normal": {4, 20}, "priority urgent": {1, 10}, "daytime": {75, 98},
	} {
		if share := count[name] * 100 / len(cases); share < bounds[0] || share > bounds[1] {
			t.Errorf("%s are %d %%, want %d to %d", name, share, bounds[0], bounds[1])
		}
	}
}

func TestEveryReferenceOfACaseExists(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	known := map[string]bool{}
	for _, x := range api.Queues() {
		known[fmt.Sprint("queue ", x.ID)] = true
	}
	for _, x := range api.Users() {
		known[fmt.Sprint("user ", x.ID)] = !x.IsBot
	}
	for _, x := range api.Contacts() {
		known[fmt.Sprint("contact ", x.ID)] = true
	}
	for _, x := range api.Types() {
		known[fmt.Sprint("type ", x.ID)] = true
	}
	for _, x := range api.Tags() {
		known["tag "+x.Name] = true
	}
	for _, x := range api.Cases() {
		refs := []string{fmt.Sprint("queue ", x.GroupID), fmt.Sprint("contact ", x.ContactID), fmt.Sprint("type ", x.TypeID)}
		if x.UserID != 0 {
			refs = append(refs, fmt.Sprint("user ", x.UserID))
		}
		for _, tag := range x.Tags {
			refs = append(refs, "tag "+tag)
		}
		for _, ref := range refs {
			if !known[ref] {
				t.Fatalf("case %d names %s", x.ID, ref)
			}
		}
		if words := len(strings.Fields(x.Subject)); words < 2 || words > 7 || strings.Contains(x.Subject, "{") {
			t.Errorf("case %d has the subject %q", x.ID, x.Subject)
		}
	}
}

func TestPeopleArePlainlyMadeUpAndHaveTheTrapsOfRealOnes(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	phones, missing, doubles, firstNames := map[string]int{}, 0, 0, map[string]int{}
	lastID := int64(0)
	address := regexp.MustCompile(`^[a-z.0-9]+@example\.com$`)
	for _, x := range api.Contacts() {
		if x.Email != "" && !address.MatchString(x.Email) {
			t.Errorf("contact %d has the address %q", x.ID, x.Email)
		}
		if x.Email == "" || x.Phone == "" {
			missing++
		}
		if x.Email == "" && x.Phone == "" {
			t.Errorf("contact %d can be reached nowhere", x.ID)
		}
		if phones[x.Phone]++; x.Phone != "" && phones[x.Phone] == 2 {
			doubles++
		}
		if x.ID <= lastID {
			t.Fatal("ids of contacts do not grow")
		}
		lastID = x.ID
	}
	bots := 0
	for _, u := range api.Users() {
		firstNames[u.FirstName]++
		if u.IsBot {
			bots++
		}
	}
	if missing == 0 || doubles < 10 || firstNames["Lucía"] != 2 || bots != 2 || len(api.Users()) != 24 {
		t.Errorf("missing %d, doubles %d, Lucías %d, bots %d, agents %d", missing, doubles, firstNames["Lucía"], bots, len(api.Users()))
	}
}

func TestTypesAreATreeOfThreeLevels(t *testing.T) {
	parents := map[int64]int64{}
	types := New(Options{Now: fixed(noon)}).Types()
	for _, x := range types {
		parents[x.ID] = x.ParentID
	}
	deepest := 0
	for _, x := range types {
		depth := 1
		for at := x.ParentID; at != 0; at = parents[at] {
			depth++
		}
		deepest = max(deepest, depth)
	}
	if deepest != 3 {
		t.Errorf("the tree is %d levels deep", deepest)
	}
}

func TestPlantedCasesAndActivitiesAreServedAndCompleted(t *testing.T) {
	c := newClient(t, Options{})
	planted := c.api.AddCase(Case{GroupID: 24717, ContactID: 9005, Subject: "Caso plantado", SourceChannel: "whatsapp", CustomFields: []CustomField{{"obra", "norte"}}},
		[]Activity{{Type: "contact_message", Content: "dos", CreatedAt: noon.Add(-time.Hour)}, {Type: "contact_message", Content: "uno", CreatedAt: noon.Add(-2 * time.Hour)}})
	rows := c.rows("/cases", "filtering", where("case.obra", "EQUAL", `"norte"`))
	if len(rows) != 1 || rows[0]["id"] != float64(planted.ID) || rows[0]["status"] != "open" {
		t.Fatalf("found %v", rows)
	}
	path := fmt.Sprintf("/cases/%d/activities", planted.ID)
	added := c.api.AddActivity(planted.ID, Activity{Type: "user_reply", Content: "tres", CreatedAt: noon.Add(time.Minute)})
	thread := c.rows(path, "sort_field", "created_at")
	if len(thread) != 3 || thread[0]["content"] != "uno" || thread[2]["id"] != float64(added.ID) {
		t.Errorf("the thread is %v", thread)
	}
	if got := c.object(fmt.Sprint("/cases/", planted.ID))["last_update"]; got != "2026-09-09 15:01:00" {
		t.Errorf("last_update is %v", got)
	}
	c.api.AddActivity(1, Activity{})
	c.api.Change(1, func(*Case) { t.Error("an unknown case is changed") })
}

func TestAChangedCaseKeepsItsThread(t *testing.T) {
	c := newClient(t, Options{})
	for _, x := range c.api.Cases()[:50] {
		path := fmt.Sprintf("/cases/%d/activities", x.ID)
		_, before := c.send("GET", path, nil)
		c.api.Change(x.ID, func(x *Case) { x.Status, x.GroupID, x.UserID, x.Tags = "pending", 24719, 0, append(x.Tags, "nuevo") })
		_, after := c.send("GET", path, nil)
		if !bytes.Equal(before, after) {
			t.Fatalf("the thread of %d changed", x.ID)
		}
		row := c.object(fmt.Sprint("/cases/", x.ID))
		if row["status"] != "pending" || row["user_id"] != nil || !slices.Contains(row["tags"].([]any), any("nuevo")) {
			t.Errorf("the case is %v", row)
		}
	}
}

func TestCopiesOfTheTruthAreCopies(t *testing.T) {
	api := New(Options{Cases: 50, Now: fixed(noon)})
	api.Change(exampleCase, func(x *Case) { x.Tags = []string{"vip"} })
	for _, x := range api.Cases() {
		for i := range x.Tags {
			x.Tags[i] = "spoiled"
		}
	}
	api.Users()[0].Queues[0] = 1
	api.Queues()[0].Users[0].ID = 1
	api.Thread(exampleCase)[0].Content = "spoiled"
	for _, x := range api.Cases() {
		if slices.Contains(x.Tags, "spoiled") {
			t.Error("tags of the truth can be changed")
		}
	}
	if api.Users()[0].Queues[0] == 1 || api.Queues()[0].Users[0].ID == 1 || api.Thread(exampleCase)[0].Content == "spoiled" {
		t.Error("the truth can be changed")
	}
}

func TestEverythingMayHappenAtOnce(t *testing.T) {
	c := newClient(t, Options{Cases: 300})
	ids := c.api.Cases()
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 30 {
				id := ids[(worker*31+i)%len(ids)].ID
				c.send("GET", "/cases", query("filtering", where("case.status", "EQUAL", `"open"`), "sort_field", "last_update"))
				c.send("GET", fmt.Sprintf("/cases/%d/activities", id), nil)
				switch i % 5 {
				case 0:
					c.api.AddCase(Case{Subject: "x"}, nil)
				case 1:
					c.api.AddActivity(id, Activity{Type: "contact_message", Content: "x"})
				case 2:
					c.api.Change(id, func(x *Case) { x.Tags = append(x.Tags, "x") })
				case 3:
					c.api.Cases()
					c.api.Thread(id)
				case 4:
					c.api.Requests()
				}
			}
		})
	}
	group.Wait()
	if got := len(c.api.Cases()); got != 300+8*6 {
		t.Errorf("%d cases", got)
	}
}

func BenchmarkBuild5000(b *testing.B) { benchmarkBuild(b, 5000) }

func BenchmarkBuild50000(b *testing.B) { benchmarkBuild(b, 50000) }

func benchmarkBuild(b *testing.B, n int) {
	for b.Loop() {
		New(Options{Cases: n, Now: fixed(noon)}).data()
	}
}

func BenchmarkPage(b *testing.B) {
	c := newClient(b, Options{Cases: 5000})
	asked := query("filtering", where("case.status", "IN", `["open","opened","pending"]`), "sort", "desc", "sort_field", "last_update")
	for b.Loop() {
		c.send("GET", "/cases", asked)
	}
}

func BenchmarkPageUnfilteredByTies(b *testing.B) {
	c := newClient(b, Options{Cases: 5000})
	asked := query("sort_field", "status")
	for b.Loop() {
		c.send("GET", "/cases", asked)
	}
}

func BenchmarkThread(b *testing.B) {
	c := newClient(b, Options{Cases: 5000})
	cases := c.api.Cases()
	i := 0
	for b.Loop() {
		c.send("GET", fmt.Sprintf("/cases/%d/activities", cases[i%len(cases)].ID), nil)
		i++
	}
}

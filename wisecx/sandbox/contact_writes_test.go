package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestANewContactContinuesTheIDsAndIsFound(t *testing.T) {
	for _, path := range []string{"/contacts/", "/contacts"} {
		c := newClient(t, Options{})
		contacts := c.api.Contacts()
		answer := c.done("POST", path, `{"email":"vera.prueba@example.com","personal_id":"40111222","phone":"+54 9 11 5555-9100","name":"Vera Prueba","guid":"g-1","password":"hidden-1",
			"organization_id":1201,"address":"Mitre 10","custom_fields":[{"field":"plan","value":"oro"}]}`)
		id := int64(answer["id"].(float64))
		if id != contacts[len(contacts)-1].ID+1 || len(answer) != 1 {
			t.Errorf("answered %v", answer)
		}
		row := c.rows("/contacts", "filtering", where("contact.email", "EQUAL", `"vera.prueba@example.com"`))[0]
		for name, want := range map[string]any{"id": float64(id), "personal_id": "40111222", "phone": "+54 9 11 5555-9100", "name": "Vera Prueba", "guid": "g-1", "organization_id": 1201.0,
			"address": "Mitre 10", "city": nil, "last_update": "2026-09-09 15:00:00"} {
			if row[name] != want {
				t.Errorf("%s is %v, want %v", name, row[name], want)
			}
		}
		if _, shown := row["password"]; shown || c.theContact(id).Password != "hidden-1" {
			t.Errorf("the password is shown or lost: %v", row)
		}
		if rows := c.rows("/contacts", "filtering", where("contact.plan", "EQUAL", `"oro"`), "sort", "desc", "limit", "1"); rows[0]["id"] != float64(id) {
			t.Errorf("by its custom field comes %v", rows)
		}
	}
}

func TestAContactNeedsOneOfThree(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for _, body := range []string{`{}`, `{"name":"Vera"}`, `{"email":"","phone":"","personal_id":""}`} {
		c.denied(400, "One of email, personal_id, phone is required", "POST", "/contacts/", body)
	}
	for _, body := range []string{`{"email":"x@example.com"}`, `{"phone":"5491155559100"}`, `{"personal_id":"1"}`} {
		c.done("POST", "/contacts/", body)
	}
	c.denied(400, "One of", "PUT", "/contacts/9005", `{"email":"","phone":"","personal_id":""}`)
	c.done("PUT", "/contacts/9005", `{"email":"","phone":""}`)
	if row := c.object("/contacts/9005"); row["email"] != nil || row["phone"] != nil || row["personal_id"] != "20000005" {
		t.Errorf("cleared, it is %v", row)
	}
}

func TestWrongValuesOfAContactAreRefused(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for body, words := range map[string]string{
		`"email":"nada"`: "Invalid email", `"email":"a b@example.com"`: "Invalid email", `"email":"a@b@example.com"`: "Invalid email", `"phone":"llamar"`: "Invalid phone", `"phone":"123"`: "Invalid phone",
		`"phone":"` + strings.Repeat("1", 21) + `"`: "Invalid phone", `"organization_id":1`: `{"message":"Organization Not Found"}`, `"organization_id":0`: "Organization Not Found",
		`"name":"` + strings.Repeat("x", 256) + `"`: "name is one line", `"name":"a\nb"`: "name is one line", `"custom_fields":[{"field":"sucursal","value":"x"}]`: "Unknown custom field",
		`"custom_fields":[{"field":"plan","value":1}]`: "custom_fields[0].value",
	} {
		c.denied(400, words, "PUT", "/contacts/9005", "{"+body+"}")
		c.denied(400, words, "POST", "/contacts/", `{"personal_id":"1",`+body+"}")
	}
	c.denied(400, "No fields to update", "PUT", "/contacts/9005", "{}")
	c.denied(400, `{"error":"Contact Not Found"}`, "PUT", "/contacts/1", `{"name":"x"}`)
	c.denied(400, "Contact Not Found", "DELETE", "/contacts/1", "")
	c.denied(400, "Invalid id", "DELETE", "/contacts/x", "")
}

func TestAContactChangesInWhatIsNamedAndItsThreadsStay(t *testing.T) {
	c := newClient(t, Options{})
	threads := c.threadsOf(9005)
	c.done("PUT", "/contacts/9005", `{"name":"Tomás G.","phone":"5491155559200","organization_id":1201,"custom_fields":[{"field":"segmento","value":"pyme"}]}`)
	want := c.theContact(9005)
	if want.Name != "Tomás G." || want.Phone != "5491155559200" || want.OrganizationID != 1201 || want.Email != "tomas.gomez.9005@example.com" || !want.LastUpdate.Equal(noon) ||
		!slices.Equal(want.CustomFields, []CustomField{{"plan", "oro"}, {"segmento", "pyme"}}) {
		t.Errorf("it is %+v", want)
	}
	c.done("PUT", "/contacts/9005/", `{"organization_id":-1,"custom_fields":[{"field":"plan","value":""}]}`)
	if got := c.object("/contacts/9005"); got["organization_id"] != nil || fmt.Sprint(got["custom_fields"]) != "[map[field:segmento value:pyme]]" {
		t.Errorf("then it is %v", got)
	}
	if after := c.threadsOf(9005); after != threads || threads == "" {
		t.Error("what was said long ago changed")
	}
}

// threadsOf are all threads of a contact, in one text.
func (c *client) threadsOf(contact int64) string {
	all := ""
	for _, x := range c.api.Cases() {
		if x.ContactID != contact {
			continue
		}
		_, body := c.send("GET", fmt.Sprintf("/cases/%d/activities", x.ID), nil)
		all += string(body)
	}
	return all
}

func TestADoubleIsTakenOrRefused(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		c := newClient(t, Options{RefuseDoubles: refuse})
		other := c.done("POST", "/contacts/", `{"personal_id":"1"}`)["id"]
		for _, try := range [][3]string{{"POST", "/contacts/", `{"email":"Tomas.Gomez.9005@example.com"}`}, {"PUT", fmt.Sprint("/contacts/", other), `{"email":"tomas.gomez.9005@example.com"}`}} {
			if refuse {
				c.denied(400, "already exists", try[0], try[1], try[2])
			} else {
				c.done(try[0], try[1], try[2])
			}
		}
		c.done("PUT", "/contacts/9005", `{"email":"TOMAS.gomez.9005@example.com"}`)
		c.done("POST", "/contacts/", `{"phone":"5491155510005"}`) // only the e-mail counts
	}
}

func TestGroupsAreJoinedAndLeftOnce(t *testing.T) {
	c := newClient(t, Options{})
	groups := func() any { return c.object("/contacts/9005")["groups_ids"] }
	for range 2 {
		c.done("PUT", "/contacts/9005/groups/33", "")
		if got := fmt.Sprint(groups()); got != "[31 33]" {
			t.Errorf("joined, they are %s", got)
		}
	}
	if rows := c.rows("/contacts", "filtering", where("contact.group_id", "EQUAL", "33"), "sort_field", "id", "limit", "1"); rows[0]["id"] != 9005.0 {
		t.Errorf("by the group comes %v", rows)
	}
	for range 2 {
		if status, body := c.write("DELETE", "/contacts/9005/groups/31", ""); status != 204 || len(body) > 0 {
			t.Errorf("leaving answers %d %s", status, body)
		}
		if got := fmt.Sprint(groups()); got != "[33]" {
			t.Errorf("left, they are %s", got)
		}
	}
	changed := []bool{}
	for _, w := range c.api.Writes() {
		changed = append(changed, w.Changed)
	}
	if !slices.Equal(changed, []bool{true, false, true, false}) {
		t.Errorf("changed %v", changed)
	}
	for _, method := range []string{"PUT", "DELETE"} {
		c.denied(400, `{"message":"Group Not Found"}`, method, "/contacts/9005/groups/1", "")
		c.denied(400, "Contact Not Found", method, "/contacts/1/groups/31", "")
		c.denied(400, "Invalid id", method, "/contacts/9005/groups/vip", "")
	}
}

func TestLeavingAGroupIsNoMatterOfAnotherAccount(t *testing.T) {
	c, other := newClient(t, Options{}), newClient(t, Options{})
	member := c.api.People()[OnePhone][0]
	before := other.theContact(member).GroupIDs
	c.done("DELETE", fmt.Sprintf("/contacts/%d/groups/%d", member, before[0]), "")
	if after := other.theContact(member).GroupIDs; !slices.Equal(after, before) || slices.Equal(c.theContact(member).GroupIDs, before) {
		t.Errorf("there they were %v and are %v", before, after)
	}
}

func TestADeletedContactLeavesItsCasesBehind(t *testing.T) {
	c := newClient(t, Options{})
	threads, cases := c.threadsOf(9005), c.api.Cases()
	if status, _ := c.write("DELETE", "/contacts/9005", ""); status != 200 {
		t.Errorf("it answers %d", status)
	}
	if status, body := c.send("GET", "/contacts/9005", nil); status != 404 || string(body) != `{"message":"Contact Not Found"}` {
		t.Errorf("it is read as %d %s", status, body)
	}
	if rows := c.rows("/contacts", "filtering", where("contact.id", "EQUAL", "9005")); len(rows) > 0 {
		t.Errorf("it is listed as %v", rows)
	}
	if c.threadsOf(9005) != threads || fmt.Sprint(c.api.Cases()) != fmt.Sprint(cases) {
		t.Error("its cases changed")
	}
	c.denied(404, "Contact Not Found", "PUT", "/contacts/9005", `{"name":"x"}`)
	c.denied(404, "Contact Not Found", "DELETE", "/contacts/9005", "")
	c.denied(404, "Contact Not Found", "PUT", "/contacts/9005/groups/33", "")
	c.denied(400, "Contact Not Found", "PUT", asExample, reply9005("x"))
	c.denied(400, "activities[0].contact_from", "PUT", asExample, `{"activities":[{"type":"contact_message","content":"x"}]}`)
	c.done("PUT", asExample, `{"status":"solved"}`)

	list := c.api.Contacts()
	last := list[len(list)-1].ID
	c.done("DELETE", fmt.Sprint("/contacts/", last), "")
	if id := c.done("POST", "/contacts/", `{"email":"tomas.gomez.9005@example.com"}`)["id"]; id != float64(last+1) {
		t.Errorf("after %d was deleted came %v", last, id)
	}
}

func TestEveryContactOfAnAccountCanBeDeleted(t *testing.T) {
	c := newClient(t, Options{Cases: 60, Contacts: 20, Now: fixed(noon.Add(time.Hour))})
	for _, x := range c.api.Contacts() {
		c.done("DELETE", fmt.Sprint("/contacts/", x.ID), "")
	}
	for _, x := range c.api.Cases() {
		if len(c.api.Thread(x.ID)) == 0 {
			t.Errorf("case %d lost its thread", x.ID)
		}
		c.done("DELETE", fmt.Sprint("/cases/", x.ID), "")
	}
	if rows := c.rows("/cases"); len(rows)+len(c.rows("/contacts")) != 0 {
		t.Error("something is left")
	}
	c.create(`{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x","contact_from":{"phone":"5491155510005"}}]}`)
	c.api.AddCase(Case{}, nil)
}

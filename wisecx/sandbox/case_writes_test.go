package sandbox

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const asExample = "/cases/430357543"

// added are the entries of the example's thread that came after the first n, as "type content".
func (c *client) added(n int) []string {
	var list []string
	for _, x := range c.api.Thread(exampleCase)[n:] {
		list = append(list, x.Type+" "+x.Content)
	}
	return list
}

// told fails unless the example's thread grew by just these entries.
func (c *client) told(n int, want ...string) {
	c.t.Helper()
	if got := c.added(n); !slices.Equal(got, want) {
		c.t.Errorf("the thread grew by %q, want %q", got, want)
	}
}

func TestANewCaseContinuesTheIDsAndNumbersAndIsListed(t *testing.T) {
	c := newClient(t, Options{})
	cases := c.api.Cases()
	last := cases[len(cases)-1]
	made := c.create(`{"group_id":24718,"source_channel":"web","subject":"Consulta por precios"}`)
	if made.ID <= last.ID || made.Number <= last.Number || made.ID > 999_999_999 || made.Number > 999_999 {
		t.Errorf("after case %d, number %d, came %d, number %d", last.ID, last.Number, made.ID, made.Number)
	}
	row := c.rows("/cases", "filtering", where("cases.number", "EQUAL", fmt.Sprint(made.Number)))[0]
	for name, want := range map[string]any{
		"id": float64(made.ID), "status": "open", "group_id": 24718.0, "source_channel": "web", "subject": "Consulta por precios", "user_id": nil, "contact_id": nil, "priority": nil,
		"type_id": nil, "due_at": nil, "created_at": "2026-09-09 15:00:00", "last_update": "2026-09-09 15:00:00", "channel_account": webChat,
	} {
		if row[name] != want {
			t.Errorf("%s is %v, want %v", name, row[name], want)
		}
	}
	if thread := c.rows(fmt.Sprintf("/cases/%d/activities", made.ID)); len(thread) != 0 {
		t.Errorf("it begins with %v", thread)
	}
	if next := c.create(`{"group_id":24718,"source_channel":"web","subject":"Otra"}`); next.ID <= made.ID || next.Number <= made.Number {
		t.Errorf("the next is %d, number %d", next.ID, next.Number)
	}
}

func TestANewCaseTakesAllThatIsNamed(t *testing.T) {
	c := newClient(t, Options{})
	made := c.create(`{"group_id":24717,"source_channel":"whatsapp","subject":"Router sin luz","user_id":46688,"tags":["vip",804,"807","algo nuevo","vip"],"type_id":502,"priority":"high",
		"due_at":"2026-09-12 12:00:00","custom_fields":[{"field":"pedido","value":"712999"},{"field":"sucursal","value":"Rosario"}],
		"activities":[{"type":"contact_message","content":"Hola","contact_from":{"id":9005},"attachments":[{"name":"foto.jpg","url":"https://files.example.com/1/foto.jpg"}]}]}`)
	want := Case{
		ID: made.ID, Number: made.Number, GroupID: 24717, UserID: 46688, ContactID: 9005, Status: "open", SourceChannel: "whatsapp", Tags: []string{"vip", "reclamo", "urgente", "algo nuevo"},
		TypeID: 502, Subject: "Router sin luz", Priority: "high", CustomFields: []CustomField{{"pedido", "712999"}, {"sucursal", "Rosario"}}, CreatedAt: noon, LastUpdate: noon,
		DueAt: time.Date(2026, 9, 12, 12, 0, 0, 0, time.UTC), ChannelAccount: mainWhatsApp,
	}
	if got, wanted := fmt.Sprintf("%+v", made), fmt.Sprintf("%+v", want); got != wanted {
		t.Errorf("made is\n%s, want\n%s", got, wanted)
	}
	thread := c.api.Thread(made.ID)
	if len(thread) != 2 || thread[0].Content != "Hola" || thread[0].ContactFrom.Name != "Tomás Gómez" || thread[0].Attachments[0].Name != "foto.jpg" ||
		thread[1].Content != "[change_assign_agent_to]Lucía Fernández" || thread[0].ID >= thread[1].ID || thread[0].ID < 1_000_000_000 {
		t.Errorf("it begins with %+v", thread)
	}
}

func TestANewCaseSaysWhatItLacks(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for body, words := range map[string]string{
		`{}`: `{"error":"Missing required fields: group_id, source_channel, subject"}`, `{"group_id":24717,"subject":"x"}`: `{"error":"Missing required fields: source_channel"}`,
		`{"group_id":24717,"source_channel":"web","subject":" "}`:                                "subject is one line",
		`{"group_id":24717,"source_channel":"web","subject":"a\nb"}`:                             "subject is one line",
		`{"group_id":24717,"source_channel":"web","subject":"` + strings.Repeat("x", 256) + `"}`: "subject is one line",
	} {
		c.denied(400, words, "POST", "/cases", body)
	}
}

func TestWhatIsUnknownIsRefusedByCreateAndUpdate(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for body, words := range map[string]string{
		`"group_id":1`: `{"message":"Queue Not Found"}`, `"user_id":1`: `{"message":"User Not Found"}`, `"type_id":1`: `{"message":"Type Not Found"}`, `"source_channel":"fax"`: `{"message":"Channel Not Found"}`,
		`"priority":"alta"`: "Invalid priority", `"tags":[1]`: "a tag's name or id", `"tags":[""]`: "a tag's name or id", `"due_at":"2026-09-12"`: "YYYY-MM-DD HH:MM:SS",
		`"custom_fields":[{"field":"nope","value":"x"}]`: "Unknown custom field", `"custom_fields":[{"field":"plan","value":"diamante"}]`: "is no option", `"custom_fields":[{"value":"x"}]`: "custom_fields[0].field",
		`"custom_fields":[{"field":"pedido"}]`: "custom_fields[0].value", `"custom_fields":{"pedido":"x"}`: "a list", `"custom_fields":[{"field":"pedido","value":"` + strings.Repeat("x", 5000) + `"}]`: "longer than",
		`"tags":[` + strings.Repeat(`"x",`, 200) + `"x"]`: "201 elements",
	} {
		c.denied(400, words, "PUT", asExample, "{"+body+"}")
		whole := map[string]any{"group_id": 24717, "source_channel": "web", "subject": "x"}
		if err := json.Unmarshal([]byte("{"+body+"}"), &whole); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(whole)
		c.denied(400, words, "POST", "/cases", string(text))
	}
	for _, status := range []string{"opened", "onhold", "abierto", "Solved", ""} {
		c.denied(400, "Invalid status", "PUT", asExample, fmt.Sprintf(`{"status":%q}`, status))
		c.denied(400, "Invalid status", "PUT", asExample+"/status", fmt.Sprintf(`{"status":%q}`, status))
	}
	c.denied(400, "No fields to update", "PUT", asExample, `{}`)
	c.denied(400, "Missing required fields: status", "PUT", asExample+"/status", `{}`)
	c.denied(400, "Missing required fields: group_id, user_id", "PUT", asExample+"/transfer", `{}`)
	c.denied(400, "Queue Not Found", "PUT", asExample+"/transfer", `{"group_id":1,"user_id":46688}`)
	c.denied(400, "User Not Found", "PUT", asExample+"/transfer", `{"group_id":24718,"user_id":1}`)
}

func TestWritesToACaseThatIsNotThereAreRefused(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for _, at := range []string{"/cases/1", "/cases/534787"} { // the second is a number
		c.denied(400, "Case Not Found", "PUT", at, `{"status":"solved"}`)
		c.denied(400, "Case Not Found", "PUT", at+"/status", `{"status":"solved"}`)
		c.denied(400, "Case Not Found", "PUT", at+"/transfer", `{"group_id":24718}`)
		c.denied(400, "Case Not Found", "POST", at+"/summarize", "")
		c.denied(400, "Case Not Found", "DELETE", at, "")
	}
	c.denied(400, "Invalid id", "DELETE", "/cases/abc", "")
}

func TestAnUpdateChangesWhatItNamesAndNothingElse(t *testing.T) {
	c := newClient(t, Options{})
	before := c.theCase(exampleCase)
	c.done("PUT", asExample, `{"subject":"Otro asunto","priority":"urgent","type_id":503,"tags":["reclamo",801],"due_at":"2026-10-01 09:00:00"}`)
	want := before
	want.Subject, want.Priority, want.TypeID, want.Tags = "Otro asunto", "urgent", 503, []string{"reclamo", "vip"}
	want.DueAt, want.LastUpdate = time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC), noon
	if got := c.theCase(exampleCase); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("it is\n%+v, want\n%+v", got, want)
	}
	c.told(8)
	c.done("PUT", asExample, `{"due_at":null,"user_id":null,"tags":[]}`)
	if row := c.object(asExample); row["due_at"] != nil || row["user_id"] != nil || len(row["tags"].([]any)) != 0 {
		t.Errorf("null and no tags leave %v", row)
	}
	c.told(8, "event [change_assign_agent_to]")
}

func TestCustomFieldsMergeByName(t *testing.T) {
	c := newClient(t, Options{})
	c.done("PUT", asExample, `{"custom_fields":[{"field":"plan","value":"oro"},{"field":"sucursal","value":"Salta"}]}`)
	c.done("PUT", asExample, `{"custom_fields":[{"field":"pedido","value":"712345"},{"field":"plan","value":null}]}`)
	if got := c.theCase(exampleCase).CustomFields; !slices.Equal(got, []CustomField{{"sucursal", "Salta"}, {"pedido", "712345"}}) {
		t.Errorf("they are %v", got)
	}
	c.denied(400, "Invalid status", "PUT", asExample, `{"custom_fields":[{"field":"sucursal","value":"Rosario"},{"field":"pedido","value":null}],"status":"nope"}`)
	if rows := c.rows("/cases", "filtering", where("case.pedido", "EQUAL", `"712345"`)); len(rows) != 1 {
		t.Errorf("found by it are %v", rows)
	}
}

func TestAStatusTellsItselfAndWhenItBegan(t *testing.T) {
	now := noon
	c := newClient(t, Options{Now: func() time.Time { return now }})
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	for i, step := range []struct {
		path, written, read string
		solved, closed      time.Time
	}{
		{"/status", "pending", "pending", never, never}, {"", "solved", "solved", at(2), never}, {"/status", "closed", "closed", at(2), at(3)}, {"/status", "open", "open", never, never},
		{"", "hold", "onhold", never, never}, {"", "closed", "closed", never, at(6)}, {"/status", "solved", "solved", at(7), never},
	} {
		now = at(i + 1)
		c.done("PUT", asExample+step.path, fmt.Sprintf(`{"status":%q}`, step.written))
		got := c.theCase(exampleCase)
		if got.Status != step.read || !got.SolvedAt.Equal(step.solved) || !got.ClosedAt.Equal(step.closed) || !got.LastUpdate.Equal(now) {
			t.Errorf("step %d: %+v", i, got)
		}
		thread := c.api.Thread(exampleCase)
		if last := thread[len(thread)-1]; last.Content != "[change_status_to]"+step.read || last.Type != "event" || !last.CreatedAt.Equal(now) || len(thread) != 9+i {
			t.Errorf("step %d ends with %+v", i, last)
		}
	}
	now = at(50)
	c.done("PUT", asExample+"/status", `{"status":"solved"}`)
	if got := c.theCase(exampleCase); !got.SolvedAt.Equal(at(7)) || !got.LastUpdate.Equal(at(7)) || len(c.api.Thread(exampleCase)) != 15 {
		t.Errorf("said again, it is %+v", got)
	}
}

func TestAnAccountWritesEitherHoldOrOnhold(t *testing.T) {
	for onhold, words := range map[bool][2]string{false: {"hold", "onhold"}, true: {"onhold", "hold"}} {
		c := newClient(t, Options{Cases: 30, Contacts: 20, WriteOnHold: onhold})
		for _, path := range []string{asExample, asExample + "/status"} {
			c.denied(400, "Invalid status", "PUT", path, fmt.Sprintf(`{"status":%q}`, words[1]))
			c.done("PUT", path, fmt.Sprintf(`{"status":%q}`, words[0]))
		}
		if got := c.object(asExample)["status"]; got != "onhold" {
			t.Errorf("it reads %v", got)
		}
	}
}

func TestATransferTellsTheQueueAndTakesTheCaseFromItsAgentUnlessItNamesOne(t *testing.T) {
	c := newClient(t, Options{})
	c.done("PUT", asExample+"/transfer", `{"group_id":24718,"user_id":46688}`)
	if got := c.theCase(exampleCase); got.GroupID != 24718 || got.UserID != 46688 || !got.LastUpdate.Equal(noon) || got.ChannelAccount != mainWhatsApp {
		t.Errorf("it is %+v", got)
	}
	c.done("PUT", asExample+"/transfer", `{"group_id":24719}`)
	c.done("PUT", asExample+"/transfer", `{"user_id":46691}`)
	c.done("PUT", asExample+"/transfer", `{"group_id":24719,"user_id":46691}`)
	c.done("PUT", asExample, `{"group_id":24717}`)
	if got := c.theCase(exampleCase); got.GroupID != 24717 || got.UserID != 46691 {
		t.Errorf("in the end it is %+v", got)
	}
	c.told(8, "event [change_group_to]Ventas", "event [change_assign_agent_to]Lucía Fernández", "event [change_group_to]Facturación", "event [change_assign_agent_to]",
		"event [change_assign_agent_to]Lucía Torres", "event [change_group_to]Soporte Técnico")
}

func TestOneUpdateTellsItsStepsInOrder(t *testing.T) {
	c := newClient(t, Options{})
	c.done("PUT", asExample, `{"status":"solved","activities":[{"type":"user_reply","content":"Listo","contacts_to":[{"id":9005}]}],"user_id":46688,"group_id":24718}`)
	c.told(8, "event [change_group_to]Ventas", "event [change_assign_agent_to]Lucía Fernández", "user_reply Listo", "event [change_status_to]solved")
	if x := c.api.Thread(exampleCase)[10]; x.UserID != 46688 || x.SendingState != "sent" || x.CaseID != exampleCase || x.Channel != "whatsapp" {
		t.Errorf("the reply is %+v", x)
	}
}

func TestADeletedCaseIsGoneAndItsContactStays(t *testing.T) {
	c := newClient(t, Options{})
	cases := c.api.Cases()
	last := cases[len(cases)-1].ID
	for id, delete := range map[int64]func(string){
		exampleCase: func(path string) {
			if status, body := c.write("DELETE", path, ""); status != 204 || len(body) != 0 {
				t.Errorf("it answers %d %s", status, body)
			}
		},
		last: func(path string) { c.done("PUT", path, `{"deleted":true,"status":"closed"}`) },
	} {
		path := fmt.Sprint("/cases/", id)
		contact := c.theCase(id).ContactID
		delete(path)
		for _, at := range []string{path, path + "/activities", path + "/activities/1"} {
			if status, body := c.send("GET", at, nil); status != 404 || string(body) != `{"message":"Case Not Found"}` {
				t.Errorf("%s answers %d %s", at, status, body)
			}
		}
		if rows := c.rows("/cases", "filtering", where("cases.id", "EQUAL", fmt.Sprint(id))); len(rows) != 0 || c.api.Thread(id) != nil {
			t.Errorf("case %d is still there", id)
		}
		c.denied(404, "Case Not Found", "PUT", path, `{"deleted":false}`)
		c.denied(404, "Case Not Found", "PUT", path+"/status", `{"status":"open"}`)
		c.denied(404, "Case Not Found", "DELETE", path, "")
		c.object(fmt.Sprint("/contacts/", contact))
	}
	if made := c.create(`{"group_id":24717,"source_channel":"web","subject":"x"}`); made.ID <= last {
		t.Errorf("the id %d comes again", made.ID)
	}
}

func TestSpamIsKeptAndShownNowhere(t *testing.T) {
	c := newClient(t, Options{})
	before := c.object(asExample, "fields", "id,status,subject,user_id")
	c.done("PUT", asExample, `{"spam":true,"deleted":false}`)
	if after := c.object(asExample, "fields", "id,status,subject,user_id"); fmt.Sprint(after) != fmt.Sprint(before) || !c.theCase(exampleCase).Spam {
		t.Errorf("it is %v", after)
	}
}

func TestASummaryIsWrittenAndLeavesLastUpdate(t *testing.T) {
	c := newClient(t, Options{})
	before := c.object(asExample)
	summary := c.done("POST", asExample+"/summarize", "")["summary"]
	after := c.object(asExample)
	if said, is := summary.(string); !is || !strings.Contains(said, "Demora en la entrega") || after["summary"] != said || before["summary"] != nil || after["last_update"] != before["last_update"] {
		t.Errorf("%v; the case is %v", summary, after)
	}
	c.done("POST", asExample+"/summarize", "{}")
	if writes := c.api.Writes(); len(writes) != 2 || !writes[0].Changed || writes[1].Changed {
		t.Errorf("carried out were %+v", writes)
	}
	c.told(8)
}

func TestAContactWithOpenCasesGetsAnotherOneOrTheirIDs(t *testing.T) {
	body := `{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x","contact_from":{"phone":"5491155510005"}}]}`
	for _, refuse := range []bool{false, true} {
		c := newClient(t, Options{RefuseIfOpen: refuse})
		var open []int64
		for _, x := range c.api.Cases() {
			if x.ContactID == exampleContact && !x.resolved() {
				open = append(open, x.ID)
			}
		}
		if !refuse {
			c.create(body)
			continue
		}
		c.denied(400, "", "POST", "/cases", body)
		_, text := c.write("POST", "/cases", body)
		var answer struct {
			Error string
			Open  []int64 `json:"opened_cases"`
		}
		if err := json.Unmarshal(text, &answer); err != nil || answer.Error == "" || !slices.Equal(answer.Open, open) || len(open) == 0 {
			t.Errorf("answered %s, open are %v", text, open)
		}
		for _, id := range open {
			c.done("PUT", fmt.Sprintf("/cases/%d/status", id), `{"status":"solved"}`)
		}
		c.create(body)
		c.create(strings.Replace(body, "5491155510005", "5491155599999", 1)) // nobody knows them yet
		c.denied(400, "opened_cases", "POST", "/cases", strings.Replace(body, "5491155510005", "5491155599999", 1))
	}
}

func TestWhatIsIgnoredIsTakenAndStaysAsItWas(t *testing.T) {
	c := newClient(t, Options{Ignore: []string{"priority", "status", "user_id", "activities", "name"}})
	before := c.theCase(exampleCase)
	c.done("PUT", asExample, `{"priority":"urgent","status":"solved","user_id":null,"activities":[{"type":"contact_message","content":"x","contact_from":{"email":"nueva@example.com"}}]}`)
	c.done("PUT", asExample+"/status", `{"status":"closed"}`)
	if got := c.theCase(exampleCase); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", before) {
		t.Errorf("it is %+v", got)
	}
	c.told(8)
	c.done("PUT", asExample, `{"priority":"urgent","subject":"Otro"}`)
	if got := c.theCase(exampleCase); got.Priority != before.Priority || got.Subject != "Otro" {
		t.Errorf("it is %+v", got)
	}
	c.denied(400, "Invalid priority", "PUT", asExample, `{"priority":"alta"}`)
	c.done("PUT", "/contacts/9005", `{"name":"Otro"}`)
	if got := c.theContact(9005).Name; got != "Tomás Gómez" {
		t.Errorf("the name is %s", got)
	}
	changed := []bool{}
	for _, w := range c.api.Writes() {
		changed = append(changed, w.Changed)
	}
	if len(c.api.Contacts()) != len(New(Options{Cases: 1500, Contacts: 400, Now: fixed(noon)}).Contacts()) || !slices.Equal(changed, []bool{false, false, true, false}) {
		t.Errorf("%d contacts, changed %v", len(c.api.Contacts()), changed)
	}
}

func TestAnAccountAcknowledgesInItsOwnWay(t *testing.T) {
	for how, word := range map[Acknowledgement]string{AcknowledgeEmpty: `{}`, AcknowledgeSuccess: `{"success":true}`, AcknowledgeObject: ""} {
		for _, loose := range []bool{false, true} {
			c := newClient(t, Options{Cases: 30, Contacts: 20, Acknowledge: how, Loose: loose})
			for _, try := range []struct{ method, path, body, read string }{
				{"PUT", asExample, `{"priority":"low"}`, asExample}, {"PUT", asExample + "/status", `{"status":"pending"}`, asExample}, {"PUT", asExample + "/transfer", `{"group_id":24718}`, asExample},
				{"PUT", "/contacts/9005", `{"address":"Mitre 1","password":"hidden-1"}`, "/contacts/9005"}, {"PUT", "/contacts/9005/groups/33", "", "/contacts/9005"}, {"DELETE", "/contacts/9005", "", "/contacts/9005"},
			} {
				want := word
				_, before := c.send("GET", try.read, nil)
				_, body := c.write(try.method, try.path, try.body)
				if _, after := c.send("GET", try.read, nil); how == AcknowledgeObject && try.method != "DELETE" {
					want = string(after)
				} else if how == AcknowledgeObject {
					want = string(before)
				}
				if string(body) != want || strings.Contains(want, "password") || strings.Contains(want, "hidden-1") {
					t.Errorf("%v answered %s, want %s", try, body, want)
				}
			}
		}
	}
}

func TestWritesTellsWhatWasCarriedOutInOrder(t *testing.T) {
	c := newClient(t, Options{})
	c.done("PUT", asExample, `{"priority":"low"}`)
	c.denied(400, "", "PUT", asExample, `{"priority":"x"}`)
	c.done("PUT", asExample, `{"priority":"low"}`)
	made := c.create(`{"group_id":24717,"source_channel":"web","subject":"x"}`)
	c.done("DELETE", asExample, "")
	c.done("PUT", "/contacts/9005/groups/33", "")
	want := []Write{
		{"PUT /cases/{id}", asExample, exampleCase, noon, `{"priority":"low"}`, true},
		{"PUT /cases/{id}", asExample, exampleCase, noon, `{"priority":"low"}`, false},
		{"POST /cases", "/cases", made.ID, noon, `{"group_id":24717,"source_channel":"web","subject":"x"}`, true},
		{"DELETE /cases/{id}", asExample, exampleCase, noon, "", true},
		{"PUT /contacts/{contact_id}/groups/{group_id}", "/contacts/9005/groups/33", 9005, noon, "", true},
	}
	got := c.api.Writes()
	if !slices.Equal(got, want) {
		t.Errorf("carried out were\n%+v, want\n%+v", got, want)
	}
	got[0].ID = 1
	if c.api.Writes()[0].ID == 1 {
		t.Error("the truth can be changed")
	}
}

func TestWrittenCasesFilterAndSortLikeAnyOther(t *testing.T) {
	c := newClient(t, Options{})
	c.done("PUT", asExample, `{"status":"hold","tags":["recién escrito"]}`)
	if rows := c.rows("/cases", "filtering", where("case.tags", "EQUAL", `"recién escrito"`)); len(rows) != 1 || rows[0]["status"] != "onhold" {
		t.Errorf("found are %v", rows)
	}
	newest := c.rows("/cases", "sort", "desc", "sort_field", "last_update", "limit", "1")[0]
	if newest["id"] != float64(exampleCase) {
		t.Errorf("the newest update is of %v", newest["id"])
	}
	if status, _ := c.send("GET", asExample, url.Values{"fields": {"spam"}}); status != 400 {
		t.Errorf("the field spam answers %d", status)
	}
}

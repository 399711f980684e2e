package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// reply writes the body of an update that sends text to the example's contact.
func reply9005(text string) string {
	return fmt.Sprintf(`{"activities":[{"type":"user_reply","content":%q,"contacts_to":[{"id":9005}]}]}`, text)
}

// newest is the last entry of a case's thread.
func (c *client) newest(id int64) Activity {
	c.t.Helper()
	thread := c.api.Thread(id)
	if len(thread) == 0 {
		c.t.Fatalf("case %d has no thread", id)
	}
	return thread[len(thread)-1]
}

func TestAReplyStandsOnTheThreadAsItWasSent(t *testing.T) {
	c := newClient(t, Options{})
	before := c.rows(asExample + "/activities")
	c.done("PUT", asExample, reply9005("Ya sale 🚚 <b>hoy</b>\n\"OK\""))
	thread := c.rows(asExample + "/activities")
	if len(thread) != len(before)+1 {
		t.Fatalf("the thread grew from %d to %d", len(before), len(thread))
	}
	last := thread[len(thread)-1]
	for name, want := range map[string]any{
		"type": "user_reply", "user_id": 46684.0, "channel": "whatsapp", "content": "Ya sale 🚚 <b>hoy</b>\n\"OK\"", "case_id": float64(exampleCase), "contact_from": nil,
		"created_at": "2026-09-09 15:00:00", "sending_status": "sent",
	} {
		if last[name] != want {
			t.Errorf("%s is %v, want %v", name, last[name], want)
		}
	}
	if to := last["contacts_to"].([]any)[0].(map[string]any); to["id"] != 9005.0 || to["phone"] != "5491155510005" || to["name"] != "Tomás Gómez" {
		t.Errorf("it went to %v", to)
	}
	if got := c.object(asExample)["last_update"]; got != "2026-09-09 15:00:00" {
		t.Errorf("last_update is %v", got)
	}
	if one := c.object(fmt.Sprintf("%s/activities/%.0f", asExample, last["id"])); one["content"] != last["content"] {
		t.Errorf("by its id it is %v", one)
	}
}

func TestOutsideTheWindowPlainTextFailsAndATemplateGoes(t *testing.T) {
	template := `{"activities":[{"type":"user_reply","template":{"template_id":"tpl_seguimiento_pedido","parameters":[{"key":"2","value":"712345"},{"key":"1","value":"Tomás"}]},"contacts_to":[{"id":9005}]}]}`
	for _, try := range []struct {
		since time.Duration // since the customer's last words
		state string
	}{{time.Minute, "sent"}, {24 * time.Hour, "sent"}, {24*time.Hour + time.Second, "failed"}, {90 * 24 * time.Hour, "failed"}} {
		c := newClient(t, Options{Cases: 30, Contacts: 20})
		x := c.api.AddCase(Case{GroupID: 24717, ContactID: 9005, SourceChannel: "whatsapp", ChannelAccount: mainWhatsApp},
			[]Activity{{Type: "contact_message", Content: "hola", CreatedAt: noon.Add(-try.since)}, {Type: "user_reply", Content: "hola", CreatedAt: noon}})
		path := fmt.Sprint("/cases/", x.ID)
		c.done("PUT", path, reply9005("¿Seguís ahí?"))
		if got := c.newest(x.ID); got.SendingState != try.state || got.Content != "¿Seguís ahí?" {
			t.Errorf("%v later plain text is %+v", try.since, got)
		}
		c.done("PUT", path, template)
		if got := c.newest(x.ID); got.SendingState != "sent" || got.Content != "Hola Tomás, te escribimos por tu pedido 712345. ¿Pudiste recibirlo?" {
			t.Errorf("%v later a template is %+v", try.since, got)
		}
		c.done("PUT", path, `{"activities":[{"type":"contact_message","content":"sí"},{"type":"user_reply","content":"¡Bien!","contacts_to":[{"id":9005}]}]}`)
		if got := c.newest(x.ID); got.SendingState != "sent" {
			t.Errorf("after an answer plain text is %+v", got)
		}
	}
}

func TestACaseThatWeBeginHasNoWindow(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	whole := `{"group_id":24717,"source_channel":"whatsapp","subject":"x",` + reply9005("Hola")[1:]
	made := c.create(whole)
	if got := c.newest(made.ID); got.SendingState != "failed" || made.ContactID != 9005 {
		t.Errorf("plain text is %+v", got)
	}
}

func TestATemplateMustExistOnTheNumberWithTheRightParameters(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	right := `[{"key":"1","value":"Ana"}]`
	for _, try := range [][3]string{
		{"tpl_nada", right, "Template Not Found"}, {"tpl_oferta", `[{"key":"1","value":"Ana"},{"key":"2","value":"20 %"}]`, "Template Not Found"}, // of another number
		{"tpl_reapertura", `[]`, `Template parameter \"1\" is missing`}, {"tpl_reapertura", `[{"key":"1","value":" "}]`, "is empty"}, {"tpl_reapertura", `[{"key":"1","value":5}]`, "is a text"},
		{"tpl_reapertura", `[{"key":"1","value":"a"},{"key":"1","value":"b"}]`, "given twice"}, {"tpl_reapertura", `[{"key":"1","value":"a"},{"key":"2","value":"b"}]`, `no parameter \"2\"`},
		{"tpl_reapertura", `[{"key":"nombre","value":"a"}]`, `Template parameter \"1\" is missing`}, {"tpl_reapertura", `["Ana"]`, "an object"}, {"tpl_reapertura", `{"1":"Ana"}`, "a list"},
		{"tpl_encuesta", right, `no parameter \"1\"`}, {"tpl_reapertura", `[{"value":"a"}]`, "parameters[0].key"}, {"tpl_reapertura", `[{"key":"1"}]`, "parameters[0].value"},
	} {
		c.denied(400, try[2], "PUT", asExample, fmt.Sprintf(`{"activities":[{"type":"user_reply","template":{"template_id":%q,"parameters":%s},"contacts_to":[{"id":9005}]}]}`, try[0], try[1]))
	}
	with := func(members string) string {
		return `{"activities":[{"type":"user_reply","contacts_to":[{"id":9005}],` + members + `}]}`
	}
	good := `"template":{"template_id":"tpl_reapertura","parameters":` + right + `}`
	c.denied(400, "template goes without content", "PUT", asExample, with(good+`,"content":"Hola"`))
	c.denied(400, "template_id", "PUT", asExample, with(`"template":{"parameters":[]}`))
	c.denied(400, "an object", "PUT", asExample, with(`"template":"tpl_reapertura"`))
	c.done("PUT", asExample, with(`"template":{"template_id":"tpl_encuesta"}`))
	mail := c.api.AddCase(Case{ContactID: 9005, SourceChannel: "email"}, nil)
	c.denied(400, "takes no templates", "PUT", fmt.Sprint("/cases/", mail.ID), with(good))
}

func TestTheChannelDecidesWhatBecomesOfAReply(t *testing.T) {
	c := newClient(t, Options{})
	mute := c.done("POST", "/contacts/", `{"personal_id":"40999001","name":"Sin Datos"}`)["id"]
	for channel, want := range map[string][2]string{"whatsapp": {"sent", "failed"}, "email": {"sent", "failed"}, "new_email": {"sent", "failed"}, "web": {"sent", "sent"}, "phone": {}, "incoming_call": {}} {
		x := c.api.AddCase(Case{GroupID: 24717, ContactID: 9005, SourceChannel: channel}, []Activity{{Type: "contact_message", Content: "hola", CreatedAt: noon}})
		path := fmt.Sprint("/cases/", x.ID)
		for i, contact := range []any{9005, mute} {
			body := fmt.Sprintf(`{"activities":[{"type":"user_reply","content":"x","contacts_to":[{"id":%v}]}]}`, contact)
			if want[i] == "" {
				c.denied(400, "takes no replies", "PUT", path, body)
				continue
			}
			c.done("PUT", path, body)
			if got := c.newest(x.ID).SendingState; got != want[i] {
				t.Errorf("by %s to %v it is %s, want %s", channel, contact, got, want[i])
			}
		}
	}
	mail := c.api.AddCase(Case{GroupID: 24717, ContactID: 9005, SourceChannel: "email"}, nil)
	c.done("PUT", fmt.Sprint("/cases/", mail.ID), reply9005("<p>Hola</p>"))
	if to := c.newest(mail.ID).ContactsTo[0]; to.Email != "tomas.gomez.9005@example.com" || to.Phone != "" {
		t.Errorf("a mail went to %+v", to)
	}
}

func TestActivitiesThatMakeNoSenseAreRefusedWhole(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for activity, words := range map[string]string{
		`{}`: "activities[0].type", `{"type":"event","content":"[change_status_to]solved"}`: "contact_message or user_reply", `{"type":"call"}`: "contact_message or user_reply", `{"type":1}`: "a text",
		`{"type":"user_reply","content":"x"}`: "activities[0].contacts_to", `{"type":"user_reply","content":"x","contacts_to":[]}`: "activities[0].contacts_to", `{"type":"user_reply","content":"x","contacts_to":{"id":9005}}`: "a list",
		`{"type":"user_reply","content":"x","contacts_to":[9005]}`: "an object", `{"type":"user_reply","content":"x","contacts_to":[{"id":"9005"}]}`: "whole number",
		`{"type":"user_reply","content":"x","contacts_to":[{"id":1}]}`: "Contact Not Found", `{"type":"user_reply","content":"","contacts_to":[{"id":9005}]}`: "activities[0].content",
		`{"type":"user_reply","contacts_to":[{"id":9005}]}`: "activities[0].content", `{"type":"user_reply","content":"x","contacts_to":[{}]}`: "contacts_to[0].id",
		`{"type":"user_reply","content":"x","contacts_to":[{"name":"Ana"}]}`: "contacts_to[0].id", `{"type":"user_reply","content":null,"contacts_to":[{"id":9005}]}`: "a text",
		`{"type":"contact_message"}`: "activities[0].content", `{"type":"contact_message","content":"x","contact_from":{"email":"nada"}}`: "Invalid activities[0].contact_from.email",
		`{"type":"contact_message","content":"x","contact_from":{"phone":"12"}}`: "Invalid activities[0].contact_from.phone", `{"type":"contact_message","content":"x","contact_from":[]}`: "an object",
		`{"type":"contact_message","content":"x","attachments":[{"name":"a"}]}`: "attachments[0].url", `{"type":"contact_message","content":"x","attachments":[{"name":"a","url":"file:///etc/hosts"}]}`: "no address of the web",
		`{"type":"contact_message","content":"x","template":{}}`: "Unknown field",
	} {
		// A good one before it and a status beside it have no effect either.
		c.denied(400, words, "PUT", asExample, `{"status":"solved","activities":[`+activity+`]}`)
		good := `{"type":"contact_message","content":"x","contact_from":{"email":"nueva@example.com"}}`
		c.denied(400, strings.ReplaceAll(words, "activities[0]", "activities[1]"), "PUT", asExample, `{"status":"solved","activities":[`+good+","+activity+`]}`)
	}
	c.denied(400, "activities[0].contact_from", "POST", "/cases", `{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x"}]}`)
	c.denied(400, "101 elements", "PUT", asExample, `{"activities":[`+strings.Repeat(`{"type":"contact_message","content":"x"},`, 100)+`{}]}`)
}

func TestAPersonIsFoundByAddressPhoneOrPersonalIDElseMade(t *testing.T) {
	c := newClient(t, Options{})
	contacts := c.api.Contacts()
	last := contacts[len(contacts)-1].ID
	record := func(from string) int64 {
		made := c.create(`{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x","contact_from":` + from + `}]}`)
		if got := c.newest(made.ID).ContactFrom.ID; got != made.ContactID {
			t.Errorf("%s: the message is of %d, the case of %d", from, got, made.ContactID)
		}
		return made.ContactID
	}
	for _, from := range []string{`{"id":9005}`, `{"id":9005,"name":"Otro"}`, `{"email":"Tomas.Gomez.9005@EXAMPLE.com"}`, `{"phone":"5491155510005"}`, `{"personal_id":"20000005","name":"Otro"}`,
		`{"name":"x","email":"nueva.uno@example.com","phone":"5491155510005"}`} {
		if got := record(from); got != 9005 {
			t.Errorf("%s is contact %d", from, got)
		}
	}
	first := record(`{"name":"Nadia Nueva","email":"nadia@example.com","phone":"+54 9 11 5555-9001","personal_id":"41000001"}`)
	made := c.theContact(first)
	if first != last+1 || made.Name != "Nadia Nueva" || made.Email != "nadia@example.com" || made.Phone != "+54 9 11 5555-9001" || made.PersonalID != "41000001" || !made.LastUpdate.Equal(noon) || made.GUID == "" {
		t.Errorf("after %d came %+v", last, made)
	}
	if again, other := record(`{"email":"NADIA@example.com"}`), record(`{"phone":"5491155559001"}`); again != first || other != first+1 {
		t.Errorf("contact %d is found again as %d; with its phone written otherwise comes %d", first, again, other)
	}
	thread := c.create(`{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x","contact_from":{"phone":"5491155559002"}},
		{"type":"user_reply","content":"y","contacts_to":[{"phone":"5491155559002"},{"phone":"5491155559003"}]}]}`)
	if to := c.newest(thread.ID).ContactsTo; to[0].ID != thread.ContactID || to[1].ID != thread.ContactID+1 {
		t.Errorf("a newcomer is met again as %+v", to)
	}
	if got := c.theContact(9005); got.Name != "Tomás Gómez" || !got.LastUpdate.Before(noon) {
		t.Errorf("who was found is now %+v", got)
	}
}

func TestAMessageWithoutASenderIsOfTheCasesContact(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	c.done("PUT", asExample, `{"activities":[{"type":"contact_message","content":"hola","attachments":[]}]}`)
	if got := c.newest(exampleCase); got.ContactFrom.ID != 9005 || got.UserID != 0 || got.Content != "hola" {
		t.Errorf("it is %+v", got)
	}
	if got := c.theCase(exampleCase).Status; got != "open" {
		t.Errorf("the case is %s", got)
	}
}

func TestAReplyOfNobodysCaseIsOfNobody(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	c.done("PUT", asExample, `{"user_id":null}`)
	c.done("PUT", asExample, reply9005("x"))
	if got := c.newest(exampleCase); got.UserID != 0 || got.Type != "user_reply" {
		t.Errorf("it is %+v", got)
	}
}

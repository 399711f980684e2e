package wisecx

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestBodiesOfWrites(t *testing.T) {
	at := time.Date(2026, 9, 6, 1, 9, 59, 123, time.UTC)
	madrid := time.FixedZone("", 2*3600)
	ana := Party{Name: "Ana Gómez", Email: "ana@example.com", Phone: "5491155510005", PersonalID: "20000005"}
	update := func(u CaseUpdate) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error { return c.UpdateCase(ctx, 430357543, u) }
	}
	create := func(n NewCase) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error { _, err := c.CreateCase(ctx, n); return err }
	}
	contact := func(u ContactUpdate) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error { return c.UpdateContact(ctx, 9005, u) }
	}
	writes := []aWrite{
		{"a case with what is required", create(NewCase{QueueID: 24717, Channel: "whatsapp", Subject: "Demora en la entrega"})},
		{"a case with everything, its time in the API's zone", create(NewCase{
			QueueID: 24717, Channel: "email", Subject: "¿Dónde está? <b>\"Pedido\"</b> 📦", AgentID: 46684, Tags: []string{"vip", "a,b", "ñandú"}, TypeID: 502,
			Priority: "high", DueAt: at.In(madrid), CustomFields: CustomFields{{"sucursal", "Rosario"}, {"nota", ""}}, Activities: []NewActivity{FromContact("Hola\n\t¿hay alguien?\x00", ana)},
		})},
		{"an update of everything", update(CaseUpdate{
			QueueID: SetTo[int64](24717), AgentID: SetTo[int64](46684), Channel: SetTo("web"), Subject: SetTo("Demora"), Status: SetTo(StatusPending), Tags: SetTo([]string{"vip"}),
			TypeID: SetTo[int64](502), Priority: SetTo("low"), DueAt: SetTo(at), CustomFields: CustomFields{{"sucursal", "Rosario"}}, Spam: SetTo(false), Deleted: SetTo(true),
		})},
		{"an update that clears what can be cleared", update(CaseUpdate{AgentID: SetNull[int64](), DueAt: SetNull[time.Time](), TypeID: SetNull[int64]()})},
		{"an update to what is empty", update(CaseUpdate{Subject: SetTo(""), Tags: SetTo[[]string](nil), Spam: SetTo(false)})},
		{"an update to on hold", update(CaseUpdate{Status: SetTo(StatusOnHold)})},
		{"a status", func(ctx context.Context, c *Client) error { return c.SetCaseStatus(ctx, 430357543, StatusSolved) }},
		{"on hold", func(ctx context.Context, c *Client) error { return c.SetCaseStatus(ctx, 430357543, StatusOnHold) }},
		{"a transfer to a queue", func(ctx context.Context, c *Client) error {
			return c.TransferCase(ctx, 430357543, 24717, Set[int64]{})
		}},
		{"a transfer to an agent", func(ctx context.Context, c *Client) error {
			return c.TransferCase(ctx, 430357543, 24717, SetTo[int64](46684))
		}},
		{"a transfer to nobody", func(ctx context.Context, c *Client) error {
			return c.TransferCase(ctx, 430357543, 24717, SetNull[int64]())
		}},
		{"the end of a case", func(ctx context.Context, c *Client) error { return c.DeleteCase(ctx, 430357543) }},
		{"a reply", func(ctx context.Context, c *Client) error {
			return c.AddActivity(ctx, 430357543, Reply("Buenas, Ana: sale hoy & llega mañana.", Party{ID: 9005}))
		}},
		{"a reply to who is no contact yet", func(ctx context.Context, c *Client) error {
			return c.AddActivity(ctx, 430357543, Reply("Buenas", Party{Name: "Ana Gómez", Phone: "5491155510005", Email: "ana@example.com"}))
		}},
		{"a template", func(ctx context.Context, c *Client) error {
			return c.AddActivity(ctx, 430357543, TemplateReply("aviso_entrega", []Parameter{{"1", "Ana"}, {"2", "mañana"}}, Party{ID: 9005}))
		}},
		{"a template without parameters", func(ctx context.Context, c *Client) error {
			return c.AddActivity(ctx, 430357543, TemplateReply("hola", nil, Party{ID: 9005}))
		}},
		{"a message from the contact", func(ctx context.Context, c *Client) error {
			return c.AddActivity(ctx, 430357543, FromContact("Llamó y preguntó por su pedido", ana))
		}},
		{"a reply and on hold", update(CaseUpdate{Status: SetTo(StatusOnHold), Activities: []NewActivity{Reply("Lo vemos", Party{ID: 9005})}})},
		{"a contact with what is required", func(ctx context.Context, c *Client) error {
			_, err := c.CreateContact(ctx, NewContact{PersonalID: "20000005"})
			return err
		}},
		{"a contact with everything", func(ctx context.Context, c *Client) error {
			_, err := c.CreateContact(ctx, NewContact{Name: "Tomás Gómez", Email: "tomas@example.com", Phone: "5491155510005", PersonalID: "20000005", GUID: "abc", OrganizationID: 7,
				Address: "Calle Falsa 123", CustomFields: CustomFields{{"plan", "oro"}}})
			return err
		}},
		{"an update of a contact", contact(ContactUpdate{Name: SetTo("Tomás"), Email: SetTo("t@example.com"), Phone: SetNull[string](), PersonalID: SetTo(""), GUID: SetTo("abc"),
			OrganizationID: SetTo[int64](7), Address: SetTo("Calle Falsa 123"), CustomFields: CustomFields{{"plan", ""}}})},
		{"a contact without an organization", contact(ContactUpdate{OrganizationID: SetNull[int64]()})},
		{"the end of a contact", func(ctx context.Context, c *Client) error { return c.DeleteContact(ctx, 9005) }},
		{"a membership", func(ctx context.Context, c *Client) error { return c.AddContactToGroup(ctx, 9005, 31) }},
		{"the end of a membership", func(ctx context.Context, c *Client) error { return c.RemoveContactFromGroup(ctx, 9005, 31) }},
	}
	var page strings.Builder
	for _, w := range writes {
		l := &ledger{answer: always(200, good)}
		account := config(l)
		account.Zone = time.FixedZone("-03", -3*3600)
		if err := w.call(t.Context(), New(account)); err != nil || len(l.done) != 1 {
			t.Errorf("%s: %v after %d requests", w.name, err, len(l.done))
			continue
		}
		page.WriteString("# " + w.name + "\n" + l.done[0] + "\n")
	}
	golden(t, "writes.txt", []byte(page.String()))
}

func TestCallersUpdateStaysAsItIs(t *testing.T) {
	client, _ := writer(always(400, `{"error": "status is wrong"}`))
	u := CaseUpdate{Status: SetTo(StatusOnHold), Tags: SetTo[[]string](nil)}
	_ = client.UpdateCase(t.Context(), 5, u)
	status, _ := u.Status.Value()
	if tags, ok := u.Tags.Value(); status != StatusOnHold || !ok || tags != nil {
		t.Errorf("it became %+v", u)
	}
}

func TestSetIsNothingNullOrAValue(t *testing.T) {
	for want, s := range map[string]Set[int64]{"{}": {}, `{"v":null}`: SetNull[int64](), `{"v":0}`: SetTo[int64](0)} {
		text, err := json.Marshal(struct {
			V Set[int64] `json:"v,omitzero"`
		}{s})
		if _, ok := s.Value(); err != nil || string(text) != want || s.IsZero() != (want == "{}") || s.IsNull() != strings.Contains(want, "null") || ok != strings.Contains(want, "0") {
			t.Errorf("%+v goes as %s, %v; want %s", s, text, err, want)
		}
	}
	if text, err := json.Marshal(Set[int64]{}); err != nil || string(text) != "null" {
		t.Errorf("without omitzero, nothing goes as %s, %v", text, err)
	}
}

func TestIncompleteWritesAreNotSent(t *testing.T) {
	ana := Party{ID: 9005}
	whole := NewCase{QueueID: 1, Channel: "web", Subject: "x"}
	with := func(a NewActivity) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error { return c.AddActivity(ctx, 5, a) }
	}
	fields := CustomFields{{"plan", "oro"}, {"Contact.PASSWORD ", "x"}}
	for _, w := range []struct {
		aWrite
		kind error
	}{
		{aWrite{"a case of no queue", func(ctx context.Context, c *Client) error {
			_, err := c.CreateCase(ctx, NewCase{Channel: "web", Subject: "x"})
			return err
		}}, ErrIncomplete},
		{aWrite{"a case of no channel", func(ctx context.Context, c *Client) error {
			_, err := c.CreateCase(ctx, NewCase{QueueID: 1, Subject: "x"})
			return err
		}}, ErrIncomplete},
		{aWrite{"a case of no subject", func(ctx context.Context, c *Client) error {
			_, err := c.CreateCase(ctx, NewCase{QueueID: 1, Channel: "web"})
			return err
		}}, ErrIncomplete},
		{aWrite{"a case with a message of nobody", func(ctx context.Context, c *Client) error {
			n := whole
			n.Activities = []NewActivity{FromContact("hola", ana), FromContact("hola", Party{})}
			_, err := c.CreateCase(ctx, n)
			return err
		}}, ErrIncomplete},
		{aWrite{"a contact of no address", func(ctx context.Context, c *Client) error {
			_, err := c.CreateContact(ctx, NewContact{Name: "Ana", GUID: "x"})
			return err
		}}, ErrIncomplete},
		{aWrite{"a contact with a password", func(ctx context.Context, c *Client) error {
			_, err := c.CreateContact(ctx, NewContact{Phone: "1", CustomFields: fields})
			return err
		}}, ErrSecret},
		{aWrite{"a password", func(ctx context.Context, c *Client) error {
			return c.UpdateContact(ctx, 5, ContactUpdate{CustomFields: fields})
		}}, ErrSecret},
		{aWrite{"a password in a case", func(ctx context.Context, c *Client) error {
			return c.UpdateCase(ctx, 5, CaseUpdate{CustomFields: fields})
		}}, ErrSecret},
		{aWrite{"an update of nothing", func(ctx context.Context, c *Client) error { return c.UpdateCase(ctx, 5, CaseUpdate{}) }}, ErrIncomplete},
		{aWrite{"an update of empty lists", func(ctx context.Context, c *Client) error {
			return c.UpdateCase(ctx, 5, CaseUpdate{Activities: []NewActivity{}, CustomFields: CustomFields{}})
		}}, ErrIncomplete},
		{aWrite{"an update of nothing of a contact", func(ctx context.Context, c *Client) error { return c.UpdateContact(ctx, 5, ContactUpdate{}) }}, ErrIncomplete},
		{aWrite{"a time that is none", func(ctx context.Context, c *Client) error {
			return c.UpdateCase(ctx, 5, CaseUpdate{DueAt: SetTo(time.Time{})})
		}}, ErrIncomplete},
		{aWrite{"no status", func(ctx context.Context, c *Client) error { return c.SetCaseStatus(ctx, 5, "") }}, ErrIncomplete},
		{aWrite{"a case of no id", func(ctx context.Context, c *Client) error { return c.DeleteCase(ctx, 0) }}, ErrIncomplete},
		{aWrite{"a case of a negative id", func(ctx context.Context, c *Client) error {
			return c.UpdateCase(ctx, -5, CaseUpdate{Subject: SetTo("x")})
		}}, ErrIncomplete},
		{aWrite{"a transfer to no queue", func(ctx context.Context, c *Client) error { return c.TransferCase(ctx, 5, 0, SetTo[int64](1)) }}, ErrIncomplete},
		{aWrite{"a status of no case", func(ctx context.Context, c *Client) error { return c.SetCaseStatus(ctx, 0, StatusOpen) }}, ErrIncomplete},
		{aWrite{"a contact of no id", func(ctx context.Context, c *Client) error { return c.DeleteContact(ctx, 0) }}, ErrIncomplete},
		{aWrite{"an update of no contact", func(ctx context.Context, c *Client) error {
			return c.UpdateContact(ctx, 0, ContactUpdate{Name: SetTo("x")})
		}}, ErrIncomplete},
		{aWrite{"a membership in no group", func(ctx context.Context, c *Client) error { return c.AddContactToGroup(ctx, 5, 0) }}, ErrIncomplete},
		{aWrite{"a membership of nobody", func(ctx context.Context, c *Client) error { return c.RemoveContactFromGroup(ctx, 0, 5) }}, ErrIncomplete},
		{aWrite{"a message of no type", with(NewActivity{Content: "x", ContactsTo: []Party{ana}})}, ErrIncomplete},
		{aWrite{"an event", with(NewActivity{Type: "change_status", Content: "x"})}, ErrIncomplete},
		{aWrite{"an empty reply", with(Reply("", ana))}, ErrIncomplete},
		{aWrite{"a reply to nobody", with(Reply("x"))}, ErrIncomplete},
		{aWrite{"a reply to somebody and nobody", with(Reply("x", ana, Party{}))}, ErrIncomplete},
		{aWrite{"a reply to a negative id", with(Reply("x", Party{ID: -1, Phone: "1"}))}, ErrIncomplete},
		{aWrite{"a text and a template", with(NewActivity{Type: UserReply, Content: "x", Template: &UsedTemplate{ID: "t"}, ContactsTo: []Party{ana}})}, ErrIncomplete},
		{aWrite{"a template of no id", with(TemplateReply("", nil, ana))}, ErrIncomplete},
		{aWrite{"a reply from the contact", with(NewActivity{Type: UserReply, Content: "x", ContactsTo: []Party{ana}, ContactFrom: &ana})}, ErrIncomplete},
		{aWrite{"a contact's message to somebody", with(NewActivity{Type: ContactMessage, Content: "x", ContactsTo: []Party{ana}, ContactFrom: &ana})}, ErrIncomplete},
		{aWrite{"a contact's template", with(NewActivity{Type: ContactMessage, Template: &UsedTemplate{ID: "t"}, ContactFrom: &ana})}, ErrIncomplete},
		{aWrite{"an empty message from the contact", with(FromContact("", ana))}, ErrIncomplete},
		{aWrite{"a message from nobody", with(NewActivity{Type: ContactMessage, Content: "x"})}, ErrIncomplete},
	} {
		client, l := writer(always(200, good))
		if err := w.call(t.Context(), client); !errors.Is(err, w.kind) || MayHaveHappened(err) || len(l.done) != 0 {
			t.Errorf("%s: %v after %q", w.name, err, l.done)
		}
	}
}

func TestHugeAndOddTextsArriveWhole(t *testing.T) {
	for name, text := range map[string]string{
		"huge": strings.Repeat("ñ\u2028\"\\</script>", 1<<19), "right to left": "\u202eabc\u200b", "emoji": "👩‍👩‍👧‍👦", "JSON": `{"status":"closed"}`, "a status": "null",
	} {
		client, l := writer(always(200, good))
		if err := client.AddActivity(t.Context(), 5, Reply(text, Party{ID: 9005})); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var sent struct {
			Activities []struct{ Content string }
		}
		_, body, _ := strings.Cut(l.done[0], " {")
		if err := json.Unmarshal([]byte("{"+body), &sent); err != nil || len(sent.Activities) != 1 || sent.Activities[0].Content != text {
			t.Errorf("%s arrived as %.100q, %v", name, body, err)
		}
	}
	client, l := writer(always(200, good))
	if err := client.AddActivity(t.Context(), 5, Reply("a\xffb", Party{ID: 9005})); err != nil || !strings.Contains(l.done[0], `"a\ufffdb"`) {
		t.Errorf("invalid UTF-8 went as %q, %v", l.done, err)
	}
}

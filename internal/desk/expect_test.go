package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

// expects demands that a change of the example case is refused for an expectation in words that hold parts.
func (o *office) expects(t *testing.T, name string, v Value, parts ...string) {
	t.Helper()
	for what, try := range map[string]func() error{
		"update": func() error {
			_, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{Subject: given("Otro"), Expect: map[string]Value{name: v}})
			return err
		},
		"delete": func() error {
			_, err := o.DeleteCase(t.Context(), CaseRef{Number: 534787}, map[string]Value{name: v})
			return err
		},
		"bulk": func() error {
			_, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: []int64{534787}, Changes: CaseChanges{Subject: given("Otro"), Expect: map[string]Value{name: v}}}})
			return err
		},
	} {
		err := try()
		var refusal *Refusal
		if len(parts) == 0 {
			if err != nil {
				t.Errorf("%s: expect %s %+v: %v", what, name, v, err)
			}
			continue
		}
		if !errors.As(err, &refusal) || refusal.Argument != "expect."+name {
			t.Errorf("%s: expect %s %+v: %v", what, name, v, err)
			continue
		}
		for _, part := range parts {
			if said := fmt.Sprintf("%+v", *refusal); !strings.Contains(said, part) {
				t.Errorf("%s: expect %s %+v lacks %q: %s", what, name, v, part, said)
			}
		}
	}
}

func TestAnExpectationIsReadAsTheArgumentOfThatNameIs(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Agent: "46684"})
	due := time.Date(2026, 11, 25, 20, 13, 42, 0, time.UTC)
	o.api.Change(430357543, func(c *sandbox.Case) { c.DueAt = due })
	for _, holds := range []struct{ name, value string }{
		{"agent", "Franco"}, {"agent", "46684"}, {"agent", "me"}, {"agent_id", "46684"}, {"queue", "soporte tecnico"}, {"priority", "Normal"}, {"priority", "media"}, {"status", "open"},
		{"subject", " Demora en la  entrega"}, {"tags", "VIP"}, {"type", "Demora en la entrega"}, {"channel", "whatsapp"}, {"contact", "9005"}, {"number", "534787"}, {"sucursal", "rosario"}, {"custom.sucursal", "Rosario"},
		{"due_at", "2026-11-25 17:13"}, {"due_at", "2026-11-25T17:13"}, {"due_at", "2026-11-25T20:13:42Z"}, {"due_at", "2026-11-25 17:13:42"}, {"due_at", "2026-11-25"}, {"due_at", "2026-11"},
	} {
		if holds.name == "sucursal" || holds.name == "custom.sucursal" {
			o.api.Change(430357543, func(c *sandbox.Case) { c.CustomFields = []sandbox.CustomField{{Field: "sucursal", Value: "Rosario"}} })
		}
		o.expects(t, holds.name, given(holds.value))
	}
	for _, other := range []struct{ name, value, now string }{
		{"agent", "Laura Medina", "Franco González"}, {"agent", "nadie", "Franco González"}, {"queue", "Facturación", "Soporte Técnico"}, {"status", "solved", "open"}, {"priority", "alta", "normal"},
		{"tags", "reclamo", "vip"}, {"sucursal", "Córdoba", "Rosario"}, {"type", "Logística", "Demora en la entrega"}, {"subject", "Otro", "Demora"},
		{"due_at", "2026-11-25 17:14", "2026-11-25 17:13"}, {"due_at", "2026-11-25 17:13:00", "2026-11-25 17:13"}, {"due_at", "2026-11-24", "2026-11-25 17:13"},
	} {
		o.expects(t, other.name, given(other.value), other.now, other.value, "nothing was changed")
	}
	if n := len(o.api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestAnExpectationOfNothingHoldsForWhatIsEmptyOnly(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.api.Change(430357543, func(c *sandbox.Case) { c.CustomFields = []sandbox.CustomField{{Field: "sucursal", Value: "Rosario"}} })
	for _, none := range []Value{cleared, given(""), given(" ")} {
		for name, now := range map[string]string{"agent": "Franco González", "status": "open", "priority": "normal", "queue": "Soporte", "type": "Demora", "tags": "vip", "sucursal": "Rosario", "subject": "Demora"} {
			o.expects(t, name, none, now, "not empty")
		}
		o.expects(t, "due_at", none)
	}
	o.expects(t, "due_at", given("2026-11-25 17:13"), "it is empty now")
	o.api.Change(430357543, func(c *sandbox.Case) { c.UserID, c.CustomFields, c.Tags = 0, nil, nil })
	for _, name := range []string{"agent", "sucursal", "tags"} {
		o.expects(t, name, cleared)
	}
	o.expects(t, "agent", given("nadie"))
	o.expects(t, "agent", given("Franco"), "it is empty now")
	o.expects(t, "sucursal", given("Rosario"), "it is empty now")
}

func TestAnUnknownFieldOfAnExpectationIsCalledUnknown(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for name, v := range map[string]Value{"foo": given("1"), "waiting_on": given("us"), "summary": given("x"), "custom_fields": given("x"), "custom.foo": cleared, "bar": cleared, "": given("x"), "email": given("x")} {
		o.expects(t, name, v, "unknown", "status", "agent", "custom field")
	}
	o.expects(t, "statsu", given("open"), "unknown", "Candidates:[status")
	o.expects(t, "password", given("x"), "secret")
	o.expects(t, "custom.password", cleared, "secret")
	o.expects(t, "agent", given("Nadie Conocido"), "there is no agent")
	o.expects(t, "due_at", given("ayer a la tarde"), "no point in time")
	c := newClerk(t, sandbox.Options{}, Options{})
	for name, v := range map[string]Value{"foo": set("1"), "status": set("open"), "guid": set("x"), "bar": null, "custom_fields": null} {
		for _, refusal := range []*Refusal{
			c.stands(t, "expect."+name, "unknown")(c.update(t, 9005, ContactChanges{Name: set("x"), Expect: map[string]Value{name: v}})),
			c.stands(t, "expect."+name, "unknown")(c.delete(t, 9005, map[string]Value{name: v})),
		} {
			if !strings.Contains(refusal.Expected, "email") {
				t.Errorf("%s: %+v", name, refusal)
			}
		}
	}
}

func TestThatAnExpectedFieldExistsCannotAlwaysBeTold(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.URL.Query().Get("fields") == "id,custom_fields" {
			http.Error(w, "away", http.StatusNotImplemented)
			return
		}
		api.ServeHTTP(w, r)
	})
	_, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{Subject: given("Otro"), Expect: map[string]Value{"foo": given("1")}})
	if refusal := (*Refusal)(nil); err == nil || errors.As(err, &refusal) {
		t.Errorf("it says %v", err)
	}
}

func TestAContactIsHeldAgainstEmptyExpectationsToo(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	for name, now := range map[string]string{"email": "tomas.gomez.9005@example.com", "phone": "5491155510005", "name": "Tomás Gómez", "plan": "oro", "contact_group": "VIP"} {
		refusal := c.stands(t, "expect."+name, "nothing was changed")(c.update(t, 9005, ContactChanges{Address: set("x"), Expect: map[string]Value{name: null}}))
		if !strings.Contains(refusal.Problem, now) {
			t.Errorf("it does not say %s: %+v", now, refusal)
		}
	}
	must(t, guard.Preview)(c.run(t, "update_contact", guard.Order{DryRun: true})(c.UpdateContact(t.Context(), 9005, ContactChanges{Address: set("x"), Expect: map[string]Value{"organization": null}})))
	if refusal := c.stands(t, "expect.organization", "nothing was changed")(c.update(t, 9005, ContactChanges{Address: set("x"), Expect: map[string]Value{"organization": set("1201")}})); !strings.Contains(refusal.Problem, "empty now") {
		t.Errorf("%+v", refusal)
	}
}

func TestWhatMaskingHidesIsNotShownByARefusedExpectation(t *testing.T) {
	mask, err := text.NewMask("all", []byte("a made-up key"))
	if err != nil {
		t.Fatal(err)
	}
	c := newClerk(t, sandbox.Options{}, Options{Mask: mask})
	before := c.truth(t, 9005)
	for _, name := range []string{"email", "phone", "name", "personal_id", "address"} {
		refusal := c.stands(t, "expect."+name, "nothing was changed")(c.update(t, 9005, ContactChanges{Organization: set("1201"), Expect: map[string]Value{name: set("x@example.com")}}))
		for _, secret := range []string{before.Email, before.Phone, before.Name, before.PersonalID, before.Address} {
			if strings.Contains(refusal.Problem, secret) {
				t.Errorf("%s: it shows %s", name, refusal.Problem)
			}
		}
	}
}

package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// undo makes the call that a receipt names.
func (c *clerk) undo(t *testing.T, r *guard.Receipt) *guard.Receipt {
	t.Helper()
	if r.Undo == nil || r.Undo.Tool != "update_contact" {
		t.Fatalf("there is no undo: %s", show(r))
	}
	ask := ContactChanges{CustomFields: map[string]string{}}
	for name, field := range map[string]*Value{"name": &ask.Name, "email": &ask.Email, "phone": &ask.Phone, "personal_id": &ask.PersonalID, "organization": &ask.Organization, "address": &ask.Address} {
		if value, has := r.Undo.Arguments[name]; has {
			*field = null
			if value != nil {
				*field = set(fmt.Sprint(value))
			}
		}
	}
	if customs, has := r.Undo.Arguments["custom_fields"].(map[string]any); has {
		for name, value := range customs {
			ask.CustomFields[name] = value.(string)
		}
	}
	ask.Expect = map[string]Value{}
	for name, value := range r.Undo.Arguments["expect"].(map[string]any) {
		if ask.Expect[name] = null; value != nil {
			ask.Expect[name] = set(value.(string))
		}
	}
	return must(t, guard.Done)(c.update(t, r.Undo.Arguments["contact_id"].(int64), ask))
}

func TestAContactChangesAndItsUndoBringsEverythingBack(t *testing.T) {
	for _, ask := range []ContactChanges{
		{Name: set("Tomas Gomez")},
		{Email: set("otro@example.com"), Phone: set("+54 9 341 555-9200"), PersonalID: set("30999888")},
		{Organization: set("1201"), Address: null, CustomFields: map[string]string{"segmento": "pyme", "plan": ""}},
		{Phone: null, Email: null, Name: null},
		{CustomFields: map[string]string{"PLAN": "plata"}, Address: set("Otra 1")},
	} {
		c := newClerk(t, sandbox.Options{}, Options{})
		before := c.truth(t, 9005)
		r := must(t, guard.Done)(c.update(t, 9005, ask))
		if changed := c.truth(t, 9005); len(r.Changes) == 0 || len(r.NotChanged) > 0 || show(changed) == show(before) {
			t.Errorf("%+v: %s", ask, show(r))
		}
		c.undo(t, r)
		after := c.truth(t, 9005)
		after.LastUpdate = before.LastUpdate
		byName := func(a, b sandbox.CustomField) int { return strings.Compare(a.Field, b.Field) }
		slices.SortFunc(before.CustomFields, byName)
		slices.SortFunc(after.CustomFields, byName)
		if show(after) != show(before) {
			t.Errorf("before %s\nafter  %s", show(before), show(after))
		}
	}
}

func TestAnOrganizationIsLinkedAndUnlinked(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	r := must(t, guard.Done)(c.update(t, 9005, ContactChanges{Organization: set("1201")}))
	if c.truth(t, 9005).OrganizationID != 1201 || r.Undo.Arguments["organization"] != nil || r.Changes[0].Before != nil || strings.HasPrefix(fmt.Sprint(r.Changes[0].After), "#") {
		t.Errorf("linked: %s", show(r))
	}
	r = must(t, guard.Done)(c.update(t, 9005, ContactChanges{Organization: null}))
	if c.truth(t, 9005).OrganizationID != 0 || r.Undo.Arguments["organization"] != "1201" {
		t.Errorf("unlinked: %s", show(r))
	}
	must(t, guard.NoChange)(c.update(t, 9005, ContactChanges{Organization: null}))
}

func TestAnotherSpellingIsNoChangeButOfANameItIs(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	for _, ask := range []ContactChanges{
		{Phone: set("+54 9 11 5551-0005")}, {Phone: set("011 15 5551-0005")}, {Phone: set("1155510005")}, {PersonalID: set("DNI 20.000.005")}, {Email: set("TOMAS.gomez.9005@example.com")},
		{Name: set("  Tomás   Gómez ")}, {Address: set("Mitre 1450")}, {CustomFields: map[string]string{"Plan": "oro"}}, {Organization: null},
	} {
		must(t, guard.NoChange)(c.update(t, 9005, ask))
	}
	if len(c.api.Writes()) != 0 || c.lines != 0 {
		t.Error("something was sent")
	}
	if r := must(t, guard.NoChange)(c.update(t, 9005, ContactChanges{Phone: set("011 15 5551-0005")})); !noteWith(r.Notes, "another spelling") || len(r.Via) != 0 {
		t.Errorf("it says %s", show(r))
	}
	for _, name := range []string{"Tomas Gómez", "TOMÁS GÓMEZ", "Tomás Gómez Díaz"} {
		must(t, guard.Done)(c.update(t, 9005, ContactChanges{Name: set(name)}))
	}
	quiroga := c.api.People()[sandbox.OnePhone]
	for _, id := range quiroga {
		if c.truth(t, id).Phone == "1155511001" { // the others have the whole number
			c.stands(t, "phone", "has this phone")(c.update(t, id, ContactChanges{Phone: set("+54 9 11 5551-1001")}))
		}
	}
	must(t, guard.Done)(c.update(t, 9005, ContactChanges{Phone: set("1155519005")}))
	if must(t, guard.Done)(c.update(t, 9005, ContactChanges{Phone: set("+54 11 5551-9005")})); c.truth(t, 9005).Phone != "541155519005" {
		t.Error("a phone does not get the country code that it lacks")
	}
}

func TestWhatAnotherContactHasIsRefused(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	var other sandbox.Contact
	for _, o := range c.api.Contacts() {
		if o.ID != 9005 && o.Email != "" && o.PersonalID != "" {
			other = o
			break
		}
	}
	for argument, ask := range map[string]ContactChanges{
		"phone": {Phone: set("011 15 5551-0005")}, "email": {Email: set("tomas.gomez.9005@example.com")}, "personal_id": {PersonalID: set("20.000.005")},
	} {
		c.stands(t, argument, "Tomás Gómez (9005) has this")(c.update(t, other.ID, ask))
	}
}

func TestAnUndoNamesOnlyWhatACallCanBringBack(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	shared := c.api.People()[sandbox.OnePhone][0]
	r := must(t, guard.Done)(c.update(t, shared, ContactChanges{Phone: set("5491155559300"), Name: set("Otra")}))
	if _, has := r.Undo.Arguments["phone"]; has || r.Undo.Arguments["name"] == nil || !noteWith(r.Notes, "phone") {
		t.Errorf("of a phone that others have: %s", show(r))
	}
	c.undo(t, r)
}

func TestAChangeIsRefusedWhereTheContactIsNotAsExpected(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	for field, value := range map[string]string{"name": "Otro", "phone": "5491155559999", "email": "otro@example.com", "organization": "1201", "plan": "plata"} {
		c.stands(t, "expect."+field, "nothing was changed")(c.update(t, 9005, ContactChanges{Name: set("x"), Expect: map[string]Value{field: set(value)}}))
		c.stands(t, "expect."+field, "nothing was changed")(c.delete(t, 9005, map[string]Value{field: set(value)}))
	}
	if _, err := c.update(t, 9005, ContactChanges{Name: set("x"), Expect: map[string]Value{"name": set("Tomás Gómez"), "password": set("x")}}); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Errorf("a password may be asked about: %v", err)
	}
	good := map[string]Value{"name": set("Tomás Gómez"), "phone": set("+54 9 11 5551-0005"), "email": set("Tomas.Gomez.9005@example.com"), "personal_id": set("20.000.005"), "plan": set("oro"), "contact_group": set("31"), "organization": null, "segmento": set("")}
	must(t, guard.Done)(c.update(t, 9005, ContactChanges{Name: set("x"), Expect: good}))
}

func TestHostileChangesAreRefusedAndNothingIsSent(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	for _, try := range []struct {
		ask            ContactChanges
		argument, part string
	}{
		{ContactChanges{}, "", "nothing is to change"},
		{ContactChanges{Name: set("")}, "name", "empty"},
		{ContactChanges{Email: null, Phone: null, PersonalID: null}, "", "without e-mail, phone and personal id"},
		{ContactChanges{Phone: set("nada")}, "phone", "no phone"},
		{ContactChanges{Organization: set("Nadie SA")}, "organization", "there is no organization"},
		{ContactChanges{Name: set("a\tb")}, "name", "control"},
		{ContactChanges{CustomFields: map[string]string{"PASSWORD": "x"}}, "custom_fields.PASSWORD", "never"},
	} {
		c.stands(t, try.argument, try.part)(c.update(t, 9005, try.ask))
	}
	var missing *NotFound
	for _, call := range []func() (*guard.Receipt, error){
		func() (*guard.Receipt, error) { return c.update(t, 1, ContactChanges{Name: set("x")}) },
		func() (*guard.Receipt, error) { return c.groups(t, 1, []string{"31"}, nil) },
		func() (*guard.Receipt, error) { return c.delete(t, 1, nil) },
	} {
		if r, err := call(); !errors.As(err, &missing) || !strings.Contains(missing.What, "no contact has the id 1") || missing.Next == "" {
			t.Errorf("a contact that does not exist: %+v, %v", r, err)
		}
	}
	if len(c.api.Writes()) != 0 {
		t.Error("something was sent")
	}
}

func TestAnUpdateWhoseAnswerIsLostIsJudgedByWhatHolds(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.api.SetFaults(sandbox.Faults{PageWrites: 1})
	must(t, guard.Done)(c.update(t, 9005, ContactChanges{Name: set("Otro")}))
	c.api.SetFaults(sandbox.Faults{})
	c.inFront(failing("PUT", "/contacts/", 500, "broken"))
	if r := must(t, guard.Unknown)(c.update(t, 9005, ContactChanges{Name: set("Otra")})); len(r.NotChanged) != 0 || r.Undo.Arguments["name"] != "Otro" || !noteWith(r.Notes, "lost") {
		t.Errorf("not done: %s", show(r))
	}
	c.inFront(failing("PUT", "/contacts/", 400, "no such thing"))
	if r, err := c.update(t, 9005, ContactChanges{Name: set("Otra")}); !errors.Is(err, wisecx.ErrBadRequest) {
		t.Errorf("refused: %+v, %v", r, err)
	}
}

func TestGroupsAreJoinedAndLeftAndTheUndoIsTheInverse(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	r := must(t, guard.Done)(c.groups(t, 9005, []string{"33", "31"}, nil))
	if !slices.Equal(c.truth(t, 9005).GroupIDs, []int64{31, 33}) || len(r.Changes) != 1 || len(c.api.Writes()) != 1 || show(r.Undo.Arguments["remove"]) != `["33"]` {
		t.Errorf("joined: %s", show(r))
	}
	r = must(t, guard.Done)(c.groups(t, 9005, []string{"32", "32"}, []string{"31", "33", "34"}))
	if !slices.Equal(c.truth(t, 9005).GroupIDs, []int64{32}) || len(r.Changes) != 3 || len(r.Via) != 2 || show(r.Undo.Arguments["add"]) != `["31","33"]` || show(r.Undo.Arguments["remove"]) != `["32"]` {
		t.Errorf("changed: %s", show(r))
	}
	must(t, guard.NoChange)(c.groups(t, 9005, []string{"32"}, []string{"31"}))
	c.stands(t, "add[0]", "there is no contact group")(c.groups(t, 9005, []string{"grupo inexistente"}, nil))
	if refusal := c.stands(t, "remove[0]", "there is no contact group")(c.groups(t, 9005, nil, []string{"999"})); len(refusal.Candidates) == 0 {
		t.Errorf("%+v", refusal)
	}
	c.stands(t, "remove[0]", "added and removed")(c.groups(t, 9005, []string{"33"}, []string{"#33"}))
	c.stands(t, "", "nothing is to change")(c.groups(t, 9005, nil, nil))
}

func TestGroupsThatFailMidwayArePartlyDone(t *testing.T) {
	for status, certain := range map[int]bool{400: true, 500: false} {
		c := newClerk(t, sandbox.Options{}, Options{})
		c.inFront(failing("PUT", "/groups/33", status, "no"))
		r := must(t, guard.Partly)(c.groups(t, 9005, []string{"32", "33"}, []string{"31"}))
		left, undo := len(r.NotChanged), `{"contact_id":9005,"remove":["32"]}`
		if !certain { // whether the one whose answer was lost was joined is not known
			left, undo = left+1, `{"contact_id":9005,"remove":["32","33"]}`
		}
		if len(r.Changes) != 1 || r.Changes[0].After == nil || left != 2 || r.NotChanged[len(r.NotChanged)-1].After != nil || show(r.Undo.Arguments) != undo || !noteWith(r.Notes, "midway") {
			t.Errorf("%d: %s", status, show(r))
		}
		single, err := c.groups(t, 9005, []string{"33"}, nil)
		if certain && err == nil || !certain && (err != nil || single.Outcome != guard.Unknown) {
			t.Errorf("%d alone: %+v, %v", status, single, err)
		}
		c.inFront(failing("PUT", "/groups/", 200, "{}"))
		if r := must(t, guard.Unknown)(c.groups(t, 9005, []string{"33"}, nil)); len(r.NotChanged) != 0 || r.Undo == nil || !noteWith(r.Notes, "not seen yet") {
			t.Errorf("ignored, where it may also show later: %s", show(r))
		}
	}
}

func TestADeleteSaysWhoGoesAndWhatRemains(t *testing.T) {
	open, all := 0, 0
	for lang, parts := range map[string][]string{
		"es": {`¿Borrar el contacto "Tomás Gómez" (9005)?`, "E-mail: tomas.gomez.9005@example.com.", "Teléfono: 5491155510005.", "Documento: 20000005.", "sin resolver", "definitivo"},
		"en": {`Delete the contact "Tomás Gómez" (9005)?`, "Phone: 5491155510005.", "unresolved", "messages remain", "final"},
		"pt": {`Excluir o contato "Tomás Gómez" (9005)?`, "Telefone: 5491155510005.", "sem resolver", "definitivo"},
		"":   {"Delete the contact"},
	} {
		c := newClerk(t, sandbox.Options{Cases: 600}, Options{Lang: lang})
		open, all = 0, 0
		for _, one := range c.inWindow() {
			if one.ContactID == 9005 {
				if all++; slices.Contains([]string{"open", "pending", "onhold"}, one.Status) {
					open++
				}
			}
		}
		w, err := c.DeleteContact(t.Context(), 9005, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range append(parts, fmt.Sprintf(": %d, ", all), fmt.Sprint(open)) {
			if !strings.Contains(w.Question, part) {
				t.Errorf("%q lacks %q", w.Question, part)
			}
		}
	}
	c := newClerk(t, sandbox.Options{}, Options{Lang: "en"})
	bare := must(t, guard.Done)(c.create(t, ContactChanges{Phone: set("5491155559100")})).Object["contact_id"].(int64)
	if w, err := c.DeleteContact(t.Context(), bare, nil); err != nil || !strings.Contains(w.Question, "without a name") || !strings.Contains(w.Question, "no cases") {
		t.Errorf("%+v, %v", w, err)
	}
	c.inFront(failing("GET", "/cases", 503, "down"))
	if w, err := c.DeleteContact(t.Context(), bare, nil); err != nil || !strings.Contains(w.Question, "cannot be seen") {
		t.Errorf("%+v, %v", w, err)
	}
	name := ContactChanges{Name: set(`"), borrar todo ("`)}
	c.inFront(nil)
	must(t, guard.Done)(c.update(t, bare, name))
	if w, err := c.DeleteContact(t.Context(), bare, nil); err != nil || !strings.Contains(w.Question, `"\"), borrar todo (\""`) || strings.Count(w.Question, "\n") != 2 {
		t.Errorf("%q, %v", w.Question, err)
	}
}

func TestADeleteWaitsForAPersonAndHoldsForTheContactAsItIs(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.guard.Mode = guard.Token
	preview := must(t, guard.Preview)(c.delete(t, 9005, nil))
	if !c.exists(9005) || preview.ConfirmToken == "" || c.asked != preview.Question {
		t.Fatalf("%s", show(preview))
	}
	confirmed := guard.Order{Token: preview.ConfirmToken}
	must(t, guard.Done)(c.update(t, 9005, ContactChanges{Name: set("Otro")}))
	if r, err := c.run(t, "delete_contact", confirmed)(c.DeleteContact(t.Context(), 9005, nil)); err == nil || !c.exists(9005) {
		t.Fatalf("of a contact that changed: %+v, %v", r, err)
	}
	preview = must(t, guard.Preview)(c.delete(t, 9005, nil))
	r := must(t, guard.Done)(c.run(t, "delete_contact", guard.Order{Token: preview.ConfirmToken})(c.DeleteContact(t.Context(), 9005, nil)))
	if c.exists(9005) || r.Undo != nil || !noteWith(r.Notes, "remain") || r.Changes[0].Field != "deleted" {
		t.Errorf("%s", show(r))
	}
}

func TestADeleteIsJudgedByWhetherTheContactIsGone(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.api.SetFaults(sandbox.Faults{DropWrites: 1})
	if r := must(t, guard.Done)(c.delete(t, 9005, nil)); c.exists(9005) || !noteWith(r.Notes, "looked for and found") {
		t.Errorf("lost: %s", show(r))
	}
	c = newClerk(t, sandbox.Options{}, Options{})
	c.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == "DELETE" { // a colleague was first
			api.ServeHTTP(noAnswer{}, r.Clone(r.Context()))
		}
		api.ServeHTTP(w, r)
	})
	if r := must(t, guard.Done)(c.delete(t, 9005, nil)); !noteWith(r.Notes, "gone already") {
		t.Errorf("gone before: %s", show(r))
	}
	c = newClerk(t, sandbox.Options{}, Options{})
	c.inFront(failing("DELETE", "/contacts/", 200, "{}"))
	if r := must(t, guard.Unknown)(c.delete(t, 9005, nil)); len(r.NotChanged) != 1 || len(r.Changes) != 0 || !noteWith(r.Notes, "get_contact") {
		t.Errorf("ignored: %s", show(r))
	}
	c.inFront(failing("DELETE", "/contacts/", 502, "bad gateway"))
	must(t, guard.Unknown)(c.delete(t, 9005, nil))
	c.inFront(failing("DELETE", "/contacts/", 400, "no such thing"))
	if r, err := c.delete(t, 9005, nil); !errors.Is(err, wisecx.ErrBadRequest) || !c.exists(9005) {
		t.Errorf("refused: %+v, %v", r, err)
	}
}

// noAnswer takes an answer that nobody reads.
type noAnswer struct{}

func (noAnswer) Header() http.Header         { return http.Header{} }
func (noAnswer) Write(b []byte) (int, error) { return len(b), nil }
func (noAnswer) WriteHeader(int)             {}

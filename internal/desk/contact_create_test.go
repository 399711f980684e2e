package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

var vera = ContactChanges{Name: set("Vera Prueba"), Email: set("vera.prueba@example.com"), Phone: set("+54 9 11 5555-9100"), PersonalID: set("40.111.222"),
	Organization: set("1201"), Address: set("Mitre  10"), CustomFields: map[string]string{"Plan": "oro"}}

func TestANewContactIsReadBackAndCanBeTakenBack(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{Gates: Gates{Destructive: true}})
	r := must(t, guard.Done)(c.create(t, vera))
	id := r.Object["contact_id"].(int64)
	got := c.truth(t, id)
	if got.Name != "Vera Prueba" || got.Email != "vera.prueba@example.com" || got.Phone != "5491155559100" || got.PersonalID != "40.111.222" || got.OrganizationID != 1201 ||
		got.Address != "Mitre 10" || fmt.Sprint(got.CustomFields) != "[{plan oro}]" || got.Password != "" {
		t.Errorf("it is %+v", got)
	}
	if len(r.Changes) != 7 || len(r.NotChanged) != 0 || !slices.Equal(r.Via, []string{"POST /contacts/"}) || r.Undo.Tool != "delete_contact" || r.Undo.Arguments["contact_id"] != id {
		t.Errorf("the receipt is %s", show(r))
	}
	must(t, guard.Done)(c.delete(t, r.Undo.Arguments["contact_id"].(int64), nil))
	c = newClerk(t, sandbox.Options{}, Options{})
	if r := must(t, guard.Done)(c.create(t, vera)); r.Undo != nil || !noteWith(r.Notes, "WISECX_ALLOW") {
		t.Errorf("without deletes: %s", show(r))
	}
}

func TestADryRunSendsNothing(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	dry := func(w *guard.Write, err error) {
		t.Helper()
		if r := must(t, guard.Preview)(c.run(t, "x", guard.Order{DryRun: true})(w, err)); len(r.Changes) == 0 || len(r.Via) == 0 {
			t.Errorf("it tells %s", show(r))
		}
	}
	dry(c.CreateContact(t.Context(), vera))
	dry(c.UpdateContact(t.Context(), 9005, ContactChanges{Name: set("Otro")}))
	dry(c.SetContactGroups(t.Context(), 9005, []string{"33"}, []string{"31"}))
	dry(c.DeleteContact(t.Context(), 9005, nil))
	_, err := c.run(t, "create_contact", guard.Order{DryRun: true})(c.CreateContact(t.Context(), ContactChanges{Phone: set("5491155510005")}))
	c.stands(t, "phone", "has this phone")(nil, err)
	if n := len(c.api.Writes()); n != 0 || c.lines != 0 {
		t.Errorf("%d writes, %d lines", n, c.lines)
	}
}

func TestWhoIsThereAlreadyIsNamedInAnySpelling(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	for argument, spellings := range map[string][]string{
		"phone": {"5491155510005", "+54 9 11 5551-0005", "+54 9 (11) 5551-0005", "54 11 5551 0005", "011 15 5551-0005", "011 5551 0005", "11 5551-0005", "(011) 15-5551-0005",
			"1155510005", "0054 9 11 5551 0005", "11-15-5551-0005", "+5491155510005"},
		"email":       {"tomas.gomez.9005@example.com", " tomas.gomez.9005@example.com ", "Tomas.Gomez.9005@Example.com"},
		"personal_id": {"20000005", "20.000.005", "DNI 20.000.005", "20 000 005", "020000005"},
	} {
		for _, spelling := range spellings {
			ask := ContactChanges{Name: set("Otro Nombre")}
			*map[string]*Value{"phone": &ask.Phone, "email": &ask.Email, "personal_id": &ask.PersonalID}[argument] = set(spelling)
			what := map[string]string{"phone": "phone", "email": "e-mail", "personal_id": "personal id"}[argument]
			refusal := c.stands(t, argument, "Tomás Gómez (9005) has this "+what)(c.create(t, ask))
			if len(refusal.Candidates) == 0 || !strings.Contains(refusal.Candidates[0], "(9005)") || !strings.Contains(refusal.Expected, "update_contact") || !strings.Contains(refusal.Expected, "get_contact") {
				t.Errorf("%s: %+v", spelling, refusal)
			}
		}
	}
	two := ContactChanges{Phone: set("5491155510005"), Email: set("tomas.gomez.9005@example.com")}
	if refusal := c.stands(t, "email", "has this e-mail and phone")(c.create(t, two)); len(refusal.Candidates) != 1 {
		t.Errorf("%+v", refusal)
	}
}

func TestWhereTheAPIDoesNotFilterTheListIsReadForDoubles(t *testing.T) {
	b := &book{contacts: append(strangers(100, 150), person(60, "Raro", "+54 9 11 5551-0005", "", "")), deaf: map[string]bool{"contact.phone": true}}
	c := newClerk(t, sandbox.Options{}, Options{})
	c.inFront(b.front)
	c.stands(t, "phone", "Raro (60) has this phone")(c.create(t, ContactChanges{Phone: set("011 15 5551-0005")}))
	c.inFront(failing("GET", "/contacts/", 503, "down"))
	if r, err := c.create(t, ContactChanges{Phone: set("011 15 5551-7777")}); err == nil || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("unasked: %+v, %v", r, err)
	}
	if len(c.api.Writes()) != 0 {
		t.Error("something was sent")
	}
}

func TestTheSameNewContactIsMadeOnce(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{Gates: Gates{Destructive: true}})
	first := must(t, guard.Done)(c.create(t, vera))
	again := vera
	again.Phone, again.Email = set("(54 9 11) 5555 9100"), set("Vera.Prueba@example.com")
	second := must(t, guard.Repeated)(c.create(t, again))
	if second.Object["contact_id"] != float64(first.Object["contact_id"].(int64)) {
		t.Errorf("first %v, then %v", first.Object, second.Object)
	}
	c.stands(t, "email", "Vera Prueba")(c.run(t, "create_contact", guard.Order{Again: true})(c.CreateContact(t.Context(), vera)))
	must(t, guard.Done)(c.delete(t, first.Object["contact_id"].(int64), nil))
	must(t, guard.Repeated)(c.create(t, vera))
	must(t, guard.Done)(c.run(t, "create_contact", guard.Order{Again: true})(c.CreateContact(t.Context(), vera)))
	if n := len(c.api.Writes()); n != 3 {
		t.Errorf("%d writes", n)
	}
}

func TestManyCallsAtOnceMakeOneContact(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	var mu sync.Mutex
	outcomes := map[string]int{}
	var calls sync.WaitGroup
	for range 10 {
		calls.Go(func() {
			r, err := c.create(t, vera)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			outcomes[r.Outcome]++
		})
	}
	calls.Wait()
	if len(c.api.Writes()) != 1 || outcomes[guard.Done] != 1 || outcomes[guard.Repeated]+outcomes[guard.Unknown] != 9 {
		t.Errorf("%d writes, %v", len(c.api.Writes()), outcomes)
	}
}

func TestALostAnswerIsFoundByWhatIdentifiesTheContact(t *testing.T) {
	for name, faults := range map[string]sandbox.Faults{"dropped": {DropWrites: 1}, "empty": {EmptyWrites: 1}, "a page": {PageWrites: 1}} {
		c := newClerk(t, sandbox.Options{}, Options{})
		c.api.SetFaults(faults)
		r := must(t, guard.Done)(c.create(t, vera))
		if len(c.api.Writes()) != 1 || c.truth(t, r.Object["contact_id"].(int64)).Email != "vera.prueba@example.com" || !noteWith(r.Notes, "looked for and found") {
			t.Errorf("%s: %s", name, show(r))
		}
		c.api.SetFaults(sandbox.Faults{})
		must(t, guard.Repeated)(c.create(t, vera))
	}
	c := newClerk(t, sandbox.Options{}, Options{})
	c.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == "POST" {
			panic(http.ErrAbortHandler)
		}
		api.ServeHTTP(w, r)
	})
	must(t, guard.Unknown)(c.create(t, vera))
	c.inFront(nil)
	must(t, guard.Unknown)(c.create(t, vera))
	if len(c.api.Writes()) != 0 {
		t.Error("it was sent again")
	}
}

func TestWhatShowsLateIsWaitedFor(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.api.SetFaults(sandbox.Faults{VisibleAfter: 800 * time.Millisecond})
	must(t, guard.Done)(c.create(t, vera))
	must(t, guard.Done)(c.update(t, 9005, ContactChanges{Name: set("Tomás A. Gómez")}))
	must(t, guard.Done)(c.groups(t, 9005, []string{"33"}, nil))
	must(t, guard.Done)(c.delete(t, 9005, nil))
	c.api.SetFaults(sandbox.Faults{VisibleAfter: time.Hour})
	bruno := ContactChanges{Email: set("bruno@example.com")}
	if r := must(t, guard.Unknown)(c.create(t, bruno)); r.Object["contact_id"] == nil || !noteWith(r.Notes, "get_contact") {
		t.Errorf("unseen: %s", show(r))
	}
	if must(t, guard.Unknown)(c.create(t, bruno)); len(c.api.Writes()) != 5 {
		t.Errorf("%d writes", len(c.api.Writes()))
	}
}

func TestWhatTheAPITakesAndIgnoresIsNamed(t *testing.T) {
	c := newClerk(t, sandbox.Options{Ignore: []string{"address", "custom_fields"}}, Options{})
	r := must(t, guard.Partly)(c.create(t, vera))
	if len(r.NotChanged) != 2 || r.NotChanged[0].Field != "address" || r.NotChanged[0].After != "Mitre 10" || r.NotChanged[1].Field != "custom.plan" || len(r.Changes) != 5 {
		t.Errorf("the receipt is %s", show(r))
	}
	r = must(t, guard.Partly)(c.update(t, 9005, ContactChanges{Address: set("Otra 1"), Name: set("Otro")}))
	if len(r.NotChanged) != 1 || r.NotChanged[0].Before != "Mitre 1450" || r.Undo.Arguments["name"] != "Tomás Gómez" || len(r.Undo.Arguments) != 3 {
		t.Errorf("the receipt is %s", show(r))
	}
	if r = must(t, guard.Unknown)(c.update(t, 9005, ContactChanges{Address: set("Otra 1")})); r.Undo.Arguments["address"] != "Mitre 1450" || len(r.Changes)+len(r.NotChanged) != 0 || !noteWith(r.Notes, "not seen yet: address") {
		t.Errorf("the receipt is %s", show(r))
	}
}

func TestARefusalOfTheAPIIsAFailureThatIsForgotten(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.inFront(failing("POST", "/contacts/", 400, `{"error":"A contact with this email already exists"}`))
	if r, err := c.create(t, vera); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("%+v, %v", r, err)
	}
	c.inFront(nil)
	must(t, guard.Done)(c.create(t, vera))
}

func TestHostileNewContactsAreRefusedAndNothingIsSent(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	long := strings.Repeat("x", 10<<20)
	for _, try := range []struct {
		ask            ContactChanges
		argument, part string
	}{
		{ContactChanges{Name: set("Vera")}, "", "none is given"},
		{ContactChanges{}, "", "none is given"},
		{ContactChanges{Email: null, Phone: null}, "", "none is given"},
		{ContactChanges{Email: set("  ")}, "email", "empty"},
		{ContactChanges{Email: set("vera")}, "email", "no e-mail"},
		{ContactChanges{Email: set("vera@localhost")}, "email", "no e-mail"},
		{ContactChanges{Email: set("vera@example.com, otra@example.com")}, "email", "no e-mail"},
		{ContactChanges{Email: set("Vera <vera@example.com>")}, "email", "no e-mail"},
		{ContactChanges{Email: set("vera@.example.com")}, "email", "no e-mail"},
		{ContactChanges{Email: set("vera@example.com\r\nBcc: otra@example.com")}, "email", "line ends"},
		{ContactChanges{Email: set(long + "@example.com")}, "email", "characters"},
		{ContactChanges{Phone: set("12345")}, "phone", "no phone"},
		{ContactChanges{Phone: set("1234567890123456")}, "phone", "no phone"},
		{ContactChanges{Phone: set("llamar al 5551-0005")}, "phone", "no phone"},
		{ContactChanges{Phone: set("000000000")}, "phone", "no phone"},
		{ContactChanges{Phone: set("55510005+54")}, "phone", "no phone"},
		{ContactChanges{PersonalID: set("--")}, "personal_id", "is none"},
		{ContactChanges{PersonalID: set(strings.Repeat("1", 61))}, "personal_id", "is none"},
		{ContactChanges{Phone: set("5491155559100"), Name: set("Vera\x00")}, "name", "control"},
		{ContactChanges{Phone: set("5491155559100"), Name: set("Vera\u202egnp.exe")}, "name", "invisible"},
		{ContactChanges{Phone: set("5491155559100"), Name: set(long)}, "name", "characters"},
		{ContactChanges{Phone: set("5491155559100"), Address: set(long)}, "address", "characters"},
		{ContactChanges{Phone: set("5491155559100"), Organization: set("Empresa Inexistente")}, "organization", "there is no organization"},
		{ContactChanges{Phone: set("5491155559100"), Organization: set("999999999")}, "organization", "there is no organization"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"password": "x"}}, "custom_fields.password", "never read or written"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"contact.Pass-Word": "x"}}, "custom_fields.contact.Pass-Word", "never read or written"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"Contraseña": "x"}}, "custom_fields.Contraseña", "never read or written"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plan": long}}, "custom_fields.plan", "longer"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plan": "a\x1b[31m"}}, "custom_fields.plan", "U+001B"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plan": "a\u202e\x00b"}}, "custom_fields.plan", "U+0000"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plan": "a\u202eb"}}, "custom_fields.plan", "U+202E"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plam": "oro"}}, "custom_fields.plam", "knows a custom field"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{" ": "oro"}}, "custom_fields. ", "names no custom field"},
		{ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plan": "oro", "Plan": "plata"}}, "", "named twice"},
	} {
		if try.part == "named twice" { // either of the two may come first
			if _, err := c.create(t, try.ask); err == nil || !strings.Contains(err.Error(), "named twice") {
				t.Error(err)
			}
			continue
		}
		refusal := c.stands(t, strings.TrimSpace(try.argument), try.part)(c.create(t, try.ask))
		if len(refusal.Error()) > 400 {
			t.Errorf("the refusal itself is %d bytes long", len(refusal.Error()))
		}
	}
	if refusal := c.stands(t, "custom_fields.plam", "")(c.create(t, ContactChanges{Phone: set("5491155559100"), CustomFields: map[string]string{"plam": "oro"}})); !slices.Contains(refusal.Candidates, "plan") {
		t.Errorf("%+v", refusal)
	}
	if c.lines != 0 {
		t.Errorf("%d lines in the audit log", c.lines)
	}
}

func TestANameThatFitsTwoOrganizationsIsRefused(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/contacts/organizations") {
			fmt.Fprint(w, `{"data":[{"id":1201,"name":"Ferretería Inventada Norte"},{"id":1205,"name":"Ferretería Inventada Sur"}]}`)
			return
		}
		api.ServeHTTP(w, r)
	})
	refusal := c.stands(t, "organization", "fits 2 organizations")(c.create(t, ContactChanges{Phone: set("5491155559100"), Organization: set("ferreteria inventada")}))
	if len(refusal.Candidates) != 2 || refusal.Candidates[0] != "Ferretería Inventada Norte (1201)" {
		t.Errorf("%+v", refusal)
	}
	must(t, guard.Done)(c.create(t, ContactChanges{Phone: set("5491155559100"), Organization: set("ferreteria sur")}))
}

func TestPseudonymsAreShownAndNeverWritten(t *testing.T) {
	mask, err := text.NewMask("all", []byte("a made-up key"))
	if err != nil {
		t.Fatal(err)
	}
	c := newClerk(t, sandbox.Options{}, Options{Mask: mask, Gates: Gates{Destructive: true}})
	for argument, ask := range map[string]ContactChanges{
		"email":              {Email: set(mask.Email("a@example.com"))},
		"phone":              {Phone: set(mask.Phone("5491155510005"))},
		"personal_id":        {PersonalID: set(mask.PersonalID("20000005"))},
		"name":               {Name: set("Sra. " + mask.Name("Ana") + " Gómez"), Phone: set("5491155559100")},
		"address":            {Address: set(strings.ToUpper(mask.Address("Mitre 10"))), Phone: set("5491155559100")},
		"custom_fields.plan": {CustomFields: map[string]string{"plan": mask.Phone("5491155510005")}, Phone: set("5491155559100")},
	} {
		c.stands(t, argument, "pseudonym")(c.create(t, ask))
		ask.Phone = Value{}
		if argument == "phone" {
			ask.Phone = set(mask.Phone("5491155510005"))
		}
		c.stands(t, argument, "pseudonym")(c.update(t, 9005, ask))
	}
	before := c.truth(t, 9005)
	r := must(t, guard.Done)(c.update(t, 9005, ContactChanges{Name: set("Tomás Inventado"), Email: set("otro@example.com"), CustomFields: map[string]string{"plan": "plata"},
		Expect: map[string]Value{"email": set(mask.Email(before.Email)), "name": set(mask.Name(before.Name)), "phone": set("011 5551-0005")}}))
	made := must(t, guard.Done)(c.create(t, vera))
	question := must(t, guard.Preview)(c.run(t, "delete_contact", guard.Order{DryRun: true})(c.DeleteContact(t.Context(), 9005, nil)))
	for _, secret := range []string{"Tomás", "Gómez", before.Email, "otro@example.com", before.Phone, before.PersonalID, "Vera", "vera.prueba", "5491155559100", "40.111.222", "Mitre"} {
		if said := show([]any{r, made, question}); strings.Contains(said, secret) {
			t.Errorf("%q is shown: %s", secret, said)
		}
	}
	if r.Undo == nil || len(r.Undo.Arguments) != 3 || show(r.Undo.Arguments["expect"]) != `{"custom.plan":"plata"}` || !noteWith(r.Notes, "name, email") {
		t.Errorf("the undo is %s", show(r))
	}
	if refusal := c.stands(t, "phone", "person-")(c.create(t, ContactChanges{Phone: set("011 5551-0005")})); strings.Contains(fmt.Sprint(refusal), "Tomás") {
		t.Errorf("%+v", refusal)
	}
}

package desk

import (
	"context"
	"encoding/json"
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

func (o *office) creating(ask NewCaseAsk) prepared {
	return func(ctx context.Context) (*guard.Write, error) { return o.CreateCase(ctx, ask) }
}

// newAsk is a case of somebody whom nobody knows yet.
func newAsk() NewCaseAsk {
	return NewCaseAsk{Queue: "Soporte Técnico", Channel: "web", Subject: "No enciende el router", Contact: ContactRef{Name: "Zoe Invento", Email: "zoe@invento.example"}}
}

func (o *office) caseWith(t *testing.T, id any) sandbox.Case {
	t.Helper()
	for _, c := range o.api.Cases() {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("there is no case %v", id)
	return sandbox.Case{}
}

func TestACaseIsMadeWithItsContactAndReadBack(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	ask := newAsk()
	ask.Message, ask.Priority, ask.Tags, ask.DueAt, ask.Type = "Se apaga solo", "alta", []string{strings.ToUpper(o.api.Tags()[0].Name)}, "+2h", itoa(o.api.Types()[0].ID)
	g := newGuard(newDiary())
	done, err := o.creating(ask).run(t, g, guard.Order{})
	if err != nil || done.Outcome != guard.Done || len(done.NotChanged) != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	c := o.caseWith(t, done.Object["case_id"])
	if c.GroupID != supportQueue || c.SourceChannel != "web" || c.Priority != "high" || c.Tags[0] != o.api.Tags()[0].Name || !c.DueAt.Equal(noon.Add(2*time.Hour)) || c.TypeID != o.api.Types()[0].ID || c.ContactID != done.Object["contact_id"] {
		t.Errorf("%+v", c)
	}
	if thread := o.api.Thread(c.ID); len(thread) != 1 || thread[0].Type != "contact_message" || thread[0].Content != "Se apaga solo" {
		t.Errorf("%+v", thread)
	}
	if done.Undo == nil || done.Undo.Tool != "update_case" || done.Undo.Arguments["status"] != "closed" {
		t.Errorf("undo %+v", done.Undo)
	}
	if again, err := o.creating(ask).run(t, g, guard.Order{}); err != nil || again.Outcome != guard.Repeated || again.Object["case_id"] != float64(c.ID) || len(o.api.Writes()) != 1 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
}

func TestWithoutAMessageTheSubjectStandsForItAndDeletingUndoesWhereAllowed(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Destructive: true}})
	done, err := o.creating(newAsk()).run(t, newGuard(newDiary()), guard.Order{})
	if err != nil || !noteWith(done.Notes, "the subject stands") || done.Undo.Tool != "delete_case" {
		t.Fatalf("%+v, %v", done, err)
	}
	if thread := o.api.Thread(done.Object["case_id"].(int64)); thread[0].Content != "No enciende el router" {
		t.Errorf("%+v", thread)
	}
}

func TestAContactWhoExistsIsUsedInWhateverSpelling(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	ana := o.contact9005(t)
	before := len(o.api.Contacts())
	for i, ref := range []ContactRef{{ID: 9005}, {Email: "Ana <" + strings.ToUpper(ana.Email) + ">"}, {Phone: "+" + ana.Phone[:2] + " " + ana.Phone[2:], Name: "Otra"}} {
		ask := newAsk()
		ask.Contact, ask.EvenIfOpen, ask.Subject = ref, true, fmt.Sprintf("Consulta %d", i)
		done, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{})
		if err != nil || done.Outcome != guard.Done || done.Object["contact_id"] != int64(9005) {
			t.Errorf("%+v: %+v, %v", ref, done, err)
		}
	}
	if n := len(o.api.Contacts()); n != before {
		t.Errorf("%d contacts, %d before", n, before)
	}
}

func TestAContactWithOpenCasesIsAnsweredWithThem(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	open := o.caseOfAna("web", time.Hour, "Hola")
	ask := newAsk()
	ask.Contact = ContactRef{ID: 9005}
	var refusal *Refusal
	if _, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{}); !errors.As(err, &refusal) || !strings.Contains(refusal.Expected, "even_if_open: true") || !strings.Contains(strings.Join(refusal.Candidates, "\n"), "case_number "+itoa(open.Number)+" (open): Demora") {
		t.Errorf("%+v", refusal)
	}
	if len(o.api.Writes()) != 0 {
		t.Error("something was written")
	}
	strict := newOffice(t, sandbox.Options{RefuseIfOpen: true}, Options{})
	strict.caseOfAna("web", time.Hour, "Hola")
	ask.EvenIfOpen = true
	_, err := strict.creating(ask).run(t, newGuard(newDiary()), guard.Order{})
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Expected, "makes no second open case") || len(refusal.Candidates) == 0 {
		t.Errorf("an API that refuses: %v", err)
	}
}

func TestHostileCasesAreRefusedAndNothingIsMade(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Outbound: true}})
	for what, try := range map[string]struct {
		change func(*NewCaseAsk)
		says   string
	}{
		"no queue":              {func(a *NewCaseAsk) { a.Queue = " " }, "queue"},
		"a queue of two":        {func(a *NewCaseAsk) { a.Queue = "o" }, "queue"},
		"an unknown channel":    {func(a *NewCaseAsk) { a.Channel = "paloma" }, "channel"},
		"two channels":          {func(a *NewCaseAsk) { a.Channel = "web,whatsapp" }, "not just one"},
		"a subject of lines":    {func(a *NewCaseAsk) { a.Subject = "a\nb" }, "one line"},
		"an invisible subject":  {func(a *NewCaseAsk) { a.Subject = "\u200b" }, "invisible"},
		"nobody":                {func(a *NewCaseAsk) { a.Contact = ContactRef{Name: "Ana"} }, "whom the case is with"},
		"a bad e-mail":          {func(a *NewCaseAsk) { a.Contact = ContactRef{Email: "ana"} }, "none"},
		"a bad phone":           {func(a *NewCaseAsk) { a.Contact = ContactRef{Phone: "12"} }, "none"},
		"a bad document":        {func(a *NewCaseAsk) { a.Contact = ContactRef{PersonalID: "x"} }, "none"},
		"a huge name":           {func(a *NewCaseAsk) { a.Contact.Name = strings.Repeat("a", 1<<20) }, "none"},
		"a 10 MB message":       {func(a *NewCaseAsk) { a.Message = strings.Repeat("a", 10<<20) }, "too many"},
		"nothing to send":       {func(a *NewCaseAsk) { a.FromAgent = true }, "no message to send"},
		"sent by phone":         {func(a *NewCaseAsk) { a.FromAgent, a.Message, a.Channel = true, "Hola", "phone" }, "on a call"},
		"text without a window": {func(a *NewCaseAsk) { a.FromAgent, a.Message, a.Channel = true, "Hola", "whatsapp" }, "WhatsApp takes"},
		"sent with bidi":        {func(a *NewCaseAsk) { a.FromAgent, a.Message = true, "a\u202eb" }, "U+202E"},
		"sent with a NUL":       {func(a *NewCaseAsk) { a.FromAgent, a.Message = true, "a\x00\u202eb" }, "U+0000"},
		"a field with bidi":     {func(a *NewCaseAsk) { a.CustomFields = map[string]string{"sucursal": "a\u202e\x00b"} }, "U+0000"},
		"an unknown tag":        {func(a *NewCaseAsk) { a.Tags = []string{"zzz"} }, "tags"},
		"an unknown agent":      {func(a *NewCaseAsk) { a.Agent = "Nadie Nunca" }, "agent"},
		"an odd due time":       {func(a *NewCaseAsk) { a.DueAt = "soon" }, "due_at"},
	} {
		t.Run(what, func(t *testing.T) {
			ask := newAsk()
			try.change(&ask)
			if refusal := o.creating(ask).refused(t); !strings.Contains(refusal.Error(), try.says) || len(refusal.Error()) > 500 {
				t.Errorf("says %q, want %q in it", clip(refusal.Error(), 200), try.says)
			}
		})
	}
	ask := newAsk()
	ask.Contact = ContactRef{ID: 1}
	if _, err := o.CreateCase(t.Context(), ask); !isNotFound(err) {
		t.Errorf("an unknown contact: %v", err)
	}
	if n := len(o.api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestAMessageFromAnAgentIsAskedForAndNeedsOutbound(t *testing.T) {
	ask := newAsk()
	ask.FromAgent, ask.Message = true, "Hola Zoe, ¿sigue apagándose?"
	var forbidden *Forbidden
	if _, err := newOffice(t, sandbox.Options{}, Options{}).CreateCase(t.Context(), ask); !errors.As(err, &forbidden) || forbidden.Setting != "WISECX_ALLOW" {
		t.Errorf("without outbound: %v", err)
	}
	o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Outbound: true}})
	g := newGuard(newDiary())
	preview, err := o.creating(ask).run(t, g, guard.Order{})
	if err != nil || !strings.Contains(preview.Question, "“Zoe Invento” (zoe@invento.example) by web?\nSubject: “No enciende el router”\n> Hola Zoe") || len(o.api.Writes()) != 0 {
		t.Fatalf("%+v, %v", preview, err)
	}
	other := ask
	other.Tags = []string{o.api.Tags()[0].Name}
	var refusal *guard.Refusal
	if _, err := o.creating(other).run(t, g, guard.Order{Token: preview.ConfirmToken}); !errors.As(err, &refusal) {
		t.Errorf("a token for other arguments: %v", err)
	}
	done, err := o.creating(ask).run(t, g, guard.Order{Token: preview.ConfirmToken})
	if err != nil || done.Outcome != guard.Done || o.repliesOn(done.Object["case_id"].(int64)) != 1 {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestACaseWhoseAnswerWasLostIsFoundAndMadeOnce(t *testing.T) {
	t.Parallel()
	for _, ref := range []ContactRef{{ID: 9005}, newAsk().Contact} {
		o := newOffice(t, sandbox.Options{}, Options{})
		o.api.SetFaults(sandbox.Faults{DropWrites: 1})
		ask := newAsk()
		ask.Contact, ask.EvenIfOpen = ref, true
		done, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{})
		if err != nil || done.Outcome != guard.Done || len(o.api.Writes()) != 1 || done.Object["case_id"] != o.api.Writes()[0].ID {
			t.Errorf("%+v: %+v, %v", ref, done, err)
		}
	}
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPost { // it never comes through
			panic(http.ErrAbortHandler)
		}
		api.ServeHTTP(w, r)
	})
	shared := newDiary()
	for range 2 {
		if unknown, err := o.creating(newAsk()).run(t, newGuard(shared), guard.Order{}); err != nil || unknown.Outcome != guard.Unknown || unknown.Undo != nil {
			t.Errorf("%+v, %v", unknown, err)
		}
	}
}

func TestWhatTheAPIDidNotTakeIsNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, sandbox.Options{Ignore: []string{"priority"}}, Options{})
	ask := newAsk()
	ask.Priority = "high"
	done, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{})
	if err != nil || done.Outcome != guard.Partly || len(done.NotChanged) != 1 || done.NotChanged[0].Field != "priority" {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestACaseIsNotMadeOfPseudonyms(t *testing.T) {
	mask, err := text.NewMask("contact", []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, sandbox.Options{}, Options{Mask: mask})
	ask := newAsk()
	ask.Contact.Email = mask.Email("otra@example.com")
	if refusal := o.creating(ask).refused(t); refusal.Argument != "contact.email" {
		t.Errorf("%+v", refusal)
	}
	ask.Contact, ask.EvenIfOpen, ask.Message = ContactRef{ID: 9005}, true, "Llamar al "+mask.Phone(o.contact9005(t).Phone)
	done, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{})
	shown, _ := json.Marshal(done)
	if err != nil || done.Outcome != guard.Done || strings.Contains(string(shown), o.contact9005(t).Phone) {
		t.Fatalf("%s, %v", shown, err)
	}
	if thread := o.api.Thread(done.Object["case_id"].(int64)); thread[0].Content != "Llamar al "+o.contact9005(t).Phone {
		t.Errorf("recorded as %q", thread[0].Content)
	}
}

func TestAMessageByMailNeedsAnAddress(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Outbound: true}})
	people := len(o.api.Contacts())
	var mute sandbox.Contact
	for _, c := range o.api.Contacts() {
		if c.Email == "" && c.Phone != "" {
			mute = c
		}
	}
	for _, channel := range []string{"email", "new_email", "correo"} {
		for argument, ref := range map[string]ContactRef{"contact.email": {Name: "Zoe Invento", Phone: "+54 9 11 5559-1234"}, "contact": {ID: mute.ID}} {
			ask := newAsk()
			ask.Channel, ask.Contact, ask.Message, ask.FromAgent, ask.EvenIfOpen = channel, ref, "Hola", true, true
			if channel == "correo" {
				ask.Channel = "soporte@example.com.ar" // one of our channels
			}
			refusal := o.creating(ask).refused(t)
			if refusal.Argument != argument || !strings.Contains(refusal.Problem, "address") || !strings.Contains(refusal.Expected, "mail") {
				t.Errorf("%s, %+v: %+v", channel, ref, refusal)
			}
			ask.FromAgent = false
			if r, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{DryRun: true}); err != nil || r.Outcome != guard.Preview {
				t.Errorf("only recorded: %+v, %v", r, err)
			}
		}
	}
	if len(o.api.Writes()) != 0 || len(o.api.Contacts()) != people {
		t.Error("something was made")
	}
}

func TestTheQuestionOfANewCaseShowsItsSubject(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Outbound: true}, Lang: "es"})
	ask := newAsk()
	ask.Message, ask.FromAgent, ask.Subject = "Hola Zoe", true, "Su factura: www.pagos.example.net"
	preview, err := o.creating(ask).run(t, newGuard(newDiary()), guard.Order{})
	if err != nil || !strings.Contains(preview.Question, "\nAsunto: “Su factura: www.pagos.example.net”\n> Hola Zoe\nEnlaces que contiene: ") {
		t.Errorf("%+v, %v", preview, err)
	}
}

func TestTheUndoOfANewCaseSaysThatItsNewContactStays(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Destructive: allowed}})
		done, err := o.creating(newAsk()).run(t, newGuard(newDiary()), guard.Order{})
		if err != nil {
			t.Fatal(err)
		}
		id := itoa(done.Object["contact_id"].(int64))
		if !noteWith(done.Notes, "contact "+id+", who was new, stays") || noteWith(done.Notes, "delete_contact with contact_id "+id) != allowed {
			t.Errorf("%v", done.Notes)
		}
		known := newAsk()
		known.Contact, known.EvenIfOpen = ContactRef{ID: 9005}, true
		if done, err = o.creating(known).run(t, newGuard(newDiary()), guard.Order{}); err != nil || noteWith(done.Notes, "stays") {
			t.Errorf("of a contact who was known: %+v, %v", done, err)
		}
	}
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

const (
	supportQueue  = 24717
	supportNumber = "5491100000000"
)

// caseOfAna makes a case of Ana's with what was said, the newest message some time ago.
func (o *office) caseOfAna(channel string, ago time.Duration, said ...string) sandbox.Case {
	var thread []sandbox.Activity
	for i, words := range said {
		thread = append(thread, sandbox.Activity{Type: "contact_message", Channel: channel, Content: words, ContactFrom: &sandbox.Party{ID: 9005, Name: "x"},
			CreatedAt: noon.Add(-ago - time.Duration(len(said)-1-i)*time.Minute)})
	}
	account := ""
	if channel == "whatsapp" {
		account = supportNumber
	}
	return o.api.AddCase(sandbox.Case{GroupID: supportQueue, ContactID: 9005, SourceChannel: channel, ChannelAccount: account, Subject: "Demora", CreatedAt: noon.Add(-ago - time.Hour)}, thread)
}

func (o *office) replying(c sandbox.Case, ask ReplyAsk) prepared {
	ask.Case = CaseRef{ID: c.ID}
	return func(ctx context.Context) (*guard.Write, error) { return o.ReplyToCase(ctx, ask) }
}

func (o *office) contact9005(t *testing.T) sandbox.Contact {
	t.Helper()
	for _, c := range o.api.Contacts() {
		if c.ID == 9005 {
			return c
		}
	}
	t.Fatal("contact 9005 is not there")
	return sandbox.Contact{}
}

func TestAReplyGoesOutOnceThePersonAgreedAndIsSeenOnTheThread(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Lang: "es"})
	c := o.caseOfAna("whatsapp", time.Hour, "Hola, ¿salió mi pedido?")
	g := newGuard(newDiary())
	call := o.replying(c, ReplyAsk{Text: "Hola, sale hoy.\nGracias por esperar.", ThenStatus: "pending"})
	preview, err := call.run(t, g, guard.Order{})
	if err != nil || preview.Outcome != guard.Preview || len(o.api.Writes()) != 0 {
		t.Fatalf("%+v, %v, %d writes", preview, err, len(o.api.Writes()))
	}
	contact := o.contact9005(t)
	for _, part := range []string{"¿Enviar este mensaje a “" + contact.Name + "” (" + contact.Phone + ") por whatsapp, en el caso " + itoa(c.Number), "\n> Hola, sale hoy.\n> Gracias por esperar.\n",
		"(2026-11-18 11:00): “Hola, ¿salió mi pedido?”", "estado pendiente"} {
		if !strings.Contains(preview.Question, part) {
			t.Errorf("the question lacks %q:\n%s", part, preview.Question)
		}
	}
	done, err := call.run(t, g, guard.Order{Token: preview.ConfirmToken})
	if err != nil || done.Outcome != guard.Done || done.Undo != nil || len(done.Changes) != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	thread := o.api.Thread(c.ID)
	var sent *sandbox.Activity
	for i := range thread {
		if thread[i].Type == "user_reply" {
			sent = &thread[i]
		}
	}
	if sent == nil || done.Object["message_id"] != sent.ID || sent.Content != "Hola, sale hoy.\nGracias por esperar." || done.Object["case_number"] != c.Number {
		t.Errorf("%+v, sent %+v", done, sent)
	}
	if status := o.statusOf(c.ID); status != "pending" {
		t.Errorf("status %s", status)
	}
	if again, err := call.run(t, g, guard.Order{}); err != nil || again.Outcome != guard.Repeated || len(o.api.Writes()) != 2 {
		t.Errorf("the same again: %+v, %v, %d writes", again, err, len(o.api.Writes()))
	}
	twice := call.confirmed(t, g, guard.Order{Again: true})
	if twice.Outcome != guard.Done || twice.Object["message_id"] == done.Object["message_id"] {
		t.Errorf("again: true gives %+v", twice)
	}
	if !noteWith(twice.Notes, "says the same already") {
		t.Errorf("that our last message says the same is not told: %v", twice.Notes)
	}
}

func (o *office) statusOf(id int64) string {
	for _, c := range o.api.Cases() {
		if c.ID == id {
			return c.Status
		}
	}
	return "gone"
}

func TestTwoHundredRepliesWithEveryThirdAnswerLostEndOnceEach(t *testing.T) {
	t.Parallel()
	o := newOffice(t, sandbox.Options{}, Options{})
	cases := make([]sandbox.Case, 200)
	for i := range cases {
		cases[i] = o.caseOfAna("web", time.Hour, "¿Hay novedades?")
	}
	o.api.SetFaults(sandbox.Faults{DropWrites: 0.3})
	g := newGuard(newDiary())
	g.Mode = guard.Never // half the requests, of which a minute takes only so many
	var mu sync.Mutex
	outcomes := map[string]int{}
	var calls sync.WaitGroup
	work := make(chan int)
	for range 4 {
		calls.Go(func() {
			for i := range work {
				receipt := o.replying(cases[i], ReplyAsk{Text: fmt.Sprintf("Respuesta %d: sale hoy.", i)}).confirmed(t, g, guard.Order{})
				mu.Lock()
				outcomes[receipt.Outcome]++
				if receipt.Outcome == guard.Done {
					outcomes[fmt.Sprint("seen ", o.repliesOn(cases[i].ID))]++
				}
				mu.Unlock()
			}
		})
	}
	for i := range cases {
		work <- i
	}
	close(work)
	calls.Wait()
	for i, c := range cases {
		if n := o.repliesOn(c.ID); n != 1 {
			t.Errorf("reply %d is there %d times", i, n)
		}
	}
	if outcomes[guard.Unknown] > 2 || outcomes[guard.Done]+outcomes[guard.Unknown] != 200 || outcomes["seen 1"] != outcomes[guard.Done] || o.api.Faulted()["write-drop"] < 30 {
		t.Errorf("%v, faults %v", outcomes, o.api.Faulted())
	}
}

func (o *office) repliesOn(id int64) (n int) {
	for _, a := range o.api.Thread(id) {
		if a.Type == "user_reply" {
			n++
		}
	}
	return n
}

func TestAnotherProcessFindsTheReplyWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	o := newOffice(t, sandbox.Options{}, Options{})
	c := o.caseOfAna("email", time.Hour, "¿Hay novedades?")
	shared := newDiary()
	call := o.replying(c, ReplyAsk{Text: "Sale hoy <b>sin falta</b> & gracias"})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPut {
			api.ServeHTTP(drop{w}, r)
			panic(http.ErrAbortHandler)
		}
		if strings.Contains(r.URL.Path, "/activities") && o.repliesOn(c.ID) > 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		api.ServeHTTP(w, r)
	})
	first := call.confirmed(t, newGuard(shared), guard.Order{})
	if first.Outcome != guard.Unknown || !noteWith(first.Notes, "sends nothing twice") {
		t.Fatalf("%+v", first)
	}
	o.inFront(nil)
	second, err := call.run(t, newGuard(shared), guard.Order{})
	if err != nil || second.Outcome != guard.Repeated || second.Object["message_id"] == nil || o.repliesOn(c.ID) != 1 {
		t.Errorf("%+v, %v, %d replies", second, err, o.repliesOn(c.ID))
	}
}

// drop swallows an answer.
type drop struct{ http.ResponseWriter }

func (d drop) Write(b []byte) (int, error) { return len(b), nil }
func (d drop) WriteHeader(int)             {}

func TestHostileRepliesAreRefusedAndNothingIsSent(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	open := o.caseOfAna("whatsapp", time.Hour, "Hola")
	closed := o.caseOfAna("whatsapp", 25*time.Hour, "Hola")
	mail := o.caseOfAna("email", time.Hour, "Hola")
	nobody := o.api.AddCase(sandbox.Case{GroupID: supportQueue, SourceChannel: "email", Subject: "x"}, nil)
	phone := o.caseOfAna("phone", time.Hour)
	for what, try := range map[string]struct {
		c    sandbox.Case
		ask  ReplyAsk
		says string
	}{
		"neither":                       {open, ReplyAsk{}, "nothing to send"},
		"both":                          {open, ReplyAsk{Text: "a", Template: "reapertura_conversacion"}, "both"},
		"parameters without a template": {open, ReplyAsk{Text: "a", Parameters: map[string]string{"1": "a"}}, "belong to a template"},
		"10 MB":                         {open, ReplyAsk{Text: strings.Repeat("a", 10<<20)}, "too many"},
		"too long for WhatsApp":         {open, ReplyAsk{Text: strings.Repeat("ñ", 4097)}, "4097"},
		"too long for a mail":           {mail, ReplyAsk{Text: strings.Repeat("ñ", 20001)}, "20001"},
		"blanks":                        {open, ReplyAsk{Text: " \n\u00a0\t"}, "says nothing"},
		"only invisible":                {open, ReplyAsk{Text: "\u200b\u2060\ufeff"}, "says nothing"},
		"bidi":                          {open, ReplyAsk{Text: "pague a \u202e0150 8021"}, "U+202E"},
		"bidi behind a NUL":             {open, ReplyAsk{Text: "a\x00\u202eb"}, "U+0000"},
		"a bell":                        {open, ReplyAsk{Text: "a\nb\tc\a"}, "U+0007"},
		"a NUL in a parameter":          {closed, ReplyAsk{Template: "reapertura_conversacion", Parameters: map[string]string{"1": "a\x00\u202eb"}}, "U+0000"},
		"zero width":                    {open, ReplyAsk{Text: "pay\u200bpal"}, "U+200B"},
		"no UTF-8":                      {open, ReplyAsk{Text: "ca\xf1on"}, "no valid text"},
		"a place left":                  {open, ReplyAsk{Text: "Hola {{1}}, sale hoy"}, "{{1}}"},
		"a place in brackets":           {open, ReplyAsk{Text: "Hola [nombre], sale hoy"}, "[nombre]"},
		"an event":                      {open, ReplyAsk{Text: "[change_status_to]solved"}, "change_status_to"},
		"an unknown status":             {open, ReplyAsk{Text: "Hola", ThenStatus: "done"}, "done"},
		"outside the window":            {closed, ReplyAsk{Text: "Hola"}, "ended 2026-11-18 11:00"},
		"no contact":                    {nobody, ReplyAsk{Text: "Hola"}, "no contact"},
		"a call":                        {phone, ReplyAsk{Text: "Hola"}, "is a call"},
		"a template by mail":            {mail, ReplyAsk{Template: "reapertura_conversacion", Parameters: map[string]string{"1": "Ana"}}, "templates are WhatsApp's"},
		"an unknown template":           {closed, ReplyAsk{Template: "nada"}, `"nada"`},
		"another number's template":     {closed, ReplyAsk{Template: "oferta_semanal", Parameters: map[string]string{"1": "Ana", "2": "5 %"}}, "another number"},
		"a parameter too few":           {closed, ReplyAsk{Template: "tpl_seguimiento_pedido", Parameters: map[string]string{"1": "Ana"}}, "missing: 2"},
		"a parameter too many":          {closed, ReplyAsk{Template: "Reapertura Conversación", Parameters: map[string]string{"1": "Ana", "nombre": "x"}}, "not among them: nombre"},
		"a parameter of blanks":         {closed, ReplyAsk{Template: "tpl_reapertura", Parameters: map[string]string{"1": "  "}}, "says nothing"},
		"a parameter of two lines":      {closed, ReplyAsk{Template: "tpl_reapertura", Parameters: map[string]string{"1": "Ana\nGómez"}}, "line ends"},
		"a parameter with a place":      {closed, ReplyAsk{Template: "tpl_reapertura", Parameters: map[string]string{"1": "{{1}}"}}, "{{1}}"},
		"a huge parameter":              {closed, ReplyAsk{Template: "tpl_reapertura", Parameters: map[string]string{"1": strings.Repeat("a", 1<<20)}}, "longer than 1024"},
	} {
		t.Run(what, func(t *testing.T) {
			refusal := o.replying(try.c, try.ask).refused(t)
			if !strings.Contains(refusal.Error(), try.says) || len(refusal.Error()) > 1000 {
				t.Errorf("says %q, want %q in it", clip(refusal.Error(), 300), try.says)
			}
		})
	}
	if n := len(o.api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
	labels := strings.Join(o.replying(closed, ReplyAsk{Text: "Hola"}).refused(t).Candidates, "\n")
	if !strings.Contains(labels, "seguimiento_pedido (tpl_seguimiento_pedido), parameters 1, 2: Hola {{1}}, te escribimos") || strings.Contains(labels, "tpl_oferta") {
		t.Errorf("the templates are shown as %s", labels)
	}
	if _, err := o.ReplyToCase(t.Context(), ReplyAsk{Case: CaseRef{Number: 999999999999}, Text: "Hola"}); !isNotFound(err) {
		t.Errorf("an unknown case: %v", err)
	}
	twin := o.api.AddCase(sandbox.Case{Number: open.ID, GroupID: supportQueue, ContactID: 9005, SourceChannel: "web", Subject: "otro"}, nil)
	if refusal := o.replying(open, ReplyAsk{Text: "Hola"}).refused(t); !strings.Contains(refusal.Problem, "the number of another") || twin.ID == 0 {
		t.Errorf("a number that is another's id: %v", refusal)
	}
}

func isNotFound(err error) bool {
	var missing *NotFound
	return errors.As(err, &missing)
}

func TestATokenHoldsForThisTextThisStatusAndThisThread(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	c := o.caseOfAna("web", time.Hour, "Hola")
	g := newGuard(newDiary())
	preview, err := o.replying(c, ReplyAsk{Text: "Sale hoy"}).run(t, g, guard.Order{})
	if err != nil {
		t.Fatal(err)
	}
	for what, ask := range map[string]ReplyAsk{"another text": {Text: "Sale mañana"}, "another layout": {Text: "Sale\nhoy"}, "a status": {Text: "Sale hoy", ThenStatus: "closed"}} {
		var refusal *guard.Refusal
		if _, err := o.replying(c, ask).run(t, g, guard.Order{Token: preview.ConfirmToken}); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", what, err)
		}
	}
	o.api.AddActivity(c.ID, sandbox.Activity{Type: "contact_message", Channel: "web", Content: "ya lo recibí", CreatedAt: noon})
	var refusal *guard.Refusal
	if _, err := o.replying(c, ReplyAsk{Text: "Sale hoy"}).run(t, g, guard.Order{Token: preview.ConfirmToken}); !errors.As(err, &refusal) || len(o.api.Writes()) != 0 {
		t.Errorf("the customer wrote meanwhile: %v, %d writes", err, len(o.api.Writes()))
	}
}

func TestTheQuestionCannotBeFakedAndPointsOutLinksAndAccounts(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Lang: "es"})
	c := o.caseOfAna("email", time.Hour, "gracias”\n¿Enviar este mensaje a “Ana” (x) por email?\n> Todo bien \u202eodot\u200b\nDespués el caso queda en estado open.")
	said := "Pagá al CBU 2850590940090418135201 o en https://pagos.example.com/x?y=1 y www.otro.example.\nDespués el caso queda en estado open.\nCUIT 20-20000005-3, tarjeta 4111 1111 1111 1111"
	preview, err := o.replying(c, ReplyAsk{Text: said}).run(t, newGuard(newDiary()), guard.Order{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	question := strings.Split(preview.Question, "\n")
	if len(question) != 7 {
		t.Fatalf("%d lines:\n%s", len(question), preview.Question)
	}
	for i, want := range []string{"¿Enviar este mensaje a “", "> Pagá", "> Después", "> CUIT", "Enlaces que contiene: https://pagos.example.com/x?y=1 , www.otro.example", "Números que parecen cuentas: CBU/CVU 2850590940090418135201, CUIT 20-20000005-3, tarjeta 4111 1111 1111 1111", "Lo último que escribió el cliente"} {
		if !strings.HasPrefix(question[i], want) {
			t.Errorf("line %d is %q, want %q", i, question[i], want)
		}
	}
	if last := question[6]; strings.Count(last, "“") != 1 || strings.Count(last, "”") != 1 || !strings.HasSuffix(last, "”") || strings.ContainsAny(last, "\u202e\u200b") {
		t.Errorf("the customer's words are shown as %q", last)
	}
}

func TestATemplateIsSentWithItsParametersAndShownAsTheCustomerReadsIt(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Lang: "pt"})
	c := o.caseOfAna("whatsapp", 30*time.Hour, "Hola")
	call := o.replying(c, ReplyAsk{Template: "Seguimiento pedido", Parameters: map[string]string{"{{2}}": "A-77", "1": "Ana"}})
	g := newGuard(newDiary())
	preview, err := call.run(t, g, guard.Order{})
	if err != nil || !strings.Contains(preview.Question, "> Hola Ana, te escribimos por tu pedido A-77. ¿Pudiste recibirlo?\nModelo: seguimiento_pedido") {
		t.Fatalf("%v %+v", err, preview)
	}
	done, err := call.run(t, g, guard.Order{Token: preview.ConfirmToken})
	if err != nil || done.Outcome != guard.Done || o.repliesOn(c.ID) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if body := o.api.Writes()[0].Body; !strings.Contains(body, `"parameters":[{"key":"1","value":"Ana"},{"key":"2","value":"A-77"}]`) || !strings.Contains(body, `"contacts_to":[{"id":9005}]`) {
		t.Errorf("sent %s", body)
	}
}

func TestWhatWasNotDeliveredOrNotSetIsPartly(t *testing.T) {
	t.Parallel()
	o := newOffice(t, sandbox.Options{}, Options{})
	lonely := o.api.AddCase(sandbox.Case{GroupID: supportQueue, ContactID: 9005, SourceChannel: "web", Subject: "x"}, nil)
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/status") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error": "Invalid status"}`)
			return
		}
		api.ServeHTTP(w, r)
	})
	receipt := o.replying(lonely, ReplyAsk{Text: "Hola", ThenStatus: "solved"}).confirmed(t, newGuard(newDiary()), guard.Order{})
	if receipt.Outcome != guard.Partly || len(receipt.NotChanged) != 1 || receipt.NotChanged[0].Field != "status" || receipt.Object["message_id"] == nil {
		t.Errorf("a status that fails: %+v", receipt)
	}
	undelivered := o.caseOfAna("whatsapp", time.Hour, "Hola")
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPut { // the window is over by the API's reckoning
			o.api.AddActivity(undelivered.ID, sandbox.Activity{Type: "user_reply", Channel: "whatsapp", Content: "Sale hoy", SendingState: "failed", CreatedAt: noon})
			_, _ = io.WriteString(w, "{}")
			return
		}
		api.ServeHTTP(w, r)
	})
	receipt = o.replying(undelivered, ReplyAsk{Text: "Sale hoy", ThenStatus: "solved"}).confirmed(t, newGuard(newDiary()), guard.Order{})
	if receipt.Outcome != guard.Partly || !noteWith(receipt.Notes, "not delivered") || len(receipt.NotChanged) != 2 || o.statusOf(undelivered.ID) != "open" {
		t.Errorf("a message that does not arrive: %+v, status %s", receipt, o.statusOf(undelivered.ID))
	}
	quiet := o.caseOfAna("web", time.Hour, "Hola")
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPut {
			_, _ = io.WriteString(w, "{}")
			return
		}
		api.ServeHTTP(w, r)
	})
	if receipt = o.replying(quiet, ReplyAsk{Text: "Hola"}).confirmed(t, newGuard(newDiary()), guard.Order{}); receipt.Outcome != guard.Unknown {
		t.Errorf("a message that never shows: %+v", receipt)
	}
}

func TestRepliesKeepToTheQueuesAndChannelsThatAreAllowed(t *testing.T) {
	for _, gates := range []Gates{{Queues: []string{"Ventas"}}, {Channels: []string{"email"}}} {
		o := newOffice(t, sandbox.Options{}, Options{Gates: gates})
		c := o.caseOfAna("whatsapp", time.Hour, "Hola")
		_, err := o.ReplyToCase(t.Context(), ReplyAsk{Case: CaseRef{ID: c.ID}, Text: "Hola"})
		var forbidden *Forbidden
		if !errors.As(err, &forbidden) || !strings.Contains(err.Error(), forbidden.Setting) {
			t.Errorf("%+v: %v", gates, err)
		}
	}
}

func TestWithMaskingOnlyTheContactsOwnPseudonymsGoBackAndTheAssistantReadsNoData(t *testing.T) {
	mask, err := text.NewMask("all", []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, sandbox.Options{}, Options{Mask: mask})
	c := o.caseOfAna("email", time.Hour, "soy yo")
	contact := o.contact9005(t)
	call := o.replying(c, ReplyAsk{Text: "Hola " + mask.Name(contact.Name) + ", ¿tu teléfono es " + mask.Phone(contact.Phone) + "?"})
	w, err := call(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(w.Question, "> Hola "+contact.Name) || strings.Contains(w.Masked, contact.Name) || strings.Contains(w.Masked, contact.Email) || !strings.Contains(w.Masked, mask.Email(contact.Email)) {
		t.Errorf("the person reads\n%s\nthe assistant\n%s", w.Question, w.Masked)
	}
	receipt := call.confirmed(t, newGuard(newDiary()), guard.Order{})
	if receipt.Outcome != guard.Done || strings.Contains(fmt.Sprint(receipt), contact.Phone) {
		t.Errorf("%+v", receipt)
	}
	if body := o.api.Writes()[0].Body; !strings.Contains(body, contact.Name) || !strings.Contains(body, contact.Phone) {
		t.Errorf("sent %s", body)
	}
	if refusal := o.replying(c, ReplyAsk{Text: "Escribile a " + mask.Email("otra@example.com")}).refused(t); !strings.Contains(refusal.Problem, "stands for somebody's data") {
		t.Errorf("%v", refusal)
	}
}

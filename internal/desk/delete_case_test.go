package desk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

func (o *office) deleting(c sandbox.Case, expected map[string]Value) prepared {
	return func(ctx context.Context) (*guard.Write, error) {
		return o.DeleteCase(ctx, CaseRef{Number: c.Number}, expected)
	}
}

func TestACaseIsDeletedOnceAPersonReleasedIt(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Lang: "es"})
	c := o.caseOfAna("web", time.Hour, "Hola")
	o.api.Change(c.ID, func(c *sandbox.Case) { c.Subject = "Demora”\n¿Conservar el caso?\u202e" })
	open := len(openOfAna(o)) - 1
	d := newDiary()
	g := newGuard(d)
	call := o.deleting(c, map[string]Value{"status": given("open")})
	preview, err := call.run(t, g, guard.Order{})
	if err != nil || preview.Outcome != guard.Preview || len(preview.Changes) != 1 {
		t.Fatalf("%+v, %v", preview, err)
	}
	for _, part := range []string{"¿Borrar el caso " + itoa(c.Number) + ", “Demora' ¿Conservar el caso?”, de “" + o.contact9005(t).Name + "”, en la cola Soporte Técnico", "Quedan el contacto y sus otros casos: " + itoa(int64(open)) + " abiertos", "Es definitivo"} {
		if !strings.Contains(preview.Question, part) {
			t.Errorf("the question lacks %q:\n%s", part, preview.Question)
		}
	}
	var refusal *guard.Refusal
	if _, err := call.run(t, g, guard.Order{Token: preview.ConfirmToken}); !errors.As(err, &refusal) || o.statusOf(c.ID) == "gone" {
		t.Fatalf("nobody released it: %v", err)
	}
	d.yes[preview.ConfirmToken] = true
	done, err := call.run(t, g, guard.Order{Token: preview.ConfirmToken})
	if err != nil || done.Outcome != guard.Done || o.statusOf(c.ID) != "gone" || done.Undo != nil {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := call.run(t, g, guard.Order{}); !isNotFound(err) {
		t.Errorf("once more: %v", err)
	}
}

func openOfAna(o *office) (open []sandbox.Case) {
	for _, c := range o.inWindow() {
		if c.ContactID == 9005 && c.Status != "solved" && c.Status != "closed" {
			open = append(open, c)
		}
	}
	return open
}

func TestADeletionIsRefusedWhereTheCaseIsNotAsExpectedOrNotAllowed(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	c := o.caseOfAna("web", time.Hour, "Hola")
	if refusal := o.deleting(c, map[string]Value{"status": given("closed")}).refused(t); refusal.Argument != "expect.status" {
		t.Errorf("%+v", refusal)
	}
	gated := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Queues: []string{"Ventas"}}})
	c = gated.caseOfAna("web", time.Hour, "Hola")
	var forbidden *Forbidden
	if _, err := gated.deleting(c, nil)(t.Context()); !errors.As(err, &forbidden) {
		t.Errorf("another queue: %v", err)
	}
	if len(o.api.Writes())+len(gated.api.Writes()) != 0 {
		t.Error("something was deleted")
	}
}

func TestWhatCameOfADeletionIsJudgedByLooking(t *testing.T) {
	t.Parallel()
	for what, front := range map[string]func(w http.ResponseWriter, r *http.Request, api http.Handler){
		guard.Done: func(w http.ResponseWriter, r *http.Request, api http.Handler) { // the answer is lost
			api.ServeHTTP(drop{w}, r)
			panic(http.ErrAbortHandler)
		},
		guard.Unknown: func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) },
		"taken": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { // and nothing happens
			_, _ = io.WriteString(w, "{}")
		},
		"gone before": func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			api.ServeHTTP(drop{w}, r)
			w.WriteHeader(http.StatusNotFound)
		},
	} {
		o := newOffice(t, sandbox.Options{}, Options{})
		c := o.caseOfAna("web", time.Hour, "Hola")
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if r.Method == http.MethodDelete {
				front(w, r, api)
				return
			}
			api.ServeHTTP(w, r)
		})
		receipt := o.deleting(c, nil).confirmed(t, newGuard(newDiary()), guard.Order{})
		if what == "taken" && receipt.Outcome == guard.Unknown && noteWith(receipt.Notes, "still shows") {
			continue
		}
		if receipt.Outcome != what && (what != "gone before" || receipt.Outcome != guard.Done || !noteWith(receipt.Notes, "gone already")) {
			t.Errorf("%s: %+v", what, receipt)
		}
	}
}

func TestTheQuestionDoesNotSayThatAContactStaysWhoIsGone(t *testing.T) {
	for lang, says := range map[string]string{"es": "Su contacto ya no existe.", "pt": "O contato dele já não existe.", "en": "Its contact does not exist any more."} {
		o := newOffice(t, sandbox.Options{}, Options{Lang: lang})
		c := o.caseOfAna("web", time.Hour, "Hola")
		o.inFront(failing("GET", "/contacts/9005", http.StatusNotFound, `{"error": "Contact Not Found"}`))
		preview, err := o.deleting(c, nil).run(t, newGuard(newDiary()), guard.Order{DryRun: true})
		if err != nil || !strings.Contains(preview.Question, says) || strings.Contains(preview.Question, "stays") || strings.Contains(preview.Question, "Quedan") || strings.Contains(preview.Question, "Ficam") {
			t.Errorf("%+v, %v", preview, err)
		}
	}
}

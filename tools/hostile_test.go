package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// forgetful is a journal in which nothing stands, and approvals that nobody gives.
type forgetful struct{ unread }

func (forgetful) Begin(string, json.RawMessage, bool) (*guard.Prior, guard.Entry, error) {
	return nil, forgetful{}, nil
}
func (forgetful) Done(json.RawMessage) error                         { return nil }
func (forgetful) Failed() error                                      { return nil }
func (forgetful) Unknown() error                                     { return nil }
func (forgetful) Prior(string) (*guard.Prior, error)                 { return nil, nil }
func (forgetful) Resolve(string, json.RawMessage) error              { return nil }
func (forgetful) Ask(string, string, time.Time) error                { return nil }
func (forgetful) Answered(string) (yes, answered bool, failed error) { return false, false, nil }

// newHostileEnv is an account in which two queues are called Ventas, and in which 534787, the number of a case, is also the id
// of another one. Every write has to be confirmed by a token. clock sets the guard's clock forward.
func newHostileEnv(t *testing.T) (env *Env, api *sandbox.API, clock *time.Duration) {
	t.Helper()
	now := func() time.Time { return noon }
	api = sandbox.New(sandbox.Options{Now: now})
	api.AddCase(sandbox.Case{ID: 534786, Number: 999001, GroupID: 24718, ContactID: 9005, SourceChannel: "email", Subject: "Otro"}, nil)
	api.AddCase(sandbox.Case{ID: 999002, Number: 534786, GroupID: 24718, ContactID: 9005, SourceChannel: "email", Subject: "Uno"}, nil)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.WriteHeader(answer.Code)
		w.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte(`"Devoluciones"`), []byte(`"VENTAS"`)))
	}))
	t.Cleanup(service.Close)
	base, err := wisecx.ParseBase(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := wisecx.New(wisecx.Config{Base: base, User: sandbox.User, Key: sandbox.Key})
	clock = new(time.Duration)
	return &Env{
		Desk:      desk.New(desk.Options{API: client, Zone: time.UTC, Now: now, Gates: desk.Gates{Outbound: true, Destructive: true}}),
		Guard:     newTokenGuard(clock),
		MaxTokens: 8000,
	}, api, clock
}

func newTokenGuard(clock *time.Duration) *guard.Guard {
	return &guard.Guard{Journal: forgetful{}, Audit: unread{}, Approvals: forgetful{}, Mode: guard.Token, MayHave: wisecx.MayHaveHappened,
		Now: func() time.Time { return noon.Add(*clock) }}
}

// refused demands that a call is refused in few words, with what to do, and gives them.
func refused(t *testing.T, env *Env, tool Tool, arguments string) Failure {
	t.Helper()
	answer, err := tool.call(t.Context(), env, []byte(arguments))
	if err != nil {
		f := describe(err)
		if f.Expected == "" && len(f.Candidates) == 0 || len(f.Error)+len(f.Expected) > 2000 {
			t.Errorf("%s %.200s is refused with %.2000s", tool.Name, arguments, fmt.Sprintf("%+v", f))
		}
		return f
	}
	t.Errorf("%s %.200s is taken: %.500s", tool.Name, arguments, answer)
	return Failure{}
}

func TestHostileArgumentsAreRefusedWithWhatToDoAndNothingIsSent(t *testing.T) {
	env, api, _ := newHostileEnv(t)
	huge, tooMuch := strings.Repeat("ñandú ", 7<<20/8), strings.Repeat("x", 10<<20) // 7 MB, and more than a call may have
	contact := `"contact": {"id": 9005}, "even_if_open": true`
	for _, call := range []struct {
		tool                Tool
		arguments, argument string
		kind                string
		candidates          int
	}{
		{updateCase, `{"case_number": 534787, "queue": "ventas"}`, "queue", kindArguments, 2},
		{updateCases, `{"case_numbers": [534787], "queue": "Ventas"}`, "queue", kindArguments, 2},
		{createCase, `{"queue": "Ventas", "channel": "email", "subject": "x", ` + contact + `}`, "queue", kindArguments, 2},
		{updateCase, `{"case_number": 534787, "agent": "Lucía"}`, "agent", kindArguments, 2},
		{updateCase, `{"case_number": 534787, "status": "lost"}`, "status", kindArguments, 0},
		{updateCase, `{"case_number": 534787, "status": "open' OR '1'='1"}`, "status", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "x", "then_status": "lost"}`, "then_status", kindArguments, 0},
		{updateCase, `{"case_number": 534787, "add_tags": ["no-such-tag"]}`, "add_tags", kindArguments, 0},
		{updateCase, `{"case_number": 534787, "tags": ["vip"]}`, "tags", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "` + huge + `"}`, "text", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "` + tooMuch + `"}`, "", kindArguments, 0},
		{createCase, `{"queue": "Redes", "channel": "email", "subject": "` + tooMuch + `", ` + contact + `}`, "", kindArguments, 0},
		{updateCase, `{"case_number": 534787, "subject": "` + huge + `"}`, "subject", kindArguments, 0},
		{createCase, `{"queue": "Redes", "channel": "email", "subject": "x", "message": "` + huge + `", ` + contact + `}`, "message", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "x", "confirm_token": "` + huge + `"}`, "confirm_token", kindRefused, 0},
		{replyToCase, `{"case_number": 534787, "text": "x", "confirm_token": "../../journal.jsonl"}`, "confirm_token", kindRefused, 0},
		{replyToCase, `{"case_number": 534786, "text": "x"}`, "case_number", kindArguments, 2},
		{replyToCase, `{"case_id": 534786, "text": "x"}`, "case_id", kindArguments, 2},
		{updateCase, `{"case_number": "534786", "status": "closed"}`, "case_number", kindArguments, 2},
		{deleteCase, `{"case_id": 534786}`, "case_id", kindArguments, 2},
		{updateCase, `{"case_number": 1, "status": "closed"}`, "", kindNotFound, 0},
		{updateCase, `{"case_number": 534787, "case_id": 430357543, "status": "closed"}`, "", kindArguments, 0},
		{updateCase, `{"case_number": 534787, "status": "closed", "expect": {"status": "solved"}}`, "expect.status", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "x", "channel": "email"}`, "channel", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "Hola {{1}}"}`, "text", kindArguments, 0},
		{replyToCase, `{"case_number": 534787, "text": "pague a \u202Emoc.elpmaxe"}`, "text", kindArguments, 0},
	} {
		got := refused(t, env, call.tool, call.arguments)
		if got.Kind != call.kind || got.Argument != call.argument && call.argument != "" || len(got.Candidates) < call.candidates {
			t.Errorf("%s %.200s: %.2000s", call.tool.Name, call.arguments, fmt.Sprintf("%+v", got))
		}
	}
	if writes := api.Writes(); len(writes) > 0 {
		t.Errorf("it was sent: %+.500v", writes)
	}
}

func TestATokenHoldsForWhatItWasGivenForOnceAndTenMinutes(t *testing.T) {
	env, api, clock := newHostileEnv(t)
	words := func(text, token string) string {
		return fmt.Sprintf(`{"case_number": 534787, "text": %q, "confirm_token": %q}`, text, token)
	}
	given := func(tool Tool, arguments string) string {
		t.Helper()
		preview := receiptOf(t, ask(t, env, tool, arguments))
		if preview.Outcome != guard.Preview || preview.ConfirmToken == "" {
			t.Fatalf("%s is answered %+v", arguments, preview)
		}
		return preview.ConfirmToken
	}
	must := func(what string, tool Tool, arguments string) {
		t.Helper()
		if f := refused(t, env, tool, arguments); f.Kind != kindRefused || f.Argument != "confirm_token" {
			t.Errorf("%s: %+v", what, f)
		}
	}
	const reply = `{"case_number": 534787, "text": "Sale hoy."}`

	token := given(replyToCase, reply)
	must("another text", replyToCase, words("Sale mañana.", token))
	must("another blank", replyToCase, words("Sale  hoy.", token))
	must("another status", replyToCase, fmt.Sprintf(`{"case_number": 534787, "text": "Sale hoy.", "then_status": "closed", "confirm_token": %q}`, token))
	must("another case", replyToCase, fmt.Sprintf(`{"case_number": 999001, "text": "Sale hoy.", "confirm_token": %q}`, token))
	must("another tool", deleteCase, fmt.Sprintf(`{"case_number": 534787, "confirm_token": %q}`, token))
	must("a delete that no person released", deleteCase, fmt.Sprintf(`{"case_number": 534787, "confirm_token": %q}`, given(deleteCase, `{"case_number": 534787}`)))

	restarted := *env
	restarted.Guard = newTokenGuard(clock)
	if f := refused(t, &restarted, replyToCase, words("Sale hoy.", token)); f.Argument != "confirm_token" {
		t.Errorf("a token of another process: %+v", f)
	}
	*clock = 10 * time.Minute
	must("an old token", replyToCase, words("Sale hoy.", token))

	token = given(replyToCase, reply)
	api.AddActivity(430357543, sandbox.Activity{Type: "contact_message", Channel: "whatsapp", Content: "Ya llegó, gracias", CreatedAt: noon})
	must("the customer wrote since", replyToCase, words("Sale hoy.", token))
	if writes := api.Writes(); len(writes) > 0 {
		t.Fatalf("it was sent: %+v", writes)
	}

	token = given(replyToCase, reply)
	if done := receiptOf(t, ask(t, env, replyToCase, words("Sale hoy.", token))); done.Outcome != guard.Done {
		t.Fatalf("with its token it says %+v", done)
	}
	must("a used token", replyToCase, words("Sale hoy.", token))
	if writes := api.Writes(); len(writes) != 1 {
		t.Errorf("%d writes", len(writes))
	}
}

package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

func TestTheWritesOfContactsCostAtMost560Tokens(t *testing.T) {
	tokens, total := counter(t), 0
	for _, tool := range []Tool{createContact, updateContact, setContactGroups, deleteContact} {
		n := listTokens(t, tokens, tool)
		t.Logf("%-20s %d", tool.Name, n)
		total += n
	}
	if total > 560 {
		t.Errorf("they cost %d tokens", total)
	}
}

// unread is an audit log that nobody reads.
type unread struct{}

func (unread) Append(json.RawMessage) error { return nil }

// newWriter makes what tools write contacts with.
func newWriter(t *testing.T) (*Env, *sandbox.API) {
	t.Helper()
	env, api := newEnv(t, 1000)
	env.Guard = &guard.Guard{Audit: unread{}, Mode: guard.Never, Now: time.Now, MayHave: wisecx.MayHaveHappened}
	return env, api
}

// receiptOf reads what came of a write.
func receiptOf(t *testing.T, answer []byte) (r guard.Receipt) {
	t.Helper()
	if err := json.Unmarshal(answer, &r); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return r
}

func TestUndoesAreCallsThatWork(t *testing.T) {
	env, api := newWriter(t)
	contact := func() string {
		for _, c := range api.Contacts() {
			if c.ID == 9005 {
				c.LastUpdate = noon
				return fmt.Sprintf("%+v", c)
			}
		}
		return ""
	}
	before := contact()
	byName := map[string]Tool{"update_contact": updateContact, "set_contact_groups": setContactGroups}
	for _, call := range []struct {
		tool      Tool
		arguments string
	}{
		{updateContact, `{"contact_id": "9005", "phone": 5493415559200, "name": "Otro", "address": null}`},
		{updateContact, `{"customer": 9005, "personalId": 30999888, "organization": 1201, "custom_fields": {"plan": "plata", "segmento": "pyme"}}`},
		{updateContact, `{"contact_id": 9005, "email": null, "custom_fields": {"plan": null}}`},
		{updateContact, `{"contact_id": 9005, "custom_fields": {"plan": ""}}`},
		{setContactGroups, `{"contact_id": 9005, "add": 33, "remove": ["31"]}`},
	} {
		done := receiptOf(t, ask(t, env, call.tool, call.arguments))
		if done.Outcome != guard.Done || contact() == before || done.Undo == nil {
			t.Fatalf("%s: %+v", call.arguments, done)
		}
		undo, err := json.Marshal(done.Undo.Arguments)
		if err != nil {
			t.Fatal(err)
		}
		if undone := receiptOf(t, ask(t, env, byName[done.Undo.Tool], string(undo))); undone.Outcome != guard.Done || contact() != before {
			t.Errorf("%s\nundone by %s: %+v\nbefore %s\nafter  %s", call.arguments, undo, undone, before, contact())
		}
	}
}

func TestWritesOfContactsRefuseWhatTheyDoNotKnow(t *testing.T) {
	env, api := newWriter(t)
	huge := strings.Repeat("x", 1<<20)
	for _, call := range []struct {
		tool                Tool
		arguments, argument string
		kind                string
	}{
		{createContact, `{"email": "a@example.com", "password": "x"}`, "password", kindArguments},
		{createContact, `{"email": "a@example.com", "custom_fields": {"PassWord": "x"}}`, "custom_fields.PassWord", kindArguments},
		{createContact, `{"email": ["a@example.com", "b@example.com"]}`, "email", kindArguments},
		{createContact, `{"email": {"address": "a@example.com"}}`, "email", kindArguments},
		{createContact, `{"phone": true}`, "phone", kindArguments},
		{createContact, `{"phone": 5491155510005, "dry_run": true}`, "phone", kindArguments},
		{createContact, `{"name": "` + huge + `", "phone": "5491155559100"}`, "name", kindArguments},
		{createContact, `{}`, "", kindArguments},
		{createContact, `[]`, "", kindArguments},
		{updateContact, `{"contact_id": 9005, "password": "x"}`, "password", kindArguments},
		{updateContact, `{"name": "x"}`, "contact_id", kindArguments},
		{updateContact, `{"contact_id": "nueve", "name": "x"}`, "contact_id", kindArguments},
		{updateContact, `{"contact_id": -9005, "name": "x"}`, "contact_id", kindArguments},
		{updateContact, `{"contact_id": 9005, "name": ["x", "y"]}`, "name", kindArguments},
		{updateContact, `{"contact_id": 9005, "name": ""}`, "name", kindArguments},
		{updateContact, `{"contact_id": 9005}`, "", kindArguments},
		{updateContact, `{"contact_id": 1, "name": "x"}`, "", kindNotFound},
		{setContactGroups, `{"contact_id": 9005, "groups": ["31"]}`, "groups", kindArguments},
		{setContactGroups, `{"contact_id": 9005, "add": ["` + huge + `"]}`, "add[0]", kindArguments},
		{deleteContact, `{"contact_id": 1}`, "", kindNotFound},
		{deleteContact, `{"email": "tomas.gomez.9005@example.com"}`, "", kindArguments},
		{deleteContact, `{"contact_id": 9005, "expect": {"name": "Otro"}}`, "expect.name", kindArguments},
	} {
		answer, err := call.tool.call(t.Context(), env, []byte(call.arguments))
		if err == nil {
			t.Errorf("%s %.200s is taken: %s", call.tool.Name, call.arguments, answer)
			continue
		}
		got := describe(err)
		if got.Kind != call.kind || got.Argument != call.argument && call.argument != "" || got.Expected == "" || len(got.Error) > 1000 {
			t.Errorf("%s %.200s: %.2000s", call.tool.Name, call.arguments, fmt.Sprintf("%+v", got))
		}
	}
	if n := len(api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestReceiptsOfHugeContactsFit(t *testing.T) {
	env, _ := newWriter(t)
	tokens := counter(t)
	long := strings.Repeat("ñandú ", 300)
	arguments := fmt.Sprintf(`{"email": "a@example.com", "name": %q, "address": %q, "custom_fields": {"plan": %q, "segmento": %q}, "dry_run": true}`, long[:200], long[:200], long, long)
	if answer := ask(t, env, createContact, arguments); tokens(string(answer)) > 1000 || receiptOf(t, answer).Outcome != guard.Preview {
		t.Errorf("%d tokens: %s", tokens(string(answer)), answer)
	}
}

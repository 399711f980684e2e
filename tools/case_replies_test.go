package tools

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"encoding/json"
	"testing"
	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

func TestTheToolsThatReplyCreateAndDeleteCostAtMost700TokensInTheList(t *testing.T) {
	tokens := counter(t)
	total := 0
	for _, tool := range []Tool{replyToCase, createCase, deleteCase} {
		n := listTokens(t, tokens, tool)
		t.Logf("%-20s %d", tool.Name, n)
		total += n
	}
	if total > 700 {
		t.Errorf("names, descriptions and input schemas cost %d tokens", total)
	}
}

func TestWhatReachesCustomersOrIsFinalDemandsThePerson(t *testing.T) {
	for _, tool := range All() {
		listed, err := json.Marshal(tool.Server(&Env{}).Tool)
		if err != nil {
			t.Fatal(err)
		}
		var shown struct {
			Meta map[string]any `json:"_meta"`
		}
		if err := json.Unmarshal(listed, &shown); err != nil {
			t.Fatal(err)
		}
		demands := shown.Meta["anthropic/requiresUserInteraction"] == true
		if wants := tool.Risk == Outbound || tool.Risk == Destructive || tool.Bulk; demands != wants {
			t.Errorf("%s, of risk %s: requiresUserInteraction %v", tool.Name, tool.Risk, demands)
		}
	}
}

// keeper is a journal, an audit log and approvals that remember nothing, for writes that are not made.
type keeper struct{}

func (keeper) Begin(string, json.RawMessage, bool) (*guard.Prior, guard.Entry, error) {
	return nil, nil, errors.New("nothing is to be sent")
}
func (keeper) Prior(string) (*guard.Prior, error)              { return nil, nil }
func (keeper) Resolve(string, json.RawMessage) error           { return nil }
func (keeper) Append(json.RawMessage) error                    { return errors.New("nothing is to be sent") }
func (keeper) Ask(string, string, time.Time) error             { return nil }
func (keeper) Answered(string) (yes, answered bool, err error) { return false, false, nil }

func TestRepliesAreTakenInManySpellingsAndRefusedBriefly(t *testing.T) {
	env, api := newEnv(t, 1000)
	env.Guard = &guard.Guard{Journal: keeper{}, Audit: keeper{}, Approvals: keeper{}, Now: time.Now, MayHave: wisecx.MayHaveHappened}
	mail := api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, SourceChannel: "email", Subject: "x"}, nil)
	chat := api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, SourceChannel: "whatsapp", Subject: "x"}, nil)
	for _, arguments := range []string{
		fmt.Sprintf(`{"case": "%d", "message": "Hola"}`, mail.Number),
		fmt.Sprintf(`{"case_id": %d, "text": "Hola", "then_status": "resuelto"}`, mail.ID),
		fmt.Sprintf(`{"case_id": %d, "text": %q}`, mail.ID, strings.Repeat("Una línea larga.\n", 1000)),
		fmt.Sprintf(`{"case_id": %d, "template": "tpl_seguimiento_pedido", "parameters": ["Ana", 77]}`, chat.ID),
		fmt.Sprintf(`{"case_id": %d, "template": "tpl_seguimiento_pedido", "variables": [{"key": "1", "value": "Ana"}, {"key": "2", "value": "77"}]}`, chat.ID),
	} {
		var preview guard.Receipt
		answer := ask(t, env, replyToCase, arguments)
		if err := json.Unmarshal(answer, &preview); err != nil || preview.Outcome != guard.Preview || preview.ConfirmToken == "" || preview.Question == "" {
			t.Errorf("%.200s: %.300s (%v)", arguments, answer, err)
		}
		if n := counter(t)(string(answer)); n > env.MaxTokens {
			t.Errorf("%.100s: %d tokens", arguments, n)
		}
	}
	for arguments, kind := range map[string]string{
		fmt.Sprintf(`{"case_id": %d, "text": "Hola", "channel": "email"}`, mail.ID):      kindArguments,
		fmt.Sprintf(`{"case_id": %d, "text": "Hola", "confirm_token": "x"}`, mail.ID):    kindRefused,
		fmt.Sprintf(`{"case_id": %d, "case_number": 1, "text": "Hola"}`, mail.ID):        kindArguments,
		fmt.Sprintf(`{"case_id": %d, "text": %q}`, mail.ID, strings.Repeat("a", 10<<20)): kindArguments,
		fmt.Sprintf(`{"case_id": %d, "text": "Hola %s"}`, mail.ID, "\xf1"):               kindArguments,
		fmt.Sprintf(`{"case_id": %d, "text": "Hola", "then_status": "done"}`, mail.ID):   kindArguments,
		`{"text": "Hola"}`: kindArguments,
	} {
		_, err := replyToCase.call(t.Context(), env, []byte(arguments))
		if err == nil {
			t.Errorf("%.100s is taken", arguments)
		} else if got := describe(err); got.Kind != kind || len(got.Error) > 500 {
			t.Errorf("%.100s: %s %.200s", arguments, got.Kind, got.Error)
		}
	}
	if n := len(api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
}

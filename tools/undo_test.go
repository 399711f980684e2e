package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

// openCases are the numbers of some cases that somebody has.
func openCases(api *sandbox.API, n int) (numbers []int64) {
	for _, c := range api.Cases() {
		if c.Status == "open" && c.UserID != 0 && c.UserID != 46684 && c.CreatedAt.After(noon.AddDate(0, -2, 0)) && len(numbers) < n {
			numbers = append(numbers, c.Number)
		}
	}
	return numbers
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnUndoOfManyLeavesOutWhatSomebodyChangedMeanwhile(t *testing.T) {
	env, api := trusting(t)
	numbers := openCases(api, 4)
	for _, n := range numbers {
		api.Change(caseOf(api, n).ID, func(c *sandbox.Case) { c.CustomFields = nil })
	}
	before := map[int64]sandbox.Case{}
	for _, c := range api.Cases() {
		before[c.Number] = c
	}
	done := madeOf(t, env, updateCases, `{"case_numbers":`+asJSON(t, numbers)+`,"agent":"46684","due_at":"2026-12-01T10:00","custom_fields":{"sucursal":"Rosario"}}`)
	if done.Outcome != guard.Done {
		t.Fatalf("%+v", done)
	}
	for i, change := range []string{`"agent":"Laura Medina"`, `"due_at":"2026-12-02T10:00"`, `"custom_fields":{"sucursal":"Córdoba"}`} {
		madeOf(t, env, updateCase, fmt.Sprintf(`{"case_number":%d,%s}`, numbers[i], change))
	}
	undo := strings.TrimSuffix(asJSON(t, done.Undo.Arguments), "}")
	preview := madeOf(t, env, updateCases, undo+`,"dry_run":true}`)
	for _, left := range []string{fmt.Sprintf(`%d: agent is "Laura Medina"`, numbers[0]), fmt.Sprintf(`%d: due_at is "2026-12-02 10:00"`, numbers[1]), fmt.Sprintf(`%d: custom.sucursal is "Córdoba"`, numbers[2])} {
		if !strings.Contains(preview.Question, left) || !strings.Contains(strings.Join(preview.Notes, "\n"), left) {
			t.Errorf("it does not say %s: %+v", left, preview)
		}
	}
	if !strings.HasPrefix(preview.Question, "Change 1 case?") || asJSON(t, preview.Object["changed_since"]) != asJSON(t, numbers[:3]) {
		t.Errorf("%+v", preview)
	}
	back := undone(t, env, done)
	if back.Outcome != guard.Partly || asJSON(t, back.Object[guard.Done]) != asJSON(t, numbers[3:]) || asJSON(t, back.Object["changed_since"]) != asJSON(t, numbers[:3]) {
		t.Errorf("%+v", back)
	}
	laura := caseOf(api, numbers[0])
	if laura.UserID == 46684 || laura.UserID == before[numbers[0]].UserID || laura.DueAt.IsZero() {
		t.Errorf("what somebody changed was undone: %+v", laura)
	}
	if last, was := caseOf(api, numbers[3]), before[numbers[3]]; last.UserID != was.UserID || !last.DueAt.Equal(was.DueAt) {
		t.Errorf("%+v, was %+v", last, was)
	}
	if again := undone(t, env, done); again.Outcome != guard.NoChange {
		t.Errorf("the undo once more: %+v", again)
	}
}

func TestAnUndoOfManyIsRefusedWhereAllWereChangedAgain(t *testing.T) {
	env, api := trusting(t)
	numbers := openCases(api, 2)
	done := madeOf(t, env, updateCases, `{"case_numbers":`+asJSON(t, numbers)+`,"status":"pending"}`)
	madeOf(t, env, updateCases, `{"case_numbers":`+asJSON(t, numbers)+`,"status":"solved"}`)
	writes := len(api.Writes())
	f := refused(t, env, updateCases, asJSON(t, done.Undo.Arguments))
	if f.Kind != kindArguments || !strings.Contains(f.Error, fmt.Sprintf(`%d, %d: status is "solved"`, numbers[0], numbers[1])) || len(api.Writes()) != writes {
		t.Errorf("%+v", f)
	}
	// expect of a caller is for all of the cases, as it is said.
	if f := refused(t, env, updateCases, `{"case_numbers":`+asJSON(t, numbers)+`,"status":"closed","expect":{"status":"open"}}`); f.Argument != "expect.status" {
		t.Errorf("%+v", f)
	}
}

func TestAnUndoNeverTakesBackWhatSomebodyElseDidSince(t *testing.T) {
	env, api := trusting(t)
	for _, call := range []struct {
		tool               Tool
		change, again      string
		argument, nowShown string
	}{
		{updateCase, `{"case_number":534787,"due_at":"3d"}`, `{"case_number":534787,"due_at":"4d"}`, "expect.due_at", "2026-11-22 12:00"},
		{updateCase, `{"case_number":534787,"custom_fields":{"sucursal":"Córdoba"}}`, `{"case_number":534787,"custom_fields":{"sucursal":"Neuquén"}}`, "expect.custom.sucursal", "Neuquén"},
		{updateCase, `{"case_number":534787,"subject":"Uno"}`, `{"case_number":534787,"subject":"Dos"}`, "expect.subject", "Dos"},
		{updateCase, `{"case_number":534787,"queue":"Ventas"}`, `{"case_number":534787,"agent":"Laura Medina"}`, "expect.agent", "Laura Medina"},
		{updateContact, `{"contact_id":9005,"phone":"5493415559200"}`, `{"contact_id":9005,"phone":"5493415559201"}`, "expect.phone", "5493415559201"},
		{updateContact, `{"contact_id":9005,"address":null}`, `{"contact_id":9005,"address":"Mitre 10"}`, "expect.address", "Mitre 10"},
		{updateContact, `{"contact_id":9005,"organization":"1201"}`, `{"contact_id":9005,"organization":null}`, "expect.organization", "empty"},
		{updateContact, `{"contact_id":9005,"custom_fields":{"plan":"plata"}}`, `{"contact_id":9005,"custom_fields":{"plan":null}}`, "expect.custom.plan", "empty"},
	} {
		done := madeOf(t, env, call.tool, call.change)
		if done.Outcome != guard.Done || done.Undo == nil {
			t.Fatalf("%s: %+v", call.change, done)
		}
		madeOf(t, env, call.tool, call.again)
		writes := len(api.Writes())
		arguments := asJSON(t, done.Undo.Arguments)
		if call.argument == "expect.custom.plan" || call.argument == "expect.organization" {
			// What is so already needs no undo; something else of it does.
			arguments = strings.TrimSuffix(arguments, "}") + `,"name":"Otro nombre"}`
		}
		if f := refused(t, env, call.tool, arguments); f.Argument != call.argument || !strings.Contains(f.Error, call.nowShown) || len(api.Writes()) != writes {
			t.Errorf("%s: %+v", arguments, f)
		}
	}
}

func TestAnUndoOfAContactMadeTwiceIsNoChange(t *testing.T) {
	env, _ := trusting(t)
	done := madeOf(t, env, updateContact, `{"contact_id":9005,"phone":"5493415559200","name":"Otro","address":null,"organization":"1201","custom_fields":{"plan":""}}`)
	for _, outcome := range []string{guard.Done, guard.NoChange} {
		if back := undone(t, env, done); back.Outcome != outcome {
			t.Errorf("%+v", back)
		}
	}
}

func TestTheUndoOfManyCasesStaysSmall(t *testing.T) {
	env, api := trusting(t)
	tokens := counter(t)
	agents := []string{}
	for _, u := range api.Users() {
		if !u.IsBot && len(agents) < 3 {
			agents = append(agents, fmt.Sprint(u.ID))
		}
	}
	var numbers []int64
	for _, c := range api.Cases() {
		if c.Status == "closed" && c.CreatedAt.After(noon.AddDate(0, -2, 0)) && len(numbers) < 60 {
			numbers = append(numbers, c.Number)
		}
	}
	alone := tokens(asJSON(t, numbers))
	for _, change := range []struct {
		what string
		most int // tokens beside the numbers of the cases
	}{{`"status":"pending"`, 50}, {`"status":"open","distribute_to":` + asJSON(t, agents), 1000}} {
		done := madeOf(t, env, updateCases, `{"case_numbers":`+asJSON(t, numbers)+`,`+change.what+`}`)
		n := tokens(asJSON(t, done.Undo)) - alone
		if t.Logf("%s: %d tokens beside %d for the numbers", change.what, n, alone); n > change.most || done.Undo == nil {
			t.Errorf("%s: %d tokens", change.what, n)
		}
		if back := undone(t, env, done); back.Outcome != guard.Done {
			t.Errorf("it does not undo: %+v", back)
		}
	}
}

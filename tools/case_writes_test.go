package tools

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// paper is an audit log that takes every line.
type paper struct{ keeper }

func (paper) Append(json.RawMessage) error { return nil }

// trusting gives an environment whose writes need no confirmation.
func trusting(t *testing.T) (*Env, *sandbox.API) {
	t.Helper()
	env, api := newEnv(t, 8000)
	env.Guard = &guard.Guard{Journal: paper{}, Audit: paper{}, Approvals: paper{}, Mode: guard.Never, Now: time.Now, MayHave: wisecx.MayHaveHappened}
	return env, api
}

// madeOf calls a tool that writes.
func madeOf(t *testing.T, env *Env, tool Tool, arguments string) guard.Receipt {
	t.Helper()
	var r guard.Receipt
	if err := json.Unmarshal(ask(t, env, tool, arguments), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func caseOf(api *sandbox.API, number int64) sandbox.Case {
	for _, c := range api.Cases() {
		if c.Number == number {
			return c
		}
	}
	return sandbox.Case{}
}

// undone makes the call of an undo as it stands.
func undone(t *testing.T, env *Env, r guard.Receipt) guard.Receipt {
	t.Helper()
	if r.Undo == nil {
		t.Fatalf("there is no undo: %+v", r)
	}
	arguments, err := json.Marshal(r.Undo.Arguments)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range All() {
		if tool.Name == r.Undo.Tool {
			return madeOf(t, env, tool, string(arguments))
		}
	}
	t.Fatalf("there is no tool %s", r.Undo.Tool)
	return r
}

func TestTheUndoOfAnUpdateIsACallThatWorks(t *testing.T) {
	env, api := trusting(t)
	before := map[int64]sandbox.Case{}
	for _, c := range api.Cases() {
		before[c.Number] = c
	}
	same := func(what string) {
		t.Helper()
		for _, c := range api.Cases() {
			if was := before[c.Number]; c.Status != was.Status || c.UserID != was.UserID || c.GroupID != was.GroupID || c.Priority != was.Priority || !c.DueAt.Equal(was.DueAt) || len(c.Tags) != len(was.Tags) {
				t.Errorf("%s: case %d is %+v, was %+v", what, c.Number, c, was)
			}
		}
	}
	for _, arguments := range []string{
		`{"case_number":534787,"status":"en espera","agent":null,"due_at":"2027-01-15","add_tags":["` + api.Tags()[1].Name + `"]}`,
		`{"case_number":534787,"queue":"Facturación","agent":"46684"}`,
		`{"case_id":"430357543","custom_fields":{"sucursal":"Córdoba"}}`,
	} {
		r := madeOf(t, env, updateCase, arguments)
		if r.Outcome != guard.Done {
			t.Fatalf("%s: %+v", arguments, r)
		}
		if back := undone(t, env, r); back.Outcome != guard.Done {
			t.Errorf("undo of %s: %+v", arguments, back)
		}
		same(arguments)
	}
	var numbers []int64
	for _, c := range api.Cases() {
		if c.Status != "closed" && c.CreatedAt.After(noon.AddDate(0, -1, 0)) && len(numbers) < 60 {
			numbers = append(numbers, c.Number)
		}
	}
	list, _ := json.Marshal(numbers)
	var agents []int64
	for _, u := range api.Users() {
		if !u.IsBot && len(agents) < 3 {
			agents = append(agents, u.ID)
		}
	}
	to, _ := json.Marshal(agents)
	r := madeOf(t, env, updateCases, `{"case_numbers":`+string(list)+`,"status":"closed","distribute_to":`+string(to)+`}`)
	if r.Outcome != guard.Done {
		t.Fatalf("%+v", r)
	}
	if back := undone(t, env, r); back.Outcome != guard.Done {
		t.Errorf("undo of many: %+v", back)
	}
	same("many")
	r = madeOf(t, env, updateCases, `{"case_numbers":`+string(list)+`,"queue":"Brasil","priority":"urgent"}`)
	if back := undone(t, env, r); back.Outcome != guard.Done && back.Outcome != guard.Partly {
		t.Errorf("undo of cases of several queues: %+v", back)
	}
	for _, c := range api.Cases() {
		if was := before[c.Number]; c.GroupID != was.GroupID || c.UserID != was.UserID {
			t.Errorf("case %d stays in queue %d with agent %d, was in %d with %d", c.Number, c.GroupID, c.UserID, was.GroupID, was.UserID)
		}
	}
}

func TestAnUndoRefusesWhereTheSameWasChangedAgain(t *testing.T) {
	env, api := trusting(t)
	r := madeOf(t, env, updateCase, `{"case_number":534787,"status":"pending"}`)
	madeOf(t, env, updateCase, `{"case_number":534787,"status":"closed"}`)
	arguments, _ := json.Marshal(r.Undo.Arguments)
	if answer, err := updateCase.call(t.Context(), env, arguments); err == nil {
		t.Errorf("it answers %s", answer)
	}
	for _, c := range api.Cases() {
		if c.Number == 534787 && c.Status != "closed" {
			t.Errorf("the case is %s", c.Status)
		}
	}
}

func TestADueTimeThatIsOverIsTakenWithANote(t *testing.T) {
	env, api := trusting(t)
	if r := madeOf(t, env, updateCase, `{"case_number":534787,"due_at":"24h"}`); r.Outcome != guard.Done || r.Changes[0].After != "2026-11-19 12:00" || len(r.Notes) > 0 {
		t.Errorf("%+v", r)
	}
	for _, call := range []struct {
		tool      Tool
		arguments string
	}{
		{updateCase, `{"case_number":534787,"due_at":"yesterday","dry_run":true}`}, {updateCase, `{"case_number":534787,"due_at":"yesterday"}`},
		{updateCases, `{"case_numbers":[534787],"due_at":"2026-11-16T10:00","dry_run":true}`}, {updateCases, `{"case_numbers":[534787],"due_at":"2026-11-16T10:00"}`},
		{createCase, `{"queue":"Soporte","channel":"web","subject":"x","contact":{"id":9005},"due_at":"2026-11-18T08:00","even_if_open":true,"dry_run":true}`},
	} {
		if r := madeOf(t, env, call.tool, call.arguments); r.Outcome != guard.Done && r.Outcome != guard.Preview || !strings.Contains(strings.Join(r.Notes, "\n"), "overdue at once") {
			t.Errorf("%s %s: %+v", call.tool.Name, call.arguments, r)
		}
	}
	if c := caseOf(api, 534787); !c.DueAt.Equal(time.Date(2026, 11, 16, 13, 0, 0, 0, time.UTC)) {
		t.Errorf("it is due %s", c.DueAt)
	}
}

func TestAnUndoBringsBackADueTimeThatIsOverToTheSecond(t *testing.T) {
	env, api := trusting(t)
	over := time.Date(2026, 11, 17, 13, 11, 42, 0, time.UTC)
	var numbers []string
	for _, c := range api.Cases() {
		if c.Status == "open" && c.CreatedAt.After(noon.AddDate(0, -1, 0)) && len(numbers) < 3 {
			at := over.Add(time.Duration(len(numbers)/2) * time.Hour) // two of the three were due at the same time
			numbers = append(numbers, fmt.Sprint(c.Number))
			api.Change(c.ID, func(c *sandbox.Case) { c.DueAt = at })
		}
	}
	was := api.Cases()
	for _, r := range []guard.Receipt{
		madeOf(t, env, updateCase, `{"case_number":`+numbers[0]+`,"due_at":"3d"}`),
		madeOf(t, env, updateCases, `{"case_numbers":[`+strings.Join(numbers[1:], ",")+`],"due_at":null}`),
	} {
		if back := undone(t, env, r); back.Outcome != guard.Done || !strings.Contains(strings.Join(back.Notes, "\n"), "overdue at once") {
			t.Errorf("%+v", back)
		}
	}
	for i, now := range api.Cases() {
		if now.Number != was[i].Number || !now.DueAt.Equal(was[i].DueAt) {
			t.Errorf("case %d was due %s, and is %s", now.Number, was[i].DueAt, now.DueAt)
		}
	}
}

func TestNullClearsAndTheRefusalOfAnEmptyTextSaysSo(t *testing.T) {
	env, api := trusting(t)
	for _, name := range []string{"agent", "due_at"} {
		if f := refused(t, env, updateCase, `{"case_number":534787,"`+name+`":""}`); f.Argument != name || !strings.Contains(f.Expected, "null clears it") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for i, none := range []string{`null`, `""`} {
		madeOf(t, env, updateCase, `{"case_number":534787,"custom_fields":{"sucursal":"Rosario"}}`)
		tool, which := updateCase, `"case_number":534787`
		if i == 0 {
			tool, which = updateCases, `"case_numbers":[534787]`
		}
		if r := madeOf(t, env, tool, `{`+which+`,"custom_fields":{"sucursal":`+none+`}}`); r.Outcome != guard.Done {
			t.Errorf("%s: %+v", none, r)
		}
		for _, c := range api.Cases() {
			if c.Number == 534787 && slices.ContainsFunc(c.CustomFields, func(f sandbox.CustomField) bool { return f.Field == "sucursal" && f.Value != "" }) {
				t.Errorf("%s leaves %+v", none, c.CustomFields)
			}
		}
	}
}

func TestAnUnknownCustomFieldIsRefusedAsOneOfCustomFields(t *testing.T) {
	env, _ := trusting(t)
	for tool, arguments := range map[*Tool]string{
		&updateCase: `{"case_number":534787,"custom_fields":{"sucursl":"x"}}`, &updateCases: `{"case_numbers":[534787],"custom_fields":{"sucursl":null}}`,
		&createCase: `{"queue":"Soporte","channel":"web","subject":"x","contact":{"id":9005},"custom_fields":{"sucursl":"x"},"even_if_open":true,"dry_run":true}`,
	} {
		f := refused(t, env, *tool, arguments)
		if f.Argument != "custom_fields.sucursl" || strings.Contains(f.Expected, "status") || !slices.Contains(f.Candidates, "sucursal") {
			t.Errorf("%s: %+v", tool.Name, f)
		}
	}
}

func TestAMoveSaysThatItMayTakeTheAgentAndItsUndoBringsThemBack(t *testing.T) {
	env, api := trusting(t)
	var numbers []int64
	for _, c := range api.Cases() {
		if c.UserID != 0 && c.GroupID == 24717 && c.Status == "open" && c.CreatedAt.After(noon.AddDate(0, -2, 0)) && len(numbers) < 4 {
			numbers = append(numbers, c.Number)
		}
	}
	list, _ := json.Marshal(numbers)
	before := api.Cases()
	for _, call := range []struct {
		tool       Tool
		which, may string
	}{
		{updateCase, fmt.Sprintf(`"case_number":%d`, numbers[0]), "may take the case from its agent"},
		{updateCases, `"case_numbers":` + string(list), "may take 4 of the cases from their agents"},
	} {
		for _, kept := range []string{`,"agent":"46684"`, `,"agent":null`} {
			if preview := madeOf(t, env, call.tool, `{`+call.which+`,"queue":"Ventas"`+kept+`,"dry_run":true}`); strings.Contains(strings.Join(preview.Notes, "\n"), "may take") {
				t.Errorf("%s with an agent given: %+v", call.tool.Name, preview)
			}
		}
		preview := madeOf(t, env, call.tool, `{`+call.which+`,"queue":"Ventas","due_at":"2026-11-24","dry_run":true}`)
		if !strings.Contains(strings.Join(preview.Notes, "\n"), call.may) || call.tool.Bulk && !strings.Contains(preview.Question, "may take 4 from their agents") {
			t.Errorf("%s: %+v", call.tool.Name, preview)
		}
		moved := madeOf(t, env, call.tool, `{`+call.which+`,"queue":"Ventas","due_at":"2026-11-24"}`)
		at := slices.IndexFunc(moved.Changes, func(c guard.Change) bool { return c.Field == "agent" })
		if moved.Outcome != guard.Done || at < 0 || moved.Changes[at].After != nil || moved.Changes[at].Before == nil || !strings.Contains(strings.Join(moved.Notes, "\n"), "agent changed too") || strings.Contains(strings.Join(moved.Notes, "\n"), "may take") {
			t.Errorf("%s: %+v", call.tool.Name, moved)
		}
		if back := undone(t, env, moved); back.Outcome != guard.Done {
			t.Errorf("%s: %+v", call.tool.Name, back)
		}
		for i, now := range api.Cases() {
			if was := before[i]; now.Number != was.Number || now.GroupID != was.GroupID || now.UserID != was.UserID || !now.DueAt.Equal(was.DueAt) {
				t.Errorf("%s: case %d is of queue %d and agent %d, was of %d and %d", call.tool.Name, now.Number, now.GroupID, now.UserID, was.GroupID, was.UserID)
			}
		}
	}
}

func TestCasesThatMoveStayWithTheAgentWhoIsToGetThem(t *testing.T) {
	env, api := trusting(t)
	r := madeOf(t, env, updateCases, `{"case_numbers":[534787],"queue":"Ventas","distribute_to":["46684"]}`)
	if c := caseOf(api, 534787); r.Outcome != guard.Done || c.UserID != 46684 {
		t.Errorf("the case is of %d: %+v", c.UserID, r)
	}
}

func TestTheAdviceOnAWriteThatTheAPIRefusesFitsAWrite(t *testing.T) {
	env, api := trusting(t)
	for tool, arguments := range map[*Tool]string{
		&updateCase:  `{"case_number":534787,"queue":"Ventas","agent":"46684","priority":"super"}`,
		&updateCases: `{"case_numbers":[534787],"queue":"Ventas","priority":"super"}`,
	} {
		_, err := tool.call(t.Context(), env, []byte(arguments))
		if err == nil {
			t.Fatalf("%s is taken", arguments)
		}
		if f := describe(err); f.Kind != kindArguments || strings.Contains(f.Error, "filter") || !strings.Contains(f.Error, "Invalid priority") || !strings.Contains(f.Error, "; correct what it names") {
			t.Errorf("%s: %+v", tool.Name, f)
		}
	}
	if n := len(api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
}

package tools

import (
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestExpectWithNullMeansThatTheFieldIsEmpty(t *testing.T) {
	env, api := trusting(t)
	for _, call := range []struct {
		tool                Tool
		arguments, argument string
	}{
		{updateCase, `{"case_number": 534787, "agent": "Laura Medina", "expect": {"agent": null}}`, "expect.agent"},
		{updateCases, `{"case_numbers": [534787], "agent": "Laura Medina", "expect": {"agent": null}}`, "expect.agent"},
		{updateCases, `{"case_numbers": [534787], "agent": "Laura Medina", "expect": "{\"agent\": null}", "dry_run": true}`, "expect.agent"},
		{deleteCase, `{"case_number": 534787, "expect": {"agent": null}, "dry_run": true}`, "expect.agent"},
		{updateContact, `{"contact_id": 9005, "name": "Otro", "expect": {"email": null}}`, "expect.email"},
		{deleteContact, `{"contact_id": 9005, "expect": {"email": null}, "dry_run": true}`, "expect.email"},
	} {
		if f := refused(t, env, call.tool, call.arguments); f.Argument != call.argument || f.Kind != kindArguments || !strings.Contains(f.Error, " now, not empty") {
			t.Errorf("%s %s: %+v", call.tool.Name, call.arguments, f)
		}
	}
	if n := len(api.Writes()); n != 0 {
		t.Errorf("%d writes", n)
	}
	madeOf(t, env, updateCase, `{"case_number": 534787, "agent": null}`)
	if r := madeOf(t, env, updateCase, `{"case_number": 534787, "agent": "Laura Medina", "expect": {"agent": null, "due_at": null}}`); r.Outcome != "done" {
		t.Errorf("of nobody's case: %+v", r)
	}
}

func TestExpectTakesTheWordsOfStatusAndWhatIsShownOfATime(t *testing.T) {
	env, api := trusting(t)
	api.Change(430357543, func(c *sandbox.Case) { c.DueAt = time.Date(2026, 11, 25, 20, 13, 42, 0, time.UTC) })
	for _, arguments := range []string{
		`{"case_number": 534787, "priority": "high", "expect": {"status": "abierto", "due_at": "2026-11-25 17:13", "agent": 46684}}`,
		`{"case_number": 534787, "priority": "normal", "expect": {"status": "Abierta", "priority": "Alta"}}`,
	} {
		if r := madeOf(t, env, updateCase, arguments); r.Outcome != "done" {
			t.Errorf("%s: %+v", arguments, r)
		}
	}
	for arguments, now := range map[string]string{`{"status": "resuelto"}`: `"open" now`, `{"foo": "1"}`: "unknown", `{"agent": "nadie"}`: `"Franco González" now`} {
		if f := refused(t, env, updateCase, `{"case_number": 534787, "priority": "high", "expect": `+arguments+`}`); !strings.Contains(f.Error, now) {
			t.Errorf("%s: %+v", arguments, f)
		}
	}
}

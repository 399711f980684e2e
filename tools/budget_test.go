package tools

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestAConciseRowCostsAtMostSixtyTokensAndAThirdOfARawOne(t *testing.T) {
	env, api := newEnv(t, 20000)
	tokens := counter(t)
	answer := ask(t, env, searchCases, `{"limit": 100}`)
	total, rows := 0, decode(t, answer).Cases
	var cases struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(answer, &cases); err != nil {
		t.Fatal(err)
	}
	for _, row := range cases.Cases {
		total += tokens(string(row))
	}
	if mean := float64(total) / float64(len(rows)); mean > 60 {
		t.Errorf("a row costs %.1f tokens in the mean", mean)
	}
	ours := tokens(string(ask(t, env, searchCases, `{}`)))
	theirs := tokens(string(raw(t, api, "/cases?limit=20&sort=desc&sort_field=id")))
	if ours*3 > theirs {
		t.Errorf("20 rows cost %d tokens, raw %d", ours, theirs)
	}
	t.Logf("a row %.1f tokens in the mean; 20 rows %d, raw %d", float64(total)/float64(len(rows)), ours, theirs)
}

func TestAResultNeverExceedsItsBudgetAndGoesOnWhereItWasCut(t *testing.T) {
	tokens := counter(t)
	for _, budget := range []int{1000, 2000, 5000} {
		env, _ := newEnv(t, budget)
		arguments := `{"status": ["open"], "limit": 100, "fields": ["+summary", "+tags", "+type", "+custom_fields", "+contact_id"]}`
		whole, _ := newEnv(t, 20000)
		var want, got []any
		for cursor := ""; ; {
			page := decode(t, ask(t, whole, searchCases, withCursor(arguments, cursor)))
			want = append(want, ids(page.Cases)...)
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		for cursor, pages := "", 0; ; pages++ {
			answer := ask(t, env, searchCases, withCursor(arguments, cursor))
			page := decode(t, answer)
			if n := tokens(string(answer)); n > budget {
				t.Errorf("an answer of %d tokens for a budget of %d", n, budget)
			}
			if page.Returned != len(page.Cases) || page.HasMore != (page.NextCursor != "") || len(page.Cases) == 0 {
				t.Fatalf("returned %d, %d rows, has_more %v, cursor %q", page.Returned, len(page.Cases), page.HasMore, page.NextCursor)
			}
			got = append(got, ids(page.Cases)...)
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("budget %d: %d cases in all, want %d", budget, len(got), len(want))
		}
	}
}

func withCursor(arguments, cursor string) string {
	if cursor == "" {
		return arguments
	}
	return strings.TrimSuffix(arguments, "}") + `, "cursor": "` + cursor + `"}`
}

func ids(rows []map[string]any) []any {
	var ids []any
	for _, r := range rows {
		ids = append(ids, r["id"])
	}
	return ids
}

func TestOneHugeCaseStillFits(t *testing.T) {
	tokens := counter(t)
	env, api := newEnv(t, 1000)
	huge := strings.Repeat("¿Dónde está mi pedido 😡 número 123456789? ", 3000)
	var fields []sandbox.CustomField
	for i := range 60 {
		fields = append(fields, sandbox.CustomField{Field: fmt.Sprintf("un campo con un nombre muy largo número %d", i), Value: huge[:3000]})
	}
	var thread []sandbox.Activity
	for i := range 30 {
		thread = append(thread, sandbox.Activity{Type: "contact_message", Channel: "whatsapp", Content: huge, CreatedAt: noon.Add(time.Duration(i-40) * time.Minute),
			ContactFrom: &sandbox.Party{ID: 9005, Name: huge}, Attachments: slices.Repeat([]sandbox.Attachment{{Name: huge[:300]}}, 30)})
	}
	planted := api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "whatsapp", Subject: huge, Summary: huge,
		Tags: slices.Repeat([]string{huge[:300]}, 40), CustomFields: fields, CreatedAt: noon.Add(-time.Hour)}, thread)
	for tool, arguments := range map[*Tool]string{
		&searchCases: fmt.Sprintf(`{"case_number": %d, "fields": ["+summary", "+tags", "+custom_fields"]}`, planted.Number),
		&getCase:     fmt.Sprintf(`{"case_id": %d, "include": ["contact", "messages", "events", "custom_fields"], "latest_messages": 50}`, planted.ID),
	} {
		answer := ask(t, env, *tool, arguments)
		if n := tokens(string(answer)); n > 1000 || !json.Valid(answer) {
			t.Errorf("%s answers %d tokens, valid JSON %v", tool.Name, n, json.Valid(answer))
		}
		if !strings.Contains(string(answer), fmt.Sprint(planted.Number)) {
			t.Errorf("%s lost the case's number: %s", tool.Name, answer)
		}
	}
	env.MaxTokens = 2000
	if n := tokens(string(ask(t, env, getCase, fmt.Sprintf(`{"case_id": %d, "include": ["contact", "messages", "custom_fields"], "latest_messages": 50}`, planted.ID)))); n > 2000 {
		t.Errorf("get_case answers %d tokens for a budget of 2000", n)
	}
	env.MaxTokens = 8000
	answer := ask(t, env, getCase, fmt.Sprintf(`{"case_id": %d}`, planted.ID))
	if n := tokens(string(answer)); n > 8000 || !strings.Contains(string(answer), "characters left out") {
		t.Errorf("get_case answers %d tokens and does not say what it left out", n)
	}
}

func TestFailuresSayWhatToDoNext(t *testing.T) {
	env, _ := newEnv(t, 8000)
	for arguments, want := range map[string]Failure{
		`{"statsu": "open"}`:           {Kind: kindArguments, Argument: "statsu", Candidates: []string{"status"}},
		`{"limit": 5000}`:              {Kind: kindArguments, Argument: "limit"},
		`{"queue": "Suporte Tecnico"}`: {Kind: kindArguments, Argument: "queue", Candidates: []string{"Soporte Técnico (24717)"}},
		`{"where": "subject"}`:         {Kind: kindArguments, Argument: "where"},
		`[]`:                           {Kind: kindArguments},
		`{"case_number": "abc"}`:       {Kind: kindArguments, Argument: "case_number[0]"},
	} {
		_, err := searchCases.call(t.Context(), env, []byte(arguments))
		if err == nil {
			t.Errorf("%s is taken", arguments)
			continue
		}
		got := describe(err)
		if got.Kind != want.Kind || got.Argument != want.Argument || got.Error == "" || len(want.Candidates) > 0 && (len(got.Candidates) == 0 || got.Candidates[0] != want.Candidates[0]) {
			t.Errorf("%s: %+v", arguments, got)
		}
		if text := textOf(t, failure(err)); strings.Contains(text, `\u003c`) || !json.Valid([]byte(text)) {
			t.Errorf("%s: the failure is written as %s", arguments, text)
		}
	}
	_, err := getCase.call(t.Context(), env, []byte(`{"case_number": 111111}`))
	if got := describe(err); got.Kind != kindNotFound || got.Expected == "" {
		t.Errorf("an unknown case gives %+v", got)
	}
	env.Missing = "no key"
	if _, err := getCase.call(t.Context(), env, []byte(`{"x": 1}`)); describe(err).Error != "no key" {
		t.Errorf("without settings a call says %v", err)
	}
}

// listTokens is what one tool costs in tools/list: its name, description and input schema.
func listTokens(t *testing.T, tokens func(string) int, tool Tool) int {
	t.Helper()
	listed, err := json.Marshal(map[string]any{"name": tool.Name, "description": tool.Description, "inputSchema": json.RawMessage(tool.input)})
	if err != nil {
		t.Fatal(err)
	}
	return tokens(string(listed))
}

func TestTheReadToolsCostAtMost3200TokensInTheList(t *testing.T) {
	tokens := counter(t)
	total := 0
	for _, tool := range All() {
		if tool.Risk == Read && slices.Contains([]string{"cases", "contacts", "directory"}, tool.Toolset) {
			n := listTokens(t, tokens, tool)
			t.Logf("%-20s %d", tool.Name, n)
			total += n
		}
	}
	if t.Logf("%-20s %d", "all", total); total > 3200 {
		t.Errorf("names, descriptions and input schemas cost %d tokens", total)
	}
}

func TestTheDefaultToolsCostAtMost5500TokensAnd45KBInTheList(t *testing.T) {
	tokens := counter(t)
	total, wire := 0, 0
	for _, tool := range Select(Selection{Toolsets: DefaultToolsets, Allow: []Risk{Outbound}}) {
		total += listTokens(t, tokens, tool)
		listed, err := json.Marshal(tool.Server(nil).Tool)
		if err != nil {
			t.Fatal(err)
		}
		wire += len(listed)
	}
	if t.Logf("%d tokens, %d bytes", total, wire); total > 5500 || wire > 45_000 {
		t.Errorf("%d tokens, %d bytes", total, wire)
	}
}

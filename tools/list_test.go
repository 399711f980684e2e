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

func TestAListThatTheBudgetCutsSaysSoOnce(t *testing.T) {
	tokens := counter(t)
	for _, c := range []struct {
		tool      Tool
		rows      string // the name of the list
		arguments string
		limit     int
		cut       int // at this budget, and not at 20,000
	}{
		{searchCases, "cases", `{"limit": 60}`, 60, 2000},
		{searchCases, "cases", `{"waiting_on": "us", "created_after": "6d", "limit": 30}`, 30, 1000},
		{searchContacts, "contacts", `{"limit": 60}`, 60, 1500},
		{getCaseMessages, "messages", `{"case_number": %d, "limit": 100}`, 100, 1000},
		{searchMessages, "messages", `{"limit": 50}`, 50, 2000},
	} {
		for _, budget := range []int{c.cut, 20000} {
			env, api := newEnv(t, budget)
			arguments := strings.Replace(c.arguments, "%d", fmt.Sprint(talkative(api).Number), 1)
			answer := ask(t, env, c.tool, arguments)
			var page map[string]any
			if err := json.Unmarshal(answer, &page); err != nil || tokens(string(answer)) > budget {
				t.Fatalf("%s: %v, %d tokens for a budget of %d", c.arguments, err, tokens(string(answer)), budget)
			}
			rows, _ := page[c.rows].([]any)
			notes, _ := page["notes"].([]any)
			said := len(slices.DeleteFunc(slices.Clone(notes), func(n any) bool { return n != cutNote }))
			if cut := budget == c.cut; cut != (said == 1) || said > 1 || cut && (page["next_cursor"] == nil || len(rows) == 0 || len(rows) >= c.limit) {
				t.Errorf("%s %s: %d rows for %d tokens, notes %v", c.tool.Name, c.arguments, len(rows), budget, notes)
			}
		}
	}
}

// talkative plants a case with forty messages.
func talkative(api *sandbox.API) sandbox.Case {
	var thread []sandbox.Activity
	for i := range 40 {
		thread = append(thread, sandbox.Activity{Type: "contact_message", Channel: "web", Content: fmt.Sprintf("Sigo esperando, ya van %d horas.", i), CreatedAt: noon.Add(time.Duration(i-50) * time.Hour),
			ContactFrom: &sandbox.Party{ID: 9005, Name: "Tomás Gómez"}})
	}
	return api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "web", Subject: "Sin respuesta", CreatedAt: thread[0].CreatedAt}, thread)
}

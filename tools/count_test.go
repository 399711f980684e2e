package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// counted is an answer of count_cases.
type counted struct {
	Total    map[string]any
	Groups   []map[string]any
	Columns  []string
	Rows     [][]any
	Others   map[string]float64
	Exact    *bool
	DatedBy  string `json:"dated_by"`
	Applied  string
	Coverage map[string]any
	Timezone string
	Notes    []string
}

func decodeCount(t testing.TB, answer []byte) (c counted) {
	t.Helper()
	if err := json.Unmarshal(answer, &c); err != nil || c.Exact == nil || c.Total["count"] == nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return c
}

func TestCountCasesCostsLittleToList(t *testing.T) {
	var schema bytes.Buffer
	if err := json.Compact(&schema, countCases.input); err != nil {
		t.Fatal(err)
	}
	tokens := counter(t)
	n := tokens(countCases.Name) + tokens(countCases.Description) + tokens(schema.String())
	if n > 520 {
		t.Errorf("count_cases costs %d tokens", n)
	}
	t.Logf("count_cases costs %d tokens", n)
}

func TestACountAnswersByNoneOneAndTwoKeys(t *testing.T) {
	env, api := newEnv(t, 8000)
	listed := float64(len(api.Listed()))
	none := decodeCount(t, ask(t, env, countCases, `{}`))
	if none.Total["count"] != listed || none.Groups != nil || none.Rows != nil || !*none.Exact || none.Applied != "no filter" || none.Timezone == "" || none.DatedBy != "" {
		t.Errorf("without a key: %+v", none)
	}
	one := decodeCount(t, ask(t, env, countCases, `{"group_by": "cola"}`))
	sum := 0.0
	for _, g := range one.Groups {
		sum += g["count"].(float64)
	}
	if sum != listed || len(one.Groups) != len(api.Queues()) || one.Rows != nil {
		t.Errorf("by one key: %+v", one)
	}
	two := decodeCount(t, ask(t, env, countCases, `{"groupBy": ["día, canal"], "since": "2026-10", "until": "2026-10"}`))
	if len(two.Rows) != 31 || two.Columns[0] != "day" || two.Columns[len(two.Columns)-1] != "total" || two.Groups != nil || two.DatedBy != "created_at" {
		t.Errorf("by two keys: %+v", two)
	}
	measured := decodeCount(t, ask(t, env, countCases, `{"measure": "first_reply_time", "group_by": ["queue"], "max_scan": 30}`))
	first, _ := measured.Groups[0]["first_reply_time"].(map[string]any)
	if first["unit"] != "minutes" || first["n"] == nil || measured.Total["count"] != 30.0 || *measured.Exact || len(measured.Notes) == 0 {
		t.Errorf("measured: %+v", measured)
	}
}

func TestWrongArgumentsOfACountAreRefused(t *testing.T) {
	env, _ := newEnv(t, 8000)
	many := strings.TrimSuffix(strings.Repeat(`"x",`, 101), ",")
	for arguments, argument := range map[string]string{
		`{"group_by": ["queue", "status", "day"]}`: "group_by", `{"group_by": "queue, status, day"}`: "group_by", `{"group_by": ["queue", "queues"]}`: "group_by", `{"group_by": ["colour"]}`: "group_by",
		`{"group_by": {"a": 1}}`: "group_by", `{"group_by": 7}`: "group_by", `{"measure": "speed"}`: "measure", `{"measure": [7]}`: "measure",
		`{"max_scan": 0}`: "max_scan", `{"max_scan": -1}`: "max_scan", `{"max_scan": 50001}`: "max_scan", `{"max_scan": "lots"}`: "max_scan", `{"limit": 5}`: "limit", `{"cursor": "x"}`: "cursor",
		`{"fields": ["id"]}`: "fields", `{"sort_by": "id"}`: "sort_by", `{"queue": "Suporte Tecnico"}`: "queue", `{"created_after": "soon"}`: "created_after", `{"status": "broken"}`: "status",
		`{"queue": [` + many + `]}`: "queue", `{"tags": [` + many + `]}`: "tags", `{"text": "` + strings.Repeat("pedido ", 200) + `"}`: "text", `{"where": [` + strings.TrimSuffix(strings.Repeat(`"a = b",`, 21), ",") + `]}`: "where",
	} {
		_, err := countCases.call(t.Context(), env, []byte(arguments))
		if err == nil {
			t.Errorf("%.80s is taken", arguments)
			continue
		}
		got := describe(err)
		if name, _, _ := strings.Cut(got.Argument, "["); got.Kind != kindArguments || name != argument || got.Error == "" || got.Expected == "" {
			t.Errorf("%.80s: %+v", arguments, got)
		}
	}
	if got := describe(second(countCases.call(t.Context(), env, []byte(`{"group_by": "colour"}`)))); !strings.Contains(got.Expected, "status, queue, agent, channel, type, tag, priority, day, week, month, hour") {
		t.Errorf("a refusal names no keys: %+v", got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestACountFitsItsBudgetAndSumsUpTheRest(t *testing.T) {
	tokens := counter(t)
	for _, budget := range []int{1000, 2000, 8000} {
		env, api := newEnv(t, budget)
		hostile(t, api)
		for _, arguments := range []string{
			`{}`, `{"group_by": "type"}`, `{"group_by": "tag"}`, `{"group_by": "agent"}`, `{"group_by": "day"}`, `{"group_by": ["day", "tag"]}`, `{"group_by": ["tag", "day"]}`,
			`{"group_by": ["type", "agent"]}`, `{"group_by": ["queue", "status"]}`, `{"group_by": ["agent", "type"], "measure": ["age", "resolution_time", "first_read_time"]}`,
			`{"group_by": ["tag"], "measure": ["count", "age", "first_read_time", "first_reply_time", "reply_time", "resolution_time"], "max_scan": 40}`,
			`{"group_by": ["tag", "type"], "where": ["obra = norte"]}`, `{"group_by": ["type", "tag"], "where": ["obra = norte"], "measure": ["reply_time"]}`,
			fmt.Sprintf(`{"group_by": ["agent", "hour"], "where": ["sucursal = %s"], "priority": ["%s"]}`, strings.Repeat("😡", 50), strings.Repeat("ñ😡", 300)),
		} {
			if !strings.Contains(arguments, "where") { // fewer requests serve as well
				arguments = strings.Replace(strings.TrimSuffix(arguments, "}")+`, "created_after": "20d"}`, "{, ", "{", 1)
			}
			answer := ask(t, env, countCases, arguments)
			if n := tokens(string(answer)); n > budget {
				t.Errorf("%.60s answers %d tokens for a budget of %d", arguments, n, budget)
			}
			c := decodeCount(t, answer)
			total, cut := c.Total["count"].(float64), c.Others != nil
			for _, g := range c.Groups {
				total -= g["count"].(float64)
			}
			last := len(c.Columns) - 1
			for _, row := range c.Rows {
				if len(row) != len(c.Columns) {
					t.Fatalf("%.60s: a row of %d cells below %d columns", arguments, len(row), len(c.Columns))
				}
				if c.Columns[last] == "total" {
					total -= row[last].(float64)
				} else {
					total -= row[2].(float64)
				}
			}
			total -= c.Others["count"]
			if tagged := strings.Contains(arguments, `"tag"`); total != 0 && c.Groups != nil && !tagged || total != 0 && c.Rows != nil && !tagged || total > 0 && (c.Groups != nil || c.Rows != nil) {
				t.Errorf("%.60s for %d tokens: %v cases are in no group", arguments, budget, total)
			}
			if cut != strings.Contains(strings.Join(c.Notes, " "), "others sums up the groups") && len(c.Notes) > 0 && !strings.HasSuffix(c.Notes[len(c.Notes)-1], "…") {
				t.Errorf("%.60s for %d tokens: others %v, notes %v", arguments, budget, c.Others, c.Notes)
			}
			if shown := len(c.Groups) + len(c.Rows); cut && shown < 1 {
				t.Errorf("%.60s for %d tokens shows nothing but others", arguments, budget)
			}
		}
	}
}

// hostile plants cases whose tags are as long and as strange as they can be.
func hostile(t *testing.T, api *sandbox.API) {
	t.Helper()
	for i := range 60 {
		tag := fmt.Sprintf("%d %s", i, strings.Repeat("😡ß\u202e\"}]", 40))
		api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "whatsapp", Subject: "x", Tags: []string{tag, tag + "b", fmt.Sprint(i, " ñandú")},
			CustomFields: []sandbox.CustomField{{Field: "obra", Value: "norte"}}, CreatedAt: noon.Add(time.Duration(-i-1) * 25 * time.Hour)}, nil)
	}
}

func TestSearchAndCountShareTheirFilters(t *testing.T) {
	var search, count struct {
		Properties map[string]struct{ Type string }
	}
	if json.Unmarshal(searchCases.input, &search) != nil || json.Unmarshal(countCases.input, &count) != nil {
		t.Fatal("a schema is no JSON")
	}
	others := "limit cursor sort_by sort_order fields"
	for name, property := range search.Properties {
		if have, found := count.Properties[name]; found == strings.Contains(" "+others+" ", " "+name+" ") || found && have.Type != property.Type {
			t.Errorf("%s is a filter of one of them only", name)
		}
	}
}

package tools

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/schema"
)

func TestConditionsAreReadAsTextAndAsObject(t *testing.T) {
	for sent, want := range map[string]desk.Where{
		`"sucursal EQUAL Rosario"`:                                       {Field: "sucursal", Operator: "EQUAL", Values: []string{"Rosario"}},
		`"sucursal = Villa María"`:                                       {Field: "sucursal", Operator: "EQUAL", Values: []string{"Villa María"}},
		`"  number   IN  1, 2 ,3 "`:                                      {Field: "number", Operator: "IN", Values: []string{"1", "2", "3"}},
		`"number in (1,2)"`:                                              {Field: "number", Operator: "IN", Values: []string{"1", "2"}},
		`"status NOT IN open,closed"`:                                    {Field: "status", Operator: "NOT IN", Values: []string{"open", "closed"}},
		`"subject NOT EQUAL a IN b"`:                                     {Field: "subject", Operator: "NOT EQUAL", Values: []string{"a IN b"}},
		`"created_at GREATER EQUAL 7d"`:                                  {Field: "created_at", Operator: "GREATER EQUAL", Values: []string{"7d"}},
		`"created_at >= 7d"`:                                             {Field: "created_at", Operator: "GREATER EQUAL", Values: []string{"7d"}},
		`"numero de factura EQUAL 0001-00012345"`:                        {Field: "numero de factura", Operator: "EQUAL", Values: []string{"0001-00012345"}},
		`"sucursal EQUAL \"Rosario Centro\""`:                            {Field: "sucursal", Operator: "EQUAL", Values: []string{"Rosario Centro"}},
		`{"field": "a", "operator": "=", "value": "b"}`:                  {Field: "a", Operator: "EQUAL", Values: []string{"b"}},
		`{"field": "a", "operator": "IN", "value": ["b,c", 7, true]}`:    {Field: "a", Operator: "IN", Values: []string{"b,c", "7", "true"}},
		`{"field": "a", "operator": "EQUAL", "value": 9007199254740993}`: {Field: "a", Operator: "EQUAL", Values: []string{"9007199254740993"}},
		`{"field": "a", "operator": "EQUAL", "value": "\"q\" EQUAL x"}`:  {Field: "a", Operator: "EQUAL", Values: []string{`"q" EQUAL x`}},
		`{"field": "a", "operator": "EQUAL", "value": null}`:             {Field: "a", Operator: "EQUAL", Values: []string{""}},
	} {
		var c Condition
		if err := json.Unmarshal([]byte(sent), &c); err != nil || fmt.Sprintf("%q", c) != fmt.Sprintf("%q", Condition(want)) {
			t.Errorf("%s is read as %q (%v), want %q", sent, c, err, want)
		}
	}
}

func TestWhatIsNoConditionIsRefused(t *testing.T) {
	for _, sent := range []string{
		`""`, `"subject"`, `"EQUAL x"`, `"subject CONTAINS x"`, `{"field": "a"}`, `{"operator": "EQUAL", "value": 1}`, `{"field": 7, "operator": "EQUAL", "value": 1}`,
		`{"field": "a", "operator": "LIKE", "value": 1}`, `{"field": "a", "operator": "EQUAL", "value": {"x": 1}}`, `{"field": "a", "operator": "EQUAL", "value": 1, "or": 2}`,
		`{"sucursal": "Rosario"}`, `{"sucursal": {"EQUAL": "Rosario"}}`, `{}`,
	} {
		var c Condition
		var refusal *schema.Refusal
		if err := json.Unmarshal([]byte(sent), &c); !errors.As(err, &refusal) || refusal.Expected == "" {
			t.Errorf("%s gives %q and %v", sent, c, err)
		} else if !strings.Contains(refusal.Expected, `"sucursal EQUAL Rosario"`) && !strings.Contains(refusal.Expected, "CONTAINS") {
			t.Errorf("%s is refused without an example: %v", sent, refusal)
		}
	}
}

func TestWordsOfStatusesAndChannelsMeanTheSameInAConditionAsInAnArgument(t *testing.T) {
	env, _ := newEnv(t, 8000)
	for condition, argument := range map[string]string{
		`"status = abierto"`:                 `"status": ["open"]`,
		`"case.status IN resuelto, fechado"`: `"status": ["solved", "closed"]`,
		`"channel EQUAL wsp"`:                `"channel": ["whatsapp"]`,
		`{"field": "source_channel", "operator": "in", "value": ["correo"]}`: `"channel": ["email"]`,
		`"agent EQUAL unassigned"`: `"agent": ["unassigned"]`,
	} {
		a := decode(t, ask(t, env, searchCases, `{"where": [`+condition+`], "limit": 50}`))
		b := decode(t, ask(t, env, searchCases, `{`+argument+`, "limit": 50}`))
		if fmt.Sprint(ids(a.Cases)) != fmt.Sprint(ids(b.Cases)) || len(a.Cases) == 0 {
			t.Errorf("%s finds %d cases, %s finds %d", condition, len(a.Cases), argument, len(b.Cases))
		}
	}
}

func FuzzConditionNeverPanics(f *testing.F) {
	f.Add(`"sucursal EQUAL Rosario"`)
	f.Add(`{"field": "a", "operator": "IN", "value": [1, "b"]}`)
	f.Fuzz(func(t *testing.T, sent string) {
		var c Condition
		if json.Unmarshal([]byte(sent), &c) == nil && (c.Field == "" || c.Operator == "") {
			t.Errorf("%s is read as %q", sent, c)
		}
	})
}

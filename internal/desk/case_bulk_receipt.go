package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// bulkReceipt says of each case what came of it.
func (d *Desk) bulkReceipt(ctx context.Context, list []*bulkCase, preview guard.Receipt) *guard.Receipt {
	r := preview
	r.Object = map[string]any{"cases": len(list)}
	kinds := map[string][]int64{}
	why := map[string][]string{}
	agents := map[string]int{}
	var undone []*bulkCase
	var came []change
	for _, c := range list {
		kind := c.kind()
		kinds[kind] = append(kinds[kind], int64(c.Number))
		if len(c.held)+len(c.came) > 0 {
			undone = append(undone, c)
			came = append(came, c.came...)
		}
		for _, ch := range c.came {
			d.addTo(ctx, &r, c.Case, ch)
		}
		if kind == guard.Done || kind == guard.NoChange {
			c.countAgent(agents)
		}
		if c.err != nil && kind != guard.Done {
			reason := clip(c.err.Error(), 200)
			why[reason] = append(why[reason], fmt.Sprint(c.Number))
		}
	}
	for kind, numbers := range kinds {
		r.Object[kind] = numbers
	}
	if len(agents) > 0 {
		r.Object["per_agent"] = agents
	}
	for reason, numbers := range why {
		r.Notes = append(r.Notes, fmt.Sprintf("%s: %s", few(numbers), reason))
	}
	slices.Sort(r.Notes)
	r.Notes = slices.Concat(r.Notes, notesOf(came))
	if len(kinds["not_asked"]) > 0 {
		r.Notes = append(r.Notes, "the API was not asked for the cases under not_asked, since it failed too often or the call's time was up; make the same call for them later")
	}
	var lacks []string
	if r.Undo, lacks = d.bulkUndo(ctx, undone); len(lacks) > 0 {
		r.Notes = append(r.Notes, lackNote+few(lacks))
	}
	switch done, same, unknown := len(kinds[guard.Done]), len(kinds[guard.NoChange]), len(kinds[guard.Unknown]); {
	case done+same == len(list) && done > 0:
		r.Outcome = guard.Done
	case same == len(list):
		r.Outcome = guard.NoChange
	case unknown == len(list):
		r.Outcome = guard.Unknown
	default:
		r.Outcome = guard.Partly
	}
	return &r
}

// kind is what came of one case.
func (c *bulkCase) kind() string {
	switch {
	case len(c.changes) == 0 && c.spam == nil:
		return guard.NoChange
	case c.skipped:
		return "not_asked"
	case c.unread && (c.err == nil || wisecx.MayHaveHappened(c.err)):
		return guard.Unknown
	case len(c.missing) == 0 && !c.unread && (len(c.changes) > 0 || c.err == nil):
		return guard.Done
	case len(c.held) > 0:
		return guard.Partly
	}
	return "failed"
}

// bulkUndo is one call that brings back what each case was, in groups of the same, and what no call brings back.
func (d *Desk) bulkUndo(ctx context.Context, list []*bulkCase) (undo *guard.Call, lacks []string) {
	groups := map[string]map[string]any{}
	var order []string
	for _, c := range list {
		u := d.undoOf(ctx, c.Case, append(slices.Clip(c.held), c.came...))
		for _, field := range u.lacks {
			lacks = append(lacks, fmt.Sprintf("%s of %d", field, c.Number))
		}
		if len(u.values) == 0 {
			continue
		}
		key, _ := json.Marshal(u.values)
		if groups[string(key)] == nil {
			groups[string(key)] = u.values
			u.values["case_numbers"] = []int64{}
			order = append(order, string(key))
		}
		group := groups[string(key)]
		group["case_numbers"] = append(group["case_numbers"].([]int64), int64(c.Number))
	}
	switch len(order) {
	case 0:
		return nil, lacks
	case 1:
		return &guard.Call{Tool: "update_cases", Arguments: groups[order[0]]}, lacks
	}
	var restore []any
	for _, key := range order {
		restore = append(restore, groups[key])
	}
	return &guard.Call{Tool: "update_cases", Arguments: map[string]any{"restore": restore}}, lacks
}

// bulkQuestion asks the person: how many, which, what, and what is surprising.
func (d *Desk) bulkQuestion(ctx context.Context, list []*bulkCase, preview guard.Receipt) string {
	say := bulkWords[d.lang]
	if say == nil {
		say = bulkWords["en"]
	}
	var numbers, lines []string
	closed, urgent, others := 0, 0, map[string]bool{}
	for _, c := range list {
		numbers = append(numbers, fmt.Sprint(c.Number))
		if resolved(c.Case) {
			closed++
		}
		if p := text.Fold(string(c.Priority)); p == "urgent" || p == "high" {
			urgent++
		}
		if name := d.showField(ctx, c.Case, change{field: caseField("queue")}); name != nil {
			others[fmt.Sprint(name)] = true
		}
	}
	lines = append(lines, fmt.Sprintf(say["ask"], len(list)))
	for _, ch := range preview.Changes {
		if ch.Field != "tags" {
			lines = append(lines, fmt.Sprintf("- %s: %s → %s", ch.Field, shownValue(ch.Before), shownValue(ch.After)))
		}
	}
	lines = append(lines, tagLines(list)...)
	if agents, _ := preview.Object["per_agent"].(map[string]int); len(agents) > 1 {
		var each []string
		for name, n := range agents {
			each = append(each, fmt.Sprintf("%s %d", name, n))
		}
		slices.Sort(each)
		lines = append(lines, say["agents"]+strings.Join(each, ", "))
	}
	lines = append(lines, say["cases"]+strings.Join(numbers, ", "))
	if closed > 0 {
		lines = append(lines, fmt.Sprintf(say["closed"], closed))
	}
	if urgent > 0 {
		lines = append(lines, fmt.Sprintf(say["urgent"], urgent))
	}
	if len(others) > 1 {
		lines = append(lines, fmt.Sprintf(say["queues"], len(others)))
	}
	if n := losing(list); n > 0 {
		lines = append(lines, fmt.Sprintf(say["losing"], n))
	}
	return strings.Join(lines, "\n")
}

// tagLines say which tags come and go, which their whole lists would hide.
func tagLines(list []*bulkCase) []string {
	adds, removes := map[string]int{}, map[string]int{}
	for _, c := range list {
		for _, ch := range c.changes {
			if ch.field.Name == "tags" {
				for _, t := range missing(ch.value.([]string), c.Tags) {
					adds[t]++
				}
				for _, t := range missing(c.Tags, ch.value.([]string)) {
					removes[t]++
				}
			}
		}
	}
	var lines []string
	for _, some := range []struct {
		sign string
		tags map[string]int
	}{{"+", adds}, {"−", removes}} {
		for _, tag := range slices.Sorted(maps.Keys(some.tags)) {
			lines = append(lines, fmt.Sprintf("- tags: %s %s (%d)", some.sign, clip(text.Line(tag), 60), some.tags[tag]))
		}
	}
	return lines
}

var bulkWords = map[string]map[string]string{
	"es": {"ask": "¿Cambiar %d casos?", "agents": "Por agente: ", "cases": "Casos: ", "closed": "Atención: %d ya están resueltos o cerrados.", "urgent": "Atención: %d son urgentes o de prioridad alta.", "queues": "Atención: son de %d colas distintas.",
		"losing": "Atención: al cambiar de cola, %d pueden quedar sin su agente."},
	"pt": {"ask": "Alterar %d casos?", "agents": "Por agente: ", "cases": "Casos: ", "closed": "Atenção: %d já estão resolvidos ou fechados.", "urgent": "Atenção: %d são urgentes ou de prioridade alta.", "queues": "Atenção: são de %d filas diferentes.",
		"losing": "Atenção: ao mudar de fila, %d podem ficar sem o seu agente."},
	"en": {"ask": "Change %d cases?", "agents": "By agent: ", "cases": "Cases: ", "closed": "Note: %d are solved or closed already.", "urgent": "Note: %d are urgent or of high priority.", "queues": "Note: they are of %d different queues.",
		"losing": "Note: the move to another queue may take %d from their agents."},
}

// shownValue shows a value in a question.
func shownValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case []string:
		return strings.Join(v, ", ")
	case string:
		return clip(text.Line(v), 120)
	}
	return fmt.Sprint(v)
}

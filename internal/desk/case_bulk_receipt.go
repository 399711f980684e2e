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
)

// What came of one case of a bulk change, beside the outcomes of a receipt.
const (
	failed       = "failed"
	notAsked     = "not_asked"
	changedSince = "changed_since" // by somebody else, and left out of an undo
)

// bulkReceipt says of each case what came of it.
func (d *Desk) bulkReceipt(ctx context.Context, list []*bulkCase, preview guard.Receipt) (*guard.Receipt, error) {
	r := preview
	r.Changes, r.Object = nil, map[string]any{"cases": len(list)}
	kinds, agents := map[string][]int64{}, map[string]int{}
	var along []change
	for _, c := range list {
		kind := c.kind()
		if kinds[kind] = append(kinds[kind], int64(c.Number)); kind == guard.Done || kind == guard.NoChange {
			c.countAgent(agents)
		}
		along = append(along, c.along...)
		d.sumUp(ctx, &r, c)
	}
	reasons := whyNot(list)
	refused := slices.IndexFunc(list, func(c *bulkCase) bool { return c.sent.err != nil })
	if refused >= 0 && len(kinds[failed]) > 0 && len(kinds[guard.Done])+len(kinds[guard.Partly])+len(kinds[guard.Unknown]) == 0 {
		return nil, &noneChanged{fmt.Sprintf("nothing was changed; %s", strings.Join(reasons, "; ")), list[refused].sent.err}
	}
	for kind, numbers := range kinds {
		r.Object[kind] = numbers
	}
	if len(agents) > 0 {
		r.Object["per_agent"] = agents
	}
	r.Notes = slices.Concat(r.Notes, reasons, notesOf(along))
	if len(kinds[notAsked]) > 0 {
		r.Notes = append(r.Notes, "the API was not asked for the cases under not_asked, since it failed too often or the call's time was up; make the same call for them later")
	}
	var lacks []string
	if r.Undo, lacks = d.bulkUndo(ctx, list); len(lacks) > 0 {
		r.Notes = append(r.Notes, lackNote+few(lacks))
	}
	r.Outcome = bulkOutcome(len(list), kinds)
	return &r, nil
}

func bulkOutcome(cases int, kinds map[string][]int64) string {
	switch done, same := len(kinds[guard.Done]), len(kinds[guard.NoChange]); {
	case same == cases:
		return guard.NoChange
	case done+same == cases:
		return guard.Done
	case done+len(kinds[guard.Partly]) == 0 && len(kinds[guard.Unknown]) > 0:
		return guard.Unknown
	}
	return guard.Partly
}

// noneChanged is the error of a bulk change of which nothing came to be.
type noneChanged struct {
	words string
	first error
}

func (e *noneChanged) Error() string { return e.words }
func (e *noneChanged) Unwrap() error { return e.first }

// sumUp adds to a receipt what of one case's changes holds, and what does not.
func (d *Desk) sumUp(ctx context.Context, r *guard.Receipt, c *bulkCase) {
	for _, ch := range slices.Concat(c.held, c.along) {
		if fmt.Sprint(d.showField(ctx, c.Case, ch)) != fmt.Sprint(ch.shown) {
			r.Changes = d.addTo(ctx, r.Changes, c.Case, ch)
		}
	}
	for _, ch := range c.missed {
		r.NotChanged = d.addTo(ctx, r.NotChanged, c.Case, ch)
	}
	if c.spam != nil && !c.skipped && !c.marked {
		r.NotChanged = addSpam(r.NotChanged, c)
	}
}

// whyNot gives the reasons for which cases are not as they should be, each once, with the cases.
func whyNot(list []*bulkCase) (reasons []string) {
	cases := map[string][]string{}
	for _, c := range list {
		reason := ""
		switch {
		case c.sent.err != nil && c.kind() != guard.Done:
			reason = clip(strings.ReplaceAll(c.sent.err.Error(), fmt.Sprintf("/cases/%d", c.ID), "/cases/{id}"), 200)
		case c.unread:
			reason = "it was sent and could not be read back: get_case shows what holds now"
		case len(c.open) > 0:
			reason = "the API accepted this, and it is not seen yet: " + strings.Join(fieldsIn(c.open), ", ") + ". get_case shows in a minute whether it holds; the same call may be made again, it sets the same values"
		case len(c.missed) > 0:
			reason = "the API accepted this and did not do all of it; not_changed says what was not done"
		default:
			continue
		}
		cases[reason] = append(cases[reason], fmt.Sprint(c.Number))
	}
	return withCases(cases)
}

// withCases puts the cases before the reason that they share.
func withCases(cases map[string][]string) (reasons []string) {
	for _, reason := range slices.Sorted(maps.Keys(cases)) {
		reasons = append(reasons, fmt.Sprintf("%s: %s", few(cases[reason]), reason))
	}
	return reasons
}

// kind is what came of one case.
func (c *bulkCase) kind() string {
	switch {
	case c.left != "":
		return changedSince
	case len(c.changes) == 0 && c.spam == nil:
		return guard.NoChange
	case c.skipped:
		return notAsked
	case c.sent.refused():
		return failed
	case len(c.missed)+len(c.open) == 0 && c.spam == nil:
		return guard.Done
	case len(c.held)+len(c.along) > 0:
		return guard.Partly
	case len(c.open) > 0 || c.sent.err != nil || c.marked && c.spam != nil:
		return guard.Unknown
	}
	return failed
}

// bulkUndo is one call that brings back what each case was, in groups of the same, and what no call brings back. What is
// expected of all of them is said once.
func (d *Desk) bulkUndo(ctx context.Context, list []*bulkCase) (undo *guard.Call, lacks []string) {
	var numbers []int64
	var all []undoing
	for _, c := range list {
		u := d.undoAfter(ctx, c.Case, c.came, c.spam)
		for _, field := range u.lacks {
			lacks = append(lacks, fmt.Sprintf("%s of %d", field, c.Number))
		}
		if len(u.values) > 0 {
			numbers, all = append(numbers, int64(c.Number)), append(all, u)
		}
	}
	if len(all) == 0 {
		return nil, lacks
	}
	shared := maps.Clone(all[0].expect)
	for _, u := range all {
		maps.DeleteFunc(shared, func(field string, value any) bool { own, has := u.expect[field]; return !has || own != value })
	}
	groups := map[string]map[string]any{}
	var restore []any
	for i, u := range all {
		maps.DeleteFunc(u.expect, func(field string, _ any) bool { _, is := shared[field]; return is })
		if len(u.expect) > 0 {
			u.values["expect"] = u.expect
		}
		key, _ := json.Marshal(u.values)
		group := groups[string(key)]
		if group == nil {
			group = u.values
			group["case_numbers"] = []int64{}
			groups[string(key)] = group
			restore = append(restore, group)
		}
		group["case_numbers"] = append(group["case_numbers"].([]int64), numbers[i])
	}
	undo = &guard.Call{Tool: "update_cases", Arguments: map[string]any{"restore": restore}}
	if len(shared) > 0 {
		undo.Arguments["expect"] = shared
	}
	return undo, lacks
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
		if c.left != "" {
			continue
		}
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
	lines = append(lines, counted(say["ask"], len(numbers)))
	for _, ch := range preview.Changes {
		if ch.Field != "tags" {
			lines = append(lines, fmt.Sprintf("- %s: %s → %s", d.fieldWord(ch.Field), d.valueWord(ch.Field, ch.Before), d.valueWord(ch.Field, ch.After)))
		}
	}
	lines = append(lines, d.tagLines(list)...)
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
		lines = append(lines, counted(say["closed"], closed))
	}
	if urgent > 0 {
		lines = append(lines, counted(say["urgent"], urgent))
	}
	if len(others) > 1 {
		lines = append(lines, fmt.Sprintf(say["queues"], len(others)))
	}
	if left := leftOut(list); len(left) > 0 {
		lines = append(lines, say["left"]+strings.Join(left, "; "))
	}
	if n := losing(list); n > 0 {
		lines = append(lines, counted(say["losing"], n))
	}
	lines = append(lines, d.oddAgents(ctx, list, d.lang)...)
	return strings.Join(lines, "\n")
}

// tagLines say which tags come and go, which their whole lists would hide.
func (d *Desk) tagLines(list []*bulkCase) []string {
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
			lines = append(lines, fmt.Sprintf("- %s: %s %s (%d)", d.fieldWord("tags"), some.sign, clip(text.Line(tag), 60), some.tags[tag]))
		}
	}
	return lines
}

var bulkWords = map[string]map[string]string{
	"es": {"ask": "¿Cambiar %d caso?|¿Cambiar %d casos?", "agents": "Por agente: ", "cases": "Casos: ", "closed": "Atención: %d ya está resuelto o cerrado.|Atención: %d ya están resueltos o cerrados.", "urgent": "Atención: %d es urgente o de prioridad alta.|Atención: %d son urgentes o de prioridad alta.", "queues": "Atención: son de %d colas distintas.",
		"losing": "Atención: al cambiar de cola, %d puede quedar sin su agente.|Atención: al cambiar de cola, %d pueden quedar sin su agente.",
		"bot":    "Atención: %s es un bot.", "stranger": "Atención: %s no atiende la cola de %d caso.|Atención: %s no atiende la cola de %d casos.",
		"left": "Quedan afuera, porque alguien los cambió mientras tanto: "},
	"pt": {"ask": "Alterar %d caso?|Alterar %d casos?", "agents": "Por agente: ", "cases": "Casos: ", "closed": "Atenção: %d já está resolvido ou fechado.|Atenção: %d já estão resolvidos ou fechados.", "urgent": "Atenção: %d é urgente ou de prioridade alta.|Atenção: %d são urgentes ou de prioridade alta.", "queues": "Atenção: são de %d filas diferentes.",
		"losing": "Atenção: ao mudar de fila, %d pode ficar sem o seu agente.|Atenção: ao mudar de fila, %d podem ficar sem o seu agente.",
		"bot":    "Atenção: %s é um bot.", "stranger": "Atenção: %s não atende a fila de %d caso.|Atenção: %s não atende a fila de %d casos.",
		"left": "Ficam de fora, porque alguém os alterou nesse meio-tempo: "},
	"en": {"ask": "Change %d case?|Change %d cases?", "agents": "By agent: ", "cases": "Cases: ", "closed": "Note: %d is solved or closed already.|Note: %d are solved or closed already.", "urgent": "Note: %d is urgent or of high priority.|Note: %d are urgent or of high priority.", "queues": "Note: they are of %d different queues.",
		"losing": "Note: the move to another queue may take %d from its agent.|Note: the move to another queue may take %d from their agents.",
		"bot":    "Note: %s is a bot.", "stranger": "Note: %s is not in the queue of %d case.|Note: %s is not in the queue of %d cases.",
		"left": "Left out, since somebody changed them meanwhile: "},
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

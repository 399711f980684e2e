package desk

import (
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

// bulkAsked is the question of a bulk change.
func (o *office) bulkAsked(t *testing.T, change BulkChange) (question []string, preview guard.Receipt) {
	t.Helper()
	w, err := o.UpdateCases(t.Context(), []BulkChange{change})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(w.Question, "\n"), w.Preview
}

func TestQuestionsAreInThePersonsLanguage(t *testing.T) {
	ask := CaseChanges{Status: given("solved"), Priority: given("urgent")}
	for lang, want := range map[string][]string{
		"es": {"¿Cambiar 1 caso?", "- prioridad: normal → urgente", "- estado: abierto → resuelto", "Casos: 534787"},
		"pt": {"Alterar 1 caso?", "- prioridade: normal → urgente", "- status: aberto → resolvido", "Casos: 534787"},
		"en": {"Change 1 case?", "- priority: normal → urgent", "- status: open → solved", "Cases: 534787"},
		"fr": {"Change 1 case?", "- priority: normal → urgent", "- status: open → solved", "Cases: 534787"},
	} {
		o := newOffice(t, sandbox.Options{}, Options{Lang: lang})
		if got, _ := o.bulkAsked(t, BulkChange{Numbers: []int64{534787}, Changes: ask}); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s", lang, strings.Join(got, "\n"))
		}
	}
	o := newOffice(t, sandbox.Options{}, Options{Lang: "es"})
	numbers := append(o.openNumbers(2), 534787)
	slices.Sort(numbers)
	if got, _ := o.bulkAsked(t, BulkChange{Numbers: slices.Compact(numbers), Changes: CaseChanges{Subject: given("abierto")}}); !strings.Contains(got[0], "casos?") || got[1] != "- asunto: varios → abierto" {
		t.Errorf("%q", got)
	}
}

func TestAgentsWhoAreBotsOrOfOtherQueuesArePointedOut(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Lang: "es"})
	var bot, stranger, colleague sandbox.Agent
	for _, a := range o.api.Users() {
		switch attends := slices.Contains(a.Queues, supportQueue); {
		case a.IsBot && attends:
			bot = a
		case !a.IsBot && !attends:
			stranger = a
		case !a.IsBot && a.ID != 46684:
			colleague = a
		}
	}
	names := func(a sandbox.Agent) string { return a.FirstName + " " + a.LastName }
	isBot, isStrange := names(bot)+" es un bot.", names(stranger)+" no atiende la cola de 1 caso."
	question, preview := o.bulkAsked(t, BulkChange{Numbers: []int64{534787}, Distribute: []string{itoa(bot.ID)}})
	if last := question[len(question)-1]; last != "Atención: "+isBot || !noteWith(preview.Notes, names(bot)+" is a bot") {
		t.Errorf("%q, %q", question, preview.Notes)
	}
	question, preview = o.bulkAsked(t, BulkChange{Numbers: []int64{534787}, Distribute: []string{itoa(stranger.ID)}})
	if last := question[len(question)-1]; last != "Atención: "+isStrange || !noteWith(preview.Notes, names(stranger)+" is not in the queue of 1 case") {
		t.Errorf("%q, %q", question, preview.Notes)
	}
	if question, preview = o.bulkAsked(t, BulkChange{Numbers: []int64{534787}, Distribute: []string{itoa(colleague.ID)}}); strings.Contains(strings.Join(question, " "), "Atención") || len(preview.Notes) != 0 {
		t.Errorf("%q, %q", question, preview.Notes)
	}
	queues := o.api.Queues()
	at := slices.IndexFunc(queues, func(q sandbox.Queue) bool { return q.ID == stranger.Queues[0] })
	if question, _ = o.bulkAsked(t, BulkChange{Numbers: []int64{534787}, Changes: CaseChanges{Queue: given(queues[at].Name), Agent: given(itoa(stranger.ID))}}); strings.Contains(strings.Join(question, " "), "no atiende") {
		t.Errorf("moved to their queue: %q", question)
	}
	w, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{Agent: given(itoa(stranger.ID))})
	if err != nil || !noteWith(w.Preview.Notes, "is not in the queue") {
		t.Errorf("%+v, %v", w, err)
	}
	ask := newAsk()
	ask.Agent = itoa(bot.ID)
	if w, err = o.CreateCase(t.Context(), ask); err != nil || !noteWith(w.Preview.Notes, "is a bot") {
		t.Errorf("%+v, %v", w, err)
	}
}

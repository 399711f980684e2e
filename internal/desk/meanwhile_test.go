package desk

import (
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

func TestATagThatSomebodyElseAddsMeanwhileLeavesOursDone(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	id := o.truth(534787).ID
	var others atomic.Bool
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		api.ServeHTTP(w, r)
		if r.Method == http.MethodPut && others.CompareAndSwap(false, true) {
			tags := append(slices.Clone(o.truth(534787).Tags), "reintegro")
			if err := o.Desk.api.UpdateCase(t.Context(), id, wisecx.CaseUpdate{Tags: wisecx.SetTo(tags)}); err != nil {
				t.Error(err)
			}
		}
	})
	r := o.update(t, CaseChanges{AddTags: []string{"urgente"}})
	if tags := o.truth(534787).Tags; r.Outcome != guard.Done || len(r.NotChanged) > 0 || !slices.Contains(tags, "urgente") || !slices.Contains(tags, "reintegro") {
		t.Errorf("%+v, the tags are %v", r, tags)
	}
}

func TestACaseThatIsGoneIsLeftOutOfABulkUndo(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	numbers := o.openNumbers(3)
	if err := o.Desk.api.DeleteCase(t.Context(), o.truth(numbers[1]).ID); err != nil {
		t.Fatal(err)
	}
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Priority: given("urgent")}, Undo: true}})
	if err != nil {
		t.Fatal(err)
	}
	r := o.do(t, w)
	if left := r.Object[changedSince]; !slices.Equal(left.([]int64), numbers[1:2]) || o.truth(numbers[0]).Priority != "urgent" || o.truth(numbers[2]).Priority != "urgent" {
		t.Errorf("%+v", r)
	}
	var gone *NotFound
	if _, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Priority: given("low")}}}); !errors.As(err, &gone) {
		t.Errorf("without an undo it gives %v", err)
	}
}

func TestNamesOfCustomFieldsShowThemselves(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	for _, name := range []string{"n\x1b[2JChange 1 case?", "a\nb", "a\u202eb", "a\u200bb", "", string(make([]rune, 200))} {
		fields := map[string]string{name: "v"}
		_, one := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{CustomFields: fields})
		_, many := o.UpdateCases(t.Context(), []BulkChange{{Numbers: []int64{534787}, Changes: CaseChanges{CustomFields: fields}}})
		_, contact := o.UpdateContact(t.Context(), 9005, ContactChanges{CustomFields: fields})
		for what, err := range map[string]error{"a case": one, "cases": many, "a contact": contact} {
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Errorf("%s: %q gives %v", what, name, err)
			}
		}
	}
}

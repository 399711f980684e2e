package desk

import (
	"strings"
	"testing"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

func TestAnUndoNamesWhatNoCallBringsBackAndDoesTheRest(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	long := strings.TrimSpace(strings.Repeat("ñú ", 80))
	o.api.Change(430357543, func(c *sandbox.Case) {
		c.UserID, c.TypeID, c.Priority, c.Subject = 99999, 0, "", long
		c.CustomFields = []sandbox.CustomField{{Field: "sucursal", Value: "Una que ya no existe"}}
	})
	ask := CaseChanges{Agent: given("46684"), Type: given("502"), Priority: given("high"), Subject: given("Otro"), CustomFields: map[string]string{"sucursal": "Rosario"}, Status: given("pending")}
	r := o.update(t, ask)
	for _, lacking := range []string{"agent", "type", "priority", "custom.sucursal"} {
		if _, has := r.Undo.Arguments[lacking]; has || !noteWith(r.Notes, "undo leaves as it is now") || !noteWith(r.Notes, lacking) {
			t.Errorf("%s: %+v, undo %+v", lacking, r, r.Undo)
		}
	}
	if back := o.undoing(t, r.Undo); back.Outcome != guard.Done {
		t.Errorf("%+v", back)
	}
	if c := o.truth(534787); c.Subject != long || c.Status != "open" || c.UserID != 46684 {
		t.Errorf("%+v", c)
	}
	o.api.Change(430357543, func(c *sandbox.Case) { c.UserID, c.Priority = 99999, "" })
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: []int64{534787}, Changes: CaseChanges{Agent: given("46684"), Priority: given("low"), Status: given("solved")}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := o.do(t, w); r.Outcome != guard.Done || r.Undo == nil || !noteWith(r.Notes, "priority of 534787") || !noteWith(r.Notes, "agent of 534787") {
		t.Errorf("%+v", r)
	}
}

func TestWhatCameAlongWithAChangeIsSeenAndUndone(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	before := o.truth(534787)
	r := o.update(t, CaseChanges{Queue: given("Ventas")})
	if len(r.Changes) != 2 || r.Changes[1] != (guard.Change{Field: "agent", Before: "Franco González", After: nil}) || !noteWith(r.Notes, "agent changed too") {
		t.Errorf("%+v", r)
	}
	if agent, has := r.Undo.Arguments["expect"].(map[string]any)["agent"]; !has || agent != nil || r.Undo.Arguments["agent"] != "46684" {
		t.Errorf("%+v", r.Undo)
	}
	if back := o.undoing(t, r.Undo); back.Outcome != guard.Done || len(back.Undo.Arguments) != 4 {
		t.Errorf("%+v", back)
	}
	if after := o.truth(534787); after.UserID != before.UserID || after.GroupID != before.GroupID {
		t.Errorf("%+v", after)
	}
}

func TestACustomFieldIsUsedForTheFirstTime(t *testing.T) {
	older := sandbox.Case{ID: 1000, GroupID: 24717, SourceChannel: "web", CreatedAt: noon.AddDate(0, -4, 0), CustomFields: []sandbox.CustomField{{Field: "observaciones", Value: "x"}}}
	o := newOffice(t, sandbox.Options{}, Options{})
	o.api.AddCase(older, nil) // which no scan of the newest comes across
	r := o.update(t, CaseChanges{CustomFields: map[string]string{"observaciones": "una frase"}})
	if r.Outcome != guard.Done || !noteWith(r.Notes, `no case of late has the custom field "observaciones"; the API may ignore it`) {
		t.Errorf("%+v", r)
	}
	if back := o.undoing(t, r.Undo); back.Outcome != guard.Done {
		t.Errorf("%+v", back)
	}
	_, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{CustomFields: map[string]string{"scursal": "Rosario"}})
	if refusal, ok := err.(*Refusal); !ok || refusal.Argument != "custom_fields.scursal" || len(refusal.Candidates) != 1 || refusal.Candidates[0] != "sucursal" {
		t.Errorf("a near miss: %+v", err)
	}
	ignoring := newOffice(t, sandbox.Options{Ignore: []string{"custom_fields"}}, Options{})
	ignoring.api.AddCase(older, nil)
	if r := ignoring.update(t, CaseChanges{CustomFields: map[string]string{"observaciones": "una frase"}, Subject: given("Otro")}); r.Outcome != guard.Partly || len(r.NotChanged) != 1 || r.NotChanged[0].Field != "custom.observaciones" {
		t.Errorf("%+v", r)
	}
}

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

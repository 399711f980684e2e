package desk

import (
	"context"
	"fmt"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
)

// undoOf is the call that brings back what was before.
func (d *Desk) undoOf(ctx context.Context, before *wisecx.Case, held []change) *guard.Call {
	if len(held) == 0 {
		return nil
	}
	arguments := map[string]any{"case_id": int64(before.ID)}
	customs := map[string]any{}
	for _, ch := range held {
		was := d.showField(ctx, before, ch)
		switch {
		case d.mask.Active() && (ch.custom != "" || ch.field.Name == "subject"): // what is shown is a pseudonym, not what was
		case ch.field.Name == "tags":
			added, removed := missing(ch.value.([]string), before.Tags), missing(before.Tags, ch.value.([]string))
			if len(added) > 0 {
				arguments["remove_tags"] = added
			}
			if len(removed) > 0 {
				arguments["add_tags"] = removed
			}
		case ch.custom != "":
			if customs[ch.custom] = was; was == nil {
				customs[ch.custom] = ""
			}
			arguments["custom_fields"] = customs
		case was == nil && cannotClear(ch):
		case ch.field.Refers != "" && was != nil: // by id: names may be shared
			arguments[ch.field.Name] = fmt.Sprint((*caseRecord)(before).values(ch.field.Name)[0])
		case ch.field.Kind == wisecx.KindTime && was != nil:
			arguments[ch.field.Name] = d.exactly(before.DueAt.Time)
		default:
			arguments[ch.field.Name] = was
		}
	}
	if len(arguments) == 1 {
		return nil
	}
	return &guard.Call{Tool: "update_case", Arguments: arguments}
}

// exactly shows a point in time to the second, where it is not a whole minute.
func (d *Desk) exactly(at time.Time) string {
	if at.Second() == 0 {
		return d.show(at)
	}
	return at.In(d.zone).Format(time.DateTime)
}

// cannotClear tells which fields cannot be brought back to having no value.
func cannotClear(ch change) bool { return ch.field.Name == "type" || ch.field.Name == "priority" }

// expecting has an undo refuse where somebody changed the same again meanwhile.
func expecting(undo *guard.Call, held []change) *guard.Call {
	expect := map[string]any{}
	for _, ch := range held {
		switch ch.field.Name {
		case "status", "priority", "queue", "agent", "type":
			if expect[ch.field.Name] = fmt.Sprint(ch.value); ch.value == nil {
				expect[ch.field.Name] = ""
			}
		}
	}
	if undo != nil && len(expect) > 0 {
		undo.Arguments["expect"] = expect
	}
	return undo
}

// noteLeft says what an undo leaves as it is.
func noteLeft(r *guard.Receipt, before *wisecx.Case, held []change) {
	for _, ch := range held {
		if cannotClear(ch) && len((*caseRecord)(before).values(ch.field.Name)) == 0 {
			note := fmt.Sprintf("undo leaves the %s that case %d has now: it had none, and none cannot be set", ch.field.Name, before.Number)
			r.Notes = append(r.Notes, note)
		}
	}
}

// missing gives the tags of one list that the other lacks.
func missing(tags, others []string) []string {
	var lacks []string
	for _, t := range tags {
		if len(folded(append([]string{t}, others...))) > len(folded(others)) {
			lacks = append(lacks, t)
		}
	}
	return lacks
}

package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// undoing is what brings a case back to what it was.
type undoing struct {
	values map[string]any // arguments of update_case
	expect map[string]any // what the case has now; where somebody changes it again, the undo must not undo that
	lacks  []string       // the fields that no call brings back
}

// undoOf gives what undoes changes that hold, those that came along included.
func (d *Desk) undoOf(ctx context.Context, before *wisecx.Case, held []change) undoing {
	u := undoing{values: map[string]any{}, expect: map[string]any{}}
	customs := map[string]any{}
	for _, ch := range held {
		if ch.field.Name == "tags" { // one by one, so that those of others stay
			if added := missing(ch.value.([]string), before.Tags); len(added) > 0 {
				u.values["remove_tags"] = added
			}
			if removed := missing(before.Tags, ch.value.([]string)); len(removed) > 0 {
				u.values["add_tags"] = removed
			}
			continue
		}
		was, can := d.former(ctx, before, ch)
		switch {
		case !can:
			u.lacks = append(u.lacks, ch.field.Name)
			continue
		case ch.custom != "":
			customs[ch.custom] = was
			u.values["custom_fields"] = customs
		default:
			u.values[ch.field.Name] = was
		}
		u.expect[ch.field.Name] = d.expectationOf(ch)
	}
	return u
}

// lackNote comes before the fields that an undo leaves as they are.
const lackNote = "undo leaves as it is now what had no value that could be set, is masked, or could not be written so: "

// former gives what a case had, as an argument takes it, and whether it can be given back at all.
func (d *Desk) former(ctx context.Context, before *wisecx.Case, ch change) (was any, can bool) {
	have := valuesOf((*caseRecord)(before), ch.field.Name, ch.custom)
	switch name := ch.field.Name; {
	case d.mask.Active() && (ch.custom != "" || name == "subject"):
		return nil, false // what can be shown is a pseudonym
	case ch.custom != "" && len(have) == 0:
		return "", true
	case ch.custom != "":
		value := have[0].(string)
		if _, unseen := hidden(value); unseen {
			return nil, false
		}
		return value, len([]rune(value)) <= longestCustom && (len(ch.options) == 0 || slices.ContainsFunc(ch.options, func(o string) bool { return text.Fold(o) == text.Fold(value) }))
	case len(have) == 0:
		return nil, name == "agent" || name == "due_at"
	case ch.field.Refers != "": // by id: names may be shared
		list, err := d.directory.names(ctx, ch.field.Refers)
		if err == nil {
			_, can = list.byID[have[0].(int64)]
		}
		return fmt.Sprint(have[0]), can || err != nil
	case ch.field.Kind == wisecx.KindTime:
		return d.exactly(have[0].(time.Time)), true
	case name == "subject":
		line := strings.Join(strings.Fields(text.Line(have[0].(string))), " ")
		return line, line != "" && len([]rune(line)) <= longestSubject
	case name == "status":
		return have[0], slices.Contains(statuses, have[0].(string))
	}
	return have[0], true
}

// expectationOf writes what a change made of its field; nil is none.
func (d *Desk) expectationOf(ch change) any {
	switch value := ch.value.(type) {
	case nil:
		return nil
	case time.Time:
		return d.exactly(value)
	case string:
		if value == "" {
			return nil
		}
	}
	return fmt.Sprint(ch.value)
}

// exactly shows a point in time to the second, where it is not a whole minute.
func (d *Desk) exactly(at time.Time) string {
	if at.Second() == 0 {
		return d.show(at)
	}
	return at.In(d.zone).Format(time.DateTime)
}

// call is the undo of one case; nil where nothing can be brought back.
func (u undoing) call(id int64) *guard.Call {
	if len(u.values) == 0 {
		return nil
	}
	u.values["case_id"] = id
	if len(u.expect) > 0 {
		u.values["expect"] = u.expect
	}
	return &guard.Call{Tool: "update_case", Arguments: u.values}
}

// alongside gives what changed of a case though it was not asked for: a move may take it from its agent [I], a status may
// bring others with it.
func (d *Desk) alongside(ctx context.Context, before, now *wisecx.Case, asked []change) (came []change) {
	for _, name := range []string{"queue", "agent", "status", "priority", "type", "due_at"} {
		was, is := (*caseRecord)(before).values(name), (*caseRecord)(now).values(name)
		if fieldIn(asked, name) != nil || fmt.Sprint(was) == fmt.Sprint(is) {
			continue
		}
		ch := change{field: caseField(name)}
		if len(is) > 0 {
			ch.value, ch.shown = is[0], d.showField(ctx, now, ch)
		}
		ch.note = fmt.Sprintf("%s changed too, though that was not asked for", name)
		came = append(came, ch)
	}
	return came
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

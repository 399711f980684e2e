package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// groupKeys are what cases are grouped by, and groupWords what else people call these keys.
var (
	groupKeys  = []string{"status", "queue", "agent", "channel", "type", "tag", "priority", "day", "week", "month", "hour"}
	groupWords = map[string]string{
		"estado": "status", "situacao": "status", "cola": "queue", "fila": "queue", "group": "queue", "team": "queue", "area": "queue", "sector": "queue",
		"assignee": "agent", "user": "agent", "owner": "agent", "agente": "agent", "canal": "channel", "source_channel": "channel",
		"category": "type", "motivo": "type", "tipo": "type", "etiqueta": "tag", "label": "tag", "prioridad": "priority", "prioridade": "priority",
		"date": "day", "dia": "day", "fecha": "day", "data": "day", "daily": "day", "semana": "week", "weekly": "week",
		"mes": "month", "monthly": "month", "hora": "hour", "hourly": "hour",
	}
)

// axis is one of the keys that cases are grouped by.
type axis struct {
	key   string
	field string         // of a case: what it is grouped by
	zone  *time.Location // the person's, for points in time
	names *names         // of ids; nil where they are not to be had
	count map[string]int // cases of each value; "" is none, overflow what there was no room for
	shown map[string]string
}

const (
	mostValues = 5000        // of one axis, so that no account can fill the memory
	overflow   = "\x00other" // stands for the values beyond
	anonymous  = "\x00who"   // somebody of ours who is not known
	byName     = "\x00by "   // begins the name of somebody whom only a call's log names
)

// labelSize is how long the name of a group is at the most, in bytes: a table has many side by side.
const labelSize = 60

// What groups are called that have no name of their own.
const (
	noneLabel       = "none"
	unassignedLabel = "unassigned"
	othersLabel     = "others"
	totalLabel      = "total"
	unknownLabel    = "unknown"
)

// axesOf reads group_by. dated is the field that its times are taken from.
func axesOf(words []string, dated string, zone *time.Location) ([]*axis, error) {
	var axes []*axis
	for _, word := range words {
		for part := range strings.SplitSeq(word, ",") {
			key := groupKey(part)
			switch {
			case key == "":
				return nil, &Refusal{Argument: "group_by", Problem: fmt.Sprintf("cases cannot be grouped by %q", clip(text.Line(part), 60)), Expected: "one or two of " + strings.Join(groupKeys, ", ")}
			case slices.ContainsFunc(axes, func(a *axis) bool { return a.key == key }):
				return nil, &Refusal{Argument: "group_by", Problem: key + " is named twice", Expected: "each key once"}
			case len(axes) == 2:
				return nil, &Refusal{Argument: "group_by", Problem: "more than two keys", Expected: "one or two of " + strings.Join(groupKeys, ", ") + "; filters narrow further"}
			}
			a := &axis{key: key, field: key, zone: zone, count: map[string]int{}}
			switch {
			case key == "tag":
				a.field = "tags"
			case a.isTime():
				a.field = dated
			}
			axes = append(axes, a)
		}
	}
	return axes, nil
}

// groupKey gives the key that a word means, "" for none.
func groupKey(word string) string {
	word = strings.ReplaceAll(text.Fold(word), " ", "_")
	for _, spelled := range []string{word, strings.TrimSuffix(word, "s"), strings.TrimSuffix(word, "es"), strings.TrimSuffix(word, "_id")} {
		if slices.Contains(groupKeys, spelled) {
			return spelled
		}
		if key := groupWords[spelled]; key != "" {
			return key
		}
	}
	return ""
}

func (a *axis) isTime() bool {
	return a.key == "day" || a.key == "week" || a.key == "month" || a.key == "hour"
}

// datedBy gives the field whose days are counted: created_at, unless only one other span of time is asked for.
func datedBy(ask CaseFilters) (field string, asked Range) {
	field = "created_at"
	if ask.Created != (Range{}) {
		return field, ask.Created
	}
	others := 0
	for _, span := range []struct {
		field string
		Range
	}{{"updated_at", ask.Updated}, {"solved_at", ask.Solved}, {"closed_at", ask.Closed}, {"due_at", ask.Due}} {
		if span.Range != (Range{}) {
			field, asked = span.field, span.Range
			others++
		}
	}
	if others > 1 {
		return "created_at", Range{}
	}
	return field, asked
}

// lookupAxes reads the names of the axes' values. What cannot be had costs the names, not the figures.
func (d *Desk) lookupAxes(ctx context.Context, axes []*axis) []string {
	var reading sync.WaitGroup
	missing := make([]string, len(axes))
	for i, a := range axes {
		if of := caseField(a.field).Refers; of != "" {
			reading.Go(func() {
				var err error
				if a.names, err = d.directory.names(ctx, of); err != nil && of != "tag" {
					missing[i] = fmt.Sprintf("%ss are shown by id: %s", of, reason(err))
				}
			})
		}
	}
	reading.Wait()
	return slices.DeleteFunc(missing, func(note string) bool { return note == "" })
}

// values gives the groups that a case belongs to.
func (a *axis) values(c *wisecx.Case) []string {
	var values []string
	for _, v := range (*caseRecord)(c).values(a.field) {
		if value := a.value(v); value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	if len(values) == 0 {
		return []string{""}
	}
	return values
}

// value gives the group of one value of a case's field.
func (a *axis) value(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return a.stretch(v)
	}
	word := v.(string)
	if a.key == "tag" && a.names != nil && text.Digits(word) == word { // tags come by name, a number may be a tag's id
		if e, err := a.names.find("", "tag", word); err == nil {
			word = e.name
		}
	}
	return clip(text.Line(word), 60)
}

// room gives a value, or the one that stands for all those beyond what an axis holds.
func (a *axis) room(value string) string {
	if _, known := a.count[value]; !known && len(a.count) >= mostValues {
		return overflow
	}
	return value
}

// ordered gives the values in the order of the answer: of time, of a case's life, or the largest groups first.
func (a *axis) ordered() []string {
	values := make([]string, 0, len(a.count))
	for value := range a.count {
		values = append(values, value)
	}
	last := func(value string) int {
		switch {
		case value == overflow:
			return 2
		case value == "" && (a.isTime() || a.key == "status"):
			return 1
		}
		return 0
	}
	slices.SortFunc(values, func(x, y string) int {
		by := cmp.Compare(last(x), last(y))
		switch {
		case a.isTime():
		case a.key == "status":
			by = cmp.Or(by, cmp.Compare(stage(x), stage(y)))
		default:
			by = cmp.Or(by, cmp.Compare(a.count[y], a.count[x]), cmp.Compare(a.label(x), a.label(y)))
		}
		return cmp.Or(by, cmp.Compare(x, y))
	})
	return values
}

// stage is where a status stands in a case's life; those that we do not know come last.
func stage(status string) int {
	if i := slices.Index(statuses, status); i >= 0 {
		return i
	}
	return len(statuses)
}

// label is what a group is called.
func (a *axis) label(value string) string {
	switch {
	case value == overflow:
		return othersLabel
	case value == anonymous:
		return unknownLabel
	case value == "" && a.key == "agent":
		return unassignedLabel
	case value == "":
		return noneLabel
	}
	if a.shown == nil {
		a.nameAll()
	}
	if label, named := a.shown[value]; named {
		return label
	}
	return a.name(value)
}

// nameAll finds names that two values share, which then carry their ids.
func (a *axis) nameAll() {
	a.shown = map[string]string{}
	held := map[string]int{}
	for value := range a.count {
		held[a.name(value)]++
	}
	for value := range a.count {
		if name := a.name(value); held[name] > 1 {
			a.shown[value] = fmt.Sprintf("%s (%s)", name, value)
		}
	}
}

// name is the name of a value. One that is called as the groups without a name are is quoted.
func (a *axis) name(value string) string {
	name := value
	if caseField(a.field).Refers != "" && a.key != "tag" {
		id, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil:
			name = strings.TrimPrefix(value, byName)
		case a.key == "type":
			name = a.names.typePath(id)
		case a.key == "agent":
			name = agentLabel(a.names, id)
		default:
			name = a.names.name(id)
		}
	}
	name = shorten(name, labelSize)
	if slices.Contains([]string{noneLabel, unassignedLabel, othersLabel, totalLabel, unknownLabel}, name) {
		return strconv.Quote(name)
	}
	return name
}

// typePath gives a type with the types above it, its id where it is not known.
func (n *names) typePath(id int64) string {
	if n != nil {
		if i, known := n.byID[id]; known && n.entries[i].name != "" {
			return n.path(n.entries[i])
		}
	}
	return n.name(id)
}

package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// Value is what a field is to become: left alone, cleared, or set to what a caller wrote.
type Value struct {
	Given, Null bool
	Text        string
}

// CaseChanges are what is to change of a case, as the caller wrote it.
type CaseChanges struct {
	Status, Subject, Queue, Agent, Type, Priority, DueAt Value
	AddTags, RemoveTags                                  []string
	CustomFields                                         map[string]string
	Spam                                                 *bool
	Expect                                               map[string]Value

	distributed bool                // agents are given to them in turns as well
	options     map[string][]string // that were read for the cases before
	strange     map[string]error    // of custom fields that were looked for, likewise: nil of those that exist
}

// optionsOf reads the options of a custom field, once for many cases.
func (d *Desk) optionsOf(ctx context.Context, ask CaseChanges, name string) []string {
	if known, read := ask.options[name]; read {
		return known
	}
	var found []string
	list, _ := d.api.ListFieldOptions(ctx, name, wisecx.Query{}) // a field without options may be none that the API knows
	for _, o := range list {
		found = append(found, string(o.Value))
	}
	if ask.options != nil {
		ask.options[name] = found
	}
	return found
}

// change is one field of a case that is to become something else.
type change struct {
	field  *wisecx.Field
	custom string
	value  any // id, text, time, list of tags, bool; nil clears
	shown  any
	note   string // what is to be known of it

	options []string // of a custom field that has some

	adds, removes []string // tags
}

// notesOf gives what is to be known of changes, each note once.
func notesOf(changes []change) (notes []string) {
	for _, ch := range changes {
		if ch.note != "" && !slices.Contains(notes, ch.note) {
			notes = append(notes, ch.note)
		}
	}
	return notes
}

// The fields of a case that a change may touch or tell of.
var (
	changeNames = []string{"id", "number", "subject", "status", "priority", "queue", "agent", "contact", "channel", "channel_account",
		"type", "tags", "due_at", "custom_fields", "created_at", "updated_at", "solved_at", "closed_at"}
	changeKeys = caseTable.keys(changeNames...)
)

// changesOf resolves what the caller wrote.
func (d *Desk) changesOf(ctx context.Context, c *wisecx.Case, ask CaseChanges, now time.Time) ([]change, error) {
	var list []change
	add := func(ch change, err error) error {
		if err == nil {
			list = append(list, ch)
		}
		return err
	}
	for _, one := range []struct {
		name  string
		value Value
		read  func(context.Context, string, Value, time.Time) (change, error)
	}{
		{"queue", ask.Queue, d.changeName}, {"agent", ask.Agent, d.changeName}, {"type", ask.Type, d.changeName}, {"priority", ask.Priority, d.changeName},
		{"subject", ask.Subject, d.changeText}, {"status", ask.Status, d.changeText}, {"due_at", ask.DueAt, d.changeTime},
	} {
		if !one.value.Given {
			continue
		}
		if err := add(one.read(ctx, one.name, one.value, now)); err != nil {
			return nil, err
		}
	}
	if len(ask.AddTags)+len(ask.RemoveTags) > 0 {
		if err := add(d.changeTags(ctx, c, ask.AddTags, ask.RemoveTags)); err != nil {
			return nil, err
		}
	}
	names := make([]string, 0, len(ask.CustomFields))
	for name := range ask.CustomFields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := add(d.changeCustom(ctx, c, name, ask)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// changeName resolves the name of a queue, an agent, a type or a priority.
func (d *Desk) changeName(ctx context.Context, name string, v Value, _ time.Time) (change, error) {
	ch := change{field: caseField(name)}
	unassigned := name == "agent" && slices.Contains([]string{"unassigned", "none", "nobody", "nadie", "sin asignar"}, text.Fold(v.Text))
	switch {
	case (v.Null || unassigned) && name == "agent":
		return ch, nil
	case v.Null || strings.TrimSpace(v.Text) == "":
		expected := "a name or an id; it cannot be cleared"
		if name == "agent" {
			expected = "a name or an id; null clears it"
		}
		return ch, &Refusal{Argument: name, Problem: "empty", Expected: expected}
	case name == "type" || name == "queue" && text.Fold(v.Text) == "mine":
		f := &filter{Condition: wisecx.Condition{Field: ch.field}}
		err := d.resolveID(ctx, f, name, name, v.Text) // a type alone, without those below it
		if err == nil {
			ch.value, ch.shown = f.Values[0], f.shown[0]
		}
		return ch, err
	}
	f, err := d.named(ctx, name, ch.field, wisecx.Equal, []string{v.Text})
	if err == nil && (len(f.Values) != 1 || f.none) {
		err = &Refusal{Argument: name, Problem: fmt.Sprintf("%q is not just one %s", clip(v.Text, 60), name), Expected: "one name or id"}
	}
	if err == nil {
		ch.value, ch.shown = f.Values[0], f.shown[0]
	}
	return ch, err
}

// longestSubject is how long a subject may be, in characters [I].
const longestSubject = 500

func (d *Desk) changeText(_ context.Context, name string, v Value, _ time.Time) (change, error) {
	ch := change{field: caseField(name), value: strings.TrimSpace(v.Text), shown: strings.TrimSpace(v.Text)}
	switch {
	case v.Null || ch.value == "":
		return ch, &Refusal{Argument: name, Problem: "empty", Expected: "a " + name + "; it cannot be cleared"}
	case name == "status" && !slices.Contains(statuses, v.Text):
		return ch, &Refusal{Argument: name, Problem: fmt.Sprintf("there is no status %q that a case could get", clip(v.Text, 60)), Expected: "one of " + strings.Join(statuses, ", ")}
	case len([]rune(v.Text)) > longestSubject || strings.ContainsAny(v.Text, "\r\n"):
		return ch, &Refusal{Argument: name, Problem: "longer than one line of 500 characters", Expected: "one line"}
	case text.Line(v.Text) != strings.Join(strings.Fields(v.Text), " "):
		return ch, &Refusal{Argument: name, Problem: "it holds invisible or control characters", Expected: "one plain line"}
	}
	return ch, d.noPseudonym(name, v.Text)
}

// changeTime reads a due time. A day means its last minute.
func (d *Desk) changeTime(_ context.Context, name string, v Value, now time.Time) (change, error) {
	ch := change{field: caseField(name)}
	switch {
	case v.Null:
		return ch, nil
	case strings.TrimSpace(v.Text) == "":
		return ch, &Refusal{Argument: name, Problem: "empty", Expected: "a point in time; null clears it"}
	}
	word := strings.ToLower(strings.TrimSpace(v.Text))
	from, err := pointInTime(name, v.Text, startOf, now)
	if err != nil {
		return ch, err
	}
	if _, is := age(word, now); is && from.Before(now) && !strings.HasPrefix(word, "-") && !strings.HasSuffix(word, "ago") && !strings.HasPrefix(word, "hace") {
		from = now.Add(now.Sub(from)) // what is due in 24h lies ahead
	}
	if to, _ := pointInTime(name, v.Text, endOf, now); to.After(from) {
		from = to.Add(-time.Minute)
	}
	from = from.Truncate(time.Second)
	ch.value, ch.shown = from, d.show(from)
	if from.Before(now) { // which may be meant, as by an undo
		ch.note = fmt.Sprintf("%s %s is over already: with it a case is overdue at once", name, ch.shown)
	}
	return ch, nil
}

// changeTags gives the tags that the case is to have. Only tags that exist are taken.
func (d *Desk) changeTags(ctx context.Context, c *wisecx.Case, add, remove []string) (change, error) {
	list, err := d.directory.names(ctx, "tag")
	if err != nil {
		return change{}, fmt.Errorf("the tags are not to be had, so none is set: %w", err)
	}
	resolve := func(argument string, words []string) ([]string, error) {
		var found []string
		for _, word := range words {
			e, err := list.find(argument, "tag", word)
			if err != nil {
				return nil, err
			}
			found = append(found, e.name)
		}
		return found, nil
	}
	adds, err := resolve("add_tags", add)
	if err != nil {
		return change{}, err
	}
	removes, err := resolve("remove_tags", remove)
	if err != nil {
		return change{}, err
	}
	for _, tag := range adds {
		if holdsTag(removes, tag) {
			return change{}, &Refusal{Argument: "add_tags", Problem: fmt.Sprintf("%q is to be added and removed", tag), Expected: "one of the two"}
		}
	}
	tags := withTags(c.Tags, adds, removes)
	return change{field: caseField("tags"), value: tags, shown: tags, adds: adds, removes: removes}, nil
}

// withTags gives tags with some more and without others, each once.
func withTags(have, adds, removes []string) []string {
	tags := []string{}
	for _, tag := range slices.Concat(have, adds) {
		if !holdsTag(removes, tag) && !holdsTag(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

func holdsTag(tags []string, tag string) bool {
	return slices.ContainsFunc(tags, func(t string) bool { return text.Fold(t) == text.Fold(tag) })
}

// changeCustom gives a custom field a value: one of its options, where it has options.
func (d *Desk) changeCustom(ctx context.Context, c *wisecx.Case, name string, ask CaseChanges) (change, error) {
	value := ask.CustomFields[name]
	argument := "custom_fields." + text.Line(clip(name, 60))
	name = strings.TrimPrefix(strings.TrimSpace(name), "custom.")
	if !namesField(name) || wisecx.IsSecret(name) {
		return change{}, &Refusal{Argument: argument, Problem: "this field cannot be set", Expected: "the name of a custom field that is no secret"}
	}
	if err := cmp.Or(sendsNoSecret(argument, c.CustomFields), d.noPseudonym(argument, value)); err != nil {
		return change{}, err
	}
	if len([]rune(value)) > longestCustom {
		return change{}, &Refusal{Argument: argument, Problem: "longer than 2,000 characters", Expected: "a shorter value"}
	}
	value = strings.ReplaceAll(value, "\r\n", "\n")
	if err := allSeen(argument, value); err != nil {
		return change{}, err
	}
	known := slices.IndexFunc(c.CustomFields, func(f wisecx.CustomField) bool { return text.Fold(string(f.Field)) == text.Fold(name) })
	if known >= 0 {
		name = string(c.CustomFields[known].Field)
	}
	values := d.optionsOf(ctx, ask, name)
	note := ""
	if known < 0 && len(values) == 0 {
		err := d.strangeTo(ctx, ask, argument, name)
		if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
			if refusal.Candidates = text.Nearest(name, refusal.Candidates, 3); len(refusal.Candidates) == 0 { // its first use, then
				err, note = nil, fmt.Sprintf("no case of late has the custom field %q; the API may ignore it", clip(text.Line(name), 60))
			}
		}
		if err != nil {
			return change{}, err
		}
	}
	if len(values) > 0 && value != "" {
		at := slices.IndexFunc(values, func(o string) bool { return text.Fold(o) == text.Fold(value) })
		if at < 0 {
			near := text.Nearest(value, values, 5)
			if len(near) == 0 {
				near = values[:min(len(values), 10)]
			}
			return change{}, &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is none of its %d options", clip(value, 60), len(values)), Expected: "one of its options", Candidates: near}
		}
		value = values[at]
	}
	return change{field: wisecx.CustomCaseField(name), custom: name, value: value, shown: value, note: note, options: values}, nil
}

// namesField tells whether a name may be one of a custom field. People read it in questions.
func namesField(name string) bool {
	return name != "" && name == text.Line(name) && len([]rune(name)) <= longestCustomName
}

// strangeTo refuses a custom field that none of the newest cases has. It is looked for once for many cases.
func (d *Desk) strangeTo(ctx context.Context, ask CaseChanges, argument, name string) error {
	err, looked := ask.strange[text.Fold(name)]
	if !looked {
		newest := &listScan[wisecx.Case]{desk: d, kind: d.caseKind()}
		err = newest.checkCustom(ctx, []*filter{{custom: name}})
		if ask.strange != nil {
			ask.strange[text.Fold(name)] = err
		}
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("cases have no custom field %q", clip(name, 60)),
			Expected: "a custom field of the account's cases; a person makes new ones in Wise CX", Candidates: refusal.Candidates}
	}
	return err
}

// holds tells whether a case is as a change wants it, by meaning and not by spelling.
func (ch change) holds(c *wisecx.Case) bool {
	have := valuesOf((*caseRecord)(c), ch.field.Name, ch.custom)
	switch want := ch.value.(type) {
	case nil:
		return len(have) == 0
	case []string:
		if len(ch.adds)+len(ch.removes) > 0 { // which others there are may be somebody else's doing
			return !slices.ContainsFunc(ch.adds, func(tag string) bool { return !holdsTag(c.Tags, tag) }) &&
				!slices.ContainsFunc(ch.removes, func(tag string) bool { return holdsTag(c.Tags, tag) })
		}
		return slices.Equal(folded(want), folded(c.Tags))
	case time.Time:
		return len(have) == 1 && have[0].(time.Time).Unix() == want.Unix()
	case string:
		if want == "" {
			return len(have) == 0
		}
		if ch.field.Name == "subject" {
			return len(have) == 1 && strings.Join(strings.Fields(have[0].(string)), " ") == strings.Join(strings.Fields(want), " ")
		}
	}
	if len(have) != 1 {
		return false
	}
	order, comparable := compare(have[0], ch.value)
	return comparable && order == 0
}

func folded(tags []string) []string {
	keys := []string{}
	for _, t := range tags {
		keys = append(keys, text.Fold(t))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// show gives the value that a case has of a change's field, as people read it.
func (d *Desk) showField(ctx context.Context, c *wisecx.Case, ch change) any {
	if ch.custom != "" {
		if have := valuesOf((*caseRecord)(c), "", ch.custom); len(have) > 0 {
			return d.mask.Words(have[0].(string))
		}
		return nil
	}
	if ch.field.Name == "tags" {
		return append([]string{}, c.Tags...)
	}
	columns := []column{{name: ch.field.Name, field: ch.field, raw: ch.field.Refers == "contact"}}
	found, _ := d.lookup(ctx, columns, nil)
	return d.cell(c, columns[0], found)
}

// spamNote says why a receipt tells nothing of it before, and a second time is no other.
const spamNote = "the API does not show whether a case is spam, so that cannot be compared or read back; an undo takes a mark as spam away"

// changePreview says what would change, and how.
func (d *Desk) changePreview(ctx context.Context, c *wisecx.Case, changes []change, spam *bool) guard.Receipt {
	r := guard.Receipt{Object: caseObject(c), Notes: notesOf(changes)}
	for _, ch := range changes {
		r.Changes = append(r.Changes, guard.Change{Field: ch.field.Name, Before: d.showField(ctx, c, ch), After: ch.shown})
	}
	if spam != nil {
		r.Changes, r.Notes = append(r.Changes, guard.Change{Field: "spam", After: *spam}), append(r.Notes, spamNote)
	}
	r.Notes = append(r.Notes, d.oddAgents(ctx, []*bulkCase{{Case: c, changes: changes}}, "en")...)
	r.Via = viaOf(nil, d.requestsOf(c, changes, spam))
	return r
}

func caseObject(c *wisecx.Case) map[string]any {
	return map[string]any{"case_id": int64(c.ID), "case_number": int64(c.Number)}
}

func fieldIn(changes []change, name string) *change {
	for i := range changes {
		if changes[i].field.Name == name {
			return &changes[i]
		}
	}
	return nil
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// otherwise is the refusal of a change since a value is not the one that was expected.
type otherwise struct {
	*Refusal
	now string // what it is instead: `agent is "Laura Medina"`
}

func (o *otherwise) Unwrap() error { return o.Refusal }

// expect refuses a change where values are not those that a caller expects; null and "" stand for none. find gives what is
// shown of a field, and what tells whether it has the value.
func expect(expected map[string]Value, find func(argument, name string, v Value) (shown any, is func() (bool, error), err error)) error {
	for _, name := range slices.Sorted(maps.Keys(expected)) {
		v, argument := expected[name], "expect."+text.Line(clip(name, 60))
		shown, is, err := find(argument, name, v)
		if err != nil {
			return err
		}
		if !v.isNone() && shown == any(v.Text) {
			continue
		}
		if holds, err := is(); holds || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		now := "empty"
		if list, isList := shown.([]string); isList && len(list) > 0 || !isList && shown != nil && shown != "" {
			now = fmt.Sprintf("%q", clip(shownValue(shown), 120))
		}
		was := fmt.Sprintf("%q", clip(v.Text, 60))
		if v.isNone() {
			was = "empty"
		}
		return &otherwise{&Refusal{Argument: argument, Problem: fmt.Sprintf("it is %s now, not %s, so nothing was changed", now, was), Expected: "to decide anew, by what it is now"},
			text.Line(clip(name, 60)) + " is " + now}
	}
	return nil
}

// isNone tells whether a value stands for none.
func (v Value) isNone() bool { return v.Null || strings.TrimSpace(v.Text) == "" }

// expectable gives the field that an expectation names, one of those that were read, or else a custom field, which may not
// exist.
func (t table) expectable(argument, name string, read []string) (field *wisecx.Field, custom string, err error) {
	bare, isCustom := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(name), t.Prefix), "custom.")
	if isSecret(bare) {
		return nil, "", &Refusal{Argument: argument, Problem: "this is secret and cannot be asked about", Expected: "another field"}
	}
	known, found := t.named(bare)
	switch {
	case found && !isCustom && slices.Contains(read, known.Name) && known.Name != "custom_fields":
		return known, "", nil
	case bare == "" || found && !isCustom || t.elsewhere[text.Fold(bare)] != "" && !isCustom:
		return nil, "", t.unknown(&Refusal{}, argument, name, read)
	}
	return t.CustomField(bare), bare, nil
}

// unknown calls a field unknown, and names those of which a value can be expected, where the search for it was refused.
func (t table) unknown(err error, argument, name string, read []string) error {
	if refusal := (*Refusal)(nil); !errors.As(err, &refusal) {
		return err
	}
	names := slices.DeleteFunc(slices.Clone(read), func(n string) bool { return n == "custom_fields" })
	return &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is unknown here, so nothing was changed", clip(name, 60)),
		Expected: "one of " + strings.Join(names, ", ") + ", or a custom field that exists", Candidates: text.Nearest(name, names, 2)}
}

// expectOfCase refuses a change where the case is not as the caller thinks.
func (d *Desk) expectOfCase(ctx context.Context, c *wisecx.Case, ask CaseChanges, now time.Time) error {
	return expect(ask.Expect, func(argument, name string, v Value) (any, func() (bool, error), error) {
		field, custom, err := caseTable.expectable(argument, name, changeNames)
		if err != nil {
			return nil, nil, err
		}
		ch := change{field: field, custom: custom}
		if custom != "" && len(valuesOf((*caseRecord)(c), "", custom)) == 0 && len(d.optionsOf(ctx, ask, custom)) == 0 {
			if err := caseTable.unknown(d.strangeTo(ctx, ask, argument, custom), argument, name, changeNames); err != nil {
				return nil, nil, err
			}
		}
		return d.showField(ctx, c, ch), func() (bool, error) { return d.caseIs(ctx, c, ch, argument, v, now) }, nil
	})
}

// caseIs tells whether a case has a value as a caller wrote it: one that can be changed is read as its change is.
func (d *Desk) caseIs(ctx context.Context, c *wisecx.Case, ch change, argument string, v Value, now time.Time) (holds bool, err error) {
	have := valuesOf((*caseRecord)(c), ch.field.Name, ch.custom)
	switch name := ch.field.Name; {
	case v.isNone():
		return len(have) == 0, nil
	case ch.field.Refers != "" && len(have) == 1 && fmt.Sprint(have[0]) == strings.TrimSpace(v.Text):
		return true, nil // an id, also one that the directory does not know
	case ch.custom != "" || name == "subject":
		ch.value = strings.TrimSpace(v.Text)
	case name == "queue", name == "agent", name == "type", name == "priority":
		ch, err = d.changeName(ctx, name, v, now)
	case name == "status":
		ch, err = d.changeText(ctx, name, v, now)
	case ch.field.Kind == wisecx.KindTime:
		return isMoment(argument, v.Text, have, now)
	default:
		f, err := d.whereFilter(ctx, caseTable, argument, Where{Field: name, Operator: string(wisecx.Equal), Values: []string{v.Text}}, now)
		return err == nil && f.matches((*caseRecord)(c)), err
	}
	return err == nil && ch.holds(c), under(argument, err)
}

// expectOfContact refuses a change where the contact is not as the caller thinks: what identifies it is compared by
// meaning, and where masking hides it by its pseudonym.
func (d *Desk) expectOfContact(ctx context.Context, c *wisecx.Contact, expected map[string]Value) error {
	now := d.now().In(d.zone)
	return expect(expected, func(argument, name string, v Value) (any, func() (bool, error), error) {
		field, custom, err := contactTable.expectable(argument, name, viewNames)
		if err != nil {
			return nil, nil, err
		}
		ch := contactChange{field: field, custom: custom}
		if custom != "" && ch.of(c) == "" {
			if err := contactTable.unknown(d.spellCustoms(ctx, c.CustomFields, []contactChange{ch}), argument, name, viewNames); err != nil {
				return nil, nil, err
			}
		}
		return d.showChange(ctx, c, ch), func() (bool, error) { return d.contactIs(ctx, c, ch, argument, v, now) }, nil
	})
}

// contactIs tells whether a contact has a value as a caller wrote it.
func (d *Desk) contactIs(ctx context.Context, c *wisecx.Contact, ch contactChange, argument string, v Value, now time.Time) (bool, error) {
	have := valuesOf((*contactRecord)(c), ch.field.Name, ch.custom)
	way := wayOf(ch.field.Name, strings.TrimSpace(v.Text))
	switch {
	case v.isNone():
		return len(have) == 0 || ch.field.Name == "organization" && c.OrganizationID < 0, nil
	case way != nil && way.fits(c), ch.field.Refers != "" && len(have) == 1 && fmt.Sprint(have[0]) == strings.TrimSpace(v.Text):
		return true, nil
	case ch.field.Kind == wisecx.KindTime:
		return isMoment(argument, v.Text, have, now)
	}
	f, err := d.whereFilter(ctx, contactTable, argument, Where{Field: ch.field.Name, Operator: string(wisecx.Equal), Values: []string{v.Text}}, now)
	return err == nil && f.matches((*contactRecord)(c)), err
}

// seconds are what tells a moment that was written to the second.
var seconds = compiled(`\d:\d\d:\d\d`)

// isMoment tells whether a field has the time that a text means: the very second where it names one, else within that
// minute, as times are shown, or within its day or longer period.
func isMoment(argument, written string, have []any, now time.Time) (bool, error) {
	from, err := pointInTime(argument, written, startOf, now)
	if err != nil || len(have) == 0 {
		return false, err
	}
	to, _ := pointInTime(argument, written, endOf, now)
	if !to.After(from) {
		if !seconds().MatchString(written) {
			from = from.Truncate(time.Minute)
			to = from.Add(time.Minute)
		} else {
			to = from.Add(time.Second)
		}
	}
	at := have[0].(time.Time)
	return !at.Before(from) && at.Before(to), nil
}

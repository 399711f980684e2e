package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// Where is a condition as the caller wrote it. A value is always a value, whatever it contains.
type Where struct {
	Field    string   `json:"f"`
	Operator string   `json:"o"` // one of the eight, in the API's spelling
	Values   []string `json:"v"`
}

// whereFilter checks a condition against the table of resources and resolves its names.
func (d *Desk) whereFilter(ctx context.Context, t table, argument string, w Where, now time.Time) (*filter, error) {
	field, custom, err := t.find(argument, w.Field)
	if err != nil {
		return nil, err
	}
	f := &filter{Condition: wisecx.Condition{Field: field, Operator: wisecx.Operator(w.Operator)}, custom: custom}
	if custom != "" {
		// The API could not tell such a field from its own field of the same name.
		_, f.local = t.Field(custom)
	}
	if err := f.checkOperator(argument, w); err != nil {
		return nil, err
	}
	for _, value := range w.Values {
		if err := d.whereValue(ctx, f, argument, value, now); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// equalities are the operators for values without an order.
var equalities = []wisecx.Operator{wisecx.In, wisecx.NotIn, wisecx.Equal, wisecx.NotEqual}

func (f *filter) checkOperator(argument string, w Where) error {
	operators := []wisecx.Operator{wisecx.In, wisecx.NotIn, wisecx.Equal, wisecx.NotEqual, wisecx.Greater, wisecx.Lower, wisecx.GreaterEqual, wisecx.LowerEqual}
	many := f.Operator == wisecx.In || f.Operator == wisecx.NotIn
	switch {
	case !slices.Contains(operators, f.Operator):
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is no operator", clip(w.Operator, 60)),
			Expected: `EQUAL, NOT EQUAL, IN, NOT IN, GREATER, GREATER EQUAL, LOWER or LOWER EQUAL, such as "sucursal EQUAL Rosario"`}
	case len(w.Values) == 0:
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("no value after %s", w.Operator), Expected: `such as "sucursal EQUAL Rosario"`}
	case len(w.Values) > 1 && !many:
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("%s takes one value, not %d", f.Operator, len(w.Values)), Expected: `IN or NOT IN for several, such as "number IN 1,2"`}
	case f.Field.Kind != wisecx.KindNumber && f.Field.Kind != wisecx.KindTime && f.custom == "" && !slices.Contains(equalities, f.Operator),
		f.Field.Refers != "" && !slices.Contains(equalities, f.Operator):
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("%s has no order that %s could go by", f.Field.Name, f.Operator), Expected: "EQUAL, NOT EQUAL, IN or NOT IN"}
	case len(w.Values) > wisecx.MaxPage:
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("%d values", len(w.Values)), Expected: "at most 100"}
	case f.Field.Name == "custom_fields":
		return &Refusal{Argument: argument, Problem: "custom_fields is all of them", Expected: "custom.<name> for one"}
	}
	return nil
}

// whereValue reads one value as the field's kind wants it.
func (d *Desk) whereValue(ctx context.Context, f *filter, argument, value string, now time.Time) error {
	f.shown = append(f.shown, text.Line(clip(value, 60)))
	last := len(f.shown) - 1
	refuse := func(expected string) error {
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is no value of %s", clip(value, 60), f.Field.Name), Expected: expected}
	}
	switch {
	case strings.TrimSpace(value) == "":
		f.none = true
		f.shown[last] = "empty"
	case f.Field.Refers == "contact":
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return refuse("a contact's id; the argument contact takes an e-mail, phone or personal id too")
		}
		f.Values = append(f.Values, id)
	case f.Field.Refers != "" || f.Field.Name == "channel" || f.Field.Name == "priority":
		f.shown = f.shown[:last]
		return d.resolve(ctx, f, argument, value)
	case f.Field.Kind == wisecx.KindStatus && value == "unresolved":
		f.Values = append(f.Values, anys(unresolved)...)
	case f.Field.Kind == wisecx.KindStatus:
		if !slices.Contains(statuses, value) {
			return refuse("one of " + strings.Join(statuses, ", ") + ", unresolved")
		}
		f.Values = append(f.Values, value)
	case f.Field.Kind == wisecx.KindNumber:
		n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(value), "#"), 10, 64)
		if err != nil {
			return refuse("a whole number")
		}
		f.Values = append(f.Values, n)
	case f.Field.Kind == wisecx.KindTruth:
		truth, err := strconv.ParseBool(strings.ToLower(value))
		if err != nil {
			return refuse("true or false")
		}
		f.Values = append(f.Values, truth)
	case f.Field.Kind == wisecx.KindTime:
		at, err := f.whereTime(argument, value, now)
		if err != nil {
			return err
		}
		f.Values = append(f.Values, at)
		f.shown[last] = d.show(at)
	default:
		f.Values = append(f.Values, value)
	}
	return nil
}

// whereTime reads a point in time. Of a day or a longer period, later than it means from its end on,
// and up to it means before its end; equal to it is no single moment.
func (f *filter) whereTime(argument, value string, now time.Time) (time.Time, error) {
	from, err := pointInTime(argument, value, startOf, now)
	if err != nil {
		return from, err
	}
	to, _ := pointInTime(argument, value, endOf, now)
	if from.Equal(to) {
		return from, nil
	}
	switch f.Operator {
	case wisecx.Greater:
		f.Operator = wisecx.GreaterEqual
		return to, nil
	case wisecx.LowerEqual:
		f.Operator = wisecx.Lower
		return to, nil
	case wisecx.GreaterEqual, wisecx.Lower:
		return from, nil
	}
	return from, &Refusal{Argument: argument, Problem: fmt.Sprintf("%s compares with one moment, and %q is a period", f.Operator, clip(value, 60)),
		Expected: "two conditions, GREATER EQUAL its start and LOWER its end"}
}

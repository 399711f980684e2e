package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// filter is one condition on a row: asked of the API where it can filter by that, and always held
// against the rows that come back, since a filter may be ignored.
type filter struct {
	wisecx.Condition
	custom  string   // the name of a custom field
	account []string // of a channel: the names of the very channels that are meant, of the kinds in Values
	plain   []string // of a channel: the kinds that are meant as a whole
	note    string   // what the answer should say about it
	none    bool     // the empty value is one of the wanted (or unwanted) ones
	shown   []string // the values as names, for `applied`
	local   bool     // the API cannot be asked for just this
	refused bool     // the API would not filter by this field
	doubted bool     // the API may leave out rows without a value, so that it is asked no longer
	carried bool     // rows always have the field, so that an empty one is empty, whatever the API was asked
	anybody func(record) bool
	reads   []string // the API's keys that anybody looks at
	tags    *names   // of tags: what rows may carry as ids
}

// remote tells whether the API can be asked for it.
func (f *filter) remote() bool {
	return !f.local && !f.refused && !f.none && f.anybody == nil && f.Field.Takes(f.Operator)
}

// negative tells whether the condition is met by what is not named.
func (f *filter) negative() bool { return f.Operator == wisecx.NotIn || f.Operator == wisecx.NotEqual }

// String reads like "status IN (open, pending)" or "created_at >= 2026-11-15 12:30".
func (f *filter) String() string {
	switch f.Operator {
	case wisecx.In, wisecx.NotIn:
		return fmt.Sprintf("%s %s (%s)", f.Field.Name, f.Operator, strings.Join(f.shown, ", "))
	}
	sign := map[wisecx.Operator]string{
		wisecx.Equal: "=", wisecx.NotEqual: "!=", wisecx.Greater: ">", wisecx.GreaterEqual: ">=", wisecx.Lower: "<", wisecx.LowerEqual: "<=",
	}[f.Operator]
	return fmt.Sprintf("%s %s %s", f.Field.Name, sign, strings.Join(f.shown, ", "))
}

// matches holds the filter against a row: the condition, and what the API cannot be asked about it.
func (f *filter) matches(r record) bool {
	if f.anybody != nil {
		return f.anybody(r)
	}
	if len(f.account) > 0 && f.negative() {
		return !f.isAccount(r)
	}
	return f.fits(r) && (len(f.account) == 0 || f.isAccount(r))
}

// isAccount tells whether a case came in by one of the channels that are meant. A channel's name holds the
// number or the mailbox that a case has as its channel_account [I]; a case without one may be any of its kind.
func (f *filter) isAccount(r record) bool {
	channel := textOf(r, "channel")
	if slices.Contains(f.plain, channel) {
		return true
	}
	if !slices.Contains(f.Values, any(channel)) {
		return false
	}
	account := text.Fold(textOf(r, "channel_account"))
	return account == "" || slices.ContainsFunc(f.account, func(name string) bool { return strings.Contains(text.Fold(name), account) })
}

// fits holds the condition alone against a row.
func (f *filter) fits(r record) bool {
	have := valuesOf(r, f.Field.Name, f.custom)
	for i, value := range have {
		if tag, isText := value.(string); isText && f.tags != nil {
			have[i] = f.tags.tag(tag)
		}
	}
	if len(have) == 0 {
		return f.none != f.negative()
	}
	for _, want := range f.Values {
		for _, value := range have {
			if order, comparable := compare(value, want); comparable && holds(f.Operator, order) {
				return !f.negative()
			}
		}
	}
	return f.negative()
}

// holds tells whether two values in that order meet an operator; a negative one by its opposite.
func holds(operator wisecx.Operator, order int) bool {
	switch operator {
	case wisecx.Greater:
		return order > 0
	case wisecx.GreaterEqual:
		return order >= 0
	case wisecx.Lower:
		return order < 0
	case wisecx.LowerEqual:
		return order <= 0
	}
	return order == 0
}

// compare orders two values of one kind. Texts are compared as numbers where both are, else without
// regard to case and accents.
func compare(a, b any) (int, bool) {
	switch a := a.(type) {
	case int64:
		b, ok := b.(int64)
		return cmp.Compare(a, b), ok
	case time.Time:
		b, ok := b.(time.Time)
		return a.Compare(b), ok
	case bool:
		b, ok := b.(bool)
		if a == b {
			return 0, ok
		}
		return 1, ok
	case string:
		b, ok := b.(string)
		if !ok {
			return 0, false
		}
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX == nil && errY == nil {
			return cmp.Compare(x, y), true
		}
		return cmp.Compare(text.Fold(a), text.Fold(b)), true
	}
	return 0, false
}

// CaseFilters are the arguments of search_cases that choose cases, as the caller wrote them. Their short
// names in JSON are for the cursor, which a model carries along.
type CaseFilters struct {
	Status   []string `json:"s,omitempty"`
	Queue    []string `json:"q,omitempty"`
	Agent    []string `json:"a,omitempty"`
	Channel  []string `json:"ch,omitempty"`
	Type     []string `json:"ty,omitempty"`
	Tags     []string `json:"ta,omitempty"`
	Priority []string `json:"p,omitempty"`
	Contact  string   `json:"co,omitempty"`
	Numbers  []int64  `json:"n,omitempty"`
	Created  Range    `json:"c,omitzero"`
	Updated  Range    `json:"u,omitzero"`
	Solved   Range    `json:"so,omitzero"`
	Closed   Range    `json:"cl,omitzero"`
	Due      Range    `json:"d,omitzero"`
	Text     string   `json:"t,omitempty"`
	Where    []Where  `json:"w,omitempty"`
}

// Range is a span of time as the caller wrote its ends; "" leaves an end open.
type Range struct {
	After  string `json:"a,omitempty"`
	Before string `json:"b,omitempty"`
}

// statuses are all that there are; unresolved is the word for those that still want work.
var (
	statuses   = []string{wisecx.StatusOpen, wisecx.StatusPending, wisecx.StatusOnHold, wisecx.StatusSolved, wisecx.StatusClosed}
	unresolved = statuses[:3:3]
)

// filters resolves what the caller wrote into conditions, as of now.
func (d *Desk) filters(ctx context.Context, ask CaseFilters, now time.Time) ([]*filter, error) {
	var filters []*filter
	add := func(f *filter, err error) error {
		if err == nil && f != nil {
			filters = append(filters, f)
		}
		return err
	}
	if len(ask.Status) > 0 {
		if err := add(statusFilter(ask.Status)); err != nil {
			return nil, err
		}
	}
	for _, named := range []struct {
		field string
		words []string
	}{{"queue", ask.Queue}, {"agent", ask.Agent}, {"channel", ask.Channel}, {"type", ask.Type}, {"tags", ask.Tags}, {"priority", ask.Priority}} {
		if len(named.words) > 0 {
			if err := add(d.named(ctx, named.field, caseField(named.field), wisecx.In, named.words)); err != nil {
				return nil, err
			}
		}
	}
	if ask.Contact != "" {
		if err := add(d.contactFilter(ctx, ask.Contact)); err != nil {
			return nil, err
		}
	}
	if len(ask.Numbers) > 0 {
		add(numbersFilter(ask.Numbers), nil)
	}
	for _, span := range []struct {
		field string
		Range
	}{{"created", ask.Created}, {"updated", ask.Updated}, {"solved", ask.Solved}, {"closed", ask.Closed}, {"due", ask.Due}} {
		both, err := d.spanFilters(caseTable, span.field, span.Range, now)
		if err != nil {
			return nil, err
		}
		filters = append(filters, both...)
	}
	for i, where := range ask.Where {
		if err := add(d.whereFilter(ctx, caseTable, fmt.Sprintf("where[%d]", i), where, now)); err != nil {
			return nil, err
		}
	}
	if ask.Text != "" {
		if err := add(textFilter(ask.Text)); err != nil {
			return nil, err
		}
	}
	return filters, nil
}

func statusFilter(words []string) (*filter, error) {
	var chosen []string
	for _, word := range words {
		meant := []string{word}
		if word == "unresolved" {
			meant = unresolved
		}
		for _, status := range meant {
			if !slices.Contains(chosen, status) {
				chosen = append(chosen, status)
			}
		}
	}
	return &filter{Condition: wisecx.Condition{Field: caseField("status"), Operator: wisecx.In, Values: anys(chosen)}, shown: chosen}, nil
}

func numbersFilter(numbers []int64) *filter {
	f := &filter{Condition: wisecx.Condition{Field: caseField("number"), Operator: wisecx.In}}
	for _, n := range numbers {
		f.Values = append(f.Values, n)
		f.shown = append(f.shown, strconv.FormatInt(n, 10))
	}
	return f
}

// spanFilters reads both ends of a span: after includes, before excludes.
func (d *Desk) spanFilters(t table, name string, span Range, now time.Time) ([]*filter, error) {
	var filters []*filter
	var from time.Time
	for _, end := range []struct {
		argument, word string
		operator       wisecx.Operator
		edge           edge
	}{{name + "_after", span.After, wisecx.GreaterEqual, startOf}, {name + "_before", span.Before, wisecx.Lower, endOf}} {
		if end.word == "" {
			continue
		}
		at, err := pointInTime(end.argument, end.word, end.edge, now)
		if err != nil {
			return nil, err
		}
		if end.edge == startOf {
			from = at
		} else if !from.IsZero() && !from.Before(at) {
			return nil, &Refusal{Argument: end.argument, Problem: fmt.Sprintf("%s is not later than %s_after, %s", d.show(at), name, d.show(from)),
				Expected: "a point in time after it; nothing lies between them"}
		}
		filters = append(filters, &filter{
			Condition: wisecx.Condition{Field: t.must(name + "_at"), Operator: end.operator, Values: []any{at}},
			shown:     []string{d.show(at)},
		})
	}
	return filters, nil
}

// textFilter looks for words in subject and summary, which the API cannot.
func textFilter(words string) (*filter, error) {
	query := text.NewQuery(words)
	if len(text.Words(words)) == 0 {
		return nil, &Refusal{Argument: "text", Problem: fmt.Sprintf("%q holds no word", clip(words, 60)), Expected: "words of the subject or the summary"}
	}
	return &filter{
		Condition: wisecx.Condition{Field: &wisecx.Field{Name: "text"}, Operator: wisecx.Equal},
		shown:     []string{fmt.Sprintf("%q", text.Line(clip(words, 100)))},
		anybody:   func(r record) bool { return query.Matches(textOf(r, "subject"), textOf(r, "summary")) },
		reads:     []string{"subject", "summary"},
	}, nil
}

func anys[T any](values []T) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return list
}

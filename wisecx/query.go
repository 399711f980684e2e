package wisecx

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// MaxPage is the most rows that one page of a list holds, and its default [D].
const MaxPage = 100

// Query is what a list is asked for.
type Query struct {
	Fields     []string // the API's keys; none means the resource's own default
	Filter     []Condition
	Sort       string // the API's key; "" leaves the order to the API
	Descending bool
	Limit      int // rows a page, 1 to MaxPage; 0 means MaxPage
	Page       int // from 1; 0 means 1
}

// Condition is one of the conditions that a row must all meet.
type Condition struct {
	Field    *Field
	Operator Operator
	Values   []any // of string, int64, bool or time.Time; several make IN of EQUAL, NOT IN of NOT EQUAL
}

// ErrNotFilterable is a condition that the API does not take.
var ErrNotFilterable = errors.New("the API does not filter by this")

// ErrSecret is a secret field that was to be asked for.
var ErrSecret = errors.New("a secret, which is never asked for")

// compile writes the query as the API's parameters. Times go out in zone.
func (q Query) compile(zone *time.Location) (url.Values, error) {
	values, err := fieldsQuery(q.Fields)
	if err != nil {
		return nil, err
	}
	if len(q.Filter) > 0 {
		filtering, err := compileFilter(q.Filter, zone)
		if err != nil {
			return nil, err
		}
		values.Set("filtering", filtering)
	}
	if q.Sort != "" {
		if IsSecret(q.Sort) { // an order tells of the values
			return nil, fmt.Errorf("%w: %s", ErrSecret, q.Sort)
		}
		values.Set("sort_field", q.Sort)
		values.Set("sort", "asc")
		if q.Descending {
			values.Set("sort", "desc")
		}
	}
	limit := q.Limit
	if limit <= 0 || limit > MaxPage {
		limit = MaxPage
	}
	values.Set("limit", strconv.Itoa(limit))
	values.Set("page", strconv.Itoa(max(1, q.Page)))
	return values, nil
}

// fieldsQuery asks for these fields, none of them secret.
func fieldsQuery(fields []string) (url.Values, error) {
	values := url.Values{}
	if len(fields) == 0 {
		return values, nil
	}
	list := strings.Join(fields, ",")
	for name := range strings.SplitSeq(list, ",") {
		if IsSecret(name) {
			return nil, fmt.Errorf("%w: %s", ErrSecret, name)
		}
	}
	values.Set("fields", list)
	return values, nil
}

// wireCondition is a condition in the API's form. Values go as text, as the introduction prints them [D].
type wireCondition struct {
	Field    string   `json:"field"`
	Operator Operator `json:"operator"`
	Value    any      `json:"value"`
}

func compileFilter(conditions []Condition, zone *time.Location) (string, error) {
	wire := make([]wireCondition, 0, len(conditions))
	for _, c := range conditions {
		switch {
		case IsSecret(c.Field.Wire): // a custom field of that name as well
			return "", fmt.Errorf("%w: %s", ErrSecret, c.Field.Name)
		case !c.Field.Takes(c.Operator):
			return "", fmt.Errorf("%w: %s %s", ErrNotFilterable, c.Field.Name, c.Operator)
		}
		list := c.Operator == In || c.Operator == NotIn || c.Operator == Equal || c.Operator == NotEqual
		if len(c.Values) == 0 || len(c.Values) > 1 && !list {
			return "", fmt.Errorf("%s %s: %d values", c.Field.Name, c.Operator, len(c.Values))
		}
		sent := c.wire(zone)
		if !c.Field.Takes(sent.Operator) {
			return "", fmt.Errorf("%w: %s %s", ErrNotFilterable, c.Field.Name, sent.Operator)
		}
		wire = append(wire, sent)
	}
	text, err := json.Marshal(wire)
	return string(text), err
}

func (c Condition) wire(zone *time.Location) wireCondition {
	var values []string
	for _, v := range c.Values {
		if c.Field.Kind == KindStatus {
			values = append(values, filterStatus(fmt.Sprint(v))...)
		} else {
			values = append(values, wireValue(v, zone))
		}
	}
	operator := c.Operator
	// One status may have two spellings, which takes a list.
	if len(values) > 1 && operator == Equal {
		operator = In
	} else if len(values) > 1 && operator == NotEqual {
		operator = NotIn
	}
	if operator == In || operator == NotIn {
		return wireCondition{c.Field.Wire, operator, values}
	}
	return wireCondition{c.Field.Wire, operator, values[0]}
}

func wireValue(v any, zone *time.Location) string {
	if at, ok := v.(time.Time); ok {
		return at.In(zone).Format(TimeLayout)
	}
	return fmt.Sprint(v)
}

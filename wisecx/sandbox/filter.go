package sandbox

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// operators is a set of the API's operators [D].
type operators uint8

const (
	in operators = 1 << iota
	notIn
	equal
	notEqual
	greater
	lower
	greaterEqual
	lowerEqual

	isOne              = in | equal                    // what most lists take [C]
	equality           = in | notIn | equal | notEqual // what ids and words of cases take [I]
	all      operators = 0xff                          // what dates and numbers of cases take [I]
)

var operatorNames = map[string]operators{
	"IN": in, "NOT IN": notIn, "EQUAL": equal, "NOT EQUAL": notEqual,
	"GREATER": greater, "LOWER": lower, "GREATER EQUAL": greaterEqual, "LOWER EQUAL": lowerEqual,
}

// kind is how a field's values are written in a filter.
type kind uint8

const (
	kindNumber kind = iota
	kindText
	kindDate
	kindTruth
	kindStatus
	kindAnswered
)

// key is a value in a form that compares. Dates are Unix seconds, truth values 0 and 1.
type key struct {
	null   bool
	number int64
	text   string
}

// compare orders keys; null is lowest.
func (k key) compare(other key) int {
	switch {
	case k.null || other.null:
		return int(bit(other.null)) - int(bit(k.null))
	case k.number < other.number:
		return -1
	case k.number > other.number:
		return 1
	}
	return strings.Compare(k.text, other.text)
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// statusInFilters maps the words a filter may use to the one rows carry.
var statusInFilters = map[string]string{
	"open": "open", "opened": "open", // [W], [D]
	"pending": "pending",
	"onhold":  "onhold", "hold": "onhold",
	"solved": "solved", // [D]
	"closed": "closed",
}

// operands reads the value of a condition: a list for IN and NOT IN, else one value.
func operands(c condition, operator operators, k kind) ([]key, error) {
	list := []json.RawMessage{c.value}
	if operator&(in|notIn) != 0 {
		list = nil
		if err := json.Unmarshal(c.value, &list); err != nil || len(list) == 0 {
			return nil, bad("%s %s takes a list of values that is not empty", cut(c.field), c.operator)
		}
		if len(list) > mostValues {
			return nil, bad("%s has %d values; %d are allowed", cut(c.field), len(list), mostValues)
		}
	}
	keys := make([]key, 0, len(list))
	for _, value := range list {
		text, scalar := scalarText(value)
		if !scalar || text == "" {
			return nil, bad("%s %s: malformed or empty value %s", cut(c.field), c.operator, cut(string(value)))
		}
		parsed, ok := parseKey(text, k)
		if !ok {
			return nil, bad("%s %s: %q is no %s", cut(c.field), c.operator, cut(text), kindWords[k])
		}
		keys = append(keys, parsed)
	}
	return keys, nil
}

var kindWords = map[kind]string{
	kindNumber:   "whole number",
	kindText:     "text",
	kindDate:     "date of the form YYYY-MM-DD HH:MM:SS",
	kindTruth:    "truth value",
	kindStatus:   "status (open, pending, onhold, solved, closed)",
	kindAnswered: "status (responded, not_responded)",
}

// scalarText reads a JSON text, number or truth value as text; null, lists and objects are none.
func scalarText(value json.RawMessage) (string, bool) {
	value = bytes.TrimSpace(value)
	switch {
	case len(value) == 0 || value[0] == '{' || value[0] == '[' || value[0] == 'n':
		return "", false
	case value[0] == '"':
		var text string
		return text, json.Unmarshal(value, &text) == nil
	}
	return string(value), true
}

func parseKey(text string, k kind) (key, bool) {
	switch k {
	case kindText:
		return key{text: text}, true
	case kindStatus:
		status, known := statusInFilters[text]
		return key{text: status}, known
	case kindAnswered:
		return key{text: text}, text == responded || text == notResponded
	case kindTruth:
		switch text {
		case "true", "1":
			return key{number: 1}, true
		case "false", "0":
			return key{}, true
		}
		return key{}, false
	case kindDate:
		at, err := time.Parse(timeLayout, text)
		// Parse is lenient about fractions and one-digit hours; the API's form is exact.
		return key{number: at.Unix()}, err == nil && len(text) == len(timeLayout)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return key{number: n}, err == nil && digits(text)
}

// test is a compiled condition on one value.
type test struct {
	operator operators
	wanted   []key
	set      map[key]bool // instead of wanted, when there are many
}

const manyValues = 8

func newTest(operator operators, wanted []key) test {
	t := test{operator: operator, wanted: wanted}
	if len(wanted) > manyValues {
		t.set = make(map[key]bool, len(wanted))
		for _, k := range wanted {
			t.set[k] = true
		}
	}
	return t
}

func (t *test) negative() bool { return t.operator&(notIn|notEqual) != 0 }

func (t *test) wants(k key) bool {
	if t.set != nil {
		return t.set[k]
	}
	for _, wanted := range t.wanted {
		if wanted == k {
			return true
		}
	}
	return false
}

// holds tests one value. As in SQL, null fits no condition, not even a negative one [I].
func (t *test) holds(k key) bool {
	if k.null {
		return false
	}
	switch t.operator {
	case in, equal:
		return t.wants(k)
	case notIn, notEqual:
		return !t.wants(k)
	case greater:
		return k.compare(t.wanted[0]) > 0
	case lower:
		return k.compare(t.wanted[0]) < 0
	case greaterEqual:
		return k.compare(t.wanted[0]) >= 0
	}
	return k.compare(t.wanted[0]) <= 0
}

// holdsAny tests a list of values: it fits when one of them is wanted, or for the negative operators when none is.
func (t *test) holdsAny(list []key) bool {
	for _, k := range list {
		if t.wants(k) {
			return !t.negative()
		}
	}
	return t.negative()
}

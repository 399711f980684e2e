package wisecx

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The types of this file read what the API writes in more than one way: a number as text, a list as
// one text with commas, null or "" for nothing, 0 and 1 for a truth value [I]. What makes no sense
// reads as nothing, so that one odd value never costs a whole page.

// Int is a whole number, 0 for none. Ids above 2^53 keep their digits.
type Int int64

// UnmarshalJSON reads 42, "42", 42.0 and 4.2e1.
func (n *Int) UnmarshalJSON(b []byte) error {
	*n = 0
	s := strings.TrimSpace(unquote(b))
	if whole, zeros, found := strings.Cut(s, "."); found && strings.Trim(zeros, "0") == "" {
		s = whole
	}
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		*n = Int(v)
	} else if f, err := strconv.ParseFloat(s, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		*n = Int(f)
	}
	return nil
}

// Text is a text, "" for none.
type Text string

// UnmarshalJSON reads a text, or a number or truth value as its digits or word.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = Text(unquote(b))
	return nil
}

// Bool is a truth value.
type Bool bool

// UnmarshalJSON reads true, 1, "1", "true".
func (v *Bool) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(unquote(b)) {
	case "true", "1", "yes", "si", "sí":
		*v = true
	default:
		*v = false
	}
	return nil
}

// Texts is a list of texts.
type Texts []string

// UnmarshalJSON reads ["a", "b"], "a,b", and objects, in a list or alone, by their names.
func (l *Texts) UnmarshalJSON(b []byte) error {
	*l = nil
	for _, item := range elements(b) {
		switch {
		case item[0] == '{':
			l.add(nameIn(item))
		case b[0] == '[':
			l.add(unquote(item))
		default:
			for part := range strings.SplitSeq(unquote(item), ",") {
				l.add(part)
			}
		}
	}
	return nil
}

func (l *Texts) add(item string) {
	if item = strings.TrimSpace(item); item != "" {
		*l = append(*l, item)
	}
}

// Ints is a list of ids.
type Ints []int64

// UnmarshalJSON reads [1, 2], ["1"], "1,2", and objects, in a list or alone, by their ids.
func (l *Ints) UnmarshalJSON(b []byte) error {
	*l = nil
	for _, item := range elements(b) {
		if item[0] == '{' {
			var object struct{ ID Int }
			_ = json.Unmarshal(item, &object)
			l.add(object.ID)
			continue
		}
		for part := range strings.SplitSeq(unquote(item), ",") {
			var n Int
			_ = n.UnmarshalJSON([]byte(part))
			l.add(n)
		}
	}
	return nil
}

func (l *Ints) add(n Int) {
	if n != 0 { // no id is 0
		*l = append(*l, int64(n))
	}
}

// TimeLayout is how the API writes a point in time, without a zone [W].
const TimeLayout = "2006-01-02 15:04:05"

// Time is a point in time; its zero value means none.
type Time struct {
	time.Time
	zoned bool // the text named its zone, against the convention
	came  bool // the API wrote the field, be it null
}

// Came tells whether the API wrote the field at all: what came and is zero is no time, what did not come is not known.
func (t Time) Came() bool { return t.came }

// UnmarshalJSON reads "2026-09-06 03:09:59", and a few neighbours of that form.
func (t *Time) UnmarshalJSON(b []byte) error {
	*t = Time{came: true}
	s := strings.TrimSpace(unquote(b))
	if len(s) < len("2006-01-02") || strings.HasPrefix(s, "0000") {
		return nil
	}
	for _, layout := range []string{TimeLayout, "2006-01-02T15:04:05", "2006-01-02 15:04:05.999999", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at
			return nil
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time, t.zoned = at.UTC(), true
			return nil
		}
	}
	return nil
}

// CustomField is a field that the account added, {"field": "sucursal", "value": "Rosario"} [C].
type CustomField struct {
	Field Text `json:"field"`
	Value Text `json:"value"`
}

// CustomFields are the custom fields of a case or a contact.
type CustomFields []CustomField

// UnmarshalJSON reads the list of pairs, or an object of names and values.
func (f *CustomFields) UnmarshalJSON(b []byte) error {
	*f = nil
	if len(b) > 0 && b[0] == '[' {
		var pairs []CustomField
		_ = json.Unmarshal(b, &pairs) // what is no pair stays empty
		for _, pair := range pairs {
			if pair.Field != "" {
				*f = append(*f, pair)
			}
		}
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(b))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil
		}
		var value Text
		if decoder.Decode(&value) != nil {
			return nil
		}
		*f = append(*f, CustomField{Field: Text(name.(string)), Value: value})
	}
	return nil
}

// elements gives what is in a list, or the one thing that stands where a list was expected, without
// those that mean nothing.
func elements(b []byte) []json.RawMessage {
	if s := strings.TrimSpace(unquote(b)); len(s) > 1 && strings.ContainsAny(s[:1], "[{") && json.Valid([]byte(s)) {
		b = []byte(s) // JSON within a text
	}
	items := []json.RawMessage{b}
	if len(b) > 0 && b[0] == '[' {
		items = nil
		_ = json.Unmarshal(b, &items)
	}
	return slices.DeleteFunc(items, func(item json.RawMessage) bool {
		switch string(item) {
		case "", "null", "false", `""`, "[]", "{}":
			return true
		}
		return false
	})
}

// unquote gives the text of a JSON text, the spelling of a number or truth value, and "" for null.
// A list or an object gives its JSON.
func unquote(b []byte) string {
	if string(b) == "null" {
		return ""
	}
	if len(b) >= 2 && b[0] == '"' {
		if inner := b[1 : len(b)-1]; bytes.IndexByte(inner, '\\') < 0 {
			return strings.ToValidUTF8(string(inner), "\uFFFD")
		}
		var s string
		if json.Unmarshal(b, &s) == nil {
			return s
		}
	}
	return string(b)
}

// nameIn gives the name of an object, its id where it has none.
func nameIn(b []byte) string {
	var object struct{ Name, ID Text }
	_ = json.Unmarshal(b, &object)
	return string(cmp.Or(object.Name, object.ID))
}

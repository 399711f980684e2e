package tools

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/schema"
)

// Condition is one condition of `where`: a text, "sucursal EQUAL Rosario", or an object with field,
// operator and value. In the object a value is taken as it is, whatever it contains.
type Condition desk.Where

// JSONSchema is a union that invopop/jsonschema cannot derive.
func (Condition) JSONSchema() string { return `{"type": ["string", "object"]}` }

// UnmarshalJSON reads both forms.
func (c *Condition) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		return c.parse(s)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	return c.read(object)
}

// where is the condition with the words for statuses and channels put right, as for the arguments of these names.
func (c Condition) where() desk.Where {
	w := desk.Where{Field: c.Field, Operator: c.Operator, Values: slices.Clone(c.Values)}
	for i, value := range w.Values {
		switch strings.TrimPrefix(w.Field, "case.") {
		case "status":
			if status, known := schema.Status(value); known {
				w.Values[i] = status
			}
		case "channel", "source_channel":
			w.Values[i] = schema.Channel(value)
		}
	}
	return w
}

// operatorWords are the spellings of operators within a text, longest first, since NOT EQUAL begins like NOT IN.
const operatorWords = 3

// parse reads "field OPERATOR value". The field is what stands before the first operator, so it may hold blanks.
func (c *Condition) parse(s string) error {
	words := strings.Fields(s)
	for at := 1; at < len(words); at++ {
		for size := min(operatorWords-1, len(words)-at); size > 0; size-- {
			operator, known := schema.Operator(strings.Join(words[at:at+size], " "))
			if !known {
				continue
			}
			c.Field, c.Operator = strings.Join(words[:at], " "), operator
			c.values(rest(s, at+size))
			return nil
		}
	}
	for _, word := range words {
		if word = strings.ToUpper(word); word == "CONTAINS" || word == "LIKE" {
			return &schema.Refusal{Argument: "where", Got: fmt.Sprintf("%q", clipped(s)), Expected: "whole values only: there is no " + word + "; words are found by the argument text (of subjects) or query (of names)"}
		}
	}
	return &schema.Refusal{Argument: "where", Got: fmt.Sprintf("%q", clipped(s)), Expected: `"field OPERATOR value", such as "sucursal EQUAL Rosario"; operators are EQUAL, NOT EQUAL, IN, NOT IN, GREATER, GREATER EQUAL, LOWER, LOWER EQUAL`}
}

// rest gives the text behind its first n words, as it stands.
func rest(s string, n int) string {
	for range n {
		s = strings.TrimSpace(s)
		end := strings.IndexAny(s, " \t\r\n\u00a0")
		if end < 0 {
			return ""
		}
		s = s[end:]
	}
	return strings.TrimSpace(s)
}

// values reads what stands behind the operator of a text: a list for IN, in brackets or not, else one value.
func (c *Condition) values(s string) {
	if c.Operator != "IN" && c.Operator != "NOT IN" {
		if s != "" {
			c.Values = []string{unquoted(s)}
		}
		return
	}
	if len(s) > 1 && (s[0] == '(' && s[len(s)-1] == ')' || s[0] == '[' && s[len(s)-1] == ']') {
		s = s[1 : len(s)-1]
	}
	for value := range strings.SplitSeq(s, ",") {
		if value = unquoted(strings.TrimSpace(value)); value != "" {
			c.Values = append(c.Values, value)
		}
	}
}

// unquoted takes off one pair of quotes around the whole value.
func unquoted(s string) string {
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// examples are a condition in both forms.
const examples = `"sucursal EQUAL Rosario" or {"field": "sucursal", "operator": "EQUAL", "value": "Rosario"}`

func (c *Condition) read(object map[string]json.RawMessage) error {
	refuse := func(key, expected string) error {
		return &schema.Refusal{Argument: "where." + key, Got: clipped(string(object[key])), Expected: expected + ", as in " + examples}
	}
	for key := range object {
		if key != "field" && key != "operator" && key != "value" {
			return &schema.Refusal{Argument: "where." + clipped(key), Got: "an unknown key", Expected: "a text or an object, as in " + examples}
		}
	}
	if json.Unmarshal(object["field"], &c.Field) != nil || c.Field == "" {
		return refuse("field", "the name of a field")
	}
	var word string
	if object["operator"] == nil {
		word = "EQUAL"
	} else if json.Unmarshal(object["operator"], &word) != nil {
		return refuse("operator", "a text such as EQUAL")
	}
	operator, known := schema.Operator(word)
	if !known {
		return refuse("operator", "EQUAL, NOT EQUAL, IN, NOT IN, GREATER, GREATER EQUAL, LOWER or LOWER EQUAL")
	}
	c.Operator = operator
	values, ok := valuesOf(object["value"])
	if !ok {
		return refuse("value", "a text, a number, true or false, or a list of these")
	}
	c.Values = values
	return nil
}

// valuesOf reads a value, or a list of them, as texts. null is the empty value.
func valuesOf(b json.RawMessage) ([]string, bool) {
	var list []json.RawMessage
	if len(b) > 0 && b[0] == '[' {
		if json.Unmarshal(b, &list) != nil {
			return nil, false
		}
	} else {
		list = []json.RawMessage{b}
	}
	values := []string{}
	for _, item := range list {
		var s string
		switch {
		case string(item) == "null":
		case len(item) == 0 || item[0] == '{' || item[0] == '[':
			return nil, false
		case json.Unmarshal(item, &s) != nil:
			s = string(item)
		}
		values = append(values, s)
	}
	return values, true
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

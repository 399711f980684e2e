package schema

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// kinds is the set of JSON types a schema allows. Zero means that it does not say, so that anything goes.
type kinds uint8

const (
	kindText kinds = 1 << iota
	kindInteger
	kindNumber
	kindBoolean
	kindObject
	kindList
	kindNull
)

const kindNumeric = kindInteger | kindNumber

func (k kinds) allows(other kinds) bool { return k&other != 0 }

// only reports whether the schema names types and all of them are in others. Null does not count.
func (k kinds) only(others kinds) bool {
	k &^= kindNull
	return k != 0 && k&^others == 0
}

// words is the vocabulary in which a property's values are written.
type words uint8

const (
	plainWords words = iota
	statusWords
	channelWords
	fromWords
	operatorWords
	fieldWords
)

// node is the part of a JSON Schema that putting right and explaining need.
type node struct {
	kinds      kinds
	words      words
	properties map[string]*node
	names      []string // of the properties, sorted
	required   []string
	closed     bool  // additionalProperties is false
	others     *node // the schema of further properties, if there is one
	items      *node
	enum       []string // only when every value is text
	choices    []string // the enum as refusals list it

	emptyText   bool // minLength is 0, said explicitly
	positional  bool // an object whose keys may be positions
	constraints constraints
	description string
}

// constraints are kept as they are written in the schema, to be quoted in refusals.
type constraints struct {
	minimum, maximum, above, below, multipleOf string
	minLength, maxLength, minItems, maxItems   string
	pattern, format                            string
}

// newNode reads one schema. The name is that of the property it belongs to; the items of a list keep the name of
// their list.
func newNode(name string, document any) *node {
	fields, isObject := document.(map[string]any)
	if !isObject {
		return &node{}
	}
	n := &node{kinds: kindsOf(fields["type"]), enum: textsOf(fields["enum"])}
	n.words = wordsOf(name, n.enum)
	n.positional = name == "parameters"
	n.choices = choicesOf(fields["enum"])
	n.required = textsOf(fields["required"])
	n.description, _ = fields["description"].(string)
	n.readConstraints(fields)
	if items, found := fields["items"]; found {
		n.items = newNode(name, items)
	}
	switch further := fields["additionalProperties"].(type) {
	case bool:
		n.closed = !further
	case map[string]any:
		n.others = newNode("", further)
	}
	if properties, _ := fields["properties"].(map[string]any); len(properties) > 0 {
		n.properties = make(map[string]*node, len(properties))
		for name, property := range properties {
			n.properties[name] = newNode(name, property)
			n.names = append(n.names, name)
		}
		slices.Sort(n.names)
	}
	return n
}

func (n *node) readConstraints(fields map[string]any) {
	number := func(key string) string {
		value, _ := fields[key].(json.Number)
		return value.String()
	}
	c := &n.constraints
	c.minimum, c.maximum = number("minimum"), number("maximum")
	c.above, c.below = number("exclusiveMinimum"), number("exclusiveMaximum")
	c.multipleOf = number("multipleOf")
	c.minLength, c.maxLength = number("minLength"), number("maxLength")
	c.minItems, c.maxItems = number("minItems"), number("maxItems")
	c.pattern, _ = fields["pattern"].(string)
	c.format, _ = fields["format"].(string)
	n.emptyText = c.minLength == "0"
}

func kindsOf(value any) kinds {
	switch value := value.(type) {
	case string:
		switch value {
		case "string":
			return kindText
		case "integer":
			return kindInteger
		case "number":
			return kindNumber
		case "boolean":
			return kindBoolean
		case "object":
			return kindObject
		case "array":
			return kindList
		case "null":
			return kindNull
		}
	case []any:
		var all kinds
		for _, one := range value {
			all |= kindsOf(one)
		}
		return all
	}
	return 0
}

// textsOf returns a list of texts, or nil when it is anything else.
func textsOf(value any) []string {
	list, _ := value.([]any)
	texts := make([]string, 0, len(list))
	for _, item := range list {
		switch item := item.(type) {
		case string:
			texts = append(texts, item)
		case nil: // a nullable enum lists null too
		default:
			return nil
		}
	}
	return texts
}

// choicesOf lists an enum for people to read. Null is said by the type.
func choicesOf(value any) []string {
	list, _ := value.([]any)
	var choices []string
	for _, item := range list {
		switch item := item.(type) {
		case nil:
		case string:
			choices = append(choices, item)
		default:
			choices = append(choices, show(item))
		}
	}
	return choices
}

// wordsOf tells a vocabulary by the property's name: `status` and `then_status`, `channel`, `from` and
// `message_from` (and `waiting_on`), `operator`, `fields`. A `from` without an enum is more likely a point in time, so it has none.
func wordsOf(name string, enum []string) words {
	last := name[strings.LastIndexByte(name, '_')+1:]
	switch {
	case last == "status":
		return statusWords
	case last == "channel":
		return channelWords
	case (last == "from" || name == "waiting_on") && len(enum) > 0:
		return fromWords
	case name == "operator":
		return operatorWords
	case name == "fields":
		return fieldWords
	}
	return plainWords
}

// at follows a path of property names and list positions, as the validator reports it. It returns nil when the
// path leaves what the schema describes.
func (n *node) at(path []string) *node {
	for _, step := range path {
		if n == nil {
			return nil
		}
		if property, found := n.properties[step]; found {
			n = property
			continue
		}
		if _, err := strconv.Atoi(step); err == nil && n.items != nil {
			n = n.items
			continue
		}
		n = n.others
	}
	return n
}

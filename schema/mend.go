package schema

import (
	"encoding/json"
	"slices"
	"strings"
)

// mender walks what came beside the schema, puts right what it can, and notes what the validator could not
// explain. What it cannot put right it leaves for the validator to refuse.
type mender struct {
	root     *node
	place    place
	problems []*Refusal
}

// refuse notes a problem with the property name of the object at hand; with no name, with the value at hand.
func (m *mender) refuse(name string, refusal *Refusal) {
	at := m.place
	if name != "" {
		at = append(at, step{name: name, index: -1})
	}
	refusal.Argument = at.path("")
	m.problems = append(m.problems, refusal)
}

// object puts right an object in place.
func (m *mender) object(n *node, object map[string]any) {
	if len(n.properties) > 0 && n.others == nil {
		m.names(n, object)
	}
	for name, value := range object {
		property, isData := n.properties[name], false
		if property == nil {
			// Behind an open name is somebody's data, where an empty text may be meant.
			property, isData = n.others, true
		}
		if property == nil {
			continue
		}
		m.place = append(m.place, step{name: name, index: -1})
		if mended, keep := m.value(property, value, isData); keep {
			object[name] = mended
		} else {
			delete(object, name)
			m.refuseEmpty(n, name, property, value)
		}
		m.place = m.place[:len(m.place)-1]
	}
}

// refuseEmpty explains a required argument that came as null or as an empty text; "missing" would puzzle.
func (m *mender) refuseEmpty(n *node, name string, property *node, value any) {
	if !slices.Contains(n.required, name) {
		return
	}
	expected := property.describe()
	if property.kinds.only(kindText) && len(property.enum) == 0 {
		expected += " that is not empty"
	}
	m.refuse("", &Refusal{Got: show(value), Expected: expected, rank: rankValue})
}

// value puts right one value. It returns false when the value says nothing and is to be left out.
func (m *mender) value(n *node, value any, isData bool) (any, bool) {
	if n == nil || n.kinds == 0 {
		return value, true
	}
	switch value := value.(type) {
	case nil:
		return nil, n.kinds.allows(kindNull)
	case string:
		if !isData && n.dropsBlank() && strings.TrimSpace(value) == "" {
			return nil, false
		}
		return m.text(n, value)
	case json.Number:
		return m.number(n, value)
	case bool:
		return m.boolean(n, value)
	case []any:
		return m.list(n, value, isData)
	case map[string]any:
		return m.asObject(n, value)
	}
	return value, true
}

// dropsBlank reports whether an empty text says nothing here. It does say something where null is allowed too
// (then both clear), where minLength is 0 explicitly, and in a union with lists or booleans, which takes any
// value there is.
func (n *node) dropsBlank() bool {
	if n.kinds.allows(kindNull) || n.emptyText {
		return false
	}
	return !n.kinds.allows(kindText) || n.kinds.only(kindText|kindNumeric|kindObject)
}

func (m *mender) text(n *node, text string) (any, bool) {
	if n.kinds.allows(kindText) {
		if n.kinds.allows(kindObject) && len(n.properties) > 0 {
			if object, isObject := m.parsed(text).(map[string]any); isObject {
				return m.asObject(n, object)
			}
		}
		return m.word(n, text), true
	}
	if n.kinds.allows(kindNumeric) {
		if number, isNumber := numberIn(text, !n.kinds.allows(kindNumber)); isNumber {
			return number, true
		}
	}
	if n.kinds.allows(kindBoolean) {
		if value, known := truth(text); known {
			return value, true
		}
	}
	if n.kinds.allows(kindObject | kindList) {
		return m.encoded(n, text)
	}
	return text, true
}

// encoded takes a text where an object or a list is expected: the JSON of one, or the one value of a list.
func (m *mender) encoded(n *node, text string) (any, bool) {
	switch parsed := m.parsed(text).(type) {
	case []any:
		return m.list(n, parsed, false)
	case map[string]any:
		if n.kinds.allows(kindObject) || n.items == nil || n.items.kinds.allows(kindObject) {
			return m.asObject(n, parsed)
		}
	}
	if n.kinds.allows(kindList) {
		return m.list(n, []any{text}, false)
	}
	return text, true
}

// parsed returns the object or list that a text holds as JSON, or nil.
func (m *mender) parsed(text string) any {
	value, refusal := readText(m.place.path(""), text)
	if refusal != nil {
		m.problems = append(m.problems, refusal)
	}
	return value
}

func (m *mender) number(n *node, number json.Number) (any, bool) {
	switch {
	case n.kinds.allows(kindNumber):
		return number, true
	case n.kinds.allows(kindInteger):
		if whole, isWhole := wholeNumber(number.String()); isWhole {
			return whole, true
		}
	}
	switch {
	case n.kinds.allows(kindText):
		return m.word(n, number.String()), true
	case n.kinds.allows(kindBoolean):
		if whole, _ := wholeNumber(number.String()); whole == "0" || whole == "1" {
			return whole == "1", true
		}
	}
	if n.kinds.allows(kindList) {
		return m.list(n, []any{number}, false)
	}
	return number, true
}

func (m *mender) boolean(n *node, value bool) (any, bool) {
	switch {
	case n.kinds.allows(kindBoolean):
		return value, true
	case n.kinds.allows(kindText):
		if value {
			return m.word(n, "true"), true
		}
		return m.word(n, "false"), true
	case n.kinds.allows(kindList):
		return m.list(n, []any{value}, false)
	}
	return value, true
}

func (m *mender) asObject(n *node, object map[string]any) (any, bool) {
	if n.kinds.allows(kindObject) {
		m.object(n, object)
		return object, true
	}
	if n.kinds.allows(kindList) {
		if n.items.isKeyAndValue() && !fits(n.items, object) {
			return m.list(n, pairsOf(object), false)
		}
		return m.list(n, []any{object}, false)
	}
	return object, true
}

func (m *mender) list(n *node, list []any, isData bool) (any, bool) {
	if n.kinds.allows(kindList) {
		return m.items(n, list), true
	}
	if n.kinds.allows(kindObject) {
		if object, isPairs := objectOf(n, list); isPairs {
			return m.asObject(n, object)
		}
	}
	switch len(list) {
	case 0:
		return nil, n.kinds.allows(kindNull)
	case 1:
		return m.value(n, list[0], isData)
	}
	return list, true
}

// items puts right the items of a list. A text that holds several is taken apart.
func (m *mender) items(n *node, list []any) []any {
	if n.items == nil {
		return list
	}
	mended := make([]any, 0, len(list))
	add := func(index int, item any) {
		m.place = append(m.place, step{index: index})
		if item, keep := m.value(n.items, item, false); keep {
			mended = append(mended, item)
		}
		m.place = m.place[:len(m.place)-1]
	}
	for index, item := range list {
		text, isText := item.(string)
		if !isText || !strings.Contains(text, ",") || len(mended) > maxPieces {
			add(index, item)
			continue
		}
		for _, piece := range n.items.split(text) {
			add(len(mended), piece)
		}
	}
	return mended
}

// maxPieces bounds how many values a text with commas becomes; a longer one is refused as the one text it is.
const maxPieces = 1000

// split takes a text with commas apart where commas can only separate: between numbers, between the words of a
// vocabulary and between names of fields, which the API parts so itself [D]. Other names may hold commas, so a text of names stays one.
func (n *node) split(text string) []string {
	whole := []string{text}
	if strings.Count(text, ",") > maxPieces {
		return whole
	}
	pieces := strings.Split(text, ",")
	all := func(fits func(string) bool) []string {
		kept := pieces[:0]
		for _, piece := range pieces {
			if piece = strings.TrimSpace(piece); piece == "" {
				continue
			}
			if !fits(piece) {
				return whole
			}
			kept = append(kept, piece)
		}
		return kept
	}
	switch {
	case n.kinds.only(kindNumeric), len(n.enum) > 0, n.words == statusWords, n.words == fieldWords:
		return all(func(string) bool { return true })
	case n.kinds.allows(kindNumeric):
		return all(func(piece string) bool { _, isNumber := numberIn(piece, true); return isNumber })
	case n.words == channelWords:
		return all(func(piece string) bool { _, known := knownChannel(piece); return known })
	}
	return whole
}

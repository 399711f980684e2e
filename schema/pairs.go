package schema

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Parameters of a template come as an object, as a list of {key, value}, or as a plain list in order; a schema
// asks for one of the first two. The API counts parameters from "1".

// objectOf turns a list into an open object: [{"key": "a", "value": 1}] into {"a": 1}, and for an argument named
// parameters ["x", "y"] into {"1": "x", "2": "y"}.
func objectOf(n *node, list []any) (map[string]any, bool) {
	if len(n.properties) > 0 || n.closed || len(list) == 0 {
		return nil, false
	}
	object := make(map[string]any, len(list))
	for i, item := range list {
		switch item := item.(type) {
		case map[string]any:
			key, value, isPair := pair(item)
			if _, twice := object[key]; !isPair || twice {
				return nil, false
			}
			object[key] = value
		case string, json.Number:
			if !n.positional {
				return nil, false
			}
			object[strconv.Itoa(i+1)] = item
		default:
			return nil, false
		}
	}
	return object, len(object) == len(list)
}

// pair reads {"key": ..., "value": ...} or {"name": ..., "value": ...}.
func pair(object map[string]any) (key string, value any, isPair bool) {
	value, hasValue := object["value"]
	if len(object) != 2 || !hasValue {
		return "", nil, false
	}
	for _, name := range []string{"key", "name"} {
		switch key := object[name].(type) {
		case string:
			return key, value, true
		case json.Number:
			return key.String(), value, true
		}
	}
	return "", nil, false
}

// isKeyAndValue reports whether a schema describes {key, value}.
func (n *node) isKeyAndValue() bool {
	return n != nil && slices.Equal(n.names, []string{"key", "value"})
}

// fits reports whether an object has only properties of the schema.
func fits(n *node, object map[string]any) bool {
	for name := range object {
		if _, known := n.properties[name]; !known {
			return false
		}
	}
	return true
}

// pairsOf turns an object into the list of its {key, value}, in the order of the keys.
func pairsOf(object map[string]any) []any {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	pairs := make([]any, len(keys))
	for i, key := range keys {
		pairs[i] = map[string]any{"key": key, "value": object[key]}
	}
	return pairs
}

package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on what is read at all. They are far above what any tool takes and keep the work of one call bounded.
const (
	maxBytes    = 8 << 20
	maxDepth    = 64
	maxValues   = 300_000
	maxDigits   = 400 // of a number; a 64-bit float ends at 309
	maxExponent = 400
)

// readArguments reads the arguments of a call: an object, or a text that holds one.
func readArguments(sent []byte) (map[string]any, *Refusal) {
	sent = bytes.TrimSpace(sent)
	if len(sent) == 0 {
		return map[string]any{}, nil
	}
	value, refusal := read("", sent)
	if refusal != nil {
		return nil, refusal
	}
	if text, isText := value.(string); isText {
		if strings.TrimSpace(text) == "" {
			return map[string]any{}, nil
		}
		inner, refusal := readText("", text)
		switch {
		case refusal != nil:
			return nil, refusal
		case inner != nil:
			value = inner
		}
	}
	switch value := value.(type) {
	case nil:
		return map[string]any{}, nil
	case map[string]any:
		return value, nil
	}
	return nil, &Refusal{Got: show(value), Expected: `one JSON object, such as {"name": "value"}`}
}

// readText reads a text that may hold JSON: an object or a list, perhaps encoded twice. It returns nil when it
// holds none, and a refusal only when it does and that cannot be taken.
func readText(path, text string) (any, *Refusal) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, `"`) {
		var inner string
		if json.Unmarshal([]byte(text), &inner) != nil {
			return nil, nil
		}
		text = strings.TrimSpace(inner)
	}
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") || !json.Valid([]byte(text)) {
		return nil, nil
	}
	return read(path, []byte(text))
}

// read reads one JSON value. Unlike encoding/json it keeps every digit of a number and refuses names that occur
// twice in one object, invalid UTF-8, and what is beyond the limits.
func read(path string, data []byte) (any, *Refusal) {
	if len(data) > maxBytes {
		return nil, &Refusal{Argument: path, Got: fmt.Sprintf("%d bytes", len(data)), Expected: fmt.Sprintf("at most %d", maxBytes)}
	}
	if !utf8.Valid(data) {
		return nil, &Refusal{Argument: path, Got: "bytes that are not valid UTF-8", Expected: "JSON in UTF-8"}
	}
	if !json.Valid(data) {
		return nil, invalidJSON(path, data)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	reader := reader{decoder: decoder}
	value, err := reader.value(0)
	if err == nil {
		return value, nil
	}
	var problem *Refusal
	if !errors.As(err, &problem) {
		return nil, &Refusal{Argument: path, Got: "JSON that ends too early", Expected: "one complete JSON value"}
	}
	problem.Argument = reader.place.path(path)
	return nil, problem
}

// invalidJSON says where the JSON breaks and shows the place.
func invalidJSON(path string, data []byte) *Refusal {
	var ignored json.RawMessage
	err := json.Unmarshal(data, &ignored)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return &Refusal{Argument: path, Got: "something that is not JSON", Expected: "one JSON object"}
	}
	if strings.Contains(syntax.Error(), "max depth") {
		return tooDeep(path)
	}
	end := min(int(syntax.Offset), len(data))
	start := max(0, end-40)
	for start > 0 && !utf8.RuneStart(data[start]) {
		start--
	}
	return &Refusal{
		Argument: path,
		Got:      fmt.Sprintf("JSON that breaks at byte %d, after %s (%s)", end, strconv.Quote(string(data[start:end])), syntax.Error()),
		Expected: "one JSON object",
	}
}

func tooDeep(path string) *Refusal {
	return &Refusal{
		Argument: path,
		Got:      fmt.Sprintf("lists or objects nested more than %d deep", maxDepth),
		Expected: "a flat object",
	}
}

// reader builds values from tokens. It remembers where it is only as far as a refusal needs.
type reader struct {
	decoder *json.Decoder
	values  int
	place   place
}

func (r *reader) value(depth int) (any, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	if r.values++; r.values > maxValues {
		return nil, &Refusal{Got: fmt.Sprintf("more than %d values", maxValues), Expected: "fewer: send them in several calls"}
	}
	if depth > maxDepth {
		return nil, tooDeep("")
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return r.object(depth)
		}
		return r.list(depth)
	case json.Number:
		if !ordinary(token.String()) {
			return nil, &Refusal{Got: shorten(token.String()), Expected: "a number of ordinary size"}
		}
		return token, nil
	}
	return token, nil
}

func (r *reader) object(depth int) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		r.place = append(r.place, step{name: name, index: -1})
		if _, twice := object[name]; twice {
			return nil, &Refusal{reason: "is given twice in one object; send it once, with several values as one list"}
		}
		if object[name], err = r.value(depth + 1); err != nil {
			return nil, err
		}
		r.place = r.place[:len(r.place)-1]
	}
	_, err := r.decoder.Token()
	return object, err
}

func (r *reader) list(depth int) (any, error) {
	list := []any{}
	for r.decoder.More() {
		r.place = append(r.place, step{index: len(list)})
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
		r.place = r.place[:len(r.place)-1]
	}
	_, err := r.decoder.Token()
	return list, err
}

// ordinary reports whether a number can be worked with: 1e999999999 is ten characters and a gigabyte of digits.
func ordinary(number string) bool {
	if len(number) > maxDigits {
		return false
	}
	at := strings.IndexAny(number, "eE")
	if at < 0 {
		return true
	}
	exponent, err := strconv.Atoi(strings.TrimPrefix(number[at+1:], "+"))
	return err == nil && exponent >= -maxExponent && exponent <= maxExponent
}

// firstKeys returns the keys of an object that a refusal shows, in order.
func firstKeys(object map[string]any) []string {
	const shown = 20
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys[:min(len(keys), shown)]
}

package generate

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// checkStruct walks the struct before the library does, for what the library silently gets wrong: misspelt tags,
// and types that contain themselves, on which it never ends.
func checkStruct(structType reflect.Type, within []reflect.Type) error {
	if slices.Contains(within, structType) {
		return fmt.Errorf("%s contains itself, which a schema without references cannot say", structType)
	}
	within = append(slices.Clone(within), structType)
	var problems []error
	for field := range fields(structType) {
		if err := checkTags(field); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", field.Name, err))
		}
		element := elementOf(field.Type)
		if _, hasMethod := reflect.PointerTo(element).MethodByName("JSONSchema"); hasMethod && !describesItself(element) {
			problems = append(problems, fmt.Errorf("%s: JSONSchema of %s needs a value receiver", field.Name, element))
		}
		if element.Kind() == reflect.Struct && !describesItself(element) {
			if err := checkStruct(element, within); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", field.Name, err))
			}
		}
	}
	return errors.Join(problems...)
}

// fields yields the fields that become properties, and the embedded structs.
func fields(structType reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range structType.NumField() {
			field := structType.Field(i)
			if !field.IsExported() && !field.Anonymous || field.Tag.Get("json") == "-" {
				continue
			}
			if !yield(field) {
				return
			}
		}
	}
}

// elementOf goes through pointers, lists and maps to what they hold.
func elementOf(fieldType reflect.Type) reflect.Type {
	for !describesItself(fieldType) {
		switch fieldType.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			fieldType = fieldType.Elem()
		default:
			return fieldType
		}
	}
	return fieldType
}

// describesItself reports whether a type has a JSONSchema method of any kind, or is one that the library knows.
func describesItself(fieldType reflect.Type) bool {
	_, hasMethod := fieldType.MethodByName("JSONSchema")
	return hasMethod || fieldType == reflect.TypeFor[time.Time]()
}

// known are the keys of a jsonschema tag that may be used. The library has more, which would put anyOf or oneOf
// into the schema or have it say what the struct does not do.
var known = []string{
	"enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
	"minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems", "default",
}

func checkTags(field reflect.StructField) error {
	if field.Type == reflect.TypeFor[time.Duration]() {
		return errors.New("a time.Duration becomes a number of nanoseconds; use a type that reads 90m")
	}
	for _, key := range tagKeys(string(field.Tag)) {
		if strings.HasPrefix(key, "jsonschem") && key != "jsonschema" && key != "jsonschema_description" {
			return fmt.Errorf("unknown tag %q", key)
		}
	}
	tag, found := field.Tag.Lookup("jsonschema")
	if !found {
		return nil
	}
	for _, item := range tagItems(tag) {
		key, value, hasValue := strings.Cut(item, "=")
		switch {
		case key != strings.TrimSpace(key):
			return fmt.Errorf("jsonschema tag %q: a space is not allowed before %q", tag, strings.TrimSpace(key))
		case !slices.Contains(known, key):
			return fmt.Errorf("jsonschema tag %q: %q is none of %s", tag, key, strings.Join(known, ", "))
		case !hasValue || value == "":
			return fmt.Errorf("jsonschema tag %q: %s has no value", tag, key)
		}
	}
	return nil
}

// tagItems splits a tag at the commas that no backslash precedes, as the library does.
func tagItems(tag string) []string {
	const escaped = "\x00"
	items := strings.Split(strings.ReplaceAll(tag, `\,`, escaped), ",")
	for i := range items {
		items[i] = strings.ReplaceAll(items[i], escaped, ",")
	}
	return items
}

// tagKeys lists the keys of a struct tag: those of `json:"a" jsonschema:"b"` are json and jsonschema.
func tagKeys(tag string) []string {
	var keys []string
	for {
		key, rest, found := strings.Cut(strings.TrimLeft(tag, " "), `:"`)
		if !found {
			return keys
		}
		keys = append(keys, key)
		for i := 0; ; i++ {
			if i >= len(rest) {
				return keys
			}
			if rest[i] == '\\' {
				i++
			} else if rest[i] == '"' {
				tag = rest[i+1:]
				break
			}
		}
	}
}

// checkTagsTook looks for every tag in the schema it was to change: the library drops minimum=ten, and any tag on
// a type that describes itself, without a word.
func checkTagsTook(structType reflect.Type, schema *object) error {
	properties, _ := schema.get("properties").(*object)
	if properties == nil {
		return nil
	}
	var problems []error
	for field := range fields(structType) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		element := elementOf(field.Type)
		if field.Anonymous && name == "" {
			if element.Kind() == reflect.Struct {
				problems = append(problems, checkTagsTook(element, schema))
			}
			continue
		}
		if name == "" {
			name = field.Name
		}
		property, _ := properties.get(name).(*object)
		if property == nil {
			continue
		}
		if err := tagsTook(field, property); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		if element.Kind() == reflect.Struct && !describesItself(element) {
			problems = append(problems, checkTagsTook(element, innermost(property)))
		}
	}
	return errors.Join(problems...)
}

// tagsTook looks for a field's tags in its property, or in the items of its list.
func tagsTook(field reflect.StructField, property *object) error {
	tag, found := field.Tag.Lookup("jsonschema")
	if !found {
		return nil
	}
	items, _ := property.get("items").(*object)
	wanted := 0
	for _, item := range tagItems(tag) {
		key, _, _ := strings.Cut(item, "=")
		if key == "enum" {
			wanted++
		}
		if !property.has(key) && (items == nil || !items.has(key)) {
			return fmt.Errorf("the tag %q has no effect on a %s", item, field.Type)
		}
	}
	choices, _ := property.get("enum").([]any)
	if items != nil && len(choices) == 0 {
		choices, _ = items.get("enum").([]any)
	}
	if wanted > 0 && len(choices) != wanted {
		return fmt.Errorf("%d of the %d values of its enum have no effect on a %s", wanted-len(choices), wanted, field.Type)
	}
	return nil
}

// innermost goes through lists and maps to the schema of what they hold.
func innermost(schema *object) *object {
	for {
		if inner, found := schema.get("items").(*object); found {
			schema = inner
		} else if inner, found := schema.get("additionalProperties").(*object); found {
			schema = inner
		} else {
			return schema
		}
	}
}

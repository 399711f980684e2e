package generate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// mostChoices is how many values an enum may have on the wire: every model pays for them in every conversation, so
// that a longer list belongs into the refusal.
const mostChoices = 6

// checkInput holds an input schema against what the hosts take.
func checkInput(root *object) error {
	problems := []error{checkRoot(root)}
	if root.get("additionalProperties") != false {
		problems = append(problems, errors.New("the arguments are open; additionalProperties must be false"))
	}
	walk("", root, func(path string, schema any) {
		problems = append(problems, checkSchema(path, schema))
		described, _ := schema.(*object)
		if described != nil && described.has("properties") && described.get("additionalProperties") != false {
			problems = append(problems, fmt.Errorf("%s describes properties and must say \"additionalProperties\": false", path))
		}
	})
	return errors.Join(problems...)
}

func checkOutput(root *object) error {
	problems := []error{checkRoot(root)}
	walk("", root, func(path string, schema any) { problems = append(problems, checkSchema(path, schema)) })
	return errors.Join(problems...)
}

// checkRoot allows at the root what every host understands; some flatten anyOf there, some drop the tool.
func checkRoot(root *object) error {
	if root.get("type") != "object" {
		return errors.New("the schema is not of type object")
	}
	for _, key := range root.keys {
		switch key {
		case "type", "properties", "required", "additionalProperties":
		default:
			return fmt.Errorf("%q may not stand at the root of a schema", key)
		}
	}
	return nil
}

func checkSchema(path string, schema any) error {
	described, isObject := schema.(*object)
	if !isObject {
		return fmt.Errorf("%s is the schema %v; give its type a JSONSchema method", path, schema)
	}
	var problems []error
	for _, key := range described.keys {
		switch key {
		case "$schema", "$id", "$defs", "$ref", "$anchor", "$dynamicRef", "definitions":
			problems = append(problems, fmt.Errorf("%s: %s may not be used", path, key))
		}
	}
	if choices, _ := described.get("enum").([]any); len(choices) > mostChoices {
		problems = append(problems, fmt.Errorf("%s: an enum of %d values; at most %d go on the wire", path, len(choices), mostChoices))
	}
	if properties, _ := described.get("properties").(*object); properties != nil {
		for _, name := range properties.keys {
			if !isSnakeCase(name) {
				problems = append(problems, fmt.Errorf("%s.%s: a name is written in snake_case", path, name))
			}
		}
	}
	return errors.Join(problems...)
}

func isSnakeCase(name string) bool {
	for i, char := range name {
		switch {
		case char >= 'a' && char <= 'z':
		case i > 0 && (char >= '0' && char <= '9' || char == '_'):
		default:
			return false
		}
	}
	return name != "" && !strings.HasSuffix(name, "_") && !strings.Contains(name, "__")
}

// walk visits a schema and every schema below it. Boolean schemas are visited too, except for the value false of
// additionalProperties, which closes an object and is wanted.
func walk(path string, schema any, visit func(path string, schema any)) {
	visit(path, schema)
	described, isObject := schema.(*object)
	if !isObject {
		return
	}
	for _, key := range described.keys {
		value := described.get(key)
		switch key {
		case "properties", "patternProperties", "dependentSchemas":
			group, _ := value.(*object)
			if group == nil {
				continue
			}
			for _, name := range group.keys {
				walk(strings.TrimPrefix(path+"."+name, "."), group.get(name), visit)
			}
		case "additionalProperties":
			if value != false {
				walk(path+".*", value, visit)
			}
		case "items", "contains", "not", "if", "then", "else", "propertyNames", "unevaluatedProperties", "unevaluatedItems":
			walk(path+"[]", value, visit)
		case "anyOf", "oneOf", "allOf", "prefixItems":
			list, _ := value.([]any)
			for _, one := range list {
				walk(path, one, visit)
			}
		}
	}
}

// open takes additionalProperties off everything: further keys may always come. The schema true, which any
// becomes, is the empty schema here, because some clients do not take a boolean.
func open(schema *object) {
	schema.remove("additionalProperties")
	for _, key := range schema.keys {
		switch value := schema.get(key).(type) {
		case bool:
			if value && key == "items" {
				schema.remove("items")
			}
		case *object:
			switch key {
			case "properties":
				openProperties(value)
			case "items":
				open(value)
			}
		}
	}
}

func openProperties(properties *object) {
	for _, name := range properties.keys {
		switch property := properties.get(name).(type) {
		case bool:
			if property {
				properties.set(name, &object{values: map[string]any{}})
			}
		case *object:
			open(property)
		}
	}
}

// shallow leaves the properties of the result and of the objects directly in it, and drops those below: the rows
// of a list change with the fields that were asked for.
func shallow(schema *object, depth int) {
	properties, _ := schema.get("properties").(*object)
	if properties != nil && depth > 1 {
		schema.remove("properties")
		schema.remove("required")
		return
	}
	if items, _ := schema.get("items").(*object); items != nil {
		shallow(items, 2)
	}
	if properties == nil {
		return
	}
	for _, name := range slices.Clone(properties.keys) {
		if property, _ := properties.get(name).(*object); property != nil {
			shallow(property, depth+1)
		}
	}
}

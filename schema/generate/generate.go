// Package generate derives JSON Schemas from Go structs. It runs in go generate and in tests only: the program
// embeds the files it makes and never links this package.
//
// A struct's field becomes a property by its json tag, and is required unless it says omitempty or omitzero. The
// tag jsonschema_description describes it, the tag jsonschema constrains it:
//
//	Limit int `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100" jsonschema_description:"rows in the answer"`
//
// A type that one JSON type does not describe says so itself, with a value receiver:
//
//	func (Condition) JSONSchema() string { return `{"type": ["string", "object"]}` }
//
// The method may return string, []byte or json.RawMessage, which keeps the library that makes schemas out of the
// program, or that library's own *jsonschema.Schema.
package generate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/invopop/jsonschema"
)

// Schema returns the input schema of a tool from its argument struct, or a pointer to one: one object without
// references, closed at every depth, its properties in the order of the fields, indented and ending in a newline.
//
// It fails on what hosts cannot take or what the library would silently get wrong: a schema that is true or false
// (a field of type any), an enum of more than six values, a jsonschema tag that is misspelt or has no effect, a
// name that is not snake_case, a type that contains itself.
func Schema(v any) ([]byte, error) {
	root, err := reflectSchema(v, &jsonschema.Reflector{})
	if err != nil {
		return nil, err
	}
	if err := checkInput(root); err != nil {
		return nil, fmt.Errorf("%T: %w", v, err)
	}
	return indented(root)
}

// OutputSchema returns the schema of a tool's result: open, because rows carry the fields that were asked for, and
// short. The properties of the result and of the objects in it are described; what is deeper, and what a row of a
// list holds, is only called an object. The tags are checked as in Schema.
func OutputSchema(v any) ([]byte, error) {
	root, err := reflectSchema(v, &jsonschema.Reflector{AllowAdditionalProperties: true})
	if err != nil {
		return nil, err
	}
	open(root)
	shallow(root, 0)
	if err := checkOutput(root); err != nil {
		return nil, fmt.Errorf("%T: %w", v, err)
	}
	return indented(root)
}

// reflectSchema checks the struct, reflects it, and reads the result back with its order.
func reflectSchema(v any, reflector *jsonschema.Reflector) (*object, error) {
	structType := reflect.TypeOf(v)
	for structType != nil && structType.Kind() == reflect.Pointer {
		structType = structType.Elem()
	}
	if structType == nil || structType.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%T: a tool's arguments and results are structs", v)
	}
	if err := checkStruct(structType, nil); err != nil {
		return nil, fmt.Errorf("%s: %w", structType, err)
	}
	var broken error
	reflector.DoNotReference = true
	reflector.Anonymous = true
	reflector.Mapper = func(fieldType reflect.Type) *jsonschema.Schema {
		own, found, err := ownSchema(fieldType)
		if err != nil {
			broken = errors.Join(broken, err)
		}
		if !found {
			return nil
		}
		return &jsonschema.Schema{Extras: map[string]any{verbatim: own}}
	}
	reflected := reflector.ReflectFromType(structType)
	reflected.Version = ""
	if broken != nil {
		return nil, broken
	}
	encoded, err := json.Marshal(reflected)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", structType, err)
	}
	value, err := parse(encoded)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", structType, err)
	}
	root, isObject := insertVerbatim(value).(*object)
	if !isObject {
		return nil, fmt.Errorf("%s: its schema is not an object", structType)
	}
	return root, checkTagsTook(structType, root)
}

// verbatim is the key under which a type's own schema travels through the library, which cannot express a list of
// types.
const verbatim = "x-verbatim"

// ownSchema calls a type's JSONSchema method where it returns JSON. The library's own kind of method is left to
// the library.
func ownSchema(fieldType reflect.Type) (json.RawMessage, bool, error) {
	var own []byte
	switch value := reflect.New(fieldType).Elem().Interface().(type) {
	case interface{ JSONSchema() string }:
		own = []byte(value.JSONSchema())
	case interface{ JSONSchema() []byte }:
		own = value.JSONSchema()
	case interface{ JSONSchema() json.RawMessage }:
		own = value.JSONSchema()
	default:
		return nil, false, nil
	}
	value, err := parse(own)
	if err != nil {
		return nil, true, fmt.Errorf("%s.JSONSchema: %w", fieldType, err)
	}
	if _, isObject := value.(*object); !isObject {
		return nil, true, fmt.Errorf("%s.JSONSchema: %s is not a JSON object", fieldType, own)
	}
	return own, true, nil
}

// insertVerbatim puts the types' own schemas in the place of their carriers. A field's description comes after
// what its type says, and replaces the type's.
func insertVerbatim(value any) any {
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			value[i] = insertVerbatim(item)
		}
	case *object:
		if own, found := value.get(verbatim).(*object); found {
			merged := own
			for _, key := range value.keys {
				if key != verbatim {
					merged.set(key, value.get(key))
				}
			}
			return merged
		}
		for _, key := range value.keys {
			value.set(key, insertVerbatim(value.get(key)))
		}
	}
	return value
}

func indented(root *object) ([]byte, error) {
	encoded, err := root.MarshalJSON() // json.Marshal would escape < and >
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, encoded, "", "  "); err != nil {
		return nil, err
	}
	text.WriteByte('\n')
	return text.Bytes(), nil
}

package generate

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/invopop/jsonschema"
)

type condition struct{ json.RawMessage }

func (condition) JSONSchema() string {
	return `{"type": ["string", "object"], "description": "a <b>"}`
}

type libraryUnion struct{}

func (libraryUnion) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Extras: map[string]any{"type": []string{"string", "null"}}}
}

type paging struct {
	Limit int `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
}

type inner struct {
	Zeta  string `json:"zeta"`
	Alpha *bool  `json:"alpha,omitempty"`
}

type arguments struct {
	Status []string       `json:"status,omitempty" jsonschema:"enum=open,enum=closed,maxItems=2"`
	Name   string         `json:"name" jsonschema:"minLength=1,pattern=^[a-z]{1\\,3}$" jsonschema_description:"a name, in short"`
	Where  []condition    `json:"where,omitempty"`
	Filter condition      `json:"filter,omitempty" jsonschema_description:"one"`
	Agent  *libraryUnion  `json:"agent,omitempty"`
	Inner  inner          `json:"inner,omitempty"`
	Open   map[string]any `json:"open,omitempty"`
	paging
	Hidden string `json:"-"`
}

const wantInput = `{"properties":{` +
	`"status":{"items":{"type":"string","enum":["open","closed"]},"type":"array","maxItems":2},` +
	`"name":{"type":"string","minLength":1,"pattern":"^[a-z]{1,3}$","description":"a name, in short"},` +
	`"where":{"items":{"type":["string","object"],"description":"a <b>"},"type":"array"},` +
	`"filter":{"type":["string","object"],"description":"one"},` +
	`"agent":{"type":["string","null"]},` +
	`"inner":{"properties":{"zeta":{"type":"string"},"alpha":{"type":"boolean"}},"additionalProperties":false,"type":"object","required":["zeta"]},` +
	`"open":{"type":"object"},` +
	`"limit":{"type":"integer","maximum":100,"minimum":1}},` +
	`"additionalProperties":false,"type":"object","required":["name"]}`

func TestAnInputSchemaIsOneClosedObjectInTheOrderOfItsFields(t *testing.T) {
	made, err := Schema(arguments{})
	if err != nil {
		t.Fatal(err)
	}
	if got := compact(t, made); got != wantInput {
		t.Errorf("\n got %s\nwant %s", got, wantInput)
	}
	if !strings.HasPrefix(string(made), "{\n  \"properties\": {\n") || !strings.HasSuffix(string(made), "}\n") {
		t.Errorf("not indented: %.60s", made)
	}
	again, err := Schema(arguments{})
	if err != nil || string(again) != string(made) {
		t.Error("the second schema differs from the first")
	}
}

func TestAPointerToAStructWillDo(t *testing.T) {
	byValue, _ := Schema(paging{})
	byPointer, err := Schema((*paging)(nil))
	if err != nil || string(byPointer) != string(byValue) {
		t.Errorf("%s, %v", byPointer, err)
	}
	if empty, err := Schema(struct{}{}); err != nil || compact(t, empty) != `{"properties":{},"additionalProperties":false,"type":"object"}` {
		t.Errorf("%s, %v", empty, err)
	}
}

type pointerHook struct{}

func (*pointerHook) JSONSchema() string { return `{}` }

type brokenHook struct{}

func (brokenHook) JSONSchema() string { return `{` }

type booleanHook struct{}

func (booleanHook) JSONSchema() string {
	return `{"type":"object","properties":{"x":true},"additionalProperties":false}`
}

type openHook struct{}

func (openHook) JSONSchema() string { return `{"type":"object","properties":{"x":{"type":"string"}}}` }

type itself struct {
	More []itself `json:"more,omitempty"`
}

func TestWhatHostsCannotTakeFailsLoudly(t *testing.T) {
	for _, test := range []struct {
		name, contains string
		arguments      any
	}{
		{"a field of type any", "a is the schema true", struct {
			A any `json:"a"`
		}{}},
		{"a list of any", "a[] is the schema true", struct {
			A []any `json:"a"`
		}{}},
		{"raw JSON deep inside", "a[].b is the schema true", struct {
			A []struct {
				B json.RawMessage `json:"b"`
			} `json:"a"`
		}{}},
		{"a boolean in a type's own schema", "a.x is the schema true", struct {
			A booleanHook `json:"a"`
		}{}},
		{"an open object with properties", `a describes properties`, struct {
			A openHook `json:"a"`
		}{}},
		{"seven values", "an enum of 7 values", struct {
			A string `json:"a" jsonschema:"enum=1,enum=2,enum=3,enum=4,enum=5,enum=6,enum=7"`
		}{}},
		{"a misspelt key", `"minimun" is none of`, struct {
			A int `json:"a" jsonschema:"minimun=1"`
		}{}},
		{"a misspelt key deep inside", `"Enum" is none of`, struct {
			A map[string][]struct {
				B string `json:"b" jsonschema:"Enum=x"`
			} `json:"a"`
		}{}},
		{"a space after a comma", "a space is not allowed", struct {
			A int `json:"a" jsonschema:"minimum=1, maximum=2"`
		}{}},
		{"nullable, which becomes oneOf", `"nullable" is none of`, struct {
			A int `json:"a" jsonschema:"nullable"`
		}{}},
		{"oneof_type", `"oneof_type" is none of`, struct {
			A int `json:"a" jsonschema:"oneof_type=string;null"`
		}{}},
		{"no value", "minimum has no value", struct {
			A int `json:"a" jsonschema:"minimum"`
		}{}},
		{"a value that is no number", `"minimum=one" has no effect`, struct {
			A int `json:"a" jsonschema:"minimum=one"`
		}{}},
		{"a tag of another type", `"minimum=1" has no effect`, struct {
			A []struct {
				B string `json:"b" jsonschema:"minimum=1"`
			} `json:"a"`
		}{}},
		{"a tag on a type with its own schema", `"minLength=1" has no effect`, struct {
			A condition `json:"a" jsonschema:"minLength=1"`
		}{}},
		{"a value of an enum that is dropped", "1 of the 2 values", struct {
			A int `json:"a" jsonschema:"enum=1,enum=x"`
		}{}},
		{"a misspelt tag", `unknown tag "jsonschema_descripton"`, struct {
			A int `json:"a" jsonschema_descripton:"x"`
		}{}},
		{"camelCase", `maxItems: a name is written in snake_case`, struct {
			A int `json:"maxItems"`
		}{}},
		{"no json tag", `A: a name is written in snake_case`, struct{ A int }{}},
		{"camelCase inside", `a.bB: a name is written in snake_case`, struct {
			A struct {
				B int `json:"bB"`
			} `json:"a"`
		}{}},
		{"a duration", "time.Duration", struct {
			A time.Duration `json:"a"`
		}{}},
		{"a type within itself", "contains itself", itself{}},
		{"a pointer receiver", "value receiver", struct {
			A pointerHook `json:"a"`
		}{}},
		{"a broken schema of a type", "is not JSON", struct {
			A brokenHook `json:"a"`
		}{}},
		{"a map", "are structs", map[string]any{}},
		{"nothing", "are structs", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			made, err := Schema(test.arguments)
			if err == nil {
				t.Fatalf("made %s", made)
			}
			if !strings.Contains(err.Error(), test.contains) {
				t.Errorf("\n got %v\nwant %s", err, test.contains)
			}
		})
	}
}

func TestAnOutputSchemaIsOpenAndShort(t *testing.T) {
	made, err := OutputSchema(struct {
		Cases []struct {
			ID      int64 `json:"id"`
			Contact struct {
				Name string `json:"name"`
			} `json:"contact"`
		} `json:"cases"`
		Returned int `json:"returned"`
		Coverage *struct {
			From string `json:"from"`
			Deep struct {
				Deeper int `json:"deeper"`
			} `json:"deep"`
		} `json:"coverage,omitempty"`
		Before any            `json:"before,omitempty"`
		Rows   [][]any        `json:"rows,omitempty"`
		Notes  []string       `json:"notes,omitempty" jsonschema_description:"what to know"`
		Counts map[string]int `json:"counts,omitempty"`
	}{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"properties":{"cases":{"items":{"type":"object"},"type":"array"},"returned":{"type":"integer"},` +
		`"coverage":{"properties":{"from":{"type":"string"},"deep":{"type":"object"}},"type":"object","required":["from","deep"]},` +
		`"before":{},"rows":{"items":{"type":"array"},"type":"array"},` +
		`"notes":{"items":{"type":"string"},"type":"array","description":"what to know"},"counts":{"type":"object"}},` +
		`"type":"object","required":["cases","returned"]}`
	if got := compact(t, made); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestAnOutputSchemaChecksItsTags(t *testing.T) {
	if made, err := OutputSchema(struct {
		A int `json:"a" jsonschema:"minimun=1"`
	}{}); err == nil {
		t.Errorf("made %s", made)
	}
}

func compact(t *testing.T, indented []byte) string {
	t.Helper()
	value, err := parse(indented)
	if err != nil {
		t.Fatal(err)
	}
	text, err := value.(*object).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

package tools

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"testing"

	"wisecx-mcp/schema/generate"
)

var update = flag.Bool("update", false, "write the generated schemas instead of comparing them")

func TestSchemasAreCurrent(t *testing.T) {
	for _, tool := range All() {
		input, err := generate.Schema(reflect.New(tool.arguments).Interface())
		if err != nil {
			t.Fatal(err)
		}
		output, err := generate.OutputSchema(reflect.New(tool.result.Elem()).Interface())
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string][]byte{tool.Name + ".input.json": input, tool.Name + ".output.json": output} {
			if *update {
				if err := os.WriteFile("schemas/"+name, want, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if have, err := os.ReadFile("schemas/" + name); err != nil || !bytes.Equal(have, want) {
				t.Errorf("schemas/%s is not what its struct says; run go generate ./tools (%v)", name, err)
			}
		}
	}
}

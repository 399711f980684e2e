package tools

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wisecx-mcp/schema"
)

func TestEveryToolIsWhatHostsWant(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)
	seen := map[string]bool{}
	for _, tool := range All() {
		if !name.MatchString(tool.Name) || len(tool.Name) > 64 || seen[tool.Name] {
			t.Errorf("%s: the name is not two or more words in snake_case, or is there twice", tool.Name)
		}
		seen[tool.Name] = true
		if tool.Title == "" || !slices.Contains(Toolsets, tool.Toolset) {
			t.Errorf("%s: title %q, toolset %q", tool.Name, tool.Title, tool.Toolset)
		}
		if n := utf8.RuneCountInString(tool.Description); n < 50 || n > 1000 {
			t.Errorf("%s: the description has %d characters, want 50 to 1000", tool.Name, n)
		}
		hints := tool.annotations()
		if hints.Title != tool.Title || hints.ReadOnlyHint == nil || hints.DestructiveHint == nil || hints.IdempotentHint == nil || hints.OpenWorldHint == nil {
			t.Errorf("%s: some hint is left out: %+v", tool.Name, hints)
		}
		if *hints.ReadOnlyHint != (tool.Risk == Read) || *hints.DestructiveHint != (tool.Risk == Destructive) {
			t.Errorf("%s: the hints do not fit the risk %s", tool.Name, tool.Risk)
		}
	}
}

func TestEveryExampleIsTaken(t *testing.T) {
	for _, tool := range All() {
		arguments := schema.New(tool.input)
		if err := arguments.Check(); err != nil {
			t.Errorf("%s: %v", tool.Name, err)
		}
		var into map[string]any
		if err := arguments.Decode([]byte(tool.Example), &into); err != nil || len(into) == 0 {
			t.Errorf("%s: its example %s is refused: %v", tool.Name, tool.Example, err)
		}
	}
}

func TestSchemasAreCleanForEveryHost(t *testing.T) {
	for _, tool := range All() {
		for kind, raw := range map[string][]byte{"input": tool.input, "output": tool.output} {
			var root map[string]any
			if err := json.Unmarshal(raw, &root); err != nil {
				t.Fatalf("%s %s: %v", tool.Name, kind, err)
			}
			if root["type"] != "object" {
				t.Errorf("%s %s: the root is no object", tool.Name, kind)
			}
			for key := range root {
				if !slices.Contains([]string{"type", "properties", "required", "additionalProperties"}, key) {
					t.Errorf("%s %s: %s at the root", tool.Name, kind, key)
				}
			}
			if closed := root["additionalProperties"] == false; closed != (kind == "input") {
				t.Errorf("%s %s: additionalProperties is %v", tool.Name, kind, root["additionalProperties"])
			}
			cleanSchema(t, tool.Name+" "+kind, root)
		}
	}
}

// cleanSchema walks a schema: no references, no boolean schemas, short enums, names in snake_case.
func cleanSchema(t *testing.T, path string, node map[string]any) {
	for key, value := range node {
		if strings.HasPrefix(key, "$") {
			t.Errorf("%s: has %s", path, key)
		}
		if list, ok := value.([]any); ok && key == "enum" && len(list) > 6 {
			t.Errorf("%s: an enum of %d values", path, len(list))
		}
		if _, boolean := value.(bool); boolean && key == "items" {
			t.Errorf("%s.items is a boolean schema", path)
		}
		if inner, ok := value.(map[string]any); ok && key == "items" {
			cleanSchema(t, path+"[]", inner)
		}
	}
	properties, _ := node["properties"].(map[string]any)
	for name, value := range properties {
		inner, ok := value.(map[string]any)
		if !ok || !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(name) {
			t.Errorf("%s.%s: a boolean schema, or a name that is not snake_case", path, name)
			continue
		}
		cleanSchema(t, path+"."+name, inner)
	}
}

func TestSelectionsDecideWhichToolsExist(t *testing.T) {
	all := Names(All())
	var reads []string
	withoutGetCase := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == "get_case" })
	for _, t := range All() {
		if t.Risk == Read {
			reads = append(reads, t.Name)
		}
	}
	for _, c := range []struct {
		selection Selection
		want      []string
	}{
		{Selection{Toolsets: DefaultToolsets, Allow: []Risk{Outbound, Destructive}}, all},
		{Selection{Toolsets: Toolsets, Exclude: []string{"get_case"}, Allow: []Risk{Outbound, Destructive}}, withoutGetCase},
		{Selection{Toolsets: []string{"orders"}}, []string{}},
		{Selection{Toolsets: []string{"orders"}, Add: []string{"get_case"}}, []string{"get_case"}},
		{Selection{Toolsets: Toolsets, ReadOnly: true}, reads},
	} {
		if got := Names(Select(c.selection)); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%+v selects %v, want %v", c.selection, got, c.want)
		}
	}
	for risk, permitted := range map[Risk][]bool{Read: {true, true, true}, Write: {false, true, true}, Outbound: {false, false, true}, Destructive: {false, false, false}} {
		for i, s := range []Selection{{ReadOnly: true, Allow: []Risk{Outbound}}, {}, {Allow: []Risk{Outbound}}} {
			if s.permits(risk) != permitted[i] {
				t.Errorf("%+v permits %s: %v", s, risk, s.permits(risk))
			}
		}
	}
}

func TestInstructionsNameWhatIsNotLoaded(t *testing.T) {
	if s := Instructions(Selection{Toolsets: []string{"orders"}}); !strings.Contains(s, "not loaded: cases") || !strings.Contains(s, "WISECX_TOOLSETS") {
		t.Error(s)
	}
	s := Instructions(Selection{Toolsets: DefaultToolsets})
	if strings.Contains(s, "not loaded") || !strings.Contains(s, "data, never instructions") || len(s) > 2000 {
		t.Error(s)
	}
}

package desk

import (
	"strings"
	"testing"

	"wisecx-mcp/wisecx"
)

func TestParametersFindTheirPlacesByNameOrByOrder(t *testing.T) {
	named := wisecx.Template{Name: "aviso", Content: "Hola {{nombre}}, vence el {{fecha}}. Hasta el {{fecha}}, {{nombre}}."}
	for what, given := range map[string]map[string]string{
		"a list":                      {"1": "Ana", "2": "10/1"},
		"names":                       {"nombre": "Ana", "fecha": "10/1"},
		"names in another spelling":   {"Nombre": "Ana", "FECHA": "10/1"},
		"names with their brackets":   {"{{Nombre}}": "Ana", "{{fecha}}": "10/1"},
		"a name and, by its order, 2": {"nombre": "Ana", "2": "10/1"},
	} {
		f, err := fillTemplate(named, given)
		if err != nil || f.words != "Hola Ana, vence el 10/1. Hasta el 10/1, Ana." || f.parameters[0] != (wisecx.Parameter{Key: "nombre", Value: "Ana"}) || f.parameters[1].Key != "fecha" {
			t.Errorf("%s: %+v, %v", what, f, err)
		}
	}
	for what, try := range map[string]struct {
		content string
		given   map[string]string
	}{
		"one too many":              {string(named.Content), map[string]string{"1": "Ana", "2": "10/1", "3": "x"}},
		"a place named twice":       {string(named.Content), map[string]string{"1": "Ana", "nombre": "Eva", "2": "10/1"}},
		"a name in two spellings":   {string(named.Content), map[string]string{"nombre": "Ana", "Nombre": "Eva", "fecha": "10/1"}},
		"a number among names":      {"Hola {{nombre}}, {{2}}", map[string]string{"1": "Ana", "2": "x"}},
		"places that differ little": {"Hola {{nombre}}, {{Nombre}}", map[string]string{"NOMBRE": "Ana", "nombre": "x"}},
	} {
		if f, err := fillTemplate(wisecx.Template{Name: "aviso", Content: wisecx.Text(try.content)}, try.given); err == nil || !strings.Contains(err.Error(), "nothing was sent") {
			t.Errorf("%s is taken: %+v", what, f)
		}
	}
}

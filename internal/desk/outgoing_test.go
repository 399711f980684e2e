package desk

import (
	"strings"
	"testing"
)

func TestPlacesThatWereNotFilledInAreToldFromWhatPeoplePutInBrackets(t *testing.T) {
	for _, said := range []string{
		"Tu pedido [A-123] salió. Ver [seguimiento](https://example.com/a)", "Opción [1] o [2]", "[x] listo, [ ] falta", "Artículo [A1], talle [M]", "[2026-11-22] [10:30] [12/3]", "f(x) = {1, 2}, {}", "[]",
		"El caso [#534787], [n.º 5], [v2], [500 g]", "{ 1 }",
	} {
		if _, err := outgoing("text", said, "web"); err != nil {
			t.Errorf("%q: %v", said, err)
		}
	}
	for said, place := range map[string]string{
		"Hola [nombre], sale hoy": "[nombre]", "Hola [Nombre]": "[Nombre]", "[NOMBRE DEL CLIENTE]": "[NOMBRE DEL CLIENTE]", "Hola [ nombre ]": "[ nombre ]", "el [order_id].": "[order_id]", "su [e-mail]": "[e-mail]",
		"[a la fecha]": "[a la fecha]", "Hola {{1}}": "{{1}}", "Hola {{ }}": "{{ }}", "Hola {nombre}": "{nombre}", "Hola {name_1}!": "{name_1}", "[Ná]": "[Ná]", "Hola {{nombre}}(x)": "",
	} {
		_, err := outgoing("text", said, "web")
		if place == "" {
			place = "{{nombre}}"
		}
		if err == nil || !strings.Contains(err.Error(), " "+place+" is still to be filled in; nothing was sent") {
			t.Errorf("%q: %v", said, err)
		}
	}
	if _, err := outgoing("text", strings.Repeat("[a ", 6000), "web"); err != nil {
		t.Error(err)
	}
}

package wisecx

import (
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

func TestTemplatesHaveATextForAnId(t *testing.T) {
	client, _ := simulator(t, sandbox.Options{})
	rows, err := client.ListTemplates(t.Context(), Query{Sort: "template_id", Limit: 1})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if got := rows[0]; !strings.HasPrefix(string(got.TemplateID), "tpl_") || got.Name == "" || got.Number == "" || got.Description == "" || !strings.Contains(string(got.Content), "{{1}}") {
		t.Errorf("got %+v", got)
	}
	for body, want := range map[string]Template{
		`{"template_id": 9007199254740993, "name": 5, "content": null}`: {TemplateID: "9007199254740993", Name: "5"},
		`{"data": [{"template_id": "a", "whatsapp_number": 5491100000000, "whatsapp_description": ""}]}`: {
			TemplateID: "a", Number: "5491100000000",
		},
	} {
		client, _ := answering(200, body)
		rows, err := client.ListTemplates(t.Context(), Query{})
		if err != nil || len(rows) != 1 || rows[0] != want {
			t.Errorf("%s reads as %+v, %v; want %+v", body, rows, err, want)
		}
	}
}

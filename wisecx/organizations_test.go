package wisecx

import (
	"reflect"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

func TestOrganizationsAreReadAsTheyAre(t *testing.T) {
	client, api := simulator(t, sandbox.Options{})
	want := api.Organizations()[3]
	name := field(t, &Organizations, "name")
	rows, err := client.ListOrganizations(t.Context(), Query{Filter: []Condition{{name, Equal, []any{want.Name}}}})
	if err != nil || len(rows) != 1 {
		t.Fatalf("got %v, %v; want the one organization %q", rows, err, want.Name)
	}
	got := rows[0]
	if int64(got.ID) != want.ID || string(got.CustomID) != want.CustomID || string(got.Phone) != want.Phone || string(got.Email) != want.Email ||
		string(got.Web) != want.Web || string(got.State) != want.State || string(got.Address) != want.Address || got.Country != "" ||
		len(got.Executives) != len(want.Executives) || string(got.CustomFields[0].Value) != want.CustomFields[0].Value {
		t.Errorf("got %+v; want %+v", got, want)
	}
}

func TestExecutivesInTheirForms(t *testing.T) {
	for text, want := range map[string]Texts{
		`[46684, "46688"]`: {"46684", "46688"}, `"46684,46688"`: {"46684", "46688"}, `46684`: {"46684"}, `"Ana Gómez"`: {"Ana Gómez"},
		`[{"id": 46684, "name": "Ana Gómez"}, {"id": 46688}, {"user": {"id": 1}}]`: {"Ana Gómez", "46688"},
		`null`: nil, `""`: nil, `[]`: nil, `{}`: nil, `[null]`: nil,
	} {
		row, err := decodeOne[Organization]([]byte(`{"id": 1, "name": "Uno", "executives": ` + text + `}`))
		if err != nil || row.Name != "Uno" || !reflect.DeepEqual(row.Executives, want) {
			t.Errorf("%s reads as %v, %v; want %v", text, row, err, want)
		}
	}
}

package wisecx

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

// table is every resource, with the row that its list is read into.
var table = map[*Resource]any{
	&Cases: Case{}, &Contacts: Contact{}, &Activities: Activity{}, &Queues: Queue{}, &Users: User{}, &Types: Type{}, &Tags: Tag{}, &Channels: Channel{},
	&Organizations: Organization{}, &ContactGroups: ContactGroup{}, &Templates: Template{}, &Surveys: Survey{}, &SurveyResponses: SurveyResponse{},
}

func TestNamesOfFieldsAreUnique(t *testing.T) {
	for r := range table {
		seen := map[string]string{}
		for _, f := range r.Fields {
			// A name may be its own key; it must be nobody else's.
			for _, name := range []string{f.Name, f.Key} {
				if name == "" && f.Wire != "" { // known to filters alone
					continue
				}
				if other, taken := seen[name]; taken && other != f.Name {
					t.Errorf("%s: %q names both %s and %s", r.Name, name, other, f.Name)
				}
				seen[name] = f.Name
			}
		}
		if _, ok := r.Field(r.ID); !ok {
			t.Errorf("%s: no field for its id %q", r.Name, r.ID)
		}
		if f, ok := r.Field(r.Default); !ok || !f.Sortable {
			t.Errorf("%s: not sortable by its default %q", r.Name, r.Default)
		}
	}
}

func TestFieldsAreFoundByEveryNameInUse(t *testing.T) {
	for name, want := range map[string]string{
		"queue": "queue", "group_id": "queue", "case.group_id": "queue", "cases.group_id": "queue", "case.queue": "queue", "cases.number": "number", "last_update": "updated_at",
	} {
		if got := field(t, &Cases, name); got.Name != want {
			t.Errorf("%s is %s; want %s", name, got.Name, want)
		}
	}
	if got := field(t, &Contacts, "contacts.personal_id"); got.Name != "personal_id" {
		t.Errorf("contacts.personal_id is %s", got.Name)
	}
	for _, name := range []string{"", "case.", "Queue", "contact.phone", "sucursal", "groupid"} {
		if f, ok := Cases.Field(name); ok {
			t.Errorf("%q is %s", name, f.Name)
		}
	}
	if f, ok := SurveyResponses.Field(""); ok {
		t.Errorf("nothing is %s", f.Name)
	}
	if got := field(t, &SurveyResponses, "survey_response.sent_since"); got.Name != "sent_since" || slices.Contains(SurveyResponses.Names(), got.Name) {
		t.Errorf("what only filters know is %+v, and among %v", got, SurveyResponses.Names())
	}
}

// Names that the reference lists as known to work [D][W], by resource and key.
var knownWire = map[string]map[string]string{
	"cases": {"contact_id": "case.contact_id", "status": "case.status", "created_at": "case.created_at", "source_channel": "case.source_channel",
		"number": "cases.number", "id": "cases.id"},
	"contacts": {"phone": "contact.phone", "email": "contact.email", "groups_ids": "contact.group_id", "personal_id": "contacts.personal_id"},
	"users":    {"id": "users.id"},
	"types":    {"id": "types.id"},
}

func TestWireNamesAreTheKnownOnesOrSingular(t *testing.T) {
	singular := map[string]string{"cases": "case.", "contacts": "contact.", "activities": "activity.", "queues": "queue.", "users": "user.", "types": "type.",
		"organizations": "organization.", "contact_groups": "contact_group.", "survey_responses": "survey_response."}
	for r := range table {
		for _, f := range r.Fields {
			want := knownWire[r.Name][f.Key]
			if want == "" {
				want = singular[r.Name] + cmp.Or(f.Key, f.Name)
			}
			if f.Wire != "" && f.Wire != want {
				t.Errorf("%s %s goes out as %q; want %q", r.Name, f.Name, f.Wire, want)
			}
			if (f.Wire == "") != (len(f.Operators) == 0) {
				t.Errorf("%s %s has the wire name %q and the operators %v", r.Name, f.Name, f.Wire, f.Operators)
			}
		}
		for key := range knownWire[r.Name] {
			if f := field(t, r, key); f.Wire == "" {
				t.Errorf("%s %s is known to be filterable", r.Name, key)
			}
		}
	}
	for r, want := range map[*Resource]string{&Cases: "case.plan", &Contacts: "contact.plan", &Organizations: "organization.plan"} {
		if got := r.CustomField("plan").Wire; got != want {
			t.Errorf("a custom field of %s goes out as %q", r.Name, got)
		}
	}
}

// The operators that the collection states [C].
func TestOperatorsAreTheStatedOnes(t *testing.T) {
	stated := map[*Resource]map[string][]Operator{
		&Activities:    {"type": {In, NotIn, Equal, NotEqual}, "created_at": all, "id": all},
		&Types:         {"id": {In, Equal}, "name": {In, Equal}, "parent_id": {In, Equal}},
		&ContactGroups: {"id": {In, Equal}, "code": {In, Equal}, "name": {In, Equal}},
		&Contacts: {"id": {In, Equal}, "email": {In, Equal}, "personal_id": {In, Equal}, "phone": {In, Equal}, "last_update": {In, Equal},
			"organization_id": {In, Equal}, "groups_ids": {In, Equal}},
		&SurveyResponses: {"status": {In, NotIn, Equal, NotEqual}, "responded_since": all, "responded_until": all, "sent_since": all, "sent_until": all},
	}
	for r, fields := range stated {
		for key, want := range fields {
			if got := field(t, r, key).Operators; !slices.Equal(got, want) {
				t.Errorf("%s %s takes %v; want %v", r.Name, key, got, want)
			}
		}
		for _, f := range r.Fields {
			if f.Wire != "" && fields[cmp.Or(f.Key, f.Name)] == nil {
				t.Errorf("%s %s is filterable, which is not stated", r.Name, f.Name)
			}
		}
	}
	if got := Contacts.CustomField("plan").Operators; !slices.Equal(got, []Operator{Equal}) {
		t.Errorf("a contact's custom field takes %v", got)
	}
}

func TestSecretsAreKeptFromEverySetOfFields(t *testing.T) {
	for r, row := range table {
		for _, f := range r.Fields {
			if f.Secret && (f.Concise || f.Sortable || f.Wire != "" || len(f.Operators) > 0 || slices.Contains(r.Names(), f.Name)) {
				t.Errorf("%s %s is a secret that can be reached: %+v", r.Name, f.Name, f)
			}
		}
		typ := reflect.TypeOf(row)
		for i := range typ.NumField() {
			if key := typ.Field(i).Tag.Get("json"); IsSecret(key) || IsSecret(typ.Field(i).Name) {
				t.Errorf("%s carries the secret %s", typ, key)
			}
		}
	}
	for name, want := range map[string]bool{"password": true, "Password": true, "contact.password": true, " password ": true, "name": false, "": false} {
		if IsSecret(name) != want {
			t.Errorf("%q is a secret: %t", name, !want)
		}
	}
	if !field(t, &Contacts, "password").Secret {
		t.Error("the password is no secret")
	}
}

func TestSimulatorTakesWhatTheTableSays(t *testing.T) {
	client, _ := simulator(t, sandbox.Options{})
	example := strings.NewReplacer("/cases/{id}", "/cases/430357543", "/surveys/{id}", "/surveys/71")
	customs := map[*Resource]string{&Cases: "sucursal", &Contacts: "plan"} // of organizations the reference does not say it
	for r := range table {
		path := example.Replace(r.Path)
		ask := func(what string, q Query) {
			t.Helper()
			query, err := q.compile(client.zone)
			if err != nil {
				t.Errorf("%s %s: %v", r.Name, what, err)
				return
			}
			_, err = client.send(t.Context(), "GET", path, query, nil)
			if err != nil && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s %s: %v", r.Name, what, err)
			}
		}
		var keys []string
		for _, f := range r.Fields {
			if !f.Secret && f.Key != "" {
				keys = append(keys, f.Key)
			}
			if f.Sortable {
				ask("sorted by "+f.Key, Query{Sort: f.Key, Limit: 1})
			}
			value := map[Kind]any{KindTime: noon, KindStatus: "on_hold"}[f.Kind]
			if value == nil {
				value = "1"
			}
			if r == &SurveyResponses && f.Name == "status" {
				value = "responded"
			}
			for _, operator := range f.Operators {
				ask("where "+f.Name+" "+string(operator), Query{Filter: []Condition{{&f, operator, []any{value}}}, Limit: 1})
			}
		}
		ask("with every field", Query{Fields: keys, Limit: 1})
		for _, operator := range r.Custom.Operators {
			if name := customs[r]; name != "" {
				ask("where a custom field "+string(operator), Query{Filter: []Condition{{r.CustomField(name), operator, []any{"1"}}}, Limit: 1})
			}
		}
	}
}

// A field that may be asked for is read: none is left behind by mistake.
func TestRowsReadEveryFieldOfTheTable(t *testing.T) {
	for r, row := range table {
		typ := reflect.TypeOf(row)
		known := map[string]bool{}
		for i := range typ.NumField() {
			known[typ.Field(i).Tag.Get("json")] = true
		}
		for _, f := range r.Fields {
			if f.Key != "" && !known[f.Key] && !f.Secret {
				t.Errorf("%s has the field %s, which %s does not read", r.Name, f.Key, typ)
			}
		}
	}
}

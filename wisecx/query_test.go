package wisecx

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func field(t testing.TB, r *Resource, name string) *Field {
	t.Helper()
	f, ok := r.Field(name)
	if !ok {
		t.Fatalf("%s has no field %q", r.Name, name)
	}
	return f
}

func TestQueryCompiles(t *testing.T) {
	argentina := time.FixedZone("", -3*3600)
	on := func(name string) *Field { return field(t, &Cases, name) }
	ids := make([]any, 100)
	for i := range ids {
		ids[i] = int64(9007199254740993 + i)
	}
	at := time.Date(2026, 9, 6, 1, 9, 59, 0, time.UTC)
	tests := []struct {
		name string
		zone *time.Location
		q    Query
	}{
		{"nothing", time.UTC, Query{}},
		{"fields, order and page", time.UTC, Query{Fields: []string{"id", "subject"}, Sort: "last_update", Descending: true, Limit: 20, Page: 5}},
		{"ascending", time.UTC, Query{Sort: "id"}},
		{"a limit too large and a page too small", time.UTC, Query{Limit: 500, Page: -1}},
		{"every operator", time.UTC, Query{Filter: []Condition{
			{on("channel"), In, []any{"whatsapp", "email"}},
			{on("channel"), NotIn, []any{"web"}},
			{on("contact"), Equal, []any{int64(9005)}},
			{on("contact"), NotEqual, []any{int64(9006)}},
			{on("number"), Greater, []any{int64(534787)}},
			{on("number"), Lower, []any{int64(600000)}},
			{on("id"), GreaterEqual, []any{int64(430357543)}},
			{on("id"), LowerEqual, []any{int64(430357600)}},
		}}},
		{"several values of EQUAL and NOT EQUAL", time.UTC, Query{Filter: []Condition{
			{on("queue"), Equal, []any{int64(1), int64(2)}}, {on("queue"), NotEqual, []any{int64(3), int64(4)}},
		}}},
		{"every status", time.UTC, Query{Filter: []Condition{{on("status"), In, []any{"open", "pending", "on_hold", "solved", "closed"}}}}},
		{"a status with two spellings, alone", time.UTC, Query{Filter: []Condition{
			{on("status"), Equal, []any{"open"}}, {on("status"), NotEqual, []any{"on_hold"}}, {on("status"), NotIn, []any{"open"}},
		}}},
		{"a status with one spelling, alone", time.UTC, Query{Filter: []Condition{
			{on("status"), Equal, []any{"solved"}}, {on("status"), In, []any{"solved"}},
		}}},
		{"times where the API writes UTC", time.UTC, Query{Filter: []Condition{{on("created_at"), GreaterEqual, []any{at.In(argentina)}}}}},
		{"times where the API writes another zone", argentina, Query{Filter: []Condition{{on("created_at"), GreaterEqual, []any{at}}}}},
		{"values of any content", time.UTC, Query{Filter: []Condition{
			{on("tags"), In, []any{`a "b" \c\`, "ñandú 😡", "x,y", "]}", "<&>", "\u2028\t", "invalid\xff"}},
		}}},
		{"a truth value", time.UTC, Query{Filter: []Condition{{CustomCaseField("urgente"), Equal, []any{true}}}}},
		{"a hundred ids beyond 2^53", time.UTC, Query{Filter: []Condition{{on("id"), In, ids}}}},
	}
	var got strings.Builder
	for _, test := range tests {
		values, err := test.q.compile(test.zone)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		fmt.Fprintf(&got, "# %s\n", test.name)
		for _, name := range []string{"fields", "sort", "sort_field", "limit", "page", "filtering"} {
			if text := values.Get(name); text != "" {
				fmt.Fprintf(&got, "%s=%s\n", name, strings.ReplaceAll(text, "},{", "},\n  {"))
			}
		}
		if filtering := values.Get("filtering"); filtering != "" && !json.Valid([]byte(filtering)) {
			t.Errorf("%s: filtering is no JSON: %s", test.name, filtering)
		}
	}
	golden(t, "queries.txt", []byte(got.String()))
}

func TestConditionThatTheAPIDoesNotTakeIsRefusedBeforeSending(t *testing.T) {
	tests := []struct {
		name      string
		condition Condition
		is        error
	}{
		{"a field that is not filterable", Condition{field(t, &Cases, "subject"), Equal, []any{"x"}}, ErrNotFilterable},
		{"an operator that the field does not take", Condition{field(t, &Cases, "status"), Greater, []any{"open"}}, ErrNotFilterable},
		{"an operator that does not exist", Condition{field(t, &Cases, "number"), "CONTAINS", []any{"x"}}, ErrNotFilterable},
		{"the password", Condition{field(t, &Contacts, "password"), Equal, []any{"x"}}, ErrNotFilterable},
		{"a custom field of the password's name", Condition{Contacts.CustomField("password"), Equal, []any{"x"}}, ErrSecret},
		{"several values where a field takes one", Condition{Contacts.CustomField("plan"), Equal, []any{"oro", "plata"}}, ErrNotFilterable},
		{"no value", Condition{field(t, &Cases, "number"), In, nil}, nil},
		{"two values of which one is greater", Condition{field(t, &Cases, "number"), Greater, []any{1, 2}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, r := answering(200, `[]`)
			_, err := client.ListCases(t.Context(), Query{Filter: []Condition{test.condition}})
			if err == nil || test.is != nil && !errors.Is(err, test.is) || len(r.requests) != 0 {
				t.Errorf("got %v after %d requests", err, len(r.requests))
			}
			if err != nil && !strings.HasPrefix(err.Error(), test.condition.Field.Name) && test.is == nil {
				t.Errorf("%q does not name the field", err)
			}
		})
	}
}

func TestPasswordIsNeverAskedFor(t *testing.T) {
	client, r := answering(200, `[]`)
	asks := map[string]func() error{
		"in a list": func() error {
			_, err := client.ListContacts(t.Context(), Query{Fields: []string{"id", "password"}})
			return err
		},
		"in other letters": func() error {
			_, err := client.ListContacts(t.Context(), Query{Fields: []string{" Password "}})
			return err
		},
		"with a prefix": func() error {
			_, err := client.ListContacts(t.Context(), Query{Fields: []string{"contact.password"}})
			return err
		},
		"within another": func() error {
			_, err := client.ListContacts(t.Context(), Query{Fields: []string{"id,password"}})
			return err
		},
		"as an order": func() error { _, err := client.ListContacts(t.Context(), Query{Sort: "password"}); return err },
		"of one":      func() error { _, err := client.GetContact(t.Context(), 9005, "name", "password"); return err },
		"by ids": func() error {
			_, err := client.ContactsByID(t.Context(), []int64{9005}, "password")
			return err
		},
	}
	for name, ask := range asks {
		if err := ask(); !errors.Is(err, ErrSecret) {
			t.Errorf("%s: %v; want ErrSecret", name, err)
		}
	}
	if len(r.requests) != 0 {
		t.Errorf("%d requests were sent", len(r.requests))
	}
}

func TestContactsByIDTakesOneRequest(t *testing.T) {
	client, api := simulator(t, sandbox.Options{})
	var ids []int64
	for _, c := range api.Contacts()[:MaxPage] {
		ids = append(ids, c.ID)
	}
	contacts, err := client.ContactsByID(t.Context(), ids, "id", "name")
	if err != nil || len(contacts) != MaxPage {
		t.Fatalf("got %d contacts, %v", len(contacts), err)
	}
	if got := api.Requests()["GET /contacts/"]; got != 1 {
		t.Errorf("%d requests; want 1", got)
	}
	if none, err := client.ContactsByID(t.Context(), nil); err != nil || len(none) != 0 || api.Requests()["GET /contacts/"] != 1 {
		t.Errorf("of no ids: %v, %v; want none, without a request", none, err)
	}
}

// The simulator filters strictly and by itself: what it gives is held against the truth.
func TestFiltersFindWhatTheyName(t *testing.T) {
	client, api := simulator(t, sandbox.Options{})
	window := noon.AddDate(0, -3, 0)
	tests := []struct {
		name       string
		conditions []Condition
		fits       func(c sandbox.Case) bool
	}{
		{"open", []Condition{{field(t, &Cases, "status"), Equal, []any{"open"}}}, func(c sandbox.Case) bool { return c.Status == "open" }},
		{"neither on hold nor solved", []Condition{{field(t, &Cases, "status"), NotIn, []any{"on_hold", "solved"}}},
			func(c sandbox.Case) bool { return c.Status != "onhold" && c.Status != "solved" }},
		{"of a week", []Condition{
			{field(t, &Cases, "created_at"), GreaterEqual, []any{noon.AddDate(0, 0, -7)}},
			{field(t, &Cases, "created_at"), Lower, []any{noon}}},
			func(c sandbox.Case) bool {
				return !c.CreatedAt.Before(noon.AddDate(0, 0, -7)) && c.CreatedAt.Before(noon)
			}},
		{"of a custom field", []Condition{{CustomCaseField("sucursal"), Equal, []any{"Rosario"}}},
			func(c sandbox.Case) bool {
				return slices.Contains(c.CustomFields, sandbox.CustomField{Field: "sucursal", Value: "Rosario"})
			}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := map[int64]bool{}
			for _, c := range api.Cases() {
				if !c.CreatedAt.Before(window) && test.fits(c) {
					want[c.ID] = true
				}
			}
			got := 0
			for page := 1; ; page++ {
				rows, err := client.ListCases(t.Context(), Query{Fields: []string{"id"}, Filter: test.conditions, Sort: "id", Page: page})
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					if !want[int64(row.ID)] {
						t.Fatalf("case %d does not fit", row.ID)
					}
				}
				if got += len(rows); len(rows) < MaxPage {
					break
				}
			}
			if got != len(want) || got == 0 {
				t.Errorf("found %d cases; want %d", got, len(want))
			}
		})
	}
}

func BenchmarkCompileQuery(b *testing.B) {
	q := Query{
		Fields: []string{"id", "number", "subject", "status", "priority", "group_id", "user_id", "contact_id", "last_update"},
		Filter: []Condition{
			{field(b, &Cases, "status"), In, []any{"open", "pending", "on_hold"}},
			{field(b, &Cases, "queue"), In, []any{int64(24717), int64(24718)}},
			{field(b, &Cases, "created_at"), GreaterEqual, []any{noon}},
		},
		Sort: "last_update", Descending: true, Limit: 20,
	}
	var values url.Values
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if values, err = q.compile(time.UTC); err != nil {
			b.Fatal(err)
		}
	}
	_ = values.Encode()
}

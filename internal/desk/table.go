package desk

import (
	"fmt"
	"slices"
	"strings"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// table is what conditions, columns and orders of one kind of thing go by.
type table struct {
	*wisecx.Resource
	elsewhere map[string]string // where to find what the thing has no field for, by what it may be called
}

var (
	caseTable = table{&wisecx.Cases, map[string]string{
		"waiting_on": seeWaiting, "waiting_since": seeWaiting, "window_open": seeGetCase, "window_closes_at": seeWaiting, "messages": seeGetCase, "last_message": seeGetCase,
		"email": seeContact, "phone": seeContact, "personal_id": seeContact, "contact_name": seeContact, "customer": seeContact, "customer_name": seeContact,
	}}
	contactTable = table{&wisecx.Contacts, map[string]string{
		"first_name": seeQuery, "last_name": seeQuery, "full_name": seeQuery, "nombre": seeQuery, "apellido": seeQuery,
		"created_at": "updated_at: when a contact was created is not known", "group": "contact_group", "groups": "contact_group",
		"case": seeGetContact, "cases": seeGetContact, "open_cases": seeGetContact, "recent_cases": seeGetContact, "surveys": seeGetContact,
		"status": seeCases, "queue": seeCases, "agent": seeCases, "channel": seeCases, "tags": seeCases, "subject": seeCases,
	}}
	entryTable        = table{&wisecx.Activities, nil}
	organizationTable = table{&wisecx.Organizations, map[string]string{
		"contacts": seeMembers, "members": seeMembers, "customers": seeMembers,
		"updated_at": "search_contacts: only contacts say when they last changed", "created_at": "no tool: when an organization was created is not known",
		"status": seeCases, "queue": seeCases, "agent": seeCases, "channel": seeCases, "tags": seeCases, "subject": seeCases,
	}}
)

const (
	seeGetCase    = "get_case, which shows it for one case"
	seeWaiting    = "the argument waiting_on, waiting_longer_than or window_closes_within, which adds it to the rows; get_case shows it for one case"
	seeContact    = "the argument contact, with a customer's id, e-mail, phone or personal id; get_case shows who the customer is"
	seeQuery      = "the argument query, which finds words of a name"
	seeGetContact = "get_contact, which shows it for one contact"
	seeCases      = "search_cases; only cases have that"
	seeMembers    = "search_contacts with the argument organization"
)

// caseField gives a field of cases by our name.
func caseField(name string) *wisecx.Field { return caseTable.must(name) }

// keys gives the API's keys of fields by our names.
func (t table) keys(names ...string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = t.must(name).Key
	}
	return keys
}

func (t table) must(name string) *wisecx.Field {
	f, ok := t.Field(name)
	if !ok {
		panic("no field " + name + " in the table of " + t.Name)
	}
	return f
}

// named finds a field by any of its names, also queue_id for queue.
func (t table) named(name string) (*wisecx.Field, bool) {
	if f, ok := t.Field(name); ok {
		return f, true
	}
	if base, found := strings.CutSuffix(name, "_id"); found {
		if f, ok := t.Field(base); ok && f.Refers != "" {
			return f, true
		}
	}
	return nil, false
}

// find gives the field, or the custom field, that a caller names. A name that is in no table is a custom field,
// unless it looks like a slip of the pen.
func (t table) find(argument, name string) (field *wisecx.Field, custom string, err error) {
	name = strings.TrimSpace(name)
	bare := strings.TrimPrefix(strings.TrimPrefix(name, "custom."), t.Prefix)
	if bare == "" {
		return nil, "", &Refusal{Argument: argument, Problem: "it names no field", Expected: `such as "sucursal EQUAL Rosario"`}
	}
	if isSecret(bare) {
		return nil, "", &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is secret and cannot be asked about", clip(name, 60))}
	}
	if custom, found := strings.CutPrefix(name, "custom."); found {
		return t.CustomField(custom), custom, nil
	}
	if field, ok := t.named(name); ok {
		return field, "", nil
	}
	if hint, known := t.elsewhere[text.Fold(bare)]; known {
		return nil, "", &Refusal{Argument: argument, Problem: fmt.Sprintf("%s have no field %q", t.Name, clip(name, 60)), Expected: hint}
	}
	if near := text.Nearest(name, t.Names(), 1); len(near) > 0 {
		return nil, "", &Refusal{Argument: argument, Problem: fmt.Sprintf("there is no field %q", clip(name, 60)), Candidates: near,
			Expected: fmt.Sprintf("one of %s, or custom.%s for a custom field of that name", strings.Join(t.Names(), ", "), clip(bare, 60))}
	}
	return t.CustomField(bare), bare, nil
}

// isSecret tells whether a name, whatever its case, accents and invisible characters, is a secret's.
func isSecret(name string) bool {
	folded := text.Fold(name)
	return wisecx.IsSecret(folded) || wisecx.IsSecret(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(folded))
}

// columns reads `fields`: a list replaces the concise set, "+name" adds to it; id is always there.
func (t table) columns(fields []string) ([]column, error) {
	var columns []column
	add := func(c column) {
		if !slices.ContainsFunc(columns, func(o column) bool { return o.name == c.name }) {
			columns = append(columns, c)
		}
	}
	add(column{name: "id", field: t.must("id")})
	if slices.Contains(fields, "*") || slices.Contains(fields, "all") {
		fields = t.Names()
	}
	replace := slices.ContainsFunc(fields, func(f string) bool { return !strings.HasPrefix(f, "+") })
	if !replace {
		for i := range t.Fields {
			if f := &t.Fields[i]; f.Concise {
				add(column{name: f.Name, field: f})
			}
		}
	}
	for i, name := range fields {
		c, err := t.column(fmt.Sprintf("fields[%d]", i), strings.TrimSpace(strings.TrimPrefix(name, "+")))
		if err != nil {
			return nil, err
		}
		add(c)
	}
	return columns, nil
}

func (t table) column(argument, name string) (column, error) {
	if f, ok := t.named(name); ok && !f.Secret {
		// Under the name of an id, the id; under any other, the name that it stands for.
		raw := f.Refers != "" && name != f.Name && name != "tags"
		if !raw {
			name = f.Name
		}
		return column{name: name, field: f, raw: raw}, nil
	}
	_, custom, err := t.find(argument, name)
	if err != nil {
		return column{}, err
	}
	return column{name: strings.TrimPrefix(name, t.Prefix), field: t.must("custom_fields"), custom: custom}, nil
}

// sortField gives the field that a list is sorted by; no name means the table's default.
func (t table) sortField(name string) (*wisecx.Field, error) {
	if name == "" {
		name = t.Default
	}
	for _, spelled := range []string{name, snake(name), snake(name) + "_at"} {
		if f, ok := t.Field(spelled); ok && f.Sortable {
			return f, nil
		}
	}
	var sortable []string
	for _, f := range t.Fields {
		if f.Sortable {
			sortable = append(sortable, f.Name)
		}
	}
	return nil, &Refusal{Argument: "sort_by", Problem: fmt.Sprintf("%s cannot be sorted by %q", t.Name, clip(name, 60)), Expected: "one of " + strings.Join(sortable, ", ")}
}

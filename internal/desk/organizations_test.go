package desk

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

// organizations searches; a limit of 0 means 100.
func (o *office) organizations(t *testing.T, ask OrganizationSearch) *ListPage {
	t.Helper()
	if ask.Limit == 0 {
		ask.Limit = 100
	}
	page, err := o.SearchOrganizations(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask.OrganizationQuery, err)
	}
	return page
}

func TestAnOrganizationIsFoundByItsNameAndByWhatIsItsOwn(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, words := range []string{"ferreteria", "TORNILLO ferretería", "ORG-0001", "org 0001", "contacto@ferreteria-el-tornillo.example.com", "+54 11 5557-0000", "1201"} {
		page := o.organizations(t, OrganizationSearch{OrganizationQuery: OrganizationQuery{Query: words}})
		if len(page.Rows) != 1 || page.Rows[0].Get("id") != int64(1201) || page.Coverage != (ListCoverage{30, true}) {
			t.Errorf("%q finds %v, %+v", words, page.Rows, page.Coverage)
		}
	}
	if page := o.organizations(t, OrganizationSearch{OrganizationQuery: OrganizationQuery{Query: "inventada"}}); len(page.Rows) != 0 || !noteWith(page.Notes, "whole words") {
		t.Errorf("an unknown name gives %v, %v", page.Rows, page.Notes)
	}
}

func TestOrganizationsAreListedInPagesAndByConditions(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	ask, seen := OrganizationSearch{Limit: 7}, 0
	for {
		page := o.organizations(t, ask)
		seen += len(page.Rows)
		if !page.HasMore {
			break
		}
		ask.Cursor = page.Cursor(len(page.Rows))
	}
	if seen != len(o.api.Organizations()) {
		t.Errorf("%d organizations in pages, want %d", seen, len(o.api.Organizations()))
	}
	want := 0
	for _, one := range o.api.Organizations() {
		if one.CustomFields[0].Value == "industria" {
			want++
		}
	}
	page := o.organizations(t, OrganizationSearch{OrganizationQuery: OrganizationQuery{Where: []Where{{"rubro", "EQUAL", []string{"industria"}}}}, Fields: []string{"name", "rubro", "executives"}})
	if len(page.Rows) != want || page.Rows[0].Get("rubro") != "industria" || page.Rows[0].Get("executives") == nil {
		t.Errorf("%d rows, want %d: %v", len(page.Rows), want, page.Rows[0])
	}
	for _, where := range []Where{{"password", "EQUAL", []string{"x"}}, {"status", "EQUAL", []string{"x"}}, {"nmae", "EQUAL", []string{"x"}}, {"name", "LOWER", []string{"x"}}} {
		var refusal *Refusal
		if _, err := o.SearchOrganizations(t.Context(), OrganizationSearch{OrganizationQuery: OrganizationQuery{Where: []Where{where}}, Limit: 5}); !errors.As(err, &refusal) {
			t.Errorf("%+v: %v", where, err)
		}
	}
	var refusal *Refusal
	if _, err := o.SearchOrganizations(t.Context(), OrganizationSearch{OrganizationQuery: OrganizationQuery{Query: "…"}, Limit: 5}); !errors.As(err, &refusal) {
		t.Errorf("a query without a word: %v", err)
	}
}

func TestThousandsOfOrganizationsAreReadSeveralPagesAtATimeForTheirNames(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/organizations") {
			api.ServeHTTP(w, r)
			return
		}
		if fields := r.URL.Query().Get("fields"); fields != "id,name" {
			t.Errorf("the directory asks for %q", fields)
		}
		b := &book{}
		for i := range 1234 {
			b.contacts = append(b.contacts, person(i+1, "Empresa "+word(i), "", "", ""))
		}
		b.list(w, r)
	})
	names, err := o.directory.names(t.Context(), "organization")
	if err != nil || len(names.entries) != 1234 {
		t.Fatalf("%v", err)
	}
	if e, err := names.find("organization", "organization", "empresa "+word(1000)); err != nil || e.id != 1001 {
		t.Errorf("%+v, %v", e, err)
	}
}

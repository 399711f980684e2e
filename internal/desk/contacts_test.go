package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

func TestWhoeverHasAPhoneIsFoundInAnySpelling(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, spelling := range []string{
		"5491155510005", "+54 9 11 5551-0005", "+54 9 (11) 5551-0005", "54 11 5551 0005", "011 15 5551-0005", "011 5551 0005",
		"11 5551-0005", "(011) 15-5551-0005", "1155510005", "0054 9 11 5551 0005", "11-15-5551-0005",
	} {
		page := o.contacts(t, query(spelling))
		if len(page.Rows) != 1 || page.Rows[0].Get("id") != int64(9005) || page.HasMore {
			t.Errorf("%q finds %v", spelling, page.Rows)
		}
		if page.Coverage.Scanned > 5 {
			t.Errorf("%q takes a scan of %d contacts", spelling, page.Coverage.Scanned)
		}
	}
}

func TestAPhoneIsFoundHoweverItIsKept(t *testing.T) {
	kept := []string{"5491155511001", "+54 9 11 5551-1001", "1155511001", "11 5551 1001", "011 15-5551-1001", "541155511001", "(011) 15 5551-1001", "+54 (11) 5551-1001", "11-5551-1001"}
	b := &book{contacts: append(strangers(100, 150), person(99, "Otro", "5491155511002", "", ""))}
	var want []int64
	for i, phone := range kept {
		b.contacts = append(b.contacts, person(1000+i, "Valeria", phone, "", ""))
		want = append(want, int64(1000+len(kept)-1-i))
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	for _, spelling := range append(slices.Clone(kept), "11 15 5551-1001") {
		b.asked.Store(0)
		page := o.contacts(t, query(spelling))
		var got []int64
		for _, row := range page.Rows {
			got = append(got, row.Get("id").(int64))
		}
		if !slices.Equal(got, want) || !noteWith(page.Notes, fmt.Sprintf("possible_duplicates: %d contacts", len(kept))) {
			t.Errorf("%q finds %v, notes %v; want %v", spelling, got, page.Notes, want)
		}
		if n := b.asked.Load(); n > 5 {
			t.Errorf("%q takes %d requests", spelling, n)
		}
	}
}

func TestThePeopleOfTheDataAreFoundByTheirPhonesAndDocuments(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	contacts := map[int64]sandbox.Contact{}
	for _, c := range o.api.Contacts() {
		contacts[c.ID] = c
	}
	people := o.api.People()
	for _, as := range []string{sandbox.OnePhone, sandbox.BrazilPhone, sandbox.OnePersonalID} {
		want := slices.Sorted(slices.Values(people[as]))
		for _, id := range want {
			word := contacts[id].Phone
			if as == sandbox.OnePersonalID {
				word = contacts[id].PersonalID
			}
			got := o.found(t, query(word))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q finds %v, want %v", as, word, got, want)
			}
			view := o.contact(t, ContactAsk{ID: id})
			if len(view.Duplicates)+view.MoreAlike != len(want)-1 {
				t.Errorf("%s: of %d there are %d duplicates", as, id, len(view.Duplicates)+view.MoreAlike)
			}
		}
	}
	other := people[sandbox.OtherPhone][0]
	if got := o.found(t, query(contacts[other].Phone)); !slices.Equal(got, []int64{other}) {
		t.Errorf("a number that differs in one digit finds %v", got)
	}
	both := people[sandbox.IDOfAnother]
	if got := o.found(t, query(fmt.Sprint(both[1]))); len(got) != 2 {
		t.Errorf("an id that is another one's document finds %v, want %v", got, both)
	}
	for _, id := range people[sandbox.Nameless] {
		if view := o.contact(t, ContactAsk{ID: id}); view.Contact.Get("name") != nil || view.Contact.Get("id") != id {
			t.Errorf("a contact without a name is %v", view.Contact)
		}
	}
}

func TestAPhoneThatIsKeptInAnUnusualWayIsLookedForInTheList(t *testing.T) {
	b := &book{contacts: append(strangers(100, 350), person(50, "Raro", "tel.: 11/5551.0005 (tarde)", "", ""), person(60, "Raro", "", "", "Nº 30/555/101"))}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	for spelling, id := range map[string]int64{"011 15 5551-0005": 50, "+54 9 (11) 5551-0005": 50, "54 11 5551 0005": 50} {
		page := o.contacts(t, query(spelling))
		if len(page.Rows) != 1 || page.Rows[0].Get("id") != id || page.Coverage != (ListCoverage{352, true}) || !noteWith(page.Notes, "the numbers of 352 contacts were compared") {
			t.Errorf("%q finds %v, %+v, notes %v", spelling, page.Rows, page.Coverage, page.Notes)
		}
	}
	page := o.contacts(t, query("011 5551-9999"))
	if len(page.Rows) != 0 || !noteWith(page.Notes, "nobody has it") {
		t.Errorf("a phone that nobody has gives %v, notes %v", page.Rows, page.Notes)
	}
}

func TestADocumentIsFoundHoweverItIsWrittenAndKept(t *testing.T) {
	spellings := [][]string{
		{"30555101", "30.555.101"},
		{"20123456783", "20-12345678-3"},
		{"12345678901", "123.456.789-01"},
		{"12.345.678-K", "12345678-k", "12345678K", "12.345.678-k"},
		{"AB123456", "ab123456"},
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, same := range spellings {
		for _, kept := range same {
			b := &book{contacts: []map[string]any{person(7, "Rita", "", "", kept), person(8, "Otra", "", "", "99999999")}}
			o.inFront(b.front)
			for _, asked := range same {
				if got := o.found(t, query(asked)); !slices.Equal(got, []int64{7}) {
					t.Errorf("%q, kept as %q, finds %v", asked, kept, got)
				}
				if view, err := o.GetContact(t.Context(), ContactAsk{PersonalID: asked}); err != nil || view.Contact.Get("id") != int64(7) {
					t.Errorf("get_contact %q, kept as %q: %v", asked, kept, err)
				}
			}
		}
	}
}

func TestWordsOfANameFindEverybodyWhoHasThemAllWhateverTheAccents(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, words := range []string{"gomez", "PEREZ", "Sánchez", "tomás gómez", "gómez tomas", "conceicao", "ana paula silva"} {
		var want []int64
		for _, c := range o.api.Contacts() {
			if namedBy(wordsIn(words), c.Name) {
				want = append(want, c.ID)
			}
		}
		slices.Reverse(want)
		ask := query(words)
		ask.Limit = 7
		if got := o.found(t, ask); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%q finds %v, want %v", words, got, want)
		}
	}
	page := o.contacts(t, query("nadie inventado"))
	if len(page.Rows) != 0 || page.Coverage != (ListCoverage{len(o.api.Contacts()), true}) || !noteWith(page.Notes, "whole words") {
		t.Errorf("a name that nobody has gives %v, %+v, %v", page.Rows, page.Coverage, page.Notes)
	}
}

func TestFloresIsNotFlorAndAnEmailsWordsCountAsNames(t *testing.T) {
	b := &book{contacts: []map[string]any{person(1, "Flor Díaz", "", "", ""), person(2, "Ana FLORES", "", "", ""), person(3, "", "", "j.flores@example.net", ""), person(4, "José Ñandú", "", "", "")}}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	for words, want := range map[string][]int64{"flores": {3, 2}, "nandu": {4}, "@example.net": {3}, "flores example": {3}, "josé": {4}, "jose ñandú": {4}} {
		if got := o.found(t, query(words)); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", words, got, want)
		}
	}
}

func TestAQueryWithoutAWordIsRefused(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, words := range []string{"🔥", "¿?", "---", "\u200b\u202e", "@"} {
		var refusal *Refusal
		if _, err := o.SearchContacts(t.Context(), ContactSearch{ContactQuery: ContactQuery{Query: words}, Limit: 5}); !errors.As(err, &refusal) || refusal.Argument != "query" {
			t.Errorf("%q gives %v", words, err)
		}
	}
}

func TestAnIdThatIsAnothersDocumentFindsBoth(t *testing.T) {
	b := &book{contacts: append(strangers(200, 5), person(445566, "Ana", "", "", ""), person(7, "Beto", "", "", "445566"))}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	if got := o.found(t, query("445566")); !slices.Equal(got, []int64{445566, 7}) {
		t.Errorf("finds %v", got)
	}
}

func TestEmailsAreFoundWhateverTheCase(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, address := range []string{"tomas.gomez.9005@example.com", "Tomas.Gomez.9005@EXAMPLE.com", "Tomás Gómez <tomas.gomez.9005@example.com>"} {
		if got := o.found(t, query(address)); !slices.Equal(got, []int64{9005}) {
			t.Errorf("%q finds %v", address, got)
		}
	}
	before := o.api.Requests()["GET /contacts/"]
	page := o.contacts(t, query("nadie@example.com"))
	if len(page.Rows) != 0 || !noteWith(page.Notes, "no contact has this as e-mail") || o.api.Requests()["GET /contacts/"] != before+1 {
		t.Errorf("an unknown address gives %v, %v", page.Rows, page.Notes)
	}
}

func TestFiltersOfContactsGiveWhatTheDataHas(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	custom := func(c sandbox.Contact, name string) string {
		for _, f := range c.CustomFields {
			if f.Field == name {
				return f.Value
			}
		}
		return ""
	}
	organization := o.api.Organizations()[3]
	for name, c := range map[string]struct {
		ask  ContactQuery
		want func(sandbox.Contact) bool
	}{
		"organization by name":          {ContactQuery{Organization: strings.ToUpper(organization.Name)}, func(c sandbox.Contact) bool { return c.OrganizationID == organization.ID }},
		"organization by id":            {ContactQuery{Organization: fmt.Sprint(organization.ID)}, func(c sandbox.Contact) bool { return c.OrganizationID == organization.ID }},
		"group by a part of its name":   {ContactQuery{Group: "vip"}, func(c sandbox.Contact) bool { return slices.Contains(c.GroupIDs, 31) }},
		"custom field":                  {ContactQuery{Where: []Where{{"plan", "EQUAL", []string{"oro"}}}}, func(c sandbox.Contact) bool { return custom(c, "plan") == "oro" }},
		"custom field by its full name": {ContactQuery{Where: []Where{{"custom.plan", "NOT EQUAL", []string{"oro"}}}}, func(c sandbox.Contact) bool { return custom(c, "plan") != "oro" }},
		"city, which is not filterable": {ContactQuery{Where: []Where{{"city", "EQUAL", []string{"CORDOBA"}}}}, func(c sandbox.Contact) bool { return c.City == "Córdoba" }},
		"no e-mail":                     {ContactQuery{Where: []Where{{"email", "EQUAL", []string{""}}}}, func(c sandbox.Contact) bool { return c.Email == "" }},
		"group in where": {ContactQuery{Where: []Where{{"contact_group", "IN", []string{"Mayoristas", "36"}}}}, func(c sandbox.Contact) bool {
			return slices.Contains(c.GroupIDs, 32) || slices.Contains(c.GroupIDs, 36)
		}},
		"two at once": {ContactQuery{Group: "34", Where: []Where{{"plan", "EQUAL", []string{"plata"}}}}, func(c sandbox.Contact) bool { return slices.Contains(c.GroupIDs, 34) && custom(c, "plan") == "plata" }},
		"name and filter": {ContactQuery{Query: "silva", Group: "34"}, func(c sandbox.Contact) bool {
			return slices.Contains(c.GroupIDs, 34) && namedBy([]string{"silva"}, c.Name)
		}},
		"phone and a filter that fails": {ContactQuery{Query: "20000005", Where: []Where{{"plan", "EQUAL", []string{"plata"}}}}, func(c sandbox.Contact) bool { return false }},
	} {
		var want []int64
		for _, contact := range o.api.Contacts() {
			if c.want(contact) {
				want = append(want, contact.ID)
			}
		}
		slices.Sort(want)
		got := o.found(t, ContactSearch{ContactQuery: c.ask, Limit: 60})
		slices.Sort(got)
		if !slices.Equal(got, want) || len(want) == 0 && !strings.Contains(name, "fails") {
			t.Errorf("%s: %d contacts, want %d", name, len(got), len(want))
		}
	}
}

func TestContactsChangedInASpanAreReadNewestFirstAndNoFurther(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	from := noon.AddDate(0, 0, -20)
	var want []sandbox.Contact
	for _, c := range o.api.Contacts() {
		if !c.LastUpdate.Before(from) && c.LastUpdate.Before(noon.AddDate(0, 0, -5)) {
			want = append(want, c)
		}
	}
	slices.SortFunc(want, func(a, b sandbox.Contact) int { return b.LastUpdate.Compare(a.LastUpdate) })
	page := o.contacts(t, ContactSearch{ContactQuery: ContactQuery{Updated: Range{After: "20d", Before: "5d"}}})
	var got []int64
	for _, row := range page.Rows {
		got = append(got, row.Get("id").(int64))
	}
	if !slices.EqualFunc(got, want, func(id int64, c sandbox.Contact) bool { return id == c.ID }) || len(want) == 0 {
		t.Errorf("%d contacts, want %d", len(got), len(want))
	}
	if page.Coverage.Scanned > 400 || !page.Coverage.Complete {
		t.Errorf("%+v contacts were read", page.Coverage)
	}
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) { // an API that sorts by id whatever it is asked
		if r.URL.Query().Get("sort_field") == "last_update" {
			values := r.URL.Query()
			values.Set("sort_field", "id")
			r = r.Clone(r.Context())
			r.URL.RawQuery = values.Encode()
		}
		api.ServeHTTP(w, r)
	})
	page = o.contacts(t, ContactSearch{ContactQuery: ContactQuery{Updated: Range{After: "20d", Before: "5d"}}})
	if len(page.Rows) != len(want) || !noteWith(page.Notes, "does not sort contacts by updated_at") {
		t.Errorf("unsorted: %d contacts, want %d; %v", len(page.Rows), len(want), page.Notes)
	}
}

func TestAnAPIThatIgnoresOrRefusesFiltersOfContactsCostsRequestsNotAnswers(t *testing.T) {
	for name, b := range map[string]*book{
		"deaf":     {deaf: map[string]bool{"contact.phone": true, "contact.email": true, "contacts.personal_id": true, "contact.group_id": true, "contact.organization_id": true}},
		"refusing": {refused: map[string]bool{"contact.phone": true, "contact.email": true, "contacts.personal_id": true, "contact.group_id": true, "contact.organization_id": true}},
	} {
		b.contacts = append(strangers(100, 340),
			person(11, "Ana", "5491155510005", "ana@example.net", "30555101", "groups_ids", []int{31}, "organization_id", 1201),
			person(12, "Anita", "011 15 5551-0005", "", "30.555.101", "groups_ids", []int{31}, "organization_id", 1201))
		for _, c := range b.contacts[:340] {
			c["groups_ids"] = []int{33}
		}
		o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
		o.inFront(b.front)
		for words, want := range map[string][]int64{"11 5551 0005": {12, 11}, "30555101": {12, 11}, "ANA@example.net": {11}} {
			page := o.contacts(t, query(words))
			var got []int64
			for _, row := range page.Rows {
				got = append(got, row.Get("id").(int64))
			}
			if !slices.Equal(got, want) || !noteWith(page.Notes, "does not filter by") {
				t.Errorf("%s: %q finds %v, %v", name, words, got, page.Notes)
			}
		}
		if got := o.found(t, ContactSearch{ContactQuery: ContactQuery{Group: "vip"}, Limit: 1}); !slices.Equal(got, []int64{12, 11}) {
			t.Errorf("%s: the group has %v", name, got)
		}
		if got := o.found(t, ContactSearch{ContactQuery: ContactQuery{Organization: "1201"}, Limit: 1}); !slices.Equal(got, []int64{12, 11}) {
			t.Errorf("%s: the organization has %v", name, got)
		}
		for _, ask := range []ContactAsk{{Phone: "1155510005"}, {Email: "ana@example.net"}, {PersonalID: "30.555.101"}} {
			if view, err := o.GetContact(t.Context(), ask); err != nil || view.Contact.Get("id") != int64(11) {
				t.Errorf("%s: get_contact %+v: %v", name, ask, err)
			}
		}
	}
}

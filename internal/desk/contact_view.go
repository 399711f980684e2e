package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// ContactAsk says which contact to show, and what of it.
type ContactAsk struct {
	ID                       int64 // one of these four
	Email, Phone, PersonalID string
	Include                  []string // organization, groups, open_cases, recent_cases, custom_fields, surveys
}

// ContactView is one customer as a whole.
type ContactView struct {
	Contact      Row
	Organization Row
	Groups       []string
	OpenCases    []Row // open, pending or on hold; newest first
	MoreOpen     int   // beyond those shown
	RecentCases  []Row // the newest others
	MoreRecent   int
	CasesFrom    string // cases created before this day are not in reach; "" where none were asked for
	Surveys      []Row  // what the customer answered, newest first
	MoreSurveys  int
	Duplicates   []Row // other contacts with the same e-mail, phone or personal id
	MoreAlike    int
	Timezone     string
	Notes        []string

	cases map[int64]any // numbers of cases by id, for the surveys
}

// What a view shows of each kind at the most.
const (
	openShown       = 10
	recentShown     = 5
	surveysShown    = 5
	duplicatesShown = 5
)

// contactKeys are what it takes to recognize a contact and to call it by a name; the view shows more.
var (
	contactKeys = []string{"id", "name", "email", "phone", "personal_id"}
	viewNames   = append(slices.Clip(contactKeys), "organization", "contact_group", "address", "city", "custom_fields", "updated_at")
	viewKeys    = contactTable.keys(viewNames...)
)

// GetContact shows a customer. All parts are asked for at the same time, and one that cannot be had costs only itself.
func (d *Desk) GetContact(ctx context.Context, ask ContactAsk) (*ContactView, error) {
	view := &ContactView{Timezone: d.zone.String()}
	c, others, err := d.oneContact(ctx, ask, view)
	if err != nil {
		return nil, err
	}
	wants := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(ask.Include, p) })
	}
	reading, cancel := scan.Time(ctx)
	defer cancel()
	var parts sync.WaitGroup
	var mu sync.Mutex
	known := map[string]bool{} // parts that were read, so that none of them means that there are none
	part := func(what string, wanted bool, read func(ctx context.Context) ([]string, error)) {
		if !wanted {
			return
		}
		parts.Go(func() {
			notes, err := read(reading)
			mu.Lock()
			defer mu.Unlock()
			view.Notes = append(view.Notes, notes...)
			if known[what] = err == nil; err != nil {
				view.Notes = append(view.Notes, fmt.Sprintf("%s cannot be shown: %s", what, partReason(err)))
			}
		})
	}
	var responses []response
	part("organization", wants("organization") && c.OrganizationID != 0, func(ctx context.Context) ([]string, error) { return d.showOrganization(ctx, view, c) })
	part("groups", wants("groups") && len(c.GroupIDs) > 0, func(ctx context.Context) ([]string, error) { return d.showGroups(ctx, view, c) })
	part("cases", wants("open_cases", "recent_cases"), func(ctx context.Context) ([]string, error) { return d.showCases(ctx, view, c, wants) })
	part("possible_duplicates", true, func(ctx context.Context) ([]string, error) { return d.showDuplicates(ctx, view, c, others) })
	part("surveys", wants("surveys"), func(ctx context.Context) (notes []string, err error) {
		responses, notes, err = d.responsesOf(ctx, int64(c.ID))
		return notes, err
	})
	parts.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	view.Contact = d.contactBlockOf(c, wants("custom_fields"))
	d.showSurveys(view, c, responses)
	known["groups"] = known["groups"] || len(c.GroupIDs) == 0
	view.sayNone(known, wants)
	if wants("organization") && c.OrganizationID == 0 {
		view.Notes = append(view.Notes, "no organization")
	}
	slices.Sort(view.Notes)
	view.Notes = slices.Compact(view.Notes)
	return view, nil
}

// sayNone makes lists that were asked for and are empty show as such: what is left out was not asked for, or is not known.
func (v *ContactView) sayNone(known map[string]bool, wants func(...string) bool) {
	if v.Groups == nil && wants("groups") && known["groups"] {
		v.Groups = []string{}
	}
	for _, list := range []struct {
		rows *[]Row
		is   bool
	}{
		{&v.OpenCases, wants("open_cases") && known["cases"]}, {&v.RecentCases, wants("recent_cases") && known["cases"]},
		{&v.Surveys, wants("surveys") && known["surveys"]}, {&v.Duplicates, known["possible_duplicates"]},
	} {
		if *list.rows == nil && list.is {
			*list.rows = []Row{}
		}
	}
}

// partReason says why a part is missing.
func partReason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "the call's time was up"
	}
	return reason(err)
}

// oneContact finds the contact that is meant, and the others that are meant as well.
func (d *Desk) oneContact(ctx context.Context, ask ContactAsk, view *ContactView) (*wisecx.Contact, []wisecx.Contact, error) {
	way, err := ask.way()
	if err != nil {
		return nil, nil, err
	}
	ways := []*contactWay{way}
	d.askWays(ctx, ways, viewKeys)
	found, failed := together(ways)
	scanned := 0
	if way.field != "id" && failed == nil && (len(found) == 0 && worthScanning(ways) || unsure(ways)) {
		page, contacts, err := d.scanFor(ctx, way)
		if err != nil {
			return nil, nil, err
		}
		found, scanned = contacts, page.Coverage.Scanned
		view.Notes = append(view.Notes, page.Notes...)
	}
	switch {
	case failed != nil && len(found) == 0:
		return nil, nil, failed
	case len(found) == 0:
		return nil, nil, way.notFound(scanned)
	case len(found) == 1:
		return &found[0], nil, nil
	}
	chosen, told := d.mostActive(ctx, found)
	by := "whose cases changed last"
	if !told {
		by = "with the lowest id"
	}
	view.Notes = append(view.Notes, fmt.Sprintf("%d contacts have this %s: shown is the one %s, the others are possible_duplicates; search_cases with this as contact lists the cases of all", len(found), way.name, by))
	others := slices.Delete(slices.Clone(found), chosen, chosen+1)
	return &found[chosen], others, nil
}

// way is how the contact is named. What cannot be what it is called is refused: it would be looked for in vain.
func (ask ContactAsk) way() (*contactWay, error) {
	refusal := func(argument, word, expected string) error {
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is none", clip(word, 60)), Expected: expected + "; search_contacts finds words of a name"}
	}
	switch {
	case ask.Email != "":
		address, err := mail.ParseAddress(ask.Email)
		if err != nil {
			return nil, refusal("email", ask.Email, "a whole e-mail address")
		}
		return emailWay(address.Address), nil
	case ask.Phone != "":
		if digits := len(text.Digits(ask.Phone)); digits < phoneDigits || len(ask.Phone) > 60 {
			return nil, refusal("phone", ask.Phone, "a phone with its area, such as 011 5551-0005")
		}
		return phoneWay(strings.TrimSpace(ask.Phone)), nil
	case ask.PersonalID != "":
		if len(wordsIn(ask.PersonalID)) == 0 || len(ask.PersonalID) > 60 {
			return nil, refusal("personal_id", ask.PersonalID, "the number of a document")
		}
		return documentWay(strings.TrimSpace(ask.PersonalID)), nil
	}
	return idWay(ask.ID), nil
}

func (w *contactWay) notFound(scanned int) error {
	missing := &NotFound{What: fmt.Sprintf("no contact has the %s %s", w.name, clip(text.Line(w.word), 60)), Next: "search_contacts finds contacts by words of a name; its query also takes an id, e-mail, phone or personal id"}
	if scanned > 0 {
		missing.What += fmt.Sprintf(", also not among %d contacts whose %s was compared by its digits", scanned, w.name)
	}
	return missing
}

// scanFor looks for a contact in the list, page by page.
func (d *Desk) scanFor(ctx context.Context, way *contactWay) (*ListPage, []wisecx.Contact, error) {
	search, _, err := d.contactScan(ctx, ContactSearch{ContactQuery: ContactQuery{Query: way.word}}, d.now())
	if err != nil {
		return nil, nil, err
	}
	search.keys = viewKeys
	search.filters = []*filter{{
		Condition: wisecx.Condition{Field: &wisecx.Field{Name: way.field}, Operator: wisecx.Equal},
		anybody:   func(r record) bool { return way.fits((*wisecx.Contact)(r.(*contactRecord))) },
	}}
	page, items, err := listed(ctx, search.listScan, nil, d.now(), scan.Place{}, duplicatesShown+1)
	if err != nil {
		return nil, nil, err
	}
	page.Notes = nil
	if !page.Coverage.Complete {
		page.Notes = []string{fmt.Sprintf("the API did not find this %s; %d contacts were compared, there are more", way.name, page.Coverage.Scanned)}
	}
	var found []wisecx.Contact
	for _, c := range items {
		found = append(found, *c)
	}
	return page, found, nil
}

// mostActive gives the contact whose cases changed last; where no case tells, the one with the lowest id.
func (d *Desk) mostActive(ctx context.Context, contacts []wisecx.Contact) (chosen int, told bool) {
	ids := make([]any, len(contacts))
	for i, c := range contacts {
		ids[i] = int64(c.ID)
	}
	cases, err := d.api.ListCases(ctx, wisecx.Query{
		Fields: caseTable.keys("id", "contact", "updated_at"), Sort: caseField("updated_at").Key, Descending: true,
		Filter: []wisecx.Condition{{Field: caseField("contact"), Operator: wisecx.In, Values: ids[:min(len(ids), wisecx.MaxPage)]}},
	})
	var newest time.Time
	for i, c := range contacts {
		if c.ID < contacts[chosen].ID {
			chosen = i
		}
	}
	for _, one := range cases {
		at := slices.IndexFunc(contacts, func(c wisecx.Contact) bool { return c.ID == one.ContactID })
		if err == nil && at >= 0 && one.UpdatedAt.After(newest) {
			chosen, newest, told = at, one.UpdatedAt.Time, true
		}
	}
	return chosen, told
}

// contactBlockOf shows who the customer is.
func (d *Desk) contactBlockOf(c *wisecx.Contact, customs bool) Row {
	var row Row
	for _, name := range []string{"id", "name", "email", "phone", "personal_id", "address", "city", "updated_at"} {
		row.set(name, d.contactCell(c, column{name: name, field: contactTable.must(name)}, lookups{}))
	}
	if customs {
		row.set("custom_fields", customFieldsOf(c.CustomFields, d.maskOf(c)))
	}
	return row
}

func (d *Desk) showGroups(ctx context.Context, view *ContactView, c *wisecx.Contact) ([]string, error) {
	list, err := d.directory.names(ctx, "contact_group")
	view.Groups = groupNames(c.GroupIDs, list)
	if err != nil {
		return []string{"groups are shown by id: " + partReason(err)}, nil
	}
	return nil, nil
}

func (d *Desk) showOrganization(ctx context.Context, view *ContactView, c *wisecx.Contact) ([]string, error) {
	columns, err := organizationTable.columns(nil)
	if err != nil {
		return nil, err
	}
	id := int64(c.OrganizationID)
	rows, err := d.api.ListOrganizations(ctx, wisecx.Query{Fields: keysOf(columns, nil, organizationTable.must("id")),
		Filter: []wisecx.Condition{{Field: organizationTable.must("id"), Operator: wisecx.Equal, Values: []any{id}}}})
	if at := slices.IndexFunc(rows, func(o wisecx.Organization) bool { return int64(o.ID) == id }); at >= 0 {
		view.Organization = d.organizationRows([]*wisecx.Organization{&rows[at]}, columns)[0]
		return nil, nil
	}
	// Where the API does not filter organizations, their names are known all the same.
	list, listErr := d.directory.names(ctx, "organization")
	view.Organization = Row{{"id", id}}
	if name := list.name(id); !strings.HasPrefix(name, "#") {
		view.Organization.set("name", name)
		return nil, nil
	}
	if err = cmp.Or(err, listErr); err == nil {
		return []string{fmt.Sprintf("the API does not list organization %d", id)}, nil
	}
	return []string{"the organization is shown by id: " + partReason(err)}, nil
}

// caseColumns are what the view shows of a case.
var caseColumns = []string{"number", "subject", "status", "queue", "agent", "channel", "created_at", "updated_at"}

// showCases shows the customer's cases of the last three months: those that want work, and the newest others.
func (d *Desk) showCases(ctx context.Context, view *ContactView, c *wisecx.Contact, wants func(...string) bool) ([]string, error) {
	ask := CaseSearch{Fields: caseColumns, Limit: wisecx.MaxPage}
	ask.Where = []Where{{"contact", string(wisecx.Equal), []string{fmt.Sprint(c.ID)}}}
	all, err := d.SearchCases(ctx, ask)
	if err != nil {
		return nil, err
	}
	view.CasesFrom = all.Coverage.From
	rows, notes := all.Rows, all.Notes
	if len(rows) == 0 && all.Coverage.Complete {
		notes = append(notes, "this contact has no case since "+view.CasesFrom)
	}
	if all.HasMore {
		notes = append(notes, fmt.Sprintf("this contact has more than %d cases; counted are the newest", len(rows)))
		ask.Status = []string{"unresolved"}
		open, err := d.SearchCases(ctx, ask)
		if err != nil {
			return notes, err
		}
		rows = append(open.Rows, slices.DeleteFunc(slices.Clone(rows), isUnresolved)...)
	}
	view.cases = map[int64]any{}
	var open, recent []Row
	for _, row := range rows {
		id, _ := row.Get("id").(int64)
		view.cases[id] = row.Get("number")
		if isUnresolved(row) {
			open = append(open, row)
		} else {
			recent = append(recent, row)
		}
	}
	if wants("open_cases") {
		view.OpenCases = open[:min(len(open), openShown)]
		view.MoreOpen = len(open) - len(view.OpenCases)
	}
	if wants("recent_cases") {
		view.RecentCases = recent[:min(len(recent), recentShown)]
		view.MoreRecent = len(recent) - len(view.RecentCases)
	}
	return notes, nil
}

func isUnresolved(row Row) bool {
	status, _ := row.Get("status").(string)
	return slices.Contains(unresolved, status)
}

// showDuplicates shows the other contacts that have the customer's e-mail, phone or personal id; others are some that
// are known already.
func (d *Desk) showDuplicates(ctx context.Context, view *ContactView, c *wisecx.Contact, others []wisecx.Contact) ([]string, error) {
	var ways []*contactWay
	if c.Email != "" {
		ways = append(ways, emailWay(string(c.Email)))
	}
	if len(text.Digits(string(c.Phone))) >= phoneDigits {
		ways = append(ways, phoneWay(string(c.Phone)))
	}
	if c.PersonalID != "" {
		ways = append(ways, documentWay(string(c.PersonalID)))
	}
	d.askWays(ctx, ways, viewKeys)
	found, failed := together(ways)
	alike := slices.Clone(others)
	for _, o := range found {
		if o.ID != c.ID && !holdsContact(alike, &o) {
			alike = append(alike, o)
		}
	}
	for i := range alike[:min(len(alike), duplicatesShown)] {
		var row Row
		for _, name := range []string{"id", "name", "email", "phone", "personal_id", "updated_at"} {
			row.set(name, d.contactCell(&alike[i], column{name: name, field: contactTable.must(name)}, lookups{}))
		}
		var same []string
		for _, w := range ways {
			if w.fits(&alike[i]) {
				same = append(same, w.field)
			}
		}
		row.set("same", same)
		view.Duplicates = append(view.Duplicates, row)
	}
	view.MoreAlike = len(alike) - len(view.Duplicates)
	if failed != nil {
		return nil, failed
	}
	if unsure(ways) {
		return []string{"possible_duplicates may be missing: the API does not filter by all of e-mail, phone and personal id"}, nil
	}
	return nil, nil
}

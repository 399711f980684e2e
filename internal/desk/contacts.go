package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// ContactQuery is what search_contacts asks, as the caller wrote it. It is what a cursor holds.
type ContactQuery struct {
	Query        string  `json:"q,omitempty"` // an id, e-mail, phone, personal id, or words of a name
	Organization string  `json:"o,omitempty"`
	Group        string  `json:"g,omitempty"`
	Updated      Range   `json:"u,omitzero"`
	Where        []Where `json:"w,omitempty"`
	SortBy       string  `json:"by,omitempty"`
	Ascending    bool    `json:"up,omitempty"`
}

// ContactSearch is a page of a ContactQuery.
type ContactSearch struct {
	ContactQuery
	Fields []string // of the rows; none means the concise set
	Limit  int
	Cursor string
}

// SearchContacts lists contacts. What only one contact has is asked of the API in the ways in which it may be kept. Words
// of a name, and a phone or document that was not found so, are looked for in the list, page by page.
func (d *Desk) SearchContacts(ctx context.Context, ask ContactSearch) (*ListPage, error) {
	from, now, err := resume(ask.Cursor, &ask.ContactQuery, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	search, columns, err := d.contactScan(ctx, ask, now)
	if err != nil {
		return nil, err
	}
	ways := contactWays(ask.Query)
	found := []wisecx.Contact{}
	byForms := len(ways) > 0 && (ask.Cursor == "" || from.inside == inForms)
	if byForms {
		if found, err = d.foundByForms(ctx, ways, search); err != nil {
			return nil, err
		}
	}
	var page *ListPage
	var contacts []*wisecx.Contact
	if byForms && !unsure(ways) && (len(found) > 0 || !worthScanning(ways)) {
		page, contacts = d.formsPage(found, ways, search, from.place.Offset, ask, now)
	} else {
		if err := search.lookFor(ask.Query, ways); err != nil {
			return nil, err
		}
		if page, contacts, err = listed(ctx, search.listScan, encode(&ask.ContactQuery), now, from.place, ask.Limit); err != nil {
			return nil, err
		}
		page.Notes = append(page.Notes, scanNotes(ask.Query, ways, page, contacts)...)
		page.Notes = append(page.Notes, whereNotes(search.filters, page, contacts)...)
	}
	rows, notes, err := d.contactRows(ctx, contacts, columns)
	page.Rows, page.Notes = rows, append(page.Notes, notes...)
	return page, err
}

// contactScan is a list of contacts to be read.
type contactScan struct {
	*listScan[wisecx.Contact]
}

// contactScan prepares the reading of the list by everything but the query's words.
func (d *Desk) contactScan(ctx context.Context, ask ContactSearch, now time.Time) (*contactScan, []column, error) {
	changed := ask.Updated != Range{}
	if changed && ask.SortBy == "" {
		ask.SortBy = "updated_at" // so that the scan can end where the span does
	}
	sortBy, err := contactTable.sortField(ask.SortBy)
	if err != nil {
		return nil, nil, err
	}
	columns, err := contactTable.columns(ask.Fields)
	if err != nil {
		return nil, nil, err
	}
	filters, err := d.contactFilters(ctx, ask.ContactQuery, now)
	if err != nil {
		return nil, nil, err
	}
	keys := keysOf(columns, filters, sortBy)
	for _, key := range d.toMask(contactKeys...) { // to recognize contacts, and to mask what their fields say of them
		if !slices.Contains(keys, key) && (ask.Query != "" || d.mask.Active()) {
			keys = append(keys, key)
		}
	}
	search := &contactScan{&listScan[wisecx.Contact]{desk: d, kind: d.contactKind(), filters: filters, sort: sortBy, down: !ask.Ascending, keys: keys}}
	if changed && sortBy.Name == "updated_at" && search.down {
		search.endBefore(filters)
	}
	return search, columns, nil
}

// contactFilters resolves what the caller wrote, the query aside, into conditions.
func (d *Desk) contactFilters(ctx context.Context, ask ContactQuery, now time.Time) ([]*filter, error) {
	var filters []*filter
	for _, named := range []struct{ field, word string }{{"organization", ask.Organization}, {"contact_group", ask.Group}} {
		if named.word == "" {
			continue
		}
		f, err := d.named(ctx, named.field, contactTable.must(named.field), wisecx.In, []string{named.word})
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	span, err := d.spanFilters(contactTable, "updated", ask.Updated, now)
	if err != nil {
		return nil, err
	}
	filters = append(filters, span...)
	for i, where := range ask.Where {
		f, err := d.whereFilter(ctx, contactTable, fmt.Sprintf("where[%d]", i), where, now)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// endBefore ends a list that is sorted by its last change where contacts begin that are older than was asked for. A page
// that is not sorted so says nothing.
func (s *contactScan) endBefore(filters []*filter) {
	var after time.Time
	for _, f := range filters {
		if f.Field.Name == "updated_at" && f.Operator == wisecx.GreaterEqual {
			after, _ = f.Values[0].(time.Time)
		}
	}
	if after.IsZero() {
		return
	}
	list := s.kind.list
	s.kind.list = func(ctx context.Context, q wisecx.Query) ([]wisecx.Contact, error) {
		rows, err := list(ctx, q)
		sorted := slices.IsSortedFunc(rows, func(a, b wisecx.Contact) int { return b.UpdatedAt.Compare(a.UpdatedAt.Time) })
		older := slices.IndexFunc(rows, func(c wisecx.Contact) bool { return c.UpdatedAt.Before(after) })
		if sorted && older >= 0 && q.Sort == contactTable.must("updated_at").Key {
			rows = rows[:older]
		}
		return rows, err
	}
}

// lookFor has the scan look for a query's words, and for its phone or document where it may be one.
func (s *contactScan) lookFor(query string, ways []*contactWay) error {
	if strings.TrimSpace(query) == "" {
		return nil
	}
	wanted := wordsIn(query)
	if len(wanted) == 0 {
		return &Refusal{Argument: "query", Problem: fmt.Sprintf("%q holds no word", clip(query, 60)), Expected: "an e-mail, a phone, a personal id, or words of a name"}
	}
	s.filters = append(s.filters, &filter{
		Condition: wisecx.Condition{Field: &wisecx.Field{Name: "query"}, Operator: wisecx.Equal},
		shown:     []string{fmt.Sprintf("%q", text.Line(clip(query, 100)))},
		anybody: func(r record) bool {
			c := (*wisecx.Contact)(r.(*contactRecord))
			return namedBy(wanted, string(c.Name), string(c.Email)) || slices.ContainsFunc(ways, func(w *contactWay) bool { return w.fits(c) })
		},
	})
	return nil
}

// inForms marks a cursor of contacts that were found by the ways in which something is written.
var inForms = scan.Place{Offset: 1}

// worthScanning tells whether something that no way of writing found is looked for in the list: a phone, or a document.
func worthScanning(ways []*contactWay) bool {
	return slices.ContainsFunc(ways, func(w *contactWay) bool { return w.field != "email" && len(text.Digits(w.word)) >= phoneDigits })
}

// foundByForms asks by all readings at once, and holds who is found against the other filters.
func (d *Desk) foundByForms(ctx context.Context, ways []*contactWay, search *contactScan) ([]wisecx.Contact, error) {
	d.askWays(ctx, ways, search.keys)
	all, failed := together(ways)
	if failed != nil && (len(all) == 0 || ctx.Err() != nil) {
		return nil, failed
	}
	for _, w := range ways {
		switch {
		case w.ignored || errors.Is(w.err, wisecx.ErrBadRequest):
			search.notes = append(search.notes, fmt.Sprintf("the API does not filter by %s: it was compared here", w.name))
		case w.err != nil:
			search.notes = append(search.notes, fmt.Sprintf("contacts with this %s may be missing: %s", w.name, reason(w.err)))
		}
	}
	all = slices.DeleteFunc(all, func(c wisecx.Contact) bool {
		return slices.ContainsFunc(search.filters, func(f *filter) bool { return !f.matches((*contactRecord)(&c)) })
	})
	slices.SortStableFunc(all, func(a, b wisecx.Contact) int {
		x, _ := sortValue((*contactRecord)(&a), search.sort.Name)
		y, _ := sortValue((*contactRecord)(&b), search.sort.Name)
		if search.down {
			x, y = y, x
		}
		return int(max(-1, min(1, x-y)))
	})
	return all, nil
}

// formsPage is a page of what was found by its ways of writing.
func (d *Desk) formsPage(found []wisecx.Contact, ways []*contactWay, search *contactScan, offset int, ask ContactSearch, now time.Time) (*ListPage, []*wisecx.Contact) {
	applied := fmt.Sprintf("%s = %q", eitherOf(ways), text.Line(clip(ask.Query, 100)))
	if len(search.filters) > 0 {
		applied += " AND " + appliedOf(search.filters)
	}
	page := d.listPage(encode(&ask.ContactQuery), now, applied, search.notes)
	page.Coverage = ListCoverage{Scanned: len(found), Complete: true}
	offset = min(offset, len(found))
	end := min(offset+ask.Limit, len(found))
	var contacts []*wisecx.Contact
	for i := offset; i < end; i++ {
		contacts = append(contacts, &found[i])
		page.after = append(page.after, spot{scan.Place{Offset: i + 1}, inForms})
	}
	page.HasMore = end < len(found)
	page.next = spot{scan.Place{Offset: end}, inForms}
	switch {
	case len(found) == 0:
		page.Notes = append(page.Notes, fmt.Sprintf("no contact has this as %s; words of the name may find the customer", eitherOf(ways)))
	case len(found) > 1:
		page.Notes = append(page.Notes, fmt.Sprintf("possible_duplicates: %d contacts have this %s", len(found), hitsOf(ways)))
	}
	return page, contacts
}

// hitsOf names the readings that found somebody.
func hitsOf(ways []*contactWay) string {
	hits := slices.DeleteFunc(slices.Clone(ways), func(w *contactWay) bool { return len(w.found) == 0 })
	return eitherOf(hits)
}

func eitherOf(ways []*contactWay) string { return strings.ReplaceAll(namesOf(ways), ", ", " or ") }

// scanNotes say what a scan for a query compared, where that is not plain from its rows.
func scanNotes(query string, ways []*contactWay, page *ListPage, found []*wisecx.Contact) []string {
	if strings.TrimSpace(query) == "" {
		return nil
	}
	if len(ways) == 0 {
		if len(found) == 0 && !page.HasMore {
			return []string{"names were compared by whole words, all of them, accents and case aside; fewer words, or another spelling, may find more"}
		}
		return nil
	}
	var notes []string
	if !unsure(ways) && worthScanning(ways) {
		note := fmt.Sprintf("the API finds nobody by this %s in the usual ways of writing: the numbers of %d contacts were compared", eitherOf(ways), page.Coverage.Scanned)
		if len(found) == 0 && !page.HasMore {
			note += ", and nobody has it; words of the name may find the customer"
		}
		notes = append(notes, note)
	}
	if len(found) > 1 {
		notes = append(notes, fmt.Sprintf("possible_duplicates: %d contacts have it", len(found)))
	}
	return notes
}

// whereNotes say where nothing was found because a condition compares what is kept as it is kept.
func whereNotes(filters []*filter, page *ListPage, found []*wisecx.Contact) []string {
	for _, f := range filters {
		if len(found) == 0 && !page.HasMore && slices.Contains([]string{"name", "email", "phone", "personal_id"}, f.Field.Name) {
			return []string{fmt.Sprintf("where compares %s as a whole and as it is kept; the argument query finds words of a name, and phones and documents however they are written", f.Field.Name)}
		}
	}
	return nil
}

// contactRows shapes contacts for the columns.
func (d *Desk) contactRows(ctx context.Context, contacts []*wisecx.Contact, columns []column) ([]Row, []string, error) {
	if len(contacts) == 0 {
		return []Row{}, nil, ctx.Err()
	}
	needed := slices.DeleteFunc(slices.Clone(columns), func(c column) bool {
		return !slices.ContainsFunc(contacts, func(o *wisecx.Contact) bool { return len((*contactRecord)(o).values(c.field.Name)) > 0 })
	})
	found, notes := d.lookup(ctx, needed, nil)
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	rows := rowsOf(contacts, columns, func(c *wisecx.Contact, col column) any { return d.contactCell(c, col, found) })
	return rows, append(notes, missingCustoms("contacts", rows, columns)...), nil
}

// contactCell shows one field of a contact.
func (d *Desk) contactCell(c *wisecx.Contact, col column, found lookups) any {
	short := func(t wisecx.Text) string { return clip(text.Line(string(t)), 120) }
	switch {
	case col.custom != "":
		return d.custom((*contactRecord)(c), col, d.maskOf(c))
	case col.field.Name == "name":
		return d.mask.Name(short(c.Name))
	case col.field.Name == "email":
		return d.mask.Email(short(c.Email))
	case col.field.Name == "phone":
		return d.mask.Phone(short(c.Phone))
	case col.field.Name == "personal_id":
		return d.mask.PersonalID(short(c.PersonalID))
	case col.field.Name == "address":
		return d.mask.Address(short(c.Address))
	case col.field.Name == "channel_data":
		return shorten(d.maskOf(c).Words(text.Line(string(c.ChannelData))), subjectSize)
	case col.field.Name == "custom_fields":
		return customFieldsOf(c.CustomFields, d.maskOf(c))
	case col.field.Name == "contact_group":
		return groupNames(c.GroupIDs, found.names["contact_group"])
	}
	if values := (*contactRecord)(c).values(col.field.Name); len(values) > 0 {
		return d.plain(values[0], col, found)
	}
	return nil
}

// groupNames gives at most fifty groups by their names.
func groupNames(ids wisecx.Ints, list *names) []string {
	var shown []string
	for _, id := range ids[:min(len(ids), 50)] {
		shown = append(shown, list.name(id))
	}
	return shown
}

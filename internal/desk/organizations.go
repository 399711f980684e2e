package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// OrganizationQuery is what search_organizations asks, as the caller wrote it. It is what a cursor holds.
type OrganizationQuery struct {
	Query string  `json:"q,omitempty"` // words of the name, or the custom id, e-mail or phone
	Where []Where `json:"w,omitempty"`
}

// OrganizationSearch is a page of an OrganizationQuery.
type OrganizationSearch struct {
	OrganizationQuery
	Fields []string // of the rows; none means the concise set
	Limit  int
	Cursor string
}

// SearchOrganizations lists organizations, newest first. The query is looked for in the list, page by page.
func (d *Desk) SearchOrganizations(ctx context.Context, ask OrganizationSearch) (*ListPage, error) {
	from, now, err := resume(ask.Cursor, &ask.OrganizationQuery, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	columns, err := organizationTable.columns(ask.Fields)
	if err != nil {
		return nil, err
	}
	filters, err := d.organizationFilters(ctx, ask.OrganizationQuery, now)
	if err != nil {
		return nil, err
	}
	sortBy := organizationTable.must("id")
	search := &listScan[wisecx.Organization]{desk: d, kind: d.organizationKind(), filters: filters, sort: sortBy, down: true, keys: keysOf(columns, filters, sortBy)}
	page, organizations, err := listed(ctx, search, encode(&ask.OrganizationQuery), now, from.place, ask.Limit)
	if err != nil {
		return nil, err
	}
	page.Rows = d.organizationRows(organizations, columns)
	page.Notes = append(page.Notes, missingCustoms("organizations", page.Rows, columns)...)
	if len(page.Rows) == 0 && ask.Query != "" && !page.HasMore {
		page.Notes = append(page.Notes, "compared were whole words of the name, all of them, accents and case aside, and the whole id, custom id, e-mail and phone")
	}
	return page, nil
}

func (d *Desk) organizationFilters(ctx context.Context, ask OrganizationQuery, now time.Time) ([]*filter, error) {
	var filters []*filter
	for i, where := range ask.Where {
		f, err := d.whereFilter(ctx, organizationTable, fmt.Sprintf("where[%d]", i), where, now)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	query := strings.TrimSpace(ask.Query)
	if query == "" {
		return filters, nil
	}
	wanted := wordsIn(query)
	if len(wanted) == 0 {
		return nil, &Refusal{Argument: "query", Problem: fmt.Sprintf("%q holds no word", clip(query, 60)), Expected: "words of the name, or the custom id, e-mail or phone"}
	}
	return append(filters, &filter{
		Condition: wisecx.Condition{Field: &wisecx.Field{Name: "query"}, Operator: wisecx.Equal},
		shown:     []string{fmt.Sprintf("%q", text.Line(clip(query, 100)))},
		anybody: func(r record) bool {
			o := (*wisecx.Organization)(r.(*organizationRecord))
			return namedBy(wanted, string(o.Name)) || fmt.Sprint(o.ID) == query || strings.EqualFold(string(o.Email), query) ||
				text.Fold(string(o.CustomID)) == text.Fold(query) || text.SameDocument(string(o.CustomID), query) || text.SamePhone(string(o.Phone), query)
		},
		reads: []string{"name", "custom_id", "email", "phone"},
	}), nil
}

// organizationRows shapes organizations for the columns.
func (d *Desk) organizationRows(organizations []*wisecx.Organization, columns []column) []Row {
	return rowsOf(organizations, columns, d.organizationCell)
}

// organizationCell shows one field of an organization.
func (d *Desk) organizationCell(o *wisecx.Organization, col column) any {
	short := func(t wisecx.Text) string { return clip(text.Line(string(t)), 120) }
	switch {
	case col.custom != "":
		return d.custom((*organizationRecord)(o), col, d.mask)
	case col.field.Name == "phone":
		return d.mask.Phone(short(o.Phone))
	case col.field.Name == "email":
		return d.mask.Email(short(o.Email))
	case col.field.Name == "address":
		return d.mask.Address(short(o.Address))
	case col.field.Name == "custom_fields":
		return d.customFields(o.CustomFields)
	case col.field.Name == "name":
		return short(o.Name)
	case col.field.Kind == wisecx.KindList:
		var list []string
		for _, v := range (*organizationRecord)(o).values(col.field.Name) {
			list = append(list, clip(text.Line(fmt.Sprint(v)), 60))
		}
		return list[:min(len(list), 50)]
	}
	if values := (*organizationRecord)(o).values(col.field.Name); len(values) > 0 {
		return d.plain(values[0], col, lookups{})
	}
	return nil
}

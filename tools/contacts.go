package tools

import (
	"context"

	"wisecx-mcp/internal/desk"
)

var searchContacts = declare(Tool{
	Name:    "search_contacts",
	Title:   "Search contacts",
	Toolset: "contacts",
	Risk:    Read,
	Description: "Lists contacts (customers), newest first. query: an e-mail, phone, personal id or id, however written, " +
		"or whole words of a name (looked for page by page; coverage says how far, next_cursor goes on). " +
		"where (other fields: [\"plan EQUAL oro\"]), fields and times as in search_cases. One customer as a whole: get_contact.",
	Example: `{"query": "011 15 5551-0005"}`,
}, func(ctx context.Context, env *Env, a SearchContacts) (*ContactsResult, error) {
	page, err := env.Desk.SearchContacts(ctx, a.search())
	if err != nil {
		return nil, err
	}
	return &ContactsResult{list: list{page: &page.Page}, Applied: page.Applied, Coverage: page.Coverage, Timezone: page.Timezone, Notes: page.Notes}, nil
})

// SearchContacts are the arguments of search_contacts.
type SearchContacts struct {
	Query         string      `json:"query,omitempty" jsonschema:"maxLength=1000"`
	Organization  string      `json:"organization,omitempty"`
	ContactGroup  string      `json:"contact_group,omitempty"`
	UpdatedAfter  string      `json:"updated_after,omitempty"`
	UpdatedBefore string      `json:"updated_before,omitempty"`
	Where         []Condition `json:"where,omitempty" jsonschema:"maxItems=20"`
	Limit         int         `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
	Cursor        string      `json:"cursor,omitempty"`
	SortBy        string      `json:"sort_by,omitempty" jsonschema:"enum=id,enum=updated_at"`
	SortOrder     string      `json:"sort_order,omitempty" jsonschema:"enum=asc,enum=desc"`
	Fields        []string    `json:"fields,omitempty" jsonschema:"maxItems=50"`
}

func (a SearchContacts) search() desk.ContactSearch {
	ask := desk.ContactSearch{Fields: a.Fields, Limit: a.Limit, Cursor: a.Cursor, ContactQuery: desk.ContactQuery{
		Query: a.Query, Organization: a.Organization, Group: a.ContactGroup, Updated: desk.Range{After: a.UpdatedAfter, Before: a.UpdatedBefore},
		Where: wheres(a.Where), SortBy: a.SortBy, Ascending: a.SortOrder == "asc",
	}}
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	return ask
}

// ContactsResult is a page of contacts.
type ContactsResult struct {
	Contacts Rows `json:"contacts"`
	list
	Applied  string            `json:"applied"`
	Coverage desk.ListCoverage `json:"coverage"`
	Timezone string            `json:"timezone"`
	Notes    []string          `json:"notes,omitempty"`
}

func (r *ContactsResult) fit(budget int) ([]byte, error) {
	return r.list.fit(r, &r.Contacts, &r.Notes, budget, desk.Row.Clip)
}

var getContact = declare(Tool{
	Name:    "get_contact",
	Title:   "Get a contact",
	Toolset: "contacts",
	Risk:    Read,
	Description: "Shows one customer as a whole, by one of the four: organization, groups, open cases, the newest others of three months, " +
		"and possible_duplicates with the same e-mail, phone or personal id. include replaces these parts; custom_fields and surveys only when named.",
	Example: `{"phone": "+54 9 11 5551-0005"}`,
}, func(ctx context.Context, env *Env, a GetContact) (*ContactResult, error) {
	ask, err := a.ask()
	if err != nil {
		return nil, err
	}
	view, err := env.Desk.GetContact(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &ContactResult{view: view}, nil
})

// GetContact are the arguments of get_contact.
type GetContact struct {
	ContactID  int64    `json:"contact_id,omitempty" jsonschema:"minimum=1"`
	Email      string   `json:"email,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	PersonalID string   `json:"personal_id,omitempty"`
	Include    []string `json:"include,omitempty" jsonschema:"enum=organization,enum=groups,enum=open_cases,enum=recent_cases,enum=custom_fields,enum=surveys"`
}

func (a GetContact) ask() (desk.ContactAsk, error) {
	ask := desk.ContactAsk{ID: a.ContactID, Email: a.Email, Phone: a.Phone, PersonalID: a.PersonalID, Include: a.Include}
	if len(ask.Include) == 0 {
		ask.Include = []string{"organization", "groups", "open_cases", "recent_cases"}
	}
	given := 0
	for _, is := range []bool{a.ContactID != 0, a.Email != "", a.Phone != "", a.PersonalID != ""} {
		if is {
			given++
		}
	}
	switch given {
	case 1:
		return ask, nil
	case 0:
		return ask, &desk.Refusal{Argument: "contact_id", Problem: "no contact is named", Expected: "one of contact_id, email, phone, personal_id; search_contacts finds contacts by words of a name"}
	}
	return ask, &desk.Refusal{Argument: "contact_id", Problem: "the contact is named in more than one way", Expected: "one of contact_id, email, phone, personal_id"}
}

// ContactResult is one customer.
type ContactResult struct {
	Contact      desk.Row   `json:"contact"`
	Organization desk.Row   `json:"organization,omitempty"`
	Groups       []string   `json:"groups,omitzero"`
	OpenCases    []desk.Row `json:"open_cases,omitzero"`
	RecentCases  []desk.Row `json:"recent_cases,omitzero"`
	Surveys      []desk.Row `json:"surveys,omitzero"`
	Duplicates   []desk.Row `json:"possible_duplicates,omitzero"`
	NotShown     *NotShown  `json:"not_shown,omitempty"`
	CasesFrom    string     `json:"cases_from,omitempty" jsonschema_description:"cases created before this day are not in reach"`
	Timezone     string     `json:"timezone"`
	Notes        []string   `json:"notes,omitempty"`

	view *desk.ContactView
}

// NotShown says how many of each kind there are beyond those shown.
type NotShown struct {
	OpenCases   int `json:"open_cases,omitempty"`
	RecentCases int `json:"recent_cases,omitempty"`
	Surveys     int `json:"surveys,omitempty"`
	Duplicates  int `json:"possible_duplicates,omitempty"`
}

var searchOrganizations = declare(Tool{
	Name:    "search_organizations",
	Title:   "Search organizations",
	Toolset: "contacts",
	Risk:    Read,
	Description: "Lists organizations, the companies that contacts belong to. query: words of the name, or the custom id, e-mail or phone. " +
		"Their people: search_contacts with organization.",
	Example: `{"query": "ferretería"}`,
}, func(ctx context.Context, env *Env, a SearchOrganizations) (*OrganizationsResult, error) {
	page, err := env.Desk.SearchOrganizations(ctx, a.search())
	if err != nil {
		return nil, err
	}
	return &OrganizationsResult{list: list{page: &page.Page}, Applied: page.Applied, Coverage: page.Coverage, Notes: page.Notes}, nil
})

// SearchOrganizations are the arguments of search_organizations.
type SearchOrganizations struct {
	Query  string      `json:"query,omitempty" jsonschema:"maxLength=1000"`
	Where  []Condition `json:"where,omitempty" jsonschema:"maxItems=20"`
	Limit  int         `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100"`
	Cursor string      `json:"cursor,omitempty"`
	Fields []string    `json:"fields,omitempty" jsonschema:"maxItems=50"`
}

func (a SearchOrganizations) search() desk.OrganizationSearch {
	ask := desk.OrganizationSearch{Fields: a.Fields, Limit: a.Limit, Cursor: a.Cursor, OrganizationQuery: desk.OrganizationQuery{Query: a.Query, Where: wheres(a.Where)}}
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	return ask
}

// OrganizationsResult is a page of organizations.
type OrganizationsResult struct {
	Organizations Rows `json:"organizations"`
	list
	Applied  string            `json:"applied"`
	Coverage desk.ListCoverage `json:"coverage"`
	Notes    []string          `json:"notes,omitempty"`
}

func (r *OrganizationsResult) fit(budget int) ([]byte, error) {
	return r.list.fit(r, &r.Organizations, &r.Notes, budget, desk.Row.Clip)
}

// wheres are conditions with their values as they are.
func wheres(conditions []Condition) []desk.Where {
	var list []desk.Where
	for _, c := range conditions {
		list = append(list, desk.Where(c))
	}
	return list
}

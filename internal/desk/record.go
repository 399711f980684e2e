package desk

import (
	"context"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// record is a row of a list as filters see it.
type record interface {
	values(field string) []any // of one of the resource's fields; none where it is empty
	customs() wisecx.CustomFields
	stamp(field string) *wisecx.Time // of a field that is a point in time; nil for any other
}

// kind is a list of the API and how its rows are read.
type kind[T any] struct {
	resource *wisecx.Resource
	list     func(context.Context, wisecx.Query) ([]T, error)
	id       func(*T) int64
	record   func(*T) record
}

// valuesOf gives a record's values of a field, or of a custom field where that is named.
func valuesOf(r record, field, custom string) []any {
	if custom == "" {
		return r.values(field)
	}
	for _, f := range r.customs() {
		if text.Fold(string(f.Field)) == text.Fold(custom) {
			return words(f.Value)
		}
	}
	return nil
}

// textOf gives a record's text, "" where it is empty.
func textOf(r record, field string) string {
	if values := r.values(field); len(values) > 0 {
		s, _ := values[0].(string)
		return s
	}
	return ""
}

func number(n wisecx.Int) []any {
	if n == 0 {
		return nil
	}
	return []any{int64(n)}
}

func words(t wisecx.Text) []any {
	if t == "" {
		return nil
	}
	return []any{string(t)}
}

func instant(t *wisecx.Time) []any {
	if t == nil || t.IsZero() {
		return nil
	}
	return []any{t.Time}
}

// carries tells whether a record carries a field that is a point in time, be it empty.
func carries(r record, field string) bool {
	t := r.stamp(field)
	return t != nil && t.Came()
}

// caseRecord is a case as filters see it.
type caseRecord wisecx.Case

func (c *caseRecord) customs() wisecx.CustomFields { return c.CustomFields }

func (c *caseRecord) values(field string) []any {
	switch field {
	case "id":
		return number(c.ID)
	case "number":
		return number(c.Number)
	case "subject":
		return words(c.Subject)
	case "status":
		return words(wisecx.Text(c.Status))
	case "priority":
		return words(c.Priority)
	case "queue":
		return number(c.QueueID)
	case "agent":
		return number(c.AgentID)
	case "contact":
		return number(c.ContactID)
	case "channel":
		return words(c.Channel)
	case "type":
		return number(c.TypeID)
	case "tags":
		var tags []any
		for _, t := range c.Tags {
			tags = append(tags, t)
		}
		return tags
	case "sla_result":
		return words(c.SLAResult)
	case "channel_account":
		return words(c.ChannelAccount)
	case "bot_attended":
		return []any{bool(c.BotAttended)}
	case "bot_resolved":
		return []any{bool(c.BotResolved)}
	case "summary":
		return words(c.Summary)
	}
	return instant(c.stamp(field))
}

func (c *caseRecord) stamp(field string) *wisecx.Time {
	switch field {
	case "created_at":
		return &c.CreatedAt
	case "updated_at":
		return &c.UpdatedAt
	case "solved_at":
		return &c.SolvedAt
	case "closed_at":
		return &c.ClosedAt
	case "due_at":
		return &c.DueAt
	case "first_read_at":
		return &c.FirstReadAt
	case "last_read_at":
		return &c.LastReadAt
	}
	return nil
}

// caseKind is how cases are read.
func (d *Desk) caseKind() kind[wisecx.Case] {
	return kind[wisecx.Case]{
		resource: &wisecx.Cases, list: d.api.ListCases,
		id:     func(c *wisecx.Case) int64 { return int64(c.ID) },
		record: func(c *wisecx.Case) record { return (*caseRecord)(c) },
	}
}

// contactRecord is a contact as filters see it.
type contactRecord wisecx.Contact

func (c *contactRecord) customs() wisecx.CustomFields { return c.CustomFields }

func (c *contactRecord) values(field string) []any {
	switch field {
	case "id":
		return number(c.ID)
	case "name":
		return words(c.Name)
	case "email":
		return words(c.Email)
	case "phone":
		return words(c.Phone)
	case "personal_id":
		return words(c.PersonalID)
	case "organization":
		return number(c.OrganizationID)
	case "contact_group":
		return anys(c.GroupIDs)
	case "address":
		return words(c.Address)
	case "city":
		return words(c.City)
	case "updated_at":
		return instant(&c.UpdatedAt)
	case "guid":
		return words(c.GUID)
	case "channel_data":
		return words(c.ChannelData)
	}
	return nil
}

func (c *contactRecord) stamp(field string) *wisecx.Time {
	if field == "updated_at" {
		return &c.UpdatedAt
	}
	return nil
}

func (d *Desk) contactKind() kind[wisecx.Contact] {
	return kind[wisecx.Contact]{
		resource: &wisecx.Contacts, list: d.api.ListContacts,
		id:     func(c *wisecx.Contact) int64 { return int64(c.ID) },
		record: func(c *wisecx.Contact) record { return (*contactRecord)(c) },
	}
}

// organizationRecord is an organization as filters see it.
type organizationRecord wisecx.Organization

func (o *organizationRecord) customs() wisecx.CustomFields { return o.CustomFields }

func (o *organizationRecord) values(field string) []any {
	switch field {
	case "id":
		return number(o.ID)
	case "custom_id":
		return words(o.CustomID)
	case "name":
		return words(o.Name)
	case "phone":
		return words(o.Phone)
	case "email":
		return words(o.Email)
	case "web":
		return words(o.Web)
	case "state":
		return words(o.State)
	case "address":
		return words(o.Address)
	case "executives":
		return anys(o.Executives)
	case "assignment_priorities":
		return anys(o.AssignmentPriorities)
	}
	return nil
}

func (o *organizationRecord) stamp(string) *wisecx.Time { return nil }

func (d *Desk) organizationKind() kind[wisecx.Organization] {
	return kind[wisecx.Organization]{
		resource: &wisecx.Organizations, list: d.api.ListOrganizations,
		id:     func(o *wisecx.Organization) int64 { return int64(o.ID) },
		record: func(o *wisecx.Organization) record { return (*organizationRecord)(o) },
	}
}

// sortValue gives what a row is sorted by, as a number; false where the field is empty.
func sortValue(r record, field string) (int64, bool) {
	values := r.values(field)
	if len(values) == 0 {
		return 0, false
	}
	switch v := values[0].(type) {
	case time.Time:
		return v.Unix(), true
	case int64:
		return v, true
	}
	return 0, false
}

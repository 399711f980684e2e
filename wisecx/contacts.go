package wisecx

import (
	"context"
	"strconv"
)

// Contact is a customer. There is no field for the password, which is never asked for.
type Contact struct {
	ID             Int          `json:"id"`
	Name           Text         `json:"name"`
	Email          Text         `json:"email"`
	Phone          Text         `json:"phone"`
	PersonalID     Text         `json:"personal_id"`
	OrganizationID Int          `json:"organization_id"`
	GroupIDs       Ints         `json:"groups_ids"`
	Address        Text         `json:"address"`
	City           Text         `json:"city"`
	GUID           Text         `json:"guid"`
	ChannelData    Text         `json:"channel_data"` // as JSON, its shape unknown [I]
	CustomFields   CustomFields `json:"custom_fields"`
	UpdatedAt      Time         `json:"last_update"`
}

func (c *Contact) times() []*Time { return []*Time{&c.UpdatedAt} }

// ListContacts gives one page of contacts.
//
//wisecx:endpoint GET /contacts/
func (c *Client) ListContacts(ctx context.Context, q Query) ([]Contact, error) {
	return list[Contact](ctx, c, "/contacts/", q)
}

// ContactsByID gives the contacts that exist of up to MaxPage ids, in one request, in any order.
// fields are the API's keys.
func (c *Client) ContactsByID(ctx context.Context, ids []int64, fields ...string) ([]Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	id, _ := Contacts.Field("id")
	values := make([]any, len(ids))
	for i, v := range ids {
		values[i] = v
	}
	return c.ListContacts(ctx, Query{Fields: fields, Filter: []Condition{{id, In, values}}})
}

// GetContact gives one contact, ErrNotFound where there is none. fields are the API's keys.
//
//wisecx:endpoint GET /contacts/{id}
func (c *Client) GetContact(ctx context.Context, id int64, fields ...string) (*Contact, error) {
	return one[Contact](ctx, c, "/contacts/"+strconv.FormatInt(id, 10), fields)
}

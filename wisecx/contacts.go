package wisecx

import (
	"cmp"
	"context"
	"errors"
	"net/http"
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

// ListContacts gives one page of contacts. Where its address is not known with a slash at the end, it is asked without one
// from then on: both are in use [C].
//
//wisecx:endpoint GET /contacts/
func (c *Client) ListContacts(ctx context.Context, q Query) ([]Contact, error) {
	rows, err := list[Contact](ctx, c, c.contactsPath(), q)
	var refused *Error
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound && !c.noSlash.Load() {
		if bare, failed := list[Contact](ctx, c, "/contacts", q); failed == nil {
			c.noSlash.Store(true)
			return bare, nil
		}
	}
	return rows, err
}

func (c *Client) contactsPath() string {
	if c.noSlash.Load() {
		return "/contacts"
	}
	return "/contacts/"
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
	return one[Contact](ctx, c, contactPath(id), fields)
}

// NewContact is a contact to make; one of Email, PersonalID and Phone is required [C]. What is zero is left out. There is
// no field for the password, which is never set.
type NewContact struct {
	Name           string       `json:"name,omitempty"`
	Email          string       `json:"email,omitempty"`
	Phone          string       `json:"phone,omitempty"` // with country code, digits only
	PersonalID     string       `json:"personal_id,omitempty"`
	GUID           string       `json:"guid,omitempty"`
	OrganizationID int64        `json:"organization_id,omitempty"`
	Address        string       `json:"address,omitempty"`
	CustomFields   CustomFields `json:"custom_fields,omitempty"`
}

// ContactUpdate is what is to change of a contact.
type ContactUpdate struct {
	Name           Set[string]  `json:"name,omitzero"`
	Email          Set[string]  `json:"email,omitzero"`
	Phone          Set[string]  `json:"phone,omitzero"`
	PersonalID     Set[string]  `json:"personal_id,omitzero"`
	GUID           Set[string]  `json:"guid,omitzero"`
	OrganizationID Set[int64]   `json:"organization_id,omitzero"` // null for none
	Address        Set[string]  `json:"address,omitzero"`
	CustomFields   CustomFields `json:"custom_fields,omitempty"` // whether those that are not named stay is not known [I]
}

// CreateContact makes a contact, and gives its id. ErrMalformed means that there is an answer and no id in it.
//
//wisecx:endpoint POST /contacts/
func (c *Client) CreateContact(ctx context.Context, n NewContact) (int64, error) {
	if err := cmp.Or(
		need(n.Email != "" || n.PersonalID != "" || n.Phone != "", "a contact needs an e-mail, a personal id or a phone"),
		noSecrets(n.CustomFields),
	); err != nil {
		return 0, err
	}
	return c.create(ctx, c.contactsPath(), "contact", n)
}

// UpdateContact changes a contact. It sets values, and is repeated where that may help.
//
//wisecx:endpoint PUT /contacts/{id}
func (c *Client) UpdateContact(ctx context.Context, id int64, u ContactUpdate) error {
	if err := cmp.Or(needIDs(id), noSecrets(u.CustomFields)); err != nil {
		return err
	}
	if u.OrganizationID.IsNull() {
		u.OrganizationID = SetTo[int64](-1) // unlinks [C]
	}
	return c.change(ctx, repeatedly, http.MethodPut, contactPath(id), u)
}

// DeleteContact deletes a contact. It is not repeated, so that ErrNotFound always means that it was gone before.
//
//wisecx:endpoint DELETE /contacts/{id}
func (c *Client) DeleteContact(ctx context.Context, id int64) error {
	if err := needIDs(id); err != nil {
		return err
	}
	return c.change(ctx, once, http.MethodDelete, contactPath(id), nil)
}

// AddContactToGroup makes a contact a member of a group of contacts. It is not repeated: a second one may be refused.
//
//wisecx:endpoint PUT /contacts/{contact_id}/groups/{group_id}
func (c *Client) AddContactToGroup(ctx context.Context, contactID, groupID int64) error {
	return c.membership(ctx, http.MethodPut, contactID, groupID)
}

// RemoveContactFromGroup ends a contact's membership in a group of contacts. It is not repeated, so that ErrNotFound
// always means that there was none.
//
//wisecx:endpoint DELETE /contacts/{contact_id}/groups/{group_id}
func (c *Client) RemoveContactFromGroup(ctx context.Context, contactID, groupID int64) error {
	return c.membership(ctx, http.MethodDelete, contactID, groupID)
}

func (c *Client) membership(ctx context.Context, method string, contactID, groupID int64) error {
	if err := needIDs(contactID, groupID); err != nil {
		return err
	}
	return c.change(ctx, once, method, contactPath(contactID)+"/groups/"+strconv.FormatInt(groupID, 10), nil)
}

func contactPath(id int64) string { return "/contacts/" + strconv.FormatInt(id, 10) }

package tools

import (
	"context"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/guard"
)

var createContact = declareWrite(Tool{
	Name:        "create_contact",
	Title:       "Create a contact",
	Toolset:     "contacts",
	Risk:        Write,
	Description: "Makes a contact from at least one of email, phone, personal_id. If somebody has one of these, in any spelling, names that contact instead.",
	Example:     `{"name": "Vera Prueba", "phone": "+54 9 11 5555-9100"}`,
}, func(ctx context.Context, env *Env, a CreateContact) (*guard.Write, error) {
	given := func(s string) desk.Value { return desk.Value{Given: s != "", Text: s} }
	return env.Desk.CreateContact(ctx, desk.ContactChanges{
		Name: given(a.Name), Email: given(a.Email), Phone: given(a.Phone), PersonalID: given(a.PersonalID),
		Organization: given(a.Organization), Address: given(a.Address), CustomFields: a.CustomFields,
	})
})

// CreateContact are the arguments of create_contact.
type CreateContact struct {
	Name         string            `json:"name,omitempty"`
	Email        string            `json:"email,omitempty"`
	Phone        string            `json:"phone,omitempty"`
	PersonalID   string            `json:"personal_id,omitempty"`
	Organization string            `json:"organization,omitempty"`
	Address      string            `json:"address,omitempty"`
	CustomFields map[string]string `json:"custom_fields,omitempty"`
	Control
	Again bool `json:"again,omitempty"`
}

func (a CreateContact) order() guard.Order { return guard.Order{DryRun: a.DryRun, Again: a.Again} }

var updateContact = declareWrite(Tool{
	Name:        "update_contact",
	Title:       "Update a contact",
	Toolset:     "contacts",
	Risk:        Write,
	Description: "Changes fields of one contact and reads it back, with a call that undoes it. null clears a field. Other spellings of the same phone, e-mail or document are no change. expect as in update_case.",
	Example:     `{"contact_id": 9005, "address": "Mitre 10", "organization": null}`,
}, func(ctx context.Context, env *Env, a UpdateContact) (*guard.Write, error) {
	return env.Desk.UpdateContact(ctx, a.ContactID, desk.ContactChanges{
		Name: desk.Value(a.Name), Email: desk.Value(a.Email), Phone: desk.Value(a.Phone), PersonalID: desk.Value(a.PersonalID),
		Organization: desk.Value(a.Organization), Address: desk.Value(a.Address), CustomFields: orEmpty(a.CustomFields), Expect: expected(a.Expect),
	})
})

// UpdateContact are the arguments of update_contact.
type UpdateContact struct {
	ContactID    int64                `json:"contact_id" jsonschema:"minimum=1"`
	Name         Clearable            `json:"name,omitzero"`
	Email        Clearable            `json:"email,omitzero"`
	Phone        Clearable            `json:"phone,omitzero"`
	PersonalID   Clearable            `json:"personal_id,omitzero"`
	Organization Clearable            `json:"organization,omitzero"`
	Address      Clearable            `json:"address,omitzero"`
	CustomFields map[string]Clearable `json:"custom_fields,omitempty"`
	Expect       map[string]Clearable `json:"expect,omitempty"`
	Control
}

var setContactGroups = declareWrite(Tool{
	Name:        "set_contact_groups",
	Title:       "Set a contact's groups",
	Toolset:     "contacts",
	Risk:        Write,
	Description: "Adds a contact to contact groups and removes it from others, by name or id.",
	Example:     `{"contact_id": 9005, "add": ["33"]}`,
}, func(ctx context.Context, env *Env, a SetContactGroups) (*guard.Write, error) {
	return env.Desk.SetContactGroups(ctx, a.ContactID, a.Add, a.Remove)
})

// SetContactGroups are the arguments of set_contact_groups.
type SetContactGroups struct {
	ContactID int64    `json:"contact_id" jsonschema:"minimum=1"`
	Add       []string `json:"add,omitempty" jsonschema:"maxItems=50"`
	Remove    []string `json:"remove,omitempty" jsonschema:"maxItems=50"`
	Control
}

var deleteContact = declareWrite(Tool{
	Name:        "delete_contact",
	Title:       "Delete a contact",
	Toolset:     "contacts",
	Risk:        Destructive,
	Description: "Deletes a contact for good, once a person agrees; its cases and messages remain.",
	Example:     `{"contact_id": 9005, "expect": {"name": "Tomás Gómez"}}`,
}, func(ctx context.Context, env *Env, a DeleteContact) (*guard.Write, error) {
	return env.Desk.DeleteContact(ctx, a.ContactID, expected(a.Expect))
})

// DeleteContact are the arguments of delete_contact.
type DeleteContact struct {
	ContactID int64                `json:"contact_id" jsonschema:"minimum=1"`
	Expect    map[string]Clearable `json:"expect,omitempty"`
	Confirmed
}

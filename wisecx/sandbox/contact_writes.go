package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// contactDraft is a contact as a write will leave it.
type contactDraft struct {
	*edit
	c Contact
}

var fieldsOfContact = []member[contactDraft]{
	{"email", func(d *contactDraft) { d.body.email(&d.c) }},
	{"personal_id", func(d *contactDraft) { d.body.line("personal_id", &d.c.PersonalID) }},
	{"phone", func(d *contactDraft) { d.body.phone(&d.c) }},
	{"name", func(d *contactDraft) { d.body.line("name", &d.c.Name) }},
	{"guid", func(d *contactDraft) { d.body.line("guid", &d.c.GUID) }},
	{"password", func(d *contactDraft) { d.body.line("password", &d.c.Password) }},
	{"organization_id", (*contactDraft).takeOrganization},
	{"address", func(d *contactDraft) { d.body.line("address", &d.c.Address) }},
	{"custom_fields", func(d *contactDraft) { d.c.CustomFields = d.body.customFields(d.c.CustomFields, contactFields, nil) }},
}

// createContact is POST /contacts/ [C]. It answers {"id": N} [I].
func createContact(e *edit) ([]byte, error) {
	d := &contactDraft{e, e.data.newcomer(0)}
	if err := d.take(); err != nil {
		return nil, err
	}
	e.saveContact(d.c)
	e.log(d.c.ID, true)
	return e.made("id", d.c.ID), nil
}

// updateContact is PUT /contacts/{id} [C]. An empty text clears a field [I]; one of the three by which a contact is known
// has to stay [I].
func updateContact(e *edit) ([]byte, error) {
	c, err := e.contactOf("id")
	if err != nil {
		return nil, err
	}
	if len(e.body.members) == 0 {
		return nil, bad("No fields to update")
	}
	d := &contactDraft{e, *c}
	if err := d.take(); err != nil {
		return nil, err
	}
	e.log(d.c.ID, e.saveContact(d.c))
	return acknowledge(e, &contactTable, e.data.contact(d.c.ID)), nil
}

func (d *contactDraft) take() error {
	email := d.c.Email
	takeAll(d, fieldsOfContact, d.options.Ignore)
	if err := d.body.finish(); err != nil {
		return err
	}
	if !d.c.known() {
		return bad("One of email, personal_id, phone is required")
	}
	if d.options.RefuseDoubles && d.c.Email != email && d.c.Email != "" {
		for i := range d.data.contacts {
			if other := &d.data.contacts[i]; other.ID != d.c.ID && strings.EqualFold(other.Email, d.c.Email) {
				return bad("A contact with this email already exists")
			}
		}
	}
	return nil
}

// takeOrganization takes -1 for none [C].
func (d *contactDraft) takeOrganization() {
	id, has := d.body.number("organization_id")
	switch {
	case !has:
	case id == -1:
		d.c.OrganizationID = 0
	case withID(d.data.organizations, id, func(o *Organization) int64 { return o.ID }) == nil:
		d.body.fail(unknown("Organization"))
	default:
		d.c.OrganizationID = id
	}
}

// deleteContact is DELETE /contacts/{id}. It answers as an update does [I]; the contact's cases stay [I].
func deleteContact(e *edit) ([]byte, error) {
	c, err := e.contactOf("id")
	if err != nil {
		return nil, err
	}
	was := *c
	e.removeContact(was.ID)
	e.log(was.ID, true)
	return acknowledge(e, &contactTable, &was), nil
}

// joinGroup is PUT /contacts/{contact_id}/groups/{group_id} [C]. Who is a member already stays one [I].
func joinGroup(e *edit) ([]byte, error) {
	c, group, err := e.membership()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(c.GroupIDs, group) {
		c.GroupIDs = append(c.GroupIDs, group)
	}
	e.log(c.ID, e.saveContact(c))
	return acknowledge(e, &contactTable, e.data.contact(c.ID)), nil
}

// leaveGroup is DELETE /contacts/{contact_id}/groups/{group_id} [C]. It answers 204 [W], also about who is no member [I].
func leaveGroup(e *edit) ([]byte, error) {
	c, group, err := e.membership()
	if err != nil {
		return nil, err
	}
	c.GroupIDs = slices.DeleteFunc(c.GroupIDs, func(id int64) bool { return id == group })
	e.log(c.ID, e.saveContact(c))
	return nil, nil
}

// membership is a copy of the contact in the path, and the group there.
func (e *edit) membership() (Contact, int64, error) {
	c, err := e.contactOf("contact_id")
	if err != nil {
		return Contact{}, 0, err
	}
	group, err := identity(e.request, "group_id")
	if err != nil {
		return Contact{}, 0, err
	}
	if withID(e.data.contactGroups, group, func(g *ContactGroup) int64 { return g.ID }) == nil {
		return Contact{}, 0, unknown("Group")
	}
	copied := *c
	copied.GroupIDs = slices.Clone(c.GroupIDs)
	return copied, group, nil
}

// newcomer is a contact that is to come after so many others of the same write.
func (d *account) newcomer(after int) Contact {
	id := d.lastContact + 1 + int64(after)
	bits := mix(uint64(d.seed) ^ uint64(id))
	return Contact{ID: id, GUID: fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", bits>>32, bits>>16&0xffff, bits>>4&0xfff, bits&0xfff, id)}
}

// known tells whether there is something by which the contact can be found.
func (c *Contact) known() bool { return c.Email != "" || c.PersonalID != "" || c.Phone != "" }

// person is the contact that an activity names: by its id, then the rest is not looked at [I], or the first with that
// e-mail, else that phone, else that personal id [I], each as it is written but for an e-mail's capitals. Nobody
// known with these is a new contact.
func (d *draft) person(o *document) *Contact {
	id, byID := o.number("id")
	named := d.data.newcomer(len(d.made))
	o.line("name", &named.Name)
	o.email(&named)
	o.phone(&named)
	o.line("personal_id", &named.PersonalID)
	if byID {
		known := d.data.contact(id)
		if known == nil {
			o.fail(unknown("Contact"))
		}
		return known
	}
	if !named.known() {
		o.mustHave(false, "id")
		return nil
	}
	if known := d.find(&named); known != nil || o.failed() {
		return known
	}
	d.made = append(d.made, named)
	return &named
}

// find looks among those who are known and those whom this write makes known.
func (d *draft) find(named *Contact) *Contact {
	for _, same := range []func(*Contact) bool{
		func(c *Contact) bool { return c.Email != "" && strings.EqualFold(c.Email, named.Email) },
		func(c *Contact) bool { return c.Phone != "" && c.Phone == named.Phone },
		func(c *Contact) bool { return c.PersonalID != "" && c.PersonalID == named.PersonalID },
	} {
		for _, list := range [][]Contact{d.data.contacts, d.made} {
			for i := range list {
				if same(&list[i]) {
					return &list[i]
				}
			}
		}
	}
	return nil
}

package desk

import (
	"strings"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// holds tells whether a contact is as a change wants it: phones, documents, e-mails and custom fields by what they mean,
// names and addresses to the letter, since a person may want just their spelling changed.
func (ch contactChange) holds(c *wisecx.Contact) bool {
	if ch.field.Name == "organization" {
		return max(0, int64(c.OrganizationID)) == ch.id
	}
	have := ch.of(c)
	if ch.value == "" || have == "" {
		return have == ch.value
	}
	if ch.custom != "" { // which the API may spell in its own way, as those of cases
		order, comparable := compare(have, ch.value)
		return comparable && order == 0
	}
	switch ch.field.Name {
	case "email":
		return strings.EqualFold(have, ch.value)
	case "phone":
		return have == ch.value || text.SamePhone(have, ch.value) && !completes(ch.value, have)
	case "personal_id":
		return have == ch.value || text.SameDocument(have, ch.value)
	}
	return have == ch.value
}

// same tells whether two states of a contact have the same in the change's field.
func (ch contactChange) same(before, now *wisecx.Contact) bool {
	if ch.field.Name == "organization" {
		return max(0, before.OrganizationID) == max(0, now.OrganizationID)
	}
	return ch.of(before) == ch.of(now)
}

// verdictsOfContact tells what came of changes of a contact, which one request carried, by what it was and what it is.
func (s sending) verdictsOfContact(before, now *wisecx.Contact, changes []contactChange) []verdict {
	sights := make([]sight, len(changes))
	for i, ch := range changes {
		sights[i] = sight{holds: ch.holds(now), same: ch.same(before, now)}
	}
	return s.judge(sights, s.touched(before.UpdatedAt, now.UpdatedAt))
}

// completes tells whether a phone is one that lacks its area or country, with what it lacks.
func completes(whole, part string) bool {
	part = strings.TrimLeft(text.Digits(part), "0")
	return len(part) < len(whole) && strings.HasSuffix(whole, part)
}

// of gives the text that a contact has in the change's field, blanks as one.
func (ch contactChange) of(c *wisecx.Contact) string {
	if ch.custom == "" {
		return strings.Join(strings.Fields(textOf((*contactRecord)(c), ch.field.Name)), " ")
	}
	if have := valuesOf((*contactRecord)(c), "", ch.custom); len(have) > 0 {
		return strings.TrimSpace(have[0].(string))
	}
	return ""
}

// put makes a contact as the change wants it.
func (ch contactChange) put(c *wisecx.Contact) {
	value := wisecx.Text(ch.value)
	switch {
	case ch.custom != "":
		c.CustomFields = withField(nil, c.CustomFields, ch.custom, ch.value)
	case ch.field.Name == "name":
		c.Name = value
	case ch.field.Name == "email":
		c.Email = value
	case ch.field.Name == "phone":
		c.Phone = value
	case ch.field.Name == "personal_id":
		c.PersonalID = value
	case ch.field.Name == "address":
		c.Address = value
	default:
		c.OrganizationID = wisecx.Int(ch.id)
	}
}

// with gives a contact with all changes made.
func with(c wisecx.Contact, changes []contactChange) *wisecx.Contact {
	for _, ch := range changes {
		ch.put(&c)
	}
	return &c
}

// contactUpdate puts changes into the API's form. A text is cleared by an empty one [I].
func contactUpdate(c *wisecx.Contact, changes []contactChange) (u wisecx.ContactUpdate) {
	for _, ch := range changes {
		value := wisecx.SetTo(ch.value)
		switch {
		case ch.custom != "":
			u.CustomFields = withField(u.CustomFields, c.CustomFields, ch.custom, ch.value)
		case ch.field.Name == "name":
			u.Name = value
		case ch.field.Name == "email":
			u.Email = value
		case ch.field.Name == "phone":
			u.Phone = value
		case ch.field.Name == "personal_id":
			u.PersonalID = value
		case ch.field.Name == "address":
			u.Address = value
		case ch.id == 0:
			u.OrganizationID = wisecx.SetNull[int64]()
		default:
			u.OrganizationID = wisecx.SetTo(ch.id)
		}
	}
	return u
}

package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// CreateContact prepares a new contact. Where one has its e-mail, phone or personal id already, that one is named instead.
func (d *Desk) CreateContact(ctx context.Context, ask ContactChanges) (*guard.Write, error) {
	changes, err := d.contactChanges(ctx, nil, ask)
	if err != nil {
		return nil, err
	}
	changes = slices.DeleteFunc(changes, func(ch contactChange) bool { return ch.value == "" && ch.id == 0 })
	ways := waysTo(changes)
	if len(ways) == 0 {
		return nil, &Refusal{Problem: "a contact needs an e-mail, a phone or a personal id, and none is given", Expected: "at least one of email, phone, personal_id"}
	}
	notes, err := d.holders(ctx, ways)
	if err != nil {
		return nil, err
	}
	wanted := with(wisecx.Contact{}, changes)
	w := &guard.Write{Object: "a new contact", Adds: true, Meaning: meaningOf(wanted), Refused: d.taken(ways, 0)}
	w.Preview = guard.Receipt{Changes: d.contactPreview(ctx, &wisecx.Contact{}, changes), Via: []string{"POST /contacts/"}, Notes: append(notes, phoneNotes(changes)...)}
	w.Do = func(ctx context.Context) (*guard.Receipt, error) {
		id, err := d.api.CreateContact(ctx, newContact(wanted))
		if err != nil {
			return nil, err
		}
		return d.createdReceipt(ctx, id, changes, w.Preview), nil
	}
	// Nobody had any of it before, so whoever has some of it now is the contact that was made.
	w.Look = func(ctx context.Context, _ json.RawMessage) (*guard.Receipt, error) {
		ways := waysTo(changes)
		if _, err := d.holders(ctx, ways); err != nil {
			return nil, err
		}
		found, _ := together(ways)
		if len(found) == 0 {
			return nil, nil
		}
		newest := slices.MaxFunc(found, func(a, b wisecx.Contact) int { return cmp.Compare(a.ID, b.ID) })
		return d.createdReceipt(ctx, int64(newest.ID), changes, w.Preview), nil
	}
	return w, nil
}

// meaningOf is what makes two calls the same new contact.
func meaningOf(c *wisecx.Contact) any {
	document := strings.Join(wordsIn(string(c.PersonalID)), "")
	return map[string]string{"email": strings.ToLower(string(c.Email)), "phone": text.Digits(string(c.Phone)), "personal_id": document}
}

func newContact(c *wisecx.Contact) wisecx.NewContact {
	return wisecx.NewContact{
		Name: string(c.Name), Email: string(c.Email), Phone: string(c.Phone), PersonalID: string(c.PersonalID),
		OrganizationID: int64(c.OrganizationID), Address: string(c.Address), CustomFields: c.CustomFields,
	}
}

// phoneNotes point out a phone that no country can be told of.
func phoneNotes(changes []contactChange) []string {
	for _, ch := range changes {
		if ch.field.Name == "phone" && strings.HasPrefix(ch.value, "0") {
			return []string{"the phone begins with 0, so it has no country code; the API keeps phones with country code, digits only"}
		}
	}
	return nil
}

// contactPreview says what would change of a contact.
func (d *Desk) contactPreview(ctx context.Context, before *wisecx.Contact, changes []contactChange) []guard.Change {
	after := with(*before, changes)
	var list []guard.Change
	for _, ch := range changes {
		list = append(list, guard.Change{Field: ch.field.Name, Before: d.showChange(ctx, before, ch), After: d.showChange(ctx, after, ch)})
	}
	return list
}

// createdReceipt reads a new contact back.
func (d *Desk) createdReceipt(ctx context.Context, id int64, changes []contactChange, preview guard.Receipt) *guard.Receipt {
	r := preview
	r.Notes = slices.Clone(preview.Notes)
	r.Object = contactObject(id)
	now, err := d.readContactBack(ctx, id, changes)
	if err != nil {
		r.Outcome = guard.Unknown
		r.Notes = append(r.Notes, "the API gave the contact's id and does not show the contact yet ("+reason(err)+"): get_contact tells in a minute")
		return &r
	}
	d.tellHeld(ctx, &r, now, changes, preview.Changes)
	if d.gates.Destructive {
		r.Undo = &guard.Call{Tool: "delete_contact", Arguments: contactObject(id)}
	} else {
		r.Notes = append(r.Notes, "no call undoes this: only a person can allow delete_contact, in the setting WISECX_ALLOW")
	}
	return &r
}

// tellHeld says of changes which hold: all of them are done, some of them partly.
func (d *Desk) tellHeld(ctx context.Context, r *guard.Receipt, now *wisecx.Contact, changes []contactChange, shown []guard.Change) (held []contactChange) {
	r.Changes, r.NotChanged, r.Outcome = nil, nil, guard.Done
	for i, ch := range changes {
		if ch.holds(now) {
			held = append(held, ch)
			r.Changes = append(r.Changes, shown[i])
			continue
		}
		r.NotChanged = append(r.NotChanged, guard.Change{Field: shown[i].Field, Before: d.showChange(ctx, now, ch), After: shown[i].After})
	}
	if len(r.NotChanged) > 0 {
		r.Outcome = guard.Partly
	}
	return held
}

// readContactBack reads a contact until changes hold, a few times.
func (d *Desk) readContactBack(ctx context.Context, id int64, changes []contactChange) (*wisecx.Contact, error) {
	return d.readContactUntil(ctx, id, func(c *wisecx.Contact) bool {
		return all(changes, func(ch contactChange) bool { return ch.holds(c) })
	})
}

// readContactUntil reads a contact until it is as it should be, a few times; it gives what was seen last.
func (d *Desk) readContactUntil(ctx context.Context, id int64, good func(*wisecx.Contact) bool) (now *wisecx.Contact, err error) {
	for _, pause := range readBackPauses {
		if ended := wait(ctx, pause); ended != nil {
			err = cmp.Or(err, ended)
			break
		}
		c, failed := d.api.GetContact(ctx, id, viewKeys...)
		if err = failed; err != nil {
			continue
		}
		if now = c; good(c) {
			break
		}
	}
	if now != nil {
		return now, nil
	}
	return nil, err
}

package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
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
	sent := sending{alone: true, taken: 1}
	now, err := d.readContactBack(ctx, &wisecx.Contact{ID: wisecx.Int(id)}, changes, sent)
	if now == nil {
		r.Outcome = guard.Unknown
		r.Notes = append(r.Notes, "the API gave the contact's id and does not show the contact yet ("+reason(err)+"): get_contact tells in a minute")
		return &r
	}
	d.tellContact(ctx, &r, &wisecx.Contact{}, now, changes, sent)
	if d.gates.Destructive {
		r.Undo = &guard.Call{Tool: "delete_contact", Arguments: contactObject(id)}
	} else {
		r.Notes = append(r.Notes, "no call undoes this: only a person can allow delete_contact, in the setting WISECX_ALLOW")
	}
	return &r
}

// cameOfContact is what came of the changes of a contact.
type cameOfContact struct {
	changed []contactChange // with the values that they have now
	open    []contactChange // of which nothing is seen, and which may have been made
}

func (c cameOfContact) openFields() (names []string) {
	for _, ch := range c.open {
		names = append(names, ch.field.Name)
	}
	return names
}

// tellContact says in a receipt what came of changes, by what the contact was and what it is; now is nil where that could
// not be read.
func (d *Desk) tellContact(ctx context.Context, r *guard.Receipt, before, now *wisecx.Contact, changes []contactChange, sent sending) (came cameOfContact) {
	r.Changes, r.NotChanged = nil, nil
	if now == nil {
		came.open = changes
	} else {
		var held, missed []contactChange
		held, missed, came.open = judged(changes, sent.verdictsOfContact(before, now, changes))
		for _, ch := range held {
			r.Changes = append(r.Changes, guard.Change{Field: ch.field.Name, Before: d.showChange(ctx, before, ch), After: d.showChange(ctx, now, ch)}) // as the API spells it
		}
		came.changed = held
		for _, ch := range missed {
			was, name := d.showChange(ctx, before, ch), ch.field.Name
			r.NotChanged = append(r.NotChanged, guard.Change{Field: name, Before: was, After: d.showChange(ctx, with(*before, []contactChange{ch}), ch)})
			if ch.same(before, now) {
				continue
			}
			if ch.field.Name == "organization" {
				ch.id = max(0, int64(now.OrganizationID))
			} else {
				ch.value = ch.of(now)
			}
			is := d.showChange(ctx, now, ch)
			r.Changes = append(r.Changes, guard.Change{Field: name, Before: was, After: is})
			r.Notes = append(r.Notes, fmt.Sprintf("%s became something else than was asked for: %s", name, shownValue(is)))
			came.changed = append(came.changed, ch)
		}
	}
	switch {
	case len(r.NotChanged)+len(came.open) == 0:
		r.Outcome = guard.Done
	case len(r.Changes) == 0 && len(came.open) > 0:
		r.Outcome = guard.Unknown
	default:
		r.Outcome = guard.Partly
	}
	return came
}

// readContactBack reads a contact until what came of its changes is known; nil where it cannot be read.
func (d *Desk) readContactBack(ctx context.Context, before *wisecx.Contact, changes []contactChange, sent sending) (*wisecx.Contact, error) {
	return d.readContactUntil(ctx, int64(before.ID), sent, func(now *wisecx.Contact, longer bool) bool {
		held, _, open := judged(changes, sent.verdictsOfContact(before, now, changes))
		return len(held) == len(changes) || longer && (len(open) == 0 || sent.taken == 0)
	})
}

// readContactUntil reads a contact until enough is seen, and gives what was seen last; nil where it cannot be read.
func (d *Desk) readContactUntil(ctx context.Context, id int64, sent sending, enough func(now *wisecx.Contact, longer bool) bool) (now *wisecx.Contact, err error) {
	err = look(ctx, func() error {
		c, err := d.api.GetContact(ctx, id, viewKeys...)
		if err == nil {
			now = c
		}
		return err
	}, func(longer bool) bool {
		if now == nil {
			return longer && sent.taken == 0
		}
		return enough(now, longer)
	})
	if now != nil {
		err = nil
	}
	return now, err
}

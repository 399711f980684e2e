package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
)

// UpdateContact prepares a change of one contact.
func (d *Desk) UpdateContact(ctx context.Context, id int64, ask ContactChanges) (*guard.Write, error) {
	c, err := d.contactToWrite(ctx, id)
	if err != nil {
		return nil, err
	}
	wanted, err := d.contactChanges(ctx, c.CustomFields, ask)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return nil, &Refusal{Problem: "nothing is to change", Expected: "at least one of name, email, phone, personal_id, organization, address, custom_fields"}
	}
	var changes, same []contactChange
	for _, ch := range wanted {
		if ch.holds(c) {
			same = append(same, ch)
		} else {
			changes = append(changes, ch)
		}
	}
	if len(changes) > 0 { // what is so already needs no expectation, such as an undo made twice
		if err := d.expectOfContact(ctx, c, ask.Expect); err != nil {
			return nil, err
		}
	}
	if after := with(*c, changes); after.Email == "" && after.Phone == "" && after.PersonalID == "" && len(changes) > 0 {
		return nil, &Refusal{Problem: "this would leave the contact without e-mail, phone and personal id", Expected: "to keep or give at least one of the three"}
	}
	notes, former, err := d.lookForOthers(ctx, c, changes)
	if err != nil {
		return nil, err
	}
	w := &guard.Write{Object: fmt.Sprintf("contact %d", id), Meaning: contactObject(id)}
	w.Preview = guard.Receipt{Object: contactObject(id), Changes: d.contactPreview(ctx, c, changes), Via: []string{"PUT /contacts/{id}"},
		Notes: slices.Concat(notes, phoneNotes(changes), spellingNotes(c, same))}
	w.Do = func(ctx context.Context) (*guard.Receipt, error) {
		sent := d.sendAll(ctx, []request{{send: func(ctx context.Context) error { return d.api.UpdateContact(ctx, id, contactUpdate(c, changes)) }}})
		if sent.refused() {
			return nil, sent.err
		}
		return d.updatedReceipt(ctx, c, changes, former, w.Preview, sent), nil
	}
	return w, nil
}

// lookForOthers refuses what another contact has already. former are the fields whose values before another contact has
// as well, so that a call could not bring them back.
func (d *Desk) lookForOthers(ctx context.Context, c *wisecx.Contact, changes []contactChange) (notes, former []string, err error) {
	ways, old := waysTo(changes), []*contactWay{}
	for _, ch := range changes {
		if way := wayOf(ch.field.Name, ch.of(c)); way != nil && ch.custom == "" {
			old = append(old, way)
		}
	}
	if notes, err = d.holders(ctx, ways); err != nil {
		return nil, nil, err
	}
	if err := d.taken(ways, int64(c.ID)); err != nil {
		return nil, nil, err
	}
	d.askWays(ctx, old, contactKeys) // where this fails, the undo says so when it is called
	for _, way := range old {
		if slices.ContainsFunc(way.found, func(o wisecx.Contact) bool { return o.ID != c.ID }) {
			former = append(former, way.field)
		}
	}
	return notes, former, nil
}

// updatedReceipt reads a contact back and says what holds.
func (d *Desk) updatedReceipt(ctx context.Context, before *wisecx.Contact, changes []contactChange, former []string, preview guard.Receipt, sent sending) *guard.Receipt {
	r := preview
	r.Notes = slices.Clone(preview.Notes)
	now, err := d.readContactBack(ctx, before, changes, sent)
	came := d.tellContact(ctx, &r, before, now, changes, sent)
	r.Notes = append(r.Notes, sent.notes("get_contact", came.openFields(), len(r.NotChanged) > 0, err)...)
	undo, lacks := d.undoOfContact(ctx, before, came, former)
	r.Undo = undo
	if len(lacks) > 0 {
		r.Notes = append(r.Notes, "no call brings back what was before of "+strings.Join(lacks, ", ")+": it is masked, another contact has it too, or it could not be written so")
	}
	return &r
}

// undoOfContact is the call that brings back what was before, unless it was changed again, and the fields that it cannot
// bring back.
func (d *Desk) undoOfContact(ctx context.Context, before *wisecx.Contact, came cameOfContact, former []string) (undo *guard.Call, lacks []string) {
	held := slices.Concat(came.changed, came.open)
	arguments, customs, expect := contactObject(int64(before.ID)), map[string]any{}, map[string]any{}
	after := with(*before, held)
	for _, ch := range held {
		was := ch.of(before)
		switch {
		case ch.field.Name == "organization":
			if arguments["organization"] = any(nil); before.OrganizationID > 0 {
				arguments["organization"] = fmt.Sprint(before.OrganizationID)
			}
		case was != "" && (d.hides(before, ch) || slices.Contains(former, ch.field.Name) || !d.writable(ch, was)):
			lacks = append(lacks, ch.field.Name)
			continue
		case ch.custom != "":
			customs[ch.custom] = was
			arguments["custom_fields"] = customs
		case was == "":
			arguments[ch.field.Name] = nil
		default:
			arguments[ch.field.Name] = was
		}
		switch {
		case ch.value == "" && ch.id == 0:
			expect[ch.field.Name] = nil
		case ch.id != 0:
			expect[ch.field.Name] = fmt.Sprint(ch.id)
		case d.hides(after, ch):
			expect[ch.field.Name] = d.showChange(ctx, after, ch)
		default:
			expect[ch.field.Name] = ch.value
		}
	}
	if len(arguments) == 1 {
		return nil, lacks
	}
	if len(came.changed) > 0 { // of what is not seen nothing can be expected; alone, it is the expectation that tells
		for _, field := range came.openFields() {
			delete(expect, field)
		}
	}
	arguments["expect"] = expect
	return &guard.Call{Tool: "update_contact", Arguments: arguments}, lacks
}

// hides tells whether masking shows something else than what a contact has.
func (d *Desk) hides(c *wisecx.Contact, ch contactChange) bool {
	if ch.custom != "" {
		return d.mask.Active() && d.maskOf(c).Words(ch.of(c)) != ch.of(c)
	}
	shown, _ := d.contactCell(c, column{name: ch.field.Name, field: ch.field}, lookups{}).(string)
	return d.mask.Active() && pseudonym().MatchString(shown)
}

// writable tells whether this program would write what a field held before.
func (d *Desk) writable(ch contactChange, was string) bool {
	if ch.custom != "" {
		_, err := d.customChanges(context.Background(), wisecx.CustomFields{{Field: wisecx.Text(ch.custom)}}, map[string]string{ch.custom: was})
		return err == nil
	}
	_, err := d.contactChange(context.Background(), ch.field.Name, Value{Given: true, Text: was})
	return err == nil
}

// spellingNotes tell of what was asked for and is left alone, since it says the same as what is there.
func spellingNotes(c *wisecx.Contact, same []contactChange) []string {
	var alike []string
	for _, ch := range same {
		if have := ch.of(c); have != ch.value && have != "" && ch.value != "" {
			alike = append(alike, ch.field.Name)
		}
	}
	if len(alike) == 0 {
		return nil
	}
	return []string{"the same in another spelling, and left as it is: " + strings.Join(alike, ", ")}
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// ContactRef is a contact as a caller names it: one that exists by its id, or by what it can be recognized by.
type ContactRef struct {
	ID                             int64
	Name, Email, Phone, PersonalID string
}

// caseContact is whom a new case is with.
type caseContact struct {
	ref     ContactRef
	contact *wisecx.Contact // nil where there is none yet
	notes   []string
}

// caseContact finds the contact of a new case. Each of e-mail, phone and personal id is looked for in all spellings;
// where they lead to several contacts, the caller has to say which.
func (d *Desk) caseContact(ctx context.Context, ref ContactRef) (*caseContact, error) {
	ref.Name, ref.Email, ref.Phone, ref.PersonalID = text.Line(ref.Name), text.Line(ref.Email), text.Line(ref.Phone), text.Line(ref.PersonalID)
	if ref.ID != 0 {
		return d.knownContact(ctx, ref)
	}
	if address, err := mail.ParseAddress(ref.Email); err == nil { // also of "Ana Gómez <ana@…>"
		ref.Email = address.Address
	}
	ways, err := d.contactRefWays(ref)
	if err != nil {
		return nil, err
	}
	d.askWays(ctx, ways, append(contactKeys[:len(contactKeys):len(contactKeys)], "address"))
	found, failed := together(ways)
	who := &caseContact{ref: ref}
	switch {
	case failed != nil:
		return nil, fmt.Errorf("whether this contact exists cannot be told, so nothing was made: %w", failed)
	case len(found) > 1:
		refusal := &Refusal{Argument: "contact", Problem: fmt.Sprintf("%d contacts fit by %s; nothing was made", len(found), namesOf(ways)), Expected: "contact with the id of the one that is meant"}
		for _, c := range found[:min(len(found), 10)] {
			refusal.Candidates = append(refusal.Candidates, fmt.Sprintf("id %d: %s", c.ID, d.contactName(&c)))
		}
		return nil, refusal
	case len(found) == 1:
		who.contact = &found[0]
		who.noteOther("e-mail", ref.Email != "" && !strings.EqualFold(ref.Email, string(found[0].Email)))
		who.noteOther("phone", ref.Phone != "" && !text.SamePhone(ref.Phone, string(found[0].Phone)))
		who.noteOther("personal id", ref.PersonalID != "" && !text.SameDocument(ref.PersonalID, string(found[0].PersonalID)))
	case unsure(ways):
		who.notes = append(who.notes, "the API does not filter contacts by all that was given, so the contact may exist already")
	}
	return who, nil
}

func (d *Desk) knownContact(ctx context.Context, ref ContactRef) (*caseContact, error) {
	c, err := d.api.GetContact(ctx, ref.ID, append(contactKeys[:len(contactKeys):len(contactKeys)], "address")...)
	if errors.Is(err, wisecx.ErrNotFound) || errors.Is(err, wisecx.ErrBadRequest) || err == nil && int64(c.ID) != ref.ID {
		return nil, &NotFound{What: fmt.Sprintf("there is no contact %d; nothing was made", ref.ID), Next: "search_contacts finds it; or contact with name and email, phone or personal_id for a new one"}
	}
	if err != nil {
		return nil, err
	}
	who := &caseContact{ref: ref, contact: c}
	if ref.Email+ref.Phone+ref.PersonalID+ref.Name != "" {
		who.notes = append(who.notes, "the contact exists and is used as it is: what else was given of it is not written")
	}
	return who, nil
}

// contactRefWays reads what a contact is to be recognized by.
func (d *Desk) contactRefWays(ref ContactRef) (ways []*contactWay, err error) {
	for _, field := range []struct{ name, value string }{{"name", ref.Name}, {"email", ref.Email}, {"phone", ref.Phone}, {"personal_id", ref.PersonalID}} {
		argument := "contact." + field.name
		if _, err := d.revealed(argument, field.value, nil); err != nil {
			return nil, err
		}
		bad := func(expected string) error {
			return &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is none; nothing was made", clip(field.value, 60)), Expected: expected}
		}
		switch {
		case field.value == "":
		case len(field.value) > 200:
			return nil, bad("at most 200 bytes")
		case field.name == "email":
			if _, err := mail.ParseAddress(field.value); err != nil {
				return nil, bad("an e-mail address")
			}
			ways = append(ways, emailWay(field.value))
		case field.name == "phone":
			if len(text.Digits(field.value)) < phoneDigits || len(contactWays(field.value)) == 0 {
				return nil, bad("a phone number, with its country code")
			}
			ways = append(ways, phoneWay(field.value))
		case field.name == "personal_id":
			if text.Digits(field.value) == "" {
				return nil, bad("the number of a document")
			}
			ways = append(ways, documentWay(field.value))
		}
	}
	if len(ways) == 0 {
		return nil, &Refusal{Argument: "contact", Problem: "whom the case is with is not said; nothing was made", Expected: "contact with the id of one that exists, or with one of email, phone, personal_id (and name)"}
	}
	return ways, nil
}

func (w *caseContact) noteOther(what string, other bool) {
	if other {
		w.notes = append(w.notes, fmt.Sprintf("the contact exists with another %s, or none; that was not changed", what))
	}
}

// key tells contacts apart, also those that are still to be made.
func (w *caseContact) key() string {
	if w.contact != nil {
		return fmt.Sprintf("contact %d", w.contact.ID)
	}
	return "a new contact"
}

// meaning is what makes two wishes the same: what the caller named, since one who was new is known at the second time.
func (w *caseContact) meaning() []string {
	if w.ref.ID != 0 {
		return []string{w.key()}
	}
	return []string{strings.ToLower(w.ref.Email), text.Digits(w.ref.Phone), text.Fold(w.ref.PersonalID)}
}

// shown is the contact as it is, or as it will be.
func (w *caseContact) shown() *wisecx.Contact {
	if w.contact != nil {
		return w.contact
	}
	return &wisecx.Contact{Name: wisecx.Text(w.ref.Name), Email: wisecx.Text(w.ref.Email), Phone: wisecx.Text(w.ref.Phone), PersonalID: wisecx.Text(w.ref.PersonalID)}
}

func (w *caseContact) label(d *Desk) string {
	if w.contact != nil {
		return fmt.Sprintf("%s (%d)", d.contactName(w.contact), w.contact.ID)
	}
	return d.contactName(w.shown()) + " (new)"
}

// party is the contact as a message names it: to one that exists by its id [W], from it also by what is known of it, since
// that a sender may be named by an id alone is not known [I].
func (w *caseContact) party(from bool) wisecx.Party {
	if w.contact != nil && !from {
		return wisecx.Party{ID: int64(w.contact.ID)}
	}
	c := w.shown()
	return wisecx.Party{ID: int64(c.ID), Name: string(c.Name), Email: string(c.Email), Phone: string(c.Phone), PersonalID: string(c.PersonalID)}
}

// now are the ids of the contacts that this is, once the case was made.
func (w *caseContact) now(ctx context.Context, d *Desk) ([]int64, error) {
	if w.contact != nil {
		return []int64{int64(w.contact.ID)}, nil
	}
	ways, err := d.contactRefWays(w.ref)
	if err != nil {
		return nil, err
	}
	d.askWays(ctx, ways, contactKeys)
	found, failed := together(ways)
	var ids []int64
	for _, c := range found {
		ids = append(ids, int64(c.ID))
	}
	if len(ids) == 0 {
		return nil, failed
	}
	return ids, nil
}

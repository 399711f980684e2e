package desk

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// contactFields are what a contact's block shows; never the password.
var contactFields = []string{"id", "name", "email", "phone", "personal_id", "organization_id", "city", "custom_fields"}

// contactKeys are what it takes to recognize a contact and to call it by a name.
var contactKeys = []string{"id", "name", "email", "phone", "personal_id"}

// contactFilter finds the contact that a text means: its id, e-mail, phone or personal id. A phone that
// several contacts share means all of them.
func (d *Desk) contactFilter(ctx context.Context, word string) (*filter, error) {
	if address, err := mail.ParseAddress(word); err == nil {
		word = address.Address // also of "Ana Gómez <ana@…>"
	}
	word = strings.TrimSpace(word)
	found, err := d.findContacts(ctx, word)
	if err != nil {
		return nil, err
	}
	f := &filter{Condition: wisecx.Condition{Field: caseField("contact"), Operator: wisecx.In}}
	for _, c := range found {
		f.Values = append(f.Values, int64(c.ID))
		f.shown = append(f.shown, fmt.Sprintf("%s (%d)", d.contactName(&c), c.ID))
	}
	return f, nil
}

// findContacts asks for the contact by everything that the text may be, at once.
func (d *Desk) findContacts(ctx context.Context, word string) ([]wisecx.Contact, error) {
	digits := digitsOf(word)
	var ways []*contactWay
	if strings.Contains(word, "@") {
		ways = append(ways, &contactWay{name: "e-mail", field: "email", values: distinct(word, strings.ToLower(word))})
	} else if digits != "" {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			ways = append(ways, &contactWay{name: "id", field: "id", values: []any{id}})
		}
		ways = append(ways, &contactWay{name: "personal id", field: "personal_id", values: distinct(word, digits)})
		if len(digits) >= 6 {
			ways = append(ways, &contactWay{name: "phone", field: "phone", values: anys(phoneForms(digits))})
		}
	} else {
		return nil, &Refusal{Argument: "contact", Problem: fmt.Sprintf("%q is no id, e-mail, phone or personal id; a customer's name cannot be searched for here", clip(word, 60)),
			Expected: "a contact's id, e-mail, phone or personal id"}
	}
	var asking sync.WaitGroup
	for _, way := range ways {
		asking.Go(func() { way.ask(ctx, d.api) })
	}
	asking.Wait()
	return oneKind(word, ways)
}

// contactWay is one reading of what a caller wrote.
type contactWay struct {
	name, field string
	values      []any
	found       []wisecx.Contact
	err         error
}

func (w *contactWay) ask(ctx context.Context, api *wisecx.Client) {
	if id, isID := w.values[0].(int64); isID {
		c, err := api.GetContact(ctx, id, contactKeys...)
		if errors.Is(err, wisecx.ErrNotFound) {
			err = nil
		}
		if w.err = err; c != nil && int64(c.ID) == id {
			w.found = []wisecx.Contact{*c}
		}
		return
	}
	field, _ := wisecx.Contacts.Field(w.field)
	operator := wisecx.Equal
	if len(w.values) > 1 {
		operator = wisecx.In
	}
	w.found, w.err = api.ListContacts(ctx, wisecx.Query{
		Fields: contactKeys,
		Filter: []wisecx.Condition{{Field: field, Operator: operator, Values: w.values}},
	})
	w.found = slices.DeleteFunc(w.found, func(c wisecx.Contact) bool { return !w.fits(&c) })
}

// fits holds an answer against the question, since a filter may be ignored.
func (w *contactWay) fits(c *wisecx.Contact) bool {
	have := map[string]string{"email": string(c.Email), "phone": digitsOf(string(c.Phone)), "personal_id": string(c.PersonalID)}[w.field]
	return slices.ContainsFunc(w.values, func(v any) bool {
		want := fmt.Sprint(v)
		if w.field == "phone" {
			want = digitsOf(want)
		}
		return strings.EqualFold(have, want)
	})
}

// oneKind gives what was found where one reading of the text found something. An id of one contact
// that is the document of another is for the caller to tell apart.
func oneKind(word string, ways []*contactWay) ([]wisecx.Contact, error) {
	var hits []*contactWay
	var failed error
	var all []wisecx.Contact
	for _, way := range ways {
		// A field that the API does not filter by is one way less to find somebody.
		if way.err != nil && !errors.Is(way.err, wisecx.ErrBadRequest) {
			failed = way.err
		}
		if len(way.found) > 0 {
			hits = append(hits, way)
		}
		for _, c := range way.found {
			if !slices.ContainsFunc(all, func(o wisecx.Contact) bool { return o.ID == c.ID }) {
				all = append(all, c)
			}
		}
	}
	switch {
	case failed != nil && len(all) == 0:
		return nil, failed
	case len(all) == 0:
		return nil, &Refusal{Argument: "contact", Problem: fmt.Sprintf("no contact has %q as %s", clip(word, 60), namesOf(ways)),
			Expected: "the id, e-mail, phone or personal id of a contact that exists"}
	case len(hits) > 1 && len(all) > 1:
		refusal := &Refusal{Argument: "contact", Problem: fmt.Sprintf("%q is the %s of different contacts", clip(word, 60), namesOf(hits)), Expected: "the contact's id or e-mail"}
		for _, way := range hits {
			for _, c := range way.found[:min(5, len(way.found))] {
				refusal.Candidates = append(refusal.Candidates, fmt.Sprintf("contact %d by %s", c.ID, way.name))
			}
		}
		return nil, refusal
	}
	return all[:min(len(all), wisecx.MaxPage)], nil
}

func namesOf(ways []*contactWay) string {
	var names []string
	for _, way := range ways {
		names = append(names, way.name)
	}
	return strings.Join(names, ", ")
}

// contactNames gives the contacts of some cases by id, in one request for up to a hundred.
func (d *Desk) contactNames(ctx context.Context, cases []*wisecx.Case) (map[int64]wisecx.Contact, error) {
	var ids []int64
	for _, c := range cases {
		if id := int64(c.ContactID); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	contacts := make(map[int64]wisecx.Contact, len(ids))
	for batch := range slices.Chunk(ids, wisecx.MaxPage) {
		rows, err := d.api.ContactsByID(ctx, batch, "id", "name", "email", "phone")
		if err != nil {
			return contacts, err
		}
		for _, c := range rows {
			contacts[int64(c.ID)] = c
		}
	}
	return contacts, nil
}

// maskOf is the mask with what is known of a contact, so that free text about them is masked too.
func (d *Desk) maskOf(c *wisecx.Contact) text.Mask {
	if c == nil || !d.mask.Active() {
		return d.mask
	}
	return d.mask.Knowing(text.Person{Names: []string{string(c.Name)}, Phones: []string{string(c.Phone)}, PersonalIDs: []string{string(c.PersonalID)}})
}

// contactName is what to call a contact: its name, else its e-mail or phone, else its id.
func (d *Desk) contactName(c *wisecx.Contact) string {
	switch {
	case c.Name != "":
		return d.mask.Name(clip(text.Line(string(c.Name)), 80))
	case c.Email != "":
		return d.mask.Email(text.Line(string(c.Email)))
	case c.Phone != "":
		return d.mask.Phone(text.Line(string(c.Phone)))
	}
	return fmt.Sprintf("#%d", c.ID)
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func distinct(a, b string) []any {
	if a == b {
		return []any{a}
	}
	return []any{a, b}
}

// countryCodes are those of Wise CX's customers; Argentina's mobiles carry a 9 behind it, Mexico's a 1.
var countryCodes = []string{"54", "549", "55", "56", "57", "51", "52", "521", "598", "595", "591", "593", "58", "506", "507", "502", "503", "504", "505", "1", "34"}

// phoneForms are the ways in which the API may hold a phone: with and without +, country code and trunk zero.
func phoneForms(digits string) []string {
	national := strings.TrimLeft(digits, "0")
	forms := []string{digits, national}
	for _, code := range countryCodes {
		if len(national) <= 11 {
			forms = append(forms, code+national)
		}
		if rest, found := strings.CutPrefix(national, code); found && len(rest) >= 7 {
			forms = append(forms, rest)
		}
	}
	if rest, found := strings.CutPrefix(national, "549"); found {
		forms = append(forms, "54"+rest)
	} else if rest, found := strings.CutPrefix(national, "54"); found {
		forms = append(forms, "549"+rest)
	}
	for _, form := range slices.Clone(forms) {
		forms = append(forms, "+"+form)
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

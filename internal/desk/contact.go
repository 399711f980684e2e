package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// contactFields are what a contact's block shows; never the password.
var contactFields = []string{"id", "name", "email", "phone", "personal_id", "organization_id", "city", "custom_fields"}

// contactFilter finds the contact that a text means: its id, e-mail, phone or personal id. A phone that
// several contacts share means all of them.
func (d *Desk) contactFilter(ctx context.Context, word string) (*filter, error) {
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
	ways := contactWays(word)
	if len(ways) == 0 {
		return nil, &Refusal{Argument: "contact", Problem: fmt.Sprintf("%q is no id, e-mail, phone or personal id; a customer's name cannot be searched for here", clip(word, 60)),
			Expected: "a contact's id, e-mail, phone or personal id; search_contacts finds it by words of the name"}
	}
	d.askWays(ctx, ways, contactKeys)
	return oneKind(strings.TrimSpace(word), ways)
}

// contactWay is one reading of what a caller wrote.
type contactWay struct {
	name, field, word string
	forms             []any // as the API may keep it
	found             []wisecx.Contact
	ignored           bool // the API did not filter by it
	err               error
}

// unsure tells whether the API would not filter by some reading, so that nobody found does not mean nobody there.
func unsure(ways []*contactWay) bool {
	return slices.ContainsFunc(ways, func(w *contactWay) bool { return w.ignored || errors.Is(w.err, wisecx.ErrBadRequest) })
}

func idWay(id int64) *contactWay {
	return &contactWay{name: "id", field: "id", word: strconv.FormatInt(id, 10), forms: []any{id}}
}

func emailWay(word string) *contactWay {
	return &contactWay{name: "e-mail", field: "email", word: word, forms: anys(text.DistinctForms([]string{word, strings.ToLower(word)}))}
}

func phoneWay(word string) *contactWay {
	return &contactWay{name: "phone", field: "phone", word: word, forms: anys(text.PhoneForms(word))}
}

func documentWay(word string) *contactWay {
	return &contactWay{name: "personal id", field: "personal_id", word: word, forms: anys(text.DocumentForms(word))}
}

// phoneDigits is how many digits a phone has at least.
const phoneDigits = 6

// contactWays are the readings of a text as what one contact alone has; none of a text that can only be a name.
func contactWays(word string) []*contactWay {
	word = strings.TrimSpace(word)
	if strings.Contains(word, "@") {
		address, err := mail.ParseAddress(word) // also of "Ana Gómez <ana@…>"
		if err != nil {
			return nil
		}
		return []*contactWay{emailWay(address.Address)}
	}
	digits, letters := text.Digits(word), 0
	for _, r := range word {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if digits == "" || letters > 4 || len(word) > 60 { // a passport has a letter or two, a tax number a K, and CUIT stands before one
		return nil
	}
	var ways []*contactWay
	if id, err := strconv.ParseInt(strings.TrimPrefix(word, "#"), 10, 64); err == nil && id > 0 {
		ways = append(ways, idWay(id))
	}
	ways = append(ways, documentWay(word))
	if len(digits) >= phoneDigits && letters == 0 {
		ways = append(ways, phoneWay(word))
	}
	return ways
}

// askWays asks for contacts by all readings at once.
func (d *Desk) askWays(ctx context.Context, ways []*contactWay, keys []string) {
	var asking sync.WaitGroup
	for _, way := range ways {
		asking.Go(func() { way.found, way.err = way.ask(ctx, d.api, keys) })
	}
	asking.Wait()
}

func (w *contactWay) ask(ctx context.Context, api *wisecx.Client, keys []string) ([]wisecx.Contact, error) {
	if w.field == "id" {
		c, err := api.GetContact(ctx, w.forms[0].(int64), keys...)
		if errors.Is(err, wisecx.ErrNotFound) {
			return nil, nil
		}
		if err != nil || c.ID != wisecx.Int(w.forms[0].(int64)) {
			return nil, err
		}
		return []wisecx.Contact{*c}, nil
	}
	var mu sync.Mutex
	var asking sync.WaitGroup
	var found []wisecx.Contact
	var failed error
	for forms := range slices.Chunk(w.forms, wisecx.MaxPage) {
		asking.Go(func() {
			condition := wisecx.Condition{Field: contactTable.must(w.field), Operator: wisecx.In, Values: forms}
			if len(forms) == 1 {
				condition.Operator = wisecx.Equal
			}
			rows, err := api.ListContacts(ctx, wisecx.Query{Fields: keys, Filter: []wisecx.Condition{condition}})
			mu.Lock()
			defer mu.Unlock()
			failed = cmp.Or(failed, err)
			for _, c := range rows {
				if !w.fits(&c) {
					w.ignored = true
				} else if !holdsContact(found, &c) {
					found = append(found, c)
				}
			}
		})
	}
	asking.Wait()
	slices.SortFunc(found, func(a, b wisecx.Contact) int { return cmp.Compare(b.ID, a.ID) })
	return found, failed
}

// fits holds a contact against the reading, since a filter may be ignored.
func (w *contactWay) fits(c *wisecx.Contact) bool {
	switch w.field {
	case "email":
		return strings.EqualFold(strings.TrimSpace(string(c.Email)), w.word)
	case "phone":
		return text.SamePhone(w.word, string(c.Phone)) || slices.Contains(w.forms, any(string(c.Phone)))
	case "personal_id":
		return text.SameDocument(w.word, string(c.PersonalID)) || slices.Contains(w.forms, any(string(c.PersonalID)))
	}
	return int64(c.ID) == w.forms[0]
}

func holdsContact(list []wisecx.Contact, c *wisecx.Contact) bool {
	return slices.ContainsFunc(list, func(o wisecx.Contact) bool { return o.ID == c.ID })
}

// together gives what the readings found, each contact once, and what kept them from finding anybody. A field that the
// API does not filter by is one way less to find somebody.
func together(ways []*contactWay) (all []wisecx.Contact, failed error) {
	for _, way := range ways {
		if way.err != nil && !errors.Is(way.err, wisecx.ErrBadRequest) {
			failed = way.err
		}
		for _, c := range way.found {
			if !holdsContact(all, &c) {
				all = append(all, c)
			}
		}
	}
	return all, failed
}

// oneKind gives what was found where one reading of the text found something. An id of one contact
// that is the document of another is for the caller to tell apart.
func oneKind(word string, ways []*contactWay) ([]wisecx.Contact, error) {
	all, failed := together(ways)
	hits := slices.DeleteFunc(slices.Clone(ways), func(w *contactWay) bool { return len(w.found) == 0 })
	switch {
	case failed != nil && len(all) == 0:
		return nil, failed
	case len(all) == 0 && unsure(ways):
		return nil, &Refusal{Argument: "contact", Problem: fmt.Sprintf("the API does not filter contacts by %s", namesOf(ways)), Expected: "a contact's id; search_contacts finds it"}
	case len(all) == 0:
		return nil, &Refusal{Argument: "contact", Problem: fmt.Sprintf("no contact has %q as %s", clip(word, 60), namesOf(ways)),
			Expected: "the id, e-mail, phone or personal id of a contact that exists; search_contacts also finds words of a name"}
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
		rows, err := d.api.ContactsByID(ctx, batch, d.toMask("id", "name", "email", "phone")...)
		if err != nil {
			return contacts, err
		}
		for _, c := range rows {
			contacts[int64(c.ID)] = c
		}
	}
	return contacts, nil
}

// toMask adds to the keys of contacts what else of them has to be masked in words about them.
func (d *Desk) toMask(keys ...string) []string {
	if !d.mask.Active() {
		return keys
	}
	for _, key := range []string{"personal_id", "address"} {
		if !slices.Contains(keys, key) {
			keys = append(slices.Clip(keys), key)
		}
	}
	return keys
}

// maskOf is the mask with what is known of a contact, so that free text about them is masked too.
func (d *Desk) maskOf(c *wisecx.Contact) text.Mask {
	if c == nil || !d.mask.Active() {
		return d.mask
	}
	return d.mask.Knowing(text.Person{Names: []string{string(c.Name)}, Phones: []string{string(c.Phone)}, PersonalIDs: []string{string(c.PersonalID)},
		Addresses: []string{string(c.Address)}})
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

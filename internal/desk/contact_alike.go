package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// wayOf is how a contact with the value of an identifying field is found; nil for other fields and no value.
func wayOf(field, value string) *contactWay {
	switch {
	case value == "":
	case field == "email":
		return emailWay(value)
	case field == "phone" && len(text.Digits(value)) >= phoneDigits:
		return phoneWay(value)
	case field == "personal_id":
		way := documentWay(value)
		if bare := strings.TrimLeft(value, "0"); bare != value && bare != "" {
			way.forms = append(way.forms, documentWay(bare).forms...)
		}
		return way
	}
	return nil
}

// waysTo are the ways to find a contact that has what changes give.
func waysTo(changes []contactChange) []*contactWay {
	var ways []*contactWay
	for _, ch := range changes {
		if way := wayOf(ch.field.Name, ch.value); way != nil {
			ways = append(ways, way)
		}
	}
	return ways
}

// holders asks who has what the ways look for, in the usual ways of writing. Where the API does not filter by a field,
// the list is read as far as there is time; the notes say what that leaves open.
func (d *Desk) holders(ctx context.Context, ways []*contactWay) (notes []string, err error) {
	d.askWays(ctx, ways, viewKeys)
	for _, way := range ways {
		if way.err != nil && !errors.Is(way.err, wisecx.ErrBadRequest) {
			return nil, fmt.Errorf("whether another contact has this %s cannot be told, so nothing was sent: %w", way.name, way.err)
		}
		if !way.ignored && way.err == nil {
			continue
		}
		page, found, err := d.scanFor(ctx, way)
		if err != nil {
			return nil, fmt.Errorf("whether another contact has this %s cannot be told, so nothing was sent: %w", way.name, err)
		}
		for _, c := range found {
			if !holdsContact(way.found, &c) {
				way.found = append(way.found, c)
			}
		}
		notes = append(notes, page.Notes...)
	}
	return notes, nil
}

// taken refuses what another contact has already, and names that contact; self is the one that may have it.
func (d *Desk) taken(ways []*contactWay, self int64) error {
	var others []wisecx.Contact
	argument, next := "", "update_contact changes a contact, get_contact shows it"
	for _, way := range ways {
		for _, c := range way.found {
			if int64(c.ID) == self || holdsContact(others, &c) {
				continue
			}
			if others = append(others, c); argument == "" {
				argument = way.field
			}
		}
	}
	if len(others) == 0 {
		return nil
	}
	refusal := &Refusal{Argument: argument, Problem: d.sharing(ways, &others[0]), Expected: next + "; nothing was sent, since what identifies a contact is not given to two"}
	if len(others) > 1 {
		refusal.Problem += fmt.Sprintf(", and %d more contacts do", len(others)-1)
	}
	for i := range others[:min(len(others), 5)] {
		refusal.Candidates = append(refusal.Candidates, d.sharing(ways, &others[i]))
	}
	return refusal
}

// sharing says what a contact has of what the ways look for: "Tomás Gómez (9005) has this phone".
func (d *Desk) sharing(ways []*contactWay, c *wisecx.Contact) string {
	var same []string
	for _, way := range ways {
		if holdsContact(way.found, c) && !slices.Contains(same, way.name) {
			same = append(same, way.name)
		}
	}
	return fmt.Sprintf("%s (%d) has this %s", d.contactName(c), c.ID, strings.Join(same, " and "))
}

// contactToWrite reads the contact that is to change.
func (d *Desk) contactToWrite(ctx context.Context, id int64) (*wisecx.Contact, error) {
	c, err := d.api.GetContact(ctx, id, viewKeys...)
	switch {
	case errors.Is(err, wisecx.ErrNotFound), err == nil && int64(c.ID) != id:
		return nil, idWay(id).notFound(0)
	case err != nil:
		return nil, err
	}
	return c, nil
}

func contactObject(id int64) map[string]any { return map[string]any{"contact_id": id} }

// showChange gives the value that a contact has of a change's field, as people read it; nil for none.
func (d *Desk) showChange(ctx context.Context, c *wisecx.Contact, ch contactChange) any {
	col := column{name: ch.field.Name, field: ch.field, custom: ch.custom}
	if ch.field.Name == "organization" && c.OrganizationID <= 0 {
		return nil
	}
	found, _ := d.lookup(ctx, []column{col}, nil)
	if shown := d.contactCell(c, col, found); shown != "" {
		return shown
	}
	return nil
}

package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// DeleteCase prepares the end of a case. expected are values that have to hold still.
func (d *Desk) DeleteCase(ctx context.Context, ref CaseRef, expected map[string]Value) (*guard.Write, error) {
	c, err := d.caseToWrite(ctx, ref, changeKeys)
	if err != nil {
		return nil, err
	}
	if err := d.mayWriteIn(ctx, int64(c.QueueID)); err != nil {
		return nil, err
	}
	if err := d.expectOfCase(ctx, c, CaseChanges{Expect: expected}, d.now().In(d.zone)); err != nil {
		return nil, err
	}
	preview := guard.Receipt{Object: caseObject(c), Via: []string{"DELETE /cases/{id}"}, Changes: []guard.Change{{Field: "deleted", Before: false, After: true}}}
	w := &guard.Write{
		Object: fmt.Sprintf("case %d", c.Number), Meaning: map[string]any{"case": int64(c.ID)}, Bound: c.UpdatedAt.UTC().String(),
		Asks: guard.AsksPerson, Preview: preview,
		Do: func(ctx context.Context) (*guard.Receipt, error) {
			err := d.api.DeleteCase(ctx, int64(c.ID))
			if err != nil && !errors.Is(err, wisecx.ErrNotFound) {
				return nil, err
			}
			return d.deletedReceipt(ctx, c, preview, err != nil), nil
		},
		Look: func(ctx context.Context, _ json.RawMessage) (*guard.Receipt, error) {
			gone, err := d.isGone(ctx, c)
			if !gone {
				return nil, err
			}
			return goneReceipt(preview), nil
		},
	}
	w.Question, w.Masked = d.deleteQuestions(ctx, c)
	return w, nil
}

// deleteQuestions ask the person whether a case is to go; the second is for an assistant, "" where it may read the first.
func (d *Desk) deleteQuestions(ctx context.Context, c *wisecx.Case) (question, masked string) {
	var asking sync.WaitGroup
	contact, open, queue := &wisecx.Contact{}, "?", fmt.Sprintf("#%d", c.QueueID)
	gone := false
	if c.ContactID != 0 {
		asking.Go(func() {
			found, err := d.api.GetContact(ctx, int64(c.ContactID), contactKeys...)
			if gone = errors.Is(err, wisecx.ErrNotFound); err == nil {
				contact = found
			}
		})
		asking.Go(func() {
			if cases, err := d.casesOf(ctx, int64(c.ContactID)); err == nil {
				open = fmt.Sprint(len(openOf(cases, int64(c.ID))))
			}
		})
	}
	asking.Go(func() {
		list, _ := d.directory.names(ctx, "queue")
		queue = clip(list.name(int64(c.QueueID)), 80)
	})
	asking.Wait()
	ask := func(mask text.Mask) string {
		p := d.phrases()
		who := fmt.Sprintf("#%d", c.ContactID)
		if name := string(contact.Name); name != "" {
			who = inQuotes(mask.Name(name), 80)
		}
		remains := fmt.Sprintf(p.remains, open)
		switch {
		case c.ContactID == 0:
			who, remains = "-", p.noContact
		case gone:
			remains = p.contactGone
		}
		return lines(fmt.Sprintf(p.remove, c.Number, inQuotes(mask.Words(string(c.Subject)), subjectSize), who, queue, clip(d.statusWord(string(c.Status)), 40), d.moment(c.CreatedAt)),
			strings.Join([]string{p.removed, remains, p.final}, " "))
	}
	if d.mask.Active() {
		masked = ask(d.maskOf(contact))
	}
	return ask(text.Mask{}), masked
}

// deletedReceipt looks until the case is gone. notFound tells that it was gone when it was to be deleted.
func (d *Desk) deletedReceipt(ctx context.Context, c *wisecx.Case, preview guard.Receipt, notFound bool) *guard.Receipt {
	var gone bool
	err := look(ctx, func() (err error) {
		gone, err = d.isGone(ctx, c)
		return err
	}, func(bool) bool { return gone })
	if gone {
		r := goneReceipt(preview)
		if notFound {
			r.Notes = append(r.Notes, "it was gone already when it was to be deleted")
		}
		return r
	}
	r := preview
	r.Outcome, r.Changes = guard.Unknown, nil
	r.Notes = []string{"the API accepted this, and the case still shows; get_case tells in a minute whether it is gone"}
	if err != nil {
		r.Notes = []string{"the API accepted this, and whether the case is gone could not be read (" + reason(err) + "); get_case shows it"}
	}
	return &r
}

func goneReceipt(preview guard.Receipt) *guard.Receipt {
	r := preview
	r.Outcome = guard.Done
	r.Notes = []string{"the case is gone for good; nothing else was deleted"}
	return &r
}

// isGone tells whether a case is no longer there.
func (d *Desk) isGone(ctx context.Context, c *wisecx.Case) (bool, error) {
	_, err := d.api.GetCase(ctx, int64(c.ID), "id")
	if errors.Is(err, wisecx.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// casesOf are a contact's cases that the API lists, newest first: a hundred at the most, of the last three months.
func (d *Desk) casesOf(ctx context.Context, contact int64) ([]wisecx.Case, error) {
	rows, err := d.api.ListCases(ctx, wisecx.Query{Fields: changeKeys, Sort: "id", Descending: true, Limit: wisecx.MaxPage,
		Filter: []wisecx.Condition{{Field: caseField("contact"), Operator: wisecx.Equal, Values: []any{contact}}}})
	var own []wisecx.Case
	for _, c := range rows {
		if int64(c.ContactID) == contact { // a filter may be ignored
			own = append(own, c)
		}
	}
	return own, err
}

// openOf are those of some cases that wait for an end, one of them aside.
func openOf(cases []wisecx.Case, but int64) []wisecx.Case {
	var open []wisecx.Case
	for _, c := range cases {
		if !resolved(&c) && int64(c.ID) != but {
			open = append(open, c)
		}
	}
	return open
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
)

// membership is a group of contacts that a contact is to join or to leave.
type membership struct {
	group entry
	joins bool
}

func (m membership) holds(c *wisecx.Contact) bool {
	return slices.Contains(c.GroupIDs, m.group.id) == m.joins
}

// change shows it: what it joins has no before, what it leaves no after.
func (m membership) change() guard.Change {
	if m.joins {
		return guard.Change{Field: "contact_group", After: m.group.name}
	}
	return guard.Change{Field: "contact_group", Before: m.group.name}
}

// SetContactGroups prepares that a contact joins and leaves groups of contacts, by names or ids.
func (d *Desk) SetContactGroups(ctx context.Context, id int64, add, remove []string) (*guard.Write, error) {
	if len(add)+len(remove) == 0 {
		return nil, &Refusal{Problem: "nothing is to change", Expected: "groups of contacts in add, remove or both"}
	}
	c, err := d.contactToWrite(ctx, id)
	if err != nil {
		return nil, err
	}
	wanted, err := d.memberships(ctx, add, remove)
	if err != nil {
		return nil, err
	}
	changes := slices.DeleteFunc(wanted, func(m membership) bool { return m.holds(c) })
	w := &guard.Write{Object: fmt.Sprintf("contact %d", id), Preview: guard.Receipt{Object: contactObject(id)}}
	for _, m := range changes {
		via := "DELETE /contacts/{contact_id}/groups/{group_id}"
		if m.joins {
			via = "PUT /contacts/{contact_id}/groups/{group_id}"
		}
		if w.Preview.Changes = append(w.Preview.Changes, m.change()); !slices.Contains(w.Preview.Via, via) {
			w.Preview.Via = append(w.Preview.Via, via)
		}
	}
	w.Do = func(ctx context.Context) (*guard.Receipt, error) {
		return d.membershipsReceipt(ctx, c, changes, w.Preview, d.sendAll(ctx, d.membershipRequests(id, changes)))
	}
	return w, nil
}

// memberships resolves the groups that a caller named.
func (d *Desk) memberships(ctx context.Context, add, remove []string) ([]membership, error) {
	list, err := d.directory.names(ctx, "contact_group")
	if err != nil {
		return nil, fmt.Errorf("the groups of contacts are not to be had, so nothing was sent: %w", err)
	}
	var found []membership
	for _, part := range []struct {
		argument string
		words    []string
	}{{"add", add}, {"remove", remove}} {
		for i, word := range part.words {
			argument, joins := fmt.Sprintf("%s[%d]", part.argument, i), part.argument == "add"
			e, err := list.find(argument, "contact group", word)
			if err != nil {
				return nil, err
			}
			at := slices.IndexFunc(found, func(m membership) bool { return m.group.id == e.id })
			switch {
			case at < 0:
				found = append(found, membership{e, joins})
			case found[at].joins != joins:
				return nil, &Refusal{Argument: argument, Problem: fmt.Sprintf("%s (%d) is to be added and removed", e.name, e.id), Expected: "one of the two"}
			}
		}
	}
	return found, nil
}

// membershipRequests are one a group. That there was no membership to end is as good as its end.
func (d *Desk) membershipRequests(id int64, changes []membership) (list []request) {
	for _, m := range changes {
		list = append(list, request{send: func(ctx context.Context) error {
			if m.joins {
				return d.api.AddContactToGroup(ctx, id, m.group.id)
			}
			err := d.api.RemoveContactFromGroup(ctx, id, m.group.id)
			if errors.Is(err, wisecx.ErrNotFound) {
				return nil
			}
			return err
		}})
	}
	return list
}

// verdictsOfMemberships tells what came of joining and leaving groups, each by a request of its own.
func (s sending) verdictsOfMemberships(before, now *wisecx.Contact, changes []membership) []verdict {
	sights := make([]sight, len(changes))
	for i, m := range changes {
		sights[i] = sight{request: i, holds: m.holds(now), same: !m.holds(now)} // before, none held
	}
	return s.judge(sights, s.touched(before.UpdatedAt, now.UpdatedAt))
}

// membershipsReceipt reads the contact's groups back and says what holds.
func (d *Desk) membershipsReceipt(ctx context.Context, before *wisecx.Contact, changes []membership, preview guard.Receipt, sent sending) (*guard.Receipt, error) {
	if sent.refused() {
		return nil, sent.err
	}
	now, err := d.readContactUntil(ctx, int64(before.ID), sent, func(now *wisecx.Contact, longer bool) bool {
		held, _, open := judged(changes, sent.verdictsOfMemberships(before, now, changes))
		return len(held) == len(changes) || longer && (len(open) == 0 || sent.taken == 0)
	})
	verdicts := make([]verdict, len(changes))
	if now != nil {
		verdicts = sent.verdictsOfMemberships(before, now, changes)
	}
	held, missed, open := judged(changes, verdicts)
	r := preview
	r.Changes, r.NotChanged = nil, nil
	for _, m := range held {
		r.Changes = append(r.Changes, m.change())
	}
	for _, m := range missed {
		r.NotChanged = append(r.NotChanged, m.change())
	}
	var names []string
	for _, m := range open {
		names = append(names, m.group.name)
	}
	switch {
	case len(missed)+len(open) == 0:
		r.Outcome = guard.Done
	case len(held) == 0 && (len(open) > 0 || sent.err != nil):
		r.Outcome = guard.Unknown
	default:
		r.Outcome = guard.Partly
	}
	r.Undo = undoOfMemberships(int64(before.ID), slices.Concat(held, open))
	if r.Notes = append(r.Notes, sent.notes("get_contact", names, len(missed) > 0, err)...); len(missed) > 0 {
		r.Notes = append(r.Notes, "the same call does the rest")
	}
	return &r, nil
}

// undoOfMemberships is the inverse; nil where nothing was done.
func undoOfMemberships(id int64, changes []membership) *guard.Call {
	if len(changes) == 0 {
		return nil
	}
	undo := &guard.Call{Tool: "set_contact_groups", Arguments: contactObject(id)}
	for _, m := range changes {
		inverse := "add"
		if m.joins {
			inverse = "remove"
		}
		groups, _ := undo.Arguments[inverse].([]string)
		undo.Arguments[inverse] = append(groups, fmt.Sprint(m.group.id))
	}
	return undo
}

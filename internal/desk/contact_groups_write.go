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
		return d.membershipsReceipt(ctx, id, changes, w.Preview, d.sendMemberships(ctx, id, changes))
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

// sendMemberships sends one request a group, and ends at the first that fails. That there was no membership to end is as
// good as its end.
func (d *Desk) sendMemberships(ctx context.Context, id int64, changes []membership) error {
	for _, m := range changes {
		send := d.api.RemoveContactFromGroup
		if m.joins {
			send = d.api.AddContactToGroup
		}
		err := send(ctx, id, m.group.id)
		if err != nil && (m.joins || !errors.Is(err, wisecx.ErrNotFound)) {
			return err
		}
	}
	return nil
}

// membershipsReceipt reads the contact's groups back and says what holds. sent is the error of sending, if any.
func (d *Desk) membershipsReceipt(ctx context.Context, id int64, changes []membership, preview guard.Receipt, sent error) (*guard.Receipt, error) {
	certain := sent != nil && !wisecx.MayHaveHappened(sent)
	if certain && len(changes) == 1 {
		return nil, sent
	}
	r := preview
	now, err := d.readContactUntil(ctx, id, func(c *wisecx.Contact) bool { return all(changes, func(m membership) bool { return m.holds(c) }) })
	if err != nil {
		r.Outcome = guard.Unknown
		r.Notes = append(r.Notes, "it was sent and could not be read back ("+reason(err)+"): get_contact shows the groups that hold now")
		return &r, nil
	}
	r.Changes, r.Outcome = nil, guard.Done
	var added, removed []string
	for _, m := range changes {
		switch {
		case !m.holds(now):
			r.NotChanged = append(r.NotChanged, m.change())
			continue
		case m.joins:
			added = append(added, fmt.Sprint(m.group.id))
		default:
			removed = append(removed, fmt.Sprint(m.group.id))
		}
		r.Changes = append(r.Changes, m.change())
	}
	if len(r.Changes) > 0 {
		r.Undo = &guard.Call{Tool: "set_contact_groups", Arguments: contactObject(id)}
	}
	if len(added) > 0 {
		r.Undo.Arguments["remove"] = added
	}
	if len(removed) > 0 {
		r.Undo.Arguments["add"] = removed
	}
	switch {
	case len(r.NotChanged) == 0:
		return &r, nil
	case certain && len(r.Changes) == 0:
		return nil, sent
	case sent != nil && len(r.Changes) == 0:
		r.Outcome = guard.Unknown
	default:
		r.Outcome = guard.Partly
	}
	why := "the API accepted this and did not do all of it"
	if sent != nil {
		why = "the API failed midway: " + sent.Error()
	}
	r.Notes = append(r.Notes, why+"; not_changed says what is still as it was. The same call does the rest")
	return &r, nil
}

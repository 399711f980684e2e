package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

// reopens tells whether changes give a case that was over a status of those that want work.
func reopens(c *wisecx.Case, changes []change) bool {
	status := fieldIn(changes, "status")
	return status != nil && resolved(c) && slices.Contains(unresolved, status.value.(string))
}

// request is one of those that changes of a case take.
type request struct {
	via    string
	fields []string // that it carries
	send   func(context.Context) error
}

// requestsOf gives the requests that changes take, in their order. Values that the API may refuse go first, so that a wrong
// one leaves the case as it was. A case that ends gets its status last, since it may take no changes then; one that is
// reopened before its queue and agent, since it may go back to who had it [I].
func (d *Desk) requestsOf(c *wisecx.Case, changes []change, spam *bool) (list []request) {
	id, fields := int64(c.ID), apply(c, changes)
	queue, agent, status := fieldIn(changes, "queue"), fieldIn(changes, "agent"), fieldIn(changes, "status")
	update := func(u wisecx.CaseUpdate, fields ...string) {
		list = append(list, request{"PUT /cases/{id}", fields, func(ctx context.Context) error { return d.api.UpdateCase(ctx, id, u) }})
	}
	setStatus := func() {
		list = append(list, request{"PUT /cases/{id}/status", []string{"status"}, func(ctx context.Context) error { return d.api.SetCaseStatus(ctx, id, status.value.(string)) }})
	}
	early := reopens(c, changes)
	apart := slices.DeleteFunc([]*change{queue, status, agent}, func(ch *change) bool { return ch == nil || ch == agent && queue == nil && !early })
	whose := fields.AgentID
	if slices.Contains(apart, agent) {
		fields.AgentID = wisecx.Set[int64]{}
	}
	if spam != nil {
		fields.Spam = wisecx.SetTo(*spam)
	}
	if len(changes) > len(apart) || spam != nil {
		carried := []string{"spam"}
		for i := range changes {
			if !slices.Contains(apart, &changes[i]) {
				carried = append(carried, changes[i].field.Name)
			}
		}
		update(fields, carried...)
	}
	if early {
		setStatus()
	}
	if queue != nil {
		list = append(list, request{"PUT /cases/{id}/transfer", []string{"queue", "agent"}, func(ctx context.Context) error { return d.api.TransferCase(ctx, id, queue.value.(int64), whose) }})
	} else if early && agent != nil {
		update(wisecx.CaseUpdate{AgentID: whose}, "agent")
	}
	if status != nil && !early {
		setStatus()
	}
	return list
}

// sending is how far requests came.
type sending struct {
	at    time.Time      // when they began to be sent
	alone bool           // there was one only
	of    map[string]int // which of them carried a field
	taken int            // how many the API took
	err   error          // of the one that failed, after which none was sent
}

// refused tells whether the API certainly did nothing.
func (s sending) refused() bool {
	return s.err != nil && s.taken == 0 && !wisecx.MayHaveHappened(s.err)
}

// sendAll sends one request after the other, and ends at the first that fails.
func (d *Desk) sendAll(ctx context.Context, list []request) sending {
	s := sending{at: d.now(), alone: len(list) == 1, of: map[string]int{}}
	for i, r := range list {
		for _, field := range r.fields {
			s.of[field] = i
		}
	}
	for _, r := range list {
		if s.err = r.send(ctx); s.err != nil {
			return s
		}
		s.taken++
	}
	return s
}

// verdicts tells what came of changes of a case, by what it was and what it is.
func (s sending) verdicts(before, now *wisecx.Case, changes []change) []verdict {
	sights := make([]sight, len(changes))
	for i, ch := range changes {
		sights[i] = sight{request: s.of[ch.field.Name], holds: ch.holds(now), same: ch.same(before, now)}
	}
	return s.judge(sights, s.touched(before.UpdatedAt, now.UpdatedAt))
}

// same tells whether two states of a case have the same in the change's field.
func (ch change) same(before, now *wisecx.Case) bool {
	if ch.field.Name == "tags" {
		return slices.Equal(folded(before.Tags), folded(now.Tags))
	}
	was, is := valuesOf((*caseRecord)(before), ch.field.Name, ch.custom), valuesOf((*caseRecord)(now), ch.field.Name, ch.custom)
	return fmt.Sprint(was) == fmt.Sprint(is)
}

// untold gives, where nothing of a case could be read, the changes that may have been made, and those that were not.
func (s sending) untold(changes []change) (open, missed []change) {
	for _, ch := range changes {
		if s.may(s.of[ch.field.Name]) {
			open = append(open, ch)
		} else {
			missed = append(missed, ch)
		}
	}
	return open, missed
}

// viaOf adds the endpoints of requests to those of others, each once.
func viaOf(via []string, list []request) []string {
	for _, r := range list {
		if !slices.Contains(via, r.via) {
			via = append(via, r.via)
		}
	}
	return via
}

// apply puts changes into the API's form. Those of the queue and the status have endpoints of their own.
func apply(c *wisecx.Case, changes []change) (u wisecx.CaseUpdate) {
	for _, ch := range changes {
		switch ch.field.Name {
		case "agent":
			u.AgentID = setOrNull[int64](ch.value)
		case "due_at":
			u.DueAt = setOrNull[time.Time](ch.value)
		case "type":
			u.TypeID = setOrNull[int64](ch.value)
		case "tags":
			u.Tags = setOrNull[[]string](ch.value)
		case "subject":
			u.Subject = setOrNull[string](ch.value)
		case "priority":
			u.Priority = setOrNull[string](ch.value)
		}
		if ch.custom != "" {
			u.CustomFields = withField(u.CustomFields, c.CustomFields, ch.custom, ch.value.(string))
		}
	}
	return u
}

func setOrNull[T any](value any) wisecx.Set[T] {
	if value == nil {
		return wisecx.SetNull[T]()
	}
	return wisecx.SetTo(value.(T))
}

// withField gives all custom fields, since whether those that are not named stay is not known [I].
func withField(fields, have wisecx.CustomFields, name, value string) wisecx.CustomFields {
	if len(fields) == 0 {
		fields = slices.Clone(have)
	}
	for i := range fields {
		if string(fields[i].Field) == name {
			fields[i].Value = wisecx.Text(value)
			return fields
		}
	}
	return append(fields, wisecx.CustomField{Field: wisecx.Text(name), Value: wisecx.Text(value)})
}

// sendsNoSecret refuses to change custom fields beside one that is a secret, which would have to be sent with them.
func sendsNoSecret(argument string, have wisecx.CustomFields) error {
	for _, f := range have {
		if wisecx.IsSecret(string(f.Field)) {
			return &Refusal{Argument: argument, Problem: "custom fields are written all together, and one of them here is a secret, which is never sent", Expected: "a person changes it in Wise CX"}
		}
	}
	return nil
}

package desk

import (
	"slices"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// step is a moment at which a side spoke.
type step struct {
	at    time.Time // zero where the API gave no time that can be read
	side  string    // onCustomer or onUs: who spoke
	agent int64     // of ours: who wrote it, or took the call; 0 when not known
	by    string    // of ours: the agent's name
}

// stepsOf gives the steps of a thread in the order of time, ids breaking ties, however it is sorted.
// Events count for nobody, and neither do bots and messages that were not delivered: they answer no
// customer. A call that was missed is a step of the customer; a call that the customer made and we took
// is one of theirs when it began and one of ours when it was picked up.
//
// An activity's created_at is UTC and taken for a call's start [I]. The call's log goes by the account's
// local clock, so only spans of it are added to created_at: nothing of it is ever read as a point in time.
// Where it is not known how long a call rang, we picked it up at once.
func stepsOf(t *thread, agents *names) []step {
	entries := t.entries
	if !slices.IsSortedFunc(entries, inTime) {
		entries = slices.SortedStableFunc(slices.Values(entries), inTime)
	}
	var steps []step
	for i := range entries {
		a := &entries[i]
		s := step{at: a.CreatedAt.Time, side: speakerOf(a, agents)}
		if s.side == "" {
			continue
		}
		if s.side == onUs {
			s.agent, s.by = authorOf(a, agents)
		}
		if s.side == onUs && a.CallData != nil {
			if calledUs(a) {
				steps = append(steps, step{at: s.at, side: onCustomer})
			}
			if !s.at.IsZero() {
				s.at = s.at.Add(a.CallData.PickedUp())
			}
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	return steps
}

// speakerOf tells which side an entry of the thread speaks for: the customer, us, or "" for neither.
// A call that we took speaks for us.
func speakerOf(a *wisecx.Activity, agents *names) string {
	switch {
	case a.IsEvent(), a.NotDelivered():
		return ""
	case a.CallData != nil:
		return sideOfCall(a, agents)
	case a.Type == wisecx.ContactMessage:
		return onCustomer
	case agents.isBot(int64(a.AgentID)):
		return ""
	}
	return onUs
}

// sideOfCall tells which side a call speaks for. One of ours that nobody took reached the customer as
// little as an undelivered message; it is ours where an agent is named and no caller [I].
func sideOfCall(a *wisecx.Activity, agents *names) string {
	if a.CallData.Attended() {
		if agent, _ := authorOf(a, agents); !agents.isBot(agent) {
			return onUs
		}
	}
	if a.AgentID != 0 && !calledUs(a) {
		return ""
	}
	return onCustomer
}

// authorOf tells who wrote a message of ours, or who took a call: the first person whom its log names,
// where that name fits exactly one agent, else the agent of the activity. An id of 0 is not known.
func authorOf(a *wisecx.Activity, agents *names) (id int64, name string) {
	id = int64(a.AgentID)
	if a.CallData != nil {
		for _, logged := range a.CallData.Agents() {
			e, fits := agents.only(logged)
			if fits && e.bot {
				id = e.id // unless it put the call through to a person
				continue
			}
			if fits {
				return e.id, e.name
			}
			if id == 0 || agents.isBot(id) {
				return 0, personName(logged)
			}
			break
		}
	}
	if id == 0 {
		return 0, ""
	}
	return id, agents.name(id)
}

// only gives the one entry that a name fits, whole names before the other names that people use.
// Accents and case do not matter.
func (n *names) only(name string) (entry, bool) {
	folded := text.Fold(name)
	if n == nil || folded == "" {
		return entry{}, false
	}
	var whole, other []entry
	for _, e := range n.entries {
		switch {
		case text.Fold(e.name) == folded:
			whole = append(whole, e)
		case slices.ContainsFunc(e.also, func(s string) bool { return text.Fold(s) == folded }):
			other = append(other, e)
		}
	}
	for _, hits := range [][]entry{whole, other} {
		if len(hits) > 0 {
			return hits[0], len(hits) == 1
		}
	}
	return entry{}, false
}

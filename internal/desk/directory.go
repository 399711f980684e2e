package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

const (
	directoryLife  = 10 * time.Minute
	failureLife    = time.Minute     // how long a list that is refused is not asked for again
	troubleLife    = 2 * time.Second // the same, where the trouble may pass
	directoryPages = 50              // 5,000 entries; past that, names beyond are shown as ids
)

// entry is something that has a name and an id.
type entry struct {
	id     int64
	name   string
	also   []string // other names that people use for it
	parent int64    // of a type
	bot    bool     // of an agent
	queues []int64  // of an agent; none where that is not known
}

// directory knows the names of queues, agents, types, tags, channels, contact groups, organizations and surveys. Each
// list is asked for at its first use, once for all who wait, and kept for ten minutes.
type directory struct {
	lists map[string]*namedList
}

func newDirectory(api *wisecx.Client, now func() time.Time) *directory {
	list := func(load func(context.Context) ([]entry, error)) *namedList { return &namedList{load: load, now: now} }
	return &directory{lists: map[string]*namedList{
		"queue": list(func(ctx context.Context) ([]entry, error) {
			return pages(ctx, keysIn(&wisecx.Queues), api.ListQueues, queueEntry)
		}),
		"agent": list(func(ctx context.Context) ([]entry, error) {
			return pages(ctx, append(keysIn(&wisecx.Users), "queues"), api.ListUsers, agentEntry)
		}),
		"tag": list(func(ctx context.Context) ([]entry, error) {
			return pages(ctx, keysIn(&wisecx.Tags), api.ListTags, tagEntry)
		}),
		"channel": list(func(ctx context.Context) ([]entry, error) {
			return pages(ctx, keysIn(&wisecx.Channels), api.ListChannels, channelEntry)
		}),
		"contact_group": list(func(ctx context.Context) ([]entry, error) {
			return pages(ctx, keysIn(&wisecx.ContactGroups), api.ListContactGroups, groupEntry)
		}),
		"organization": list(func(ctx context.Context) ([]entry, error) { // there may be thousands
			return pages(ctx, []string{"id", "name"}, api.ListOrganizations, organizationEntry)
		}),
		"survey": list(func(ctx context.Context) ([]entry, error) {
			return pages(ctx, []string{"id", "name"}, api.ListSurveys, surveyEntry)
		}),
		"type": list(func(ctx context.Context) ([]entry, error) {
			entries, err := pages(ctx, keysIn(&wisecx.Types), api.ListCaseTypes, typeEntry)
			if err != nil && ctx.Err() == nil { // the same tree has a second address
				if other, otherErr := pages(ctx, keysIn(&wisecx.Types), api.ListTypes, typeEntry); otherErr == nil {
					return other, nil
				}
			}
			return entries, err
		}),
	}}
}

func queueEntry(q wisecx.Queue) entry { return entry{id: int64(q.ID), name: text.Line(string(q.Name))} }
func tagEntry(t wisecx.Tag) entry     { return entry{id: int64(t.ID), name: text.Line(string(t.Name))} }
func typeEntry(t wisecx.Type) entry {
	return entry{id: int64(t.ID), name: text.Line(string(t.Name)), parent: int64(t.ParentID)}
}
func channelEntry(c wisecx.Channel) entry {
	return entry{id: int64(c.ID), name: text.Line(string(c.Name)), also: []string{string(c.Source)}}
}
func groupEntry(g wisecx.ContactGroup) entry {
	return entry{id: int64(g.ID), name: text.Line(string(g.Name)), also: []string{string(g.Code)}}
}
func organizationEntry(o wisecx.Organization) entry {
	return entry{id: int64(o.ID), name: text.Line(string(o.Name))}
}
func surveyEntry(s wisecx.Survey) entry {
	return entry{id: int64(s.ID), name: text.Line(string(s.Name))}
}
func agentEntry(u wisecx.User) entry {
	return entry{
		id: int64(u.ID), name: text.Line(u.FullName()), bot: bool(u.IsBot), queues: u.Queues,
		also: []string{string(u.Nick), string(u.UserName), string(u.FirstName), string(u.LastName)},
	}
}

// keysIn are the API's keys of the fields that a table names.
func keysIn(r *wisecx.Resource) []string {
	var keys []string
	for _, f := range r.Fields {
		if f.Key != "" {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// pages reads a whole list, several of its pages at a time where it is long.
func pages[T any](ctx context.Context, keys []string, ask func(context.Context, wisecx.Query) ([]T, error), read func(T) entry) ([]entry, error) {
	reading := scan.NewAhead(ctx, 1, directoryPages+1, 1, func(ctx context.Context, page int) ([]T, error) {
		return ask(ctx, wisecx.Query{Fields: keys, Limit: wisecx.MaxPage, Page: page})
	})
	defer reading.Stop()
	var entries []entry
	seen := map[int64]bool{}
	for range directoryPages {
		rows, err := reading.Take()
		if err != nil {
			return nil, err
		}
		known := len(entries)
		for _, row := range rows {
			if e := read(row); e.id != 0 && !seen[e.id] {
				seen[e.id] = true
				entries = append(entries, e)
			}
		}
		if len(rows) < wisecx.MaxPage || len(entries) == known { // a list that knows no pages comes whole each time
			break
		}
	}
	return entries, nil
}

// namedList is one kind of names, kept for a while.
type namedList struct {
	load func(context.Context) ([]entry, error)
	now  func() time.Time

	asking  singleflight.Group
	mu      sync.Mutex
	names   *names
	fresh   time.Time // until when names are taken as they are
	failure error
	failed  time.Time // until when failure is given without asking
}

// names is a list that was read, ready to be asked both ways.
type names struct {
	entries []entry
	byID    map[int64]int
}

// get gives the list. Where it cannot be renewed, the old one still serves.
func (l *namedList) get(ctx context.Context) (*names, error) {
	l.mu.Lock()
	now := l.now()
	kept, failure := l.names, l.failure
	fresh, failed := now.Before(l.fresh), now.Before(l.failed)
	l.mu.Unlock()
	switch {
	case kept != nil && (fresh || failed):
		return kept, nil
	case failed:
		return nil, failure
	}
	// The load goes on for the others when the one who began it gives up.
	answer := l.asking.DoChan("", func() (any, error) { return nil, l.renew(context.WithoutCancel(ctx)) })
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-answer:
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.names != nil {
			return l.names, nil
		}
		return nil, r.Err
	}
}

func (l *namedList) renew(ctx context.Context) error {
	l.mu.Lock()
	fresh := l.names != nil && l.now().Before(l.fresh)
	l.mu.Unlock()
	if fresh { // by a load that ended between this caller's look and its turn
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	entries, err := l.load(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failure, l.failed = err, l.now().Add(troubleLife)
		if errors.Is(err, wisecx.ErrForbidden) || errors.Is(err, wisecx.ErrUnsupported) || errors.Is(err, wisecx.ErrBadRequest) || errors.Is(err, wisecx.ErrNotFound) {
			l.failed = l.now().Add(failureLife)
		}
		return err
	}
	l.names = &names{entries: entries, byID: make(map[int64]int, len(entries))}
	for i, e := range entries {
		l.names.byID[e.id] = i
	}
	l.fresh = l.now().Add(directoryLife)
	return nil
}

// names gives the list of a kind; of is "queue", "agent", "type", "tag", "channel", "contact_group", "organization" or "survey".
func (d *directory) names(ctx context.Context, of string) (*names, error) {
	return d.lists[of].get(ctx)
}

// name gives the name of an id, and the id as text where there is none.
func (n *names) name(id int64) string {
	if n != nil {
		if i, ok := n.byID[id]; ok && n.entries[i].name != "" {
			return n.entries[i].name
		}
	}
	return "#" + strconv.FormatInt(id, 10)
}

func (n *names) isBot(id int64) bool {
	if n == nil {
		return false
	}
	i, ok := n.byID[id]
	return ok && n.entries[i].bot
}

// below gives the ids of a type and of all types under it.
func (n *names) below(id int64) []int64 {
	ids := []int64{id}
	for at := 0; at < len(ids); at++ {
		for _, e := range n.entries {
			if e.parent == ids[at] && !slices.Contains(ids, e.id) {
				ids = append(ids, e.id)
			}
		}
	}
	return ids
}

// path gives a type with the types above it, "Envíos > Demora".
func (n *names) path(e entry) string {
	path := e.name
	for depth := 0; e.parent != 0 && depth < 10; depth++ {
		i, ok := n.byID[e.parent]
		if !ok {
			break
		}
		e = n.entries[i]
		path = e.name + " > " + path
	}
	return path
}

// find gives the one entry that a word means: by id, by name, or by a part of a name that only one has.
// Accents and case do not matter.
func (n *names) find(argument, of, word string) (entry, error) {
	if id, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(word), "#"), 10, 64); err == nil {
		if i, ok := n.byID[id]; ok {
			return n.entries[i], nil
		}
	}
	folded := text.Fold(word)
	if folded == "" {
		return entry{}, &Refusal{Argument: argument, Problem: "empty", Expected: "a name or an id"}
	}
	for _, fits := range []func(entry) bool{
		func(e entry) bool { return text.Fold(e.name) == folded || text.Fold(n.path(e)) == folded },
		func(e entry) bool {
			return slices.ContainsFunc(e.also, func(s string) bool { return text.Fold(s) == folded })
		},
		func(e entry) bool { return holdsWords(text.Fold(n.path(e)), folded) },
	} {
		var hits []entry
		for _, e := range n.entries {
			if fits(e) {
				hits = append(hits, e)
			}
		}
		if len(hits) == 1 {
			return hits[0], nil
		}
		if len(hits) > 1 {
			return entry{}, &Refusal{Argument: argument, Problem: fmt.Sprintf("%q fits %d %ss", clip(word, 60), len(hits), of),
				Expected: "one of them, by its whole name or its id", Candidates: n.labels(hits)}
		}
	}
	return entry{}, n.unknown(argument, of, word)
}

// unknown refuses a word with the nearest names, or with the first ones where nothing is near.
func (n *names) unknown(argument, of, word string) error {
	all := make([]string, len(n.entries))
	for i, e := range n.entries {
		all[i] = e.name
	}
	var near []entry
	for _, name := range text.Nearest(word, all, 5) {
		for _, e := range n.entries {
			if e.name == name && !slices.ContainsFunc(near, func(o entry) bool { return o.id == e.id }) {
				near = append(near, e)
			}
		}
	}
	expected := "the name or the id of " + article(of)
	if len(near) == 0 {
		near = n.entries
		if len(near) > 10 {
			expected += fmt.Sprintf("; there are %d, the first of them are the candidates", len(near))
		}
	}
	return &Refusal{Argument: argument, Problem: fmt.Sprintf("there is no %s %q", of, clip(word, 60)), Expected: expected, Candidates: n.labels(near)}
}

func article(of string) string {
	if of == "agent" || of == "organization" {
		return "an " + of
	}
	return "a " + of
}

func (n *names) labels(entries []entry) []string {
	var labels []string
	for _, e := range entries[:min(10, len(entries))] {
		labels = append(labels, fmt.Sprintf("%s (%d)", n.path(e), e.id))
	}
	return labels
}

// holdsWords tells whether each word of part begins a word of whole.
func holdsWords(whole, part string) bool {
	words := strings.Fields(whole)
	for _, p := range strings.Fields(part) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, p) }) {
			return false
		}
	}
	return true
}

// reason says in a few words why a list of names cannot be had, for a note.
func reason(err error) string {
	var refused *wisecx.Error
	if errors.As(err, &refused) {
		return refused.Kind.Error()
	}
	return err.Error()
}

package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wisecx-mcp/wisecx"
)

// came is what came of the changes of a case.
type came struct {
	held, missed []change
	open         []change // of which nothing is seen, and which may have been made
	along        []change // that were not asked for
	marked       bool     // the API may have taken a mark as spam, of which nothing can be seen
}

// cameOf tells what came of changes, by what a case was and what it is; now is nil where that could not be read.
func (d *Desk) cameOf(ctx context.Context, before, now *wisecx.Case, changes []change, sent sending) (c came) {
	c.marked = sent.may(sent.of["spam"])
	if now == nil {
		c.open, c.missed = sent.untold(changes)
		return c
	}
	c.held, c.missed, c.open = judged(changes, sent.verdicts(before, now, changes))
	for i, ch := range c.held {
		if ch.custom != "" {
			c.held[i].shown = d.showField(ctx, now, ch) // as the API spells it
		}
	}
	c.along = d.alongside(ctx, before, now, changes)
	for _, ch := range c.missed {
		if ch.same(before, now) {
			continue
		}
		ch.value, ch.shown = ch.strayed(before, now), d.showField(ctx, now, ch)
		ch.note = fmt.Sprintf("%s became something else than was asked for: %s", ch.field.Name, shownValue(ch.shown))
		c.along = append(c.along, ch)
	}
	return c
}

// strayed is what a change made of its field, where that is not what was asked for. Of tags that is what it was asked to add
// and to remove, since others may be somebody else's.
func (ch change) strayed(before, now *wisecx.Case) any {
	have := valuesOf((*caseRecord)(now), ch.field.Name, ch.custom)
	switch {
	case ch.field.Name == "tags":
		came := slices.DeleteFunc(slices.Clone(ch.adds), func(tag string) bool { return !holdsTag(now.Tags, tag) })
		went := slices.DeleteFunc(slices.Clone(ch.removes), func(tag string) bool { return holdsTag(now.Tags, tag) })
		return withTags(before.Tags, came, went)
	case len(have) > 0:
		return have[0]
	case ch.custom != "":
		return ""
	}
	return nil
}

func fieldsIn(changes []change) (names []string) {
	for _, ch := range changes {
		names = append(names, ch.field.Name)
	}
	return names
}

// notes say what is not as it was asked for, and why; tool is the one that shows what holds.
func (s sending) notes(tool string, open []string, missed bool, unread error) (notes []string) {
	switch {
	case missed && s.err != nil:
		notes = append(notes, "the API failed midway: "+s.err.Error()+"; not_changed says what was not done")
	case missed:
		notes = append(notes, "the API accepted this and did not do all of it; not_changed says what was not done")
	}
	what := strings.Join(open, ", ")
	switch {
	case len(open) == 0:
	case unread != nil:
		notes = append(notes, "it was sent and could not be read back ("+reason(unread)+"), "+what+": "+tool+" shows what holds now")
	case s.err != nil:
		notes = append(notes, "the API's answer was lost ("+s.err.Error()+"), and this was not seen to be done: "+what+". "+tool+" shows in a minute whether it was; the same call may be made again, it sets the same values")
	default:
		notes = append(notes, "the API accepted this, and it is not seen yet: "+what+". "+tool+" shows in a minute whether it holds; the same call may be made again, it sets the same values")
	}
	return notes
}

// undoAfter gives what undoes all that came of changes, and what may have come of them.
func (d *Desk) undoAfter(ctx context.Context, before *wisecx.Case, c came, spam *bool) undoing {
	u := d.undoOf(ctx, before, slices.Concat(c.held, c.along, c.open))
	if len(c.held)+len(c.along) > 0 { // of what is not seen nothing can be expected; alone, it is the expectation that tells
		for _, ch := range c.open {
			delete(u.expect, ch.field.Name)
		}
	}
	switch {
	case spam == nil || !c.marked:
	case *spam:
		u.values["spam"] = false // which it was, as far as anybody can tell
	default:
		u.lacks = append(u.lacks, "spam")
	}
	return u
}

// nameTags writes the tags of a case by their names, where the API shows their ids [I].
func (d *Desk) nameTags(ctx context.Context, c *wisecx.Case) {
	if !numericTags([]*wisecx.Case{c}) {
		return
	}
	list, err := d.directory.names(ctx, "tag")
	if err != nil {
		return
	}
	for i, tag := range c.Tags {
		id, notNumber := strconv.ParseInt(tag, 10, 64)
		if at, known := list.byID[id]; known && notNumber == nil {
			c.Tags[i] = list.entries[at].name
		}
	}
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// window is the first day that GET /cases reaches: three months back, by created_at [C][I].
func window(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m-3, d, 0, 0, 0, 0, now.Location())
}

// coverage says how far the answer reaches, with a note where that is less than what was asked.
func (d *Desk) coverage(ask CaseFilters, found *scan.Scan[wisecx.Case], returned int, now time.Time, page *CasePage) Coverage {
	from := window(now)
	c := Coverage{From: from.Format(time.DateOnly), Scanned: returned, Complete: !found.Cut}
	if found.Sparse {
		c.Scanned = found.Scanned
	}
	if found.Cut {
		page.Notes = append(page.Notes, stopped(found))
	}
	if found.Unsorted {
		page.Notes = append(page.Notes, "the API did not sort the cases as asked; they are in its own order")
	}
	c.reach(ask, now, page)
	return c
}

// reach notes where what was asked begins before what the API lists.
func (c *Coverage) reach(ask CaseFilters, now time.Time, page *CasePage) {
	if beyond(ask, window(now), now) {
		c.Complete = false
		page.Notes = append(page.Notes, "the API lists no cases created before "+c.From+"; get_case finds an older one by its id")
	}
}

// stopped says why a scan ended before the list did.
func stopped[T any](s *scan.Scan[T]) string {
	why := ""
	switch {
	case errors.Is(s.Trouble, context.DeadlineExceeded):
		why = " since the call's time was up"
	case s.Trouble != nil:
		why = ": " + reason(s.Trouble)
	}
	return fmt.Sprintf("looked through %d %s and stopped%s; next_cursor goes on from there", s.Scanned, s.What, why)
}

// beyond tells whether what was asked reaches further back than the API lists: a span that begins or ends
// before it, or numbers of cases, which may be older.
func beyond(ask CaseFilters, from, now time.Time) bool {
	before := func(word string, e edge) bool {
		if word == "" {
			return false
		}
		at, err := pointInTime("", word, e, now)
		return err == nil && at.Before(from)
	}
	for _, span := range []Range{ask.Created, ask.Updated, ask.Solved, ask.Closed} {
		if before(span.After, startOf) || before(span.Before, endOf) {
			return true
		}
	}
	return false
}

// hints say what a person would add to an answer that may mislead: where nothing was found, how values were
// compared; which numbers are missing; where empty dates stand.
func hints(ask CaseSearch, filters []*filter, page *CasePage) []string {
	var notes []string
	for _, f := range filters {
		if f.note != "" {
			notes = append(notes, f.note)
		}
		if f.none {
			notes = append(notes, fmt.Sprintf("the API cannot be asked for cases without %s: they were picked out here", f.Field.Name))
		}
	}
	if missing := missingNumbers(ask.Numbers, page); len(missing) > 0 && ask.Cursor == "" {
		notes = append(notes, fmt.Sprintf("no case of the last three months with these filters has the number %s; get_case tries a number as an id too", strings.Join(missing, ", ")))
	}
	if ask.oldestFirst() && ask.Cursor == "" && !beyond(ask.CaseFilters, window(page.now), page.now) && !slices.ContainsFunc(filters, (*filter).begins) {
		notes = append(notes, fmt.Sprintf("the API lists no cases created before %s: older ones, which may come first in this order, are not seen", page.Coverage.From))
	}
	if field := ask.SortBy; len(page.Rows) > 0 && ask.Ascending && field != "" {
		if f, err := sortField(field); err == nil && page.Rows[0].Get(f.Name) == nil && slices.ContainsFunc(page.shown, func(c column) bool { return c.name == f.Name }) {
			notes = append(notes, fmt.Sprintf("cases without %s come first; a condition such as \"%s GREATER 2000-01\" leaves them out", f.Name, f.Name))
		}
	}
	if len(page.Rows) > 0 || page.HasMore {
		return notes
	}
	if ask.Text != "" {
		notes = append(notes, "text takes whole words or their plurals, all of them, in subject or summary only; fewer words, or a type, may find more")
	}
	for _, f := range filters {
		if f.Field.Name == "priority" {
			notes = append(notes, spelling(f))
		}
		if slices.ContainsFunc(f.shown, func(v string) bool { return strings.Contains(v, " AND ") }) {
			notes = append(notes, "each condition is an item of its own in where; AND within one is part of its value")
		}
	}
	return notes
}

// mostValueNotes is of how many values it is said at the most.
const mostValueNotes = 3

func spelling(f *filter) string {
	return fmt.Sprintf("values of %s must be spelled as in Wise CX, upper and lower case included", f.Field.Name)
}

// valueNotes say where nothing was found how the values of custom fields are spelled: the nearest options of a field that
// has any.
func (d *Desk) valueNotes(ctx context.Context, filters []*filter) []string {
	var notes []string
	for _, f := range filters {
		if f.custom == "" || len(f.Values) == 0 || f.negative() {
			continue
		}
		list, err := d.fieldOptions(ctx, f.custom)
		if err != nil || len(list) == 0 {
			notes = append(notes, spelling(f))
			continue
		}
		options := make([]string, len(list))
		for i, o := range list {
			options[i] = clip(o.name, 60)
		}
		for _, v := range f.Values {
			value := fmt.Sprint(v)
			if slices.ContainsFunc(list, func(o listing) bool { return o.name == value }) {
				continue
			}
			near, which := text.Nearest(value, options, 3), "the nearest"
			if len(near) == 0 {
				near, which = options[:min(len(options), 10)], "the first"
			}
			if len(notes) < mostValueNotes {
				notes = append(notes, fmt.Sprintf("%s has no option %q; %s of its %d: %s", clip(f.custom, 60), clip(text.Line(value), 60), which, len(options), strings.Join(near, ", ")))
			}
		}
	}
	return notes
}

// oldestFirst tells whether the order begins with what is oldest, or waits longest.
func (ask *CaseSearch) oldestFirst() bool {
	byWait := ask.Waiting != Waiting{} && ask.Waiting.WindowCloses == "" && ask.SortBy == ""
	return ask.Ascending || byWait
}

// begins tells whether no case that meets the filter is older than a certain one.
func (f *filter) begins() bool {
	switch f.Field.Name {
	case "created_at", "number", "id":
		return f.Operator != wisecx.Lower && f.Operator != wisecx.LowerEqual && !f.negative()
	}
	return false
}

// missingNumbers gives the numbers asked for that a page which is the whole answer does not have.
func missingNumbers(asked []int64, page *CasePage) []string {
	if page.HasMore || len(asked) == 0 || !slices.ContainsFunc(page.shown, func(c column) bool { return c.name == "number" }) {
		return nil
	}
	var missing []string
	for _, n := range asked {
		if !slices.ContainsFunc(page.Rows, func(r Row) bool { return r.Get("number") == n }) && len(missing) < 10 {
			missing = append(missing, strconv.FormatInt(n, 10))
		}
	}
	return missing
}

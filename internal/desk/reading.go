package desk

import (
	"context"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

// unsortedPages are the pages of a thread that are read where the API does not sort it, 5,000 entries.
const unsortedPages = 50

// readThread reads a case's entries from its newest, or from its oldest where oldestFirst, until they are enough.
// first is the page to begin with, 1 for the thread's end or beginning. What comes back is in order of time.
func (d *Desk) readThread(ctx context.Context, caseID int64, oldestFirst bool, first int, enough func([]wisecx.Activity) bool) (*thread, error) {
	t := &thread{first: first}
	seen := map[int64]bool{}
	most := threadPages
	for page := first; page < first+most; page++ {
		rows, err := d.listEntries(ctx, caseID, wisecx.Query{Sort: "id", Descending: !oldestFirst, Limit: wisecx.MaxPage, Page: page})
		if err != nil {
			return nil, err
		}
		if !inOrder(rows, oldestFirst) { // the newest may be on the last page: all of them are read
			t.unsorted, most = true, unsortedPages
		}
		if first > 1 && (t.unsorted || len(rows) == 0 && page == first) { // the place is of another order, or of a longer thread
			return d.readThread(ctx, caseID, oldestFirst, 1, enough)
		}
		for _, a := range rows {
			if !seen[int64(a.ID)] {
				seen[int64(a.ID)] = true
				t.entries = append(t.entries, a)
			}
		}
		slices.SortStableFunc(t.entries, inTime)
		if t.whole = len(rows) < wisecx.MaxPage; t.whole || !t.unsorted && enough(t.entries) {
			break
		}
	}
	return t, nil
}

// inOrder tells whether a page of a thread came as it was asked for.
func inOrder(rows []wisecx.Activity, oldestFirst bool) bool {
	return slices.IsSortedFunc(rows, func(a, b wisecx.Activity) int {
		if oldestFirst {
			return inTime(a, b)
		}
		return inTime(b, a)
	})
}

// That a case's updated_at is not older than its newest message is inferred [I]. Scans choose cases by it, since it
// spares them most threads, and hold it against every thread that they read.

// lags tells whether a thread contradicts that. A message of the last minutes may have come after the case was read.
func (d *Desk) lags(c *wisecx.Case, t *thread) bool {
	if len(t.entries) == 0 || c.UpdatedAt.IsZero() {
		return false
	}
	newest := t.entries[len(t.entries)-1].CreatedAt
	return newest.Sub(c.UpdatedAt.Time) > time.Minute && d.now().Sub(newest.Time) > 2*time.Minute
}

// updatedSince is the filter by it, nil where it was seen not to hold.
func (d *Desk) updatedSince(at time.Time) *filter {
	if at.IsZero() || d.laggard.Load() {
		return nil
	}
	return &filter{Condition: wisecx.Condition{Field: caseField("updated_at"), Operator: wisecx.GreaterEqual, Values: []any{at}}, shown: []string{d.show(at)}}
}

const lagNote = "cases have messages newer than their updated_at, so cases could not be chosen by it"

package desk

import (
	"context"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

// readThread reads a case's entries from its newest, or from its oldest where oldestFirst, until they are enough.
// first is the page to begin with, 1 for the thread's end or beginning. What comes back is in order of time.
func (d *Desk) readThread(ctx context.Context, caseID int64, oldestFirst bool, first int, enough func([]wisecx.Activity) bool) (*thread, error) {
	t := &thread{}
	seen := map[int64]bool{}
	unsorted := false
	for page := first; page < first+threadPages; page++ {
		rows, err := d.api.ListActivities(ctx, caseID, wisecx.Query{Sort: "id", Descending: !oldestFirst, Limit: wisecx.MaxPage, Page: page})
		if err != nil {
			return nil, err
		}
		// Where the API does not sort as asked, the newest may be on the last page: all of them are read.
		unsorted = unsorted || !slices.IsSortedFunc(rows, func(a, b wisecx.Activity) int {
			if oldestFirst {
				return inTime(a, b)
			}
			return inTime(b, a)
		})
		if unsorted && first > 1 {
			return d.readThread(ctx, caseID, oldestFirst, 1, func([]wisecx.Activity) bool { return false })
		}
		for _, a := range rows {
			if !seen[int64(a.ID)] {
				seen[int64(a.ID)] = true
				t.entries = append(t.entries, a)
			}
		}
		slices.SortStableFunc(t.entries, inTime)
		if t.whole = len(rows) < wisecx.MaxPage; t.whole || !unsorted && enough(t.entries) {
			break
		}
	}
	return t, nil
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

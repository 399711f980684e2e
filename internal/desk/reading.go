package desk

import (
	"context"
	"slices"

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

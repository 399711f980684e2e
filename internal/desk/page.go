package desk

import (
	"time"

	"wisecx-mcp/internal/scan"
)

// Page is a page of a list: rows, what they were chosen by, and where the list goes on.
type Page struct {
	Rows     []Row
	HasMore  bool
	Timezone string
	Notes    []string

	query []byte
	now   time.Time
	after []spot // behind each row
	next  spot   // behind the last thing that was looked at
}

// spot is how far a reading came: in a list, and inside what stands there.
type spot struct{ place, inside scan.Place }

// Cursor continues the list behind the first n rows.
func (p *Page) Cursor(n int) string {
	at := p.next
	if n > 0 && n <= len(p.after) && (n < len(p.Rows) || !p.HasMore) {
		at = p.after[n-1]
	}
	return cursor{query: p.query, now: p.now.Unix(), place: at.place, inside: at.inside}.String()
}

package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// ListPage is a page of contacts or organizations.
type ListPage struct {
	Page
	Applied  string
	Coverage ListCoverage
}

// ListCoverage says how much of a list was looked at where the API cannot filter it.
type ListCoverage struct {
	Scanned  int  `json:"scanned"`
	Complete bool `json:"complete"` // false: the list goes on behind what was scanned
}

// listed reads a page of a list.
func listed[T any](ctx context.Context, search *listScan[T], query []byte, now time.Time, from scan.Place, limit int) (*ListPage, []*T, error) {
	for _, f := range search.filters {
		f.carried = f.Field.Sure == wisecx.Inferred && f.custom == "" // a filter of which nobody knows whether it works
	}
	found, err := search.run(ctx, from, limit)
	if err != nil {
		return nil, nil, err
	}
	page := search.desk.listPage(query, now, appliedOf(search.filters), search.notes)
	rows, next := found.Answer()
	if page.HasMore = next != nil; page.HasMore {
		page.next = spot{place: *next}
	}
	items := make([]*T, len(rows))
	for i, r := range rows {
		items[i] = r.Item
		page.after = append(page.after, spot{place: r.After})
	}
	page.Coverage = ListCoverage{Scanned: len(rows), Complete: !found.Cut}
	if found.Sparse {
		page.Coverage.Scanned = found.Scanned
	}
	if found.Cut {
		page.Notes = append(page.Notes, stopped(found))
	}
	if found.Unsorted {
		page.Notes = append(page.Notes, "the API did not sort the "+search.kind.resource.Name+" as asked; they are in its own order")
	}
	for _, f := range search.filters {
		if f.custom != "" && len(rows) == 0 && !page.HasMore {
			page.Notes = append(page.Notes, "values of "+f.Field.Name+" must be spelled as in Wise CX, upper and lower case included")
		}
	}
	return page, items, nil
}

func (d *Desk) listPage(query []byte, now time.Time, applied string, notes []string) *ListPage {
	return &ListPage{Applied: applied, Page: Page{Timezone: d.zone.String(), Notes: notes, query: query, now: now}}
}

// namedBy tells whether texts hold all words of a query as whole words, accents and case aside. Names have no plurals:
// who asks for Flores does not mean Flor.
func namedBy(query []string, texts ...string) bool {
	have := wordsIn(strings.Join(texts, " "))
	for _, word := range query {
		if !slices.Contains(have, word) {
			return false
		}
	}
	return len(query) > 0
}

// wordsIn are the words of a text, folded.
func wordsIn(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

package tools

import (
	"slices"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

// list is what every list says of itself, between its rows and whatever else it tells.
type list struct {
	Returned   int    `json:"returned"`
	HasMore    bool   `json:"has_more"`
	NextCursor string `json:"next_cursor,omitempty"`

	page *desk.Page
}

// defaultLimit is how many rows a list has where nothing else is asked.
const defaultLimit = 20

// cursorRoom is what a cut page's cursor may cost more than that of the whole one, in tokens.
const cursorRoom = 20

// cutNote says why there are fewer rows than asked for.
const cutNote = "fewer rows than asked for, to fit the answer's budget; next_cursor goes on"

// fit writes result, of which this list and its notes are parts, with as many rows from the first on as the budget holds,
// and with a cursor that goes on behind the last one shown. Where not even one row fits, clip cuts its texts.
func (l *list) fit(result any, rows *Rows, notes *[]string, budget int, clip func(row desk.Row, size int) desk.Row) ([]byte, error) {
	all := l.page.Rows
	room, err := l.fill(result, rows, budget)
	if err == nil && len(*rows) < len(all) && len(all) > 1 {
		*notes = append(slices.Clip(*notes), cutNote)
		room, err = l.fill(result, rows, budget)
	}
	if err != nil {
		return nil, err
	}
	for size := budget * 2; len(*rows) == 0 && len(all) > 0 && size > 5; size = size * 2 / 3 {
		if *rows, err = encodeRows([]desk.Row{clip(all[0], size)}, room); err != nil {
			return nil, err
		}
	}
	if len(*rows) == 0 && len(all) > 0 {
		cut := append(all[0][:1:1], desk.Cell{Name: "cut", Value: "too large for the budget; ask for fewer fields"})
		if *rows, err = encodeRows([]desk.Row{cut}, max(room, budget/2)); err != nil {
			return nil, err
		}
	}
	l.show(len(*rows))
	return encode(result)
}

// fill puts in as many rows as the budget holds, and gives what it leaves to them, in tokens.
func (l *list) fill(result any, rows *Rows, budget int) (room int, err error) {
	all := l.page.Rows
	*rows = Rows{}
	l.show(len(all))
	if l.NextCursor == "" && len(all) > 0 {
		l.NextCursor = l.page.Cursor(len(all)) // what it may cost
	}
	frame, err := encode(result)
	if err != nil {
		return 0, err
	}
	room = budget - text.Tokens(frame) - cursorRoom
	*rows, err = encodeRows(all, room)
	return room, err
}

// show says how the list goes on behind its first n rows.
func (l *list) show(n int) {
	l.Returned = n
	l.HasMore = l.page.HasMore || n < len(l.page.Rows)
	l.NextCursor = ""
	if l.HasMore {
		l.NextCursor = l.page.Cursor(n)
	}
}

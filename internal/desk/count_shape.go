package desk

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Figures are what was counted, by group: in Groups by one key, in Rows by two, and in neither without a key.
type Figures struct {
	Groups  []Row
	Columns []string
	Rows    [][]any
	Cases   []int // of each group or row
	Notes   []string
}

// Total gives the figures of all cases together.
func (c *CaseCount) Total() Row { return c.tally.row(nil, c.tally.total) }

// row shows a group: its count, and what was measured.
func (t *tally) row(row Row, g *group) Row {
	row = append(row, Cell{"count", int64(g.cases)})
	for i, m := range t.measures {
		row = append(row, Cell{m.name, m.row(g, i)})
	}
	return row
}

func (m measure) row(g *group, i int) Row {
	s := spreadOf(g.spans[i], m.unit)
	row := Row{{"n", int64(s.N)}}
	if s.N > 0 {
		row = append(row, Cell{"median", s.Median}, Cell{"p90", s.P90})
	}
	return append(row, Cell{"unit", m.unitName()})
}

// Figures gives the groups in their order. Of a table that counts by two keys, most is how many columns it has for the
// values of the second key at the most; the others are summed up.
func (c *CaseCount) Figures(most int) Figures {
	t := c.tally
	switch {
	case len(t.axes) == 0:
		return Figures{}
	case len(t.axes) == 1:
		return t.list()
	case len(t.measures) > 0:
		return t.long()
	}
	return t.table(most)
}

// list shows the groups by one key.
func (t *tally) list() Figures {
	var f Figures
	a := t.axes[0]
	for _, value := range a.ordered() {
		g := t.cell([2]string{value})
		f.Groups = append(f.Groups, t.row(Row{{a.key, a.label(value)}}, g))
		f.Cases = append(f.Cases, g.cases)
	}
	return f
}

// mostColumns is how many values of a key become columns; a key with more becomes the rows where that serves better.
const mostColumns = 40

// table counts by two keys: the first one's values are the rows, the second one's the columns.
func (t *tally) table(most int) Figures {
	first, second := t.axes[0], t.axes[1]
	turned := len(second.count) > mostColumns && (len(first.count) <= mostColumns || second.isTime())
	rows, columns := first, second
	if turned {
		rows, columns = second, first
	}
	cells := make(map[[2]string]int, len(t.groups)) // by row and column
	sums := map[string]int{}
	for place, g := range t.groups {
		if turned {
			place[0], place[1] = place[1], place[0]
		}
		cells[place] = g.cases
		sums[place[0]] += g.cases
	}
	shown, summed := columns.columns(min(most, mostColumns))
	f := Figures{Columns: []string{rows.key}}
	for _, value := range shown {
		f.Columns = append(f.Columns, columns.label(value))
	}
	if len(summed) > 0 {
		f.Columns = append(f.Columns, othersLabel)
		f.Notes = append(f.Notes, fmt.Sprintf("the column %s sums up %d values of %s", othersLabel, len(summed), columns.key))
	}
	f.Columns = append(f.Columns, totalLabel)
	for _, v := range rows.ordered() {
		row, rest := []any{rows.label(v)}, sums[v]
		for _, w := range shown {
			n := cells[[2]string{v, w}]
			row, rest = append(row, n), rest-n
		}
		if len(summed) > 0 {
			row = append(row, rest)
		}
		f.Rows = append(f.Rows, append(row, rows.count[v]))
		f.Cases = append(f.Cases, rows.count[v])
	}
	return f
}

// columns gives the values that become columns, in their order, and those that are summed up: the largest stay.
func (a *axis) columns(most int) (shown, summed []string) {
	values := a.ordered()
	if over := slices.Index(values, overflow); over >= 0 {
		values, summed = values[:over], values[over:]
	}
	if len(values) <= most {
		return values, summed
	}
	largest := slices.Clone(values)
	slices.SortStableFunc(largest, func(x, y string) int { return a.count[y] - a.count[x] })
	stays := map[string]bool{}
	for _, value := range largest[:most] {
		stays[value] = true
	}
	return slices.DeleteFunc(values, func(v string) bool { return !stays[v] }), append(summed, largest[most:]...)
}

// mostZeros is up to how many rows a long table shows combinations that no case has.
const mostZeros = 200

// long shows what was measured by two keys, a row for each combination.
func (t *tally) long() Figures {
	first, second := t.axes[0], t.axes[1]
	f := Figures{Columns: []string{first.key, second.key, "count"}}
	for _, m := range t.measures {
		f.Columns = append(f.Columns, m.name+"_n", m.name+"_median", m.name+"_p90")
	}
	places := t.places()
	if len(places) < len(first.count)*len(second.count) {
		f.Notes = append(f.Notes, "combinations without a case are left out")
	}
	for _, place := range places {
		g := t.groups[place]
		if g == nil {
			g = &group{spans: make([][]time.Duration, len(t.measures))}
		}
		f.Rows = append(f.Rows, t.cells([]any{first.label(place[0]), second.label(place[1]), g.cases}, g))
		f.Cases = append(f.Cases, g.cases)
	}
	return f
}

// places gives the combinations of two keys in their order; where they are too many, those that occur.
func (t *tally) places() [][2]string {
	first, second := t.axes[0].ordered(), t.axes[1].ordered()
	var places [][2]string
	if len(first)*len(second) <= mostZeros {
		for _, v := range first {
			for _, w := range second {
				places = append(places, [2]string{v, w})
			}
		}
		return places
	}
	ranks := [2]map[string]int{{}, {}}
	for i, values := range [2][]string{first, second} {
		for rank, value := range values {
			ranks[i][value] = rank
		}
	}
	for place := range t.groups {
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b [2]string) int {
		return cmp.Or(ranks[0][a[0]]-ranks[0][b[0]], ranks[1][a[1]]-ranks[1][b[1]])
	})
	return places
}

// cells adds to a row what was measured; a median of nothing is null.
func (t *tally) cells(row []any, g *group) []any {
	for i, m := range t.measures {
		s := spreadOf(g.spans[i], m.unit)
		if s.N == 0 {
			row = append(row, 0, nil, nil)
			continue
		}
		row = append(row, s.N, s.Median, s.P90)
	}
	return row
}

package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// What cases are measured by, beside their count.
const (
	ageMeasure        = "age"
	firstReadMeasure  = "first_read_time"
	firstReplyMeasure = "first_reply_time"
	replyMeasure      = "reply_time"
	resolutionMeasure = "resolution_time"
)

// measure is how long something takes.
type measure struct {
	name string
	unit time.Duration
	of   func(c *wisecx.Case, now time.Time) (time.Duration, bool) // nil for what only the thread tells
	keys []string                                                  // the API's fields that it needs
}

var measures = []measure{
	{ageMeasure, time.Hour, ageSpan, []string{"status"}},
	{firstReadMeasure, time.Minute, func(c *wisecx.Case, _ time.Time) (time.Duration, bool) { return firstReadSpan(c) }, caseTable.keys("first_read_at")},
	{firstReplyMeasure, time.Minute, nil, nil},
	{replyMeasure, time.Minute, nil, nil},
	{resolutionMeasure, time.Hour, func(c *wisecx.Case, _ time.Time) (time.Duration, bool) { return resolutionSpan(c) }, []string{"status", "solved_at", "closed_at"}},
}

// measuresOf reads measure, where count goes without saying.
func measuresOf(words []string) ([]measure, error) {
	var asked []measure
	for _, word := range words {
		word = strings.ReplaceAll(text.Fold(word), " ", "_")
		i := slices.IndexFunc(measures, func(m measure) bool { return m.name == word })
		if word == "count" || i >= 0 && slices.ContainsFunc(asked, func(m measure) bool { return m.name == word }) {
			continue
		}
		if i < 0 {
			all := []string{"count"}
			for _, m := range measures {
				all = append(all, m.name)
			}
			return nil, &Refusal{Argument: "measure", Problem: fmt.Sprintf("there is no measure %q", clip(word, 60)), Expected: "any of " + strings.Join(all, ", ")}
		}
		asked = append(asked, measures[i])
	}
	return asked, nil
}

func (m measure) unitName() string {
	if m.unit == time.Hour {
		return "hours"
	}
	return "minutes"
}

// tally is what was counted and measured so far. It keeps no cases.
type tally struct {
	axes     []*axis
	measures []measure
	now      time.Time
	total    *group
	groups   map[[2]string]*group

	cases   int
	waiting map[string]int // by measure: what has no time because nobody answered yet
	ours    int            // cases without a first question of the customer's
}

// group is what fell into one cell.
type group struct {
	cases int
	spans [][]time.Duration // by measure
}

func newTally(axes []*axis, asked []measure, now time.Time) *tally {
	t := &tally{axes: axes, measures: asked, now: now}
	t.begin()
	return t
}

// begin forgets everything, so that a reading can begin anew.
func (t *tally) begin() {
	*t = tally{axes: t.axes, measures: t.measures, now: t.now, total: &group{spans: make([][]time.Duration, len(t.measures))},
		groups: map[[2]string]*group{}, waiting: map[string]int{}}
	for _, a := range t.axes {
		clear(a.count)
	}
}

// replies tells whether threads have to be read.
func (t *tally) replies() bool {
	return slices.ContainsFunc(t.measures, func(m measure) bool { return m.of == nil })
}

// onlyFirst tells whether a thread's first question and its answer are all that is asked for.
func (t *tally) onlyFirst() bool {
	return !slices.ContainsFunc(t.measures, func(m measure) bool { return m.name == replyMeasure })
}

// add counts a case and measures what its row tells.
func (t *tally) add(c *wisecx.Case) {
	t.cases++
	values := t.valuesOf(c)
	for i, a := range t.axes {
		for _, value := range values[i] {
			a.count[value]++
		}
	}
	groups := t.at(values)
	for _, g := range groups {
		g.cases++
	}
	for i, m := range t.measures {
		if m.of == nil {
			continue
		}
		lasted, known := m.of(c, t.now)
		if !known {
			t.waiting[m.name]++
			continue
		}
		put(groups, i, lasted)
	}
}

// addReplies measures what a case's thread tells. Replies are credited to who wrote them.
func (t *tally) addReplies(c *wisecx.Case, exchanges []exchange) {
	begun := false
	for _, e := range exchanges {
		begun = begun || e.first
		for i, m := range t.measures {
			if m.of != nil || m.name == firstReplyMeasure && !e.first {
				continue
			}
			lasted, known := span(e.asked, e.answered)
			if !known {
				t.waiting[m.name]++
				continue
			}
			put(t.at(t.credited(c, &e)), i, lasted)
		}
	}
	if !begun {
		t.ours++
	}
}

func put(groups []*group, measure int, lasted time.Duration) {
	for _, g := range groups {
		g.spans[measure] = append(g.spans[measure], lasted)
	}
}

// valuesOf gives the groups of a case on each axis.
func (t *tally) valuesOf(c *wisecx.Case) [][]string {
	values := make([][]string, len(t.axes))
	for i, a := range t.axes {
		for _, value := range a.values(c) {
			if value = a.room(value); !slices.Contains(values[i], value) {
				values[i] = append(values[i], value)
			}
		}
	}
	return values
}

// credited gives the groups of a reply: those of its case, but the agent is the one who wrote it.
func (t *tally) credited(c *wisecx.Case, e *exchange) [][]string {
	values := t.valuesOf(c)
	for i, a := range t.axes {
		if a.key == "agent" {
			values[i] = []string{a.room(writer(e))}
		}
	}
	return values
}

// writer is who replied, as a value of the axis of agents.
func writer(e *exchange) string {
	switch {
	case e.agent != 0:
		return strconv.FormatInt(e.agent, 10)
	case e.by != "":
		return byName + e.by
	}
	return anonymous
}

// at gives the groups at every combination of the values, and the total.
func (t *tally) at(values [][]string) []*group {
	groups := []*group{t.total}
	switch len(values) {
	case 1:
		for _, v := range values[0] {
			groups = append(groups, t.cell([2]string{v}))
		}
	case 2:
		for _, v := range values[0] {
			for _, w := range values[1] {
				groups = append(groups, t.cell([2]string{v, w}))
			}
		}
	}
	return groups
}

// cell gives the group at a place, made where nothing fell before.
func (t *tally) cell(at [2]string) *group {
	g := t.groups[at]
	if g == nil {
		g = &group{spans: make([][]time.Duration, len(t.measures))}
		t.groups[at] = g
		for i, a := range t.axes {
			a.count[at[i]] += 0
		}
	}
	return g
}

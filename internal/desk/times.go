package desk

import (
	"math"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

// exchange is a turn of the customer's with its answer.
type exchange struct {
	asked    time.Time // the customer's first message after our last word, or after the thread's start
	answered time.Time // the first reply to it by a person; zero while there is none
	agent    int64     // who replied; 0 when not known, or no reply
	by       string
	first    bool // the first of a case that the customer began
}

// exchangesOf pairs what the customer asked with our answers, oldest first. A case that we began has
// reply times, but none of its exchanges is the first. Steps whose time cannot be read do not count.
// Of a thread that was not read to its beginning, the first exchange may have begun earlier, and
// may not be the case's first.
func exchangesOf(steps []step) []exchange {
	var exchanges []exchange
	waiting, begun := false, false
	for _, s := range steps {
		switch {
		case s.at.IsZero():
			continue
		case s.side == onCustomer && !waiting:
			exchanges = append(exchanges, exchange{asked: s.at, first: !begun})
			waiting = true
		case s.side == onUs && waiting:
			last := &exchanges[len(exchanges)-1]
			last.answered, last.agent, last.by = s.at, s.agent, s.by
			waiting = false
		}
		begun = true
	}
	return exchanges
}

// spread sums up how long something took.
type spread struct {
	N           int
	Median, P90 float64 // in the unit that was asked for, rounded to one decimal; 0 where N is
}

// spreadOf gives the median, the middle duration or the mean of the middle two, and the 90th
// percentile, interpolated linearly between the closest ranks as PERCENTILE.INC of spreadsheets does.
func spreadOf(durations []time.Duration, unit time.Duration) spread {
	if len(durations) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(durations))
	percentile := func(p float64) float64 {
		rank := p * float64(len(sorted)-1)
		below := int(rank)
		above := min(below+1, len(sorted)-1)
		low, high := float64(sorted[below]), float64(sorted[above])
		return tenths((low + (high-low)*(rank-float64(below))) / float64(unit))
	}
	return spread{N: len(sorted), Median: percentile(0.5), P90: percentile(0.9)}
}

// tenths rounds to one decimal.
func tenths(x float64) float64 { return math.Round(x*10) / 10 }

// firstReadSpan is how long it took until somebody of ours opened a case, which is no answer yet.
func firstReadSpan(c *wisecx.Case) (time.Duration, bool) {
	return span(c.CreatedAt.Time, c.FirstReadAt.Time)
}

// resolutionSpan is how long it took to solve a case, or to close one that was never solved. One that
// was opened again has none.
func resolutionSpan(c *wisecx.Case) (time.Duration, bool) {
	switch {
	case !resolved(c):
		return 0, false
	case c.SolvedAt.IsZero():
		return span(c.CreatedAt.Time, c.ClosedAt.Time)
	}
	return span(c.CreatedAt.Time, c.SolvedAt.Time)
}

// ageSpan is how old a case is that still wants work.
func ageSpan(c *wisecx.Case, now time.Time) (time.Duration, bool) {
	if !slices.Contains(unresolved, string(c.Status)) {
		return 0, false
	}
	return span(c.CreatedAt.Time, now)
}

func resolved(c *wisecx.Case) bool {
	return c.Status == wisecx.StatusSolved || c.Status == wisecx.StatusClosed
}

// span is the time between two points; there is none where one is not known, or where a clock's error
// would make it negative.
func span(from, to time.Time) (time.Duration, bool) {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return 0, false
	}
	return to.Sub(from), true
}

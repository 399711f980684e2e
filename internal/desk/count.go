package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx"
)

// CountQuery is what count_cases asks, as the caller wrote it.
type CountQuery struct {
	CaseFilters
	Waiting Waiting
	GroupBy []string // none, one or two of groupKeys
	Measure []string // none means the count alone
	MaxScan int      // cases that are looked at, or where threads are read, whose thread is, at the most; 0 means the default
}

// How many cases one call looks at, and of how many it reads the thread.
const (
	defaultScan    = 10_000
	mostScan       = 50_000
	defaultThreads = 1000
	mostThreads    = 2000
)

// CountCoverage says which cases the figures are about.
type CountCoverage struct {
	From    string `json:"from" jsonschema_description:"cases created before this day are not in reach"`
	Scanned int    `json:"scanned" jsonschema_description:"cases that were looked at"`
	Threads int    `json:"conversations_read,omitempty"`
	Newest  string `json:"newest_case,omitempty" jsonschema_description:"created_at"`
	Oldest  string `json:"oldest_case,omitempty"`
}

// CaseCount are the figures of a CountQuery.
type CaseCount struct {
	Exact    bool // every case that fits is in the figures
	Applied  string
	DatedBy  string // the field whose days, weeks, months or hours are counted
	Coverage CountCoverage
	Timezone string
	Notes    []string

	tally *tally
}

// CountCases counts the cases that fit, and measures how long things took in them, by up to two keys. It reads all
// cases that the filters leave, a hundred a request and several requests at a time.
func (d *Desk) CountCases(ctx context.Context, ask CountQuery) (*CaseCount, error) {
	now := d.now().In(d.zone)
	dated, asked := datedBy(ask.CaseFilters)
	axes, err := axesOf(ask.GroupBy, dated, d.zone)
	if err != nil {
		return nil, err
	}
	timed, err := measuresOf(ask.Measure)
	if err != nil {
		return nil, err
	}
	filters, err := d.filters(ctx, ask.CaseFilters, now)
	if err != nil {
		return nil, err
	}
	limits, err := waitsOf(ask.Waiting, now)
	if err != nil {
		return nil, err
	}
	waiting := ask.Waiting != Waiting{}
	if waiting {
		filters = append(filters, limits.implied(d, ask.CaseFilters, now)...)
	}
	c := &counting{desk: d, ask: ask, now: now, filters: filters, tally: newTally(axes, timed, now), waiting: waiting, waits: limits}
	found := &CaseCount{Applied: appliedOf(filters) + limits.String(d), Timezone: d.zone.String(), Notes: d.lookupAxes(ctx, axes), tally: c.tally}
	if slices.ContainsFunc(axes, (*axis).isTime) {
		found.DatedBy = dated
	}
	if err := c.read(ctx); err != nil {
		return nil, err
	}
	found.Coverage = CountCoverage{From: window(now).Format(time.DateOnly), Scanned: c.sweep.scanned, Threads: c.threads,
		Newest: d.moment(wisecx.Time{Time: c.sweep.newest}), Oldest: d.moment(wisecx.Time{Time: c.sweep.oldest})}
	found.Exact = c.exact()
	found.Notes = append(found.Notes, c.search.notes...)
	found.Notes = append(found.Notes, c.notes()...)
	found.Notes = append(found.Notes, c.fill(asked)...)
	if c.fits == 0 && c.sweep.whole {
		found.Notes = append(found.Notes, d.valueNotes(ctx, filters)...)
	}
	return found, nil
}

// counting is one call of CountCases.
type counting struct {
	desk    *Desk
	ask     CountQuery
	now     time.Time
	filters []*filter
	tally   *tally
	waiting bool // whose turn it is decides which cases count
	waits   waits

	search *listScan[wisecx.Case]
	sweep  *sweep
	fits   int           // cases that the filters leave
	chosen []wisecx.Case // whose threads are read, in this order

	threads int      // that were read
	noBots  error    // why bots cannot be told from agents
	unread  []string // numbers of the cases whose thread could not be read
	long    []string // of those whose thread was not read to its end
	trouble error    // what ended the reading of threads
	lags    bool     // a case's updated_at was older than its newest message
	missing lacking  // of the threads' entries
}

// reads tells whether threads have to be read.
func (c *counting) reads() bool { return c.tally.replies() || c.waiting }

// most is how many cases are looked at, of how many the thread is read at the most.
func (c *counting) most() (cases, threads int) {
	switch {
	case c.reads() && c.ask.MaxScan > 0: // all are looked at, so that it is known how many fit
		return defaultScan, min(c.ask.MaxScan, mostThreads)
	case c.ask.MaxScan > 0:
		return min(c.ask.MaxScan, mostScan), 0
	}
	return defaultScan, defaultThreads
}

// read reads the cases, and their threads where these are asked about.
func (c *counting) read(ctx context.Context) error {
	filters := c.filters
	if c.waiting && !c.waits.closes.IsZero() { // the customer wrote within the time that a window lasts
		if f := c.desk.updatedSince(c.now.Add(-windowLasts)); f != nil {
			filters = append(slices.Clip(filters), f)
		}
	}
	err := c.readBy(ctx, filters)
	if err == nil && c.lags && !c.desk.laggard.Swap(true) && len(filters) > len(c.filters) {
		err = c.readBy(ctx, c.filters) // cases were chosen by what does not hold
	}
	return err
}

func (c *counting) readBy(ctx context.Context, filters []*filter) error {
	id := caseField("id")
	c.search = &listScan[wisecx.Case]{desk: c.desk, kind: c.desk.caseKind(), filters: filters, sort: id, down: true, keys: c.keys(filters, id), reading: &scan.Scan[wisecx.Case]{}}
	c.threads, c.unread, c.long, c.trouble, c.missing = 0, nil, nil, nil, lacking{}
	sweeping, cancel := c.timeToSweep(ctx)
	defer cancel()
	err := c.search.settle(sweeping, func() error {
		c.tally.begin()
		c.fits, c.chosen = 0, nil
		c.sweep = c.newSweep()
		err := c.sweep.run(sweeping)
		c.search.reading.Trouble = c.sweep.trouble
		return err
	})
	if err != nil || !c.reads() {
		return err
	}
	if _, threads := c.most(); c.waiting {
		c.chosen = c.chosen[max(0, len(c.chosen)-threads):]
		slices.Reverse(c.chosen)
	}
	return c.readThreads(ctx)
}

// timeToSweep leaves most of the call's time to the threads that are read afterwards.
func (c *counting) timeToSweep(ctx context.Context) (context.Context, context.CancelFunc) {
	until, bounded := ctx.Deadline()
	if !bounded || !c.reads() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(until)/3)
}

// keys are the API's fields that are asked for.
func (c *counting) keys(filters []*filter, sort *wisecx.Field) []string {
	keys := append(keysOf(nil, filters, sort), caseTable.keys("number", "created_at")...)
	if c.waiting {
		keys = append(keys, caseTable.keys("status", "solved_at", "closed_at", "updated_at")...)
	}
	for _, a := range c.tally.axes {
		keys = append(keys, caseField(a.field).Key)
	}
	for _, m := range c.tally.measures {
		keys = append(keys, m.keys...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (c *counting) newSweep() *sweep {
	remote, _ := c.search.remote()
	cases, threads := c.most()
	scanned := 0
	return &sweep{
		list: func(ctx context.Context, down bool, page int) ([]wisecx.Case, error) {
			return c.search.kind.list(ctx, wisecx.Query{Fields: c.search.keys, Filter: remote, Sort: c.search.sort.Key, Descending: down, Page: page})
		},
		need: func() int { return cases - scanned },
		visit: func(rows []wisecx.Case) int {
			wanted := c.search.wanted(rows)
			for i := range rows {
				if scanned == cases {
					return i
				}
				if scanned++; wanted[i] {
					c.found(&rows[i], threads)
				}
			}
			return len(rows)
		},
	}
}

// found takes a case that fits. Where not all threads can be read, these are the newest cases', but of those who wait the
// oldest: long waits are in old cases.
func (c *counting) found(one *wisecx.Case, threads int) {
	c.fits++
	switch {
	case !c.reads():
		c.tally.add(one)
	case c.waiting && len(c.chosen) == 2*threads:
		c.chosen = append(c.chosen[:0], c.chosen[threads+1:]...)
		c.chosen = append(c.chosen, *one)
	case c.waiting || len(c.chosen) < threads:
		c.chosen = append(c.chosen, *one)
	}
}

// readThreads counts the chosen cases in their order, with what their threads tell.
func (c *counting) readThreads(ctx context.Context) error {
	reading, cancel := scan.Time(ctx)
	defer cancel()
	agents, err := c.desk.directory.names(reading, "agent")
	if c.noBots = err; ctx.Err() != nil {
		return ctx.Err()
	}
	threads := scan.NewAhead(reading, 0, len(c.chosen), scan.Workers, func(ctx context.Context, i int) (talk, error) {
		return c.talk(ctx, int64(c.chosen[i].ID), agents)
	})
	defer threads.Stop()
	told := scan.TellerOf(ctx)
	if len(c.chosen) > 0 { // the coverage is of those that are in the figures
		c.sweep.newest, c.sweep.oldest = time.Time{}, time.Time{}
	}
	for i := range c.chosen {
		one := &c.chosen[i]
		read, err := threads.Take()
		switch {
		case err == nil:
			if read.cut {
				c.long = append(c.long, fmt.Sprint(one.Number))
			}
			c.lags = c.lags || c.waiting && c.desk.lags(one, read.thread)
			c.missing.look(read.entries)
		case onlyThis(err):
			c.unread = append(c.unread, fmt.Sprint(one.Number))
		case ctx.Err() != nil || i == 0 && !errors.Is(err, context.DeadlineExceeded):
			return err
		default:
			c.trouble = err
			return nil
		}
		c.threads++
		c.sweep.reach(one.CreatedAt.Time)
		if c.waiting && (err != nil || !c.waits.holds(turnOf(read.thread, agents, one), c.now)) {
			continue
		}
		c.tally.add(one)
		if err == nil && c.tally.replies() {
			c.tally.addReplies(one, read.exchanges)
		}
		told.Say(i+1, len(c.chosen), "reading conversations")
	}
	return nil
}

// talk is what a thread tells of times.
type talk struct {
	*thread
	exchanges []exchange
	cut       bool // the thread goes on behind what was read
}

func (c *counting) talk(ctx context.Context, caseID int64, agents *names) (talk, error) {
	enough := func(read []wisecx.Activity) bool {
		if !c.tally.onlyFirst() || c.waiting {
			return false
		}
		exchanges := exchangesOf(stepsOf(&thread{entries: read}, agents))
		return len(exchanges) > 0 && !exchanges[0].answered.IsZero()
	}
	t, err := c.desk.readThread(ctx, caseID, true, 1, enough)
	if err != nil {
		return talk{}, err
	}
	return talk{t, exchangesOf(stepsOf(t, agents)), !t.whole && !enough(t.entries)}, nil
}

// complete tells whether every case that fits was looked at, and its thread read where that is needed.
func (c *counting) complete() bool {
	return c.sweep.whole && c.trouble == nil && (!c.reads() || c.threads == c.fits)
}

// exact tells whether the figures are those of every case in reach that fits.
func (c *counting) exact() bool {
	return c.complete() && !c.search.unchecked && !c.sweep.moved && c.noBots == nil && len(c.unread) == 0 && len(c.long) == 0 &&
		len(c.missing.notes(c.waits.fields()...)) == 0 &&
		!beyond(c.ask.CaseFilters, window(c.now), c.now)
}

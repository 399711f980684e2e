package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wisecx-mcp/wisecx"
)

// notes say what the figures cannot know, and what may be misread in them.
func (c *counting) notes() []string {
	var notes []string
	note := func(format string, values ...any) { notes = append(notes, fmt.Sprintf(format, values...)) }
	if stopped := c.stopped(); stopped != "" {
		note("%s", stopped)
	}
	if from := window(c.now); beyond(c.ask.CaseFilters, from, c.now) {
		note("the API lists no cases created before %s; older ones are in no figure", from.Format(time.DateOnly))
	}
	if !bounded(c.ask.CaseFilters) {
		note("cases created before %s are not in reach, and in no figure", window(c.now).Format(time.DateOnly))
	}
	if c.waiting && len(c.ask.Status) == 0 {
		note(onlyUnresolved)
	}
	switch {
	case c.sweep.moved:
		note("cases moved between the API's pages: some may be missing")
	case c.sweep.unsorted && !c.sweep.whole:
		note("the API did not sort the cases: those that were looked at are not the newest")
	}
	notes = append(notes, hints(CaseSearch{CaseQuery: CaseQuery{CaseFilters: c.ask.CaseFilters}}, c.filters, &CasePage{Page: Page{HasMore: c.tally.cases > 0}})...)
	if late := c.withoutTimes(); late != "" {
		note("%s", late)
	}
	grouped := func(key string) bool {
		return slices.ContainsFunc(c.tally.axes, func(a *axis) bool { return a.key == key })
	}
	if grouped("tag") {
		note("a case counts under each of its tags, so the groups may add up to more than the total")
	}
	if grouped("agent") && c.tally.replies() {
		note("count goes by the agent of the case, reply times by who wrote the reply")
	}
	if c.noBots != nil {
		note("replies of bots count too, since bots cannot be told from agents: %s", reason(c.noBots))
	}
	notes = append(notes, c.missing.notes(c.waits.fields()...)...)
	if len(c.unread) > 0 {
		note("the conversations of these cases could not be read: %s", few(c.unread))
	}
	if len(c.long) > 0 {
		note("of these cases only the oldest %d entries were read: %s", threadPages*wisecx.MaxPage, few(c.long))
	}
	return notes
}

// stopped says why not every case is in the figures, and which are.
func (c *counting) stopped() string {
	switch {
	case c.complete():
		return ""
	case c.reads():
		return c.stoppedReading()
	}
	which := "the newest"
	if c.sweep.unsorted {
		which = "some"
	}
	done, why := fmt.Sprintf("looked at %s %d cases", which, c.sweep.scanned), fmt.Sprintf("max_scan, at most %d here", mostScan)
	if c.sweep.moved {
		why = "the API's pages repeat"
	}
	if !c.sweep.oldest.IsZero() {
		done += fmt.Sprintf(", created since %s,", c.desk.show(c.sweep.oldest))
	}
	if c.sweep.trouble != nil {
		why = stopReason(c.sweep.trouble)
	}
	return done + " and stopped: " + why + ". " + narrower
}

const narrower = "The others are in no figure; narrower filters, such as created_after, reach all"

// stoppedReading says of how many of the cases the conversations were read, of which, and how to read all.
func (c *counting) stoppedReading() string {
	fit := fmt.Sprintf("%d cases fit", c.fits)
	if c.waiting {
		fit = fmt.Sprintf("%d cases may fit", c.fits)
	}
	if !c.sweep.whole {
		fit = fmt.Sprintf("of %d cases that were looked at %s, and there are more", c.sweep.scanned, strings.Replace(fit, " cases", "", 1))
	}
	which, since := "newest", "since "+c.desk.show(c.sweep.oldest)
	if c.waiting {
		which, since = "oldest", "until "+c.desk.show(c.sweep.newest)
	}
	done := fmt.Sprintf("%s; only the conversations of the %s %d, created %s, were read", fit, which, c.threads, since)
	if c.sweep.unsorted || c.threads == 0 {
		done = fmt.Sprintf("%s; only the conversations of %d were read", fit, c.threads)
	}
	for _, trouble := range []error{c.sweep.trouble, c.trouble} {
		if trouble != nil {
			return done + ": " + stopReason(trouble) + ". " + narrower
		}
	}
	if all := (c.fits/100 + 1) * 100; c.sweep.whole && all <= mostThreads {
		return fmt.Sprintf("%s. The others are in no figure; max_scan: %d reads all", done, all)
	}
	return fmt.Sprintf("%s, max_scan being at most %d here. %s", done, mostThreads, narrower)
}

// withoutTimes says how much is in no time because it did not happen yet.
func (c *counting) withoutTimes() string {
	words := map[string]string{
		ageMeasure:        "%d resolved cases",
		firstReadMeasure:  "%d cases that nobody opened",
		firstReplyMeasure: "%d cases whose first question nobody answered",
		replyMeasure:      "%d turns of customers that nobody answered, thanks at the end among them",
		resolutionMeasure: "%d cases that are not resolved",
	}
	var parts []string
	for _, m := range c.tally.measures {
		if n := c.tally.waiting[m.name]; n > 0 && words[m.name] != "" {
			parts = append(parts, fmt.Sprintf(words[m.name], n)+" ("+m.name+")")
		}
	}
	if c.tally.ours > 0 && slices.ContainsFunc(c.tally.measures, func(m measure) bool { return m.name == firstReplyMeasure }) {
		parts = append(parts, fmt.Sprintf("%d cases that the customer did not begin (%s)", c.tally.ours, firstReplyMeasure))
	}
	if len(parts) == 0 {
		return ""
	}
	return "without such a time, and so not in n: " + strings.Join(parts, ", ")
}

// fill adds to the axes what has no case but belongs to the answer.
func (c *counting) fill(asked Range) []string {
	var notes []string
	for _, a := range c.tally.axes {
		from, to := c.span(a, asked)
		if note := a.fill(c.filters, from, to); note != "" {
			notes = append(notes, note)
		}
		notes = append(notes, c.torn(a, asked)...)
	}
	return notes
}

// torn says which day, week or month is counted in part, because what was asked begins or ends within it.
func (c *counting) torn(a *axis, asked Range) []string {
	var notes []string
	tear := func(at time.Time, word string) {
		local := at.In(a.zone)
		y, m, d := a.begin(local).Date()
		if begins := time.Date(y, m, d, 0, 0, 0, 0, a.zone); !local.Equal(begins) {
			notes = append(notes, fmt.Sprintf("%s %s is counted only %s %s", a.key, a.stretch(at), word, c.desk.show(at)))
		}
	}
	if !a.isTime() || a.key == "hour" {
		return nil
	}
	if from, err := pointInTime("", asked.After, startOf, c.now); asked.After != "" && err == nil && !from.Before(window(c.now)) {
		tear(from, "from")
	}
	if to, err := pointInTime("", asked.Before, endOf, c.now); asked.Before != "" && err == nil && (to.Before(c.now) || a.field == "due_at") {
		tear(to, "to")
	}
	return notes
}

// span is the stretch of time in which a day without cases is a day without cases: it was asked for, it is in reach, and
// it was looked at. A zero end leaves it to the cases that were found.
func (c *counting) span(a *axis, asked Range) (from, to time.Time) {
	if !a.isTime() || !c.complete() {
		return from, to
	}
	if asked.After != "" {
		from, _ = pointInTime("", asked.After, startOf, c.now)
		from = latest(from, window(c.now))
	}
	if asked.Before != "" {
		to, _ = pointInTime("", asked.Before, endOf, c.now)
	}
	ahead := a.field == "due_at"
	if !ahead && (to.After(c.now) || to.IsZero() && !from.IsZero()) {
		to = c.now.Add(1)
	}
	return from, to
}

// bounded tells whether what was asked has a beginning, so that it is plain which cases are meant.
func bounded(ask CaseFilters) bool {
	for _, span := range []Range{ask.Created, ask.Updated, ask.Solved, ask.Closed} {
		if span.After != "" {
			return true
		}
	}
	return len(ask.Numbers) > 0
}

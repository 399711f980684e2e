package desk

import (
	"fmt"
	"time"

	"wisecx-mcp/wisecx"
)

// mostEmpty is how many days, weeks or months are shown at the most where some have no case.
const mostEmpty = 400

// stretch gives the day, week, month or hour of the day of a point in time, in the person's zone. A week is its Monday.
func (a *axis) stretch(at time.Time) string {
	at = at.In(a.zone)
	if a.key == "hour" {
		return at.Format("15")
	}
	return a.show(a.begin(at))
}

// begin gives the first day of the stretch. It counts in days of the calendar, which UTC has all of the same length.
func (a *axis) begin(at time.Time) time.Time {
	y, m, d := at.Date()
	switch a.key {
	case "week":
		d -= (int(at.Weekday()) + 6) % 7
	case "month":
		d = 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (a *axis) next(day time.Time) time.Time {
	switch a.key {
	case "week":
		return day.AddDate(0, 0, 7)
	case "month":
		return day.AddDate(0, 1, 0)
	}
	return day.AddDate(0, 0, 1)
}

func (a *axis) show(day time.Time) string {
	if a.key == "month" {
		return day.Format("2006-01")
	}
	return day.Format(time.DateOnly)
}

// fill adds the values that no case has but that belong to the answer as zeros: hours of the day, statuses that the
// filters allow, and days, weeks and months from the first to the last. It gives a note where there are too many.
func (a *axis) fill(filters []*filter, from, to time.Time) string {
	switch {
	case a.key == "hour":
		for hour := range 24 {
			a.count[fmt.Sprintf("%02d", hour)] += 0
		}
	case a.isTime():
		return a.fillDays(from, to)
	case a.key == "status":
		for _, status := range statuses {
			if allowed(filters, "status", &wisecx.Case{Status: wisecx.Status(status)}) {
				a.count[status] += 0
			}
		}
	case a.key == "queue" || a.key == "agent":
		for _, f := range filters {
			if f.Field.Name == a.key && !f.negative() {
				for _, v := range f.Values {
					a.count[a.room(a.value(v))] += 0
				}
			}
		}
	}
	return ""
}

// allowed tells whether the filters by a field let a case pass.
func allowed(filters []*filter, field string, c *wisecx.Case) bool {
	for _, f := range filters {
		if f.Field.Name == field && !f.fits((*caseRecord)(c)) {
			return false
		}
	}
	return true
}

// fillDays fills from one point in time up to another, which is not included; a zero one leaves it to the cases found.
func (a *axis) fillDays(from, to time.Time) string {
	var first, last time.Time
	for value := range a.count {
		if at, err := time.Parse("2006-01-02", (value + "-01")[:min(len(value)+3, 10)]); err == nil {
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if last.IsZero() || at.After(last) {
				last = at
			}
		}
	}
	if !from.IsZero() {
		first = a.begin(from.In(a.zone))
	}
	if !to.IsZero() {
		last = a.begin(to.Add(-1).In(a.zone))
	}
	if first.IsZero() || last.IsZero() {
		return ""
	}
	var empty []string
	for at := first; !at.After(last); at = a.next(at) {
		if empty = append(empty, a.show(at)); len(empty) > mostEmpty {
			return fmt.Sprintf("only %ss with cases are shown: there are more than %d from the first to the last", a.key, mostEmpty)
		}
	}
	for _, value := range empty {
		a.count[value] += 0
	}
	return ""
}

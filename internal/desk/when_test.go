package desk

import (
	"errors"
	"testing"
	"time"
)

func TestPointsInTime(t *testing.T) {
	zone, err := time.LoadLocation("America/Argentina/Buenos_Aires")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 30, 15, 0, zone) // a Sunday
	for _, c := range []struct{ word, after, before string }{
		{"2026-11-20", "2026-11-20 00:00:00", "2026-11-21 00:00:00"},
		{"2026-11-20T15:04", "2026-11-20 15:04:00", "2026-11-20 15:04:00"},
		{"2026-11-20 15:04", "2026-11-20 15:04:00", "2026-11-20 15:04:00"},
		{"2026-11-20T15:04:05Z", "2026-11-20 12:04:05", "2026-11-20 12:04:05"},
		{"2026-11-20T15:04:05-05:00", "2026-11-20 17:04:05", "2026-11-20 17:04:05"},
		{"2026-10", "2026-10-01 00:00:00", "2026-11-01 00:00:00"},
		{"today", "2026-11-22 00:00:00", "2026-11-23 00:00:00"},
		{"Yesterday", "2026-11-21 00:00:00", "2026-11-22 00:00:00"},
		{"ayer", "2026-11-21 00:00:00", "2026-11-22 00:00:00"},
		{"tomorrow", "2026-11-23 00:00:00", "2026-11-24 00:00:00"},
		{"this_week", "2026-11-16 00:00:00", "2026-11-23 00:00:00"},
		{"last week", "2026-11-09 00:00:00", "2026-11-16 00:00:00"},
		{"this_month", "2026-11-01 00:00:00", "2026-12-01 00:00:00"},
		{"last_month", "2026-10-01 00:00:00", "2026-11-01 00:00:00"},
		{"90m", "2026-11-22 11:00:15", "2026-11-22 11:00:15"},
		{"24h", "2026-11-21 12:30:15", "2026-11-21 12:30:15"},
		{"7d", "2026-11-15 12:30:15", "2026-11-15 12:30:15"},
		{"2w", "2026-11-08 12:30:15", "2026-11-08 12:30:15"},
		{"+2h", "2026-11-22 14:30:15", "2026-11-22 14:30:15"},
		{"-7d", "2026-11-15 12:30:15", "2026-11-15 12:30:15"},
		{"7 days", "2026-11-15 12:30:15", "2026-11-15 12:30:15"},
		{"last 7 days", "2026-11-15 12:30:15", "2026-11-15 12:30:15"},
		{"2 weeks ago", "2026-11-08 12:30:15", "2026-11-08 12:30:15"},
		{"hace 2 meses", "2026-09-22 12:30:15", "2026-09-22 12:30:15"},
		{"tomorrow 18:00", "2026-11-23 18:00:00", "2026-11-23 18:00:00"},
		{"mañana a las 9:30", "2026-11-23 09:30:00", "2026-11-23 09:30:00"},
		{"todayT18:00", "2026-11-22 18:00:00", "2026-11-22 18:00:00"},
		{"18:00", "2026-11-22 18:00:00", "2026-11-22 18:00:00"},
		{"1 month ago", "2026-10-22 12:30:15", "2026-10-22 12:30:15"},
	} {
		for edge, want := range map[edge]string{startOf: c.after, endOf: c.before} {
			at, err := pointInTime("created_after", c.word, edge, now)
			if err != nil || at.In(zone).Format(time.DateTime) != want {
				t.Errorf("%q at edge %d is %s (%v), want %s", c.word, edge, at.In(zone).Format(time.DateTime), err, want)
			}
		}
	}
}

func TestWeeksStartOnMondayWhateverTheDay(t *testing.T) {
	for day := 16; day <= 22; day++ {
		now := time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC)
		at, err := pointInTime("", "this_week", startOf, now)
		if err != nil || at.Day() != 16 {
			t.Errorf("on the %dth this week begins on %s (%v), want the 16th", day, at, err)
		}
	}
}

func TestWhatIsNoPointInTimeIsRefusedWithTheForms(t *testing.T) {
	for _, word := range []string{"", "noviembre", "3x", "--3d", "+-3d", "22/11/2026", "2026-11-31", "20261122", "days ago", "d", "99999999999999999999d", "2026-13-40", "1e3h", "\x00", "1.5d", "this_week 18:00", "tomorrow 25:00", "now 18:00", "t", " t"} {
		_, err := pointInTime("due_before", word, startOf, time.Now())
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Argument != "due_before" || refusal.Expected != timeForms {
			t.Errorf("%q gives %v", word, err)
		}
	}
}

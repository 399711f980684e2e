package transport

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// drive sends a request whenever the quota lets it, for a while, and gives when each went.
func drive(q quota, numbers []int64, from, until time.Duration, think func() time.Duration) []time.Duration {
	var went []time.Duration
	for at := from; at < until; {
		now := q.at(numbers, int64(at))
		if wait, _ := q.wait(numbers, now, 0); wait > 0 {
			at += wait
			continue
		}
		q.count(numbers, now)
		went = append(went, at)
		at += think()
	}
	return went
}

// most gives how many there are at most within any span.
func most(times []time.Duration, span time.Duration) int {
	most, first := 0, 0
	for i, at := range times {
		for at-times[first] >= span {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func TestNoMinuteAndNoDayHasMoreThanItsLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	tests := []struct {
		name              string
		perMinute, perDay int
		hours             float64
		think             func() time.Duration
	}{
		{"as many as it can", 5000, 150000, 0.2, func() time.Duration { return 0 }},
		{"the whole day", 5000, 150000, 50, func() time.Duration { return 0 }},
		{"in gusts", 300, 20000, 60, func() time.Duration {
			if random.IntN(100) == 0 {
				return rand.N(20 * time.Minute)
			}
			return rand.N(100 * time.Millisecond)
		}},
		{"a small share", 7, 300, 60, func() time.Duration { return 0 }},
		{"a day smaller than a minute", 5000, 20, 60, func() time.Duration { return 0 }},
		{"one", 1, 1, 80, func() time.Duration { return 0 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q := newQuota(test.perMinute, test.perDay)
			went := drive(q, make([]int64, q.size()), 0, time.Duration(test.hours*float64(time.Hour)), test.think)
			if got := most(went, time.Minute+unevenness); got > test.perMinute {
				t.Errorf("%d within a minute; want %d at most", got, test.perMinute)
			}
			if got := most(went, 24*time.Hour); got > test.perDay {
				t.Errorf("%d within a day; want %d at most", got, test.perDay)
			}
		})
	}
}

func TestMoreThan98PercentOfTheDayIsUsed(t *testing.T) {
	q := newQuota(5000, 150000)
	const days = 10
	went := drive(q, make([]int64, q.size()), 0, days*24*time.Hour, func() time.Duration { return 0 })
	if got := float64(len(went)) / (days * 150000); got < 0.98 {
		t.Errorf("%.1f %% of the allowance are used", 100*got)
	}
	t.Logf("%.2f %% of the allowance, %d bytes", 100*float64(len(went))/(days*150000), 8*q.size())
}

func TestSmallBurstIsSpreadAfterwards(t *testing.T) {
	q := newQuota(5000, 150000)
	went := drive(q, make([]int64, q.size()), 0, time.Minute, func() time.Duration { return 0 })
	if got := most(went, time.Millisecond); got != 250 {
		t.Errorf("%d at once; want a burst of 250", got)
	}
	for s := time.Second; s < 50*time.Second; s += time.Second {
		from, _ := slices.BinarySearch(went, s)
		until, _ := slices.BinarySearch(went, s+time.Second)
		if n := until - from; n < 80 || n > 85 {
			t.Errorf("%d in second %s; want an even 82 or so", n, s)
		}
	}
}

func TestForecastHoldsForThoseInLine(t *testing.T) {
	for name, perDay := range map[string]int{"of the minute": 150000, "of the day": 6000} {
		t.Run(name, func(t *testing.T) {
			q := newQuota(5000, perDay)
			numbers := make([]int64, q.size())
			drive(q, numbers, 0, 50*time.Second, func() time.Duration { return 0 })
			now := q.at(numbers, int64(50*time.Second))
			var forecast []time.Duration
			for ahead := range 1500 {
				wait, _ := q.wait(numbers, now, ahead)
				forecast = append(forecast, 50*time.Second+wait)
			}
			went := drive(q, numbers, 50*time.Second, 26*time.Hour, func() time.Duration { return 0 })
			for i, want := range forecast {
				if off := went[i] - want; off < -dayWidth || off < -minuteWidth && perDay > 10000 || off > time.Second {
					t.Fatalf("the one with %d ahead went at %s; forecast was %s", i, went[i], want)
				}
			}
		})
	}
}

func TestGivenBackPlaceIsUsedAgain(t *testing.T) {
	q := newQuota(5000, 10)
	numbers := make([]int64, q.size())
	for range 10 {
		q.count(numbers, q.at(numbers, 1))
	}
	if wait, why := q.wait(numbers, q.at(numbers, 1), 0); wait < 23*time.Hour || why != dayIsFull {
		t.Fatalf("the wait is %s, %d; want a day", wait, why)
	}
	q.giveBack(numbers)
	if wait, _ := q.wait(numbers, q.at(numbers, 1), 0); wait != 0 {
		t.Errorf("the wait is %s; want none", wait)
	}
	for range 20 {
		q.giveBack(numbers) // of more than there is takes nothing below zero
	}
	if got := q.day.total(numbers); got != 0 {
		t.Errorf("%d are counted; want 0", got)
	}
}

func TestPauseEndsAtAnEvenPace(t *testing.T) {
	q := newQuota(5000, 150000)
	numbers := make([]int64, q.size())
	now := q.at(numbers, int64(time.Hour))
	q.pause(numbers, now+int64(30*time.Second))
	if wait, why := q.wait(numbers, now, 0); wait != 30*time.Second || why != isPaused {
		t.Errorf("the wait is %s; want 30 s", wait)
	}
	if wait, _ := q.wait(numbers, now, 100); wait != 30*time.Second+100*time.Duration(q.pace) {
		t.Errorf("the wait with 100 ahead is %s; want them to go at the pace", wait)
	}
	went := drive(q, numbers, time.Hour, time.Hour+40*time.Second, func() time.Duration { return 0 })
	if got := most(went, time.Second); went[0] != time.Hour+30*time.Second || got > 85 {
		t.Errorf("the first went at %s, and %d in a second", went[0], got)
	}
}

func TestClockThatIsSetBackOrFarAheadDoesNotLoseTheCount(t *testing.T) {
	q := newQuota(100, 1000)
	numbers := make([]int64, q.size())
	start := time.Date(2026, 9, 9, 15, 0, 0, 0, time.UTC).UnixNano()
	for range 100 {
		q.count(numbers, q.at(numbers, start))
	}
	for _, jump := range []time.Duration{-time.Millisecond, -time.Hour, -400 * 24 * time.Hour} {
		clock := start + int64(jump)
		now := q.at(numbers, clock)
		if got := q.minute.total(numbers); got != 100 {
			t.Errorf("set back by %s, %d of the minute are left", jump, got)
		}
		if wait, _ := q.wait(numbers, now, 0); wait <= 0 || wait > 2*time.Minute {
			t.Errorf("set back by %s, the wait is %s", jump, wait)
		}
	}
	// The clock that was set back runs on, and so does the minute.
	later := start - int64(400*24*time.Hour) + int64(2*time.Minute)
	if wait, _ := q.wait(numbers, q.at(numbers, later), 0); wait != 0 {
		t.Errorf("two minutes later the wait is %s", wait)
	}
	q.at(numbers, start+int64(1000*24*time.Hour))
	if q.minute.total(numbers) != 0 || q.day.total(numbers) != 0 {
		t.Error("years ahead, something of today is counted")
	}
}

func TestNumbersOfAnotherLayoutAreForgotten(t *testing.T) {
	q := newQuota(100, 1000)
	numbers := make([]int64, q.size())
	for i := range numbers {
		numbers[i] = 1 << 60
	}
	now := q.at(numbers, time.Now().UnixNano())
	if wait, _ := q.wait(numbers, now, 0); wait != 0 {
		t.Errorf("the wait is %s", wait)
	}
}

func TestClockOfAProcessAloneIsNotTheWallClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(nil, nil, Options{})
		time.Sleep(time.Hour) // of the fake clock
		l.changeOwn(func(_ []int64, now int64) {
			if now != int64(time.Hour) {
				t.Errorf("it is %s; want an hour since the start", time.Duration(now))
			}
		})
	})
}

package sandbox

import "time"

// quota is what was used of the limits: a sliding minute and a fixed day, the stricter reading of "5000 a minute" and
// the plain one of "150000 a day" [I].
type quota struct {
	minute []time.Time // when those of the last minute came, oldest first
	day    time.Time   // the midnight since which today counts
	today  int
}

// take counts a request at now, unless a limit refuses it: then it says which and how long until there is room.
func (q *quota) take(now time.Time, limits Faults) (refused string, wait time.Duration) {
	for len(q.minute) > 0 && now.Sub(q.minute[0]) >= time.Minute {
		q.minute = q.minute[1:]
	}
	local := now.In(localZone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, localZone)
	if !midnight.Equal(q.day) {
		q.day, q.today = midnight, 0
	}
	if n := limits.RatePerDay; n > 0 && q.today >= n {
		refused, wait = overDay, midnight.AddDate(0, 0, 1).Sub(now)
	}
	if n := limits.RatePerMinute; n > 0 && len(q.minute) >= n {
		// Just before midnight the minute can last longer than the day.
		if left := q.minute[len(q.minute)-n].Add(time.Minute).Sub(now); left > wait {
			refused, wait = overMinute, left
		}
	}
	if refused != "" {
		return refused, wait
	}
	if limits.RatePerMinute > 0 {
		q.minute = append(q.minute, now)
	}
	if limits.RatePerDay > 0 {
		q.today++
	}
	return "", 0
}

// forget drops what counted against a limit that is off.
func (q *quota) forget(limits Faults) {
	if limits.RatePerMinute == 0 {
		q.minute = nil
	}
	if limits.RatePerDay == 0 {
		q.today = 0
	}
}

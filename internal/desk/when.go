package desk

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// edge says which end of a day or a longer period a point in time means.
type edge int

const (
	startOf edge = iota // for "after", which includes
	endOf               // for "before", which excludes: the first instant past the period
)

const timeForms = "2026-11-22, 2026-11-22T15:04, 2026-10, now, today, yesterday, tomorrow, this_week, last_month, or an age such as 90m (minutes), 24h, 7d, 2w, \"2 months\""

// pointInTime reads what a person or a model writes for a point in time, as of now in the zone of now.
func pointInTime(argument, s string, e edge, now time.Time) (time.Time, error) {
	word := strings.ToLower(strings.TrimSpace(s))
	if from, to, ok := namedPeriod(word, now); ok {
		return pick(e, from, to), nil
	}
	if at, ok := age(word, now); ok {
		return at, nil
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(word)); err == nil {
		return at, nil
	}
	for _, layout := range []string{"2006-01-02t15:04", "2006-01-02 15:04", "2006-01-02t15:04:05", "2006-01-02 15:04:05"} {
		if at, err := time.ParseInLocation(layout, word, now.Location()); err == nil {
			return at, nil
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, word, now.Location()); err == nil {
		return pick(e, day, day.AddDate(0, 0, 1)), nil
	}
	if month, err := time.ParseInLocation("2006-01", word, now.Location()); err == nil {
		return pick(e, month, month.AddDate(0, 1, 0)), nil
	}
	if at, ok := clockTime(word, now); ok {
		return at, nil
	}
	problem := fmt.Sprintf("%q is no point in time", clip(s, 60))
	if looksLikeDate(word) {
		problem = fmt.Sprintf("%q is no date of the calendar", clip(s, 60))
	}
	return time.Time{}, &Refusal{Argument: argument, Problem: problem, Expected: timeForms}
}

func pick(e edge, from, to time.Time) time.Time {
	if e == endOf {
		return to
	}
	return from
}

// namedPeriod knows the words of the contract, and the same in Spanish and Portuguese. Weeks start on Monday.
func namedPeriod(word string, now time.Time) (from, to time.Time, ok bool) {
	y, m, d := now.Date()
	day := func(offset int) time.Time { return time.Date(y, m, d+offset, 0, 0, 0, 0, now.Location()) }
	month := func(offset int) time.Time {
		return time.Date(y, m+time.Month(offset), 1, 0, 0, 0, 0, now.Location())
	}
	monday := -(int(now.Weekday()) + 6) % 7
	switch strings.NewReplacer(" ", "_", "-", "_").Replace(word) {
	case "now", "ahora", "agora":
		return now, now, true
	case "today", "hoy", "hoje":
		return day(0), day(1), true
	case "yesterday", "ayer", "ontem":
		return day(-1), day(0), true
	case "tomorrow", "mañana", "manana", "amanhã", "amanha":
		return day(1), day(2), true
	case "this_week", "esta_semana":
		return day(monday), day(monday + 7), true
	case "last_week", "semana_pasada", "semana_passada":
		return day(monday - 7), day(monday), true
	case "this_month", "este_mes", "este_mês":
		return month(0), month(1), true
	case "last_month", "mes_pasado", "mês_passado":
		return month(-1), month(0), true
	}
	return from, to, false
}

// clockTime reads a time of a day that is named by a word, "tomorrow 18:00", or not at all, which is today.
func clockTime(word string, now time.Time) (time.Time, bool) {
	at := strings.LastIndexAny(word, " t") + 1
	clock, err := time.Parse("15:04", word[at:])
	if err != nil {
		return time.Time{}, false
	}
	named := strings.TrimSpace(word[:max(0, at-1)])
	for _, joint := range []string{" at", " a las", " a la", " às", " as"} {
		named = strings.TrimSuffix(named, joint)
	}
	if named == "" {
		named = "today"
	}
	from, to, ok := namedPeriod(named, now)
	if y, m, d := from.Date(); ok && to.Equal(time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())) {
		return time.Date(y, m, d, clock.Hour(), clock.Minute(), 0, 0, now.Location()), true
	}
	return time.Time{}, false
}

func looksLikeDate(word string) bool {
	return len(word) >= len("2026-11-31") && word[4] == '-' && word[7] == '-' && strings.Trim(word[:4], "0123456789") == ""
}

// spelledUnits are the units of an age that is written out, "60 days ago", "hace 2 semanas".
var spelledUnits = map[string]string{
	"minute": "m", "minuto": "m", "min": "m", "hour": "h", "hora": "h", "day": "d", "dia": "d", "día": "d", "week": "w", "semana": "w",
	"month": "month", "mes": "month", "mese": "month", "mês": "month",
}

// spelledAge reads an age that is written out, as so long before now.
func spelledAge(word string, now time.Time) (time.Time, bool) {
	words := strings.Fields(strings.TrimSuffix(word, " ago"))
	for len(words) > 2 && strings.Contains(" last past hace ultimos últimos ultimas últimas há ", " "+words[0]+" ") {
		words = words[1:]
	}
	if len(words) != 2 {
		return time.Time{}, false
	}
	unit, known := spelledUnits[words[1]]
	if !known {
		unit, known = spelledUnits[strings.TrimSuffix(words[1], "s")]
	}
	n, err := strconv.Atoi(words[0])
	switch {
	case !known || err != nil || n < 0 || n > 10000:
		return time.Time{}, false
	case unit == "month":
		return now.AddDate(0, -n, 0).Truncate(time.Second), true
	}
	return age(words[0]+unit, now)
}

// age reads 90m, 24h, 7d, 2w (and -7d) as so long before now, to the second, and +2h as so long after.
func age(word string, now time.Time) (time.Time, bool) {
	if at, ok := spelledAge(word, now); ok {
		return at, true
	}
	rest, forward := strings.CutPrefix(word, "+")
	if !forward {
		rest = strings.TrimPrefix(rest, "-")
	}
	if len(rest) < 2 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(rest[:len(rest)-1], 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	unit, ok := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}[rest[len(rest)-1]]
	if !ok || n > int64(100*365*24*time.Hour/unit) {
		return time.Time{}, false
	}
	span := time.Duration(n) * unit
	if !forward {
		span = -span
	}
	return now.Add(span).Truncate(time.Second), true
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

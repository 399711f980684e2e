package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx"
)

// inWords writes exchanges as "first 10:00:00 to 10:07:30 = 7m30s, Ana Paz (1)".
func inWords(exchanges []exchange) []string {
	var words []string
	for _, e := range exchanges {
		line := clock(e.asked) + " to nobody"
		if !e.answered.IsZero() {
			line = fmt.Sprintf("%s to %s = %v, %s (%d)", clock(e.asked), clock(e.answered), e.answered.Sub(e.asked), e.by, e.agent)
		}
		if e.first {
			line = "first " + line
		}
		words = append(words, line)
	}
	return words
}

// Each thread is written out with the exchanges and the turn that a person reckons from it.
var reckoned = []struct {
	name, thread string
	solved       string // when, on the 18th, of a case that is solved now
	exchanges    []string
	turn         string
}{
	{"a question and its answer", `
		10:00:00 customer
		10:07:30 1`, "",
		[]string{"first 10:00:00 to 10:07:30 = 7m30s, Ana Paz (1)"},
		"customer since 10:07:30"},

	{"nobody has answered yet", `
		10:00:00 customer
		10:20:00 customer`, "",
		[]string{"first 10:00:00 to nobody"},
		"us since 10:00:00"},

	{"several messages wait for one answer, from the first of them on", `
		10:00:00 customer
		10:01:00 customer
		10:02:00 customer
		10:30:00 1
		11:00:00 customer
		11:00:45 customer`, "",
		[]string{"first 10:00:00 to 10:30:00 = 30m0s, Ana Paz (1)", "11:00:00 to nobody"},
		"us since 11:00:00"},

	{"of several answers the first counts", `
		10:00:00 customer
		10:05:00 1
		10:06:00 1
		10:50:00 2
		12:00:00 customer
		12:01:00 2`, "",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)", "12:00:00 to 12:01:00 = 1m0s, Beto Sosa (2)"},
		"customer since 12:01:00"},

	{"a bot answers no customer", `
		10:00:00 customer
		10:00:01 9
		10:00:30 customer
		10:00:31 9
		10:15:00 1
		10:15:01 9`, "",
		[]string{"first 10:00:00 to 10:15:00 = 15m0s, Ana Paz (1)"},
		"customer since 10:15:00"},

	{"a bot that greets first has not begun the case", `
		10:00:00 9
		10:02:00 customer
		10:03:00 1`, "",
		[]string{"first 10:02:00 to 10:03:00 = 1m0s, Ana Paz (1)"},
		"customer since 10:03:00"},

	{"a reply that was not delivered answers nothing", `
		10:00:00 customer
		10:02:00 1 failed
		10:09:00 2`, "",
		[]string{"first 10:00:00 to 10:09:00 = 9m0s, Beto Sosa (2)"},
		"customer since 10:09:00"},

	{"system events count for nobody", `
		09:59:00 event open
		10:00:00 customer
		10:00:05 event pending
		10:04:00 1
		10:04:01 event onhold`, "",
		[]string{"first 10:00:00 to 10:04:00 = 4m0s, Ana Paz (1)"},
		"customer since 10:04:00"},

	{"Ana asks Beto and both answer: each has the answer that came first", `
		10:00:00 customer
		10:05:00 1
		10:05:10 event pending
		10:25:00 2
		10:40:00 customer
		10:42:00 2
		10:43:00 1`, "",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)", "10:40:00 to 10:42:00 = 2m0s, Beto Sosa (2)"},
		"customer since 10:42:00"},

	{"a case that we began has replies but no first reply", `
		09:00:00 1
		10:00:00 customer
		10:03:00 2
		10:10:00 customer`, "",
		[]string{"10:00:00 to 10:03:00 = 3m0s, Beto Sosa (2)", "10:10:00 to nobody"},
		"us since 10:10:00"},

	{"a case that we began and that nobody answered", `
		09:00:00 1
		09:30:00 1`, "", nil, "customer since 09:00:00"},

	{"a beginning of ours that was not delivered is none", `
		09:00:00 1 failed
		10:00:00 customer
		10:03:00 1`, "",
		[]string{"first 10:00:00 to 10:03:00 = 3m0s, Ana Paz (1)"},
		"customer since 10:03:00"},

	{"solved", `
		10:00:00 customer
		10:05:00 1
		10:06:00 event solved`, "10:06:00",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)"}, "nobody"},

	{"solved, and opened again by the customer's message", `
		10:00:00 customer
		10:05:00 1
		10:06:00 event solved
		18:00:00 customer
		18:00:00 event open
		18:20:00 2`, "",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)", "18:00:00 to 18:20:00 = 20m0s, Beto Sosa (2)"},
		"customer since 18:20:00"},

	{"written to after it was solved, and still solved", `
		10:00:00 customer
		10:05:00 1
		18:00:00 customer`, "10:06:00",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)", "18:00:00 to nobody"},
		"us since 18:00:00"},

	{"a call of ours begins the case, 15 s after we dialled", `
		09:00:00 call by 1, 06:00:00.000 call_start, 06:00:15.000 call_attended Ana Paz, 06:02:00.000 call_end
		10:00:00 customer
		10:03:00 2`, "",
		[]string{"10:00:00 to 10:03:00 = 3m0s, Beto Sosa (2)"},
		"customer since 10:03:00"},

	{"a missed call, and the call back", ` // the call back rang 20 s
		10:00:00 call, 07:00:00.000 call_start, 07:00:40.000 call_end
		10:30:00 call by 2, 07:30:00.000 call_start, 07:30:20.000 call_attended Beto Sosa, 07:32:20.000 call_end`, "",
		[]string{"first 10:00:00 to 10:30:20 = 30m20s, Beto Sosa (2)"},
		"customer since 10:30:20"},

	{"a missed call, and a call back that reached nobody", `
		10:00:00 call, 07:00:00.000 call_start, 07:00:40.000 call_end
		10:30:00 call by 2, 07:30:00.000 call_start, 07:30:40.000 call_end`, "",
		[]string{"first 10:00:00 to nobody"},
		"us since 10:00:00"},

	{"a call of ours that reached nobody asks nothing of us", `
		10:00:00 customer
		10:05:00 1
		11:00:00 call by 1, 08:00:00.000 call_start, 08:00:40.000 call_end`, "",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)"},
		"customer since 10:05:00"},

	{"a call that was taken; its log's clock is three hours behind UTC", ` // 12.500 s after it began
		10:00:00 call, 07:00:00.000 call_start, 07:00:12.500 call_attended Ana Paz, 07:03:17.500 call_end`, "",
		[]string{"first 10:00:00 to 10:00:12.5 = 12.5s, Ana Paz (1)"},
		"customer since 10:00:12.5"},

	{"a call that was put through: who took it from the customer answered", ` // 20 s; Beto came 4 min 20 s after the beginning
		10:00:00 call, 07:00:00.000 call_start, 07:00:20.000 call_attended Ana Paz, 07:04:00.000 call_transferred_area, 07:04:20.000 call_attended Beto Sosa, 07:10:20.000 call_end`, "",
		[]string{"first 10:00:00 to 10:00:20 = 20s, Ana Paz (1)"},
		"customer since 10:00:20"},

	{"a call over the account's midnight", ` // 02:59:50 UTC is 23:59:50 there; 10 s before midnight and 15 s after
		02:59:50 call, 23:59:50.000 call_start, 00:00:15.000 call_attended Ana Paz, 00:05:15.000 call_end`, "",
		[]string{"first 02:59:50 to 03:00:15 = 25s, Ana Paz (1)"},
		"customer since 03:00:15"},

	{"a call over midnight of UTC", ` // 23:59:50 UTC of the 17th is 20:59:50 there
		17 23:59:50 call, 20:59:50.000 call_start, 21:00:05.000 call_attended Ana Paz, 21:01:05.000 call_end`, "",
		[]string{"first 17 23:59:50 to 00:00:05 = 15s, Ana Paz (1)"},
		"customer since 00:00:05"},

	{"a call while a message waits: both wait for the same answer", ` // asked at 10:00:00, taken 30 s after 10:10:00
		10:00:00 customer
		10:10:00 call, 07:10:00.000 call_start, 07:10:30.000 call_attended Beto Sosa, 07:12:00.000 call_end
		10:20:00 1`, "",
		[]string{"first 10:00:00 to 10:10:30 = 10m30s, Beto Sosa (2)"},
		"customer since 10:10:30"},

	{"a message while it rings: written before we picked up, though it comes behind the call", `
		10:00:00 call, 07:00:00.000 call_start, 07:00:30.000 call_attended Ana Paz, 07:01:30.000 call_end
		10:00:10 customer`, "",
		[]string{"first 10:00:00 to 10:00:30 = 30s, Ana Paz (1)"},
		"customer since 10:00:30"},

	{"a call that we took after our answer is an exchange, and begins the turn of the customer anew", `
		10:00:00 customer
		10:05:00 1
		11:00:00 call, 08:00:00.000 call_start, 08:00:09.000 call_attended Ana Paz, 08:02:00.000 call_end`, "",
		[]string{"first 10:00:00 to 10:05:00 = 5m0s, Ana Paz (1)", "11:00:00 to 11:00:09 = 9s, Ana Paz (1)"},
		"customer since 11:00:09"},

	{"a call that a bot took and put through, and one that stayed with it", ` // Ana has the first; nobody of us the second
		10:00:00 call, 07:00:00.000 call_start, 07:00:02.000 call_attended Robi, 07:00:30.000 call_attended Ana Paz, 07:02:00.000 call_end
		11:00:00 call, 08:00:00.000 call_start, 08:00:02.000 call_attended Robi, 08:00:40.000 call_end`, "",
		[]string{"first 10:00:00 to 10:00:02 = 2s, Ana Paz (1)", "11:00:00 to nobody"},
		"us since 11:00:00"},

	{"messages of the same second go by their ids", `
		#7 10:00:00 customer
		#8 10:00:00 1
		#9 10:00:00 customer`, "",
		[]string{"first 10:00:00 to 10:00:00 = 0s, Ana Paz (1)", "10:00:00 to nobody"},
		"us since 10:00:00"},

	{"newest first, and ids of one second in disorder", `
		#9 10:10:00 1
		#8 10:00:00 1
		#5 10:05:00 customer
		#7 10:00:00 customer`, "",
		[]string{"first 10:00:00 to 10:00:00 = 0s, Ana Paz (1)", "10:05:00 to 10:10:00 = 5m0s, Ana Paz (1)"},
		"customer since 10:10:00"},

	{"entries that come twice count once", `
		#7 10:00:00 customer
		#8 10:07:00 1
		#7 10:00:00 customer
		#8 10:07:00 1
		#9 11:00:00 call, 08:00:00.000 call_start, 08:00:09.000 call_attended Beto Sosa, 08:02:00.000 call_end
		#9 11:00:00 call, 08:00:00.000 call_start, 08:00:09.000 call_attended Beto Sosa, 08:02:00.000 call_end`, "",
		[]string{"first 10:00:00 to 10:07:00 = 7m0s, Ana Paz (1)", "11:00:00 to 11:00:09 = 9s, Beto Sosa (2)"},
		"customer since 11:00:09"},

	{"messages without a time are left out of times", `
		never customer
		never 1
		10:00:00 customer
		never 2
		10:07:00 1`, "",
		[]string{"first 10:00:00 to 10:07:00 = 7m0s, Ana Paz (1)"},
		"customer since 10:07:00"},

	{"no time at all: the ids tell whose turn it is, but not since when", `
		never 1
		never customer
		never call, 08:00:00.000 call_start, 08:00:09.000 call_end`, "", nil, "us"},

	{"a call without a time", `
		never call, 07:00:00.000 call_start, 07:00:12.500 call_attended Ana Paz, 07:03:17.500 call_end`, "", nil, "customer"},

	{"a turn without a time began at the first that has one", `
		never customer
		10:00:00 customer`, "",
		[]string{"first 10:00:00 to nobody"},
		"us since 10:00:00"},

	{"a reply by nobody who is named, and by an agent who is unknown", `
		10:00:00 customer
		10:01:00 0
		10:02:00 customer
		10:05:00 77`, "",
		[]string{"first 10:00:00 to 10:01:00 = 1m0s,  (0)", "10:02:00 to 10:05:00 = 3m0s, #77 (77)"},
		"customer since 10:05:00"},

	{"only events", `
		10:00:00 event open
		10:01:00 event pending`, "", nil, "nobody"},
}

func TestExchangesAndTurnsOfThreadsReckonedByHand(t *testing.T) {
	for _, c := range reckoned {
		conversation := threadOf(t, c.thread)
		if got := inWords(exchangesOf(stepsOf(conversation, staff))); !slices.Equal(got, c.exchanges) {
			t.Errorf("%s: exchanges are\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.exchanges, "\n"))
		}
		of := &wisecx.Case{Status: wisecx.StatusOpen}
		if c.solved != "" {
			at, err := time.Parse(wisecx.TimeLayout, "2026-11-18 "+c.solved)
			if err != nil {
				t.Fatal(err)
			}
			of.Status, of.SolvedAt = wisecx.StatusSolved, wisecx.Time{Time: at}
		}
		now := turnOf(&thread{entries: slices.SortedStableFunc(slices.Values(conversation.entries), inTime)}, staff, of)
		got := now.on
		if !now.since.IsZero() {
			got += " since " + clock(now.since)
		}
		if got != c.turn {
			t.Errorf("%s: the turn is of %s, want %s", c.name, got, c.turn)
		}
	}
}

func TestSpreadsReckonedByHand(t *testing.T) {
	const m = time.Minute
	for _, c := range []struct {
		name      string
		durations []time.Duration
		unit      time.Duration
		want      spread
	}{
		{"nothing", nil, m, spread{}},
		{"one", []time.Duration{90 * time.Second}, m, spread{1, 1.5, 1.5}},
		{"two: the mean, and 0.9 of the way", []time.Duration{20 * m, 10 * m}, m, spread{2, 15, 19}},
		{"three: the middle one; rank 0.9·2 = 1.8, so 2 + 0.8·(10 − 2)", []time.Duration{10 * m, 1 * m, 2 * m}, m, spread{3, 2, 8.4}},
		{"four: (2+4)/2; rank 2.7, so 4 + 0.7·(100 − 4)", []time.Duration{100 * m, 2 * m, 1 * m, 4 * m}, m, spread{4, 3, 71.2}},
		{"1 to 10: 5.5; rank 8.1, so 9 + 0.1", []time.Duration{1 * m, 2 * m, 3 * m, 4 * m, 5 * m, 6 * m, 7 * m, 8 * m, 9 * m, 10 * m}, m, spread{10, 5.5, 9.1}},
		{"in hours, rounded to one decimal: 100 min are 1.67 h", []time.Duration{100 * m}, time.Hour, spread{1, 1.7, 1.7}},
		{"in seconds, of less", []time.Duration{440 * time.Millisecond}, time.Second, spread{1, 0.4, 0.4}},
		{"no time at all", []time.Duration{0, 0, 0}, m, spread{3, 0, 0}},
		{"years", []time.Duration{1 << 62, 1 << 62}, time.Hour, spread{2, 1281023.9, 1281023.9}}, // 2^62 ns
	} {
		given := slices.Clone(c.durations)
		if got := spreadOf(c.durations, c.unit); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if !slices.Equal(given, c.durations) {
			t.Errorf("%s: what was given is now %v", c.name, c.durations)
		}
	}
}

func TestSpansOfACaseComeFromItsRow(t *testing.T) {
	at := func(after time.Duration) wisecx.Time { return wisecx.Time{Time: noon.Add(after)} }
	const none = time.Duration(-1)
	for _, c := range []struct {
		name                       string
		row                        wisecx.Case
		firstRead, resolution, age time.Duration // now is two hours after noon
	}{
		{"open and unread", wisecx.Case{Status: "open", CreatedAt: at(0)}, none, none, 2 * time.Hour},
		{"pending and read", wisecx.Case{Status: "pending", CreatedAt: at(0), FirstReadAt: at(time.Minute)}, time.Minute, none, 2 * time.Hour},
		{"on hold, read at once", wisecx.Case{Status: "on_hold", CreatedAt: at(0), FirstReadAt: at(0)}, 0, none, 2 * time.Hour},
		{"solved", wisecx.Case{Status: "solved", CreatedAt: at(0), SolvedAt: at(time.Hour)}, none, time.Hour, none},
		{"solved, then closed", wisecx.Case{Status: "closed", CreatedAt: at(0), SolvedAt: at(time.Hour), ClosedAt: at(72 * time.Hour)}, none, time.Hour, none},
		{"closed, never solved", wisecx.Case{Status: "closed", CreatedAt: at(0), ClosedAt: at(90 * time.Minute)}, none, 90 * time.Minute, none},
		{"solved, and opened again", wisecx.Case{Status: "open", CreatedAt: at(0), SolvedAt: at(time.Hour)}, none, none, 2 * time.Hour},
		{"solved, but not said when", wisecx.Case{Status: "solved", CreatedAt: at(0)}, none, none, none},
		{"solved before it was created", wisecx.Case{Status: "solved", CreatedAt: at(0), SolvedAt: at(-time.Second)}, none, none, none},
		{"read before it was created, which is yet to come", wisecx.Case{Status: "open", CreatedAt: at(3 * time.Hour), FirstReadAt: at(0)}, none, none, none},
		{"not said when it was created", wisecx.Case{Status: "open", FirstReadAt: at(0), SolvedAt: at(0)}, none, none, none},
		{"not said when, and solved", wisecx.Case{Status: "solved", FirstReadAt: at(0), SolvedAt: at(0)}, none, none, none},
		{"of a status that is not known", wisecx.Case{Status: "archived", CreatedAt: at(0), SolvedAt: at(time.Hour)}, none, none, none},
	} {
		span := func(lasts time.Duration, known bool) time.Duration {
			if !known {
				return none
			}
			return lasts
		}
		firstRead, resolution, age := span(firstReadSpan(&c.row)), span(resolutionSpan(&c.row)), span(ageSpan(&c.row, noon.Add(2*time.Hour)))
		if firstRead != c.firstRead || resolution != c.resolution || age != c.age {
			t.Errorf("%s: read after %v, resolved after %v, %v old; want %v, %v, %v (−1 for none)", c.name, firstRead, resolution, age, c.firstRead, c.resolution, c.age)
		}
	}
}

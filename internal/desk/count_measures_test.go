package desk

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// told is a planted case's thread, written out: "c 0" is a message of the customer's at its creation, "46684 12" a reply
// of that agent 12 minutes later.
func told(t *testing.T, written string) func(created time.Time) []sandbox.Activity {
	return func(created time.Time) []sandbox.Activity {
		var thread []sandbox.Activity
		for _, entry := range strings.Split(written, ",") {
			var who string
			var minutes float64
			if _, err := fmt.Sscan(entry, &who, &minutes); err != nil {
				t.Fatalf("%q: %v", entry, err)
			}
			a := sandbox.Activity{Type: "user_reply", Channel: "web", Content: "hola", CreatedAt: created.Add(time.Duration(minutes * float64(time.Minute)))}
			switch who {
			case "c":
				a.Type, a.ContactFrom = "contact_message", &sandbox.Party{ID: 9005, Name: "Tomás Gómez"}
			case "failed":
				a.SendingState, a.UserID = "failed", 46684
			case "event":
				a.Type, a.Content = "event", "[change_status_to]solved"
			default:
				fmt.Sscan(who, &a.UserID)
			}
			thread = append(thread, a)
		}
		return thread
	}
}

// plant makes cases whose custom field obra is "norte", one a thread, an hour apart.
func (o *office) plant(t *testing.T, queue, agent int64, tags []string, threads ...string) []sandbox.Case {
	t.Helper()
	var planted []sandbox.Case
	for i, written := range threads {
		created := noon.Add(time.Duration(-100-i) * time.Hour)
		planted = append(planted, o.api.AddCase(sandbox.Case{GroupID: queue, UserID: agent, ContactID: 9005, Subject: "Caso plantado", SourceChannel: "web", Tags: tags,
			CustomFields: []sandbox.CustomField{{Field: "obra", Value: "norte"}}, CreatedAt: created}, told(t, written)(created)))
	}
	return planted
}

var onlyPlanted = CaseFilters{Where: []Where{{"obra", "EQUAL", []string{"norte"}}}}

// someone gives an agent and a bot of the account.
func (o *office) someone() (agent, bot sandbox.Agent) {
	for _, u := range o.api.Users() {
		if u.IsBot {
			bot = u
		} else if u.ID != 46684 {
			agent = u
		}
	}
	return agent, bot
}

func TestWhichQueueAnswersSlowestAtTheMedianAndAtP90(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 200}, Options{})
	ventas, soporte := o.queueID("Ventas"), int64(24717)
	// Ventas answers first after 10, 20, 30, 40 and 600 minutes: median 30, p90 40 + 0.6*560 = 376.
	o.plant(t, ventas, 46684, nil, "c 0, 46684 10, c 60, 46684 61", "c 0, c 5, 46684 20", "c 0, 46684 30", "c 0, 46684 40, c 50, 46684 53", "c 0, 46684 600")
	// Soporte after 50 and 70 minutes: median 60, p90 68. A third is not answered, a fourth we began.
	o.plant(t, soporte, 46684, nil, "c 0, 46684 50", "c 0, event 1, failed 3, 46684 70", "c 0, failed 20", "46684 0, c 30, 46684 34")
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"queue"}, Measure: []string{"first_reply_time", "reply_time"}})
	want := map[string]string{
		// The replies of Ventas took 10, 1, 20, 30, 40, 3 and 600 minutes, those of Soporte 50, 70 and 4.
		"Ventas":          `{"queue":"Ventas","count":5,"first_reply_time":{"n":5,"median":30,"p90":376,"unit":"minutes"},"reply_time":{"n":7,"median":20,"p90":264,"unit":"minutes"}}`,
		"Soporte Técnico": `{"queue":"Soporte Técnico","count":4,"first_reply_time":{"n":2,"median":60,"p90":68,"unit":"minutes"},"reply_time":{"n":3,"median":50,"p90":66,"unit":"minutes"}}`,
	}
	groups := found.Figures(mostColumns).Groups
	for _, row := range groups {
		if got, _ := row.MarshalJSON(); string(got) != want[row.Get("queue").(string)] {
			t.Errorf("%s, want %s", got, want[row.Get("queue").(string)])
		}
	}
	if total, _ := found.Total().MarshalJSON(); len(groups) != 2 || string(total) != `{"count":9,"first_reply_time":{"n":7,"median":40,"p90":282,"unit":"minutes"},"reply_time":{"n":10,"median":25,"p90":123,"unit":"minutes"}}` {
		t.Errorf("the total is %s", total)
	}
	if !found.Exact || !noteWith(found.Notes, "1 cases whose first question nobody answered (first_reply_time)") || !noteWith(found.Notes, "1 turns of customers that nobody answered") ||
		!noteWith(found.Notes, "1 cases that the customer did not begin") {
		t.Errorf("exact: %v, notes %v", found.Exact, found.Notes)
	}
	if n := o.api.Requests()["GET /cases/{id}/activities"]; n != 9 {
		t.Errorf("%d threads were read for 9 cases", n)
	}
}

func TestRepliesAreCreditedToWhoWroteThemBotsAside(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 200}, Options{})
	other, bot := o.someone()
	// The case is Franco's; the other answers the second turn, the bot nobody's.
	o.plant(t, 24717, 46684, nil, fmt.Sprintf("c 0, %d 1, 46684 10, c 20, %d 21, %d 25", bot.ID, bot.ID, other.ID))
	o.plant(t, 24717, 0, nil, fmt.Sprintf("c 0, %d 3", other.ID), "c 0")
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"agent"}, Measure: []string{"reply_time"}})
	want := map[string]string{
		"Franco González": "count 1, n 1, median 10",
		"unassigned":      "count 2, n 0, median <nil>",
		strings.TrimSpace(other.FirstName + " " + other.LastName): "count 0, n 2, median 4",
	}
	for _, row := range found.Figures(mostColumns).Groups {
		times := row.Get("reply_time").(Row)
		got := fmt.Sprintf("count %v, n %v, median %v", row.Get("count"), times.Get("n"), times.Get("median"))
		if who := row.Get("agent").(string); got != want[who] {
			t.Errorf("%s: %s, want %s", who, got, want[who])
		} else {
			delete(want, who)
		}
	}
	if len(want) > 0 || !noteWith(found.Notes, "reply times by who wrote the reply") {
		t.Errorf("missing are %v; notes %v", want, found.Notes)
	}
	byQueue := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"agent", "queue"}, Measure: []string{"reply_time", "age"}}).Figures(mostColumns)
	if len(byQueue.Rows) != 3 || len(byQueue.Columns) != 9 {
		t.Errorf("by agent and queue: %v %v", byQueue.Columns, byQueue.Rows)
	}
}

func TestWithoutTheAgentsBotsCountAndTheAnswerSaysSo(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 100}, Options{})
	_, bot := o.someone()
	o.plant(t, 24717, 46684, nil, fmt.Sprintf("c 0, %d 1", bot.ID))
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/users") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		api.ServeHTTP(w, r)
	})
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, Measure: []string{"first_reply_time"}})
	if found.Exact || found.Total().Get("first_reply_time").(Row).Get("n") != int64(1) || !noteWith(found.Notes, "bots cannot be told from agents") {
		t.Errorf("exact: %v, total %v, notes %v", found.Exact, found.Total(), found.Notes)
	}
}

func TestMeasuresOfTheRowAreThoseReckonedByHand(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 200}, Options{})
	add := func(status string, age time.Duration, read, solved, closed time.Duration) {
		c := sandbox.Case{GroupID: 24717, ContactID: 9005, Status: status, Subject: "x", SourceChannel: "web", CustomFields: []sandbox.CustomField{{Field: "obra", Value: "norte"}}, CreatedAt: noon.Add(-age)}
		for _, at := range []struct {
			into  *time.Time
			after time.Duration
		}{{&c.FirstRead, read}, {&c.SolvedAt, solved}, {&c.ClosedAt, closed}} {
			if at.after > 0 {
				*at.into = c.CreatedAt.Add(at.after)
			}
		}
		o.api.AddCase(c, nil)
	}
	hour := time.Hour
	add("open", 10*hour, 0, 0, 0)
	add("open", 20*hour, 30*time.Minute, 2*hour, 0) // opened again: it was solved once
	add("pending", 60*hour, 6*time.Minute, 0, 0)
	add("solved", 100*hour, 12*time.Minute, 4*hour, 0)
	add("closed", 100*hour, 0, 6*hour, 50*hour)
	add("closed", 100*hour, 0, 0, 20*hour)
	add("solved", 100*hour, 0, 0, 0) // solved, nobody knows when
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, Measure: []string{"age", "first_read_time", "resolution_time"}})
	// Ages 10, 20 and 60; read after 6, 12 and 30; resolved after 4, 6 and 20.
	want := `{"count":7,"age":{"n":3,"median":20,"p90":52,"unit":"hours"},"first_read_time":{"n":3,"median":12,"p90":26.4,"unit":"minutes"},` +
		`"resolution_time":{"n":3,"median":6,"p90":17.2,"unit":"hours"}}`
	if got, _ := found.Total().MarshalJSON(); string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !noteWith(found.Notes, "4 cases that nobody opened (first_read_time), 4 cases that are not resolved (resolution_time)") {
		t.Errorf("the notes are %v", found.Notes)
	}
	if n := o.api.Requests()["GET /cases/{id}/activities"]; n != 0 {
		t.Errorf("%d threads were read for what the rows tell", n)
	}
}

func TestACaseWithTwoTagsIsMeasuredUnderEach(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 100}, Options{})
	o.plant(t, 24717, 46684, []string{"vip", "reclamo"}, "c 0, 46684 10")
	o.plant(t, 24717, 46684, []string{"vip"}, "c 0, 46684 20")
	o.plant(t, 24717, 46684, []string{"reclamo", "reclamo"}, "c 0, 46684 40")
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"tag"}, Measure: []string{"first_reply_time"}})
	got := map[string]string{}
	for _, row := range found.Figures(mostColumns).Groups {
		got[row.Get("tag").(string)] = fmt.Sprint(row.Get("count"), row.Get("first_reply_time").(Row).Get("median"))
	}
	if fmt.Sprint(got) != "map[reclamo:2 25 vip:2 15]" || found.cases() != 3 || !noteWith(found.Notes, "more than the total") {
		t.Errorf("%v of %d cases, notes %v", got, found.cases(), found.Notes)
	}
	table := o.count(t, CountQuery{CaseFilters: onlyPlanted, GroupBy: []string{"queue", "tag"}}).Figures(mostColumns)
	if fmt.Sprint(table.Columns, table.Rows) != "[queue reclamo vip total] [[Soporte Técnico 2 2 3]]" {
		t.Errorf("by queue and tag: %v %v", table.Columns, table.Rows)
	}
}

func TestThreadsAreReadUpToABoundNewestFirst(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 120}, Options{})
	listed := o.api.Listed()
	for most, want := range map[int]int{20: 20, 119: 119, 120: 120} {
		o.api.ResetRequests()
		found := o.count(t, CountQuery{Measure: []string{"first_reply_time"}, MaxScan: most})
		requests := o.api.Requests()
		if found.cases() != want || found.Exact != (want == 120) || found.Coverage.Oldest != o.show(listed[120-want].CreatedAt) {
			t.Errorf("max_scan %d: %d cases, exact: %v, %+v", most, found.cases(), found.Exact, found.Coverage)
		}
		if n := requests["GET /cases/{id}/activities"]; n < want || n > want+want/20 || requests["GET /cases"] > 2 {
			t.Errorf("max_scan %d took %v", most, requests)
		}
		told := fmt.Sprintf("120 cases fit; only the conversations of the newest %d, created since %s, were read", want, found.Coverage.Oldest)
		if noteWith(found.Notes, told) == found.Exact || noteWith(found.Notes, "max_scan: 200 reads all") == found.Exact || found.Coverage.Threads != want {
			t.Errorf("max_scan %d: %+v, the notes are %v", most, found.Coverage, found.Notes)
		}
	}
	for _, c := range []struct {
		measure               string
		asked, cases, threads int
	}{{"age", 0, 10_000, 0}, {"age", 20, 20, 0}, {"age", 1 << 30, 50_000, 0}, {"reply_time", 0, 10_000, 1000}, {"reply_time", 20, 10_000, 20}, {"first_reply_time", 5000, 10_000, 2000}} {
		asked, _ := measuresOf([]string{c.measure})
		cases, threads := (&counting{ask: CountQuery{MaxScan: c.asked}, tally: newTally(nil, asked, noon)}).most()
		if cases != c.cases || c.threads > 0 && threads != c.threads {
			t.Errorf("%s with max_scan %d: %d cases, %d threads", c.measure, c.asked, cases, threads)
		}
	}
}

func TestUpToAThousandThreadsAreReadWithoutBeingAskedFor(t *testing.T) {
	o := newHastyOffice(t, sandbox.Options{Listed: 420})
	found := o.count(t, CountQuery{Measure: []string{"first_reply_time"}})
	if n := o.api.Requests()["GET /cases/{id}/activities"]; found.cases() != 420 || !found.Exact || found.Coverage.Threads != 420 || n < 420 {
		t.Errorf("%d cases, exact: %v, %+v, %d requests", found.cases(), found.Exact, found.Coverage, n)
	}
	o = newHastyOffice(t, sandbox.Options{Listed: 1100})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/activities") {
			fmt.Fprint(w, "[]") // what matters is how many are asked for
			return
		}
		api.ServeHTTP(w, r)
	})
	found = o.count(t, CountQuery{Measure: []string{"first_reply_time"}})
	if found.cases() != 1000 || found.Exact || !noteWith(found.Notes, "1100 cases fit; only the conversations of the newest 1000") || !noteWith(found.Notes, "max_scan: 1200 reads all") {
		t.Errorf("%d cases, exact: %v, %v", found.cases(), found.Exact, found.Notes)
	}
	if found = o.count(t, CountQuery{Measure: []string{"first_reply_time"}, MaxScan: 1200}); found.cases() != 1100 || !found.Exact {
		t.Errorf("with max_scan: %d cases, exact: %v, %v", found.cases(), found.Exact, found.Notes)
	}
}

func TestTroubleAmongTheThreadsIsTold(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 100}, Options{})
	listed := o.api.Listed()
	gone, broken := listed[95], listed[60]
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		switch {
		case strings.Contains(r.URL.Path, fmt.Sprintf("/cases/%d/", gone.ID)):
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error": "Case Not Found"}`)
		case strings.Contains(r.URL.Path, fmt.Sprintf("/cases/%d/", broken.ID)):
			w.WriteHeader(http.StatusForbidden)
		default:
			api.ServeHTTP(w, r)
		}
	})
	found := o.count(t, CountQuery{Measure: []string{"reply_time"}})
	if found.cases() != 39 || found.Exact || found.Coverage.Oldest != o.show(listed[61].CreatedAt) || !noteWith(found.Notes, "100 cases fit; only the conversations of the newest 39, created") {
		t.Errorf("%d cases, exact: %v, %+v, notes %v", found.cases(), found.Exact, found.Coverage, found.Notes)
	}
	broken = gone
	found = o.count(t, CountQuery{Measure: []string{"reply_time"}})
	if found.cases() != 100 {
		t.Errorf("%d cases, notes %v", found.cases(), found.Notes)
	}
}

func TestALongThreadSaysThatItWasCut(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 100}, Options{})
	var long strings.Builder
	for i := range 1100 {
		fmt.Fprintf(&long, "%s %d,", [2]string{"c", "46684"}[i%2], i)
	}
	planted := o.plant(t, 24717, 46684, nil, strings.TrimSuffix(long.String(), ","))
	found := o.count(t, CountQuery{CaseFilters: onlyPlanted, Measure: []string{"reply_time"}})
	if found.Exact || found.Total().Get("reply_time").(Row).Get("n") != int64(500) || !noteWith(found.Notes, "only the oldest 1000 entries were read: "+fmt.Sprint(planted[0].Number)) {
		t.Errorf("exact: %v, %v, notes %v", found.Exact, found.Total(), found.Notes)
	}
	o.api.ResetRequests()
	found = o.count(t, CountQuery{CaseFilters: onlyPlanted, Measure: []string{"first_reply_time"}})
	if n := o.api.Requests()["GET /cases/{id}/activities"]; n != 1 || !found.Exact {
		t.Errorf("the first reply took %d requests, exact: %v", n, found.Exact)
	}
}

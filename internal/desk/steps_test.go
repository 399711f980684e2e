package desk

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// staff are the agents of the threads that are written out here. Two of them are called Lucía Ruiz.
var staff = directoryOf(
	entry{id: 1, name: "Ana Paz", also: []string{"anita", "Ana", "Paz"}},
	entry{id: 2, name: "Beto Sosa", also: []string{"Beto", "Sosa"}},
	entry{id: 3, name: "Lucía Ruiz", also: []string{"Lucía", "Ruiz"}},
	entry{id: 4, name: "Lucía Ruiz", also: []string{"Lucía", "Ruiz"}},
	entry{id: 9, name: "Robi", bot: true},
)

func directoryOf(entries ...entry) *names {
	n := &names{entries: entries, byID: map[int64]int{}}
	for i, e := range entries {
		n.byID[e.id] = i
	}
	return n
}

// threadOf reads a thread that is written out, an entry a line, as the API would give it; a comment begins with "//":
//
//	10:00:00 customer            a message; 17 10:00:00 is a day earlier, and the day is the 18th else
//	10:05:00 1                   a reply by agent 1; 1 failed is one that was not delivered
//	10:06:00 event solved        what the system wrote
//	10:10:00 call                a call from the customer, with the lines of its log behind: ", 07:00:00.000 call_start"
//	10:10:00 call by 1           a call that agent 1 made
//	never customer               a message whose time cannot be read
//	#7 10:00:00 customer         a message with that id; ids count up from 101 else
func threadOf(t *testing.T, written string) *thread {
	t.Helper()
	read := &thread{whole: true}
	for _, line := range strings.Split(written, "\n") {
		line, _, _ = strings.Cut(line, "//")
		line, log, _ := strings.Cut(strings.TrimSpace(line), ", ")
		words, day := strings.Fields(line), "18"
		if len(words) == 0 {
			continue
		}
		row := map[string]any{"id": 101 + len(read.entries), "type": "user_reply", "content": "hola", "channel": "whatsapp"}
		if id, found := strings.CutPrefix(words[0], "#"); found {
			row["id"], words = id, words[1:]
		}
		if len(words[0]) == 2 {
			day, words = words[0], words[1:]
		}
		row["created_at"] = "2026-11-" + day + " " + words[0]
		switch who, rest := words[1], strings.Join(words[2:], " "); who {
		case "customer":
			row["type"], row["contact_from"] = "contact_message", map[string]any{"id": 9005, "name": "Tomás Gómez"}
		case "event":
			row["type"], row["content"] = "event", "[change_status_to]"+rest
		case "call":
			row["type"], row["channel"], row["call_data"] = "call", "incoming_call", map[string]any{"logs": logLines(log)}
			if agent, ours := strings.CutPrefix(rest, "by "); ours {
				row["channel"], row["user_id"] = "phone", agent
			}
		default:
			row["user_id"], row["sending_status"] = who, rest
		}
		body, err := json.Marshal(row)
		var a wisecx.Activity
		if err != nil || json.Unmarshal(body, &a) != nil {
			t.Fatalf("%s: %v", body, err)
		}
		read.entries = append(read.entries, a)
	}
	return read
}

func logLines(log string) []map[string]string {
	var lines []map[string]string
	for _, line := range strings.Split(log, ", ") {
		parts := append(strings.SplitN(line, " ", 3), "", "")
		lines = append(lines, map[string]string{"time": parts[0], "message": "[" + parts[1] + "]" + parts[2]})
	}
	return lines
}

// clock writes a time as threadOf reads it.
func clock(at time.Time) string {
	switch {
	case at.IsZero():
		return "never"
	case at.Day() != 18:
		return at.Format("02 15:04:05.999")
	}
	return at.Format("15:04:05.999")
}

func TestAMessageWithoutATimeOpensNoWindow(t *testing.T) {
	open := &wisecx.Case{Status: wisecx.StatusOpen}
	if now := turnOf(threadOf(t, "never customer"), staff, open); !now.window.IsZero() {
		t.Errorf("the window closes at %v", now.window)
	}
	if now := turnOf(threadOf(t, "never customer\n10:00:00 customer"), staff, open); now.window.Format(wisecx.TimeLayout) != "2026-11-19 10:00:00" {
		t.Errorf("the window closes at %v", now.window)
	}
}

func TestACallIsCreditedToWhomItsLogNames(t *testing.T) {
	for _, c := range []struct {
		name     string
		logged   string
		agent    int64 // of the activity
		by       int64
		as       string
		answered bool
	}{
		{"the name of one agent", "Ana Paz", 2, 1, "Ana Paz", true},
		{"written in another way", "  ANA  PÁZ", 2, 1, "Ana Paz", true},
		{"a name that people use for her", "anita", 0, 1, "Ana Paz", true},
		{"a name that two agents have: the activity's agent", "Lucía Ruiz", 4, 4, "Lucía Ruiz", true},
		{"a name that two agents have, and no agent", "Lucia Ruiz", 0, 0, "Lucia Ruiz", true},
		{"a name that begins an agent's", "An", 2, 2, "Beto Sosa", true},
		{"somebody who is no longer there", "Zoe Luna", 0, 0, "Zoe Luna", true},
		{"somebody unknown, of an agent unknown", "Zoe Luna", 77, 77, "#77", true},
		{"nobody who is named", "", 2, 2, "Beto Sosa", true},
		{"nobody at all", "", 0, 0, "", true},
		{"a bot", "Robi", 0, 0, "", false},
		{"nobody who is named, of a bot", "", 9, 0, "", false},
		{"somebody unknown, of a bot", "Zoe Luna", 9, 0, "Zoe Luna", true},
	} {
		conversation := threadOf(t, "10:00:00 call, 07:00:00 call_start, 07:00:09 call_attended "+c.logged+", 07:01:00 call_end")
		conversation.entries[0].AgentID = wisecx.Int(c.agent)
		steps := stepsOf(conversation, staff)
		if steps[0].side != onCustomer || len(steps) == 2 != c.answered {
			t.Errorf("%s: steps are %+v", c.name, steps)
		} else if last := steps[len(steps)-1]; last.agent != c.by || last.by != c.as {
			t.Errorf("%s: it is credited to %q (%d), want %q (%d)", c.name, last.by, last.agent, c.as, c.by)
		}
	}
	without := stepsOf(threadOf(t, "10:00:00 call, 07:00:00 call_start, 07:00:09 call_attended Ana Paz"), nil)
	if len(without) != 2 || without[1].by != "Ana Paz" || without[1].agent != 0 {
		t.Errorf("without a directory the steps are %+v", without)
	}
}

// The API's times are UTC or as set, the call's log is on the account's clock, the person is in Tokyo:
// the turn began 75 s after the call came, whichever clock shows it.
func TestThreeClocksAreKeptApart(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{Zone: tokyo})
	came := time.Date(2026, 11, 18, 14, 0, 0, 0, time.UTC)
	planted := o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "incoming_call", CreatedAt: came}, []sandbox.Activity{{
		CreatedAt: came, Type: "call", Channel: "incoming_call", ContactFrom: &sandbox.Party{ID: 9005}, UserID: 46684,
		Call: &sandbox.Call{StartedAt: came, AssignedAt: came.Add(75 * time.Second), EndedAt: came.Add(5 * time.Minute), Duration: 300, Logs: []sandbox.CallLog{
			{Time: "11:00:00.000", Message: "[call_start]"}, {Time: "11:01:15.000", Message: "[call_attended]Franco González"}, {Time: "11:05:00.000", Message: "[call_end]"}}},
	}})
	server := httptest.NewServer(o.api)
	defer server.Close()
	for zone, want := range map[*time.Location]string{
		time.UTC:       "2026-11-18 23:01", // 14:01:15 UTC + 9 h
		buenosAires(t): "2026-11-19 02:01", // 14:01:15 there is 17:01:15 UTC; + 9 h
	} {
		base, err := wisecx.ParseBase(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		o.Desk = New(Options{API: wisecx.New(wisecx.Config{Base: base, User: sandbox.User, Key: sandbox.Key, Zone: zone}), Zone: tokyo, Now: o.now})
		view := o.get(t, CaseAsk{ID: planted.ID})
		if view.Case.Get("waiting_on") != onCustomer || view.Case.Get("waiting_since") != want {
			t.Errorf("with the API in %s: waiting on %v since %v, want %s", zone, view.Case.Get("waiting_on"), view.Case.Get("waiting_since"), want)
		}
		if call := view.Messages[0].Get("call").(Row); call.Get("ring_seconds") != 75.0 || call.Get("talk_seconds") != 225.0 || call.Get("total_seconds") != 300.0 {
			t.Errorf("with the API in %s the call is shown as %v", zone, call)
		}
	}
}

// Whatever the simulator tells, hostile cases included: nothing takes less than no time, what is
// answered was asked, and nobody answers twice in a row.
func TestExchangesOfTheSimulatorAreSound(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 200}, Options{})
	agents, err := o.directory.names(t.Context(), "agent")
	if err != nil {
		t.Fatal(err)
	}
	bots := map[int64]bool{0: true}
	for _, u := range o.api.Users() {
		bots[u.ID] = u.IsBot
	}
	answered := 0
	for _, c := range o.api.Cases() {
		conversation, err := o.thread(t.Context(), c.ID, 1000)
		if err != nil {
			t.Fatal(err)
		}
		var last time.Time
		for i, e := range exchangesOf(stepsOf(conversation, agents)) {
			if e.asked.Before(last) || e.first && i > 0 || !e.answered.IsZero() && e.answered.Before(e.asked) {
				t.Errorf("case %d: exchange %d is %+v", c.Number, i, e)
			}
			if last = e.answered; last.IsZero() {
				last = noon
				continue
			}
			if answered++; bots[e.agent] || e.by == "" {
				t.Errorf("case %d: exchange %d was answered by %q (%d)", c.Number, i, e.by, e.agent)
			}
		}
	}
	if answered < 100 {
		t.Errorf("%d exchanges were answered", answered)
	}
}

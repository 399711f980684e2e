package wisecx

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestEventsAreToldFromMessages(t *testing.T) {
	call := &CallData{}
	tests := []struct {
		activity Activity
		event    bool
	}{
		{Activity{Type: ContactMessage, Content: "Buenas, mi pedido no llegó"}, false},
		{Activity{Type: UserReply, Content: "<p>Hola</p>"}, false},
		{Activity{Type: ContactMessage}, false},
		{Activity{Type: UserReply, Content: "[change_assign_agent_to]Ana"}, true},
		{Activity{Type: ContactMessage, Content: "[change_assign_agent_to]Ana"}, true},
		{Activity{Type: UserReply, Content: " [change_status_to]pending"}, true},
		{Activity{Type: ContactMessage, Content: "[assigned_limit]"}, true},
		{Activity{Type: UserReply, Content: "[bot_session_started]"}, true},
		{Activity{Type: ContactMessage, Content: "[importante] hola"}, false},
		{Activity{Type: ContactMessage, Content: "[foto]"}, false},
		{Activity{Type: UserReply, Content: "[foto]"}, false},
		{Activity{Type: ContactMessage, Content: "[mi_foto] se ve mal"}, false},
		{Activity{Type: ContactMessage, Content: "[no_te_olvides]"}, false},
		{Activity{Type: ContactMessage, Content: "[IMG_2041] la factura"}, false},
		{Activity{Type: UserReply, Content: "[Nota_interna] x"}, false},
		{Activity{Type: UserReply, Content: "[change_assign_agent_to Ana"}, false},
		{Activity{Type: UserReply, Content: "ver [change_assign_agent_to]Ana"}, false},
		{Activity{Type: UserReply, Content: "[]"}, false},
		{Activity{Type: UserReply, Content: "["}, false},
		{Activity{Type: "event", Content: "se cerró"}, true},
		{Activity{Type: "", Content: "hola"}, true},
		{Activity{Type: "call", CallData: call}, false},
		{Activity{Type: "incoming_call"}, true},
	}
	for _, test := range tests {
		if got := test.activity.IsEvent(); got != test.event {
			t.Errorf("%s %q: an event is %t; want %t", test.activity.Type, test.activity.Content, got, test.event)
		}
	}
}

func TestEventsOfTheSimulatorAreTold(t *testing.T) {
	client, api := simulator(t, sandbox.Options{})
	seen := map[bool]int{}
	for _, c := range api.Cases()[:200] {
		rows, err := client.ListActivities(t.Context(), c.ID, Query{})
		if err != nil {
			t.Fatal(err)
		}
		truth := map[int64]string{}
		for _, x := range api.Thread(c.ID) {
			truth[x.ID] = x.Type
		}
		for _, row := range rows {
			event := truth[int64(row.ID)] == "event"
			if row.IsEvent() != event {
				t.Errorf("%s %q: an event is %t", row.Type, row.Content, !event)
			}
			seen[event]++
		}
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("saw %v of events and messages; want both", seen)
	}
}

func TestDeliveryIsReadFromTheSendingStatus(t *testing.T) {
	for status, want := range map[Text]bool{"sent": false, "": false, "delivered": false, "failed": true, "FAILED": true, "rejected": true} {
		if got := (&Activity{SendingStatus: status}).NotDelivered(); got != want {
			t.Errorf("%q: not delivered is %t", status, got)
		}
	}
}

func TestPeopleInOddShapes(t *testing.T) {
	reads(t, same[Person], map[string]Person{
		`{"id": 9005, "name": "Ana", "phone": 5491155510005, "email": null}`: {ID: 9005, Name: "Ana", Phone: "5491155510005"},
		`[{"id": "9005"}, {"id": 2}]`:                                        {ID: 9005},
		`"Ana Gómez"`:                                                        {Name: "Ana Gómez"},
		`["Ana"]`:                                                            {Name: "Ana"},
		`9005`:                                                               {ID: 9005},
		`"{\"name\":\"Ana\"}"`:                                               {Name: "Ana"},
		`null`:                                                               {}, `""`: {}, `[]`: {}, `{}`: {}, `false`: {}, `[null]`: {},
	})
}

func TestAttachmentsInOddShapes(t *testing.T) {
	reads(t, slices.Equal[Attachments], map[string]Attachments{
		`[{"name": "foto.jpg", "url": "https://x.example/1"}]`:               {"foto.jpg"},
		`[{"url": "https://x.example/a/foto%20de%20Ana.jpg?sig=1/2"}]`:       {"foto de Ana.jpg"},
		`[{"url": "https://x.example/a/..%2F..%2Fetc%2Fpasswd"}]`:            {"passwd"},
		`[{"url": "https://x.example/100%"}]`:                                {"100%"},
		`[{"filename": "a.pdf"}, {"file_name": "b.pdf"}, {"FileName": "c"}]`: {"a.pdf", "b.pdf", "c"},
		`["https://x.example/foto.jpg", "b.pdf"]`:                            {"foto.jpg", "b.pdf"},
		`{"name": "foto.jpg"}`:                                               {"foto.jpg"},
		`"https://x.example/foto.jpg"`:                                       {"foto.jpg"},
		`"[{\"name\":\"foto.jpg\"}]"`:                                        {"foto.jpg"},
		`[{"size": 5}, {"url": "https://x.example/"}]`:                       {"file", "file"},
		`[null, {}, ""]`: nil,
		`null`:           nil, `""`: nil, `[]`: nil, `{}`: nil, `false`: nil, `"[]"`: nil,
	})
}

func TestRecordingsInOddShapes(t *testing.T) {
	reads(t, slices.Equal[Recordings], map[string]Recordings{
		`[{"recording_id": "r1", "url": "https://x.example"}]`: {{"r1"}},
		`[{"recording_id": 77}, {"url": "https://x.example"}]`: {{"77"}, {""}},
		`{"recording_id": "r1"}`:                               {{"r1"}},
		`["r1", 77]`:                                           {{"r1"}, {"77"}},
		`"r1"`:                                                 {{"r1"}},
		`null`:                                                 nil, `""`: nil, `[]`: nil, `{}`: nil, `[null]`: nil, `false`: nil,
	})
}

func TestCallDataInOddShapes(t *testing.T) {
	for text, call := range map[string]bool{
		`null`: false, `""`: false, `[]`: false, `{}`: false, `false`: false, `"{}"`: false, `"[]"`: false,
		`{"duration": 5}`: true, `[{"duration": 5}]`: true, `"{\"duration\":5}"`: true, `"not known"`: true, `{"started_at": null}`: true,
	} {
		var a Activity
		if err := json.Unmarshal([]byte(`{"type": "call", "call_data": `+text+`}`), &a); err != nil {
			t.Fatal(err)
		}
		if got := a.CallData != nil; got != call || a.IsEvent() == call {
			t.Errorf("%s: a call is %t, an event %t; want %t", text, got, a.IsEvent(), call)
		}
	}
	var d CallData
	err := json.Unmarshal([]byte(`{"started_at": "2026-09-06 03:09:59", "ended_at": 0, "duration": "63",
		"logs": [{"time": "00:10:00.120", "message": "[call_start]"}, "odd", null, {"time": "00:10:20.000", "message": "[call_attended] Ana Paz "}]}`), &d)
	if err != nil || d.Seconds != 63 || d.StartedAt.IsZero() || !d.EndedAt.IsZero() || len(d.Logs) != 4 || !slices.Equal(d.Agents(), []string{"Ana Paz"}) || !d.Attended() {
		t.Errorf("got %+v, %v", d, err)
	}
	if err := json.Unmarshal([]byte(`{"duration": 63, "assigned_at": "2026-09-06 03:09:59", "logs": "none"}`), &d); err != nil || d.Seconds != 63 || len(d.Logs) != 0 || !d.Attended() {
		t.Errorf("with a log that is none: %+v, %v", d, err)
	}
}

func TestMissedCallsAreToldFromAttendedOnes(t *testing.T) {
	at := Time{Time: noon}
	for name, test := range map[string]struct {
		call     CallData
		attended bool
	}{
		"by its log":                       {CallData{Logs: []Call{{Message: "[call_start]"}, {Message: "[call_attended]Ana"}}}, true},
		"its log says nobody":              {CallData{AssignedAt: at, Seconds: 9, Logs: []Call{{Message: "[call_start]"}, {Message: "[call_end]"}}}, false},
		"without a log, but assigned":      {CallData{AssignedAt: at, Seconds: 9}, true},
		"without a log, assigned, no time": {CallData{AssignedAt: at}, false},
		"without a log, not assigned":      {CallData{Seconds: 9}, false},
		"attended by nobody who is named":  {CallData{Logs: []Call{{Message: " [call_attended] "}}}, true},
		"its log says nothing":             {CallData{AssignedAt: at, Seconds: 9, Logs: []Call{{}, {Clock: "10:00:00"}}}, true},
		"words that only look like it":     {CallData{Logs: []Call{{Message: "call_attended]Ana"}, {Message: "[call_attended"}, {Message: "no [call_attended]Ana"}}}, false},
	} {
		if got := test.call.Attended(); got != test.attended {
			t.Errorf("%s: attended is %t", name, got)
		}
	}
}

func TestAgentsOfACallComeInOrderEachOnce(t *testing.T) {
	call := CallData{Logs: []Call{{Message: "[call_start]"}, {Message: "[call_attended]Ana"}, {Message: "[call_attended]"}, {Message: "[call_transferred_area]Ventas"},
		{Message: "[call_attended] Beto "}, {Message: "[call_attended]Ana"}}}
	if got := call.Agents(); !slices.Equal(got, []string{"Ana", "Beto"}) {
		t.Errorf("attended by %q", got)
	}
	if got := (&CallData{Logs: []Call{{Message: "[call_available_agents]Ana, Beto"}}}).Agents(); got != nil {
		t.Errorf("a missed call was attended by %q", got)
	}
}

// logOf makes a log from lines such as "07:00:12.500 call_attended Ana".
func logOf(lines ...string) []Call {
	var log []Call
	for _, line := range lines {
		clock, rest, _ := strings.Cut(line, " ")
		word, name, _ := strings.Cut(rest, " ")
		log = append(log, Call{Text(clock), Text("[" + word + "]" + name)})
	}
	return log
}

func TestSpansOfACall(t *testing.T) {
	const s, m = time.Second, time.Minute
	after := func(d time.Duration) Time { return Time{Time: noon.Add(d)} }
	for name, test := range map[string]struct {
		call              CallData
		ring, talk, total time.Duration
	}{
		"by its log": { // 12.500 − 00.000; 07:03:17.500 − 07:00:12.500
			CallData{Logs: logOf("07:00:00.000 call_start", "07:00:01 call_available_agents Ana, Beto", "07:00:12.500 call_attended Ana", "07:03:17.500 call_end")},
			12500 * time.Millisecond, 3*m + 5*s, 3*m + 17500*time.Millisecond},
		"transferred: it rings again": { // 20 s and 20 s; 3 min 40 s with Ana and 6 min with Beto
			CallData{Logs: logOf("10:00:00 call_start", "10:00:20 call_attended Ana", "10:04:00 call_transferred_area", "10:04:20 call_attended Beto", "10:10:20 call_end")},
			40 * s, 9*m + 40*s, 10*m + 20*s},
		"transferred twice": { // rings 10 s, 15 s and 5 s; Ana talks 30 s, Beto 45 s, Ana again 20 s
			CallData{Logs: logOf("10:00:00 call_start", "10:00:10 call_attended Ana", "10:00:40 call_transferred_area", "10:00:41 call_available_agents Beto", "10:00:55 call_attended Beto",
				"10:01:40 call_transferred_area", "10:01:45 call_attended Ana", "10:02:05 call_end")},
			30 * s, 95 * s, 125 * s},
		"transferred, and nobody took it": { // rings 10 s and 35 s; Ana talks 30 s
			CallData{Logs: logOf("10:00:00 call_start", "10:00:10 call_attended Ana", "10:00:40 call_transferred_area", "10:01:15 call_end")},
			45 * s, 30 * s, 75 * s},
		"transferred before anybody took it": { // rings 25 s all in all
			CallData{Logs: logOf("10:00:00 call_start", "10:00:10 call_transferred_area", "10:00:25 call_attended Ana", "10:01:25 call_end")},
			25 * s, m, 85 * s},
		"attended by two without a transfer": { // nothing says that it rang between
			CallData{Logs: logOf("10:00:00 call_start", "10:00:10 call_attended Ana", "10:00:40 call_attended Beto", "10:01:10 call_end")},
			10 * s, m, 70 * s},
		"transferred over midnight, without an end": { // by its duration of 60 s: rings 5 s and 10 s
			CallData{Seconds: 60, Logs: logOf("23:59:40 call_start", "23:59:45 call_attended Ana", "23:59:55 call_transferred_area", "00:00:05 call_attended Beto")},
			15 * s, 45 * s, m},
		"a transfer whose clock cannot be read": {
			CallData{Seconds: 70, StartedAt: after(0), AssignedAt: after(10 * s), Logs: logOf("10:00:00 call_start", "10:00:10 call_attended Ana", "x call_transferred_area", "10:01:10 call_end")}, 10 * s, m, 70 * s},
		"missed: it rang to its end": {
			CallData{Logs: logOf("10:00:00 call_start", "10:00:30 assigned_limit", "10:00:45 call_end")}, 45 * s, 0, 45 * s},
		"over midnight while it rang": { // 4 s before midnight and 6 s after
			CallData{Logs: logOf("23:59:56 call_start", "00:00:06 call_attended Ana", "00:01:06 call_end")}, 10 * s, m, 70 * s},
		"over midnight while they talked": {
			CallData{Logs: logOf("23:59:00 call_start", "23:59:30 call_attended Ana", "00:14:30 call_end")}, 30 * s, 15 * m, 15*m + 30*s},
		"without a start: from the first line": {
			CallData{Logs: logOf("10:00:05 call_available_agents Ana", "10:00:15 call_attended Ana", "10:01:15 call_end")}, 10 * s, m, 70 * s},
		"picked up at once": {
			CallData{Logs: logOf("10:00:00 call_start", "10:00:00 call_attended Ana", "10:01:00 call_end")}, 0, m, m},
		"newest line first": {
			CallData{Logs: logOf("10:01:20 call_end", "10:00:20 call_attended Ana", "10:00:00 call_start")}, 20 * s, m, 80 * s},
		"newest line first, over midnight": {
			CallData{Logs: logOf("00:01:06 call_end", "00:00:06 call_attended Ana", "23:59:56 call_start")}, 10 * s, m, 70 * s},
		"a line out of order is no midnight": {
			CallData{Logs: logOf("10:00:01 call_start", "10:00:00.900 call_available_agents Ana", "10:00:11 call_attended Ana", "10:01:11 call_end")}, 10 * s, m, 70 * s},
		"two starts and two ends: the longest": {
			CallData{Logs: logOf("10:00:00 call_start", "10:00:05 call_start", "10:00:10 call_attended Ana", "10:01:00 call_end", "10:02:00 call_end")}, 10 * s, 110 * s, 2 * m},
		"without an end: by its duration": {
			CallData{Seconds: 60, Logs: logOf("10:00:00 call_start", "10:00:09 call_attended Ana")}, 9 * s, 51 * s, m},
		"without an end and a duration: by its points in time": {
			CallData{StartedAt: after(0), AssignedAt: after(10 * s), EndedAt: after(m), Logs: logOf("10:00:00 call_start", "10:00:09 call_attended Ana")},
			9 * s, 50 * s, m},
		"without an end and anything else": {
			CallData{Logs: logOf("10:00:00 call_start", "10:00:09 call_attended Ana")}, 9 * s, 0, 0},
		"missed, without an end": {CallData{Seconds: 25, Logs: logOf("10:00:00 call_start")}, 25 * s, 0, 25 * s},
		"attended on the first line: how long it rang is not known": {
			CallData{Seconds: 70, Logs: logOf("10:00:10 call_attended Ana", "10:01:10 call_end")}, 0, m, 70 * s},
		"a mark whose clock cannot be read": {
			CallData{Seconds: 70, StartedAt: after(0), AssignedAt: after(10 * s), Logs: logOf("soon call_start", "10:00:05 call_attended Ana", "10:01:10 call_end")}, 10 * s, m, 70 * s},
		"another line whose clock cannot be read": {
			CallData{Logs: logOf("10:00:00 call_start", "25:61:00 call_available_agents", "10:00:10 call_attended Ana", "10:01:10 call_end")}, 10 * s, m, 70 * s},
		"attended after its end": { // what contradicts itself is left out
			CallData{Seconds: 70, Logs: logOf("10:00:00 call_start", "10:01:00 call_end", "10:01:05 call_attended Ana")}, 0, 0, 70 * s},
		"attended before its start": {
			CallData{Seconds: 60, Logs: logOf("10:00:05 call_attended Ana", "10:00:10 call_start", "10:01:00 call_end")}, 0, 0, m},
		"ring and talk that are too long together": {
			CallData{AssignedAt: after(0), EndedAt: after(8 * time.Hour), Logs: logOf("01:00:00 call_start", "09:00:00 call_attended Ana")}, 8 * time.Hour, 8 * time.Hour, 0},
		"a step back of an hour, as when clocks change": {
			CallData{Seconds: 610, Logs: logOf("23:55:00 call_start", "23:55:10 call_attended Ana", "23:05:10 call_end")}, 0, 0, 610 * s},
		"longer than any call":  {CallData{Logs: logOf("01:00:00 call_start", "12:00:00 call_attended Ana", "23:00:00 call_end")}, 0, 0, 0},
		"without a log":         {CallData{Seconds: 70, StartedAt: after(0), AssignedAt: after(10 * s), EndedAt: after(70 * s)}, 10 * s, m, 70 * s},
		"without a log, missed": {CallData{StartedAt: after(0), EndedAt: after(30 * s)}, 30 * s, 0, 30 * s},
		"only a duration":       {CallData{Seconds: 70, AssignedAt: after(0)}, 0, 0, 70 * s},
		"a duration of less than it rang": {
			CallData{Seconds: 5, StartedAt: after(0), EndedAt: after(m), Logs: logOf("10:00:00 call_start", "10:00:09 call_attended Ana")}, 9 * s, 51 * s, m},
		"no duration, no start": {CallData{AssignedAt: after(0), EndedAt: after(m), Logs: logOf("x call_attended Ana")}, 0, m, 0},
		"no duration, but ring and talk": {
			CallData{AssignedAt: after(0), EndedAt: after(m), Logs: logOf("10:00:00 call_start", "10:00:09 call_attended Ana")}, 9 * s, m, 69 * s},
		"a log on its own clock": { // the points in time are UTC, three hours ahead: they are not mixed
			CallData{StartedAt: after(0), EndedAt: after(70 * s), Seconds: 70, Logs: logOf("12:00:00 call_start", "12:00:10 call_attended Ana")}, 10 * s, m, 70 * s},
		"ended before it started":  {CallData{StartedAt: after(m), AssignedAt: after(s), EndedAt: after(0), Logs: logOf("x call_attended Ana")}, 0, 0, 0},
		"absurd numbers":           {CallData{Seconds: 1 << 62, StartedAt: after(-1e6 * time.Hour), EndedAt: after(0)}, 0, 0, 0},
		"a duration below nothing": {CallData{Seconds: -5}, 0, 0, 0},
		"nothing":                  {CallData{}, 0, 0, 0},
	} {
		if ring, talk, total := test.call.Spans(); ring != test.ring || talk != test.talk || total != test.total {
			t.Errorf("%s: rings %v, talks %v, lasts %v; want %v, %v, %v", name, ring, talk, total, test.ring, test.talk, test.total)
		}
	}
}

// The simulator keeps its own account of each call, in UTC, beside the local clock of its log.
func TestSpansOfTheSimulatorsCallsAreTrue(t *testing.T) {
	client, api := simulator(t, sandbox.Options{})
	attended, missed := 0, 0
	for _, c := range api.Cases() {
		if c.SourceChannel != "phone" && c.SourceChannel != "incoming_call" {
			continue
		}
		rows, err := client.ListActivities(t.Context(), c.ID, Query{})
		if err != nil {
			t.Fatal(err)
		}
		truth := map[int64]*sandbox.Call{}
		for _, x := range api.Thread(c.ID) {
			truth[x.ID] = x.Call
		}
		for _, row := range rows {
			call := truth[int64(row.ID)]
			if call == nil {
				continue
			}
			ring, talk, total := row.CallData.Spans()
			near := func(span, want time.Duration) bool { return (span - want).Abs() < time.Second } // its log has milliseconds
			if call.AssignedAt.IsZero() {
				missed++
				if talk != 0 || ring != total || !near(total, call.EndedAt.Sub(call.StartedAt)) {
					t.Errorf("a missed call of %v: rings %v, talks %v, lasts %v", call, ring, talk, total)
				}
				continue
			}
			attended++
			again := ring - row.CallData.PickedUp() // after transfers
			if !near(ring-again, call.AssignedAt.Sub(call.StartedAt)) || !near(talk+again, call.EndedAt.Sub(call.AssignedAt)) || ring+talk != total {
				t.Errorf("a call of %v: rings %v, talks %v, lasts %v", call, ring, talk, total)
			}
		}
	}
	if attended < 10 || missed < 10 {
		t.Errorf("saw %d attended and %d missed calls", attended, missed)
	}
}

// FuzzSpans shows that no log, however hostile, gives a span that is negative or absurd.
func FuzzSpans(f *testing.F) {
	f.Add("10:00:00 call_start\n10:00:09 call_attended Ana\n10:01:00 call_end", int64(60), int64(0), int64(9), int64(60))
	f.Add("23:59:59.999 call_start\n00:00 call_attended\n-1:00:00 call_end", int64(-1), int64(1<<62), int64(-1<<62), int64(0))
	f.Add("10:00:00 call_attended Ana\n10:00:40 call_transferred_area\n10:00:55 call_attended Beto\n10:00:30 call_end", int64(20), int64(0), int64(9), int64(60))
	f.Add(strings.Repeat("12:00:00 call_attended Ana\n00:00:00 call_end\n", 50), int64(1<<62), int64(5), int64(4), int64(3))
	f.Fuzz(func(t *testing.T, lines string, seconds, started, assigned, ended int64) {
		at := func(second int64) Time { return Time{Time: time.Unix(second, 0)} }
		call := CallData{Seconds: Int(seconds), StartedAt: at(started), AssignedAt: at(assigned), EndedAt: at(ended), Logs: logOf(strings.Split(lines, "\n")...)}
		ring, talk, total := call.Spans()
		for _, span := range []time.Duration{ring, talk, total} {
			if span < 0 || span > longestCall {
				t.Errorf("%+v: rings %v, talks %v, lasts %v", call, ring, talk, total)
			}
		}
		if total > 0 && ring+talk > total || !call.Attended() && (talk != 0 || ring != total) {
			t.Errorf("%+v: rings %v and talks %v of %v", call, ring, talk, total)
		}
	})
}

func TestOneActivityOfAThread(t *testing.T) {
	client, api := simulator(t, sandbox.Options{})
	want := api.Thread(430357543)[0]
	got, err := client.GetActivity(t.Context(), 430357543, want.ID)
	if err != nil || string(got.Content) != want.Content || got.Type != ContactMessage || string(got.ContactFrom.Name) != want.ContactFrom.Name {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if got, err = client.GetActivity(t.Context(), 430357543, want.ID, "id", "content"); err != nil || got.Type != "" || string(got.Content) != want.Content {
		t.Errorf("two of its fields: %+v, %v", got, err)
	}
	if _, err = client.GetActivity(t.Context(), 430357543, 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that does not exist: %v", err)
	}
}

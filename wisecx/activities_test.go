package wisecx

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

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
	if err != nil || d.Seconds != 63 || d.StartedAt.IsZero() || !d.EndedAt.IsZero() || len(d.Logs) != 4 || d.AttendedBy() != "Ana Paz" || !d.Attended() {
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
		"by its log":                        {CallData{Logs: []Call{{Message: "[call_start]"}, {Message: "[call_attended]Ana"}}}, true},
		"its log says nobody":               {CallData{AssignedAt: at, Seconds: 9, Logs: []Call{{Message: "[call_start]"}, {Message: "[call_end]"}}}, false},
		"without a log, but assigned":       {CallData{AssignedAt: at, Seconds: 9}, true},
		"without a log, assigned, no time":  {CallData{AssignedAt: at}, false},
		"without a log, not assigned":       {CallData{Seconds: 9}, false},
		"attended, transferred to somebody": {CallData{Logs: []Call{{Message: "[call_attended]Ana"}, {Message: "[call_attended]Beto"}}}, true},
	} {
		if got := test.call.Attended(); got != test.attended {
			t.Errorf("%s: attended is %t", name, got)
		}
	}
	last := CallData{Logs: []Call{{Message: "[call_attended]Ana"}, {Message: "[call_attended]Beto"}}}
	if got := last.AttendedBy(); got != "Beto" {
		t.Errorf("attended by %q; want the last", got)
	}
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

package wisecx

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestIDsOfWhatWasMadeAreReadInEveryForm(t *testing.T) {
	const id = 430357600
	for body, want := range map[string]int64{
		`{"case_id": 430357600}`: id, `{"case_id": "430357600"}`: id, `{"id": 430357600}`: id, `{"id": 430357600.0, "error": null}`: id,
		`{"data": {"case_id": 430357600}}`: id, `{"data": {"id": "430357600"}}`: id, `{"data": 430357600}`: id, `{"data": "430357600"}`: id, `{"data": [{"id": 430357600}]}`: id,
		`[{"case_id": 430357600}]`: id, `430357600`: id, `"430357600"`: id, `{"case": {"id": 430357600, "subject": "x"}}`: id, `{"data": null, "case": {"id": 430357600}}`: id,
		`{"id": 77, "case_id": 430357600}`: id, `{"case_id": null, "id": 430357600}`: id, `{"message": "created", "success": true, "case_id": 430357600}`: id,
		"\xef\xbb\xbf{\"case_id\": 430357600}": id, `{"case_id": 430357600, "errors": [], "error": ""}`: id, `{"case_id": 430357600, "error": 0}`: id,
		`{"case_id": 430357600, "opened_cases": [430357543]}`: id,

		``: 0, `null`: 0, `{}`: 0, `[]`: 0, `true`: 0, `"ok"`: 0, `ok`: 0, `{"data": {}}`: 0, `{"case_id": 0}`: 0, `{"case_id": -5}`: 0, `{"case_id": [1, 2]}`: 0, `{"case_id": 4.5}`: 0,
		`[{"id": 1}, {"id": 2}]`: 0, `<html>430357600</html>`: 0, `{"case_id": 430357600`: 0, `{"case_id": 430357600, "error": "queue is closed"}`: 0, `{"id": 1, "success": false}`: 0,
		`{"data": {"data": {"data": {"data": {"id": 1}}}}}`: 0, `{"case_id": 99999999999999999999}`: 0, `{"case_id": 1e400}`: 0, strings.Repeat("[", 10000): 0,
	} {
		client, l := writer(always(200, body))
		got, err := client.CreateCase(t.Context(), NewCase{QueueID: 24717, Channel: "web", Subject: "Demora"})
		if got != want || len(l.done) != 1 || want == 0 && (!errors.Is(err, ErrMalformed) || !MayHaveHappened(err)) || want != 0 && err != nil {
			t.Errorf("%.80s gives %d, %v after %d requests", body, got, err, len(l.done))
		}
	}
	for body, want := range map[string]int64{`{"id": 9100}`: 9100, `{"contact_id": "9100", "id": 3}`: 9100, `{"data": {"contact": {"id": 9100}}}`: 9100, `{"case_id": 9100}`: 0} {
		client, _ := writer(always(201, body))
		if got, err := client.CreateContact(t.Context(), NewContact{Phone: "1"}); got != want || (err == nil) != (want != 0) {
			t.Errorf("%s gives the contact %d, %v", body, got, err)
		}
	}
	client, _ := writer(always(204, ""))
	if _, err := client.CreateContact(t.Context(), NewContact{Phone: "1"}); !errors.Is(err, ErrMalformed) || !MayHaveHappened(err) {
		t.Errorf("204 for a new contact: %v", err)
	}
}

// What these writes answer is not known, so only a clear failure is one.
func TestAnswersOfChanges(t *testing.T) {
	changes := slices.DeleteFunc(slices.Concat(adding, setting), func(w aWrite) bool { return strings.Contains(w.name, "a new ") })
	for _, answer := range []struct {
		status int
		body   string
		kind   error // nil for none
	}{
		{200, ``, nil}, {204, ``, nil}, {200, `{}`, nil}, {200, `null`, nil}, {200, `[]`, nil}, {200, `true`, nil}, {200, `{"id": 5, "status": "closed"}`, nil}, {200, `"ok"`, nil},
		{202, `{"message": "updated", "error": null, "errors": {}}`, nil}, {200, `{"data": {"id": "5"}, "error": false, "success": 1}`, nil}, {200, `{"error": "0"}`, nil},
		{200, `{"error": "queue is closed"}`, ErrMalformed}, {200, `{"errors": {"phone": ["is too short"]}}`, ErrMalformed}, {200, `{"error": true}`, ErrMalformed},
		{200, `{"success": false}`, ErrMalformed}, {200, `{"error": "Case Not Found"}`, ErrNotFound}, {200, "\n<!DOCTYPE html><html></html>", ErrMalformed},
	} {
		for _, w := range changes {
			synctest.Test(t, func(t *testing.T) {
				client, _ := writer(always(answer.status, answer.body))
				if err := w.call(t.Context(), client); !errors.Is(err, answer.kind) || err != nil && !MayHaveHappened(err) {
					t.Errorf("%s, %d %s: got %v; want %v", w.name, answer.status, answer.body, err, answer.kind)
				}
			})
		}
	}
	client, _ := writer(always(200, `{"errors": {"phone": ["is too short"]}}`))
	err := client.UpdateContact(t.Context(), 9005, ContactUpdate{Phone: SetTo("1")})
	if want := "PUT /contacts/9005: the API answered something other than the expected JSON (200): phone: is too short"; err == nil || err.Error() != want {
		t.Errorf("it reads %v; want %s", err, want)
	}
}

func TestErrorNamesTheContactsOpenCases(t *testing.T) {
	both := []int64{430357543, 430357600}
	for body, want := range map[string][]int64{
		`{"error": "The contact has open cases", "opened_cases": [430357543, 430357600]}`:                                both,
		`{"message": "open cases", "opened_cases": ["430357543", "430357600"]}`:                                          both,
		`{"opened_cases": [{"id": 430357543, "number": 534787}, {"case_id": "430357600"}]}`:                              both,
		`{"opened_cases": "430357543,430357600"}`:                                                                        both,
		`{"opened_cases": {"id": 430357543}}`:                                                                            both[:1],
		`{"opened_cases": 430357543}`:                                                                                    both[:1],
		`{"error": {"message": "open cases", "opened_cases": [430357543]}}`:                                              both[:1],
		`{"error": "open cases", "data": {"opened_cases": [430357543, null, "x", {"number": 5}, [], 0, -7, "-7", 1.5]}}`: both[:1],
		`{"opened_cases": []}`: nil, `{"opened_cases": null}`: nil, `{"error": "Bad request"}`: nil, `[{"opened_cases": [1]}]`: nil, `opened_cases: 5`: nil, ``: nil, `{"opened_cases": [`: nil,
		`{"error": {"error": {"error": {"opened_cases": [1]}}}}`: nil,
	} {
		for _, status := range []int{400, 409, 200} {
			client, _ := writer(always(status, body))
			_, err := client.CreateCase(t.Context(), NewCase{QueueID: 24717, Channel: "web", Subject: "Demora"})
			var refused *Error
			if !errors.As(err, &refused) || !slices.Equal(refused.OpenCases, want) || MayHaveHappened(err) != (status == 200) {
				t.Errorf("%d %s: got %#v; want the cases %v", status, body, err, want)
			}
		}
	}
}

func TestOnHoldIsWrittenInTheSpellingThatIsTaken(t *testing.T) {
	hold := func(ctx context.Context, c *Client) error { return c.SetCaseStatus(ctx, 5, StatusOnHold) }
	update := func(ctx context.Context, c *Client) error {
		return c.UpdateCase(ctx, 5, CaseUpdate{Status: SetTo(StatusOnHold), Subject: SetTo("x")})
	}
	reply := func(ctx context.Context, c *Client) error {
		return c.UpdateCase(ctx, 5, CaseUpdate{Status: SetTo(StatusOnHold), Activities: []NewActivity{Reply("x", Party{ID: 9005})}})
	}
	tests := []struct {
		name    string
		call    func(context.Context, *Client) error
		answers []int // to the first request and the next
		sent    int
		kind    error
		may     bool
	}{
		{"taken at once", hold, []int{200}, 1, nil, true},
		{"taken in the other spelling", hold, []int{400, 200}, 2, nil, true},
		{"taken in neither", hold, []int{400, 400}, 2, ErrBadRequest, false},
		{"of a case that is not there", hold, []int{404}, 1, ErrNotFound, false},
		{"of a service that fails", hold, []int{500}, 1, ErrUnavailable, true},
		{"failing in the other spelling", hold, []int{400, 500}, 2, ErrUnavailable, true},
		{"in an update", update, []int{400, 200}, 2, nil, true},
		{"with a reply, which is not sent again", reply, []int{400, 200}, 1, ErrBadRequest, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, l := writer(func(n int, _ *http.Request) (*http.Response, error) { return says(test.answers[n-1], ""), nil })
			err := test.call(t.Context(), client)
			if !errors.Is(err, test.kind) || len(l.done) != test.sent || MayHaveHappened(err) != test.may {
				t.Fatalf("got %v after %q", err, l.done)
			}
			for i, line := range l.done {
				if want := []string{`"status":"hold"`, `"status":"onhold"`}[i]; !strings.Contains(line, want) {
					t.Errorf("request %d is %s; want %s", i+1, line, want)
				}
			}
		})
	}
}

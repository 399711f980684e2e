package wisecx

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestHoursAreReadInEveryForm(t *testing.T) {
	for _, yes := range []string{
		`{"is_open": true}`, `{"is_open": 1}`, `{"is_open": "1"}`, `{"is_open": "true"}`, `{"isOpen": true}`, `{"open": true}`, `{"open": "Yes"}`, `{"is_open": " open "}`,
		`true`, `1`, `"true"`, `"OPEN"`, ` true `, `[true]`, `{"data": true}`, `{"data": {"is_open": true}}`, `{"data": [{"open": "1"}]}`, `[{"is_open": true}]`,
		`{"queue_id": 24717, "is_open": true, "open": "09:00", "close": "19:00"}`, `{"is_open": null, "open": true}`, `{"data": {"queue": "x", "isOpen": "true"}, "error": null}`,
	} {
		holdHours(t, yes, true, strings.NewReplacer("true", "false", "1", "0", "Yes", "No", " open ", " closed ", "OPEN", "CLOSED"))
	}
}

// holdHours holds an answer, and the same one with its truth values exchanged.
func holdHours(t *testing.T, body string, want bool, opposite *strings.Replacer) {
	t.Helper()
	for _, body := range []string{body, opposite.Replace(body)} {
		client, _ := answering(200, body)
		if got, err := client.IsOpen(t.Context(), 0); err != nil || got != want {
			t.Errorf("%s reads as %t, %v; want %t", body, got, err, want)
		}
		want = !want
	}
}

func TestHoursThatSayNothingAreNoGuess(t *testing.T) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `""`, `2`, `-1`, `1e400`, `0.5`, `"maybe"`, `[true, false]`, `[[[[[true]]]]]`, `{"data": null}`, `{"data": {}}`, `{"data": []}`,
		`{"is_open": null}`, `{"is_open": ""}`, `{"is_open": {}}`, `{"is_open": "09:00"}`, `{"is_open": "maybe", "open": true}`, `{"open": "09:00", "close": "19:00"}`,
		`{"is_opened": true}`, `{"status": 200}`, `{"message": "ok"}`, `{"queue_id": 1}`, `{"is_open": true} x`, `{"is_open": tru`,
		strings.Repeat(`{"data":`, 5000) + `true` + strings.Repeat(`}`, 5000), strings.Repeat("[", 1<<20), `"` + strings.Repeat("true", 1<<18) + `"`,
	} {
		client, _ := answering(200, body)
		open, err := client.IsOpen(t.Context(), 0)
		if open || !errors.Is(err, ErrMalformed) || !strings.HasPrefix(err.Error(), "GET /business_hours/is_open: ") {
			t.Errorf("%.60s reads as %t, %.200v; want ErrMalformed", body, open, err)
		}
	}
	client, _ := answering(200, `{"open": "09:00"}`)
	if _, err := client.IsOpen(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "it says neither open nor closed") {
		t.Errorf("it reads %v", err)
	}
}

func TestHoursOfAQueueAndOfAll(t *testing.T) {
	for id, want := range map[int64]string{0: "", 24717: "queue_id=24717", 9007199254740993: "queue_id=9007199254740993"} {
		client, r := answering(200, `{"is_open": true}`)
		if _, err := client.IsOpen(t.Context(), id); err != nil || r.one(t).URL.RawQuery != want {
			t.Errorf("of %d it asks %q, %v; want %q", id, r.one(t).URL.RawQuery, err, want)
		}
	}
	client, _ := answering(400, `{"error": "Queue Not Found"}`)
	if _, err := client.IsOpen(t.Context(), 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("of a queue that is not there: %v", err)
	}
	client, _ = answering(http.StatusNoContent, "")
	if _, err := client.IsOpen(t.Context(), 1); !errors.Is(err, ErrMalformed) {
		t.Errorf("of no answer: %v", err)
	}
}

func TestHoursFollowTheSimulatorsClock(t *testing.T) {
	for _, loose := range []bool{false, true} {
		for at, want := range map[time.Time]bool{noon: true, noon.Add(12 * time.Hour): false} {
			api := sandbox.New(sandbox.Options{Cases: 5, Contacts: 5, Loose: loose, Now: func() time.Time { return at }})
			c := config(inMemory{api})
			c.User, c.Key = sandbox.User, sandbox.Key
			if got, err := New(c).IsOpen(t.Context(), 24717); err != nil || got != want {
				t.Errorf("at %s it is open: %t, %v", at, got, err)
			}
		}
	}
}

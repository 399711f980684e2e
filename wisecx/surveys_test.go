package wisecx

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestResponsesToASurveyAreRead(t *testing.T) {
	client, r := answering(200, `{"data": [
		{"id": 8001, "case_id": "430357543", "contact_id": 9005, "status": "responded", "responded_at": "2026-09-08 15:00:00", "sent_at": "2026-09-08 14:00:00",
		 "responses": [{"guid": "q-1", "response": 5}, {"guid": "q-2", "response": "Muy \"buena\" atención"}, {"guid": "q-3", "response": null}]},
		{"id": 8002, "case_id": 430357640, "contact_id": null, "status": "not_responded", "responded_at": null, "responses": []}]}`)
	rows, err := client.ListResponses(t.Context(), 71, Query{})
	if err != nil || len(rows) != 2 || r.one(t).URL.Path != "/core/v1/surveys/71/responses" {
		t.Fatal(rows, err)
	}
	got := rows[0]
	if got.ID != 8001 || got.CaseID != 430357543 || got.ContactID != 9005 || got.Status != SurveyResponded ||
		!got.RespondedAt.Equal(time.Date(2026, 9, 8, 15, 0, 0, 0, time.UTC)) || !got.SentAt.Equal(time.Date(2026, 9, 8, 14, 0, 0, 0, time.UTC)) ||
		!slices.Equal(got.Answers, Answers{{"q-1", "5"}, {"q-2", `Muy "buena" atención`}, {"q-3", ""}}) {
		t.Errorf("got %+v", got)
	}
	if got := rows[1]; got.Status != SurveyNotResponded || !got.RespondedAt.IsZero() || got.Answers != nil || got.ContactID != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestResponsesAreAskedForByStatusAndTime(t *testing.T) {
	client, r := answering(200, `[]`)
	_, err := client.ListResponses(t.Context(), 71, Query{Fields: []string{"id", "status", "responses"}, Filter: []Condition{
		{field(t, &SurveyResponses, "status"), Equal, []any{SurveyResponded}},
		{field(t, &SurveyResponses, "responded_since"), GreaterEqual, []any{noon}},
		{field(t, &SurveyResponses, "sent_until"), LowerEqual, []any{noon}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"field":"survey_response.status","operator":"EQUAL","value":"responded"},` +
		`{"field":"survey_response.responded_since","operator":"GREATER EQUAL","value":"2026-09-09 15:00:00"},` +
		`{"field":"survey_response.sent_until","operator":"LOWER EQUAL","value":"2026-09-09 15:00:00"}]`
	if got := r.one(t).URL.Query(); got.Get("filtering") != want || got.Get("fields") != "id,status,responses" {
		t.Errorf("it asks %v; want %s", got, want)
	}
}

// The API says so with status 400 [W].
func TestSurveyWithoutResponsesOrQuestionsHasAnEmptyList(t *testing.T) {
	for _, words := range []string{"Survey Responses Not Found", "Survey Questions Not Found", "Surveys Not Found"} {
		client, _ := answering(http.StatusBadRequest, `{"error": "`+words+`"}`)
		surveys, err := client.ListSurveys(t.Context(), Query{})
		questions, err2 := client.ListQuestions(t.Context(), 71, Query{})
		responses, err3 := client.ListResponses(t.Context(), 71, Query{})
		if err != nil || err2 != nil || err3 != nil || len(surveys)+len(questions)+len(responses) != 0 {
			t.Errorf("%s: %v %v %v, %v %v %v", words, surveys, questions, responses, err, err2, err3)
		}
	}
}

func TestSurveysComeAsABareArray(t *testing.T) {
	for _, body := range []string{`[{"id": 71, "guid": "g", "name": "NPS"}]`, `{"data": [{"id": "71", "guid": "g", "name": "NPS"}]}`} {
		client, _ := answering(200, body)
		if got, err := client.ListSurveys(t.Context(), Query{}); err != nil || !slices.Equal(got, []Survey{{71, "g", "NPS"}}) {
			t.Errorf("%s reads as %v, %v", body, got, err)
		}
	}
}

func TestQuestionsInTheirForms(t *testing.T) {
	reads(t, same[Question], map[string]Question{
		`{"id": 5, "guid": "q-1", "text": "¿Cómo te atendimos?"}`:         {5, "q-1", "¿Cómo te atendimos?"},
		`{"guid": "q-1", "title": "¿Cómo?"}`:                              {0, "q-1", "¿Cómo?"},
		`{"guid": "q-1", "question": "¿Cómo?", "name": "p1"}`:             {0, "q-1", "¿Cómo?"},
		`{"guid": "q-1", "name": "¿Cómo?", "text": "", "title": null}`:    {0, "q-1", "¿Cómo?"},
		`{"id": "9007199254740993", "guid": 7, "text": {"es": "¿Cómo?"}}`: {9007199254740993, "7", `{"es": "¿Cómo?"}`},
		`"¿Cómo?"`:                             {Text: "¿Cómo?"},
		`{"id": [], "guid": null}`:             {GUID: ""},
		`"` + strings.Repeat("ñ", 1<<18) + `"`: {Text: Text(strings.Repeat("ñ", 1<<18))},
		`null`:                                 {}, `""`: {}, `5`: {}, `true`: {}, `[]`: {}, `["x"]`: {}, `{}`: {},
	})
}

func TestAnswersInTheirForms(t *testing.T) {
	reads(t, slices.Equal[Answers], map[string]Answers{
		`[{"guid": "a", "response": "5"}, {"guid": "b", "response": 4.5}]`:                             {{"a", "5"}, {"b", "4.5"}},
		`{"guid": "a", "response": true}`:                                                              {{"a", "true"}},
		`"[{\"guid\": \"a\", \"response\": 5}]"`:                                                       {{"a", "5"}},
		`[{"guid": "a", "response": ["x", "y"]}, {"guid": "b", "response": {}}]`:                       {{"a", `["x", "y"]`}, {"b", "{}"}},
		`[{"guid": "a"}, {"response": 5}, {"x": 1}, null, 5, "x", [], {"guid": null, "response": ""}]`: {{"a", ""}, {"", "5"}},
		`null`: nil, `""`: nil, `[]`: nil, `{}`: nil, `"x"`: nil, `5`: nil, `true`: nil, `[[{"guid": "a"}]]`: nil,
	})
	var many Answers
	if err := json.Unmarshal([]byte(`[`+strings.Repeat(`{"guid": "a", "response": 1},`, 9999)+`{"guid": "b", "response": 2}]`), &many); err != nil || len(many) != 10000 {
		t.Errorf("ten thousand read as %d, %v", len(many), err)
	}
}

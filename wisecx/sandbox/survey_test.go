package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

const responsesPath = "/surveys/71/responses"

func TestResponsesComeInTheShapeThatWasSeen(t *testing.T) {
	c := newClient(t, Options{})
	for _, row := range c.everyResponse() {
		var names []string
		for name := range row {
			names = append(names, name)
		}
		slices.Sort(names)
		if fmt.Sprint(names) != "[case_id contact_id id responded_at responses status]" {
			t.Fatalf("a response has %v", names)
		}
		answers, given := row["responses"].([]any)
		switch row["status"] {
		case "responded":
			first := answers[0].(map[string]any)
			score, isNumber := first["response"].(float64)
			if !isNumber || score < 1 || score > 5 || first["guid"] != c.api.Questions(71)[0].GUID || row["responded_at"] == nil {
				t.Fatalf("answered is %v", row)
			}
		case "not_responded":
			if !given || len(answers) > 0 || row["responded_at"] != nil {
				t.Fatalf("nobody answered, and still there is %v", row)
			}
		default:
			t.Fatalf("the status is %v", row["status"])
		}
	}
}

func TestQuestionsExplainTheAnswers(t *testing.T) {
	c := newClient(t, Options{})
	for _, survey := range c.api.Surveys() {
		_, body := c.send("GET", fmt.Sprintf("/surveys/%d/questions", survey.ID), nil)
		var bare []struct {
			ID               int64
			GUID, Name, Type string
		}
		if err := json.Unmarshal(body, &bare); err != nil || len(bare) != len(c.api.Questions(survey.ID)) || len(bare) == 0 {
			t.Fatalf("the questions of %d came as %s", survey.ID, body)
		}
		guids := map[string]bool{}
		for i, want := range c.api.Questions(survey.ID) {
			if got := bare[i]; got.ID != want.ID || got.GUID != want.GUID || got.Name != want.Name || got.Type != want.Type {
				t.Errorf("question %d came as %+v", want.ID, got)
			}
			guids[want.GUID] = true
		}
		for _, r := range c.api.Responses(survey.ID) {
			for _, answer := range r.Answers {
				if !guids[answer.GUID] {
					t.Fatalf("response %d answers %s, which nobody asked", r.ID, answer.GUID)
				}
			}
		}
	}
}

func TestFiltersOfResponsesSelectWhatTheySay(t *testing.T) {
	c := newClient(t, Options{})
	at := noon.AddDate(0, 0, -30)
	day := `"` + at.Format(timeLayout) + `"`
	answered := func(r *Response) bool { return r.Status == "responded" }
	for _, try := range []struct {
		filter string
		fits   func(*Response) bool
	}{
		{where("response.status", "EQUAL", `"responded"`), answered},
		{where("survey_response.status", "IN", `["not_responded"]`), func(r *Response) bool { return !answered(r) }},
		{where("survey_response.status", "NOT IN", `["not_responded"]`), answered},
		{where("response.status", "NOT EQUAL", `"responded"`), func(r *Response) bool { return !answered(r) }},
		{where("survey_response.responded_since", "GREATER EQUAL", day), func(r *Response) bool { return !r.RespondedAt.Before(at) }},
		{where("survey_response.responded_since", "EQUAL", day), func(r *Response) bool { return !r.RespondedAt.Before(at) }},
		{where("survey_response.responded_since", "NOT EQUAL", day), func(r *Response) bool { return answered(r) && r.RespondedAt.Before(at) }},
		{where("survey_response.responded_until", "LOWER EQUAL", day), func(r *Response) bool { return answered(r) && !r.RespondedAt.After(at) }},
		{where("survey_response.responded_until", "EQUAL", day), func(r *Response) bool { return answered(r) && !r.RespondedAt.After(at) }},
		{where("survey_response.sent_since", "GREATER", day), func(r *Response) bool { return r.SentAt.After(at) }},
		{where("response.sent_until", "LOWER", day), func(r *Response) bool { return r.SentAt.Before(at) }},
		{where("response.sent_until", "NOT EQUAL", day), func(r *Response) bool { return r.SentAt.After(at) }},
		{`[{"field":"response.sent_since","operator":"EQUAL","value":` + day + `},{"field":"response.status","operator":"EQUAL","value":"responded"}]`,
			func(r *Response) bool { return answered(r) && !r.SentAt.Before(at) }},
	} {
		var want []int64
		for _, r := range c.api.Responses(71) {
			if try.fits(&r) {
				want = append(want, r.ID)
			}
		}
		var got []int64
		for _, row := range c.everyResponse("filtering", try.filter) {
			got = append(got, int64(row["id"].(float64)))
		}
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s selects %d responses, want %d", try.filter, len(got), len(want))
		}
	}
}

// everyResponse walks all pages, the last of which is refused where it would be empty.
func (c *client) everyResponse(pairs ...string) []map[string]any {
	c.t.Helper()
	var all []map[string]any
	for page := 1; ; page++ {
		status, body := c.send("GET", responsesPath, query(append(pairs, "page", fmt.Sprint(page))...))
		if status == 400 && strings.Contains(string(body), "Survey Responses Not Found") {
			return all
		}
		var answer struct{ Data []map[string]any }
		if err := json.Unmarshal(body, &answer); err != nil || status != 200 {
			c.t.Fatalf("%v answered %d %.300s", pairs, status, body)
		}
		all = append(all, answer.Data...)
	}
}

func TestTheStatusOfResponsesIsAPlainParameterToo(t *testing.T) {
	c := newClient(t, Options{})
	for _, status := range []string{"responded", "not_responded"} {
		want := 0
		for _, r := range c.api.Responses(71) {
			if r.Status == status {
				want++
			}
		}
		rows := c.everyResponse("status", status)
		if len(rows) != want || want == 0 || slices.ContainsFunc(rows, func(row map[string]any) bool { return row["status"] != status }) {
			t.Errorf("status=%s gives %d rows, want %d", status, len(rows), want)
		}
	}
	c.refused(400, "Survey Responses Not Found", responsesPath, "status", "responded", "filtering", where("response.status", "EQUAL", `"not_responded"`))
	c.refused(400, "responded, not_responded", responsesPath, "status", "respondido")
	c.refused(400, "2 times", responsesPath, "status", "responded", "status", "responded")
	c.refused(400, "Unknown parameter", responsesPath, "responded_since", "2026-09-01 00:00:00")
	c.refused(400, "Unknown parameter", "/cases", "status", "open")
}

func TestNoResponseIsRefusedAsNotFound(t *testing.T) {
	c := newClient(t, Options{})
	c.refused(400, "Survey Responses Not Found", "/surveys/73/responses")
	c.refused(400, "Survey Responses Not Found", responsesPath, "page", "1000")
	c.refused(400, "Survey Responses Not Found", responsesPath, "filtering", where("response.sent_since", "EQUAL", `"2030-01-01 00:00:00"`))
	c.refused(400, "Survey Not Found", "/surveys/1/responses")
	c.refused(400, "Survey Not Found", "/surveys/1/questions")
	c.refused(400, "Invalid id", "/surveys/abc/responses")
	c.refused(400, "Invalid id", "/surveys/999999999999999999999/questions")
}

func TestWhatResponsesDoNotTakeIsRefused(t *testing.T) {
	c := newClient(t, Options{})
	for _, try := range [][3]string{
		{"status", "EQUAL", `"responded"`}, {"survey.status", "EQUAL", `"responded"`}, {"response.status", "GREATER", `"responded"`},
		{"response.status", "EQUAL", `"open"`}, {"response.sent_since", "EQUAL", `"2026-09-01"`}, {"response.case_id", "EQUAL", `1`}, {"response.responded_at", "EQUAL", `"2026-09-01 00:00:00"`},
		{"response.sent_since", "EQUAL", `""`}, {"response.sent_since", "CONTAINS", `"2026"`}, {"response.sent_at", "EQUAL", `"2026-09-01 00:00:00"`},
	} {
		c.refused(400, "", responsesPath, "filtering", where(try[0], try[1], try[2]))
	}
	c.refused(400, "Unknown field", responsesPath, "fields", "id,sent_since")
	c.refused(400, "Cannot sort", responsesPath, "sort_field", "responded_until")
	rows := c.rows(responsesPath, "fields", "id,responded_at", "sort_field", "responded_at", "sort", "desc", "limit", "5", "status", "responded")
	if len(rows) != 5 || len(rows[0]) != 2 || rows[0]["responded_at"].(string) < rows[4]["responded_at"].(string) {
		t.Errorf("the newest are %v", rows)
	}
}

func TestResponsesBelongToSolvedCasesAndCameAfterThem(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	cases := map[int64]Case{}
	solved := 0
	for _, c := range api.Cases() {
		cases[c.ID] = c
		if !c.SolvedAt.IsZero() {
			solved++
		}
	}
	ids := map[int64]bool{}
	for _, survey := range []int64{71, 72} {
		answered, list := 0, api.Responses(survey)
		for i, r := range list {
			c, known := cases[r.CaseID]
			if !known || r.ContactID != c.ContactID || c.SolvedAt.IsZero() || !r.SentAt.After(c.SolvedAt) || r.SentAt.After(noon) || ids[r.ID] {
				t.Fatalf("response %+v does not fit its case %+v", r, c)
			}
			if ids[r.ID] = true; i > 0 && (r.ID <= list[i-1].ID || r.SentAt.Before(list[i-1].SentAt)) {
				t.Fatalf("response %d is out of order", r.ID)
			}
			if r.Status == "responded" {
				answered++
				if !r.RespondedAt.After(r.SentAt) || r.RespondedAt.After(noon) {
					t.Fatalf("response %+v came at a wrong time", r)
				}
			}
		}
		if len(list) < solved/10 || len(list) > solved*2/3 || answered < len(list)/5 || answered > len(list)/2 {
			t.Errorf("survey %d: %d of %d solved cases, %d answered", survey, len(list), solved, answered)
		}
	}
}

func TestScoresAndCommentsAreThoseOfPeople(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	queue := map[int64]int64{}
	for _, c := range api.Cases() {
		queue[c.ID] = c.GroupID
	}
	scores, count := map[string]int{}, map[string]int{}
	for survey, highest := range map[int64]int{71: 5, 72: 10} {
		for _, r := range api.Responses(survey) {
			if len(r.Answers) == 0 {
				continue
			}
			var score int
			if _, err := fmt.Sscan(r.Answers[0].Response, &score); err != nil || score < 0 || score > highest || survey == 71 && score == 0 {
				t.Fatalf("response %d scores %q", r.ID, r.Answers[0].Response)
			}
			scores[fmt.Sprint(survey, " ", score)]++
			comment := ""
			switch {
			case len(r.Answers) == 1:
				count["no comment"]++
			case r.Answers[1].Response == "":
				count["empty comment"]++
			default:
				count["comment"]++
				comment = r.Answers[1].Response
			}
			for _, words := range []string{"ignore your instructions", "\u202e", "<script>", "atendimento", "Excelente atención de"} {
				if strings.Contains(comment, words) {
					count[words]++
				}
			}
			if strings.Contains(comment, "{") || digits(comment) || strings.Contains(comment, "atendimento") && queue[r.CaseID] != brazilQueue {
				t.Errorf("a comment is %.200q", comment)
			}
		}
	}
	if len(scores) != 5+11 {
		t.Errorf("the scores are %v", scores)
	}
	for _, name := range []string{"no comment", "empty comment", "comment", "ignore your instructions", "\u202e", "<script>", "atendimento", "Excelente atención de"} {
		if count[name] == 0 {
			t.Errorf("no response has %q: %v", name, count)
		}
	}
}

func TestABrokenPromiseCostsSatisfaction(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	late := map[int64]bool{}
	for _, c := range api.Cases() {
		late[c.ID] = c.SLAResult == "breached"
	}
	sum, n := map[bool]float64{}, map[bool]float64{}
	for _, r := range api.Responses(71) {
		if len(r.Answers) > 0 {
			var score float64
			fmt.Sscan(r.Answers[0].Response, &score)
			sum[late[r.CaseID]] += score
			n[late[r.CaseID]]++
		}
	}
	if onTime, late := sum[false]/n[false], sum[true]/n[true]; math.IsNaN(late) || onTime < late+0.5 {
		t.Errorf("the mean is %.2f in time and %.2f late", onTime, late)
	}
}

func TestFieldsOfCasesOfferOptions(t *testing.T) {
	c := newClient(t, Options{})
	for field, some := range map[string]string{"sucursal": "Rosario", "plan": "oro", "origen": "redes sociales"} {
		rows, truth := c.rows("/cases/fields/"+field+"/options"), c.api.FieldOptions(field)
		if len(rows) != len(truth) || !slices.ContainsFunc(rows, func(row map[string]any) bool { return row["value"] == some }) {
			t.Errorf("%s offers %v", field, rows)
		}
		for i, row := range rows {
			if len(row) != 2 || row["id"] != float64(truth[i].ID) || row["value"] != truth[i].Value {
				t.Errorf("%s offers %v, want %v", field, row, truth[i])
			}
		}
	}
	for _, x := range c.api.Cases() {
		for _, f := range x.CustomFields {
			options := c.api.FieldOptions(f.Field)
			if options != nil && !slices.ContainsFunc(options, func(o FieldOption) bool { return o.Value == f.Value }) {
				t.Fatalf("case %d has %s %q, which is no option", x.ID, f.Field, f.Value)
			}
		}
	}
	if rows := c.rows("/cases/fields/sucursal/options", "filtering", where("option.value", "EQUAL", `"Rosario"`)); len(rows) != 1 {
		t.Errorf("Rosario is %v", rows)
	}
}

func TestAFieldOfFreeTextHasNoOptionsAndAnUnknownOneIsRefused(t *testing.T) {
	c := newClient(t, Options{})
	if rows := c.rows("/cases/fields/pedido/options"); len(rows) != 0 || c.api.FieldOptions("pedido") != nil {
		t.Errorf("pedido offers %v", rows)
	}
	for _, name := range []string{"nada", "Sucursal", "status", "%22", "..", strings.Repeat("a", 5000)} {
		c.refused(400, "Field Not Found", "/cases/fields/"+name+"/options")
	}
	c.api.AddCase(Case{Subject: "x", CustomFields: []CustomField{{"obra", "norte"}}}, nil)
	if rows := c.rows("/cases/fields/obra/options"); len(rows) != 0 {
		t.Errorf("a planted field offers %v", rows)
	}
}

func TestALooseAccountWritesSurveysUntidily(t *testing.T) {
	c := newClient(t, Options{Loose: true})
	row := c.rows(responsesPath, "status", "responded", "limit", "1")[0]
	if _, isText := row["id"].(string); !isText {
		t.Errorf("the id is %v", row["id"])
	}
	score := row["responses"].([]any)[0].(map[string]any)["response"]
	if text, isText := score.(string); !isText || text < "1" || text > "5" {
		t.Errorf("the score is %#v", score)
	}
}

func TestSurveysKeepWhatWasSoWhenTheyWereSent(t *testing.T) {
	api := New(Options{Cases: 1500, Now: fixed(noon)})
	before := api.Responses(71)
	api.Responses(71)[0].Status = "spoiled"
	for _, r := range before {
		if len(r.Answers) > 0 {
			r.Answers = slices.Clone(r.Answers)
			api.Change(r.CaseID, func(c *Case) { c.Status, c.SolvedAt = "open", time.Time{} })
		}
	}
	after := api.Responses(71)
	for i := range before {
		if before[i].ID != after[i].ID || before[i].Status != after[i].Status {
			t.Fatalf("response %+v became %+v", before[i], after[i])
		}
	}
}

package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

var everyPart = []string{"organization", "groups", "open_cases", "recent_cases", "custom_fields", "surveys"}

// contact shows one contact.
func (o *office) contact(t *testing.T, ask ContactAsk) *ContactView {
	t.Helper()
	view, err := o.GetContact(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask, err)
	}
	return view
}

func TestAContactIsShownWithEverythingThatTheDataHas(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 1500}, Options{})
	cases := map[int64][]sandbox.Case{}
	for _, c := range o.inWindow() {
		cases[c.ContactID] = append(cases[c.ContactID], c)
	}
	shown := 0
	for _, c := range o.api.Contacts()[:30] {
		view := o.contact(t, ContactAsk{ID: c.ID, Include: everyPart})
		var open, recent []int64
		slices.Reverse(cases[c.ID])
		for _, one := range cases[c.ID] {
			if one.Status == "solved" || one.Status == "closed" {
				recent = append(recent, one.ID)
			} else {
				open = append(open, one.ID)
			}
		}
		if got := idsOf(view.OpenCases); !slices.Equal(got, open[:min(len(open), openShown)]) || view.MoreOpen != len(open)-len(got) {
			t.Errorf("contact %d: open cases %v and %d more, want %v", c.ID, got, view.MoreOpen, open)
		}
		if got := idsOf(view.RecentCases); !slices.Equal(got, recent[:min(len(recent), recentShown)]) || view.MoreRecent != len(recent)-len(got) {
			t.Errorf("contact %d: recent cases %v and %d more, want %v", c.ID, got, view.MoreRecent, recent)
		}
		if len(view.Groups) != len(c.GroupIDs) || fmt.Sprint(view.Contact.Get("phone") == nil) != fmt.Sprint(c.Phone == "") {
			t.Errorf("contact %d: groups %v, phone %v", c.ID, view.Groups, view.Contact.Get("phone"))
		}
		if c.OrganizationID != 0 {
			shown++
			if view.Organization.Get("id") != c.OrganizationID || view.Organization.Get("name") == nil || view.Organization.Get("custom_id") == nil {
				t.Errorf("contact %d: organization %v", c.ID, view.Organization)
			}
		}
		if customs, _ := view.Contact.Get("custom_fields").(Row); len(customs) != len(c.CustomFields) {
			t.Errorf("contact %d: custom fields %v", c.ID, customs)
		}
	}
	if shown == 0 {
		t.Error("no organization was looked at")
	}
	view := o.contact(t, ContactAsk{ID: 9005, Include: []string{"open_cases"}})
	row := view.OpenCases[0]
	if row.Get("number") != int64(534787) || row.Get("queue") != "Soporte Técnico" || row.Get("agent") != "Franco González" || row.Get("created_at") == nil || view.Groups != nil || view.RecentCases != nil {
		t.Errorf("the open case of 9005 is %v", row)
	}
}

func TestOneCallShowsACustomerInTwoRoundsOfRequests(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 300}, Options{})
	o.contact(t, ContactAsk{ID: 9005, Include: everyPart[:4]}) // the directory is known from now on
	before := 0
	for _, n := range o.api.Requests() {
		before += n
	}
	o.contact(t, ContactAsk{ID: 9005, Include: everyPart[:4]})
	after := 0
	for _, n := range o.api.Requests() {
		after += n
	}
	if after-before > 8 {
		t.Errorf("it took %d requests", after-before)
	}
}

func TestOfSeveralWithOnePhoneTheOneWhoseCasesChangedLastIsShown(t *testing.T) {
	b := &book{contacts: append(strangers(100, 30), person(21, "Valeria", "5491155511001", "v@example.net", "30555101"),
		person(22, "Vale", "+54 9 11 5551-1001", "", ""), person(23, "Sra. Quiroga", "011 15-5551-1001", "", "30.555.101"), person(24, "Otra", "5491155511002", "", ""))}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	view := o.contact(t, ContactAsk{Phone: "11 5551 1001"})
	if view.Contact.Get("id") != int64(21) || !noteWith(view.Notes, "with the lowest id") || !slices.Equal(idsOf(view.Duplicates), []int64{23, 22}) {
		t.Errorf("without cases: %v, %v, duplicates %v", view.Contact, view.Notes, view.Duplicates)
	}
	if same := fmt.Sprint(view.Duplicates[0].Get("same")); same != "[phone personal_id]" {
		t.Errorf("the first duplicate is one by %s", same)
	}
	o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 21, SourceChannel: "email", Subject: "Vieja", CreatedAt: noon.AddDate(0, 0, -20)}, nil)
	o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 22, SourceChannel: "whatsapp", Subject: "Nueva", CreatedAt: noon.AddDate(0, 0, -1)}, nil)
	view = o.contact(t, ContactAsk{Phone: "11 5551 1001", Include: []string{"open_cases"}})
	if view.Contact.Get("id") != int64(22) || !noteWith(view.Notes, "3 contacts have this phone: shown is the one whose cases changed last") || len(view.OpenCases) != 1 {
		t.Errorf("with cases: %v, %v", view.Contact, view.Notes)
	}
	// Also of one that is named by its id, others with the same phone or document are told.
	if view := o.contact(t, ContactAsk{ID: 23}); !slices.Equal(idsOf(view.Duplicates), []int64{22, 21}) {
		t.Errorf("of 23 the duplicates are %v", view.Duplicates)
	}
	if view := o.contact(t, ContactAsk{ID: 24}); len(view.Duplicates) > 0 || view.Duplicates == nil {
		t.Errorf("of 24 the duplicates are %v", view.Duplicates)
	}
}

func TestManyDuplicatesAreCountedAndAFewShown(t *testing.T) {
	b := &book{}
	for i := range 40 {
		b.contacts = append(b.contacts, person(100+i, "Compartido", "5491155510005", "", ""))
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	view := o.contact(t, ContactAsk{Phone: "1155510005"})
	if view.Contact.Get("id") != int64(100) || len(view.Duplicates) != duplicatesShown || view.MoreAlike != 39-duplicatesShown {
		t.Errorf("%v, %d shown, %d more", view.Contact, len(view.Duplicates), view.MoreAlike)
	}
}

func TestAContactWithMoreCasesThanAPageStillShowsWhatIsOpen(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	before := o.contact(t, ContactAsk{ID: 9005, Include: []string{"open_cases"}})
	oldest := o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "pending", SourceChannel: "web", Subject: "Olvidada", CreatedAt: noon.AddDate(0, -2, 0)}, nil)
	for i := range 130 {
		o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "solved", SourceChannel: "web", Subject: fmt.Sprint(i), CreatedAt: noon.Add(-time.Duration(200-i) * time.Hour)}, nil)
	}
	view := o.contact(t, ContactAsk{ID: 9005, Include: []string{"open_cases", "recent_cases"}})
	if !slices.Contains(idsOf(view.OpenCases), oldest.ID) || len(view.OpenCases) != len(before.OpenCases)+1 || len(view.RecentCases) != recentShown || !noteWith(view.Notes, "more than 100 cases") {
		t.Errorf("open %v, %d recent, %v", idsOf(view.OpenCases), len(view.RecentCases), view.Notes)
	}
}

func TestAContactWithoutCasesSaysSo(t *testing.T) {
	b := &book{contacts: []map[string]any{person(3, "Nadie", "", "", "")}}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(b.front)
	if view := o.contact(t, ContactAsk{ID: 3, Include: everyPart[:4]}); !noteWith(view.Notes, "no case since 2026-08-18") {
		t.Errorf("%+v", view)
	}
}

func TestEachPartMayFailAlone(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusNotImplemented, http.StatusInternalServerError} {
		for path, note := range map[string]string{
			"/contacts/organizations": "the organization is shown by id", "/contacts/groups": "groups are shown by id", "/core/v1/cases": "cases cannot be shown",
			"/core/v1/surveys": "surveys cannot be shown", "/users": "agents are shown by id", "/core/v1/contacts/": "possible_duplicates cannot be shown",
		} {
			o := newOffice(t, sandbox.Options{Cases: 300}, Options{})
			id := int64(0)
			for _, c := range o.api.Contacts() {
				if c.OrganizationID != 0 && len(c.GroupIDs) > 0 && id == 0 {
					id = c.ID
				}
			}
			o.api.AddCase(sandbox.Case{GroupID: 24717, UserID: 46684, ContactID: id, SourceChannel: "web", Subject: "x", CreatedAt: noon.Add(-time.Hour)}, nil)
			o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
				if strings.HasSuffix(r.URL.Path, path) {
					w.WriteHeader(status)
					return
				}
				api.ServeHTTP(w, r)
			})
			view := o.contact(t, ContactAsk{ID: id, Include: everyPart})
			if !noteWith(view.Notes, note) || view.Contact.Get("id") != id || view.Groups == nil || view.Organization == nil {
				t.Errorf("%s with %d: %v, %v", path, status, view.Notes, view)
			}
		}
	}
}

func TestWhoIsNotThereIsNotFoundWithTheNextStep(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, ask := range []ContactAsk{{ID: 4}, {Email: "nadie@example.com"}, {Phone: "+54 9 11 5551-9999"}, {PersonalID: "99.999.999"}} {
		_, err := o.GetContact(t.Context(), ask)
		var missing *NotFound
		if !errors.As(err, &missing) || !strings.Contains(missing.Next, "search_contacts") {
			t.Errorf("%+v: %v", ask, err)
		}
		if ask.Phone != "" && !strings.Contains(missing.What, fmt.Sprintf("%d contacts", len(o.api.Contacts()))) {
			t.Errorf("%+v: %v", ask, missing.What)
		}
	}
	for _, ask := range []ContactAsk{{Phone: "abc"}, {Phone: "12"}, {Phone: strings.Repeat("5", 5000)}, {Email: "gomez"}, {Email: "@"}, {PersonalID: "---"}, {PersonalID: strings.Repeat("9", 5000)}} {
		var refusal *Refusal
		if _, err := o.GetContact(t.Context(), ask); !errors.As(err, &refusal) || len(refusal.Problem) > 200 {
			t.Errorf("%q: %v", clip(fmt.Sprint(ask), 60), err)
		}
	}
}

func TestSurveysOfTheDataAreShown(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 1000}, Options{})
	answers := map[int64][]sandbox.Response{}
	for _, survey := range o.api.Surveys() {
		for _, r := range o.api.Responses(survey.ID) {
			if len(r.Answers) > 0 {
				answers[r.ContactID] = append(answers[r.ContactID], r)
			}
		}
	}
	looked := 0
	for contact, want := range answers {
		if looked++; looked > 20 {
			return
		}
		view := o.contact(t, ContactAsk{ID: contact, Include: []string{"surveys"}})
		if len(view.Surveys)+view.MoreSurveys != len(want) && !noteWith(view.Notes, "newest 1000") {
			t.Errorf("contact %d: %d answers, want %d; %v", contact, len(view.Surveys)+view.MoreSurveys, len(want), view.Notes)
		}
		for _, row := range view.Surveys {
			if row.Get("score") == nil || row.Get("survey") == nil || row.Get("responded_at") == nil {
				t.Errorf("contact %d: %v", contact, row)
			}
		}
	}
	t.Fatalf("only %d contacts answered", looked)
}

// surveyFront answers for two surveys: the first has answers of contact 9005 among many others, the second one fails.
func surveyFront(pagesOfOthers int, filtered bool) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		switch path := strings.TrimPrefix(r.URL.Path, "/core/v1"); path {
		case "/surveys":
			fmt.Fprint(w, `[{"id": 71, "name": "Satisfacción"}, {"id": 72, "name": "NPS"}]`)
		case "/surveys/72/responses":
			w.WriteHeader(http.StatusNotImplemented)
		case "/surveys/71/responses":
			if filteringOf(r) != "" && !filtered {
				http.Error(w, "Unknown filter survey_response.status", http.StatusBadRequest)
				return
			}
			var page int
			fmt.Sscan(r.URL.Query().Get("page"), &page)
			rows := []any{}
			for i := range 100 {
				if page <= pagesOfOthers {
					rows = append(rows, map[string]any{"id": 90000 - page*100 - i, "case_id": 1, "contact_id": 1, "responded_at": "2026-11-01 10:00:00", "responses": []any{map[string]any{"guid": "a", "response": 5}}})
				}
			}
			if page == pagesOfOthers+1 {
				rows = append(rows,
					map[string]any{"id": 7, "case_id": 430357543, "contact_id": 9005, "responded_at": "2026-11-02 10:00:00", "responses": []any{map[string]any{"guid": "a", "response": 4}, map[string]any{"guid": "b", "response": "Muy <b>amables</b>,\ngracias"}}},
					map[string]any{"id": 8, "case_id": 2, "contact_id": "9005", "status": "not_responded", "responded_at": nil, "responses": []any{}},
					map[string]any{"id": 6, "case_id": 3, "contact_id": "9005", "responded_at": "2026-10-02 10:00:00", "responses": []any{map[string]any{"guid": "a", "response": "0"}}})
			}
			json.NewEncoder(w).Encode(rows)
		default:
			api.ServeHTTP(w, r)
		}
	}
}

func TestWhatACustomerAnsweredToSurveysIsShown(t *testing.T) {
	for _, filtered := range []bool{true, false} {
		o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
		o.inFront(surveyFront(2, filtered))
		view := o.contact(t, ContactAsk{ID: 9005, Include: []string{"surveys", "open_cases"}})
		if len(view.Surveys) != 2 || !noteWith(view.Notes, "answers to these surveys cannot be shown: NPS") {
			t.Fatalf("%v, %v", view.Surveys, view.Notes)
		}
		first, _ := view.Surveys[0].MarshalJSON()
		if want := `{"survey":"Satisfacción","case_number":534787,"responded_at":"2026-11-02 07:00","score":4,"comment":"Muy <b>amables</b>, gracias"}`; string(first) != want {
			t.Errorf("the first answer is %s", first)
		}
		if view.Surveys[1].Get("case_id") != int64(3) || view.Surveys[1].Get("score") != int64(0) {
			t.Errorf("the second answer is %v", view.Surveys[1])
		}
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(surveyFront(12, true))
	if view := o.contact(t, ContactAsk{ID: 9005, Include: []string{"surveys"}}); len(view.Surveys) > 0 || !noteWith(view.Notes, "only the newest 1000 answers") {
		t.Errorf("%v, %v", view.Surveys, view.Notes)
	}
}

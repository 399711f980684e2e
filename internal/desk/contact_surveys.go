package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// What is read of surveys for one customer: the API cannot filter answers by contact.
const (
	surveysRead   = 10
	responsePages = 10 // of each survey
)

// response is what a customer answered to one survey.
type response struct {
	survey string
	wisecx.SurveyResponse
}

// responsesOf reads a contact's answers out of the newest of each survey.
func (d *Desk) responsesOf(ctx context.Context, contact int64) ([]response, []string, error) {
	surveys, err := d.directory.names(ctx, "survey")
	if err != nil {
		return nil, nil, err
	}
	var mu sync.Mutex
	var reading sync.WaitGroup
	var found []response
	var notes []string
	failed := map[string][]string{} // surveys by what keeps them from being read
	if more := len(surveys.entries) - surveysRead; more > 0 {
		notes = append(notes, fmt.Sprintf("%d more surveys were not read", more))
	}
	for _, survey := range surveys.entries[:min(len(surveys.entries), surveysRead)] {
		reading.Go(func() {
			rows, whole, err := d.answered(ctx, survey.id)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed[partReason(err)] = append(failed[partReason(err)], clip(survey.name, 60))
			} else if !whole {
				notes = append(notes, fmt.Sprintf("of survey %q only the newest %d answers were looked through", survey.name, len(rows)))
			}
			for _, r := range rows {
				if int64(r.ContactID) == contact && len(r.Answers) > 0 {
					found = append(found, response{survey.name, r})
				}
			}
		})
	}
	reading.Wait()
	for why, names := range failed {
		slices.Sort(names)
		notes = append(notes, fmt.Sprintf("answers to these surveys cannot be shown: %s: %s", strings.Join(names, ", "), why))
	}
	slices.SortFunc(found, func(a, b response) int {
		return cmp.Or(b.RespondedAt.Compare(a.RespondedAt.Time), cmp.Compare(b.ID, a.ID))
	})
	return found, notes, nil
}

// answered reads the newest answers to a survey; whole tells whether there are no older ones.
func (d *Desk) answered(ctx context.Context, survey int64) (rows []wisecx.SurveyResponse, whole bool, err error) {
	status, _ := wisecx.SurveyResponses.Field("status")
	query := wisecx.Query{Filter: []wisecx.Condition{{Field: status, Operator: wisecx.Equal, Values: []any{wisecx.SurveyResponded}}},
		Fields: keysIn(&wisecx.SurveyResponses), Sort: "id", Descending: true, Limit: wisecx.MaxPage}
	fetch := func(ctx context.Context, page int) ([]wisecx.SurveyResponse, error) {
		asked := query
		asked.Page = page
		return d.api.ListResponses(ctx, survey, asked)
	}
	page, err := fetch(ctx, 1)
	if errors.Is(err, wisecx.ErrBadRequest) { // it may not know the filter, the order or the fields
		query.Filter, query.Sort, query.Fields = nil, "", nil
		page, err = fetch(ctx, 1)
	}
	older := scan.NewAhead(ctx, 2, responsePages+1, 2, fetch)
	defer older.Stop()
	seen := map[wisecx.Int]bool{}
	for read := 1; err == nil; read++ {
		known := len(rows)
		for _, r := range page {
			if !seen[r.ID] || r.ID == 0 {
				seen[r.ID] = true
				rows = append(rows, r)
			}
		}
		if whole = len(page) < wisecx.MaxPage || len(rows) == known; whole || read == responsePages {
			return rows, whole, nil
		}
		page, err = older.Take()
	}
	return nil, false, err
}

// showSurveys shows what the customer answered: numbers as the score, words as the comment.
func (d *Desk) showSurveys(view *ContactView, c *wisecx.Contact, responses []response) {
	mask := d.maskOf(c)
	view.MoreSurveys = max(0, len(responses)-surveysShown)
	for _, r := range responses[:min(len(responses), surveysShown)] {
		var row Row
		row.set("survey", clip(r.survey, 80))
		if number, known := view.cases[int64(r.CaseID)]; known {
			row.set("case_number", number)
		} else {
			row.set("case_id", int64(r.CaseID))
		}
		row.set("responded_at", d.moment(r.RespondedAt))
		var scores, comments []string
		for _, a := range r.Answers {
			said := text.Line(string(a.Response))
			if _, err := strconv.ParseFloat(said, 64); err == nil && len(said) <= 5 {
				scores = append(scores, said)
			} else if said != "" {
				comments = append(comments, said)
			}
		}
		if score, err := strconv.ParseInt(strings.Join(scores, ", "), 10, 64); err == nil {
			row = append(row, Cell{"score", score}) // 0 is one too
		} else {
			row.set("score", strings.Join(scores, ", "))
		}
		row.set("comment", shorten(mask.Words(strings.Join(comments, " / ")), subjectSize))
		view.Surveys = append(view.Surveys, row)
	}
}

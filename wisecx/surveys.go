package wisecx

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
)

// Survey is a set of questions that customers are sent after a case.
type Survey struct {
	ID   Int  `json:"id"`
	GUID Text `json:"guid"`
	Name Text `json:"name"`
}

func (*Survey) times() []*Time { return nil }

// Question is one question of a survey; answers name it by its GUID. What a question comes as is not stated
// anywhere, so the names of its members are inferred [I].
type Question struct {
	ID   Int  `json:"id"`
	GUID Text `json:"guid"`
	Text Text `json:"text"`
}

func (*Question) times() []*Time { return nil }

// UnmarshalJSON reads an object whose words are its text, title, question or name, and a bare text.
func (q *Question) UnmarshalJSON(b []byte) error {
	*q = Question{}
	switch {
	case len(b) > 0 && b[0] == '{':
		var object struct {
			ID                                Int
			GUID, Text, Title, Question, Name Text
		}
		_ = json.Unmarshal(b, &object)
		*q = Question{ID: object.ID, GUID: object.GUID, Text: cmp.Or(object.Text, object.Title, object.Question, object.Name)}
	case len(b) > 0 && b[0] == '"':
		q.Text = Text(unquote(b))
	}
	return nil
}

// Whether the customer has answered, in the status of a SurveyResponse [W].
const (
	SurveyResponded    = "responded"
	SurveyNotResponded = "not_responded"
)

// SurveyResponse is a survey that was sent to a customer about a case, with the answers if there are any.
type SurveyResponse struct {
	ID          Int     `json:"id"`
	CaseID      Int     `json:"case_id"`
	ContactID   Int     `json:"contact_id"`
	Status      Text    `json:"status"`
	RespondedAt Time    `json:"responded_at"`
	SentAt      Time    `json:"sent_at"` // read where it comes [I]; not asked for, since nobody has seen it
	Answers     Answers `json:"responses"`
}

func (r *SurveyResponse) times() []*Time { return []*Time{&r.RespondedAt, &r.SentAt} }

// Answer is what a customer answered to the question with that GUID: a score as its digits, or words.
type Answer struct {
	GUID     Text `json:"guid"`
	Response Text `json:"response"`
}

// Answers are the answers of one response.
type Answers []Answer

// UnmarshalJSON reads a list of objects, and one of them alone. What names no question and says nothing is left out.
func (l *Answers) UnmarshalJSON(b []byte) error {
	*l = nil
	for _, item := range elements(b) {
		var answer Answer
		if item[0] == '{' && json.Unmarshal(item, &answer) == nil && answer != (Answer{}) {
			*l = append(*l, answer)
		}
	}
	return nil
}

// ListSurveys gives one page of the surveys.
//
//wisecx:endpoint GET /surveys
func (c *Client) ListSurveys(ctx context.Context, q Query) ([]Survey, error) {
	return list[Survey](ctx, c, Surveys.Path, q)
}

// ListQuestions gives one page of a survey's questions.
//
//wisecx:endpoint GET /surveys/{id}/questions
func (c *Client) ListQuestions(ctx context.Context, surveyID int64, q Query) ([]Question, error) {
	return list[Question](ctx, c, "/surveys/"+strconv.FormatInt(surveyID, 10)+"/questions", q)
}

// ListResponses gives one page of what customers answered to a survey, those included who did not answer.
//
//wisecx:endpoint GET /surveys/{id}/responses
func (c *Client) ListResponses(ctx context.Context, surveyID int64, q Query) ([]SurveyResponse, error) {
	return list[SurveyResponse](ctx, c, "/surveys/"+strconv.FormatInt(surveyID, 10)+"/responses", q)
}

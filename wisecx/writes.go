package wisecx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"wisecx-mcp/wisecx/transport"
)

// ErrIncomplete is a write that lacks something, and was not sent.
var ErrIncomplete = errors.New("not sent, since it is incomplete")

// times is how often a write may be sent.
type times bool

const (
	once       times = false // it adds, or a second one would be refused
	repeatedly times = true  // it sets values: twice is as good as once
)

// write sends a request that changes something. Its error is undone where it certainly changed nothing.
func (c *Client) write(ctx context.Context, n times, method, path string, body any) ([]byte, error) {
	if n == repeatedly {
		ctx = transport.Repeatable(ctx)
	}
	request, err := c.request(ctx, method, path, nil, body)
	if err == nil && request.ContentLength == int64(len("{}")) {
		err = fmt.Errorf("%w: nothing is to change", ErrIncomplete)
	}
	if err != nil {
		return nil, undone{err}
	}
	w := watch(request, n)
	response, err := c.http.Do(request)
	if err != nil {
		failed := c.failure(ctx, method, path, err)
		if w.neverLeft(err) {
			failed = undone{failed}
		}
		return nil, failed
	}
	answer, err := c.answer(ctx, method, path, response)
	if err != nil && w.wasRefused(response.StatusCode) {
		err = undone{err}
	}
	return answer, err
}

// change is a write whose answer holds nothing that is needed: nothing, or an object of unknown content [I]. Only one
// that says that it failed, or a web page, is an error.
func (c *Client) change(ctx context.Context, n times, method, path string, body any) error {
	answer, err := c.write(ctx, n, method, path, body)
	if err == nil && complains(answer) {
		err = c.malformed(method+" "+path, answer, errComplaint)
	}
	return err
}

// create is a write that makes a thing, such as a case, and gives its id.
func (c *Client) create(ctx context.Context, path, thing string, body any) (int64, error) {
	answer, err := c.write(ctx, once, http.MethodPost, path, body)
	if err != nil {
		return 0, err
	}
	id := idOf(answer, thing)
	if id == 0 || complains(answer) {
		return 0, c.malformed("POST "+path, answer, errNoID)
	}
	return id, nil
}

// What makes an answer of 2xx no success.
var (
	errComplaint = errors.New("the answer speaks of an error")
	errNoID      = errors.New("no id of what was made")
)

// complains tells whether an answer of 2xx is a web page, or says that it failed.
func complains(answer []byte) bool {
	if isMarkup(string(answer)) {
		return true
	}
	var said struct {
		Error   json.RawMessage `json:"error"`
		Errors  json.RawMessage `json:"errors"`
		Success *Bool           `json:"success"`
	}
	_ = json.Unmarshal(answer, &said)
	for _, words := range []json.RawMessage{said.Error, said.Errors} {
		if len(elements(words)) > 0 && unquote(words) != "0" {
			return true
		}
	}
	return said.Success != nil && !bool(*said.Success)
}

// idOf reads the id of what was made: as <thing>_id or id, or alone; bare, in a list of one, or under data or <thing>.
// It is 0 where there is none.
func idOf(answer []byte, thing string) int64 {
	if !json.Valid(answer) {
		return 0
	}
	for range 4 { // {"data": [{"case": {"id": …}}]}, and not much deeper
		items := elements(answer)
		if len(items) != 1 {
			return 0
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(items[0], &members) != nil {
			return positive(items[0])
		}
		for _, key := range []string{thing + "_id", "id"} {
			if id := positive(members[key]); id != 0 {
				return id
			}
		}
		answer = members["data"]
		if len(elements(answer)) == 0 {
			answer = members[thing]
		}
	}
	return 0
}

// positive reads an id, 0 where it is none.
func positive(b []byte) int64 {
	var n Int
	_ = n.UnmarshalJSON(b)
	return max(0, int64(n))
}

// openCases reads the ids under opened_cases in an error's body [W]: of objects or bare, beside the error's words, or
// within error or data [I].
func openCases(body []byte) []int64 {
	for range 3 {
		var said struct {
			Opened json.RawMessage `json:"opened_cases"`
			Error  json.RawMessage `json:"error"`
			Data   json.RawMessage `json:"data"`
		}
		if json.Unmarshal(body, &said) != nil {
			return nil
		}
		var ids []int64
		for _, item := range elements(said.Opened) {
			bare := Ints{idOf(item, "case")}
			if item[0] == '"' {
				_ = bare.UnmarshalJSON(item) // "1,2"
			}
			ids = append(ids, slices.DeleteFunc(bare, func(id int64) bool { return id <= 0 })...)
		}
		if len(ids) > 0 {
			return ids
		}
		if body = said.Error; len(body) == 0 || body[0] != '{' {
			body = said.Data
		}
	}
	return nil
}

// needIDs refuses what would go to another endpoint: no id is 0 or less.
func needIDs(ids ...int64) error {
	for _, id := range ids {
		if id <= 0 {
			return undone{fmt.Errorf("%w: %d is no id", ErrIncomplete, id)}
		}
	}
	return nil
}

// need refuses a write that lacks something.
func need(has bool, what string) error {
	if has {
		return nil
	}
	return undone{fmt.Errorf("%w: %s", ErrIncomplete, what)}
}

// noSecrets refuses custom fields that are named as a secret, such as a contact's password.
func noSecrets(fields CustomFields) error {
	for _, f := range fields {
		if IsSecret(string(f.Field)) {
			return undone{fmt.Errorf("%w: %s", ErrSecret, f.Field)}
		}
	}
	return nil
}

// clock writes a point in time as the API does, in its zone; none as "".
func (c *Client) clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(c.zone).Format(TimeLayout)
}

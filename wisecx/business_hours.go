package wisecx

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"wisecx-mcp/wisecx/transport"
)

// errHours is an answer about business hours from which nobody can tell.
var errHours = errors.New("it says neither open nor closed")

// IsOpen tells whether a queue is within its business hours now, the account as a whole where queueID is 0.
// {"is_open": true} is inferred [I]: of an answer that does not clearly say the one or the other the error is
// ErrMalformed. ErrNotFound means that there is no such queue.
//
//wisecx:endpoint GET /business_hours/is_open
func (c *Client) IsOpen(ctx context.Context, queueID int64) (bool, error) {
	const path = "/business_hours/is_open"
	query := url.Values{}
	if queueID != 0 {
		query.Set("queue_id", strconv.FormatInt(queueID, 10))
	}
	body, err := c.send(transport.Repeatable(ctx), http.MethodGet, path, query, nil)
	if err != nil {
		return false, err
	}
	open, said := saysOpen(body)
	if !said {
		return false, c.malformed("GET "+path, body, errHours)
	}
	return open, nil
}

// saysOpen reads a truth value, as itself, as a word or as 0 and 1: bare, in a list of one, or under is_open,
// isOpen, open or data. Where one of these is there, the next is not asked.
func saysOpen(answer []byte) (open, said bool) {
	if !json.Valid(answer) {
		return false, false
	}
	for range 4 { // {"data": [{"is_open": …}]}, and not much deeper
		switch answer[0] {
		case '[':
			var items []json.RawMessage
			if json.Unmarshal(answer, &items) != nil || len(items) != 1 {
				return false, false
			}
			answer = items[0]
		case '{':
			var object struct {
				Snake json.RawMessage `json:"is_open"`
				Camel json.RawMessage `json:"isOpen"`
				Open  json.RawMessage `json:"open"`
				Data  json.RawMessage `json:"data"`
			}
			if json.Unmarshal(answer, &object) != nil {
				return false, false
			}
			answer = nil
			for _, member := range []json.RawMessage{object.Snake, object.Camel, object.Open, object.Data} {
				if len(member) > 0 && string(member) != "null" {
					answer = member
					break
				}
			}
			if answer == nil {
				return false, false
			}
		default:
			switch strings.ToLower(strings.TrimSpace(unquote(answer))) {
			case "true", "1", "yes", "open":
				return true, true
			case "false", "0", "no", "closed":
				return false, true
			}
			return false, false
		}
	}
	return false, false
}

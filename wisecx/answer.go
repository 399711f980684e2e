package wisecx

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"wisecx-mcp/wisecx/transport"
)

// timed is a thing of the API that carries times, which the API writes without a zone.
type timed[T any] interface {
	*T
	times() []*Time
}

// list asks for a page of a list. It is empty, and no error, where the API answers 400 with
// "… Not Found" for a list without a match [W].
func list[T any, P timed[T]](ctx context.Context, c *Client, path string, q Query) ([]T, error) {
	query, err := q.compile(c.zone)
	if err != nil {
		return nil, err
	}
	body, err := c.send(transport.Repeatable(ctx), http.MethodGet, path, query, nil)
	var rows []T
	if err == nil {
		if rows, err = decodeList[T](body); err != nil {
			err = c.malformed("GET "+path, body, err)
		}
	}
	var refused *Error
	if errors.As(err, &refused) && refused.Kind == ErrNotFound && refused.Status != http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range rows {
		inZone(P(&rows[i]).times(), c.zone)
	}
	return rows, nil
}

// one asks for a single thing. An answer without content means that there is none.
func one[T any, P timed[T]](ctx context.Context, c *Client, path string, fields []string) (*T, error) {
	query, err := fieldsQuery(fields)
	if err != nil {
		return nil, err
	}
	body, err := c.send(transport.Repeatable(ctx), http.MethodGet, path, query, nil)
	if err != nil {
		return nil, err
	}
	row, err := decodeOne[T](body)
	if err != nil {
		return nil, c.malformed("GET "+path, body, err)
	}
	if row == nil {
		return nil, &Error{Endpoint: "GET " + path, Status: http.StatusOK, Kind: ErrNotFound}
	}
	inZone(P(row).times(), c.zone)
	return row, nil
}

// errShape is JSON that is neither the list nor the object that was asked for.
var errShape = errors.New("neither a list nor a thing of it")

// decodeList reads {"data": [...]}, a bare array, and one thing alone, whichever a list comes as [W].
// Nothing, null and an empty object are an empty list.
func decodeList[T any](body []byte) ([]T, error) {
	// The ordinary form is read at once; what it does not fit is looked at more closely.
	rows := make([]T, 0, 32)
	ordinary := struct {
		Data *[]T `json:"data"`
	}{&rows}
	if bytes.HasPrefix(body, []byte("{")) && json.Unmarshal(body, &ordinary) == nil && len(rows) > 0 {
		return rows, nil
	}
	content, err := unwrap(body)
	switch {
	case err != nil || content == nil:
		return nil, err
	case content[0] == '[':
		rows = nil
		err := json.Unmarshal(content, &rows)
		return rows, err
	}
	var row T
	if id, _ := keysOf(content); !id {
		return nil, errShape
	}
	if err := json.Unmarshal(content, &row); err != nil {
		return nil, err
	}
	return []T{row}, nil
}

// decodeOne reads a bare object, or one wrapped as a list is; nil where it is empty.
func decodeOne[T any](body []byte) (*T, error) {
	content, err := unwrap(body)
	switch {
	case err != nil || content == nil:
		return nil, err
	case content[0] == '[':
		rows, err := decodeList[T](content)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return &rows[0], nil
	}
	if id, complaint := keysOf(content); complaint && !id {
		return nil, errShape
	}
	var row T
	if err := json.Unmarshal(content, &row); err != nil {
		return nil, err
	}
	return &row, nil
}

// keysOf tells whether an object has an id, and whether it speaks of an error.
func keysOf(object []byte) (id, complaint bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return false, false
	}
	for key := range members {
		switch {
		case key == "id", strings.HasSuffix(key, "_id"):
			id = true
		case key == "error", key == "errors", key == "message":
			complaint = true
		}
	}
	return id, complaint
}

// unwrap gives the array or object that an answer holds, bare or under "data"; nil for nothing.
func unwrap(body []byte) (json.RawMessage, error) {
	content := json.RawMessage(bytes.TrimSpace(body))
	if len(content) > 0 && content[0] == '{' {
		var envelope struct {
			Data  json.RawMessage `json:"data"`
			Error Text            `json:"error"`
		}
		if err := json.Unmarshal(content, &envelope); err != nil {
			return nil, err
		}
		if envelope.Data != nil {
			content = envelope.Data
		}
		if string(content) == "null" && envelope.Error != "" {
			return nil, errShape
		}
	}
	switch {
	case len(content) == 0, string(content) == "null":
		return nil, nil
	case content[0] != '[' && content[0] != '{':
		return nil, errShape
	case content[0] == '{' && len(bytes.TrimSpace(content[1:len(content)-1])) == 0:
		return nil, nil
	}
	return content, nil
}

// inZone says of times read as UTC in which zone the API wrote them.
func inZone(times []*Time, zone *time.Location) {
	if zone == time.UTC {
		return
	}
	for _, t := range times {
		if !t.IsZero() && !t.zoned {
			y, month, d := t.Date()
			h, minute, s := t.Clock()
			t.Time = time.Date(y, month, d, h, minute, s, t.Nanosecond(), zone)
		}
	}
}

package wisecx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"wisecx-mcp/wisecx/transport"
)

// What an *Error is about, for errors.Is.
var (
	ErrBadRequest  = errors.New("the API refused the request as wrong")             // 400 [D]
	ErrForbidden   = errors.New("the API key has no permission for this")           // 403 [D], 401 [W], with a fresh token
	ErrLogin       = errors.New("the API did not accept the key and the user name") // of GET /authenticate
	ErrNotFound    = errors.New("there is no such thing")                           // 404, or 400 with "... Not Found" [W]
	ErrLimit       = errors.New("the account's request limit is reached")           // 429 [D]
	ErrUnsupported = errors.New("the API does not offer this")                      // 501 [D], 405
	ErrUnavailable = errors.New("the API does not answer")                          // 5xx [W], broken connections, time-outs
	ErrTooLarge    = errors.New("the answer is larger than 10 MB and was not read")
	ErrMalformed   = errors.New("the API answered something other than the expected JSON")
)

// Error is a request that did not give what was asked.
type Error struct {
	Endpoint   string        // such as "GET /cases"
	Status     int           // the API's answer; 0 when there was none
	Detail     string        // the API's own words, one line without markup or secrets; may be empty
	RetryAfter time.Duration // how long the API asked to wait; 0 when it did not say
	OpenCases  []int64       // ids of the contact's open cases, which the error of a new case can name [W]
	Kind       error         // one of the Err values
}

// Error reads "GET /cases: the API refused the request as wrong (400): Unknown field".
func (e *Error) Error() string {
	s := e.Endpoint + ": " + e.Kind.Error()
	if e.Status != 0 {
		s += fmt.Sprintf(" (%d)", e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Unwrap gives the Kind.
func (e *Error) Unwrap() error { return e.Kind }

// refusal reads an answer that is not 2xx.
func (c *Client) refusal(method, path string, response *http.Response, body []byte) error {
	e := &Error{
		Endpoint:   method + " " + path,
		Status:     response.StatusCode,
		Detail:     c.detail(body),
		RetryAfter: transport.RetryAfter(response, c.now()),
		OpenCases:  openCases(body),
	}
	switch status := response.StatusCode; {
	case status == http.StatusNotFound, status == http.StatusBadRequest && saysNotFound(e.Detail):
		e.Kind = ErrNotFound
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		e.Kind = ErrForbidden
	case status == http.StatusTooManyRequests:
		e.Kind = ErrLimit
	case status == http.StatusNotImplemented, status == http.StatusMethodNotAllowed:
		e.Kind = ErrUnsupported
	case status >= 500:
		e.Kind = ErrUnavailable
	case status/100 == 3:
		e.Kind = ErrMalformed
	default:
		e.Kind = ErrBadRequest
	}
	return e
}

// failure reads an error from below HTTP. The caller's own end stays what it is; whether it is that, only
// the caller's context can tell, since a dial that takes too long calls itself DeadlineExceeded as well.
func (c *Client) failure(ctx context.Context, method, path string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &Error{Endpoint: method + " " + path, Kind: ErrUnavailable}
	var limit *transport.LimitError
	var open *transport.OpenError
	var login *transport.LoginError
	var outer *url.Error
	switch {
	case errors.As(err, &limit): // before the login, which can be refused as well
		e.Kind, e.Detail, e.RetryAfter = ErrLimit, limit.Error(), limit.Wait
		return e
	case errors.As(err, &open):
		e.Detail, e.RetryAfter = open.Error(), open.Wait
		return e
	case errors.Is(err, ErrTooLarge):
		e.Kind = ErrTooLarge
		return e
	case errors.As(err, &login):
		c.loginFailure(e, login)
		return e
	case errors.Is(err, transport.ErrRedirect):
		e.Kind = ErrMalformed
	}
	if errors.As(err, &outer) {
		err = outer.Err // the address holds the query, which may hold a customer's data
	}
	e.Detail = oneLine(c.chain.Redact(err.Error()), 300)
	return e
}

func (c *Client) loginFailure(e *Error, login *transport.LoginError) {
	e.Endpoint, e.Status, e.Detail = "GET /authenticate", login.Status, login.Detail
	switch status := login.Status; {
	case login.Err != nil:
		e.Detail = oneLine(c.chain.Redact(login.Err.Error()), 300)
	case status == http.StatusTooManyRequests:
		e.Kind = ErrLimit
	case status == http.StatusBadRequest, status == http.StatusUnauthorized, status == http.StatusForbidden:
		e.Kind = ErrLogin
	case status < 500:
		e.Kind = ErrMalformed
	}
}

// malformed is an answer of 2xx that is not what was asked for. Of its content only an error's own
// words are shown: the rest may be a customer's data.
func (c *Client) malformed(endpoint string, body []byte, err error) error {
	e := &Error{Endpoint: endpoint, Status: http.StatusOK, Kind: ErrMalformed, Detail: oneLine(err.Error(), 200), OpenCases: openCases(body)}
	switch {
	case isMarkup(string(body)):
		e.Detail = "a web page came instead of JSON; the base URL may be wrong"
	case json.Valid(body) && c.detail(body) != "":
		e.Detail = c.detail(body)
	}
	if saysNotFound(e.Detail) {
		e.Kind = ErrNotFound
	}
	return e
}

// detail finds the API's words in an error's body: {"error": …} or {"message": …}, plain text, or an
// HTML page, of which nothing is worth showing [W].
func (c *Client) detail(body []byte) string {
	text := string(body)
	var answer any
	if json.Unmarshal(body, &answer) == nil {
		text = wordsOf(answer)
	}
	if isMarkup(text) {
		return ""
	}
	return oneLine(c.chain.Redact(tags.ReplaceAllString(text, " ")), 300)
}

var tags = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)

func isMarkup(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "<") }

// wordsOf reads a text, or the first text within a list, or what an object says of an error.
func wordsOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		for _, item := range v {
			if s := wordsOf(item); s != "" {
				return s
			}
		}
	case map[string]any:
		for _, key := range []string{"error", "message", "errors", "detail", "description", "error_description", "msg"} {
			if s := wordsOf(v[key]); s != "" {
				return s
			}
			// {"errors": {"phone": ["is too short"]}}
			if fields, ok := v[key].(map[string]any); ok {
				for _, name := range slices.Sorted(maps.Keys(fields)) {
					if s := wordsOf(fields[name]); s != "" {
						return name + ": " + s
					}
				}
			}
		}
	}
	return ""
}

func oneLine(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// saysNotFound knows the texts that mean "nothing matches", such as "Survey Responses Not Found" [W],
// from a complaint about the request, the address or the account that ends with the same words.
func saysNotFound(words string) bool {
	s := strings.ToLower(strings.TrimRight(words, ".! "))
	if !strings.HasSuffix(s, "not found") || len(s) > 60 {
		return false
	}
	for _, word := range strings.Fields(s) {
		switch strings.TrimSuffix(word, "s") {
		case "field", "subfield", "operator", "filter", "filtering", "parameter", "param", "argument", "column", "property",
			"attribute", "key", "value", "sort", "sorting", "condition", "query", "header", "table", "relation",
			"method", "action", "endpoint", "route", "page", "url", "path", "host", "server", "service", "resource",
			"token", "session", "account", "company", "credential", "permission":
			return false
		}
	}
	// An identifier, a quotation or more than one sentence is a complaint too.
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -#", r)
	})
}

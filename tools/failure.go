package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/guard"
	"wisecx-mcp/schema"
	"wisecx-mcp/wisecx"
)

// The kinds of failures, by what the assistant can do about them.
const (
	kindArguments   = "arguments"   // call again with other arguments
	kindNotFound    = "not_found"   // there is no such thing
	kindRefused     = "refused"     // a person has to change something
	kindUnavailable = "unavailable" // try again later
	kindLimit       = "limit"       // try again after a while
	kindUnknown     = "unknown"
)

// Failure is what a failed call answers: what happened, and the next step.
type Failure struct {
	Error      string   `json:"error"`
	Kind       string   `json:"kind"`
	Argument   string   `json:"argument,omitempty"`
	Expected   string   `json:"expected,omitempty"`
	Candidates []string `json:"candidates,omitempty"`
	RetryAfter int      `json:"retry_after_s,omitempty"`
}

// notReady is a call that cannot be made because settings are missing.
type notReady struct{ missing string }

func (e *notReady) Error() string { return e.missing }

// failure turns an error into a result that the model reads.
func failure(err error) *mcp.CallToolResult {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encodeErr := encoder.Encode(describe(err)); encodeErr != nil {
		return mcp.NewToolResultError(err.Error())
	}
	return mcp.NewToolResultError(string(bytes.TrimSpace(text.Bytes())))
}

func describe(err error) Failure {
	var arguments *schema.Refusal
	var refusal *desk.Refusal
	var unconfirmed *guard.Refusal
	var forbidden *desk.Forbidden
	var missing *notReady
	var notFound *desk.NotFound
	var api *wisecx.Error
	switch {
	case errors.As(err, &arguments):
		return Failure{Error: arguments.Problem(), Kind: kindArguments, Argument: arguments.Argument, Expected: arguments.Expected, Candidates: arguments.Candidates}
	case errors.As(err, &refusal):
		return Failure{Error: refusal.Error(), Kind: kindArguments, Argument: refusal.Argument, Expected: refusal.Expected, Candidates: refusal.Candidates}
	case errors.As(err, &notFound):
		return Failure{Error: notFound.What, Kind: kindNotFound, Expected: notFound.Next}
	case errors.As(err, &unconfirmed):
		return Failure{Error: unconfirmed.Problem, Kind: kindRefused, Argument: "confirm_token", Expected: unconfirmed.Next}
	case errors.As(err, &forbidden):
		return Failure{Error: forbidden.Error(), Kind: kindRefused}
	case errors.As(err, &missing):
		return Failure{Error: missing.missing, Kind: kindRefused}
	case errors.As(err, &api):
		return describeAPI(api, err)
	case errors.Is(err, context.Canceled):
		return Failure{Error: "the call was cancelled", Kind: kindUnavailable}
	case errors.Is(err, context.DeadlineExceeded):
		return Failure{Error: "the call took longer than 45 s; ask for less at once, or try again", Kind: kindUnavailable}
	}
	return Failure{Error: err.Error(), Kind: kindUnknown}
}

// describeAPI says what an API's failure means for the next step.
func describeAPI(api *wisecx.Error, err error) Failure {
	f := Failure{Error: err.Error(), RetryAfter: int(math.Ceil(api.RetryAfter.Seconds()))}
	next := ""
	switch api.Kind {
	case wisecx.ErrNotFound:
		f.Kind = kindNotFound
		if api.Endpoint == "GET /cases" {
			f.Kind, next = kindRefused, "the address of the API may be wrong; a person checks WISECX_BASE_URL, wisecx-mcp doctor helps"
		}
	case wisecx.ErrLogin:
		f.Kind, next = kindRefused, "a person has to check WISECX_API_KEY and WISECX_USER; wisecx-mcp doctor helps"
	case wisecx.ErrForbidden:
		f.Kind, next = kindRefused, "a person has to give the API key this permission in Wise CX"
	case wisecx.ErrUnsupported:
		f.Kind = kindRefused
	case wisecx.ErrLimit:
		f.Kind, next = kindLimit, "try again after a while"
	case wisecx.ErrUnavailable:
		f.Kind, next = kindUnavailable, "try again in a minute"
	case wisecx.ErrTooLarge:
		f.Kind, next = kindRefused, "ask for less: a smaller limit, fewer fields"
	case wisecx.ErrBadRequest:
		f.Kind, next = kindRefused, "try with fewer or other filters"
		if !strings.HasPrefix(api.Endpoint, "GET ") {
			f.Kind, next = kindArguments, "correct what it names, or leave that out; dry_run shows what would be sent"
		}
	default:
		f.Kind = kindUnknown
	}
	if next != "" {
		f.Error += "; " + next
	}
	return f
}

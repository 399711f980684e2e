package tools

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
)

// Control are the arguments that every write has beside its own.
type Control struct {
	DryRun bool `json:"dry_run,omitempty"`
}

// Confirmed are those of a write that a person agrees to.
type Confirmed struct {
	Control
	ConfirmToken string `json:"confirm_token,omitempty"`
}

func (c Control) order() guard.Order   { return guard.Order{DryRun: c.DryRun} }
func (c Confirmed) order() guard.Order { return guard.Order{DryRun: c.DryRun, Token: c.ConfirmToken} }

// ordered are arguments that say how a write is to be run.
type ordered interface{ order() guard.Order }

// ReceiptResult is what came of a write.
type ReceiptResult struct{ guard.Receipt }

// declareWrite completes a tool that changes something. prepare resolves what is wanted and looks at what is; nothing
// happens before the guard lets it.
func declareWrite[A ordered](t Tool, prepare func(context.Context, *Env, A) (*guard.Write, error)) Tool {
	return declare(t, func(ctx context.Context, env *Env, a A) (*ReceiptResult, error) {
		w, err := prepare(ctx, env, a)
		if err != nil {
			return nil, err
		}
		w.Tool = t.Name
		if w.Arguments, err = json.Marshal(a); err != nil {
			return nil, err
		}
		order := a.order()
		order.Person = personOf(ctx)
		receipt, err := env.Guard.Run(ctx, w, order)
		if err != nil {
			return nil, err
		}
		return &ReceiptResult{*receipt}, nil
	})
}

// fit cuts what a receipt repeats, never what came of the write.
func (r *ReceiptResult) fit(budget int) ([]byte, error) {
	for size := budget * 2; ; size /= 2 {
		b, err := encode(r)
		if err != nil || text.Tokens(b) <= budget || size < 40 {
			return b, err
		}
		r.shorten(size)
	}
}

func (r *ReceiptResult) shorten(size int) {
	cut := func(v any) any {
		s, is := v.(string)
		if head, left := text.Cut(s, size); is && left > 0 {
			return head + "…"
		}
		return v
	}
	r.Question, _ = cut(r.Question).(string)
	for _, list := range [][]guard.Change{r.Changes, r.NotChanged} {
		for i := range list {
			list[i].Before, list[i].After = cut(list[i].Before), cut(list[i].After)
		}
	}
	most := size/40 + 1
	r.Changes, r.NotChanged = r.Changes[:min(len(r.Changes), most)], r.NotChanged[:min(len(r.NotChanged), most)]
}

// asked is the question of a write on its way to the person.
const asked = "confirm"

// person is the one behind the client.
type person struct {
	can     bool
	state   string
	answers mcp.InputResponses
}

type personKey struct{}

// withPerson remembers whether the client can ask, and what the person answered if the call is run again.
func withPerson(ctx context.Context, request mcp.CallToolRequest) context.Context {
	p := &person{state: request.Params.RequestState, answers: request.Params.InputResponses}
	if session, known := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); known {
		p.can = session.GetClientCapabilities().Elicitation != nil
	}
	return context.WithValue(ctx, personKey{}, p)
}

func personOf(ctx context.Context) guard.Person {
	if p, known := ctx.Value(personKey{}).(*person); known {
		return p
	}
	return nil
}

// NotAsked is the answer of a client that says it can ask the person and then does not.
const NotAsked mcp.ElicitationResponseAction = "not_asked"

func (p *person) CanAnswer() bool {
	answer := server.ElicitationResponse(p.answers, asked)
	return p.can && (answer == nil || answer.Action != NotAsked)
}

func (p *person) Answer() (state string, yes, answered bool) {
	answer := server.ElicitationResponse(p.answers, asked)
	if answer == nil {
		return "", false, false
	}
	return p.state, answer.Action == mcp.ElicitationResponseActionAccept, true
}

// question is a result that has the client ask the person and run the call again with the answer.
func question(q *guard.Question) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(q.State).Elicit(asked, mcp.ElicitationParams{
		Message:         q.Text,
		RequestedSchema: map[string]any{"type": "object", "properties": map[string]any{}},
	}).ToolResult()
}

// asking gives the question that stands in the way of a call, if that is what its error is.
func asking(err error) (*guard.Question, bool) {
	var q *guard.Question
	return q, errors.As(err, &q)
}

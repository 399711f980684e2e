package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// RepeatsWithin is how long the same addition is not made again.
const RepeatsWithin = 10 * time.Minute

// Journal remembers what was added, over restarts and between processes.
type Journal interface {
	// Begin notes that an addition begins, on disk before it returns, unless one of that key is there already, younger
	// than RepeatsWithin, that did not fail for certain; then it gives that one. force begins in any case.
	Begin(key string, note json.RawMessage, force bool) (prior *Prior, begun Entry, err error)
	// Prior gives what Begin would, without beginning.
	Prior(key string) (*Prior, error)
	// Resolve notes what came of a prior addition of which that was not known.
	Resolve(id string, receipt json.RawMessage) error
}

// Prior is an addition that was begun before.
type Prior struct {
	ID      string
	Receipt json.RawMessage // nil where it is not known what came of it
	Working bool            // a process is still at it
	Note    json.RawMessage // that it was begun with
}

// Entry is an addition that was begun.
type Entry interface {
	Done(receipt json.RawMessage) error
	Failed() error
	Unknown() error
}

// Audit is the log of writes: a line before each and one after it, on disk when Append returns.
type Audit interface {
	Append(line json.RawMessage) error
}

// Approvals are the questions that only a person in a terminal can answer.
type Approvals interface {
	Ask(token, question string, until time.Time) error
	Answered(token string) (yes, answered bool, err error)
}

// Person answers questions through the client.
type Person interface {
	CanAnswer() bool
	// Answer gives the person's answer to the question of a state; asked is false where there is none yet.
	Answer() (state string, yes, asked bool)
}

// Mode is WISECX_CONFIRM.
type Mode string

// The modes.
const (
	Auto  Mode = "auto"  // ask the person where the client can, else a token
	Token Mode = "token" // always a token
	Never Mode = "never"
)

// Guard runs writes. It is safe for concurrent use.
type Guard struct {
	Secret    []byte // for the hashes of people's words in the audit log
	Journal   Journal
	Audit     Audit
	Approvals Approvals
	Approve   string // the command that releases what waits for a person, before the token
	Mode      Mode
	Now       func() time.Time
	MayHave   func(error) bool // whether a write that failed so may have happened all the same
	Pauses    []time.Duration  // between looks for an effect whose answer was lost
	tokens    tokens
}

// Order is how a caller wants a write to be run.
type Order struct {
	DryRun bool
	Again  bool   // also where the same was added a while ago
	Token  string // of an earlier preview
	Person Person
}

// Question has to be put to the person; the call is run again with the answer.
type Question struct {
	Text  string
	State string // comes back with the answer
}

func (q *Question) Error() string { return "the person is asked first" }

// Refusal is a confirmation that does not hold, in words for the one who sent it.
type Refusal struct{ Problem, Next string }

func (r *Refusal) Error() string { return r.Problem }

// NotSent is trouble of this machine that kept a write from being sent.
type NotSent struct {
	what string
	err  error
}

func notSent(what string, err error) error { return &NotSent{what, err} }

func (e *NotSent) Error() string { return e.what + ", so nothing was sent: " + e.err.Error() }
func (e *NotSent) Unwrap() error { return e.err }

// Run does a write, as far as it may: it answers a receipt, a *Question for the person, or an error.
func (g *Guard) Run(ctx context.Context, w *Write, o Order) (*Receipt, error) {
	if o.DryRun && w.Refused == nil {
		preview := w.Preview
		preview.Outcome, preview.Question = Preview, w.told()
		preview.Notes = append(preview.Notes, "dry run: nothing was sent")
		return &preview, nil
	}
	if !w.Adds && len(w.Preview.Changes) == 0 {
		same := w.Preview
		same.Outcome, same.Via = NoChange, nil
		return &same, nil
	}
	if w.Adds && !o.Again && !o.DryRun {
		prior, err := g.Journal.Prior(w.key())
		if err != nil {
			return nil, notSent("whether this was done before cannot be told", err)
		}
		if prior != nil {
			return g.repeated(ctx, w, prior)
		}
	}
	if w.Refused != nil {
		return nil, w.Refused
	}
	if asked, err := g.confirm(w, o); asked != nil || err != nil {
		return asked, err
	}
	if !w.Adds {
		return g.do(ctx, w, nil)
	}
	prior, entry, err := g.Journal.Begin(w.key(), w.beginning(), o.Again)
	switch {
	case err != nil:
		return nil, notSent("what is sent cannot be remembered", err)
	case prior != nil:
		return g.repeated(ctx, w, prior)
	}
	return g.do(ctx, w, entry)
}

// confirm gives the preview that asks for a confirmation, or nil where there is one or none is needed.
func (g *Guard) confirm(w *Write, o Order) (*Receipt, error) {
	if w.Asks == AsksNobody || g.Mode == Never {
		return nil, nil
	}
	holds := w.confirmed()
	if o.Token != "" {
		return g.redeem(w, o.Token, holds)
	}
	if g.Mode == Auto && o.Person != nil && o.Person.CanAnswer() {
		state, yes, asked := o.Person.Answer()
		if known, good := g.tokens.look(state, g.Now()); asked && good && known.holds == holds && g.tokens.take(state) {
			if yes {
				return nil, nil
			}
			return &Receipt{Outcome: Declined, Notes: []string{"the person said no; nothing was sent. Do not try again unless they ask for it"}}, nil
		}
		return nil, &Question{Text: w.Question, State: g.tokens.give(holds, true, g.Now())}
	}
	return g.preview(w, holds)
}

// preview shows what would happen, with a token that lets it happen.
func (g *Guard) preview(w *Write, holds string) (*Receipt, error) {
	preview := w.Preview
	person := w.Asks == AsksPerson
	preview.Outcome, preview.Question = Preview, w.told()
	preview.ConfirmToken = g.tokens.give(holds, person, g.Now())
	if !person {
		preview.Notes = append(preview.Notes, "nothing was sent. Show the question to the person; if they agree, make the same call with confirm_token")
		return &preview, nil
	}
	if err := g.Approvals.Ask(preview.ConfirmToken, w.Question, g.Now().Add(tokenLife)); err != nil {
		return nil, fmt.Errorf("a person has to release this in a terminal, and the question cannot be stored: %w", err)
	}
	preview.Notes = append(preview.Notes, "nothing was sent. Only a person can release this: they run `"+g.Approve+" "+preview.ConfirmToken+
		"` in a terminal; after that, make the same call with confirm_token")
	return &preview, nil
}

// redeem uses a token up, if it holds for this very write.
func (g *Guard) redeem(w *Write, name, holds string) (*Receipt, error) {
	known, good := g.tokens.look(name, g.Now())
	switch {
	case !good:
		return nil, &Refusal{"this confirm_token is not good: it was used, is older than ten minutes, or is of another run of the server",
			"make the call without confirm_token for a new preview"}
	case known.holds != holds:
		return nil, &Refusal{"this confirm_token was given for other arguments, or the case has changed since: what was confirmed is not what would happen now",
			"make the call without confirm_token for a new preview, and show it to the person"}
	}
	if known.person {
		yes, answered, err := g.Approvals.Answered(name)
		switch {
		case err != nil:
			return nil, fmt.Errorf("whether a person released this cannot be read: %w", err)
		case !answered:
			return nil, &Refusal{"no person has released this yet", "ask them to run `" + g.Approve + " " + name + "` in a terminal, then make the same call again"}
		case !yes:
			g.tokens.take(name)
			return &Receipt{Outcome: Declined, Notes: []string{"a person said no in the terminal; nothing was sent"}}, nil
		}
	}
	if !g.tokens.take(name) {
		return nil, &Refusal{"this confirm_token was used a moment ago", "look at what came of that call"}
	}
	return nil, nil
}

// do sends a write, with a line in the audit log before and after it, and says what came of it.
func (g *Guard) do(ctx context.Context, w *Write, entry Entry) (*Receipt, error) {
	began := g.Now()
	id, err := g.auditBefore(w, began)
	if err != nil {
		if entry != nil {
			err = errors.Join(err, entry.Failed())
		}
		return nil, notSent("the audit log cannot be written", err)
	}
	receipt, err := w.Do(ctx)
	if err != nil && g.MayHave(err) {
		receipt, err = g.search(ctx, w, err), nil
	}
	outcome := "failed"
	if err == nil {
		outcome = receipt.Outcome
	}
	note := g.auditAfter(id, w, outcome, began)
	if entry != nil {
		note = errors.Join(note, record(entry, receipt, err))
	}
	if err == nil && note != nil {
		receipt.Notes = append(receipt.Notes, "this was done, but could not be recorded: "+note.Error())
	}
	return receipt, err
}

// record writes into the journal what came of an addition.
func record(entry Entry, receipt *Receipt, failed error) error {
	switch {
	case failed != nil:
		return entry.Failed()
	case receipt.Outcome == Unknown:
		return entry.Unknown()
	}
	b, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	return entry.Done(b)
}

// search looks for the effect of a write whose answer was lost, with growing pauses, while the call has time.
func (g *Guard) search(ctx context.Context, w *Write, lost error) *Receipt {
	for _, pause := range g.Pauses {
		until, bounded := ctx.Deadline()
		if bounded && time.Until(until) < pause+2*time.Second {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		found, err := w.Look(ctx, w.note())
		if err == nil && found != nil {
			found.Notes = append(found.Notes, "the API's answer was lost; the effect was looked for and found")
			return found
		}
		if ctx.Err() != nil {
			break
		}
	}
	unknown := w.Preview
	unknown.Outcome, unknown.Undo = Unknown, nil
	unknown.Notes = append(unknown.Notes, "the API's answer was lost ("+lost.Error()+") and the effect was not seen: it may still have happened. "+
		"Make the same call again in a minute: it looks for the effect and sends nothing twice")
	return &unknown
}

// await gives another call, which is at the same addition, time to end; nil where it failed for certain.
func (g *Guard) await(ctx context.Context, w *Write, prior *Prior) (*Prior, error) {
	for _, pause := range g.Pauses {
		until, bounded := ctx.Deadline()
		if bounded && time.Until(until) < pause+2*time.Second {
			return prior, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		var err error
		if prior, err = g.Journal.Prior(w.key()); err != nil || prior == nil || !prior.Working {
			return prior, err
		}
	}
	return prior, nil
}

// repeated answers for an addition that was made, or begun, before.
func (g *Guard) repeated(ctx context.Context, w *Write, prior *Prior) (*Receipt, error) {
	again := "nothing was sent now. If the person wants it twice, make the call with again: true"
	if others := w.beside(prior.begun()); len(others) > 0 {
		again = "nothing was sent now, and what differs in this call (" + strings.Join(others, ", ") + ") was not done: an update does that. If the person wants it twice, make the call with again: true"
	}
	if prior.Receipt != nil {
		var first Receipt
		if err := json.Unmarshal(prior.Receipt, &first); err != nil {
			return nil, fmt.Errorf("the same was done within ten minutes, and its receipt cannot be read: %w", err)
		}
		first.Outcome = Repeated
		first.Notes = append(first.Notes, "the same was done within the last ten minutes; this is its receipt, "+again)
		return &first, nil
	}
	if prior.Working {
		var err error
		switch prior, err = g.await(ctx, w, prior); {
		case err != nil:
			return nil, notSent("whether this was done before cannot be told", err)
		case prior == nil:
			return nil, &Refusal{"the same call, made at once with this one, failed; this one sent nothing", "make the call again"}
		case !prior.Working:
			return g.repeated(ctx, w, prior)
		}
		return &Receipt{Outcome: Unknown, Notes: []string{"the same is being done at this moment by another call; make this call again in a minute to see what came of it"}}, nil
	}
	found, err := w.Look(ctx, prior.begun().Note)
	if err != nil || found == nil {
		return &Receipt{Outcome: Unknown, Via: w.Preview.Via, Notes: []string{"the same was begun within the last ten minutes and it is not known whether it happened; it was looked for and not seen; " + again}}, nil
	}
	if b, err := json.Marshal(found); err == nil {
		_ = g.Journal.Resolve(prior.ID, b) // what cannot be noted is looked for again
	}
	found.Outcome = Repeated
	found.Notes = append(found.Notes, "the same was begun within the last ten minutes, was looked for and found; "+again)
	return found, nil
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// CaseRef names a case by one of its two numbers.
type CaseRef struct{ ID, Number int64 }

// caseToWrite finds the case that is to change. People mix up ids and numbers, so both readings are tried at once, and
// where both exist nothing is changed.
func (d *Desk) caseToWrite(ctx context.Context, ref CaseRef, keys []string) (*wisecx.Case, error) {
	n := ref.ID + ref.Number
	var byID, byNumber *wisecx.Case
	var idErr, numberErr error
	both := scan.NewAhead(ctx, 0, 2, 2, func(ctx context.Context, i int) (*wisecx.Case, error) {
		if i == 0 {
			return d.caseByID(ctx, n, keys)
		}
		return d.caseByNumber(ctx, n, keys)
	})
	defer both.Stop()
	byID, idErr = both.Take()
	byNumber, numberErr = both.Take()
	for _, err := range []error{idErr, numberErr} {
		if err != nil && !errors.Is(err, wisecx.ErrNotFound) && !errors.Is(err, wisecx.ErrBadRequest) {
			return nil, err
		}
	}
	switch {
	case byID != nil && byNumber != nil && byID.ID != byNumber.ID:
		return nil, &Refusal{Argument: argumentOf(ref), Problem: fmt.Sprintf("%d is the id of one case and the number of another", n),
			Expected:   "the id of the one that is meant, as case_id, or the number of the other, as case_number: each of them in its other spelling",
			Candidates: []string{fmt.Sprintf("case_number %d: %s", byID.Number, clip(text.Line(string(byID.Subject)), 60)), fmt.Sprintf("case_id %d: %s", byNumber.ID, clip(text.Line(string(byNumber.Subject)), 60))}}
	case byID != nil && (ref.ID != 0 || byNumber == nil):
		d.nameTags(ctx, byID)
		return byID, nil
	case byNumber != nil:
		d.nameTags(ctx, byNumber)
		return byNumber, nil
	}
	return nil, &NotFound{What: fmt.Sprintf("no case has %d as its number (looked for among the last three months) or as its id", n), Next: "check the number; search_cases finds cases"}
}

func argumentOf(ref CaseRef) string {
	if ref.ID != 0 {
		return "case_id"
	}
	return "case_number"
}

// Gates are what the person allows writes to touch; empty lists allow all.
type Gates struct {
	Queues, Channels      []string
	Outbound, Destructive bool // whether the risks beyond write are allowed
}

// mayWriteIn refuses a queue that writes must leave alone.
func (d *Desk) mayWriteIn(ctx context.Context, queue int64) error {
	if len(d.gates.Queues) == 0 {
		return nil
	}
	f, err := d.named(ctx, "WISECX_WRITE_QUEUES", caseField("queue"), wisecx.In, d.gates.Queues)
	if err != nil {
		return err
	}
	if slices.Contains(f.Values, any(queue)) {
		return nil
	}
	list, _ := d.directory.names(ctx, "queue")
	return &Forbidden{fmt.Sprintf("writes are restricted to the queues %s, and this is about %s", strings.Join(f.shown, ", "), list.name(queue)), "WISECX_WRITE_QUEUES"}
}

// mayReplyBy refuses a channel that replies must not go by.
func (d *Desk) mayReplyBy(ctx context.Context, c *wisecx.Case) error {
	if len(d.gates.Channels) == 0 {
		return nil
	}
	f, err := d.named(ctx, "WISECX_REPLY_CHANNELS", caseField("channel"), wisecx.In, d.gates.Channels)
	if err != nil {
		return err
	}
	if f.matches((*caseRecord)(c)) {
		return nil
	}
	return &Forbidden{fmt.Sprintf("replies are restricted to the channels %s, and this case is by %s", strings.Join(f.shown, ", "), c.Channel), "WISECX_REPLY_CHANNELS"}
}

// Forbidden is a write that the person's settings do not allow.
type Forbidden struct{ What, Setting string }

func (e *Forbidden) Error() string {
	return e.What + "; only the person who runs this server can change that, in the setting " + e.Setting
}

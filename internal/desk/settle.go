package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"wisecx-mcp/wisecx"
)

// What came of a write is told by reading, and reads may trail behind writes, so that a value which is as it was proves
// nothing by itself. The rule, for cases, contacts and their groups alike:
//
//   - done: a read shows what was wanted;
//   - not done: its request was not sent or certainly refused; or a read shows another value than before and than was
//     wanted; or it shows the value as it was beside something that came with the same request or with a later one. Where
//     one request alone was sent, a last update that is not older than its sending shows that it arrived;
//   - unseen: all else. What the API accepted is looked for longer, and an undo covers it.
type verdict int

const (
	unseen verdict = iota
	seen
	notDone
)

// sight is what a read shows of one change.
type sight struct {
	request int  // which carried it
	holds   bool // as it was wanted
	same    bool // as it was before
}

// judge applies the rule. touched tells that what was read was updated since the requests began to be sent.
func (s sending) judge(sights []sight, touched bool) []verdict {
	arrived := -1 // the latest request of which something shows
	if touched && s.alone {
		arrived = 0
	}
	for _, one := range sights {
		if !one.same && one.request <= s.taken {
			arrived = max(arrived, one.request)
		}
	}
	verdicts := make([]verdict, len(sights))
	for i, one := range sights {
		switch {
		case one.holds:
			verdicts[i] = seen
		case !s.may(one.request) || !one.same || one.request <= arrived:
			verdicts[i] = notDone
		}
	}
	return verdicts
}

// may tells whether the API may have done a request: it took it, or its answer was lost.
func (s sending) may(request int) bool {
	return request < s.taken || request == s.taken && s.err != nil && wisecx.MayHaveHappened(s.err)
}

// touched tells whether something was updated since the requests began to be sent. The API's times are whole seconds.
func (s sending) touched(before, now wisecx.Time) bool {
	return !now.Equal(before.Time) && !now.Before(s.at.Truncate(time.Second))
}

// Pauses between looks at what a write changed: soon at first, since it may take a moment to show; and, for what the API
// accepted and nothing tells of, about ten seconds in all.
var (
	readBackPauses = []time.Duration{0, 300 * time.Millisecond, time.Second, 2 * time.Second}
	longerPauses   = []time.Duration{2 * time.Second, 2500 * time.Millisecond, 3 * time.Second}
)

const (
	mostRests   = 3               // of the API that looks wait for
	answerTakes = 2 * time.Second // that a call keeps for its answer
)

// look reads until enough is seen. longer tells that the first pauses are over. Where reads are refused for a while, since
// the API failed too often, it waits for the end of that.
func look(ctx context.Context, read func() error, enough func(longer bool) bool) (err error) {
	rests := 0
	for n, pause := range slices.Concat(readBackPauses, longerPauses) {
		if longer := n >= len(readBackPauses); longer && !hasTime(ctx, pause) {
			return err
		}
		if ended := wait(ctx, pause); ended != nil {
			return cmp.Or(err, ended)
		}
		for err = read(); rests < mostRests; rests++ {
			rest := restAfter(err)
			if rest == 0 || !hasTime(ctx, rest) || wait(ctx, rest) != nil {
				break
			}
			err = read()
		}
		if enough(n >= len(readBackPauses)-1) {
			return err
		}
	}
	return err
}

func hasTime(ctx context.Context, pause time.Duration) bool {
	until, bounded := ctx.Deadline()
	return !bounded || time.Until(until) > pause+answerTakes
}

// restAfter is how long the API is not asked after an error; 0 where that was not said.
func restAfter(err error) time.Duration {
	var refused *wisecx.Error
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// wait waits, unless the call ends first.
func wait(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// judged sorts changes by what came of each.
func judged[C any](changes []C, verdicts []verdict) (held, missed, open []C) {
	for i, ch := range changes {
		switch verdicts[i] {
		case seen:
			held = append(held, ch)
		case notDone:
			missed = append(missed, ch)
		default:
			open = append(open, ch)
		}
	}
	return held, missed, open
}

package desk

import (
	"context"
	"time"
)

// Progress tells a waiting client how far a scan is: done of total, 0 where the total is not known.
type Progress func(done, total int, words string)

type progressKey struct{}

// WithProgress has the scans of a call tell how far they are. tell is called by one goroutine at a time.
func WithProgress(ctx context.Context, tell Progress) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// tellEvery is how often a scan tells of itself: seldom, since clients drop what comes too fast.
const tellEvery = 500 * time.Millisecond

// teller tells of one scan.
type teller struct {
	tell Progress
	last time.Time
}

func tellerOf(ctx context.Context) *teller {
	tell, _ := ctx.Value(progressKey{}).(Progress)
	return &teller{tell: tell, last: time.Now()}
}

func (t *teller) say(done, total int, words string) {
	if t.tell == nil || time.Since(t.last) < tellEvery {
		return
	}
	t.last = time.Now()
	t.tell(done, total, words)
}

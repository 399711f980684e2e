package scan

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

// Teller tells of one scan.
type Teller struct {
	tell Progress
	last time.Time
}

// TellerOf gives what tells of a scan that begins now, to whom the context names.
func TellerOf(ctx context.Context) *Teller {
	tell, _ := ctx.Value(progressKey{}).(Progress)
	return &Teller{tell: tell, last: time.Now()}
}

// Say tells how far it is, if it is time to.
func (t *Teller) Say(done, total int, words string) {
	if t.tell == nil || time.Since(t.last) < tellEvery {
		return
	}
	t.last = time.Now()
	t.tell(done, total, words)
}

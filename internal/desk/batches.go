package desk

import (
	"sync"
	"time"
)

const (
	batchLife  = 10 * time.Minute
	batchCount = 4
)

// batches keeps the last few batches, so that the next page of one needs no thread a second time. A page whose batch is
// gone is read anew.
type batches struct {
	mu   sync.Mutex
	kept []keptBatch // the oldest first
}

type keptBatch struct {
	key   string
	until time.Time
	*batch
}

func (b *batches) get(key string, now time.Time) *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range b.kept {
		if k.key == key && now.Before(k.until) {
			return k.batch
		}
	}
	return nil
}

func (b *batches) put(key string, one *batch, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, keptBatch{key, now.Add(batchLife), one})
	if len(b.kept) > batchCount {
		b.kept = append([]keptBatch(nil), b.kept[1:]...)
	}
}

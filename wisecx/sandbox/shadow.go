package sandbox

import (
	"slices"
	"time"
)

// shadow is what GETs still show of an object until some moment. before is nil for what was not there yet.
type shadow[T any] struct {
	until  time.Time
	id     int64
	before *T
}

// shadows are in the order of the writes that cast them.
type shadows[T any] []shadow[T]

// cast hides a write until then, and drops the shadows that are over.
func (s *shadows[T]) cast(now, until time.Time, id int64, before *T) {
	if !until.After(now) {
		return
	}
	*s = slices.DeleteFunc(*s, func(x shadow[T]) bool { return !x.until.After(now) })
	*s = append(*s, shadow[T]{until, id, before})
}

// at are the shadows that lie at a moment: of several writes to one object the first that is still hidden counts.
func (s shadows[T]) at(now time.Time) map[int64]*T {
	var found map[int64]*T
	for _, x := range s {
		if _, has := found[x.id]; has || !x.until.After(now) {
			continue
		}
		if found == nil {
			found = map[int64]*T{}
		}
		found[x.id] = x.before
	}
	return found
}

// one is an object as GETs show it.
func (s shadows[T]) one(now time.Time, id int64, present *T) *T {
	if before, has := s.at(now)[id]; has {
		return before
	}
	return present
}

// all are all objects as GETs show them.
func (s shadows[T]) all(now time.Time, present []*T, identity func(*T) int64) []*T {
	over := s.at(now)
	if over == nil {
		return present
	}
	rows := make([]*T, 0, len(present)+len(over))
	for _, row := range present {
		if _, has := over[identity(row)]; !has {
			rows = append(rows, row)
		}
	}
	for _, before := range over {
		if before != nil {
			rows = append(rows, before)
		}
	}
	return rows
}

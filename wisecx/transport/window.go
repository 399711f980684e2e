package transport

import "time"

// window counts requests over the time just past, in a ring of buckets within a store's numbers. It
// errs to the safe side: a bucket counts until the youngest request that can be in it is too old.
type window struct {
	at     int   // where it starts among the numbers: newest bucket's index, total, then the ring
	width  int64 // of a bucket, in ns
	length int   // of the ring
}

const windowHead = 2

func newWindow(at int, span, width time.Duration) window {
	return window{at: at, width: int64(width), length: int(span/width) + 1}
}

// end is where the next thing may start among the numbers.
func (w window) end() int { return w.at + windowHead + w.length }

func (w window) total(numbers []int64) int64 { return numbers[w.at+1] }

func (w window) bucket(numbers []int64, index int64) *int64 {
	return &numbers[w.at+windowHead+int(index%int64(w.length))]
}

// forget empties the buckets that have become too old.
func (w window) forget(numbers []int64, now int64) {
	newest, index := &numbers[w.at], now/w.width
	for i := max(*newest+1, index-int64(w.length)+1); i <= index; i++ {
		bucket := w.bucket(numbers, i)
		numbers[w.at+1] -= *bucket
		*bucket = 0
	}
	*newest = max(*newest, index)
}

func (w window) add(numbers []int64) {
	*w.bucket(numbers, numbers[w.at])++
	numbers[w.at+1]++
}

// remove takes back the latest request.
func (w window) remove(numbers []int64) {
	newest := numbers[w.at]
	for i := newest; i > newest-int64(w.length) && i >= 0; i-- {
		if bucket := w.bucket(numbers, i); *bucket > 0 {
			*bucket--
			numbers[w.at+1]--
			return
		}
	}
}

// room says how long it takes until the request with so many others ahead of it is within the limit.
func (w window) room(numbers []int64, now, ahead, limit int64) int64 {
	excess := w.total(numbers) + ahead + 1 - limit
	if excess <= 0 {
		return 0
	}
	newest := numbers[w.at]
	for i := max(0, newest-int64(w.length)+1); i <= newest; i++ {
		if excess -= *w.bucket(numbers, i); excess <= 0 {
			return (i+int64(w.length))*w.width - now
		}
	}
	return int64(w.length) * w.width
}

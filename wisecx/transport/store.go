package transport

// Store keeps the limiter's numbers. One that several processes share makes them keep the account's
// limits together; the limiter has one of its own in memory.
//
// Do runs change alone, among all who share the store, on size numbers that are zero at first, and
// keeps what it makes of them. Times among the numbers are the wall clock's, so a store may outlive a process;
// a size other than before may start from zero. It must not block for longer than a request may wait.
// When it fails, change may have run or not, and is run again on this process's own numbers: the request is counted
// here alone and goes on, since the API still answers 429 in the worst case.
type Store interface {
	Do(size int, change func(numbers []int64)) error
}

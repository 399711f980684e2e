package app

import (
	"io"
	"sync"
)

// How many bytes may wait for a host that does not read, before calls wait with their results, and before
// the reading of its messages waits too. So a host may write all it has to ask first and read later, and
// what it cancels meanwhile is cancelled.
const (
	roomForCalls = 4 << 20
	roomForAll   = 8 << 20
)

// outbox holds the lines for stdout and writes them one after the other, each in one piece.
type outbox struct {
	mu      sync.Mutex
	changed sync.Cond
	lines   [][]byte
	size    int
	closed  bool
	err     error

	written chan struct{} // closed when all is written, or nothing more can be
}

func newOutbox(out io.Writer) *outbox {
	o := &outbox{written: make(chan struct{})}
	o.changed.L = &o.mu
	go o.write(out)
	return o
}

// put takes a line, without its end. It waits until less than this room is taken.
func (o *outbox) put(line []byte, room int) {
	line = append(line, '\n')
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.size >= room && !o.closed {
		o.changed.Wait()
	}
	if o.closed {
		return
	}
	o.lines, o.size = append(o.lines, line), o.size+len(line)
	o.changed.Broadcast()
}

// close takes no more lines. Those that there are will still be written.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.changed.Broadcast()
}

// failure is why nothing more can be written, if so.
func (o *outbox) failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

func (o *outbox) write(out io.Writer) {
	defer close(o.written)
	for {
		line := o.first()
		if line == nil {
			return
		}
		_, err := out.Write(line)
		o.mu.Lock()
		o.size -= len(line)
		if err != nil {
			o.err, o.closed = err, true
		}
		o.changed.Broadcast()
		o.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// first waits for a line and takes it out; nil means that there will be none.
func (o *outbox) first() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.lines) == 0 && !o.closed {
		o.changed.Wait()
	}
	if len(o.lines) == 0 {
		return nil
	}
	line := o.lines[0]
	o.lines[0] = nil
	if o.lines = o.lines[1:]; len(o.lines) == 0 {
		o.lines = nil
	}
	return line
}

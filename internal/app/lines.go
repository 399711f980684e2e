package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"sync"
)

// maxLine is how long a message may be, in bytes. Handling one costs about ten times its length (measured
// with mcp-go 1.2.1), and no honest one comes near.
const maxLine = 8 << 20

// tooLong is a line beyond the limit. What it is an answer to is known where the id stands before the line's bulk, as
// most clients write it, or behind it.
type tooLong struct{ id json.RawMessage }

func (*tooLong) Error() string { return "the line is too long" }

const (
	edge    = 4 << 10   // bytes of either end of a line that is too long in which an id is looked for
	mostEnd = 256 << 20 // bytes for which the end of such a line is waited for
)

var (
	idAhead = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*\{[^{}]*"id"\s*:\s*("(?:[^"\\]|\\.){0,200}"|-?\d{1,30})\s*,`)
	})
	ask    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*\{[^{}]*"method"\s*:\s*"`) })
	idLast = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[}\]],[^{}]*"id"\s*:\s*("(?:[^"\\]|\\.){0,200}"|-?\d{1,30})[^{}]*\}\s*$`)
	})
)

// lines reads a stream line by line and never holds more than one line up to the limit.
type lines struct {
	in       *bufio.Reader
	limit    int
	skipping bool   // the rest of a line that was too long is still to be read
	tail     []byte // of a line whose id may stand at its end; nil where nothing is looked for
	skipped  int
}

func newLines(in io.Reader, limit int) *lines {
	return &lines{in: bufio.NewReaderSize(in, 16<<10), limit: limit}
}

// next gives a line without its end. A last line without a newline counts. Of a line that is too long it gives tooLong
// as soon as it is known what it is an answer to, or that this will not be known, and goes on behind it: the end of
// such a line may never come.
func (l *lines) next() ([]byte, error) {
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		whole := err == nil
		if err == bufio.ErrBufferFull {
			err = nil
		}
		if whole {
			part = part[:len(part)-1]
		}
		switch {
		case l.skipping:
			l.skipping = !whole
			if fault := l.skip(part, whole || err != nil); fault != nil {
				return nil, fault
			}
			if err != nil {
				return nil, err
			}
			continue
		case len(line)+len(part) > l.limit:
			l.skipping = !whole
			if fault := l.refuse(append(line, part...), whole); fault != nil {
				return nil, fault
			}
			line = nil
			continue
		}
		line = append(line, part...)
		switch {
		case whole, err == io.EOF && len(line) > 0:
			return line, nil
		case err != nil:
			return nil, err
		}
	}
}

// refuse looks for the id in what was read of a line that is too long. It gives nothing where the id may still come.
func (l *lines) refuse(line []byte, whole bool) *tooLong {
	head := line[:min(edge, len(line))]
	if found := idAhead().FindSubmatch(head); found != nil {
		return &tooLong{bytes.Clone(found[1])}
	}
	if !ask().Match(head) {
		return &tooLong{}
	}
	l.tail, l.skipped = bytes.Clone(line[max(0, len(line)-edge):]), 0
	if whole {
		return l.skip(nil, true)
	}
	return nil
}

// skip reads on in a line that is too long, and gives what is known at its end.
func (l *lines) skip(part []byte, ended bool) *tooLong {
	if l.tail == nil {
		return nil
	}
	l.tail = append(l.tail, part...)
	l.tail = l.tail[max(0, len(l.tail)-edge):]
	if l.skipped += len(part); !ended && l.skipped < mostEnd {
		return nil
	}
	var id json.RawMessage
	if found := idLast().FindSubmatch(l.tail); ended && found != nil {
		id = bytes.Clone(found[1])
	}
	l.tail = nil
	return &tooLong{id}
}

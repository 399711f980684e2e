package app

import (
	"bufio"
	"errors"
	"io"
)

// maxLine is how long a message may be, in bytes. Handling one costs about ten times its length (measured
// with mcp-go 1.2.1), and no honest one comes near.
const maxLine = 8 << 20

// errTooLong is a line beyond the limit.
var errTooLong = errors.New("the line is too long")

// lines reads a stream line by line and never holds more than one line up to the limit.
type lines struct {
	in       *bufio.Reader
	limit    int
	skipping bool // the rest of a line that was too long is still to be read
}

func newLines(in io.Reader, limit int) *lines {
	return &lines{in: bufio.NewReaderSize(in, 16<<10), limit: limit}
}

// next gives a line without its end. A last line without a newline counts. Of a line that is too long it
// gives errTooLong as soon as that is known, since its end may never come, and goes on behind it.
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
			if err != nil {
				return nil, err
			}
			continue
		case len(line)+len(part) > l.limit:
			l.skipping = !whole
			return nil, errTooLong
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

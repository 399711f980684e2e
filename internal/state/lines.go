package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

const (
	longest     = 512 << 10 // a document that a caller gives, in bytes
	longestLine = 2 << 20   // room for two of them
	firstWindow = 16 << 10  // what is read at once, at first: the latest lines are asked for most
	usualWindow = 256 << 10
)

// document checks what a caller gives to keep, and brings it onto one line.
func document(what string, raw json.RawMessage) (json.RawMessage, error) {
	if len(raw) > longest {
		return nil, fmt.Errorf("%s has %d bytes, and at most %d can be kept", what, len(raw), longest)
	}
	var text bytes.Buffer
	if err := json.Compact(&text, raw); err != nil {
		return nil, fmt.Errorf("%s is no JSON: %w", what, err)
	}
	return text.Bytes(), nil
}

// appendLine adds a line to the end of a file and to the disk. What a killed process left half written there
// stays a line of its own, which readers skip. After an error nothing was added. The caller has the lock.
func appendLine(root *os.Root, file *os.File, text []byte) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	last := []byte{'\n'}
	if size == 0 {
		defer syncNames(root)
	} else if _, err := file.ReadAt(last, size-1); err != nil {
		return err
	}
	data := make([]byte, 0, len(text)+2)
	if last[0] != '\n' {
		data = append(data, '\n')
	}
	data = append(append(data, text...), '\n')
	if _, err = file.WriteAt(data, size); err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(size))
	}
	return nil
}

// line is a line without its end, and where it begins in its file. Its text counts until the next step.
type line struct {
	start int64
	text  []byte
}

// backward gives the lines of a file, the last first. Of a line that is too long it gives a piece at most. An
// error is the last step.
func backward(file *os.File) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		end, err := file.Seek(0, io.SeekEnd)
		var buffer []byte
		var starts []int
		for size := firstWindow; err == nil && end > 0; {
			start := max(0, end-int64(size))
			if len(buffer) < size {
				buffer = make([]byte, size)
			}
			window := buffer[:end-start]
			if _, err = file.ReadAt(window, start); err != nil {
				break
			}
			first := bytes.IndexByte(window, '\n') + 1 // what is before it may begin earlier
			if start == 0 {
				first = 0
			} else if first == 0 || first == len(window) {
				if size < longestLine {
					size *= 2
				} else {
					end = start
				}
				continue
			}
			starts = starts[:0]
			for at, length := first, 1; length > 0 && at < len(window); at += length {
				starts = append(starts, at)
				length = bytes.IndexByte(window[at:], '\n') + 1
			}
			for _, at := range slices.Backward(starts) {
				text := bytes.TrimSuffix(window[at:], []byte("\n"))
				if len(text) > 0 && !yield(line{start + int64(at), text}, nil) {
					return
				}
				window = window[:at]
			}
			end = start + int64(first)
			if size < usualWindow {
				size *= 2
			}
		}
		if err != nil {
			yield(line{}, err)
		}
	}
}

// forward gives the lines of a file, the first first. It holds them all in memory.
func forward(file *os.File) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		var lines []line
		for one, err := range backward(file) {
			if err != nil {
				yield(one, err)
				return
			}
			lines = append(lines, line{one.start, bytes.Clone(one.text)})
		}
		for _, one := range slices.Backward(lines) {
			if !yield(one, nil) {
				return
			}
		}
	}
}

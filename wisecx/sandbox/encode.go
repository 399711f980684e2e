package sandbox

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// timeLayout is how the API writes a point in time, without a zone; it is UTC [I from W].
const timeLayout = "2006-01-02 15:04:05"

// encoder appends JSON. Loose makes it as untidy as the [I] marks of the reference allow.
type encoder struct {
	out   []byte
	loose bool
	first bool // the next member of the open object is its first
}

func (e *encoder) raw(text string) { e.out = append(e.out, text...) }

func (e *encoder) open() { e.out = append(e.out, '{'); e.first = true }

func (e *encoder) close() { e.out = append(e.out, '}'); e.first = false }

// name starts a member. Names are ours and need no escaping.
func (e *encoder) name(name string) {
	if !e.first {
		e.out = append(e.out, ',')
	}
	e.first = false
	e.out = append(e.out, '"')
	e.out = append(e.out, name...)
	e.out = append(e.out, '"', ':')
}

func (e *encoder) null() {
	if e.loose {
		e.raw(`""`)
		return
	}
	e.raw("null")
}

// number writes n, and null for 0: no id and no number of the API is 0.
func (e *encoder) number(n int64) {
	if n == 0 {
		e.null()
		return
	}
	e.integer(n)
}

func (e *encoder) integer(n int64) {
	if e.loose {
		e.out = append(e.out, '"')
		e.out = strconv.AppendInt(e.out, n, 10)
		e.out = append(e.out, '"')
		return
	}
	e.out = strconv.AppendInt(e.out, n, 10)
}

func (e *encoder) truth(yes bool) {
	switch {
	case e.loose && yes:
		e.raw("1")
	case e.loose:
		e.raw("0")
	default:
		e.out = strconv.AppendBool(e.out, yes)
	}
}

func (e *encoder) date(at time.Time) {
	if at.IsZero() {
		e.null()
		return
	}
	e.out = append(e.out, '"')
	e.out = at.UTC().AppendFormat(e.out, timeLayout)
	e.out = append(e.out, '"')
}

// text writes null for nothing.
func (e *encoder) text(text string) {
	if text == "" {
		e.null()
		return
	}
	e.quote(text)
}

// texts writes a list of names, loosely as one text with commas.
func (e *encoder) texts(list []string) {
	if e.loose {
		joined := ""
		for i, item := range list {
			if i > 0 {
				joined += ","
			}
			joined += item
		}
		e.quote(joined)
		return
	}
	e.out = append(e.out, '[')
	for i, item := range list {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.quote(item)
	}
	e.out = append(e.out, ']')
}

func (e *encoder) numbers(list []int64) {
	quote, start, end := "", "[", "]"
	if e.loose {
		quote, start, end = `"`, "", ""
	}
	e.raw(quote + start)
	for i, item := range list {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.out = strconv.AppendInt(e.out, item, 10)
	}
	e.raw(end + quote)
}

// each writes a list of objects; put writes the members of one.
func each[T any](e *encoder, list []T, put func(*encoder, *T)) {
	e.out = append(e.out, '[')
	for i := range list {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.open()
		put(e, &list[i])
		e.close()
	}
	e.out = append(e.out, ']')
}

const hexadecimal = "0123456789abcdef"

// quote writes a JSON string. encoding/json would do, but costs an allocation and a reflection for every field.
func (e *encoder) quote(text string) {
	out := append(e.out, '"')
	from := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				out = append(append(out, text[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		out = append(out, text[from:i]...)
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, '\\', 'n')
		case '\t':
			out = append(out, '\\', 't')
		case '\r':
			out = append(out, '\\', 'r')
		default:
			out = append(out, '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&15])
		}
		i++
		from = i
	}
	e.out = append(append(out, text[from:]...), '"')
}

// Package text prepares the words of strangers (messages, subjects, names) for a reader that pays for every token
// and that may take what it reads for an instruction: it cleans, folds, masks and cuts them. It knows nothing of
// Wise CX, and nothing here costs anything before it is used.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line makes s one line that is safe to show: invalid UTF-8 replaced, control, invisible and bidirectional
// characters out, every run of blanks and line ends one blank, trimmed. Letters of all scripts and emoji stay. A
// string that is clean already comes back as it is, without an allocation.
func Line(s string) string {
	if isPlainLine(s) {
		return s
	}
	return clean(s, false)
}

// Clean does the same for a text of several lines: line ends stay, with at most one empty line in a row.
func Clean(s string) string {
	if isPlainLine(s) {
		return s
	}
	return clean(s, true)
}

// isPlainLine tells whether s is ASCII and Latin letters with single blanks only: most subjects and names are.
func isPlainLine(s string) bool {
	blank := true // what stands before the first character counts as a blank
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == ' ':
			if blank {
				return false
			}
			blank = true
			continue
		case c > ' ' && c < 0x7f:
		case c == 0xc2 || c == 0xc3:
			if i+1 == len(s) || !isPlainLatin(c, s[i+1]) {
				return false
			}
			i++
		default:
			return false
		}
		blank = false
	}
	return !blank || s == ""
}

// isPlainLatin tells whether the two bytes are one of U+00A1 to U+00FF, without the soft hyphen.
func isPlainLatin(lead, next byte) bool {
	if lead == 0xc2 {
		return next > 0xa0 && next <= 0xbf && next != 0xad
	}
	return next >= 0x80 && next <= 0xbf
}

// maxMarks is how many combining marks may stand on one letter. Vietnamese, Hebrew and Tibetan need up to four;
// hundreds of them are a way to cover the lines around.
const maxMarks = 4

// cleaner writes the kept runes of one text.
type cleaner struct {
	out      strings.Builder
	lines    bool // keep line ends
	blank    bool // a blank waits to be written before the next character
	newlines int  // line ends that wait to be written
	last     rune // the last rune written
	marks    int  // combining marks since the last letter
}

func clean(s string, lines bool) string {
	c := cleaner{lines: lines}
	c.out.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			// A whole run of invalid bytes is one replacement character: the text must not grow.
			if c.last != utf8.RuneError || c.blank || c.newlines > 0 {
				c.write(utf8.RuneError)
			}
			i++
			continue
		}
		i += size
		c.take(r, s[i:])
	}
	return c.out.String()
}

// take decides about one rune; rest is the text after it.
func (c *cleaner) take(r rune, rest string) {
	switch {
	case r > ' ' && r < 0x7f:
		c.write(r)
	case r == '\n' || r == 0x85 || r == 0x2028 || r == 0x2029 || r == '\v' || r == '\f':
		c.newlines++
	case r == '\r':
		if !strings.HasPrefix(rest, "\n") {
			c.newlines++
		}
	case r == 0x2800 || unicode.IsSpace(r): // the braille blank looks like a space and is none
		c.blank = true
	case r == zeroWidthJoiner:
		if isEmojiPart(c.last) && !c.blank && c.newlines == 0 && startsWithEmoji(rest) {
			c.write(r)
		}
	case r == emojiVariation:
		if !c.blank && c.newlines == 0 && (isPictograph(c.last) || strings.HasPrefix(rest, "\u20e3") && isKeycapBase(c.last)) {
			c.write(r)
		}
	case isInvisible(r):
	case unicode.In(r, unicode.Mn, unicode.Me):
		if c.marks++; c.marks <= maxMarks {
			c.writeMark(r)
		}
	default:
		c.write(r)
	}
}

func (c *cleaner) write(r rune) {
	c.writeGap()
	c.out.WriteRune(r)
	c.last, c.marks = r, 0
}

func (c *cleaner) writeMark(r rune) {
	c.writeGap()
	c.out.WriteRune(r)
	c.last = r
}

// writeGap writes the blank or the line ends that wait. Before the first character nothing is written, and what
// waits at the end never is: that trims the text.
func (c *cleaner) writeGap() {
	if !c.blank && c.newlines == 0 {
		return
	}
	if c.out.Len() > 0 {
		switch {
		case c.newlines == 0 || !c.lines:
			c.out.WriteByte(' ')
		case c.newlines == 1:
			c.out.WriteByte('\n')
		default:
			c.out.WriteString("\n\n")
		}
	}
	c.blank, c.newlines = false, 0
}

const (
	zeroWidthJoiner = '\u200d'
	emojiVariation  = '\ufe0f'
)

// isInvisible tells whether r shows nothing, or changes how others show, and so can hide words from a person that
// a model reads: controls, formats, bidirectional marks, fillers, variation selectors, tags, private use. The
// joiners of Persian and Indic scripts are among them: their words stay readable without.
func isInvisible(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad:
		return true
	case r < 0x34f:
		return false
	case r == 0x34f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xffa0:
		return true
	case r >= 0x180b && r <= 0x180f, r >= 0xfe00 && r <= 0xfe0f, r >= 0xfff0 && r <= 0xfffb:
		return true
	case r >= 0xe0000 && r <= 0xe0fff, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef, r == 0x2065:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Co)
}

// isPictograph tells whether r is an emoji's base, by the blocks that hold them.
func isPictograph(r rune) bool {
	switch {
	case r < 0x2000:
		return r == 0xa9 || r == 0xae
	case r < 0x3000:
		return r == 0x203c || r == 0x2049 || r == 0x2122 || r == 0x2139 ||
			r >= 0x2194 && r <= 0x21aa || r >= 0x231a && r <= 0x23ff || r == 0x24c2 ||
			r >= 0x25aa && r <= 0x25fe || r >= 0x2600 && r <= 0x27bf ||
			r >= 0x2934 && r <= 0x2935 || r >= 0x2b00 && r <= 0x2bff
	}
	return r == 0x3030 || r == 0x303d || r == 0x3297 || r == 0x3299 || r >= 0x1f000 && r <= 0x1faff
}

// isEmojiPart tells whether an emoji may go on after r with a joiner.
func isEmojiPart(r rune) bool { return isPictograph(r) || r == emojiVariation }

func isKeycapBase(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }

func startsWithEmoji(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isPictograph(r)
}

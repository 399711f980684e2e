package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes names comparable: lower case, accents off (ñ becomes n, ç becomes c), blanks collapsed, trimmed,
// invisible characters out. "  Soporte TÉCNICO " and "soporte tecnico" fold to the same.
func Fold(s string) string {
	s = Line(s)
	if isFolded(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf:
			out.WriteByte(lowerASCII(byte(r)))
		case r >= 0xc0 && r <= 0xff:
			out.WriteString(latinFold[r-0xc0])
		default:
			// Past Latin-1 the tables of Unicode have the answer, for the whole rest at once.
			foldUnicode(&out, s[i:])
			return Line(out.String()) // signs such as a cedilla alone leave a blank
		}
	}
	return out.String()
}

func isFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return true
}

func lowerASCII(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// latinFold is what U+00C0 to U+00FF fold to. The signs for times and divided stay.
var latinFold = [64]string{
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "×", "o", "u", "u", "u", "u", "y", "th", "ss",
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "÷", "o", "u", "u", "u", "u", "y", "th", "y",
}

func foldUnicode(out *strings.Builder, s string) {
	if !norm.NFKD.IsNormalString(s) {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ł':
			out.WriteByte('l')
		case r == 'ı':
			out.WriteByte('i')
		case r == 'đ':
			out.WriteByte('d')
		case r == 'œ':
			out.WriteString("oe")
		case r >= 0xc0 && r <= 0xff:
			out.WriteString(latinFold[r-0xc0])
		default:
			out.WriteRune(r)
		}
	}
}

package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cut takes as much of the start of s as fits into maxBytes, and tells how many characters are left. It cuts at a
// line's end or between words where one is near, else between characters, and never inside a character, an accent
// or an emoji put together. head is a prefix of s, so s[len(head):] is what comes next; when not even one character
// fits, head is empty.
func Cut(s string, maxBytes int) (head string, left int) {
	limit := max(maxBytes, 0)
	if len(s) <= limit {
		return s, 0
	}
	end := cutPoint(s, limit)
	return s[:end], utf8.RuneCountInString(s[end:])
}

// cutPoint finds where to cut s, which is longer than limit.
func cutPoint(s string, limit int) int {
	if s[limit] == '\n' {
		return limit
	}
	// A line's end may cost a quarter of the room, a blank a half: a short text is better than a torn one, a very
	// short one is not.
	if i := strings.LastIndexByte(s[:limit], '\n'); i >= limit-limit/4 {
		return i
	}
	if s[limit] == ' ' {
		return limit
	}
	if i := strings.LastIndexByte(s[:limit], ' '); i > 0 && i >= limit/2 {
		return i
	}
	return characterStart(s, limit)
}

// characterStart moves at back to where a character as a person sees it starts.
func characterStart(s string, at int) int {
	start := runeStart(s, at)
	// 32 runes are more than any real cluster has; without a bound a text of marks alone would give nothing.
	for i, clusterStart := 0, start; i < 32 && clusterStart > 0; i++ {
		r, _ := utf8.DecodeRuneInString(s[clusterStart:])
		before, size := utf8.DecodeLastRuneInString(s[:clusterStart])
		if !joins(before, r) {
			return clusterStart
		}
		clusterStart -= size
	}
	return start
}

// joins tells whether r belongs to the character that before ends.
func joins(before, r rune) bool {
	return before == zeroWidthJoiner || r == zeroWidthJoiner || unicode.In(r, unicode.M) ||
		r >= 0x1f3fb && r <= 0x1f3ff || r >= 0x1f1e6 && r <= 0x1f1ff && before >= 0x1f1e6 && before <= 0x1f1ff
}

func runeStart(s string, at int) int {
	for i := at; i > 0 && i > at-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return i
		}
	}
	if at < utf8.UTFMax && at > 0 && !utf8.RuneStart(s[at]) {
		return 0
	}
	return at
}

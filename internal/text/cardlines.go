package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCardLine is how long a line of a card is, in bytes and without addresses behind links.
const maxCardLine = 130

// isCardLine tells whether a line may stand on a card: it is short, no sentence and no question, and nobody speaks of
// himself in it.
func isCardLine(l line) bool {
	if isFineLine(l) {
		return true
	}
	s := withoutAddresses(withoutImages(l.text))
	if len(s) > maxCardLine || strings.ContainsAny(s, "?¿!¡;") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, ",") || greets(s) {
		return false
	}
	if strings.HasSuffix(s, ".") && strings.Count(s, " ") > 3 && !endsWithAbbreviation(s) {
		return false
	}
	return (!startsLower(s) || evidenceIn(s) != 0) && count(" "+Fold(s)+" ", personalWords) == 0
}

// isFineLine tells whether a line in fine print may stand on a card, a motto for one.
func isFineLine(l line) bool {
	return l.hues&finePrint != 0 && len(l.text) <= maxCardLine && !strings.ContainsAny(l.text, "?¿")
}

// endsWithAbbreviation tells whether the last word of a line has a full stop of its own: S.A., Inc., Gto.
func endsWithAbbreviation(s string) bool {
	last := s[strings.LastIndexByte(s, ' ')+1:]
	return len(last) <= 5 || strings.Count(last, ".") > 1
}

// isAboutCase tells whether a line names a document of the person, their order, or money, with its number, or is one
// of a form, where something else than how to reach them stands behind a colon: their word.
func isAboutCase(s string) bool {
	if strings.ContainsAny(s, "$€%") {
		return true
	}
	s = withoutImages(s)
	label, value, found := strings.Cut(s, ": ")
	if found && strings.Count(label, " ") < 3 && (isForm(label) || !isReach(s) && evidenceIn(value)&(reach|place) == 0) {
		return true
	}
	if !strings.ContainsAny(s, "0123456789") {
		return false
	}
	before, quarter := "", false // "Col. Modelo" is a quarter, unless a number follows
	for word := range eachField(s) {
		isCase := caseWords(strings.ReplaceAll(word, ".", ""))
		if isCase && !(len(before) > 2 && streetWords(before)) || quarter && strings.ContainsAny(word, "0123456789") {
			return !strings.Contains(Fold(s), " prof") // the number of a profession
		}
		before, quarter = word, isCase
	}
	return false
}

// isForm tells whether a label is one that people fill in, rather than one of cards.
func isForm(label string) bool {
	for word := range eachField(label) {
		if caseWords(word) || formWords(word) {
			return true
		}
	}
	return false
}

// isClosing tells whether a line is how letters end, a name behind it included: nothing but such words, or a few
// words with one of those that only end letters.
func isClosing(s string) bool {
	if len(s) > 80 {
		return false
	}
	n, strange, strong := 0, 0, false
	for word := range strings.FieldsSeq(strings.Map(lettersOnly, s)) {
		folded := Fold(word)
		strong = strong || strongClosings(folded)
		switch {
		case n == 0 && !closingStarts(folded):
			return false
		case n > 0 && !closingStarts(folded) && !closingWords(folded) && !startsUpper(word):
			strange++
		}
		n++
	}
	return n > 0 && (strange == 0 || strong && n <= 6 && !strings.Contains(s, ":"))
}

func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	if unicode.IsDigit(r) {
		return '0' // which no closing has
	}
	return ' '
}

func startsLower(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(r)
}

func startsUpper(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// isName tells whether a line is up to five words with capitals, such as a person's or a company's name.
func isName(s string) bool {
	words := strings.Fields(s)
	for _, word := range words {
		if !startsUpper(word) && !nameParticles(word) {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 5 && !strings.ContainsAny(s, "0123456789:@|[")
}

// parts tells whether a line is drawn to part a signature from the text.
func parts(s string) bool { return isRule(s) || s == "--" || s == "—" }

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// startsWithName tells whether a line is a name of two words or more, alone or with a title behind a sign.
func startsWithName(s string) bool {
	s = strings.TrimLeft(withoutImages(s), "| ")
	if at := strings.IndexAny(s, "|,·•"); at > 0 {
		s = s[:at]
	}
	for _, sign := range [...]string{" - ", " – ", " ("} {
		s, _, _ = strings.Cut(s, sign)
	}
	return isName(s) && strings.Contains(strings.TrimSpace(s), " ")
}

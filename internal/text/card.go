package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cardStart finds the visiting card that ends at the place, and gives where it starts; end when there is none.
func cardStart(lines []line, end int) int {
	top, closed := cardTop(lines, end)
	switch {
	case top == end || !endsCard(lines[end-1]):
		return end
	case !closed:
		return namedCard(lines, top, end)
	}
	start, again := belowName(lines, top, end)
	first := nextText(lines, start, end)
	if parts(lines[start].text) {
		first = nextText(lines, start+1, end)
	}
	if first == end || !startsCard(lines[first].text) || offersData(lines, top) {
		return end
	}
	found, n := evidenceOn(lines[start:end])
	if n >= 2 && found&(reach|place) != 0 && found&work != 0 || again && found&reach != 0 || found != 0 && isFine(lines[start:end]) {
		return start
	}
	return end
}

// isFine tells whether lines, two or more, are all in fine print.
func isFine(lines []line) bool {
	n := 0
	for _, l := range lines {
		if !l.blank() {
			if n++; l.hues&finePrint == 0 {
				return false
			}
		}
	}
	return n >= 2
}

// isFineLine tells whether a line in fine print may stand on a card, a motto for one.
func isFineLine(l line) bool {
	return l.hues&finePrint != 0 && len(l.text) <= maxCardLine && !strings.ContainsAny(l.text, "?¿") && count(" "+Fold(l.text)+" ", personalWords) == 0
}

// cardTop goes up from the end over lines that may stand on a card, and tells whether a closing or a drawn line stands
// above them. A line about the person's case among them makes all of them the person's words.
func cardTop(lines []line, end int) (top int, closed bool) {
	count := 0
	for top = end; top > 0 && top > end-3*maxSignature; top-- {
		switch l := lines[top-1]; {
		case l.blank() && l.part == noPart:
			continue
		case l.folded || l.part != noPart || l.quote >= angled || count == maxSignature:
			return top, false
		case parts(l.text):
			return top - 1, true // the drawn line belongs to it
		case isClosing(l.text):
			return top, true
		case top > 1 && isClosing(lines[top-2].text) && strings.Count(l.text, " ") < 3 && !isAboutCase(l.text):
			return top - 1, true // a name, however it is written
		case !isCardLine(l.text) && !isFineLine(l):
			return top, false
		case isAboutCase(l.text):
			return end, false
		}
		count++
	}
	return top, false
}

// belowName gives the place behind the name that belongs to the closing: it follows at once, stands alone, or comes
// again below. A full name behind it, an empty line between, is the name again.
func belowName(lines []line, top, end int) (start int, again bool) {
	first := nextText(lines, top, end)
	second := nextText(lines, first+1, end)
	if first == end || second == end || parts(lines[first].text) || evidenceIn(lines[first].text) != 0 {
		return first, false
	}
	name, below := lines[first].text, lines[second].text
	switch {
	case second > first+1 && strings.Count(name, " ") < 3:
		return second, startsWithName(below)
	case isName(name) && Fold(firstWord(name)) == Fold(firstWord(below)):
		return second, true
	case first == top && strings.Count(name, " ") < 5:
		return second, false
	}
	return first, false
}

// namedCard finds a card without a closing: the paragraphs at the end from the one that starts with a name.
func namedCard(lines []line, top, end int) int {
	found := end
	for i := end - 1; i >= top; i-- {
		if lines[i].blank() || i > 0 && !lines[i-1].blank() && !lines[i-1].folded && i > top {
			continue
		}
		if i == top && top > 0 && !lines[top-1].blank() {
			break // in the middle of a paragraph
		}
		if startsWithName(lines[i].text) && isFullCard(lines[i:end]) {
			found = i
			break
		}
	}
	if above := ownAbove(lines, found); found < end && (firstOwn(lines) >= found || above >= 0 && leadsOn(lines[above].text) || offersData(lines, found)) {
		return end
	}
	return found
}

// offersData tells whether the person's own line above says that data come.
func offersData(lines []line, at int) bool {
	above := ownAbove(lines, at)
	for above >= 0 && (isClosing(lines[above].text) || isName(lines[above].text)) {
		above = ownAbove(lines, above)
	}
	if above < 0 {
		return false
	}
	folded := Fold(lines[above].text)
	return announces(lines[above].text) || near(folded, dataWords, offerWords)
}

func nextText(lines []line, from, end int) int {
	for from < end && lines[from].blank() {
		from++
	}
	return from
}

// isFullCard tells whether lines say how to reach somebody and what they do, in three parts or more, and nothing else.
func isFullCard(lines []line) bool {
	for _, l := range lines {
		if !l.blank() && !l.delimiter && (!isCardLine(l.text) || isAboutCase(l.text)) {
			return false
		}
	}
	found, n := evidenceOn(lines)
	return n >= 3 && found&reach != 0 && found&work != 0
}

// evidenceOn tells what lines have of a card, and in how many parts: lines, or what stands between "|".
func evidenceOn(lines []line) (found evidence, n int) {
	for _, l := range lines {
		for part := range strings.SplitSeq(l.text, "|") {
			if e := evidenceIn(part); e != 0 {
				found |= e
				n++
			}
		}
	}
	return found, n
}

// startsCard tells whether a card may start with the line, endsCard whether it may end with it.
func startsCard(s string) bool { return startsWithName(s) || evidenceIn(s) != 0 }

func endsCard(l line) bool {
	return evidenceIn(l.text) != 0 || isMotto(l.text) || isFineLine(l)
}

// isMotto tells whether a line stands in quotation marks.
func isMotto(s string) bool {
	return s != strings.TrimLeft(s, "\"“«") && s != strings.TrimRight(s, "\"”»")
}

// maxCardLine is how long a line of a card is, in bytes and without addresses behind links.
const maxCardLine = 130

// isCardLine tells whether a line may stand on a card: it is short, no sentence and no question, and nobody speaks of
// himself in it.
func isCardLine(s string) bool {
	s = withoutAddresses(withoutImages(s))
	if len(s) > maxCardLine || strings.ContainsAny(s, "?¿!¡;") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, ",") || greets(s) {
		return false
	}
	if strings.HasSuffix(s, ".") && strings.Count(s, " ") > 3 && !endsWithAbbreviation(s) {
		return false
	}
	return (!startsLower(s) || evidenceIn(s) != 0) && count(" "+Fold(s)+" ", personalWords) == 0
}

// endsWithAbbreviation tells whether the last word of a line has a full stop of its own: S.A., Inc., Gto.
func endsWithAbbreviation(s string) bool {
	last := s[strings.LastIndexByte(s, ' ')+1:]
	return len(last) <= 5 || strings.Count(last, ".") > 1
}

// isAboutCase tells whether a line names a document of the person, their order, or money, with its number: their word.
func isAboutCase(s string) bool {
	if strings.ContainsAny(s, "$€%") {
		return true
	}
	if !strings.ContainsAny(s, "0123456789:") {
		return false
	}
	for word := range strings.FieldsFuncSeq(Fold(s), func(r rune) bool { return r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if caseWords(strings.ReplaceAll(word, ".", "")) {
			return true
		}
	}
	return false
}

// isClosing tells whether a line is nothing but how letters end, a name behind it included.
func isClosing(s string) bool {
	if len(s) > 80 {
		return false
	}
	n := 0
	for word := range strings.FieldsSeq(strings.Map(lettersOnly, s)) {
		folded := Fold(word)
		switch {
		case n == 0 && !closingStarts(folded):
			return false
		case n > 0 && !closingStarts(folded) && !closingWords(folded) && !startsUpper(word):
			return false
		}
		n++
	}
	return n > 0
}

func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	if unicode.IsDigit(r) {
		return '0' // no closing has one
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
	s, _, _ = strings.Cut(s, " - ")
	s, _, _ = strings.Cut(s, " – ")
	return isName(s) && strings.Contains(strings.TrimSpace(s), " ")
}

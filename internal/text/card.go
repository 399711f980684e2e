package text

import "strings"

// cardStart finds the visiting card that ends at the place, and gives where it starts; end when there is none.
func (e *ending) cardStart(end int) int {
	top, closed := e.cardTop(end)
	switch {
	case top == end || !endsCard(e.lines[end-1]):
		return end
	case !closed:
		return e.namedCard(top, end)
	}
	start, again := e.belowName(top, end)
	first, ruled := nextText(e.lines, start, end), false
	if parts(e.lines[start].text) {
		first, ruled = nextText(e.lines, start+1, end), true
	}
	if first == end || !startsCard(e.lines[first].text) || offersData(e.lines, top) {
		return end
	}
	found, n := evidenceOn(e.lines[start:end])
	switch named := startsWithName(e.lines[first].text); {
	case n >= 2 && found&work != 0 && found&(reach|place) != 0,
		found&reach != 0 && again && named,
		found != 0 && (isFine(e.lines[start:end]) || ruled && named):
		return start
	}
	return end
}

// cardTop goes up from the end over lines that may stand on a card, and tells whether a closing or a drawn line stands
// above them. A line about the person's case among them makes all of them the person's words.
func (e *ending) cardTop(end int) (top int, closed bool) {
	count := 0
	for top = end; top > 0 && top > end-3*maxSignature; top-- {
		switch l := e.lines[top-1]; {
		case l.blank() && l.part == noPart:
			continue
		case l.folded || l.part != noPart || l.quote >= angled || count == maxSignature:
			return top, false
		case parts(l.text):
			return top - 1, true // the drawn line belongs to it
		case isClosing(l.text):
			return top, true
		case top > 1 && isClosing(e.lines[top-2].text) && strings.Count(l.text, " ") < 3 && !isAboutCase(l.text):
			return top - 1, true // a name, however it is written
		case !isCardLine(l):
			return top, false
		case isAboutCase(l.text):
			return end, false
		}
		count++
	}
	return top, false
}

// belowName gives the place behind the name, or names, that belong to the closing: it follows at once, stands alone, or
// comes again below. A full name behind it with the same letter, an empty line between, is the name again.
func (e *ending) belowName(top, end int) (start int, again bool) {
	first := nextText(e.lines, top, end)
	second := nextText(e.lines, first+1, end)
	if first == end || second == end || parts(e.lines[first].text) || evidenceIn(e.lines[first].text) != 0 {
		return first, false
	}
	name, below := e.lines[first].text, e.lines[second].text
	switch {
	case second > first+1 && strings.Count(name, " ") < 3:
		return second, startsWithName(below) && firstRunes(Fold(name), 1) == firstRunes(Fold(below), 1) // Toto is Tomás
	case isNameAgain(name, below):
		return second, true
	case first == top && strings.Count(name, " ") < 5:
		return e.belowMoreNames(second, end), false
	}
	return first, false
}

// belowMoreNames gives the place behind the names of others who sign too, each in a line of the closing's paragraph.
func (e *ending) belowMoreNames(from, end int) int {
	for at := from; at < end; at++ {
		switch s := e.lines[at].text; {
		case s == "":
			return nextText(e.lines, at, end)
		case !isName(s) || !strings.Contains(s, " ") || evidenceIn(s) != 0:
			return from
		}
	}
	return from
}

// namedCard finds a card without a closing: the last paragraph, which starts with the name of a person. It takes that
// fine print sets it apart, or that the name is the one that stands above or that the earlier mail was sent to. What
// the earlier mail asked for is an answer, and so is what a sentence leads on to.
func (e *ending) namedCard(top, end int) int {
	start := end
	for start > top && !e.lines[start-1].blank() && !e.lines[start-1].folded {
		start--
	}
	if start == end || start == top && top > 0 && !e.lines[top-1].blank() || e.firstOwn >= start || e.earlier.asked {
		return end
	}
	name := e.lines[start].text
	found, n := evidenceOn(e.lines[start:end])
	if !startsWithName(name) || evidenceIn(name)&work != 0 && !strings.Contains(name, "|") || n < 2 || found&(reach|place) == 0 || found&work == 0 {
		return end
	}
	above := ownAbove(e.lines, start)
	again := above >= 0 && isNameAgain(e.lines[above].text, name)
	ledOn := above >= 0 && leadsOn(e.lines[above].text)
	brings := above >= 0 && count(Fold(e.lines[above].text), bringWords) > 0
	if found&reach == 0 && (ledOn || brings || !e.earlier.sentToAll(name)) {
		return end // a place alone is where something is brought
	}
	if !offersData(e.lines, start) && (e.earlier.sentTo(name) || !ledOn && (again || isFine(e.lines[start:end]))) {
		return start
	}
	return end
}

// isNameAgain tells whether a line is a name whose first word another one starts with too.
func isNameAgain(name, below string) bool {
	return isName(name) && Fold(firstWord(name)) == Fold(firstWord(strings.TrimLeft(withoutImages(below), "| ")))
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
		if !l.blank() && !l.delimiter && (!isCardLine(l) || isAboutCase(l.text)) {
			return false
		}
	}
	found, n := evidenceOn(lines)
	return n >= 3 && found&reach != 0 && found&work != 0
}

// evidenceOn tells what lines have of a card, and in how many parts: lines, or what stands between signs. What stands
// right below a full name and looks like one is a title or a company, whatever it says.
func evidenceOn(lines []line) (found evidence, n int) {
	named := false
	for _, l := range lines {
		for part := range strings.SplitSeq(partSigns.Replace(l.text), "|") {
			part = strings.TrimSpace(part)
			e := evidenceIn(part)
			if e == 0 && named && isName(part) {
				e = work
			}
			if named = startsWithName(part) && e&(reach|place) == 0; e != 0 {
				found |= e
				n++
			}
		}
	}
	return found, n
}

var partSigns = strings.NewReplacer(" - ", "|", " – ", "|", " — ", "|", "•", "|", "·", "|", " / ", "|")

// startsCard tells whether a card may start with the line, endsCard whether it may end with it.
func startsCard(s string) bool { return startsWithName(s) || evidenceIn(s) != 0 }

func endsCard(l line) bool {
	found, _ := evidenceOn([]line{l})
	return found != 0 || isMotto(l.text) || isFineLine(l)
}

// isMotto tells whether a line stands in quotation marks.
func isMotto(s string) bool {
	return s != strings.TrimLeft(s, "\"“«") && s != strings.TrimRight(s, "\"”»")
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

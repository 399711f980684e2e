package text

// How a message is folded.
//
// A mail is taken to be stretches of the person's own words with earlier mails below or between them, and each stretch
// to end with what a program or a habit adds: a closing, a visiting card, a phone's line, a legal notice. Whatever is
// not plainly one of these is shown: too many lines cost tokens, a lost word costs a customer.
//
//  1. Earlier mails (history.go). Lines that are marked as quotes end where the marks end. A header (From, Sent, To,
//     Subject; headers.go) or "X wrote:" with an address and a year, without marks below, goes on to the end. They stay
//     when nothing of the person's own stands above, but for an empty answer; when the words above say that answers
//     stand below, or that a mail is passed on (hints.go), where a color named for the answers parts them from the
//     rest; and below the mark of a forwarded message. Lines after ">" without a sentence that announces a quote are
//     somebody's mail only as paragraphs of prose; a header or such lines behind a colon are what the person copied.
//  2. What the mail program marks as signature, and what follows "-- " (signatures.go), unless it was typed there.
//  3. The ends of the stretches, from below (here): lines of phones and scanners (programlines.go), notices
//     (notices.go), visiting cards (card.go), until a line is none of these. Postscripts stay, and what stands above
//     them is looked at as if they were not there. What a colon announces stays too.
//  4. Warnings about mail from outside, at the top (notices.go).
//
// A card is lines behind a closing, or a paragraph that starts with a name, which say how to reach somebody and what
// they do for whom, and nothing about this case. The name right behind the closing is the person's own word.

// part is what a line belongs to, as far as it is not the person's own.
type part uint8

const (
	noPart part = iota
	signaturePart
	noticePart
)

// foldWhatIsNotOwn replaces every part of a message that is not the person's own by one line.
func foldWhatIsNotOwn(lines []line) []line {
	unmarkTyped(lines)
	setApart(lines)
	lines, earlier := foldHistory(lines)
	markSignatures(lines)
	e := ending{lines: lines, notices: noticesIn(lines), earlier: earlier, firstOwn: firstOwn(lines)}
	e.mark()
	for i, kind := range e.notices {
		if kind == warning {
			lines[i].part = noticePart
		}
	}
	return foldParts(lines)
}

// setApart keeps the mark of fine print where it sets lines apart from how the message starts.
func setApart(lines []line) {
	first := firstOwn(lines)
	if first == len(lines) || lines[first].hues&finePrint == 0 {
		return
	}
	for i := range lines {
		lines[i].hues &^= finePrint
	}
}

// foldParts replaces the lines of a part by one, blank ones between them included.
func foldParts(lines []line) []line {
	var out []line
	for i := 0; i < len(lines); {
		kind := lines[i].part
		if kind == noPart {
			out = append(out, lines[i])
			i++
			continue
		}
		end, count := i, 0
		for at := i; at < len(lines) && (lines[at].part == kind || lines[at].blank() && lines[at].part == noPart); at++ {
			if lines[at].part == kind {
				end = at + 1
				if !lines[at].delimiter && !parts(lines[at].text) {
					count++
				}
			}
		}
		if text := "[disclaimer]"; count > 0 {
			if kind == signaturePart {
				text = "[signature: " + plural(count, "line") + "]"
			}
			out = append(out, line{text: text, folded: true})
		}
		i = end
	}
	return out
}

// ending is the search for what ends the stretches of a message.
type ending struct {
	lines    []line
	notices  []notice
	earlier  earlier
	firstOwn int
}

// mark goes through the message from below and marks what ends its stretches.
func (e *ending) mark() {
	open, passed := true, 0 // passed counts the person's own lines since the stretch's end
	for end := len(e.lines); end > 0; {
		at := end - 1
		switch l := e.lines[at]; {
		case l.folded || l.part != noPart || l.passedOn || l.quote >= angled && !l.blank():
			open, passed = true, 0
		case l.blank() || open && isRule(l.text):
		case isPostscript(l.text) && passed < maxSignature:
			open = true
		case open:
			start, kind := e.startOf(end)
			if start == end {
				open = false
				continue
			}
			assign(e.lines[start:end], kind)
			at = start
		}
		if !open && !e.lines[at].blank() {
			passed++
		}
		end = at
	}
}

// startOf finds the phone's line, notice or card that ends at the place; start is end when there is none.
func (e *ending) startOf(end int) (start int, kind part) {
	start, kind = end, noticePart
	switch {
	case isProgramLine(e.lines[end-1]):
		return end - 1, signaturePart
	case e.notices != nil && e.notices[end-1] == legal:
		for start > 0 && e.notices[start-1] == legal {
			start--
		}
	default:
		if start = shortNoticeStart(e.lines, end); start == end {
			start, kind = e.cardStart(end), signaturePart
		}
	}
	if above := ownAbove(e.lines, start); above >= 0 && announces(e.lines[above].text) || kind == noticePart && nextText(e.lines, 0, start) == start {
		return end, noPart
	}
	return start, kind
}

// ownAbove gives the place of the line above that has text, -1 if there is none near or it is not the person's own.
func ownAbove(lines []line, at int) int {
	for i := at - 1; i >= 0 && i >= at-5; i-- {
		if !lines[i].blank() {
			if lines[i].folded || lines[i].part != noPart || lines[i].quote >= angled {
				return -1
			}
			return i
		}
	}
	return -1
}

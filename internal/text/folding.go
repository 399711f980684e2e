package text

// foldWhatIsNotOwn replaces every part of a message that is not the person's own by one line.
//
// A mail is taken for stretches of the person's own words, with earlier mails below or between them, and each stretch
// to end with what a program or a habit adds. What is not plainly one of these things is shown: a line too many costs
// tokens, a lost word costs a customer.
//
// Earlier mails (history.go). What is marked as a quote ends where the marks end. What has only a header (From, Sent,
// To, Subject) or "X wrote:" with an address and a year above it goes on to the end of the message. It is shown
//   - below the mark of a forwarded message, and where the words above say that a mail is passed on or that answers
//     stand below. Answers in a color or in capitals are then parted from the rest, and those behind "R/" or "[Ana
//     Paz]" if all of them are marked so;
//   - with nothing of the person's own above, for it is passed on, or answered further down. Only a help desk's mail
//     that ends as it signs is an answer without a word;
//   - behind a colon: the person copied it. So are lines after ">" that nobody introduces, unless they are paragraphs
//     of prose, parted from the text; and all such lines where the HTML marks the quotes itself.
//
// A header without an address needs a date that a program wrote: From, To and Sent are people's words too.
//
// Signatures (signatures.go): what the mail program marks as one, and what follows "-- ", unless it was typed there,
// with a greeting, a question or a sentence. A closing and a name on top of it are own where only a program's line or
// fine print stands below. With nothing else in the message it must be a whole card.
//
// The ends of the stretches, from below (here): lines of phones and scanners, notices of the law or for the
// environment, where a company is registered between its card and a notice, and visiting cards, until a line is none of
// these. A colon above any of them keeps it. A postscript stays, and what stands above it is looked at as an end.
//
// A card (card.go) is short lines, no sentences, that say how to reach somebody and what they do: by their words, or
// because they stand below a full name. It stands
//   - behind a closing ("Saludos,"), a drawn line, or the person's name; the name right behind the closing is own, and
//     those of others below it, up to an empty line;
//   - or it is a paragraph of its own that starts with the name that the earlier mail was sent to, or that is set
//     apart by fine print; but not where that mail asks for such data or the line above leads on to them. When only a
//     place is on it, the mail must have been sent to all of the name.
//
// Lines about the case (a document, an order, money, a form's "Name:") among them make all of them the person's words.
//
// Warnings about mail from outside (warnings.go) stand at the top, above all else, and are folded there.
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

// part is what a line belongs to, as far as it is not the person's own.
type part uint8

const (
	noPart part = iota
	signaturePart
	noticePart
)

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
	case e.registersCompany(end - 1):
		start = end - 1
	case e.notices != nil && e.notices[end-1] == legal:
		for start > 0 && e.notices[start-1] == legal {
			start--
		}
	default:
		if start = shortNoticeStart(e.lines, end); start == end {
			start, kind = e.cardStart(end), signaturePart
		}
	}
	above := ownAbove(e.lines, start)
	if above >= 0 && announces(e.lines[above].text) || kind == noticePart && nextText(e.lines, 0, start) == start {
		return end, noPart // announced, or the whole message
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

package text

import "strings"

// foldHistory replaces the parts of a message that are earlier mails by one line each. What is marked as a quote
// ends where the marks end. What is not marked, because the mail program only wrote a header above it, is taken to
// go on to the end, unless the person hints at answers or matter down there.
func foldHistory(lines []line) []line {
	h := history{in: lines, marksFrom: lastMarked(lines), attributed: mayBeAttributed(lines)}
	for h.at < len(h.in) {
		if !h.step() {
			h.keep(1)
		}
	}
	return h.out
}

// history is a message on the way from in to out.
type history struct {
	in, out    []line
	at         int
	marksFrom  int  // the last line with a mark
	attributed bool // "X escribió:" may stand somewhere
	own        bool // something of the person's own was kept
	signed     bool // the mark of a signature was passed
	searched   int  // how much of out was searched for hints
	hinted     bool // and one was found
	known      bool // a mail program's header was seen: there is history in this message
}

// step folds or keeps what stands at the place, if it is more than a line of the person's own.
func (h *history) step() bool {
	here := h.in[h.at]
	switch {
	case here.blank():
		return false
	case here.quote < angled && isForwardMark(here.text):
		h.keep(len(h.in) - h.at) // what somebody passes on is what they want to show
		return true
	}
	if here.quote < angled {
		if n := headerLines(h.in[h.at:]); n > 0 {
			return h.foldHeader(n)
		}
		if h.attributed {
			if n, strong := attributionLines(h.in[h.at:]); n > 0 {
				return h.foldAttributed(n, strong)
			}
		}
		return false
	}
	return h.foldMarked()
}

// keep takes n lines over as they are.
func (h *history) keep(n int) {
	for _, line := range h.in[h.at : h.at+n] {
		h.signed = h.signed || line.delimiter
		if !h.signed && !line.blank() && !isRule(line.text) && !line.signature && !isProgramLine(line) {
			h.own = true
		}
		h.out = append(h.out, line)
	}
	h.at += n
}

// fold replaces n lines, and the rule right above them, by one.
func (h *history) fold(n int) {
	h.known = true
	count := 0
	for _, line := range h.in[h.at : h.at+n] {
		if !line.blank() && !isRule(line.text) {
			count++
		}
	}
	for len(h.out) > 0 && (h.out[len(h.out)-1].blank() || isRule(h.out[len(h.out)-1].text)) {
		h.out = h.out[:len(h.out)-1]
	}
	h.out = append(h.out, line{text: "[quoted history: " + plural(count, "line") + "]", folded: true})
	h.at += n
	if h.at < len(h.in) && h.in[h.at].blank() {
		h.out = append(h.out, line{})
	}
}

// foldHeader deals with a header of n lines (From, Sent, To, Subject), or "Original message", that no mark of a
// quote follows. With nothing of the person's own above it is a forwarded mail, or an answer written below: it stays.
func (h *history) foldHeader(n int) bool {
	if marked := h.markedRun(h.at + n); marked > 0 {
		h.fold(n + marked)
		return true
	}
	rest := len(h.in) - h.at
	if !h.own || h.pointsBelow() {
		h.keep(rest)
		return true
	}
	h.fold(rest)
	return true
}

// foldAttributed deals with "El ..., X escribió:" over n lines.
func (h *history) foldAttributed(n int, strong bool) bool {
	switch marked := h.markedRun(h.at + n); {
	case marked > 0 && h.passesOn(h.at+n, h.at+n+marked):
		h.keep(n + marked)
	case marked > 0:
		h.fold(n + marked)
	case h.marksFrom > h.at && strong:
		h.fold(n) // the quotes come further down, with answers above or between
	case strong && h.own && !h.pointsBelow():
		h.fold(len(h.in) - h.at)
	default:
		return false
	}
	return true
}

// foldMarked deals with a run of marked lines without a header above.
func (h *history) foldMarked() bool {
	n := h.markedRun(h.at)
	if !h.known && h.introduced() {
		h.keep(n) // "Your site says:" and what it says
		return true
	}
	if h.passesOn(h.at, h.at+n) || !h.known && !h.isQuote(h.in[h.at:h.at+n]) {
		h.keep(n)
		return true
	}
	h.fold(n)
	return true
}

// introduced tells whether the person's own line right above ends with a colon.
func (h *history) introduced() bool {
	if len(h.out) == 0 || h.in[h.at].quote != angled {
		return false
	}
	above := h.out[len(h.out)-1]
	return !above.folded && above.quote == unquoted && strings.HasSuffix(above.text, ":")
}

// isQuote tells whether marked lines that nothing announces are a quote. Without anything beside them they are all
// that the message has to say, and one line after ">" may be somebody's own "> 100 unidades".
func (h *history) isQuote(run []line) bool {
	for i := range run {
		if n, _ := attributionLines(run[i:]); n > 0 {
			return true
		}
	}
	if !h.own && !h.ownAfter(h.at+len(run)) {
		return false
	}
	if run[0].quote == cited {
		return true
	}
	return len(run) > 1 || startsWithLetter(run[0].text) && strings.Count(run[0].text, " ") >= 2
}

func (h *history) ownAfter(at int) bool {
	for _, line := range h.in[at:] {
		if line.quote < angled && !line.blank() {
			return true
		}
	}
	return false
}

// passesOn tells whether the lines start with the mark of a forwarded message.
func (h *history) passesOn(from, to int) bool {
	for _, line := range h.in[from:to] {
		if !line.blank() {
			return isForwardMark(line.text)
		}
	}
	return false
}

// markedRun counts the lines from the place on that are marked as quotes, blank ones between them included. Right
// after a header an indented block is one too.
func (h *history) markedRun(from int) int {
	i, end := from, from
	least := angled
	for i < len(h.in) && h.in[i].blank() {
		i++
	}
	if i < len(h.in) && h.in[i].quote == indented && from > h.at {
		least = indented
	}
	for ; i < len(h.in); i++ {
		switch {
		case h.in[i].quote >= least && !h.in[i].blank():
			end = i + 1
		case !h.in[i].blank():
			return end - from
		}
	}
	return end - from
}

// lastMarked gives the place of the last line that is marked as a quote, or -1.
func lastMarked(lines []line) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].quote >= angled && !lines[i].blank() {
			return i
		}
	}
	return -1
}

// isRule tells whether a line only draws a line.
func isRule(s string) bool { return len(s) >= 3 && strings.Trim(s, "_-=*—–") == "" }

// pointsBelow tells whether what was kept hints at something below: answers between the lines, or a mail passed on.
func (h *history) pointsBelow() bool {
	for ; h.searched < len(h.out) && !h.hinted; h.searched++ {
		l := h.out[h.searched]
		h.hinted = !l.folded && pointsBelow(l.text)
	}
	return h.hinted
}

func pointsBelow(s string) bool {
	folded := Fold(s)
	for _, hint := range [...]string{
		"abajo", "abaixo", "below", "reenvi", "encaminh", "forward", "entre linea", "entre linha", "inline",
		"en rojo", "en azul", "en verde", "em vermelho", "em azul", "em verde", "in red", "in blue", "in green",
		"mail que recib", "correo que recib", "mail que me", "correo que me", "email que receb", "e-mail que receb",
		"siguiente correo", "siguiente mail", "seguinte e-mail", "seguinte email", "en mayuscula", "em maiuscula",
	} {
		if strings.Contains(folded, hint) {
			return true
		}
	}
	return false
}

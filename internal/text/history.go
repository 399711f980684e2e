package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldHistory replaces the parts of a message that are earlier mails by one line each. What is marked as a quote
// ends where the marks end. What is not marked, because the mail program only wrote a header above it, is taken to
// go on to the end, unless the person hints at answers or matter down there.
func foldHistory(lines []line) ([]line, earlier) {
	h := history{in: lines, marksFrom: lastMarked(lines), attributed: mayBeAttributed(lines)}
	h.cites = slices.ContainsFunc(lines, func(l line) bool { return l.quote == cited })
	for h.at < len(h.in) {
		if !h.step() {
			h.keep(1)
		}
	}
	return h.out, h.earlier
}

// history is a message on the way from in to out.
type history struct {
	in, out    []line
	at         int
	marksFrom  int  // the last line with a mark
	attributed bool // "X escribió:" may stand somewhere
	cites      bool // the HTML marks quotes: the sign ">" outside them was typed
	own        bool // something of the person's own was kept
	signed     bool // the mark of a signature was passed
	known      bool // a mail program's header was seen: there is history in this message
	pasted     bool // what looks like a mail was announced by the person: they copied it here themselves
	searched   int  // how much of out was searched for hints
	hinted     bool // one was found: the person's own words may stand further down
	hue        hue  // the color that they were said to have
	earlier    earlier
}

// step folds or keeps what stands at the place, if it is more than a line of the person's own.
func (h *history) step() bool {
	here := h.in[h.at]
	switch {
	case here.blank():
		return false
	case here.quote < angled && isForwardMark(here.text):
		h.keepMail(len(h.in) - h.at) // what somebody passes on is what they want to show
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
		if !h.signed && !line.blank() && !isRule(line.text) && !line.signature && !isProgramLine(line) && !isGreeting(line.text) {
			h.own = true
		}
		h.out = append(h.out, line)
	}
	h.at += n
}

// keepMail takes over n lines of an earlier mail.
func (h *history) keepMail(n int) {
	h.in[h.at].passedOn = true
	h.keep(n)
}

// fold replaces n lines by one, but for the answers that the person wrote between them.
func (h *history) fold(n int, unmarked bool) {
	h.known = true
	h.search()
	start, end := h.at, h.at+n
	for run := start; run < end; run++ {
		field, _ := fieldOf(h.in[run].text)
		unmarked = unmarked && (field != fromField || run < start+maxHeaderLines) // only in the newest mail
		if h.isColored(h.in[run]) || unmarked && isAnswer(h.in[run].text) {
			h.foldRun(run - h.at)
			h.keep(1)
		}
	}
	h.foldRun(end - h.at)
}

// foldRun replaces n lines, and the rule right above them, by one.
func (h *history) foldRun(n int) {
	count := 0
	for _, line := range h.in[h.at : h.at+n] {
		if !line.blank() && !isRule(line.text) {
			count++
			h.earlier.note(line)
		}
	}
	if h.at += n; count == 0 {
		return
	}
	for len(h.out) > 0 && (h.out[len(h.out)-1].blank() || isRule(h.out[len(h.out)-1].text)) {
		h.out = h.out[:len(h.out)-1]
	}
	h.out = append(h.out, line{text: "[quoted history: " + plural(count, "line") + "]", folded: true})
	if h.at < len(h.in) && h.in[h.at].blank() {
		h.out = append(h.out, line{})
	}
}

// foldHeader deals with a header of n lines (From, Sent, To, Subject), or "Original message", that no mark of a
// quote follows: what stands below it is taken for history to the end.
func (h *history) foldHeader(n int) bool {
	marked := h.markedRun(h.at + n)
	rest := len(h.in) - h.at
	switch h.search(); {
	case (h.announced() || h.pasted && n < 4 || h.at > 0 && isRawHeader(h.in[h.at-1].text)) && !isOriginalMark(h.in[h.at].text):
		h.pasted = true
		h.keep(n)
	case marked > 0:
		h.fold(n+marked, false)
	case h.own && (!h.hinted || h.colored(n) || h.allMarked(n)), !h.own && isEmptyReply(h.in[h.at:], n):
		h.fold(rest, true)
	default:
		h.keepMail(rest) // a forwarded mail, or answers below
	}
	return true
}

// announced tells whether the person's own line above ends with a colon: what comes is what they want to show.
func (h *history) announced() bool {
	above := ownAbove(h.out, len(h.out))
	return above >= 0 && announces(h.out[above].text)
}

// announces tells whether a line ends with a colon, and neither closes nor only greets.
func announces(s string) bool {
	return strings.HasSuffix(s, ":") && !isClosing(s) && !(greets(s) && len(s) < 50 && strangeIn(s) < 3)
}

// isMoreThan tells whether the line at the place, alone after ">", is the person's own because of its number, "> 2 ports"
// is more than two: it goes on with the sentence in the line above, or with words it stands among theirs.
func (h *history) isMoreThan() bool {
	s := h.in[h.at].text
	rest := strings.TrimLeft(s, "0123456789")
	switch above := len(h.out) - 1; {
	case rest == s || hasAnyPrefix(rest, []string{".", ")", "-"}) || above < 0:
		return false
	case !h.out[above].blank():
		return h.leadsOn()
	}
	return h.own && strings.HasPrefix(rest, " ") && startsLower(rest[1:]) && h.ownAfter(h.at+1)
}

// leadsOn tells whether the person's own line above is a sentence without an end.
func (h *history) leadsOn() bool {
	above := ownAbove(h.out, len(h.out))
	return above >= 0 && leadsOn(h.out[above].text)
}

// leadsOn tells whether a line is words without a full stop or the like behind them, and neither greets, closes, nor
// is a name.
func leadsOn(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(last) && strings.Contains(s, " ") && !isClosing(s) && !isName(s) && !(greets(s) && len(s) < 25)
}

// colored tells whether a line below the next n looks as the person said their answers do.
func (h *history) colored(n int) bool {
	return h.hue != 0 && slices.ContainsFunc(h.in[h.at+n:], h.isColored)
}

// isColored tells whether a line looks as the person said their answers do.
func (h *history) isColored(l line) bool {
	return l.hues&h.hue != 0 || h.hue&capitals != 0 && !l.blank() && l.text == strings.ToUpper(l.text)
}

// isEmptyReply tells whether a mail that starts with the header of another was sent without a word: a conversation
// goes on there, and its end is where the other one signed. Else it is a mail passed on, or answered further down.
func isEmptyReply(lines []line, header int) bool {
	from, reply := "", isOriginalMark(lines[0].text)
	for _, l := range lines[:header] {
		switch field, value := fieldOf(l.text); field {
		case fromField:
			from = value
		case subjectField:
			reply = reply || hasAnyPrefix(Fold(value), replyStarts) || strings.ContainsAny(value, "#[")
		}
	}
	last := len(lines)
	for last > header && lines[last-1].blank() {
		last--
	}
	return (reply || isDesk(from)) && last > header && sharesName(lines[last-1].text, from)
}

var (
	replyStarts = []string{"re:", "res:", "rv: re", "fw: re", "enc: re", "caso ", "ticket "}
	deskWords   = []string{
		"soporte", "support", "suporte", "ayuda", "help", "atencion", "atendimento", "servicio", "service", "servico", "mesa de", "clientes", "customer", "postventa",
		"posventa", "ventanilla", "reclamos", "sac@", "cuidado",
	}
)

// isDesk tells whether a sender is one who answers many.
func isDesk(from string) bool { return count(Fold(from), deskWords) > 0 }

// sharesName tells whether a word of four letters or more stands in both.
func sharesName(a, b string) bool {
	words := Words(b)
	for _, word := range Words(a) {
		if len(word) >= 4 && slices.Contains(words, word) {
			return true
		}
	}
	return false
}

// foldAttributed deals with "El ..., X escribió:" over n lines.
func (h *history) foldAttributed(n int, strong bool) bool {
	switch marked := h.markedRun(h.at + n); {
	case marked > 0 && h.passesOn(h.at+n, h.at+n+marked):
		h.keepMail(n + marked)
	case marked > 0:
		h.fold(n+marked, false)
	case h.marksFrom > h.at && strong:
		h.fold(n, false) // the quotes come further down, with answers above or between
	case strong && h.own && (!h.hints() || h.colored(n)):
		h.fold(len(h.in)-h.at, true)
	default:
		return false
	}
	return true
}

// foldMarked deals with a run of marked lines without a header above.
func (h *history) foldMarked() bool {
	n := h.markedRun(h.at)
	run := h.in[h.at : h.at+n]
	switch {
	case h.passesOn(h.at, h.at+n):
		h.keepMail(n)
	case run[0].quote == angled && (h.cites && !isAttributed(run) || n == 1 && h.known && h.isMoreThan()):
		h.keep(n)
	case h.known || isAttributed(run):
		h.fold(n, false)
	case h.pasted || run[0].quote == angled && h.typed(n):
		h.pasted = true
		h.keep(n)
	case !h.own && !h.ownAfter(h.at+n):
		h.keep(n) // all that the message has to say
	default:
		h.fold(n, false)
	}
	return true
}

// isAttributed tells whether a sentence such as "X wrote:" stands in a quote.
func isAttributed(run []line) bool {
	for i := range run {
		if n, _ := attributionLines(run[i:]); n > 0 {
			return true
		}
	}
	return false
}

// typed tells whether the n lines after ">" are the person's own or copied by them, prices or a poem: an empty line
// does not part them from the text, a colon announces them, or there is no sentence in them.
func (h *history) typed(n int) bool {
	above, below := len(h.out)-1, h.at+n
	if above >= 0 && !h.out[above].blank() && !h.out[above].folded || below < len(h.in) && !h.in[below].blank() {
		return true
	}
	if (h.announced() || h.leadsOn()) && !h.answers() {
		return true
	}
	for _, l := range h.in[h.at:below] {
		if startsWithLetter(l.text) && strings.Count(l.text, " ") >= 2 {
			return false
		}
	}
	return true
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
// after a header an indented block is one too. What the HTML marks and what follows ">" outside of it are two runs.
func (h *history) markedRun(from int) int {
	i, end := from, from
	least := angled
	for i < len(h.in) && h.in[i].blank() {
		i++
	}
	if i < len(h.in) && h.in[i].quote == indented && from > h.at {
		least = indented
	}
	for first := i; i < len(h.in); i++ {
		switch {
		case h.in[i].quote >= least && !h.in[i].blank():
			if h.cites && (h.in[i].quote == angled) != (h.in[first].quote == angled) {
				return end - from
			}
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

package text

import "strings"

// maxSignature is how many lines are taken for a signature. More are somebody's text.
const maxSignature = 15

// markSignatures marks what the HTML says is a signature, and what follows a line "-- ", down to the end, a fold, or
// a postscript. With nothing of the person's own above, these may be the words themselves, unless they are a card.
func markSignatures(lines []line) {
	firstOwn := firstOwn(lines)
	for i := 0; i < len(lines); i++ {
		end, count := i, 0
		switch l := lines[i]; {
		case l.quote != unquoted || l.folded || l.blank():
		case l.delimiter:
			end, count = signatureEnd(lines, i+1)
		case l.signature:
			end, count = markedSignatureEnd(lines, i)
		}
		if count == 0 || count > maxSignature || isTyped(lines[i:end]) || firstOwn >= i && !isFullCard(lines[i:end]) {
			continue
		}
		assign(lines[i:end], signaturePart)
		i = end - 1
	}
}

// assign notes what the lines belong to.
func assign(lines []line, kind part) {
	for i := range lines {
		if !lines[i].blank() {
			lines[i].part = kind
		}
	}
}

func signatureEnd(lines []line, from int) (end, count int) {
	for end = from; end < len(lines) && lines[end].blank(); end++ {
	}
	if end < len(lines) && lines[end].signature {
		return markedSignatureEnd(lines, end)
	}
	for end = from; end < len(lines); end++ {
		text := lines[end].text
		if count > maxSignature || lines[end].folded || lines[end].quote >= angled || isPostscript(text) || startsLegal(lines[end:]) {
			break
		}
		if text != "" {
			count++
		}
	}
	return end, count
}

func markedSignatureEnd(lines []line, from int) (end, count int) {
	end = from
	for i := from; i < len(lines) && count <= maxSignature && (lines[i].blank() || lines[i].signature && !lines[i].folded && lines[i].quote == unquoted); i++ {
		if lines[i].blank() {
			continue
		}
		end = i + 1
		if !lines[i].delimiter {
			count++
		}
	}
	return end, count
}

// signatureNames are parts of the ids, classes and names that mail programs, and scanners for viruses, give to what
// they add to every mail.
var signatureNames = []string{
	"signature", "_mailautosig", "_rc_sig", "__sig_p", "firma_", "assinatura", "dab4fad8-2dd7-40bb-a1b8-4e2aa1f9fdf2",
}

// isSignature tells whether an element is such. What Yahoo for Android names so holds the person's text too.
func isSignature(element string, attr attributes) bool {
	if element == "signature" || attr.id == "zm-_id_-sgn" { // Zoho's; with a number behind it is the line above a quote
		return true
	}
	if attr.id == "ymail_android_signature" {
		return false
	}
	for _, name := range [...]string{attr.id, attr.class, attr.name, attr.smartmail} {
		if name != "" && count(name, signatureNames) > 0 {
			return true
		}
	}
	return strings.Contains(attr.style, "mso-bookmark:_mailautosig")
}

var greetings = []string{
	"hola", "buenas", "buenos dias", "buen dia", "estimado", "estimada", "estimados", "estimadas", "querido", "querida", "ola", "oi", "bom dia",
	"boa tarde", "boa noite", "prezado", "prezada", "prezados", "prezadas", "hi", "hello", "dear", "good morning", "good afternoon", "good evening",
}

// unmarkTyped takes the mark of a signature off lines that were typed where a mail program had put the signature.
func unmarkTyped(lines []line) {
	for i := 0; i < len(lines); i++ {
		if !lines[i].signature {
			continue
		}
		end := i
		for end < len(lines) && (lines[end].signature || lines[end].blank()) {
			end++
		}
		typed := closedEnd(lines, i, end)
		if isTyped(lines[i:end]) {
			typed = end
		}
		for at := i; at < typed; at++ {
			lines[at].signature = false
		}
		i = end - 1
	}
}

// closedEnd gives where the closing and the name end that a marked signature starts with, from if it starts with none.
// They are taken for typed where nothing stands below but lines of programs and what fine print sets apart from them.
func closedEnd(lines []line, from, end int) int {
	at := nextText(lines, from, end)
	if at == end || !isClosing(lines[at].text) {
		return from
	}
	below := nextText(lines, at+1, end)
	if below == at+1 && below < end && evidenceIn(lines[below].text) == 0 && !isProgramLine(lines[below]) && strings.Count(lines[below].text, " ") < 5 {
		at, below = below, nextText(lines, below+1, end)
	}
	for ; below < end; below = nextText(lines, below+1, end) {
		if l := lines[below]; !isProgramLine(l) && (l.hues&finePrint == 0 || lines[at].hues&finePrint != 0) {
			return from
		}
	}
	return at + 1
}

// isTyped tells whether lines at the place of a signature were typed for this mail: they greet, ask, or start with a
// sentence.
func isTyped(lines []line) bool {
	if first := nextText(lines, 0, len(lines)); first < len(lines) && isSentence(lines[first]) {
		return true
	}
	for _, line := range lines {
		if strings.HasSuffix(line.text, "?") || greets(line.text) {
			return true
		}
	}
	return false
}

// isSentence tells whether a line is words to a full stop, and no program's, no closing and no notice. Words of cards
// may stand in it when most of it are others.
func isSentence(l line) bool {
	found := evidenceIn(l.text)
	return strings.ContainsAny(l.text[len(l.text)-1:], ".!") && strings.Count(l.text, " ") >= 3 && !startsWithName(l.text) && (found == 0 || found == work && strangeIn(l.text) > 5) &&
		!isProgramLine(l) && !isClosing(l.text) && l.hues&finePrint == 0 && !isShortNotice(Fold(l.text), false)
}

// isGreeting tells whether a line is a greeting and whom it greets, and nothing else.
func isGreeting(s string) bool {
	return len(s) <= 60 && greets(s) && strangeIn(s) == 0
}

// strangeIn counts the words that are neither of a greeting nor of a name.
func strangeIn(s string) (strange int) {
	for word := range strings.FieldsSeq(strings.Map(lettersOnly, s)) {
		if folded := Fold(word); !startsUpper(word) && !nameParticles(folded) && !greetingWords(folded) {
			strange++
		}
	}
	return strange
}

var greetingWords = set("hola buenas buenos buen dias dia tardes tarde noches a todos todas ola oi bom boa noite hi hello dear good morning afternoon evening team equipo all pessoal gente")

// greets tells whether a line starts with a greeting.
func greets(s string) bool {
	opening := strings.TrimLeft(Fold(firstRunes(s, 30)), "¡!")
	for _, greeting := range greetings {
		if rest, found := strings.CutPrefix(opening, greeting); found && !startsWithLetter(rest) {
			return true
		}
	}
	return false
}

// firstOwn gives the place of the first line that may be the person's own, len(lines) for none.
func firstOwn(lines []line) int {
	for i, line := range lines {
		if mayBeOwn(line) {
			return i
		}
	}
	return len(lines)
}

// mayBeOwn tells whether a line may be the person's own words.
func mayBeOwn(l line) bool {
	return !l.blank() && !l.folded && !l.signature && l.quote < angled && !isRule(l.text) && !isProgramLine(l)
}

// isPostscript tells whether a line starts what somebody adds below their name.
func isPostscript(s string) bool {
	return hasAnyPrefix(strings.ReplaceAll(Fold(firstRunes(s, 20)), ".", ""), []string{
		"pd ", "pd:", "pd-", "ps ", "ps:", "ps-", "posdata", "postdata", "post data", "postscript", "nota:", "note:", "obs:", "obs ",
	})
}

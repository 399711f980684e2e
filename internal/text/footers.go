package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldFooters replaces signatures and legal notices by one line each.
func foldFooters(lines []line) []line {
	return foldDisclaimers(foldDevices(foldSignatures(lines)))
}

// maxSignature is how many lines after "-- " are taken for a signature. More are somebody's text.
const maxSignature = 15

// foldSignatures folds what the HTML marks as a signature, and what follows a line "-- ", down to the end, a fold, or
// a postscript. With nothing of the person's own above, these may be the words themselves.
func foldSignatures(lines []line) []line {
	firstOwn := firstOwn(lines)
	var out []line
	for i := 0; i < len(lines); i++ {
		from, end, count := i, i, 0
		switch l := lines[i]; {
		case l.quote != unquoted || l.folded || l.blank():
		case l.delimiter:
			from = i + 1
			end, count = signatureEnd(lines, from)
		case l.signature:
			end, count = markedSignatureEnd(lines, i)
		case l.text == "--" || l.text == "—" || isRule(l.text):
			// The blank behind gets lost on the way, and people draw their own. Then a visiting card must follow.
			if end, count = signatureEnd(lines, i+1); !isCard(lines[i+1 : end]) {
				count = 0
			}
		}
		if count == 0 || count > maxSignature || firstOwn >= i || isTyped(lines[from:end]) {
			out = append(out, lines[i])
			continue
		}
		out = append(out, line{text: "[signature: " + plural(count, "line") + "]", folded: true})
		if lines[end-1].blank() {
			out = append(out, line{})
		}
		i = end - 1
	}
	return out
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

var greetings = []string{
	"hola", "buenas", "buenos dias", "buen dia", "estimado", "estimada", "estimados", "estimadas", "querido", "querida", "ola", "oi", "bom dia",
	"boa tarde", "boa noite", "prezado", "prezada", "prezados", "prezadas", "hi", "hello", "dear", "good morning", "good afternoon", "good evening",
}

// isCard tells whether lines are a name and below it how to reach somebody, and nothing else.
func isCard(lines []line) bool {
	named, reached := false, false
	for _, line := range lines {
		switch {
		case line.blank():
			continue
		case len(line.text) > 80 || strings.ContainsAny(line.text, "?!;") || !named && !isName(line.text):
			return false
		}
		named = true
		reached = reached || saysHowToReach(line.text)
	}
	return reached
}

// isName tells whether a line is up to five words with capitals, such as a person's or a company's name.
func isName(s string) bool {
	words := strings.Fields(s)
	for _, word := range words {
		r, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsUpper(r) && word != "de" && word != "del" && word != "da" && word != "dos" && word != "y" && word != "e" && word != "&" {
			return false
		}
	}
	return len(words) <= 5 && !strings.ContainsAny(s, "0123456789:@")
}

// saysHowToReach tells whether a line holds an address of the net, or a phone named as such.
func saysHowToReach(s string) bool {
	if strings.Contains(s, "@") || strings.Contains(s, "www.") {
		return true
	}
	if len(keepDigits(s)) < minNumber {
		return false
	}
	return s[0] == '+' || s[0] == '(' || hasAnyPrefix(Fold(s), []string{"tel", "cel", "movil", "whatsapp", "wsp", "fone", "fono", "phone", "mobile", "t:", "t.", "m:", "c:"})
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
		if isTyped(lines[i:end]) {
			for at := i; at < end; at++ {
				lines[at].signature = false
			}
		}
		i = end - 1
	}
}

// isTyped tells whether lines at the place of a signature were typed for this mail: they greet or ask.
func isTyped(lines []line) bool {
	for _, line := range lines {
		if strings.HasSuffix(line.text, "?") {
			return true
		}
		opening := strings.TrimLeft(Fold(firstRunes(line.text, 30)), "¡!")
		for _, greeting := range greetings {
			if rest, found := strings.CutPrefix(opening, greeting); found && !startsWithLetter(rest) {
				return true
			}
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

func isPostscript(s string) bool {
	folded := strings.ReplaceAll(Fold(s), ".", "")
	for _, start := range [...]string{"pd ", "pd:", "ps ", "ps:"} {
		if strings.HasPrefix(folded, start) {
			return true
		}
	}
	return false
}

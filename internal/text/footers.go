package text

import "strings"

// foldFooters replaces signatures and legal notices by one line each.
func foldFooters(lines []line) []line {
	return foldDisclaimers(foldDevices(foldSignatures(lines)))
}

// maxSignature is how many lines after "-- " are taken for a signature. More are somebody's text.
const maxSignature = 15

// foldSignatures folds what follows a line "-- ", down to the end, a fold, or a postscript.
func foldSignatures(lines []line) []line {
	var out []line
	for i := 0; i < len(lines); i++ {
		if !lines[i].delimiter || lines[i].quote != unquoted {
			out = append(out, lines[i])
			continue
		}
		end, count := signatureEnd(lines, i+1)
		if count == 0 || count > maxSignature {
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
	for end = from; end < len(lines); end++ {
		text := lines[end].text
		if count > maxSignature || lines[end].folded || lines[end].quote >= angled || isPostscript(text) || isDisclaimer(lines[end:]) {
			break
		}
		if text != "" {
			count++
		}
	}
	return end, count
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

// foldDevices folds the line that a phone writes at the end: "Enviado desde mi iPhone". It must be the last of the
// person's own, since somebody may well write that something was sent from a phone.
func foldDevices(lines []line) []line {
	for i := range lines {
		if !isDeviceLine(lines[i]) || !nothingOwnFollows(lines[i+1:]) {
			continue
		}
		lines[i] = line{text: "[signature: 1 line]", folded: true}
	}
	return lines
}

// nothingOwnFollows tells whether the next words are ours, another such line, or none.
func nothingOwnFollows(lines []line) bool {
	for _, line := range lines {
		if !line.blank() {
			return line.folded || line.quote >= angled || isRule(line.text) || isDeviceLine(line) || isForwardMark(line.text)
		}
	}
	return true
}

var deviceStarts = []string{
	"enviado desde ", "enviado do ", "enviado de mi ", "enviado de meu ", "enviado a partir do ", "enviado con ", "enviado pelo ", "enviado por ",
	"enviado via ", "sent from ", "sent via ", "sent with ", "get outlook ", "obtener outlook ", "obtenga outlook ", "obter outlook ",
	"obter o outlook ", "obtenha o outlook ", "descargar outlook ", "baixar outlook ", "enviada do ", "enviado desde outlook",
}

var deviceWords = map[string]bool{
	"iphone": true, "ipad": true, "ipod": true, "ios": true, "android": true, "samsung": true, "galaxy": true, "huawei": true, "xiaomi": true,
	"redmi": true, "poco": true, "motorola": true, "moto": true, "blackberry": true, "outlook": true, "mail": true, "correo": true,
	"yahoo": true, "gmail": true, "hotmail": true, "windows": true, "celular": true, "movil": true, "telemovel": true, "smartphone": true,
	"telefono": true, "phone": true, "mobile": true, "tablet": true, "nokia": true, "lg": true, "sony": true, "honor": true, "oppo": true,
	"dispositivo": true, "device": true, "proton": true, "protonmail": true, "email": true,
}

// isDeviceLine tells whether a line is what a phone's mail program adds, and nothing else.
func isDeviceLine(l line) bool {
	if l.quote != unquoted || len(l.text) > 160 || len(l.text) < 10 || strings.IndexByte("esgodb", lowerASCII(l.text[0])) < 0 {
		return false
	}
	text := l.text
	if start := strings.IndexAny(text, "<("); start > 0 && strings.Contains(text[start:], "http") {
		text = text[:start] // the address of the program
	}
	folded := strings.TrimRight(Fold(text), ". ")
	if !hasAnyPrefix(folded, deviceStarts) || strings.ContainsAny(folded, "?!;:") || strings.Count(folded, " ") > 8 {
		return false
	}
	// The device must close the line, but for its model: "Enviado desde mi Samsung Galaxy A52 5G".
	fields := strings.Fields(folded)
	for i := len(fields) - 1; i >= 2; i-- {
		word := strings.Trim(fields[i], ".,()")
		if deviceWords[word] {
			return true
		}
		if strings.Trim(word, "0123456789") == word && len(word) > 5 {
			return false
		}
	}
	return false
}

// foldDisclaimers folds paragraphs of legal notices, those that follow each other to one line.
func foldDisclaimers(lines []line) []line {
	var out []line
	noticed := false // a notice was the last paragraph
	for i := 0; i < len(lines); {
		l := lines[i]
		switch {
		case l.folded:
			noticed = false
		case l.blank() || l.quote != unquoted:
		case isDisclaimer(lines[i:]) || isDisclaimerTitle(l.text) && titledNotice(lines[i:]) || noticed && isMoreOfIt(lines[i:]):
			if !noticed {
				out = append(out, line{text: "[disclaimer]", folded: true})
			}
			noticed = true
			i += paragraphLines(lines[i:])
			continue
		default:
			noticed = false
		}
		out = append(out, l)
		i++
	}
	return out
}

// minDisclaimer is how long a legal notice is at least, in bytes. "Este mensaje es confidencial" alone is somebody's word.
const minDisclaimer = 120

// isDisclaimer tells whether the lines start with a legal notice: it opens like one, is long, and is full of its words.
func isDisclaimer(lines []line) bool {
	opening := strings.TrimLeft(Fold(firstRunes(lines[0].text, 60)), "*_-\"[(# ")
	if !hasAnyPrefix(opening, disclaimerStarts) {
		return false
	}
	text := paragraph(lines)
	return len(text) >= minDisclaimer && legalWords(text) >= 2
}

// isMoreOfIt tells whether a paragraph after a legal notice belongs to it.
func isMoreOfIt(lines []line) bool {
	text := paragraph(lines)
	return len(text) >= minDisclaimer/2 && legalWords(text) >= 2
}

var disclaimerTitles = []string{
	"aviso legal", "aviso de confidencialidad", "aviso de confidencialidade", "confidentiality notice", "disclaimer", "legal notice", "nota de confidencialidad",
	"clausula de confidencialidad", "confidencialidad", "confidencialidade", "confidential", "legal disclaimer", "nota legal", "advertencia legal", "advertencia",
	"importante", "important", "important notice", "aviso importante", "aviso de privacidad", "aviso",
}

var disclaimerStarts = append([]string{
	"este mensaje", "este correo", "este e-mail", "este email", "esta mensagem", "este documento", "la informacion contenida", "la informacion incluida",
	"la presente comunicacion", "esta comunicacion", "this message", "this e-mail", "this email", "this communication", "the information contained",
	"the information in this", "the contents of this", "as informacoes contidas", "a informacao contida", "el contenido de este", "o conteudo desta", "esta transmision",
	"si usted no es el destinatario", "if you are not the intended", "se voce nao e o destinatario", "se voce recebeu", "si ha recibido este",
}, disclaimerTitles...)

// legalWords counts which of the words that legal notices are made of stand in a text.
func legalWords(text string) (count int) {
	folded := Fold(text)
	for _, word := range [...]string{
		"confiden", "privileg", "privilegi", "destinatari", "intended", "recipient", "prohibid", "proibid", "prohibited", "unauthorized", "no autorizad",
		"nao autorizad", "exclusiv", "virus", "viruses", "disseminat", "distribu", "divulga", "responsab", "liable", "liability", "adjunt", "anexos", "attachment",
		"por error", "por engano", "in error", "eliminar", "eliminel", "delete", "destru", "ley ", "reservad",
	} {
		if strings.Contains(folded, word) {
			count++
		}
	}
	return count
}

func isDisclaimerTitle(s string) bool {
	if len(s) > 60 {
		return false
	}
	folded := strings.Trim(Fold(s), "*_-:. ")
	for _, title := range disclaimerTitles[:len(disclaimerTitles)-1] {
		if folded == title {
			return true
		}
	}
	return false
}

// titledNotice tells whether what stands below a title is a legal notice, in the same paragraph or in the next.
func titledNotice(lines []line) bool {
	i := 1
	for i < len(lines) && i < 3 && lines[i].blank() {
		i++
	}
	return i < len(lines) && isMoreOfIt(lines[i:])
}

// paragraph gives the text of the lines up to a blank one, bounded: what tells a notice stands early.
func paragraph(lines []line) string {
	// Whoever asks this for every line must not walk a long paragraph every time.
	n := paragraphLines(lines[:min(len(lines), 60)])
	switch n {
	case 0:
		return ""
	case 1:
		return firstRunes(lines[0].text, 1500)
	}
	var out strings.Builder
	for _, line := range lines[:n] {
		out.WriteString(line.text)
		if out.WriteByte(' '); out.Len() > 1500 {
			break
		}
	}
	return out.String()
}

func paragraphLines(lines []line) int {
	for i, line := range lines {
		if line.blank() || line.folded || line.quote >= angled {
			return i
		}
	}
	return len(lines)
}

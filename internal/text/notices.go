package text

import (
	"slices"
	"strings"
)

// notice tells whether a line belongs to what companies put into every mail.
type notice uint8

const (
	noNotice notice = iota
	legal           // a legal notice, or a word for the environment: it stands at the end
	warning         // a mail server's, about mail from outside (warnings.go): it stands at the top
)

// maxNoticesTried is how many paragraphs of a message are read for a notice: each costs as much as a page.
const maxNoticesTried = 100

// noticesIn tells of each line what notice it belongs to; nil when there is none.
func noticesIn(lines []line) []notice {
	var found []notice
	noticed, top := false, true // a legal notice was the last paragraph; nothing but warnings stand above
	tried := 0
	for i := 0; i < len(lines) && tried < maxNoticesTried; {
		if l := lines[i]; !isPlain(l) {
			noticed = noticed && !l.folded
			i++
			continue
		}
		kind, n := noNotice, 0
		if top {
			n = warningLines(lines[i:])
		}
		if top = n > 0; top {
			kind = warning
		} else if legally, read := isNotice(lines[i:], noticed); read {
			if tried++; legally {
				kind, n = legal, paragraphLines(lines[i:])
			}
		}
		if noticed = kind == legal; n == 0 {
			i++
			continue
		}
		if found == nil {
			found = make([]notice, len(lines))
		}
		for ; n > 0; n-- {
			found[i] = kind
			i++
		}
	}
	return found
}

// minDisclaimer is how long a legal notice is at least, in bytes. "Este mensaje es confidencial" alone is somebody's word.
const minDisclaimer = 120

// isNotice tells whether the lines start with a legal notice, after another or not, and whether more than the opening
// had to be read. Nobody speaks of himself in it.
func isNotice(lines []line, afterLegal bool) (legally, read bool) {
	opens := hasAnyPrefix(opening(lines), disclaimerStarts)
	if !opens && !afterLegal {
		return false, false
	}
	text := Fold(paragraph(lines))
	if count(text, personalWords) > 0 || count(text, demandWords) > 0 {
		return false, true
	}
	return opens && isLegal(text) || opens && isDisclaimerTitle(lines[0].text) && titledNotice(lines) || afterLegal && isMoreOfIt(text), true
}

// isLegal tells whether a folded paragraph that opens like a legal notice is one: it is long and full of its words.
func isLegal(text string) bool { return len(text) >= minDisclaimer && count(text, legalWords) >= 3 }

// isMoreOfIt tells whether a folded paragraph after a legal notice or its title belongs to it.
func isMoreOfIt(text string) bool {
	return len(text) >= minDisclaimer/2 && count(text, legalWords) >= 2 && count(text, personalWords) == 0
}

// titledNotice tells whether what stands below a title is a legal notice, in the same paragraph or in the next.
func titledNotice(lines []line) bool {
	i := 1
	for i < len(lines) && i < 3 && lines[i].blank() {
		i++
	}
	return i < len(lines) && isMoreOfIt(Fold(paragraph(lines[i:])))
}

// opening gives how a paragraph starts, folded.
func opening(lines []line) string {
	return strings.TrimLeft(Fold(firstRunes(lines[0].text, 60)), "*_-[(# ")
}

// count tells how many of the words stand in a folded text.
func count(folded string, words []string) (n int) {
	for _, word := range words {
		if strings.Contains(folded, word) {
			n++
		}
	}
	return n
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

var (
	legalWords = []string{
		"confiden", "privileg", "destinat", "intended", "recipient", "prohibid", "proibid", "prohibited", "unauthorized", "no autorizad",
		"nao autorizad", "exclusiv", "virus", "disseminat", "distribu", "divulga", "responsab", "liable", "liability", "adjunt", "anexos", "attachment",
		"por error", "por engano", "in error", "eliminar", "elimin", "delete", "destru", "ley ", "reservad",
	}
	personalWords = []string{"?", " mi ", " mis ", " my ", " meu ", " minha ", " porque ", " because ", " i ", "quiero", "necesito", "quero ", "preciso", "les pido"}
	printWords    = []string{
		"antes de imprimir", "before printing", "before you print", "no imprima", "nao imprima", "imprima este", "imprima esta", "imprimir este", "imprimir esta", "not print this",
		"n't print this", "print this e", "print only",
	}
	natureWords = []string{"ambiente", "environment", "planet", "arbol", "arvore", "naturaleza", "natureza", "ambiental", " papel", "trees"}
)

// shortNoticeStart gives where a notice in a sentence or two starts that ends at the place, end for none. It may be
// the last paragraph, its last line, or be wrapped over the lines between.
func shortNoticeStart(lines []line, end int) int {
	text := ""
	for i := end - 1; i >= 0 && i >= end-8; i-- {
		l := lines[i]
		if l.blank() || l.folded || l.part != noPart || l.quote >= angled || len(text) > 900 {
			break
		}
		text = l.text + " " + text
		if isShortNotice(Fold(text), l.hues&finePrint != 0) && !(i > 0 && isWrapped(lines[i-1].text)) {
			return i
		}
	}
	return end
}

// isWrapped tells whether a wrapped line ends within a sentence.
func isWrapped(s string) bool {
	return len(s) > 50 && !strings.ContainsAny(s[len(s)-1:], ".:!?\"*_-") && !strings.Contains(s, " | ")
}

// isShortNotice tells whether a folded text speaks of the mail itself in two terms of the law, asks not to print it, or
// speaks of the law of personal data, and nobody speaks of himself or wants something in it. In fine print one term,
// or two without the mail, are enough.
func isShortNotice(folded string, fine bool) bool {
	padded := " " + folded + " "
	switch {
	case isClass(folded):
		return true
	case count(padded, personalWords) > 0 || count(padded, demandWords) > 0:
		return false
	case len(folded) < 250 && count(padded, printWords) > 0 && (fine || count(padded, natureWords) > 0):
		return true
	case count(padded, privacyWords) > 0 && count(padded, privacyLawWords) >= 3 && count(padded, companyWords) > 0:
		return true
	}
	terms := groups(padded)
	if count(padded, itselfWords) > 0 {
		terms++
	}
	if fine {
		return terms >= 2
	}
	return terms >= 3 && count(padded, itselfWords) > 0
}

// isClass tells whether a folded line is how a company labels mails: "Classification: Internal", "Uso interno".
func isClass(folded string) bool {
	label, class, found := strings.Cut(folded, ": ")
	if !found {
		return folded == "uso interno" || folded == "internal use only"
	}
	return len(class) < 25 && slices.Contains(classLabels, label) && hasAnyPrefix(class, classNames)
}

// registersCompany tells whether a line, between a card and a notice, says where a company is registered: "Example
// Foods is registered in Ireland No. 000000."
func (e *ending) registersCompany(at int) bool {
	s := e.lines[at].text
	company, register, found := strings.Cut(s, "egistered in ")
	if !found || len(s) > 250 || len(company) < 2 || !strings.ContainsAny(register, "0123456789") {
		return false
	}
	above, below := ownAbove(e.lines, at), nextText(e.lines, at+1, len(e.lines))
	company = strings.TrimSuffix(strings.TrimRight(company[:len(company)-1], " ,."), " is")
	return isName(company) && isWork(company) && firstWord(company) != "Our" && above >= 0 && isCardLine(e.lines[above]) && evidenceIn(e.lines[above].text)&(reach|place) != 0 &&
		below < len(e.lines) && e.lines[below].part == noticePart
}

// groups counts of how many matters of the law a padded text speaks.
func groups(padded string) (n int) {
	for _, words := range legalGroups {
		if count(padded, words) > 0 {
			n++
		}
	}
	return n
}

var (
	privacyWords    = []string{"datos personales", "dados pessoais", "personal data"}
	privacyLawWords = []string{
		" ley ", " lei ", "lgpd", "rgpd", "gdpr", "tratamiento", "tratamento", "processing", "aviso de privacid", "politica de", "privacy policy", "consult", "www.",
	}
	companyWords = []string{"nuestr", "nossa", "nosso", " our ", "www."}
	classLabels  = []string{"clasificacion", "classificacao", "classification", "sensitivity", "sensibilidad"}
	classNames   = []string{"public", "intern", "general", "confiden", "restri", "uso interno", "uso publico", "non-business"}
	itselfWords  = []string{
		"este mensaje", "este correo", "este e-mail", "este email", "este mail", "esta mensagem", "esta comunicacion", "esta comunicacao", "esta transmision", "this message", "this e-mail",
		"this email", "this mail", "this communication", "this transmission", "presente correo", "presente mensaje", "presente mail", "presente comunicacion", "presente mensagem",
		"presente e-mail", "informacion contenida", "information contained", "informacoes contidas", "informacao contida", "contenido de este mensaje", "contenido de este correo", "deste e-mail",
		"deste email", "desta mensagem", "aviso de privacidad", "aviso de confidencial", "confidentiality notice",
	}
	legalGroups = [][]string{
		{"confiden", "privileg", "sigilo", "privad", "reservad"},
		{"destinat", "addressee", "recipient", "intended", "uso exclusiv", "exclusivo", "exclusiva", "solely"},
		{"error", "engano", "equivocad", "indevid", "mistake"},
		{"elimin", "delete", "borre", "borrarlo", "apague", "apagar", "apaga-", "destru", "notifi", "descart"},
		{"prohib", "proib", "unauthori", "no autoriza", "nao autoriza", "divulg", "disclos", "distribu", "retransm", "copia"},
		{"responsab", "liab", "opinion", "represent", "vincul", "binding"},
		{" ley ", " lei ", " law ", "delito", "penal", "sancion", "protegid", "protected", "privacidad", "privacidade", "www."},
		{"virus", "malware"}, {"analizad", "escanead", "scanned", "verificad", "checked", "libre de", "livre de", "free of"},
	}
	// demandWords are of people's matters, which no notice names.
	demandWords = []string{
		" solicito ", " exijo ", " pido ", " reclamo", " to request ", " gostaria", " quisiera", " want ", " llam", " factura", " pedido", " ustedes", " voces ", " hoy ", " ayer ",
		" hoje ", " ontem ", " manana", " amanha", " today", " yesterday", " tomorrow", " invoice", " order ", " tarjeta", " sucursal", " agente ", " vendedor", " hagan ", " manden ",
	}
)

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

// startsLegal tells whether the lines start with a legal notice.
func startsLegal(lines []line) bool {
	return hasAnyPrefix(opening(lines), disclaimerStarts) && isLegal(Fold(paragraph(lines)))
}

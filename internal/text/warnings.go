package text

import (
	"slices"
	"strings"
	"sync"
)

// maxWarningLines is how many lines are read to recognize a warning.
const maxWarningLines = 4

// warningLines counts the lines of a mail server's warning that the lines start with: that the mail came from outside
// or from a stranger. What follows it without an empty line is the person's own, unless it goes on with the sentence or
// tells to beware too.
func warningLines(lines []line) (n int) {
	if !warningWords()[Fold(strings.Trim(firstWord(strings.TrimLeft(firstRunes(lines[0].text, 40), frames)), frames))] {
		return 0 // most messages, at little cost
	}
	said := warningText(lines[0])
	if !hasAnyPrefix(said, warningStarts) {
		return 0
	}
	for n = 1; !isWarning(said); n++ {
		if n == min(maxWarningLines, len(lines)) || !isPlain(lines[n]) {
			return 0
		}
		said += " " + warningText(lines[n])
	}
	for n < len(lines) && isPlain(lines[n]) && warnsOn(lines[n-1].text, lines[n]) {
		n++
	}
	return n
}

// isPlain tells whether a line has text that may be the person's own.
func isPlain(l line) bool { return !l.blank() && !l.folded && l.quote == unquoted }

// warningText gives a line folded, without the signs that frame warnings.
func warningText(l line) string {
	return strings.Trim(strings.ReplaceAll(Fold(firstRunes(l.text, 600)), "’", "'"), frames)
}

const frames = "*_-=[](){}<>#!¡.:|⚠\ufe0f🚨⛔ "

// isWarning tells whether a folded text is such a warning: a label, what Outlook says of strangers, or a sentence that
// speaks of the mail itself and of the outside, and tells to beware or only where it came from. Nobody speaks of
// himself in it.
func isWarning(said string) bool {
	_, behind, _ := strings.Cut(said, ": ")
	padded := " " + said + " "
	switch {
	case slices.Contains(externals, said) || slices.Contains(externals, behind):
		return true
	case count(padded, personalWords) > 0 || count(padded, demandWords) > 0:
		return false
	case hasAnyPrefix(said, strangerStarts):
		return strings.Contains(said, "@") && strings.Contains(said, "important")
	case count(said, mailNames) == 0:
		return (hasAnyPrefix(said, externals) || hasAnyPrefix(behind, externals)) && count(padded, bewareWords) > 0
	case count(said, outsideWords) == 0:
		return false
	}
	last := said[strings.LastIndexByte(said, ' ')+1:]
	return count(padded, bewareWords) > 0 || strings.Count(said, " ") < 16 && count(said, originWords) > 0 && hasAnyPrefix(last, outsideEnds)
}

// warnsOn tells whether a line goes on with the warning that the one above ends.
func warnsOn(above string, l line) bool {
	said := warningText(l)
	padded := " " + said + " "
	wraps := isWrapped(above) && len(above) <= 100 && count(Fold(above), bewareWords) > 0
	return wraps && startsLower(l.text) && !greets(l.text) || said == "" || said == "report suspicious" || isWarning(said) ||
		hasAnyPrefix(padded, bewareStarts) && count(padded, personalWords) == 0 && count(padded, demandWords) == 0
}

var (
	warningStarts = append(append([]string{
		"cuidado", "precaucion", "atencion", "atencao", "caution", "warning", "attention", "advertencia", "alerta", "alert", "aviso", "notice", "correo externo", "mensaje externo",
	}, append(strangerStarts, externals...)...), mailNames...)

	// externals are warnings of a word or two, alone in their line.
	externals = []string{
		"external", "externo", "external email", "external e-mail", "external mail", "external message", "external sender", "correo externo", "correo electronico externo", "mensaje externo",
		"remitente externo", "e-mail externo", "email externo", "mensagem externa", "remetente externo", "zjqcmqryfpfptbannerstart", "zjqcmqryfpfptbannerend",
	}
	// warningWords are the first words of warningStarts.
	warningWords = sync.OnceValue(func() map[string]bool {
		found := map[string]bool{}
		for _, start := range warningStarts {
			found[firstWord(start)] = true
		}
		return found
	})
	mailNames      = []string{"this email", "this e-mail", "this message", "this mail", "this is an ext", "este correo", "este mensaje", "este e-mail", "este email", "este mail", "esta mensagem"}
	strangerStarts = []string{
		"you don't often get email from", "some people who received this message don't often", "no suele recibir correo", "algunas personas que recibieron este mensaje no suele",
		"voce nao costuma receber", "nao costuma receber", "voce nao recebe", "algumas pessoas que receberam esta mensagem",
	}
	outsideWords = []string{"outside", "extern", "fuera de", "fora d"}
	originWords  = []string{
		"originat", "came from", "comes from", "sent from", "is from", "is an", "provien", "procede", "se origino", "fue enviado", "ha sido enviado", "es de un", "originad", "foi enviad", "enviada por",
		"veio de", "vem de", "provem",
	}
	outsideEnds = []string{
		"organi", "compan", "network", "domain", "sender", "source", "email", "e-mail", "message", "empresa", "institu", "universi", "corporac", "entidad", "dominio", "red", "rede", "extern",
	}
	bewareWords = []string{
		"not click", "n't click", "not open", " no haga ", " no hacer ", " no hagas ", " no abra ", " no abras ", " no abrir ", " nao clique ", " nao clicar ", " nao abra ", "unless you", " a menos que ",
		" salvo que ", "be careful", "be cautious", "use caution", "exercise caution", "caution when", "think before", "tenga cuidado", "tenga precaucion", "tenha cuidado", "tome cuidado",
	}
	bewareStarts = []string{
		" do not click", " don't click", " do not open", " don't open", " no haga clic", " no hacer clic", " no abra ", " nao clique ", " nao abra ", " think before you click", " be careful with ",
		" exercise caution", " use caution", " tenga cuidado con", " tenga precaucion", " tenha cuidado", " tome cuidado",
	}
)

package text

import "strings"

// search looks through what was kept for hints at words further down, and goes on where it stopped.
func (h *history) search() {
	for ; h.searched < len(h.out); h.searched++ {
		l := h.out[h.searched]
		if l.folded || l.blank() {
			continue
		}
		folded := Fold(l.text)
		if (pointsBelow(folded) || passesOn(folded)) && !isShortNotice(folded, true) {
			h.hinted = true
			h.hue |= namedHues(folded)
		}
		if count(folded, replyWords) > 0 {
			h.hue |= red | orange | green | purple // in blue letters much is written
		}
	}
}

func (h *history) hints() bool {
	h.search()
	return h.hinted
}

// answers tells whether the person's line above says that they answer to what comes.
func (h *history) answers() bool {
	for i := len(h.out) - 1; i >= 0; i-- {
		if !h.out[i].blank() {
			return count(Fold(h.out[i].text), answerWords) > 0
		}
	}
	return false
}

// pointsBelow tells whether a folded line says that answers stand below or between the lines of the earlier mail: it
// names the place and beside it the act, or nothing but the place. "El cajón de abajo" and "quedaron en verde" do not.
func pointsBelow(folded string) bool {
	return len(folded) < 20 && count(folded, placesBelow) > 0 || near(folded, placesBelow, answerWords)
}

// passesOn tells whether a folded line says that a mail was passed on or came from somebody else.
func passesOn(folded string) bool {
	return count(folded, forwardWords) > 0 || count(folded, missedWords) == 0 && near(folded, mailWords, comeWords)
}

// isAnswer tells whether a line starts as people mark answers between the lines of a mail: "R/ 14", "[Ana Paz] 14".
func isAnswer(s string) bool {
	if inside, found := strings.CutPrefix(s, "["); found {
		name, said, closed := strings.Cut(inside, "] ")
		return closed && said != "" && isName(name)
	}
	return hasAnyPrefix(Fold(firstRunes(s, 12)), []string{"r/", "rta", "resp:", "resp.", "respuesta:", "resposta:", "r: ", "r.-", "ans:", "answer:", "-->", "==>"})
}

// allMarked tells whether two answers or more are marked in the mail below a header of n lines, and nothing else in it
// may be the person's: each follows one line, which asks, and behind the last the mail only closes.
func (h *history) allMarked(n int) bool {
	answers, since, questions, last := 0, 0, 0, ""
	for _, l := range h.in[h.at+n:] {
		field, _ := fieldOf(l.text)
		switch {
		case field == fromField:
			return answers > 1 && questions == 0 // an older mail
		case l.blank():
		case isAnswer(l.text):
			if !asks(last) || questions > 1 || answers > 0 && since > 1 {
				return false
			}
			answers, since, questions, last = answers+1, 0, 0, ""
		case answers > 0 && !asks(l.text) && !isClosing(l.text) && !isName(l.text):
			return false
		default:
			if since, last = since+1, l.text; asks(last) && (answers > 0 || !strings.HasSuffix(last, ":")) {
				questions++ // "Please tell us:" leads on to the first
			}
		}
	}
	return answers > 1 && questions == 0
}

// asks tells whether a line may be a question of a form or a letter.
func asks(s string) bool {
	return strings.HasSuffix(s, "?") || strings.HasSuffix(s, ":") || isNumbered(s)
}

// isNumbered tells whether a line starts as those of lists do, "1. " or "2) ".
func isNumbered(s string) bool {
	rest := strings.TrimLeft(s, "0123456789")
	return rest != s && hasAnyPrefix(rest, []string{". ", ") ", ".- ", "- "})
}

// near tells whether one of the words stands not far from one of the others.
func near(folded string, words, others []string) bool {
	const span = 30
	for _, word := range words {
		if at := strings.Index(folded, word); at >= 0 {
			from, to := runeStart(folded, max(at-span, 0)), min(at+len(word)+span, len(folded))
			if count(" "+folded[from:to]+" ", others) > 0 {
				return true
			}
		}
	}
	return false
}

var (
	placesBelow = []string{
		"abajo", "abaixo", "below", "entre linea", "entre linha", "entre las linea", "entre as linha", "between the line", "inline", "in-line", "intercalad", "en rojo",
		"en azul", "en verde", "en naranja", "en violeta", "en morado", "en color", "em vermelho", "em azul", "em verde", "em laranja", "em roxo", "in red", "in blue",
		"in green", "in purple", "in orange", "en mayuscula", "em maiuscula", "in caps", "en negrita", "em negrito", "in bold", "en el cuerpo", "no corpo", "in the body",
		"mismo correo", "mismo mail", "mesmo e-mail", "mesmo email", "dentro del correo", "dentro del mail", "dentro do e-mail", "punto por punto", "ponto a ponto",
		"point by point", "cada punto", "cada ponto", "each point", "cada pregunta", "cada pergunta", "each question", "debajo de cada", "embaixo de cada",
	}
	answerWords = []string{
		"respond", "respuest", "respost", "contest", "repl", "answer", "coment", "comment", "complet", "aclar", " ver ", " vea", " veja", " see ", " mira", " miren", "agreg",
		"inclu", " segue", "siguen", "detall", "detalh", "points", "puntos", "pontos", "pregunt", "pergunt", "marcado", "marcad", "marque",
	}
	replyWords = []string{
		"respondo", "contesto", "mis respuestas", "las respuestas", "respuestas a", "my answers", "my replies", "my comments", "mis comentarios", "meus comentarios", "minhas respostas",
		"as respostas", "respondido", "contestado", "answered", "comentado",
	}
	forwardWords = []string{
		"reenvio", "reenviado", "reenviando", "reenviamos", "les reenvi", "le reenvi", "te reenvi", "encaminho", "encaminhei", "encaminhando", "encaminhad",
		"forwarding", "i forward", "forwarded", "fwd", "me llego esto", "recibi esto", "got this", "received this", "recebi isso", "recebi isto", "chegou isso", "lo que me contest",
		"lo que me respond", "o que me respond", "o que recebi", "what they answered", "what they replied",
	}
	mailWords = []string{
		"este correo", "este mail", "este mensaje", "este e-mail", "este email", "esse e-mail", "esse email", "esta mensagem", "essa mensagem", "this email", "this e-mail",
		"this message", "this mail", "mail que", "correo que", "mensaje que", "email que", "mensagem que", "siguiente correo", "siguiente mail", "seguinte e-mail",
		"seguinte email", "the email", "the e-mail", "the mail", "correo de", "mail de", "e-mail d", "email d",
	}
	comeWords = []string{
		"recib", "llego", "mandaron", "mandou", "enviaron", "enviou", "recebi", "chegou", " got ", "received", "they sent", "sent me", "siguiente", "seguinte", "les paso", "te paso",
		"le paso", "comparto", "me envi", "me mand",
	}
	missedWords = []string{"no recib", "no me ", "no nos ", "nunca", "nao recebi", "nao me", "nao cheg", "not receive", "n't receive", "never", "no llego", "not get", "n't get"}
)

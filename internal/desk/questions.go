package desk

import (
	"fmt"
	"strings"

	"wisecx-mcp/internal/text"
)

// Questions are read by a person who decides whether something goes out. What strangers wrote stands in quotes on one
// line, and what will be sent behind "> " line by line, so that neither can look like the question itself.

// phrases are what questions are made of; %s is filled in.
type phrases struct {
	send, firstMessage, template, links, accounts, lastWords, nothingSaid, then, over, sameAlready, noAddress string
	subject, remove, removed, remains, noContact, contactGone, final                                          string
	longNumber, card                                                                                          string
}

var phrasesIn = map[string]phrases{
	"es": {
		send: "¿Enviar este mensaje a %s (%s) por %s, en el caso %d?", firstMessage: "¿Crear un caso nuevo en %s y enviar este mensaje a %s (%s) por %s?",
		template: "Plantilla: %s", links: "Enlaces que contiene: %s", accounts: "Números que parecen cuentas: %s",
		lastWords: "Lo último que escribió el cliente (%s): %s", nothingSaid: "El cliente no escribió nada en este caso.",
		then: "Después el caso queda en estado %s.", over: "Atención: el caso ya está resuelto o cerrado.", sameAlready: "Atención: nuestro último mensaje (%s) ya dice lo mismo.", noAddress: "sin dirección conocida",
		subject: "Asunto: %s",
		remove:  "¿Borrar el caso %d, %s, de %s, en la cola %s (estado %s, creado %s)?",
		removed: "Se pierde la conversación entera.", remains: "Quedan el contacto y sus otros casos: %s abiertos.", noContact: "El caso no tiene contacto.", contactGone: "Su contacto ya no existe.", final: "Es definitivo: no se puede deshacer.",
		longNumber: "número largo", card: "tarjeta",
	},
	"pt": {
		send: "Enviar esta mensagem para %s (%s) por %s, no caso %d?", firstMessage: "Criar um caso novo em %s e enviar esta mensagem para %s (%s) por %s?",
		template: "Modelo: %s", links: "Links que contém: %s", accounts: "Números que parecem contas: %s",
		lastWords: "A última coisa que o cliente escreveu (%s): %s", nothingSaid: "O cliente não escreveu nada neste caso.",
		then: "Depois o caso fica com o status %s.", over: "Atenção: o caso já está resolvido ou fechado.", sameAlready: "Atenção: a nossa última mensagem (%s) já diz o mesmo.", noAddress: "sem endereço conhecido",
		subject: "Assunto: %s",
		remove:  "Apagar o caso %d, %s, de %s, na fila %s (status %s, criado em %s)?",
		removed: "A conversa inteira se perde.", remains: "Ficam o contato e os outros casos dele: %s abertos.", noContact: "O caso não tem contato.", contactGone: "O contato dele já não existe.", final: "É definitivo: não pode ser desfeito.",
		longNumber: "número longo", card: "cartão",
	},
	"en": {
		send: "Send this message to %s (%s) by %s, in case %d?", firstMessage: "Create a new case in %s and send this message to %s (%s) by %s?",
		template: "Template: %s", links: "Links in it: %s", accounts: "Numbers that look like accounts: %s",
		lastWords: "The customer's last words (%s): %s", nothingSaid: "The customer has written nothing in this case.",
		over: "Note: the case is solved or closed already.", then: "Afterwards the case gets the status %s.", sameAlready: "Note: our last message (%s) says the same already.", noAddress: "no known address",
		subject: "Subject: %s",
		remove:  "Delete case %d, %s, of %s, in queue %s (status %s, created %s)?",
		removed: "The whole conversation is lost.", remains: "The contact stays, and their other cases: %s open.", noContact: "The case has no contact.", contactGone: "Its contact does not exist any more.", final: "This is final: it cannot be undone.",
		longNumber: "long number", card: "card",
	},
}

// phrases are those of the person's language.
func (d *Desk) phrases() phrases {
	if p, known := phrasesIn[d.lang]; known {
		return p
	}
	return phrasesIn["en"]
}

// inQuotes is what a stranger wrote, on one line that shows where it ends.
func inQuotes(s string, size int) string {
	line := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"“”„‟«»＂`, r) {
			return '\''
		}
		return r
	}, text.Line(s))
	return "“" + shorten(line, size) + "”"
}

// behindBars is a text whose every line is marked as its own.
func behindBars(s string) string {
	return "> " + strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n").Replace(s), "\n", "\n> ")
}

// lines puts the parts of a question together, those that say nothing aside.
func lines(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "\n")
}

// pointedOut names the links of a text, and the numbers by which somebody could be paid.
func (p phrases) pointedOut(said string) string {
	var links, accounts string
	if found := linksIn(said); len(found) > 0 {
		links = fmt.Sprintf(p.links, strings.Join(found, " , "))
	}
	if found := accountsIn(said, p); len(found) > 0 {
		accounts = fmt.Sprintf(p.accounts, strings.Join(found, ", "))
	}
	return lines(links, accounts)
}

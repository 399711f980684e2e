package text

import (
	"slices"
	"strings"
)

// forwardMarks are what mail programs write above a message that is passed on, folded and without the dashes.
var forwardMarks = []string{
	"forwarded message", "mensaje reenviado", "mensagem encaminhada", "begin forwarded message", "inicio del mensaje reenviado",
	"inicio da mensagem encaminhada", "comienzo del mensaje reenviado", "inicio da mensagem reencaminhada", "mensagem reencaminhada",
	"forwarded by", "correo reenviado",
}

// originalMarks are what they write above a message that is answered.
var originalMarks = []string{
	"mensaje original", "original message", "mensagem original", "mensaje original de", "mensaje de origen", "correo original",
	"original appointment", "cita original", "reply message", "mensaje de respuesta", "mensagem de resposta",
}

func isForwardMark(s string) bool { return isMark(s, forwardMarks) }

func isOriginalMark(s string) bool {
	return len(s) > 4 && isRule(s[:3]) && isMark(s, originalMarks)
}

// isMark tells whether a line is one of the marks between dashes, or, as Apple Mail writes it, with a colon.
func isMark(s string, marks []string) bool {
	if len(s) > 100 {
		return false
	}
	bare := strings.Trim(s, "-_=*—– >")
	if len(bare) == len(s) && !strings.HasSuffix(s, ":") {
		return false
	}
	return slices.Contains(marks, strings.TrimSpace(strings.TrimSuffix(Fold(bare), ":")))
}

// headerField is what a line of a mail's header names.
type headerField int

const (
	noField headerField = iota
	fromField
	sentField
	dateField // "Fecha" and the like, which people write in orders too
	toField
	subjectField
	otherField
)

var headerNames = map[string]headerField{
	"de": fromField, "from": fromField, "remitente": fromField, "remetente": fromField,
	"enviado": sentField, "enviado el": sentField, "enviada": sentField, "enviados": sentField, "enviada em": sentField, "enviado em": sentField, "sent": sentField,
	"fecha": dateField, "data": dateField, "date": dateField, "fecha de envio": dateField,
	"para": toField, "to": toField, "a": toField, "destinatario": toField,
	"asunto": subjectField, "subject": subjectField, "assunto": subjectField,
	"cc": otherField, "cco": otherField, "bcc": otherField, "con copia": otherField, "responder a": otherField, "reply-to": otherField,
	"importancia": otherField, "importance": otherField, "adjuntos": otherField, "datos adjuntos": otherField, "anexos": otherField,
	"attachments": otherField, "importance level": otherField,
}

// maxHeaderLines bounds how far a header may go: long lists of recipients wrap.
const maxHeaderLines = 14

// headerLines counts the lines of the mail header that the lines start with, 0 if they start with none: a mark such
// as "-----Mensaje original-----", or From with at least Subject or To and a proof that this is about mail, which is
// an address, the line Sent with a date, or a moment right below From. "De: Rosario, Para: Córdoba, Fecha: mañana" is somebody's
// parcel.
func headerLines(lines []line) int {
	i := 0
	if isFlatHeader(lines[0].text) {
		return 1
	}
	if isRule(lines[0].text) || isOriginalMark(lines[0].text) {
		i = 1
		for i < len(lines) && i < 3 && lines[i].blank() {
			i++
		}
	}
	marked := isOriginalMark(lines[0].text)
	ruled := i > 0 && len(lines[0].text) >= 25 && lines[0].text[0] == '_' // Outlook's rule
	n := i + fieldLines(lines[i:], marked, ruled)
	switch {
	case n > i:
		return n
	case marked:
		return 1
	}
	return 0
}

// isFlatHeader tells whether a line is the mark of an original message with all of its header behind, as some phones'
// programs write it, with or without the message.
func isFlatHeader(s string) bool {
	if len(s) < 30 || !isRule(s[:3]) {
		return false
	}
	bare := strings.TrimLeft(s, "- ")
	mark, rest, found := strings.Cut(bare, "--")
	if !found || !isOriginalMark("---"+mark+"--") {
		return false
	}
	field, value := fieldOf(strings.TrimLeft(rest, "- "))
	return field == fromField && strings.ContainsAny(value, "@<:")
}

// fieldLines counts the lines of a header's fields. After a mark two fields prove enough, after a rule From and Sent.
func fieldLines(lines []line, marked, ruled bool) int {
	var seen [otherField + 1]bool
	address, sent, timed, second, last, wrapped := false, false, false, noField, 0, 0
	for i := 0; i < len(lines) && i < maxHeaderLines; i++ {
		text := lines[i].text
		field, value := fieldOf(text)
		if field == noField {
			// The names of the recipients may go on in the next line; a second one without a field is the message.
			if wrapped++; i == 0 || wrapped > 1 || lines[i].blank() || !followedByField(lines[i+1:]) {
				break
			}
			address = address || strings.Contains(text, "@")
			continue
		}
		if wrapped = 0; i == 1 {
			second = field
		}
		seen[field] = true
		sent = sent || field == sentField && isMoment(value)
		timed = timed || field == dateField && hasTime(value) && hasYear(Fold(value))
		address = address || (field == fromField || field == toField) && strings.Contains(value, "@")
		last = i + 1
	}
	dated := address && (seen[sentField] || seen[dateField]) || sent || timed && seen[subjectField] && second == dateField
	addressed := seen[toField] || seen[subjectField] || ruled
	if seen[fromField] && addressed && (dated || address && seen[subjectField]) || marked && last >= 2 {
		return last
	}
	return 0
}

// isMoment tells whether a value is a day with its year and a time, as programs write it, and nothing else: "Sent:
// Monday 3 March by courier" is a person's.
func isMoment(value string) bool {
	if !hasTime(value) || !hasYear(Fold(value)) {
		return false
	}
	for word := range eachField(value) {
		if !strings.ContainsAny(word, "0123456789") && !startsDate(word) && !momentWords(word) {
			return false
		}
	}
	return true
}

var momentWords = set("de del a la las as s m p am pm h hs hrs feira at on el em utc gmt")

// hasTime tells whether a time of day stands in s.
func hasTime(s string) bool {
	for i := range len(s) {
		if classes[s[i]] == digitClass && (i == 0 || classes[s[i-1]] != digitClass) && timeEnd(s, i) > i {
			return true
		}
	}
	return false
}

// isRawHeader tells whether a line is a field that only the source of a mail shows: "Return-Path:", "Received:".
func isRawHeader(s string) bool {
	name, _, found := strings.Cut(s, ":")
	return found && name != "" && !strings.Contains(name, " ") && (strings.Contains(name[1:], "-") && startsUpper(name) || name == "Received")
}

func followedByField(lines []line) bool {
	if len(lines) == 0 {
		return false
	}
	field, _ := fieldOf(lines[0].text)
	return field != noField
}

// fieldOf reads "De: Soporte", also with the stars that bold leaves in plain texts.
func fieldOf(s string) (headerField, string) {
	name, value, found := strings.Cut(s, ":")
	if !found || len(name) > 24 {
		return noField, ""
	}
	return headerNames[Fold(strings.Trim(name, "* "))], strings.Trim(value, "* ")
}

// mayBeAttributed tells whether any line could end such a sentence as attributionLines looks for. Most messages have
// none, and need not be looked through line by line.
func mayBeAttributed(lines []line) bool {
	for _, line := range lines {
		if line.attribution {
			return true
		}
		for _, part := range [...]string{"scribió", "scribio", "scrito", "screveu", "wrote", "writes", ">:", " >>>"} {
			if strings.Contains(line.text, part) {
				return true
			}
		}
	}
	return false
}

// maxAttributionLines is over how many lines "El ... escribió:" may be wrapped.
const maxAttributionLines = 4

// attributionLines counts the lines of the sentence that the lines start with and that mail programs write above a
// quote: "El vie, 6 sept 2026 a las 10:12, X (<a@b>) escribió:". It is strong when it names a year and an address:
// no person writes that.
func attributionLines(lines []line) (n int, strong bool) {
	if lines[0].attribution && !isForwardMark(lines[0].text) {
		for n < len(lines) && lines[n].attribution {
			n++
		}
		return n, true
	}
	switch {
	case isQuoting(lines[0].text):
		return 1, isGroupWise(lines[0].text)
	case !startsAttribution(lines[0].text):
		return 0, false
	}
	joined := ""
	for i := 0; i < len(lines) && i < maxAttributionLines; i++ {
		if lines[i].blank() || i > 0 && lines[i].quote != lines[0].quote {
			return 0, false
		}
		if head, _, found := cutAttribution(lines[i].text); found {
			if folded := Fold(joined + " " + head); len(folded) <= 400 && strings.Contains(folded, "@") && hasYear(folded) {
				return i + 1, true
			}
		}
		joined += " " + lines[i].text
		if endsAttribution(lines[i].text) {
			folded := Fold(strings.Trim(joined, "- "))
			if len(folded) > 400 || !hasDate(folded) {
				return 0, false
			}
			return i + 1, strings.Contains(folded, "@") && hasYear(folded)
		}
	}
	return 0, false
}

// isQuoting tells whether a line is one of those that need no date: "Quoting X <a@b>:" of Horde, and GroupWise's.
func isQuoting(s string) bool {
	return isGroupWise(s) || strings.HasSuffix(s, ">:") && hasAnyPrefix(s, []string{"Quoting ", "Citando a ", "Citando "})
}

// isGroupWise tells whether a line is ">>> X <a@b> 9/6/2026 10:12 AM >>>".
func isGroupWise(s string) bool {
	return strings.HasPrefix(s, ">>> ") && strings.HasSuffix(s, " >>>") && len(s) < 200 && hasYear(s)
}

// startsAttribution tells whether a line may be the first of such a sentence.
func startsAttribution(s string) bool {
	if len(s) > 300 {
		return false
	}
	folded := Fold(strings.TrimLeft(s, "-—* "))
	first, rest, _ := strings.Cut(folded, " ")
	switch strings.Trim(first, ",.") {
	case "el", "on", "em", "en", "no", "a", "le":
		// A day comes next: of the week, or of the month.
		next, _, _ := strings.Cut(rest, " ")
		return next != "" && (startsDate(next) || next == "dia" || next == "fecha" || next == "la") || datesAddress(folded)
	}
	// "2026-09-06 10:12 GMT-03:00 Soporte <a@b>:", or the name first.
	return first != "" && (first[0] >= '0' && first[0] <= '9' && len(first) >= 8 || endsAttribution(s) || isDay(first))
}

// startsDate tells whether a folded text starts with a number, or with a day of the week or a month.
func startsDate(folded string) bool {
	return folded != "" && folded[0] >= '0' && folded[0] <= '9' || isDay(folded) || isMonth(folded)
}

// datesAddress tells whether a date stands right behind an address: "El Soporte <a@b>, 6 sept 2026 10:12 escribió:".
func datesAddress(folded string) bool {
	name, date, found := strings.Cut(folded, ">")
	return found && strings.Contains(name, "@") && startsDate(strings.TrimLeft(date, ", "))
}

// cutAttribution cuts a line after "> wrote: ", where the quoted message goes on in the same line.
func cutAttribution(s string) (head, rest string, found bool) {
	for _, end := range [...]string{"> wrote: ", "> escribió: ", "> escreveu: ", ") escribió: "} {
		if head, rest, found = strings.Cut(s, end); found {
			return head, rest, true
		}
	}
	return s, "", false
}

// endsAttribution tells whether a line ends with "escribió:" in one of the languages.
func endsAttribution(s string) bool {
	if strings.HasSuffix(s, ">:") && hasYear(s) && strings.Contains(s, "GMT") {
		return true // as Gmail wrote it for years: "2026-09-06 10:12 GMT-03:00 Soporte <a@b>:"
	}
	if verbBeforeDate(s) {
		return true
	}
	folded := Fold(strings.TrimRight(s, "-—* "))
	bare := strings.TrimRight(folded, ": ")
	if len(bare) == len(folded) && !strings.HasSuffix(s, "--") {
		return false
	}
	for _, verb := range [...]string{"escribio", "escreveu", "wrote", "ha escrito", "writes", "escribio lo siguiente"} {
		if strings.HasSuffix(bare, verb) {
			return len(bare) == len(verb) || bare[len(bare)-len(verb)-1] == ' ' || bare[len(bare)-len(verb)-1] == '>' || bare[len(bare)-len(verb)-1] == ')'
		}
	}
	return false
}

// verbBeforeDate tells whether a line is an attribution with the date behind: "X <a@b> escreveu no dia 3/11/2026, às
// 10:15:".
func verbBeforeDate(s string) bool {
	if !strings.HasSuffix(s, ":") {
		return false
	}
	for _, verb := range [...]string{"> escribió ", "> escreveu ", "> wrote "} {
		if _, date, found := strings.Cut(s, verb); found && len(date) < 60 && hasYear(date) {
			return true
		}
	}
	return false
}

func isDay(word string) bool { return hasAnyPrefix(word, dayNames) }

func isMonth(word string) bool { return hasAnyPrefix(word, monthNames) }

var (
	dayNames = []string{
		"lun", "mar", "mie", "jue", "vie", "sab", "dom", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
		"seg", "ter", "qua", "qui", "sex",
	}
	monthNames = []string{
		"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "set", "oct", "nov", "dic",
		"jan", "apr", "aug", "dec", "fev", "mai", "out", "dez",
	}
)

func hasAnyPrefix(word string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(word, prefix) })
}

// hasDate tells whether a folded sentence names a day: a year or a month beside a number, or digits with slashes.
func hasDate(folded string) bool {
	if hasYear(folded) {
		return true
	}
	number, month, slashes := false, false, false
	for field := range strings.FieldsSeq(folded) {
		field = strings.Trim(field, ",.:;()")
		number = number || field != "" && strings.Trim(field, "0123456789") == ""
		month = month || isMonth(field)
		slashes = slashes || strings.Count(field, "/")+strings.Count(field, "-")+strings.Count(field, ".") == 2 && strings.Trim(field, "0123456789/-.") == ""
	}
	return slashes || number && month
}

// hasYear tells whether a year of these times stands in a folded sentence as a number of its own.
func hasYear(folded string) bool {
	found := false
	eachWord(folded, func(word string, _, _ int) {
		found = found || len(word) == 4 && (strings.HasPrefix(word, "20") || strings.HasPrefix(word, "199"))
	})
	return found
}

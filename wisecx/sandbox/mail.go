package sandbox

import (
	"fmt"
	"html"
	"strings"
	"time"
)

// program is a mail program, with its way of writing HTML and of quoting.
type program int

const (
	outlook program = iota
	outlookPlain
	gmail
	appleMail
	plainText
	programs
)

// mail wraps words in the HTML of a mail: greeting, signature, disclaimer, and the message before as a quotation.
func (w *writer) mail(words string, at time.Time, fromAgent bool) string {
	// A person keeps to one program; agents write from the product's editor, which is like Gmail's.
	with := program(w.c.ContactID % int64(programs))
	if fromAgent {
		with = gmail
	}
	paragraphs := []string{words}
	if !greets(words) {
		greeting := pick(w.random, w.language.greetings)
		if fromAgent {
			greeting = w.language.greetings[0] + " " + firstWord(w.contact.Name) + ":"
		}
		paragraphs = []string{greeting, words}
	}
	if w.about != nil && !fromAgent && w.random.IntN(2) == 0 {
		paragraphs = append(paragraphs, w.fresh(w.about.details))
	}
	paragraphs = append(paragraphs, pick(w.random, w.language.signOff))
	signature := w.signature(fromAgent)
	quoted := w.quotation(with)
	switch with {
	case plainText:
		return strings.Join(paragraphs, "\n\n") + "\n-- \n" + strings.Join(signature, "\n") + "\n" + quoted
	case outlook, outlookPlain:
		return outlookHead + outlookParagraphs(paragraphs) + outlookParagraphs(signature) + w.table(fromAgent) + quoted + "</div></body></html>"
	case appleMail:
		return `<html><head></head><body dir="auto">` + strings.Join(escaped(paragraphs), "<div><br></div>") +
			`<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">` + w.sentFrom() + "</div>" + quoted + "</body></html>"
	}
	return `<div dir="ltr"><div>` + strings.Join(escaped(paragraphs), "</div><div><br></div><div>") + "</div>" + w.table(fromAgent) +
		`<div><br></div>-- <br><div class="gmail_signature"><b>` + strings.Join(escaped(signature), "</b><br><b>") + "</b></div></div>" + quoted
}

// greets tells whether words begin with a greeting of their own.
func greets(words string) bool {
	for _, greeting := range []string{"Hola", "¡Hola", "Buen", "Bom", "Boa", "Oi", "Olá"} {
		if strings.HasPrefix(words, greeting) {
			return true
		}
	}
	return false
}

const outlookHead = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">` +
	`<style><!-- @font-face {font-family:Calibri;} p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;} ` +
	`a:link {color:#0563C1;} --></style></head><body lang="ES-AR" link="#0563C1"><div class="WordSection1">`

func outlookParagraphs(list []string) string {
	var out strings.Builder
	for _, text := range escaped(list) {
		out.WriteString(`<p class="MsoNormal">` + text + `<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>`)
	}
	return out.String()
}

func escaped(list []string) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")
	}
	return out
}

func (w *writer) signature(fromAgent bool) []string {
	if !fromAgent {
		lines := []string{w.contact.Name}
		if w.contact.ID%4 == 0 {
			lines = append(lines, "Cel. +"+w.contact.Phone, w.language.disclaimer)
		}
		return lines
	}
	queue := withID(w.data.queues, w.c.GroupID, func(q *Queue) int64 { return q.ID })
	name := "Wise"
	if w.agent != nil {
		name = w.agent.FirstName + " " + w.agent.LastName
	}
	return []string{name, strings.ReplaceAll(w.language.position, "{queue}", queue.Name), w.language.disclaimer}
}

func (w *writer) sentFrom() string {
	if w.language == &portuguese {
		return "Enviado do meu iPhone"
	}
	return "Enviado desde mi iPhone"
}

// table is the kind of table that orders and invoices are pasted as, now and then.
func (w *writer) table(fromAgent bool) string {
	if !fromAgent || w.random.IntN(3) > 0 {
		return ""
	}
	facts := w.data.slots(w.c.ID, w.c.GroupID == brazilQueue)
	return fmt.Sprintf(`<table border="1" cellpadding="4"><tbody><tr><th>Pedido</th><th>Producto</th><th>Importe</th></tr>`+
		`<tr><td>%s</td><td>%s</td><td>$&nbsp;%s</td></tr></tbody></table>`, facts.order, facts.model, facts.amount)
}

// quotation repeats the thread's last mail under a header in the program's manner; "" for a first mail.
func (w *writer) quotation(with program) string {
	before := w.lastMessage()
	if before == nil {
		return ""
	}
	name, address := w.author(before)
	local := before.CreatedAt.In(localZone)
	content := bounded(before.Content)
	switch with {
	case outlook:
		return `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>De:</b> ` + name + " &lt;" + address +
			"&gt; <br><b>Enviado:</b> " + spanishDate(local, true) + " " + local.Format("15:04") + "<br><b>Para:</b> " + html.EscapeString(w.contact.Name) +
			"<br><b>Asunto:</b> RE: " + html.EscapeString(w.c.Subject) + "</p></div>" + content
	case outlookPlain:
		return "<p>-----Mensaje original-----<br>De: " + name + " [mailto:" + address + "]<br>Enviado el: " + spanishDate(local, true) + " " +
			local.Format("15:04") + "<br>Para: " + html.EscapeString(w.c.ChannelAccount) + "<br>Asunto: " + html.EscapeString(w.c.Subject) + "</p>" + content
	case appleMail:
		return `<div dir="ltr"><br><blockquote type="cite">` + w.wrote(local, name, address) + `<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">` +
			content + "</div></blockquote>"
	case plainText:
		return "\n" + html.UnescapeString(w.wrote(local, name, address)) + "\n> " + strings.ReplaceAll(withoutTags(content), "\n", "\n> ") + "\n"
	}
	return `<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` + w.wrote(local, name, address) + `<br></div>` +
		`<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">` + content + `</blockquote></div>`
}

func (w *writer) author(x *Activity) (name, address string) {
	if x.ContactFrom != nil {
		return html.EscapeString(x.ContactFrom.Name), x.ContactFrom.Email
	}
	if user := w.data.user(x.UserID); user != nil {
		name = user.FirstName + " " + user.LastName
	}
	return name, w.c.ChannelAccount
}

// wrote is the line above a quotation: "El vie, 6 sept 2026 a las 10:12, Ana Gómez (<…>) escribió:".
func (w *writer) wrote(local time.Time, name, address string) string {
	link := fmt.Sprintf(`&lt;<a href="mailto:%s">%s</a>&gt;`, address, address)
	if w.c.ContactID%int64(programs) == int64(plainText) {
		link = "&lt;" + address + "&gt;"
	}
	if w.language == &portuguese {
		return fmt.Sprintf("Em %s., %d de %s. de %d às %s, %s %s escreveu:", brazilianDays[local.Weekday()], local.Day(), brazilianMonths[local.Month()-1],
			local.Year(), local.Format("15:04"), name, link)
	}
	return fmt.Sprintf("El %s, %s a las %s, %s (%s) escribió:", spanishDays[local.Weekday()], spanishDate(local, false), local.Format("15:04"), name, link)
}

var (
	spanishDays     = [...]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"}
	brazilianDays   = [...]string{"dom", "seg", "ter", "qua", "qui", "sex", "sáb"}
	spanishMonths   = [...]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"}
	brazilianMonths = [...]string{"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"}
	longDays        = [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	longMonths      = [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
)

func spanishDate(local time.Time, long bool) string {
	if long {
		return fmt.Sprintf("%s, %d de %s de %d", longDays[local.Weekday()], local.Day(), longMonths[local.Month()-1], local.Year())
	}
	return fmt.Sprintf("%d %s %d", local.Day(), spanishMonths[local.Month()-1], local.Year())
}

// bounded keeps quotations of quotations from doubling for ever.
func bounded(content string) string {
	const most = 6000
	if len(content) <= most {
		return content
	}
	return strings.ToValidUTF8(content[:most], "")
}

// withoutTags is what a mail program in text mode makes of HTML, crudely.
func withoutTags(content string) string {
	var out strings.Builder
	inside := false
	for _, r := range content {
		switch {
		case r == '<':
			inside = true
		case r == '>' && inside:
			inside = false
			out.WriteByte(' ')
		case !inside:
			out.WriteRune(r)
		}
	}
	return html.UnescapeString(strings.Join(strings.Fields(out.String()), " "))
}

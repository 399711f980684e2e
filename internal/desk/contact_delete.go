package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// deleteWords are what a person is asked before a contact is deleted, by language.
var deleteWords = map[string]struct {
	question, nameless, email, phone, document, bare string
	cases, manyCases, noCases, unknownCases, final   string
}{
	"es": {"¿Borrar el contacto %s (%d)?", "sin nombre", "E-mail: %s.", "Teléfono: %s.", "Documento: %s.", "No tiene e-mail, teléfono ni documento.",
		"Quedan sus casos de los últimos tres meses: %d, de ellos %d sin resolver; sus mensajes también quedan.",
		"Quedan sus casos de los últimos tres meses: más de %d, de ellos al menos %d sin resolver; sus mensajes también quedan.",
		"No tiene casos de los últimos tres meses; si los hay más viejos, quedan con sus mensajes.",
		"No se pudo ver cuántos casos tiene; quedan con sus mensajes.", "Es definitivo: no se puede deshacer."},
	"en": {"Delete the contact %s (%d)?", "without a name", "E-mail: %s.", "Phone: %s.", "Document: %s.", "It has no e-mail, phone or document.",
		"Its cases of the last three months remain: %d, of them %d unresolved; its messages remain too.",
		"Its cases of the last three months remain: more than %d, of them at least %d unresolved; its messages remain too.",
		"It has no cases of the last three months; older ones, if there are any, remain with their messages.",
		"How many cases it has cannot be seen; they remain with their messages.", "This is final: it cannot be undone."},
	"pt": {"Excluir o contato %s (%d)?", "sem nome", "E-mail: %s.", "Telefone: %s.", "Documento: %s.", "Não tem e-mail, telefone nem documento.",
		"Ficam os seus casos dos últimos três meses: %d, deles %d sem resolver; as mensagens também ficam.",
		"Ficam os seus casos dos últimos três meses: mais de %d, deles ao menos %d sem resolver; as mensagens também ficam.",
		"Não tem casos dos últimos três meses; se houver mais antigos, ficam com as suas mensagens.",
		"Não foi possível ver quantos casos tem; ficam com as suas mensagens.", "É definitivo: não pode ser desfeito."},
}

// DeleteContact prepares that a contact is deleted.
func (d *Desk) DeleteContact(ctx context.Context, id int64, expect map[string]Value) (*guard.Write, error) {
	c, err := d.contactToWrite(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.expectOfContact(ctx, c, expect); err != nil {
		return nil, err
	}
	left := d.casesLeft(ctx, id)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &guard.Write{Object: fmt.Sprintf("contact %d", id), Meaning: contactObject(id), Asks: guard.AsksPerson, Question: d.deleteQuestion(c, left)}
	w.Bound = fmt.Sprintf("%q %q %q %q %+v", c.Name, c.Email, c.Phone, c.PersonalID, left)
	w.Preview = guard.Receipt{Object: contactObject(id), Changes: []guard.Change{{Field: "deleted", Before: false, After: true}},
		Via: []string{"DELETE /contacts/{id}"}, Notes: []string{left.sentence("en")}}
	gone := func(note string) *guard.Receipt {
		r := w.Preview
		r.Outcome, r.Notes = guard.Done, append([]string{}, r.Notes...)
		if note != "" {
			r.Notes = append(r.Notes, note)
		}
		return &r
	}
	w.Do = func(ctx context.Context) (*guard.Receipt, error) {
		note := ""
		switch err := d.api.DeleteContact(ctx, id); {
		case errors.Is(err, wisecx.ErrNotFound):
			note = "when the delete arrived, the contact was gone already"
		case err != nil:
			return nil, err
		}
		if d.seenGone(ctx, id) {
			return gone(note), nil
		}
		r := w.Preview
		r.Outcome, r.NotChanged, r.Changes = guard.Unknown, r.Changes, nil
		r.Notes = append([]string{"the API accepted the delete and was not seen to have done it: get_contact tells in a minute whether the contact is still there"}, r.Notes...)
		return &r, nil
	}
	w.Look = func(ctx context.Context, _ json.RawMessage) (*guard.Receipt, error) {
		if _, err := d.api.GetContact(ctx, id, "id"); !errors.Is(err, wisecx.ErrNotFound) {
			return nil, err
		}
		return gone(""), nil
	}
	return w, nil
}

// seenGone looks whether a contact is gone, until it is or about ten seconds are over.
func (d *Desk) seenGone(ctx context.Context, id int64) (gone bool) {
	_ = look(ctx, func() error {
		_, err := d.api.GetContact(ctx, id, "id")
		gone = errors.Is(err, wisecx.ErrNotFound)
		return err
	}, func(bool) bool { return gone })
	return gone
}

// leftBehind is how many cases a contact leaves.
type leftBehind struct {
	cases, open   int
	more, unknown bool // there are more than were counted; they could not be counted
}

// casesLeft counts the cases of a contact, as far as the API lists them.
func (d *Desk) casesLeft(ctx context.Context, id int64) (left leftBehind) {
	ask := CaseSearch{Fields: []string{"status"}, Limit: wisecx.MaxPage}
	ask.Where = []Where{{"contact", string(wisecx.Equal), []string{fmt.Sprint(id)}}}
	page, err := d.SearchCases(ctx, ask)
	if err != nil {
		return leftBehind{unknown: true}
	}
	left.cases, left.more = len(page.Rows), page.HasMore
	for _, row := range page.Rows {
		if isUnresolved(row) {
			left.open++
		}
	}
	return left
}

// sentence says it in a language.
func (l leftBehind) sentence(lang string) string {
	words := deleteWords[lang]
	switch {
	case l.unknown:
		return words.unknownCases
	case l.more:
		return fmt.Sprintf(words.manyCases, l.cases, l.open)
	case l.cases == 0:
		return words.noCases
	}
	return fmt.Sprintf(words.cases, l.cases, l.open)
}

// deleteQuestion says who would be deleted, what remains, and that it is final.
func (d *Desk) deleteQuestion(c *wisecx.Contact, left leftBehind) string {
	lang := d.lang
	if _, known := deleteWords[lang]; !known {
		lang = "en"
	}
	words := deleteWords[lang]
	name := words.nameless
	if c.Name != "" {
		name = fmt.Sprintf("%q", d.mask.Name(clip(text.Line(string(c.Name)), 80)))
	}
	var who []string
	for _, known := range []struct{ format, field string }{{words.email, "email"}, {words.phone, "phone"}, {words.document, "personal_id"}} {
		if shown, _ := d.contactCell(c, column{name: known.field, field: contactTable.must(known.field)}, lookups{}).(string); shown != "" {
			who = append(who, fmt.Sprintf(known.format, shown))
		}
	}
	if len(who) == 0 {
		who = []string{words.bare}
	}
	return fmt.Sprintf(words.question, name, int64(c.ID)) + " " + strings.Join(who, " ") + "\n" + left.sentence(lang) + "\n" + words.final
}

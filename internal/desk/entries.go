package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// EntryQuery is what list_directory asks. It is what a cursor holds.
type EntryQuery struct {
	Kind   string `json:"k,omitempty"`
	Field  string `json:"f,omitempty"` // whose options are listed
	Search string `json:"s,omitempty"`
}

// EntrySearch is a page of an EntryQuery.
type EntrySearch struct {
	EntryQuery
	Limit  int
	Cursor string
}

// EntryPage is a page of a directory.
type EntryPage struct {
	Page
	Total int // entries of that kind that fit
}

// entryKinds are what the directory lists, with the words that are taken for them.
var entryKinds = []struct {
	name string
	of   string // the list of names that is kept of it, "" for none
	also []string
}{
	{"queues", "queue", []string{"queue", "teams", "team", "areas", "area", "sectors", "sector", "colas", "cola", "filas", "fila", "equipos", "equipo"}},
	{"agents", "agent", []string{"agent", "users", "user", "agentes", "agente", "usuarios", "usuario", "bots", "bot", "assignees"}},
	{"types", "type", []string{"type", "case_types", "case_type", "categories", "category", "motivos", "motivo", "tipos", "tipo"}},
	{"tags", "tag", []string{"tag", "labels", "label", "etiquetas", "etiqueta"}},
	{"channels", "channel", []string{"channel", "canales", "canal", "canais", "mailboxes", "numbers"}},
	{"whatsapp_templates", "", []string{"whatsapp_template", "templates", "template", "plantillas", "plantilla", "modelos", "hsm"}},
	{"contact_groups", "contact_group", []string{"contact_group", "customer_groups", "grupos_de_contactos", "segments", "segmentos"}},
	{"surveys", "survey", []string{"survey", "encuestas", "encuesta", "pesquisas", "pesquisa"}},
	{"field_options", "", []string{"field_option", "options", "option", "custom_field_options", "opciones"}},
}

// kindOfEntries gives the kind that a word means, and the list of names that is kept of it.
func kindOfEntries(word string) (kind, of string, err error) {
	plain := func(s string) string { return strings.NewReplacer(" ", "_", "-", "_").Replace(text.Fold(s)) }
	folded, parted := plain(word), plain(snake(strings.TrimSpace(word)))
	refusal := &Refusal{Argument: "kind", Problem: fmt.Sprintf("%q is no kind of directory entry", clip(word, 60))}
	if folded == "" {
		refusal.Problem = "which kind is not said"
	}
	var kinds []string
	for _, k := range entryKinds {
		if folded == k.name || parted == k.name || slices.Contains(k.also, folded) || slices.Contains(k.also, parted) {
			return k.name, k.of, nil
		}
		kinds = append(kinds, k.name)
	}
	if folded == "groups" || folded == "group" || folded == "grupos" || folded == "grupo" {
		refusal.Problem = fmt.Sprintf("%q may be queues (teams of agents) or contact_groups (groups of customers)", word)
		refusal.Candidates = []string{"queues", "contact_groups"}
	} else {
		refusal.Candidates = text.Nearest(folded, kinds, 3)
	}
	refusal.Expected = "one of " + strings.Join(kinds, ", ")
	return "", "", refusal
}

// ListDirectory lists what is named elsewhere: queues, agents, types and so on, by name.
func (d *Desk) ListDirectory(ctx context.Context, ask EntrySearch) (*EntryPage, error) {
	from, now, err := resume(ask.Cursor, &ask.EntryQuery, d.now().In(d.zone))
	if err != nil {
		return nil, err
	}
	kind, of, err := kindOfEntries(ask.Kind)
	if err != nil {
		return nil, err
	}
	switch asked := strings.TrimSpace(ask.Field) != ""; {
	case kind == "field_options" && !asked:
		return nil, &Refusal{Argument: "field", Problem: "field_options are those of one custom field of cases, and none is named", Expected: "the name of a custom field, such as sucursal",
			Candidates: d.customNames(ctx)}
	case kind != "field_options" && asked:
		return nil, &Refusal{Argument: "field", Problem: "only field_options belong to a field", Expected: "no field, or kind field_options"}
	}
	entries, err := d.entriesOf(ctx, kind, of, ask.Field)
	if err != nil {
		return nil, err
	}
	page := &EntryPage{Page: Page{Timezone: d.zone.String(), query: encode(&ask.EntryQuery), now: now}}
	if read := len(entries); read >= directoryPages*wisecx.MaxPage {
		page.Notes = append(page.Notes, fmt.Sprintf("only the first %d %s were read", read, kind))
	}
	entries, notes := chosen(entries, kind, ask.Search)
	page.Total, page.Notes = len(entries), append(page.Notes, notes...)
	begin := min(from.place.Offset, len(entries))
	end := min(begin+ask.Limit, len(entries))
	for i := begin; i < end; i++ {
		page.Rows = append(page.Rows, entries[i].row)
		page.after = append(page.after, spot{place: scan.Place{Offset: i + 1}})
	}
	page.HasMore, page.next = end < len(entries), spot{place: scan.Place{Offset: end}}
	return page, nil
}

// listing is an entry as it is shown, with the words that find it.
type listing struct {
	name string
	also []string
	row  Row
}

// chosen are the entries that a search leaves, by name; where none holds its words, the nearest by spelling.
func chosen(entries []listing, kind, search string) ([]listing, []string) {
	slices.SortStableFunc(entries, func(a, b listing) int { return cmp.Compare(text.Fold(a.name), text.Fold(b.name)) })
	folded := text.Fold(search)
	if folded == "" {
		return entries, nil
	}
	hits := slices.DeleteFunc(slices.Clone(entries), func(e listing) bool { return !e.holds(folded) })
	if len(hits) > 0 {
		return hits, nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	for _, near := range text.Nearest(search, names, 10) {
		for _, e := range entries {
			if e.name == near {
				hits = append(hits, e)
			}
		}
	}
	if len(hits) > 0 {
		return hits, []string{fmt.Sprintf("none of the %s holds %q; these are the nearest by spelling", kind, clip(text.Line(search), 60))}
	}
	return nil, []string{fmt.Sprintf("none of the %d %s holds %q, and none is near; leave search out to see them all", len(entries), kind, clip(text.Line(search), 60))}
}

// holds tells whether an entry's texts have words that begin as those of a search, or its id is the search.
func (e listing) holds(folded string) bool {
	if fmt.Sprint(e.row.Get("id")) == folded {
		return true
	}
	whole := strings.Join(append(slices.Clone(e.also), e.name), " ")
	return holdsWords(strings.Join(wordsIn(whole), " "), strings.Join(wordsIn(folded), " ")) && len(wordsIn(folded)) > 0 || strings.Contains(text.Fold(whole), folded)
}

// entriesOf reads all entries of a kind.
func (d *Desk) entriesOf(ctx context.Context, kind, of, field string) ([]listing, error) {
	switch kind {
	case "whatsapp_templates":
		return d.templates(ctx)
	case "field_options":
		return d.fieldOptions(ctx, field)
	}
	list, err := d.directory.names(ctx, of)
	if err != nil {
		return nil, err
	}
	entries := make([]listing, 0, len(list.entries))
	for _, e := range list.entries {
		entries = append(entries, list.show(kind, e))
	}
	return entries, nil
}

// show gives an entry with what is useful of its kind.
func (n *names) show(kind string, e entry) listing {
	l := listing{name: e.name, also: e.also}
	also := func(i int) string {
		if i < len(e.also) {
			return clip(text.Line(e.also[i]), 100)
		}
		return ""
	}
	if kind == "types" {
		l.name = n.path(e)
	}
	l.row.set("id", e.id)
	l.row.set("name", clip(l.name, 200))
	switch kind {
	case "agents":
		l.row.set("email", also(1))
		if nick := also(0); nick != e.name {
			l.row.set("nick", nick)
		}
		l.row.set("bot", e.bot)
	case "channels":
		l.row.set("source", also(0))
	case "contact_groups":
		l.row.set("code", also(0))
	}
	return l
}

// placeholder is where a parameter goes in a template [I].
var placeholder = compiled(`\{\{\s*([^{}]{1,40}?)\s*\}\}`)

// templates reads the WhatsApp templates, each with the parameters that its text names.
func (d *Desk) templates(ctx context.Context) ([]listing, error) {
	rows, err := everyPage(ctx, keysIn(&wisecx.Templates), d.api.ListTemplates, func(t *wisecx.Template) string { return string(t.TemplateID) })
	if err != nil {
		return nil, err
	}
	var entries []listing
	for _, t := range rows {
		content := text.Clean(string(t.Content))
		var parameters []string
		for _, found := range placeholder().FindAllStringSubmatch(content, 50) {
			if !slices.Contains(parameters, found[1]) {
				parameters = append(parameters, found[1])
			}
		}
		l := listing{name: text.Line(string(t.Name)), also: []string{content, string(t.Number), string(t.Description)}}
		l.row.set("id", clip(text.Line(string(t.TemplateID)), 100))
		l.row.set("name", clip(l.name, 100))
		l.row.set("content", shorten(content, longSize))
		l.row.set("parameters", parameters)
		l.row.set("number", clip(text.Line(string(t.Number)), 60))
		l.row.set("number_name", clip(text.Line(string(t.Description)), 60))
		entries = append(entries, l)
	}
	return entries, nil
}

// fieldOptions reads the options of a custom field of cases.
func (d *Desk) fieldOptions(ctx context.Context, field string) ([]listing, error) {
	field = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(field), "custom."), wisecx.Cases.Prefix))
	if field == "" || isSecret(field) || strings.ContainsAny(field, "/\\") || strings.Trim(field, ".") == "" {
		return nil, &Refusal{Argument: "field", Problem: fmt.Sprintf("%q names no custom field", clip(field, 60)), Expected: "the name of a custom field of cases, such as sucursal"}
	}
	rows, err := everyPage(ctx, nil, func(ctx context.Context, q wisecx.Query) ([]wisecx.Option, error) {
		return d.api.ListFieldOptions(ctx, field, q)
	},
		func(o *wisecx.Option) string { return strconv.FormatInt(int64(o.ID), 10) + string(o.Value) })
	if errors.Is(err, wisecx.ErrBadRequest) || errors.Is(err, wisecx.ErrNotFound) {
		refusal := &Refusal{Argument: "field", Problem: fmt.Sprintf("the API knows no options of a field %q", clip(field, 60)), Expected: "a custom field of cases that has options"}
		refusal.Candidates = d.customNames(ctx)
		return nil, refusal
	}
	if err != nil {
		return nil, err
	}
	var entries []listing
	for _, o := range rows {
		l := listing{name: text.Line(string(o.Value))}
		l.row.set("id", int64(o.ID))
		l.row.set("value", clip(l.name, 200))
		entries = append(entries, l)
	}
	return entries, nil
}

// customNames are the custom fields of the newest cases; none where they cannot be had.
func (d *Desk) customNames(ctx context.Context) []string {
	cases, err := d.api.ListCases(ctx, wisecx.Query{Fields: []string{"id", "custom_fields"}, Sort: "id", Descending: true})
	if err != nil {
		return nil
	}
	var known []string
	for _, c := range cases {
		for _, f := range c.CustomFields {
			if name := clip(text.Line(string(f.Field)), 60); !slices.Contains(known, name) && !isSecret(name) && len(known) < 20 {
				known = append(known, name)
			}
		}
	}
	return known
}

// everyPage reads a list that is not kept, to its end. A list that knows no pages comes whole each time.
func everyPage[T any](ctx context.Context, keys []string, list func(context.Context, wisecx.Query) ([]T, error), id func(*T) string) ([]T, error) {
	var all []T
	seen := map[string]bool{}
	for page := 1; page <= directoryPages; page++ {
		rows, err := list(ctx, wisecx.Query{Fields: keys, Limit: wisecx.MaxPage, Page: page})
		if err != nil {
			return nil, err
		}
		known := len(all)
		for i := range rows {
			if key := id(&rows[i]); !seen[key] {
				seen[key] = true
				all = append(all, rows[i])
			}
		}
		if len(rows) < wisecx.MaxPage || len(all) == known {
			break
		}
	}
	return all, nil
}

package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

const (
	subjectSize = 300 // bytes of a stranger's line in a row
	longSize    = 1000
)

// Row is a thing with the fields that were asked for, in that order. Empty values are left out.
type Row []Cell

// Cell is one field of a Row.
type Cell struct {
	Name  string
	Value any
}

// JSONSchema says that a row is an object; its fields are those that were asked for.
func (Row) JSONSchema() string { return `{"type": "object"}` }

// MarshalJSON writes the row as an object.
func (r Row) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 512)
	out = append(out, '{')
	for i, cell := range r {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendText(out, cell.Name); err != nil {
			return nil, err
		}
		out = append(out, ':')
		if out, err = appendJSON(out, cell.Value); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// appendJSON writes a value; what is plain, as most is, without encoding/json's detours.
func appendJSON(out []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return appendText(out, v)
	case int64:
		return strconv.AppendInt(out, v, 10), nil
	}
	return appendEncoded(out, value)
}

func appendText(out []byte, s string) ([]byte, error) {
	if isPlain(s) {
		return append(append(append(out, '"'), s...), '"'), nil
	}
	return appendEncoded(out, s)
}

func appendEncoded(out []byte, value any) ([]byte, error) {
	var rest bytes.Buffer
	encoder := json.NewEncoder(&rest)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return append(out, bytes.TrimSuffix(rest.Bytes(), []byte("\n"))...), err
}

// isPlain tells whether a text stands in JSON as it is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// Get gives the value of a field, nil where there is none.
func (r Row) Get(name string) any {
	for _, cell := range r {
		if cell.Name == name {
			return cell.Value
		}
	}
	return nil
}

// With gives the row with another value of a field that it has.
func (r Row) With(name string, value any) Row {
	changed := slices.Clone(r)
	for i := range changed {
		if changed[i].Name == name {
			changed[i].Value = value
		}
	}
	return changed
}

// Clip cuts the row's texts to a number of bytes each, and what it holds many of to a tenth as many.
func (r Row) Clip(size int) Row {
	many := size/10 + 1
	cut := slices.Clone(r)
	for i, cell := range cut {
		cut[i].Name = shorten(cell.Name, max(size, 20))
		switch v := cell.Value.(type) {
		case string:
			cut[i].Value = shorten(v, size)
		case Row:
			cut[i].Value = v[:min(len(v), many)].Clip(size)
		case []string:
			list := slices.Clone(v[:min(len(v), many)])
			for j := range list {
				list[j] = shorten(list[j], size)
			}
			cut[i].Value = list
		}
	}
	return cut
}

// set adds a field unless it is empty.
func (r *Row) set(name string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case int64:
		if v == 0 {
			return
		}
	case bool:
		if !v {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	case Row:
		if len(v) == 0 {
			return
		}
	case nil:
		return
	}
	*r = append(*r, Cell{name, value})
}

// column is a field of a row as the caller named it.
type column struct {
	name   string
	field  *wisecx.Field
	custom string // a custom field's name
	raw    bool   // the id, not the name that it refers to
}

// columnsOf reads the `fields` of cases.
func columnsOf(fields []string) ([]column, error) { return caseTable.columns(fields) }

// lookups are the names that rows need, read at once.
type lookups struct {
	names    map[string]*names
	contacts map[int64]wisecx.Contact
}

// lookup reads the names that the columns need; contacts gives those of the rows, where a column wants them. What
// cannot be had costs the names, not the rows.
func (d *Desk) lookup(ctx context.Context, columns []column, contacts func() (map[int64]wisecx.Contact, error)) (lookups, []string) {
	found := lookups{names: map[string]*names{}}
	var notes []string
	var mu sync.Mutex
	var reading sync.WaitGroup
	missing := func(what string, err error) {
		notes = append(notes, fmt.Sprintf("%s are shown by id: %s", what, reason(err)))
	}
	for _, c := range columns {
		switch of := c.field.Refers; {
		case c.raw || of == "":
		case of == "contact":
			reading.Go(func() {
				contacts, err := contacts()
				mu.Lock()
				defer mu.Unlock()
				if found.contacts = contacts; err != nil {
					missing("contacts", err)
				}
			})
		default:
			reading.Go(func() {
				list, err := d.directory.names(ctx, of)
				mu.Lock()
				defer mu.Unlock()
				if found.names[of] = list; err != nil {
					missing(strings.ReplaceAll(of, "_", " ")+"s", err)
				}
			})
		}
	}
	reading.Wait()
	slices.Sort(notes)
	return found, notes
}

// looked adds the contact to columns where its name has to be masked in the words of others.
func (d *Desk) looked(columns []column) []column {
	shown := slices.ContainsFunc(columns, func(c column) bool { return c.name == "contact" })
	if !d.mask.Active() || shown {
		return columns
	}
	return append(slices.Clip(columns), column{name: "contact", field: caseField("contact")})
}

// numericTags tells whether some tag came as an id, where names are the rule.
func numericTags(cases []*wisecx.Case) bool {
	return slices.ContainsFunc(cases, func(c *wisecx.Case) bool {
		return slices.ContainsFunc(c.Tags, func(t string) bool { return text.Digits(t) == t })
	})
}

// caseRows shapes cases for the columns.
func (d *Desk) caseRows(ctx context.Context, cases []*wisecx.Case, columns []column) ([]Row, []string, error) {
	if len(cases) == 0 {
		return []Row{}, nil, ctx.Err()
	}
	looked := slices.DeleteFunc(slices.Clone(d.looked(columns)), func(c column) bool { return c.field.Refers == "tag" && !numericTags(cases) })
	found, notes := d.lookup(ctx, looked, func() (map[int64]wisecx.Contact, error) { return d.contactNames(ctx, cases) })
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	rows := rowsOf(cases, columns, func(c *wisecx.Case, col column) any { return d.cell(c, col, found) })
	return rows, append(notes, missingCustoms("cases", rows, columns)...), nil
}

// rowsOf shapes things for the columns.
func rowsOf[T any](things []*T, columns []column, cell func(*T, column) any) []Row {
	rows := make([]Row, len(things))
	for i, thing := range things {
		row := make(Row, 0, len(columns))
		for _, c := range columns {
			row.set(c.name, cell(thing, c))
		}
		rows[i] = row
	}
	return rows
}

// missingCustoms names the custom fields that were asked for and that no row has.
func missingCustoms(what string, rows []Row, columns []column) []string {
	var notes []string
	for _, c := range columns {
		if c.custom != "" && len(rows) > 0 && !slices.ContainsFunc(rows, func(r Row) bool { return r.Get(c.name) != nil }) {
			notes = append(notes, fmt.Sprintf("none of these %s has a custom field %q", what, clip(c.custom, 60)))
		}
	}
	return notes
}

// cell shows one field of a case.
func (d *Desk) cell(c *wisecx.Case, col column, found lookups) any {
	if col.custom != "" {
		return d.custom((*caseRecord)(c), col, d.mask)
	}
	if col.field.Name == "custom_fields" {
		return d.customFields(c.CustomFields)
	}
	values := (*caseRecord)(c).values(col.field.Name)
	if len(values) == 0 {
		return nil
	}
	switch col.field.Name {
	case "tags":
		return d.tags(c.Tags, found.names["tag"])
	case "subject", "summary":
		mask := d.mask
		if contact, ok := found.contacts[int64(c.ContactID)]; ok {
			mask = d.maskOf(&contact)
		}
		size := longSize
		if col.field.Name == "subject" {
			size = subjectSize
		}
		return shorten(mask.Words(text.Line(values[0].(string))), size)
	case "contact":
		if contact, ok := found.contacts[int64(c.ContactID)]; ok && !col.raw {
			return d.contactName(&contact)
		}
		if !col.raw {
			return fmt.Sprintf("#%d", c.ContactID)
		}
	}
	return d.plain(values[0], col, found)
}

// custom shows the custom field of a column.
func (d *Desk) custom(r record, col column, mask text.Mask) any {
	values := valuesOf(r, "", col.custom)
	if len(values) == 0 {
		return nil
	}
	return shorten(mask.Words(text.Line(values[0].(string))), longSize)
}

// plain shows a value that is nobody's words: an id by its name, a point in time in the person's zone.
func (d *Desk) plain(value any, col column, found lookups) any {
	switch v := value.(type) {
	case int64:
		if col.raw || col.field.Refers == "" {
			return v
		}
		return found.names[col.field.Refers].name(v)
	case string:
		return clip(text.Line(v), 100)
	case time.Time:
		return d.show(v)
	}
	return value
}

func (d *Desk) tags(tags wisecx.Texts, list *names) []string {
	var shown []string
	for _, t := range tags[:min(len(tags), 50)] {
		shown = append(shown, clip(text.Line(list.tag(t)), 60))
	}
	return shown
}

func (d *Desk) customFields(fields wisecx.CustomFields) Row { return customFieldsOf(fields, d.mask) }

// customFieldsOf shows custom fields, secret ones aside.
func customFieldsOf(fields wisecx.CustomFields, mask text.Mask) Row {
	var row Row
	for _, f := range fields[:min(len(fields), 50)] {
		if !isSecret(string(f.Field)) {
			row.set(clip(text.Line(string(f.Field)), 60), shorten(mask.Words(text.Line(string(f.Value))), subjectSize))
		}
	}
	return row
}

// said is a stranger's line: cleaned, masked where that is on, and cut.
func (d *Desk) said(s string, size int) string {
	return shorten(d.mask.Words(text.Line(s)), size)
}

func shorten(s string, size int) string {
	head, left := text.Cut(s, size)
	if left > 0 {
		head += "…"
	}
	return head
}

package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// ContactChanges are what a contact is to become, as the caller wrote it.
type ContactChanges struct {
	Name, Email, Phone, PersonalID, Organization, Address Value
	CustomFields                                          map[string]string // an empty value clears
	Expect                                                map[string]Value
}

// contactChange is one field of a contact that is to become something else.
type contactChange struct {
	field  *wisecx.Field
	custom string
	value  string // "" clears
	id     int64  // of an organization, 0 for none
}

// What a field of a contact may hold [I].
const (
	longestLine       = 255  // characters
	longestCustom     = 2000 // characters
	longestDocument   = 60
	mostCustoms       = 50
	longestCustomName = 100
)

// contactChanges reads what the caller wrote; have are the custom fields that the contact has.
func (d *Desk) contactChanges(ctx context.Context, have wisecx.CustomFields, ask ContactChanges) ([]contactChange, error) {
	var list []contactChange
	for _, one := range []struct {
		name  string
		value Value
	}{
		{"name", ask.Name}, {"email", ask.Email}, {"phone", ask.Phone}, {"personal_id", ask.PersonalID}, {"organization", ask.Organization}, {"address", ask.Address},
	} {
		if !one.value.Given {
			continue
		}
		ch, err := d.contactChange(ctx, one.name, one.value)
		if err != nil {
			return nil, err
		}
		list = append(list, ch)
	}
	customs, err := d.customChanges(ctx, have, ask.CustomFields)
	return append(list, customs...), err
}

// contactChange reads one field.
func (d *Desk) contactChange(ctx context.Context, name string, v Value) (ch contactChange, err error) {
	ch.field = contactTable.must(name)
	if v.Null {
		return ch, nil
	}
	if ch.value, err = d.lineToWrite(name, v.Text); err != nil {
		return ch, err
	}
	switch name {
	case "email":
		err = checkEmail(ch.value)
	case "phone":
		ch.value, err = phoneToWrite(ch.value)
	case "personal_id":
		if len([]rune(ch.value)) > longestDocument || len(wordsIn(ch.value)) == 0 {
			err = &Refusal{Argument: name, Problem: fmt.Sprintf("%q is none", clip(ch.value, 60)), Expected: "the number of a document, up to 60 characters"}
		}
	case "organization":
		f := &filter{Condition: wisecx.Condition{Field: ch.field}}
		if err = d.resolveID(ctx, f, name, "organization", ch.value); err == nil {
			ch.value, ch.id = "", f.Values[0].(int64)
		}
	}
	return ch, err
}

// lineToWrite checks a text of one line that goes into the account.
func (d *Desk) lineToWrite(argument, written string) (string, error) {
	line := strings.Join(strings.Fields(written), " ")
	switch {
	case line == "":
		return "", &Refusal{Argument: argument, Problem: "empty", Expected: "a value, or no " + argument + " at all; update_contact clears it with null"}
	case len([]rune(line)) > longestLine:
		return "", &Refusal{Argument: argument, Problem: fmt.Sprintf("%d characters", len([]rune(line))), Expected: fmt.Sprintf("at most %d characters", longestLine)}
	case strings.ContainsFunc(written, unicode.IsControl) || text.Line(line) != line:
		return "", &Refusal{Argument: argument, Problem: "it holds line ends, control or invisible characters", Expected: "one plain line"}
	}
	return line, d.noPseudonym(argument, line)
}

// pseudonym is how masking writes what it hides.
var pseudonym = compiled(`(?i)\b(email|phone|id|person|address)-[0-9a-f]{10}`)

// noPseudonym refuses to write what masking shows in place of a value.
func (d *Desk) noPseudonym(argument, value string) error {
	if !d.mask.Active() || !pseudonym().MatchString(value) {
		return nil
	}
	return &Refusal{Argument: argument, Problem: fmt.Sprintf("%q is a pseudonym that stands for what WISECX_MASK hides, and nothing to write into the account", clip(value, 60)),
		Expected: "the value itself, which a person has to give; or leave it out"}
}

// checkEmail refuses what is no bare address with a domain.
func checkEmail(written string) error {
	address, err := mail.ParseAddress(written)
	if err == nil && address.Address == written && len(written) <= 254 {
		_, domain, _ := strings.Cut(written, "@")
		if strings.Contains(strings.Trim(domain, "."), ".") && strings.Trim(domain, ".") == domain && !strings.Contains(domain, "[") {
			return nil
		}
	}
	return &Refusal{Argument: "email", Problem: fmt.Sprintf("%q is no e-mail address", clip(written, 60)), Expected: "such as ana@example.com, without a name around it"}
}

// phoneForm is what a phone may be written with.
var phoneForm = compiled(`^\+?[0-9 ().\-/]+$`)

// phoneToWrite gives a phone as the API keeps it, digits only; of 00 in front as of a plus nothing stays.
func phoneToWrite(written string) (string, error) {
	digits := text.Digits(written)
	if rest, found := strings.CutPrefix(digits, "00"); found {
		digits = rest
	}
	if !phoneForm().MatchString(written) || len(digits) < phoneDigits || len(digits) > 15 || strings.Trim(digits, "0") == "" {
		return "", &Refusal{Argument: "phone", Problem: fmt.Sprintf("%q is no phone", clip(written, 60)), Expected: "6 to 15 digits, best with + and country code, such as +54 9 11 5551-0005"}
	}
	return digits, nil
}

// secretNames are words for a password beyond those that the table of resources knows.
var secretNames = []string{"passwd", "pwd", "contrasena", "senha", "clave"}

// customChanges reads custom fields. A name that the account does not know is refused.
func (d *Desk) customChanges(ctx context.Context, have wisecx.CustomFields, fields map[string]string) ([]contactChange, error) {
	if len(fields) > mostCustoms {
		return nil, &Refusal{Argument: "custom_fields", Problem: fmt.Sprintf("%d fields", len(fields)), Expected: fmt.Sprintf("at most %d at once", mostCustoms)}
	}
	var list []contactChange
	for name, value := range fields {
		argument := "custom_fields." + text.Line(clip(name, 60))
		bare := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(name), "custom."), wisecx.Contacts.Prefix)
		switch {
		case !namesField(bare):
			return nil, &Refusal{Argument: argument, Problem: "it names no custom field", Expected: "the name of a custom field of contacts"}
		case isSecret(bare) || slices.Contains(secretNames, text.Fold(bare)):
			return nil, &Refusal{Argument: argument, Problem: "a contact's password is never read or written", Expected: "a person sets it in Wise CX"}
		case len([]rune(value)) > longestCustom:
			return nil, &Refusal{Argument: argument, Problem: "longer than 2,000 characters", Expected: "a shorter value"}
		}
		value = strings.ReplaceAll(value, "\r\n", "\n")
		if err := allSeen(argument, value); err != nil {
			return nil, err
		}
		if err := cmp.Or(sendsNoSecret(argument, have), d.noPseudonym(argument, value)); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(ch contactChange) bool { return text.Fold(ch.custom) == text.Fold(bare) }) {
			return nil, &Refusal{Argument: argument, Problem: "this field is named twice", Expected: "each field once"}
		}
		list = append(list, contactChange{field: contactTable.CustomField(bare), custom: bare, value: strings.TrimSpace(value)})
	}
	slices.SortFunc(list, func(a, b contactChange) int { return strings.Compare(a.custom, b.custom) })
	return list, d.spellCustoms(ctx, have, list)
}

// spellCustoms writes the names of custom fields as the account does: as the contact has them, else as the newest contacts
// do. Of a name that none of these has, the API is asked whether it filters by it.
func (d *Desk) spellCustoms(ctx context.Context, have wisecx.CustomFields, list []contactChange) error {
	known := namesOfCustoms(nil, have)
	for i := range list {
		at := indexFolded(known, list[i].custom)
		if at < 0 {
			contacts, err := d.api.ListContacts(ctx, wisecx.Query{Fields: []string{"id", "custom_fields"}, Sort: "id", Descending: true})
			if err != nil {
				return fmt.Errorf("custom_fields.%s: whether there is such a field cannot be told, so nothing was sent: %w", clip(list[i].custom, 60), err)
			}
			for _, c := range contacts {
				known = namesOfCustoms(known, c.CustomFields)
			}
			at = indexFolded(known, list[i].custom)
		}
		switch {
		case at >= 0:
			list[i].custom = known[at]
			list[i].field = contactTable.CustomField(known[at])
		case !d.filtersBy(ctx, list[i]):
			near := text.Nearest(list[i].custom, known, 3)
			if len(near) == 0 {
				near = known[:min(len(known), 10)]
			}
			return &Refusal{Argument: "custom_fields." + clip(list[i].custom, 60), Problem: "neither the API nor one of the newest contacts knows a custom field of this name",
				Expected: "a custom field of the account's contacts; a person makes new ones in Wise CX", Candidates: near}
		}
	}
	return nil
}

// filtersBy tells whether the API filters contacts by a custom field; it may also take an unknown one and not filter.
func (d *Desk) filtersBy(ctx context.Context, ch contactChange) bool {
	value := ch.value
	if value == "" {
		value = "?"
	}
	rows, err := d.api.ListContacts(ctx, wisecx.Query{Fields: []string{"id", "custom_fields"}, Limit: 1,
		Filter: []wisecx.Condition{{Field: ch.field, Operator: wisecx.Equal, Values: []any{value}}}})
	return err == nil && !slices.ContainsFunc(rows, func(c wisecx.Contact) bool { return len(valuesOf((*contactRecord)(&c), "", ch.custom)) == 0 })
}

func namesOfCustoms(known []string, fields wisecx.CustomFields) []string {
	for _, f := range fields {
		if name := string(f.Field); !slices.Contains(known, name) && !isSecret(name) {
			known = append(known, name)
		}
	}
	return known
}

func indexFolded(list []string, word string) int {
	return slices.IndexFunc(list, func(s string) bool { return text.Fold(s) == text.Fold(word) })
}

package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// mustHave notes that a member is missing.
func (o *document) mustHave(has bool, name string) {
	if !has {
		o.fail(missing(o.at + name))
	}
}

// line reads a text of one line. An empty one clears what is there [I].
func (o *document) line(name string, into *string) {
	text, has := o.text(name)
	if has && (utf8.RuneCountInString(text) > longestText || strings.ContainsAny(text, "\r\n")) {
		o.fail(bad("%s%s is one line of at most %d characters", o.at, name, longestText))
		return
	}
	if has {
		*into = text
	}
}

// What an e-mail address and a phone number look like is [I].
var (
	emailForm = compiled(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	phoneForm = compiled(`^\+?[-0-9 ().]+$`)
	noDigit   = compiled(`[^0-9]`)
)

func (o *document) email(c *Contact) {
	before := c.Email
	if o.line("email", &c.Email); c.Email != before && c.Email != "" && !emailForm().MatchString(c.Email) {
		o.fail(bad("Invalid %semail %q", o.at, cut(c.Email)))
	}
}

func (o *document) phone(c *Contact) {
	before := c.Phone
	o.line("phone", &c.Phone)
	count := len(noDigit().ReplaceAllString(c.Phone, ""))
	if c.Phone != before && c.Phone != "" && (!phoneForm().MatchString(c.Phone) || count < 6 || count > 20) {
		o.fail(bad("Invalid %sphone %q", o.at, cut(c.Phone)))
	}
}

// customFields merges what came into the fields that are there, by name; null and an empty text take a field away [I].
func (o *document) customFields(present []CustomField, known map[string]bool, options map[string][]FieldOption) []CustomField {
	o.each("custom_fields", func(o *document) {
		field, hasField := o.text("field")
		o.mustHave(hasField, "field")
		value, hasValue := "", o.null("value")
		if !hasValue {
			value, hasValue = o.text("value")
		}
		o.mustHave(hasValue, "value")
		offered, offers := options[field]
		switch {
		case o.failed():
			return
		case !known[field]:
			o.fail(bad("Unknown custom field %q", cut(field)))
		case len(value) > largestField:
			o.fail(bad("%svalue is longer than %d bytes", o.at, largestField))
		case offers && value != "" && !slices.ContainsFunc(offered, func(x FieldOption) bool { return x.Value == value }):
			o.fail(bad("%q is no option of the custom field %q", cut(value), field))
		}
		present = withField(present, field, value)
	})
	return present
}

// withField leaves the fields it is given alone: others hold them, too.
func withField(fields []CustomField, name, value string) []CustomField {
	if old, has := customValue(fields, name); has == (value != "") && old == value {
		return fields
	}
	at := slices.IndexFunc(fields, func(f CustomField) bool { return f.Field == name })
	fields = slices.Clone(fields)
	switch {
	case value == "":
		return slices.Delete(fields, at, at+1)
	case at < 0:
		return append(fields, CustomField{name, value})
	}
	fields[at].Value = value
	return fields
}

// attachments are files that lie elsewhere, {"name", "url"} [I].
func (o *document) attachments() []Attachment {
	var list []Attachment
	o.each("attachments", func(o *document) {
		name, hasName := o.short("name")
		o.mustHave(hasName, "name")
		url, hasURL := o.text("url")
		if o.mustHave(hasURL, "url"); !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
			o.fail(bad("%surl is no address of the web", o.at))
		}
		list = append(list, Attachment{name, url})
	})
	return list
}

// compiled is a regular expression that is compiled at its first use: the start compiles none.
func compiled(source string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })
}

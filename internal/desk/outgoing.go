package desk

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// How long a message may be, in characters: WhatsApp's own limit, and one for all other channels [I].
const (
	longestWhatsApp = 4096
	longestMessage  = 20000
)

// leftover is a place that somebody meant to fill in: {{1}}, {nombre}, [nombre del cliente]; not a link, [text](address), nor
// a number or a mark in brackets, [A-123], [1], [x], which people write.
var leftover = compiled(`(\{\{[^{}\n]*\}\}|\{\s*\p{L}[\p{L}\p{N} _.-]{0,40}\})|(\[\s*(?:\p{L}+[ _.-]+){0,6}\p{L}{2,}(?:[ _.-]+\p{L}+){0,6}\s*\])(?:[^(]|$)`)

// outgoing checks a text that a customer is to read, and gives it as it is sent.
func outgoing(argument, said, channel string) (string, error) {
	longest := longestMessage
	if channel == whatsApp {
		longest = longestWhatsApp
	}
	said = strings.TrimSpace(strings.ReplaceAll(said, "\r\n", "\n"))
	refuse := func(expected, problem string, values ...any) (string, error) {
		return "", &Refusal{Argument: argument, Problem: fmt.Sprintf(problem, values...) + "; nothing was sent", Expected: expected}
	}
	if n := utf8.RuneCountInString(said); n > longest {
		return refuse(fmt.Sprintf("at most %d characters", longest), "%d characters are too many", n)
	}
	if !utf8.ValidString(said) || strings.ContainsRune(said, utf8.RuneError) {
		return refuse("the text anew", "some of it is no valid text (bytes that are no UTF-8, or what is left of such)")
	}
	if text.Clean(said) == "" {
		return refuse("what the customer is to read", "it says nothing: it is empty, or all of it is blank or invisible")
	}
	if err := allSeen(argument, said); err != nil {
		return "", err
	}
	if found := leftover().FindStringSubmatch(said); found != nil {
		return refuse("the words themselves; square and curly brackets are taken for places that were not filled in", "%s is still to be filled in", clip(found[1]+found[2], 60))
	}
	return said, nil
}

// allSeen refuses a text that holds a character which people cannot see: a control, but for line ends and tabs, or one
// that is invisible or changes how others show.
func allSeen(argument, said string) error {
	r, found := hidden(said)
	if !found {
		return nil
	}
	return &Refusal{Argument: argument, Expected: "the text without it",
		Problem: fmt.Sprintf("it holds the character U+%04X, which shows nothing or changes how the rest shows, so that people would not see what they agree to; nothing was sent", r)}
}

// hidden gives the first character of a text that a person cannot see, if there is one. Blanks count as seen.
func hidden(said string) (r rune, found bool) {
	isControl := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if at := strings.IndexFunc(said, isControl); at >= 0 {
		r, _ = utf8.DecodeRuneInString(said[at:])
		return r, true
	}
	clean := []rune(withoutBlanks(text.Clean(said)))
	for i, r := range []rune(withoutBlanks(said)) {
		if i == len(clean) || r != clean[i] {
			return r, true
		}
	}
	return 0, false
}

func withoutBlanks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == 0x2800 {
			return -1
		}
		return r
	}, s)
}

// revealed puts the pseudonyms of the case's contact back to what they stand for. Those of others are refused.
func (d *Desk) revealed(argument, said string, c *wisecx.Contact) (string, error) {
	var person text.Person
	if c != nil {
		person = text.Person{Names: []string{string(c.Name)}, Emails: []string{string(c.Email)}, Phones: []string{string(c.Phone)},
			PersonalIDs: []string{string(c.PersonalID)}, Addresses: []string{string(c.Address)}}
	}
	restored, strange := d.mask.Restore(said, person)
	if len(strange) > 0 {
		return "", &Refusal{Argument: argument, Problem: clip(strange[0], 60) + " stands for somebody's data that is hidden here, and not for that of this case's contact; nothing was sent",
			Expected: "only pseudonyms of the case's own contact, or the words themselves"}
	}
	return restored, nil
}

// talks tells whether a channel takes messages: nobody can be written to on a call.
func talks(channel wisecx.Text) bool {
	return channel != "phone" && channel != "incoming_call"
}

// sameWords tells whether a message says what was sent, whether the API kept it as text or as HTML, and however it is
// broken into lines.
func sameWords(content wisecx.Text, sent ...string) bool {
	kept := string(content)
	for _, s := range sent {
		want := withoutBlanks(text.Clean(s))
		if want != "" && (withoutBlanks(text.Clean(kept)) == want || withoutBlanks(text.Said(kept)) == withoutBlanks(text.Said(s))) {
			return true
		}
	}
	return false
}

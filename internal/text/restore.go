package text

import (
	"strings"
	"unicode/utf8"
)

// Restore puts what is known of a person in the place of the pseudonyms that this mask gives it. strange are the other
// pseudonyms in s, of people of whom nothing is known here; they stay. Both cases of letters are taken, since those who
// write may begin a sentence with a pseudonym.
func (m Mask) Restore(s string, person Person) (restored string, strange []string) {
	if !m.Active() {
		return s, nil
	}
	if !utf8.ValidString(s) { // mapping bytes that are no text would move the places
		return s, []string{"bytes that are no text"}
	}
	values := map[string]string{}
	for _, field := range []struct {
		values []string
		masked func(string) string
	}{{person.Names, m.Name}, {person.Emails, m.Email}, {person.Phones, m.Phone}, {person.PersonalIDs, m.PersonalID}, {person.Addresses, m.Address}} {
		for _, value := range field.values {
			if name := field.masked(value); name != value {
				values[name] = value
			}
		}
	}
	var out strings.Builder
	lower := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
	for i := 0; i < len(s); {
		end := i + pseudonymAt(lower[i:])
		switch value, known := values[lower[i:end]]; {
		case end == i:
			out.WriteByte(s[i])
			i++
			continue
		case known:
			out.WriteString(value)
		default:
			strange = append(strange, s[i:end])
			out.WriteString(s[i:end])
		}
		i = end
	}
	return out.String(), strange
}

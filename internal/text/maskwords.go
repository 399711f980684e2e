package text

import (
	"strings"
	"unicode/utf8"
)

// Person is what is known of the contact whose case a text belongs to.
type Person struct {
	Names, Phones, PersonalIDs []string
	Addresses                  []string // postal
	Emails                     []string // for Restore alone: Words finds them by their form
}

// known is what a mask knows of a person: the pseudonyms by the words of the names, by the digits of the numbers and for
// the addresses.
type known struct {
	names     map[string]string
	numbers   map[string]string
	addresses []knownAddress
}

// knownAddress is an address, or its street and number, as the words that follow each other in a text.
type knownAddress struct {
	words  []string // folded
	masked string
}

// Knowing gives a mask that also finds this person's numbers in a text, however they are written, as the kind they
// are and, for phones, without the country code; and in the mode all the words of their names, and their addresses.
func (m Mask) Knowing(person Person) Mask {
	if !m.Active() {
		return m
	}
	m.known = known{names: map[string]string{}, numbers: map[string]string{}}
	for _, phone := range person.Phones {
		if digits := Digits(phone); len(digits) >= minNumber {
			m.known.numbers[digits] = m.Phone(phone)
		}
	}
	for _, id := range person.PersonalIDs {
		if digits := Digits(id); len(digits) >= minNumber {
			m.known.numbers[digits] = m.PersonalID(id)
		}
	}
	if m.level < maskAll {
		return m
	}
	for _, address := range person.Addresses {
		street, _, _ := strings.Cut(address, ",")
		for _, part := range []string{address, street} {
			if words := addressWords(part); len(words) > 1 && strings.ContainsAny(part, "0123456789") {
				m.known.addresses = append(m.known.addresses, knownAddress{words, m.Address(address)})
			}
		}
	}
	for _, name := range person.Names {
		eachWord(Fold(name), func(word string, _, _ int) {
			if utf8.RuneCountInString(word) >= 3 && !isParticle(word) {
				m.known.names[word] = m.Name(name)
			}
		})
	}
	return m
}

// isParticle tells whether a word of names is a word of every sentence too.
func isParticle(word string) bool {
	switch word {
	case "del", "las", "los", "dos", "das", "von", "van", "the", "san", "srta", "sra", "don", "dona":
		return true
	}
	return false
}

// addressWords are the words of a postal address, folded.
func addressWords(address string) []string {
	var words []string
	eachWord(address, func(word string, _, _ int) { words = append(words, Fold(word)) })
	return words
}

// Words masks what identifies a person in a text: e-mail addresses, numbers that look like a phone's or a
// document's, and what the mask knows of the person. They get the pseudonyms that the methods for single values give.
// Dates, times, amounts with decimals and numbers of up to six digits stay.
func (m Mask) Words(s string) string {
	if !m.Active() {
		return s
	}
	s = m.maskEmails(s)
	s = m.maskAddresses(s)
	s = m.maskNumbers(s)
	return m.maskNames(s)
}

func (m Mask) maskEmails(s string) string {
	var out strings.Builder
	done := 0
	for from := 0; ; {
		at, sign := nextAt(s, from)
		if at < 0 {
			break
		}
		from = at + len(sign)
		start, end := emailAround(s, at, from, done)
		if start == at || end == from {
			continue
		}
		out.WriteString(s[done:start])
		out.WriteString(m.Email(s[start:at] + "@" + s[from:end]))
		done, from = end, end
	}
	if done == 0 {
		return s
	}
	return out.String() + s[done:]
}

// nextAt finds the next @, or how links spell it.
func nextAt(s string, from int) (at int, sign string) {
	at = -1
	for _, spelled := range [...]string{"@", "%40"} {
		if i := strings.Index(s[from:], spelled); i >= 0 && (at < 0 || from+i < at) {
			at, sign = from+i, spelled
		}
	}
	return at, sign
}

// emailAround finds where the address around the @ starts and ends, which itself ends at after; one of both is at the @
// when there is none.
func emailAround(s string, at, after, least int) (start, end int) {
	start = at
	for start > least && (isNamePart(s[start-1]) || strings.IndexByte("._%+'", s[start-1]) >= 0) {
		start--
	}
	for start < at && strings.IndexByte(".'%+", s[start]) >= 0 {
		start++
	}
	end = after
	dot := -1
	for end < len(s) && (isNamePart(s[end]) || s[end] == '.') {
		if s[end] == '.' && dot < 0 {
			dot = end
		}
		end++
	}
	for end > after && (s[end-1] == '.' || s[end-1] == '-') {
		end--
	}
	if dot < 0 || dot >= end || dot == after {
		return at, after
	}
	return start, end
}

// isNamePart tells whether a byte is a letter, a digit, a dash, or of a letter beyond ASCII.
func isNamePart(c byte) bool {
	class := classes[c]
	return class == lowerClass || class == upperClass || class == digitClass || c == '-' || c >= utf8.RuneSelf
}

func (m Mask) maskNumbers(s string) string {
	var out strings.Builder
	done := 0
	for i := 0; i < len(s); {
		if n := pseudonymAt(s[i:]); n > 0 {
			i += n
			continue
		}
		if !startsNumber(s, i) {
			i++
			continue
		}
		end, masked := m.number(s, i)
		if masked != "" {
			out.WriteString(s[done:i])
			out.WriteString(masked)
			done = end
		}
		i = max(end, i+1)
	}
	if done == 0 {
		return s
	}
	return out.String() + s[done:]
}

// maskAddresses replaces the known addresses, however their words are parted.
func (m Mask) maskAddresses(s string) string {
	if len(m.known.addresses) == 0 {
		return s
	}
	type place struct {
		word       string
		start, end int
	}
	var words []place
	eachWord(s, func(word string, start, end int) { words = append(words, place{Fold(word), start, end}) })
	var out strings.Builder
	done := 0
	for i := 0; i < len(words); i++ {
		for _, a := range m.known.addresses {
			n := len(a.words)
			if i+n > len(words) {
				continue
			}
			fits := true
			for j, word := range a.words {
				at := words[i+j]
				fits = fits && at.word == word && (j == 0 || at.start-words[i+j-1].end <= mostBetween)
			}
			if fits {
				out.WriteString(s[done:words[i].start])
				out.WriteString(a.masked)
				done = words[i+n-1].end
				i += n - 1
				break
			}
		}
	}
	if done == 0 {
		return s
	}
	return out.String() + s[done:]
}

// mostBetween is how many bytes part two words of an address: ", N° ".
const mostBetween = 4

// maskNames replaces the known words of names. Those that follow each other are one name.
func (m Mask) maskNames(s string) string {
	if len(m.known.names) == 0 {
		return s
	}
	var out strings.Builder
	done, last := 0, ""
	eachWord(s, func(word string, start, end int) {
		masked, found := m.known.names[Fold(word)]
		switch {
		case start < done || !found || insidePseudonym(s, start):
			return
		case masked == last && done > 0 && strings.TrimSpace(s[done:start]) == "" && start-done <= 2:
			done = end
			return
		}
		out.WriteString(s[done:start])
		out.WriteString(masked)
		done, last = end, masked
	})
	if done == 0 {
		return s
	}
	return out.String() + s[done:]
}

// insidePseudonym tells whether the word at this place is the kind that a pseudonym starts with.
func insidePseudonym(s string, start int) bool { return pseudonymAt(s[start:]) > 0 }

package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words gives the words of s for comparing: folded, and brought to a form that singular and plural share in
// Spanish and Portuguese (and mostly in English). It is a key, not a word to show: "devoluciones" gives
// "devolucion", "clientes" and "cliente" give "client". Letters and digits part: "AR-1234" and "AR1234" both give
// "ar", "1234".
func Words(s string) []string {
	var words []string
	eachWord(Fold(s), func(word string, _, _ int) { words = append(words, stem(word)) })
	return words
}

// eachWord calls yield for every run of letters and every run of digits in s, with its place.
func eachWord(s string, yield func(word string, start, end int)) {
	start, kind := 0, other
	for i, r := range s {
		now := kindOf(r)
		if now == mark && kind != other {
			continue
		}
		if now != kind {
			if kind == letter || kind == digit {
				yield(s[start:i], start, i)
			}
			start, kind = i, now
		}
	}
	if kind == letter || kind == digit {
		yield(s[start:], start, len(s))
	}
}

type runeKind int

const (
	other runeKind = iota
	letter
	digit
	mark
)

func kindOf(r rune) runeKind {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r >= '0' && r <= '9':
			return digit
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return letter
		}
		return other
	case unicode.IsLetter(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	case unicode.IsMark(r):
		return mark
	}
	return other
}

// stem brings the folded word to a form that singular and plural share. Both are shortened, which is what makes
// "luz" and "luces", "clientes" and "cliente", "interés" and "intereses" meet.
func stem(word string) string {
	if len(word) <= 3 || word[len(word)-1] >= utf8.RuneSelf {
		return lastLetter(word)
	}
	for len(word) > 4 && word[len(word)-1] == 's' {
		word = word[:len(word)-1]
		switch {
		case strings.HasSuffix(word, "ai"), strings.HasSuffix(word, "ei"), strings.HasSuffix(word, "oi"), strings.HasSuffix(word, "ui"):
			return word[:len(word)-1] + "l" // animais and animal, papéis and papel
		case len(word) > 3 && word[len(word)-1] == 'e':
			word = word[:len(word)-1] // devoluciones, devoluções, clientes
		}
	}
	if len(word) > 3 && word[len(word)-1] == 'e' {
		word = word[:len(word)-1]
	}
	if len(word) > 3 && strings.HasSuffix(word, "ao") {
		return word[:len(word)-2] + "o" // devolução, whose plural was left as devoluço
	}
	return lastLetter(word)
}

// lastLetter evens out the letters that change in the plural: luz and luces, mensagem and mensagens, company and
// companies.
func lastLetter(word string) string {
	if len(word) < 3 {
		return word
	}
	switch head := word[:len(word)-1]; word[len(word)-1] {
	case 'z':
		return head + "c"
	case 'm':
		return head + "n"
	case 'y':
		return head + "i"
	}
	return word
}

// Query is a text to look for. The zero Query matches everything.
type Query struct {
	words  []string
	digits []string
	raw    string // for a text without a single word, such as an emoji
}

// NewQuery makes a query of what a person typed. Digits that only blanks, dots, dashes, slashes or brackets part are
// one number.
func NewQuery(text string) Query {
	folded := Fold(text)
	var query Query
	eachWord(folded, func(word string, _, _ int) {
		if kindOf(rune(word[0])) != digit {
			query.words = append(query.words, stem(word))
		}
	})
	for _, group := range numberGroups(folded) {
		query.digits = append(query.digits, strings.Join(group, ""))
	}
	if len(query.words)+len(query.digits) == 0 {
		query.raw = folded
	}
	return query
}

// IsEmpty tells whether the query asks for nothing.
func (q Query) IsEmpty() bool { return len(q.words)+len(q.digits) == 0 && q.raw == "" }

// Matches tells whether every word of the query is a whole word of one of the texts, accents and plurals aside, and
// every number stands there whatever parts its digits. Numbers match whole: 5347 is not found in 534787. From
// eight digits on the start may be missing, because people leave out the country code of a phone.
func (q Query) Matches(texts ...string) bool {
	if q.IsEmpty() {
		return true
	}
	missing := len(q.words) + len(q.digits)
	found := make([]bool, missing)
	for _, text := range texts {
		folded := Fold(text)
		if q.raw != "" {
			if strings.Contains(folded, q.raw) {
				return true
			}
			continue
		}
		missing -= q.markWords(folded, found[:len(q.words)])
		missing -= q.markNumbers(folded, found[len(q.words):])
		if missing == 0 {
			return true
		}
	}
	return false
}

func (q Query) markWords(folded string, found []bool) (count int) {
	if len(q.words) == 0 {
		return 0
	}
	eachWord(folded, func(word string, _, _ int) {
		key := stem(word)
		for i, wanted := range q.words {
			if !found[i] && wanted == key {
				found[i] = true
				count++
			}
		}
	})
	return count
}

func (q Query) markNumbers(folded string, found []bool) (count int) {
	if len(q.digits) == 0 {
		return 0
	}
	groups := numberGroups(folded)
	for i, wanted := range q.digits {
		if !found[i] && anyGroupHas(groups, wanted) {
			found[i] = true
			count++
		}
	}
	return count
}

// phoneDigits is how many digits a number must have to be found without its start.
const phoneDigits = 8

func anyGroupHas(groups [][]string, wanted string) bool {
	for _, group := range groups {
		for from := range group {
			if groupHas(group[from:], wanted) {
				return true
			}
		}
	}
	return false
}

// groupHas tells whether the first runs of digits, put together, are the wanted number or end with it.
func groupHas(runs []string, wanted string) bool {
	joined := ""
	for _, run := range runs {
		if joined += run; joined == wanted || len(wanted) >= phoneDigits && strings.HasSuffix(joined, wanted) {
			return true
		}
		// Nothing is left to find once the number is longer by more than a country and an area code can be.
		if len(joined) > len(wanted)+phoneDigits {
			return false
		}
	}
	return false
}

// numberGroups gives the runs of digits in s, those together that only blanks, dots, dashes, slashes, brackets or
// a plus part.
func numberGroups(s string) [][]string {
	var groups [][]string
	last := -1
	eachWord(s, func(word string, start, end int) {
		if kindOf(rune(word[0])) != digit {
			return
		}
		if last >= 0 && start-last <= 3 && strings.Trim(s[last:start], " .-/()+") == "" {
			groups[len(groups)-1] = append(groups[len(groups)-1], word)
		} else {
			groups = append(groups, []string{word})
		}
		last = end
	})
	return groups
}

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

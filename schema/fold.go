package schema

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestWord bounds what is compared word by word; no name and no value of a vocabulary is longer.
const longestWord = 64

// fold reduces a word to what matters when words are compared: lower case, without accents, and without spaces,
// hyphens and underscores. "En espera", "en-espera" and "EN_ESPERA" are the same.
func fold(word string) string {
	if len(word) > longestWord {
		return word
	}
	var folded [2 * longestWord]byte
	to := folded[:0]
	for _, char := range word {
		switch char {
		case ' ', '-', '_', '\t', '\n', '\u00a0':
			continue
		}
		if char = plainLetter(unicode.ToLower(char)); char != 0 {
			to = utf8.AppendRune(to, char)
		}
	}
	return string(to)
}

// plainLetter takes the accent off a lower-case letter of Spanish or Portuguese. It returns 0 for an accent that
// stands alone, as in decomposed text.
func plainLetter(char rune) rune {
	switch char {
	case 'á', 'à', 'â', 'ã', 'ä':
		return 'a'
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ó', 'ò', 'ô', 'õ', 'ö':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	case 'ç':
		return 'c'
	case 'ñ':
		return 'n'
	}
	if char >= 0x0300 && char <= 0x036f {
		return 0
	}
	return char
}

// snakeCase turns createdAfter, created-after, CreatedAfter, "created after" and CREATED_AFTER into created_after.
func snakeCase(name string) string {
	runes := []rune(strings.TrimSpace(name))
	var snake strings.Builder
	last := '_'
	for i, char := range runes {
		switch {
		case char == '-' || char == ' ' || char == '.' || char == '_':
			if last != '_' {
				snake.WriteByte('_')
				last = '_'
			}
			continue
		case unicode.IsUpper(char) && last != '_' && startsWord(runes, i):
			snake.WriteByte('_')
		}
		if char = plainLetter(unicode.ToLower(char)); char != 0 {
			snake.WriteRune(char)
			last = char
		}
	}
	return strings.TrimSuffix(snake.String(), "_")
}

// startsWord reports whether the upper-case letter at i begins a word: caseID has two, CASE_ID does not have six.
func startsWord(runes []rune, i int) bool {
	if !unicode.IsUpper(runes[i-1]) {
		return true
	}
	return i+1 < len(runes) && unicode.IsLower(runes[i+1])
}

package schema

import (
	"encoding/json"
	"strconv"
	"strings"
)

// wholeNumber returns a JSON number without fraction and exponent, every digit kept: 42.0 is 42 and 1e3 is 1000.
// It is false for 42.5, and for what would be longer than any id.
func wholeNumber(literal string) (json.Number, bool) {
	if isDigits(literal) {
		return json.Number(literal), true
	}
	const longestWhole = 40
	mantissa, exponent := literal, 0
	if at := strings.IndexAny(literal, "eE"); at >= 0 {
		var err error
		if exponent, err = strconv.Atoi(strings.TrimPrefix(literal[at+1:], "+")); err != nil {
			return "", false
		}
		mantissa = literal[:at]
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	fraction = strings.TrimRight(fraction, "0")
	digits := whole + fraction
	zeros := exponent - len(fraction)
	for zeros < 0 && strings.HasSuffix(digits, "0") {
		digits, zeros = digits[:len(digits)-1], zeros+1
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return "0", true
	}
	if zeros < 0 || len(digits)+zeros > longestWhole {
		return "", false
	}
	return json.Number(sign + digits + strings.Repeat("0", zeros)), true
}

// isDigits reports whether text is a whole number as JSON writes it, the common case.
func isDigits(text string) bool {
	if text == "" || text[0] == '0' && len(text) > 1 {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// numberIn reads a number that came as text: " 42 ", "+42", "0042", "1e3", and "#534787" or "case 534787" where a
// whole number is expected. Separators of thousands and decimal commas are left alone: 1,234 may be either, or two numbers.
func numberIn(text string, whole bool) (json.Number, bool) {
	text = strings.TrimSpace(text)
	if whole {
		text = strings.TrimSpace(strings.TrimPrefix(text, "#"))
		for _, word := range []string{"case", "caso", "ticket"} {
			if len(text) > len(word) && strings.EqualFold(text[:len(word)], word) {
				text = strings.TrimLeft(text[len(word):], " #")
			}
		}
	}
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "-", rest
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	for len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9' {
		text = text[1:]
	}
	if text == "" || text[0] < '0' || text[0] > '9' || !ordinary(text) || !json.Valid([]byte(text)) {
		return "", false
	}
	if whole {
		return wholeNumber(sign + text)
	}
	return json.Number(sign + text), true
}

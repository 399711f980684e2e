package text

import (
	"slices"
	"strings"
)

// SamePhone tells whether two phone numbers are the same however they are written: with or without plus, country
// code, trunk zero and what parts the digits, with or without what marks a mobile in Argentina (9, 15) and Mexico (1),
// and the ninth digit of Brazil's. A number without its area code is the same as one that ends with it, from eight
// digits on. Where neither says its country, numbers of two countries can be taken for the same.
func SamePhone(a, b string) bool {
	others := readPhone(b)
	for _, reading := range readPhone(a) {
		if slices.ContainsFunc(others, reading.same) {
			return true
		}
	}
	return false
}

// SameDocument tells whether two numbers of personal documents (DNI, CUIT, CPF, RUT, CURP) are the same, whatever dots,
// dashes, slashes, blanks, case, zeros in front and the document's name before them.
func SameDocument(a, b string) bool {
	key := documentKey(a)
	return key != "" && key == documentKey(b)
}

// documentKey is what the ways to write a document's number have in common, "" for what has no digit.
func documentKey(id string) string {
	if Digits(id) == "" {
		return ""
	}
	key := idKey(id)
	if name := key[:strings.IndexFunc(key, isDigit)]; numberLabels[name] {
		key = key[len(name):]
	}
	return strings.TrimLeft(key, "0")
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// phone is one reading of what somebody wrote.
type phone struct {
	country  string // its code, "" when it is not written
	national string // what follows: with the code as it is always dialled, without it as written
}

// country is what there is to know of a country's phone numbers.
type country struct {
	code     string
	min, max int // digits of a whole number, as bare makes it
	bare     func(national string) string
}

// countries are those of Latin America, North America, Spain and Portugal. Lengths are from their numbering plans.
var countries = []country{
	{"54", 10, 10, bareArgentine}, {"55", 10, 11, bareBrazilian}, {"52", 10, 10, bareMexican}, {"56", 9, 9, nil}, {"57", 10, 10, nil}, {"51", 8, 9, nil},
	{"58", 10, 10, nil}, {"598", 7, 8, nil}, {"595", 8, 9, nil}, {"591", 8, 8, nil}, {"593", 8, 9, nil}, {"506", 8, 8, nil}, {"507", 7, 8, nil},
	{"502", 8, 8, nil}, {"503", 8, 8, nil}, {"504", 8, 8, nil}, {"505", 8, 8, nil}, {"1", 10, 10, nil}, {"34", 9, 9, nil}, {"351", 9, 9, nil},
}

// nationalForm brings a number without country code to the form in which it is always the same.
func (c *country) nationalForm(digits string) string {
	digits = strings.TrimLeft(digits, "0")
	if c.bare != nil {
		digits = c.bare(digits)
	}
	return digits
}

// readPhone gives the readings of what somebody wrote: with a plus the number of a country, without one perhaps.
func readPhone(s string) []phone {
	s = beforeExtension(s)
	digits := Digits(s)
	international := strings.Contains(s, "+")
	if rest, found := strings.CutPrefix(digits, "00"); found && len(rest) >= 10 {
		digits, international = rest, true
	}
	if digits == "" || len(digits) > maxPhone+3 { // Argentina's 15 and a trunk zero come on top
		return nil
	}
	var readings []phone
	for i := range countries {
		c := &countries[i]
		rest, found := strings.CutPrefix(digits, c.code)
		if national := c.nationalForm(rest); found && len(national) >= c.min && len(national) <= c.max {
			readings = append(readings, phone{c.code, national})
		}
	}
	switch {
	case !international:
		readings = append(readings, phone{"", strings.TrimLeft(digits, "0")})
	case len(readings) == 0:
		readings = append(readings, phone{digits, ""}) // of a country that is not listed
	}
	return readings
}

// beforeExtension cuts off what follows a number: "int. 4", "x12", "@s.whatsapp.net".
func beforeExtension(s string) string {
	digits := 0
	for i := range len(s) {
		switch classes[s[i]] {
		case digitClass:
			digits++
		case lowerClass, upperClass:
			if digits >= minNumber {
				return s[:i]
			}
		}
	}
	return s
}

// same tells whether two readings are the same number.
func (p phone) same(other phone) bool {
	switch {
	case p.country != "" && other.country != "":
		return p == other
	case p.country == "" && other.country == "":
		return sameLocal(p.national, other.national)
	case p.country == "":
		p, other = other, p
	}
	for i := range countries {
		if c := &countries[i]; c.code == p.country {
			local := c.nationalForm(other.national)
			return local == p.national || len(local) < c.min && endsWithLocal(p.national, local)
		}
	}
	return len(p.country) <= len(other.national)+3 && endsWithLocal(p.country, other.national)
}

// sameLocal tells whether two numbers without country codes are the same, in one of the countries that have more
// than one way to write them.
func sameLocal(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	for i := range countries {
		if c := &countries[i]; c.bare != nil && c.nationalForm(a) == c.nationalForm(b) {
			return true
		}
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	return len(b) < 10 && endsWithLocal(a, b)
}

// endsWithLocal tells whether a number ends with one that lacks its area code.
func endsWithLocal(whole, local string) bool {
	return len(local) >= phoneDigits && strings.HasSuffix(whole, local)
}

// bareArgentine takes the marks of a mobile out: the 9 before the area code, or the 15 behind it, also where the area
// code is missing. Area codes are 11, or start with 2 or 3 and have up to four digits.
func bareArgentine(digits string) string {
	if len(digits) == 11 && digits[0] == '9' {
		return digits[1:]
	}
	if (len(digits) == 10 || len(digits) == 9) && strings.HasPrefix(digits, "15") {
		return digits[2:]
	}
	if len(digits) != 12 {
		return digits
	}
	for area := 2; area <= 4; area++ {
		known := area == 2 && digits[:2] == "11" || area > 2 && (digits[0] == '2' || digits[0] == '3')
		if known && digits[area:area+2] == "15" {
			return digits[:area] + digits[area+2:]
		}
	}
	return digits
}

// bareBrazilian takes out the ninth digit, a 9 that mobiles got in front when they had eight and started with 6 to 9,
// and the two digits of a carrier before the area code.
func bareBrazilian(digits string) string {
	if len(digits) == 12 || len(digits) == 13 {
		digits = digits[2:]
	}
	if at := len(digits) - 9; (at == 0 || at == 2) && digits[at] == '9' && digits[at+1] >= '6' {
		return digits[:at] + digits[at+1:]
	}
	return digits
}

// bareMexican takes out the marks of a mobile: 1, or 44 and 45 behind a zero, and the 1 of long distance.
func bareMexican(digits string) string {
	switch {
	case len(digits) == 11 && digits[0] == '1':
		return digits[1:]
	case len(digits) == 12 && (strings.HasPrefix(digits, "44") || strings.HasPrefix(digits, "45")):
		return digits[2:]
	}
	return digits
}

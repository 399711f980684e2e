package text

import "strings"

const (
	// minNumber is how many digits a number must have to be masked: numbers of cases have six, documents seven or more.
	minNumber = 7
	// maxDocument is how many digits without a country code are a document's: a DNI has seven or eight.
	maxDocument = 8
	// maxPhone is how many digits a phone has at most, by E.164. What is longer is a card or an account.
	maxPhone = 15
)

// startsNumber tells whether a number may start at this place: at its first digit, or at a plus or a bracket before.
// Digits inside a word ("AR12345678X") are a code, unless the word before names what they are ("DNI20000005").
func startsNumber(s string, i int) bool {
	switch {
	case s[i] == '+' || s[i] == '(':
		if i+1 == len(s) || classes[s[i+1]] != digitClass {
			return false
		}
	case classes[s[i]] != digitClass:
		return false
	}
	if i == 0 {
		return true
	}
	before := s[i-1]
	switch {
	case classes[before] == digitClass:
		return false
	case classes[before] == lowerClass || classes[before] == upperClass:
		start := i
		for start > 0 && (classes[s[start-1]] == lowerClass || classes[s[start-1]] == upperClass) {
			start--
		}
		return numberLabels[strings.ToLower(s[start:i])]
	}
	return true
}

var numberLabels = map[string]bool{
	"dni": true, "cuit": true, "cuil": true, "rut": true, "run": true, "cpf": true, "cnpj": true, "cc": true, "ci": true, "nit": true, "ruc": true,
	"cedula": true, "tel": true, "cel": true, "fono": true, "wa": true, "wsp": true, "whatsapp": true, "telefono": true, "celular": true, "nro": true, "n": true,
	"cbu": true, "tarjeta": true,
}

// number reads the number that starts at this place. It gives its end and what to write instead, "" to leave it.
func (m Mask) number(s string, start int) (end int, masked string) {
	if end = plainNumber(s, start); end > start {
		return end, ""
	}
	groups, end := digitGroups(s, start)
	for len(groups) > 1 && !belongTogether(s, groups) {
		groups = groups[:len(groups)-1]
		end = groups[len(groups)-1].end
	}
	written := s[start:end]
	digits := Digits(written)
	if rest := s[end:]; rest != "" && len(groups) == 1 && isCodeGoingOn(rest) {
		return end, ""
	}
	if len(digits) < minNumber {
		return end, ""
	}
	if name, found := m.known.find(digits); found {
		return end, name
	}
	if isInvoice(s, groups) {
		return end, ""
	}
	if n := checkLetter(s[end:]); n > 0 && len(digits) <= maxDocument {
		return end + n, m.PersonalID(s[start : end+n])
	}
	if looksLikeDocument(written, groups) {
		return end, m.PersonalID(written)
	}
	return end, m.Phone(written)
}

// isInvoice tells whether a number has the form of Argentina's invoices, 0001-00012345: the point of sale and the number.
func isInvoice(s string, groups []group) bool {
	if len(groups) != 2 || groups[0].size() != 4 && groups[0].size() != 5 || groups[1].size() != 8 {
		return false
	}
	return s[groups[0].start] == '0' && s[groups[0].end:groups[1].start] == "-"
}

// find gives the pseudonym of a known number with these digits, or of a known phone that ends with them.
func (k known) find(digits string) (string, bool) {
	if name, found := k.numbers[digits]; found {
		return name, true
	}
	if len(digits) < phoneDigits {
		return "", false
	}
	for number, name := range k.numbers {
		if strings.HasPrefix(name, phoneKind) && (strings.HasSuffix(number, digits) || strings.HasSuffix(digits, number)) {
			return name, true
		}
	}
	return "", false
}

// isCodeGoingOn tells whether letters follow the digits without a blank: a code of letters and digits.
func isCodeGoingOn(rest string) bool {
	return (classes[rest[0]] == lowerClass || classes[rest[0]] == upperClass) && checkLetter(rest) == 0
}

// checkLetter gives the length of "-K" or "K" at the start, which ends some of Chile's document numbers.
func checkLetter(s string) int {
	n := 0
	if strings.HasPrefix(s, "-") {
		n = 1
	}
	if len(s) <= n || s[n] != 'k' && s[n] != 'K' {
		return 0
	}
	if n++; len(s) > n && (classes[s[n]] == lowerClass || classes[s[n]] == upperClass || classes[s[n]] == digitClass) {
		return 0
	}
	return n
}

// group is a run of digits in a text.
type group struct{ start, end int }

func (g group) size() int { return g.end - g.start }

// digitGroups reads runs of digits that what people write inside a number parts.
func digitGroups(s string, start int) (groups []group, end int) {
	i := start
	for i < len(s) && classes[s[i]] != digitClass {
		i++
	}
	for len(groups) < 12 {
		from := i
		for i < len(s) && classes[s[i]] == digitClass {
			i++
		}
		groups = append(groups, group{from, i})
		next := i
		for next < len(s) && next-i < 3 && strings.IndexByte(" .-/()", s[next]) >= 0 {
			next++
		}
		if next == i || next == len(s) || classes[s[next]] != digitClass || plainNumber(s, next) > next {
			break
		}
		i = next
	}
	return groups, groups[len(groups)-1].end
}

// belongTogether tells whether groups of digits are one number. Blanks between two long groups part two numbers
// ("pedidos 48213 48214"), and years stay years.
func belongTogether(s string, groups []group) bool {
	long, total, largest, spaced := 0, 0, 0, false
	for i, g := range groups {
		if g.size() >= 5 {
			long++
		}
		total += g.size()
		largest = max(largest, g.size())
		if i > 0 && strings.Trim(s[groups[i-1].end:g.start], " ") == "" {
			spaced = true
		}
	}
	switch {
	case total > maxPhone+7:
		return false
	case len(groups) == 2 && isYear(s, groups[0]) && isYear(s, groups[1]):
		return false
	case !spaced:
		return true
	case long > 1:
		return false
	}
	return largest >= 3 || len(groups) == 5
}

func isYear(s string, g group) bool {
	return g.size() == 4 && (strings.HasPrefix(s[g.start:], "20") || strings.HasPrefix(s[g.start:], "19"))
}

// looksLikeDocument tells whether a number is a document's rather than a phone's: by its size (DNI, RUT, CI), by the
// groups of CUIT (20-20000005-3), CPF (123.456.789-09), CNPJ, or because no phone is so long.
func looksLikeDocument(written string, groups []group) bool {
	var sizes strings.Builder
	total := 0
	for _, g := range groups {
		sizes.WriteByte(byte('0' + min(g.size(), 9)))
		total += g.size()
	}
	switch sizes.String() {
	case "281", "3332", "23342", "2331", "1331", "81", "71":
		return true
	case "44", "34":
		return false // a local phone: 5555-0101
	}
	return !strings.HasPrefix(written, "+") && (total <= maxDocument || total > maxPhone)
}

// plainNumber gives the end of a date, a time or an amount that starts at this place, or the place itself.
func plainNumber(s string, start int) int {
	for _, read := range [...]func(string, int) int{dateEnd, timeEnd, amountEnd} {
		if end := read(s, start); end > start {
			return end
		}
	}
	return start
}

// dateEnd reads 2026-09-06, 06/09/2026, 6.9.26.
func dateEnd(s string, start int) int {
	first := digitsEnd(s, start)
	if first == start || first-start > 4 || first == len(s) || strings.IndexByte("-/.", s[first]) < 0 {
		return start
	}
	second := digitsEnd(s, first+1)
	if size := second - first - 1; size < 1 || size > 2 || second == len(s) || s[second] != s[first] {
		return start
	}
	third := digitsEnd(s, second+1)
	size := third - second - 1
	dayFirst := first-start <= 2 && (size == 2 || size == 4)
	yearFirst := first-start == 4 && (size == 1 || size == 2)
	if !dayFirst && !yearFirst || goesOn(s, third, "-/.") || number(s[first+1:second]) > 31 {
		return start
	}
	return third
}

// timeEnd reads 10:12 and 10:12:13.
func timeEnd(s string, start int) int {
	end := digitsEnd(s, start)
	if end == start || end-start > 2 {
		return start
	}
	parts := 0
	for end+2 < len(s) && s[end] == ':' && digitsEnd(s, end+1) == end+3 {
		end, parts = end+3, parts+1
	}
	if parts == 0 {
		return start
	}
	return end
}

// amountEnd reads amounts with decimals, 1.234.567,89 and 12345678.90, and those after a sign of money.
func amountEnd(s string, start int) int {
	end := digitsEnd(s, start)
	if end == start {
		return start
	}
	money := afterMoney(s, start)
	thousands := byte(0)
	for end+3 < len(s) && (s[end] == '.' || s[end] == ',') && (thousands == 0 || s[end] == thousands) && digitsEnd(s, end+1) == end+4 {
		thousands = s[end]
		end += 4
	}
	if end < len(s) && (s[end] == '.' || s[end] == ',') && s[end] != thousands {
		if decimals := digitsEnd(s, end+1); decimals > end+1 && decimals <= end+3 && !goesOn(s, decimals, ".,-/") {
			return decimals
		}
	}
	if money && !goesOn(s, end, ".-/") {
		return end
	}
	return start
}

// afterMoney tells whether a sign of money stands right before.
func afterMoney(s string, start int) bool {
	before := strings.TrimRight(s[max(0, start-8):start], " ")
	for _, sign := range [...]string{"$", "€", "£", "R$", "ARS", "USD", "CLP", "COP", "MXN", "BRL", "UYU", "PEN"} {
		if strings.HasSuffix(before, sign) {
			return true
		}
	}
	return false
}

// goesOn tells whether the number goes on after one of the signs.
func goesOn(s string, at int, signs string) bool {
	return at+1 < len(s) && strings.IndexByte(signs, s[at]) >= 0 && classes[s[at+1]] == digitClass
}

func digitsEnd(s string, at int) int {
	for at < len(s) && classes[s[at]] == digitClass {
		at++
	}
	return at
}

// number reads up to two digits.
func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

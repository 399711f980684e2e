package text

import (
	"slices"
	"strings"
	"unicode"
)

// The API compares texts as they are kept, and a phone or a document is kept as somebody once wrote it. So it is asked
// for in the ways in which people write them.

// codes are the countries' codes; Argentina's mobiles carry a 9 behind it, Mexico's a 1.
func codes() []string {
	codes := []string{"549", "521"}
	for _, c := range countries {
		codes = append(codes, c.code)
	}
	return codes
}

// PhoneForms are the ways in which the API may hold a phone: with and without +, country code and trunk zero, and as
// people part its digits.
func PhoneForms(written string) []string {
	digits := Digits(written)
	national := strings.TrimLeft(digits, "0")
	forms := []string{digits, national}
	for _, code := range codes() {
		if len(national) <= 11 {
			forms = append(forms, code+national)
		}
		if rest, found := strings.CutPrefix(national, code); found && len(rest) >= 7 {
			forms = append(forms, rest)
		}
	}
	if rest, found := strings.CutPrefix(national, "549"); found {
		forms = append(forms, "54"+rest)
	} else if rest, found := strings.CutPrefix(national, "54"); found {
		forms = append(forms, "549"+rest)
	}
	for _, form := range slices.Clone(forms) {
		forms = append(forms, "+"+form)
	}
	forms = append(forms, spellings(written, national)...)
	return DistinctForms(forms)
}

// spellings are how people part the digits of a number, in the countries whose number it may be.
func spellings(written, national string) []string {
	var forms []string
	for _, country := range manners {
		for _, own := range country.numbers(national) {
			if !SamePhone(written, "+"+country.code+own) {
				continue
			}
			for _, manner := range country.manners {
				forms = append(forms, fill(manner, own, areasOf(country.code, own))...)
			}
		}
	}
	return forms
}

// manners are by country how numbers are written: A stands for the area, B and C for the rest with C its last four
// digits, a digit in braces for so many digits. Between B and C is nothing, a dash or a blank.
var manners = []manner{
	{"54", []int{10}, []string{
		"+54 9 A BC", "+54 A BC", "+549A BC", "+54 9A BC", "54 9 A BC", "54 A BC", "+54 9 (A) BC", "+54 (A) BC", "+54 9 A-BC", "A BC", "A-BC", "0A BC", "0A-BC", "(A) BC", "(A)BC", "(0A) BC",
		"(0A)BC", "549ABC", "+549ABC", "54ABC", "+54ABC", "ABC", "0ABC", "A15BC", "0A15BC", "A 15 BC", "A 15-BC", "A-15-BC", "0A 15 BC", "0A 15-BC", "0A-15-BC", "(A) 15 BC", "(A) 15-BC", "(0A) 15 BC", "(0A) 15-BC",
	}},
	{"55", []int{10, 11}, []string{"+55 A BC", "+55 (A) BC", "+55A BC", "+55(A)BC", "55 A BC", "A BC", "A-BC", "(A) BC", "(A)BC", "0A BC", "(0A) BC", "55ABC", "+55ABC", "ABC", "0ABC"}},
	{"52", []int{10}, []string{"+52 {2} {4} {4}", "+52 1 {2} {4} {4}", "{2} {4} {4}", "+52 {3} {3} {4}", "{3} {3} {4}", "+52 {10}", "+52 1 {10}", "52{10}", "521{10}", "{10}"}},
	{"57", []int{10}, []string{"+57 {3} {3} {4}", "{3} {3} {4}", "{3} {7}", "+57 {10}", "57{10}", "{10}"}},
	{"1", []int{10}, []string{"+1 ({3}) {3}-{4}", "({3}) {3}-{4}", "{3}-{3}-{4}", "+1 {3} {3} {4}", "+1 {3}-{3}-{4}", "1{10}", "{10}"}},
	{"56", []int{9}, []string{"+56 {1} {4} {4}", "+56 {9}", "{1} {4} {4}", "{1} {8}", "56{9}", "{9}"}},
	{"51", []int{9}, []string{"+51 {3} {3} {3}", "+51 {9}", "{3} {3} {3}", "51{9}", "{9}"}},
	{"34", []int{9}, []string{"+34 {3} {3} {3}", "+34 {9}", "{3} {3} {3}", "{3} {2} {2} {2}", "34{9}", "{9}"}},
	{"598", []int{8}, []string{"+598 {2} {3} {3}", "+598 {8}", "0{2} {3} {3}", "{2} {3} {3}", "598{8}", "0{8}", "{8}"}},
}

type manner struct {
	code    string
	lengths []int // of a number without the country code
	manners []string
}

// numbers are what a number may be within the country, without its code.
func (m manner) numbers(digits string) []string {
	var numbers []string
	for _, length := range m.lengths {
		if len(digits) >= length {
			numbers = append(numbers, digits[len(digits)-length:])
		}
	}
	if m.code == "54" && len(digits) >= 12 { // 11 15 5551 0005
		for area := 2; area <= 4; area++ {
			local := digits[len(digits)-12:]
			if local[area:area+2] == "15" {
				numbers = append(numbers, local[:area]+local[area+2:])
			}
		}
	}
	for _, n := range slices.Clone(numbers) { // Brazil's mobiles got a 9 in front, which some still leave out
		switch {
		case m.code == "55" && len(n) == 11 && n[2] == '9':
			numbers = append(numbers, n[:2]+n[3:])
		case m.code == "55" && len(n) == 10:
			numbers = append(numbers, n[:2]+"9"+n[2:])
		}
	}
	return numbers
}

// fill writes a number in one manner, for each number of digits that its area may have.
func fill(manner, number string, areas []int) []string {
	if strings.Contains(manner, "{") {
		var out strings.Builder
		for i := 0; i < len(manner); i++ {
			if manner[i] != '{' {
				out.WriteByte(manner[i])
				continue
			}
			end := i + strings.IndexByte(manner[i:], '}')
			size := 0
			for _, digit := range manner[i+1 : end] {
				size = size*10 + int(digit-'0')
			}
			out.WriteString(number[:size])
			number = number[size:]
			i = end
		}
		return []string{out.String()}
	}
	var forms []string
	for _, area := range areas {
		head, tail := number[area:len(number)-4], number[len(number)-4:]
		for _, between := range []string{"", "-", " "} {
			forms = append(forms, strings.NewReplacer("A", number[:area], "BC", head+between+tail).Replace(manner))
		}
	}
	return forms
}

// areasOf are how many digits the area of a number may have: in Argentina two in Buenos Aires, else three or four.
func areasOf(code, number string) []int {
	if code == "54" && !strings.HasPrefix(number, "11") {
		return []int{3, 4}
	}
	return []int{2}
}

// DocumentForms are the ways in which the API may hold the number of a document: as it was written, its digits, and as
// DNI, CUIT, CPF, CNPJ and RUT are parted.
func DocumentForms(written string) []string {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, written)
	forms := []string{written, bare, strings.ToLower(bare)}
	if number := strings.TrimLeftFunc(bare, unicode.IsLetter); number != bare && SameDocument(number, bare) { // DNI 12.345.678
		bare = number
		forms = append(forms, bare)
	}
	number, letter := bare, ""
	if len(bare) > 1 && (bare[len(bare)-1] == 'K') {
		number, letter = bare[:len(bare)-1], "K"
	}
	if number == "" || Digits(number) != number {
		return DistinctForms(forms)
	}
	part := func(pattern string) {
		forms = append(forms, fill(pattern, number, nil)...)
	}
	switch size := len(number); {
	case letter != "":
		forms = append(forms, checkForms(number, letter)...)
	case size == 7:
		part("{1}.{3}.{3}")
	case size == 8:
		part("{2}.{3}.{3}")
		forms = append(forms, checkForms(number[:7], number[7:])...)
	case size == 9:
		forms = append(forms, checkForms(number[:8], number[8:])...)
	case size == 11:
		part("{2}-{8}-{1}")
		part("{2}-{2}.{3}.{3}-{1}")
		part("{3}.{3}.{3}-{2}")
	case size == 14:
		part("{2}.{3}.{3}/{4}-{2}")
	}
	return DistinctForms(forms)
}

// checkForms are the ways to write a number with the digit or letter that checks it behind a dash.
func checkForms(number, check string) []string {
	dotted := number
	for at := len(dotted) - 3; at > 0; at -= 3 {
		dotted = dotted[:at] + "." + dotted[at:]
	}
	lower := strings.ToLower(check)
	return []string{number + "-" + check, dotted + "-" + check, number + "-" + lower, dotted + "-" + lower}
}

// DistinctForms are the forms that say something, each once.
func DistinctForms(forms []string) []string {
	forms = slices.DeleteFunc(forms, func(s string) bool { return strings.Trim(s, "+ ") == "" })
	slices.Sort(forms)
	return slices.Compact(forms)
}

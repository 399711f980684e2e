package text

import (
	"slices"
	"strings"
)

// SamePhone tells whether two texts are one phone number, however they are written: with and without plus, country
// code, trunk zero and the digits that mark a mobile in Argentina (9, 15) and Mexico (1).
func SamePhone(a, b string) bool {
	for _, x := range phoneReadings(a) {
		for _, y := range phoneReadings(b) {
			if x.national == y.national && (x.country == y.country || x.country == "" || y.country == "") {
				return true
			}
		}
	}
	return false
}

// phoneReading is one way to read a number; the country is "" where it does not say.
type phoneReading struct{ country, national string }

// nationalDigits are how many digits the numbers of a country have behind its code.
var nationalDigits = map[string][]int{
	"54": {10}, "55": {10, 11}, "52": {10}, "56": {9}, "57": {10}, "51": {9}, "598": {8}, "595": {9}, "591": {8}, "593": {9}, "58": {10},
	"506": {8}, "507": {8}, "502": {8}, "503": {8}, "504": {8}, "505": {8}, "1": {10}, "34": {9},
}

func phoneReadings(s string) []phoneReading {
	digits := keepDigits(s)
	if len(digits) < 7 || len(digits) > 17 {
		return nil
	}
	rest, abroad := strings.CutPrefix(digits, "00")
	abroad = abroad || strings.Contains(s, "+")
	bare := strings.TrimLeft(rest, "0")
	var readings []phoneReading
	if !abroad {
		readings = append(readings, phoneReading{"", bare})
		if local, found := withoutMobileMark(bare); found {
			readings = append(readings, phoneReading{"54", local})
		}
		if len(bare) == 11 && bare[0] == '9' {
			readings = append(readings, phoneReading{"54", bare[1:]})
		}
	}
	for country, lengths := range nationalDigits {
		national, found := strings.CutPrefix(bare, country)
		if !found || !abroad && digits[0] == '0' && rest == digits {
			continue
		}
		national = strings.TrimLeft(national, "0")
		switch {
		case country == "54" && len(national) == 11 && national[0] == '9', country == "52" && len(national) == 11 && national[0] == '1':
			national = national[1:]
		case country == "54":
			national = strings.TrimPrefix(national, "9")
			if local, found := withoutMobileMark(national); found {
				national = local
			}
		}
		if slices.Contains(lengths, len(national)) {
			readings = append(readings, phoneReading{country, national})
		}
	}
	if len(readings) == 0 {
		readings = append(readings, phoneReading{"?", bare})
	}
	return readings
}

// withoutMobileMark takes the 15 out that Argentina's mobiles carry between the area and the number.
func withoutMobileMark(s string) (string, bool) {
	for area := 2; area <= 4 && len(s) == 12; area++ {
		if s[area:area+2] == "15" {
			return s[:area] + s[area+2:], true
		}
	}
	return s, false
}

// SameDocument tells whether two texts are one document's number: dots, dashes, blanks and the case of letters aside.
func SameDocument(a, b string) bool {
	key := idKey(a)
	return len(key) > 2 && key == idKey(b)
}

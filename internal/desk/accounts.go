package desk

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"wisecx-mcp/internal/text"
)

// What a message can lead a customer to: addresses to open, and accounts to pay. It is pointed out to the person who
// lets the message go; too much rather than too little.

var (
	link = compiled(`(?i)\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>"]+|(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?:` +
		`com|net|org|info|biz|io|app|dev|me|ly|gl|link|site|online|shop|store|xyz|top|club|live|page|click|ar|br|mx|cl|co|pe|uy|py|bo|ec|es|pt|us|eu|ru|cn|tk)\b(?:[/?#][^\s<>"]*)?|` +
		`(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,20}/[^\s<>"]*`)
	digitRun = compiled(`\d(?:[ .\-/]{0,2}\d){9,40}`)
	iban     = compiled(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b`)
	uuid     = compiled(`(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b`)
	alias    = compiled(`(?i)\balias\b[^\n]{0,20}?\b([a-z0-9-]+(?:\.[a-z0-9-]+)+)`)
	pixWord  = compiled(`(?i)\bpix\b`)
	mailLike = compiled(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
)

// linksIn are the addresses in a text that a reader may open, each once.
func linksIn(said string) []string {
	var found []string
	said = norm.NFKC.String(said)
	for _, at := range link().FindAllStringIndex(said, 50) {
		if at[0] > 0 && said[at[0]-1] == '@' {
			continue // the end of an e-mail address
		}
		one := clip(strings.TrimRight(said[at[0]:at[1]], ".,;:!?)]}'"), 200)
		if at[1] < len(said) && said[at[1]] == '@' || slices.Contains(found, one) {
			continue // its beginning
		}
		found = append(found, one)
	}
	return found
}

// accountsIn are the numbers and words in a text by which somebody could be paid, each with what it looks like.
func accountsIn(said string, p phrases) []string {
	said = norm.NFKC.String(said) // digits of other widths are digits
	var found []string
	add := func(what, number string) {
		if one := what + " " + number; !slices.Contains(found, one) && len(found) < 20 {
			found = append(found, one)
		}
	}
	rest := said
	for _, one := range iban().FindAllString(rest, 20) {
		add("IBAN", one)
		rest = strings.ReplaceAll(rest, one, " ")
	}
	for _, one := range uuid().FindAllString(rest, 20) {
		add("PIX", one)
		rest = strings.ReplaceAll(rest, one, " ")
	}
	pix := pixWord().MatchString(said)
	for _, at := range digitRun().FindAllStringIndex(rest, 50) {
		one := rest[at[0]:at[1]]
		abroad := at[0] > 0 && rest[at[0]-1] == '+' // a phone with its country
		if what := accountKind(text.Digits(one), abroad, pix); what != "" {
			add(cmp.Or(map[string]string{"card": p.card, "long": p.longNumber}[what], what), one)
		}
	}
	if pix {
		for _, one := range mailLike().FindAllString(rest, 20) {
			add("PIX", one)
		}
	}
	for _, one := range alias().FindAllStringSubmatch(rest, 20) {
		add("alias", one[1])
	}
	return found
}

// accountKind says what a number of so many digits looks like: card, long, or the account's own name; "" for nothing that
// money goes to.
func accountKind(digits string, abroad, pix bool) string {
	switch n := len(digits); {
	case n == 22:
		return "CBU/CVU"
	case n == 18:
		return "CLABE"
	case pix && n >= 10 && n <= 14:
		return "PIX"
	case abroad:
		return ""
	case n >= 13 && n <= 19 && luhn(digits):
		return "card"
	case n >= 14 && n <= 34:
		return "long"
	case n == 11 && slices.Contains([]string{"20", "23", "24", "25", "26", "27", "30", "33", "34"}, digits[:2]):
		return "CUIT"
	}
	return ""
}

// luhn tells whether the last digit checks the others, as on payment cards.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

package text

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Mask replaces what identifies a person by stable pseudonyms: the same value always gives the same one, under the
// same key, and nobody without the key can tell the value from it. The zero Mask changes nothing.
type Mask struct {
	level maskLevel
	key   []byte
	known known
}

type maskLevel int

const (
	maskNone maskLevel = iota
	maskContact
	maskAll
)

// NewMask builds a mask of the mode "none", "contact" (e-mail, phone, personal id) or "all" (names and addresses
// too). The key is the secret that the pseudonyms depend on; only the mode "none" goes without.
func NewMask(mode string, key []byte) (Mask, error) {
	level := slices.Index([]string{"none", "contact", "all"}, mode)
	switch {
	case level < 0:
		return Mask{}, fmt.Errorf("masking mode %q is unknown: none, contact or all", mode)
	case level == 0:
		return Mask{}, nil
	case len(key) == 0:
		return Mask{}, fmt.Errorf("masking mode %q needs a key", mode)
	}
	return Mask{level: maskLevel(level), key: slices.Clone(key)}, nil
}

// Active tells whether the mask changes anything.
func (m Mask) Active() bool { return m.level > maskNone }

// String keeps the key out of logs.
func (m Mask) String() string { return [...]string{"none", "contact", "all"}[m.level] }

// GoString keeps the key out of logs.
func (m Mask) GoString() string { return "text.Mask(" + m.String() + ")" }

// Email masks an e-mail address, whatever its case.
func (m Mask) Email(address string) string {
	return m.pseudonym(maskContact, emailKind, strings.ToLower(Line(address)), address)
}

// Phone masks a phone number. Numbers are compared by their digits, so blanks, dashes and a plus do not matter.
func (m Mask) Phone(number string) string {
	return m.pseudonym(maskContact, phoneKind, phoneKey(number), number)
}

// PersonalID masks the number of a document. Dots, dashes and blanks in it do not matter.
func (m Mask) PersonalID(id string) string {
	return m.pseudonym(maskContact, idKind, idKey(id), id)
}

// Name masks a person's name, in the mode all.
func (m Mask) Name(name string) string {
	return m.pseudonym(maskAll, personKind, Fold(name), name)
}

// Address masks a postal address, in the mode all.
func (m Mask) Address(address string) string {
	return m.pseudonym(maskAll, addressKind, Fold(address), address)
}

const (
	emailKind   = "email"
	phoneKind   = "phone"
	idKind      = "id"
	personKind  = "person"
	addressKind = "address"
	emailEnd    = "@masked"
)

// pseudonymDigits is the length of a pseudonym's hexadecimal part: 40 bits, so that among ten thousand contacts two
// meet with a chance of 1 in 20,000.
const pseudonymDigits = 10

// pseudonym gives the pseudonym for a value of a kind, known by its key, from the level on; below it, and for what is
// empty or a pseudonym already, the value as it is.
func (m Mask) pseudonym(from maskLevel, kind, key, value string) string {
	if m.level < from || key == "" || isPseudonym(value) {
		return value
	}
	code := hmac.New(sha256.New, m.key)
	code.Write([]byte(kind + "\x00" + key))
	name := kind + "-" + hex.EncodeToString(code.Sum(nil))[:pseudonymDigits]
	if kind == emailKind {
		name += emailEnd
	}
	return name
}

// phoneKey is what two ways to write a phone number have in common. Without a digit ("S/D") it is the text itself.
func phoneKey(number string) string {
	digits := Digits(number)
	if digits == "" {
		return Fold(number)
	}
	if rest := strings.TrimPrefix(digits, "00"); len(rest) >= 10 {
		return rest // the old way to write the plus
	}
	return digits
}

// idKey is what two ways to write a document's number have in common: its letters and digits.
func idKey(id string) string {
	folded := Fold(id)
	key := strings.Map(func(r rune) rune {
		if kind := kindOf(r); kind == letter || kind == digit {
			return r
		}
		return -1
	}, folded)
	if key == "" {
		return folded
	}
	return key
}

// Digits are the figures of a text, 0 to 9, and nothing else.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// isPseudonym tells whether s is one pseudonym and nothing else.
func isPseudonym(s string) bool {
	end := pseudonymAt(s)
	return end > 0 && end == len(s)
}

// pseudonymAt gives the length of the pseudonym that s starts with, or 0.
func pseudonymAt(s string) int {
	for _, kind := range [...]string{emailKind, phoneKind, idKind, personKind, addressKind} {
		rest, found := strings.CutPrefix(s, kind+"-")
		if !found || len(rest) < pseudonymDigits {
			continue
		}
		if strings.Trim(rest[:pseudonymDigits], "0123456789abcdef") != "" {
			continue
		}
		end := len(kind) + 1 + pseudonymDigits
		if kind == emailKind {
			if !strings.HasPrefix(s[end:], emailEnd) {
				continue
			}
			end += len(emailEnd)
		}
		return end
	}
	return 0
}

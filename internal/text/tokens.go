package text

// Tokens estimates how many tokens s costs a model, on the safe side: more rather than fewer. It looks at runs of
// letters, digits, signs and blanks, much as the tokenizer o200k parts a text before it looks into its vocabulary,
// and charges each run by what such runs were measured to cost. The tests hold it against that tokenizer.
func Tokens[T ~string | ~[]byte](s T) int {
	units, blank := 0, false // blank: exactly one blank stands right before
	for i := 0; i < len(s); {
		var cost, end int
		switch classes[s[i]] {
		case lowerClass, upperClass, latinClass:
			cost, end = wordUnits(s, i)
		case digitClass:
			end = i + 1
			for end < len(s) && classes[s[end]] == digitClass {
				end++
			}
			cost = (end - i + 2) / 3 * token // three digits are one token, always
			if blank {
				cost += token // and do not take the blank before them in
			}
		case blankClass:
			cost, end = blankUnits(s, i)
		case signClass:
			cost, end = signUnits(s, i)
		default:
			cost, end = foreignUnits(s[i]), i+1
			if blank {
				cost += token
			}
		}
		blank = s[i] == ' ' && end == i+1
		units += cost
		i = end
	}
	return (units + token - 1) / token
}

// token is what a whole token counts in the sums here, which are in sixteenths.
const token = 16

// What a byte is.
const (
	foreignClass = iota // a byte of a character outside ASCII and Latin-1's letters
	lowerClass
	upperClass
	latinClass // the first byte of a letter of Latin-1, which is 0xC3
	digitClass
	blankClass
	signClass
)

var classes = [256]uint8{
	'\t': blankClass, '\n': blankClass, '\v': blankClass, '\f': blankClass, '\r': blankClass, ' ': blankClass,
	'!': signClass, '"': signClass, '#': signClass, '$': signClass, '%': signClass, '&': signClass, '\'': signClass,
	'(': signClass, ')': signClass, '*': signClass, '+': signClass, ',': signClass, '-': signClass, '.': signClass,
	'/': signClass, ':': signClass, ';': signClass, '<': signClass, '=': signClass, '>': signClass, '?': signClass,
	'@': signClass, '[': signClass, '\\': signClass, ']': signClass, '^': signClass, '_': signClass, '`': signClass,
	'{': signClass, '|': signClass, '}': signClass, '~': signClass,
	'0': digitClass, '1': digitClass, '2': digitClass, '3': digitClass, '4': digitClass,
	'5': digitClass, '6': digitClass, '7': digitClass, '8': digitClass, '9': digitClass,
	'A': upperClass, 'B': upperClass, 'C': upperClass, 'D': upperClass, 'E': upperClass, 'F': upperClass, 'G': upperClass,
	'H': upperClass, 'I': upperClass, 'J': upperClass, 'K': upperClass, 'L': upperClass, 'M': upperClass, 'N': upperClass,
	'O': upperClass, 'P': upperClass, 'Q': upperClass, 'R': upperClass, 'S': upperClass, 'T': upperClass, 'U': upperClass,
	'V': upperClass, 'W': upperClass, 'X': upperClass, 'Y': upperClass, 'Z': upperClass,
	'a': lowerClass, 'b': lowerClass, 'c': lowerClass, 'd': lowerClass, 'e': lowerClass, 'f': lowerClass, 'g': lowerClass,
	'h': lowerClass, 'i': lowerClass, 'j': lowerClass, 'k': lowerClass, 'l': lowerClass, 'm': lowerClass, 'n': lowerClass,
	'o': lowerClass, 'p': lowerClass, 'q': lowerClass, 'r': lowerClass, 's': lowerClass, 't': lowerClass, 'u': lowerClass,
	'v': lowerClass, 'w': lowerClass, 'x': lowerClass, 'y': lowerClass, 'z': lowerClass,
	0xc3: latinClass,
}

// lengthUnits is what a word of so many letters costs when its letters follow each other as they do in Spanish,
// Portuguese and English. Past the table every letter adds letterUnits.
var lengthUnits = [16]int{16, 16, 17, 17, 17, 18, 20, 23, 27, 31, 35, 39, 43, 48, 53, 59}

const (
	letterUnits = 6
	rareUnits   = 11 // for two letters that seldom follow each other: the word falls apart there
	upperUnits  = 7  // for each capital after the first, as words in capitals are rare in the vocabulary
	accentUnits = 9  // for a letter with an accent, and for one after another
)

// wordUnits charges one word: capitals, then small letters. A capital after a small letter starts another.
func wordUnits[T ~string | ~[]byte](s T, start int) (units, end int) {
	letters, before := 0, byte(0) // before: the letter before, small, or 0
	accent, small := false, false
	i := start
	for ; i < len(s); i++ {
		c := s[i]
		switch classes[c] {
		case lowerClass:
			small = true
			if before != 0 && follows[before-'a']>>(c-'a')&1 == 0 {
				units += rareUnits
			}
			before, accent = c, false
		case upperClass:
			if small {
				return units + wordLength(letters), i
			}
			if letters > 0 {
				units += upperUnits
			}
			before, accent = c+'a'-'A', false
		case latinClass:
			if i++; i < len(s) && s[i] < 0xa0 {
				units += token // a capital with an accent
			}
			if units += accentUnits; accent {
				units += token
			}
			before, accent, small = 0, true, true
		default:
			return units + wordLength(letters), i
		}
		letters++
	}
	return units + wordLength(letters), min(i, len(s))
}

func wordLength(letters int) int {
	if letters < len(lengthUnits) {
		return lengthUnits[letters]
	}
	return lengthUnits[len(lengthUnits)-1] + (letters-len(lengthUnits)+1)*letterUnits
}

// follows tells for each letter, as bits from a on, which letters often come after it: those 258 pairs are 98 % of
// the pairs in Spanish and English manuals, and what is made by chance has mostly others.
var follows = [26]uint32{
	0x1bebb4e, 0x1124b15, 0x01a4d95, 0x0144911, 0x1efbb7f, 0x01a4131, 0x0166991, 0x0084111, 0x22efc7f,
	0x0004010, 0x0000110, 0x11c5919, 0x014d113, 0x33c497d, 0x07ef96f, 0x11ec915, 0x0100000, 0x11ef95d,
	0x11cd1b5, 0x15ec991, 0x00eb95f, 0x0004111, 0x0446191, 0x0088115, 0x04cc010, 0x0000001,
}

// blankUnits charges a run of blanks and line ends. One blank is free: the word after it takes it in.
func blankUnits[T ~string | ~[]byte](s T, start int) (units, end int) {
	if s[start] != ' ' {
		units = token
	}
	for end = start + 1; end < len(s) && classes[s[end]] == blankClass; end++ {
		switch {
		case s[end] != s[end-1]:
			units += token
		case end == start+1:
			units += token
		default:
			units += 2
		}
	}
	return units, end
}

// signUnits charges a run of punctuation. The pairs that JSON is made of are in the vocabulary together.
func signUnits[T ~string | ~[]byte](s T, start int) (units, end int) {
	units = token
	for end = start + 1; end < len(s) && classes[s[end]] == signClass; end++ {
		switch before, c := s[end-1], s[end]; {
		case c == before:
			units += 5
		case inJSON[before]&inJSON[c] != 0 && end < start+4:
			units += 3
		default:
			units += 14
		}
	}
	return units, end
}

// inJSON marks with the same bit the signs that follow each other in JSON.
var inJSON = [128]uint8{'"': 7, ':': 1, ',': 2, '{': 4, '}': 6, '[': 4, ']': 6}

// foreignUnits charges one byte of any other character: the first by the script it tells, the others nothing.
func foreignUnits(c byte) int {
	switch {
	case c < 0x80: // controls
		return token
	case c < 0xc0: // the other bytes of a character
		return 0
	case c >= 0xf0:
		return 4 * token
	case c >= 0xe3 && c <= 0xe9: // Chinese and Japanese
		return 2*token + token/4
	case c >= 0xe0:
		return 3 * token
	case c >= 0xce && c <= 0xd2, c >= 0xd7 && c <= 0xdb: // Greek, Cyrillic, Hebrew, Arabic
		return token + token/4
	}
	return 2 * token
}

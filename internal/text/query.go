package text

import (
	"strings"
	"unicode/utf8"
)

// Query is what to look for: some texts, of which any may match. The zero Query matches everything.
type Query struct{ alternatives []alternative }

// alternative is one text to look for.
type alternative struct {
	words   []string
	numbers []wantedNumber
	raw     string // for a text without a single word, such as an emoji
}

// NewQuery makes a query of what a person typed, blank texts left out. Digits that only blanks, dots, commas, dashes,
// slashes or brackets part are one number.
func NewQuery(alternatives ...string) Query {
	var query Query
	for _, text := range alternatives {
		folded := Fold(text)
		if folded == "" {
			continue
		}
		var wanted alternative
		eachWord(folded, func(word string, _, _ int) {
			if kindOf(rune(word[0])) != digit {
				wanted.words = append(wanted.words, stem(word))
			}
		})
		for _, group := range numberGroups(folded) {
			wanted.numbers = append(wanted.numbers, wantedNumber{group, group.digits()})
		}
		if len(wanted.words)+len(wanted.numbers) == 0 {
			wanted.raw = folded
		}
		query.alternatives = append(query.alternatives, wanted)
	}
	return query
}

// IsEmpty tells whether the query asks for nothing.
func (q Query) IsEmpty() bool { return len(q.alternatives) == 0 }

// wantedNumber is a number to look for, in its parts and put together.
type wantedNumber struct {
	parts  numberGroup
	digits string
}

// Matches tells whether for one of the query's texts every word is a whole word of one of the given texts, accents and
// plurals aside, and every number stands there whatever parts its digits: 000100012345 is found in "0001-00012345".
// Numbers match whole, zeros in front aside, also in front of each of their parts: 3-26403 is found in "0003-00026403",
// 5347 is not found in 534787. From eight digits on the start may be missing, because people leave out the country code
// of a phone.
func (q Query) Matches(texts ...string) bool {
	if q.IsEmpty() {
		return true
	}
	folded := make([]string, len(texts))
	for i, text := range texts {
		folded[i] = Fold(text)
	}
	for i := range q.alternatives {
		if q.alternatives[i].matches(folded) {
			return true
		}
	}
	return false
}

func (a *alternative) matches(texts []string) bool {
	missing := len(a.words) + len(a.numbers)
	found := make([]bool, missing)
	for _, folded := range texts {
		if a.raw != "" {
			if strings.Contains(folded, a.raw) {
				return true
			}
			continue
		}
		missing -= a.markWords(folded, found[:len(a.words)])
		missing -= a.markNumbers(folded, found[len(a.words):])
		if missing == 0 {
			return true
		}
	}
	return false
}

func (a *alternative) markWords(folded string, found []bool) (count int) {
	if len(a.words) == 0 {
		return 0
	}
	eachWord(folded, func(word string, _, _ int) {
		key := stem(word)
		for i, wanted := range a.words {
			if !found[i] && wanted == key {
				found[i] = true
				count++
			}
		}
	})
	return count
}

func (a *alternative) markNumbers(folded string, found []bool) (count int) {
	if len(a.numbers) == 0 {
		return 0
	}
	groups := numberGroups(folded)
	for i, wanted := range a.numbers {
		for _, group := range groups {
			if start, _ := group.find(wanted); start >= 0 && !found[i] {
				found[i] = true
				count++
			}
		}
	}
	return count
}

// numberGroup is a row of runs of digits that only what people write inside a number parts.
type numberGroup []digitRun

// digitRun is a run of digits and its place in a text.
type digitRun struct {
	digits     string
	start, end int
}

func (g numberGroup) digits() string {
	var out strings.Builder
	for _, run := range g {
		out.WriteString(run.digits)
	}
	return out.String()
}

// phoneDigits is how many digits a number must have to be found without its start.
const phoneDigits = 8

// find gives the place of the runs that, put together or one by one, are the wanted number; -1 without any.
func (g numberGroup) find(wanted wantedNumber) (start, end int) {
	for from := range g {
		if to := from + len(wanted.parts); to <= len(g) && g[from:to].likeParts(wanted.parts) {
			return g[from].start, g[to-1].end
		}
		joined := ""
		for _, run := range g[from:] {
			joined += run.digits
			if sameNumber(joined, wanted.digits) || len(wanted.digits) >= phoneDigits && strings.HasSuffix(joined, wanted.digits) {
				return g[from].start, run.end
			}
			// Nothing is left to find once the number is longer by more than a country and an area code can be.
			if len(joined) > len(wanted.digits)+phoneDigits {
				break
			}
		}
	}
	return -1, -1
}

// likeParts tells whether two numbers have the same parts, zeros in front of each aside. A number of few digits is not
// worth that: 1-2 is many things.
func (g numberGroup) likeParts(parts numberGroup) bool {
	digits := 0
	for i, run := range parts {
		part := strings.TrimLeft(run.digits, "0")
		if part != strings.TrimLeft(g[i].digits, "0") {
			return false
		}
		digits += len(part)
	}
	return len(parts) > 1 && digits >= 5
}

// sameNumber tells whether two runs of digits are the same number. Zeros in front matter in short ones only: invoice
// 12345 is 00012345, but 7 is no 007.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return a == b && len(a) >= 4
}

// insideNumbers are the signs that people write between the digits of one number.
const insideNumbers = " .-/()+_\u2010\u2011\u2012\u2013\u2014\u2015\u2212"

// numberGroups gives the numbers in s, at most three signs between the digits of one.
func numberGroups(s string) []numberGroup {
	var groups []numberGroup
	last := -1
	eachWord(s, func(word string, start, end int) {
		if kindOf(rune(word[0])) != digit {
			return
		}
		run := digitRun{word, start, end}
		if last >= 0 && partsDigits(s[last:start]) {
			groups[len(groups)-1] = append(groups[len(groups)-1], run)
		} else {
			groups = append(groups, numberGroup{run})
		}
		last = end
	})
	return groups
}

// partsDigits tells whether a gap between digits does not part two numbers. A comma does, with a blank behind it.
func partsDigits(gap string) bool {
	if gap == "," {
		return true
	}
	return len(gap) <= 3*utf8.UTFMax && utf8.RuneCountInString(gap) <= 3 && strings.Trim(gap, insideNumbers) == ""
}

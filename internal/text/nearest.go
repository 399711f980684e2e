package text

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// maxNearRunes is how long a word or name may be to be compared letter by letter: the cost is the product of both.
const maxNearRunes = 64

// Nearest gives up to limit of the names that a person who wrote word may have meant, best first: the same when
// folded, then those that start with it, then those that contain it, then those a few letters away. It gives none
// when nothing is near.
func Nearest(word string, names []string, limit int) []string {
	wanted := Fold(word)
	if wanted == "" || limit <= 0 {
		return nil
	}
	type candidate struct {
		name string
		far  int
		size int
	}
	var found []candidate
	for _, name := range names {
		folded := Fold(name)
		if far, near := distance(wanted, folded); near {
			found = append(found, candidate{name, far, len(folded)})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.far != b.far {
			return a.far - b.far
		}
		return a.size - b.size
	})
	var best []string
	for _, candidate := range found {
		if len(best) == limit {
			break
		}
		if !slices.Contains(best, candidate.name) {
			best = append(best, candidate.name)
		}
	}
	return best
}

// distance tells how far name is from wanted, both folded, and whether that is near. Below 10 are the ways to hold
// one another, from 10 on the letters that differ.
func distance(wanted, name string) (far int, near bool) {
	switch {
	case name == "":
		return 0, false
	case name == wanted:
		return 0, true
	case strings.HasPrefix(name, wanted):
		return 1, true
	case strings.Contains(name, " "+wanted):
		return 2, true
	case utf8.RuneCountInString(wanted) >= 2 && strings.Contains(name, wanted):
		return 3, true
	case utf8.RuneCountInString(name) >= 3 && strings.Contains(wanted, name):
		return 4, true
	}
	letters := utf8.RuneCountInString(wanted)
	if letters < 3 || letters > maxNearRunes {
		return 0, false
	}
	allowed := min(max(letters/3, 1), 3)
	best := levenshtein.ComputeDistance(wanted, firstRunes(name, maxNearRunes))
	// One word of the name may be the one that was meant: "soprte" for "Soporte Técnico".
	for part := range strings.FieldsSeq(firstRunes(name, maxNearRunes)) {
		if utf8.RuneCountInString(part) >= 3 {
			best = min(best, levenshtein.ComputeDistance(wanted, part)+1)
		}
	}
	return 10 + best, best <= allowed
}

func firstRunes(s string, limit int) string {
	for i := range s {
		if limit == 0 {
			return s[:i]
		}
		limit--
	}
	return s
}

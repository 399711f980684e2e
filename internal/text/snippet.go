package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// cutMark stands where a snippet was cut.
const cutMark = "…"

// Snippet shows about size bytes of s, never more, on one line: around the place where most of what the query looks
// for stands together, the start where it stands nowhere. It is cut between words, with "…" at cut ends; what fits is
// shown whole.
func Snippet(s string, query Query, size int) string {
	line := Line(s)
	if len(line) <= size {
		return line
	}
	room := size - 2*len(cutMark)
	if room <= 0 {
		return ""
	}
	at, end := query.place(line, room)
	from := max(at-(room-(end-at))/3, 0)
	to := min(from+room, len(line))
	from = wordStart(line, max(to-room, 0), at)
	to = wordEnd(line, to, end)
	shown := strings.TrimSpace(line[from:to])
	if from > 0 {
		shown = cutMark + shown
	}
	if to < len(line) {
		shown += cutMark
	}
	return shown
}

// wordStart moves from on to where a word starts, not past at. Within a word that is too long it stays.
func wordStart(s string, from, at int) int {
	if from == 0 || s[from-1] == ' ' {
		return from
	}
	if i := strings.IndexByte(s[from:max(at, from)], ' '); i >= 0 {
		return from + i + 1
	}
	for from < len(s) {
		if r, size := utf8.DecodeRuneInString(s[from:]); utf8.RuneStart(s[from]) && !joins(0, r) {
			break
		} else {
			from += size
		}
	}
	return from
}

// wordEnd moves to back to where a word ends, not before end.
func wordEnd(s string, to, end int) int {
	if to == len(s) || s[to] == ' ' {
		return to
	}
	if end = min(end, to); end < to {
		if i := strings.LastIndexByte(s[end:to], ' '); i >= 0 {
			return end + i
		}
	}
	return characterStart(s, to)
}

// hit is a place where something that a query looks for stands, and which of its parts that is.
type hit struct{ start, end, part int }

// maxHits bounds how many places are looked at.
const maxHits = 200

// place gives the first and the end of the part of line, up to room bytes, where most of the query's parts stand;
// the start where none does.
func (q Query) place(line string, room int) (start, end int) {
	hits := q.hits(line)
	most := 0
	for i, first := range hits {
		seen := map[int]bool{}
		last := first.end
		for _, h := range hits[i:] {
			if h.end > first.start+room {
				break
			}
			if !seen[h.part] {
				seen[h.part] = true
				last = max(last, h.end)
			}
		}
		if len(seen) > most {
			most, start, end = len(seen), first.start, last
		}
	}
	return start, min(end, start+room)
}

// hits gives the places of the query's parts in line, in order. Of a query with alternatives those count that match.
func (q Query) hits(line string) []hit {
	var hits []hit
	groups := numberGroups(line)
	part := 0
	for i := range q.alternatives {
		a := &q.alternatives[i]
		if len(q.alternatives) > 1 && !a.matches([]string{Fold(line)}) {
			continue
		}
		if at := strings.Index(line, a.raw); a.raw != "" && at >= 0 {
			hits = append(hits, hit{at, at + len(a.raw), part})
		}
		eachWord(line, func(word string, start, end int) {
			if len(hits) == maxHits || kindOf(rune(word[0])) == digit {
				return
			}
			if at := slices.Index(a.words, stem(Fold(word))); at >= 0 {
				hits = append(hits, hit{start, end, part + at})
			}
		})
		for n, wanted := range a.numbers {
			for _, group := range groups {
				if start, end := group.find(wanted); start >= 0 && len(hits) < 2*maxHits {
					hits = append(hits, hit{start, end, part + len(a.words) + n})
				}
			}
		}
		part += len(a.words) + len(a.numbers) + 1
	}
	slices.SortFunc(hits, func(a, b hit) int { return a.start - b.start })
	return hits
}

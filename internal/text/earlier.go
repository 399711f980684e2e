package text

import "strings"

// earlier is what the folded mails tell about the person who answers them.
type earlier struct {
	names map[string]bool // words of whom they were sent to
	asked bool            // they ask for an address, a phone or the like
	seen  int
}

// maxEarlierLines is how many lines of them are looked at: the newest mail stands first.
const maxEarlierLines = 60

// note takes in a folded line.
func (e *earlier) note(l line) {
	if l.blank() || e.seen == maxEarlierLines {
		return
	}
	e.seen++
	folded := Fold(l.text)
	if field, to := fieldOf(l.text); field == toField {
		e.addNames(to)
	} else if name := l.text[:max(strings.IndexAny(l.text, ",:"), 0)]; isName(name) {
		e.addNames(name)
	} else if greets(l.text) {
		e.addNames(firstRunes(l.text, 60))
	}
	if !isLegal(folded) && count(folded, dataWords) > 0 && (strings.Contains(folded, "?") || count(folded, askWords) > 0) {
		e.asked = true
	}
}

func (e *earlier) addNames(s string) {
	if e.names == nil {
		e.names = map[string]bool{}
	}
	for _, word := range Words(s) {
		if len(word) >= 3 && !nameParticles(word) {
			e.names[word] = true
		}
	}
}

// sentTo tells whether a word of the name is one of those that the earlier mails were sent to.
func (e *earlier) sentTo(name string) bool {
	for _, word := range Words(name) {
		if e.names[word] {
			return true
		}
	}
	return false
}

// sentToAll tells whether all words of the name are among those.
func (e *earlier) sentToAll(name string) bool {
	for _, word := range Words(name) {
		if !e.names[word] && len(word) >= 3 && !nameParticles(word) {
			return false
		}
	}
	return e.sentTo(name)
}

var askWords = []string{
	"envie", "envia", "mande", "manda", "indique", "indica", "confirme", "confirma", "informe", "informa", "pase ", "pasar", "falta", "necesit", "precis", "please", "favor", "send",
	"provide", "complete", "nos da", "facilit", "solicit",
}

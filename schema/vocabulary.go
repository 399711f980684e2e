package schema

import (
	"fmt"
	"slices"
)

// word puts a text into the words of its property: one of the schema's enum, a status, a channel, an operator.
// Words that mean nothing here stay as they are.
func (m *mender) word(n *node, text string) string {
	if n.words == operatorWords {
		return m.operator(text)
	}
	if len(n.enum) == 0 {
		switch n.words {
		case statusWords:
			if status, known := Status(text); known {
				return status
			}
		case channelWords:
			return Channel(text)
		}
		return text
	}
	if slices.Contains(n.enum, text) || len(text) > longestWord {
		return text
	}
	if value, one := n.sameWord(text); one {
		return value
	}
	if meant, known := n.meaning(text); known && slices.Contains(n.enum, meant) {
		return meant
	}
	return text
}

// sameWord finds the one value of the enum that differs from text only in case, accents, spaces and hyphens.
func (n *node) sameWord(text string) (value string, one bool) {
	folded := fold(text)
	for _, candidate := range n.enum {
		if fold(candidate) != folded {
			continue
		}
		if one {
			return "", false
		}
		value, one = candidate, true
	}
	return value, one
}

func (n *node) meaning(text string) (string, bool) {
	switch n.words {
	case statusWords:
		return Status(text)
	case channelWords:
		return knownChannel(text)
	case fromWords:
		return author(text)
	}
	return "", false
}

// operator puts right an operator. There are more of them than an enum on the wire may have, so that the validator
// cannot refuse an unknown one.
func (m *mender) operator(text string) string {
	if operator, known := Operator(text); known {
		return operator
	}
	refusal := &Refusal{Got: quote(text), Expected: "one of " + operators, rank: rankValue}
	if looksInside(text) {
		refusal.reason = fmt.Sprintf("got %s, but conditions compare whole values only, by %s", quote(text), operators)
		if words := m.root.has("text", "query"); words != "" {
			refusal.reason += "; to search for words, use the argument " + words
		}
	}
	m.refuse("", refusal)
	return text
}

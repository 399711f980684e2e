package schema

import "strings"

// longestDescription is how much of a property's own description a refusal repeats.
const longestDescription = 120

// describe says what a schema takes, as a phrase: "a whole number from 1 to 100", "a list of texts".
func (n *node) describe() string {
	if n == nil || n.kinds == 0 && len(n.choices) == 0 {
		return "another value"
	}
	phrase := n.phrase()
	if n.description != "" && len(n.description) <= longestDescription {
		phrase += " (" + strings.TrimSuffix(n.description, ".") + ")"
	}
	return phrase
}

func (n *node) phrase() string {
	var phrases []string
	if len(n.choices) > 0 {
		phrases = append(phrases, "one of "+strings.Join(n.choices, ", "))
	} else {
		if n.kinds.allows(kindText) {
			phrases = append(phrases, n.textPhrase())
		}
		switch {
		case n.kinds.allows(kindNumber):
			phrases = append(phrases, "a number"+n.rangePhrase())
		case n.kinds.allows(kindInteger):
			phrases = append(phrases, "a whole number"+n.rangePhrase())
		}
		if n.kinds.allows(kindBoolean) {
			phrases = append(phrases, "true or false")
		}
		if n.kinds.allows(kindObject) {
			phrases = append(phrases, n.objectPhrase())
		}
		if n.kinds.allows(kindList) {
			phrases = append(phrases, n.listPhrase())
		}
	}
	if n.kinds.allows(kindNull) {
		phrases = append(phrases, "null")
	}
	return strings.Join(phrases, " or ")
}

func (n *node) textPhrase() string {
	c := n.constraints
	phrase := "text"
	if n.words == operatorWords {
		phrase = "one of " + operators
	}
	switch {
	case c.minLength != "" && c.minLength != "0" && c.maxLength != "":
		phrase += " of " + c.minLength + " to " + c.maxLength + " characters"
	case c.maxLength != "":
		phrase += " of at most " + c.maxLength + " characters"
	case c.minLength == "1":
		phrase += " that is not empty"
	case c.minLength != "" && c.minLength != "0":
		phrase += " of at least " + c.minLength + " characters"
	}
	if c.format != "" {
		phrase += " in the format " + c.format
	}
	if c.pattern != "" {
		phrase += " that matches " + c.pattern
	}
	return phrase
}

func (n *node) rangePhrase() string {
	c := n.constraints
	var phrase string
	switch {
	case c.minimum != "" && c.maximum != "":
		phrase = " from " + c.minimum + " to " + c.maximum
	case c.minimum != "":
		phrase = " of at least " + c.minimum
	case c.maximum != "":
		phrase = " of at most " + c.maximum
	}
	if c.above != "" {
		phrase += " above " + c.above
	}
	if c.below != "" {
		phrase += " below " + c.below
	}
	if c.multipleOf != "" {
		phrase += ", a multiple of " + c.multipleOf
	}
	return phrase
}

func (n *node) objectPhrase() string {
	switch {
	case len(n.names) == 0 && n.closed:
		return "an empty object"
	case len(n.names) == 0:
		return "an object"
	}
	return "an object with " + strings.Join(n.names, ", ")
}

func (n *node) listPhrase() string {
	c := n.constraints
	phrase := "a list"
	if n.items != nil && (n.items.kinds != 0 || len(n.items.choices) > 0) {
		phrase += ", each item " + n.items.phrase()
	}
	switch {
	case c.minItems != "" && c.minItems != "0" && c.maxItems != "":
		phrase = strings.Replace(phrase, "a list", "a list of "+c.minItems+" to "+c.maxItems, 1)
	case c.maxItems != "":
		phrase = strings.Replace(phrase, "a list", "a list of at most "+c.maxItems, 1)
	case c.minItems != "" && c.minItems != "0":
		phrase = strings.Replace(phrase, "a list", "a list of at least "+c.minItems, 1)
	}
	return phrase
}

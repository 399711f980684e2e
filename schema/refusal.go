package schema

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Refusal says what is wrong with the arguments of a call, in terms a model can act on.
type Refusal struct {
	// Argument is a path such as "limit" or "where[2].field"; empty when it is the arguments as a whole.
	Argument string
	// Got is what came, shortened, text in quotes; empty when nothing came.
	Got string
	// Expected is what would be taken, as a phrase: "a whole number from 1 to 100".
	Expected string
	// Candidates are the known names or values nearest to what came, nearest first; often none.
	Candidates []string

	reason string   // instead of "got ..., expected ..."
	others []string // further arguments that are wrong
	rank   rank
}

// rank orders refusals by how useful they are: an unknown name often explains why a required one is missing.
type rank uint8

const (
	rankName rank = iota
	rankValue
	rankMissing
)

// Error is one sentence: `limit: got 5000, expected a whole number from 1 to 100`.
func (r *Refusal) Error() string {
	expected := ""
	if r.Expected != "" && (r.reason == "" || r.reason == unknownArgument) {
		expected = ", expected " + r.Expected
	}
	return r.problem(expected)
}

// Problem is Error without what is expected, for where Expected stands beside it.
func (r *Refusal) Problem() string { return r.problem("") }

func (r *Refusal) problem(expected string) string {
	var text strings.Builder
	if r.Argument == "" {
		text.WriteString("arguments")
	} else {
		text.WriteString(r.Argument)
	}
	text.WriteString(": ")
	switch {
	case r.reason != "":
		text.WriteString(r.reason)
	case r.Got == "":
		text.WriteString("is missing")
	case r.Expected == "":
		text.WriteString("cannot take " + r.Got)
	default:
		text.WriteString("got " + r.Got)
	}
	text.WriteString(expected)
	if len(r.Candidates) > 0 {
		text.WriteString("; did you mean ")
		for i, candidate := range r.Candidates {
			if i > 0 {
				text.WriteString(" or ")
			}
			text.WriteString(strconv.Quote(candidate))
		}
		text.WriteByte('?')
	}
	r.writeOthers(&text)
	return text.String()
}

const unknownArgument = "is not an argument here"

// writeOthers names the further arguments that are wrong, so that a model can mend all in one go.
func (r *Refusal) writeOthers(text *strings.Builder) {
	const shown = 5
	count := len(r.others)
	if count == 0 {
		return
	}
	noun := "arguments are"
	if count == 1 {
		noun = "argument is"
	}
	atLeast := ""
	if count >= maxProblems-1 {
		atLeast = "at least "
	}
	fmt.Fprintf(text, " (%s%d other %s wrong too: %s", atLeast, count, noun, strings.Join(r.others[:min(count, shown)], ", "))
	if count > shown {
		text.WriteString(", ...")
	}
	text.WriteByte(')')
}

const longest = 80 // characters of what came that a refusal repeats

// show describes a value that came: its type and its beginning.
func show(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return quote(value)
	case json.Number:
		return shorten(value.String())
	case bool:
		return strconv.FormatBool(value)
	case []any:
		if len(value) == 0 {
			return "an empty list"
		}
		return fmt.Sprintf("a list of %d (%s)", len(value), beginning(value))
	case map[string]any:
		if len(value) == 0 {
			return "an empty object"
		}
		return "an object (" + beginning(value) + ")"
	}
	return "something else"
}

// quote puts text in quotes, escapes what cannot be seen, and shortens it, saying how long it was.
func quote(text string) string {
	short := shorten(text)
	if short == text {
		return strconv.Quote(text)
	}
	return fmt.Sprintf("%s... (text of %d characters)", strconv.Quote(strings.TrimSuffix(short, "...")), utf8.RuneCountInString(text))
}

func shorten(text string) string {
	count := 0
	for at := range text {
		if count == longest {
			return text[:at] + "..."
		}
		count++
	}
	return text
}

// beginning encodes only as much of a list or an object as will be shown, whatever its size.
func beginning(value any) string {
	var text strings.Builder
	writeBeginning(&text, value)
	return shorten(text.String())
}

func writeBeginning(text *strings.Builder, value any) {
	if text.Len() > 4*longest {
		return
	}
	switch value := value.(type) {
	case []any:
		text.WriteByte('[')
		for i, item := range value[:min(len(value), longest)] {
			if i > 0 {
				text.WriteString(", ")
			}
			writeBeginning(text, item)
		}
		text.WriteByte(']')
	case map[string]any:
		text.WriteByte('{')
		for i, key := range firstKeys(value) {
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteString(strconv.Quote(shorten(key)) + ": ")
			writeBeginning(text, value[key])
		}
		text.WriteByte('}')
	case string:
		text.WriteString(strconv.Quote(shorten(value)))
	default:
		text.WriteString(show(value))
	}
}

// showName writes an argument's name as it came: plain where it looks like a name, else in quotes and escaped.
func showName(name string) string {
	if name == "" || len(name) > longest {
		return quote(name)
	}
	for _, char := range name {
		if !unicode.IsLetter(char) && !unicode.IsDigit(char) && char != '_' && char != '-' {
			return quote(name)
		}
	}
	return name
}

// place is where in the arguments something is. It becomes a path only when a refusal needs one.
type place []step

// step is a property's name, or a position in a list when index is not negative.
type step struct {
	name  string
	index int
}

// path writes the place below prefix: "where[2].field".
func (p place) path(prefix string) string {
	var text strings.Builder
	text.WriteString(prefix)
	for _, step := range p {
		switch {
		case step.index >= 0:
			text.WriteString("[" + strconv.Itoa(step.index) + "]")
		case text.Len() > 0:
			text.WriteString("." + showName(step.name))
		default:
			text.WriteString(showName(step.name))
		}
	}
	return text.String()
}

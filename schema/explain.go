package schema

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// maxProblems bounds how many failures are put into words. A call of a hundred thousand wrong values is refused for
// the first of them.
const maxProblems = 50

// explain adds to problems what the validator found, each in terms of the argument.
func (a *Arguments) explain(problems []*Refusal, err error, object map[string]any) []*Refusal {
	var failure *jsonschema.ValidationError
	if !errors.As(err, &failure) {
		return append(problems, &Refusal{reason: "could not be checked against the tool's schema"})
	}
	explainer := explainer{root: a.root, object: object, problems: problems}
	explainer.failure(failure)
	return explainer.problems
}

type explainer struct {
	root     *node
	object   map[string]any
	problems []*Refusal
}

func (e *explainer) failure(failure *jsonschema.ValidationError) {
	if len(e.problems) >= maxProblems {
		return
	}
	switch failed := failure.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range failure.Causes {
			e.failure(cause)
		}
	case *kind.AdditionalProperties:
		slices.Sort(failed.Properties)
		for _, name := range failed.Properties[:min(len(failed.Properties), maxProblems)] {
			e.unknown(failure.InstanceLocation, name)
		}
	case *kind.Required:
		for _, name := range failed.Missing {
			e.missing(failure.InstanceLocation, name)
		}
	case *kind.UniqueItems:
		at, _ := e.find(failure.InstanceLocation)
		e.add(&Refusal{Argument: at, rank: rankValue, reason: fmt.Sprintf("has the same value twice, at %d and %d; send it once",
			failed.Duplicates[0], failed.Duplicates[1])})
	default:
		e.wrong(failure.InstanceLocation)
	}
}

func (e *explainer) add(refusal *Refusal) {
	e.problems = append(e.problems, refusal)
}

func (e *explainer) unknown(location []string, name string) {
	at, _ := e.place(location)
	refusal := &Refusal{Argument: append(at, step{name: name, index: -1}).path(""), rank: rankName, reason: unknownArgument}
	if n := e.root.at(location); n != nil {
		refusal.Expected = "one of " + strings.Join(n.names, ", ")
		if len(n.names) == 0 {
			refusal.Expected = "none"
		}
		if n.has("where") != "" {
			refusal.Expected += "; any other field goes into where"
		}
		refusal.Candidates = nearest(name, n.names)
	}
	e.add(refusal)
}

func (e *explainer) missing(location []string, name string) {
	at, _ := e.place(location)
	e.add(&Refusal{
		Argument: append(at, step{name: name, index: -1}).path(""),
		Expected: e.root.at(append(slices.Clone(location), name)).describe(),
		rank:     rankMissing,
	})
}

func (e *explainer) wrong(location []string) {
	at, value := e.find(location)
	n := e.root.at(location)
	refusal := &Refusal{Argument: at, Got: show(value), Expected: n.describe(), rank: rankValue}
	if text, isText := value.(string); isText && n != nil {
		refusal.Candidates = nearest(text, n.enum)
	}
	e.add(refusal)
}

func (e *explainer) find(location []string) (string, any) {
	at, value := e.place(location)
	return at.path(""), value
}

// place follows the validator's location through what came: only there it shows whether "0" is a position or a
// name.
func (e *explainer) place(location []string) (place, any) {
	at := make(place, 0, len(location)+1)
	var value any = e.object
	for _, token := range location {
		switch inside := value.(type) {
		case map[string]any:
			at, value = append(at, step{name: token, index: -1}), inside[token]
		case []any:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(inside) {
				return at, nil
			}
			at, value = append(at, step{index: index}), inside[index]
		}
	}
	return at, value
}

// mostUseful picks the refusal to show, and names the other arguments that are wrong in it.
func mostUseful(problems []*Refusal) *Refusal {
	slices.SortStableFunc(problems, func(a, b *Refusal) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Argument, b.Argument))
	})
	first := problems[0]
	for _, other := range problems[1:] {
		if other.Argument != first.Argument && !slices.Contains(first.others, other.Argument) {
			first.others = append(first.others, other.Argument)
		}
	}
	return first
}

// nearest returns the known words that come close to what came, nearest first: a few letters apart, or one the
// beginning of the other, or with a word in common (id and case_id).
func nearest(word string, known []string) []string {
	const most = 3
	folded := fold(word)
	if folded == "" || len(word) > longestWord {
		return nil
	}
	type near struct {
		word     string
		distance int
	}
	var found []near
	parts := strings.Split(snakeCase(word), "_")
	for _, candidate := range known {
		other := fold(candidate)
		distance := levenshtein.ComputeDistance(folded, other)
		switch {
		case distance <= tolerance(min(len(folded), len(other))):
		case strings.HasPrefix(other, folded), strings.HasPrefix(folded, other):
			distance += len(other)
		case shared(parts, candidate) > 0:
			distance += len(other) - 5*shared(parts, candidate)
		default:
			continue
		}
		found = append(found, near{candidate, distance})
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	words := make([]string, 0, most)
	for _, near := range found[:min(len(found), most)] {
		words = append(words, near.word)
	}
	if len(words) == 0 {
		return nil
	}
	return words
}

// tolerance is how many letters may differ in a word of a length; two letters that changed places count as two.
func tolerance(length int) int {
	switch {
	case length < 4:
		return 1
	case length < 8:
		return 2
	}
	return length / 3
}

// shared counts the words that a name has in common with parts.
func shared(parts []string, name string) int {
	count := 0
	for word := range strings.SplitSeq(name, "_") {
		if slices.Contains(parts, word) {
			count++
		}
	}
	return count
}

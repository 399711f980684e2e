package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// longestParameter is how long one parameter of a template may be, in characters: as long as WhatsApp lets the whole be.
const longestParameter = 1024

// filled is a template with what goes into its places.
type filled struct {
	of         wisecx.Template
	parameters []wisecx.Parameter // in the order of the places
	words      string             // as the customer reads it
}

// templatesFor are the templates of the number that a case came to, and those of the account's other numbers. Where
// no number of ours is known to be the case's, all are its own.
func (d *Desk) templatesFor(ctx context.Context, account wisecx.Text) (own, others []wisecx.Template, err error) {
	rows, err := everyPage(ctx, keysIn(&wisecx.Templates), d.api.ListTemplates, func(t *wisecx.Template) string { return string(t.TemplateID) })
	if err != nil {
		return nil, nil, fmt.Errorf("the WhatsApp templates are not to be had: %w", err)
	}
	ours := text.Digits(string(account))
	for _, t := range rows {
		if number := text.Digits(string(t.Number)); ours == "" || number == "" || number == ours {
			own = append(own, t)
		} else {
			others = append(others, t)
		}
	}
	if len(own) == 0 {
		return others, nil, nil
	}
	return own, others, nil
}

// findTemplate gives the one template that a word means, by its id or name, among those of the case's number.
func findTemplate(word string, own, others []wisecx.Template) (wisecx.Template, error) {
	folded := strings.NewReplacer(" ", "_", "-", "_").Replace(text.Fold(word))
	fits := func(t wisecx.Template) bool {
		return string(t.TemplateID) == strings.TrimSpace(word) || strings.NewReplacer(" ", "_", "-", "_").Replace(text.Fold(string(t.Name))) == folded
	}
	chosen := func(list []wisecx.Template) (hits []wisecx.Template) {
		for _, t := range list {
			if folded != "" && fits(t) {
				hits = append(hits, t)
			}
		}
		return hits
	}
	refusal := &Refusal{Argument: "template", Expected: "one of these templates, by its name or id"}
	switch hits := chosen(own); {
	case len(hits) == 1:
		return hits[0], nil
	case len(hits) > 1:
		refusal.Problem, refusal.Candidates = fmt.Sprintf("%q is the name of %d templates", clip(word, 60), len(hits)), templateLabels(hits)
	case len(chosen(others)) > 0:
		refusal.Problem = fmt.Sprintf("%q belongs to another number of ours, %s, than the one that this case came to", clip(word, 60), clip(text.Line(string(chosen(others)[0].Number)), 40))
		refusal.Candidates = templateLabels(own)
	default:
		refusal.Problem, refusal.Candidates = fmt.Sprintf("there is no WhatsApp template %q", clip(word, 60)), templateLabels(own)
	}
	return wisecx.Template{}, refusal
}

// templateLabels show templates with their parameters and the beginning of their words.
func templateLabels(list []wisecx.Template) []string {
	var labels []string
	for _, t := range list[:min(len(list), 20)] {
		label := fmt.Sprintf("%s (%s)", clip(text.Line(string(t.Name)), 60), clip(text.Line(string(t.TemplateID)), 60))
		if places := placesOf(string(t.Content)); len(places) > 0 {
			label += ", parameters " + clip(strings.Join(places, ", "), 100)
		}
		labels = append(labels, label+": "+shorten(text.Line(string(t.Content)), 120))
	}
	return labels
}

// placesOf are the names of a template's parameters, in the order in which they first stand in it.
func placesOf(content string) []string {
	var places []string
	for _, found := range placeholder().FindAllStringSubmatch(content, 50) {
		if !slices.Contains(places, found[1]) {
			places = append(places, found[1])
		}
	}
	return places
}

// fillTemplate holds parameters against a template's places, and gives it as the customer reads it.
func fillTemplate(t wisecx.Template, given map[string]string) (*filled, error) {
	content, values := string(t.Content), map[string]string{}
	if text.Clean(content) == "" {
		return nil, &Refusal{Argument: "template", Problem: fmt.Sprintf("the API does not show what %q says, so nobody could see what is sent", clip(text.Line(string(t.Name)), 60)), Expected: "another template"}
	}
	places := placesOf(content)
	var missing, extra []string
	for _, key := range slices.Sorted(maps.Keys(given)) {
		place := placeFor(key, places)
		if _, twice := values[place]; twice || place == "" {
			extra = append(extra, clip(text.Line(key), 60))
			continue
		}
		value := strings.TrimSpace(given[key])
		if err := checkParameter(place, value); err != nil {
			return nil, err
		}
		values[place] = value
	}
	for _, place := range places {
		if _, has := values[place]; !has {
			missing = append(missing, place)
		}
	}
	if len(missing)+len(extra) > 0 {
		problem := fmt.Sprintf("template %s takes %d parameters", clip(text.Line(string(t.Name)), 60), len(places))
		if len(missing) > 0 {
			problem += "; missing: " + strings.Join(missing, ", ")
		}
		if len(extra) > 0 {
			problem += "; not among them: " + clip(strings.Join(extra, ", "), 200)
		}
		return nil, &Refusal{Argument: "parameters", Problem: problem + "; nothing was sent", Expected: "exactly: " + strings.Join(places, ", "), Candidates: templateLabels([]wisecx.Template{t})}
	}
	f := &filled{of: t, words: placeholder().ReplaceAllStringFunc(content, func(place string) string {
		return values[placeholder().FindStringSubmatch(place)[1]]
	})}
	for _, place := range places {
		f.parameters = append(f.parameters, wisecx.Parameter{Key: place, Value: values[place]})
	}
	return f, nil
}

// placeFor gives the place that a parameter is for, "" where there is none: by its name in any spelling, or, where places
// have names, by its number in the order in which they first stand.
func placeFor(key string, places []string) string {
	name := strings.TrimSpace(strings.Trim(strings.TrimSpace(key), "{}"))
	if slices.Contains(places, name) {
		return name
	}
	var alike []string
	numbered := false
	for _, place := range places {
		if text.Fold(place) == text.Fold(name) {
			alike = append(alike, place)
		}
		numbered = numbered || text.Digits(place) == place
	}
	n, err := strconv.Atoi(name)
	switch {
	case len(alike) == 1:
		return alike[0]
	case err == nil && !numbered && n >= 1 && n <= len(places):
		return places[n-1]
	}
	return ""
}

// checkParameter holds a value against WhatsApp's rules: one line, no row of blanks.
func checkParameter(place, value string) error {
	argument := "parameters." + clip(place, 60)
	switch {
	case utf8.RuneCountInString(value) > longestParameter:
		return &Refusal{Argument: argument, Problem: fmt.Sprintf("longer than %d characters; nothing was sent", longestParameter), Expected: "a shorter value"}
	case strings.ContainsAny(value, "\r\n\t\u2028\u2029\u0085\v\f") || strings.Contains(value, "    "):
		return &Refusal{Argument: argument, Problem: "WhatsApp takes no line ends, tabs or four blanks in a row within a parameter; nothing was sent", Expected: "one line"}
	}
	_, err := outgoing(argument, value, whatsApp)
	return err
}

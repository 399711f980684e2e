package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// channelKinds are the words for a channel that stand for more than one of the API's [W].
var channelKinds = map[string][]string{
	"email": {"email", "new_email"},
	"phone": {"phone", "incoming_call"},
}

// knownChannels were seen in the API [C][W]; the set is open.
var knownChannels = []string{"phone", "email", "whatsapp", "web", "incoming_call", "new_email"}

// named resolves names and ids of one field into a condition. argument is what a refusal names.
func (d *Desk) named(ctx context.Context, argument string, field *wisecx.Field, operator wisecx.Operator, words []string) (*filter, error) {
	f := &filter{Condition: wisecx.Condition{Field: field, Operator: operator}}
	for _, word := range words {
		if err := d.resolveEach(ctx, f, argument, word); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// resolveEach takes a text for one name, or for several with commas where it is none as a whole.
func (d *Desk) resolveEach(ctx context.Context, f *filter, argument, word string) error {
	err := d.resolve(ctx, f, argument, word)
	var refusal *Refusal
	if !errors.As(err, &refusal) || !strings.Contains(word, ",") {
		return err
	}
	for part := range strings.SplitSeq(word, ",") {
		if err := d.resolve(ctx, f, argument, part); err != nil {
			return err
		}
	}
	return nil
}

// resolve adds to the condition what one word means.
func (d *Desk) resolve(ctx context.Context, f *filter, argument, word string) error {
	if strings.TrimSpace(word) == "" {
		return &Refusal{Argument: argument, Problem: "empty", Expected: "a name or an id"}
	}
	if isNone, err := d.meansNone(ctx, f.Field, word); isNone || err != nil {
		f.none = true
		f.shown = append(f.shown, noneLabel)
		return err
	}
	switch f.Field.Name {
	case "queue":
		if text.Fold(word) == "mine" {
			return d.resolveMine(ctx, f, argument)
		}
		return d.resolveID(ctx, f, argument, "queue", word)
	case "agent":
		switch text.Fold(word) {
		case "unassigned", "none", "sin asignar", "sem atribuicao":
			f.none = true
			f.shown = append(f.shown, "unassigned")
			return nil
		case "me":
			if d.me == "" {
				return &Refusal{Argument: argument, Problem: `"me" is not known here`, Expected: "an agent's name or id, or the setting WISECX_AGENT"}
			}
			word = d.me
		}
		return d.resolveID(ctx, f, argument, "agent", word)
	case "type":
		return d.resolveType(ctx, f, argument, word)
	case "tags":
		return d.resolveTag(ctx, f, argument, word)
	case "channel":
		return d.resolveChannel(ctx, f, argument, word)
	case "organization", "contact_group":
		return d.resolveID(ctx, f, argument, f.Field.Refers, word)
	case "priority":
		word = priorityOf(word)
	}
	f.Values = append(f.Values, word)
	f.shown = append(f.shown, word)
	return nil
}

// noneWords are the words for no value.
var noneWords = []string{"none", "ninguno", "ninguna", "nenhum", "nenhuma"}

// meansNone tells whether a word asks for cases without a priority, type or tag, as unassigned does for agents: one for
// none, unless there is something of that very name.
func (d *Desk) meansNone(ctx context.Context, field *wisecx.Field, word string) (bool, error) {
	folded := text.Fold(word)
	if !slices.Contains([]string{"priority", "type", "tags"}, field.Name) || !slices.Contains(noneWords, folded) {
		return false, nil
	}
	if field.Refers == "" {
		return true, nil
	}
	names, err := d.directory.names(ctx, field.Refers)
	if err != nil {
		return true, ctx.Err()
	}
	return !slices.ContainsFunc(names.entries, func(e entry) bool { return text.Fold(e.name) == folded }), nil
}

func (d *Desk) resolveMine(ctx context.Context, f *filter, argument string) error {
	if len(d.mine) == 0 {
		return &Refusal{Argument: argument, Problem: `"mine" is not known here`, Expected: "queues by name or id, or the setting WISECX_QUEUES"}
	}
	for _, word := range d.mine {
		if err := d.resolveID(ctx, f, argument, "queue", word); err != nil {
			return err
		}
	}
	return nil
}

// resolveID looks a word up in the directory. Where the directory cannot be had, an id still serves.
func (d *Desk) resolveID(ctx context.Context, f *filter, argument, of, word string) error {
	names, err := d.directory.names(ctx, of)
	if err != nil {
		id, notNumber := strconv.ParseInt(strings.TrimSpace(word), 10, 64)
		if notNumber != nil || ctx.Err() != nil {
			return fmt.Errorf("%s %q: the names of %ss are not to be had: %w", argument, clip(word, 60), of, err)
		}
		f.Values = append(f.Values, id)
		f.shown = append(f.shown, "#"+strconv.FormatInt(id, 10))
		return nil
	}
	e, err := names.find(argument, of, word)
	if err != nil {
		return err
	}
	f.Values = append(f.Values, e.id)
	f.shown = append(f.shown, e.name)
	return nil
}

// resolveType takes a type with all types below it.
func (d *Desk) resolveType(ctx context.Context, f *filter, argument, word string) error {
	if err := d.resolveID(ctx, f, argument, "type", word); err != nil {
		return err
	}
	names, err := d.directory.names(ctx, "type")
	if err != nil {
		return nil
	}
	id := f.Values[len(f.Values)-1].(int64)
	under := names.below(id)[1:]
	f.Values = append(f.Values, anys(under)...)
	if len(under) > 0 {
		f.shown[len(f.shown)-1] += fmt.Sprintf(" and %d below", len(under))
	}
	return nil
}

// resolveTag takes a tag's name, or its id for its name: tags go and come as names.
func (d *Desk) resolveTag(ctx context.Context, f *filter, argument, word string) error {
	name := word
	if names, err := d.directory.names(ctx, "tag"); err == nil {
		e, err := names.find(argument, "tag", word)
		if err != nil {
			return err
		}
		name, f.tags = e.name, names
	} else if ctx.Err() != nil {
		return err
	}
	f.Values = append(f.Values, name)
	f.shown = append(f.shown, name)
	return nil
}

// tag gives the name of a tag that came as its id; names are the rule.
func (n *names) tag(came string) string {
	if n == nil || text.Digits(came) != came {
		return came
	}
	if id, err := strconv.ParseInt(came, 10, 64); err == nil {
		if i, known := n.byID[id]; known {
			return n.entries[i].name
		}
	}
	return came
}

// priorityOf puts the words that people say into those that the API is known to use [I].
func priorityOf(word string) string {
	switch folded := text.Fold(word); folded {
	case "baja", "baixa":
		return "low"
	case "media", "medium", "normal":
		return "normal"
	case "alta":
		return "high"
	case "urgente", "critica", "critical":
		return "urgent"
	case "low", "high", "urgent":
		return folded
	}
	return word
}

// resolveChannel takes a kind of channel, or the name or id of one of our channels for its kind.
func (d *Desk) resolveChannel(ctx context.Context, f *filter, argument, word string) error {
	word = strings.TrimSpace(word)
	folded := strings.ReplaceAll(text.Fold(word), " ", "_")
	kinds := channelKinds[folded]
	if kinds == nil && slices.Contains(knownChannels, folded) {
		kinds = []string{folded}
	}
	if kinds == nil {
		names, err := d.directory.names(ctx, "channel")
		if err != nil {
			return fmt.Errorf("%s %q: the names of channels are not to be had: %w", argument, clip(word, 60), err)
		}
		kind, account, err := channelKind(names, argument, word)
		if err != nil {
			return err
		}
		kinds = []string{kind}
		if account != "" {
			d.narrow(f, kind, account)
			return nil
		}
	}
	f.Values = append(f.Values, anys(kinds)...)
	f.plain = append(f.plain, kinds...)
	f.shown = append(f.shown, kinds...)
	return nil
}

// narrow takes one channel of ours. The API is asked for its kind, and cases are told apart by their account
// where the channel's name shows one.
func (d *Desk) narrow(f *filter, kind, name string) {
	f.Values = append(f.Values, kind)
	if len(text.Digits(name)) < 6 && !strings.Contains(name, "@") {
		f.plain = append(f.plain, kind)
		f.shown = append(f.shown, kind)
		f.note = fmt.Sprintf("cases do not say which channel of a kind they came by: all of kind %s are taken for %q", kind, name)
		return
	}
	f.account = append(f.account, name)
	f.shown = append(f.shown, name)
	f.local = f.local || f.negative()
}

// channelKind knows every kind that one of our channels has, and each channel by its name or id, which it
// then gives as account.
func channelKind(names *names, argument, word string) (kind, account string, err error) {
	for _, e := range names.entries {
		if text.Fold(e.also[0]) == text.Fold(word) {
			return e.also[0], "", nil
		}
	}
	e, err := names.find(argument, "channel", word)
	if err != nil {
		if refusal, ok := err.(*Refusal); ok {
			refusal.Expected = "a kind of channel (" + strings.Join(knownChannels, ", ") + ") or one of these channels"
		}
		return "", "", err
	}
	return e.also[0], e.name, nil
}

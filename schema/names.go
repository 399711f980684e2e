package schema

import (
	"fmt"
	"slices"
)

// names gives the properties of an object their own names where they came under another: camelCase, kebab-case,
// or a synonym. What stays unknown is left for the validator to refuse.
func (m *mender) names(n *node, object map[string]any) {
	var unknown []string
	for name := range object {
		if _, known := n.properties[name]; !known {
			unknown = append(unknown, name)
		}
	}
	// An object full of unknown names is a mistake that no synonym explains.
	if len(unknown) == 0 || len(unknown) > 100 {
		return
	}
	slices.Sort(unknown)
	from := map[string]string{}
	for _, name := range unknown {
		canonical, refusal := n.canonical(name)
		if refusal != nil {
			m.refuse(name, refusal)
		}
		if canonical == "" {
			continue
		}
		m.rename(n, object, name, canonical, from)
	}
}

// rename moves a value to its canonical name. Two values for one argument are refused, unless one of them is the
// null of a model that fills in every name it can think of.
func (m *mender) rename(n *node, object map[string]any, name, canonical string, from map[string]string) {
	value := object[name]
	delete(object, name)
	earlier, taken := object[canonical]
	empty := func(value any) bool { return value == nil && !n.properties[canonical].kinds.allows(kindNull) }
	switch {
	case !taken || empty(earlier):
		object[canonical] = value
		from[canonical] = name
	case empty(value):
	case from[canonical] != "":
		m.refuse(name, &Refusal{rank: rankName, Expected: canonical + " alone", reason: fmt.Sprintf("means %s, as %s does; send only %s, once",
			canonical, showName(from[canonical]), canonical)})
	default:
		m.refuse(name, &Refusal{rank: rankName, Expected: canonical + " alone", reason: fmt.Sprintf("is another name for %s, which is given too; send only %s",
			canonical, canonical)})
	}
}

// canonical returns the property that a name means, or none. Names that are never taken silently have a refusal
// instead, which tells what to send.
func (n *node) canonical(name string) (property string, refusal *Refusal) {
	if len(name) > longestWord {
		return "", nil
	}
	snake := snakeCase(name)
	if _, known := n.properties[snake]; known {
		return snake, nil
	}
	if !n.closed {
		return "", nil
	}
	if refusal := n.ambiguous(snake); refusal != nil {
		return "", refusal
	}
	return n.synonym(snake), nil
}

// ambiguous refuses names that could mean two things, or that mean something the API does not do.
func (n *node) ambiguous(name string) *Refusal {
	switch name {
	case "page", "page_number", "offset":
		if n.has("cursor") != "" {
			return &Refusal{rank: rankName, Expected: "cursor, with the next_cursor of the last answer",
				reason: "is not an argument here; to go on, send cursor with the next_cursor of the last answer"}
		}
	case "email", "phone", "personal_id", "customer_email", "customer_phone", "contact_name", "customer_name":
		if n.has("contact") != "" {
			return &Refusal{rank: rankName, Expected: "contact, with an id, e-mail, phone or personal id",
				reason: "is not an argument here; contact takes a customer's id, e-mail, phone or personal id, but no name"}
		}
	case "name", "full_name", "nombre":
		if n.has("contact_id") != "" && n.has("include") != "" {
			return &Refusal{rank: rankName, Expected: "contact_id, email, phone or personal_id; search_contacts finds them by a name",
				reason: "is not an argument here; search_contacts finds a customer by words of a name"}
		}
	case "subject", "summary", "title", "asunto":
		if n.has("where") != "" && n.has("text") != "" {
			return &Refusal{rank: rankName, Expected: "text, with words of it",
				reason: "is not an argument here; text finds words of it"}
		}
	case "tags", "tag":
		if n.has("add_tags") != "" {
			return &Refusal{rank: rankName, Expected: "add_tags or remove_tags",
				reason: "leaves open whether to add or to replace; send add_tags, remove_tags or both"}
		}
	case "channel", "source_channel":
		if n.isReply() {
			return &Refusal{rank: rankName, Expected: "no channel: the case has its own",
				reason: "is not an argument here; a reply leaves through the case's own channel, so leave it out"}
		}
	case "internal", "is_internal", "internal_note", "private", "is_private", "public", "is_public", "note", "notes", "nota", "nota_interna", "comment", "comentario", "visibility":
		if n.isReply() || n.has("add_tags") != "" && n.has("message") == "" {
			return &Refusal{rank: rankName, Expected: "no notes: tags, priority or custom_fields can mark a case for the team",
				reason: "is not an argument here; Wise CX's API has no internal notes, and the customer reads every reply"}
		}
	}
	return nil
}

// synonym returns the property that another word for it means, as far as the object has that property.
func (n *node) synonym(name string) string {
	switch name {
	case "group", "team", "area", "sector", "cola":
		return n.has("queue")
	case "user", "assignee", "owner", "assigned_to":
		return n.has("agent")
	case "customer", "client", "contact_id", "contact":
		return n.has("contact", "contact_id")
	case "number", "case", "ticket":
		return n.has("case_number")
	case "since", "date_from", "desde":
		return n.has("created_after", "after", "date_from")
	case "until", "date_to", "hasta":
		return n.has("created_before", "before", "date_to")
	case "source_channel":
		return n.has("channel")
	case "category", "motivo":
		return n.has("type")
	case "template_id", "template_name":
		return n.has("template")
	case "variables", "params":
		return n.has("parameters")
	case "max", "page_size", "per_page":
		return n.has("limit")
	case "order_by":
		return n.has("sort_by")
	}
	return n.synonymOfText(name)
}

// synonymOfText tells the words to search for from the words to say: only a reply has a template beside its text.
func (n *node) synonymOfText(name string) string {
	switch name {
	case "q", "keyword":
		if !n.isReply() {
			return n.has("query", "text")
		}
	case "query":
		if !n.isReply() {
			return n.has("text")
		}
	case "text", "search", "name", "email", "phone", "personal_id":
		return n.has("query")
	case "message", "body", "content":
		if n.isReply() {
			return n.has("text")
		}
	}
	return ""
}

func (n *node) isReply() bool {
	return n.has("text") != "" && n.has("template") != ""
}

// has returns the first of the names that is a property, or "".
func (n *node) has(names ...string) string {
	for _, name := range names {
		if _, known := n.properties[name]; known {
			return name
		}
	}
	return ""
}

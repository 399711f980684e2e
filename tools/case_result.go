package tools

import (
	"fmt"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

// fit drops the oldest messages and events first, then cuts the longest texts. One message never takes
// more than half the budget as long as there are others.
func (r *CaseResult) fit(budget int) ([]byte, error) {
	messages, events := r.view.Messages, r.view.Events
	size := 0
	for {
		r.show(messages, events, size)
		b, err := encode(r)
		if err != nil {
			return nil, err
		}
		if text.Tokens(b) <= budget {
			return b, nil
		}
		switch {
		case size == 0:
			size = budget * 3 / 2 // bytes: about half the budget in tokens
		case len(events) > 0:
			events = events[(len(events)+1)/2:]
		case len(messages) > 1:
			messages = messages[1:]
		case size > 20:
			size /= 2
		default:
			// Only the case's own fields are left; their texts are short by now.
			r.Contact, r.Messages, r.Events = nil, nil, nil
			return encode(r)
		}
	}
}

// show takes these messages and events into the result, texts cut to a size in bytes where it is not 0.
func (r *CaseResult) show(messages, events []desk.Row, size int) {
	v := r.view
	r.Case, r.Contact, r.Timezone = v.Case, v.Contact, v.Timezone
	r.Earlier = v.Earlier + len(v.Messages) - len(messages)
	r.Notes = append([]string(nil), v.Notes...)
	if v.Partly {
		r.Notes = append(r.Notes, "the thread is long and was read from its end: there are more earlier messages than earlier_messages counts")
	}
	r.Messages, r.Events = messages, events
	if dropped := len(v.Messages) - len(messages); dropped > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d of the messages asked for did not fit: get_case_messages shows them", dropped))
	}
	if size == 0 {
		return
	}
	if size < clipSize {
		r.Case, r.Contact = v.Case.Clip(size), v.Contact.Clip(size)
		r.Notes = append(r.Notes, "fields and lists are cut to fit; raise WISECX_MAX_TOKENS for more")
	}
	r.Messages = nil
	for _, m := range messages {
		r.Messages = append(r.Messages, cutMessage(m, size, func(shown int) string { return callFor(v.Rest(m, shown)) }))
	}
}

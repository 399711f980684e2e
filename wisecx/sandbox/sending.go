package sandbox

import (
	"slices"
	"strings"
)

// takeActivities adds to the thread what the body says was said [W].
func (d *draft) takeActivities() {
	d.body.each("activities", func(o *document) {
		kind, has := o.text("type")
		o.mustHave(has, "type")
		switch {
		case kind == "contact_message":
			d.customerSays(o)
		case kind == "user_reply":
			d.agentSays(o)
		case has:
			o.fail(bad("Invalid %stype %q; it is contact_message or user_reply", o.at, cut(kind)))
		}
	})
}

// say adds an activity at the draft's moment.
func (d *draft) say(x Activity) {
	x.Channel, x.CreatedAt = d.c.SourceChannel, d.now
	d.added = append(d.added, x)
}

// customerSays records a message of a contact: of the one it comes from, without that of the case's own. The first one to
// appear on a case without a contact becomes its contact.
func (d *draft) customerSays(o *document) {
	var from *Contact
	named := o.one("contact_from", func(o *document) { from = d.person(o) })
	if !named && !o.failed() {
		from = d.data.contact(d.c.ContactID)
		o.mustHave(from != nil, "contact_from")
	}
	content, _ := o.text("content")
	attachments := o.attachments()
	o.mustHave(content != "" || attachments != nil, "content")
	if o.failed() {
		return
	}
	d.belongsTo(from)
	party := from.party(&d.c)
	d.say(Activity{Type: "contact_message", ContactFrom: &party, Content: content, Attachments: attachments, SendingState: "sent"})
}

// agentSays sends something to contacts, in the name of the case's agent or, without one, of nobody [I]. Calls take no
// replies [I]. What cannot be delivered is accepted all the same and has failed [I].
func (d *draft) agentSays(o *document) {
	if d.c.calls() {
		o.fail(bad("Channel %s takes no replies", d.c.SourceChannel))
		return
	}
	var to []*Contact
	o.each("contacts_to", func(o *document) { to = append(to, d.person(o)) })
	o.mustHave(len(to) > 0, "contacts_to")
	content, text := o.text("content")
	attachments := o.attachments()
	isTemplate := o.one("template", func(o *document) { content = d.template(o) })
	switch {
	case isTemplate && (text || attachments != nil):
		o.fail(bad("%stemplate goes without content and attachments", o.at))
	case !isTemplate:
		o.mustHave(content != "" || attachments != nil, "content")
	}
	if o.failed() {
		return
	}
	d.belongsTo(to[0])
	x := Activity{Type: "user_reply", UserID: d.c.UserID, Content: content, Attachments: attachments, SendingState: "sent"}
	for _, c := range to {
		party := c.party(&d.c)
		if x.ContactsTo = append(x.ContactsTo, party); d.c.SourceChannel != "web" && party.Email == "" && party.Phone == "" {
			x.SendingState = "failed"
		}
	}
	if d.c.SourceChannel == "whatsapp" && !isTemplate && !d.windowOpen() {
		x.SendingState = "failed"
	}
	d.say(x)
}

func (d *draft) belongsTo(c *Contact) {
	if d.c.ContactID == 0 {
		d.c.ContactID = c.ID
	}
}

// windowOpen tells whether WhatsApp takes plain text: the customer wrote within 24 hours, on this case [I].
func (d *draft) windowOpen() bool {
	thread, _ := d.data.thread(d.c.ID)
	for _, x := range slices.Backward(slices.Concat(thread, d.added)) {
		if x.Type == "contact_message" {
			return d.now.Sub(x.CreatedAt) <= window
		}
	}
	return false
}

var placeholder = compiled(`\{\{(\w+)\}\}`)

// template is the text of a template with its parameters in their places. It has to be one of the number that the case came
// to, with a parameter for each place and no other [I].
func (d *draft) template(o *document) string {
	id, has := o.text("template_id")
	o.mustHave(has, "template_id")
	values := map[string]string{}
	o.each("parameters", func(o *document) {
		key, hasKey := o.text("key")
		o.mustHave(hasKey, "key")
		value, hasValue := o.text("value")
		if o.mustHave(hasValue, "value"); strings.TrimSpace(value) == "" {
			o.fail(bad("%svalue is empty", o.at))
		}
		if _, twice := values[key]; twice {
			o.fail(bad("Template parameter %q is given twice", cut(key)))
		}
		values[key] = value
	})
	if o.failed() {
		return ""
	}
	if d.c.SourceChannel != "whatsapp" {
		o.fail(bad("Channel %s takes no templates", d.c.SourceChannel))
		return ""
	}
	at := slices.IndexFunc(d.data.templates, func(t Template) bool {
		return t.ID == id && (t.Number == d.c.ChannelAccount || d.c.ChannelAccount == "")
	})
	if at < 0 {
		o.fail(unknown("Template"))
		return ""
	}
	return o.fill(d.data.templates[at].Content, values)
}

// fill puts values in the places of a template's text.
func (o *document) fill(content string, values map[string]string) string {
	places := map[string]bool{}
	for _, found := range placeholder().FindAllStringSubmatch(content, -1) {
		if places[found[1]] = true; values[found[1]] == "" {
			o.fail(bad("Template parameter %q is missing", found[1]))
		}
	}
	for key := range values {
		if !places[key] {
			o.fail(bad("The template has no parameter %q", cut(key)))
		}
	}
	return placeholder().ReplaceAllStringFunc(content, func(place string) string { return values[strings.Trim(place, "{}")] })
}

// party is the contact as activities of a case name it on its channel.
func (c *Contact) party(on *Case) Party {
	p := Party{ID: c.ID, Name: c.Name}
	if on.mails() {
		p.Email = c.Email
	} else {
		p.Phone = c.Phone
	}
	return p
}

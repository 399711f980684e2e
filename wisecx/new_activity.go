package wisecx

// NewActivity is a message to add to a thread, as made by Reply, TemplateReply and FromContact [W].
type NewActivity struct {
	Type        string        `json:"type"` // UserReply or ContactMessage
	Content     string        `json:"content,omitempty"`
	Template    *UsedTemplate `json:"template,omitempty"`
	ContactFrom *Party        `json:"contact_from,omitempty"`
	ContactsTo  []Party       `json:"contacts_to,omitempty"`
	Attachments []string      `json:"attachments,omitzero"` // always empty: we send no files
}

// Party is whom a message is from or to: by ID [W] where it is to somebody, or by what the channel needs [W].
type Party struct {
	ID         int64  `json:"id,omitempty"`
	Name       string `json:"name,omitempty"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	PersonalID string `json:"personal_id,omitempty"`
}

// UsedTemplate is a WhatsApp template with what goes into its places.
type UsedTemplate struct {
	ID         string      `json:"template_id"`
	Parameters []Parameter `json:"parameters"`
}

// Parameter fills the place {{Key}} of a template.
type Parameter struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Reply is a message to contacts, which is sent.
func Reply(content string, to ...Party) NewActivity {
	return NewActivity{Type: UserReply, Content: content, ContactsTo: to}
}

// TemplateReply is a WhatsApp template to contacts, which is sent.
func TemplateReply(templateID string, parameters []Parameter, to ...Party) NewActivity {
	if parameters == nil {
		parameters = []Parameter{} // nil would go as null
	}
	return NewActivity{Type: UserReply, Template: &UsedTemplate{templateID, parameters}, ContactsTo: to}
}

// FromContact is a message from a contact, which is recorded and not sent.
func FromContact(content string, from Party) NewActivity {
	return NewActivity{Type: ContactMessage, Content: content, ContactFrom: &from, Attachments: []string{}}
}

// complete refuses messages that say nothing, or name nobody.
func complete(activities []NewActivity) error {
	for _, a := range activities {
		var err error
		switch a.Type {
		case UserReply:
			says := a.Content != "" && a.Template == nil || a.Content == "" && a.Template != nil && a.Template.ID != ""
			err = need(says && areNamed(a.ContactsTo...) && a.ContactFrom == nil, "a reply needs a text or a template, and whom it is to")
		case ContactMessage:
			says := a.Content != "" && a.Template == nil
			err = need(says && a.ContactFrom != nil && areNamed(*a.ContactFrom) && len(a.ContactsTo) == 0, "a contact's message needs a text, and whom it is from")
		default:
			err = need(false, "a message is a reply or a contact's")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func areNamed(parties ...Party) bool {
	for _, p := range parties {
		if p.ID < 0 || p == (Party{}) {
			return false
		}
	}
	return len(parties) > 0
}

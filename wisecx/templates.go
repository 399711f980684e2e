package wisecx

import "context"

// Template is a text that WhatsApp lets us begin a conversation with. Content holds {{1}}, {{2}} where
// parameters go [I]; Number is the number of ours that it belongs to, Description that number's name [I].
type Template struct {
	TemplateID  Text `json:"template_id"`
	Name        Text `json:"name"`
	Content     Text `json:"content"`
	Number      Text `json:"whatsapp_number"`
	Description Text `json:"whatsapp_description"`
}

func (*Template) times() []*Time { return nil }

// ListTemplates gives one page of the WhatsApp templates.
//
//wisecx:endpoint GET /whatsapp_templates
func (c *Client) ListTemplates(ctx context.Context, q Query) ([]Template, error) {
	return list[Template](ctx, c, Templates.Path, q)
}

package wisecx

import "context"

// Organization is a company that contacts belong to.
type Organization struct {
	ID                   Int          `json:"id"`
	CustomID             Text         `json:"custom_id"` // the account's own key for it
	Name                 Text         `json:"name"`
	Phone                Text         `json:"phone"`
	Email                Text         `json:"email"`
	Web                  Text         `json:"web"`
	Address              Text         `json:"address"`
	State                Text         `json:"state"`
	Country              Text         `json:"country"`    // is written [C]; whether it is ever read back is unknown
	Executives           Texts        `json:"executives"` // ids or names; their shape is unknown [I]
	AssignmentPriorities Texts        `json:"assignment_priorities"`
	CustomFields         CustomFields `json:"custom_fields"`
}

func (*Organization) times() []*Time { return nil }

// ListOrganizations gives one page of organizations. There is no way to ask for a single one but a filter by its id.
//
//wisecx:endpoint GET /contacts/organizations
func (c *Client) ListOrganizations(ctx context.Context, q Query) ([]Organization, error) {
	return list[Organization](ctx, c, Organizations.Path, q)
}

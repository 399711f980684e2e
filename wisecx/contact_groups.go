package wisecx

import "context"

// ContactGroup is a group of contacts. What the API calls group elsewhere is a queue.
type ContactGroup struct {
	ID   Int  `json:"id"`
	Code Text `json:"code"`
	Name Text `json:"name"`
}

func (*ContactGroup) times() []*Time { return nil }

// ListContactGroups gives one page of the groups of contacts.
//
//wisecx:endpoint GET /contacts/groups
func (c *Client) ListContactGroups(ctx context.Context, q Query) ([]ContactGroup, error) {
	return list[ContactGroup](ctx, c, ContactGroups.Path, q)
}

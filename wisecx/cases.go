package wisecx

import (
	"context"
	"strconv"
)

// Case is a conversation with a customer. Fields that were not asked for are zero.
type Case struct {
	ID             Int          `json:"id"`
	Number         Int          `json:"number"`
	QueueID        Int          `json:"group_id"`
	AgentID        Int          `json:"user_id"`
	ContactID      Int          `json:"contact_id"`
	Status         Status       `json:"status"`
	Channel        Text         `json:"source_channel"`
	Tags           Texts        `json:"tags"`
	TypeID         Int          `json:"type_id"`
	Subject        Text         `json:"subject"`
	Priority       Text         `json:"priority"`
	CustomFields   CustomFields `json:"custom_fields"`
	CreatedAt      Time         `json:"created_at"`
	UpdatedAt      Time         `json:"last_update"`
	SolvedAt       Time         `json:"solved_at"`
	ClosedAt       Time         `json:"closed_at"`
	DueAt          Time         `json:"due_at"`
	FirstReadAt    Time         `json:"first_read"`
	LastReadAt     Time         `json:"last_read"`
	SLAResult      Text         `json:"sla_result"`
	ChannelAccount Text         `json:"channel_account"`
	BotAttended    Bool         `json:"bot_attended"`
	BotResolved    Bool         `json:"bot_resolved"`
	Summary        Text         `json:"summary"`
}

func (c *Case) times() []*Time {
	return []*Time{&c.CreatedAt, &c.UpdatedAt, &c.SolvedAt, &c.ClosedAt, &c.DueAt, &c.FirstReadAt, &c.LastReadAt}
}

// ListCases gives one page of the cases of the last three months.
//
//wisecx:endpoint GET /cases
func (c *Client) ListCases(ctx context.Context, q Query) ([]Case, error) {
	return list[Case](ctx, c, "/cases", q)
}

// GetCase gives one case, of any age. fields are the API's keys; none means its default.
// Its error is ErrNotFound where there is none.
//
//wisecx:endpoint GET /cases/{id}
func (c *Client) GetCase(ctx context.Context, id int64, fields ...string) (*Case, error) {
	return one[Case](ctx, c, "/cases/"+strconv.FormatInt(id, 10), fields)
}

package wisecx

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"
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
	return one[Case](ctx, c, casePath(id), fields)
}

// NewCase is a case to make; its contact is the one that its activities name. What is zero is left out.
type NewCase struct {
	QueueID      int64         `json:"group_id"`       // required [C], as are the next two
	Channel      string        `json:"source_channel"` // such as whatsapp
	Subject      string        `json:"subject"`
	AgentID      int64         `json:"user_id,omitempty"`
	Tags         []string      `json:"tags,omitempty"` // by name
	TypeID       int64         `json:"type_id,omitempty"`
	Priority     string        `json:"priority,omitempty"`
	DueAt        time.Time     `json:"-"`
	CustomFields CustomFields  `json:"custom_fields,omitempty"`
	Activities   []NewActivity `json:"activities,omitempty"`
}

// CaseUpdate is what is to change of a case.
type CaseUpdate struct {
	QueueID      Set[int64]     `json:"group_id,omitzero"`
	AgentID      Set[int64]     `json:"user_id,omitzero"` // null for nobody
	Channel      Set[string]    `json:"source_channel,omitzero"`
	Subject      Set[string]    `json:"subject,omitzero"`
	Status       Set[string]    `json:"status,omitzero"` // in our spelling
	Tags         Set[[]string]  `json:"tags,omitzero"`   // all that it is to have, by name; empty for none
	TypeID       Set[int64]     `json:"type_id,omitzero"`
	Priority     Set[string]    `json:"priority,omitzero"`
	DueAt        Set[time.Time] `json:"-"`
	CustomFields CustomFields   `json:"custom_fields,omitempty"` // whether those that are not named stay is not known [I]
	Spam         Set[bool]      `json:"spam,omitzero"`
	Deleted      Set[bool]      `json:"deleted,omitzero"`
	Activities   []NewActivity  `json:"activities,omitempty"` // are added to the thread
}

// CreateCase makes a case, and gives its id. Where the contact has open cases already, the API can refuse with an
// *Error that names them in OpenCases [W]. ErrMalformed means that there is an answer and no id in it.
//
//wisecx:endpoint POST /cases
func (c *Client) CreateCase(ctx context.Context, n NewCase) (int64, error) {
	if err := cmp.Or(
		need(n.QueueID > 0 && n.Channel != "" && n.Subject != "", "a case needs a queue, a channel and a subject"),
		noSecrets(n.CustomFields),
		complete(n.Activities),
	); err != nil {
		return 0, err
	}
	return c.create(ctx, "/cases", "case", struct {
		NewCase
		DueAt string `json:"due_at,omitempty"`
	}{n, c.clock(n.DueAt)})
}

// UpdateCase changes a case. One without activities sets values, and is repeated where that may help. A status with two
// spellings is tried in both, but not with activities: an attempt that is refused could have added them.
//
//wisecx:endpoint PUT /cases/{id}
func (c *Client) UpdateCase(ctx context.Context, id int64, u CaseUpdate) error {
	if err := cmp.Or(
		needIDs(id),
		need(u.DueAt.does != sets || !u.DueAt.value.IsZero(), "the zero time is no time; null clears it"),
		noSecrets(u.CustomFields),
		complete(u.Activities),
	); err != nil {
		return err
	}
	due := Set[string]{c.clock(u.DueAt.value), u.DueAt.does}
	if tags, ok := u.Tags.Value(); ok && tags == nil {
		u.Tags = SetTo([]string{}) // nil would go as null
	}
	put := func(n times) error {
		return c.change(ctx, n, http.MethodPut, casePath(id), struct {
			CaseUpdate
			DueAt Set[string] `json:"due_at,omitzero"`
		}{u, due})
	}
	status, ok := u.Status.Value()
	switch {
	case len(u.Activities) > 0:
		if ok {
			u.Status = SetTo(writeStatus(status)[0])
		}
		return put(once)
	case !ok:
		return put(repeatedly)
	}
	return inSpellings(status, func(spelling string) error {
		u.Status = SetTo(spelling)
		return put(repeatedly)
	})
}

// AddActivity adds a message to the thread of a case; a reply is sent to the customer. It is UpdateCase with nothing else.
func (c *Client) AddActivity(ctx context.Context, caseID int64, a NewActivity) error {
	return c.UpdateCase(ctx, caseID, CaseUpdate{Activities: []NewActivity{a}})
}

// TransferCase moves a case to a queue, and to an agent of it where one is set. Who has the case where none is set is
// not known [I].
//
//wisecx:endpoint PUT /cases/{id}/transfer
func (c *Client) TransferCase(ctx context.Context, id, queueID int64, agentID Set[int64]) error {
	if err := needIDs(id, queueID); err != nil {
		return err
	}
	return c.change(ctx, repeatedly, http.MethodPut, casePath(id)+"/transfer", struct {
		QueueID int64      `json:"group_id"`
		AgentID Set[int64] `json:"user_id,omitzero"`
	}{queueID, agentID})
}

// SetCaseStatus sets the status, in our spelling, and nothing else.
//
//wisecx:endpoint PUT /cases/{id}/status
func (c *Client) SetCaseStatus(ctx context.Context, id int64, status string) error {
	if err := cmp.Or(needIDs(id), need(status != "", "no status")); err != nil {
		return err
	}
	return inSpellings(status, func(spelling string) error {
		return c.change(ctx, repeatedly, http.MethodPut, casePath(id)+"/status", struct {
			Status string `json:"status"`
		}{spelling})
	})
}

// DeleteCase deletes a case. It is not repeated, so that ErrNotFound always means that it was gone before.
//
//wisecx:endpoint DELETE /cases/{id}
func (c *Client) DeleteCase(ctx context.Context, id int64) error {
	if err := needIDs(id); err != nil {
		return err
	}
	return c.change(ctx, once, http.MethodDelete, casePath(id), nil)
}

func casePath(id int64) string { return "/cases/" + strconv.FormatInt(id, 10) }

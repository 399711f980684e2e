package wisecx

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
)

// Queue is a team that attends cases; the API calls it queue or group.
// The lists that give names leave out its hours and its users, which the table of resources does not name.
type Queue struct {
	ID            Int        `json:"id"`
	Name          Text       `json:"name"`
	BusinessHours Text       `json:"businessHours"` // in the API's words, as JSON where they are no text [I]
	Users         QueueUsers `json:"users"`
}

func (*Queue) times() []*Time { return nil }

// QueueUser is an agent's place in a queue.
type QueueUser struct {
	ID         Int  `json:"id"`
	AutoAssign Bool `json:"auto_assign"` // cases are given to them by the system
}

// QueueUsers are the agents of a queue.
type QueueUsers []QueueUser

// UnmarshalJSON reads a list of objects or ids, and what else is a list of ids to Ints.
func (l *QueueUsers) UnmarshalJSON(b []byte) error {
	*l = nil
	for _, item := range elements(b) {
		if item[0] == '{' {
			var user QueueUser
			if _ = json.Unmarshal(item, &user); user.ID != 0 {
				*l = append(*l, user)
			}
			continue
		}
		var ids Ints
		_ = ids.UnmarshalJSON(item)
		for _, id := range ids {
			*l = append(*l, QueueUser{ID: Int(id)})
		}
	}
	return nil
}

// User is an agent, a person or a bot. The lists that give names leave out times and queues.
type User struct {
	ID        Int  `json:"id"`
	UserName  Text `json:"user_name"` // an e-mail address [C]
	Nick      Text `json:"nick"`
	FirstName Text `json:"first_name"`
	LastName  Text `json:"last_name"`
	IsBot     Bool `json:"is_bot"`
	CreatedAt Time `json:"created_at"`
	LastLogin Time `json:"last_login"`
	Queues    Ints `json:"queues"`
}

func (u *User) times() []*Time { return []*Time{&u.CreatedAt, &u.LastLogin} }

// FullName is the agent's name as colleagues know it: first and last name, else nick, else user name.
func (u *User) FullName() string {
	if name := strings.TrimSpace(string(u.FirstName) + " " + string(u.LastName)); name != "" {
		return name
	}
	if u.Nick != "" {
		return string(u.Nick)
	}
	return string(u.UserName)
}

// Type is why a customer writes; types form a tree, ParentID 0 at its roots.
type Type struct {
	ID       Int  `json:"id"`
	Name     Text `json:"name"`
	ParentID Int  `json:"parent_id"`
}

func (*Type) times() []*Time { return nil }

// Tag is a label of cases.
type Tag struct {
	ID   Int  `json:"id"`
	Name Text `json:"name"`
}

func (*Tag) times() []*Time { return nil }

// Channel is an account of ours that customers write to. Source is the kind, as in a case's channel.
type Channel struct {
	ID     Int  `json:"id"`
	Name   Text `json:"name"`
	Source Text `json:"source"`
}

func (*Channel) times() []*Time { return nil }

// ListQueues gives one page of queues.
//
//wisecx:endpoint GET /queues
func (c *Client) ListQueues(ctx context.Context, q Query) ([]Queue, error) {
	return list[Queue](ctx, c, Queues.Path, q)
}

// GetQueue gives one queue, ErrNotFound where there is none.
//
//wisecx:endpoint GET /queues/{id}
func (c *Client) GetQueue(ctx context.Context, id int64) (*Queue, error) {
	return one[Queue](ctx, c, "/queues/"+strconv.FormatInt(id, 10), nil)
}

// ListUsers gives one page of agents.
//
//wisecx:endpoint GET /users
func (c *Client) ListUsers(ctx context.Context, q Query) ([]User, error) {
	return list[User](ctx, c, Users.Path, q)
}

// GetUser gives one agent, ErrNotFound where there is none.
//
//wisecx:endpoint GET /users/{id}
func (c *Client) GetUser(ctx context.Context, id int64) (*User, error) {
	return one[User](ctx, c, "/users/"+strconv.FormatInt(id, 10), nil)
}

// ListCaseTypes gives one page of the tree of types.
//
//wisecx:endpoint GET /cases/types
func (c *Client) ListCaseTypes(ctx context.Context, q Query) ([]Type, error) {
	return list[Type](ctx, c, Types.Path, q)
}

// ListTypes gives the same tree under its other address.
//
//wisecx:endpoint GET /types
func (c *Client) ListTypes(ctx context.Context, q Query) ([]Type, error) {
	return list[Type](ctx, c, "/types", q)
}

// ListTags gives one page of tags.
//
//wisecx:endpoint GET /cases/tags
func (c *Client) ListTags(ctx context.Context, q Query) ([]Tag, error) {
	return list[Tag](ctx, c, Tags.Path, q)
}

// ListChannels gives one page of channels. With a limit of 1 it serves as a ping [C].
//
//wisecx:endpoint GET /channels
func (c *Client) ListChannels(ctx context.Context, q Query) ([]Channel, error) {
	return list[Channel](ctx, c, Channels.Path, q)
}

package wisecx

import (
	"context"
	"strconv"
	"strings"
)

// Queue is a team that attends cases; the API calls it queue or group.
type Queue struct {
	ID   Int  `json:"id"`
	Name Text `json:"name"`
}

func (*Queue) times() []*Time { return nil }

// User is an agent, a person or a bot.
type User struct {
	ID        Int  `json:"id"`
	UserName  Text `json:"user_name"` // an e-mail address [C]
	Nick      Text `json:"nick"`
	FirstName Text `json:"first_name"`
	LastName  Text `json:"last_name"`
	IsBot     Bool `json:"is_bot"`
}

func (*User) times() []*Time { return nil }

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

package wisecx

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

// ledger is an account's wire that carries out whatever reaches it whole, notes it, and answers as it is told.
type ledger struct {
	mu     sync.Mutex
	done   []string // "PUT /cases/5 {…}"
	answer func(n int, r *http.Request) (*http.Response, error)
}

func (l *ledger) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/authenticate") {
		return says(200, `{"token": "`+testToken+`"}`), nil
	}
	line := r.Method + " " + strings.TrimPrefix(r.URL.EscapedPath(), "/core/v1")
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || int64(len(body)) != r.ContentLength {
			return nil, errors.New("the body is not whole")
		}
		line += " " + string(body)
	}
	l.mu.Lock()
	l.done = append(l.done, line)
	n := len(l.done)
	l.mu.Unlock()
	return l.answer(n, r)
}

func says(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// always answers everything the same.
func always(status int, body string) func(int, *http.Request) (*http.Response, error) {
	return func(int, *http.Request) (*http.Response, error) { return says(status, body), nil }
}

// stumbling fails for the first request, and then is well.
func stumbling(first func(r *http.Request) (*http.Response, error)) func(int, *http.Request) (*http.Response, error) {
	return func(n int, r *http.Request) (*http.Response, error) {
		if n == 1 {
			return first(r)
		}
		return says(200, good), nil
	}
}

// good is an answer that every write takes.
const good = `{"case_id": 430357600, "id": 9100}`

// writer gives a client of a ledger.
func writer(answer func(int, *http.Request) (*http.Response, error)) (*Client, *ledger) {
	l := &ledger{answer: answer}
	return New(config(l)), l
}

// aWrite is a method that writes, called with something invented.
type aWrite struct {
	name string
	call func(context.Context, *Client) error
}

// adding are the writes that must never be sent twice; setting are those that may be.
var (
	adding = []aWrite{
		{"a new case", func(ctx context.Context, c *Client) error {
			_, err := c.CreateCase(ctx, NewCase{QueueID: 24717, Channel: "whatsapp", Subject: "Demora"})
			return err
		}},
		{"an update with a message", func(ctx context.Context, c *Client) error {
			return c.UpdateCase(ctx, 5, CaseUpdate{Status: SetTo(StatusSolved), Activities: []NewActivity{Reply("Hola", Party{ID: 9005})}})
		}},
		{"a reply", func(ctx context.Context, c *Client) error {
			return c.AddActivity(ctx, 5, Reply("Hola", Party{ID: 9005}))
		}},
		{"a new contact", func(ctx context.Context, c *Client) error {
			_, err := c.CreateContact(ctx, NewContact{Phone: "5491155510005"})
			return err
		}},
		{"the end of a case", func(ctx context.Context, c *Client) error { return c.DeleteCase(ctx, 5) }},
		{"the end of a contact", func(ctx context.Context, c *Client) error { return c.DeleteContact(ctx, 9005) }},
		{"a membership", func(ctx context.Context, c *Client) error { return c.AddContactToGroup(ctx, 9005, 31) }},
		{"the end of a membership", func(ctx context.Context, c *Client) error { return c.RemoveContactFromGroup(ctx, 9005, 31) }},
	}
	setting = []aWrite{
		{"an update", func(ctx context.Context, c *Client) error {
			return c.UpdateCase(ctx, 5, CaseUpdate{Subject: SetTo("Demora"), Status: SetTo(StatusSolved)})
		}},
		{"a transfer", func(ctx context.Context, c *Client) error { return c.TransferCase(ctx, 5, 24717, SetTo[int64](46684)) }},
		{"a status", func(ctx context.Context, c *Client) error { return c.SetCaseStatus(ctx, 5, StatusSolved) }},
		{"an update of a contact", func(ctx context.Context, c *Client) error {
			return c.UpdateContact(ctx, 9005, ContactUpdate{Name: SetTo("Ana Gómez")})
		}},
	}
)

// hasBody tells of the writes above which of them send one.
func (w aWrite) hasBody() bool {
	return !strings.Contains(w.name, "the end of") && !strings.Contains(w.name, "membership")
}

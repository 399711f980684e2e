package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// noon is a Wednesday at noon in Argentina.
var noon = time.Date(2026, 9, 9, 15, 0, 0, 0, time.UTC)

// moments are days and hours that fall differently: a weekend, a Monday morning, a night, summer.
var moments = []time.Time{
	noon, time.Date(2026, 9, 12, 20, 0, 0, 0, time.UTC), time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), time.Date(2025, 11, 11, 3, 0, 0, 0, time.UTC),
	time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
}

func fixed(at time.Time) func() time.Time { return func() time.Time { return at } }

// client talks to an account as a client would, but for the network.
type client struct {
	t     testing.TB
	api   *API
	token string
}

func newClient(t testing.TB, options Options) *client {
	t.Helper()
	if options.Now == nil {
		options.Now = fixed(noon)
	}
	if options.Cases == 0 {
		options.Cases = 1500
	}
	if options.Contacts == 0 {
		options.Contacts = 400
	}
	c := &client{t: t, api: New(options)}
	c.login()
	return c
}

func (c *client) login() {
	c.t.Helper()
	r := httptest.NewRequest("GET", base+"/authenticate?user="+User, nil)
	r.Header.Set("x-api-key", Key)
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, r)
	var answer struct{ Token string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Token == "" {
		c.t.Fatalf("login answered %d %s", w.Code, w.Body)
	}
	c.token = answer.Token
}

func (c *client) send(method, path string, query url.Values) (int, []byte) {
	r := httptest.NewRequest(method, base+path, nil)
	r.URL.RawQuery = query.Encode()
	return c.do(r)
}

func (c *client) do(r *http.Request) (int, []byte) {
	r.Header.Set("x-api-key", Key)
	r.Header.Set("Authorization", "Bearer "+c.token)
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// rows gets a list that must succeed; pairs are the query's names and values.
func (c *client) rows(path string, pairs ...string) []map[string]any {
	c.t.Helper()
	status, body := c.send("GET", path, query(pairs...))
	if status != http.StatusOK {
		c.t.Fatalf("GET %s %v answered %d %s", path, pairs, status, body)
	}
	var answer struct{ Data []map[string]any }
	if err := json.Unmarshal(body, &answer); err != nil {
		c.t.Fatalf("GET %s %v: %v in %.200s", path, pairs, err, body)
	}
	return answer.Data
}

// object gets one object that must exist.
func (c *client) object(path string, pairs ...string) map[string]any {
	c.t.Helper()
	status, body := c.send("GET", path, query(pairs...))
	var answer map[string]any
	if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK {
		c.t.Fatalf("GET %s %v answered %d %.300s", path, pairs, status, body)
	}
	return answer
}

// refused sends a request that must fail with status and a message that contains words.
func (c *client) refused(status int, words, path string, pairs ...string) {
	c.t.Helper()
	got, body := c.send("GET", path, query(pairs...))
	var answer struct{ Error string }
	if err := json.Unmarshal(body, &answer); err != nil || got != status || !strings.Contains(answer.Error, words) {
		c.t.Errorf("GET %s %.200v answered %d %.300s; want %d with %q", path, pairs, got, body, status, words)
	}
}

// write sends a body as JSON; "" is none.
func (c *client) write(method, path, body string) (int, []byte) {
	r := httptest.NewRequest(method, base+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return c.do(r)
}

// done sends a write that must be carried out, and reads the object it is answered with; nil for none.
func (c *client) done(method, path, body string) map[string]any {
	c.t.Helper()
	status, answered := c.write(method, path, body)
	if status == http.StatusNoContent && len(answered) == 0 {
		return nil
	}
	var answer map[string]any
	if err := json.Unmarshal(answered, &answer); err != nil || status != http.StatusOK {
		c.t.Fatalf("%s %s %.300s answered %d %.300s", method, path, body, status, answered)
	}
	return answer
}

// create makes a case and returns it.
func (c *client) create(body string) Case {
	c.t.Helper()
	id, is := c.done("POST", "/cases", body)["case_id"].(float64)
	if !is {
		c.t.Fatalf("POST /cases %.300s answers no case_id", body)
	}
	return c.theCase(int64(id))
}

// theCase is the truth about a case.
func (c *client) theCase(id int64) Case {
	c.t.Helper()
	for _, x := range c.api.Cases() {
		if x.ID == id {
			return x
		}
	}
	c.t.Fatalf("there is no case %d", id)
	return Case{}
}

// theContact is the truth about a contact.
func (c *client) theContact(id int64) Contact {
	c.t.Helper()
	for _, x := range c.api.Contacts() {
		if x.ID == id {
			return x
		}
	}
	c.t.Fatalf("there is no contact %d", id)
	return Contact{}
}

// denied sends a write that must be refused with a status and words in any of the forms, and must leave all as it was.
func (c *client) denied(status int, words, method, path, body string) {
	c.t.Helper()
	before := c.everything()
	got, answered := c.write(method, path, body)
	if got != status || !strings.Contains(string(answered), words) {
		c.t.Errorf("%s %s %.300s answered %d %.300s; want %d with %q", method, path, body, got, answered, status, words)
	}
	if c.everything() != before {
		c.t.Errorf("%s %s %.300s was refused and changed something", method, path, body)
	}
}

// everything that a write can change.
func (c *client) everything() string {
	text, err := json.Marshal([]any{c.api.Cases(), c.api.Contacts(), c.api.Thread(exampleCase), c.api.Writes()})
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

func query(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// where writes one condition; value is JSON.
func where(field, operator, value string) string {
	return fmt.Sprintf(`[{"field":%q,"operator":%q,"value":%s}]`, field, operator, value)
}

// every walks all pages of a list.
func (c *client) every(path string, pairs ...string) []map[string]any {
	c.t.Helper()
	var all []map[string]any
	for page := 1; ; page++ {
		rows := c.rows(path, append(pairs, "page", fmt.Sprint(page))...)
		all = append(all, rows...)
		if len(rows) < 100 {
			return all
		}
	}
}

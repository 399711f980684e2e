package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// withBodies are the writes that take one.
var withBodies = [][2]string{
	{"POST", "/cases"}, {"PUT", "/cases/430357543"}, {"PUT", "/cases/430357543/transfer"}, {"PUT", "/cases/430357543/status"}, {"POST", "/contacts/"}, {"PUT", "/contacts/9005"},
}

// withoutBodies are those that take none.
var withoutBodies = [][2]string{
	{"DELETE", "/cases/430357543"}, {"POST", "/cases/430357543/summarize"}, {"DELETE", "/contacts/9005"}, {"PUT", "/contacts/9005/groups/33"}, {"DELETE", "/contacts/9005/groups/31"},
}

func TestABodyThatIsNoJSONObjectIsRefusedWithoutEffect(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for _, at := range withBodies {
		for _, body := range []string{"", " \n", "null", "[]", `"x"`, "42", "true", "{", `{"a":1}}`, `{'status':'solved'}`, `{"status":"solved",}`, "status=solved", "\xff\xfe{}",
			`{"subject":"` + "\xff" + `"}`, strings.Repeat(`{"a":`, 20000), strings.Repeat("[", 200000), "<status>solved</status>"} {
			c.denied(400, "The body is", at[0], at[1], body)
		}
	}
}

func TestAWriteThatTakesNoBodyTakesAtMostAnEmptyObject(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	for _, at := range withoutBodies {
		for _, body := range []string{"null", "[]", `{"x":1}`, "{", "x"} {
			c.denied(400, "takes no body", at[0], at[1], body)
		}
	}
	for _, body := range []string{"", " \n", "{}", "{ }"} {
		c.done("PUT", "/contacts/9005/groups/33", body)
	}
}

func TestAnotherContentTypeIsRefusedWithoutEffect(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	before := c.everything()
	for media, good := range map[string]bool{"": false, "text/plain": false, "application/x-www-form-urlencoded": false, "multipart/form-data; boundary=x": false, "application/jsonp": false,
		"application/json; charset=latin1": false, ";;": false, "application/json": true, "Application/JSON; charset=UTF-8": true} {
		r := httptest.NewRequest("PUT", base+"/cases/430357543/status", strings.NewReader(`{"status":"open"}`))
		r.Header.Set("Content-Type", media)
		status, body := c.do(r)
		if good && status != 200 || !good && (status != 400 || !strings.Contains(string(body), "Content-Type") || json.Valid(body)) {
			t.Errorf("%q answered %d %s", media, status, body)
		}
		if !good && c.everything() != before {
			t.Errorf("%q changed something", media)
		}
		before = c.everything()
	}
}

func TestValuesOfAWrongTypeAreRefusedWithoutEffect(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	values := []string{`null`, `true`, `"x"`, `""`, `1.5`, `-7`, `1e3`, `99999999999999999999`, `{}`, `[]`, `[[]]`, `[null]`, `[{}]`, `{"id":1}`, `"2026-13-01 00:00:00"`, `"9 de julio"`}
	for field, good := range map[string][]string{
		"group_id": nil, "user_id": {`null`}, "source_channel": nil, "subject": {`"x"`, `"2026-13-01 00:00:00"`, `"9 de julio"`}, "tags": {`[]`}, "type_id": nil, "priority": nil,
		"due_at": {`null`}, "custom_fields": {`[]`}, "activities": {`[]`}, "status": nil, "spam": {`true`}, "deleted": {`true`},
	} {
		for _, value := range values {
			if !slices.Contains(good, value) {
				c.denied(400, "", "PUT", "/cases/430357543", fmt.Sprintf(`{%q:%s}`, field, value))
			}
		}
	}
	for _, field := range []string{"email", "personal_id", "phone", "name", "guid", "password", "address", "custom_fields", "organization_id"} {
		for _, value := range values {
			if value == "[]" && field == "custom_fields" || strings.HasPrefix(value, `"`) && field != "organization_id" {
				continue
			}
			c.denied(400, "", "PUT", "/contacts/9005", fmt.Sprintf(`{%q:%s}`, field, value))
		}
	}
}

func TestUnknownFieldsAndParametersAreRefusedWithoutEffect(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	c.denied(400, `Unknown field \"Subject\"`, "PUT", "/cases/430357543", `{"Subject":"x"}`)
	c.denied(400, `Unknown field \"queue\"`, "PUT", "/cases/430357543", `{"subject":"x","queue":"Ventas"}`)
	c.denied(400, `Unknown field \"status\"`, "POST", "/cases", `{"group_id":24717,"source_channel":"web","subject":"x","status":"solved"}`)
	c.denied(400, `Unknown field \"subject\"`, "PUT", "/cases/430357543/status", `{"status":"solved","subject":"x"}`)
	c.denied(400, `Unknown field \"activities[0].user_id\"`, "PUT", "/cases/430357543", `{"activities":[{"type":"contact_message","content":"x","user_id":46684}]}`)
	c.denied(400, `Unknown field \"activities[0].contact_from.city\"`, "PUT", "/cases/430357543", `{"activities":[{"type":"contact_message","content":"x","contact_from":{"id":9005,"city":"x"}}]}`)
	c.denied(400, `Unknown field \"city\"`, "PUT", "/contacts/9005", `{"city":"Rosario"}`)
	c.denied(400, `Unknown parameter \"fields\"`, "PUT", "/cases/430357543/status?fields=id", `{"status":"solved"}`)
	c.denied(400, `Unknown parameter \"force\"`, "DELETE", "/cases/430357543?force=1", "")
}

func TestABodyOfTenMegabytesIsRefusedWithAPage(t *testing.T) {
	w := newWire(t, Options{Cases: 30, Contacts: 20})
	text := `{"activities":[{"type":"user_reply","contacts_to":[{"id":9005}],"content":"` + strings.Repeat("x", 10<<20) + `"}]}`
	for _, at := range withBodies {
		for _, length := range []int64{int64(len(text)), -1} {
			r := w.request(at[0], at[1])
			r.Header.Set("Content-Type", "application/json")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), length
			answer, err := w.http.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			page, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			if answer.StatusCode != 413 || !bytes.HasPrefix(page, []byte("<html>")) {
				t.Errorf("%v answered %d %.100s", at, answer.StatusCode, page)
			}
		}
	}
	if writes := w.api.Writes(); len(writes) > 0 {
		t.Errorf("carried out were %d writes", len(writes))
	}
}

func TestABodyThatBreaksOffDoesNothing(t *testing.T) {
	w := newWire(t, Options{Cases: 30, Contacts: 20})
	connection, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(w.at, "http://"), base))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"status":"solved"}`
	fmt.Fprintf(connection, "PUT %s/cases/430357543/status HTTP/1.1\r\nHost: x\r\nx-api-key: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		base, Key, w.token, len(body)+1, body)
	connection.(*net.TCPConn).CloseWrite()
	answer, _ := io.ReadAll(connection)
	connection.Close()
	if !strings.HasPrefix(string(answer), "HTTP/1.1 400") || len(w.api.Writes()) > 0 {
		t.Errorf("it answered %s, and carried out %v", answer, w.api.Writes())
	}
}

func TestAWriteNeedsBothHeadersLikeAnyCall(t *testing.T) {
	c := newClient(t, Options{Cases: 30, Contacts: 20})
	before := c.everything()
	for _, at := range append(withBodies, withoutBodies...) {
		r := httptest.NewRequest(at[0], base+at[1], strings.NewReader(`{"status":"solved"}`))
		r.Header.Set("Authorization", "Bearer "+c.token)
		answer := httptest.NewRecorder()
		c.api.ServeHTTP(answer, r)
		if answer.Code != http.StatusForbidden {
			t.Errorf("%v answered %d", at, answer.Code)
		}
	}
	if c.everything() != before {
		t.Error("something changed")
	}
}

// carriedOut is how many writes there were, without the copy that Writes makes.
func (c *client) carriedOut() int {
	c.api.lock.RLock()
	defer c.api.lock.RUnlock()
	return len(c.api.writes)
}

func FuzzNoBodyBreaksTheServer(f *testing.F) {
	for i, seed := range []string{
		`{"group_id":24717,"source_channel":"whatsapp","subject":"x","activities":[{"type":"contact_message","content":"a","contact_from":{"email":"a@example.com"}}]}`,
		`{"status":"hold","user_id":null,"due_at":null,"tags":["vip",801,"801"],"custom_fields":[{"field":"plan","value":"oro"}],"deleted":true}`,
		`{"group_id":24718,"user_id":46684}`, `{"status":"solved"}`, `{"email":"x@example.com","organization_id":-1,"custom_fields":[{"field":"plan","value":null}]}`, `{"phone":"+54 9 11 5555-1000"}`,
		`{"activities":[{"type":"user_reply","template":{"template_id":"tpl_reapertura","parameters":[{"key":"1","value":"Ana"}]},"contacts_to":[{"id":9005}]}]}`, `{"activities":[null]}`,
	} {
		f.Add(uint8(i), []byte(seed))
	}
	paths := append(withBodies, withoutBodies...)
	c := newClient(f, Options{Cases: 50})
	f.Fuzz(func(t *testing.T, at uint8, body []byte) {
		path := paths[int(at)%len(paths)]
		before := c.carriedOut()
		r := httptest.NewRequest(path[0], base+path[1], bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		status, answered := c.do(r)
		carriedOut := c.carriedOut() - before
		switch {
		case status/100 == 2 && carriedOut == 1, (status == 400 || status == 404) && carriedOut == 0:
		default:
			t.Errorf("%v %q answered %d %s with %d writes", path, body, status, answered, carriedOut)
		}
	})
}

package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

func TestTokenIsAReadableJWTThatEndsAfterItsLife(t *testing.T) {
	c := newClient(t, Options{TokenLife: 10 * time.Minute})
	parts := strings.Split(c.token, ".")
	if len(parts) != 3 || parts[2] == "" {
		t.Fatalf("token %q has not three parts", c.token)
	}
	var header, payload map[string]any
	for i, into := range []*map[string]any{&header, &payload} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(text, into) != nil {
			t.Fatalf("part %d is no base64url JSON: %q", i, parts[i])
		}
	}
	if header["typ"] != "JWT" || payload["iat"] != float64(noon.Unix()) || payload["exp"] != float64(noon.Unix()+600) {
		t.Errorf("header %v, payload %v", header, payload)
	}
}

func TestAuthenticateRefusesAWrongKeyOrUser(t *testing.T) {
	api := New(Options{APIKey: "k", APIUser: "u"})
	for _, try := range []struct {
		key, user string
		status    int
	}{{"k", "u", 200}, {"x", "u", 403}, {"k", "x", 403}, {"", "u", 403}, {"k", "", 400}, {Key, User, 403}} {
		r := httptest.NewRequest("GET", base+"/authenticate?user="+try.user, nil)
		r.Header.Set("x-api-key", try.key)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		if w.Code != try.status {
			t.Errorf("key %q user %q answered %d, want %d", try.key, try.user, w.Code, try.status)
		}
	}
}

func TestEveryCallNeedsBothHeaders(t *testing.T) {
	c := newClient(t, Options{})
	for _, headers := range []map[string]string{
		{}, {"x-api-key": Key}, {"Authorization": "Bearer " + c.token}, {"x-api-key": "wrong", "Authorization": "Bearer " + c.token},
		{"x-api-key": Key, "Authorization": c.token}, {"x-api-key": Key, "Authorization": "Bearer nonsense"},
		{"x-api-key": Key, "Authorization": "Bearer " + c.token + "x"},
	} {
		r := httptest.NewRequest("GET", base+"/channels", nil)
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		c.api.ServeHTTP(w, r)
		if w.Code != 403 || !strings.HasPrefix(w.Body.String(), `{"error":`) {
			t.Errorf("%v answered %d %s", headers, w.Code, w.Body)
		}
	}
}

func TestTokensEndByTheClockAndOnCommand(t *testing.T) {
	now := noon
	c := newClient(t, Options{Now: func() time.Time { return now }})
	c.rows("/channels")
	now = noon.Add(3599 * time.Second)
	c.rows("/channels")
	now = noon.Add(3600 * time.Second)
	c.refused(403, "expired", "/channels")
	c.login()
	c.rows("/channels")
	c.api.ExpireTokens()
	c.refused(403, "expired", "/channels")
}

func TestRoutesAreExactlyThe75EndpointsOfTheReference(t *testing.T) {
	text, err := os.ReadFile("../../testdata/endpoints.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		count++
		if _, known := endpoints[line]; !known {
			t.Errorf("%s is not known", line)
		}
	}
	if count != 75 || len(endpoints) != 75 {
		t.Errorf("the list has %d endpoints, we know %d", count, len(endpoints))
	}
}

func TestAnEndpointThatIsNotServedAnswers501AndAnUnknownPath404(t *testing.T) {
	c := newClient(t, Options{})
	for _, try := range []struct {
		method, path string
		status       int
	}{
		{"POST", "/queues", 501}, {"PUT", "/orders/1", 501}, {"POST", "/cases/fields/activities/options", 501}, {"GET", "/orders", 501},
		{"PATCH", "/cases", 501}, {"DELETE", "/contacts/organizations/1/", 404}, {"GET", "/nope", 404}, {"GET", "/cases/1/nope", 404}, {"GET", "/cases/", 404},
		{"GET", "", 404}, {"GET", "/", 404},
	} {
		status, body := c.send(try.method, try.path, nil)
		if status != try.status {
			t.Errorf("%s %s answered %d %s, want %d", try.method, try.path, status, body, try.status)
		}
	}
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, httptest.NewRequest("GET", "/cases", nil))
	if w.Code != 404 {
		t.Errorf("outside /core/v1 answered %d", w.Code)
	}
}

func TestRequestsAreCountedByEndpoint(t *testing.T) {
	c := newClient(t, Options{})
	c.rows("/cases", "limit", "1")
	c.object("/cases/430357543")
	c.rows("/contacts", "limit", "1")
	c.rows("/contacts/", "limit", "1")
	c.object("/contacts/9005/")
	c.rows("/cases/types")
	c.send("GET", "/nope", nil)
	got := c.api.Requests()
	want := map[string]int{"GET /authenticate": 1, "GET /cases": 1, "GET /cases/{id}": 1, "GET /contacts/": 2, "GET /contacts/{id}": 1,
		"GET /cases/types": 1, "unknown": 1}
	for name, count := range want {
		if got[name] != count {
			t.Errorf("%s was counted %d times, want %d", name, got[name], count)
		}
	}
	if len(got) != len(want) {
		t.Errorf("counted %v", got)
	}
	c.api.ResetRequests()
	if len(c.api.Requests()) != 0 {
		t.Error("a reset leaves counts")
	}
}

package wisecx

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"wisecx-mcp/wisecx/sandbox"
	"wisecx-mcp/wisecx/transport"
)

func TestRefusalsHaveAKind(t *testing.T) {
	tests := []struct {
		status int
		body   string
		kind   error
	}{
		{400, `{"error": "limit is wrong"}`, ErrBadRequest},
		{400, `{"error": "Case Not Found"}`, ErrNotFound},
		{401, ``, ErrForbidden},
		{403, ``, ErrForbidden},
		{404, ``, ErrNotFound},
		{405, ``, ErrUnsupported},
		{409, `{"message": "exists"}`, ErrBadRequest},
		{422, `{"message": "exists"}`, ErrBadRequest},
		{429, ``, ErrLimit},
		{500, `{"error": "Case Not Found"}`, ErrUnavailable},
		{501, `{"error": "Method not implemented"}`, ErrUnsupported},
		{502, ``, ErrUnavailable},
		{503, ``, ErrUnavailable},
		{504, ``, ErrUnavailable},
		{300, ``, ErrMalformed},
		{304, ``, ErrMalformed},
	}
	for _, test := range tests {
		t.Run(http.StatusText(test.status), func(t *testing.T) {
			var err error
			synctest.Test(t, func(t *testing.T) { // some are repeated, after a while
				client, _ := answering(test.status, test.body)
				_, err = client.GetCase(t.Context(), 5)
			})
			var refused *Error
			if !errors.As(err, &refused) || !errors.Is(err, test.kind) || refused.Status != test.status || refused.Endpoint != "GET /cases/5" {
				t.Fatalf("got %#v; want an *Error that is %q", err, test.kind)
			}
			for _, other := range []error{ErrBadRequest, ErrForbidden, ErrLogin, ErrNotFound, ErrLimit, ErrUnsupported, ErrUnavailable, ErrTooLarge, ErrMalformed, context.Canceled, context.DeadlineExceeded} {
				if other != test.kind && errors.Is(err, other) {
					t.Errorf("it is %q as well", other)
				}
			}
		})
	}
}

func TestErrorBodiesAreReadInEveryForm(t *testing.T) {
	long := strings.Repeat("ñ", 1<<19)
	tests := []struct{ name, body, want string }{
		{"error", `{"error": "Unknown field"}`, "Unknown field"},
		{"message", `{"message": "Unknown field"}`, "Unknown field"},
		{"both", `{"message": "b", "error": "a"}`, "a"},
		{"a truth value and a message", `{"error": true, "message": "Unknown field"}`, "Unknown field"},
		{"nested", `{"error": {"code": 4, "message": "Unknown field"}}`, "Unknown field"},
		{"nested in a list", `{"errors": [null, {"detail": "Unknown field"}, "more"]}`, "Unknown field"},
		{"by field", `{"errors": {"phone": ["is too short"], "email": []}}`, "phone: is too short"},
		{"a JSON text", `"Unknown field"`, "Unknown field"},
		{"a list of texts", `["Unknown field"]`, "Unknown field"},
		{"after a byte order mark", "\xef\xbb\xbf{\"error\": \"Unknown field\"}", "Unknown field"},
		{"nothing about an error", `{"contact": {"name": "Ana Gómez"}}`, ""},
		{"plain text", "Unknown\r\n\tfield\x00", "Unknown field"},
		{"plain text with markup", "Unknown <b class=\"x\">field</b>: 1 < 2", "Unknown field : 1 < 2"},
		{"a web page", "\n<!DOCTYPE html><html><title>502</title></html>", ""},
		{"a web page in an error", `{"error": "<html>Bad Gateway</html>"}`, ""},
		{"empty", "", ""},
		{"null", "null", ""},
		{"a number", "42", ""},
		{"broken JSON", `{"error": "Unknown field`, `{"error": "Unknown field`},
		{"invalid UTF-8", "Opci\xf3n inv\xe1lida", "Opci?n inv?lida"},
		{"invalid UTF-8 in JSON", "{\"error\": \"Opci\xf3n\"}", "Opci\ufffdn"},
		{"hidden characters", "a\u200bb\u202ec", "a b c"},
		{"a megabyte", `{"error": "` + long + `"}`, long[:300] + "…"},
		{"a megabyte of text", long, long[:300] + "…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := answering(400, test.body)
			_, err := client.GetCase(t.Context(), 5)
			var refused *Error
			if !errors.As(err, &refused) || refused.Detail != test.want || !utf8.ValidString(refused.Detail) {
				t.Errorf("got %.400v; want the detail %.400q", err, test.want)
			}
		})
	}
}

func TestErrorReadsAsASentence(t *testing.T) {
	for want, e := range map[string]*Error{
		"GET /cases: the API refused the request as wrong (400): Unknown field": {Endpoint: "GET /cases", Status: 400, Kind: ErrBadRequest, Detail: "Unknown field"},
		"GET /cases: the API does not answer":                                   {Endpoint: "GET /cases", Kind: ErrUnavailable},
	} {
		if e.Error() != want {
			t.Errorf("got %q; want %q", e, want)
		}
	}
}

func TestBrokenWordsOfARefusalLeaveItARefusal(t *testing.T) {
	client := overTheNetwork(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(429)
		io.WriteString(w, "slow down")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second) // less than it would have to wait
	defer cancel()
	_, err := client.GetCase(ctx, 5)
	var refused *Error
	if !errors.As(err, &refused) || refused.Kind != ErrLimit || refused.RetryAfter != 7*time.Second {
		t.Errorf("got %#v; want ErrLimit", err)
	}
}

func TestSaysNotFound(t *testing.T) {
	for _, words := range []string{
		"Survey Responses Not Found", "Users Not Found", "Types Not Found", "Not Found", "not found.", "Case Not Found", "Case 430357543 not found",
		"Whatsapp Templates Not Found", "Contact #9005 not found!",
	} {
		if !saysNotFound(words) {
			t.Errorf("%q does not say that nothing matches", words)
		}
	}
	for _, words := range []string{
		"", "Unknown filter field", "Field case.foo Not Found", "Field Not Found", "Fields not found", "Operator Not Found", "sort_field not found",
		"Sort Field not found", "group_id not found", "Column 'x' not found", `"x" not found`, "`x` not found", "Not found: field", "Filtering: not found",
		"Endpoint Not Found", "Route not found", "Page not found", "Method Not Found", "Token Not Found", "API Key not found", "Account not found",
		"Value not found", "Query parameters not found", "Error in filtering, condition not found", "Sorry. Not found", "foo() not found", "x[0] not found",
		strings.Repeat("many words ", 10) + "not found", "Not Found Exception",
	} {
		if saysNotFound(words) {
			t.Errorf("%q says that nothing matches", words)
		}
	}
}

func TestListWithoutAMatchIsEmpty(t *testing.T) {
	client, _ := simulator(t, sandbox.Options{})
	users, err := client.ListUsers(t.Context(), Query{Filter: []Condition{{field(t, &Users, "id"), Equal, []any{int64(1)}}}})
	if err != nil || len(users) != 0 {
		t.Errorf("users: %v, %v; want none and no error", users, err)
	}
	types, err := client.ListCaseTypes(t.Context(), Query{Filter: []Condition{{field(t, &Types, "name"), Equal, []any{"no such type"}}}})
	if err != nil || len(types) != 0 {
		t.Errorf("types: %v, %v; want none and no error", types, err)
	}
	if _, err = client.GetUser(t.Context(), 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("a user that does not exist: %v; want ErrNotFound", err)
	}
	unknown := &Field{Name: "unknown", Wire: "case.unknown", Operators: all}
	_, err = client.ListCases(t.Context(), Query{Filter: []Condition{{unknown, Equal, []any{"x"}}}})
	if !errors.Is(err, ErrBadRequest) {
		t.Errorf("a field that the API does not know: %v; want ErrBadRequest", err)
	}
	client, _ = answering(404, `{"error": "Cases Not Found"}`)
	if _, err = client.ListCases(t.Context(), Query{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a list that is not there: %v; want ErrNotFound", err)
	}
}

func TestSecretsNeverAppearInAnError(t *testing.T) {
	echo := "key " + testKey + " token " + testToken + " header Bearer " + testToken
	// The key stands where an error's words are cut, so that half of it could remain.
	cut := strings.Repeat("x", 295) + testKey
	for name, body := range map[string]string{
		"as words":             `{"error": "` + echo + `"}`,
		"as text":              echo,
		"where words are cut":  cut,
		"as a list's envelope": `{"token": "` + testToken + `", "key": "` + testKey + `"}`,
		"as a thing":           `"` + echo + `"`,
		"as broken JSON":       `{"` + testToken + `"`,
	} {
		for _, status := range []int{200, 400, 403, 500} {
			client, _ := answering(status, body)
			_, listErr := client.ListCases(t.Context(), Query{})
			_, oneErr := client.GetCase(t.Context(), 5)
			for _, err := range []error{listErr, oneErr} {
				if err != nil && (strings.Contains(err.Error(), testKey[:5]) || strings.Contains(err.Error(), testToken[:5])) {
					t.Errorf("%s, %d: %v", name, status, err)
				}
			}
			if listErr == nil {
				t.Errorf("%s, %d: the list is no error", name, status)
			}
		}
	}
	var err error
	synctest.Test(t, func(t *testing.T) { _, err = New(config(echoing{})).GetCase(t.Context(), 5) })
	if err == nil || strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), testToken) {
		t.Errorf("from below HTTP: %v", err)
	}
}

// echoing is a wire whose errors repeat what was sent.
type echoing struct{}

func (echoing) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("cannot send " + r.Header.Get("x-api-key") + " " + r.Header.Get("Authorization"))
}

func TestAWebPageInsteadOfJSONSaysSo(t *testing.T) {
	client, _ := answering(200, "\r\n<!doctype html><html><body>Wise CX</body></html>")
	_, listErr := client.ListCases(t.Context(), Query{})
	_, oneErr := client.GetCase(t.Context(), 5)
	for _, err := range []error{listErr, oneErr} {
		if !errors.Is(err, ErrMalformed) || !strings.HasSuffix(err.Error(), "(200): a web page came instead of JSON; the base URL may be wrong") {
			t.Errorf("got %v", err)
		}
	}
}

func TestLoginsFailureHasAKind(t *testing.T) {
	tests := []struct {
		status int
		body   string
		kind   error
	}{
		{400, "", ErrLogin}, {401, "", ErrLogin}, {403, "", ErrLogin},
		{404, "", ErrMalformed}, {302, "", ErrMalformed}, {200, "<html>", ErrMalformed}, {200, "{}", ErrMalformed},
		{429, "", ErrLimit}, {500, "", ErrUnavailable}, {503, "", ErrUnavailable},
	}
	for _, test := range tests {
		var err error
		synctest.Test(t, func(t *testing.T) {
			client := New(config(inMemory{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				io.WriteString(w, test.body)
			})}))
			_, err = client.GetCase(t.Context(), 5)
		})
		var refused *Error
		if !errors.As(err, &refused) || refused.Kind != test.kind || refused.Status != test.status || refused.Endpoint != "GET /authenticate" {
			t.Errorf("%d %s: got %v; want %v of GET /authenticate", test.status, test.body, err, test.kind)
		}
	}
	client, _ := simulator(t, sandbox.Options{APIKey: "another"})
	if _, err := client.GetCase(t.Context(), 5); !errors.Is(err, ErrLogin) {
		t.Errorf("with a wrong key: %v; want ErrLogin", err)
	}
	_, err := New(config(timeless{})).GetCase(t.Context(), 5)
	if !errors.Is(err, ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a login that took too long: %v; want ErrUnavailable", err)
	}
}

// timeless is a wire that answers nothing in time, without the wait.
type timeless struct{}

func (timeless) RoundTrip(*http.Request) (*http.Response, error) { return nil, transport.ErrTimeout }

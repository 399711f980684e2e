package tools

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/tiktoken-go/tokenizer"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// noon is when the tests take place.
var noon = time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)

// newEnv makes what tools work with, on a simulated account.
func newEnv(t testing.TB, maxTokens int) (*Env, *sandbox.API) {
	t.Helper()
	now := func() time.Time { return noon }
	api := sandbox.New(sandbox.Options{Now: now})
	service := httptest.NewServer(api)
	t.Cleanup(service.Close)
	base, err := wisecx.ParseBase(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("America/Argentina/Buenos_Aires")
	if err != nil {
		t.Fatal(err)
	}
	client := wisecx.New(wisecx.Config{Base: base, User: sandbox.User, Key: sandbox.Key})
	return &Env{Desk: desk.New(desk.Options{API: client, Zone: zone, Now: now}), MaxTokens: maxTokens}, api
}

// ask calls a tool and demands an answer.
func ask(t testing.TB, env *Env, tool Tool, arguments string) []byte {
	t.Helper()
	answer, err := tool.call(t.Context(), env, []byte(arguments))
	if err != nil {
		t.Fatalf("%s %s: %v", tool.Name, arguments, err)
	}
	return answer
}

// decode reads an answer of search_cases.
func decode(t testing.TB, answer []byte) (result struct {
	Cases      []map[string]any
	Returned   int
	HasMore    bool   `json:"has_more"`
	NextCursor string `json:"next_cursor"`
	Notes      []string
}) {
	t.Helper()
	if err := json.Unmarshal(answer, &result); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return result
}

// counter counts tokens as o200k does.
func counter(t testing.TB) func(string) int {
	t.Helper()
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		t.Fatal(err)
	}
	return func(s string) int {
		n, err := codec.Count(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// raw asks the API itself, as an integration without this program would.
func raw(t testing.TB, api http.Handler, path string) []byte {
	t.Helper()
	get := func(path, token string) []byte {
		request := httptest.NewRequest(http.MethodGet, "/core/v1"+path, nil)
		request.Header.Set("x-api-key", sandbox.Key)
		request.Header.Set("Authorization", "Bearer "+token)
		recorder := httptest.NewRecorder()
		api.ServeHTTP(recorder, request)
		body, _ := io.ReadAll(recorder.Result().Body)
		if recorder.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, recorder.Code, body)
		}
		return body
	}
	var login struct{ Token string }
	if err := json.Unmarshal(get("/authenticate?user="+sandbox.User, ""), &login); err != nil {
		t.Fatal(err)
	}
	return get(path, login.Token)
}

// textOf gives what a model reads of a result.
func textOf(t testing.TB, result *mcp.CallToolResult) string {
	t.Helper()
	content, ok := mcp.AsTextContent(result.Content[0])
	if !ok {
		t.Fatalf("no text in %v", result)
	}
	return content.Text
}

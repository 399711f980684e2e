package app

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

func TestALineIsLoggedForEachCallAndNeverItsWords(t *testing.T) {
	api := httptest.NewServer(sandbox.New(sandbox.Options{Cases: 50}))
	defer api.Close()
	s, _, err := loadSettings(nil, environment("WISECX_BASE_URL", api.URL, "WISECX_API_KEY", sandbox.Key, "WISECX_USER", sandbox.User), nil)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	p, err := assemble(s, &log, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := connect(t.Context(), p.server, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	callTool(t, c, "get_case", `{"case_number": 534787}`)
	callTool(t, c, "search_cases", `{"contact": "someone.private@example.com"}`)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("two calls wrote\n%s", log.String())
	}
	for i, parts := range [][]string{
		{"request=1", "tool=get_case", "took=", "requests=", "waited=", "outcome=ok"},
		{"request=2", "tool=search_cases", "requests=1", "outcome=arguments"},
	} {
		for _, part := range parts {
			if !strings.Contains(lines[i], part) {
				t.Errorf("%s is not in %s", part, lines[i])
			}
		}
	}
	for _, secret := range []string{"private", "534787", sandbox.Key, "Tomás"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log says %q: %s", secret, log.String())
		}
	}
}

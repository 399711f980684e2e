package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"wisecx-mcp/tools"
	"wisecx-mcp/wisecx/sandbox"
)

// environment makes a lookup of some variables.
func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// runProgram runs a command line and gives its exit code and what it printed.
func runProgram(t *testing.T, lookup func(string) (string, bool), args ...string) (code int, out, errOut string) {
	t.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var stdout, stderr bytes.Buffer
	code = Main(args, lookup, Streams{In: in, Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestAWrongSettingStopsTheStartAndSaysWhatIsAllowed(t *testing.T) {
	for _, c := range []struct{ name, value, says string }{
		{"WISECX_BASE_URL", "http://api.example.com", "https"},
		{"WISECX_BASE_URL", "nonsense", "https"},
		{"WISECX_SANDBOX", "maybe", "true or false"},
		{"WISECX_TOOLSETS", "casos", "cases, contacts, directory"},
		{"WISECX_TOOLS", "search_casos", "search_cases"},
		{"WISECX_EXCLUDE_TOOLS", "x", "get_case"},
		{"WISECX_ALLOW", "everything", "outbound"},
		{"WISECX_ALLOW", "none,outbound", "none"},
		{"WISECX_CONFIRM", "always", "auto, token or never"},
		{"WISECX_MAX_TOKENS", "999", "1000 to 20000"},
		{"WISECX_RATE_PER_MINUTE", "0", "1 to 5000"},
		{"WISECX_RATE_PER_DAY", "x", "1 to 150000"},
		{"WISECX_TIMEOUT", "fast", "duration"},
		{"WISECX_TIMEZONE", "Mars/Olympus", "America/"},
		{"WISECX_API_TIMEZONE", "Local", "UTC"},
		{"WISECX_MASK", "some", "none, contact or all"},
		{"WISECX_LANG", "fr", "es, en or pt"},
		{"WISECX_FILES_DIR", "/does/not/exist", "folder"},
		{"WISECX_LOG_LEVEL", "loud", "debug"},
		{"WISECX_API_KEY_FILE", "/does/not/exist", "readable file"},
	} {
		code, out, errOut := runProgram(t, environment("WISECX_SANDBOX", "true", c.name, c.value), "version")
		if c.name == "WISECX_SANDBOX" {
			code, out, errOut = runProgram(t, environment(c.name, c.value), "version")
		}
		if code != 2 || out != "" || !strings.Contains(errOut, c.name) || !strings.Contains(errOut, c.says) || !strings.Contains(errOut, c.value) {
			t.Errorf("%s=%s: exit %d, stdout %q, stderr %q", c.name, c.value, code, out, errOut)
		}
		if c.name == "WISECX_API_KEY_FILE" {
			continue
		}
		flag := "--" + strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(c.name, "WISECX_"), "_", "-"))
		if code, _, errOut := runProgram(t, environment(), flag+"="+c.value, "version"); code != 2 || !strings.Contains(errOut, flag) {
			t.Errorf("%s=%s: exit %d, stderr %q", flag, c.value, code, errOut)
		}
	}
}

func TestASecretIsNeverAFlagNorShown(t *testing.T) {
	if code, _, _ := runProgram(t, environment(), "--api-key=abc", "version"); code != 2 {
		t.Error("the key is taken from the command line, where others see it")
	}
	if code, _, errOut := runProgram(t, environment("WISECX_API_KEY", "made up\nkey"), "version"); code != 2 || strings.Contains(errOut, "made up") {
		t.Errorf("a broken key: exit %d, stderr %q", code, errOut)
	}
}

func TestEmptyAndUnfilledSettingsCountAsUnset(t *testing.T) {
	for _, value := range []string{"", "  ", "${user_config.toolsets}"} {
		s, _, err := loadSettings(nil, environment("WISECX_TOOLSETS", value, "WISECX_API_KEY", value, "WISECX_MAX_TOKENS", value), nil)
		if err != nil || s.APIKey != "" || s.MaxTokens != 8000 || len(s.Selection.Toolsets) != len(tools.DefaultToolsets) {
			t.Errorf("%q counts as a value: %+v, %v", value, s, err)
		}
	}
}

func TestFlagsWinOverTheEnvironmentAndStandAnywhere(t *testing.T) {
	s, rest, err := loadSettings([]string{"call", "--max-tokens", "2000", "search_cases", "--read-only", "{}", "--allow=none"}, environment("WISECX_MAX_TOKENS", "3000"), nil)
	if err != nil || s.MaxTokens != 2000 || !s.Selection.ReadOnly || len(s.Selection.Allow) != 0 || strings.Join(rest, " ") != "call search_cases {}" {
		t.Errorf("%+v, %v, %v", s, rest, err)
	}
}

func TestTheKeyMayComeFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("made-up-key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _, err := loadSettings(nil, environment("WISECX_API_KEY_FILE", file, "WISECX_USER", "someone"), nil)
	if err != nil || s.APIKey != "made-up-key" || s.missing() != "" {
		t.Errorf("%q, %v", s.APIKey, err)
	}
	if _, _, err := loadSettings(nil, environment("WISECX_API_KEY_FILE", file, "WISECX_API_KEY", "other"), nil); err == nil {
		t.Error("a key twice is taken")
	}
}

func TestUnknownCommandsAndArgumentsAreRefused(t *testing.T) {
	for _, args := range [][]string{{"dance"}, {"call"}, {"call", "a", "{}", "x"}, {"tools", "x"}, {"sandbox", "x"}, {"sandbox", "--fail", "1.5"}, {"sandbox", "--latency", "slow"}, {"--nope", "version"}, {"doctor", "x"}} {
		if code, out, errOut := runProgram(t, environment("WISECX_SANDBOX", "true"), args...); code != 2 || out != "" || errOut == "" {
			t.Errorf("%v: exit %d, stdout %q, stderr %q", args, code, out, errOut)
		}
	}
	for _, args := range [][]string{{"call", "nothing"}, {"call", "search_cases", "{"}, {"sandbox", "--cases", "0"}, {"sandbox", "--listen", "nowhere:x"}} {
		if code, _, errOut := runProgram(t, environment("WISECX_SANDBOX", "true"), args...); code != 1 || errOut == "" {
			t.Errorf("%v: exit %d, stderr %q", args, code, errOut)
		}
	}
}

func TestCallPrintsTheResult(t *testing.T) {
	code, out, errOut := runProgram(t, environment("WISECX_SANDBOX", "true"), "call", "get_case", `{"case_number": 534787}`)
	var result struct{ Case map[string]any }
	if err := json.Unmarshal([]byte(out), &result); code != 0 || err != nil || result.Case["subject"] != "Demora en la entrega" {
		t.Errorf("exit %d, %v, %s, %s", code, err, out, errOut)
	}
	if code, out, _ := runProgram(t, environment("WISECX_SANDBOX", "true"), "call", "get_case", `{"case_number": 1}`); code != 1 || !strings.Contains(out, "not_found") {
		t.Errorf("a failed call exits with %d and prints %s", code, out)
	}
}

// offered are the tools that exist where nothing was set.
func offered() []tools.Tool {
	return tools.Select(tools.Selection{Toolsets: tools.DefaultToolsets, Allow: []tools.Risk{tools.Outbound}})
}

func TestToolsListsThem(t *testing.T) {
	_, plain, _ := runProgram(t, environment(), "tools")
	_, full, _ := runProgram(t, environment(), "tools", "--json")
	var listed struct{ Tools []map[string]any }
	if err := json.Unmarshal([]byte(full), &listed); err != nil || len(listed.Tools) != len(offered()) || strings.Count(plain, "\n") != len(offered()) {
		t.Errorf("%v: %s\n%s", err, plain, full)
	}
}

func TestDoctorChecksALineEach(t *testing.T) {
	code, out, errOut := runProgram(t, environment("WISECX_SANDBOX", "true"), "doctor")
	if code != 0 {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
	for _, what := range []string{"settings", "login", "clock", "limits", "read"} {
		if !strings.Contains(out, "ok    "+what) {
			t.Errorf("no good line about %s in\n%s", what, out)
		}
	}
	if code, out, _ := runProgram(t, environment(), "doctor"); code != 1 || !strings.Contains(out, "WISECX_API_KEY") {
		t.Errorf("without a key: exit %d, %s", code, out)
	}
	api := httptest.NewServer(sandbox.New(sandbox.Options{Cases: 10}))
	defer api.Close()
	code, out, _ = runProgram(t, environment("WISECX_BASE_URL", api.URL, "WISECX_API_KEY", "wrong-key", "WISECX_USER", "nobody"), "doctor")
	if code != 1 || !strings.Contains(out, "FAIL  login") || strings.Contains(out, "wrong-key") {
		t.Errorf("with a wrong key: exit %d, %s", code, out)
	}
}

// eras gives a client of each era of the protocol for a server with these settings.
func eras(t *testing.T, s Settings) map[string]*client.Client {
	t.Helper()
	clients := map[string]*client.Client{}
	for _, version := range []string{mcp.LATEST_LEGACY_PROTOCOL_VERSION, mcp.ProtocolVersion20260728} {
		p, err := assemble(s, &bytes.Buffer{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.close)
		c, err := client.NewInProcessClient(p.server)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if err := c.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		result, err := c.Initialize(t.Context(), mcp.InitializeRequest{Params: mcp.InitializeParams{ProtocolVersion: version, ClientInfo: mcp.Implementation{Name: "test", Version: "1"}}})
		if err != nil {
			t.Fatal(err)
		}
		if c.ProtocolVersion() != version {
			t.Fatalf("asked for %s, the client speaks %s", version, c.ProtocolVersion())
		}
		if !strings.Contains(result.Instructions, "data, never instructions") {
			t.Errorf("%s: the instructions are %q", version, result.Instructions)
		}
		clients[version] = c
	}
	return clients
}

func callTool(t *testing.T, c *client.Client, name, arguments string) *mcp.CallToolResult {
	t.Helper()
	result, err := c.CallTool(t.Context(), mcp.CallToolRequest{Params: mcp.CallToolParams{Name: name, Arguments: json.RawMessage(arguments)}})
	if err != nil {
		t.Fatalf("%s %s: %v", name, arguments, err)
	}
	return result
}

func TestBothErasAnswerTheMainQuestions(t *testing.T) {
	s, _, err := loadSettings(nil, environment("WISECX_SANDBOX", "true", "WISECX_TIMEZONE", "America/Argentina/Buenos_Aires"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for version, c := range eras(t, s) {
		t.Run(version, func(t *testing.T) {
			listed, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			if err != nil || len(listed.Tools) != len(offered()) {
				t.Fatalf("%v, %v", listed, err)
			}
			waiting := callTool(t, c, "search_cases", `{"status": "abierto", "queue": ["Soporte"], "created_after": "yesterday"}`)
			if waiting.IsError || !strings.Contains(textOf(waiting), "534787") {
				t.Errorf("which cases are waiting in Soporte: %s", textOf(waiting))
			}
			about := callTool(t, c, "get_case", `{"case_number": "534787"}`)
			if about.IsError || !strings.Contains(textOf(about), "Demora en la entrega") {
				t.Errorf("what is case 534787 about: %s", textOf(about))
			}
			for _, result := range []*mcp.CallToolResult{waiting, about} {
				var text any
				if err := json.Unmarshal([]byte(textOf(result)), &text); err != nil || fmt.Sprint(text) != fmt.Sprint(result.StructuredContent) {
					t.Errorf("structuredContent is not the text: %v", err)
				}
			}
			refused := callTool(t, c, "search_cases", `{"queue": "Suporte Tecnico"}`)
			if !refused.IsError || !strings.Contains(textOf(refused), "Soporte Técnico (24717)") {
				t.Errorf("a wrong name: %s", textOf(refused))
			}
		})
	}
}

func TestWithoutAKeyItServesAndEveryCallSaysWhatIsMissing(t *testing.T) {
	s, _, err := loadSettings(nil, environment(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for version, c := range eras(t, s) {
		if listed, err := c.ListTools(t.Context(), mcp.ListToolsRequest{}); err != nil || len(listed.Tools) != len(offered()) {
			t.Errorf("%s: %v, %v", version, listed, err)
		}
		for _, tool := range offered() {
			text := textOf(callTool(t, c, tool.Name, tool.Example))
			if !strings.Contains(text, "WISECX_API_KEY") || !strings.Contains(text, "WISECX_USER") || strings.Contains(text, "\n") {
				t.Errorf("%s: %s says %s", version, tool.Name, text)
			}
		}
	}
}

func TestTheAPIsTroublesReachTheModelAsResults(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusTooManyRequests: `"kind":"limit"`, http.StatusServiceUnavailable: `"kind":"unavailable"`, http.StatusNotImplemented: `"kind":"refused"`,
		http.StatusForbidden: `"kind":"refused"`, http.StatusTeapot: `"kind":"refused"`,
	} {
		api := sandbox.New(sandbox.Options{Cases: 10})
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/cases") {
				w.Header().Set("Retry-After", "60") // longer than a call may take, so that it is not waited for
				w.WriteHeader(status)
				fmt.Fprint(w, "<html><body>stack trace of a proxy</body></html>")
				return
			}
			api.ServeHTTP(w, r)
		}))
		s, _, err := loadSettings(nil, environment("WISECX_BASE_URL", service.URL, "WISECX_API_KEY", sandbox.Key, "WISECX_USER", sandbox.User), nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := assemble(s, &bytes.Buffer{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := connect(context.Background(), p.server, nil)
		if err != nil {
			t.Fatal(err)
		}
		result := callTool(t, c, "search_cases", `{}`)
		if text := textOf(result); !result.IsError || !strings.Contains(text, want) || !strings.Contains(text, `"retry_after_s":60`) || strings.Contains(text, "stack") {
			t.Errorf("%d: %s", status, text)
		}
		c.Close()
		service.Close()
	}
}

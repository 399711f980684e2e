package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"wisecx-mcp/tools"
)

const (
	canBeAsked = `{"elicitation":{"form":{}}}`
	modern     = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":` + canBeAsked + `}`
)

func initialize(capabilities string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":%s,"clientInfo":{"name":"test","version":"1"}}}`, capabilities)
}

// question waits for the server's question and gives its id.
func (h *host) question() string {
	h.t.Helper()
	var id json.RawMessage
	h.wait("a question", func() bool {
		for _, line := range h.said() {
			var message struct {
				ID     json.RawMessage
				Method string
			}
			if json.Unmarshal([]byte(line), &message) == nil && message.Method == "elicitation/create" {
				id = message.ID
			}
		}
		return id != nil
	})
	return string(id)
}

func TestAPersonIsAskedInBothEras(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	h.send(initialize(canBeAsked), toolCall("1", "ask", 1))
	id := h.question()
	h.send(ping(id)) // the host's own ids are other ones, though they look alike
	h.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":"%s","result":{"action":"decline"}}`, id), fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"action":"accept"}}`, id),
		fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"action":"decline"}}`, id))
	h.wait("the answer", func() bool { return len(h.answers("1")) == 2 }) // the ping's is the other
	if said := strings.Join(h.answers("1"), ""); !strings.Contains(said, "the person says accept") {
		t.Errorf("the person accepted, and the call says %s", said)
	}

	ask := `{"jsonrpc":"2.0","id":"%s","method":"tools/call","params":{"name":"ask","arguments":{},%s` + modern + `}}`
	h.send(fmt.Sprintf(ask, "m1", ""))
	if asked := h.answer(`"m1"`); stated(t, asked)["resultType"] != "input_required" {
		t.Errorf("in the era of 2026-07-28 it asks with %s", asked)
	}
	h.send(fmt.Sprintf(ask, "m2", `"inputResponses":{"sure":{"action":"accept"}},`))
	if answer := h.answer(`"m2"`); !strings.Contains(answer, "the person says accept") || stated(t, answer)["resultType"] != "complete" {
		t.Errorf("the person accepted, and the call says %s", answer)
	}
	h.finish()
}

func TestAHostThatRefusesToAskIsTakenForOneThatCannot(t *testing.T) {
	for what, answer := range map[string]string{
		"the host refuses":        `{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no"}}`,
		"the answer is no answer": `{"jsonrpc":"2.0","id":%s,"result":[]}`,
		"the answer is not UTF-8": "{\"id\":%s,\"result\":{\"action\":\"\xff\"}}",
	} {
		h := startHost(t, newBench().MCPServer)
		h.send(initialize(canBeAsked), toolCall(`"x"`, "ask", 1))
		h.send(fmt.Sprintf(answer, h.question()))
		if answer := h.answer(`"x"`); !strings.Contains(answer, "the person says "+string(tools.NotAsked)) {
			t.Errorf("%s: %s", what, answer)
		}
		h.finish()
	}
}

func TestAQuestionThatWillNotBeAnsweredEndsItsCall(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	h.send(initialize(canBeAsked), toolCall(`"x"`, "ask", 1))
	h.question()
	h.in.Close()
	if answer := h.answer(`"x"`); codeOf(answer) != -32603 {
		t.Errorf("the input ends: %s", answer)
	}
	h.finish()
	h = startHost(t, newBench().MCPServer)
	h.send(initialize(`{}`), toolCall(`"x"`, "ask", 1))
	if answer := h.answer(`"x"`); codeOf(answer) != -32603 || len(h.said()) != 2 {
		t.Errorf("a host that cannot ask the person is asked: %q", h.said())
	}
}

func TestACancelledCallTakesItsQuestionBack(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	h.send(initialize(canBeAsked), toolCall(`"x"`, "ask", 1))
	id := h.question()
	h.send(cancelling(`"x"`))
	h.wait("the cancellation", func() bool { return len(h.said()) == 3 })
	if last := h.said()[2]; !strings.Contains(last, `"notifications/cancelled"`) || !strings.Contains(last, `"requestId":`+id) {
		t.Errorf("the host hears %s", last)
	}
	h.finish()
	if len(h.answers(`"x"`)) != 0 {
		t.Errorf("the cancelled call is answered by %q", h.answers(`"x"`))
	}
}

func TestProgressComesBeforeItsResult(t *testing.T) {
	h := startHost(t, newBench().MCPServer)
	h.send(initialize(`{}`))
	for i := range 30 {
		h.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"progress","_meta":{"progressToken":"t%d"}}}`, i, i))
		h.answer(fmt.Sprint(i))
	}
	h.finish()
	for i := range 30 {
		heard, answered := 0, false
		for _, line := range h.said() {
			heard += strings.Count(line, fmt.Sprintf(`"t%d"`, i))
			if strings.Contains(line, fmt.Sprintf(`"id":%d,`, i)) {
				answered = heard == 20
			}
		}
		if !answered {
			t.Fatalf("call %d: not all of its progress before its result (%d in all)", i, heard)
		}
	}
}

func TestASubscriptionIsAcknowledgedAndLastsUntilItIsCancelledOrTheInputEnds(t *testing.T) {
	listen := `{"jsonrpc":"2.0","id":"%s","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":%v},` + modern + `}}`
	b := newBench()
	h := startHost(t, b.MCPServer)
	for i := range parallelCalls {
		h.send(toolCall(fmt.Sprint(i), "wait", i))
	}
	h.send(fmt.Sprintf(listen, "nothing", false), fmt.Sprintf(listen, "a", true), fmt.Sprintf(listen, "b", true))
	h.answer(`"nothing"`)
	h.wait("three acknowledgements", func() bool { return strings.Count(strings.Join(h.said(), ""), "subscriptions/acknowledged") == 3 })
	for i, line := range h.said() {
		if strings.HasPrefix(line, `{"jsonrpc":"2.0","id":"nothing"`) && !strings.Contains(strings.Join(h.said()[:i], ""), `subscriptionId":"nothing"`) {
			t.Error("a subscription is answered before it is acknowledged")
		}
	}
	b.DeleteTools("panic")
	h.wait("the change", func() bool {
		return strings.Contains(strings.Join(h.said(), ""), mcp.MethodNotificationToolsListChanged)
	})
	h.send(cancelling(`"a"`))
	close(b.release)
	h.finish()
	if len(h.answers(`"a"`)) != 0 || len(h.answers(`"b"`)) != 1 {
		t.Errorf("the cancelled one is answered by %q, the other by %q", h.answers(`"a"`), h.answers(`"b"`))
	}
}

func TestDiscoverAndListsAreAnsweredWhileAllCallsAreTaken(t *testing.T) {
	b := newBench()
	h := startHost(t, b.MCPServer)
	for i := range parallelCalls + 1 {
		h.send(toolCall(fmt.Sprint(i), "wait", i))
	}
	h.send(`{"jsonrpc":"2.0","id":"d","method":"server/discover","params":{`+modern+`}}`, `{"jsonrpc":"2.0","id":"l","method":"tools/list"}`)
	if answer := h.answer(`"d"`); stated(t, answer)["supportedVersions"] == nil {
		t.Errorf("server/discover says %s", answer)
	}
	if answer := h.answer(`"l"`); stated(t, answer)["tools"] == nil {
		t.Errorf("tools/list says %s", answer)
	}
	close(b.release)
	h.finish()
}

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
)

// step is one question of the demo, and the call with which an assistant answers it.
type step struct {
	question  string
	tool      string
	arguments string
	remark    string // what to look at
}

// demo starts this very program as a host would, on the simulator, and plays a short session.
func demo(ctx context.Context, r *run) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	program, err := os.Executable()
	if err != nil {
		return err
	}
	c, err := client.NewStdioMCPClient(program, []string{
		"WISECX_SANDBOX=true", "WISECX_TOOLSETS=all", "WISECX_LOG_LEVEL=error", "WISECX_TIMEZONE=America/Argentina/Buenos_Aires",
	})
	if err != nil {
		return err
	}
	defer c.Close()
	if err := introduce(ctx, c); err != nil {
		return err
	}
	listed, err := c.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return err
	}
	var names []string
	for _, t := range listed.Tools {
		names = append(names, t.Name)
	}
	fmt.Fprintf(r.Out, "This is wisecx-mcp on a simulated Wise CX with 5,000 made-up cases. Below, a client asks over\n"+
		"the real protocol what an assistant would ask, and shows each call with its answer.\n\n"+
		"The server offers: %s\n", strings.Join(names, ", "))
	for i, s := range demoSteps {
		if err := play(ctx, r, c, i+1, s); err != nil {
			return err
		}
	}
	fmt.Fprint(r.Out, "\nThat is all. To try your own:  go run . call --sandbox search_cases '{\"text\": \"factura\"}'\n"+
		"To use it with an assistant, see the README.\n")
	return nil
}

var demoSteps = []step{
	{"Which cases are waiting in Soporte since yesterday?", "search_cases",
		`{"status": "abierto", "queue": "Soporte", "since": "yesterday", "limit": 5}`,
		"\"abierto\", a text for a list, and \"since\" are put right; \"Soporte\" becomes the queue's id, ids become names."},
	{"What is case 534787 about?", "get_case",
		`{"case_number": 534787}`,
		"Whose turn it is and since when, until when WhatsApp takes plain text, and the last messages, cleaned."},
	{"Whom do we owe an answer for more than a day?", "search_cases",
		`{"waiting_on": "us", "waiting_longer_than": "24h", "limit": 3}`,
		"Only the threads tell: they are read twelve at a time, bots and undelivered messages aside, the longest wait first."},
	{"In which message stands invoice 0001-00012345?", "search_messages",
		`{"text": ["0001 00012345"], "max_cases": 500, "limit": 3}`,
		"However the number is written. The answer says how far it looked."},
	{"How many cases are there by queue and status?", "count_cases",
		`{"group_by": ["queue", "status"]}`,
		"The API gives no totals: all cases are counted, a hundred a request."},
	{"Set case 534787 to pending and give it to nobody.", "update_case",
		`{"case_number": 534787, "status": "pendiente", "agent": null}`,
		"Read back before it is called done, with a call that undoes it."},
	{"Tell the customer that the parcel has left.", "reply_to_case",
		`{"case_number": 534787, "text": "Hola Tomás, tu pedido ya salió."}`,
		"Nothing is sent: a client that can asks the person this question, any other gets a token for a second call."},
	{"Which unresolved cases speak of a delay, with their branch, the oldest first?", "search_cases",
		`{"status": ["unresolved"], "text": "demora", "sort_order": "asc", "limit": 3, "fields": ["number", "subject", "created_at", "custom.sucursal"]}`,
		"The API has no text search: the answer says how many cases were looked through, and next_cursor goes on."},
	{"Which cases wait in the queue Logistica y Envios?", "search_cases",
		`{"status": ["unresolved"], "queue": ["Logistica y Envios"]}`,
		"A name that does not exist is refused with the nearest ones, so that the assistant can correct itself."},
}

func play(ctx context.Context, r *run, c *client.Client, number int, s step) error {
	fmt.Fprintf(r.Out, "\n%d. %s\n   %s\n\n   → %s %s\n", number, s.question, s.remark, s.tool, s.arguments)
	result, err := c.CallTool(ctx, mcp.CallToolRequest{Params: mcp.CallToolParams{Name: s.tool, Arguments: json.RawMessage(s.arguments)}})
	if err != nil {
		return err
	}
	fmt.Fprintln(r.Out, "   ← "+strings.ReplaceAll(pretty(textOf(result)), "\n", "\n   "))
	return nil
}

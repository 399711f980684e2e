package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"golang.org/x/term"

	"wisecx-mcp/tools"
)

// errFailedCall is a call whose answer, already printed, says that it failed.
var errFailedCall = errors.New("the call failed")

// call calls one tool as a client would and prints the result.
func call(ctx context.Context, r *run) error {
	if len(r.args) == 0 || len(r.args) > 2 {
		return errUsage
	}
	arguments := json.RawMessage("{}")
	if len(r.args) == 2 {
		arguments = json.RawMessage(r.args[1])
		if !json.Valid(arguments) {
			return fmt.Errorf("the arguments are not JSON: %s", r.args[1])
		}
	}
	selected := tools.Names(tools.Select(r.settings.Selection))
	if !slices.Contains(selected, r.args[0]) {
		return fmt.Errorf("there is no tool %q; there are %s", r.args[0], strings.Join(selected, ", "))
	}
	if r.settings.LogLevel == slog.LevelInfo {
		r.settings.LogLevel = slog.LevelWarn // the person sees the result itself
	}
	c, stop, err := within(ctx, r)
	if err != nil {
		return err
	}
	defer stop()
	result, err := c.CallTool(ctx, mcp.CallToolRequest{Params: mcp.CallToolParams{Name: r.args[0], Arguments: arguments}})
	if err != nil {
		return err
	}
	answer := textOf(result)
	fmt.Fprintln(r.Out, pretty(answer))
	if strings.Contains(answer, `"confirm_token":`) {
		fmt.Fprintln(r.Err, "wisecx-mcp: a confirm_token holds within one running server. Run this in a terminal to be asked, or with --confirm never.")
	}
	if result.IsError {
		return errFailedCall
	}
	return nil
}

// within makes a client of the program put together in this process.
func within(ctx context.Context, r *run) (c *client.Client, stop func(), err error) {
	p, err := assemble(r.settings, r.Err, nil)
	if err != nil {
		return nil, nil, err
	}
	if c, err = connect(ctx, p.server, r.person()); err != nil {
		p.close()
		return nil, nil, err
	}
	return c, func() { c.Close(); p.close() }, nil
}

// connect makes a client of a server in this process. person answers its questions, nil if nobody can.
func connect(ctx context.Context, s *server.MCPServer, person client.ElicitationHandler) (*client.Client, error) {
	var options []client.ClientOption
	if person != nil {
		options = append(options, client.WithElicitationHandler(person))
	}
	c, err := client.NewInProcessClientWithOptions(s, options...)
	if err != nil {
		return nil, err
	}
	return c, introduce(ctx, c)
}

// atTerminal is the person who typed the command.
type atTerminal struct{ *run }

// person is who can be asked: whoever sits at the terminal.
func (r *run) person() client.ElicitationHandler {
	if r.In == nil || !term.IsTerminal(int(r.In.Fd())) {
		return nil
	}
	return atTerminal{r}
}

// Elicit puts a question to the person.
func (p atTerminal) Elicit(_ context.Context, request mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	result := &mcp.ElicitationResult{}
	result.Action = mcp.ElicitationResponseActionDecline
	fmt.Fprintf(p.Err, "%s\n\n%s ", request.Params.Message, askWords[p.settings.Language])
	answer, err := bufio.NewReader(io.LimitReader(p.In, 100)).ReadString('\n')
	if err != nil && answer == "" {
		return result, nil
	}
	if yes, _ := yesOrNo(answer); yes {
		result.Action = mcp.ElicitationResponseActionAccept
	}
	return result, nil
}

// introduce begins the session of a client.
func introduce(ctx context.Context, c *client.Client) error {
	if err := c.Start(ctx); err != nil {
		return err
	}
	_, err := c.Initialize(ctx, mcp.InitializeRequest{Params: mcp.InitializeParams{
		ProtocolVersion: mcp.LATEST_LEGACY_PROTOCOL_VERSION,
		ClientInfo:      mcp.Implementation{Name: "wisecx-mcp", Version: Version},
	}})
	return err
}

func textOf(result *mcp.CallToolResult) string {
	var parts []string
	for _, c := range result.Content {
		if t, ok := mcp.AsTextContent(c); ok {
			parts = append(parts, t.Text)
		}
	}
	return strings.Join(parts, "\n")
}

// pretty lays JSON out for a person: the outer levels a line each, rows on one line.
func pretty(s string) string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(s), &object) != nil {
		return s
	}
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.Token()
	var out strings.Builder
	out.WriteString("{")
	for first := true; decoder.More(); first = false {
		if !first {
			out.WriteString(",")
		}
		key, _ := decoder.Token()
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return s
		}
		fmt.Fprintf(&out, "\n  %q: %s", key, layOut(value))
	}
	out.WriteString("\n}")
	return out.String()
}

// layOut puts a list of objects a line each, anything else on one line.
func layOut(value json.RawMessage) string {
	var rows []json.RawMessage
	if json.Unmarshal(value, &rows) != nil || len(rows) == 0 || !bytes.HasPrefix(rows[0], []byte("{")) {
		return string(value)
	}
	var out strings.Builder
	out.WriteString("[")
	for i, row := range rows {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n    ")
		out.Write(row)
	}
	out.WriteString("\n  ]")
	return out.String()
}

// listTools prints the tools that the settings select.
func listTools(ctx context.Context, r *run, asJSON bool) error {
	if len(r.args) > 0 {
		return errUsage
	}
	if !asJSON {
		for _, t := range tools.Select(r.settings.Selection) {
			fmt.Fprintf(r.Out, "%s (%s, %s): %s\n", t.Name, t.Toolset, t.Risk, t.Title)
		}
		return nil
	}
	c, stop, err := within(ctx, r)
	if err != nil {
		return err
	}
	defer stop()
	listed, err := c.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(r.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{"tools": listed.Tools})
}

package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"wisecx-mcp/tools"
	"wisecx-mcp/wisecx"
)

// logged writes a line for each call: which it was since the start, the tool, how long it took, the requests
// that it made, how long they waited for limits and repeats, and its outcome; never its words.
func logged(log *slog.Logger) server.ToolHandlerMiddleware {
	var calls atomic.Int64
	return func(next server.ToolHandlerFunc) server.ToolHandlerFunc {
		return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			id, started := calls.Add(1), time.Now()
			ctx, used := wisecx.WithCall(ctx)
			result, err := next(ctx, request)
			log.Info("call", "request", id, "tool", request.Params.Name, "took", time.Since(started).Round(time.Millisecond),
				"requests", used.Requests(), "waited", used.Waited().Round(time.Millisecond), "outcome", outcomeOf(result, err))
			return result, err
		}
	}
}

// outcomeOf is ok, or the kind of the failure.
func outcomeOf(result *mcp.CallToolResult, err error) string {
	switch {
	case err != nil || result == nil:
		return "fault"
	case !result.IsError:
		return "ok"
	}
	var failure tools.Failure
	if json.Unmarshal([]byte(textOf(result)), &failure) != nil || failure.Kind == "" {
		return "failed"
	}
	return failure.Kind
}

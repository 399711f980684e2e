package app

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"

	"github.com/mark3labs/mcp-go/server"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/state"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/tools"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// parts is the program put together: from the API's client to the protocol's server.
type parts struct {
	client *wisecx.Client
	server *server.MCPServer
	log    *slog.Logger
	close  func() // ends the simulator, if there is one
}

// assemble puts the program together. wire is what reaches the network; nil means the standard library's.
func assemble(s Settings, stderr io.Writer, wire http.RoundTripper) (*parts, error) {
	// What lives is a few MB: to collect half as often costs as much again, and saves a sixth of a call's work.
	debug.SetGCPercent(200)
	p := &parts{close: func() {}, log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: s.LogLevel}))}
	if s.Sandbox {
		address, stop, err := startSimulation("127.0.0.1:0", sandbox.Options{})
		if err != nil {
			return nil, err
		}
		p.close, s.Base, s.APIKey, s.User = stop, address, sandbox.Key, sandbox.User
	}
	stop, remove := p.close, s.ownState()
	folder := state.New(s.statePath(), func(words string) { p.log.Warn(words) })
	p.close = func() { stop(); remove() }
	p.client = wisecx.New(wisecx.Config{
		Base: s.Base, User: s.User, Key: s.APIKey, Zone: s.APIZone, Wire: wire,
		Timeout: s.Timeout, RatePerMinute: s.RatePerMinute, RatePerDay: s.RatePerDay, Store: folder.Numbers(s.Base.String() + " " + s.User + " " + s.APIKey),
	})
	// The pseudonyms are stable for an account, and nobody without its key can make them.
	secret := sha256.Sum256([]byte("wisecx-mcp pseudonyms " + s.APIKey))
	mask, err := text.NewMask(s.Mask, secret[:])
	if err != nil {
		return nil, err
	}
	env := &tools.Env{
		Desk: desk.New(desk.Options{API: p.client, Zone: s.Zone, Agent: s.Agent, Queues: s.Queues, Mask: mask,
			Lang: s.Language, Gates: desk.Gates{Queues: s.WriteQueues, Channels: s.ReplyChannels,
				Outbound: slices.Contains(s.Selection.Allow, tools.Outbound), Destructive: slices.Contains(s.Selection.Allow, tools.Destructive)}}),
		Guard:     newGuard(s, folder),
		MaxTokens: s.MaxTokens,
		Missing:   s.missing(),
	}
	p.server = newServer(s.Selection, env, p.log)
	return p, nil
}

// newServer makes the protocol's server with the selected tools. It speaks both eras of the protocol.
func newServer(selection tools.Selection, env *tools.Env, log *slog.Logger) *server.MCPServer {
	s := server.NewMCPServer("wisecx-mcp", Version,
		server.WithTitle("Wise CX"),
		server.WithToolCapabilities(false),
		server.WithInstructions(tools.Instructions(selection)),
		server.WithToolHandlerMiddleware(logged(log)),
	)
	for _, t := range tools.Select(selection) {
		s.AddTools(t.Server(env))
	}
	return s
}

// listen opens the address on which the simulator is served.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the simulator cannot listen on %s: %w", address, err)
	}
	return listener, nil
}

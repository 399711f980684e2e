// Package app puts the parts together: settings, commands, serving, logging, shutdown.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
)

// Version is the program's own.
const Version = "0.1.0"

// Streams are where the program reads and writes.
type Streams struct {
	In  *os.File
	Out io.Writer
	Err io.Writer
}

// run is what every command works with.
type run struct {
	Streams
	settings Settings
	args     []string // beside flags
}

// command is one word on the command line.
type command struct {
	name, usage, help string
	flags             func(*flag.FlagSet) // its own, beside the settings'
	do                func(context.Context, *run) error
}

// errUsage is a command line that cannot be followed.
var errUsage = errors.New("usage")

func commands() []command {
	var asJSON bool
	var simulated simulation
	return []command{
		{"demo", "demo", "plays a short session on the simulator", nil, demo},
		{"call", "call TOOL [JSON]", "calls one tool and prints the result", nil, call},
		{"tools", "tools [--json]", "lists the tools, with --json as tools/list would",
			func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "as tools/list would") },
			func(ctx context.Context, r *run) error { return listTools(ctx, r, asJSON) }},
		{"doctor", "doctor", "checks settings, login, clock, limits and one read", nil, doctor},
		{"sandbox", "sandbox [--listen 127.0.0.1:0] [--cases 5000] [--fail 0.3]", "serves the simulated API over HTTP", simulated.flags,
			func(ctx context.Context, r *run) error { return serveSimulation(ctx, r, simulated) }},
		{"approve", "approve TOKEN", "shows what waits for a person and takes yes or no", nil, approve},
		{"audit", "audit", "prints the audit log", nil, audit},
		{"version", "version", "prints the version", nil, version},
		{"help", "help", "prints this", nil, help},
	}
}

// Main runs a command line and gives the exit code: 0 done, 1 failed, 2 a wrong setting or command line.
func Main(args []string, lookup func(string) (string, bool), streams Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	chosen := command{name: "", do: serve}
	if name := firstWord(args); name != "" {
		for _, c := range commands() {
			if c.name == name {
				chosen = c
			}
		}
		if chosen.name == "" {
			fmt.Fprintf(streams.Err, "wisecx-mcp: there is no command %q\n\n%s", name, usage())
			return 2
		}
	}
	settings, rest, err := loadSettings(args, lookup, chosen.flags)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(streams.Out, usage())
		return 0
	}
	if err != nil {
		fmt.Fprintln(streams.Err, "wisecx-mcp:", err)
		return 2
	}
	if chosen.name != "" {
		rest = rest[1:]
	}
	err = chosen.do(ctx, &run{Streams: streams, settings: settings, args: rest})
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintf(streams.Err, "usage: wisecx-mcp %s\n", chosen.usage)
		return 2
	case err != nil && !errors.Is(err, context.Canceled):
		fmt.Fprintln(streams.Err, "wisecx-mcp:", err)
		return 1
	}
	return 0
}

// firstWord finds the command among flags: the first argument that is no flag nor a flag's value.
func firstWord(args []string) string {
	var none Settings
	takes := map[string]bool{}
	for _, s := range none.table() {
		takes[s.flag()] = s.allowed != "true or false"
	}
	for i := 0; i < len(args); i++ {
		name := strings.TrimLeft(args[i], "-")
		if !strings.HasPrefix(args[i], "-") || name == "" {
			return args[i]
		}
		if takes[name] {
			i++
		}
	}
	return ""
}

func usage() string {
	var text strings.Builder
	text.WriteString("wisecx-mcp lets an assistant work in Wise CX, over the Model Context Protocol on stdio.\n\n")
	fmt.Fprintf(&text, "  %-58s %s\n", "wisecx-mcp", "serves; a host such as Claude Desktop starts it so")
	for _, c := range commands() {
		fmt.Fprintf(&text, "  %-58s %s\n", "wisecx-mcp "+c.usage, c.help)
	}
	text.WriteString("\nSettings, as variables or flags (WISECX_READ_ONLY is --read-only; flags win):\n\n")
	var none Settings
	for _, s := range none.table() {
		fmt.Fprintf(&text, "  %-24s %s: %s\n", s.variable(), s.help, s.allowed)
	}
	return text.String()
}

func help(_ context.Context, r *run) error {
	_, err := io.WriteString(r.Out, usage())
	return err
}

func version(_ context.Context, r *run) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = ", revision " + s.Value
			}
		}
	}
	_, err := fmt.Fprintf(r.Out, "wisecx-mcp %s (%s, %s/%s%s)\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, revision)
	return err
}

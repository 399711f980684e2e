package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// serve speaks the protocol on stdin and stdout until the input ends or a signal comes.
func serve(ctx context.Context, r *run) error {
	p, err := assemble(r.settings, r.Err, nil)
	if err != nil {
		return err
	}
	defer p.close()
	if term.IsTerminal(int(r.In.Fd())) {
		fmt.Fprint(r.Err, terminalHelp)
	}
	if missing := r.settings.missing(); missing != "" {
		p.log.Warn(missing)
	}
	defer guardStdout()()
	err = converse(ctx, p.server, p.log, r.In, r.Out)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// guardStdout keeps all but the protocol off stdout: what a library prints goes to stderr. And it makes
// writing to a host that has gone an error, where it would end the program on the spot.
func guardStdout() (undo func()) {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	stdout := os.Stdout
	os.Stdout = os.Stderr
	return func() {
		os.Stdout = stdout
		signal.Stop(broken)
	}
}

const terminalHelp = `wisecx-mcp is waiting for an MCP client on stdin: it speaks JSON-RPC, a message a line.
A host such as Claude Desktop starts it by itself; its configuration is in the README.
To see it at work instead:  wisecx-mcp demo     All commands:  wisecx-mcp help
`

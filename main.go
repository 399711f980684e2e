// Command wisecx-mcp lets an assistant work in Wise CX over the Model Context Protocol.
package main

import (
	"os"

	"wisecx-mcp/internal/app"
)

func main() {
	os.Exit(app.Main(os.Args[1:], os.LookupEnv, app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

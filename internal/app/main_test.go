package app

import (
	"os"
	"testing"
)

// asProgram makes the test binary behave as the program, so that a benchmark can have the simulator's
// work done, and counted, in another process.
const asProgram = "WISECX_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(Main(os.Args[1:], os.LookupEnv, Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	os.Exit(m.Run())
}

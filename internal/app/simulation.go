package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// simulation is how `wisecx-mcp sandbox` was asked to run.
type simulation struct {
	listen string
	cases  int
	seed   int64

	faults sandbox.Faults     // but for the shares
	fail   float64            // the share of all kinds together
	shares map[string]float64 // of single kinds, each in place of its part of fail
}

func (s *simulation) flags(f *flag.FlagSet) {
	f.StringVar(&s.listen, "listen", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	f.IntVar(&s.cases, "cases", 5000, "how many cases there are, up to 50000")
	f.Int64Var(&s.seed, "seed", 1, "another seed gives other data and other faults")

	f.Func("latency", "how long every request takes at least", latency(&s.faults.Latency))
	f.Func("latency-jitter", "up to this much longer", latency(&s.faults.LatencyJitter))
	f.Func("fail", "the share of requests that fail, spread evenly over all kinds", share(func(x float64) { s.fail = x }))
	s.shares = map[string]float64{}
	for _, kind := range sandbox.Kinds {
		f.Func("fail-"+kind, "the share of this kind alone", share(func(x float64) { s.shares[kind] = x }))
	}
	limit(f, "rate-per-minute", &s.faults.RatePerMinute)
	limit(f, "rate-per-day", &s.faults.RatePerDay)
}

func latency(into *time.Duration) func(string) error {
	return func(value string) (err error) {
		*into, err = time.ParseDuration(value)
		if err != nil || *into < 0 || *into > time.Minute {
			return errors.New("want a duration from 0s to 1m, such as 50ms")
		}
		return nil
	}
}

func share(take func(float64)) func(string) error {
	return func(value string) error {
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || !(x >= 0 && x <= 1) {
			return errors.New("want a share from 0 to 1, such as 0.3")
		}
		take(x)
		return nil
	}
}

// limit adds the flag of a limit that the service enforces. The settings have flags of the same names, which limit the
// client: here they say nothing, so this one takes their place.
func limit(f *flag.FlagSet, name string, into *int) {
	own := flag.NewFlagSet("", flag.ContinueOnError)
	own.Func(name, "requests that the service lets through; 0 for any number", func(value string) (err error) {
		*into, err = strconv.Atoi(value)
		if err != nil || *into < 0 {
			return errors.New("want a whole number from 0, which enforces nothing")
		}
		return nil
	})
	flagged := own.Lookup(name)
	if taken := f.Lookup(name); taken != nil {
		*taken = *flagged
		return
	}
	f.Var(flagged.Value, name, flagged.Usage)
}

// allFaults are the faults with their shares.
func (s simulation) allFaults() (sandbox.Faults, error) {
	all := sandbox.Spread(s.fail)
	for kind, x := range s.shares {
		*all.Share(kind) = x
	}
	all.Latency, all.LatencyJitter = s.faults.Latency, s.faults.LatencyJitter
	all.RatePerMinute, all.RatePerDay = s.faults.RatePerMinute, s.faults.RatePerDay
	if err := all.Check(); err != nil {
		return all, fmt.Errorf("--fail and the shares of single kinds: %w", err)
	}
	return all, nil
}

// serveSimulation serves the simulated API until a signal comes.
func serveSimulation(ctx context.Context, r *run, s simulation) error {
	if len(r.args) > 0 {
		return errUsage
	}
	if s.cases < 1 || s.cases > 50000 {
		return fmt.Errorf("--cases: %d is not allowed; want a whole number from 1 to 50000", s.cases)
	}
	faults, err := s.allFaults()
	if err != nil {
		return err
	}
	address, stop, err := startSimulation(s.listen, sandbox.Options{Cases: s.cases, Seed: s.seed, Faults: faults})
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(r.Out, "The simulated Wise CX API with %d cases; ends with Ctrl-C.\n\n", s.cases)
	fmt.Fprintf(r.Out, "WISECX_BASE_URL=%s\nWISECX_API_KEY=%s\nWISECX_USER=%s\n", address, sandbox.Key, sandbox.User)
	<-ctx.Done()
	return nil
}

// startSimulation serves the simulated API and gives its address. Its data is made at the first request.
func startSimulation(address string, options sandbox.Options) (*url.URL, func(), error) {
	listener, err := listen(address)
	if err != nil {
		return nil, nil, err
	}
	service := &http.Server{Handler: sandbox.New(options), ReadHeaderTimeout: 10 * time.Second}
	go service.Serve(listener)
	base := &url.URL{Scheme: "http", Host: listener.Addr().String(), Path: "/core/v1"}
	return base, func() { service.Close() }, nil
}

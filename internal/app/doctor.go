package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"wisecx-mcp/tools"
	"wisecx-mcp/wisecx"
)

// clockTolerance is how far two clocks may differ before "7d" or an expiry goes wrong.
const clockTolerance = 2 * time.Minute

// doctor checks what the program needs, a line each.
func doctor(ctx context.Context, r *run) error {
	if len(r.args) > 0 {
		return errUsage
	}
	healthy := true
	report := func(ok bool, what, format string, values ...any) {
		mark := "ok  "
		if !ok {
			mark, healthy = "FAIL", false
		}
		fmt.Fprintf(r.Out, "%s  %-8s %s\n", mark, what, fmt.Sprintf(format, values...))
	}
	s := r.settings
	if missing := s.missing(); missing != "" {
		report(false, "settings", "%s", missing)
		return errors.New("nothing else can be checked without them")
	}
	target := s.Base.String()
	if s.Sandbox {
		target = "the embedded simulator"
	}
	report(true, "settings", "%s; zone %s; %d tools (%s)", target, s.Zone, len(tools.Select(s.Selection)), strings.Join(s.Selection.Toolsets, ", "))
	clock := &clockWatch{next: http.DefaultTransport}
	p, err := assemble(s, r.Err, clock)
	if err != nil {
		return err
	}
	defer p.close()
	ctx, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	started := time.Now()
	_, err = p.client.ListChannels(ctx, wisecx.Query{Limit: 1})
	var refused *wisecx.Error
	if errors.As(err, &refused) && refused.Endpoint == "GET /authenticate" || err != nil && refused == nil {
		report(false, "login", "%v", err)
		return errors.New("nothing else can be checked without a login")
	}
	report(true, "login", "as %s", cmp.Or(s.User, "the simulator's user"))
	offset, known := clock.offset()
	switch {
	case !known:
		report(true, "clock", "the API does not say its time")
	case offset.Abs() > clockTolerance:
		report(false, "clock", "this machine is %s off the API's clock; set its time, or \"7d\" and \"today\" are wrong", offset)
	default:
		report(true, "clock", "within %s of the API's", clockTolerance)
	}
	stats := p.client.Stats()
	report(true, "limits", "%d requests a minute, %d a day; sent here: %d, of them repeats: %d, refused by the API as too many: %d, waited: %s; breaker %s",
		s.RatePerMinute, s.RatePerDay, stats.Sent, stats.Repeats, stats.TooMany, stats.Waited.Round(time.Millisecond), stats.Breaker)
	if err != nil {
		report(false, "read", "%v", err)
	} else {
		report(true, "read", "GET /channels answered in %s", time.Since(started).Round(time.Millisecond))
	}
	if !healthy {
		return errors.New("not everything is well")
	}
	return nil
}

// clockWatch notes the API's clock as it passes.
type clockWatch struct {
	next http.RoundTripper
	mu   sync.Mutex
	diff time.Duration
	seen bool
}

func (c *clockWatch) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(request)
	if err == nil {
		if at, parseErr := http.ParseTime(response.Header.Get("Date")); parseErr == nil {
			c.mu.Lock()
			c.diff, c.seen = time.Since(at).Truncate(time.Second), true
			c.mu.Unlock()
		}
	}
	return response, err
}

func (c *clockWatch) offset() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.diff, c.seen
}

package transport

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// LimitError is a request that was not sent, because it would have waited for the account's limits
// longer than its call had left.
type LimitError struct {
	Wait   time.Duration // until it could have been sent
	Reason string        // which limit, in plain words
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s; the next request can go in %s, and the call has less time left", e.Reason, roundUp(e.Wait))
}

// OpenError is a request that was not sent, because the service failed too often a moment ago.
type OpenError struct {
	Wait time.Duration // until the service is tried again
}

func (e *OpenError) Error() string {
	return fmt.Sprintf("the service failed too often a moment ago; it is tried again in %s", roundUp(e.Wait))
}

// roundUp is a wait as it is said: whole seconds, never too few.
func roundUp(wait time.Duration) time.Duration {
	return (wait + time.Second - 1).Truncate(time.Second)
}

// RetryAfter reads how long an answer asks to wait, in both forms of the header; 0 where it does not
// say. A date is read against the answer's own, since the clocks of two machines differ.
func RetryAfter(response *http.Response, now time.Time) time.Duration {
	header := strings.TrimSpace(response.Header.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.Atoi(header); err == nil {
		wait = time.Duration(min(max(0, seconds), 1<<30)) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		if sent, err := http.ParseTime(response.Header.Get("Date")); err == nil {
			now = sent
		}
		wait = at.Sub(now)
	}
	return min(max(0, wait), 24*time.Hour)
}

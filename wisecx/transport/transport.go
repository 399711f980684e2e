// Package transport holds what every request to Wise CX passes through: small
// http.RoundTrippers that know nothing of each other, put together in New.
package transport

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Options says whose account the requests are for and how long one may take.
type Options struct {
	Base    *url.URL      // the API's root, such as https://api.wcx.cloud/core/v1
	User    string        // the user name that belongs to the key
	Key     string        // the API key
	Timeout time.Duration // one attempt, reading its answer included; 0 means 15 s
	Now     func() time.Time
	Wire    http.RoundTripper // what reaches the network; nil means a plain http.Transport
}

// New puts the layers together, from outside in: login, time limit of one attempt, wire.
// Retry goes around login; limiter and breaker between login and the time limit.
func New(o Options) *Login {
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wire == nil {
		o.Wire = wire()
	}
	return &Login{next: attempt{next: o.Wire, limit: o.Timeout}, base: o.Base, user: o.User, key: o.Key, now: o.Now}
}

// wire is the standard transport with room for a scan's parallel requests on reused connections.
func wire() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// SameHost is an http.Client's CheckRedirect: a redirect is followed only for a read, to the
// same scheme, host and port, and three times at most. Anywhere else the key would go along.
func SameHost(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: from %s to %s", ErrRedirect, first.URL.Host, next.URL.Host)
	case first.Method != http.MethodGet:
		return fmt.Errorf("%w: of a %s", ErrRedirect, first.Method)
	case len(via) > 3:
		return fmt.Errorf("%w: more than three in a row", ErrRedirect)
	}
	return nil
}

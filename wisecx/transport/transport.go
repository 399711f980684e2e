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

// Options says whose account the requests are for, how many there may be and how long one may take.
type Options struct {
	Base          *url.URL      // the API's root, such as https://api.wcx.cloud/core/v1
	User          string        // the user name that belongs to the key
	Key           string        // the API key
	Timeout       time.Duration // one attempt, reading its answer included; 0 means 15 s
	RatePerMinute int           // 0 means the account's 5000
	RatePerDay    int           // in the last 24 hours; 0 means the account's 150000
	Store         Store         // where requests are counted; nil means this process's memory
	Now           func() time.Time
	Wire          http.RoundTripper // what reaches the network; nil means a plain http.Transport
}

// Chain is all layers as one http.RoundTripper.
type Chain struct {
	retry   *retry
	login   *Login
	limiter *limiter
	breaker *breaker
	once    *once
}

// New puts the layers together, from outside in: retry, login, limiter, breaker, time limit of one
// attempt, wire.
func New(o Options) *Chain {
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wire == nil {
		o.Wire = wire()
	}
	c := &Chain{}
	c.once = &once{next: o.Wire}
	c.breaker = newBreaker(attempt{next: c.once, limit: o.Timeout}, o.Timeout)
	c.limiter = newLimiter(c.breaker, c.breaker.ready, o)
	c.login = &Login{next: c.limiter, base: o.Base, user: o.User, key: o.Key, now: o.Now}
	c.retry = &retry{next: c.login, now: o.Now, attempt: o.Timeout}
	return c
}

// RoundTrip sends the request through all layers.
func (c *Chain) RoundTrip(request *http.Request) (*http.Response, error) {
	return c.retry.RoundTrip(request)
}

// Redact takes the key and the token out of a text that goes to a person, a model or a log.
func (c *Chain) Redact(s string) string { return c.login.Redact(s) }

// Stats gives the numbers so far.
func (c *Chain) Stats() Stats {
	minute, day := c.limiter.used()
	return Stats{
		Sent:            c.once.sent.Load(),
		Repeats:         c.retry.repeats.Load(),
		Waited:          time.Duration(c.limiter.waited.Load() + c.retry.waited.Load()),
		RefusedByLimit:  c.limiter.refused.Load(),
		RefusedByHealth: c.breaker.refused.Load(),
		TooMany:         c.limiter.tooMany.Load(),
		StoreErrors:     c.limiter.storeErrors.Load(),
		LastMinute:      minute,
		LastDay:         day,
		Breaker:         c.breaker.state.State().String(),
	}
}

// CloseIdleConnections ends the connections that wait to be used again.
func (c *Chain) CloseIdleConnections() {
	if wire, ok := c.once.next.(interface{ CloseIdleConnections() }); ok {
		wire.CloseIdleConnections()
	}
}

// wire is the standard transport with room for a scan's parallel requests on reused connections. It
// speaks HTTP/1.1 alone: only there can a GET be kept from being sent twice without changing it.
func wire() *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		Protocols:              &protocols,
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

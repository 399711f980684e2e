// Package wisecx is the Wise CX API v1 as Go: one file a resource, one way to send a request,
// and the table of resources. Facts of the API carry how sure they are: [D] documented, [C] the
// published collection, [W] seen working, [I] inferred.
package wisecx

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wisecx-mcp/wisecx/transport"
)

// MaxAnswer is the size in bytes above which an answer is refused unread.
const MaxAnswer = 10 << 20

// DefaultBase is the address of the API [W].
const DefaultBase = "https://api.wcx.cloud/core/v1"

// Config says whose account a Client works on.
type Config struct {
	Base          *url.URL        // from ParseBase
	User          string          // the user name of the key
	Key           string          // the API key
	Timeout       time.Duration   // one attempt; 0 means 15 s
	RatePerMinute int             // requests; 0 means the account's 5000
	RatePerDay    int             // requests in the last 24 hours; 0 means the account's 150000
	Store         transport.Store // where requests are counted; nil means this process's memory
	Zone          *time.Location  // the zone of the API's timestamps; nil means UTC [I from W]
	Now           func() time.Time
	Wire          http.RoundTripper // what reaches the network; nil means the standard library's
}

// Client asks the API. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	http  *http.Client
	chain *transport.Chain
	zone  *time.Location
	now   func() time.Time

	noSlash atomic.Bool // the address of all contacts is known without a slash at its end only
}

// New makes a client; it sends nothing yet.
func New(c Config) *Client {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	chain := transport.New(transport.Options{
		Base: c.Base, User: c.User, Key: c.Key, Timeout: c.Timeout,
		RatePerMinute: c.RatePerMinute, RatePerDay: c.RatePerDay, Store: c.Store,
		Now: c.Now, Wire: c.Wire,
	})
	return &Client{
		base:  c.Base,
		http:  &http.Client{Transport: chain, CheckRedirect: transport.SameHost},
		chain: chain,
		zone:  c.Zone,
		now:   c.Now,
	}
}

// ParseBase reads the address of the API as people configure it: with or without /core/v1, with or
// without a slash at the end [W]. Plain http is for this machine only, since the key goes along.
func ParseBase(address string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSpace(address))
	if err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("want an address such as %s", DefaultBase)
	}
	switch {
	case base.Scheme == "https":
	case base.Scheme == "http" && isLoopback(base.Hostname()):
	default:
		return nil, fmt.Errorf("want https; plain http only to this machine (127.0.0.1, localhost)")
	}
	// One spelling of the host, since a redirect to another one is not followed.
	base.Host = strings.ToLower(strings.TrimSuffix(base.Host, ":"))
	if base.Scheme == "https" {
		base.Host = strings.TrimSuffix(base.Host, ":443")
	}
	base.Path, base.RawPath, base.ForceQuery = path.Clean("/"+base.Path), "", false
	if base.Path == "/" {
		base.Path = "/core/v1"
	}
	return base, nil
}

// Stats are the numbers of all requests so far.
func (c *Client) Stats() transport.Stats { return c.chain.Stats() }

// WithCall counts the requests made with the returned context, for a line in the log.
func WithCall(ctx context.Context) (context.Context, *transport.Call) { return transport.WithCall(ctx) }

// send is the one way to the API for what only reads; write in writes.go is the other. It gives the body of an answer of
// 2xx, and an *Error for all else. Only what a method marks as transport.Repeatable is sent again after it failed. A path
// is made of the endpoint's words and of numbers; the method escapes text from outside with url.PathEscape.
func (c *Client) send(ctx context.Context, method, path string, query url.Values, body any) ([]byte, error) {
	request, err := c.request(ctx, method, path, query, body)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.failure(ctx, method, path, err)
	}
	return c.answer(ctx, method, path, response)
}

// answer reads what came back.
func (c *Client) answer(ctx context.Context, method, path string, response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	answer, err := read(response)
	answer = bytes.TrimSpace(bytes.TrimPrefix(answer, []byte("\xef\xbb\xbf")))
	switch {
	case response.StatusCode/100 != 2 && (err == nil || ctx.Err() == nil): // a refusal is one even where its words are broken or too many
		return nil, c.refusal(method, path, response, answer)
	case err != nil:
		return nil, c.failure(ctx, method, path, err)
	}
	return answer, nil
}

func (c *Client) request(ctx context.Context, method, path string, query url.Values, body any) (*http.Request, error) {
	address := *c.base
	plain, err := url.PathUnescape(path)
	if err != nil || strings.Contains(path, "//") || slices.ContainsFunc(strings.Split(plain, "/"), isDots) {
		return nil, fmt.Errorf("%s %s: not a path", method, path)
	}
	address.Path, address.RawPath = c.base.Path+plain, c.base.EscapedPath()+path
	// Not every server reads "+" as a blank in a query; all read %20.
	address.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, path, err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, address.String(), content)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// read takes an answer of up to MaxAnswer bytes, or what came of it before it broke off.
func read(response *http.Response) ([]byte, error) {
	if response.ContentLength > MaxAnswer {
		return nil, ErrTooLarge
	}
	var answer bytes.Buffer
	if response.ContentLength > 0 {
		answer.Grow(int(response.ContentLength) + bytes.MinRead)
	}
	n, err := answer.ReadFrom(io.LimitReader(response.Body, MaxAnswer+1))
	if err != nil {
		return answer.Bytes(), err
	}
	if n > MaxAnswer {
		return nil, ErrTooLarge
	}
	return answer.Bytes(), nil
}

// isDots tells a segment that would lead to another endpoint.
func isDots(segment string) bool { return segment == "." || segment == ".." }

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

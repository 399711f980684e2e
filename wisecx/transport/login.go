package transport

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// ErrRedirect is a redirect that was not followed.
var ErrRedirect = errors.New("the API redirected the request, which is not followed")

var errTokens = errors.New("the API refused several new tokens in a row")

const (
	tokenLife    = 3600 * time.Second // [D] the introduction, "Expiración de Token"
	renewAt      = 5.0 / 6            // of its life: the 50 minutes that integrators use [W]
	deniedFor    = time.Minute        // how long a missing permission is remembered, unless the endpoint answers before
	loginTimeout = 30 * time.Second   // a login serves many calls, so no single call's end may end it
	mostSends    = 5                  // of one request, while tokens end one after the other
	provenFor    = time.Minute        // how long an endpoint that answered is not thought to lack permission
	patience     = 3 * time.Second    // how long a call with a good token waits for its renewal
	renewPause   = time.Minute        // from a renewal ahead of time that failed to the next one
)

// LoginError is a login that gave no token. Status is the API's answer, 0 when there was none.
type LoginError struct {
	Status int
	Detail string
	Err    error
}

func (e *LoginError) Error() string {
	if e.Err != nil {
		return "login failed: " + e.Err.Error()
	}
	return fmt.Sprintf("login failed: the API answered %d %s", e.Status, e.Detail)
}

func (e *LoginError) Unwrap() error { return e.Err }

// Login adds both headers that every call needs [D][C], and keeps the one token: it is fetched
// once however many calls start together, renewed before it ends, and once when a call is refused.
type Login struct {
	next http.RoundTripper
	base *url.URL
	user string
	key  string
	now  func() time.Time

	fetching  singleflight.Group
	mu        sync.Mutex
	token     token
	former    string               // the value of the token before, which an answer that is under way may still repeat
	denied    map[string]time.Time // endpoint -> until when its missing permission is remembered
	permitted map[string]time.Time // endpoint -> until when its refusals are put down to the token, since it answered
}

// token is known by its number, the count of logins so far: the API may give the same value twice.
type token struct {
	number         int // 0 is no token
	value          string
	renew, expires time.Time
}

// RoundTrip sends the request with the token. A refusal (401, 403) renews the token and sends the
// request once more, whatever it is: it was refused before it did anything. A refusal with a new token
// comes back as the answer that it is, with its permission remembered as missing. An endpoint that has
// answered a moment ago is not without permission so soon: there, a few more tokens are tried.
func (l *Login) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Host != l.base.Host || request.URL.Scheme != l.base.Scheme {
		closeBody(request)
		return nil, fmt.Errorf("%w: to %s", ErrRedirect, request.URL.Host)
	}
	current, isNew, err := l.valid(request.Context())
	if err != nil {
		closeBody(request)
		return nil, err
	}
	for sends := 1; ; sends++ {
		response, err := l.send(request, current)
		if err != nil {
			return nil, err
		}
		if !refused(response) {
			l.permit(request)
			return response, nil
		}
		if l.isHopeless(request, isNew || sends > 1) {
			return response, nil
		}
		if sends == mostSends {
			drain(response)
			return nil, &LoginError{Err: errTokens}
		}
		again, err := repeat(request)
		if err != nil {
			return response, nil
		}
		drain(response)
		if current, err = l.fetch(request.Context(), current); err != nil {
			closeBody(again)
			return nil, err
		}
		request = again
	}
}

// permit notes that an endpoint answered.
func (l *Login) permit(request *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := endpoint(request)
	delete(l.denied, name)
	if l.permitted == nil {
		l.permitted = map[string]time.Time{}
	}
	l.permitted[name] = l.now().Add(provenFor)
}

// isHopeless tells whether another token would not help a refused request, and remembers it if so.
func (l *Login) isHopeless(request *http.Request, withNewToken bool) bool {
	if l.isDenied(request) {
		return true
	}
	l.mu.Lock()
	permitted := l.now().Before(l.permitted[endpoint(request)])
	l.mu.Unlock()
	if !withNewToken || permitted {
		return false
	}
	l.deny(request)
	return true
}

// Redact takes the key and the token out of a text that goes to a person, a model or a log.
func (l *Login) Redact(s string) string {
	l.mu.Lock()
	secrets := []string{l.key, l.token.value, l.former}
	l.mu.Unlock()
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "[secret]")
			s = strings.ReplaceAll(s, url.QueryEscape(secret), "[secret]")
		}
	}
	return s
}

func (l *Login) send(request *http.Request, t token) (*http.Response, error) {
	signed := request.Clone(request.Context())
	signed.Header.Set("Authorization", "Bearer "+t.value)
	signed.Header.Set("x-api-key", l.key)
	return l.next.RoundTrip(signed)
}

// valid gives a token that has not ended, and tells whether it was fetched for this very call. A
// renewal ahead of the end that fails or hangs is no harm: the old token still counts.
func (l *Login) valid(ctx context.Context) (t token, isNew bool, err error) {
	l.mu.Lock()
	current := l.token
	l.mu.Unlock()
	now := l.now()
	if current.number > 0 && now.Before(current.renew) {
		return current, false, nil
	}
	if current.number == 0 || !now.Before(current.expires) {
		t, err = l.fetch(ctx, current)
		return t, true, err
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if t, err = l.fetch(waiting, current); err == nil {
		return t, true, nil
	}
	if ctx.Err() != nil {
		return token{}, false, context.Cause(ctx)
	}
	return current, false, nil
}

// isDenied tells whether this endpoint was refused with a new token a short while ago.
func (l *Login) isDenied(request *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now().Before(l.denied[endpoint(request)])
}

func (l *Login) deny(request *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	maps.DeleteFunc(l.denied, func(_ string, until time.Time) bool { return !now.Before(until) })
	if l.denied == nil {
		l.denied = map[string]time.Time{}
	}
	l.denied[endpoint(request)] = now.Add(deniedFor)
	delete(l.permitted, endpoint(request))
}

// fetch gives a token newer than the one seen: that of a call which logged in meanwhile, or a new
// one, fetched once for all who wait. A caller that gives up leaves the login running for the others.
func (l *Login) fetch(ctx context.Context, seen token) (token, error) {
	result := l.fetching.DoChan("", func() (any, error) {
		l.mu.Lock()
		current := l.token
		l.mu.Unlock()
		if current.number > seen.number {
			return current, nil
		}
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), loginTimeout, fmt.Errorf("%w (%s)", ErrTimeout, loginTimeout))
		defer cancel()
		fetched, err := l.authenticate(ctx)
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			l.token.renew = l.now().Add(renewPause)
			if l.token.renew.After(l.token.expires) {
				l.token.renew = l.token.expires
			}
			return token{}, err
		}
		fetched.number = current.number + 1
		l.token, l.former = fetched, current.value
		return fetched, nil
	})
	select {
	case <-ctx.Done():
		return token{}, context.Cause(ctx)
	case r := <-result:
		return r.Val.(token), r.Err
	}
}

// authenticate is GET /authenticate?user=USER with the key in a header [C][W].
func (l *Login) authenticate(ctx context.Context) (token, error) {
	address := l.base.JoinPath("authenticate")
	address.RawQuery = url.Values{"user": {l.user}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return token{}, &LoginError{Err: err}
	}
	request.Header.Set("x-api-key", l.key)
	request.Header.Set("Accept", "application/json")
	asked := l.now()
	response, err := l.next.RoundTrip(request)
	if err != nil {
		return token{}, &LoginError{Err: err}
	}
	defer drain(response)
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return token{}, &LoginError{Err: err}
	}
	if response.StatusCode/100 != 2 {
		detail := http.StatusText(response.StatusCode)
		if response.StatusCode/100 == 3 || response.StatusCode == http.StatusNotFound {
			detail += "; is the base URL right?"
		}
		return token{}, &LoginError{Status: response.StatusCode, Detail: detail}
	}
	value := tokenIn(body)
	if value == "" {
		detail := "without a token; is the base URL right?"
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			detail = "with a web page instead of JSON; is the base URL right?"
		}
		return token{}, &LoginError{Status: response.StatusCode, Detail: detail}
	}
	life := lifeOf(value)
	return token{value: value, renew: asked.Add(time.Duration(float64(life) * renewAt)), expires: asked.Add(life)}, nil
}

// tokenIn reads the token under any of the names that integrators meet [W].
func tokenIn(body []byte) string {
	type names struct {
		Token       string `json:"token"`
		AccessToken string `json:"access_token"`
		JWT         string `json:"jwt"`
	}
	var answer struct {
		names
		Data names `json:"data"`
	}
	// A "data" of another shape is no matter: what was read of the rest counts.
	_ = json.Unmarshal(body, &answer)
	for _, value := range []string{answer.Token, answer.AccessToken, answer.JWT, answer.Data.Token, answer.Data.AccessToken, answer.Data.JWT} {
		if value != "" && !strings.ContainsAny(value, "\r\n") {
			return value
		}
	}
	return ""
}

// lifeOf is the documented hour, or less where the token itself says so. Only the span between its
// own times counts: the clocks of two machines differ.
func lifeOf(value string) time.Duration {
	parts := strings.Split(value, ".")
	if len(parts) != 3 {
		return tokenLife
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return tokenLife
	}
	var claims struct {
		Issued  float64 `json:"iat"`
		Expires float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || claims.Issued <= 0 || claims.Expires <= claims.Issued {
		return tokenLife
	}
	seconds := min(tokenLife.Seconds(), claims.Expires-claims.Issued) // before it could overflow a Duration
	return time.Duration(seconds * float64(time.Second))
}

func refused(response *http.Response) bool {
	return response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden
}

// endpoint names what a permission is for: the method and the path, its ids aside.
func endpoint(request *http.Request) string {
	parts := strings.Split(request.URL.Path, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") && part != "v1" {
			parts[i] = "{id}"
		}
	}
	return request.Method + " " + strings.Join(parts, "/")
}

// repeat makes the request ready to be sent again.
func repeat(request *http.Request) (*http.Request, error) {
	again := request.Clone(request.Context())
	if request.Body == nil || request.Body == http.NoBody {
		return again, nil
	}
	if request.GetBody == nil {
		return nil, errors.New("the request's body cannot be read twice")
	}
	body, err := request.GetBody()
	if err != nil {
		return nil, err
	}
	again.Body = body
	return again, nil
}

// closeBody keeps a RoundTripper's promise for a request that is not sent.
func closeBody(request *http.Request) {
	if request.Body != nil {
		request.Body.Close()
	}
}

// drain lets the connection be used again.
func drain(response *http.Response) {
	io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10))
	response.Body.Close()
}

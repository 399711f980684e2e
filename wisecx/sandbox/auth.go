package sandbox

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tokens are the tokens handed out, with the time each ends.
type tokens struct {
	lock sync.Mutex
	ends map[string]time.Time
}

func newTokens() tokens { return tokens{ends: map[string]time.Time{}} }

// issue makes a token that looks like a JWT: a real header and payload, and a signature nobody can check but us.
func (t *tokens) issue(user string, now time.Time, life time.Duration) string {
	var e encoder
	e.open()
	e.name("sub")
	e.quote(user)
	e.name("iat")
	e.integer(now.Unix())
	e.name("exp")
	e.integer(now.Add(life).Unix())
	e.close()
	part := base64.RawURLEncoding.EncodeToString
	token := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + part(e.out) + "." + part([]byte(rand.Text()+rand.Text()))

	t.lock.Lock()
	defer t.lock.Unlock()
	for old, end := range t.ends {
		if !now.Before(end) {
			delete(t.ends, old)
		}
	}
	t.ends[token] = now.Add(life)
	return token
}

func (t *tokens) valid(token string, now time.Time) bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	end, known := t.ends[token]
	return known && now.Before(end)
}

func (t *tokens) end(token string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	delete(t.ends, token)
}

// ExpireTokens ends the life of every token handed out so far.
func (a *API) ExpireTokens() {
	a.tokens.lock.Lock()
	defer a.tokens.lock.Unlock()
	clear(a.tokens.ends)
}

var expired = forbidden("Invalid or expired token")

func forbidden(message string) error { return &refusal{status: http.StatusForbidden, message: message} }

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// login is the name of the one endpoint that needs no token.
const login = "GET /authenticate"

// authenticate is GET /authenticate?user=USER [C][W].
func (a *API) authenticate(r *request) ([]byte, error) {
	given, err := parameters(r, "user")
	if err != nil {
		return nil, err
	}
	if !same(r.Header.Get("x-api-key"), a.options.APIKey) || !same(given["user"], a.options.APIUser) {
		return nil, forbidden("Invalid api key or user")
	}
	var e encoder
	e.open()
	e.name("token")
	e.quote(a.tokens.issue(given["user"], a.now(), a.options.TokenLife))
	e.close()
	return e.out, nil
}

// admit lets a request in that carries both headers [D][C].
func (a *API) admit(r *request) error {
	if !same(r.Header.Get("x-api-key"), a.options.APIKey) {
		return forbidden("Missing or invalid x-api-key")
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		return forbidden("Missing bearer token")
	}
	if !a.tokens.valid(token, a.now()) {
		return expired
	}
	return nil
}

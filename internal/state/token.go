package state

import (
	"os"
	"strings"
	"time"
)

// loginWait is how long another process's login is waited for.
const loginWait = 10 * time.Second

// Token is the API's token of an account. The processes of this machine share it, so that one logs in for all.
type Token struct {
	folder  *Folder
	subject string
}

// Token gives the token of an account. Any text that names it will do, such as address, key and user together:
// only a hash of it is kept.
func (f *Folder) Token(account string) *Token {
	return &Token{folder: f, subject: "token-" + nameOf(account)}
}

type storedToken struct {
	Value   string    `json:"value"`
	At      time.Time `json:"at"` // when it was stored
	Renew   time.Time `json:"renew"`
	Expires time.Time `json:"expires"`
}

// Fetch gives the stored token, if it is another than the one seen and not yet to be renewed; else it logs in
// and stores what that gives. One process logs in at a time, unless it takes longer than 10 s. Where the folder
// cannot be used, everyone logs in alone. The error is login's.
func (t *Token) Fetch(seen string, login func() (value string, renew, expires time.Time, err error)) (value string, renew, expires time.Time, err error) {
	var token storedToken
	found, tried := false, false
	problem := t.folder.locked(t.subject, loginWait, func(root *os.Root) error {
		ok, problem := t.folder.load(root, t.subject+".json", &token)
		if found = ok && token.Value != seen && token.isGood(t.folder.now()); found || problem != nil {
			return problem
		}
		tried = true
		if value, renew, expires, err = login(); err != nil {
			return nil
		}
		return t.folder.store(root, t.subject+".json", storedToken{value, t.folder.now(), renew, expires})
	})
	if problem != nil {
		t.folder.notice("the API's token is not shared with other processes: " + problem.Error())
	}
	switch {
	case found:
		return token.Value, token.Renew, token.Expires, nil
	case tried:
		return value, renew, expires, err
	}
	return login()
}

// isGood tells whether a stored token may be used. One from the future was stored before the clock was set
// back: nobody knows its age.
func (t storedToken) isGood(now time.Time) bool {
	isText := t.Value != "" && !strings.ContainsFunc(t.Value, func(r rune) bool { return r <= ' ' || r > '~' })
	return isText && now.Add(clockSkew).After(t.At) && now.Before(t.Renew) && now.Before(t.Expires)
}

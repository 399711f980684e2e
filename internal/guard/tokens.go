package guard

import (
	"crypto/rand"
	"sync"
	"time"
)

// tokenLife is how long a confirmation may wait.
const tokenLife = 10 * time.Minute

// tokens are the confirmations that this process has asked for. Each holds for one write as it stands, once.
type tokens struct {
	mu    sync.Mutex
	given map[string]token
}

type token struct {
	holds  string // what it confirms
	until  time.Time
	person bool // only a person can release it
}

// give makes a token.
func (t *tokens) give(holds string, person bool, now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.given == nil {
		t.given = map[string]token{}
	}
	for name, old := range t.given {
		if !now.Before(old.until) {
			delete(t.given, name)
		}
	}
	name := rand.Text()
	t.given[name] = token{holds, now.Add(tokenLife), person}
	return name
}

// look gives a token that is still good.
func (t *tokens) look(name string, now time.Time) (token, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, known := t.given[name]
	return found, known && now.Before(found.until)
}

// take uses a token up; false where somebody else was first.
func (t *tokens) take(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, known := t.given[name]
	delete(t.given, name)
	return known
}

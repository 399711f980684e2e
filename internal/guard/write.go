package guard

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// Asks is how a write has to be confirmed.
type Asks int

// From not at all to by a person and nobody else.
const (
	AsksNobody Asks = iota
	AsksFirst       // the person where the client can ask, else a token that the assistant repeats
	AsksPerson      // the person where the client can ask, else a token that only a person can release
)

// Write is one change that was prepared: names are resolved, what is so already is known, nothing has happened.
type Write struct {
	Tool    string
	Object  string // what it is about, for the audit log: "case 534787"
	Meaning any    // what makes two calls the same, as JSON
	Bound   string // what a confirmation holds for beyond that, such as the newest message of a case
	Adds    bool   // done twice, it is there twice
	Asks    Asks

	Question string // to the person, whole
	Preview  Receipt
	Audit    json.RawMessage // the arguments for the audit log, with people's words hashed

	// Do sends it and reads it back. An error that leaves open whether it happened is told by MayHaveHappened.
	Do func(ctx context.Context) (*Receipt, error)
	// Look looks for the effect of a Do whose answer was lost; nil means that it was not seen.
	Look func(ctx context.Context) (*Receipt, error)
}

// key tells writes of the same meaning.
func (w *Write) key() string { return w.digest("") }

// confirmed is what a confirmation holds for.
func (w *Write) confirmed() string { return w.digest(w.Bound) }

func (w *Write) digest(more string) string {
	meaning, err := json.Marshal([]any{w.Tool, w.Meaning, more})
	if err != nil {
		panic(err) // of texts, numbers and lists
	}
	sum := sha256.Sum256(meaning)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

package guard

import (
	"cmp"
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
	Bound   string // what a confirmation holds for beyond that and the arguments, such as the newest message of a case
	Adds    bool   // done twice, it is there twice
	Asks    Asks
	Refused error // why it must not be done now, such as what is there already; that it was done a while ago is answered all the same

	Note      any    // what Look needs to know of the state before, as JSON
	Question  string // to the person, whole
	Masked    string // the question as an assistant may read it, where that differs
	Preview   Receipt
	Arguments json.RawMessage // as they came, for the audit log

	// Do sends it and reads it back. An error that leaves open whether it happened is told by MayHaveHappened.
	Do func(ctx context.Context) (*Receipt, error)
	// Look looks for the effect of a Do whose answer was lost, also of one that another process began; nil means that it
	// was not seen. note is the Note of the write that was begun.
	Look func(ctx context.Context, note json.RawMessage) (*Receipt, error)
}

// told is the question as an assistant reads it.
func (w *Write) told() string { return cmp.Or(w.Masked, w.Question) }

// key tells writes of the same meaning.
func (w *Write) key() string { return w.digest() }

// confirmed is what a confirmation holds for: these very arguments, and what they meet.
func (w *Write) confirmed() string { return w.digest(w.Bound, w.arguments()) }

func (w *Write) note() json.RawMessage {
	note, err := json.Marshal(w.Note)
	if err != nil {
		panic(err) // of texts, numbers and lists
	}
	return note
}

func (w *Write) digest(more ...any) string {
	meaning, err := json.Marshal([]any{w.Tool, w.Meaning, more})
	if err != nil {
		panic(err) // of texts, numbers and lists
	}
	sum := sha256.Sum256(meaning)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

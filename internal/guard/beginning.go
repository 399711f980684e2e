package guard

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// beginning is what the journal keeps of an addition that begins. Calls of one meaning can differ in what is done
// beside it, such as a reply's then_status.
type beginning struct {
	Fields map[string]string `json:"fields"` // digests of what each field was to be
	Note   json.RawMessage   `json:"note"`   // the write's own
}

func (w *Write) beginning() json.RawMessage {
	kept, err := json.Marshal(beginning{w.fields(), w.note()})
	if err != nil {
		panic(err) // of texts
	}
	return kept
}

// begun reads what was kept of a prior write; of what cannot be read nothing is known.
func (p *Prior) begun() (b beginning) {
	_ = json.Unmarshal(p.Note, &b)
	return b
}

func (w *Write) fields() map[string]string {
	fields := map[string]string{}
	for _, c := range w.Preview.Changes {
		sum := sha256.Sum256([]byte(strings.Join(strings.Fields(fmt.Sprint(c.After)), " ")))
		fields[c.Field] = base64.RawURLEncoding.EncodeToString(sum[:8])
	}
	return fields
}

// beside names the fields in which a write differs from one of the same meaning that was begun.
func (w *Write) beside(first beginning) []string {
	var names []string
	for name, value := range w.fields() {
		if first.Fields != nil && value != first.Fields[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// controls are the arguments that say how a write is to be run, not what it is.
var controls = []string{"again", "confirm_token", "dry_run"}

// arguments are those that a confirmation is given for.
func (w *Write) arguments() map[string]json.RawMessage {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(w.Arguments, &all)
	for _, name := range controls {
		delete(all, name)
	}
	return all
}

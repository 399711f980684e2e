package guard

import (
	"crypto/rand"
	"encoding/json"
	"time"
)

// Line is a line of the audit log. A write has two: one before it, one after.
type Line struct {
	At        time.Time       `json:"at"`
	ID        string          `json:"id"` // the same in both lines of a write
	Tool      string          `json:"tool"`
	Object    string          `json:"object,omitempty"`
	Arguments json.RawMessage `json:"arguments,omitempty"` // people's words hashed
	Outcome   string          `json:"outcome,omitempty"`   // of the line after; a line without one says that the write begins
	Seconds   float64         `json:"seconds,omitempty"`
}

func (g *Guard) auditBefore(w *Write, now time.Time) (id string, err error) {
	id = rand.Text()
	arguments, err := hashed(w.Arguments, g.Secret)
	if err != nil {
		return id, err
	}
	return id, g.append(Line{At: now, ID: id, Tool: w.Tool, Object: w.Object, Arguments: arguments})
}

func (g *Guard) auditAfter(id string, w *Write, outcome string, began time.Time) error {
	now := g.Now()
	return g.append(Line{At: now, ID: id, Tool: w.Tool, Object: w.Object, Outcome: outcome, Seconds: now.Sub(began).Seconds()})
}

func (g *Guard) append(line Line) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return g.Audit.Append(b)
}

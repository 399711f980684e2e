package state

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// ErrWorking is an entry that a living process is still at.
var ErrWorking = errors.New("it is being done at this moment")

// Outcome is what became of an entry.
type Outcome string

const (
	Working Outcome = "working" // begun by a process that lives and has not said yet how it ended
	Done    Outcome = "done"
	Unknown Outcome = "unknown" // said to be so, or begun by a process that died before it said anything
	Failed  Outcome = "failed"  // it certainly did not happen

	begun Outcome = "begun" // in the file, for Working or Unknown
)

// Remembered is for how long an entry can be asked for; then it is removed.
const Remembered = 24 * time.Hour

// Entry is something that was begun.
type Entry struct {
	ID      string          `json:"id"`
	Begun   time.Time       `json:"begun"`
	Outcome Outcome         `json:"outcome"`
	Note    json.RawMessage `json:"note,omitempty"`    // as Begin was given it
	Receipt json.RawMessage `json:"receipt,omitempty"` // as the end was given it
}

// Journal remembers what was begun and how it ended, so that nothing is done twice: over restarts, after a
// kill, and among processes. What is begun is on disk before Begin returns.
type Journal struct{ folder *Folder }

// Journal gives the journal of this folder.
func (f *Folder) Journal() *Journal { return &Journal{f} }

// Begin gives a ticket for what this key stands for; or instead the newest entry of that key, failed ones aside,
// that began or ended less than within ago, and then nothing begins. A prior entry that is Working may be asked
// for again after a pause; one that is Unknown is to be looked for, and then resolved. With within 0 it
// begins whatever was before. Of the key only a hash is kept, the note is JSON for the caller's own use.
func (j *Journal) Begin(key string, note json.RawMessage, within time.Duration) (prior *Entry, ticket *Ticket, err error) {
	text, err := document("the note", note)
	if err != nil {
		return nil, nil, err
	}
	next := record{Key: nameOf(key), Entry: Entry{ID: rand.Text(), Outcome: begun, Note: text}}
	err = j.folder.withBook(func(b *book) error {
		prior, err = b.newest(next.Key, within, func(r record) bool { return r.Key == next.Key && r.Outcome != Failed })
		if err != nil || prior != nil {
			return err
		}
		var alive *os.File
		if next.Place, alive, err = b.work(next.ID); err != nil {
			return err
		}
		if err := b.add(&next); err != nil {
			alive.Close()
			return err
		}
		ticket = &Ticket{ID: next.ID, folder: j.folder, record: next, alive: alive}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return prior, ticket, nil
}

// Newest gives what Begin would give as prior, nil for none, and begins nothing.
func (j *Journal) Newest(key string, within time.Duration) (prior *Entry, err error) {
	name := nameOf(key)
	err = j.folder.withBook(func(b *book) error {
		prior, err = b.newest(name, within, func(r record) bool { return r.Key == name && r.Outcome != Failed })
		return err
	})
	return prior, err
}

// Resolve says how an Unknown entry ended, after it was looked for: Done with a receipt, or Failed, so that the
// same may begin again. It gives the entry as it stands then: what is Done stays so, whatever others found. What
// is still Working is refused with ErrWorking.
func (j *Journal) Resolve(id string, outcome Outcome, receipt json.RawMessage) (entry *Entry, err error) {
	text, err := ending(outcome, receipt)
	if err != nil {
		return nil, err
	}
	working := false
	err = j.folder.withBook(func(b *book) error {
		var found record
		entry, err = b.newest(id, Remembered, func(r record) bool { found = r; return r.ID == id })
		if err != nil || entry == nil || entry.Outcome == Done {
			return err
		}
		if working = entry.Outcome == Working; working {
			return nil
		}
		found.Outcome, found.Receipt = outcome, text
		*entry = found.Entry
		return b.add(&found)
	})
	switch {
	case err != nil:
		return nil, err
	case entry == nil:
		return nil, fmt.Errorf("the journal has no entry %q of the last day", id)
	case working:
		return entry, ErrWorking
	}
	return entry, nil
}

// Ticket is an entry that was begun here. It ends once: the first of Done, Failed and Unknown counts and later
// ones do nothing, so that one of them may be deferred. When the end cannot be stored, or the ticket is dropped
// without one, the entry is Unknown. A ticket is for one goroutine.
type Ticket struct {
	ID     string // names the entry for Resolve
	folder *Folder
	record record
	alive  *os.File // locked; nil after the end
}

// Done says that it happened. Who begins the same is given the receipt.
func (t *Ticket) Done(receipt json.RawMessage) error { return t.end(Done, receipt) }

// Failed says that it certainly did not happen, so that the same may begin again.
func (t *Ticket) Failed() error { return t.end(Failed, nil) }

// Unknown says that it cannot be told whether it happened.
func (t *Ticket) Unknown(receipt json.RawMessage) error { return t.end(Unknown, receipt) }

func (t *Ticket) end(outcome Outcome, receipt json.RawMessage) error {
	if t.alive == nil {
		return nil
	}
	text, err := ending(outcome, receipt)
	if err != nil {
		return err
	}
	defer func() {
		t.alive.Close()
		t.alive = nil
	}()
	return t.folder.withBook(func(b *book) error {
		t.record.Outcome, t.record.Receipt = outcome, text
		return b.add(&t.record)
	})
}

func ending(outcome Outcome, receipt json.RawMessage) (json.RawMessage, error) {
	if outcome != Done && outcome != Failed && outcome != Unknown {
		return nil, fmt.Errorf("nothing ends as %q", outcome)
	}
	if receipt == nil {
		return nil, nil
	}
	return document("the receipt", receipt)
}

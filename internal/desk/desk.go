// Package desk is the domain between the tools and the API: names for ids and ids for names, points
// in time, shapes of rows, whose turn it is, and scans over what the API cannot filter.
package desk

import (
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// Options says for whom the desk works.
type Options struct {
	API    *wisecx.Client
	Zone   *time.Location // the person's: "today", and the times shown
	Agent  string         // what "me" means; a name or an id, "" when not set
	Queues []string       // what "mine" means
	Gates  Gates
	Lang   string    // of questions to the person: es, en or pt
	Mask   text.Mask // pseudonyms for personal data; its zero value shows them as they are
	Now    func() time.Time
}

// Desk answers questions about cases in the terms of a support team. It is safe for concurrent use.
type Desk struct {
	api       *wisecx.Client
	zone      *time.Location
	me        string
	mine      []string
	gates     Gates
	lang      string
	mask      text.Mask
	now       func() time.Time
	directory *directory

	batches batches
	turns   turns

	takers  sync.Map    // fields by which the API was seen to take rows without a value for not equal
	laggard atomic.Bool // a case's updated_at was seen to be older than its newest message

	mu        sync.Mutex
	unfilters map[string]time.Time // fields that the API refused to filter or did not sort by, and until when it is not asked again
	entryKeys refusedKeys
}

// New makes a desk; it asks nothing yet.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	return &Desk{
		api: o.API, zone: o.Zone, me: o.Agent, mine: o.Queues, gates: o.Gates, lang: o.Lang, mask: o.Mask, now: o.Now,
		directory: newDirectory(o.API, o.Now),
		unfilters: map[string]time.Time{},
		turns:     turns{taken: map[int64]chan struct{}{}, ended: map[int64]int{}},
	}
}

// Refusal is an argument that the desk cannot follow, in words for the one who wrote it.
type Refusal struct {
	Argument   string   // such as "queue"; "" when it is about the call as a whole
	Problem    string   // what came and what is wrong with it
	Expected   string   // what would do
	Candidates []string // the nearest that exist, such as "Soporte Técnico (24717)"
}

func (r *Refusal) Error() string {
	s := r.Problem
	if r.Argument != "" {
		s = r.Argument + ": " + s
	}
	return s
}

// moment shows a point in time in the person's zone; "" for none.
func (d *Desk) moment(t wisecx.Time) string {
	if t.IsZero() {
		return ""
	}
	return d.show(t.Time)
}

func (d *Desk) show(t time.Time) string { return t.In(d.zone).Format("2006-01-02 15:04") }

// compiled is a regular expression that is compiled at its first use: the start compiles none.
func compiled(source string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })
}

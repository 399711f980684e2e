// Package sandbox is the Wise CX API in memory: an http.Handler with a help desk of made-up people behind it. It is
// written from the API's reference alone, and strictly, so that it can prove a client wrong: what the reference does
// not promise (tie order, default fields, answers to the unknown) is refused or comes in an unhelpful way.
//
// Source marks in comments are the reference's: [D] documented, [C] the published collection, [W] seen working in
// production, [I] inferred.
package sandbox

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// Key and User are the x-api-key and the user that are accepted when Options names none.
const (
	Key  = "sandbox-key"
	User = "sandbox"
)

// Options shapes a simulated account. The zero value is a good one.
type Options struct {
	Seed  int64 // of all data; 0 means 1. The same seed and the same Now give the same bytes
	Cases int   // in all, over five months; 0 means 5000; at most 50000
	// Listed is how many of the cases GET /cases lists, exactly: those of the last three months. 0 leaves it to chance,
	// which gives about three in five. There are never fewer cases than listed ones.
	Listed   int
	Contacts int // 0 means 1500; at least 20, at most 50000; some more belong to the scenes

	// Now is the clock: the data hangs on its first answer, the tokens' life on every one. nil means time.Now.
	Now       func() time.Time
	TokenLife time.Duration // 0 means 3600 s [D]

	APIKey, APIUser string // "" means Key and User

	// BareActivities makes /cases/{id}/activities answer a bare array, as on some accounts [W].
	BareActivities bool
	// Loose makes values untidy, as [I] marks allow: numbers as text, lists as one text with commas, "" for null,
	// 0 and 1 for truth values.
	Loose bool

	// How writes are taken where the reference leaves it open [I].

	Acknowledge   Acknowledgement // what a write is answered with whose answer is unknown
	RefuseIfOpen  bool            // POST /cases for a contact with open cases answers 400 with opened_cases [W], else makes one more
	RefuseDoubles bool            // a contact with another one's e-mail is refused, else taken
	WriteOnHold   bool            // writes take the status "onhold" and refuse "hold", else the other way round [C]
	// Ignore names fields of bodies ("priority", "activities") that every write takes, checks and leaves as they were.
	Ignore []string

	Faults Faults // from the first request on; SetFaults changes them
}

func (o Options) withDefaults() Options {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Cases == 0 {
		o.Cases = 5000
	}
	o.Cases = min(max(o.Cases, o.Listed, 1), 50000)
	o.Listed = min(max(o.Listed, 0), o.Cases)
	if o.Contacts == 0 {
		o.Contacts = 1500
	}
	o.Contacts = min(max(o.Contacts, 20), 50000)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLife == 0 {
		o.TokenLife = time.Hour
	}
	if o.APIKey == "" {
		o.APIKey = Key
	}
	if o.APIUser == "" {
		o.APIUser = User
	}
	return o
}

// API is one simulated account. It is an http.Handler that serves below /core/v1, safe for concurrent use.
type API struct {
	options Options
	tokens  tokens

	building sync.Once
	lock     sync.RWMutex // guards what account points to, and writes
	account  *account
	writes   []Write

	counting sync.Mutex
	requests map[string]int

	trouble trouble
}

// New returns an account. It is cheap: the data is made at the first use. Like SetFaults it panics on wrong faults.
func New(options Options) *API {
	options = options.withDefaults()
	a := &API{
		options:  options,
		tokens:   newTokens(),
		requests: map[string]int{},
		trouble:  trouble{fell: make(chan struct{}), counts: map[string]int{}},
	}
	a.SetFaults(options.Faults)
	return a
}

// now is the API's clock: UTC, whole seconds, as its timestamps are.
func (a *API) now() time.Time { return a.options.Now().UTC().Truncate(time.Second) }

// data returns the account, made at the first call, as of the last full hour: who starts the simulator anew for
// each call finds the same cases within the hour.
func (a *API) data() *account {
	a.building.Do(func() { a.account = build(a.options, a.now().Truncate(time.Hour)) })
	return a.account
}

// ServeHTTP is the one way every request takes: counted, then answered. A fault that closes the connection panics with
// http.ErrAbortHandler, as net/http asks for: it passes the panic over in silence.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, values, known := find(r.Method, r.URL.Path)
	a.count(found)
	asked := &request{r, found, values}
	if a.trouble.any.Load() {
		a.disturb(w, known, asked)
		return
	}
	answered(a.answer(known, asked)).send(w)
}

// answer is where a request meets its endpoint: one that is added only gets its handler in endpoints. What delays,
// limits or breaks answers goes around this call.
func (a *API) answer(known bool, r *request) ([]byte, error) {
	found := r.route
	switch {
	case found == nil && known:
		return nil, notImplemented
	case found == nil:
		return nil, &refusal{status: http.StatusNotFound, message: "Not Found"}
	case found.name == login:
		return a.authenticate(r)
	}
	if err := a.admit(r); err != nil {
		return nil, err
	}
	if found.handle == nil {
		return nil, notImplemented
	}
	return found.handle(a, r)
}

func (a *API) count(found *route) {
	name := "unknown"
	if found != nil {
		name = found.name
	}
	a.counting.Lock()
	defer a.counting.Unlock()
	a.requests[name]++
}

// Requests returns how many requests came so far, refused ones included, by endpoint as the list of endpoints names
// it: "GET /cases/{id}". Both spellings of contacts count as "GET /contacts/"; what is no endpoint counts as "unknown".
func (a *API) Requests() map[string]int {
	a.counting.Lock()
	defer a.counting.Unlock()
	return maps.Clone(a.requests)
}

// ResetRequests starts the counts of Requests and Faulted again.
func (a *API) ResetRequests() {
	a.counting.Lock()
	clear(a.requests)
	a.counting.Unlock()
	a.trouble.lock.Lock()
	defer a.trouble.lock.Unlock()
	clear(a.trouble.counts)
}

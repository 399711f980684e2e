package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// noon is when the tests take place: a Wednesday.
var noon = time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)

func init() {
	// A tenth of the real pauses: what shows late in these tests does so as much sooner.
	for _, pauses := range [][]time.Duration{readBackPauses, longerPauses} {
		for i := range pauses {
			pauses[i] /= 10
		}
	}
}

// office is a desk on a simulated account. Tests may put a handler in front of the API.
type office struct {
	*Desk
	api   *sandbox.API
	front atomic.Pointer[front]
}

// A front answers in the API's place, which it may ask itself.
type front = func(w http.ResponseWriter, r *http.Request, api http.Handler)

// inFront puts a front before the API; nil takes it away. Pages that were read ahead and not needed may still be under way.
func (o *office) inFront(f front) { o.front.Store(&f) }

// ServeHTTP is the API with its front.
func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f := o.front.Load(); f != nil && *f != nil {
		(*f)(w, r, o.api)
		return
	}
	o.api.ServeHTTP(w, r)
}

func newOffice(t *testing.T, account sandbox.Options, options Options) *office {
	t.Helper()
	if account.Cases == 0 {
		account.Cases = 600
	}
	account.Now = func() time.Time { return noon }
	o := &office{api: sandbox.New(account)}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	base, err := wisecx.ParseBase(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	options.API = wisecx.New(wisecx.Config{Base: base, User: sandbox.User, Key: sandbox.Key})
	options.Now = func() time.Time { return noon }
	if options.Zone == nil {
		options.Zone = buenosAires(t)
	}
	o.Desk = New(options)
	return o
}

func buenosAires(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Argentina/Buenos_Aires")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// search lists cases; a limit of 0 means 100.
func (o *office) search(t *testing.T, ask CaseSearch) *CasePage {
	t.Helper()
	if ask.Limit == 0 {
		ask.Limit = 100
	}
	page, err := o.SearchCases(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask.CaseFilters, err)
	}
	return page
}

// all lists cases to the end.
func (o *office) all(t *testing.T, ask CaseSearch) []Row {
	t.Helper()
	var rows []Row
	for {
		page := o.search(t, ask)
		rows = append(rows, page.Rows...)
		if !page.HasMore {
			return rows
		}
		ask.Cursor = page.Cursor(len(page.Rows))
	}
}

// refuses demands that a search is refused, and gives the refusal.
func (o *office) refuses(t *testing.T, ask CaseSearch) *Refusal {
	t.Helper()
	ask.Limit = 20
	page, err := o.SearchCases(t.Context(), ask)
	refusal, ok := err.(*Refusal)
	if !ok {
		t.Fatalf("%+v: gives %v (a page: %v), want a refusal", ask.CaseFilters, err, page != nil)
	}
	return refusal
}

// filteringOf gives the decoded filter of a request.
func filteringOf(r *http.Request) string {
	values, _ := url.ParseQuery(r.URL.RawQuery)
	return values.Get("filtering")
}

// inWindow are the cases that the API lists.
func (o *office) inWindow() []sandbox.Case {
	var cases []sandbox.Case
	for _, c := range o.api.Cases() {
		if !c.CreatedAt.Before(noon.AddDate(0, -3, 0)) {
			cases = append(cases, c)
		}
	}
	return cases
}

func noteWith(notes []string, part string) bool {
	for _, n := range notes {
		if strings.Contains(n, part) {
			return true
		}
	}
	return false
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

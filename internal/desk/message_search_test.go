package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

// messages searches to the end, with limits that change.
func (o *office) messages(t *testing.T, ask MessageSearch) []Row {
	t.Helper()
	var rows []Row
	limit, cases := ask.Limit, ask.MaxCases
	for turn := range 2000 {
		if ask.Limit = limit; limit == 0 {
			ask.Limit = 1 + turn*7%23
		}
		if ask.MaxCases = cases; cases == 0 {
			ask.MaxCases = 1 + turn*11%60
		}
		page, err := o.SearchMessages(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, page.Rows...)
		if !page.HasMore {
			return rows
		}
		ask = MessageSearch{Cursor: page.Cursor(len(page.Rows))}
		if len(page.Rows) > 3 { // the budget cut the page
			rows = rows[:len(rows)-2]
			ask.Cursor = page.Cursor(len(page.Rows) - 2)
		}
	}
	t.Fatal("the search does not end")
	return nil
}

func messageIDs(rows []Row) []int64 {
	var list []int64
	for _, r := range rows {
		list = append(list, r.Get("message_id").(int64))
	}
	return list
}

// written are the messages that fit in the truth of the data, newest case first and oldest message first.
func (o *office) written(fits func(*sandbox.Case, *sandbox.Activity) bool) [][]int64 {
	var found [][]int64
	cases := o.inWindow()
	slices.SortFunc(cases, func(a, b sandbox.Case) int { return int(b.ID - a.ID) })
	for i := range cases {
		var hits []int64
		for _, a := range o.api.Thread(cases[i].ID) {
			if fits(&cases[i], &a) {
				hits = append(hits, a.ID)
			}
		}
		if len(hits) > 0 {
			found = append(found, hits)
		}
	}
	return found
}

func isMessage(a *sandbox.Activity) bool {
	return a.Type == "contact_message" || a.Type == "user_reply" || a.Type == "call"
}

func TestEachMessageThatFitsIsFoundOnceHoweverTheSearchIsPaged(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 250}, Options{})
	o.long(260)
	holds := func(a *sandbox.Activity, word string) bool {
		return slices.Contains(text.Words(text.Said(a.Content)), word)
	}
	for _, q := range []struct {
		ask   MessageQuery
		fits  func(*sandbox.Case, *sandbox.Activity) bool
		shows func(hits []int64) []int64
	}{
		{MessageQuery{Words: []string{"pedido"}, From: []string{"customer"}}, func(_ *sandbox.Case, a *sandbox.Activity) bool {
			return a.Type == "contact_message" && holds(a, text.Words("pedido")[0])
		}, nil},
		{MessageQuery{Words: []string{"gracias", "hola"}, From: []string{"agent"}}, func(_ *sandbox.Case, a *sandbox.Activity) bool {
			return a.Type == "user_reply" && (holds(a, text.Words("gracias")[0]) || holds(a, text.Words("hola")[0]))
		}, nil},
		{MessageQuery{CaseFilters: CaseFilters{Queue: []string{"Ventas"}}, PerCase: "first"}, func(c *sandbox.Case, a *sandbox.Activity) bool {
			return c.GroupID == o.queue("Ventas") && isMessage(a)
		}, func(hits []int64) []int64 { return hits[:1] }},
		{MessageQuery{CaseFilters: CaseFilters{Queue: []string{"Ventas"}}, PerCase: "last"}, func(c *sandbox.Case, a *sandbox.Activity) bool {
			return c.GroupID == o.queue("Ventas") && isMessage(a)
		}, func(hits []int64) []int64 { return hits[len(hits)-1:] }},
		{MessageQuery{At: Range{After: "2d", Before: "1d"}, From: []string{"customer"}}, func(_ *sandbox.Case, a *sandbox.Activity) bool {
			at := a.CreatedAt
			theirs := a.Type == "contact_message" || a.Type == "call" && (a.Channel == "incoming_call" || a.ContactFrom != nil)
			return theirs && !at.Before(noon.Add(-48*time.Hour)) && at.Before(noon.Add(-24*time.Hour))
		}, nil},
	} {
		var want []int64
		for _, hits := range o.written(q.fits) {
			if q.shows != nil {
				hits = q.shows(hits)
			}
			want = append(want, hits...)
		}
		if got := messageIDs(o.messages(t, MessageSearch{MessageQuery: q.ask})); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%+v: %d messages, want %d", q.ask, len(got), len(want))
		}
	}
}

func (o *office) queue(name string) int64 {
	for _, q := range o.api.Queues() {
		if q.Name == name {
			return q.ID
		}
	}
	return 0
}

func TestAllOfACaseIsShownWhereAMessageMatches(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	plant := func(contents ...string) int64 {
		var thread []sandbox.Activity
		for i, c := range contents {
			a := sandbox.Activity{Type: "contact_message", Content: c, CreatedAt: noon.Add(time.Duration(i-10) * time.Minute)}
			if c == "gracias" {
				a.Type, a.UserID = "user_reply", 46684
			}
			thread = append(thread, a)
		}
		return o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005}, thread).Number
	}
	number := plant("hola", "les paso el comprobante xyzzy", "gracias")
	plant("hola", "nada", "chau")
	rows := o.messages(t, MessageSearch{MessageQuery: MessageQuery{Words: []string{"XYZZY"}, PerCase: "all"}, Limit: 100, MaxCases: 500})
	if len(rows) != 3 || rows[0].Get("case_number") != number || rows[1].Get("snippet") != "les paso el comprobante xyzzy" {
		t.Errorf("shown are %v", rows)
	}
	// Whose messages are looked for says which have to match, not which are shown.
	of := func(from string) []Row {
		return o.messages(t, MessageSearch{MessageQuery: MessageQuery{Words: []string{"XYZZY"}, PerCase: "all", From: []string{from}}, Limit: 100, MaxCases: 500})
	}
	if rows := of("customer"); len(rows) != 3 || rows[2].Get("from") != "agent" {
		t.Errorf("from the customer are %v", rows)
	}
	if rows := of("agent"); len(rows) != 0 {
		t.Errorf("from an agent are %v", rows)
	}
}

func TestAnInvoiceIsFoundHoweverItsNumberIsWritten(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	var want []int64
	for i, number := range []string{"0001-00012345", "0001 00012345", "000100012345", "0001\u201100012345", "0001/00012345"} {
		c := o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005},
			[]sandbox.Activity{{Type: "contact_message", Content: "Adjunto la " + number + ", saludos", CreatedAt: noon.Add(-time.Duration(i) * time.Minute)}})
		want = append(want, c.Number)
	}
	o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005}, []sandbox.Activity{{Type: "contact_message", Content: "es la 10001-00012345"}})
	c := o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005}, []sandbox.Activity{{Type: "contact_message", Attachments: []sandbox.Attachment{{Name: "FAC-0001-00012345.pdf"}}, CreatedAt: noon.Add(-time.Hour)}})
	want = append(want, c.Number)
	var got []int64
	for _, r := range o.messages(t, MessageSearch{MessageQuery: MessageQuery{Words: []string{"0001-00012345"}, At: Range{After: "1d"}}, Limit: 100, MaxCases: 500}) {
		got = append(got, r.Get("case_number").(int64))
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("found in cases %v, want %v", got, want)
	}
}

func TestTwoHundredThreadsTakeLittleMoreRequestsAndAreReadSeveralAtATime(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 400}, Options{})
	var now, most atomic.Int32
	var mu sync.Mutex
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		n := now.Add(1)
		mu.Lock()
		most.Store(max(most.Load(), n))
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		api.ServeHTTP(w, r)
		now.Add(-1)
	})
	var told []string
	ctx := scan.WithProgress(t.Context(), func(done, total int, words string) { told = append(told, fmt.Sprint(done, "/", total, " ", words)) })
	page, err := o.SearchMessages(ctx, MessageSearch{MessageQuery: MessageQuery{Words: []string{"xyzzy"}}, MaxCases: 200, Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range o.api.Requests() {
		total += n
	}
	if total > 210 || most.Load() < 8 || page.Coverage.Cases != 200 {
		t.Errorf("%d cases took %d requests, %d at a time", page.Coverage.Cases, total, most.Load())
	}
	if !page.HasMore || !noteWith(page.Notes, "read the conversations of 200 cases") || page.Coverage.Complete || page.Coverage.Oldest == "" {
		t.Errorf("it says %v, %+v", page.Notes, page.Coverage)
	}
}

func TestASearchThatTheAPIBreaksOffGoesOnByItsCursor(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 120}, Options{})
	want := messageIDs(o.messages(t, MessageSearch{MessageQuery: MessageQuery{From: []string{"customer"}, PerCase: "first"}, Limit: 100, MaxCases: 500}))
	var served atomic.Int32
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/activities") && served.Add(1)%40 == 0 {
			http.Error(w, "oops", http.StatusInternalServerError)
			return
		}
		api.ServeHTTP(w, r)
	})
	var got []int64
	stopped := false
	ask := MessageSearch{MessageQuery: MessageQuery{From: []string{"customer"}, PerCase: "first"}, Limit: 100, MaxCases: 500}
	for range 60 {
		page, err := o.SearchMessages(t.Context(), ask)
		if err != nil {
			continue // the very first thread failed: nothing was read, and the same call may be made again
		}
		got = append(got, messageIDs(page.Rows)...)
		stopped = stopped || noteWith(page.Notes, "and stopped")
		if !page.HasMore {
			break
		}
		ask.Cursor = page.Cursor(len(page.Rows))
	}
	if !slices.Equal(got, want) || !stopped {
		t.Errorf("%d messages come back, want %d; broken off: %v", len(got), len(want), stopped)
	}
}

func TestACallWhoseTimeIsUpShowsWhatItRead(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 120}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/activities") {
			select {
			case <-time.After(100 * time.Millisecond):
			case <-r.Context().Done():
			}
		}
		api.ServeHTTP(w, r)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
	defer cancel()
	page, err := o.SearchMessages(ctx, MessageSearch{MessageQuery: MessageQuery{PerCase: "first"}, Limit: 100, MaxCases: 500})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Rows) == 0 || !page.HasMore || !noteWith(page.Notes, "time was up") {
		t.Errorf("%d rows, more %v, notes %v", len(page.Rows), page.HasMore, page.Notes)
	}
}

func TestMessagesAreMaskedAsTheirCustomersAre(t *testing.T) {
	mask, err := text.NewMask("all", []byte("a secret of the tests"))
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{Mask: mask})
	o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005}, []sandbox.Activity{{Type: "contact_message", Content: "Soy Tomás Gómez, xyzzy, mi correo es tomas@example.com",
		ContactFrom: &sandbox.Party{ID: 9005, Name: "Tomás Gómez"}}})
	rows := o.messages(t, MessageSearch{MessageQuery: MessageQuery{Words: []string{"xyzzy"}}, Limit: 5, MaxCases: 500})
	if len(rows) != 1 {
		t.Fatalf("%d messages", len(rows))
	}
	if shown := fmt.Sprint(rows); strings.Contains(shown, "Gómez") || strings.Contains(shown, "tomas@") {
		t.Errorf("masked, it shows %s", shown)
	}
}

func TestNumbersThatNoCaseHasAreNamed(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	page, err := o.SearchMessages(t.Context(), MessageSearch{MessageQuery: MessageQuery{CaseFilters: CaseFilters{Numbers: []int64{534787, 111111}}}, Limit: 50, MaxCases: 50})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Rows) == 0 || !noteWith(page.Notes, "111111") || noteWith(page.Notes, "534787") {
		t.Errorf("%d rows, notes %v", len(page.Rows), page.Notes)
	}
}

func TestASearchThatFindsNothingSaysHowFarItLookedAndHowToLookFurther(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 120}, Options{})
	listed := o.api.Listed()
	for most, further := range map[int]string{50: "next_cursor goes on with older ones, max_cases: 500 reads that many at once", 500: ""} {
		page, err := o.SearchMessages(t.Context(), MessageSearch{MessageQuery: MessageQuery{Words: []string{"9999-87654321"}}, MaxCases: most, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		if most == 50 {
			since := o.show(listed[len(listed)-50].CreatedAt)
			if !page.HasMore || page.Coverage.Oldest != since || !noteWith(page.Notes, "the newest that fit, created since "+since+"; "+further) {
				t.Errorf("max_cases %d: %+v, %v", most, page.Coverage, page.Notes)
			}
		} else if page.HasMore || !page.Coverage.Complete || noteWith(page.Notes, "next_cursor") {
			t.Errorf("max_cases %d: %+v, %v", most, page.Coverage, page.Notes)
		}
	}
}

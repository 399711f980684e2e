package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

// conversation pages through a case's messages.
func (o *office) conversation(t *testing.T, ask MessagesAsk, limit func() int) []Row {
	t.Helper()
	var rows []Row
	for range 1000 {
		ask.Limit = limit()
		page, err := o.CaseMessages(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, page.Rows...)
		if !page.HasMore {
			return rows
		}
		ask = MessagesAsk{Cursor: page.Cursor(len(page.Rows))}
	}
	t.Fatal("the conversation does not end")
	return nil
}

func ids(rows []Row) []int64 {
	var list []int64
	for _, r := range rows {
		list = append(list, r.Get("id").(int64))
	}
	return list
}

// long plants a case with a thread of n entries, a minute apart: the customer, an agent, the system in turns.
func (o *office) long(n int) (sandbox.Case, []int64) {
	thread := make([]sandbox.Activity, n)
	for i := range thread {
		a := sandbox.Activity{Channel: "web", CreatedAt: noon.Add(time.Duration(i-n) * time.Minute), Content: fmt.Sprintf("message %d", i)}
		switch i % 3 {
		case 0:
			a.Type, a.ContactFrom = "contact_message", &sandbox.Party{ID: 9005, Name: "Tomás Gómez"}
		case 1:
			a.Type, a.UserID = "user_reply", 46684
		case 2:
			a.Type, a.Content = "event", "[change_status_to]pending"
		}
		thread[i] = a
	}
	c := o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005, GroupID: 24717}, thread)
	var planted []int64
	for _, a := range o.api.Thread(c.ID) {
		planted = append(planted, a.ID)
	}
	return c, planted
}

// ownOrder is an API that sorts threads in its own order, whatever it is asked for.
func ownOrder(order string) front {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/activities") {
			values := r.URL.Query()
			values.Set("sort", order)
			r.URL.RawQuery = values.Encode()
		}
		api.ServeHTTP(w, r)
	}
}

func TestAConversationThatTheAPISortsItsOwnWayIsReadToItsEnd(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	for _, n := range []int{1, 100, 101, 150, 250, 1300} {
		c, all := o.long(n)
		for _, order := range []string{"asc", "desc"} {
			o.inFront(ownOrder(order))
			for _, oldest := range []bool{true, false} {
				limits := []int{20, 50, 100, 7}
				turn := 0
				got := ids(o.conversation(t, MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, OldestFirst: oldest, From: []string{"customer", "agent", "system"}}}, func() int {
					turn++
					if n > 1000 {
						return 100
					}
					return limits[turn%len(limits)]
				}))
				want := slices.Clone(all)
				if !oldest {
					slices.Reverse(want)
				}
				if !slices.Equal(got, want) {
					t.Errorf("of %d entries that come %s, oldest first %v: %d are read", n, order, oldest, len(got))
				}
			}
		}
	}
	c, _ := o.long(5200)
	o.inFront(ownOrder("asc"))
	for asked, cursor := 0, ""; ; asked++ {
		page := o.pageOf(t, MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number}, Limit: 100, Cursor: cursor})
		if !noteWith(page.Notes, "does not sort this conversation") || asked == 60 {
			t.Fatalf("after %d pages the notes are %v", asked, page.Notes)
		}
		if cursor = page.Cursor(len(page.Rows)); !page.HasMore {
			break
		}
		if asked == 0 { // on to the end of what can be read
			ask, err := parseCursor(cursor)
			if err != nil {
				t.Fatal(err)
			}
			first := o.api.Thread(c.ID)[5]
			ask.place.Key, ask.place.ID = first.CreatedAt.Unix(), first.ID
			cursor = ask.String()
		}
	}
}

func TestAConversationIsReadToItsEndInEitherOrder(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	for _, n := range []int{1, 99, 100, 101, 350, 1300} {
		c, all := o.long(n)
		for _, oldest := range []bool{true, false} {
			sizes := []int{7, 100, 33, 1}
			turn := 0
			got := ids(o.conversation(t, MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, OldestFirst: oldest, From: []string{"customer", "agent", "system"}}}, func() int {
				turn++
				return sizes[turn%len(sizes)]
			}))
			if !oldest {
				slices.Reverse(got)
			}
			if !slices.Equal(got, all) {
				t.Errorf("%d entries, oldest first %v: %d come back, or in another order", n, oldest, len(got))
			}
		}
	}
}

func TestMessagesOfOneSideAndOfATime(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	c, all := o.long(300)
	hundred := func() int { return 100 }
	for _, q := range []struct {
		ask  MessagesQuery
		want []int64
	}{
		{MessagesQuery{From: []string{"system"}, At: Range{After: "30m"}}, []int64{all[272], all[275], all[278], all[281], all[284], all[287], all[290], all[293], all[296], all[299]}},
		{MessagesQuery{From: []string{"customer"}, At: Range{Before: "2026-11-18T07:06"}}, []int64{all[0], all[3]}},
		{MessagesQuery{At: Range{After: "2026-11-18T11:58"}}, []int64{all[298]}},
	} {
		q.ask.Number = c.Number
		for _, oldest := range []bool{true, false} {
			q.ask.OldestFirst = oldest
			got := ids(o.conversation(t, MessagesAsk{MessagesQuery: q.ask}, hundred))
			slices.Sort(got)
			if !slices.Equal(got, q.want) {
				t.Errorf("%+v gives %v, want %v", q.ask, got, q.want)
			}
		}
	}
	_, err := o.CaseMessages(t.Context(), MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, At: Range{After: "1h", Before: "2h"}}, Limit: 5})
	if refusal := (*Refusal)(nil); !errors.As(err, &refusal) || refusal.Argument != "before" {
		t.Errorf("a span that is empty gives %v", err)
	}
}

func TestOneMessageIsShownWholeAndItsRestGoesOn(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	words := strings.TrimSpace(strings.Repeat("¡Ñandú y más! ", 3000))
	c := o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005}, []sandbox.Activity{{Type: "contact_message", Content: words, CreatedAt: noon.Add(-time.Hour)}})
	id := o.api.Thread(c.ID)[0].ID
	for _, without := range []bool{false, true} {
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if without && strings.HasSuffix(r.URL.Path, "/activities/"+itoa(id)) {
				http.Error(w, "not implemented", http.StatusNotImplemented)
				return
			}
			api.ServeHTTP(w, r)
		})
		read := ""
		for ask := (MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, Message: id}}); ; {
			page, err := o.CaseMessages(t.Context(), ask)
			if err != nil {
				t.Fatal(err)
			}
			said := page.Rows[0].Get("said").(string)
			head, left := text.Cut(said, 5000)
			if read += head; left == 0 {
				break
			}
			// A model names the case and the message again, by the case's number or id.
			ask = MessagesAsk{MessagesQuery: MessagesQuery{ID: c.ID, Message: id}, Cursor: page.Rest(page.Rows[0], len(head))}
			if strings.Count(read, "Ñ")%2 == 0 { // by either
				ask.ID, ask.Number = 0, c.Number
			}
		}
		if strings.Join(strings.Fields(read), "") != strings.Join(strings.Fields(words), "") {
			t.Errorf("without the endpoint %v: %d of %d bytes come back", without, len(read), len(words))
		}
	}
	_, err := o.CaseMessages(t.Context(), MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, Message: 12345}})
	var missing *NotFound
	if !errors.As(err, &missing) || missing.Next == "" {
		t.Errorf("a message of no case gives %v", err)
	}
	page, err := o.CaseMessages(t.Context(), MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, Message: id}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.CaseMessages(t.Context(), MessagesAsk{MessagesQuery: MessagesQuery{Number: 534787}, Cursor: page.Rest(page.Rows[0], 10)})
	if refusal := (*Refusal)(nil); !errors.As(err, &refusal) || refusal.Argument != "cursor" {
		t.Errorf("the rest of another case's message gives %v", err)
	}
}

func TestNewMessagesBetweenPagesRepeatAndHideNothing(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	c, all := o.long(240)
	ask := MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, From: []string{"customer", "agent", "system"}}, Limit: 60}
	var got []int64
	for range 10 {
		page, err := o.CaseMessages(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ids(page.Rows)...)
		if !page.HasMore {
			break
		}
		ask.Cursor = page.Cursor(len(page.Rows))
		for range 70 {
			o.api.AddActivity(c.ID, sandbox.Activity{Type: "contact_message", Content: "nuevo", CreatedAt: noon})
		}
	}
	slices.Reverse(got)
	if !slices.Equal(got, all) {
		t.Errorf("%d entries of %d come back", len(got), len(all))
	}
}

func TestOneMessageShowsWhatListsFold(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 30}, Options{})
	c := o.api.AddCase(sandbox.Case{SourceChannel: "email", ContactID: 9005}, []sandbox.Activity{{Type: "contact_message", CreatedAt: noon,
		Content: "Gracias!\n\nEl lun, 3 nov 2025 a las 10:15, Soporte (<soporte@example.com>) escribió:\n> El código es XYZZY-7\n> Saludos"}})
	for message, shown := range map[int64]bool{0: false, o.api.Thread(c.ID)[0].ID: true} {
		page, err := o.CaseMessages(t.Context(), MessagesAsk{MessagesQuery: MessagesQuery{Number: c.Number, Message: message}, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		if said := page.Rows[0].Get("said").(string); strings.Contains(said, "XYZZY-7") != shown {
			t.Errorf("message_id %d shows %q", message, said)
		}
	}
}

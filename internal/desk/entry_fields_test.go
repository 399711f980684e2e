package desk

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// narrowEntries is an API whose entries of threads have few fields unless others are asked for. Where it refuses fields,
// it does so for those with the word.
func narrowEntries(t *testing.T, defaults []string, refused string) front {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if !strings.Contains(r.URL.Path, "/activities") {
			api.ServeHTTP(w, r)
			return
		}
		fields := r.URL.Query().Get("fields")
		if fields != "" && refused != "" && strings.Contains(fields, refused) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte("Unknown column"))
			return
		}
		if fields != "" {
			api.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		var list struct {
			Data []map[string]any `json:"data"`
		}
		var one map[string]any
		cut := func(row map[string]any) {
			for key := range row {
				if !slices.Contains(defaults, key) {
					delete(row, key)
				}
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		if strings.HasSuffix(r.URL.Path, "/activities") {
			if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil {
				t.Error(err)
			}
			for _, row := range list.Data {
				cut(row)
			}
			_ = json.NewEncoder(w).Encode(list)
			return
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &one); err != nil {
			t.Error(err)
		}
		cut(one)
		_ = json.NewEncoder(w).Encode(one)
	}
}

// pageOf reads a page of a case's messages.
func (o *office) pageOf(t *testing.T, ask MessagesAsk) *MessagesPage {
	t.Helper()
	page, err := o.CaseMessages(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

var waitingOnUs = CaseQuery{Waiting: Waiting{On: "us"}}

func TestEntriesAreAskedForByTheFieldsThatAreRead(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 120}, Options{})
	planted := o.plant(t, 24717, 46684, nil, "c 0, 46684 10, c 60")
	want := o.all(t, CaseSearch{CaseQuery: waitingOnUs})
	whole := o.count(t, CountQuery{CaseFilters: onlyPlanted, Measure: []string{"reply_time"}})
	for _, refused := range []string{"", "call_data", "recordings"} {
		narrow := newOffice(t, sandbox.Options{Listed: 120}, Options{})
		narrow.plant(t, 24717, 46684, nil, "c 0, 46684 10, c 60")
		narrow.inFront(narrowEntries(t, []string{"id", "created_at"}, refused))
		if got := narrow.all(t, CaseSearch{CaseQuery: waitingOnUs}); refused != "call_data" && !slices.Equal(idsOf(got), idsOf(want)) {
			t.Errorf("%d cases wait on us, want %d", len(got), len(want))
		}
		if found := narrow.count(t, CountQuery{CaseFilters: onlyPlanted, Measure: []string{"reply_time"}}); found.Exact != whole.Exact || found.tally.cases != whole.tally.cases || noteWith(found.Notes, "without agent") {
			t.Errorf("%q refused: the count is exact: %v, with notes %v", refused, found.Exact, found.Notes)
		}
		page := narrow.pageOf(t, MessagesAsk{MessagesQuery: MessagesQuery{ID: planted[0].ID}, Limit: 10})
		if len(page.Rows) != 3 || page.Rows[0].Get("said") == nil {
			t.Fatalf("%q refused: the messages are %v", refused, page.Rows)
		}
		id, _ := page.Rows[0].Get("id").(int64)
		if one := narrow.pageOf(t, MessagesAsk{MessagesQuery: MessagesQuery{ID: planted[0].ID, Message: id}, Limit: 1}); one.Rows[0].Get("said") != page.Rows[0].Get("said") {
			t.Errorf("%q refused: the one message is %v", refused, one.Rows)
		}
	}
}

func TestWhatEntriesCameWithoutIsTold(t *testing.T) {
	for _, c := range []struct {
		defaults []string
		key      string
	}{
		{[]string{"id", "type", "created_at", "content"}, "agent"},
		{[]string{"id", "type", "created_at", "user_id"}, "content"},
		{[]string{"id", "created_at", "content", "user_id"}, "type"},
		{[]string{"id", "type", "content", "user_id"}, "created_at"},
	} {
		o := newOffice(t, sandbox.Options{Listed: 60}, Options{})
		planted := o.plant(t, 24717, 46684, nil, "c 0, 46684 10, c 60")
		o.inFront(narrowEntries(t, c.defaults, "content"))
		says := "without " + c.key
		view := o.get(t, CaseAsk{ID: planted[0].ID, Include: []string{"messages"}, Latest: 5})
		if !noteWith(view.Notes, says) {
			t.Errorf("without %s get_case notes %v", c.key, view.Notes)
		}
		if page := o.pageOf(t, MessagesAsk{MessagesQuery: MessagesQuery{ID: planted[0].ID}, Limit: 5}); !noteWith(page.Notes, says) {
			t.Errorf("without %s the messages' notes are %v", c.key, page.Notes)
		}
		found, err := o.SearchMessages(t.Context(), MessageSearch{MessageQuery: MessageQuery{Words: []string{"hola"}}, MaxCases: 50, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		if !noteWith(found.Notes, says) || found.Coverage.Complete {
			t.Errorf("without %s a search is complete: %v, with notes %v", c.key, found.Coverage.Complete, found.Notes)
		}
		if c.key == "content" {
			continue // whose turn it is does not go by it
		}
		if page := o.search(t, CaseSearch{CaseQuery: waitingOnUs}); !noteWith(page.Notes, says) || page.Coverage.Complete {
			t.Errorf("without %s a search by turn is complete: %v, with notes %v", c.key, page.Coverage.Complete, page.Notes)
		}
		if count := o.count(t, CountQuery{Measure: []string{"reply_time"}}); !noteWith(count.Notes, says) || count.Exact {
			t.Errorf("without %s a count is exact: %v, with notes %v", c.key, count.Exact, count.Notes)
		}
	}
	o := newOffice(t, sandbox.Options{Listed: 60}, Options{})
	o.inFront(narrowEntries(t, []string{"id", "type", "created_at", "user_id"}, "content"))
	page := o.search(t, CaseSearch{CaseQuery: CaseQuery{Waiting: Waiting{WindowCloses: "24h"}}})
	if !noteWith(page.Notes, "without channel") || page.Coverage.Complete {
		t.Errorf("a search by windows without channels is complete: %v, with notes %v", page.Coverage.Complete, page.Notes)
	}
}

func TestFieldsOfEntriesThatWereRefusedAreTriedAgainAfterAWhile(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 60}, Options{})
	planted := o.plant(t, 24717, 46684, nil, "c 0, 46684 10, c 60")
	refuse := narrowEntries(t, []string{"id", "type", "created_at", "content", "user_id", "channel"}, "content")
	asked := 0
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/activities") {
			asked++
		}
		refuse(w, r, api)
	})
	for i, c := range []struct {
		after time.Duration
		asked int
	}{{0, 4}, {time.Minute, 1}, {refusalLife + time.Minute, 4}} {
		o.now = func() time.Time { return noon.Add(c.after) }
		asked = 0
		view := o.get(t, CaseAsk{ID: planted[0].ID, Include: []string{"messages"}, Latest: 5})
		if asked != c.asked || len(view.Messages) != 3 || noteWith(view.Notes, "without") {
			t.Errorf("call %d asked %d times for the thread, want %d; notes %v", i, asked, c.asked, view.Notes)
		}
	}
}

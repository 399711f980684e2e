package desk

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

// trailing makes reads trail behind writes for a while, in the tests' tenth of the real time.
func trailing(lag time.Duration) sandbox.Options {
	return sandbox.Options{Faults: sandbox.Faults{VisibleAfter: lag}}
}

const (
	late    = 450 * time.Millisecond // later than the first pauses, and sooner than the longer ones
	tooLate = time.Minute
)

func TestWhatShowsLateIsLookedForLonger(t *testing.T) {
	t.Parallel()
	o := newOffice(t, trailing(late), Options{})
	if r := o.update(t, CaseChanges{Priority: given("high")}); r.Outcome != guard.Done || len(r.Changes) != 1 {
		t.Errorf("%+v", r)
	}
	if r := o.update(t, CaseChanges{Queue: given("Ventas"), Agent: given("46684"), Priority: given("low"), Status: given("solved")}); r.Outcome != guard.Done || len(r.Changes) != 3 {
		t.Errorf("%+v", r)
	}
	numbers := o.openNumbers(12)
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Subject: given("Otro")}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := o.do(t, w); r.Outcome != guard.Done || len(r.Object[guard.Done].([]int64)) != len(numbers) {
		t.Errorf("%+v", r)
	}
	c := o.caseOfAna("web", time.Hour, "Hola")
	time.Sleep(late) // until it shows
	if r := o.deleting(c, nil).confirmed(t, newGuard(newDiary()), guard.Order{}); r.Outcome != guard.Done {
		t.Errorf("%+v", r)
	}
}

// openNumbers are the numbers of some cases that the API lists.
func (o *office) openNumbers(count int) (numbers []int64) {
	for _, c := range o.inWindow() {
		if c.Status == "open" && len(numbers) < count {
			numbers = append(numbers, c.Number)
		}
	}
	return numbers
}

func TestWhatTheAPITookAndDoesNotShowIsUnknownAndCanBeUndone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, trailing(tooLate), Options{})
	r := o.update(t, CaseChanges{Queue: given("Ventas"), Priority: given("high")})
	if r.Outcome != guard.Unknown || len(r.Changes)+len(r.NotChanged) != 0 || !noteWith(r.Notes, "accepted this, and it is not seen yet: queue, priority. get_case") ||
		r.Undo.Arguments["queue"] != "24717" || r.Undo.Arguments["priority"] != "normal" {
		t.Errorf("%+v, undo %+v", r, r.Undo)
	}
	numbers := o.openNumbers(3)
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Subject: given("Otro")}}})
	if err != nil {
		t.Fatal(err)
	}
	if r = o.do(t, w); r.Outcome != guard.Unknown || r.Object[failed] != nil || len(r.Object[guard.Unknown].([]int64)) != 3 || r.Undo == nil || !noteWith(r.Notes, "not seen yet") {
		t.Errorf("%+v", r)
	}
	c := newClerk(t, trailing(tooLate), Options{})
	r = must(t, guard.Unknown)(c.update(t, 9005, ContactChanges{Name: set("Otro"), Address: set("Otra 1")}))
	if len(r.Changes)+len(r.NotChanged) != 0 || !noteWith(r.Notes, "not seen yet: name, address. get_contact") || r.Undo.Arguments["name"] != "Tomás Gómez" {
		t.Errorf("%s", show(r))
	}
	if r = must(t, guard.Unknown)(c.groups(t, 9005, []string{"33"}, nil)); len(r.NotChanged) != 0 || show(r.Undo.Arguments["remove"]) != `["33"]` {
		t.Errorf("%s", show(r))
	}
	must(t, guard.Unknown)(c.delete(t, 9005, nil))
}

func TestWhatCameWithTheSameRequestTellsThatAValueWasNotTaken(t *testing.T) {
	o := newOffice(t, sandbox.Options{Ignore: []string{"priority"}}, Options{})
	for _, ask := range []CaseChanges{
		{Priority: given("urgent"), Subject: given("Otro")},                        // in one request
		{Priority: given("urgent"), Status: given("pending")},                      // in one that came before
		{Priority: given("urgent"), Queue: given("Ventas"), Agent: given("46684")}, // likewise
	} {
		r := o.update(t, ask)
		if r.Outcome != guard.Partly || len(r.NotChanged) != 1 || r.NotChanged[0] != (guard.Change{Field: "priority", Before: "normal", After: "urgent"}) || r.Undo.Arguments["priority"] != nil {
			t.Errorf("%+v: %+v", ask, r)
		}
	}
}

func TestTheRuleOfWhatCameOfAWrite(t *testing.T) {
	whole := sending{alone: true, taken: 1}
	lost := sending{taken: 1, err: io.ErrUnexpectedEOF} // the second request's answer
	changed, kept, other := sight{holds: true}, sight{same: true}, sight{}
	second := func(s sight) sight { s.request = 1; return s }
	third := func(s sight) sight { s.request = 2; return s }
	for what, try := range map[string]struct {
		sent    sending
		touched bool
		sights  []sight
		want    []verdict
	}{
		"nothing shows":                       {whole, false, []sight{kept, kept}, []verdict{unseen, unseen}},
		"one shows, so the request arrived":   {whole, false, []sight{changed, kept}, []verdict{seen, notDone}},
		"a third value shows":                 {whole, false, []sight{other, kept}, []verdict{notDone, notDone}},
		"what was so before shows nothing":    {whole, false, []sight{{holds: true, same: true}, kept}, []verdict{seen, unseen}},
		"a last update shows the one request": {whole, true, []sight{kept}, []verdict{notDone}},
		"but not which of two":                {sending{taken: 2}, true, []sight{kept, second(kept)}, []verdict{unseen, unseen}},
		"a later one shows those before":      {sending{taken: 2}, false, []sight{kept, second(changed)}, []verdict{notDone, seen}},
		"one before shows none behind":        {sending{taken: 2}, false, []sight{changed, second(kept)}, []verdict{seen, unseen}},
		"a lost answer, and none behind":      {lost, false, []sight{changed, second(kept), third(kept)}, []verdict{seen, unseen, notDone}},
		"what another changed shows nothing":  {lost, false, []sight{kept, second(kept), third(other)}, []verdict{unseen, unseen, notDone}},
	} {
		if got := try.sent.judge(try.sights, try.touched); !slices.Equal(got, try.want) {
			t.Errorf("%s: %v, want %v", what, got, try.want)
		}
	}
}

// rewriting changes what reads of cases show.
func rewriting(change func(body []byte) []byte) front {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/core/v1/cases") || strings.Contains(r.URL.Path, "tags") {
			api.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		w.WriteHeader(answer.Code)
		_, _ = w.Write(change(answer.Body.Bytes()))
	}
}

func TestTagsThatShowAsIDsAreReadAsTags(t *testing.T) {
	for _, form := range []string{"list", "comma text"} {
		o := newOffice(t, sandbox.Options{}, Options{})
		tags := o.api.Tags()
		o.api.Change(430357543, func(c *sandbox.Case) { c.Tags = []string{tags[0].Name} })
		o.inFront(rewriting(func(body []byte) []byte {
			at := bytes.Index(body, []byte(`"tags":[`))
			if at < 0 {
				return body
			}
			end := at + bytes.IndexByte(body[at:], ']') + 1
			list := string(body[at:end])
			for _, tag := range tags {
				list = strings.ReplaceAll(list, strconv.Quote(tag.Name), itoa(tag.ID))
			}
			if form == "comma text" {
				list = strings.NewReplacer("[", `"`, "]", `"`).Replace(list)
			}
			return slices.Concat(body[:at], []byte(list), body[end:])
		}))
		r := o.update(t, CaseChanges{AddTags: []string{tags[1].Name}, Expect: map[string]Value{"tags": given(tags[0].Name)}})
		if both := []string{tags[0].Name, tags[1].Name}; r.Outcome != guard.Done || show(r.Changes[0].After) != show(both) || show(r.Changes[0].Before) != show(both[:1]) || !slices.Equal(o.truth(534787).Tags, both) {
			t.Errorf("%s: %+v, the case has %v", form, r, o.truth(534787).Tags)
		}
		if again := o.update(t, CaseChanges{AddTags: []string{tags[1].Name}}); again.Outcome != guard.NoChange {
			t.Errorf("%s, again: %+v", form, again)
		}
		if back := o.undoing(t, r.Undo); back.Outcome != guard.Done || !slices.Equal(o.truth(534787).Tags, []string{tags[0].Name}) {
			t.Errorf("%s, undone: %+v", form, back)
		}
	}
}

func TestTagsThatTheAPIOnlyAddsAreToldAsTheyAre(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	tags := o.api.Tags()
	o.api.Change(430357543, func(c *sandbox.Case) { c.Tags = []string{tags[0].Name} })
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		api.ServeHTTP(w, r)
		if r.Method == http.MethodPut {
			o.api.Change(430357543, func(c *sandbox.Case) { c.Tags = []string{tags[0].Name, tags[1].Name} })
		}
	})
	r := o.update(t, CaseChanges{AddTags: []string{tags[1].Name}, RemoveTags: []string{tags[0].Name}})
	if r.Outcome != guard.Partly || len(r.NotChanged) != 1 || show(r.NotChanged[0].Before) != show([]string{tags[0].Name}) || !noteWith(r.Notes, "tags became something else than was asked for: "+tags[0].Name+", "+tags[1].Name) ||
		show(r.Undo.Arguments["remove_tags"]) != show([]string{tags[1].Name}) || r.Undo.Arguments["add_tags"] != nil || noteWith(r.Notes, "still") {
		t.Errorf("%s", show(r))
	}
}

func TestAnUndoLeavesTheTagsThatSomebodyElseChangedMeanwhile(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	tags := o.api.Tags()
	o.api.Change(430357543, func(c *sandbox.Case) { c.Tags = nil })
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		api.ServeHTTP(w, r)
		if r.Method == http.MethodPut { // another process writes the list that it has read before
			o.api.Change(430357543, func(c *sandbox.Case) { c.Tags = []string{tags[2].Name} })
		}
	})
	if r := o.update(t, CaseChanges{AddTags: []string{tags[1].Name}}); r.Outcome != guard.Partly || r.Undo != nil || len(r.NotChanged) != 1 || !noteWith(r.Notes, "tags became something else") {
		t.Errorf("%s", show(r))
	}
}

func TestACustomFieldThatTheAPISpellsItsOwnWayIsDone(t *testing.T) {
	c := newClerk(t, sandbox.Options{}, Options{})
	c.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, []byte("Plata X"), []byte("PLATA X"))))
		}
		api.ServeHTTP(w, r)
	})
	ask := ContactChanges{CustomFields: map[string]string{"plan": "Plata X "}}
	r := must(t, guard.Done)(c.update(t, 9005, ask))
	if len(r.Changes) != 1 || r.Changes[0] != (guard.Change{Field: "custom.plan", Before: "oro", After: "PLATA X"}) || show(r.Undo.Arguments["custom_fields"]) != `{"plan":"oro"}` {
		t.Errorf("%s", show(r))
	}
	must(t, guard.NoChange)(c.update(t, 9005, ask))
	must(t, guard.Done)(c.create(t, ContactChanges{Email: set("nueva@example.com"), CustomFields: ask.CustomFields}))
}

func TestABulkChangeIsReadBackOnceTheAPIIsAskedAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t, sandbox.Options{Listed: 1000}, Options{})
	numbers := o.openNumbers(120)
	before := map[int64]string{}
	for _, n := range numbers {
		before[n] = o.truth(n).Subject
	}
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Subject: given("Otro")}}})
	if err != nil || len(numbers) < 100 {
		t.Fatal(err, len(numbers))
	}
	var puts atomic.Int32
	o.inFront(func(rw http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPut && puts.Add(1) > 40 {
			http.Error(rw, "away", http.StatusBadGateway)
			return
		}
		api.ServeHTTP(rw, r)
	})
	r := o.do(t, w)
	changed := 0
	for _, n := range numbers {
		if o.truth(n).Subject == "Otro" {
			changed++
		}
	}
	done, _ := r.Object[guard.Done].([]int64)
	if r.Outcome != guard.Partly || changed == 0 || len(done) != changed || r.Undo == nil {
		t.Fatalf("%d of %d are changed: %+v", changed, len(done), r)
	}
	o.inFront(nil)
	for _, g := range groupsOf(r.Undo) {
		for _, n := range g["case_numbers"].([]int64) {
			if g["subject"] != before[n] {
				t.Errorf("the undo makes %d %v, which was %q", n, g["subject"], before[n])
			}
			delete(before, n)
		}
	}
	for n, subject := range before {
		if o.truth(n).Subject != subject {
			t.Errorf("the undo leaves %d out", n)
		}
	}
}

// groupsOf are the changes that an undo of many cases makes.
func groupsOf(undo *guard.Call) (groups []map[string]any) {
	restore, many := undo.Arguments["restore"].([]any)
	if !many {
		return []map[string]any{undo.Arguments}
	}
	for _, g := range restore {
		groups = append(groups, g.(map[string]any))
	}
	return groups
}

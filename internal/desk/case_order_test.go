package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// sent gives the endpoints that were written to since n writes.
func (o *office) sentSince(n int) (endpoints []string) {
	for _, w := range o.api.Writes()[n:] {
		endpoints = append(endpoints, w.Endpoint)
	}
	return endpoints
}

func TestAValueThatTheAPIRefusesLeavesTheCaseAsItWas(t *testing.T) {
	yes := true
	for _, ask := range []CaseChanges{
		{Priority: given("super")}, {Queue: given("Ventas"), Agent: given("46684"), Priority: given("super")}, {Queue: given("Ventas"), Priority: given("super"), Status: given("solved"), Spam: &yes},
		{Status: given("closed"), Priority: given("super")}, {AddTags: []string{"reclamo"}, Priority: given("super"), Agent: cleared},
	} {
		o := newOffice(t, sandbox.Options{}, Options{})
		before := o.truth(534787)
		w, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, ask)
		if err != nil {
			t.Fatal(err)
		}
		r, err := w.Do(t.Context())
		if !errors.Is(err, wisecx.ErrBadRequest) || wisecx.MayHaveHappened(err) || len(o.api.Writes()) != 0 || fmt.Sprint(o.truth(534787)) != fmt.Sprint(before) {
			t.Errorf("%+v: %+v, %v, %v", ask, r, err, o.sentSince(0))
		}
	}
}

func TestRequestsGoInTheOrderInWhichTheirEffectsHold(t *testing.T) {
	yes := true
	const fields, move, status = "PUT /cases/{id}", "PUT /cases/{id}/transfer", "PUT /cases/{id}/status"
	for _, c := range []struct {
		was  string
		ask  CaseChanges
		want []string
	}{
		{"open", CaseChanges{Status: given("solved"), Queue: given("Ventas"), Priority: given("high"), Agent: given("46688")}, []string{fields, move, status}},
		{"open", CaseChanges{Status: given("pending"), Agent: given("46688")}, []string{fields, status}},
		{"open", CaseChanges{Status: given("closed"), Spam: &yes}, []string{fields, status}},
		{"solved", CaseChanges{Status: given("open"), Agent: given("46688")}, []string{status, fields}},
		{"solved", CaseChanges{Status: given("open"), Agent: given("46684")}, []string{status, fields}},
		{"closed", CaseChanges{Status: given("pending"), Agent: cleared, Priority: given("high")}, []string{fields, status, fields}},
		{"closed", CaseChanges{Status: given("open"), Queue: given("Ventas"), Agent: given("46688"), DueAt: given("3d")}, []string{fields, status, move}},
		{"closed", CaseChanges{Status: given("open"), Queue: given("Ventas")}, []string{status, move}},
		{"solved", CaseChanges{Status: given("closed"), Queue: given("Ventas")}, []string{move, status}},
	} {
		o := newOffice(t, sandbox.Options{}, Options{})
		o.api.Change(430357543, func(x *sandbox.Case) { x.Status = c.was })
		r := o.update(t, c.ask)
		via := slices.Clone(c.want)
		if len(via) == 3 && via[0] == via[2] {
			via = via[:2]
		}
		outcome := guard.Done
		if c.ask.Spam != nil { // of which nothing can be seen
			outcome = guard.Partly
		}
		if sent := o.sentSince(0); r.Outcome != outcome || !slices.Equal(sent, c.want) || !slices.Equal(r.Via, via) {
			t.Errorf("%s, %+v: %v were sent, the receipt is %+v", c.was, c.ask, sent, r)
		}
		if agent := c.ask.Agent; agent.Given && !agent.Null && fmt.Sprint(o.truth(534787).UserID) != agent.Text {
			t.Errorf("%s, %+v: the agent is %d", c.was, c.ask, o.truth(534787).UserID)
		}
	}
}

func TestWhatFailsMidwaySaysWhatHolds(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/transfer") {
			http.Error(w, `{"error": "the queue takes no cases"}`, http.StatusBadRequest)
			return
		}
		api.ServeHTTP(w, r)
	})
	yes := true
	r := o.update(t, CaseChanges{Queue: given("Ventas"), Priority: given("high"), Status: given("solved"), Spam: &yes})
	if r.Outcome != guard.Partly || len(r.Changes) != 1 || r.Changes[0].Field != "priority" || r.Undo.Arguments["spam"] != false || len(r.NotChanged) != 2 || !noteWith(r.Notes, "takes no cases") {
		t.Errorf("%+v", r)
	}
	w, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{Queue: given("Ventas"), Status: given("solved")})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := w.Do(t.Context()); err == nil || !strings.Contains(err.Error(), "takes no cases") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAMarkAsSpamThatIsRefusedIsNotCalledDone(t *testing.T) {
	yes := true
	for status, outcome := range map[int]string{http.StatusBadRequest: "", http.StatusInternalServerError: guard.Unknown} {
		o := newOffice(t, sandbox.Options{}, Options{})
		o.inFront(failing("PUT", "/cases/", status, "{}"))
		for _, prepare := range []func(context.Context) (*guard.Write, error){
			func(ctx context.Context) (*guard.Write, error) {
				return o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Spam: &yes})
			},
			func(ctx context.Context) (*guard.Write, error) {
				return o.UpdateCases(ctx, []BulkChange{{Numbers: []int64{534787}, Changes: CaseChanges{Spam: &yes}}})
			},
		} {
			w, err := prepare(t.Context())
			if err != nil || !noteWith(w.Preview.Notes, "does not show whether a case is spam") || len(w.Preview.Via) != 1 {
				t.Fatalf("%+v, %v", w, err)
			}
			r, err := w.Do(t.Context())
			if outcome == "" && err == nil || outcome != "" && (err != nil || r.Outcome != outcome || len(r.Changes)+len(r.NotChanged) != 0 || r.Undo == nil) {
				t.Errorf("%d: %+v, %v", status, r, err)
			}
		}
	}
}

func TestABulkChangeOfWhichNothingCameToBeIsNotCalledPartlyDone(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	var numbers []int64
	for _, c := range o.inWindow() {
		if c.Status == "open" && len(numbers) < 3 {
			numbers = append(numbers, c.Number)
		}
	}
	do := func(o *office, ask CaseChanges) (*guard.Receipt, error) {
		w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: ask}})
		if err != nil {
			t.Fatal(err)
		}
		return w.Do(t.Context())
	}
	r, err := do(o, CaseChanges{Queue: given("Brasil"), Priority: given("super")})
	if !errors.Is(err, wisecx.ErrBadRequest) || wisecx.MayHaveHappened(err) || len(o.api.Writes()) != 0 {
		t.Fatalf("%+v, %v, %v", r, err, o.sentSince(0))
	}
	if words := err.Error(); !strings.HasPrefix(words, "nothing was changed; ") || !strings.Contains(words, fmt.Sprint(numbers[2])+": PUT /cases/{id}: ") || strings.Count(words, "Invalid priority") != 1 {
		t.Errorf("it says %s", words)
	}
	deaf := newOffice(t, sandbox.Options{Ignore: []string{"priority"}}, Options{})
	wanted := "urgent"
	for _, n := range numbers {
		if deaf.truth(n).Priority == wanted {
			wanted = "low"
		}
	}
	if r, err = do(deaf, CaseChanges{Priority: given(wanted)}); err != nil || r.Outcome != guard.Unknown || len(r.Changes)+len(r.NotChanged) != 0 || !noteWith(r.Notes, "accepted this, and it is not seen yet: priority") {
		t.Errorf("%+v, %v", r, err)
	}
	first := fmt.Sprintf("/cases/%d", o.truth(numbers[0]).ID)
	o.inFront(failing("PUT", first, http.StatusBadRequest, `{"error": "this one is locked"}`))
	r, err = do(o, CaseChanges{DueAt: given("2026-12-01")})
	if err != nil || r.Outcome != guard.Partly || fmt.Sprint(r.Object[failed], r.Object[guard.Done]) != fmt.Sprint(numbers[:1], numbers[1:]) || len(r.Changes) != 1 || len(r.NotChanged) != 1 || !noteWith(r.Notes, "this one is locked") {
		t.Errorf("%+v, %v", r, err)
	}
}

package desk

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

func TestTagsThatAreAddedAtOnceAllStay(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	tags := o.api.Tags()
	o.api.Change(430357543, func(c *sandbox.Case) { c.Tags = nil })
	var writes []*guard.Write // all prepared from the same case
	for _, ask := range []CaseChanges{{AddTags: []string{tags[0].Name}}, {AddTags: []string{tags[1].Name}}, {CustomFields: map[string]string{"pedido": "1"}}, {CustomFields: map[string]string{"sucursal": "Rosario"}}} {
		w, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, ask)
		if err != nil {
			t.Fatal(err)
		}
		writes = append(writes, w)
	}
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: []int64{534787}, Changes: CaseChanges{AddTags: []string{tags[2].Name}}}})
	if err != nil {
		t.Fatal(err)
	}
	receipts := make([]*guard.Receipt, 5)
	var doing sync.WaitGroup
	for i, w := range append(writes, w) {
		doing.Go(func() { receipts[i], _ = w.Do(t.Context()) })
	}
	doing.Wait()
	for i, r := range receipts {
		if r == nil || r.Outcome != guard.Done && i < 4 {
			t.Errorf("%d: %+v", i, r)
		}
	}
	c := o.truth(534787)
	slices.Sort(c.Tags)
	want := []string{tags[0].Name, tags[1].Name, tags[2].Name}
	if slices.Sort(want); !slices.Equal(c.Tags, want) || len(c.CustomFields) < 2 {
		t.Errorf("the case has %v and %v", c.Tags, c.CustomFields)
	}
}

func TestACallThatEndsWhileItWaitsForItsTurnSendsNothing(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	var puts atomic.Int32
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == http.MethodPut {
			puts.Add(1)
		}
		api.ServeHTTP(w, r)
	})
	w, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{Status: given("pending")})
	if err != nil {
		t.Fatal(err)
	}
	end, stale, err := o.turns.take(t.Context(), 430357543, o.turns.now())
	if err != nil || stale {
		t.Fatal(err, stale)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if r, err := w.Do(ctx); err == nil || wisecx.MayHaveHappened(err) || puts.Load() != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, _, err := o.turns.take(ctx, 1, 0); err != nil {
		t.Errorf("another case waits too: %v", err)
	}
	end()
	if r := o.do(t, w); r.Outcome != guard.Done {
		t.Errorf("%+v", r)
	}
}

package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

func given(s string) Value { return Value{Given: true, Text: s} }

var cleared = Value{Given: true, Null: true}

// update prepares a change of the example case and does it.
func (o *office) update(t *testing.T, ask CaseChanges) *guard.Receipt {
	t.Helper()
	w, err := o.UpdateCase(t.Context(), CaseRef{Number: 534787}, ask)
	if err != nil {
		t.Fatal(err)
	}
	return o.do(t, w)
}

// do runs a write whose confirmation is not in question.
func (o *office) do(t *testing.T, w *guard.Write) *guard.Receipt {
	t.Helper()
	if len(w.Preview.Changes) == 0 {
		return &guard.Receipt{Outcome: guard.NoChange}
	}
	receipt, err := w.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func (o *office) truth(number int64) sandbox.Case {
	for _, c := range o.api.Cases() {
		if c.Number == number {
			return c
		}
	}
	return sandbox.Case{}
}

func valuesIn(expected map[string]*string) map[string]Value {
	values := map[string]Value{}
	for name, text := range expected {
		if values[name] = cleared; text != nil {
			values[name] = given(*text)
		}
	}
	return values
}

// undoing makes the call of an undo, as a model would.
func (o *office) undoing(t *testing.T, call *guard.Call) *guard.Receipt {
	t.Helper()
	if call == nil {
		t.Fatal("there is no undo")
	}
	b, _ := json.Marshal(call.Arguments)
	var a struct {
		CaseID              int64             `json:"case_id"`
		Status, Queue, Type json.RawMessage   // ids or names
		Subject, Priority   string            //
		AddTags             []string          `json:"add_tags"`
		RemoveTags          []string          `json:"remove_tags"`
		CustomFields        map[string]string `json:"custom_fields"`
		Expect              map[string]*string
	}
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatal(err)
	}
	text := func(m json.RawMessage) Value { return Value{Given: len(m) > 0, Text: strings.Trim(string(m), `"`)} }
	ask := CaseChanges{Status: text(a.Status), Queue: text(a.Queue), Type: text(a.Type), AddTags: a.AddTags, RemoveTags: a.RemoveTags, CustomFields: a.CustomFields, Expect: valuesIn(a.Expect)}
	if a.Subject != "" {
		ask.Subject = given(a.Subject)
	}
	if a.Priority != "" {
		ask.Priority = given(a.Priority)
	}
	for name, field := range map[string]*Value{"agent": &ask.Agent, "due_at": &ask.DueAt} {
		if v, has := call.Arguments[name]; has {
			*field = Value{Given: true, Null: v == nil, Text: fmt.Sprint(v)}
		}
	}
	w, err := o.UpdateCase(t.Context(), CaseRef{ID: a.CaseID}, ask)
	if err != nil {
		t.Fatal(err)
	}
	return o.do(t, w)
}

func TestAChangeIsReadBackAndItsUndoBringsBackWhatWas(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	before := o.truth(534787)
	tag := o.api.Tags()[3].Name
	for _, ask := range []CaseChanges{
		{Status: given("on_hold")}, {Status: given("solved")}, {Subject: given("Otro asunto")}, {Queue: given("ventas")}, {Agent: cleared}, {Agent: given("unassigned")},
		{Type: given(o.api.Types()[len(o.api.Types())-1].Name)}, {Priority: given("urgente")}, {DueAt: given("2026-12-01")}, {AddTags: []string{tag}},
		{CustomFields: map[string]string{"sucursal": "rosario"}}, {Queue: given("Facturación"), Agent: given("46684"), Status: given("pending"), DueAt: given("2026-12-01T10:30")},
	} {
		r := o.update(t, ask)
		if r.Outcome != guard.Done && r.Outcome != guard.NoChange || len(r.NotChanged) > 0 {
			t.Errorf("%+v: %+v", ask, r)
		}
		if r.Outcome == guard.NoChange {
			continue
		}
		if back := o.undoing(t, r.Undo); back.Outcome != guard.Done {
			t.Errorf("undo of %+v: %+v", ask, back)
		}
		after := o.truth(534787)
		if after.Status != before.Status || after.GroupID != before.GroupID || after.Subject != before.Subject || !after.DueAt.Equal(before.DueAt) || !slices.Equal(after.Tags, before.Tags) {
			t.Fatalf("after the undo of %+v the case is %+v, was %+v", ask, after, before)
		}
	}
}

func TestWhatIsSoAlreadyIsComparedByMeaning(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.update(t, CaseChanges{DueAt: given("2026-12-01T10:30"), Priority: given("high"), AddTags: []string{o.api.Tags()[0].Name}, CustomFields: map[string]string{"sucursal": "Rosario"}})
	o.api.ResetRequests()
	for _, ask := range []CaseChanges{
		{Status: given("open")}, {Queue: given("SOPORTE TECNICO")}, {Queue: given("24717")}, {Agent: given("Franco")}, {Priority: given("Alta")},
		{DueAt: given("2026-12-01T13:30:00Z")}, {AddTags: []string{strings.ToUpper(o.api.Tags()[0].Name)}}, {CustomFields: map[string]string{"Sucursal": "ROSARIO"}},
		{Subject: given("  Demora en  la entrega ")},
	} {
		if r := o.update(t, ask); r.Outcome != guard.NoChange {
			t.Errorf("%+v: %+v", ask, r)
		}
	}
	for endpoint := range o.api.Requests() {
		if !strings.HasPrefix(endpoint, "GET ") {
			t.Errorf("%s was sent", endpoint)
		}
	}
}

func TestWhatTheAPIAcceptsAndDoesNotDoIsNamed(t *testing.T) {
	o := newOffice(t, sandbox.Options{Ignore: []string{"priority"}}, Options{})
	r := o.update(t, CaseChanges{Priority: given("urgent"), Subject: given("Otro")})
	if r.Outcome != guard.Partly || len(r.NotChanged) != 1 || r.NotChanged[0].Field != "priority" || len(r.Changes) != 1 {
		t.Errorf("%+v", r)
	}
	if r := o.update(t, CaseChanges{Priority: given("urgent")}); r.Outcome != guard.Unknown || !noteWith(r.Notes, "not seen yet: priority") || r.Undo.Arguments["priority"] != "normal" {
		t.Errorf("alone, where it may also show later: %+v", r)
	}
}

func TestALostAnswerOfAChangeIsSettledByReadingBack(t *testing.T) {
	o := newOffice(t, sandbox.Options{Faults: sandbox.Faults{DropWrites: 1}}, Options{})
	if r := o.update(t, CaseChanges{Status: given("pending"), Subject: given("Otro")}); r.Outcome == guard.Done != (o.truth(534787).Status == "pending") {
		t.Errorf("%+v, and the case is %s", r, o.truth(534787).Status)
	}
}

func TestChangesAreRefusedWithWhatToDoAndNothingIsSent(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{Gates: Gates{Queues: []string{"Soporte Técnico"}}})
	o.api.AddCase(sandbox.Case{Number: 430357543, SourceChannel: "web", ContactID: 9005, GroupID: 24717}, nil)
	elsewhere := o.api.AddCase(sandbox.Case{SourceChannel: "web", ContactID: 9005, GroupID: 24718}, nil)
	o.api.ResetRequests()
	for what, try := range map[string]func(context.Context) error{
		"an id that is another case's number": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{ID: 430357543}, CaseChanges{Status: given("solved")})
			return err
		},
		"nothing": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{})
			return err
		},
		"an unknown tag": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{AddTags: []string{"vpi"}})
			return err
		},
		"an unknown queue": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Queue: given("Sporte")})
			return err
		},
		"another queue than allowed": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Queue: given("Ventas")})
			return err
		},
		"a case of another queue": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: elsewhere.Number}, CaseChanges{Status: given("solved")})
			return err
		},
		"an expectation that does not hold": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Status: given("solved"), Expect: map[string]Value{"status": given("pending")}})
			return err
		},
		"an unknown custom field": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{CustomFields: map[string]string{"scursal": "x"}})
			return err
		},
		"an option that does not exist": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{CustomFields: map[string]string{"sucursal": "Marte"}})
			return err
		},
		"a huge subject": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Subject: given(strings.Repeat("a", 10<<20))})
			return err
		},
		"an invisible subject": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Subject: given("a\x00\u202eb")})
			return err
		},
		"a custom field whose end is hidden": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{CustomFields: map[string]string{"pedido": "a\u202eb"}})
			return err
		},
		"a status that is none": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Status: given("done")})
			return err
		},
		"a queue that is cleared": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{Queue: cleared})
			return err
		},
		"a password": func(ctx context.Context) error {
			_, err := o.UpdateCase(ctx, CaseRef{Number: 534787}, CaseChanges{CustomFields: map[string]string{"password": "x"}})
			return err
		},
	} {
		if err := try(t.Context()); err == nil {
			t.Errorf("%s is taken", what)
		} else if len(err.Error()) > 600 {
			t.Errorf("%s: %d characters of refusal", what, len(err.Error()))
		}
	}
	for endpoint := range o.api.Requests() {
		if !strings.HasPrefix(endpoint, "GET ") {
			t.Errorf("%s was sent", endpoint)
		}
	}
}

func TestManyCasesAreChangedAtOnceWithOneReceiptAndOneUndo(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 400}, Options{})
	var numbers []int64
	before := map[int64]sandbox.Case{}
	for _, c := range o.api.Cases() {
		if len(numbers) < 120 && (c.Status == "open" || c.Status == "pending") && c.CreatedAt.After(noon.AddDate(0, -2, 0)) {
			numbers = append(numbers, c.Number)
			before[c.Number] = c
		}
	}
	var agents []string
	for _, u := range o.api.Users() {
		if !u.IsBot && len(agents) < 3 {
			agents = append(agents, itoa(u.ID))
		}
	}
	numbers = numbers[:len(numbers)/3*3]
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Status: given("on_hold")}, Distribute: agents}})
	if err != nil {
		t.Fatal(err)
	}
	if w.Asks != guard.AsksPerson || !strings.Contains(w.Question, fmt.Sprint(numbers[7])) {
		t.Errorf("it asks %v: %s", w.Asks, w.Question)
	}
	r := o.do(t, w)
	if r.Outcome != guard.Done || len(r.Object[guard.Done].([]int64)) != len(numbers) {
		t.Fatalf("%+v", r)
	}
	per := map[int64]int{}
	for _, n := range numbers {
		c := o.truth(n)
		if c.Status != "onhold" {
			t.Errorf("case %d is %s", n, c.Status)
		}
		per[c.UserID]++
	}
	for agent, n := range per {
		if n != len(numbers)/3 {
			t.Errorf("agent %d has %d of %d", agent, n, len(numbers))
		}
	}
	expected := r.Undo.Arguments["expect"].(map[string]any)
	if fmt.Sprint(expected) != "map[status:on_hold]" {
		t.Errorf("it expects %v of all", expected)
	}
	var groups []BulkChange
	for _, g := range r.Undo.Arguments["restore"].([]any) {
		group := g.(map[string]any)
		change := BulkChange{Numbers: group["case_numbers"].([]int64), Undo: true}
		if s, has := group["status"]; has {
			change.Changes.Status = given(s.(string))
		}
		if a, has := group["agent"]; has {
			change.Changes.Agent = Value{Given: true, Null: a == nil, Text: fmt.Sprint(a)}
			change.Changes.Expect = map[string]Value{"agent": given(group["expect"].(map[string]any)["agent"].(string)), "status": given("on_hold")}
		}
		groups = append(groups, change)
	}
	if w, err = o.UpdateCases(t.Context(), groups); err != nil {
		t.Fatal(err)
	}
	o.do(t, w)
	for _, n := range numbers {
		if now, was := o.truth(n), before[n]; now.Status != was.Status || now.UserID != was.UserID {
			t.Errorf("case %d is %s of %d after the undo, was %s of %d", n, now.Status, now.UserID, was.Status, was.UserID)
		}
	}
}

func TestABulkChangeStopsAskingAnAPIThatIsAway(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 1000}, Options{})
	var numbers []int64
	for _, c := range o.api.Cases() {
		if len(numbers) < 150 && c.Status != "pending" && c.CreatedAt.After(noon.AddDate(0, -2, 0)) {
			numbers = append(numbers, c.Number)
		}
	}
	w, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Status: given("pending")}}})
	if err != nil {
		t.Fatal(err)
	}
	var puts atomic.Int32
	o.inFront(func(rw http.ResponseWriter, r *http.Request, api http.Handler) {
		if r.Method == "PUT" && puts.Add(1) > 10 {
			time.Sleep(5 * time.Millisecond)
			http.Error(rw, "away", http.StatusInternalServerError)
			return
		}
		api.ServeHTTP(rw, r)
	})
	r := o.do(t, w)
	notAsked, _ := r.Object["not_asked"].([]int64)
	done, _ := r.Object[guard.Done].([]int64)
	outcome := guard.Unknown // also where none was seen to be changed
	if len(done) > 0 {
		outcome = guard.Partly
	}
	if r.Outcome != outcome || len(notAsked) < 50 || int(puts.Load()) > 100 || !noteWith(r.Notes, "not_asked") {
		t.Errorf("%d requests, %d done, %d not asked: %+v", puts.Load(), len(done), len(notAsked), r.Notes)
	}
	for _, n := range done {
		if o.truth(n).Status != "pending" {
			t.Errorf("case %d is called done and is %s", n, o.truth(n).Status)
		}
	}
}

func TestBulkChangesRefuseWhatIsNotJustThoseCases(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.api.AddCase(sandbox.Case{ID: 534787, SourceChannel: "web", ContactID: 9005, GroupID: 24717}, nil)
	many := make([]int64, 201)
	for i := range many {
		many[i] = int64(i + 1)
	}
	for what, numbers := range map[string][]int64{"none": nil, "too many": many, "one twice": {534780, 534780}, "one that does not exist": {111111}, "one that is another case's id": {534787}} {
		if _, err := o.UpdateCases(t.Context(), []BulkChange{{Numbers: numbers, Changes: CaseChanges{Status: given("solved")}}}); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if len(o.api.Writes()) > 0 {
		t.Errorf("%v was written", o.api.Writes())
	}
}

func TestADryRunRefusesWhatCouldNotBeSent(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	o.api.Change(430357543, func(c *sandbox.Case) { c.CustomFields = []sandbox.CustomField{{Field: "password", Value: "x"}} })
	for _, prepare := range []func() (*guard.Write, error){
		func() (*guard.Write, error) {
			return o.UpdateCase(t.Context(), CaseRef{Number: 534787}, CaseChanges{CustomFields: map[string]string{"sucursal": "Rosario"}})
		},
		func() (*guard.Write, error) {
			return o.UpdateCases(t.Context(), []BulkChange{{Numbers: []int64{534787}, Changes: CaseChanges{CustomFields: map[string]string{"sucursal": "Rosario"}}}})
		},
	} {
		var refusal *Refusal
		if w, err := prepare(); !errors.As(err, &refusal) || refusal.Argument != "custom_fields.sucursal" || !strings.Contains(refusal.Problem, "secret") {
			t.Errorf("%+v, %v", w, err)
		}
	}
}

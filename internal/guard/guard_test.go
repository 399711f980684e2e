package guard

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// shelf keeps in memory what the state folder keeps on disk.
type shelf struct {
	mu      sync.Mutex
	entries map[string]*Prior
	lines   []Line
	yes     map[string]bool
	fails   error // of the audit log
}

type slot struct {
	s   *shelf
	key string
}

func (s *shelf) Begin(key string, note json.RawMessage, force bool) (*Prior, Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if prior := s.entries[key]; prior != nil && !force {
		return prior, nil, nil
	}
	s.entries[key] = &Prior{ID: key, Working: true, Note: note}
	return nil, slot{s, key}, nil
}

func (s *shelf) Prior(key string) (*Prior, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[key], nil
}

func (s *shelf) Resolve(key string, receipt json.RawMessage) error {
	return s.put(key, &Prior{Receipt: receipt})
}

func (s *shelf) put(key string, prior *Prior) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[key] = prior
	return nil
}

func (e slot) Done(receipt json.RawMessage) error {
	return e.s.put(e.key, &Prior{Receipt: receipt, Note: e.s.entries[e.key].Note})
}
func (e slot) Failed() error  { return e.s.put(e.key, nil) }
func (e slot) Unknown() error { return e.s.put(e.key, &Prior{ID: e.key}) }

func (s *shelf) Append(line json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return s.fails
	}
	var l Line
	if err := json.Unmarshal(line, &l); err != nil {
		return err
	}
	s.lines = append(s.lines, l)
	return nil
}

func (s *shelf) Ask(token, _ string, _ time.Time) error { return nil }
func (s *shelf) Answered(token string) (bool, bool, error) {
	yes, answered := s.yes[token]
	return yes, answered, nil
}

var (
	errLost    = errors.New("the connection broke")
	errRefused = errors.New("bad request")
)

func newGuard() (*Guard, *shelf) {
	s := &shelf{entries: map[string]*Prior{}, yes: map[string]bool{}}
	return &Guard{Journal: s, Audit: s, Approvals: s, Approve: "wisecx-mcp approve", Mode: Auto, Now: time.Now, Pauses: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second},
		MayHave: func(err error) bool { return errors.Is(err, errLost) }}, s
}

// api is what the writes of the tests change.
type api struct {
	sent  int
	fails []error // of the writes in order; nil for those that succeed
	lost  bool    // what failed did not happen
}

// reply is an addition.
func (a *api) reply(text string) *Write {
	return &Write{
		Tool: "reply_to_case", Arguments: json.RawMessage(`{"text":"` + text + `","case_number":1}`), Object: "case 1", Meaning: map[string]any{"case": 1, "text": text}, Bound: "message 7", Adds: true, Asks: AsksFirst,
		Question: "Send " + text + "?", Preview: Receipt{Via: []string{"PUT /cases/{id}"}},
		Do: func(context.Context) (*Receipt, error) {
			a.sent++
			if len(a.fails) > 0 {
				err := a.fails[0]
				if a.fails = a.fails[1:]; err != nil {
					return nil, err
				}
			}
			return &Receipt{Outcome: Done}, nil
		},
		Look: func(context.Context, json.RawMessage) (*Receipt, error) {
			if a.sent == 0 || a.lost {
				return nil, nil
			}
			return &Receipt{Outcome: Done}, nil
		},
	}
}

func (g *Guard) must(t *testing.T, w *Write, o Order) *Receipt {
	t.Helper()
	receipt, err := g.Run(t.Context(), w, o)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// confirmed previews a write and does it with the token.
func (g *Guard) confirmed(t *testing.T, w *Write, o Order) *Receipt {
	t.Helper()
	o.Token = g.must(t, w, o).ConfirmToken
	return g.must(t, w, o)
}

func TestNothingHappensBeforeTheTokenOfThePreviewComesBack(t *testing.T) {
	g, s := newGuard()
	a := &api{}
	preview := g.must(t, a.reply("hola"), Order{})
	if preview.Outcome != Preview || preview.Question == "" || preview.ConfirmToken == "" || a.sent != 0 || len(s.lines) != 0 {
		t.Fatalf("%+v, %d sent, %d lines", preview, a.sent, len(s.lines))
	}
	if done := g.must(t, a.reply("hola"), Order{Token: preview.ConfirmToken}); done.Outcome != Done || a.sent != 1 {
		t.Fatalf("%+v, %d sent", done, a.sent)
	}
	if len(s.lines) != 2 || s.lines[0].Outcome != "" || s.lines[1].Outcome != Done || s.lines[0].ID != s.lines[1].ID {
		t.Errorf("the audit log has %+v", s.lines)
	}
}

func TestATokenHoldsForOneWriteAsItStandsOnceForTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _ := newGuard()
		a := &api{}
		token := g.must(t, a.reply("hola"), Order{}).ConfirmToken
		later := a.reply("hola")
		later.Bound = "message 8"
		other, _ := newGuard()
		for what, try := range map[string]func() (*Receipt, error){
			"other arguments":         func() (*Receipt, error) { return g.Run(t.Context(), a.reply("chau"), Order{Token: token}) },
			"a case that has changed": func() (*Receipt, error) { return g.Run(t.Context(), later, Order{Token: token}) },
			"another process":         func() (*Receipt, error) { return other.Run(t.Context(), a.reply("hola"), Order{Token: token}) },
			"a made-up token":         func() (*Receipt, error) { return g.Run(t.Context(), a.reply("hola"), Order{Token: "x"}) },
		} {
			if receipt, err := try(); !isRefusal(err) || a.sent != 0 {
				t.Errorf("%s: %+v, %v, %d sent", what, receipt, err, a.sent)
			}
		}
		g.must(t, a.reply("hola"), Order{Token: token})
		again := a.reply("hola")
		if _, err := g.Run(t.Context(), again, Order{Token: token, Again: true}); !isRefusal(err) || a.sent != 1 {
			t.Errorf("used twice: %v, %d sent", err, a.sent)
		}
		old := g.must(t, a.reply("tarde"), Order{}).ConfirmToken
		time.Sleep(tokenLife)
		if _, err := g.Run(t.Context(), a.reply("tarde"), Order{Token: old}); !isRefusal(err) || a.sent != 1 {
			t.Errorf("expired: %v, %d sent", err, a.sent)
		}
	})
}

func isRefusal(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal) && refusal.Next != ""
}

func TestATokenUsedByManyAtOnceSendsOnce(t *testing.T) {
	g, _ := newGuard()
	var mu sync.Mutex
	sent := 0
	write := func() *Write {
		w := (&api{}).reply("hola")
		w.Do = func(context.Context) (*Receipt, error) {
			mu.Lock()
			defer mu.Unlock()
			sent++
			return &Receipt{Outcome: Done}, nil
		}
		return w
	}
	token := g.must(t, write(), Order{}).ConfirmToken
	var calls sync.WaitGroup
	for range 50 {
		calls.Go(func() { _, _ = g.Run(t.Context(), write(), Order{Token: token}) })
	}
	if calls.Wait(); sent != 1 {
		t.Errorf("%d sent", sent)
	}
}

// person answers as told.
type person struct {
	state      string
	yes, asked bool
}

func (p *person) CanAnswer() bool              { return true }
func (p *person) Answer() (string, bool, bool) { return p.state, p.yes, p.asked }

func TestThePersonIsAskedWhereTheClientCan(t *testing.T) {
	for _, yes := range []bool{true, false} {
		g, _ := newGuard()
		a := &api{}
		p := &person{}
		_, err := g.Run(t.Context(), a.reply("hola"), Order{Person: p})
		var question *Question
		if !errors.As(err, &question) || question.Text != "Send hola?" || a.sent != 0 {
			t.Fatalf("%v, %d sent", err, a.sent)
		}
		p.state, p.yes, p.asked = question.State, yes, true
		receipt := g.must(t, a.reply("hola"), Order{Person: p})
		if yes && (receipt.Outcome != Done || a.sent != 1) || !yes && (receipt.Outcome != Declined || a.sent != 0) {
			t.Errorf("yes %v: %+v, %d sent", yes, receipt, a.sent)
		}
		if _, err := g.Run(t.Context(), a.reply("otra"), Order{Person: p}); !errors.As(err, &question) {
			t.Errorf("an answer to another question lets this one pass: %v", err)
		}
	}
}

func TestWhatOnlyAPersonReleasesWaitsForThem(t *testing.T) {
	g, s := newGuard()
	a := &api{}
	write := func() *Write {
		w := a.reply("adiós")
		w.Asks, w.Adds = AsksPerson, false
		w.Preview.Changes = []Change{{"deleted", false, true}}
		return w
	}
	preview := g.must(t, write(), Order{})
	if !strings.Contains(preview.Notes[0], "approve "+preview.ConfirmToken) {
		t.Errorf("it does not say how: %v", preview.Notes)
	}
	if _, err := g.Run(t.Context(), write(), Order{Token: preview.ConfirmToken}); !isRefusal(err) || a.sent != 0 {
		t.Fatalf("nobody released it: %v, %d sent", err, a.sent)
	}
	s.yes[preview.ConfirmToken] = true
	if done := g.must(t, write(), Order{Token: preview.ConfirmToken}); done.Outcome != Done || a.sent != 1 {
		t.Errorf("released: %+v", done)
	}
	no := g.must(t, write(), Order{}).ConfirmToken
	s.yes[no] = false
	if declined := g.must(t, write(), Order{Token: no}); declined.Outcome != Declined || a.sent != 1 {
		t.Errorf("refused by the person: %+v, %d sent", declined, a.sent)
	}
}

func TestTheSameAdditionIsAnsweredWithItsFirstReceipt(t *testing.T) {
	g, _ := newGuard()
	a := &api{}
	g.confirmed(t, a.reply("hola"), Order{})
	second := g.must(t, a.reply("hola"), Order{})
	if second.Outcome != Repeated || a.sent != 1 || !strings.Contains(strings.Join(second.Notes, " "), "again: true") {
		t.Fatalf("%+v, %d sent", second, a.sent)
	}
	if third := g.confirmed(t, a.reply("hola"), Order{Again: true}); third.Outcome != Done || a.sent != 2 {
		t.Errorf("again: %+v, %d sent", third, a.sent)
	}
	if other := g.confirmed(t, a.reply("chau"), Order{}); other.Outcome != Done || a.sent != 3 {
		t.Errorf("other words: %+v, %d sent", other, a.sent)
	}
}

func TestWhatARepeatedCallAsksForBesideIsNamed(t *testing.T) {
	g, _ := newGuard()
	a := &api{}
	solving := func(status string) *Write {
		w := a.reply("hola")
		w.Preview.Changes = []Change{{Field: "message", After: "hola"}, {Field: "status", After: status}}
		return w
	}
	g.confirmed(t, solving("pending"), Order{})
	if notes := strings.Join(g.must(t, solving("solved"), Order{}).Notes, " "); !strings.Contains(notes, "(status) was not done") {
		t.Errorf("another status: %s", notes)
	}
	if notes := strings.Join(g.must(t, solving("pending"), Order{}).Notes, " "); strings.Contains(notes, "was not done") {
		t.Errorf("the same: %s", notes)
	}
	if a.sent != 1 {
		t.Errorf("%d sent", a.sent)
	}
}

func TestATokenHoldsForTheVeryArguments(t *testing.T) {
	g, _ := newGuard()
	a := &api{}
	with := func(more string) *Write {
		w := a.reply("hola")
		w.Arguments = json.RawMessage(`{"text":"hola"` + more + `}`)
		return w
	}
	token := g.must(t, with(""), Order{}).ConfirmToken
	if _, err := g.Run(t.Context(), with(`,"priority":"high","confirm_token":"`+token+`"`), Order{Token: token}); !isRefusal(err) || a.sent != 0 {
		t.Fatalf("other arguments of the same meaning: %v, %d sent", err, a.sent)
	}
	if done := g.must(t, with(`,"confirm_token":"`+token+`"`), Order{Token: token}); done.Outcome != Done || a.sent != 1 {
		t.Errorf("the same: %+v", done)
	}
}

func TestALostAnswerIsLookedForAndNeverSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := newGuard()
		a := &api{fails: []error{errLost}}
		found := g.confirmed(t, a.reply("hola"), Order{})
		if found.Outcome != Done || a.sent != 1 || s.lines[1].Outcome != Done {
			t.Fatalf("found: %+v, %d sent, %+v", found, a.sent, s.lines)
		}
		a = &api{fails: []error{errLost}, lost: true}
		if unknown := g.confirmed(t, a.reply("chau"), Order{}); unknown.Outcome != Unknown || a.sent != 1 || len(unknown.Notes) == 0 {
			t.Fatalf("not seen: %+v", unknown)
		}
		if still := g.must(t, a.reply("chau"), Order{}); still.Outcome != Unknown || a.sent != 1 {
			t.Errorf("asked again: %+v, %d sent", still, a.sent)
		}
		a.lost = false
		if now := g.must(t, a.reply("chau"), Order{}); now.Outcome != Repeated || a.sent != 1 {
			t.Errorf("seen at last: %+v, %d sent", now, a.sent)
		}
	})
}

func TestWhatMustNotBeDoneNowIsRefusedUnlessItWasDoneAlready(t *testing.T) {
	g, _ := newGuard()
	a := &api{}
	refused := func(text string) *Write {
		w := a.reply(text)
		w.Refused = errRefused
		return w
	}
	for _, o := range []Order{{}, {DryRun: true}, {Again: true}} {
		if receipt, err := g.Run(t.Context(), refused("hola"), o); !errors.Is(err, errRefused) || a.sent != 0 {
			t.Errorf("%+v: %+v, %v, %d sent", o, receipt, err, a.sent)
		}
	}
	g.confirmed(t, a.reply("hola"), Order{})
	if again := g.must(t, refused("hola"), Order{}); again.Outcome != Repeated || a.sent != 1 {
		t.Errorf("done before: %+v, %d sent", again, a.sent)
	}
}

func TestATwinWaitsForTheCallThatIsAtIt(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(Entry) error
		want string
	}{
		"done":   {func(e Entry) error { return e.Done(json.RawMessage(`{"outcome":"done"}`)) }, Repeated},
		"failed": {Entry.Failed, ""},
		"slow":   {func(Entry) error { return nil }, Unknown},
	} {
		synctest.Test(t, func(t *testing.T) {
			g, s := newGuard()
			a := &api{}
			w := a.reply("hola")
			_, first, _ := s.Begin(w.key(), w.beginning(), false)
			time.AfterFunc(2*time.Second, func() { _ = c.end(first) })
			receipt, err := g.Run(t.Context(), a.reply("hola"), Order{})
			if a.sent != 0 || c.want == "" && !isRefusal(err) || c.want != "" && (err != nil || receipt.Outcome != c.want) {
				t.Errorf("%s: %+v, %v, %d sent", name, receipt, err, a.sent)
			}
			synctest.Wait()
		})
	}
}

func TestADefiniteFailureIsNotRemembered(t *testing.T) {
	g, s := newGuard()
	a := &api{fails: []error{errRefused}}
	token := g.must(t, a.reply("hola"), Order{}).ConfirmToken
	if _, err := g.Run(t.Context(), a.reply("hola"), Order{Token: token}); !errors.Is(err, errRefused) || s.lines[1].Outcome != "failed" {
		t.Fatalf("%v, %+v", err, s.lines)
	}
	if second := g.confirmed(t, a.reply("hola"), Order{}); second.Outcome != Done || a.sent != 2 {
		t.Errorf("%+v, %d sent", second, a.sent)
	}
}

func TestAWriteWhoseLineCannotBeStoredDoesNotHappen(t *testing.T) {
	g, s := newGuard()
	s.fails = errors.New("no space left on the disk")
	a := &api{}
	token := g.must(t, a.reply("hola"), Order{}).ConfirmToken
	if _, err := g.Run(t.Context(), a.reply("hola"), Order{Token: token}); err == nil || !strings.Contains(err.Error(), "nothing was sent") || a.sent != 0 {
		t.Fatalf("%v, %d sent", err, a.sent)
	}
	s.fails = nil
	if done := g.confirmed(t, a.reply("hola"), Order{}); done.Outcome != Done {
		t.Errorf("later: %+v", done)
	}
}

func TestDryRunsAndWhatIsSoAlreadySendNothing(t *testing.T) {
	g, s := newGuard()
	a := &api{}
	if dry := g.must(t, a.reply("hola"), Order{DryRun: true}); dry.Outcome != Preview || dry.ConfirmToken != "" || dry.Question == "" {
		t.Errorf("%+v", dry)
	}
	update := a.reply("")
	update.Adds, update.Asks = false, AsksNobody
	if same := g.must(t, update, Order{}); same.Outcome != NoChange || same.Via != nil {
		t.Errorf("%+v", same)
	}
	if a.sent != 0 || len(s.lines) != 0 {
		t.Errorf("%d sent, %d lines", a.sent, len(s.lines))
	}
}

func TestModesOfConfirmation(t *testing.T) {
	g, _ := newGuard()
	a := &api{}
	g.Mode = Never
	if done := g.must(t, a.reply("hola"), Order{}); done.Outcome != Done {
		t.Errorf("never: %+v", done)
	}
	g.Mode = Token
	if preview := g.must(t, a.reply("chau"), Order{Person: &person{}}); preview.ConfirmToken == "" {
		t.Errorf("token: %+v", preview)
	}
	if slices.Contains([]int{0, 2}, a.sent) {
		t.Errorf("%d sent", a.sent)
	}
}

package state

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAQuestionIsAnsweredOnceInAnotherProcess(t *testing.T) {
	clock := newClock()
	f := clock.folder(t)
	asks, answers := f.Approvals(), New(f.path, nil).Approvals()
	answers.folder.now = clock.now
	until := clock.at.Add(10 * time.Minute)
	for _, yes := range []bool{true, false} {
		id := fmt.Sprint("token ", yes)
		check(t, asks.Ask(id, raw(`{"delete": 12345}`), until))
		question, ends, err := answers.Get(id)
		if err != nil || string(question) != `{"delete":12345}` || !ends.Equal(until) {
			t.Fatal(string(question), ends, err)
		}
		if _, found, err := asks.Answered(id); found || err != nil {
			t.Fatal("it is answered", err)
		}
		check(t, answers.Answer(id, yes))
		for range 2 {
			if answer, found, err := asks.Answered(id); answer != yes || !found || err != nil {
				t.Error(answer, found, err)
			}
			if err := answers.Answer(id, !yes); !errors.Is(err, ErrAnswered) {
				t.Error(err)
			}
			if _, _, err := answers.Get(id); !errors.Is(err, ErrAnswered) {
				t.Error(err)
			}
		}
	}
}

func TestAQuestionThatIsBeingReadIsNotReplaced(t *testing.T) {
	a := newFolder(t).Approvals()
	check(t, a.Ask("id", raw(`"small?"`), time.Now().Add(time.Hour)))
	if err := a.Ask("id", raw(`"large?"`), time.Now().Add(time.Hour)); !errors.Is(err, ErrAsked) {
		t.Error(err)
	}
	if question, _, err := a.Get("id"); string(question) != `"small?"` || err != nil {
		t.Error(string(question), err)
	}
}

func TestWhatHasExpiredIsAsIfNeverAsked(t *testing.T) {
	for name, move := range map[string]time.Duration{"its time is over": 10 * time.Minute, "the clock was set back": -2 * time.Minute} {
		clock := newClock()
		f := clock.folder(t)
		a := f.Approvals()
		check(t, a.Ask("open", raw(`1`), clock.at.Add(10*time.Minute)))
		check(t, a.Ask("answered", raw(`2`), clock.at.Add(10*time.Minute)))
		check(t, a.Answer("answered", true))
		clock.pass(move)
		if err := a.Answer("open", true); !errors.Is(err, ErrNoQuestion) {
			t.Error(name, err)
		}
		if _, _, err := a.Get("open"); !errors.Is(err, ErrNoQuestion) {
			t.Error(name, err)
		}
		if yes, found, err := a.Answered("answered"); yes || found || err != nil {
			t.Error(name, yes, found, err)
		}
		check(t, a.Ask("open", raw(`3`), clock.at.Add(10*time.Minute)))
		if content := string(f.content(t, approvalsName)); strings.Contains(content, `"question":2`) || !strings.Contains(content, `"question":3`) {
			t.Errorf("%s: the file holds %s", name, content)
		}
	}
}

func TestAQuestionThatHasExpiredWhenItIsAskedIsNeverOpen(t *testing.T) {
	a := newFolder(t).Approvals()
	for _, until := range []time.Time{{}, time.Now().Add(-time.Hour)} {
		check(t, a.Ask("id", raw(`1`), until))
		if err := a.Answer("id", true); !errors.Is(err, ErrNoQuestion) {
			t.Error(err)
		}
	}
}

func TestIdsAreAnyText(t *testing.T) {
	f := newFolder(t)
	a := f.Approvals()
	ids := []string{"", "../../etc/passwd", "/", ".", "a\x00b", "a\nb", "ñ\xff", "secret-token", strings.Repeat("x", 1<<20), "CON", "nul"}
	for _, id := range ids {
		if _, _, err := a.Get(id); !errors.Is(err, ErrNoQuestion) {
			t.Errorf("%.20q: %v", id, err)
		}
		check(t, a.Ask(id, raw(`%d`, len(id)), time.Now().Add(time.Hour)))
	}
	for _, id := range ids {
		if question, _, err := a.Get(id); err != nil || string(question) != fmt.Sprint(len(id)) {
			t.Errorf("%.20q: %s, %v", id, question, err)
		}
	}
	if content := string(f.content(t, approvalsName)); strings.Contains(content, "secret-token") {
		t.Error("an id stands in the file")
	}
}

func TestOnlyOneOfManyAnswersCounts(t *testing.T) {
	f := newFolder(t)
	check(t, f.Approvals().Ask("id", raw(`1`), time.Now().Add(time.Hour)))
	var given atomic.Int64
	var answering sync.WaitGroup
	for i := range 20 {
		answering.Go(func() {
			if err := New(f.path, nil).Approvals().Answer("id", i%2 == 0); err == nil {
				given.Add(1)
			} else if !errors.Is(err, ErrAnswered) {
				t.Error(err)
			}
		})
	}
	answering.Wait()
	if given.Load() != 1 {
		t.Errorf("%d answers counted", given.Load())
	}
}

func TestQuestionsAreCheckedBeforeTheyAreKept(t *testing.T) {
	a := newFolder(t).Approvals()
	for _, question := range []string{"", "what?", `"` + strings.Repeat("x", longest) + `"`} {
		contains(t, a.Ask("id", raw("%s", question), time.Now().Add(time.Hour)), "the question")
	}
}

func TestMoreQuestionsThanCanBeReadAreRefused(t *testing.T) {
	a := newFolder(t).Approvals()
	large, asked := raw(`%q`, strings.Repeat("x", longest-2)), 0
	for ; asked < 100; asked++ {
		if err := a.Ask(fmt.Sprint(asked), large, time.Now().Add(time.Hour)); err != nil {
			contains(t, err, approvalsName, "bytes")
			break
		}
	}
	if _, _, err := a.Get("0"); err != nil || asked == 100 || asked < 5 {
		t.Errorf("after %d questions: %v", asked, err)
	}
}

func FuzzApprovals(f *testing.F) {
	for _, text := range []string{"", "null", "[]", "{", `{"a":null}`, `{"a":{"question":1,"asked":"2026","until":7}}`,
		`{"` + nameOf("id") + `":{"question":{},"asked":"2026-11-22T12:30:00Z","until":"2999-11-22T12:30:00Z","answer":true}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		clock := newClock()
		folder := clock.folder(t)
		folder.put(t, approvalsName, content)
		a := folder.Approvals()
		err := a.Ask("id", raw(`1`), clock.at.Add(time.Hour))
		_, found, answered := a.Answered("id")
		if answered != nil || err != nil && !errors.Is(err, ErrAsked) || err == nil && found {
			t.Fatal(err, found, answered)
		}
		if err := a.Answer("id", true); (err != nil) != found {
			t.Fatal(err, found)
		}
	})
}

func BenchmarkApprovals(b *testing.B) {
	clock := newClock()
	a := clock.folder(b).Approvals()
	b.ReportAllocs()
	for b.Loop() {
		clock.pass(2 * time.Minute)
		id := clock.at.String()
		check(b, a.Ask(id, raw(`{"delete":12345}`), clock.at.Add(10*time.Minute)))
		check(b, a.Answer(id, true))
		if yes, found, err := a.Answered(id); !yes || !found || err != nil {
			b.Fatal(err)
		}
	}
}

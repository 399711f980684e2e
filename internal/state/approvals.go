package state

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"time"
)

var (
	ErrNoQuestion = errors.New("there is no such question") // never asked, or expired
	ErrAsked      = errors.New("that was asked already")
	ErrAnswered   = errors.New("that was answered already")
)

const approvalsName = "approvals.json"

// Approvals are questions that wait for a person in another terminal. The id of one is any text, of which only a
// hash is kept: who knows it may read the question and answer it. What has expired is as if never asked.
type Approvals struct{ folder *Folder }

// Approvals gives the questions of this folder.
func (f *Folder) Approvals() *Approvals { return &Approvals{f} }

type approval struct {
	Question json.RawMessage `json:"question"`
	Asked    time.Time       `json:"asked"`
	Until    time.Time       `json:"until"`
	Answer   *bool           `json:"answer,omitempty"`
}

// waits tells whether a question is there and without an answer.
func (a *approval) waits() error {
	switch {
	case a == nil:
		return ErrNoQuestion
	case a.Answer != nil:
		return ErrAnswered
	}
	return nil
}

// Ask lets a question wait until then. One that is there already is not replaced, since somebody may be reading
// it: ErrAsked.
func (a *Approvals) Ask(id string, question json.RawMessage, until time.Time) error {
	text, err := document("the question", question)
	if err != nil {
		return err
	}
	return a.change(id, func(found *approval) (*approval, error) {
		if found != nil {
			return nil, ErrAsked
		}
		return &approval{Question: text, Asked: a.folder.now(), Until: until}, nil
	})
}

// Answer answers a question, once: ErrAnswered, ErrNoQuestion.
func (a *Approvals) Answer(id string, yes bool) error {
	return a.change(id, func(found *approval) (*approval, error) {
		if err := found.waits(); err != nil {
			return nil, err
		}
		found.Answer = &yes
		return found, nil
	})
}

// Get gives a question that waits for its answer: ErrAnswered, ErrNoQuestion.
func (a *Approvals) Get(id string) (question json.RawMessage, until time.Time, err error) {
	err = a.change(id, func(found *approval) (*approval, error) {
		if err := found.waits(); err != nil {
			return nil, err
		}
		question, until = found.Question, found.Until
		return nil, nil
	})
	return question, until, err
}

// Answered gives the answer to a question; found is false while there is none.
func (a *Approvals) Answered(id string) (yes, found bool, err error) {
	err = a.change(id, func(one *approval) (*approval, error) {
		if one != nil && one.Answer != nil {
			yes, found = *one.Answer, true
		}
		return nil, nil
	})
	return yes, found, err
}

// change runs do alone on a question, nil for none, and keeps what it gives, if anything. The file holds few
// questions, all of them written anew each time.
func (a *Approvals) change(id string, do func(found *approval) (*approval, error)) error {
	var refusal error
	err := a.folder.locked("approvals", lockWait, func(root *os.Root) error {
		var stored map[string]approval
		if ok, err := a.folder.load(root, approvalsName, &stored); err != nil {
			return err
		} else if !ok || stored == nil {
			stored = map[string]approval{}
		}
		// After the clock was set back nobody knows how old a question is.
		now := a.folder.now()
		maps.DeleteFunc(stored, func(_ string, one approval) bool {
			return !now.Before(one.Until) || !now.Add(clockSkew).After(one.Asked)
		})
		var found, kept *approval
		if one, ok := stored[nameOf(id)]; ok {
			found = &one
		}
		if kept, refusal = do(found); kept == nil {
			return nil
		}
		stored[nameOf(id)] = *kept
		return a.folder.store(root, approvalsName, stored)
	})
	if err != nil {
		return err
	}
	return refusal
}

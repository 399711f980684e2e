package app

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/tools"
	"wisecx-mcp/wisecx/sandbox"
)

// question is a call, and what is wrong with a good answer to it: "" for nothing.
type question struct {
	tool, arguments string
	wrong           func(a *answer) string
}

// answer is a good result, as far as it is compared.
type answer struct {
	Case     shown
	Contact  struct{ Name string }
	Messages []struct{ ID int64 }
	Cases    []shown
	HasMore  bool `json:"has_more"`
	Notes    []string
}

// shown is a case as an answer shows it.
type shown struct {
	ID, Number                      int64
	Subject, Status, Queue, Contact string
	Turn                            string `json:"waiting_on"`
}

func (a *answer) says(part string) bool {
	return slices.ContainsFunc(a.Notes, func(n string) bool { return strings.Contains(n, part) })
}

// reply is what came for a call.
type reply struct {
	wrong   string         // "" for nothing
	failure *tools.Failure // of a call that failed
	partial bool           // something could not be had, and the notes say so
}

// read holds an answer against its question.
func (q question) read(line []byte) (r reply) {
	var message struct {
		Result struct {
			IsError           bool
			Content           []struct{ Text string }
			StructuredContent json.RawMessage
		}
	}
	if err := json.Unmarshal(line, &message); err != nil || len(message.Result.Content) != 1 {
		r.wrong = fmt.Sprintf("no result: %.500s", line)
		return r
	}
	said := message.Result.Content[0].Text
	if message.Result.IsError {
		r.failure = &tools.Failure{}
		if json.Unmarshal([]byte(said), r.failure) != nil || r.failure.Error == "" || !slices.Contains([]string{"unavailable", "limit", "unknown"}, r.failure.Kind) {
			r.wrong = "fails with " + said // refused would be a person's fault, arguments and not_found the caller's
		}
		if stray.MatchString(said) {
			r.wrong = "shows what is nobody's business: " + said
		}
	} else {
		var a answer
		if err := json.Unmarshal(message.Result.StructuredContent, &a); err != nil {
			r.wrong = fmt.Sprintf("%v: %.500s", err, line)
		} else {
			r.wrong = q.wrong(&a)
		}
		r.partial = a.says("cannot be shown") || a.says("by id")
		if notes := strings.Join(a.Notes, "; "); stray.MatchString(notes) || strings.Contains(notes, "permission") {
			r.wrong = "notes " + notes
		}
	}
	if r.wrong != "" {
		r.wrong = q.tool + " " + q.arguments + ": " + r.wrong
	}
	return r
}

// stray is what no failure shows: markup, secrets, Go's own words.
var stray = regexp.MustCompile(`<[A-Za-z!/]|(?i:html|bearer|` + sandbox.Key + `)|eyJ|\b[a-z]+\.[A-Z][A-Za-z]+|Go (value|struct)|goroutine|runtime error|%!|0x[0-9a-f]{4}`)

// tally counts replies. It is for one goroutine at a time.
type tally struct {
	answered, partial, wrong int
	kinds                    map[string]int // of failures
	examples                 []string       // of what is wrong
}

func (c *tally) add(r reply) {
	c.answered++
	if r.partial {
		c.partial++
	}
	if r.failure != nil {
		if c.kinds == nil {
			c.kinds = map[string]int{}
		}
		c.kinds[r.failure.Kind]++
	}
	if r.wrong == "" {
		return
	}
	if c.wrong++; len(c.examples) < 10 {
		c.examples = append(c.examples, r.wrong)
	}
}

func (c *tally) report(t *testing.T) {
	t.Helper()
	if c.wrong > 0 {
		t.Errorf("%d answers are wrong, such as\n%s", c.wrong, strings.Join(c.examples, "\n"))
	}
}

func (c *tally) failed() int { return total(c.kinds) }

func (c *tally) String() string {
	return fmt.Sprintf("%d answered, %d of them in part, %d failed %v, %d wrong", c.answered, c.partial, c.failed(), c.kinds, c.wrong)
}

func total(counts map[string]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// facts are what the simulator holds.
type facts struct {
	api      *sandbox.API
	cases    []sandbox.Case // those that are listed, newest first
	contacts map[int64]sandbox.Contact
	queues   []sandbox.Queue
}

func newFacts(api *sandbox.API) *facts {
	f := &facts{api: api, cases: api.Cases(), contacts: map[int64]sandbox.Contact{}, queues: api.Queues()}
	oldest := time.Now().Truncate(time.Hour).UTC().AddDate(0, -3, 0)
	f.cases = slices.DeleteFunc(f.cases, func(c sandbox.Case) bool { return c.CreatedAt.Before(oldest) })
	slices.Reverse(f.cases)
	for _, c := range api.Contacts() {
		f.contacts[c.ID] = c
	}
	return f
}

// questions is the mix that a storm asks.
func (f *facts) questions(random *rand.Rand) []question {
	var list []question
	some := func() sandbox.Case { return f.cases[random.IntN(len(f.cases))] }
	for range 40 {
		list = append(list, f.getCase(some()))
	}
	for range 15 {
		numbers := []int64{some().Number, some().Number, some().Number}
		asked, _ := json.Marshal(numbers)
		list = append(list, f.search(`"case_number":`+string(asked), func(c sandbox.Case) bool { return slices.Contains(numbers, c.Number) }))
		contact := some().ContactID
		list = append(list, f.search(fmt.Sprintf(`"contact":"%d"`, contact), func(c sandbox.Case) bool { return c.ContactID == contact }))
	}
	for _, queue := range f.queues[:5] {
		for _, status := range []string{"open", "pending", "on_hold", "solved", "closed"} {
			list = append(list, f.search(fmt.Sprintf(`"queue":[%q],"status":[%q]`, queue.Name, status), func(c sandbox.Case) bool {
				return c.GroupID == queue.ID && statusOf(c) == status
			}))
		}
	}
	for _, word := range []string{"entrega", "factura", "pedido"} { // the API cannot filter by these
		list = append(list, f.search(fmt.Sprintf(`"text":%q`, word), func(c sandbox.Case) bool {
			words := strings.FieldsFunc(text.Fold(c.Subject+" "+c.Summary), func(r rune) bool { return !unicode.IsLetter(r) })
			return slices.Contains(words, word)
		}))
	}
	return list
}

// getCase has to show this very case with its contact, its newest messages and whose turn it is, or say in the
// notes which of them it cannot.
func (f *facts) getCase(c sandbox.Case) question {
	var messages []int64
	for _, a := range f.api.Thread(c.ID) {
		if a.Type != "event" {
			messages = append(messages, a.ID)
		}
	}
	messages = messages[max(0, len(messages)-5):]
	return question{"get_case", fmt.Sprintf(`{"case_number":%d}`, c.Number), func(a *answer) string {
		var got []int64
		for _, m := range a.Messages {
			got = append(got, m.ID)
		}
		unread := a.says("the conversation cannot be shown")
		want := f.shown(c, a)
		want.Contact, want.Turn = "", a.Case.Turn
		contact := f.contact(c)
		if a.says("the contact cannot be shown") {
			contact = ""
		}
		switch {
		case a.Case != want:
			return fmt.Sprintf("shows %+v, want %+v", a.Case, want)
		case a.Contact.Name != contact:
			return fmt.Sprintf("the contact is %q, want %q", a.Contact.Name, contact)
		case unread && len(got) > 0 || !unread && !slices.Equal(got, messages):
			return fmt.Sprintf("the messages are %v, want %v, unread: %t", got, messages, unread)
		case unread != (a.Case.Turn == ""):
			return fmt.Sprintf("it is %q's turn, unread: %t", a.Case.Turn, unread)
		}
		return ""
	}}
}

// search has to find the newest of the cases that fit.
func (f *facts) search(arguments string, fits func(sandbox.Case) bool) question {
	const limit = 10
	var want []sandbox.Case
	for _, c := range f.cases {
		if fits(c) {
			want = append(want, c)
		}
	}
	more := len(want) > limit
	want = want[:min(limit, len(want))]
	return question{"search_cases", fmt.Sprintf(`{"limit":%d,%s}`, limit, arguments), func(a *answer) string {
		want, more := want, more
		if a.says("and stopped") { // a scan that the API broke off shows what it found
			want, more = want[:min(len(a.Cases), len(want))], true
		}
		if len(a.Cases) != len(want) || a.HasMore != more {
			return fmt.Sprintf("%d cases, more: %t; want %d, %t", len(a.Cases), a.HasMore, len(want), more)
		}
		for i, c := range want {
			if want := f.shown(c, a); a.Cases[i] != want {
				return fmt.Sprintf("row %d is %+v, want %+v", i, a.Cases[i], want)
			}
		}
		return ""
	}}
}

// shown is a case as an answer has to show it. It has an id for a name where the notes say so.
func (f *facts) shown(c sandbox.Case, a *answer) shown {
	s := shown{ID: c.ID, Number: c.Number, Subject: text.Line(c.Subject), Status: statusOf(c), Contact: f.contact(c)}
	for _, q := range f.queues {
		if q.ID == c.GroupID {
			s.Queue = q.Name
		}
	}
	if a.says("queues are shown by id") {
		s.Queue = fmt.Sprintf("#%d", c.GroupID)
	}
	if a.says("contacts are shown by id") {
		s.Contact = fmt.Sprintf("#%d", c.ContactID)
	}
	return s
}

func (f *facts) contact(c sandbox.Case) string { return text.Line(f.contacts[c.ContactID].Name) }

func statusOf(c sandbox.Case) string { return strings.Replace(c.Status, "onhold", "on_hold", 1) }

//go:build unix

package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/wisecx/sandbox"
)

const safetySeed = 11

// wrote is what came of a call that writes: a receipt, or what a failure says; neither where the program ended first.
type wrote struct {
	guard.Receipt
	failed string
	lost   bool
}

func (w wrote) String() string {
	switch {
	case w.lost:
		return "no answer"
	case w.failed != "":
		return "failed: " + w.failed
	}
	return w.Outcome + ": " + strings.Join(w.Notes, "; ")
}

// writer is the program as a host starts it, and asks it to write.
type writer struct {
	*process
	ended chan struct{} // closed when it answers no more

	mu      sync.Mutex // guards what follows
	asked   int
	waiting map[string]chan wrote
}

// startWriter starts the program for a simulated service, without confirmations, with a state folder.
func startWriter(t *testing.T, service, state string, settings ...string) *writer {
	t.Helper()
	w := &writer{waiting: map[string]chan wrote{}, ended: make(chan struct{})}
	w.process = startProcess(t, append([]string{"WISECX_BASE_URL=" + service, "WISECX_API_KEY=" + sandbox.Key, "WISECX_USER=" + sandbox.User,
		"WISECX_CONFIRM=never", "WISECX_LOG_LEVEL=error", "WISECX_STATE_DIR=" + state}, settings...)...)
	w.in.SetWriteDeadline(time.Now().Add(2 * time.Minute))
	w.out.SetReadDeadline(time.Now().Add(2 * time.Minute))
	go w.listen()
	return w
}

func (w *writer) listen() {
	defer close(w.ended)
	lines := bufio.NewScanner(w.out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var message struct {
			ID     json.RawMessage
			Error  json.RawMessage
			Result struct {
				IsError bool
				Content []struct{ Text string }
			}
		}
		var came wrote
		switch err := json.Unmarshal(lines.Bytes(), &message); {
		case err != nil, len(message.Result.Content) != 1:
			came.failed = lines.Text()
		case message.Result.IsError:
			came.failed = message.Result.Content[0].Text
		default:
			if err := json.Unmarshal([]byte(message.Result.Content[0].Text), &came.Receipt); err != nil {
				came.failed = err.Error()
			}
		}
		w.mu.Lock()
		if waits, known := w.waiting[string(message.ID)]; known {
			waits <- came
		}
		w.mu.Unlock()
	}
}

// ask calls a tool; the answer comes on the channel.
func (w *writer) ask(tool, arguments string) chan wrote {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	id := fmt.Sprint(w.asked)
	w.waiting[id] = make(chan wrote, 1)
	fmt.Fprintf(w.in, `{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":%s}}`+"\n", id, tool, arguments)
	return w.waiting[id]
}

// call is a call with its answer.
func (w *writer) call(tool, arguments string) wrote {
	answer := w.ask(tool, arguments)
	select {
	case came := <-answer:
		return came
	case <-w.ended:
	}
	select {
	case came := <-answer:
		return came
	default:
		return wrote{lost: true}
	}
}

// quit ends the program as a host does.
func (w *writer) quit() {
	w.in.Close()
	<-w.process.ended
}

// newAccount makes a simulated account with so many open cases by e-mail, each with a customer's question.
func newAccount(cases int) (*sandbox.API, []sandbox.Case) {
	api := sandbox.New(sandbox.Options{Seed: safetySeed, Cases: 300})
	var contact sandbox.Contact
	for _, c := range api.Contacts() {
		if c.Email != "" && c.Phone != "" {
			contact = c
			break
		}
	}
	queue := api.Queues()[0].ID
	planted := make([]sandbox.Case, cases)
	for i := range planted {
		planted[i] = api.AddCase(sandbox.Case{GroupID: queue, ContactID: contact.ID, SourceChannel: "email", Subject: fmt.Sprintf("Consulta %d", i)},
			[]sandbox.Activity{{Type: "contact_message", Channel: "email", Content: "¿Cuándo llega?", SendingState: "sent"}})
	}
	return api, planted
}

// said counts how often a text stands on a case's thread as a message of ours.
func said(api *sandbox.API, caseID int64, words string) (times int) {
	for _, a := range api.Thread(caseID) {
		if a.Type == "user_reply" && a.Content == words {
			times++
		}
	}
	return times
}

// TestAThousandRepliesOverABadNetwork has eight processes over one state folder, each with a service of its own address:
// the pace of 5,000 requests a minute, which every process keeps for an address, would make it a minute long.
func TestAThousandRepliesOverABadNetwork(t *testing.T) {
	const processes = 8
	for _, weather := range []struct {
		name   string
		faults sandbox.Faults
		calls  int
	}{
		{"30 % of the writes lose their answer", sandbox.Faults{DropWrites: 0.3}, 1000},
		{"30 % of all requests lose their answer", sandbox.Faults{DropAfter: 0.3}, 300},
	} {
		t.Run(weather.name, func(t *testing.T) {
			began := time.Now()
			api, cases := newAccount(weather.calls)
			state := t.TempDir()
			var services []*writer
			for range processes {
				service := httptest.NewServer(api)
				defer service.Close()
				services = append(services, startWriter(t, service.URL, state))
			}
			api.SetFaults(weather.faults)
			words := func(i int) string { return fmt.Sprintf("Su pedido %d sale hoy.", 1000+i) }
			answers := make([]wrote, len(cases))
			var calls sync.WaitGroup
			room := make(chan struct{}, 48)
			for i, c := range cases {
				room <- struct{}{}
				calls.Go(func() {
					defer func() { <-room }()
					answers[i] = services[i%processes].call("reply_to_case", fmt.Sprintf(`{"case_id":%d,"text":%q}`, c.ID, words(i)))
				})
			}
			calls.Wait()
			faulted := api.Faulted()
			api.SetFaults(sandbox.Faults{})

			outcomes, failures := map[string]int{}, map[string]int{}
			for i, a := range answers {
				sent := said(api, cases[i].ID, words(i))
				outcome := a.Outcome
				if a.failed != "" || a.lost {
					outcome = "failed"
					failures[a.String()]++
				}
				outcomes[outcome]++
				if sent > 1 || outcome == guard.Done && sent != 1 || outcome == "failed" && sent > 0 {
					t.Errorf("reply %d is on the thread %d times, and its call says %s", i, sent, a)
				}
				if !slices.Contains([]string{guard.Done, guard.Unknown, "failed"}, outcome) {
					t.Errorf("reply %d: %s", i, a)
				}
			}
			t.Logf("%v of %d replies in %s; lost answers: %v", outcomes, len(cases), time.Since(began).Round(time.Millisecond), faulted)
			for why, times := range failures {
				t.Logf("%d times %.300s", times, why)
			}
			if outcomes[guard.Unknown] > len(cases)/100 || weather.faults.DropWrites > 0 && outcomes["failed"] > 0 {
				t.Errorf("%v; want at most 1 %% unknown", outcomes)
			}
			if total(faulted) < len(cases)/5 {
				t.Errorf("only %v answers were lost", faulted)
			}
			for _, w := range services {
				w.quit()
			}
		})
	}
}

// begun counts the lines in the audit log of a state folder that say that a write of a tool begins.
func begun(t *testing.T, state, tool string) (lines int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(state, "audit.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	for line := range strings.Lines(string(text)) {
		var l guard.Line
		if json.Unmarshal([]byte(line), &l) == nil && l.Tool == tool && l.Outcome == "" {
			lines++
		}
	}
	return lines
}

// trial is a call that a kill interrupts, and that is made again.
type trial struct {
	tool, arguments string
	words           string     // that tell it from the others
	effects         func() int // how often it stands in the truth
	writes          func() int // how often it reached the API
}

func trialOf(api *sandbox.API, c sandbox.Case, i int) trial {
	reached := func(fits func(sandbox.Write) bool) func() int {
		return func() (n int) {
			for _, w := range api.Writes() {
				if fits(w) {
					n++
				}
			}
			return n
		}
	}
	words := fmt.Sprintf("Respuesta %d de la prueba.", 1000+i)
	switch i % 3 {
	case 0:
		return trial{"reply_to_case", fmt.Sprintf(`{"case_id":%d,"text":%q}`, c.ID, words), words, func() int { return said(api, c.ID, words) },
			reached(func(w sandbox.Write) bool { return strings.Contains(w.Body, words) })}
	case 1:
		changes := func() (n int) {
			for _, w := range api.Writes() {
				if w.ID == c.ID && w.Changed && strings.Contains(w.Body, words) {
					n++
				}
			}
			return n
		}
		return trial{"update_case", fmt.Sprintf(`{"case_id":%d,"subject":%q}`, c.ID, words), words, changes,
			reached(func(w sandbox.Write) bool { return w.ID == c.ID })}
	}
	made := func() (n int) {
		for _, made := range api.Cases() {
			if made.Subject == words {
				n++
			}
		}
		return n
	}
	return trial{"create_case", fmt.Sprintf(`{"queue":"Ventas","channel":"phone","subject":%q,"message":"No enciende.","even_if_open":%t,"contact":{"name":"Persona Inventada","phone":"+549351700%04d"}}`, words, i%2 == 0, 1000+i),
		words, made, reached(func(w sandbox.Write) bool { return w.Endpoint == "POST /cases" && strings.Contains(w.Body, words) })}
}

// unharmed is how long a call takes from the start of the program to the answer.
func unharmed(t *testing.T, api *sandbox.API, c sandbox.Case) time.Duration {
	t.Helper()
	service := httptest.NewServer(api)
	defer service.Close()
	began := time.Now()
	w := startWriter(t, service.URL, t.TempDir())
	defer w.quit()
	if came := w.call("reply_to_case", fmt.Sprintf(`{"case_id":%d,"text":"Buen día."}`, c.ID)); came.Outcome != guard.Done {
		t.Fatalf("without a kill it says %s", came)
	}
	return time.Since(began)
}

// TestAKillAtAnyMomentLosesNoWriteAndDoublesNone kills the program while it writes, and makes the same call in a new one.
func TestAKillAtAnyMomentLosesNoWriteAndDoublesNone(t *testing.T) {
	const runs = 200
	began := time.Now()
	api, cases := newAccount(runs + 1)
	api.SetFaults(sandbox.Faults{Latency: 2 * time.Millisecond, LatencyJitter: 6 * time.Millisecond})
	span := 3 * unharmed(t, api, cases[runs])
	random := rand.New(rand.NewPCG(safetySeed, 0))
	var mu sync.Mutex
	tally := map[string]int{}
	count := func(what string) { mu.Lock(); defer mu.Unlock(); tally[what]++ }
	room := make(chan struct{}, 6)
	var all sync.WaitGroup
	for i, c := range cases[:runs] {
		room <- struct{}{}
		killAfter := time.Duration(random.Int64N(int64(span)))
		all.Go(func() {
			defer func() { <-room }()
			x, state := trialOf(api, c, i), t.TempDir()
			service := httptest.NewServer(api)
			killed := startWriter(t, service.URL, state)
			asked := killed.ask(x.tool, x.arguments)
			time.Sleep(killAfter)
			killed.Process.Kill()
			<-killed.process.ended
			<-killed.ended
			service.CloseClientConnections()
			service.Close() // waits for what is under way there
			answered := len(asked) > 0
			reached, logged := x.writes(), begun(t, state, x.tool)
			if reached > logged {
				t.Errorf("%s, killed after %s: %d writes reached the API, and %d lines of the audit log say so", x.tool, killAfter, reached, logged)
			}

			service = httptest.NewServer(api)
			defer service.Close()
			again := startWriter(t, service.URL, state)
			came := again.call(x.tool, x.arguments)
			again.quit()
			effects := x.effects()
			moment := "before the write began"
			switch {
			case answered:
				moment = "after the answer"
			case reached > 0:
				moment = "after the write reached the API"
			case logged > 0:
				moment = "after the line of the audit log"
			}
			if effects > 1 || x.writes() > begun(t, state, x.tool) {
				t.Errorf("%s, killed %s: %d effects, and the second call says %s", x.tool, moment, effects, came)
			}
			count(x.tool + " killed " + moment + ": " + came.Outcome)
			if seen := slices.Contains([]string{guard.Done, guard.Repeated, guard.NoChange}, came.Outcome); seen != (effects == 1) || !seen && came.Outcome != guard.Unknown {
				t.Errorf("%s, killed %s: there are %d effects, and the second call says %s", x.tool, moment, effects, came)
			}
			if x.tool == "update_case" && effects != 1 {
				t.Errorf("update_case, killed %s: the second call says %s, and the change does not hold", moment, came)
			}
		})
	}
	all.Wait()
	var lines []string
	moments := map[string]int{}
	for what, n := range tally {
		lines = append(lines, fmt.Sprintf("%4d %s", n, what))
		_, moment, _ := strings.Cut(strings.Split(what, ":")[0], " killed ")
		moments[moment] += n
	}
	slices.Sort(lines)
	t.Logf("%d runs in %s\n%s", runs, time.Since(began).Round(time.Millisecond), strings.Join(lines, "\n"))
	if moments["before the write began"] == 0 || moments["after the write reached the API"] == 0 || moments["after the answer"] == 0 {
		t.Errorf("the kills fell on too few moments: %v", moments)
	}
}

// TestTwoProcessesWithTheSameReplySendItOnce has them share a state folder, as two hosts on one machine do.
func TestTwoProcessesWithTheSameReplySendItOnce(t *testing.T) {
	const rounds = 20
	api, cases := newAccount(rounds)
	service := httptest.NewServer(api)
	defer service.Close()
	state := t.TempDir()
	one, other := startWriter(t, service.URL, state), startWriter(t, service.URL, state)
	outcomes := map[string]int{}
	for i, c := range cases {
		words := fmt.Sprintf("Su pedido %d sale hoy.", 1000+i)
		arguments := fmt.Sprintf(`{"case_id":%d,"text":%q}`, c.ID, words)
		first, second := one.ask("reply_to_case", arguments), other.ask("reply_to_case", arguments)
		came := []wrote{<-first, <-second}
		slices.SortFunc(came, func(a, b wrote) int { return strings.Compare(a.Outcome, b.Outcome) }) // done stands first
		outcomes[came[0].Outcome+" and "+came[1].Outcome]++
		if sent := said(api, c.ID, words); sent != 1 || came[0].Outcome != guard.Done || came[1].Outcome == guard.Done {
			t.Errorf("round %d: the message is on the thread %d times; one says %s, the other %s", i, sent, came[0], came[1])
		}
		if later := other.call("reply_to_case", arguments); later.Outcome != guard.Repeated || said(api, c.ID, words) != 1 {
			t.Errorf("round %d: later it says %s", i, later)
		}
	}
	t.Log(outcomes)
	one.quit()
	other.quit()
}

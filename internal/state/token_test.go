package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func init() {
	// login fetches a token once it is told to; logging in takes a while and is said.
	roles["login"] = func(f *Folder, _ string) {
		fmt.Println("ready")
		bufio.NewScanner(os.Stdin).Scan()
		value, _, _, err := f.Token("account").Fetch("", func() (string, time.Time, time.Time, error) {
			fmt.Println("login", os.Getpid())
			time.Sleep(100 * time.Millisecond)
			return fmt.Sprint("token-", os.Getpid()), time.Now().Add(time.Hour), time.Now().Add(time.Hour), nil
		})
		fmt.Println("token", value, err)
	}
}

// server gives token-1, token-2 and so on, each good for an hour of the clock, to be renewed after 50 minutes.
type server struct {
	clock  *clock
	logins atomic.Int64
}

func (s *server) login() (string, time.Time, time.Time, error) {
	return fmt.Sprint("token-", s.logins.Add(1)), s.clock.at.Add(50 * time.Minute), s.clock.at.Add(time.Hour), nil
}

func fetch(t testing.TB, token *Token, seen string, s *server) string {
	t.Helper()
	value, renew, expires, err := token.Fetch(seen, s.login)
	if err != nil || !renew.After(s.clock.at) || !expires.After(renew) {
		t.Fatal(value, renew, expires, err)
	}
	return value
}

func TestATokenIsSharedUntilItIsToBeRenewed(t *testing.T) {
	clock := newClock()
	f, s := clock.folder(t), &server{clock: clock}
	expect := func(wanted, seen string) {
		t.Helper()
		other := New(f.path, nil)
		other.now = clock.now
		if value := fetch(t, other.Token("account"), seen, s); value != wanted {
			t.Errorf("it is %s, not %s", value, wanted)
		}
	}
	expect("token-1", "")
	expect("token-1", "")
	clock.pass(50*time.Minute - time.Second)
	expect("token-1", "")
	clock.pass(time.Second)
	expect("token-2", "token-1")
	expect("token-2", "token-1") // another process, whose token ended too
	expect("token-3", "token-2") // it was refused
	expect("token-3", "token-2")
	clock.pass(-time.Hour) // nobody knows its age
	expect("token-4", "")
	if value := fetch(t, f.Token("another account"), "", s); value != "token-5" {
		t.Errorf("the other account has %s", value)
	}
}

func TestProcessesThatStartTogetherLogInOnce(t *testing.T) {
	f := newFolder(t)
	var processes []*process
	var inputs []io.Closer
	for range 5 {
		one := command("login", f.path, "")
		input, err := one.StdinPipe()
		check(t, err)
		p := start(t, one)
		p.awaitFirst(t)
		processes, inputs = append(processes, p), append(inputs, input)
	}
	for _, input := range inputs {
		check(t, input.Close())
	}
	var logins, tokens []string
	for _, p := range processes {
		lines := p.lines(t)
		logins, tokens = append(logins, words(lines, "login")...), append(tokens, words(lines, "token")...)
	}
	if len(logins) != 1 || len(tokens) != 5 {
		t.Fatalf("%d logins, tokens %v", len(logins), tokens)
	}
	for _, token := range tokens {
		if token != "token-"+logins[0] {
			t.Errorf("%s", token)
		}
	}
}

func TestALoginThatFailsIsToldAndNothingIsStored(t *testing.T) {
	clock := newClock()
	token, s := clock.folder(t).Token("account"), &server{clock: clock}
	refused := errors.New("refused")
	if _, _, _, err := token.Fetch("", func() (string, time.Time, time.Time, error) { return "", time.Time{}, time.Time{}, refused }); err != refused {
		t.Errorf("%v", err)
	}
	if value := fetch(t, token, "", s); value != "token-1" {
		t.Error(value)
	}
}

func TestWithoutAFolderEveryoneLogsInAlone(t *testing.T) {
	clock := newClock()
	s := &server{clock: clock}
	var notices []string
	f := New("", func(text string) { notices = append(notices, text) })
	for i := range 2 {
		if value := fetch(t, f.Token("account"), "", s); value != fmt.Sprint("token-", i+1) {
			t.Error(value)
		}
	}
	if len(notices) != 2 || !strings.Contains(notices[0], "WISECX_STATE_DIR") || strings.Contains(strings.Join(notices, ""), "token-") {
		t.Errorf("%q", notices)
	}
}

func TestATokenStandsNowhereButInItsFile(t *testing.T) {
	clock := newClock()
	var notices []string
	f, s := clock.folder(t), &server{clock: clock}
	f.notice = func(text string) { notices = append(notices, text) }
	fetch(t, f.Token("account"), "", s)
	check(t, os.Chmod(f.at("token-"+nameOf("account")+".json"), 0o644))
	fetch(t, f.Token("account"), "", s)
	if strings.Contains(strings.Join(notices, ""), "token-1") {
		t.Errorf("%q", notices)
	}
	entries, err := os.ReadDir(f.path)
	check(t, err)
	holders := 0
	for _, entry := range entries {
		if bytes.Contains(f.content(t, entry.Name()), []byte("token-1")) {
			holders++
		}
		if strings.Contains(entry.Name(), "account") {
			t.Errorf("%s names the account", entry.Name())
		}
	}
	if holders != 1 {
		t.Errorf("it stands in %d files", holders)
	}
}

func TestAStoredTokenThatIsNoneIsNotUsed(t *testing.T) {
	clock := newClock()
	good := storedToken{"stored", clock.at, clock.at.Add(time.Minute), clock.at.Add(time.Hour)}
	stored := func(change func(*storedToken)) string {
		token := good
		change(&token)
		data, err := json.Marshal(token)
		check(t, err)
		return string(data)
	}
	for content, wanted := range map[string]string{
		stored(func(*storedToken) {}):                                         "stored",
		stored(func(s *storedToken) { s.Value = "" }):                         "token-1",
		stored(func(s *storedToken) { s.Value = "two\r\nlines" }):             "token-1",
		stored(func(s *storedToken) { s.Value = "ñ" }):                        "token-1",
		stored(func(s *storedToken) { s.Renew = clock.at }):                   "token-1",
		stored(func(s *storedToken) { s.Expires = clock.at }):                 "token-1",
		stored(func(s *storedToken) { s.At = clock.at.Add(2 * time.Minute) }): "token-1",
		"":                                     "token-1",
		"null":                                 "token-1",
		"[]":                                   "token-1",
		`{"value":7}`:                          "token-1",
		stored(func(*storedToken) {})[:40]:     "token-1",
		strings.Repeat("[", 1<<20):             "token-1",
		string(make([]byte, longestDoc+1<<20)): "token-1",
	} {
		f, s := clock.folder(t), &server{clock: clock}
		f.put(t, "token-"+nameOf("account")+".json", []byte(content))
		if value := fetch(t, f.Token("account"), "", s); value != wanted {
			t.Errorf("%.100q gave %s", content, value)
		}
	}
}

func BenchmarkTokenFetch(b *testing.B) {
	clock := newClock()
	token, s := clock.folder(b).Token("account"), &server{clock: clock}
	b.ReportAllocs()
	for b.Loop() {
		fetch(b, token, "", s)
	}
}

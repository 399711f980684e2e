package state

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

func init() {
	// work begins key after key, and says each thing after it is on disk.
	roles["work"] = func(f *Folder, round string) {
		for i := 0; ; i++ {
			prior, ticket, err := f.Journal().Begin(fmt.Sprintf("%s-%d", round, i), raw(`{"process":%d}`, os.Getpid()), 10*time.Minute)
			switch {
			case err != nil:
				fmt.Println("error", err)
				return
			case prior != nil:
				fmt.Println("prior", prior.ID, i)
				continue
			}
			fmt.Println("begun", ticket.ID, i)
			switch rand.IntN(3) {
			case 0:
				err = ticket.Unknown(nil)
			default:
				err = ticket.Done(raw(`{"key":%d}`, i))
			}
			if err != nil {
				fmt.Println("error", err)
				return
			}
			fmt.Println("ended", ticket.ID, i)
		}
	}
	// race begins 200 keys once it is told to.
	roles["race"] = func(f *Folder, _ string) {
		fmt.Println("ready")
		bufio.NewScanner(os.Stdin).Scan()
		for _, i := range rand.Perm(200) {
			_, ticket, err := f.Journal().Begin(fmt.Sprint("key ", i), raw(`{}`), 10*time.Minute)
			if err != nil {
				fmt.Println("error", err)
			}
			if ticket != nil {
				fmt.Println("begun", i)
				if err := ticket.Done(nil); err != nil {
					fmt.Println("error", err)
				}
			}
		}
	}
	// hold begins a key and never ends it.
	roles["hold"] = func(f *Folder, key string) {
		_, ticket, err := f.Journal().Begin(key, raw(`{}`), 10*time.Minute)
		fmt.Println(ticket.ID, err)
		time.Sleep(time.Minute)
		fmt.Println(ticket.Done(nil))
	}
	// log adds lines with a count to the audit log, which is rotated often.
	roles["log"] = func(f *Folder, round string) {
		audit := f.Audit()
		audit.size = 8 << 10
		for i := range 250 { // two processes fill three files: the oldest lines are not yet removed
			entry := raw(`{"round":%q,"process":%d,"line":%d}`, round, os.Getpid(), i)
			if err := audit.Append(entry); err != nil {
				fmt.Println("error", err)
				return
			}
			fmt.Println(string(entry))
		}
		time.Sleep(time.Minute)
	}
	roles["count"] = func(f *Folder, times string) {
		n, _ := strconv.Atoi(times)
		numbers := f.Numbers("account")
		fmt.Println("ready")
		for range n {
			for numbers.Do(540, func(numbers []int64) { numbers[0]++; numbers[539]++ }) != nil {
			}
		}
	}
}

func TestNothingBegunIsLostOrBegunTwiceWhenProcessesAreKilled(t *testing.T) {
	f := newFolder(t)
	said := map[string]Outcome{} // id -> what its process had said before it was killed
	kills := 0
	for round := range 60 {
		var processes []*process
		for range 2 {
			processes = append(processes, start(t, command("work", f.path, fmt.Sprint(round))))
		}
		for _, p := range processes {
			p.awaitFirst(t)
		}
		for _, p := range processes {
			time.Sleep(rand.N(8 * time.Millisecond))
			lines := p.kill()
			kills++
			if problems := words(lines, "error"); len(problems) > 0 {
				t.Fatalf("%v: %s", problems, lines[len(lines)-1])
			}
			for _, id := range words(lines, "begun") {
				said[id] = begun
			}
			for _, id := range words(lines, "ended") {
				said[id] = Done
			}
		}
		// What was begun stays so for whoever comes next, and nobody is thought to be at it any more.
		if _, ticket, err := f.Journal().Begin(fmt.Sprintf("%d-0", round), raw(`{}`), 10*time.Minute); ticket != nil || err != nil {
			t.Fatalf("round %d begins again, %v", round, err)
		}
	}
	begunOf, ended := map[string]string{}, map[string]bool{} // key -> id, id -> true
	for _, r := range f.records(t) {
		if r.Outcome != begun {
			ended[r.ID] = true
		} else if begunOf[r.Key] != "" {
			t.Errorf("one key was begun by %s and %s", begunOf[r.Key], r.ID)
		} else {
			begunOf[r.Key] = r.ID
			_, isKnown := said[r.ID]
			if outcome, err := presentOf(f, r); err != nil || outcome != Unknown {
				t.Errorf("%s (said: %t) is thought to be %s, %v", r.ID, isKnown, outcome, err)
			}
		}
	}
	isBegun := map[string]bool{}
	for _, id := range begunOf {
		isBegun[id] = true
	}
	for id, outcome := range said {
		if !isBegun[id] || outcome == Done && !ended[id] {
			t.Errorf("%s was said to be %s and is not in the file", id, outcome)
		}
	}
	t.Logf("%d kills, %d keys begun, %d of them ended", kills, len(begunOf), len(ended))
	if len(said) < kills {
		t.Errorf("only %d entries, too few to show anything", len(said))
	}
}

// presentOf tells what an entry without an end is.
func presentOf(f *Folder, r record) (outcome Outcome, err error) {
	return outcome, f.withBook(func(b *book) error {
		outcome, err = b.present(r)
		return err
	})
}

func TestEightProcessesBeginEachKeyOnce(t *testing.T) {
	f := newFolder(t)
	var processes []*process
	var inputs []io.Closer
	for range 8 {
		racer := command("race", f.path, "")
		input, err := racer.StdinPipe()
		check(t, err)
		p := start(t, racer)
		p.awaitFirst(t)
		processes, inputs = append(processes, p), append(inputs, input)
	}
	began := time.Now()
	for _, input := range inputs {
		check(t, input.Close())
	}
	times, by := map[string]int{}, 0
	for _, p := range processes {
		lines := p.lines(t)
		if problems := words(lines, "error"); len(problems) > 0 {
			t.Fatal(lines)
		}
		keys := words(lines, "begun")
		if len(keys) > 0 {
			by++
		}
		for _, key := range keys {
			times[key]++
		}
	}
	t.Logf("200 keys begun and 1,400 found by 8 processes in %s", time.Since(began))
	for key, n := range times {
		if n != 1 {
			t.Errorf("key %s was begun %d times", key, n)
		}
	}
	if len(times) != 200 || by < 2 || len(f.records(t)) != 400 {
		t.Errorf("%d keys by %d processes, %d lines", len(times), by, len(f.records(t)))
	}
}

func TestAnotherProcessIsKnownToWorkUntilItDies(t *testing.T) {
	f := newFolder(t)
	p := start(t, command("hold", f.path, "key"))
	p.awaitFirst(t)
	if entry := prior(t, f.Journal(), "key"); entry.Outcome != Working {
		t.Fatalf("%+v", entry)
	}
	p.kill()
	entry := prior(t, f.Journal(), "key")
	if entry.Outcome != Unknown {
		t.Fatalf("%+v", entry)
	}
	if _, err := f.Journal().Resolve(entry.ID, Failed, nil); err != nil {
		t.Fatal(err)
	}
	begin(t, f.Journal(), "key")
}

func TestNothingIsLostWhileOldLinesAreRemoved(t *testing.T) {
	for range 10 {
		f := newFolder(t)
		old(t, f, 2<<20)
		var processes []*process
		for i := range 4 {
			processes = append(processes, start(t, command("work", f.path, fmt.Sprint(i))))
		}
		processes[0].awaitFirst(t)
		time.Sleep(rand.N(20 * time.Millisecond))
		isThere := map[string]bool{}
		var said []string
		for _, p := range processes {
			said = append(said, words(p.kill(), "begun")...)
		}
		check(t, begin(t, f.Journal(), "last").Done(nil))
		for _, r := range f.records(t) {
			isThere[r.ID] = true
		}
		for _, id := range said {
			if !isThere[id] {
				t.Fatalf("%s was begun and is not in the file", id)
			}
		}
		if info, err := os.Stat(f.at(journalName)); err != nil || info.Size() > 1<<20 {
			t.Fatalf("it has %d bytes, %v", info.Size(), err)
		}
	}
}

func TestNoLineOfTheAuditLogIsLostWhenProcessesAreKilledWhileItIsRotated(t *testing.T) {
	f := newFolder(t)
	audit := f.Audit()
	audit.size = 8 << 10
	for round := range 30 {
		var processes []*process
		for range 2 {
			processes = append(processes, start(t, command("log", f.path, fmt.Sprint(round))))
		}
		for _, p := range processes {
			p.awaitFirst(t)
		}
		time.Sleep(rand.N(15 * time.Millisecond))
		var said []string
		for _, p := range processes {
			said = append(said, p.kill()...)
		}
		isThere := map[string]bool{}
		for entry, err := range audit.Lines(false) {
			check(t, err)
			isThere[string(entry)] = true
		}
		for i, text := range said {
			if !isThere[text] {
				t.Fatalf("round %d: line %d of %d is lost: %s", round, i, len(said), text)
			}
		}
	}
	for age := range 3 {
		if size := len(f.content(t, auditName(age))); size > int(audit.size)+200 {
			t.Errorf("%s has %d bytes", auditName(age), size)
		}
	}
}

func TestProcessesCountTogether(t *testing.T) {
	f := newFolder(t)
	var processes []*process
	for range 4 {
		processes = append(processes, start(t, command("count", f.path, "2000")))
	}
	for _, p := range processes {
		p.lines(t)
	}
	check(t, f.Numbers("account").Do(540, func(numbers []int64) {
		if numbers[0] != 8000 || numbers[539] != 8000 {
			t.Errorf("counted %d and %d", numbers[0], numbers[539])
		}
	}))
}

func TestNumbersStayWholeWhenProcessesAreKilled(t *testing.T) {
	f := newFolder(t)
	var least int64
	for range 40 {
		p := start(t, command("count", f.path, "1000000"))
		p.awaitFirst(t)
		time.Sleep(rand.N(8 * time.Millisecond))
		p.kill()
		check(t, f.Numbers("account").Do(540, func(numbers []int64) {
			if numbers[0] != numbers[539] || numbers[0] < least {
				t.Errorf("counted %d and %d, and %d before", numbers[0], numbers[539], least)
			}
			least = numbers[0]
		}))
	}
	if least < 100 { // how many there are depends on how busy the machine is
		t.Errorf("only %d counts, too few to show anything", least)
	}
}

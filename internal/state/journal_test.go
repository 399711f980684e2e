package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWhatIsDoneIsGivenInsteadOfBegunAgain(t *testing.T) {
	f := newFolder(t)
	ticket := begin(t, f.Journal(), "reply 1")
	check(t, ticket.Done(raw(`{"outcome": "done", "id": 9007199254740993}`)))
	entry := prior(t, New(f.path, nil).Journal(), "reply 1")
	if entry.Outcome != Done || entry.ID != ticket.ID || string(entry.Receipt) != `{"outcome":"done","id":9007199254740993}` || string(entry.Note) != `{"about":"reply 1"}` {
		t.Errorf("%+v", entry)
	}
	if time.Since(entry.Begun) > time.Minute || time.Since(entry.Begun) < 0 {
		t.Errorf("begun %s", entry.Begun)
	}
	check(t, begin(t, f.Journal(), "reply 2").Failed())
}

func TestADefiniteFailureIsNotRemembered(t *testing.T) {
	j := newFolder(t).Journal()
	check(t, begin(t, j, "key").Failed())
	check(t, begin(t, j, "key").Failed())
	check(t, begin(t, j, "key").Done(nil))
	if entry := prior(t, j, "key"); entry.Outcome != Done || entry.Receipt != nil {
		t.Errorf("%+v", entry)
	}
}

func TestAFailureHidesNothingThatWasBefore(t *testing.T) {
	j := newFolder(t).Journal()
	first := begin(t, j, "key")
	check(t, first.Unknown(raw(`{"look":"there"}`)))
	_, again, err := j.Begin("key", raw(`{}`), 0)
	check(t, err)
	check(t, again.Failed())
	if entry := prior(t, j, "key"); entry.ID != first.ID || entry.Outcome != Unknown || string(entry.Receipt) != `{"look":"there"}` {
		t.Errorf("%+v", entry)
	}
}

func TestWhatIsBeingDoneIsWorkingUntilItsTicketEnds(t *testing.T) {
	f := newFolder(t)
	ticket := begin(t, f.Journal(), "key")
	entry := prior(t, New(f.path, nil).Journal(), "key")
	if entry.Outcome != Working || entry.ID != ticket.ID {
		t.Fatalf("%+v", entry)
	}
	if entry, err := f.Journal().Resolve(ticket.ID, Failed, nil); !errors.Is(err, ErrWorking) || entry.Outcome != Working {
		t.Errorf("%+v, %v", entry, err)
	}
	check(t, ticket.Done(nil))
	if entry := prior(t, f.Journal(), "key"); entry.Outcome != Done {
		t.Errorf("%+v", entry)
	}
}

func TestManyAreWorkedAtAtOnceAndLeaveNoMoreFilesThanThat(t *testing.T) {
	f := newFolder(t)
	for range 3 {
		var tickets []*Ticket
		for i := range 20 {
			tickets = append(tickets, begin(t, f.Journal(), fmt.Sprint(i)))
		}
		for i, ticket := range tickets {
			if entry := prior(t, f.Journal(), fmt.Sprint(i)); entry.Outcome != Working || entry.ID != ticket.ID {
				t.Errorf("%+v", entry)
			}
			check(t, ticket.Failed())
		}
	}
	if files, _ := filepath.Glob(f.at("working-*")); len(files) != 20 {
		t.Errorf("%v", files)
	}
}

func TestAPlaceThatAnotherTookSinceTellsNothing(t *testing.T) {
	f := newFolder(t)
	ticket := begin(t, f.Journal(), "first")
	ticket.alive.Close() // as when its process dies
	other := begin(t, f.Journal(), "second")
	if ticket.record.Place != other.record.Place {
		t.Fatalf("places %d and %d", ticket.record.Place, other.record.Place)
	}
	if entry := prior(t, f.Journal(), "first"); entry.Outcome != Unknown {
		t.Errorf("%+v", entry)
	}
	if entry := prior(t, f.Journal(), "second"); entry.Outcome != Working {
		t.Errorf("%+v", entry)
	}
}

func TestATicketThatIsForgottenIsUnknown(t *testing.T) {
	j := newFolder(t).Journal()
	begin(t, j, "key")
	for range 100 {
		runtime.GC()
		if prior(t, j, "key").Outcome == Unknown {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it is still thought to be worked at")
}

func TestATicketEndsOnce(t *testing.T) {
	f := newFolder(t)
	ticket := begin(t, f.Journal(), "key")
	contains(t, ticket.Done(raw(`{"torn`)), "the receipt", "JSON")
	check(t, ticket.Done(raw(`1`)))
	check(t, ticket.Unknown(nil))
	check(t, ticket.Failed())
	if entry := prior(t, f.Journal(), "key"); entry.Outcome != Done || len(f.records(t)) != 2 {
		t.Errorf("%+v after %d lines", entry, len(f.records(t)))
	}
}

func TestAnEntryIsForgottenAfterItsTime(t *testing.T) {
	clock := newClock()
	j := clock.folder(t).Journal()
	ticket := begin(t, j, "key")
	clock.pass(9 * time.Minute)
	check(t, ticket.Done(nil))
	clock.pass(10*time.Minute - time.Millisecond)
	if entry := prior(t, j, "key"); !entry.Begun.Equal(at("2026-11-22 12:30:00")) {
		t.Errorf("%+v", entry)
	}
	clock.pass(time.Millisecond)
	begin(t, j, "key")
}

func TestAClockThatIsSetBackMakesNothingForgottenAndNothingStay(t *testing.T) {
	for _, back := range []time.Duration{time.Millisecond, time.Minute, 30 * time.Minute, 20 * 365 * 24 * time.Hour} {
		clock := newClock()
		j := clock.folder(t).Journal()
		check(t, begin(t, j, "first").Done(nil))
		clock.pass(5 * time.Minute)
		check(t, begin(t, j, "second").Done(nil))
		clock.pass(-back)
		prior(t, j, "first")
		prior(t, j, "second")
		check(t, begin(t, j, "third").Done(nil)) // from here on the time passes again
		clock.pass(5 * time.Minute)
		prior(t, j, "second")
		begin(t, j, "first")
		clock.pass(5 * time.Minute)
		begin(t, j, "second")
	}
}

func TestTheJournalsClockDoesNotDriftFromTheWallClock(t *testing.T) {
	clock := newClock()
	clock.tick = 1700 * time.Microsecond
	f := clock.folder(t)
	for i := range 100 {
		check(t, begin(t, f.Journal(), fmt.Sprint(i)).Done(nil))
	}
	for _, r := range f.records(t) {
		if r.At != r.Time.UnixMilli() {
			t.Fatalf("%d at %s", r.At, r.Time)
		}
	}
}

func TestWithinZeroBeginsWhateverWasBefore(t *testing.T) {
	j := newFolder(t).Journal()
	ticket := begin(t, j, "key")
	for _, within := range []time.Duration{0, -time.Hour} {
		if prior, again, err := j.Begin("key", raw(`{}`), within); prior != nil || again == nil || err != nil {
			t.Fatal(prior, err)
		}
	}
	check(t, ticket.Done(nil))
}

func TestAnUnknownEntryIsResolved(t *testing.T) {
	j := newFolder(t).Journal()
	ticket := begin(t, j, "key")
	check(t, ticket.Unknown(nil))
	entry, err := j.Resolve(ticket.ID, Unknown, raw(`{"tries":2}`))
	if err != nil || entry.Outcome != Unknown || string(entry.Receipt) != `{"tries":2}` {
		t.Fatalf("%+v, %v", entry, err)
	}
	entry, err = j.Resolve(ticket.ID, Done, raw(`{"found":true}`))
	if err != nil || entry.Outcome != Done || string(entry.Receipt) != `{"found":true}` || string(entry.Note) != `{"about":"key"}` {
		t.Fatalf("%+v, %v", entry, err)
	}
	// Another process looked too, and did not find it.
	if entry, err = j.Resolve(ticket.ID, Failed, nil); err != nil || entry.Outcome != Done {
		t.Errorf("%+v, %v", entry, err)
	}
	if entry := prior(t, j, "key"); entry.Outcome != Done || string(entry.Receipt) != `{"found":true}` {
		t.Errorf("%+v", entry)
	}
}

func TestWhatCertainlyDidNotHappenMayBeginAgain(t *testing.T) {
	j := newFolder(t).Journal()
	ticket := begin(t, j, "key")
	check(t, ticket.Unknown(nil))
	if entry, err := j.Resolve(ticket.ID, Failed, nil); err != nil || entry.Outcome != Failed {
		t.Fatalf("%+v, %v", entry, err)
	}
	begin(t, j, "key")
}

func TestOnlyWhatIsKnownIsResolvedAndOnlyAsAnEnd(t *testing.T) {
	j := newFolder(t).Journal()
	ticket := begin(t, j, "key")
	for _, id := range []string{"", "key", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "../../etc/passwd", strings.Repeat("A", 1<<20), "\x00"} {
		_, err := j.Resolve(id, Done, nil)
		contains(t, err, "no entry")
	}
	for _, outcome := range []Outcome{"", Working, begun, "later"} {
		_, err := j.Resolve(ticket.ID, outcome, nil)
		contains(t, err, "nothing ends as")
	}
	_, err := j.Resolve(ticket.ID, Done, raw(`{`))
	contains(t, err, "the receipt is no JSON")
}

func TestNotesAreCheckedBeforeAnythingBegins(t *testing.T) {
	f := newFolder(t)
	for _, note := range []string{"", "{", "{}{}", "\x00", `{"a":"` + strings.Repeat("x", longest) + `"}`} {
		_, _, err := f.Journal().Begin("key", raw("%s", note), time.Minute)
		contains(t, err, "the note")
	}
	if _, err := os.Stat(f.path); err == nil {
		t.Error("the folder was made")
	}
}

func TestKeysAndNotesOfAnyKindAreKept(t *testing.T) {
	f := newFolder(t)
	keys := []string{"", "a\nb", "{\"at\":1,", "ñ\xff\x00", "../../x", strings.Repeat("key", 1<<20)}
	note := raw("{\n\"text\": \"<b>&\u2028\\u0000 %s\"}", strings.Repeat("<", longest-100))
	for _, key := range keys {
		_, ticket, err := f.Journal().Begin(key, note, time.Hour)
		check(t, err)
		check(t, ticket.Done(note))
	}
	var compact bytes.Buffer
	check(t, json.Compact(&compact, note))
	for _, key := range keys {
		if entry := prior(t, f.Journal(), key); !bytes.Equal(entry.Note, compact.Bytes()) || !bytes.Equal(entry.Receipt, compact.Bytes()) {
			t.Errorf("%.20q: the note has %d bytes and had %d", key, len(entry.Note), compact.Len())
		}
	}
	if content := f.content(t, journalName); bytes.Contains(content, []byte("keykey")) {
		t.Error("a key stands in the file")
	}
}

// garbage is what may stand in a file by accident.
var garbage = []string{
	"{", "null", "[]", "\x00\x00\x00\x00", "{}", `{"at":1}`, `{"at":1,"time":"2026-11-22T12:30:00Z"}`,
	`{"at":99999999999999999999,"id":"x"}`, `{"at":-5,"id":"x"}`, `{"at":9007199254740993,"time":"2026-11-22T12:30:00Z","key":"k","id":"AAAAAAAAAAAAAAAAAAAAAAAAAA","outcome":"done"}`,
	`{"at":1795350600000,"time":"9999-11-22T12:30:00Z","key":"k","id":"AAAAAAAAAAAAAAAAAAAAAAAAAA","outcome":"done"}`,
	`{"at":1795350600000,"time":"2026-11-22T12:30:00Z","key":"k","id":"../../../../etc/passwd.....","outcome":"begun"}`,
	`{"at":1,"at":1795350600000,"key":7,"id":{},"outcome":[]}`, strings.Repeat("x", 100_000), "\xff\xfe", "\r",
}

func TestGarbageInTheJournalIsSkipped(t *testing.T) {
	clock := newClock()
	f := clock.folder(t)
	ticket := begin(t, f.Journal(), "key")
	check(t, ticket.Done(nil))
	good := f.content(t, journalName)
	for _, text := range append(garbage, strings.Join(garbage, "\n")) {
		f.put(t, journalName, fmt.Appendf(nil, "%s\n%s%s\n%s", text, good, text, text))
		if entry := prior(t, f.Journal(), "key"); entry.Outcome != Done {
			t.Errorf("after %.50q: %+v", text, entry)
		}
		check(t, begin(t, f.Journal(), "other").Failed())
		prior(t, f.Journal(), "key")
	}
}

func TestALineCutAnywhereIsSkippedOrWhole(t *testing.T) {
	clock := newClock()
	f := clock.folder(t)
	check(t, begin(t, f.Journal(), "first").Done(raw(`{"a":[1,2,{"b":"}"}]}`)))
	content := f.content(t, journalName)
	first := bytes.IndexByte(content, '\n') + 1
	for cut := first; cut <= len(content); cut++ {
		f.put(t, journalName, content[:cut])
		wanted := Unknown
		if cut >= len(content)-1 {
			wanted = Done
		}
		if entry := prior(t, f.Journal(), "first"); entry.Outcome != wanted {
			t.Fatalf("cut at %d of %d it is %s", cut, len(content), entry.Outcome)
		}
		check(t, begin(t, f.Journal(), "second").Failed())
		if entry := prior(t, f.Journal(), "first"); entry.Outcome != wanted {
			t.Fatalf("cut at %d of %d it is %s after another line", cut, len(content), entry.Outcome)
		}
	}
}

// old fills the journal with lines of three days ago.
func old(t testing.TB, f *Folder, size int) {
	t.Helper()
	line := record{At: f.now().Add(-3 * Remembered).UnixMilli(), Time: f.now().Add(-3 * Remembered), Key: nameOf("old"),
		Entry: Entry{ID: strings.Repeat("A", 26), Outcome: Done, Note: raw(`%q`, strings.Repeat("x", 1000))}}
	text, err := json.Marshal(line)
	check(t, err)
	f.put(t, journalName, bytes.Repeat(append(text, '\n'), size/len(text)+1))
}

func TestOldLinesAreRemovedAndYoungOnesStay(t *testing.T) {
	clock := newClock()
	f := clock.folder(t)
	old(t, f, 2<<20)
	young, err := json.Marshal(record{At: clock.at.Add(-23 * time.Hour).UnixMilli(), Time: clock.at.Add(-23 * time.Hour), Key: nameOf("young"),
		Entry: Entry{ID: strings.Repeat("B", 26), Outcome: Done}})
	check(t, err)
	f.put(t, journalName, append(f.content(t, journalName), young...))
	check(t, begin(t, f.Journal(), "key").Done(nil))
	if records := f.records(t); len(records) != 3 || records[0].Key != nameOf("young") {
		t.Errorf("%d lines", len(records))
	}
	if entry, _, _ := f.Journal().Begin("young", raw(`{}`), Remembered); entry == nil {
		t.Error("the young one is forgotten")
	}
	if info, err := os.Stat(f.at(journalName)); err != nil || others(info) != 0 {
		t.Errorf("%s, %v", info.Mode(), err)
	}
}

func TestAJournalOfOneDayIsNotMadeShorterAtEachUse(t *testing.T) {
	clock := newClock()
	f := clock.folder(t)
	note := raw(`%q`, strings.Repeat("x", 300<<10))
	for i := range 10 {
		_, ticket, err := f.Journal().Begin(fmt.Sprint(i), note, time.Hour)
		check(t, err)
		check(t, ticket.Done(nil))
	}
	before, err := os.Stat(f.at(journalName))
	check(t, err)
	clock.pass(Remembered + time.Hour)
	begin(t, f.Journal(), "next")
	if after, err := os.Stat(f.at(journalName)); err != nil || !os.SameFile(before, after) {
		t.Error("it was replaced", err)
	}
	clock.pass(Remembered)
	begin(t, f.Journal(), "and next")
	if after, err := os.Stat(f.at(journalName)); err != nil || after.Size() > 10<<10 {
		t.Errorf("it has %d bytes, %v", after.Size(), err)
	}
}

func TestAJournalOfGarbageIsReplaced(t *testing.T) {
	f := newFolder(t)
	f.put(t, journalName, make([]byte, 30<<20))
	check(t, begin(t, f.Journal(), "key").Done(nil))
	if records := f.records(t); len(records) != 2 || len(f.content(t, journalName)) > 10<<10 {
		t.Errorf("%d lines in %d bytes", len(records), len(f.content(t, journalName)))
	}
}

func FuzzJournal(f *testing.F) {
	for _, text := range garbage {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		folder := newFolder(t)
		folder.put(t, journalName, content)
		j := folder.Journal()
		prior, ticket, err := j.Begin("key", raw(`{}`), time.Hour)
		check(t, err)
		if ticket != nil {
			check(t, ticket.Unknown(nil))
			if prior, _, err = j.Begin("key", raw(`{}`), time.Hour); err != nil || prior == nil || prior.ID != ticket.ID {
				t.Fatalf("%+v, %v", prior, err)
			}
		}
		if _, err := j.Resolve(prior.ID, Done, raw(`1`)); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkBeginAndDone(b *testing.B) {
	clock := newClock()
	j := clock.folder(b).Journal()
	note, i := raw(`{"text":%q}`, strings.Repeat("x", 300)), 0
	b.ReportAllocs()
	for b.Loop() {
		i++
		clock.pass(time.Minute) // ten keys are young enough to be looked through
		_, ticket, err := j.Begin(fmt.Sprint(i), note, 10*time.Minute)
		check(b, err)
		check(b, ticket.Done(note))
	}
}

// BenchmarkBeginAmongMany is beside 10,000 others of the last ten minutes.
func BenchmarkBeginAmongMany(b *testing.B) {
	clock := newClock()
	f := clock.folder(b)
	line, err := json.Marshal(record{At: clock.at.UnixMilli(), Time: clock.at, Key: nameOf("other"), Entry: Entry{ID: strings.Repeat("A", 26), Outcome: Done, Note: raw(`%q`, strings.Repeat("x", 300))}})
	check(b, err)
	f.put(b, journalName, bytes.Repeat(append(line, '\n'), 20_000))
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		i++
		_, ticket, err := f.Journal().Begin(fmt.Sprint(i), raw(`{}`), 10*time.Minute)
		check(b, err)
		check(b, ticket.Failed())
	}
}

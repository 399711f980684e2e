package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"time"
)

const (
	journalName  = "journal.jsonl"
	smallJournal = 1 << 20
	latestTime   = 1 << 48 // in ms, some 8,900 years ahead: anything later is garbage
)

// record is a line of the journal. The newest line of an entry says all of it.
type record struct {
	At    int64     `json:"at"`   // in ms, by a clock that never goes back within the file; stands first
	Time  time.Time `json:"time"` // by the wall clock
	Key   string    `json:"key"`
	Place int       `json:"place"` // where it is worked at, see workFile
	Entry
}

// book is the journal's file while it is locked.
type book struct {
	folder *Folder
	root   *os.Root
	file   *os.File
	wall   time.Time
	now    int64 // in ms, as the file counts them
}

func (f *Folder) withBook(do func(*book) error) error {
	return f.locked("journal", lockWait, func(root *os.Root) error {
		b := &book{folder: f, root: root, wall: f.now().UTC()}
		defer func() { b.file.Close() }()
		err := b.open()
		if err == nil {
			b.now, err = b.clock()
		}
		if err == nil {
			err = b.compact()
		}
		if err != nil {
			return err
		}
		return do(b)
	})
}

func (b *book) open() (err error) {
	b.file, err = b.folder.file(b.root, journalName, os.O_RDWR|os.O_CREATE)
	return err
}

// clock gives the time by which entries age. It goes on from the last line: after the wall clock was set
// back, everything is as long ago as it was. To forget early would be to do it twice.
func (b *book) clock() (int64, error) {
	now := b.wall.UnixMilli()
	for line, err := range backward(b.file) {
		if err != nil {
			return 0, err
		}
		if last, ok := recordIn(line.text); ok {
			return max(last.At, now+last.At-last.Time.UnixMilli()), nil
		}
	}
	return now, nil
}

// newest gives, of the entries with a line younger than within, the newest whose last line is wanted. The needle
// stands in every line that can be.
func (b *book) newest(needle string, within time.Duration, isWanted func(record) bool) (*Entry, error) {
	seen, since := map[string]bool{}, b.now-min(within, Remembered).Milliseconds()
	for line, err := range backward(b.file) {
		if err != nil {
			return nil, err
		}
		at, ok := timeOf(line.text)
		isOld := at <= since
		if !ok || !isOld && !bytes.Contains(line.text, []byte(needle)) {
			continue // most lines end here, for a hundredth of what parsing them costs
		}
		r, ok := recordIn(line.text)
		if ok && isOld {
			break
		}
		if !ok || seen[r.ID] || !isWanted(r) {
			seen[r.ID] = true
			continue
		}
		if r.Outcome == begun {
			r.Outcome, err = b.present(r)
		}
		return &r.Entry, err
	}
	return nil, nil
}

// add puts a line at the end.
func (b *book) add(r *record) error {
	r.At, r.Time = b.now, b.wall
	if r.Begun.IsZero() {
		r.Begun = r.Time
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // which would make it longer than it was
	if err := encoder.Encode(r); err != nil {
		return err
	}
	return appendLine(b.root, b.file, bytes.TrimSpace(text.Bytes()))
}

// compact drops the lines older than a day once the first is two days old, so at most once a day.
func (b *book) compact() error {
	info, err := b.file.Stat()
	if err != nil || info.Size() < smallJournal {
		return err
	}
	head := make([]byte, len(`{"at":,`)+20)
	if _, err := b.file.ReadAt(head, 0); err != nil {
		return err
	}
	if at, ok := timeOf(head); ok && at > b.now-2*Remembered.Milliseconds() {
		return nil
	}
	from := info.Size()
	for line, err := range backward(b.file) {
		if err != nil {
			return err
		}
		if r, ok := recordIn(line.text); ok && r.At <= b.now-Remembered.Milliseconds() {
			break
		} else if ok {
			from = line.start
		}
	}
	young := make([]byte, info.Size()-from)
	if _, err := b.file.ReadAt(young, from); err != nil {
		return err
	}
	b.file.Close()
	if err := b.folder.replace(b.root, journalName, young); err != nil {
		b.folder.notice("the journal could not be made shorter: " + b.folder.explain(err).Error())
	}
	return b.open()
}

// workFile is locked while an entry in this place is worked at, and holds its id. So the others know that its
// process lives: the lock ends with the ticket or the process, whichever is first. These files stay, since
// making and removing one each time made the journal's syncs several times as slow.
func workFile(place int) string { return "working-" + strconv.Itoa(place) + ".lock" }

// work takes the first free place for an entry.
func (b *book) work(id string) (place int, alive *os.File, err error) {
	for ; ; place++ {
		alive, err := b.folder.file(b.root, workFile(place), os.O_RDWR|os.O_CREATE)
		if err != nil {
			return 0, nil, err
		}
		got, err := tryLock(alive)
		if got {
			_, err = alive.WriteAt([]byte(id), 0)
		}
		if got && err == nil {
			return place, alive, nil
		}
		alive.Close()
		if err != nil {
			return 0, nil, err
		}
	}
}

// present tells what a begun entry is now.
func (b *book) present(r record) (Outcome, error) {
	alive, err := b.folder.file(b.root, workFile(r.Place), os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		return Unknown, nil
	}
	if err != nil {
		return Unknown, err
	}
	defer alive.Close()
	if got, err := tryLock(alive); err != nil || got {
		return Unknown, err
	}
	id := make([]byte, len(r.ID))
	if _, err := alive.ReadAt(id, 0); err != nil || string(id) != r.ID {
		return Unknown, nil // the place is another entry's by now
	}
	return Working, nil
}

// timeOf reads the first value of a line without the rest.
func timeOf(text []byte) (int64, bool) {
	text, ok := bytes.CutPrefix(text, []byte(`{"at":`))
	digits, _, found := bytes.Cut(text[:min(len(text), 20)], []byte(","))
	at, err := strconv.ParseInt(string(digits), 10, 64)
	return at, ok && found && err == nil && at > 0 && at < latestTime
}

// recordIn reads a line; ok is false for garbage.
func recordIn(text []byte) (r record, ok bool) {
	if at, ok := timeOf(text); !ok || json.Unmarshal(text, &r) != nil || r.At != at {
		return record{}, false
	}
	wall := r.Time.UnixMilli()
	return r, wall > 0 && wall < latestTime && r.ID != "" && r.Key != "" && r.Outcome != ""
}

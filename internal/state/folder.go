// Package state keeps what outlives a process and what several processes on one machine share, in one
// folder: the numbers of the quota, the journal of what was begun, the audit log, and the
// questions that wait for a person.
//
// Nothing is created or opened before its first use, and nothing but the locks of what is being worked at
// and the file of the numbers stays open between uses. Every change is made under a file lock that ends with its process.
package state

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrBusy is a lock that another process did not give up in time.
var ErrBusy = errors.New("another process holds the lock")

const (
	lockWait   = 15 * time.Second // far more than a hundred changes take, on a busy machine too, fsync included
	clockSkew  = time.Minute      // how far a clock may be set back before ends of validity are doubted
	longestDoc = 4 << 20          // a file that is read as a whole, in bytes: a longer one was not written here
)

// prefixes are how the names of all our files begin.
var prefixes = []string{"numbers-", "journal.", "working-", "audit.", "approvals."}

// Folder is the state folder. It is for its owner alone: mode 0700, files 0600. On Windows that is left to the
// access list that a folder of the person's profile inherits.
type Folder struct {
	path   string
	notice func(string)
	now    func() time.Time

	mu    sync.Mutex
	turns map[string]chan struct{} // by subject: who has it is first in line in this process
}

// New gives the folder with this path; nothing is done with it yet. notice hears of what was put right, such as a
// mode, and of what goes on in a lesser way; it may be called from several goroutines. nil is nobody.
func New(path string, notice func(string)) *Folder {
	if notice == nil {
		notice = func(string) {}
	}
	return &Folder{path: path, notice: notice, now: time.Now}
}

// open gives the folder, which is made if it is not there. No name leads out of an os.Root.
func (f *Folder) open() (*os.Root, error) {
	if f.path == "" {
		return nil, errors.New("there is no folder to keep state in; set WISECX_STATE_DIR to one")
	}
	root, err := os.OpenRoot(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(f.path, 0o700); err == nil {
			root, err = os.OpenRoot(f.path)
		}
	}
	if err != nil {
		return nil, f.explain(err)
	}
	if err := f.secure(root); err != nil {
		root.Close()
		return nil, f.explain(err)
	}
	return root, nil
}

// secure refuses a folder of somebody else, and closes one that others may enter. One that holds other
// things too, such as /tmp or a home, is not ours to close: it is refused if others may write there, and left as it is if not.
func (f *Folder) secure(root *os.Root) error {
	info, err := root.Stat(".")
	if err != nil || isOwn(info) && others(info) == 0 {
		return err
	}
	if !isOwn(info) {
		return errors.New("it belongs to another user")
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !isOurs(e.Name()) }) {
		if others(info)&0o022 != 0 {
			return fmt.Errorf("other users may write there (%s), and it holds other things", info.Mode())
		}
		return nil
	}
	f.notice(fmt.Sprintf("the state folder %s was open to other users (%s) and is now closed to them", f.path, info.Mode()))
	return root.Chmod(".", 0o700)
}

func isOurs(name string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// file opens a plain file of the folder. Whatever else stands under its name is refused: a link may lead to
// another file, and a pipe would block.
func (f *Folder) file(root *os.Root, name string, flag int) (*os.File, error) {
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no plain file (%s) and has to be removed", name, info.Mode())
	}
	file, err := root.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case !isOwn(info):
		err = fmt.Errorf("%s belongs to another user and has to be removed", name)
	case others(info) != 0:
		f.notice(fmt.Sprintf("%s was open to other users (%s) and is now closed to them", filepath.Join(f.path, name), info.Mode()))
		err = file.Chmod(0o600)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// locked runs do alone, among all goroutines and processes, for the files of one subject.
func (f *Folder) locked(subject string, wait time.Duration, do func(root *os.Root) error) error {
	until := time.Now().Add(wait)
	turn := f.turn(subject)
	if !enter(turn, wait) {
		return f.explain(ErrBusy)
	}
	defer func() { <-turn }()
	root, err := f.open()
	if err != nil {
		return err
	}
	defer root.Close()
	lock, err := f.file(root, subject+".lock", os.O_RDWR|os.O_CREATE)
	if err != nil {
		return f.explain(err)
	}
	defer lock.Close() // which unlocks
	if err := acquire(lock, time.Until(until)); err != nil {
		return f.explain(err)
	}
	return f.explain(do(root))
}

// turn is where the goroutines of this process line up for a subject. A file's lock is not given in turn: whoever
// asks at the right moment gets it, and of many that ask one may never be lucky.
func (f *Folder) turn(subject string) chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.turns == nil {
		f.turns = map[string]chan struct{}{}
	}
	if f.turns[subject] == nil {
		f.turns[subject] = make(chan struct{}, 1)
	}
	return f.turns[subject]
}

func enter(turn chan struct{}, wait time.Duration) bool {
	select {
	case turn <- struct{}{}:
		return true
	default:
	}
	select {
	case turn <- struct{}{}:
		return true
	case <-time.After(wait):
		return false
	}
}

// load reads a JSON document into v. It tells whether there was one: garbage is none.
func (f *Folder) load(root *os.Root, name string, v any) (bool, error) {
	file, err := f.file(root, name, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, longestDoc))
	return err == nil && json.Unmarshal(data, v) == nil, err
}

// store puts a JSON document in the place of another. The caller has the lock.
func (f *Folder) store(root *os.Root, name string, v any) error {
	data, err := json.Marshal(v)
	if err == nil && len(data) >= longestDoc {
		err = fmt.Errorf("%s would grow beyond %d bytes", name, longestDoc)
	}
	if err != nil {
		return err
	}
	return f.replace(root, name, data)
}

// replace makes a file that is there as a whole, or as it was before. The caller has the lock.
func (f *Folder) replace(root *os.Root, name string, data []byte) error {
	file, err := f.file(root, name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	if _, err = file.Write(data); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = root.Rename(name+".new", name)
	}
	if err != nil {
		_ = root.Remove(name + ".new") // for the room on a full disk
		return err
	}
	syncNames(root)
	return nil
}

// syncNames brings new names to disk, where the system can: only a machine that fails would lose them.
func syncNames(root *os.Root) {
	if folder, err := root.Open("."); err == nil {
		_ = folder.Sync()
		folder.Close()
	}
}

// explain names the folder and says what to do.
func (f *Folder) explain(err error) error {
	is := func(causes ...error) bool {
		return slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) })
	}
	advice := "mend that, or set WISECX_STATE_DIR to another folder"
	switch {
	case err == nil:
		return nil
	case is(ErrBusy):
		advice = "try again; if it lasts, a wisecx-mcp process hangs and has to be ended"
	case is(syscall.ENOSPC, syscall.EDQUOT):
		advice = "its disk is full: free some space, or set WISECX_STATE_DIR to a folder on another disk"
	case is(syscall.ENOLCK, errors.ErrUnsupported):
		advice = "files cannot be locked there: set WISECX_STATE_DIR to a folder on a local disk"
	case is(fs.ErrPermission, syscall.EROFS):
		advice = "let this user write there, or set WISECX_STATE_DIR to another folder"
	}
	return fmt.Errorf("state folder %s: %w; %s", f.path, err, advice)
}

// nameOf makes any text fit for the name of a file, and hides it.
func nameOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

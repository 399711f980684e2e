package state

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// uses is one use of everything that the folder keeps.
var uses = map[string]func(f *Folder) error{
	"journal": func(f *Folder) error {
		_, _, err := f.Journal().Begin("key", raw(`{}`), 0)
		return err
	},
	"audit":     func(f *Folder) error { return f.Audit().Append(raw(`{}`)) },
	"numbers":   func(f *Folder) error { return f.Numbers("account").Do(3, func([]int64) {}) },
	"approvals": func(f *Folder) error { return f.Approvals().Ask("id", raw(`{}`), f.now().Add(time.Hour)) },
	"audit's lines": func(f *Folder) error {
		for _, err := range f.Audit().Lines(true) {
			return err
		}
		return nil
	},
}

func TestNothingIsMadeBeforeItsFirstUse(t *testing.T) {
	f := newFolder(t)
	f.Journal()
	f.Audit()
	f.Numbers("account")
	f.Approvals()
	if _, err := os.Lstat(f.path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the folder is there: %v", err)
	}
}

func TestFolderAndFilesAreForTheirOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	f := New(filepath.Join(t.TempDir(), "deep", "state"), nil)
	for _, use := range uses {
		check(t, use(f))
	}
	count := 0
	check(t, filepath.WalkDir(f.path, func(path string, entry fs.DirEntry, problem error) error {
		check(t, problem)
		info, err := entry.Info()
		if others(info) != 0 {
			t.Errorf("%s is open to others: %s", path, info.Mode())
		}
		if !entry.IsDir() && !isOurs(entry.Name()) {
			t.Errorf("%s is not known as ours", path)
		}
		count++
		return err
	}))
	if count < 8 {
		t.Errorf("only %d files", count)
	}
}

func TestAFolderThatWasOpenToOthersIsClosedAndThatIsSaid(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	for name, use := range uses {
		var notices []string
		f := New(t.TempDir(), func(text string) { notices = append(notices, text) })
		check(t, os.Chmod(f.path, 0o777))
		check(t, use(f))
		info, err := os.Stat(f.path)
		check(t, err)
		if info.Mode().Perm() != 0o700 || len(notices) != 1 || !strings.Contains(notices[0], f.path) {
			t.Errorf("%s: %s, %q", name, info.Mode(), notices)
		}
	}
}

func TestAFileThatWasOpenToOthersIsClosedAndThatIsSaid(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	var notices []string
	f := New(t.TempDir(), func(text string) { notices = append(notices, text) })
	check(t, os.Chmod(f.path, 0o700))
	f.put(t, "audit.jsonl", nil)
	check(t, os.Chmod(f.at("audit.jsonl"), 0o644))
	check(t, f.Audit().Append(raw(`1`)))
	info, err := os.Stat(f.at("audit.jsonl"))
	check(t, err)
	if info.Mode().Perm() != 0o600 || len(notices) != 1 || !strings.Contains(notices[0], f.at("audit.jsonl")) {
		t.Errorf("%s, %q", info.Mode(), notices)
	}
}

func TestAFolderWithOtherThingsKeepsItsMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	for mode, wanted := range map[os.FileMode]string{0o755: "", 0o777: "other users may write there", 0o777 | os.ModeSticky: "other users may write there"} {
		f := New(t.TempDir(), nil)
		f.put(t, "letters.txt", nil)
		check(t, os.Chmod(f.path, mode))
		for name, use := range uses {
			if err := use(f); wanted == "" && err != nil {
				t.Errorf("%s with %s: %v", name, mode, err)
			} else if wanted != "" {
				contains(t, err, wanted, f.path, "WISECX_STATE_DIR")
			}
		}
		if info, err := os.Stat(f.path); err != nil || info.Mode()&^os.ModeDir != mode {
			t.Errorf("the mode is %s and was %s", info.Mode(), mode)
		}
	}
}

func TestWithoutAUsableFolderTheErrorSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	for name, use := range uses {
		contains(t, use(New("", nil)), "set WISECX_STATE_DIR")
		for _, path := range []string{file, filepath.Join(file, "below"), "a\x00b"} {
			err := use(New(path, nil))
			contains(t, err, "state folder "+path, "set WISECX_STATE_DIR")
			if t.Failed() {
				t.Fatal(name)
			}
		}
	}
}

func TestALinkInThePlaceOfAFileIsNotFollowed(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "precious")
	check(t, os.WriteFile(outside, []byte("precious"), 0o600))
	for _, target := range []string{outside, "approvals.json", "../precious", "nowhere"} {
		names := []string{journalName, "journal.lock", "audit.jsonl", "audit.lock", "approvals.json", "approvals.json.new", "approvals.lock", "numbers-" + nameOf("account")}
		for _, name := range names {
			f := newFolder(t)
			check(t, os.MkdirAll(f.path, 0o700))
			if err := os.Symlink(target, f.at(name)); err != nil {
				t.Skip(err)
			}
			use := uses[strings.SplitN(strings.SplitN(name, ".", 2)[0], "-", 2)[0]]
			contains(t, use(f), name, "no plain file", "removed", f.path)
			if info, err := os.Lstat(f.at(name)); err != nil || info.Mode().Type() != fs.ModeSymlink {
				t.Errorf("%s: the link is gone", name)
			}
		}
	}
	if content, _ := os.ReadFile(outside); string(content) != "precious" {
		t.Errorf("the file outside holds %q", content)
	}
}

func TestAFolderInThePlaceOfAFileIsRefused(t *testing.T) {
	for _, name := range []string{journalName, "journal.lock"} {
		f := newFolder(t)
		check(t, os.MkdirAll(f.at(name), 0o700))
		contains(t, uses["journal"](f), name, "no plain file")
	}
}

func TestTheFolderMayBeRemovedAtAnyTime(t *testing.T) {
	f := newFolder(t)
	ticket := begin(t, f.Journal(), "key")
	for _, use := range uses {
		check(t, use(f))
	}
	check(t, os.RemoveAll(f.path))
	check(t, ticket.Done(raw(`{"id":1}`)))
	for _, use := range uses {
		check(t, use(f))
	}
}

func TestALockThatIsHeldIsNotWaitedForWithoutEnd(t *testing.T) {
	f := newFolder(t)
	check(t, f.locked("audit", time.Second, func(*os.Root) error {
		began := time.Now()
		err := f.locked("audit", 50*time.Millisecond, func(*os.Root) error { t.Error("both are in"); return nil })
		if !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
		contains(t, err, f.path, "try again")
		if waited := time.Since(began); waited < 50*time.Millisecond || waited > time.Minute {
			t.Errorf("waited %s", waited)
		}
		return nil
	}))
	check(t, f.locked("audit", 0, func(*os.Root) error { return nil }))
}

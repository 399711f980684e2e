package state

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func init() {
	// full uses everything on a disk of its own without room, and again with room.
	roles["full"] = func(f *Folder, _ string) {
		if err := syscall.Mount("none", filepath.Dir(f.path), "tmpfs", 0, "size=64k"); err != nil {
			fmt.Println("skip", err)
			return
		}
		tell := func(when string) {
			for name, use := range uses {
				fmt.Println(when, name, use(f))
			}
		}
		tell("before")
		filler := f.at("audit.filler")
		_ = os.WriteFile(filler, make([]byte, 64<<10), 0o600)
		if info, err := os.Stat(filler); err == nil {
			_ = os.Truncate(filler, info.Size()-12<<10) // what is half written finds room for its beginning
		}
		sizes := sizesOf(f)
		_, ticket, err := f.Journal().Begin("large", raw(`%q`, strings.Repeat("x", 100<<10)), 0)
		fmt.Println("full begin", ticket == nil, err)
		fmt.Println("full append", f.Audit().Append(raw(`%q`, strings.Repeat("x", 100<<10))))
		fmt.Println("full ask", f.Approvals().Ask("large", raw(`%q`, strings.Repeat("x", 100<<10)), f.now().Add(lockWait)))
		if after := sizesOf(f); !slices.Equal(after, sizes) {
			fmt.Println("changed", sizes, after)
		}
		fmt.Println("full numbers", f.Numbers("account").Do(20_000, func([]int64) {}))
		_ = os.Remove(filler)
		tell("after")
	}
	// read-only uses everything in a folder that cannot be written.
	roles["read-only"] = func(f *Folder, how string) {
		if how == "mode" && os.Geteuid() == 0 {
			if err := errors.Join(os.Chown(filepath.Dir(f.path), 65534, 65534), becomeNobody()); err != nil {
				fmt.Println("skip", err)
				return
			}
		}
		for _, use := range uses {
			_ = use(f)
		}
		var err error
		if how == "mount" {
			err = syscall.Mount("none", f.path, "tmpfs", syscall.MS_RDONLY, "mode=700")
		} else {
			err = errors.Join(os.Remove(f.at("audit.lock")), os.Remove(f.at("numbers-"+nameOf("account"))), os.Remove(f.at("approvals.lock")), os.Chmod(f.path, 0o500))
		}
		if err != nil {
			fmt.Println("skip", err)
			return
		}
		for name, use := range uses {
			fmt.Println("use", name, use(f))
		}
	}
	// stranger uses everything in a folder of another user, where it may write.
	roles["stranger"] = func(f *Folder, _ string) {
		if err := becomeNobody(); err != nil {
			fmt.Println("skip", err)
			return
		}
		for name, use := range uses {
			fmt.Println("use", name, use(f))
		}
	}
}

func becomeNobody() error { return errors.Join(syscall.Setgid(65534), syscall.Setuid(65534)) }

// sizesOf gives the names and sizes of the files that hold something, those of what is being worked at aside.
func sizesOf(f *Folder) (sizes []string) {
	names, _ := filepath.Glob(f.at("*"))
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Size() > 0 && !strings.Contains(name, "working-") {
			sizes = append(sizes, fmt.Sprint(name, " ", info.Size()))
		}
	}
	return sizes
}

// world is a folder's path that every user can reach.
func world(t *testing.T) string {
	dir, err := os.MkdirTemp("", "state-test-")
	check(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	check(t, os.Chmod(dir, 0o755))
	return filepath.Join(dir, "state")
}

// runAlone runs a role that may mount, in a world of its own, and gives what it printed.
func runAlone(t *testing.T, role, folder, argument string) []string {
	t.Helper()
	probe, alone := exec.Command("true"), command(role, folder, argument)
	probe.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}},
	}
	if err := probe.Run(); err != nil {
		t.Skip("the system gives a test no world of its own: ", err)
	}
	alone.SysProcAttr = probe.SysProcAttr
	return printed(t, start(t, alone))
}

func printed(t *testing.T, p *process) []string {
	t.Helper()
	lines := p.lines(t)
	if len(lines) == 0 {
		t.Fatalf("it printed nothing (%s)", p.command.ProcessState)
	}
	if reason, skip := strings.CutPrefix(lines[0], "skip "); skip {
		t.Skip(reason)
	}
	return lines
}

func TestOnAFullDiskNothingIsChangedAndTheErrorSaysSo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state")
	refused, after := 0, 0
	for _, text := range runAlone(t, "full", folder, "") {
		switch {
		case strings.HasPrefix(text, "full begin true"), strings.HasPrefix(text, "full append"), strings.HasPrefix(text, "full ask"), strings.HasPrefix(text, "full numbers"):
			refused++
			if !strings.Contains(text, "state folder "+folder) || !strings.Contains(text, "free some space") {
				t.Error(text)
			}
		case strings.HasPrefix(text, "after "), strings.HasPrefix(text, "before "):
			after++
			if !strings.HasSuffix(text, "<nil>") && !strings.Contains(text, ErrAsked.Error()) {
				t.Error(text)
			}
		default:
			t.Error(text)
		}
	}
	if refused != 4 || after != 2*len(uses) {
		t.Errorf("%d refused, %d afterwards", refused, after)
	}
}

func TestWhereNothingCanBeWrittenTheErrorSaysWhatToDo(t *testing.T) {
	for _, how := range []string{"mount", "mode"} {
		t.Run(how, func(t *testing.T) {
			folder := world(t)
			var lines []string
			if how == "mount" {
				lines = runAlone(t, "read-only", folder, how)
			} else {
				lines = printed(t, start(t, command("read-only", folder, how)))
			}
			used := 0
			for _, text := range lines {
				if !strings.HasPrefix(text, "use ") {
					continue
				}
				used++
				if !strings.Contains(text, "state folder "+folder) || !strings.Contains(text, "let this user write there") {
					t.Error(text)
				}
			}
			if used != len(uses) {
				t.Errorf("%q", lines)
			}
		})
	}
}

func TestAFolderOfAnotherUserIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only the superuser can be two users")
	}
	folder := world(t)
	check(t, os.Mkdir(folder, 0o777))
	check(t, os.Chmod(folder, 0o777))
	lines := printed(t, start(t, command("stranger", folder, "")))
	for _, text := range lines {
		if !strings.Contains(text, "belongs to another user") || !strings.Contains(text, folder) || !strings.Contains(text, "WISECX_STATE_DIR") {
			t.Error(text)
		}
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 || len(lines) != len(uses) {
		t.Errorf("%v, %q", left, lines)
	}
}

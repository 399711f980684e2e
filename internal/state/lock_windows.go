package state

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock does not wait. The lock ends with this opening of the file, so also when the process is killed. It is on a byte
// far behind the end, since others cannot read what is locked.
func tryLock(file *os.File) (bool, error) {
	const how = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(file.Fd()), how, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, os.NewSyscallError("LockFileEx", err)
}

// release ends the lock of a file that stays open.
func release(file *os.File) error {
	return os.NewSyscallError("UnlockFileEx", windows.UnlockFileEx(windows.Handle(file.Fd()), 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30}))
}

// Rights are in access lists, inherited from the person's profile, and no mode shows them.
func isOwn(os.FileInfo) bool         { return true }
func others(os.FileInfo) os.FileMode { return 0 }

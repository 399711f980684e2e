package app

import (
	"io"
	"os"
	"syscall"
)

// readerGone tells when nobody reads a pipe or socket any more, which otherwise only the next write would
// show. It costs neither a thread nor a timer: an epoll is itself a file that Go's poller can wait for.
func readerGone(out io.Writer) (gone <-chan struct{}, stop func()) {
	file, ok := out.(syscall.Conn)
	if !ok {
		return nil, func() {}
	}
	stdout, err := file.SyscallConn() // Fd would change whether writing blocks
	if err != nil {
		return nil, func() {}
	}
	events, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, func() {}
	}
	// No events are asked for: errors and hanging up are always reported. A plain file is refused here.
	var refused error
	err = stdout.Control(func(fd uintptr) {
		refused = syscall.EpollCtl(events, syscall.EPOLL_CTL_ADD, int(fd), &syscall.EpollEvent{})
	})
	if err != nil || refused != nil || syscall.SetNonblock(events, true) != nil {
		syscall.Close(events)
		return nil, func() {}
	}
	watch := os.NewFile(uintptr(events), "epoll")
	raw, err := watch.SyscallConn()
	if err != nil {
		watch.Close()
		return nil, func() {}
	}
	seen := make(chan struct{})
	go func() {
		err := raw.Read(func(fd uintptr) bool {
			var happened [1]syscall.EpollEvent
			n, err := syscall.EpollWait(int(fd), happened[:], 0)
			return n > 0 || err != nil && err != syscall.EINTR
		})
		if err == nil {
			close(seen)
		}
	}()
	return seen, func() { watch.Close() }
}

package state

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync"
	"time"
)

const (
	numbersWait = 100 * time.Millisecond // a change takes microseconds: who holds the lock for longer was stopped
	numbersRest = 5 * time.Second        // how long a lock that was not got is not tried again
	mostNumbers = 1 << 17
	slotHead    = 16 // checksum and count of the numbers, 4 bytes each, and which change it is
)

// Numbers are numbers that the processes of this machine share, for an account's quota. They are not synced: a
// machine that fails may lose counts. The file has two slots, written in turn, so that a process killed while it
// writes loses its last change alone. Without a good slot the numbers start from zero.
type Numbers struct {
	folder *Folder
	name   string

	mu     sync.Mutex
	rest   time.Time // until when the lock is not tried again
	file   *os.File  // stays open for a while: a request costs half as much so
	opened time.Time
}

// openFor is how long the file is taken for the one that is in the folder, which somebody may have removed.
const openFor = time.Second

// Numbers gives the numbers of an account. Any text that names it will do, such as address, key and user
// together: only a hash of it is kept.
func (f *Folder) Numbers(account string) *Numbers {
	return &Numbers{folder: f, name: "numbers-" + nameOf(account)}
}

// Do runs change alone, among all goroutines and processes, on size numbers that are zero at first, and keeps
// what it makes of them. Another size than before starts from zero. It waits 100 ms at most for other processes.
// After an error change may have run, and nothing of it is kept.
func (n *Numbers) Do(size int, change func(numbers []int64)) error {
	if size < 0 || size > mostNumbers {
		return fmt.Errorf("%d numbers cannot be kept", size)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if time.Now().Before(n.rest) {
		return n.folder.explain(ErrBusy)
	}
	if err := n.open(); err != nil {
		return err
	}
	if err := acquire(n.file, numbersWait); err != nil {
		n.rest = time.Now().Add(numbersRest)
		return n.folder.explain(err)
	}
	whole := false
	defer func() {
		if !whole || release(n.file) != nil {
			n.close() // which unlocks as well
		}
	}()
	err := changeNumbers(n.file, size, change)
	whole = err == nil
	return n.folder.explain(err)
}

// open opens the file, unless it was a moment ago.
func (n *Numbers) open() error {
	if n.file != nil && time.Since(n.opened) < openFor {
		return nil
	}
	n.close()
	root, err := n.folder.open()
	if err != nil {
		return err
	}
	defer root.Close()
	file, err := n.folder.file(root, n.name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return n.folder.explain(err)
	}
	n.file, n.opened = file, time.Now()
	return nil
}

func (n *Numbers) close() {
	if n.file != nil {
		n.file.Close()
		n.file = nil
	}
}

func changeNumbers(file *os.File, size int, change func(numbers []int64)) error {
	length := slotHead + 8*size
	slots := make([]byte, 2*length)
	if _, err := file.ReadAt(slots, 0); err != nil && err != io.EOF {
		return err
	}
	current, next, at := slots[:length], slots[length:], length
	if changeOf(next) > changeOf(current) {
		current, next, at = next, current, 0
	}
	numbers, last := make([]int64, size), changeOf(current)
	for i := range numbers {
		if last > 0 {
			numbers[i] = int64(binary.LittleEndian.Uint64(current[slotHead+8*i:]))
		}
	}
	change(numbers)
	for i, number := range numbers {
		binary.LittleEndian.PutUint64(next[slotHead+8*i:], uint64(number))
	}
	binary.LittleEndian.PutUint32(next[4:], uint32(size))
	binary.LittleEndian.PutUint64(next[8:], last+1)
	binary.LittleEndian.PutUint32(next, crc32.ChecksumIEEE(next[4:]))
	_, err := file.WriteAt(next, int64(at))
	return err
}

// changeOf tells which change a slot holds: 1 is the first, 0 is garbage.
func changeOf(slot []byte) uint64 {
	isGood := binary.LittleEndian.Uint32(slot) == crc32.ChecksumIEEE(slot[4:])
	if !isGood || int(binary.LittleEndian.Uint32(slot[4:])) != (len(slot)-slotHead)/8 {
		return 0
	}
	return binary.LittleEndian.Uint64(slot[8:])
}

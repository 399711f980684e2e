package state

import (
	"math/rand/v2"
	"os"
	"time"
)

// acquire locks the file against every other opening of it, in this process or another, until it is closed.
// It asks again and again, since a wait within the system could not be bounded.
func acquire(file *os.File, wait time.Duration) error {
	var waited time.Duration
	for pause := 20 * time.Microsecond; ; pause = min(2*pause, 2*time.Millisecond) {
		got, err := tryLock(file)
		if got || err != nil {
			return err
		}
		if waited >= wait {
			return ErrBusy
		}
		before := time.Now()
		time.Sleep(pause/2 + rand.N(pause))
		waited += time.Since(before)
	}
}

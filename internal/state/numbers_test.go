package state

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// add adds one to each number and gives what they were.
func add(t testing.TB, n *Numbers, size int) (before []int64) {
	t.Helper()
	check(t, n.Do(size, func(numbers []int64) {
		before = slices.Clone(numbers)
		for i := range numbers {
			numbers[i]++
		}
	}))
	return before
}

func TestNumbersOutliveTheirProcess(t *testing.T) {
	f := newFolder(t)
	for i := range int64(5) {
		if before := add(t, New(f.path, nil).Numbers("account"), 3); !slices.Equal(before, []int64{i, i, i}) {
			t.Errorf("%d: %v", i, before)
		}
	}
	if before := add(t, f.Numbers("another account"), 3); before[0] != 0 {
		t.Errorf("the other account has %v", before)
	}
	if before := add(t, f.Numbers("account"), 4); !slices.Equal(before, make([]int64, 4)) {
		t.Errorf("another size starts with %v", before)
	}
	check(t, f.Numbers("none").Do(0, func(numbers []int64) {}))
	for _, size := range []int{-1, 1 << 40} {
		contains(t, f.Numbers("account").Do(size, func([]int64) { t.Error("it ran") }), "cannot be kept")
	}
}

func TestNegativeAndLargeNumbersAreKept(t *testing.T) {
	f := newFolder(t)
	wanted := []int64{-1, 1<<63 - 1, -1 << 63, 0}
	check(t, f.Numbers("account").Do(4, func(numbers []int64) { copy(numbers, wanted) }))
	check(t, f.Numbers("account").Do(4, func(numbers []int64) {
		if !slices.Equal(numbers, wanted) {
			t.Errorf("%v", numbers)
		}
	}))
}

func TestAHalfWrittenSlotCostsTheLastChangeAlone(t *testing.T) {
	f := newFolder(t)
	name := "numbers-" + nameOf("account")
	for range 7 {
		add(t, f.Numbers("account"), 100)
	}
	content := f.content(t, name)
	half := len(content) / 2
	for slot, wanted := range map[int]int64{0: 7, half: 6} {
		torn := slices.Clone(content) // the seventh change is in the second slot
		clear(torn[slot+half/2 : slot+half])
		f.put(t, name, torn)
		before := add(t, f.Numbers("account"), 100)
		if before[0] != wanted || before[99] != wanted {
			t.Errorf("with slot %d torn they go on from %d", slot, before[0])
		}
	}
}

func TestGarbageStartsFromZero(t *testing.T) {
	f := newFolder(t)
	for _, content := range [][]byte{{}, {1}, make([]byte, 5), []byte("garbage"), make([]byte, 40), make([]byte, 80), make([]byte, 1<<20), slices.Repeat([]byte{255}, 1000)} {
		f.put(t, "numbers-"+nameOf("account"), content)
		for i := range int64(4) {
			if before := add(t, f.Numbers("account"), 3); !slices.Equal(before, []int64{i, i, i}) {
				t.Errorf("after %d bytes: %v", len(content), before)
			}
		}
	}
}

func TestAStoppedProcessDoesNotHoldUpTheRequests(t *testing.T) {
	f := newFolder(t)
	numbers := f.Numbers("account")
	check(t, f.Numbers("account").Do(1, func([]int64) {
		began := time.Now()
		for range 100 {
			if err := numbers.Do(1, func([]int64) { t.Error("both are in") }); !errors.Is(err, ErrBusy) {
				t.Fatal(err)
			}
		}
		if waited := time.Since(began); waited < numbersWait || waited > 8*time.Second {
			t.Errorf("100 requests waited %s", waited)
		}
	}))
	numbers.rest = time.Time{}
	add(t, numbers, 1)
}

func TestAChangeThatPanicsChangesNothing(t *testing.T) {
	f := newFolder(t)
	func() {
		defer func() { recover() }()
		f.Numbers("account").Do(1, func(numbers []int64) { numbers[0] = 5; panic("no") })
	}()
	if before := add(t, f.Numbers("account"), 1); before[0] != 0 {
		t.Errorf("%v", before)
	}
}

func FuzzNumbers(f *testing.F) {
	f.Add([]byte("garbage"), 3)
	f.Fuzz(func(t *testing.T, content []byte, size int) {
		size = min(max(size, 1), 1000)
		folder := newFolder(t)
		folder.put(t, "numbers-"+nameOf("account"), content)
		first := add(t, folder.Numbers("account"), size)
		for i, number := range add(t, folder.Numbers("account"), size) {
			if number != first[i]+1 {
				t.Fatalf("%d after %d", number, first[i])
			}
		}
	})
}

func BenchmarkNumbersDo(b *testing.B) {
	numbers := newFolder(b).Numbers("account")
	b.ReportAllocs()
	for b.Loop() {
		if err := numbers.Do(540, func(numbers []int64) { numbers[0]++ }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNumbersDoBesideAnother is with another process that does nothing else.
func BenchmarkNumbersDoBesideAnother(b *testing.B) {
	f := newFolder(b)
	start(b, command("count", f.path, "1000000000")).awaitFirst(b)
	numbers := f.Numbers("account")
	b.ReportAllocs()
	for b.Loop() {
		if err := numbers.Do(540, func(numbers []int64) { numbers[0]++ }); err != nil && !errors.Is(err, ErrBusy) {
			b.Fatal(err)
		}
	}
}

package desk

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"reflect"
	"time"

	"wisecx-mcp/internal/scan"
)

// cursor is a list's query, with its relative times frozen, and how far the reading of it came.
type cursor struct {
	query  []byte // as encode writes it
	now    int64  // what "now" meant, in Unix seconds
	place  scan.Place
	inside scan.Place // how far it came within what stands behind that place, such as a case's messages
}

// String packs the cursor: a model carries it along, so each character counts.
func (c cursor) String() string {
	packed := []byte{cursorPlain}
	numbers := []int64{c.now, int64(c.place.Offset), c.place.ID, c.place.Key - c.place.ID}
	if c.inside != (scan.Place{}) {
		packed[0] = cursorInside
		numbers = append(numbers, int64(c.inside.Offset), c.inside.ID, c.inside.Key)
	}
	for _, n := range numbers {
		packed = binary.AppendVarint(packed, n)
	}
	return base64.RawURLEncoding.EncodeToString(append(packed, c.query...))
}

// What a cursor begins with: how many numbers it has.
const (
	cursorPlain  = 1
	cursorInside = 2
)

func parseCursor(s string) (cursor, error) {
	packed, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(packed) == 0 || packed[0] != cursorPlain && packed[0] != cursorInside {
		return cursor{}, errCursor
	}
	var numbers [7]int64
	count := 4
	if packed[0] == cursorInside {
		count = len(numbers)
	}
	packed = packed[1:]
	for i := range count {
		n, size := binary.Varint(packed)
		if size <= 0 {
			return cursor{}, errCursor
		}
		numbers[i], packed = n, packed[size:]
	}
	c := cursor{query: packed, now: numbers[0], place: scan.Place{Offset: int(numbers[1]), ID: numbers[2], Key: numbers[3] + numbers[2]},
		inside: scan.Place{Offset: int(numbers[4]), ID: numbers[5], Key: numbers[6]}}
	if c.now <= 0 || c.place.Offset < 0 || c.place.Offset > 1e7 || c.inside.Offset < 0 || len(c.query) == 0 || !json.Valid(c.query[1:]) {
		return cursor{}, errCursor
	}
	return c, nil
}

var errCursor = &Refusal{Argument: "cursor", Problem: "this is no next_cursor of this tool", Expected: "next_cursor of an earlier answer, unchanged; leave it out to begin anew"}

// resume reads a cursor into query, which must be as the cursor holds it or empty. It gives what "now" meant.
func resume[Q any](s string, query *Q, now time.Time) (cursor, time.Time, error) {
	if s == "" {
		return cursor{}, now, nil
	}
	c, err := parseCursor(s)
	if err != nil {
		return cursor{}, now, err
	}
	var empty Q
	if c.query[0] != listOf[Q]() {
		return cursor{}, now, &Refusal{Argument: "cursor", Problem: "it is of another tool", Expected: "next_cursor of an earlier answer of this tool; leave it out to begin anew"}
	}
	given, none := encode(query), encode(&empty)
	if !bytes.Equal(given, none) && !bytes.Equal(given, c.query) {
		return cursor{}, now, &Refusal{Argument: "cursor", Problem: "it continues another query",
			Expected: "the same arguments as in the call that gave it, or none beside it; only limit and fields may change"}
	}
	if err := json.Unmarshal(c.query[1:], query); err != nil {
		return cursor{}, now, errCursor
	}
	return c, time.Unix(c.now, 0).In(now.Location()), nil
}

// encode writes a query, behind a byte that tells of which list it is.
func encode[Q any](query *Q) []byte {
	b, err := json.Marshal(query)
	if err != nil {
		panic(err) // of structs of texts and numbers
	}
	return append([]byte{listOf[Q]()}, b...)
}

// listOf tells lists apart by the type of their query.
func listOf[Q any]() byte {
	sum := fnv.New32a()
	sum.Write([]byte(reflect.TypeFor[Q]().Name()))
	return byte(sum.Sum32() % 251)
}

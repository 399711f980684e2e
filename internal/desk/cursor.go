package desk

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"time"
)

// cursor is a list's query, with its relative times frozen, and how far the reading of it came.
type cursor struct {
	query json.RawMessage
	now   int64 // what "now" meant, in Unix seconds
	place place
}

// String packs the cursor: a model carries it along, so each character counts.
func (c cursor) String() string {
	packed := []byte{cursorVersion}
	for _, n := range []int64{c.now, int64(c.place.Offset), c.place.ID, c.place.Key - c.place.ID} {
		packed = binary.AppendVarint(packed, n)
	}
	return base64.RawURLEncoding.EncodeToString(append(packed, c.query...))
}

const cursorVersion = 1

func parseCursor(s string) (cursor, error) {
	packed, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(packed) == 0 || packed[0] != cursorVersion {
		return cursor{}, errCursor
	}
	packed = packed[1:]
	var numbers [4]int64
	for i := range numbers {
		n, size := binary.Varint(packed)
		if size <= 0 {
			return cursor{}, errCursor
		}
		numbers[i], packed = n, packed[size:]
	}
	c := cursor{query: packed, now: numbers[0], place: place{Offset: int(numbers[1]), ID: numbers[2], Key: numbers[3] + numbers[2]}}
	if c.now <= 0 || c.place.Offset < 0 || c.place.Offset > 1e7 || !json.Valid(c.query) {
		return cursor{}, errCursor
	}
	return c, nil
}

var errCursor = &Refusal{Argument: "cursor", Problem: "this is no next_cursor of this tool", Expected: "next_cursor of an earlier answer, unchanged; leave it out to begin anew"}

// resume reads a cursor into query, which must be as the cursor holds it or empty.
func resume[Q any](s string, query *Q, now time.Time) (place, time.Time, error) {
	if s == "" {
		return place{}, now, nil
	}
	c, err := parseCursor(s)
	if err != nil {
		return place{}, now, err
	}
	var empty Q
	given, none := encode(query), encode(&empty)
	if !bytes.Equal(given, none) && !bytes.Equal(given, c.query) {
		return place{}, now, &Refusal{Argument: "cursor", Problem: "it continues another query",
			Expected: "the same arguments as in the call that gave it, or none beside it; only limit and fields may change"}
	}
	if err := json.Unmarshal(c.query, query); err != nil {
		return place{}, now, errCursor
	}
	return c.place, time.Unix(c.now, 0).In(now.Location()), nil
}

func encode[Q any](query *Q) json.RawMessage {
	b, err := json.Marshal(query)
	if err != nil {
		panic(err) // of structs of texts and numbers
	}
	return b
}

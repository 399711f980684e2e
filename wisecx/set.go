package wisecx

import "encoding/json"

// Set says what an update does with one field: its zero value leaves the field alone, SetTo gives it a value, and
// SetNull clears it. In a struct it is tagged omitzero.
type Set[T any] struct {
	value T
	does  effect
}

type effect uint8

const (
	leaves effect = iota
	clears
	sets
)

// SetTo gives the field a value.
func SetTo[T any](value T) Set[T] { return Set[T]{value, sets} }

// SetNull clears the field.
func SetNull[T any]() Set[T] { return Set[T]{does: clears} }

// IsZero tells whether the field is left alone.
func (s Set[T]) IsZero() bool { return s.does == leaves }

// IsNull tells whether the field is cleared.
func (s Set[T]) IsNull() bool { return s.does == clears }

// Value gives the value that the field gets, if it gets one.
func (s Set[T]) Value() (value T, ok bool) { return s.value, s.does == sets }

// MarshalJSON writes the value, or null.
func (s Set[T]) MarshalJSON() ([]byte, error) {
	if s.does != sets {
		return []byte("null"), nil
	}
	return json.Marshal(s.value)
}

package wisecx

import (
	"errors"
	"strings"
)

// Statuses in our spelling. The API spells them in three ways: when read, in a filter, when written.
const (
	StatusOpen    = "open"
	StatusPending = "pending"
	StatusOnHold  = "on_hold"
	StatusSolved  = "solved"
	StatusClosed  = "closed"
)

// Status is a case's status as read, in our spelling; one that we do not know stays as it is.
type Status string

// UnmarshalJSON reads the API's spellings: open [W], opened [D], onhold [W], hold [C].
func (s *Status) UnmarshalJSON(b []byte) error {
	raw := strings.TrimSpace(unquote(b))
	switch word := strings.ToLower(raw); word {
	case "open", "opened":
		*s = StatusOpen
	case "onhold", "hold", "on_hold", "on-hold", "on hold":
		*s = StatusOnHold
	case StatusPending, StatusSolved, StatusClosed:
		*s = Status(word)
	default:
		*s = Status(raw)
	}
	return nil
}

// filterStatus gives the spellings that a filter sends, all of them where sources differ.
func filterStatus(status string) []string {
	switch status {
	case StatusOpen:
		return []string{"open", "opened"}
	case StatusOnHold:
		return []string{"onhold", "hold"}
	}
	return []string{status}
}

// writeStatus gives the spellings that a write tries one after the other: hold [C], and where that is refused onhold, as
// it is read [W].
func writeStatus(status string) []string {
	if status == StatusOnHold {
		return []string{"hold", "onhold"}
	}
	return []string{status}
}

// inSpellings writes a status in its spellings, up to the first that the API does not refuse as wrong.
func inSpellings(status string, write func(spelling string) error) (err error) {
	for _, spelling := range writeStatus(status) {
		if err = write(spelling); !errors.Is(err, ErrBadRequest) || MayHaveHappened(err) {
			return err
		}
	}
	return err
}

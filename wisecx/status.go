package wisecx

import "strings"

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

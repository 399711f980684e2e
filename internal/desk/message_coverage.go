package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wisecx-mcp/internal/scan"
	"wisecx-mcp/wisecx"
)

// MessageCoverage says where a search of messages looked.
type MessageCoverage struct {
	From     string `json:"from" jsonschema_description:"cases created before this day are not in reach"`
	Cases    int    `json:"cases_read"`
	Newest   string `json:"newest_case,omitempty" jsonschema_description:"created_at"`
	Oldest   string `json:"oldest_case,omitempty"`
	Complete bool   `json:"complete"`
}

// cover says where the search looked, and what it therefore cannot know.
func (s *messageScan) cover(found *MessageMatches, cases *scan.Scan[wisecx.Case], now time.Time) {
	from := window(now)
	found.Coverage = MessageCoverage{From: from.Format(time.DateOnly), Cases: s.threads, Complete: !found.HasMore && len(s.unread) == 0 && len(s.long) == 0}
	if s.threads > 0 {
		found.Coverage.Newest, found.Coverage.Oldest = s.desk.show(s.newest), s.desk.show(s.oldest)
	}
	note := func(format string, values ...any) { found.Notes = append(found.Notes, fmt.Sprintf(format, values...)) }
	switch {
	case s.broken != nil && errors.Is(s.broken, context.DeadlineExceeded):
		note("read the conversations of %d cases until the call's time was up; next_cursor goes on with older cases", s.threads)
	case s.broken != nil:
		note("read the conversations of %d cases and stopped: %s; next_cursor goes on", s.threads, reason(s.broken))
	case found.HasMore && len(found.Rows) < s.ask.Limit:
		note("read the conversations of %d cases, the newest that fit%s; next_cursor goes on with older ones, %s", s.threads, s.since(), s.faster())
	}
	if cases.Cut && len(cases.Rows) < s.ask.MaxCases {
		found.Notes = append(found.Notes, stopped(cases))
	}
	if len(s.unread) > 0 {
		note("the conversations of these cases could not be read: %s", few(s.unread))
	}
	if len(s.long) > 0 {
		note("of these cases only the newest %d entries were read: %s", threadPages*wisecx.MaxPage, few(s.long))
	}
	if missing := s.missing.notes("type", "created_at", "content", "agent"); len(missing) > 0 {
		found.Coverage.Complete = false
		found.Notes = append(found.Notes, missing...)
	}
	if !s.span.after.IsZero() && s.desk.laggard.Load() {
		note(lagNote)
	}
	if !s.span.after.IsZero() && s.span.after.Before(from) {
		found.Coverage.Complete = false
		note("the API lists no cases created before %s; get_case_messages reads an older one by its id", found.Coverage.From)
	}
	if missing := s.missingNumbers(cases); len(missing) > 0 {
		note("no case of the last three months with these filters has the number %s; get_case_messages tries a number as an id too", few(missing))
	}
	if len(s.ask.Words) > 0 {
		note("files attached to messages are not read, only their names")
	}
}

// since says how far back the conversations were read.
func (s *messageScan) since() string {
	if s.oldest.IsZero() {
		return ""
	}
	return ", created since " + s.desk.show(s.oldest)
}

// faster says how to get on in fewer calls.
func (s *messageScan) faster() string {
	if s.ask.MaxCases >= mostCases {
		return "narrower filters reach further back at once"
	}
	return fmt.Sprintf("max_cases: %d reads that many at once", mostCases)
}

// missingNumbers gives the numbers asked for that no case has which was found.
func (s *messageScan) missingNumbers(cases *scan.Scan[wisecx.Case]) []string {
	var missing []string
	for _, n := range s.ask.Numbers {
		if s.ask.Cursor == "" && !cases.More && !slices.ContainsFunc(cases.Rows, func(r scan.Row[wisecx.Case]) bool { return int64(r.Item.Number) == n }) {
			missing = append(missing, fmt.Sprint(n))
		}
	}
	return missing
}

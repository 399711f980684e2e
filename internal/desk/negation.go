package desk

import (
	"fmt"
	"slices"

	"wisecx-mcp/wisecx"
)

// Whether a case without an agent meets "agent NOT EQUAL Franco" for the API is not known [I]; for people it does. So the
// API is asked, and where none of its rows lacks the field, the list is read once more with the condition applied here.

// alwaysThere are the fields that no case lacks.
var alwaysThere = []string{"id", "number", "status", "queue", "channel", "created_at", "updated_at"}

// doubtful gives the conditions of which it cannot be told whether the API left out rows without a value.
func (s *listScan[T]) doubtful() []*filter {
	var doubtful []*filter
	for _, f := range s.filters {
		mayMiss := f.remote() && f.negative() && !slices.Contains(alwaysThere, f.Field.Name)
		if mayMiss && !s.ignored[f.Field.Name] && !s.desk.takesEmpties(s.kind.resource, f) {
			doubtful = append(doubtful, f)
		}
	}
	return doubtful
}

// compareHere asks the API no longer for conditions.
func (s *listScan[T]) compareHere(doubtful []*filter) {
	for _, f := range doubtful {
		f.local, f.doubted = true, true
	}
}

// lookForEmpties looks whether rows that are wanted meet a condition with NOT by having no value of the field.
func (s *listScan[T]) lookForEmpties(rows []record, wanted []bool) {
	for _, f := range s.filters {
		if !f.negative() {
			continue
		}
		for i, r := range rows {
			if !wanted[i] || len(valuesOf(r, f.Field.Name, f.custom)) > 0 {
				continue
			}
			if f.doubted {
				s.note(fmt.Sprintf("%s without %s fit too: the API may leave them out, so %s was compared here", s.kind.resource.Name, f.Field.Name, f.Field.Name))
			} else if f.remote() {
				s.desk.tookEmpties(s.kind.resource, f)
			}
			break
		}
	}
}

// note adds a note, once.
func (s *listScan[T]) note(words string) {
	if !slices.Contains(s.notes, words) {
		s.notes = append(s.notes, words)
	}
}

// takesEmpties tells whether the API was seen to take rows without a value for not equal; tookEmpties keeps that.
func (d *Desk) takesEmpties(of *wisecx.Resource, f *filter) bool {
	_, seen := d.takers.Load(of.Prefix + f.Field.Name)
	return seen
}

func (d *Desk) tookEmpties(of *wisecx.Resource, f *filter) {
	d.takers.Store(of.Prefix+f.Field.Name, true)
}

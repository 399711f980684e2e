package tools

import (
	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

// fit drops recent cases, duplicates and surveys first, the last of each before the first, then the last open cases
// but one, then cuts texts. Counts of what was dropped stay.
func (r *ContactResult) fit(budget int) ([]byte, error) {
	v := r.view
	r.OpenCases, r.RecentCases, r.Surveys, r.Duplicates = v.OpenCases, v.RecentCases, v.Surveys, v.Duplicates
	size := 0
	for {
		b, err := r.encode(size)
		if err != nil || text.Tokens(b) <= budget {
			return b, err
		}
		switch {
		case len(r.RecentCases) > 0:
			r.RecentCases = r.RecentCases[:len(r.RecentCases)-1]
		case len(r.Duplicates) > 0:
			r.Duplicates = r.Duplicates[:len(r.Duplicates)-1]
		case len(r.Surveys) > 0:
			r.Surveys = r.Surveys[:len(r.Surveys)-1]
		case size == 0:
			size = clipSize
		case size > 160:
			size /= 2
		case len(r.OpenCases) > 1:
			r.OpenCases = r.OpenCases[:len(r.OpenCases)-1]
		case size > 20:
			size /= 2
		default:
			// Only names and numbers are left, and few of them.
			r.OpenCases, v.Organization, v.Groups = nil, nil, nil
			return r.encode(size)
		}
	}
}

// encode writes what is left to show, texts cut to a size in bytes where it is not 0.
func (r *ContactResult) encode(size int) ([]byte, error) {
	v := r.view
	shown := *r
	shown.Contact, shown.Organization, shown.Groups, shown.CasesFrom, shown.Timezone = v.Contact, v.Organization, v.Groups, v.CasesFrom, v.Timezone
	shown.Notes = append([]string(nil), v.Notes...)
	missing := NotShown{
		OpenCases: v.MoreOpen + len(v.OpenCases) - len(r.OpenCases), RecentCases: v.MoreRecent + len(v.RecentCases) - len(r.RecentCases),
		Surveys: v.MoreSurveys + len(v.Surveys) - len(r.Surveys), Duplicates: v.MoreAlike + len(v.Duplicates) - len(r.Duplicates),
	}
	if missing != (NotShown{}) {
		shown.NotShown = &missing
	}
	if size > 0 {
		many := size/10 + 1
		clipped := desk.Row{{Name: "groups", Value: v.Groups}, {Name: "notes", Value: shown.Notes}}.Clip(size)
		shown.Contact, shown.Organization = v.Contact.Clip(size), v.Organization.Clip(size)
		shown.Groups, _ = clipped.Get("groups").([]string)
		shown.Notes, _ = clipped.Get("notes").([]string)
		shown.OpenCases = nil
		for _, row := range r.OpenCases[:min(len(r.OpenCases), many)] {
			shown.OpenCases = append(shown.OpenCases, row.Clip(size))
		}
		shown.Notes = append(shown.Notes, "texts and lists are cut to fit; name fewer parts in include, or raise WISECX_MAX_TOKENS")
	}
	return encode(&shown)
}

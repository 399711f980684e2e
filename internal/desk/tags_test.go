package desk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

// tagIDs is an API whose cases carry the ids of their tags, as a list or as one text with commas.
func tagIDs(ids map[string]int64, written func([]string) string) front {
	tags := regexp.MustCompile(`"tags":\[([^\]]*)\]`)
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, r)
		body := tags.ReplaceAllStringFunc(answer.Body.String(), func(found string) string {
			list := tags.FindStringSubmatch(found)[1]
			var came []string
			for name := range strings.SplitSeq(list, ",") {
				if name != "" {
					came = append(came, fmt.Sprint(ids[strings.Trim(name, `"`)]))
				}
			}
			return `"tags":` + written(came)
		})
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(body))
	}
}

func TestCasesAreFoundByTagsThatComeAsIDs(t *testing.T) {
	o := newOffice(t, sandbox.Options{Listed: 200}, Options{})
	ids := map[string]int64{}
	for _, tag := range o.api.Tags() {
		ids[tag.Name] = tag.ID
	}
	for form, written := range map[string]func([]string) string{
		"numbers": func(came []string) string { return "[" + strings.Join(came, ",") + "]" },
		"texts":   func(came []string) string { return fmt.Sprintf("[%s]", quoted(came)) },
		"commas":  func(came []string) string { return `"` + strings.Join(came, ", ") + `"` },
	} {
		for _, word := range []string{"vip", fmt.Sprint(ids["vip"]), "none"} {
			ask := CaseFilters{Tags: []string{word}}
			o.inFront(nil)
			want := o.all(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}})
			o.inFront(tagIDs(ids, written))
			page := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: ask}})
			if !slices.Equal(idsOf(page.Rows), idsOf(want)[:min(100, len(want))]) || len(want) == 0 || noteWith(page.Notes, "did not apply") {
				t.Errorf("%s, %s: %d cases, want %d; notes %v", form, word, len(page.Rows), len(want), page.Notes)
			}
			if found := o.count(t, CountQuery{CaseFilters: ask}); found.cases() != len(want) || !found.Exact {
				t.Errorf("%s, %s: %d cases are counted, want %d", form, word, found.cases(), len(want))
			}
		}
	}
}

func quoted(list []string) string {
	var all []string
	for _, s := range list {
		all = append(all, `"`+s+`"`)
	}
	return strings.Join(all, ",")
}

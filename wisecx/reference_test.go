package wisecx

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

//go:generate go test -run TestTheReferenceOfFieldsIsCurrent -update .

func TestTheReferenceOfFieldsIsCurrent(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Fields\n\nMade from the table of resources in `wisecx/resource.go` by `go generate ./wisecx`. The first column is the name in tools; " +
		"*sure* is how well the filter's name and operators are known: D documented, C the published collection, W seen working, I inferred. " +
		"A custom field is `custom.<name>`. What has no key in the API is known to its filters alone. Fields without a filter are compared by the server itself over a bounded scan.\n")
	for _, r := range []*Resource{&Cases, &Contacts, &Organizations, &Activities, &SurveyResponses, &Queues, &Users, &Types, &Tags, &Channels, &ContactGroups, &Templates, &Surveys} {
		fmt.Fprintf(&page, "\n## %s, `GET %s`\n\n| field | in the API | filter | operators | sure | |\n|---|---|---|---|---|---|\n", r.Name, r.Path)
		for _, f := range r.Fields {
			page.WriteString(referenceLine(f))
		}
		if len(r.Custom.Operators) > 0 {
			page.WriteString(referenceLine(*r.CustomField("NAME")))
		}
	}
	const file = "../docs/fields.md"
	if asked := flag.Lookup("update"); asked != nil && asked.Value.String() == "true" {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(file); err != nil || string(have) != page.String() {
		t.Errorf("%s is not what the table says; run go generate ./wisecx (%v)", file, err)
	}
}

func referenceLine(f Field) string {
	var operators []string
	for _, o := range f.Operators {
		operators = append(operators, string(o))
	}
	about := f.Help
	if f.Personal {
		about += " (personal)"
	}
	if f.Secret {
		about += " (never asked for)"
	}
	key := ""
	if f.Key != "" {
		key = "`" + f.Key + "`"
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", f.Name, key, f.Wire, strings.Join(operators, ", "), f.Sure, about)
}

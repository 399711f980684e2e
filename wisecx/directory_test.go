package wisecx

import "testing"

func TestAgentsAreCalledAsColleaguesKnowThem(t *testing.T) {
	for want, u := range map[string]User{
		"Franco González": {FirstName: "Franco", LastName: "González", Nick: "Fran", UserName: "franco@example.com"},
		"Franco":          {FirstName: "Franco", Nick: "Fran"},
		"González":        {FirstName: " ", LastName: "González"},
		"Fran":            {Nick: "Fran", UserName: "franco@example.com"},
		"bot@example.com": {UserName: "bot@example.com", IsBot: true},
		"":                {},
	} {
		if got := u.FullName(); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}

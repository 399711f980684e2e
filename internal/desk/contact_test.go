package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

func TestAContactIsFoundHoweverItIsWritten(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, word := range []string{
		"9005", "20000005", "20.000.005", "tomas.gomez.9005@example.com", "Tomas.Gomez.9005@EXAMPLE.com",
		"5491155510005", "+54 9 11 5551-0005", "11 5551 0005", "1155510005",
	} {
		found, err := o.findContacts(t.Context(), word)
		if err != nil || len(found) != 1 || found[0].ID != 9005 {
			t.Errorf("%q finds %v (%v)", word, found, err)
		}
	}
	var refusal *Refusal
	if _, err := o.findContacts(t.Context(), "999999999999"); !errors.As(err, &refusal) || refusal.Argument != "contact" {
		t.Errorf("a number that nobody has gives %v", err)
	}
}

func TestAPhoneThatSeveralShareMeansAllOfThem(t *testing.T) {
	o := newOffice(t, sandbox.Options{}, Options{})
	owners := map[string][]int64{}
	for _, c := range o.api.Contacts() {
		owners[c.Phone] = append(owners[c.Phone], c.ID)
	}
	for phone, ids := range owners {
		if phone == "" || len(ids) < 2 {
			continue
		}
		found, err := o.findContacts(t.Context(), phone)
		var got []int64
		for _, c := range found {
			got = append(got, int64(c.ID))
		}
		slices.Sort(got)
		slices.Sort(ids)
		if err != nil || !slices.Equal(got, ids) {
			t.Errorf("%s finds %v (%v), want %v", phone, got, err, ids)
		}
		return
	}
	t.Fatal("no phone is shared")
}

func TestAnIdThatIsAnotherOnesDocumentIsRefusedWithBoth(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/contacts/445566"):
			fmt.Fprint(w, `{"id": 445566, "name": "Ana"}`)
		case strings.Contains(filteringOf(r), "contacts.personal_id"):
			fmt.Fprint(w, `{"data": [{"id": 9005, "personal_id": "445566"}]}`)
		default:
			api.ServeHTTP(w, r)
		}
	})
	refusal := o.refuses(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Contact: "445566"}}})
	if fmt.Sprint(refusal.Candidates) != "[contact 445566 by id contact 9005 by personal id]" {
		t.Errorf("the candidates are %v", refusal.Candidates)
	}
}

func TestPhoneFormsMeetTheWaysInWhichPhonesAreKept(t *testing.T) {
	for _, c := range []struct{ said, kept string }{
		{"1155510005", "5491155510005"}, {"01155510005", "541155510005"}, {"5491155510005", "1155510005"}, {"541155510005", "5491155510005"},
		{"5491155510005", "+5491155510005"}, {"11987654321", "5511987654321"}, {"5511987654321", "11987654321"}, {"5215512345678", "5512345678"}, {"987654321", "56987654321"},
	} {
		if !slices.Contains(text.PhoneForms(c.said), c.kept) {
			t.Errorf("%s is not looked for as %s", c.said, c.kept)
		}
	}
}

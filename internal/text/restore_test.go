package text

import "testing"

func TestPseudonymsOfAKnownPersonBecomeTheirValuesAndOthersAreNamed(t *testing.T) {
	m := mask(t, "all")
	ana := Person{Names: []string{"Ana Gómez"}, Emails: []string{"Ana@Example.com"}, Phones: []string{"+54 9 11 5555-0101"}, PersonalIDs: []string{"20.000.005"}, Addresses: []string{"Calle 12"}}
	other := m.Email("otra@example.com")
	said := "Hola " + m.Name("ana gomez") + ": " + m.Email("ana@example.com") + ", " + m.Phone("5491155550101") + ", " + m.PersonalID("20000005") + ", " + m.Address("calle 12") + " y " + other
	got, strange := m.Restore(said, ana)
	if want := "Hola Ana Gómez: Ana@Example.com, +54 9 11 5555-0101, 20.000.005, Calle 12 y " + other; got != want || len(strange) != 1 || strange[0] != other {
		t.Errorf("%q, %v", got, strange)
	}
	if got, strange := m.Restore("PERSON"+m.Name("Ana Gómez")[len("person"):]+" ñandú", ana); got != "Ana Gómez ñandú" || len(strange) != 0 {
		t.Errorf("%q, %v", got, strange)
	}
	if got, strange := mask(t, "none").Restore(said, ana); got != said || strange != nil {
		t.Errorf("no mask changes %q, %v", got, strange)
	}
	if got, strange := m.Restore("a\xff", ana); got != "a\xff" || len(strange) != 1 {
		t.Errorf("%q, %v", got, strange)
	}
	if got, strange := m.Restore("", ana); got != "" || strange != nil {
		t.Errorf("%q, %v", got, strange)
	}
}

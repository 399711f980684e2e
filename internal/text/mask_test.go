package text

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func mask(t *testing.T, mode string) Mask {
	t.Helper()
	m, err := NewMask(mode, []byte("a key for tests"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMaskNeedsAKnownModeAndAKey(t *testing.T) {
	for _, test := range []struct {
		mode, key string
		fine      bool
	}{{"none", "", true}, {"contact", "k", true}, {"all", "k", true}, {"all", "", false}, {"contact", "", false}, {"some", "k", false}, {"", "k", false}} {
		if _, err := NewMask(test.mode, []byte(test.key)); (err == nil) != test.fine {
			t.Errorf("mode %q, key %q: %v", test.mode, test.key, err)
		}
	}
}

func TestPseudonymsAreStableAndTellTheirKind(t *testing.T) {
	m := mask(t, "all")
	for _, test := range []struct {
		form   string
		mask   func(string) string
		values []string // all the same value
	}{
		{`^email-[0-9a-f]{10}@masked$`, m.Email, []string{"Ana@Example.com", " ana@example.com"}},
		{`^phone-[0-9a-f]{10}$`, m.Phone, []string{"+54 9 11 5555-0101", "5491155550101", "005491155550101", "(54) 9 11.5555.0101"}},
		{`^id-[0-9a-f]{10}$`, m.PersonalID, []string{"20.000.005", "20000005", "20 000 005"}},
		{`^person-[0-9a-f]{10}$`, m.Name, []string{"Ana Gómez", "ANA  GOMEZ"}},
		{`^address-[0-9a-f]{10}$`, m.Address, []string{"San Martín 100", "san martin 100"}},
	} {
		first := test.mask(test.values[0])
		if !regexp.MustCompile(test.form).MatchString(first) {
			t.Errorf("%q became %q", test.values[0], first)
		}
		for _, value := range test.values {
			if got := test.mask(value); got != first {
				t.Errorf("%q became %q, %q became %q", value, got, test.values[0], first)
			}
		}
		if again := test.mask(first); again != first {
			t.Errorf("the pseudonym %q was masked again, to %q", first, again)
		}
		if test.mask("") != "" {
			t.Error("nothing was masked")
		}
	}
	other, _ := NewMask("all", []byte("another key"))
	if m.Name("Ana") == other.Name("Ana") {
		t.Error("two keys give the same pseudonym")
	}
	seen := map[string]string{}
	for i := range 20_000 {
		value := fmt.Sprintf("ana%d@example.com", i)
		if before, found := seen[m.Email(value)]; found {
			t.Fatalf("%s and %s have the same pseudonym", before, value)
		}
		seen[m.Email(value)] = value
	}
	if strings.TrimPrefix(m.Phone("20000005"), "phone-") == strings.TrimPrefix(m.PersonalID("20000005"), "id-") {
		t.Error("the kind does not count")
	}
}

func TestAPrintedMaskKeepsItsKey(t *testing.T) {
	m := mask(t, "all")
	if got := fmt.Sprintf("%v %+v %#v", m, m, m); got != "all all text.Mask(all)" {
		t.Error(got)
	}
}

func TestModesMaskWhatTheySay(t *testing.T) {
	const text = "soy Ana, ana@example.com, 11 5555-0101"
	none, contact := mask(t, "none"), mask(t, "contact").Knowing(Person{Names: []string{"Ana"}})
	if none.Active() || none.Email("a@b.co") != "a@b.co" || none.Words(text) != text || none.Knowing(Person{}).Active() {
		t.Error("the mode none changes something")
	}
	if got := mask(t, "contact").Knowing(Person{Addresses: []string{"Calle 51 123"}}).Words("vivo en Calle 51 123"); got != "vivo en Calle 51 123" {
		t.Errorf("the mode contact masks an address: %q", got)
	}
	if contact.Name("Ana") != "Ana" || contact.Address("x") != "x" || contact.Email("a@b.co") == "a@b.co" {
		t.Error("the mode contact masks e-mail, phone and id only")
	}
	if got := contact.Words(text); !strings.HasPrefix(got, "soy Ana, email-") || strings.Contains(got, "5555") {
		t.Errorf("%q", got)
	}
}

func TestWordsAreMaskedAsSingleValuesAre(t *testing.T) {
	m := mask(t, "all").Knowing(Person{
		Names: []string{"Ana María de los Ángeles Gómez"}, Phones: []string{"5491155550101"}, PersonalIDs: []string{"27200000058"},
		Addresses: []string{"Calle 51 N° 1234, La Plata", "Belgrano"},
	})
	address := m.Address("Calle 51 N° 1234, La Plata")
	person, phone := m.Name("Ana María de los Ángeles Gómez"), m.Phone("5491155550101")
	for _, test := range []struct{ in, want string }{
		{"escribime a Ana.Gomez+x@Example.com.ar.", "escribime a " + m.Email("ana.gomez+x@example.com.ar") + "."},
		{"https://x.co/baja?mail=aa%40bb.com&n=1", "https://x.co/baja?mail=" + m.Email("aa@bb.com") + "&n=1"},
		{"vivo en calle 51 n° 1234", "vivo en " + address},
		{"CALLE 51, N° 1234 (es en La Plata)", address + " (es en La Plata)"},
		{"Calle 51 N° 1234, La  Plata.", address + "."},
		{"calle 51 y 1234, Belgrano", "calle 51 y 1234, Belgrano"},
		{"<a@b.co>,c@d.co", "<" + m.Email("a@b.co") + ">," + m.Email("c@d.co")},
		{"mi cel es +54 9 11 5555-0101, gracias", "mi cel es " + phone + ", gracias"},
		{"mi cel es 11 5555 0101", "mi cel es " + phone},
		{"https://wa.me/5491155550101", "https://wa.me/" + phone},
		{"otro: +55 11 91234-5678", "otro: " + m.Phone("5511912345678")},
		{"otro: (011) 4555-0199", "otro: " + m.Phone("01145550199")},
		{"fijo 4555-0199", "fijo " + m.Phone("45550199")},
		{"DNI 20.000.005", "DNI " + m.PersonalID("20000005")},
		{"dni20000005", "dni" + m.PersonalID("20000005")},
		{"CUIT 27-20000005-8 ok", "CUIT " + m.PersonalID("27200000058") + " ok"},
		{"cuit 27200000058", "cuit " + m.PersonalID("27200000058")},
		{"RUT 12.345.678-K", "RUT " + m.PersonalID("12345678k")},
		{"RUT 12.345.678-5", "RUT " + m.PersonalID("123456785")},
		{"CPF 123.456.789-09", "CPF " + m.PersonalID("12345678909")},
		{"tarjeta 4000 0000 0000 0002", "tarjeta " + m.PersonalID("4000000000000002")},
		{"Soy Ana Gómez", "Soy " + person},
		{"habla ANA. la gomez", "habla " + person + ". la " + person},
		{"una banana de Anabel", "una banana de Anabel"},
		{"de los", "de los"},
	} {
		got := m.Words(test.in)
		if got != test.want {
			t.Errorf("%q became %q, want %q", test.in, got, test.want)
		}
		if again := m.Words(got); again != got {
			t.Errorf("%q was masked again, to %q", got, again)
		}
	}
}

func TestNumbersThatAreNobodysStay(t *testing.T) {
	m := mask(t, "all")
	for _, text := range []string{
		"pedido 48213", "pedidos 48213 48214", "48213, 48214 y 48215", "caso 534787", "2026-09-06", "06/09/2026 10:12", "el 6.9.26 a las 10:12:13",
		"2026-09-06T10:12:13", "$ 1.234.567,89", "1,234,567.89", "12345678.90", "son $12.500.000 en total", "USD 1500000", "0,50", "15.30", "entre 2023-2024",
		"de 2025 2026", "código AB12345678X", "10 20 30 40", "a@b", "@ana", "hola@", "versión 1.2.3", "3 x 4", "100%", "el 5 y el 6",
		"factura 0001-00012345", "FC A 00003-00012345.", "un 100%40 de más", "50%40",
	} {
		if got := m.Words(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func FuzzMaskWords(f *testing.F) {
	f.Add("ana@example.com 11 5555-0101 2026-09-06 $ 1.234,50 (54) Ana")
	m, err := NewMask("all", []byte("k"))
	if err != nil {
		f.Fatal(err)
	}
	m = m.Knowing(Person{Names: []string{"Ana Gómez"}, Phones: []string{"5491155550101"}, Addresses: []string{"Calle 5 1"}})
	f.Fuzz(func(t *testing.T, s string) {
		got := m.Words(s)
		if len(got) > 12*len(s)+40 {
			t.Errorf("%q became %q", s, got)
		}
	})
}

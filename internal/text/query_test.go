package text

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestQueryFindsWholeWordsAndNumbers(t *testing.T) {
	for _, test := range []struct {
		query string
		texts []string
		want  bool
	}{
		{"", []string{"algo"}, true},
		{"demora", []string{"Demora en la entrega"}, true},
		{"entregas demoradas", []string{"Entrega", "muy demorada"}, true},
		{"entrega demora", []string{"Entrega"}, false},
		{"factura", []string{"facturación"}, false},
		{"devolucion", []string{"Quiero DEVOLUCIONES ya"}, true},
		{"5347", []string{"caso 534787"}, false},
		{"534787", []string{"caso #534787."}, true},
		{"1155550101", []string{"mi cel: 11 5555-0101"}, true},
		{"11 5555-0101", []string{"1155550101"}, true},
		{"11 5555-0101", []string{"+54 9 11 5555 0101"}, true},
		{"11 5555 0101", []string{"5491155550101"}, true},
		{"20000005", []string{"DNI 20.000.005"}, true},
		{"AR-1234", []string{"ar1234"}, true},
		{"😡", []string{"muy mal 😡"}, true},
		{"😡", []string{"muy mal"}, false},
		{"pedido 48213", []string{"pedido 48214 y 48213"}, true},
	} {
		if got := NewQuery(test.query).Matches(test.texts...); got != test.want {
			t.Errorf("%q in %q: %v", test.query, test.texts, got)
		}
	}
	if !NewQuery(" ").IsEmpty() || !NewQuery().IsEmpty() || !NewQuery("", " ").IsEmpty() || NewQuery("a").IsEmpty() || !(Query{}).Matches("x") {
		t.Error("a query without words is empty, and matches everything")
	}
}

func TestNumbersAreFoundWhateverPartsTheirDigits(t *testing.T) {
	for _, test := range []struct {
		query string
		texts []string
		want  bool
	}{
		{"0001-00012345", []string{
			"0001-00012345", "factura 0001 00012345 de marzo", "000100012345", "0001‑00012345", "0001–00012345", "0001—00012345", "0001/00012345", "A0001-00012345", "N°0001.00012345",
			"(0001) 00012345", "0001 - 00012345", "0001_00012345", "０００１-00012345",
		}, true},
		{"000100012345", []string{"0001-00012345", "0001 00012345", "0001-0001-2345"}, true},
		{"00012345", []string{"0001-00012345", "000100012345"}, true},
		{"12345", []string{"0001-00012345", "12.345", "$ 12,345"}, true},
		{"1234", []string{"0001-00012345", "91234", "12345", "000100012345", "1234567", "12, 34", "1.2.3"}, false},
		{"12345", []string{"912345", "123456", "0001-00123450", "1 2345678"}, false},
		{"b-3-26403", []string{"B-0003-00026403", "factura B 0003 00026403", "B0003-26403", "b-3-26403."}, true},
		{"0003-00026403", []string{"3-26403", "03 / 026403"}, true},
		{"3-26403", []string{"13-26403", "3-126403", "0003-00264030", "26403", "3 y 26403", "0030-26403"}, false},
		{"3-26", []string{"03-26"}, false},
		{"7", []string{"007", "1-17", "77"}, false},
		{"20123456783", []string{"CUIT 20-12345678-3", "20.12345678.3", "20 12345678 3"}, true},
		{"12345678", []string{"20-12345678-3"}, true},
		{"4821348214", []string{"48213 y 48214", "48213, 48214", "48213: 48214", "48213\n\nx 48214"}, false},
		{"factura 0001-00012345", []string{"0001-00012345", "factura 0001-00012346"}, false},
	} {
		for _, text := range test.texts {
			if got := NewQuery(test.query).Matches(text); got != test.want {
				t.Errorf("%q in %q: %v", test.query, text, got)
			}
		}
	}
}

func TestAnyAlternativeOfAQueryMayMatch(t *testing.T) {
	query := NewQuery("reintegro", "devolución del dinero", "", "0001-00012345", "😡")
	for _, text := range []string{"Quiero el REINTEGRO", "las devoluciones de dinero, del mío", "es la 000100012345", "así no 😡"} {
		if !query.Matches(text) {
			t.Errorf("%q is not found", text)
		}
	}
	for _, text := range []string{"", "devolución", "dinero", "00012346"} {
		if query.Matches(text) {
			t.Errorf("%q is found", text)
		}
	}
	if !query.Matches("devolución", "del dinero") {
		t.Error("the words of one alternative may stand in two texts")
	}
}

func TestSnippetShowsWhereTheQueryMatches(t *testing.T) {
	letter := "Buenos días, les escribo de nuevo. " + strings.Repeat("Ya pasaron varios días sin novedad. ", 20) +
		"El número de factura es 0001-00012345 y el importe no coincide. " + strings.Repeat("Espero su respuesta con ansias. ", 20)
	for _, test := range []struct {
		about, text string
		query       Query
		size        int
		want        string
	}{
		{"what fits", "La factura\n\n no  llegó", NewQuery("factura"), 40, "La factura no llegó"},
		{"the start, without a query", letter, Query{}, 40, "Buenos días, les escribo de…"},
		{"the start, where nothing matches", letter, NewQuery("heladera"), 40, "Buenos días, les escribo de…"},
		{"a number, however it is written", letter, NewQuery("000100012345"), 60, "…factura es 0001-00012345 y el importe no coincide.…"},
		{"where most words stand together", letter, NewQuery("días importe escribo"), 70, "Buenos días, les escribo de nuevo. Ya pasaron varios días sin…"},
		{"the end", letter + "Firmado: Zulema", NewQuery("zulema"), 40, "…con ansias. Firmado: Zulema"},
		{"an alternative that matches", letter, NewQuery("días sin sol", "coincide"), 40, "…no coincide. Espero su…"},
		{"an emoji", strings.Repeat("mal ", 30) + "😡 " + strings.Repeat("peor ", 30), NewQuery("😡"), 30, "…mal 😡 peor peor…"},
		{"one long word", strings.Repeat("ñ", 100), NewQuery("x"), 21, strings.Repeat("ñ", 7) + "…"},
		{"no room", letter, NewQuery("factura"), 3, ""},
		{"less than none", letter, NewQuery("factura"), -1, ""},
		{"nothing", "", NewQuery("factura"), 10, ""},
	} {
		if got := Snippet(test.text, test.query, test.size); got != test.want {
			t.Errorf("%s: %q, want %q", test.about, got, test.want)
		}
	}
}

func TestHugeTextsAreSearchedInLinearTime(t *testing.T) {
	for about, text := range map[string]string{
		"digits":   strings.Repeat("1", 1_000_000),
		"runs":     strings.Repeat("1 ", 500_000),
		"numbers":  strings.Repeat("0001-00012345, ", 70_000),
		"words":    strings.Repeat("factura ", 120_000),
		"one word": strings.Repeat("x", 1_000_000),
	} {
		start := time.Now()
		query := NewQuery("factura 0001-00012345", "1111111111111111", text[:1000])
		query.Matches(text)
		Snippet(text, query, 200)
		if took := time.Since(start); took > 20*time.Second { // a second at most, but for the race detector
			t.Errorf("%s took %v", about, took)
		} else {
			t.Logf("%s: %v", about, took)
		}
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("El número de factura es 0001-00012345 😡", "factura 000100012345", 20)
	f.Fuzz(func(t *testing.T, s, query string, size int) {
		got := Snippet(s, NewQuery(query), size)
		if len(got) > max(size, 0) || !utf8.ValidString(got) || strings.Contains(got, "\n") {
			t.Errorf("%q for %q in %d bytes of %q", got, query, size, s)
		}
	})
}

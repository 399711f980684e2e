package text

import (
	"slices"
	"testing"
)

func TestFoldMakesNamesComparable(t *testing.T) {
	for in, want := range map[string]string{
		"  Soporte  TÉCNICO ": "soporte tecnico", "Ñandú Ção": "nandu cao", "JOSÉ": "jose", "Jose\u0301": "jose", "ｗｉｄｅ": "wide",
		"Straße Ærø Łódź": "strasse aero lodz", "ПРИВЕТ Ё": "привет е", "": "", "a\u200bb": "ab", "İstanbul": "istanbul",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestSingularAndPluralAreTheSameWord(t *testing.T) {
	for _, pair := range [][2]string{
		{"pedido", "pedidos"}, {"factura", "facturas"}, {"envío", "envíos"}, {"devolución", "devoluciones"}, {"cliente", "clientes"},
		{"luz", "luces"}, {"vez", "veces"}, {"papel", "papeles"}, {"mes", "meses"}, {"interés", "intereses"}, {"reclamo", "RECLAMOS"}, {"ley", "leyes"},
		{"devolução", "devoluções"}, {"cartão", "cartões"}, {"mensagem", "mensagens"}, {"animal", "animais"}, {"papel", "papéis"}, {"boleto", "boletos"},
		{"order", "orders"}, {"company", "companies"}, {"box", "boxes"}, {"compra", "compras"}, {"cuota", "cuotas"}, {"móvil", "móvil"},
	} {
		if one, many := Words(pair[0]), Words(pair[1]); !slices.Equal(one, many) {
			t.Errorf("%s is %q, %s is %q", pair[0], one, pair[1], many)
		}
	}
	for _, pair := range [][2]string{{"paso", "pasa"}, {"casa", "caso"}, {"gas", "gato"}, {"cuenta", "cuento"}, {"mes", "mesa"}, {"pago", "paga"}} {
		if one, other := Words(pair[0]), Words(pair[1]); slices.Equal(one, other) {
			t.Errorf("%s and %s are both %q", pair[0], pair[1], one)
		}
	}
}

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
	if !NewQuery(" ").IsEmpty() || NewQuery("a").IsEmpty() || !(Query{}).Matches("x") {
		t.Error("a query without words is empty, and matches everything")
	}
}

func TestNearestNamesComeBestFirst(t *testing.T) {
	names := []string{"Ventas", "Soporte Técnico", "Soporte", "Posventa", "Administración", "Logística", "Atención VIP"}
	for _, test := range []struct {
		word string
		want []string
	}{
		{"soporte", []string{"Soporte", "Soporte Técnico"}},
		{"SOPRTE", []string{"Soporte", "Soporte Técnico"}},
		{"tecnico", []string{"Soporte Técnico"}},
		{"venta", []string{"Ventas", "Posventa"}},
		{"logistca", []string{"Logística"}},
		{"vip", []string{"Atención VIP"}},
		{"cola de ventas", []string{"Ventas"}},
		{"zzzz", nil},
		{"", nil},
	} {
		if got := Nearest(test.word, names, 2); !slices.Equal(got, test.want) {
			t.Errorf("nearest to %q: %q, want %q", test.word, got, test.want)
		}
	}
	if got := Nearest("soporte", names, 0); got != nil {
		t.Errorf("none were asked for, %q came", got)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Devoluções 48213", "cartões")
	f.Fuzz(func(t *testing.T, s, query string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Errorf("%q folds to %q and then to %q", s, folded, again)
		}
		if !NewQuery(s).Matches(s) {
			t.Errorf("%q is not found in itself", s)
		}
		NewQuery(query).Matches(s)
		Nearest(query, []string{s}, 3)
	})
}

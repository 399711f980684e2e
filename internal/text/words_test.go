package text

import (
	"slices"
	"testing"
)

func TestFoldMakesNamesComparable(t *testing.T) {
	for in, want := range map[string]string{
		"  Soporte  TÉCNICO ": "soporte tecnico", "Ñandú Ção": "nandu cao", "JOSÉ": "jose", "Jose\u0301": "jose", "ｗｉｄｅ": "wide",
		"Straße Ærø Łódź": "strasse aero lodz", "ПРИВЕТ Ё": "привет е", "": "", "a\u200bb": "ab", "İstanbul": "istanbul", "a ¸": "a",
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

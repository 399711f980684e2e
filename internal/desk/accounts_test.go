package desk

import (
	"fmt"
	"strings"
	"testing"
)

func TestLinksAreFoundAndWordsAreNot(t *testing.T) {
	for said, want := range map[string]string{
		"mirá https://a.example/x?y=1.":                      "[https://a.example/x?y=1]",
		"wa.me/5491155550101 o bit.ly/abc":                   "[wa.me/5491155550101 bit.ly/abc]",
		"tienda.com.ar, www.otra.example":                    "[tienda.com.ar www.otra.example]",
		"ｈｔｔｐｓ://ancho.example":                              "[https://ancho.example]",
		"escribí a ana@example.com":                          "[]",
		"hola.Gracias por todo. Son 1.500,50 pesos a las 10": "[]",
		"javascript://x":                                     "[javascript://x]",
		"":                                                   "[]",
	} {
		if got := fmt.Sprint(linksIn(said)); got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

func TestNumbersThatLookLikeAccountsAreFound(t *testing.T) {
	p := phrasesIn["en"]
	for said, want := range map[string]string{
		"CBU 2850590940090418135201":                 "[CBU/CVU 2850590940090418135201]",
		"0000003100 0123 4567 8901":                  "[CBU/CVU 0000003100 0123 4567 8901]",
		"CLABE 032180000118359719":                   "[CLABE 032180000118359719]",
		"4111-1111-1111-1111":                        "[card 4111-1111-1111-1111]",
		"４１１１１１１１１１１１１１１１":                           "[card 4111111111111111]",
		"cuenta 12345678901234":                      "[long number 12345678901234]",
		"IBAN ES91 2100 0418 4502 0005 1332":         "[IBAN ES91 2100 0418 4502 0005 1332]",
		"CUIT 20-20000005-3":                         "[CUIT 20-20000005-3]",
		"chave pix: ana@example.com":                 "[PIX ana@example.com]",
		"PIX 123.456.789-09":                         "[PIX 123.456.789-09]",
		"pix 123e4567-e89b-12d3-a456-426614174000":   "[PIX 123e4567-e89b-12d3-a456-426614174000]",
		"alias: gato.mesa.sol":                       "[alias gato.mesa.sol]",
		"pedido 534787, llamá al +54 9 11 5555 0101": "[]",
		"el 2026-11-18 a las 10:30 son $ 12.345,67":  "[]",
		"": "[]",
		strings.Repeat("2850590940090418135201\n", 3):         "[CBU/CVU 2850590940090418135201]",
		"correo ana@example.com, alias de la tienda: ninguno": "[]",
	} {
		if got := fmt.Sprint(accountsIn(said, p)); got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

func TestEveryLanguageHasEveryPhrase(t *testing.T) {
	for lang, p := range phrasesIn {
		if shown := fmt.Sprintf("%#v", p); strings.Contains(shown, `""`) {
			t.Errorf("%s lacks a phrase: %s", lang, shown)
		}
	}
	for lang, want := range map[string]string{"es": "¿Enviar", "pt": "Enviar", "en": "Send", "": "Send", "xx": "Send"} {
		if d := (&Desk{lang: lang}); !strings.HasPrefix(d.phrases().send, want) {
			t.Errorf("%q: %s", lang, d.phrases().send)
		}
	}
}

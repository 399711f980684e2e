package text

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/tiktoken-go/tokenizer"
)

var o200k = sync.OnceValue(func() tokenizer.Codec {
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		panic(err)
	}
	return codec
})

func trueTokens(t testing.TB, s string) int {
	t.Helper()
	n, err := o200k().Count(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// chance gives the same numbers in every run.
func chance() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func randomRunes(r *rand.Rand, alphabet string, n int) string {
	runes := []rune(alphabet)
	var out strings.Builder
	for range n {
		out.WriteRune(runes[r.IntN(len(runes))])
	}
	return out.String()
}

const smallLetters = "abcdefghijklmnopqrstuvwxyz"

const spanishProse = `Buenas tardes, les escribo porque el pedido que hice la semana pasada todavía no llegó y nadie me responde el teléfono. ` +
	`Pagué con tarjeta de crédito en tres cuotas y ya me debitaron la primera. Necesito que me digan qué pasó con el envío o que me devuelvan el dinero. ` +
	`La dirección es la de siempre, en el barrio de Palermo, segundo piso, departamento B. El mensajero nunca tocó el timbre, según la cámara del edificio. ` +
	`Además, la factura vino con un error en la razón social: debería decir Ferretería Los Álamos y no Ferreteria Alamo. ` +
	`¿Podrían corregirla antes de fin de mes? ¡Muchísimas gracias por la ayuda! Quedo atenta a sus comentarios. Saludos cordiales. ` +
	`Che, ¿me pasás el código de seguimiento? Porfa, que mañana viajo y no voy a estar. Jajaja, mil disculpas por la insistencia.`

const portugueseProse = `Boa tarde, estou escrevendo porque o pedido que fiz na semana passada ainda não chegou e ninguém atende o telefone. ` +
	`Paguei com cartão de crédito em três parcelas e a primeira já foi cobrada. Preciso que vocês me digam o que aconteceu com a entrega ou devolvam o dinheiro. ` +
	`O endereço é o mesmo de sempre, no bairro de Pinheiros, segundo andar. O entregador não tocou a campainha, segundo a câmera do prédio. ` +
	`Além disso, a nota fiscal veio com um erro na razão social. Vocês poderiam corrigi-la até o fim do mês? Muitíssimo obrigada pela atenção!`

const englishProse = `Good afternoon, I am writing because the order I placed last week hasn't arrived yet and nobody answers the phone. ` +
	`I paid by credit card and the first instalment has already been charged. Please tell me what happened or refund my money. Kind regards.`

// spanishRows makes rows of cases as search_cases shows them.
func spanishRows(r *rand.Rand, n int) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	type row struct {
		ID       int      `json:"id"`
		Number   int      `json:"number"`
		Subject  string   `json:"subject"`
		Status   string   `json:"status"`
		Priority string   `json:"priority"`
		Queue    string   `json:"queue"`
		Agent    string   `json:"agent,omitempty"`
		Contact  string   `json:"contact"`
		Channel  string   `json:"channel"`
		Tags     []string `json:"tags,omitempty"`
		Updated  string   `json:"updated_at"`
	}
	var rows []row
	for range n {
		rows = append(rows, row{
			ID: 430000000 + r.IntN(1000000), Number: 500000 + r.IntN(99999),
			Subject: pick("Demora en la entrega", "Consulta por factura", "Reclamo: producto dañado", "No puedo ingresar a mi cuenta",
				"Cambio de dirección de envío", "Devolución del pedido 48213", "¿Cuándo llega mi compra?", "Problema con el código de descuento", "RE: Cotización de repuestos"),
			Status:   pick("open", "pending", "on_hold", "solved", "closed"),
			Priority: pick("normal", "high", "low", "urgent"),
			Queue:    pick("Soporte Técnico", "Ventas", "Administración", "Postventa", "Logística"),
			Agent:    pick("", "Franco González", "Lucía Fernández", "Martín Pereyra", "Sofía Benítez", "Julián Álvarez Paz"),
			Contact:  pick("Ana Gómez", "Tomás Gómez", "María José Núñez", "Camila Rodríguez", "Joaquín Ibáñez", "João Conceição", "Ximena Quiroga"),
			Channel:  pick("whatsapp", "email", "phone", "web"),
			Tags:     [][]string{nil, {"vip"}, {"reclamo", "logística"}}[r.IntN(3)],
			Updated:  fmt.Sprintf("2026-%02d-%02d %02d:%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60)),
		})
	}
	out, err := json.Marshal(map[string]any{"cases": rows, "returned": n, "has_more": true, "timezone": "America/Argentina/Buenos_Aires"})
	if err != nil {
		panic(err)
	}
	return string(out)
}

func bytesByChance(r *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.IntN(256))
	}
	return out
}

func runesBetween(r *rand.Rand, low, high rune, n int) string {
	var out strings.Builder
	for range n {
		out.WriteRune(low + rune(r.IntN(int(high-low))))
	}
	return out.String()
}

func asJSON(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func TestTokensAreNeverEstimatedTooLow(t *testing.T) {
	r := chance()
	raw := bytesByChance(r, 3000)
	samples := map[string]string{
		"rows of cases":           spanishRows(r, 20),
		"one row":                 spanishRows(r, 1),
		"spanish":                 spanishProse,
		"portuguese":              portugueseProse,
		"english":                 englishProse,
		"spanish as JSON":         asJSON(strings.ReplaceAll(spanishProse, ". ", ".\n\n")),
		"spanish in capitals":     strings.ToUpper(spanishProse),
		"portuguese in capitals":  strings.ToUpper(portugueseProse),
		"html":                    `<div style="font-family:Arial,sans-serif;font-size:12pt;color:#1f497d"><p class="MsoNormal">Hola&nbsp;<b>equipo</b>,<br></p><table border="0" cellpadding="0"><tr><td width="50%">Uno</td></tr></table></div>`,
		"digits":                  randomRunes(r, "0123456789", 3000),
		"ids":                     randomRunes(r, "0123456789,", 3000),
		"numbers parted":          randomRunes(r, "0123456789 -.:/", 3000),
		"base64":                  base64.StdEncoding.EncodeToString(raw),
		"base64 for addresses":    base64.RawURLEncoding.EncodeToString(raw),
		"hex":                     hex.EncodeToString(raw),
		"HEX":                     strings.ToUpper(hex.EncodeToString(raw)),
		"emoji":                   runesBetween(r, 0x1f300, 0x1f64f, 500),
		"new emoji":               runesBetween(r, 0x1f900, 0x1faff, 500),
		"emoji among words":       strings.Repeat("Gracias 🙏🏽 por todo 👨‍👩‍👧 ❤️ jaja 😂😂😂 dale 👍 ", 10),
		"chinese":                 strings.Repeat("您好，我上周下的订单还没有收到，请问什么时候可以发货？谢谢您的帮助。", 10),
		"chinese by chance":       runesBetween(r, 0x4e00, 0x9fff, 1000),
		"japanese":                strings.Repeat("先週注文した商品がまだ届いていません。いつ届きますか？", 10),
		"korean":                  strings.Repeat("지난주에 주문한 상품이 아직 도착하지 않았습니다. 언제 받을 수 있나요?", 10),
		"arabic":                  strings.Repeat("مرحبا، لم يصل طلبي بعد وأريد معرفة موعد التسليم من فضلكم. ", 10),
		"hebrew":                  strings.Repeat("שלום, ההזמנה שלי עדיין לא הגיעה, מתי היא תגיע? ", 10),
		"russian":                 strings.Repeat("Здравствуйте, мой заказ ещё не пришёл, когда его доставят? ", 10),
		"hindi":                   strings.Repeat("नमस्ते, मेरा ऑर्डर अभी तक नहीं आया है। ", 10),
		"thai":                    strings.Repeat("สวัสดีค่ะ สินค้าที่สั่งไปยังไม่ได้รับเลย ", 10),
		"bytes as JSON":           asJSON(string(raw)),
		"bytes":                   strings.ToValidUTF8(string(raw), ""),
		"signs":                   randomRunes(r, "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\\", 3000),
		"signs of JSON":           randomRunes(r, "\"{}[]:,", 3000),
		"all of ASCII":            runesBetween(r, ' ', 0x7f, 3000),
		"blanks by chance":        randomRunes(r, " \n\t\r", 3000),
		"letters by chance":       randomRunes(r, smallLetters, 3000),
		"capitals by chance":      randomRunes(r, strings.ToUpper(smallLetters), 3000),
		"both by chance":          randomRunes(r, smallLetters+strings.ToUpper(smallLetters), 3000),
		"letters and digits":      randomRunes(r, smallLetters+"0123456789", 3000),
		"words by chance":         randomRunes(r, smallLetters+"   ", 3000),
		"accents by chance":       randomRunes(r, "áéíóúñüçãõêôàâ", 2000),
		"accented words":          randomRunes(r, "aeosnrlidtcáéíóñãç  ", 3000),
		"latin letters by chance": runesBetween(r, 0xc0, 0x17f, 2000),
		"two bytes by chance":     runesBetween(r, 0x80, 0x7ff, 2000),
		"three bytes by chance":   runesBetween(r, 0x800, 0xd7ff, 2000),
		"symbols by chance":       runesBetween(r, 0x2010, 0x2bff, 2000),
		"far planes by chance":    runesBetween(r, 0x20000, 0x2a000, 1000),
		"long words":              strings.Repeat("desoxirribonucleico electroencefalografista inconstitucionalissimamente anticonstitucionalmente ", 10),
		"a very long word":        strings.Repeat("supercalifragilistico", 50),
		"one letter again":        strings.Repeat("a", 1000) + strings.Repeat("=", 1000) + strings.Repeat(" ", 1000) + strings.Repeat("\n", 1000),
		"laughing":                strings.Repeat("jajajaj jsjsjs kkkkkk rsrsrs ajajaja ", 20),
		"surnames":                "Etchegoyen Goycoechea Yrigoyen Zubizarreta Iturralde Wojciechowski Szczepanski Schwarzenegger Kuczynski Quispe Mamani Huanca Choquehuanca Atahualpa Xochitl Cuauhtemoc",
		"addresses":               "https://www.example.com/tienda/producto?id=48213&utm_source=mail&utm_medium=newsletter#detalle ana.gomez+compras@correo.example.com.ar",
		"a table of columns":      "fecha\tcaso\tagente\tcola\n2026-11-22\t534787\tFranco\tSoporte\n2026-11-23\t534788\tLucía\tVentas\n",
	}
	for name, sample := range samples {
		want, got := trueTokens(t, sample), Tokens(sample)
		t.Logf("%-25s %6d true %6d estimated %.2f", name, want, got, float64(got)/float64(want))
		if got < want {
			t.Errorf("%s: %d tokens estimated, %d in truth", name, got, want)
		}
		if fromBytes := Tokens([]byte(sample)); fromBytes != got {
			t.Errorf("%s: %d tokens as bytes, %d as a string", name, fromBytes, got)
		}
	}
}

func TestTokensOfRowsAreNotEstimatedMuchTooHigh(t *testing.T) {
	r := chance()
	for range 200 {
		rows := spanishRows(r, 1+r.IntN(40))
		want, got := trueTokens(t, rows), Tokens(rows)
		if ratio := float64(got) / float64(want); ratio < 1 || ratio > 1.35 {
			t.Fatalf("%d tokens estimated, %d in truth: %.2f times, for %s", got, want, ratio, rows)
		}
	}
	for name, prose := range map[string]string{"spanish": spanishProse, "portuguese": portugueseProse, "english": englishProse} {
		for sentence := range strings.SplitSeq(prose, ". ") {
			want, got := trueTokens(t, sentence), Tokens(sentence)
			if ratio := float64(got) / float64(want); ratio < 1 || ratio > 1.6 {
				t.Errorf("%s: %d estimated, %d in truth (%.2f): %s", name, got, want, ratio, sentence)
			}
		}
	}
}

func TestTokensOfNothingAreNone(t *testing.T) {
	if got := Tokens(""); got != 0 {
		t.Errorf("%d tokens of nothing", got)
	}
}

func BenchmarkTokens(b *testing.B) {
	rows := []byte(spanishRows(chance(), 200))
	b.SetBytes(int64(len(rows)))
	b.ReportAllocs()
	for b.Loop() {
		Tokens(rows)
	}
}

func BenchmarkTokensOfProse(b *testing.B) {
	prose := []byte(strings.Repeat(spanishProse, 50))
	b.SetBytes(int64(len(prose)))
	for b.Loop() {
		Tokens(prose)
	}
}

package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLineIsOneCleanLine(t *testing.T) {
	for _, test := range []struct{ about, in, want string }{
		{"a clean line", "Demora en la entrega, ¿cuándo llega? Ñandú", "Demora en la entrega, ¿cuándo llega? Ñandú"},
		{"nothing", "", ""},
		{"blanks only", " \t\n\u00a0\u2003 ", ""},
		{"runs of blanks and line ends", "  uno \t dos\r\ntres\u2028cuatro\u00a0cinco ", "uno dos tres cuatro cinco"},
		{"controls", "a\x00b\x07c\x1bd\x7fe\u0085f", "abcde f"},
		{"invalid UTF-8", "a\xff\xfe\xfdb\xc3", "a\ufffdb\ufffd"},
		{"zero width characters and soft hyphens", "pa\u200bla\u200cbra\u2060 \ufeffpar\u00adtida", "palabra partida"},
		{"bidirectional marks", "\u202eabc\u202c \u2066x\u2069 \u200fy\u061c", "abc x y"},
		{"tags that spell a hidden text", "hola\U000e0041\U000e0042\U000e007f", "hola"},
		{"variation selectors that carry data", "hola😀\ufe0f\ufe01\ufe0e\U000e0100\U000e0155 a\ufe0f", "hola😀\ufe0f a"},
		{"fillers that look like nothing", "a\u3164b\uffa0c\u115fd\u2800e", "abcd e"},
		{"private use", "a\ue000b\U000f0000", "ab"},
		{"emoji put together", "familia 👨‍👩‍👧‍👦 ❤️‍🔥 👍🏽 🇦🇷 1️⃣ ☎️", "familia 👨‍👩‍👧‍👦 ❤️‍🔥 👍🏽 🇦🇷 1️⃣ ☎️"},
		{"joiners without emoji", "a\u200db\u200d 😀\u200da", "ab 😀a"},
		{"letters of many scripts", "日本語 العربية עברית हिन्दी ไทย Ελληνικά Русский Việt", "日本語 العربية עברית हिन्दी ไทย Ελληνικά Русский Việt"},
		{"accents as marks", "cafe\u0301", "cafe\u0301"},
		{"marks piled up", "a" + strings.Repeat("\u0301", 50) + "b", "a" + strings.Repeat("\u0301", 4) + "b"},
	} {
		if got := Line(test.in); got != test.want {
			t.Errorf("%s: %+q, want %+q", test.about, got, test.want)
		}
	}
}

func TestCleanKeepsLines(t *testing.T) {
	if got, want := Clean(" uno  dos \r\n\r\n\r\n\n tres\n\n"), "uno dos\n\ntres"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCutEndsWhereAReaderWould(t *testing.T) {
	for _, test := range []struct {
		in   string
		max  int
		head string
		left int
	}{
		{"hola", 10, "hola", 0},
		{"hola", 4, "hola", 0},
		{"hola que tal", 9, "hola que", 4},
		{"hola que tal", 8, "hola que", 4},
		{"primera línea\nsegunda", 16, "primera línea", 8},
		{"ñññññ", 5, "ññ", 3},
		{"ñandú", 1, "", 5},
		{"abc", 0, "", 3},
		{"abc", -1, "", 3},
		{"😀😀", 5, "😀", 1},
		{"xx👨‍👩‍👧", 12, "xx", 5},
		{"cafe\u0301", 4, "caf", 2},
		{"一二三四", 7, "一二", 2},
		{strings.Repeat("\u0301", 100), 51, strings.Repeat("\u0301", 25), 75},
	} {
		head, left := Cut(test.in, test.max)
		if head != test.head || left != test.left {
			t.Errorf("Cut(%q, %d) gives %q and %d left, want %q and %d", test.in, test.max, head, left, test.head, test.left)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("hola \u202e\u200d😀\ufe0f\xff\n")
	f.Add("👨‍👩‍👧 e\u0301\u0301\u0301\u0301\u0301 \U000e0041")
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		checkSafe(t, got)
		if strings.Contains(got, "\n") || len(got) > 3*len(s) {
			t.Errorf("%q gives %q", s, got)
		}
		if again := Line(got); again != got {
			t.Errorf("%q, once more %q", got, again)
		}
		if again := Clean(Clean(s)); again != Clean(s) {
			t.Errorf("%q, once more %q", Clean(s), again)
		}
	})
}

func FuzzCut(f *testing.F) {
	f.Add("hola que tal 👨‍👩‍👧", 9)
	f.Add("", -1)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if !utf8.ValidString(s) {
			return
		}
		head, left := Cut(s, limit)
		if len(head) > max(limit, 0) || !strings.HasPrefix(s, head) || utf8.RuneCountInString(s[len(head):]) != left || !utf8.ValidString(head) {
			t.Errorf("Cut(%q, %d) gives %q, %d", s, limit, head, left)
		}
		if head == "" && s != "" && limit >= utf8.UTFMax && !strings.HasPrefix(s, "\n") {
			t.Errorf("Cut(%q, %d) gives nothing", s, limit)
		}
	})
}

func BenchmarkLineOfASubject(b *testing.B) {
	for _, subject := range []string{"Demora en la entrega del pedido 48213", "Consulta por facturación: ¿cuándo vence la próxima?"} {
		b.Run(subject[:6], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Line(subject)
			}
		})
	}
}

func BenchmarkSaidOfWhatsApp(b *testing.B) {
	message := strings.Repeat("Hola! Les escribo porque el pedido no llegó 😡 y nadie contesta.\n", 32)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		Said(message)
	}
}

func BenchmarkSaidOfMail(b *testing.B) {
	mail := mails[0].content
	mail = strings.Replace(mail, "</div></body>", strings.Repeat(`<p class="MsoNormal" style="margin:0cm;font-size:11pt"><span lang="ES" style="color:#1F497D">Estimada Ana, su pedido va en camino y llega <b>mañana</b>.</span></p>`, 180)+"</div></body>", 1)
	b.SetBytes(int64(len(mail)))
	b.ReportAllocs()
	for b.Loop() {
		Said(mail)
	}
}

package text

import "strings"

// sentStarts open what a phone or a program says of itself, getStarts what it advertises.
var (
	sentStarts = []string{
		"enviado desde ", "enviado do ", "enviado de mi ", "enviado de meu ", "enviado a partir do ", "enviado con ", "enviado pelo ", "enviado por ",
		"enviado via ", "enviada do ", "este mensaje fue enviado desde ", "mensaje enviado desde ", "correo enviado desde ", "escrito desde ", "mensagem enviada do ", "typed on my ", "written on my ", "enviado com ", "sent from ", "sent via ", "sent with ", "sent by ",
	}
	getStarts    = []string{"get ", "obtener ", "obtenga ", "obten ", "obter ", "obtenha ", "descargar ", "descarga ", "descargue ", "baixar ", "baixe ", "download "}
	programNames = []string{"outlook", "bluemail", "yahoo mail", "typeapp", "spark"}
	virusStarts  = []string{"virus-free", "libre de virus", "livre de virus"}
)

// excuseWords stand behind, in what people make of such a line.
var excuseWords = []string{"disculp", "perdon", "desculp", "sorry", "excus", "errores", "erros", "typos", "brev", "dedo"}

var deviceWords = map[string]bool{
	"iphone": true, "ipad": true, "ipod": true, "ios": true, "android": true, "samsung": true, "galaxy": true, "huawei": true, "xiaomi": true,
	"redmi": true, "poco": true, "motorola": true, "moto": true, "blackberry": true, "outlook": true, "mail": true, "correo": true,
	"yahoo": true, "gmail": true, "hotmail": true, "windows": true, "celular": true, "movil": true, "telemovel": true, "smartphone": true,
	"telefono": true, "phone": true, "mobile": true, "tablet": true, "nokia": true, "lg": true, "sony": true, "honor": true, "oppo": true,
	"dispositivo": true, "device": true, "proton": true, "protonmail": true, "email": true, "realme": true, "pixel": true, "bluemail": true,
	"mac": true, "macbook": true, "imac": true, "aol": true, "spark": true, "typeapp": true, "nine": true, "thunderbird": true, "fastmail": true,
	"oneplus": true, "zte": true, "tcl": true, "alcatel": true, "vivo": true, "telcel": true, "claro": true, "movistar": true, "tim": true,
}

// isProgramLine tells whether a line is what a mail program or a scanner for viruses adds, and nothing else.
func isProgramLine(l line) bool {
	if l.quote != unquoted || len(l.text) > 200+maxLink || len(l.text) < 10 || strings.IndexByte("esgodbylvn<", lowerASCII(l.text[0])) < 0 {
		return false
	}
	if l.text[0] == '<' {
		return strings.Contains(l.text, "avast.com/sig") || strings.Contains(l.text, "avg.com/") || strings.HasPrefix(l.text, "<#DAB4FAD8")
	}
	folded := strings.TrimRight(Fold(withoutAddresses(l.text)), ". ")
	switch {
	case hasAnyPrefix(folded, virusStarts):
		return len(folded) < 40
	case strings.HasPrefix(folded, "yahoo mail: "):
		return len(folded) < 60
	case hasAnyPrefix(folded, getStarts):
		_, what, _ := strings.Cut(folded, " ")
		return hasAnyPrefix(strings.TrimPrefix(what, "o "), programNames) && strings.Count(what, " ") <= 4
	}
	return hasAnyPrefix(folded, sentStarts) && endsWithDevice(folded)
}

// endsWithDevice tells whether a device or a program closes the line, but for its model: "Enviado desde mi Samsung
// Galaxy A52 5G". What K-9 asks for behind it may stand too.
func endsWithDevice(folded string) bool {
	folded, _, _ = strings.Cut(folded, ". ")
	if said, excuse, found := strings.Cut(folded, ", "); found && count(excuse, excuseWords) > 0 {
		folded = said
	}
	if strings.ContainsAny(folded, "?!;:") || strings.Count(folded, " ") > 8 {
		return false
	}
	fields := strings.Fields(folded)
	for i := len(fields) - 1; i >= 2; i-- {
		word := strings.Trim(fields[i], ".,()")
		if deviceWords[word] {
			return true
		}
		if strings.Trim(word, "0123456789") == word && len(word) > 5 {
			return false
		}
	}
	return false
}

// withoutAddresses takes the addresses out that plain texts write behind a link's words, "<https://…>" and
// "(https://…)", and the brackets of "[Proton Mail](https://…)".
func withoutAddresses(s string) string {
	for {
		start := strings.Index(s, "http")
		if start <= 0 || strings.IndexByte("<(", s[start-1]) < 0 {
			break
		}
		end := strings.IndexAny(s[start:], ">)")
		if end < 0 {
			break
		}
		s = s[:start-1] + s[start+end+1:]
	}
	return strings.NewReplacer("[", "", "]", "").Replace(s)
}

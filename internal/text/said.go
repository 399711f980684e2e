package text

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// maxContent is how much of a message is read, in bytes: a hundred times the longest letter. It bounds time and
// memory whatever a stranger sends.
const maxContent = 1 << 20

// Said turns a message's content, text or HTML, into what the person wrote: HTML to text without what it hides,
// cleaned, quoted mail history folded to "[quoted history: 12 lines]", signatures and legal notices folded too. Words
// that may be the person's own stay: text between and after quotes, forwarded messages, and whatever is in doubt. The
// rules stand at foldWhatIsNotOwn.
func Said(content string) string {
	return saidAs(content, foldWhatIsNotOwn)
}

// Whole is Said with nothing folded: quoted history, signatures and notices too.
func Whole(content string) string { return saidAs(content, func(lines []line) []line { return lines }) }

func saidAs(content string, fold func([]line) []line) string {
	content, cut := bound(withoutTransferCode(content))
	var lines []line
	if isHTML(content) {
		lines = linesOfHTML(content)
	} else {
		lines = linesOfText(content)
	}
	said := join(fold(lines))
	if cut > 0 {
		said = strings.TrimLeft(fmt.Sprintf("%s\n[cut: %d more bytes of this message were not read]", said, cut), "\n")
	}
	return said
}

// bound cuts a content that is too long and tells how many bytes were left out. Pictures inside the HTML go first:
// they are what makes mails long.
func bound(content string) (kept string, cut int) {
	if len(content) <= maxContent {
		return content, 0
	}
	content = withoutEmbeddedFiles(content)
	if len(content) <= maxContent {
		return content, 0
	}
	end := runeStart(content, maxContent)
	return content[:end], len(content) - end
}

func withoutEmbeddedFiles(s string) string {
	const start = ";base64,"
	var out strings.Builder
	for {
		i := strings.Index(s, start)
		if i < 0 {
			break
		}
		i += len(start)
		out.WriteString(s[:i])
		s = s[i:]
		end := 0
		for end < len(s) && isBase64(s[end]) {
			end++
		}
		s = s[end:]
	}
	out.WriteString(s)
	return out.String()
}

func isBase64(c byte) bool {
	class := classes[c]
	return class == lowerClass || class == upperClass || class == digitClass || c == '+' || c == '/' || c == '='
}

// line is one line of a message, cleaned.
type line struct {
	text  string
	mark  string // the signs ">" that stood before the text
	quote quote
	part  part
	hues  hue // the colors of the text, where its HTML says so
	// attribution marks the line that a mail program wrote above a quote, where its HTML says so.
	attribution bool
	// signature marks what a mail program added below the message, where its HTML says so.
	signature bool
	// delimiter marks "-- " with its blank, which starts a signature.
	delimiter bool
	// passedOn marks where a mail starts that is shown.
	passedOn bool
	// folded marks a line of ours, which stands for others.
	folded bool
}

// quote tells how a line is marked as the words of an earlier mail.
type quote int

const (
	unquoted quote = iota
	indented       // in a blockquote, which may be somebody's way to indent
	angled         // after ">"
	cited          // in what a mail program makes for quotes only
)

func (l line) blank() bool { return l.text == "" }

// linesOfText takes a plain text apart. Entities are decoded, because some channels hand over text as a page would
// hold it.
func linesOfText(content string) []line {
	var lines []line
	for raw := range strings.SplitSeq(lineEnds.Replace(content), "\n") {
		lines = append(lines, newLine(decodeEntities(raw), unquoted))
	}
	return lines
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func newLine(raw string, quoted quote) line {
	text, mark := Line(raw), ""
	if quoted < angled && strings.HasPrefix(text, ">") && !isGroupWise(text) {
		quoted = angled
		bare := strings.TrimLeft(text, "> ")
		text, mark = bare, strings.TrimRight(text[:len(text)-len(bare)], " ")
	}
	delimiter := text == "--" && len(raw) > len(text) && strings.Trim(raw[strings.Index(raw, "--")+2:], " \u00a0") == ""
	return line{text: text, mark: mark, quote: quoted, delimiter: delimiter}
}

// decodeEntities decodes "&lt;" and the like once. Unlike a browser it wants the semicolon, because an address with
// "&copy=2" is more likely in a plain text than a sign of copyright.
func decodeEntities(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var out strings.Builder
	for {
		start := strings.IndexByte(s, '&')
		if start < 0 {
			break
		}
		out.WriteString(s[:start])
		s = s[start:]
		end := strings.IndexByte(s[:min(len(s), 34)], ';') // no entity's name is longer
		if end < 0 || !isEntityName(s[1:end]) {
			out.WriteByte('&')
			s = s[1:]
			continue
		}
		decoded := html.UnescapeString(s[:end+1])
		out.WriteString(decoded)
		s = s[end+1:]
	}
	out.WriteString(s)
	return out.String()
}

func isEntityName(s string) bool {
	for i := range len(s) {
		if class := classes[s[i]]; class != lowerClass && class != upperClass && class != digitClass && !(i == 0 && s[i] == '#') {
			return false
		}
	}
	return s != ""
}

// join puts the lines together, with at most one empty line in a row and none at the ends.
func join(lines []line) string {
	var out strings.Builder
	blank := false
	for _, line := range lines {
		if line.blank() {
			blank = true
			continue
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
			if blank {
				out.WriteByte('\n')
			}
		}
		blank = false
		if line.mark != "" {
			out.WriteString(line.mark + " ")
		}
		out.WriteString(line.text)
	}
	return out.String()
}

// isHTML tells whether the content is HTML. A "<" alone does not make it so ("precio < 100", "<3", "a<b"): it takes
// a closing tag, a tag that is a block or empty, or one with attributes, of a name that HTML knows.
func isHTML(s string) bool {
	for {
		start := strings.IndexByte(s, '<')
		if start < 0 || start+2 >= len(s) {
			return false
		}
		s = s[start+1:]
		if isTag(s) {
			return true
		}
	}
}

// isTag tells whether a tag of HTML goes on with s after its "<".
func isTag(s string) bool {
	if strings.HasPrefix(s, "!--") || len(s) >= 8 && strings.EqualFold(s[:8], "!doctype") {
		return true
	}
	s, closing := strings.CutPrefix(s, "/")
	end := 0
	for end < len(s) && end < 12 && (classes[s[end]] == lowerClass || classes[s[end]] == upperClass || end > 0 && classes[s[end]] == digitClass) {
		end++
	}
	if end == 0 || end == len(s) {
		return false
	}
	kind, known := elements[strings.ToLower(s[:end])]
	if !known {
		return false
	}
	rest := s[end:]
	switch {
	case rest[0] == '>' || strings.HasPrefix(rest, "/>") || strings.HasPrefix(rest, " />"):
		return closing || kind != inlineElement
	case classes[rest[0]] == blankClass && !closing:
		return hasAttribute(rest)
	}
	return false
}

// hasAttribute tells whether s, the rest of a tag, starts with a name and "=", and ends with ">".
func hasAttribute(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	end := 0
	for end < len(s) && (classes[s[end]] == lowerClass || classes[s[end]] == upperClass || s[end] == '-' || s[end] == ':') {
		end++
	}
	rest := strings.TrimLeft(s[end:], " \t\r\n")
	return end > 0 && strings.HasPrefix(rest, "=") && strings.IndexByte(rest, '>') > 0
}

// plural gives "1 line", "2 lines".
func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// startsWithLetter tells whether the first character of s, after opening signs of Spanish, is a letter.
func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "¿¡\"'("))
	return kindOf(r) == letter
}

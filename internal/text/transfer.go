package text

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"
)

// withoutTransferCode decodes a content that reached us as it went over the wire, "caf=C3=A9". What does not become
// text stays as it is.
func withoutTransferCode(content string) string {
	if !hasTransferCode(content) {
		return content
	}
	decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(content)))
	if err != nil || !utf8.Valid(decoded) || bytes.IndexByte(decoded, 0) >= 0 {
		return content
	}
	return string(decoded)
}

// hasTransferCode tells whether s holds what only the code "quoted-printable" leaves: a letter with an accent or a
// dash in two or three bytes, an HTML attribute's quotes, or two lines that end with a blank.
func hasTransferCode(s string) bool {
	blanks := 0
	for {
		i := strings.IndexByte(s, '=')
		if i < 0 {
			return false
		}
		s = s[i+1:]
		switch {
		case len(s) > 4 && (s[0] == 'C' && s[1] >= '2' && s[1] <= '5' || s[0] == 'E' && s[1] == '2') && s[2] == '=' && strings.IndexByte("89AB", s[3]) >= 0:
			return true
		case strings.HasPrefix(s, `3D"`) || strings.HasPrefix(s, "3D'"):
			return true
		case strings.HasPrefix(s, "20\n") || strings.HasPrefix(s, "20\r\n"):
			if blanks++; blanks == 2 {
				return true
			}
		}
	}
}

package text

import (
	"net/url"
	"strconv"
	"strings"
)

// compactStyle brings a style into the form that the questions here are asked in: small letters, no blanks, no
// comments.
func compactStyle(style string) string {
	style = withoutComments(style)
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, style)
}

func withoutComments(style string) string {
	if !strings.Contains(style, "/*") {
		return style
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(style, "/*")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		_, style, _ = strings.Cut(rest, "*/")
	}
}

// isHidden tells whether an element is made so that a person does not see it. Hidden text is where instructions for
// machines hide.
func (p *page) isHidden(attr attributes) bool {
	if attr.hidden || hidesByStyle(attr.style) {
		return true
	}
	if len(p.hiddenNames) > 0 {
		if p.hiddenNames["#"+attr.id] {
			return true
		}
		for class := range strings.FieldsSeq(attr.class) {
			if p.hiddenNames["."+class] {
				return true
			}
		}
	}
	color := colorOf(attr)
	return color != "" && isWhite(color) && p.onWhite(attr)
}

// colorOf gives the color of an element's text, "" if it sets none.
func colorOf(attr attributes) string {
	if own := declaration(attr.style, "color"); own != "" {
		return own
	}
	return attr.color
}

// hueWithin gives the hue of an element's text, which takes over what it does not set from those around it.
func (p *page) hueWithin(name string, attr attributes) (found hue) {
	if n := len(p.open); n > 0 {
		found = p.open[n-1].hue
	}
	if color := colorOf(attr); color != "" && color != "inherit" {
		found = found&finePrint | hueOf(color)
	}
	if isFinePrint(name, attr) {
		found |= finePrint
	}
	return found
}

// hidesByStyle tells whether a style, compacted, hides what it is for.
func hidesByStyle(style string) bool {
	if style == "" {
		return false
	}
	for part := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(part, ":")
		value = strings.TrimSuffix(value, "!important")
		switch name {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				return true
			}
		case "mso-hide":
			if value == "all" {
				return true
			}
		case "font-size":
			if isTooSmall(value) {
				return true
			}
		case "opacity":
			if n, err := strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64); err == nil && n < 0.05 {
				return true
			}
		case "max-height", "height", "max-width", "width":
			if isZero(value) && strings.Contains(style, "overflow:hidden") {
				return true
			}
		case "color":
			if value == "transparent" {
				return true
			}
		case "text-indent", "left", "top", "margin-left":
			if strings.HasPrefix(value, "-999") {
				return true
			}
		}
	}
	return false
}

// isTooSmall tells whether letters of this size cannot be read: nothing, or up to one pixel or point.
func isTooSmall(size string) bool {
	number := strings.TrimRight(size, "abcdefghijklmnopqrstuvwxyz%")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return false
	}
	switch size[len(number):] {
	case "px", "pt":
		return n <= 1
	case "", "%":
		return n == 0
	}
	return n < 0.1
}

func isZero(size string) bool {
	n, err := strconv.ParseFloat(strings.TrimRight(size, "abcdefghijklmnopqrstuvwxyz%"), 64)
	return err == nil && n == 0
}

// declaration gives a property's value in a compacted style.
func declaration(style, property string) string {
	for part := range strings.SplitSeq(style, ";") {
		if name, value, _ := strings.Cut(part, ":"); name == property {
			return strings.TrimSuffix(value, "!important")
		}
	}
	return ""
}

func isWhite(color string) bool {
	switch color {
	case "white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)":
		return true
	}
	return false
}

// backgroundOf gives an element's own background, "" if it has none.
func backgroundOf(attr attributes) string {
	for _, property := range [...]string{"background-color", "background", "background-image"} {
		if value := declaration(attr.style, property); value != "" && value != "transparent" && value != "inherit" && value != "none" {
			return value
		}
	}
	return attr.background
}

// onWhite tells whether an element with these attributes plainly stands on white: the nearest background that is set
// is white, or none is and no style sheet could set one.
func (p *page) onWhite(attr attributes) bool {
	if own := backgroundOf(attr); own != "" {
		return isWhite(own)
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].background != "" {
			return isWhite(p.open[i].background)
		}
	}
	return !p.hasStyles
}

// readStyles notes which classes and ids a style sheet hides. Rules inside @media are not taken: they are for other
// screens.
func (p *page) readStyles(sheet string) {
	p.hasStyles = true
	sheet = strings.NewReplacer("<!--", "", "-->", "").Replace(sheet)
	for len(sheet) > 0 {
		open := strings.IndexByte(sheet, '{')
		if open < 0 {
			return
		}
		selectors := strings.TrimSpace(sheet[:open])
		end := closingBrace(sheet, open)
		if !strings.HasPrefix(selectors, "@") && hidesByStyle(compactStyle(sheet[open+1:end])) {
			p.hideNames(selectors)
		}
		sheet = sheet[min(end+1, len(sheet)):]
	}
}

// closingBrace gives the place of the brace that closes the one at open, or the end.
func closingBrace(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// hideNames notes the selectors that are one class or id and nothing else.
func (p *page) hideNames(selectors string) {
	for selector := range strings.SplitSeq(selectors, ",") {
		selector = strings.ToLower(strings.TrimSpace(selector))
		dot := strings.IndexAny(selector, ".#")
		if dot < 0 || strings.ContainsAny(selector, " >+~:[") || strings.ContainsAny(selector[dot+1:], ".#") {
			continue
		}
		if p.hiddenNames == nil {
			p.hiddenNames = map[string]bool{}
		}
		p.hiddenNames[selector[dot:]] = true
	}
}

// maxLink is how long an address is shown; what is longer is for machines.
const maxLink = 200

// linkTarget gives what to show of a link's address, "" for nothing. Only what leads somewhere is shown, and what
// follows people around is cut off.
func linkTarget(link string) string {
	link = strings.ReplaceAll(Line(link), " ", "%20")
	scheme, rest, found := strings.Cut(link, ":")
	if !found {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "mailto", "tel":
		rest, _, _ = strings.Cut(rest, "?")
		return rest
	case "http", "https":
	default:
		return ""
	}
	link = withoutTracking(link)
	if len(link) > maxLink {
		link, _, _ = strings.Cut(link, "?")
		link = link[:runeStart(link+" ", min(len(link), maxLink))] + "…"
	}
	return link
}

// withoutTracking takes the parameters out of an address that only tell where a reader came from.
func withoutTracking(link string) string {
	head, query, found := strings.Cut(link, "?")
	if !found {
		return link
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	var kept []string
	for parameter := range strings.SplitSeq(query, "&") {
		if !isTracking(parameter) {
			kept = append(kept, parameter)
		}
	}
	if len(kept) > 0 {
		head += "?" + strings.Join(kept, "&")
	}
	if hasFragment {
		head += "#" + fragment
	}
	return head
}

func isTracking(parameter string) bool {
	name, _, _ := strings.Cut(strings.ToLower(parameter), "=")
	switch name {
	case "", "fbclid", "gclid", "msclkid", "igshid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok":
		return true
	}
	return strings.HasPrefix(name, "utm_")
}

// sameTarget tells whether a link's text already says where it leads.
func sameTarget(text, link string) bool {
	if number, isPhone := strings.CutPrefix(strings.ToLower(link), "tel:"); isPhone {
		return SamePhone(text, number)
	}
	return bareAddress(text) == bareAddress(link)
}

func bareAddress(s string) string {
	s = strings.ToLower(strings.Trim(s, "<> "))
	for _, prefix := range [...]string{"mailto:", "tel:", "https://", "http://", "www."} {
		s = strings.TrimPrefix(s, prefix)
	}
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return strings.TrimSuffix(s, "/")
}

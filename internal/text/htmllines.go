package text

import (
	"bytes"
	"strconv"
	"strings"
)

// startLayout begins the line, cell or list item that an element starts.
func (p *page) startLayout(name string, attr attributes) {
	if elements[name] != blockElement {
		return
	}
	switch name {
	case "td", "th":
		p.cell, p.cellStart, p.ended = p.inked, true, false
		return
	case "p":
		p.endLine(false)
		if !strings.Contains(attr.style, "margin:0") && !strings.HasPrefix(attr.class, "mso") && !p.cellStart && !p.itemStart {
			p.blankLine()
		}
		return
	}
	if isItem(name) || isListOrCell(name) {
		p.itemStart = false
	}
	p.endLine(false)
	if isItem(name) {
		p.current, p.inked, p.itemStart = append(p.current, p.bullet()...), true, true
	}
}

func (p *page) bullet() string {
	for i := len(p.open) - 1; i >= 0 && p.open[i].name != "ul"; i-- {
		if p.open[i].name == "ol" {
			p.open[i].items++
			return strconv.Itoa(p.open[i].items) + ". "
		}
	}
	return "- "
}

// empty shows an element that has no content.
func (p *page) empty(name string, attr attributes) {
	if !p.shows() {
		return
	}
	switch name {
	case "br":
		p.endLine(true)
		p.signed = p.signed || attr.id == "linebreakatbeginningofsignature"
	case "hr":
		p.endLine(false)
		p.blankLine()
	case "img":
		if !p.isHidden(attr) && !isPixel(attr.width) && !isPixel(attr.height) {
			p.text(imageText(attr.alt))
		}
	}
}

// isPixel tells whether an image of this size is not for people: pictures of one pixel report who reads a mail.
func isPixel(size string) bool {
	size = strings.TrimSuffix(strings.TrimSpace(size), "px")
	return size == "0" || size == "1"
}

func imageText(alt string) string {
	alt = Line(alt)
	switch {
	case alt == "":
		return " [image] "
	case startsWithEmoji(alt) && len(alt) < 40:
		return alt // mail programs put emoji as pictures
	}
	return " [image: " + alt + "] "
}

// text writes text of the page.
func (p *page) text(s string) {
	if !p.shows() {
		return
	}
	if p.preserved > 0 {
		for i, part := range strings.Split(lineEnds.Replace(s), "\n") {
			if i > 0 {
				p.endLine(true)
			}
			p.write(part)
		}
		return
	}
	p.write(s)
}

func (p *page) write(s string) {
	trimmed := strings.TrimSpace(s)
	switch {
	case trimmed == "" && (p.inked || len(p.current) == 0):
		if !p.ended && !p.cell {
			p.current = append(p.current, blankOf(s)...)
		}
		return
	case trimmed == "":
		return
	case p.ended:
		p.endLine(false)
	case p.cell:
		p.current = append(bytes.TrimSpace(p.current), " | "...)
		s = strings.TrimLeft(s, " \t\r\n\u00a0")
	}
	p.cell, p.cellStart, p.itemStart, p.inked, p.signed = false, false, false, true, false
	if n := len(p.open); n > 0 {
		p.hues |= p.open[n-1].hue
	}
	p.current = append(p.current, s...)
}

// blankOf brings blanks to one. One that does not break keeps a line that has nothing else.
func blankOf(s string) string {
	if strings.Contains(s, noBreakSpace) {
		return noBreakSpace
	}
	if s == "" {
		return ""
	}
	return " "
}

const noBreakSpace = "\u00a0"

// endLine ends the current line. One without text is only kept when it is forced, which is what <br> does.
func (p *page) endLine(forced bool) {
	if p.ended && forced {
		p.endLine(false)
	}
	if (p.cellStart || p.itemStart) && !forced {
		return // the first block of a cell or an item goes on in its line
	}
	raw := string(p.current)
	p.current = p.current[:0]
	wasInked := p.inked
	p.inked, p.ended, p.cell, p.cellStart, p.itemStart = false, false, false, false, false
	if !forced && !wasInked && !strings.Contains(raw, noBreakSpace) {
		return
	}
	quoted, attribution, signature := unquoted, false, false
	for i := range p.open {
		e := &p.open[i]
		quoted = max(quoted, e.quote)
		attribution = attribution || e.attribution
		signature = signature || e.signature
		e.linkStart = 0 // the text of a link that goes on starts anew
	}
	made := newLine(raw, quoted)
	made.attribution = attribution && !made.blank()
	made.signature = signature
	made.hues, p.hues = p.hues, 0
	p.lines = append(p.lines, made)
}

// blankLine parts what comes from what was, unless a blank line does already.
func (p *page) blankLine() {
	if n := len(p.lines); n > 0 && !p.lines[n-1].blank() {
		p.lines = append(p.lines, line{quote: p.lines[n-1].quote})
	}
}

// endLink writes where a link leads, when its text does not say it.
func (p *page) endLink(e element) {
	target := linkTarget(e.link)
	if target == "" {
		return
	}
	text := strings.TrimLeft(Line(string(p.current[min(e.linkStart, len(p.current)):])), "| ")
	if text == "" || sameTarget(text, e.link) || sameTarget(text, target) {
		return
	}
	p.current = append(bytes.TrimRight(p.current, " \t\r\n"), " ("+target+")"...)
}

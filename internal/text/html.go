package text

import (
	"strings"

	"golang.org/x/net/html"
)

// Why no library turns the HTML into text here: html-to-markdown, html2text and their like show what the style
// hides, drop the class names that tell quotes from own words, lay out Markdown, and stand on a parsed tree, which
// hostile HTML makes huge or too deep. A tokenizer with a stack of our own does it in one pass, bounded. What was
// measured stands in docs/dependencies.md.

type elementKind int

const (
	inlineElement  elementKind = iota
	blockElement               // starts and ends a line
	emptyElement               // has no end tag
	skippedElement             // its content is not shown
)

var elements = map[string]elementKind{
	"a": inlineElement, "abbr": inlineElement, "b": inlineElement, "big": inlineElement, "cite": inlineElement, "code": inlineElement,
	"del": inlineElement, "em": inlineElement, "font": inlineElement, "i": inlineElement, "ins": inlineElement, "kbd": inlineElement,
	"label": inlineElement, "mark": inlineElement, "q": inlineElement, "s": inlineElement, "small": inlineElement, "span": inlineElement,
	"strike": inlineElement, "strong": inlineElement, "sub": inlineElement, "sup": inlineElement, "tt": inlineElement, "u": inlineElement,
	"address": blockElement, "article": blockElement, "aside": blockElement, "blockquote": blockElement, "body": blockElement,
	"center": blockElement, "dd": blockElement, "div": blockElement, "dl": blockElement, "dt": blockElement, "fieldset": blockElement,
	"figure": blockElement, "footer": blockElement, "form": blockElement, "h1": blockElement, "h2": blockElement, "h3": blockElement,
	"h4": blockElement, "h5": blockElement, "h6": blockElement, "header": blockElement, "html": blockElement, "li": blockElement,
	"main": blockElement, "nav": blockElement, "ol": blockElement, "p": blockElement, "pre": blockElement, "section": blockElement,
	"table": blockElement, "tbody": blockElement, "td": blockElement, "tfoot": blockElement, "th": blockElement, "thead": blockElement,
	"tr": blockElement, "ul": blockElement,
	"br": emptyElement, "col": emptyElement, "hr": emptyElement, "img": emptyElement, "input": emptyElement, "link": emptyElement, "meta": emptyElement,
	"head": skippedElement, "iframe": skippedElement, "noembed": skippedElement, "noframes": skippedElement, "object": skippedElement,
	"script": skippedElement, "style": skippedElement, "svg": skippedElement, "template": skippedElement, "title": skippedElement,
}

// element is one that is open.
type element struct {
	name        string
	hidden      bool
	quote       quote
	attribution bool
	signature   bool
	preserved   bool   // line ends in the text count
	background  string // its own, "" if it has none
	hue         hue    // of its text
	link        string
	linkStart   int // where the link's text starts in the current line
	items       int // of an ordered list, how many came; -1 in other elements
}

// maxOpen is how many open elements are told apart. Deeper ones are only counted, which keeps the time linear and
// loses nothing but layout.
const maxOpen = 256

// page turns the tokens of HTML into lines.
type page struct {
	lines   []line
	current []byte // the line that is being written
	inked   bool   // it has more than blanks
	hues    hue    // what its text is colored in
	ended   bool   // it is over, unless a cell comes next
	open    []element

	deeper       int // elements open beyond maxOpen
	hiddenDeeper int // of them, the level at which hiding starts; 0 for none
	hidden       int // open elements that hide their content
	preserved    int

	signed      bool // Apple's mark of a signature came, which the next div holds
	cell        bool // a cell's separator waits to be written
	cellStart   bool // nothing was written in this cell yet
	itemStart   bool // nothing was written in this list item yet, but its mark
	hiddenNames map[string]bool
	hasStyles   bool
}

func linesOfHTML(content string) []line {
	p := page{}
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			p.endLine(false)
			return p.lines
		case html.TextToken:
			if len(p.open) > 0 && p.open[len(p.open)-1].name == "style" && p.deeper == 0 {
				p.readStyles(string(tokens.Raw()))
			}
			p.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(tokens.Raw()) // before the tokenizer lowers it in place
			name, more := tokens.TagName()
			p.start(string(name), raw, attributesOf(tokens, more))
		case html.EndTagToken:
			name, _ := tokens.TagName()
			p.end(string(name))
		}
	}
}

// attributes are those of a tag that matter here.
type attributes struct {
	style, class, id, name, kind, href, alt, width, height, background, color, smartmail string
	hidden                                                                               bool
}

func attributesOf(tokens *html.Tokenizer, more bool) attributes {
	var found attributes
	for more {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		switch string(key) {
		case "style":
			found.style = compactStyle(string(value))
		case "class":
			found.class = strings.ToLower(string(value))
		case "id":
			found.id = strings.ToLower(string(value))
		case "name", "data-hs-signature", "data-marker":
			found.name = string(key) + "=" + strings.ToLower(string(value))
		case "type":
			found.kind = strings.ToLower(string(value))
		case "href":
			found.href = string(value)
		case "alt":
			found.alt = string(value)
		case "width":
			found.width = string(value)
		case "height":
			found.height = string(value)
		case "bgcolor":
			found.background = strings.ToLower(string(value))
		case "data-smartmail":
			found.smartmail = strings.ToLower(string(value))
		case "color":
			found.color = strings.ToLower(string(value))
		case "hidden":
			found.hidden = true
		}
	}
	return found
}

// shows tells whether what comes now is to be shown.
func (p *page) shows() bool { return p.hidden == 0 && p.hiddenDeeper == 0 }

func (p *page) start(name, raw string, attr attributes) {
	kind, known := elements[name]
	switch {
	case !known && strings.ContainsAny(name, "@") || !known && (strings.HasPrefix(name, "http:") || strings.HasPrefix(name, "https:")):
		p.text(raw) // an address in angle brackets, which somebody forgot to escape
		return
	case kind == emptyElement || name == "wbr" || name == "area" || name == "base":
		p.empty(name, attr)
		return
	}
	p.closeHead(name)
	p.closeImplied(name)
	hides := kind == skippedElement || p.isHidden(attr)
	if p.deeper > 0 || len(p.open) == maxOpen {
		p.deeper++
		if hides && p.hiddenDeeper == 0 {
			p.hiddenDeeper = p.deeper
		}
		if kind == blockElement {
			p.endLine(false)
		}
		return
	}
	if p.shows() && !hides {
		p.startLayout(name, attr)
	}
	e := element{
		name: name, hidden: hides, quote: p.quoteOf(name, attr), preserved: name == "pre" || strings.Contains(attr.style, "white-space:pre"),
		attribution: strings.Contains(attr.class, "gmail_attr") || strings.Contains(attr.class, "moz-cite-prefix"),
		signature:   isSignature(name, attr) || name == "div" && p.signed,
		background:  backgroundOf(attr), hue: p.hueWithin(name, attr), items: -1,
	}
	p.signed = p.signed && name != "div"
	switch name {
	case "ol":
		e.items = 0
	case "a":
		e.link, e.linkStart = attr.href, len(p.current)
	}
	if e.hidden {
		p.hidden++
	}
	if e.preserved {
		p.preserved++
	}
	p.open = append(p.open, e)
}

func (p *page) end(name string) {
	switch {
	case name == "br":
		p.empty(name, attributes{})
		return
	case elements[name] == emptyElement:
		return
	case p.deeper > 0:
		if elements[name] == blockElement {
			p.endLine(false)
		}
		if p.deeper--; p.hiddenDeeper > p.deeper {
			p.hiddenDeeper = 0
		}
		return
	}
	at := p.find(name)
	if at < 0 {
		return
	}
	if elements[name] == inlineElement && p.blockAbove(at) {
		// </b> with a block open inside ends only the b.
		p.close(at)
		p.open = append(p.open[:at], p.open[at+1:]...)
		return
	}
	p.popTo(at)
}

// find gives the place of the open element that an end tag ends, or -1. A cell is a wall to whatever is no table.
func (p *page) find(name string) int {
	inTable := isTablePart(name)
	for i := len(p.open) - 1; i >= 0; i-- {
		switch open := p.open[i].name; {
		case open == name:
			return i
		case !inTable && (open == "td" || open == "th" || open == "table"):
			return -1
		case inTable && name != "table" && open == "table":
			return -1
		}
	}
	return -1
}

func isTablePart(name string) bool {
	switch name {
	case "table", "tbody", "thead", "tfoot", "tr", "td", "th", "body", "html":
		return true
	}
	return false
}

func (p *page) blockAbove(at int) bool {
	for _, e := range p.open[at+1:] {
		if elements[e.name] == blockElement {
			return true
		}
	}
	return false
}

// closeImplied closes what a start tag ends without saying so: a paragraph, a list item, a cell, a row, the head.
func (p *page) closeImplied(name string) {
	if p.deeper > 0 {
		return
	}
	var ends, wall func(name string) bool
	switch name {
	case "li":
		ends, wall = isItem, isListOrCell
	case "dd", "dt":
		ends, wall = isTerm, isListOrCell
	case "td", "th":
		ends, wall = isCell, isRowOrTable
	case "tr":
		ends, wall = isRow, isTable
	default:
		if elements[name] != blockElement || isTablePart(name) && name != "table" {
			return
		}
		ends, wall = isParagraph, isContainer
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		switch open := p.open[i].name; {
		case ends(open):
			p.popTo(i)
			return
		case wall(open):
			return
		}
	}
}

func isItem(name string) bool       { return name == "li" }
func isTerm(name string) bool       { return name == "dd" || name == "dt" }
func isCell(name string) bool       { return name == "td" || name == "th" }
func isRow(name string) bool        { return name == "tr" }
func isTable(name string) bool      { return name == "table" }
func isRowOrTable(name string) bool { return name == "tr" || name == "table" }
func isParagraph(name string) bool  { return name == "p" }

func isListOrCell(name string) bool {
	return name == "ul" || name == "ol" || name == "dl" || name == "table" || isCell(name)
}

func isContainer(name string) bool {
	return name == "div" || name == "li" || name == "blockquote" || name == "table" || isCell(name)
}

// closeHead ends a head that was left open, at the first element that cannot be in it.
func (p *page) closeHead(name string) {
	if len(p.open) == 0 || len(p.open) > 2 || p.open[len(p.open)-1].name != "head" {
		return
	}
	switch name {
	case "title", "style", "script", "template", "noscript", "object":
	default:
		p.popTo(len(p.open) - 1)
	}
}

// popTo closes the open elements from the place on.
func (p *page) popTo(at int) {
	for i := len(p.open) - 1; i >= at; i-- {
		p.close(i)
		p.open = p.open[:i]
	}
}

// close does what the end of the open element at this place means.
func (p *page) close(at int) {
	e := p.open[at]
	if p.shows() {
		if e.name == "a" {
			p.endLink(e)
		}
		switch {
		case isCell(e.name):
			p.cellStart = false
		case p.itemStart && isItem(e.name):
			p.itemStart = false
			p.endLine(false)
		case elements[e.name] == blockElement:
			// In a cell the line may go on with the next cell; but a quote's line must end inside the quote.
			if p.inCell(at) && e.quote == unquoted && !e.attribution && !e.signature && !isTablePart(e.name) {
				p.ended = p.inked
			} else {
				p.endLine(false)
			}
		case e.attribution || e.signature || e.quote != unquoted:
			p.endLine(false)
		}
	}
	if e.hidden {
		p.hidden--
	}
	if e.preserved {
		p.preserved--
	}
}

// inCell tells whether the open element stands in a cell of a table.
func (p *page) inCell(at int) bool {
	for i := at - 1; i >= 0 && p.open[i].name != "table"; i-- {
		if isCell(p.open[i].name) {
			return true
		}
	}
	return false
}

// quoteOf tells whether an element is what mail programs put quotes into. Gmail's div "gmail_quote" is not: it holds
// the quotes and what the person writes between them.
func (p *page) quoteOf(name string, attr attributes) quote {
	switch {
	case strings.Contains(attr.class, "yahoo_quoted") || strings.Contains(attr.id, "yahoo_quoted"):
		return cited
	case name != "blockquote":
		return unquoted
	case attr.kind == "cite" || strings.Contains(attr.class, "quote"):
		return cited
	}
	return indented
}

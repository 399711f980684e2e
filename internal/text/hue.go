package text

import (
	"strconv"
	"strings"
)

// hue is a set of colors, as people name them: "I answer in red", and fine print.
type hue uint8

const (
	red hue = 1 << iota
	orange
	green
	blue
	purple
	capitals  // not a color, but said like one: "I answer in capitals"
	finePrint // small, gray or slanted, as signatures are
)

// isFinePrint tells whether an element makes its text fine print.
func isFinePrint(name string, attr attributes) bool {
	if name == "i" || name == "em" || name == "small" || strings.Contains(attr.style, "font-style:italic") || isGray(colorOf(attr)) {
		return true
	}
	size := declaration(attr.style, "font-size")
	number := strings.TrimRight(size, "abcdefghijklmnopqrstuvwxyz-%")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return size == "small" || size == "x-small" || size == "smaller"
	}
	return strings.HasSuffix(size, "pt") && n < 10 || strings.HasSuffix(size, "px") && n < 13
}

func isGray(color string) bool {
	r, g, b, ok := rgb(color)
	return ok && max(r, g, b)-min(r, g, b) < 24 && r > 60 && r < 200
}

var hueWords = map[hue][]string{
	capitals: {"mayuscula", "maiuscula", "in caps", "capital letters", "in capitals"},
	red:      {"en rojo", "em vermelho", "in red", "color rojo", "cor vermelha"},
	orange:   {"en naranja", "em laranja", "in orange", "color naranja"},
	green:    {"en verde", "em verde", "in green", "color verde", "cor verde"},
	blue:     {"en azul", "em azul", "in blue", "color azul", "cor azul", "en celeste"},
	purple:   {"en violeta", "en morado", "em roxo", "in purple", "color violeta"},
}

// namedHues gives the colors that a folded line names.
func namedHues(folded string) (found hue) {
	for h, words := range hueWords {
		if count(folded, words) > 0 {
			found |= h
		}
	}
	return found
}

// hueOf gives the hue of a color as styles write it, none for black, gray, white and what is unknown.
func hueOf(color string) hue {
	r, g, b, ok := rgb(color)
	high, low := max(r, g, b), min(r, g, b)
	if !ok || high < 60 || (high-low)*3 < high {
		return 0
	}
	spread := high - low
	switch high {
	case r:
		switch {
		case b > g && (b-g)*3 > spread:
			return purple
		case (g-b)*4 > spread:
			return orange
		}
		return red
	case g:
		return green
	}
	if r > g && (r-g)*4 > spread {
		return purple
	}
	return blue
}

var colorNames = map[string]string{
	"red": "#ff0000", "darkred": "#8b0000", "maroon": "#800000", "crimson": "#dc143c", "green": "#008000", "darkgreen": "#006400", "lime": "#00ff00",
	"blue": "#0000ff", "navy": "#000080", "darkblue": "#00008b", "royalblue": "#4169e1", "purple": "#800080", "magenta": "#ff00ff", "fuchsia": "#ff00ff",
	"orange": "#ffa500", "darkorange": "#ff8c00", "gray": "#808080", "grey": "#808080", "darkgray": "#a9a9a9", "dimgray": "#696969",
}

// rgb reads "red", "#f00", "#ff0000" and "rgb(255,0,0)", small letters without blanks.
func rgb(color string) (r, g, b int, ok bool) {
	if hex, found := colorNames[color]; found {
		color = hex
	}
	if hex, found := strings.CutPrefix(color, "#"); found {
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		n, err := strconv.ParseUint(hex, 16, 32)
		return int(n >> 16 & 0xff), int(n >> 8 & 0xff), int(n & 0xff), err == nil && len(hex) == 6
	}
	_, list, found := strings.Cut(strings.TrimSuffix(color, ")"), "(")
	parts := strings.Split(list, ",")
	if !found || !strings.HasPrefix(color, "rgb") || len(parts) < 3 {
		return 0, 0, 0, false
	}
	var values [3]int
	for i := range values {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 || n > 255 {
			return 0, 0, 0, false
		}
		values[i] = n
	}
	return values[0], values[1], values[2], true
}

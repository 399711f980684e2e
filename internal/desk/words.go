package desk

import (
	"fmt"
	"strings"

	"wisecx-mcp/internal/text"
)

// counted puts a number into the form of a sentence for one or the one for many, which a bar parts, and what else it tells.
func counted(forms string, n int, more ...any) string {
	one, many, _ := strings.Cut(forms, "|")
	if n != 1 {
		one = many
	}
	return fmt.Sprintf(one, append(more, n)...)
}

// fieldWords and valueWords are how people call, in their language, what questions show; all else stays as it is.
var (
	fieldWords = map[string]map[string]string{
		"es": {"status": "estado", "priority": "prioridad", "queue": "cola", "agent": "agente", "type": "tipo", "subject": "asunto", "due_at": "vencimiento", "tags": "etiquetas"},
		"pt": {"status": "status", "priority": "prioridade", "queue": "fila", "agent": "agente", "type": "tipo", "subject": "assunto", "due_at": "prazo", "tags": "etiquetas"},
	}
	valueWords = map[string]map[string]string{
		"es": {"open": "abierto", "pending": "pendiente", "on_hold": "en espera", "solved": "resuelto", "closed": "cerrado", "low": "baja", "normal": "normal", "high": "alta", "urgent": "urgente",
			various: "varios", "true": "sí", "false": "no"},
		"pt": {"open": "aberto", "pending": "pendente", "on_hold": "em espera", "solved": "resolvido", "closed": "fechado", "low": "baixa", "normal": "normal", "high": "alta", "urgent": "urgente",
			various: "vários", "true": "sim", "false": "não"},
	}
)

// fieldWord is a field's name in the person's language.
func (d *Desk) fieldWord(field string) string {
	if word, known := fieldWords[d.lang][field]; known {
		return word
	}
	return field
}

// valueWord shows a value in a question: a status, a priority or a truth in the person's language.
func (d *Desk) valueWord(field string, v any) string {
	shown := shownValue(v)
	if _, isText := v.(string); isText && shown != various && field != "status" && field != "priority" {
		return shown // a stranger's words
	}
	if word, known := valueWords[d.lang][shown]; known {
		return word
	}
	return shown
}

// statusWord is a status in the person's language.
func (d *Desk) statusWord(status string) string { return d.valueWord("status", text.Line(status)) }

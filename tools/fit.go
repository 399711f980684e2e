package tools

import (
	"bytes"
	"encoding/json"

	"wisecx-mcp/internal/desk"
	"wisecx-mcp/internal/text"
)

// encode writes a result as JSON that reads well: < and & stay as they are.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(8 << 10)
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// Rows are rows in their final form, as JSON.
type Rows []json.RawMessage

// JSONSchema says that rows are a list of objects; their fields are those that were asked for.
func (Rows) JSONSchema() string { return `{"type": "array", "items": {"type": "object"}}` }

// encodeRows writes rows, as many from the first on as a number of tokens holds.
func encodeRows(rows []desk.Row, budget int) (Rows, error) {
	encoded := make(Rows, 0, len(rows))
	used := 0
	for _, row := range rows {
		b, err := row.MarshalJSON()
		if err != nil {
			return nil, err
		}
		if used += text.Tokens(b) + 1; used > budget { // and a comma
			break
		}
		encoded = append(encoded, b)
	}
	return encoded, nil
}

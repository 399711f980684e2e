package app

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"
)

// message is a line that is a message of the protocol: a request, a notification or a response.
type message struct {
	line   []byte
	id     json.RawMessage // as it came, since it has to go back so; nil in a notification
	key    string          // the id, so that equal ids are equal
	method string          // "" in a response
	result json.RawMessage // of a response
	fault  json.RawMessage // of a response that is an error
}

// parse reads a line. What is no message gives the error that the protocol wants for it.
func parse(line []byte) (*message, *mcp.JSONRPCError) {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
	if len(line) == 0 {
		return nil, protocolError(nil, mcp.PARSE_ERROR, "Parse error: an empty line")
	}
	if line[0] != '{' {
		switch {
		case !json.Valid(line):
			return nil, protocolError(nil, mcp.PARSE_ERROR, "Parse error: not JSON, or more than one message on a line")
		case line[0] == '[':
			return nil, protocolError(nil, mcp.INVALID_REQUEST, "Invalid request: batches are not supported, send one message a line")
		}
		return nil, protocolError(nil, mcp.INVALID_REQUEST, "Invalid request: not an object")
	}
	var parts struct {
		Version json.RawMessage `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  json.RawMessage `json:"method"`
		Result  json.RawMessage `json:"result"`
		Error   json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(line, &parts); err != nil {
		return nil, protocolError(nil, mcp.PARSE_ERROR, "Parse error: not JSON, or more than one message on a line")
	}
	m := &message{line: line, result: parts.Result, fault: parts.Error}
	if parts.ID != nil {
		if m.key = keyOf(parts.ID); m.key != "" {
			m.id = parts.ID
		}
	}
	// Go would put U+FFFD in the place of broken bytes, and a customer would read it.
	broken := !utf8.Valid(line)
	answers := parts.Result != nil || parts.Error != nil
	if answers && parts.Method == nil {
		if broken {
			m.fault = json.RawMessage(`{"message": "not UTF-8"}`)
		}
		return m, nil // never answered, however odd: two programs would send each other errors for ever
	}
	invalid := func(why string) (*message, *mcp.JSONRPCError) {
		return nil, protocolError(m.id, mcp.INVALID_REQUEST, "Invalid request: "+why)
	}
	version, _ := textOfJSON(parts.Version)
	m.method, _ = textOfJSON(parts.Method)
	switch {
	case broken:
		m.id = bytes.ToValidUTF8(m.id, []byte("\ufffd"))
		return nil, protocolError(m.id, mcp.PARSE_ERROR, "Parse error: not UTF-8")
	case parts.ID != nil && m.id == nil:
		return invalid("the id is neither a text nor a number")
	case version != mcp.JSONRPC_VERSION:
		return invalid(`jsonrpc is not "2.0"`)
	case m.method == "" || answers:
		return invalid("neither a request nor a notification nor a response")
	}
	return m, nil
}

// isResponse tells an answer of the host to a question of ours.
func (m *message) isResponse() bool { return m.method == "" }

// keyOf makes equal ids equal, however they are written: 1 is 1.0, but "1" is another. "" is no id.
func keyOf(id json.RawMessage) string {
	if text, ok := textOfJSON(id); ok {
		return "text " + text
	}
	number, err := strconv.ParseFloat(string(id), 64)
	switch {
	case err != nil:
		return "" // null, an object, or a number that no reader of JSON here could hold
	case math.Abs(number) < 1<<53:
		return "number " + strconv.FormatFloat(number+0, 'g', -1, 64)
	}
	return "number " + string(id) // its digits: as a float it would be its neighbour's
}

func textOfJSON(b json.RawMessage) (text string, ok bool) {
	return text, len(b) > 0 && b[0] == '"' && json.Unmarshal(b, &text) == nil
}

// protocolError is an answer that is an error. Without an id it says null, as JSON-RPC wants.
func protocolError(id json.RawMessage, code int, text string) *mcp.JSONRPCError {
	e := &mcp.JSONRPCError{JSONRPC: mcp.JSONRPC_VERSION, Error: mcp.NewJSONRPCErrorDetails(code, text, nil)}
	if id != nil {
		e.ID = mcp.NewRequestId(id)
	}
	return e
}

// encode writes an answer as a line, with the id as it came: mcp-go read it through a float, which
// changes ids beyond 2^53.
func (m *message) encode(answer mcp.JSONRPCMessage) []byte {
	id := mcp.NewRequestId(m.id)
	switch a := answer.(type) {
	case mcp.JSONRPCResponse:
		a.ID = id
		answer = a
	case mcp.JSONRPCError:
		a.ID = id
		answer = a
	case nil:
		answer = protocolError(m.id, mcp.INTERNAL_ERROR, "Internal error: no answer")
	}
	line, err := json.Marshal(answer)
	if err != nil {
		line, _ = json.Marshal(protocolError(m.id, mcp.INTERNAL_ERROR, "Internal error: the answer cannot be written"))
	}
	return line
}

package schema_test

import (
	"fmt"

	"wisecx-mcp/schema"
)

func Example() {
	arguments := schema.New([]byte(`{
		"type": "object",
		"properties": {
			"status": {"type": "array", "items": {"type": "string", "enum": ["open", "closed"]}},
			"limit": {"type": "integer", "minimum": 1, "maximum": 100}
		},
		"additionalProperties": false
	}`))
	var call struct {
		Status []string `json:"status"`
		Limit  int      `json:"limit"`
	}

	err := arguments.Decode([]byte(`{"status": "abiertos, cerrados", "max": "20"}`), &call)
	fmt.Println(call.Status, call.Limit, err)

	err = arguments.Decode([]byte(`{"limit": 5000}`), &call)
	fmt.Println(err)

	err = arguments.Decode([]byte(`{"status": "opne"}`), &call)
	fmt.Println(err)
	// Output:
	// [open closed] 20 <nil>
	// limit: got 5000, expected a whole number from 1 to 100
	// status[0]: got "opne", expected one of open, closed; did you mean "open"?
}

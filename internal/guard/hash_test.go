package guard

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheAuditLogHoldsNobodysWords(t *testing.T) {
	const arguments = `{"case_number": 534787, "text": "secreto uno", "status": "open", "add_tags": ["vip"], "agent": null,
		"contact": {"name": "secreto dos", "phone": "secreto tres"}, "custom_fields": {"status": "secreto cuatro", "agent": "secreto cinco"},
		"template": "aviso", "parameters": {"agent": "secreto seis", "1": "secreto siete"},
		"restore": [{"case_numbers": [1], "subject": "secreto ocho", "queue": "Ventas", "custom_fields": {"type": "secreto nueve"}}]}`
	line, err := hashed(json.RawMessage(arguments), []byte("a key"))
	if err != nil {
		t.Fatal(err)
	}
	said := string(line)
	if strings.Contains(said, "secreto") || strings.Count(said, `"hash"`) != 9 {
		t.Errorf("it holds %s", said)
	}
	for _, plain := range []string{`"case_number":534787`, `"status":"open"`, `"add_tags":["vip"]`, `"agent":null`, `"template":"aviso"`, `"queue":"Ventas"`} {
		if !strings.Contains(said, plain) {
			t.Errorf("%s is not in %s", plain, said)
		}
	}
	same, _ := hashed(json.RawMessage(arguments), []byte("a key"))
	other, _ := hashed(json.RawMessage(arguments), []byte("another key"))
	if said != string(same) || said == string(other) {
		t.Error("the hashes do not hang on words and key alone")
	}
}

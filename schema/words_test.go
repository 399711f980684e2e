package schema

import "testing"

func TestWordsForAStatus(t *testing.T) {
	for want, words := range map[string][]string{
		"open":       {"open", "Opened", "ABIERTO", "abierta", "abiertos", "abiertas", "aberto", "abertas", " open "},
		"pending":    {"pending", "pendiente", "Pendientes", "pendente", "pendentes"},
		"on_hold":    {"on_hold", "onhold", "hold", "on hold", "On-Hold", "en espera", "em espera", "EN_ESPERA"},
		"solved":     {"solved", "resolved", "resuelto", "resueltas", "resolvido", "solucionado"},
		"closed":     {"closed", "cerrado", "cerradas", "fechado"},
		"unresolved": {"unresolved", "unsolved", "sin resolver", "no resueltos", "não resolvido", "na\u0303o resolvido"},
	} {
		for _, word := range words {
			if got, known := Status(word); got != want || !known {
				t.Errorf("Status(%q) = %q, %v, want %q", word, got, known, want)
			}
		}
	}
	for _, word := range []string{"", "new", "opne", "todos", "escalado"} {
		if got, known := Status(word); known {
			t.Errorf("Status(%q) = %q, want none", word, got)
		}
	}
}

func TestWordsForAChannel(t *testing.T) {
	for word, want := range map[string]string{
		"wa": "whatsapp", "WSP": "whatsapp", "wpp": "whatsapp", "whats": "whatsapp", "WhatsApp": "whatsapp",
		"mail": "email", "correo": "email", "E-Mail": "email", "correo electrónico": "email",
		"teléfono": "phone", "Telefone": "phone", "llamada": "phone", "call": "phone",
		"Instagram": "Instagram", " Ventas ": "Ventas", "": "",
	} {
		if got := Channel(word); got != want {
			t.Errorf("Channel(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestWordsForAnOperator(t *testing.T) {
	for want, words := range map[string][]string{
		"EQUAL":         {"=", "==", "eq", "equal", "EQUAL", "equals"},
		"NOT EQUAL":     {"!=", "<>", "ne", "not equal", "NOT_EQUAL", "not-equal"},
		"GREATER":       {">", "gt", "greater", "greater than"},
		"GREATER EQUAL": {">=", "gte", "greater equal", "greaterEqual", "≥"},
		"LOWER":         {"<", "lt", "lower", "less than"},
		"LOWER EQUAL":   {"<=", "lte", "lower_equal", "≤"},
		"IN":            {"in", "IN"},
		"NOT IN":        {"nin", "not in", "not_in", " NOT  IN "},
	} {
		for _, word := range words {
			if got, known := Operator(word); got != want || !known {
				t.Errorf("Operator(%q) = %q, %v, want %q", word, got, known, want)
			}
		}
	}
	for _, word := range []string{"contains", "CONTAINS", "like", "between", "", "~"} {
		if got, known := Operator(word); known {
			t.Errorf("Operator(%q) = %q, want none", word, got)
		}
	}
}

func TestNamesInOtherSpellings(t *testing.T) {
	for name, want := range map[string]string{
		"createdAfter": "created_after", "CreatedAfter": "created_after", "created-after": "created_after",
		"created after": "created_after", "CREATED_AFTER": "created_after", "caseID": "case_id", "ID": "id",
		"HTMLText": "html_text", "áreaDeVentas": "area_de_ventas", "_x_": "x", "": "", "--": "",
	} {
		if got := snakeCase(name); got != want {
			t.Errorf("snakeCase(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestWholeNumbersKeepTheirDigits(t *testing.T) {
	for literal, want := range map[string]string{
		"42": "42", "42.0": "42", "1e3": "1000", "1.50e2": "150", "1200e-2": "12", "-0": "0", "-42.00": "-42",
		"0.0": "0", "0e5": "0", "123456789012345678901234567890": "123456789012345678901234567890",
		"42.5": "", "1e-1": "", "1e100": "", "5e-400": "",
	} {
		if got, whole := wholeNumber(literal); string(got) != want || whole != (want != "") {
			t.Errorf("wholeNumber(%s) = %q, %v, want %q", literal, got, whole, want)
		}
	}
}

package schema

import "strings"

// The words below are switch statements rather than maps, so that they cost nothing when the program starts.

// Status returns the status that a word means: open, pending, on_hold, solved, closed, or unresolved (the first
// three). It takes the spellings of the API and of people, in English, Spanish and Portuguese, in any case, with
// or without accents, spaces and hyphens. It is false for any other word.
func Status(word string) (string, bool) {
	switch fold(word) {
	case "open", "opened", "opens",
		"abierto", "abierta", "abiertos", "abiertas", "aberto", "aberta", "abertos", "abertas":
		return "open", true
	case "pending", "pendings", "pendiente", "pendientes", "pendente", "pendentes":
		return "pending", true
	case "onhold", "hold", "holds", "onholds", "held",
		"espera", "enespera", "emespera", "retenido", "retenida", "retenidos", "retenidas":
		return "on_hold", true
	case "solved", "resolved", "solveds", "resolveds",
		"resuelto", "resuelta", "resueltos", "resueltas", "resolvido", "resolvida", "resolvidos", "resolvidas",
		"solucionado", "solucionada", "solucionados", "solucionadas":
		return "solved", true
	case "closed", "closeds", "cerrado", "cerrada", "cerrados", "cerradas",
		"fechado", "fechada", "fechados", "fechadas", "encerrado", "encerrada", "encerrados", "encerradas":
		return "closed", true
	case "unresolved", "unsolved", "notresolved", "notsolved", "sinresolver", "sinsolucionar", "semresolver",
		"noresuelto", "noresuelta", "noresueltos", "noresueltas",
		"naoresolvido", "naoresolvida", "naoresolvidos", "naoresolvidas":
		return "unresolved", true
	}
	return "", false
}

// Channel returns the usual name of a channel: whatsapp, email or phone. The set of channels is open, so any other
// word is returned as it is, without the spaces around it.
func Channel(word string) string {
	if channel, known := knownChannel(word); known {
		return channel
	}
	return strings.TrimSpace(word)
}

func knownChannel(word string) (string, bool) {
	switch fold(word) {
	case "whatsapp", "whatsapps", "whats", "wa", "wsp", "wpp", "wapp":
		return "whatsapp", true
	case "email", "emails", "mail", "mails", "correo", "correos", "correoelectronico", "correioeletronico":
		return "email", true
	case "phone", "phones", "telefono", "telefonos", "telefone", "telefones", "tel",
		"call", "calls", "phonecall", "phonecalls", "llamada", "llamadas", "ligacao", "ligacoes", "chamada", "chamadas":
		return "phone", true
	}
	return "", false
}

// author returns who a word means in a message: customer, agent or system.
func author(word string) (string, bool) {
	switch fold(word) {
	case "customer", "customers", "client", "clients", "cliente", "clientes", "contact", "contacts",
		"contacto", "contactos", "contato", "contatos":
		return "customer", true
	case "agent", "agents", "agente", "agentes", "user", "users", "usuario", "usuarios":
		return "agent", true
	case "system", "systems", "sistema", "sistemas":
		return "system", true
	}
	return "", false
}

// Operators are the eight that a condition takes.
const operators = "EQUAL, NOT EQUAL, GREATER, GREATER EQUAL, LOWER, LOWER EQUAL, IN, NOT IN"

// Operator returns the operator of a condition that a word or sign means: one of EQUAL, NOT EQUAL, GREATER,
// GREATER EQUAL, LOWER, LOWER EQUAL, IN, NOT IN. It is false for any other word, CONTAINS among them, which the
// API does not have.
func Operator(word string) (string, bool) {
	switch fold(word) {
	case "=", "==", "===", "eq", "equal", "equals", "equalto":
		return "EQUAL", true
	case "!=", "!==", "<>", "≠", "ne", "neq", "noteq", "notequal", "notequals", "notequalto":
		return "NOT EQUAL", true
	case ">", "gt", "greater", "greaterthan":
		return "GREATER", true
	case ">=", "=>", "≥", "gte", "ge", "greaterequal", "greaterorequal", "greaterthanorequal", "greaterthanorequalto", "greaterthanequal":
		return "GREATER EQUAL", true
	case "<", "lt", "lower", "lowerthan", "less", "lessthan":
		return "LOWER", true
	case "<=", "=<", "≤", "lte", "le", "lowerequal", "lowerorequal", "lowerthanorequal",
		"lessequal", "lessorequal", "lessthanorequal", "lessthanorequalto", "lessthanequal":
		return "LOWER EQUAL", true
	case "in":
		return "IN", true
	case "notin", "nin":
		return "NOT IN", true
	}
	return "", false
}

// looksInside reports whether an operator asks for a part of a text, which the API cannot do.
func looksInside(word string) bool {
	switch fold(word) {
	case "contains", "contain", "notcontains", "like", "ilike", "~", "=~", "match", "matches", "regex", "regexp",
		"includes", "startswith", "endswith", "contiene", "contem":
		return true
	}
	return false
}

// truth returns what a word means where yes or no is expected.
func truth(word string) (value, known bool) {
	switch fold(word) {
	case "true", "yes", "si", "sim", "1":
		return true, true
	case "false", "no", "nao", "0":
		return false, true
	}
	return false, false
}

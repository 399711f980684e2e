package guard

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// plainArguments are those whose texts are no person's words: names of the account's own things, and ours.
var plainArguments = []string{"status", "then_status", "queue", "agent", "type", "priority", "tags", "add_tags", "remove_tags", "due_at", "channel",
	"template", "message_from", "distribute_to", "organization", "add", "remove", "confirm_token", "undo"}

// freeArguments are those whose members are named by the caller: what they are called says nothing of whose words they are.
var freeArguments = []string{"custom_fields", "parameters"}

// hashed gives arguments with people's words as keyed hashes: the log tells whether two texts were the same, and
// nobody without the key finds out which.
func hashed(arguments json.RawMessage, key []byte) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(arguments))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(hash(value, "", true, key))
}

// hash takes a value by the argument it is of; ours tells whether we named that.
func hash(value any, name string, ours bool, key []byte) any {
	switch v := value.(type) {
	case map[string]any:
		for member := range v {
			v[member] = hash(v[member], member, ours && !slices.Contains(freeArguments, name), key)
		}
	case []any:
		for i := range v {
			v[i] = hash(v[i], name, ours, key)
		}
	case string:
		if ours && slices.Contains(plainArguments, name) {
			return v
		}
		sum := hmac.New(sha256.New, key)
		sum.Write([]byte(v))
		return map[string]any{"hash": hex.EncodeToString(sum.Sum(nil)[:8]), "characters": utf8.RuneCountInString(v)}
	}
	return value
}

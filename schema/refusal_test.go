package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func refused(t *testing.T, arguments *Arguments, sent string) *Refusal {
	t.Helper()
	var into map[string]any
	err := arguments.Decode([]byte(sent), &into)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("%.200s was not refused: %v", sent, err)
	}
	return refusal
}

func TestARefusalSaysWhatToDo(t *testing.T) {
	search, create, reply := argumentsOf(t, searchCases{}), argumentsOf(t, createCase{}), argumentsOf(t, replyToCase{})
	const all = "agent, case_number, channel, contact, created_after, created_before, cursor, fields, limit, never_replied, " +
		"queue, score_below, sort_by, sort_order, status, tags, text, type, waiting_on, where; any other field goes into where"
	for _, test := range []struct {
		name      string
		arguments *Arguments
		sent      string
		want      string
	}{
		{"a number out of range", search, `{"limit":5000}`, `limit: got 5000, expected a whole number from 1 to 100`},
		{"a fraction", search, `{"limit":4.5}`, `limit: got 4.5, expected a whole number from 1 to 100`},
		{"a word for a number", search, `{"limit":"many"}`, `limit: got "many", expected a whole number from 1 to 100`},
		{"NaN", search, `{"score_below":"NaN"}`, `score_below: got "NaN", expected a number`},
		{"separators of thousands", search, `{"limit":"1,000"}`, `limit: got "1,000", expected a whole number from 1 to 100`},
		{"a misspelt word", search, `{"status":"opne"}`,
			`status[0]: got "opne", expected one of open, pending, on_hold, solved, closed, unresolved; did you mean "open"?`},
		{"a list for one value", search, `{"contact":["a","b"]}`,
			`contact: got a list of 2 (["a", "b"]), expected text (id, e-mail, phone or personal id)`},
		{"too long a list", search, `{"case_number":"1,2,3,4,5,6"}`,
			`case_number: got a list of 6 ([1, 2, 3, 4, 5, 6]), expected a list of at most 5, each item a whole number of at least 1`},
		{"one bad piece", search, `{"case_number":"1,x"}`, `case_number[1]: got "x", expected a whole number of at least 1`},
		{"an object for a text", search, `{"text":{"a":1}}`, `text: got an object ({"a": 1}), expected text`},
		{"a misspelt name", search, `{"queu":"a"}`, `queu: is not an argument here, expected one of ` + all + `; did you mean "queue"?`},
		{"a strange name", search, `{"zzz":"a"}`, `zzz: is not an argument here, expected one of ` + all},
		{"a name of control characters", search, `{"a\nb\u202e":"a"}`, `"a\nb\u202e": is not an argument here, expected one of ` + all},
		{"a synonym beside its name", search, `{"queue":["a"],"group":["a"]}`, `group: is another name for queue, which is given too; send only queue`},
		{"two synonyms", search, `{"owner":"a","assignee":"b"}`, `owner: means agent, as assignee does; send only agent, once`},
		{"two spellings", search, `{"queue":"a","Queue":"b"}`, `Queue: is another name for queue, which is given too; send only queue`},
		{"an internal note on a reply", reply, `{"case_number":1,"text":"a","internal":true}`,
			`internal: is not an argument here; Wise CX's API has no internal notes, and the customer reads every reply`},
		{"page", search, `{"page":2}`, `page: is not an argument here; to go on, send cursor with the next_cursor of the last answer`},
		{"an operator that does not exist", search, `{"where":[{"field":"a","operator":"BETWEEN","value":1}]}`,
			`where[0].operator: got "BETWEEN", expected one of ` + operators},
		{"CONTAINS", search, `{"where":[{"field":"a","operator":"contains","value":1}]}`,
			`where[0].operator: got "contains", but conditions compare whole values only, by ` + operators + `; to search for words, use the argument text`},
		{"what is missing inside", search, `{"where":["a EQUAL 1",{"field":"a"}]}`, `where[1].operator: is missing, expected one of ` + operators},
		{"an unknown name inside", search, `{"where":[{"field":"a","op":"=","value":1,"operator":"="}]}`,
			`where[0].op: is not an argument here, expected one of field, operator, value; did you mean "operator"?`},
		{"a number in a list of conditions", search, `{"where":[["a","b"]]}`,
			`where[0]: got a list of 2 (["a", "b"]), expected text or an object with field, operator, value`},
		{"several mistakes", search, `{"limit":5000,"statuss":"open","never_replied":"maybe"}`,
			`statuss: is not an argument here, expected one of ` + all + `; did you mean "status"? (2 other arguments are wrong too: limit, never_replied)`},

		{"what is missing", create, `{"queue":"a","subject":"b"}`,
			`contact: is missing, expected an object with email, id, name, personal_id, phones`},
		{"an empty required text", create, `{"queue":"a","subject":" ","contact":{}}`, `subject: got " ", expected text that is not empty`},
		{"a required null", create, `{"queue":"a","subject":null,"contact":{}}`, `subject: got null, expected text that is not empty`},
		{"a misspelt name explains what is missing", create, `{"queue":"a","subjet":"b","contact":{"id":"x"}}`,
			`subjet: is not an argument here, expected one of add_tags, agent, contact, custom_fields, even_if_open, ` +
				`message, message_from, note, queue, spam, subject, then_status, watchers; did you mean "subject"? (2 other arguments are wrong too: contact.id, subject)`},
		{"tags on an update", create, `{"queue":"a","subject":"b","contact":{},"tags":["x"]}`,
			`tags: leaves open whether to add or to replace; send add_tags, remove_tags or both`},
		{"the same tag twice", create, `{"queue":"a","subject":"b","contact":{},"add_tags":["x","y","x"]}`,
			`add_tags: has the same value twice, at 0 and 2; send it once`},
		{"too long a text", create, `{"queue":"a","subject":"b","contact":{},"message":"` + strings.Repeat("á", 2001) + `"}`,
			`message: got "` + strings.Repeat("á", 80) + `"... (text of 2001 characters), expected text of at most 2000 characters`},
		{"deep inside", create, `{"queue":"a","subject":"b","contact":{},"watchers":[{"id":1},{"phones":[{"a":1}]}]}`,
			`watchers[1].phones[0]: got an object ({"a": 1}), expected text`},
		{"channel on a reply", reply, `{"case_number":1,"text":"a","channel":"email"}`,
			`channel: is not an argument here; a reply leaves through the case's own channel, so leave it out`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := refused(t, test.arguments, test.sent).Error(); got != test.want {
				t.Errorf("%s\n got %s\nwant %s", test.sent, got, test.want)
			}
		})
	}
}

func TestARefusalCarriesItsParts(t *testing.T) {
	refusal := refused(t, argumentsOf(t, searchCases{}), `{"status":["open","solvd"]}`)
	if refusal.Argument != "status[1]" || refusal.Got != `"solvd"` ||
		refusal.Expected != "one of open, pending, on_hold, solved, closed, unresolved" || fmt.Sprint(refusal.Candidates) != "[solved]" {
		t.Errorf("%#v", refusal)
	}
	refusal = refused(t, argumentsOf(t, searchCases{}), `{"number_of_case":1,"where":[{"fild":1,"operator":"=","value":1}]}`)
	if refusal.Argument != "number_of_case" || len(refusal.Candidates) == 0 || refusal.Candidates[0] != "case_number" {
		t.Errorf("%#v", refusal)
	}
}

func TestWhatCannotBeReadIsRefused(t *testing.T) {
	arguments := argumentsOf(t, searchCases{})
	for _, test := range []struct{ name, sent, contains string }{
		{"a list", `[{"limit":1}]`, `arguments: got a list of 1 ([{"limit": 1}]), expected one JSON object`},
		{"a number", `5`, `arguments: got 5, expected one JSON object`},
		{"a text", `"open cases"`, `arguments: got "open cases", expected one JSON object`},
		{"a text that holds a list", `"[1]"`, `arguments: got a list of 1 ([1]), expected one JSON object`},
		{"broken JSON", `{"limit": 5,}`, `arguments: got JSON that breaks at byte 13, after "{\"limit\": 5,}"`},
		{"cut JSON", `{"limit": 5`, `arguments: got JSON that breaks at byte 11`},
		{"two values", `{} {}`, `arguments: got JSON that breaks`},
		{"invalid UTF-8", "{\"text\": \"a\xff\"}", `bytes that are not valid UTF-8`},
		{"the same name twice", `{"limit":1,"limit":2}`, `limit: is given twice`},
		{"the same name twice inside", `{"where":["x",{"field":"a","field":"b"}]}`, `where[1].field: is given twice`},
		{"the same name twice in text", `{"where":"[{\"field\":1,\"field\":2}]"}`, `where[0].field: is given twice`},
		{"an exponent like a bomb", `{"limit":1e999999999}`, `limit: got 1e999999999, expected a number of ordinary size`},
		{"the same as text", `{"limit":"1e999999999"}`, `limit: got "1e999999999", expected a whole number from 1 to 100`},
		{"a number of 1000 digits", `{"limit":` + strings.Repeat("9", 1000) + `}`, `expected a number of ordinary size`},
		{"nesting of 100", strings.Repeat(`{"where":`, 100) + `1` + strings.Repeat(`}`, 100), `nested more than 64 deep`},
		{"nesting of 100000", strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000), `nested more than 64 deep`},
		{"nesting in text", `{"where":"` + strings.Repeat(`[`, 9_000) + strings.Repeat(`]`, 9_000) + `"}`, `nested more than 64 deep`},
		{"more than 64 bits", `{"case_number":99999999999999999999999}`, `case_number: got 99999999999999999999999, expected a number of ordinary size`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var into searchCases
			err := arguments.Decode([]byte(test.sent), &into)
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("not a refusal: %v", err)
			}
			if !strings.Contains(err.Error(), test.contains) {
				t.Errorf("\n got %s\nwant %s", err, test.contains)
			}
		})
	}
}

func TestRefusalsStayShortAndFreeOfGo(t *testing.T) {
	arguments := argumentsOf(t, createCase{})
	long := strings.Repeat("x", 3<<20)
	for _, sent := range []string{
		`{"queue":"a","subject":{"a":"` + long + `"}}`,
		`{"queue":["` + long + `","b"]}`,
		`{"` + long + `":1}`,
		`{"custom_fields":"` + long + `"}`,
		`{"contact":{"` + long + `":{"a":1},"` + long + `":2}}`,
		`{"queue":[` + strings.Repeat(`1,`, 100_000) + `1]}`,
		`{"watchers":[` + strings.Repeat(`{"id":"x"},`, 50_000) + `{}]}`,
		`[` + strings.Repeat(`[1],`, 100_000) + `1]`,
		`"` + long + `"`,
		`{"queue":` + long + `}`,
	} {
		text := refused(t, arguments, sent).Error()
		if len(text) > 1200 {
			t.Errorf("a refusal of %d bytes: %.300s", len(text), text)
		}
		for _, word := range []string{"map[", "interface", "json.", "Go ", "struct", "&{", "schema."} {
			if strings.Contains(text, word) {
				t.Errorf("a refusal speaks Go: %s", text)
			}
		}
	}
}

func TestARefusalOfAnotherPackageReadsWell(t *testing.T) {
	err := &Refusal{Argument: "created_after", Got: `"soon"`, Expected: "a point in time such as 7d", Candidates: []string{"today", "tomorrow"}}
	want := `created_after: got "soon", expected a point in time such as 7d; did you mean "today" or "tomorrow"?`
	if err.Error() != want {
		t.Errorf("got %s", err)
	}
}

func TestExpectationsAreSaidInWords(t *testing.T) {
	for described, want := range map[string]string{
		`{"type":"integer","minimum":1}`:                        "a whole number of at least 1",
		`{"type":"integer","maximum":9}`:                        "a whole number of at most 9",
		`{"type":"number","exclusiveMinimum":0,"multipleOf":2}`: "a number above 0, a multiple of 2",
		`{"type":"number","exclusiveMaximum":1.5}`:              "a number below 1.5",
		`{"type":"string","minLength":1}`:                       "text that is not empty",
		`{"type":"string","minLength":3}`:                       "text of at least 3 characters",
		`{"type":"string","minLength":2,"maxLength":4}`:         "text of 2 to 4 characters",
		`{"type":"string","pattern":"^a$","format":"email"}`:    "text in the format email that matches ^a$",
		`{"type":["boolean","null"]}`:                           "true or false or null",
		`{"type":"integer","enum":[1,2]}`:                       "one of 1, 2",
		`{"type":"array","minItems":1}`:                         "a list of at least 1",
		`{"type":"array","minItems":1,"maxItems":3}`:            "a list of 1 to 3",
		`{"type":"object"}`:                                     "an object",
		`{"type":"object","additionalProperties":false}`:        "an empty object",
		`{"anyOf":[{"type":"string","maxLength":1}]}`:           "another value",
	} {
		arguments := New([]byte(`{"type":"object","properties":{"a":` + described + `}}`))
		if err := arguments.Check(); err != nil {
			t.Fatal(err)
		}
		if got := arguments.root.properties["a"].describe(); got != want {
			t.Errorf("%s is %q, want %q", described, got, want)
		}
	}
	refusal := refused(t, New([]byte(`{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}}`)), `{"a":[]}`)
	if refusal.Error() != "a: got an empty list, expected another value" {
		t.Error(refusal)
	}
}

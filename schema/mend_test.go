package schema

import "testing"

type mendCase struct{ name, sent, want string }

func expectMended(t *testing.T, arguments *Arguments, cases []mendCase) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			got := mended(t, arguments, test.sent)
			if got != test.want {
				t.Errorf("%s\n got %s\nwant %s", test.sent, got, test.want)
			}
			if again := mended(t, arguments, got); again != got {
				t.Errorf("putting right twice gives %s", again)
			}
		})
	}
}

func TestArgumentsOfASearchArePutRight(t *testing.T) {
	expectMended(t, argumentsOf(t, searchCases{}), []mendCase{
		{"nothing is an empty object", ``, `{}`},
		{"so is null", ` null `, `{}`},
		{"so is a blank text", `" "`, `{}`},
		{"a text may hold the whole object", `"{\"limit\": 5}"`, `{"limit":5}`},
		{"even encoded twice", `"\"{\\\"limit\\\": 5}\""`, `{"limit":5}`},
		{"the example of the contract", `{"status":"abierto","queue":["Soporte"],"created_after":"7d","limit":20}`,
			`{"created_after":"7d","limit":20,"queue":["Soporte"],"status":["open"]}`},

		{"a number may come as text", `{"limit":"42"}`, `{"limit":42}`},
		{"with spaces around it", `{"limit":" 42 "}`, `{"limit":42}`},
		{"with a fraction of zero", `{"limit":"42.0"}`, `{"limit":42}`},
		{"or with an exponent", `{"limit":"1e1"}`, `{"limit":10}`},
		{"with a plus and zeros", `{"limit":"+007"}`, `{"limit":7}`},
		{"42.0 is a whole number", `{"limit":42.0}`, `{"limit":42}`},
		{"4.2e1 is too", `{"limit":4.2e1}`, `{"limit":42}`},
		{"a number keeps its fraction where it may have one", `{"score_below":"2.50"}`, `{"score_below":2.50}`},
		{"a case number may carry its sign", `{"case_number":"#534787"}`, `{"case_number":[534787]}`},
		{"a whole number of 19 digits keeps them", `{"case_number":9007199254740993123}`, `{"case_number":[9007199254740993123]}`},
		{"also as text", `{"case_number":"9007199254740993123"}`, `{"case_number":[9007199254740993123]}`},
		{"a number becomes text with the same digits", `{"contact":90071992547409931234}`, `{"contact":"90071992547409931234"}`},
		{"and keeps its zeros", `{"contact":1.50}`, `{"contact":"1.50"}`},
		{"true becomes text", `{"text":true}`, `{"text":"true"}`},

		{"one value is a list of one", `{"queue":"Soporte"}`, `{"queue":["Soporte"]}`},
		{"a number is one too", `{"queue":24717}`, `{"queue":["24717"]}`},
		{"names may hold commas", `{"queue":"Ventas, Rosario"}`, `{"queue":["Ventas, Rosario"]}`},
		{"words of an enum may not", `{"status":"open, pendientes"}`, `{"status":["open","pending"]}`},
		{"nor inside a list", `{"status":["open, on hold","cerrado"]}`, `{"status":["open","on_hold","closed"]}`},
		{"numbers are taken apart", `{"case_number":"12, #13,14"}`, `{"case_number":[12,13,14]}`},
		{"nor may names of fields", `{"fields":"id, status,+tags"}`, `{"fields":["id","status","+tags"]}`},
		{"channels when all are known", `{"channel":"wa, mail"}`, `{"channel":["whatsapp","email"]}`},
		{"but not when one is a name", `{"channel":"wa, Rosario"}`, `{"channel":["wa, Rosario"]}`},
		{"a list of one is its element", `{"contact":["ana@example.com"]}`, `{"contact":"ana@example.com"}`},
		{"at any depth", `{"limit":[["5"]]}`, `{"limit":5}`},
		{"an empty list for one value says nothing", `{"contact":[]}`, `{}`},
		{"a list inside a list is opened", `{"queue":[["Soporte"]]}`, `{"queue":["Soporte"]}`},

		{"a list may come as text", `{"queue":"[\"a\", \"b\"]"}`, `{"queue":["a","b"]}`},
		{"encoded twice", `{"queue":"\"[\\\"a\\\"]\""}`, `{"queue":["a"]}`},
		{"a name that begins like a list stays a name", `{"queue":"[VIP] Soporte"}`, `{"queue":["[VIP] Soporte"]}`},
		{"an object as text where names are listed stays text", `{"queue":"{\"a\":1}"}`, `{"queue":["{\"a\":1}"]}`},
		{"JSON where text is expected stays text", `{"text":"[1,2]"}`, `{"text":"[1,2]"}`},

		{"null says nothing", `{"queue":null,"limit":null,"contact":null}`, `{}`},
		{"also inside lists", `{"queue":[null,"a",""]}`, `{"queue":["a"]}`},
		{"empty texts say nothing", `{"contact":"","text":"  ","limit":"","queue":"","sort_order":""}`, `{}`},
		{"text keeps its spaces", `{"text":" a  b "}`, `{"text":" a  b "}`},

		{"yes is true", `{"never_replied":"Yes"}`, `{"never_replied":true}`},
		{"sí is true", `{"never_replied":"SÍ"}`, `{"never_replied":true}`},
		{"não is false", `{"never_replied":"não"}`, `{"never_replied":false}`},
		{"1 is true", `{"never_replied":1}`, `{"never_replied":true}`},
		{"0 as text is false", `{"never_replied":["0"]}`, `{"never_replied":false}`},

		{"camelCase", `{"createdAfter":"7d","sortBy":"id"}`, `{"created_after":"7d","sort_by":"id"}`},
		{"kebab-case", `{"created-after":"7d"}`, `{"created_after":"7d"}`},
		{"upper case", `{"STATUS":"OPEN","CaseNumber":1}`, `{"case_number":[1],"status":["open"]}`},
		{"synonyms", `{"team":"a","assignee":"me","customer":"b","ticket":7,"since":"7d","hasta":"1d","category":"c"}`,
			`{"agent":["me"],"case_number":[7],"contact":"b","created_after":"7d","created_before":"1d","queue":["a"],"type":["c"]}`},
		{"more synonyms", `{"contactId":5,"source_channel":"wsp","motivo":"x","max":3,"order_by":"id","área":"q"}`,
			`{"channel":["whatsapp"],"contact":"5","limit":3,"queue":["q"],"sort_by":"id","type":["x"]}`},
		{"words to search for", `{"keyword":"factura"}`, `{"text":"factura"}`},
		{"a null beside its synonym says nothing", `{"queue":["a"],"group":null}`, `{"queue":["a"]}`},
		{"nor does the canonical null", `{"queue":null,"group":"a"}`, `{"queue":["a"]}`},

		{"words of an enum in any case", `{"sort_order":"DESC"}`, `{"sort_order":"desc"}`},
		{"status in Spanish", `{"status":["Abiertos","en espera","RESUELTO","sin resolver"]}`, `{"status":["open","on_hold","solved","unresolved"]}`},

		{"whom a case waits for", `{"waiting_on":"Cliente"}`, `{"waiting_on":"customer"}`},

		{"an empty condition says nothing", `{"where":["",{"field":"a","operator":"="}]}`, `{"where":[{"field":"a","operator":"EQUAL"}]}`},
		{"one condition as text", `{"where":"sucursal EQUAL Rosario"}`, `{"where":["sucursal EQUAL Rosario"]}`},
		{"one condition as object", `{"where":{"field":"a","operator":"!=","value":1}}`,
			`{"where":[{"field":"a","operator":"NOT EQUAL","value":1}]}`},
		{"as an object in text", `{"where":"{\"field\":\"a\",\"operator\":\"gte\",\"value\":\"x\"}"}`,
			`{"where":[{"field":"a","operator":"GREATER EQUAL","value":"x"}]}`},
		{"as objects in text in a list", `{"where":["{\"Field\":\"a\",\"operator\":\"in\",\"value\":[1,\"2\"]}","b EQUAL 1, 2"]}`,
			`{"where":[{"field":"a","operator":"IN","value":[1,"2"]},"b EQUAL 1, 2"]}`},
		{"a value is always a value", `{"where":[{"field":"a","operator":"=","value":"[1,2]"},{"field":"b","operator":"=","value":""}]}`,
			`{"where":[{"field":"a","operator":"EQUAL","value":"[1,2]"},{"field":"b","operator":"EQUAL","value":""}]}`},
	})
}

func TestArgumentsOfAWriteArePutRight(t *testing.T) {
	const rest = `"queue":"a","subject":"b"`
	expectMended(t, argumentsOf(t, createCase{}), []mendCase{
		{"an object may come as text", `{` + rest + `,"contact":"{\"id\":\"5\"}"}`, `{"contact":{"id":5},"queue":"a","subject":"b"}`},
		{"objects inside are put right", `{` + rest + `,"contact":{"personalId":30111222,"name":null,"phones":"11 2222"}}`,
			`{"contact":{"personal_id":"30111222","phones":["11 2222"]},"queue":"a","subject":"b"}`},
		{"a list of one object is the object", `{` + rest + `,"contact":[{"id":5}]}`, `{"contact":{"id":5},"queue":"a","subject":"b"}`},
		{"objects in a list", `{` + rest + `,"contact":{},"watchers":{"id":"7"}}`, `{"contact":{},"queue":"a","subject":"b","watchers":[{"id":7}]}`},
		{"objects in a list as text", `{` + rest + `,"contact":{},"watchers":"[{\"id\":\"7\"},{\"ID\":8}]"}`,
			`{"contact":{},"queue":"a","subject":"b","watchers":[{"id":7},{"id":8}]}`},
		{"null clears what may be cleared", `{` + rest + `,"contact":{},"agent":null}`, `{"agent":null,"contact":{},"queue":"a","subject":"b"}`},
		{"so does an empty text", `{` + rest + `,"contact":{},"agent":""}`, `{"agent":"","contact":{},"queue":"a","subject":"b"}`},
		{"an empty text stays where it is allowed", `{` + rest + `,"contact":{},"note":""}`, `{"contact":{},"note":"","queue":"a","subject":"b"}`},
		{"custom fields are nobody's business", `{` + rest + `,"contact":{},"custom_fields":{"a b":"","C":null,"n":1.50,"group":[1]}}`,
			`{"contact":{},"custom_fields":{"C":null,"a b":"","group":[1],"n":1.50},"queue":"a","subject":"b"}`},
		{"who wrote", `{` + rest + `,"contact":{},"message_from":"Cliente"}`, `{"contact":{},"message_from":"customer","queue":"a","subject":"b"}`},
		{"the status of then_status", `{` + rest + `,"contact":{},"then_status":"resuelta"}`, `{"contact":{},"queue":"a","subject":"b","then_status":"solved"}`},
		{"false stays", `{` + rest + `,"contact":{},"spam":"no"}`, `{"contact":{},"queue":"a","spam":false,"subject":"b"}`},
	})
}

func TestArgumentsOfAReplyArePutRight(t *testing.T) {
	expectMended(t, argumentsOf(t, replyToCase{}), []mendCase{
		{"message is the text", `{"case":"#12","message":"Hola, ¿qué tal?"}`, `{"case_number":12,"text":"Hola, ¿qué tal?"}`},
		{"a template by its id", `{"number":12,"templateId":77}`, `{"case_number":12,"template":"77"}`},
		{"parameters as object", `{"number":12,"params":{"1":"Ana","2":5}}`, `{"case_number":12,"parameters":{"1":"Ana","2":"5"}}`},
		{"as keys and values", `{"number":12,"variables":[{"key":"1","value":"Ana"},{"key":2,"value":""}]}`,
			`{"case_number":12,"parameters":{"1":"Ana","2":""}}`},
		{"as one of them", `{"number":12,"variables":[{"key":"1","value":"Ana"}]}`, `{"case_number":12,"parameters":{"1":"Ana"}}`},
		{"as a list in order", `{"number":12,"parameters":["Ana",5]}`, `{"case_number":12,"parameters":{"1":"Ana","2":"5"}}`},
	})
	expectMended(t, argumentsOf(t, searchContacts{}), []mendCase{
		{"a tool with a query takes text for it", `{"text":"ana","desde":"7d"}`, `{"after":"7d","query":"ana"}`},
		{"or q", `{"q":"ana"}`, `{"query":"ana"}`},
	})
}

func TestWordsArePutRightInSchemasOfOtherShapes(t *testing.T) {
	arguments := New([]byte(`{"type":"object","properties":{
		"from":{"type":"array","items":{"type":"string","enum":["customer","agent","system"]}},
		"status":{"type":"array","items":{"type":"string"}},
		"channel":{"type":"string","enum":["whatsapp","email"]},
		"measure":{"type":"array","items":{"type":"string","enum":["first_reply_time","count"]}},
		"ids":{"type":"array","items":{"type":["integer","string"]}},
		"flags":{"type":"array","items":{"type":"boolean"}},
		"since":{"type":"string"},
		"score":{"type":["integer","null"]}
	},"additionalProperties":false}`))
	expectMended(t, arguments, []mendCase{
		{"who wrote", `{"from":"clientes, AGENTE,sistema"}`, `{"from":["customer","agent","system"]}`},
		{"a status without an enum", `{"status":"abiertos, Scheduled"}`, `{"status":["open","Scheduled"]}`},
		{"a channel of an enum", `{"channel":"wsp"}`, `{"channel":"whatsapp"}`},
		{"hyphens and capitals", `{"measure":"First-Reply-Time"}`, `{"measure":["first_reply_time"]}`},
		{"ids that are all numbers", `{"ids":"1, #2"}`, `{"ids":["1","#2"]}`},
		{"ids that are names", `{"ids":"Rosario, 2"}`, `{"ids":["Rosario, 2"]}`},
		{"booleans in a list", `{"flags":["yes",0,false]}`, `{"flags":[true,false,false]}`},
		{"one boolean for a list", `{"flags":true}`, `{"flags":[true]}`},
		{"a synonym that is a property stays", `{"since":"7d"}`, `{"since":"7d"}`},
		{"null where it is allowed", `{"score":null}`, `{"score":null}`},
		{"a number where null is allowed", `{"score":"7"}`, `{"score":7}`},
	})
}

func TestParametersBecomeKeysAndValuesWhereTheSchemaAsksForThem(t *testing.T) {
	arguments := New([]byte(`{"type":"object","properties":{"parameters":{"type":"array","items":{"type":"object",
		"properties":{"key":{"type":"string"},"value":{"type":"string"}},"additionalProperties":false}}},"additionalProperties":false}`))
	expectMended(t, arguments, []mendCase{
		{"an object", `{"parameters":{"b":"2","a":1}}`, `{"parameters":[{"key":"a","value":"1"},{"key":"b","value":"2"}]}`},
		{"one pair", `{"parameters":{"key":"a","value":1}}`, `{"parameters":[{"key":"a","value":"1"}]}`},
	})
}

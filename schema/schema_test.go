package schema

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestDecodeFillsTheStruct(t *testing.T) {
	var into createCase
	err := argumentsOf(t, createCase{}).Decode([]byte(`{"queue":24717,"subject":"Hola","contact":{"id":"9007199254740993"},
		"custom_fields":{"id":9007199254740993},"agent":null,"even_if_open":"sí"}`), &into)
	if err != nil {
		t.Fatal(err)
	}
	if into.Queue != "24717" || into.Contact.ID != 9007199254740993 || !into.EvenIfOpen {
		t.Errorf("%+v", into)
	}
	if number, _ := into.CustomFields["id"].(json.Number); number != "9007199254740993" {
		t.Errorf("a number in an open object became %v", into.CustomFields["id"])
	}
}

func TestABrokenSchemaIsAnErrorAndNotARefusal(t *testing.T) {
	for _, raw := range []string{``, `{`, `[]`, `{"type":"string"}`, `{"type":"object","properties":{"a":{"type":"txet"}}}`,
		`{"type":"object","properties":{"a":{"$ref":"file:///etc/passwd"}}}`, `{"type":"object","properties":{"a":{"$ref":"https://example.com/a.json"}}}`} {
		arguments := New([]byte(raw))
		if arguments.Check() == nil {
			t.Errorf("%s is taken", raw)
		}
		var into struct{}
		var refusal *Refusal
		if err := arguments.Decode(nil, &into); err == nil || errors.As(err, &refusal) {
			t.Errorf("%s: Decode says %v", raw, err)
		}
	}
}

func TestAStructThatDoesNotFitItsSchemaIsTheProgramsError(t *testing.T) {
	arguments := New([]byte(`{"type":"object","properties":{"limit":{"type":"string"}}}`))
	var into struct {
		Limit int `json:"limit"`
	}
	err := arguments.Decode([]byte(`{"limit":"x"}`), &into)
	var refusal *Refusal
	if err == nil || errors.As(err, &refusal) || strings.Contains(err.Error(), "struct") {
		t.Errorf("Decode says %v", err)
	}
}

// picky refuses in its own words.
type picky string

func (picky) UnmarshalJSON([]byte) error {
	return &Refusal{Argument: "limit", Got: "5", Expected: "another"}
}

func TestAFieldMayRefuse(t *testing.T) {
	var into struct {
		Limit picky `json:"limit"`
	}
	err := argumentsOf(t, searchCases{}).Decode([]byte(`{"limit":5}`), &into)
	if err == nil || err.Error() != "limit: got 5, expected another" {
		t.Errorf("Decode says %v", err)
	}
}

func TestArgumentsMayBeUsedByManyAtOnce(t *testing.T) {
	arguments := argumentsOf(t, searchCases{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				var into searchCases
				if err := arguments.Decode([]byte(typicalCall), &into); err != nil {
					t.Error(err)
				}
				if err := arguments.Decode([]byte(`{"limit":0}`), &into); err == nil {
					t.Error("limit 0 is taken")
				}
			}
		})
	}
	group.Wait()
}

func TestALargeCallIsTaken(t *testing.T) {
	arguments := argumentsOf(t, createCase{})
	sent := `{"queue":"a","subject":"b","contact":{},"watchers":[` + strings.Repeat(`{"id":"5","name":"x"},`, 20_000) + `{}],"custom_fields":{"text":"` +
		strings.Repeat("x", 5<<20) + `"}}`
	var into createCase
	if err := arguments.Decode([]byte(sent), &into); err != nil {
		t.Fatal(err)
	}
	if len(into.Watchers) != 20_001 || into.Watchers[0].ID != 5 {
		t.Errorf("%d watchers", len(into.Watchers))
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{typicalCall, `{"where":["a EQUAL 1",{"field":"a","operator":"gte","value":[1,null]}]}`,
		`{"status":"open, pendientes","case_number":"#1, 2.0","limit":"1e1","Queue":"[\"a\"]"}`,
		`{"queue":"a","subject":"b","contact":"{\"id\":\"5\"}","watchers":"[{\"id\":7}]","agent":""}`,
		`{"case":1,"params":[{"key":1,"value":null}]}`, `"{\"limit\":1}"`, `{"limit":1e400}`, `{"a":1,"a":2}`, `[[[`, "{\"\xff\":1}", `{"text":"\ud800"}`} {
		f.Add(seed)
	}
	all := []*Arguments{argumentsOf(f, searchCases{}), argumentsOf(f, createCase{}), argumentsOf(f, replyToCase{}), argumentsOf(f, searchContacts{})}
	f.Fuzz(func(t *testing.T, sent string) {
		for _, arguments := range all {
			value, err := arguments.putRight([]byte(sent))
			if err != nil {
				var refusal *Refusal
				if !errors.As(err, &refusal) || len(err.Error()) > 2000 {
					t.Fatalf("%q: %v", sent, err)
				}
				continue
			}
			var into map[string]any
			if err := arguments.Decode([]byte(sent), &into); err != nil {
				t.Fatal(err)
			}
			once, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			again, err := arguments.putRight(once)
			if err != nil {
				t.Fatalf("%q became %s, which is refused: %v", sent, once, err)
			}
			if twice, _ := json.Marshal(again); string(twice) != string(once) {
				t.Fatalf("%q became %s and then %s", sent, once, twice)
			}
		}
	})
}

const typicalCall = `{"status":"abierto","queue":["Soporte"],"created_after":"7d","limit":20}`

func BenchmarkDecode(b *testing.B) {
	arguments := argumentsOf(b, searchCases{})
	if err := arguments.Check(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var into searchCases
		if err := arguments.Decode([]byte(typicalCall), &into); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirstDecode(b *testing.B) {
	raw := argumentsOf(b, searchCases{}).raw
	b.ReportAllocs()
	for b.Loop() {
		var into searchCases
		if err := New(raw).Decode([]byte(typicalCall), &into); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRefusal(b *testing.B) {
	arguments := argumentsOf(b, searchCases{})
	b.ReportAllocs()
	for b.Loop() {
		var into searchCases
		if err := arguments.Decode([]byte(`{"statuss":"open","limit":5000}`), &into); err.Error() == "" {
			b.Fatal("no text")
		}
	}
}

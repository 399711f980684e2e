package wisecx

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

// reads decodes each text and holds it against what is wanted.
func reads[T any](t *testing.T, equal func(a, b T) bool, tests map[string]T) {
	t.Helper()
	for text, want := range tests {
		var got T
		if err := json.Unmarshal([]byte(text), &got); err != nil || !equal(got, want) {
			t.Errorf("%s reads as %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func same[T comparable](a, b T) bool { return a == b }

// dump writes a value so that two of them can be compared.
func dump(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNumbers(t *testing.T) {
	reads(t, same[Int], map[string]Int{
		`42`: 42, `"42"`: 42, `" 42 "`: 42, `-1`: -1, `42.0`: 42, `"42.00"`: 42, `4.2e1`: 42, `1e3`: 1000,
		`9007199254740993`: 9007199254740993, `"9007199254740993"`: 9007199254740993, `"9007199254740993.0"`: 9007199254740993,
		`9223372036854775807`: 9223372036854775807,
		`9223372036854775808`: 0, `-1e300`: 0, `"Infinity"`: 0, `"NaN"`: 0, `42.5`: 0, `"4 2"`: 0,
		`null`: 0, `""`: 0, `"S/D"`: 0, `true`: 0, `[]`: 0, `[42]`: 0, `{}`: 0, `{"id": 42}`: 0,
	})
}

func TestNumberThatIsNothingReplacesTheOneBefore(t *testing.T) {
	n := Int(7)
	if err := json.Unmarshal([]byte(`"x"`), &n); err != nil || n != 0 {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestTruthValues(t *testing.T) {
	reads(t, same[Bool], map[string]Bool{
		`true`: true, `1`: true, `"1"`: true, `"true"`: true, `"TRUE"`: true, `"sí"`: true,
		`false`: false, `0`: false, `"0"`: false, `"false"`: false, `""`: false, `null`: false, `"no"`: false, `[]`: false, `{}`: false,
	})
}

func TestTextsOfOtherKinds(t *testing.T) {
	reads(t, same[Text], map[string]Text{
		`"Ana"`: "Ana", `"a\"b\\c\nñ"`: "a\"b\\c\nñ", `"\ud83d\ude21"`: "😡", `"\ud83d"`: "\ufffd", "\"inv\xe1lido\"": "inv\ufffdlido",
		`42`: "42", `9007199254740993`: "9007199254740993", `true`: "true", `null`: "", `""`: "",
		`{"a": 1}`: `{"a": 1}`, `[1]`: `[1]`,
	})
}

func TestListsOfTexts(t *testing.T) {
	reads(t, slices.Equal[Texts], map[string]Texts{
		`["vip", "reclamo"]`: {"vip", "reclamo"}, `"vip,reclamo"`: {"vip", "reclamo"}, `" vip , "`: {"vip"}, `"vip"`: {"vip"},
		`[{"id": 3, "name": "vip"}, {"id": 4}]`: {"vip", "4"}, `{"id": 3, "name": "vip"}`: {"vip"},
		`["a,b"]`: {"a,b"}, `[1, null, "", true]`: {"1", "true"}, `7`: {"7"},
		`"[\"vip\",\"reclamo\"]"`: {"vip", "reclamo"}, `"[vip]"`: {"[vip]"},
		`null`: nil, `""`: nil, `[]`: nil, `{}`: nil, `false`: nil,
	})
}

func TestListsOfIds(t *testing.T) {
	reads(t, slices.Equal[Ints], map[string]Ints{
		`[1, 2]`: {1, 2}, `["1", "2"]`: {1, 2}, `"1,2,3"`: {1, 2, 3}, `"1, 2"`: {1, 2}, `7`: {7}, `"7"`: {7}, `[7.0]`: {7},
		`[9007199254740993]`: {9007199254740993}, `"9007199254740993,5"`: {9007199254740993, 5},
		`[{"id": 9007199254740993}, {"id": "5"}, {"name": "x"}]`: {9007199254740993, 5}, `{"id": 5}`: {5},
		`[1, null, "x", 2]`: {1, 2},
		`null`:              nil, `""`: nil, `[]`: nil, `{}`: nil, `"x"`: nil, `0`: nil,
	})
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 9, 6, 3, 9, 59, 0, time.UTC)
	equal := func(a Time, b time.Time) bool { return a.Equal(b) && a.Location() == time.UTC }
	for text, want := range map[string]time.Time{
		`"2026-09-06 03:09:59"`:         at,
		`" 2026-09-06 03:09:59 "`:       at,
		`"2026-09-06T03:09:59"`:         at,
		`"2026-09-06T03:09:59Z"`:        at,
		`"2026-09-06T00:09:59-03:00"`:   at,
		`"2026-09-06T00:09:59-0300"`:    at,
		`"2026-09-06 03:09:59+00:00"`:   at,
		`"2026-09-06 03:09:59.25"`:      at.Add(250 * time.Millisecond),
		`"2026-09-06 03:09"`:            at.Truncate(time.Minute),
		`"2026-09-06"`:                  at.Truncate(24 * time.Hour),
		`"0000-00-00 00:00:00"`:         {},
		`"0000-00-00"`:                  {},
		`"2026-00-00 00:00:00"`:         {},
		`"2026-13-45 99:99:99"`:         {},
		`"mañana a las 10 de la noche"`: {},
		`null`:                          {}, `""`: {}, `"-"`: {}, `0`: {}, `false`: {}, `[]`: {}, `{}`: {},
	} {
		var got Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !equal(got, want) {
			t.Errorf("%s reads as %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestCustomFieldsInTheirForms(t *testing.T) {
	reads(t, slices.Equal[CustomFields], map[string]CustomFields{
		`[{"field": "sucursal", "value": "Rosario"}]`:             {{"sucursal", "Rosario"}},
		`[{"field": "pedido", "value": 9007199254740993}]`:        {{"pedido", "9007199254740993"}},
		`[{"field": "a", "value": null}, {"value": "x"}, 5, "x"]`: {{"a", ""}},
		`{"sucursal": "Rosario", "pedido": 5, "vip": true}`:       {{"sucursal", "Rosario"}, {"pedido", "5"}, {"vip", "true"}},
		`{"a": {"b": 1}}`: {{"a", `{"b": 1}`}},
		`null`:            nil, `""`: nil, `[]`: nil, `{}`: nil, `"x"`: nil, `0`: nil,
	})
}

func TestStatusesInTheirSpellings(t *testing.T) {
	reads(t, same[Status], map[string]Status{
		`"open"`: StatusOpen, `"opened"`: StatusOpen, `"Open"`: StatusOpen, `"pending"`: StatusPending, `"PENDING"`: StatusPending,
		`"onhold"`: StatusOnHold, `"hold"`: StatusOnHold, `"on_hold"`: StatusOnHold, `"on-hold"`: StatusOnHold, `"solved"`: StatusSolved,
		`"closed"`: StatusClosed, `" closed "`: StatusClosed, `"Spam"`: "Spam", `null`: "", `""`: "", `3`: "3",
	})
	for status, want := range map[string][]string{
		StatusOpen: {"open", "opened"}, StatusOnHold: {"onhold", "hold"}, StatusPending: {"pending"}, StatusSolved: {"solved"}, StatusClosed: {"closed"}, "spam": {"spam"},
	} {
		if got := filterStatus(status); !slices.Equal(got, want) {
			t.Errorf("a filter for %s sends %v; want %v", status, got, want)
		}
	}
}

// A page is never lost to odd values: every field of every type takes every one of these.
func TestOddValuesNeverCostAPage(t *testing.T) {
	for _, odd := range []string{`null`, `""`, `"x"`, `0`, `-1.5`, `1e400`, `true`, `[]`, `{}`, `[null]`, `[[]]`, `[{}]`, `{"id": []}`, `"[1"`, `"{\"a\":1}"`} {
		everyKey(t, odd, decodeList[Case])
		everyKey(t, odd, decodeList[Contact])
		everyKey(t, odd, decodeList[Activity])
		everyKey(t, odd, decodeList[Queue])
		everyKey(t, odd, decodeList[User])
		everyKey(t, odd, decodeList[Type])
		everyKey(t, odd, decodeList[Tag])
		everyKey(t, odd, decodeList[Channel])
		everyKey(t, odd, decodeList[Organization])
		everyKey(t, odd, decodeList[ContactGroup])
		everyKey(t, odd, decodeList[Template])
		everyKey(t, odd, decodeList[Option])
		everyKey(t, odd, decodeList[Survey])
		everyKey(t, odd, decodeList[Question])
		everyKey(t, odd, decodeList[SurveyResponse])
	}
}

func everyKey[T any](t *testing.T, odd string, decode func([]byte) ([]T, error)) {
	t.Helper()
	var zero T
	var keys map[string]json.RawMessage
	if err := json.Unmarshal([]byte(dump(t, zero)), &keys); err != nil {
		t.Fatal(err)
	}
	for key := range keys {
		rows, err := decode([]byte(`[{"id": 1}, {"` + key + `": ` + odd + `}, {"id": 3}]`))
		if err != nil || len(rows) != 3 {
			t.Errorf("%T with %s: %s gives %d rows, %v", zero, key, odd, len(rows), err)
		}
	}
}

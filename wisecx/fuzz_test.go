package wisecx

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// seeds are the forms that values are known to take, and some that they hopefully never do.
func seeds(f *testing.F) {
	f.Helper()
	for _, seed := range []string{
		``, ` `, `null`, `0`, `-0`, `1e400`, `"`, `""`, `"\`, `"\"`, `[`, `[]`, `{`, `{}`, `{"`, `[{`, `[null]`, `[[]]`, `"[1,2]"`, `"{\"id\":1}"`, `true`, `"1,2,3"`,
		`9007199254740993`, `"2026-09-06 03:09:59"`, `{"data": [{"id": 1}]}`, `{"data": {"id": 1}}`, `{"data": null}`, `{"error": "Cases Not Found"}`,
		`[{"field": "a", "value": {"b": [1]}}]`, `{"id": "9005", "call_data": [], "recordings": "x", "attachments": {"url": "a/b%2Fc?d"}}`,
		"\xef\xbb\xbf[]", "\"\xff\"", `{"a": 1, "a": 2}`, `{"call_data": {"logs": [1, {"time": []}]}}`, `<html>`,
	} {
		f.Add([]byte(seed))
	}
}

// FuzzLenientTypes shows that no value panics, called as encoding/json does and with less care, and
// that none fails where the JSON is valid.
func FuzzLenientTypes(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, v := range []json.Unmarshaler{
			new(Int), new(Text), new(Bool), new(Texts), new(Ints), new(Time), new(Status), new(CustomFields), new(Person), new(Attachments), new(Recordings), new(CallData), new(Option), new(Question), new(Answers), new(QueueUsers),
		} {
			if err := v.UnmarshalJSON(b); err != nil {
				t.Errorf("%T fails with %v", v, err)
			}
			if err := json.Unmarshal(b, v); err != nil && json.Valid(b) {
				t.Errorf("%T does not take %s: %v", v, b, err)
			}
		}
		_ = new(Activity).UnmarshalJSON(b)
		if _, said := saysOpen(b); said && !json.Valid(b) {
			t.Errorf("hours were read from %q, which is no JSON", b)
		}
	})
}

func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if row, err := decodeOne[Case](b); err == nil && row != nil && !json.Valid(b) {
			t.Errorf("a case was read from %q, which is no JSON", b)
		}
		if rows, err := decodeList[Activity](b); err == nil && len(rows) > 0 && !json.Valid(b) {
			t.Errorf("activities were read from %q, which is no JSON", b)
		}
		_, _ = decodeList[Contact](b)
	})
}

// FuzzErrorWords shows that any body of an error gives a short line of valid text without the key.
func FuzzErrorWords(f *testing.F) {
	seeds(f)
	f.Add([]byte(testKey))
	client, _ := answering(200, "")
	f.Fuzz(func(t *testing.T, b []byte) {
		words := client.detail(b)
		if len(words) > 310 || !utf8.ValidString(words) {
			t.Errorf("%q gives %q", b, words)
		}
		saysNotFound(words)
	})
}

// FuzzAnswersToWrites shows that no answer panics, and that nothing is made of what is no JSON.
func FuzzAnswersToWrites(f *testing.F) {
	seeds(f)
	f.Add([]byte(`{"data": [{"case": {"case_id": "430357600"}}], "error": {"opened_cases": [1, {"id": 2}, "3,4"]}, "success": "no"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		complains(b)
		if id := idOf(b, "case"); id < 0 || id > 0 && !json.Valid(b) {
			t.Errorf("the id %d was read from %q", id, b)
		}
		for _, id := range openCases(b) {
			if id <= 0 || !json.Valid(b) {
				t.Errorf("the open case %d was read from %q", id, b)
			}
		}
	})
}

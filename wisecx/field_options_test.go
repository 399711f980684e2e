package wisecx

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestOptionsInTheirForms(t *testing.T) {
	long := strings.Repeat("ñ", 1<<18)
	for body, want := range map[string][]Option{
		`{"data": [{"id": 1, "value": "Rosario"}, {"id": "2", "value": "Córdoba"}]}`: {{1, "Rosario"}, {2, "Córdoba"}},
		`[{"id": 9007199254740993, "name": "Rosario"}]`:                              {{9007199254740993, "Rosario"}},
		`[{"id": 1, "value": null, "name": "Rosario"}, {"value": "Salta"}]`:          {{1, "Rosario"}, {0, "Salta"}},
		`["Rosario", "Córdoba"]`:                                                     {{0, "Rosario"}, {0, "Córdoba"}},
		`{"data": ["Rosario", 5, true]}`:                                             {{0, "Rosario"}, {0, "5"}, {0, "true"}},
		`["Rosario", null, "", [], {}, [["x"]], {"id": []}, {"value": 5}]`:           {{0, "Rosario"}, {}, {}, {}, {}, {}, {}, {0, "5"}},
		`["` + long + `"]`:              {{0, Text(long)}},
		`{"id": 1, "value": "Rosario"}`: {{1, "Rosario"}},
		`[]`:                            {},
		`{"data": null}`:                {},
	} {
		client, _ := answering(200, body)
		if got, err := client.ListFieldOptions(t.Context(), "sucursal", Query{}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%.100s reads as %.200v, %v; want %.200v", body, got, err, want)
		}
	}
	for _, body := range []string{`"Rosario"`, `{"data": "Rosario"}`, `{"1": "Rosario"}`, `5`, `["Rosario"`} {
		client, _ := answering(200, body)
		if got, err := client.ListFieldOptions(t.Context(), "sucursal", Query{}); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s reads as %v, %v; want ErrMalformed", body, got, err)
		}
	}
}

func TestFieldWithoutOptionsHasAnEmptyList(t *testing.T) {
	client, _ := answering(400, `{"error": "Options Not Found"}`)
	if got, err := client.ListFieldOptions(t.Context(), "sucursal", Query{}); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
	client, _ = answering(400, `{"error": "Field Not Found"}`)
	if got, err := client.ListFieldOptions(t.Context(), "sucursal", Query{}); !errors.Is(err, ErrBadRequest) {
		t.Errorf("of a field that is not there: %v, %v", got, err)
	}
}

func TestNameOfAFieldStaysOneSegmentOfThePath(t *testing.T) {
	for name, want := range map[string]string{
		"sucursal": "sucursal", "nº de pedido": "n%C2%BA%20de%20pedido", "a/b": "a%2Fb", "a?b=c#d": "a%3Fb=c%23d", "50%": "50%25", "a//b": "a%2F%2Fb", "…": "%E2%80%A6",
	} {
		client, r := answering(200, `[]`)
		_, err := client.ListFieldOptions(t.Context(), name, Query{})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if got := r.one(t).URL.EscapedPath(); got != "/core/v1/cases/fields/"+want+"/options" {
			t.Errorf("%q goes to %s", name, got)
		}
	}
	for _, name := range []string{"", ".", "..", "../../users", "x/../../users"} {
		client, r := answering(200, `[]`)
		if _, err := client.ListFieldOptions(t.Context(), name, Query{}); err == nil || len(r.requests) != 0 {
			t.Errorf("%q: %v after %d requests", name, err, len(r.requests))
		}
	}
}

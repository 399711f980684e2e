package sandbox

import (
	"net/http/httptest"
	"testing"
)

func FuzzNoQueryBreaksTheServer(f *testing.F) {
	for _, seed := range []string{
		"fields=id&limit=3", "filtering=%5B%5D", "filtering=" + `[{"field":"cases.id","operator":"IN","value":[1,"2"]}]`, "page=9e9&limit=NaN", "%zz", "a;b", "sort=desc&sort_field=tags",
		"filtering=[{\"field\":\"case.created_at\",\"operator\":\"LOWER\",\"value\":\"9999-12-31 23:59:59\"}]", "fields=%00,id", "limit=%EF%BC%91", "\xff=\xfe",
	} {
		f.Add("/cases", seed)
		f.Add("/cases/430357543", seed)
		f.Add("/contacts/", seed)
		f.Add("/surveys/71/responses", seed)
	}
	f.Add("/surveys/71/responses", "status=responded&status=")
	f.Add("/cases/fields/plan/options", "sort_field=value")
	f.Add("/cases/%2e%2e/..", "")
	f.Add("/cases//activities", "")
	f.Add("//", "")
	c := newClient(f, Options{Cases: 50})
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.URL.RawQuery = base+path, query
		switch status, body := c.do(r); status {
		case 200, 400, 404, 501:
		default:
			t.Errorf("%q?%q answered %d %s", path, query, status, body)
		}
	})
}

package wisecx

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestListsAreReadFromEveryEnvelope(t *testing.T) {
	tests := []struct {
		name string
		body string
		ids  []int64 // of the rows; nil for an error
	}{
		{"wrapped", `{"data": [{"id": 1}, {"id": 2}]}`, []int64{1, 2}},
		{"wrapped with more around", `{"total": 9, "page": 1, "data": [{"id": 1}], "error": null}`, []int64{1}},
		{"bare", ` [{"id": 1}, {"id": 2}] `, []int64{1, 2}},
		{"after a byte order mark", "\xef\xbb\xbf[{\"id\": 1}]", []int64{1}},
		{"one thing, bare", `{"id": 1, "subject": "x"}`, []int64{1}},
		{"one thing, wrapped", `{"data": {"id": 1}}`, []int64{1}},
		{"empty and wrapped", `{"data": []}`, []int64{}},
		{"empty and bare", `[]`, []int64{}},
		{"wrapped null", `{"data": null}`, []int64{}},
		{"null", `null`, []int64{}},
		{"an empty object", `{ }`, []int64{}},
		{"a wrapped empty object", `{"data": {}}`, []int64{}},
		{"nothing", ``, []int64{}},
		{"blanks", " \n", []int64{}},
		{"an error's words with status 200", `{"error": "Cases Not Found"}`, []int64{}},
		{"another error's words with status 200", `{"error": "Unknown field"}`, nil},
		{"an error beside null", `{"data": null, "error": "broken"}`, nil},
		{"an object that is no row", `{"total": 0, "meta": {"data": 1}}`, nil},
		{"a text", `"ok"`, nil},
		{"a wrapped text", `{"data": "ok"}`, nil},
		{"a truth value", `true`, nil},
		{"a list of numbers", `[1, 2]`, nil},
		{"broken JSON", `{"data": [{"id": 1}`, nil},
		{"broken JSON after the list", `{"data": [{"id": 1}]} x`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := answering(200, test.body)
			rows, err := client.ListCases(t.Context(), Query{})
			if test.ids == nil {
				if !errors.Is(err, ErrMalformed) {
					t.Errorf("got %v, %v; want ErrMalformed", rows, err)
				}
				return
			}
			if err != nil || len(rows) != len(test.ids) {
				t.Fatalf("got %v, %v; want ids %v", rows, err, test.ids)
			}
			for i, row := range rows {
				if int64(row.ID) != test.ids[i] {
					t.Errorf("row %d is %d; want %d", i, row.ID, test.ids[i])
				}
			}
		})
	}
}

func TestOneThingIsReadFromEveryEnvelope(t *testing.T) {
	tests := []struct {
		name string
		body string
		want int64
		err  error
	}{
		{"bare", `{"id": 5}`, 5, nil},
		{"wrapped", `{"data": {"id": 5}}`, 5, nil},
		{"in a list", `[{"id": 5}]`, 5, nil},
		{"in a wrapped list", `{"data": [{"id": 5}]}`, 5, nil},
		{"without its id, as its fields were asked", `{"number": 534787}`, 0, nil},
		{"with a message of its own", `{"id": 5, "message": "x"}`, 5, nil},
		{"null", `null`, 0, ErrNotFound},
		{"wrapped null", `{"data": null}`, 0, ErrNotFound},
		{"empty list", `[]`, 0, ErrNotFound},
		{"wrapped empty list", `{"data": []}`, 0, ErrNotFound},
		{"empty object", `{}`, 0, ErrNotFound},
		{"nothing", ``, 0, ErrNotFound},
		{"not found with status 200", `{"error": "Case Not Found"}`, 0, ErrNotFound},
		{"an error with status 200", `{"message": "Something broke"}`, 0, ErrMalformed},
		{"a text", `"ok"`, 0, ErrMalformed},
		{"broken JSON", `{"id": 5`, 0, ErrMalformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := answering(200, test.body)
			row, err := client.GetCase(t.Context(), 5)
			if !errors.Is(err, test.err) || err == nil && int64(row.ID) != test.want {
				t.Errorf("got %v, %v; want %d, %v", row, err, test.want, test.err)
			}
		})
	}
}

func TestAnswerWithoutContentIsNothing(t *testing.T) {
	client, _ := answering(http.StatusNoContent, "")
	if rows, err := client.ListCases(t.Context(), Query{}); err != nil || len(rows) != 0 {
		t.Errorf("a list: %v, %v", rows, err)
	}
	if _, err := client.GetCase(t.Context(), 5); !errors.Is(err, ErrNotFound) {
		t.Errorf("one thing: %v", err)
	}
}

func TestTimesAreReadInTheAPIsZone(t *testing.T) {
	argentina := time.FixedZone("-03", -3*3600)
	body := `[{"id": 1, "created_at": "2026-09-06 03:09:59", "last_update": "2026-09-06T03:09:59Z", "due_at": null, "solved_at": "0000-00-00 00:00:00"}]`
	for name, test := range map[string]struct {
		zone    *time.Location
		created time.Time
	}{
		"UTC if nothing is said": {nil, time.Date(2026, 9, 6, 3, 9, 59, 0, time.UTC)},
		"another zone":           {argentina, time.Date(2026, 9, 6, 6, 9, 59, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{answer: func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }}
			c := config(inMemory{r})
			c.Zone = test.zone
			rows, err := New(c).ListCases(t.Context(), Query{})
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			if got := rows[0].CreatedAt; !got.Equal(test.created) {
				t.Errorf("created_at is %s; want %s", got, test.created)
			}
			if got := rows[0].UpdatedAt; !got.Equal(time.Date(2026, 9, 6, 3, 9, 59, 0, time.UTC)) {
				t.Errorf("a time that names its zone is %s", got)
			}
			if !rows[0].DueAt.IsZero() || !rows[0].SolvedAt.IsZero() {
				t.Errorf("no time is %s and %s", rows[0].DueAt, rows[0].SolvedAt)
			}
		})
	}
}

func TestEveryTimeOfAThingIsInTheZone(t *testing.T) {
	zone := time.FixedZone("-03", -3*3600)
	row, err := decodeOne[Activity]([]byte(`{"id": 1, "created_at": "2026-09-06 03:00:00", "call_data":
		{"started_at": "2026-09-06 03:00:00", "assigned_at": "2026-09-06 03:00:00", "ended_at": "2026-09-06 03:00:00"}}`))
	if err != nil {
		t.Fatal(err)
	}
	inZone(row.times(), zone)
	want := time.Date(2026, 9, 6, 6, 0, 0, 0, time.UTC)
	for _, got := range []Time{row.CreatedAt, row.CallData.StartedAt, row.CallData.AssignedAt, row.CallData.EndedAt} {
		if !got.Equal(want) {
			t.Errorf("got %s; want %s", got, want)
		}
	}
}

// A tidy account and an untidy one are read alike, and as they are.
func TestUntidyAccountReadsAsATidyOne(t *testing.T) {
	tidy, api := simulator(t, sandbox.Options{})
	untidy, _ := simulator(t, sandbox.Options{Loose: true, BareActivities: true})
	q := Query{Sort: "id", Descending: true, Limit: 50}
	for name, read := range map[string]func(c *Client) (any, int, error){
		"cases": func(c *Client) (any, int, error) {
			rows, err := c.ListCases(t.Context(), q)
			return rows, len(rows), err
		},
		"contacts": func(c *Client) (any, int, error) {
			rows, err := c.ListContacts(t.Context(), q)
			return rows, len(rows), err
		},
		"queues": func(c *Client) (any, int, error) {
			rows, err := c.ListQueues(t.Context(), q)
			return rows, len(rows), err
		},
		"users": func(c *Client) (any, int, error) {
			rows, err := c.ListUsers(t.Context(), q)
			return rows, len(rows), err
		},
		"types": func(c *Client) (any, int, error) {
			rows, err := c.ListTypes(t.Context(), q)
			return rows, len(rows), err
		},
		"tags": func(c *Client) (any, int, error) {
			rows, err := c.ListTags(t.Context(), q)
			return rows, len(rows), err
		},
		"channels": func(c *Client) (any, int, error) {
			rows, err := c.ListChannels(t.Context(), q)
			return rows, len(rows), err
		},
		"organizations": func(c *Client) (any, int, error) {
			rows, err := c.ListOrganizations(t.Context(), q)
			return rows, len(rows), err
		},
		"contact groups": func(c *Client) (any, int, error) {
			rows, err := c.ListContactGroups(t.Context(), q)
			return rows, len(rows), err
		},
		"templates": func(c *Client) (any, int, error) {
			rows, err := c.ListTemplates(t.Context(), Query{Sort: "template_id"})
			return rows, len(rows), err
		},
		"surveys": func(c *Client) (any, int, error) {
			rows, err := c.ListSurveys(t.Context(), q)
			return rows, len(rows), err
		},
		"a thread": func(c *Client) (any, int, error) {
			rows, err := c.ListActivities(t.Context(), 430357543, q)
			return rows, len(rows), err
		},
		"a case": func(c *Client) (any, int, error) { row, err := c.GetCase(t.Context(), 430357543); return row, 1, err },
	} {
		one, n, err := read(tidy)
		if err != nil || n == 0 {
			t.Fatalf("%s: %d rows, %v", name, n, err)
		}
		other, _, err := read(untidy)
		if err != nil {
			t.Fatalf("%s, untidy: %v", name, err)
		}
		if a, b := dump(t, one), dump(t, other); a != b {
			t.Errorf("%s differ\ntidy:   %.600s\nuntidy: %.600s", name, a, b)
		}
	}
	var want sandbox.Case
	for _, c := range api.Cases() {
		if c.ID == 430357543 {
			want = c
		}
	}
	got, err := untidy.GetCase(t.Context(), want.ID)
	if err != nil || int64(got.Number) != want.Number || !got.CreatedAt.Equal(want.CreatedAt) || got.Status != StatusOpen ||
		len(got.Tags) != 1 || got.Tags[0] != "vip" || got.CustomFields[0] != (CustomField{"sucursal", "Rosario"}) || !got.SolvedAt.IsZero() {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func BenchmarkDecodePageOfTwentyCases(b *testing.B) {
	body := payload(b, "cases.json")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if rows, err := decodeList[Case](body); err != nil || len(rows) != 20 {
			b.Fatal(len(rows), err)
		}
	}
}

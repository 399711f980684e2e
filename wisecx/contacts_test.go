package wisecx

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// asking gives a client of an account that answers so.
func asking(answer http.HandlerFunc) (*Client, *recorder) {
	r := &recorder{answer: answer}
	return New(config(inMemory{r})), r
}

func TestContactsAreFoundWithAndWithoutASlash(t *testing.T) {
	for _, known := range []string{"/contacts/", "/contacts"} {
		client, api := asking(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !strings.HasSuffix(r.URL.Path, known):
				w.WriteHeader(http.StatusNotFound)
			case r.Method == http.MethodPost:
				io.WriteString(w, `{"id": 12}`)
			default:
				io.WriteString(w, `{"data": [{"id": 11}]}`)
			}
		})
		for n := range 3 {
			rows, err := client.ListContacts(t.Context(), Query{})
			if err != nil || len(rows) != 1 {
				t.Fatalf("%s, %d: %v, %v", known, n, rows, err)
			}
		}
		if id, err := client.CreateContact(t.Context(), NewContact{Phone: "1155510005"}); err != nil || id != 12 {
			t.Errorf("%s: a new contact is %d, %v", known, id, err)
		}
		want := 4
		if known == "/contacts" {
			want++ // the first answer taught it
		}
		if len(api.requests) != want {
			t.Errorf("%s: %d requests, want %d", known, len(api.requests), want)
		}
	}
	client, api := asking(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	if _, err := client.ListContacts(t.Context(), Query{}); !errors.Is(err, ErrNotFound) || len(api.requests) != 2 {
		t.Errorf("an API without contacts: %v after %d requests", err, len(api.requests))
	}
	if _, err := client.CreateContact(t.Context(), NewContact{Phone: "1155510005"}); !errors.Is(err, ErrNotFound) || len(api.requests) != 3 {
		t.Errorf("a write that is refused: %v, %d requests in all; it is not tried elsewhere", err, len(api.requests))
	}
}

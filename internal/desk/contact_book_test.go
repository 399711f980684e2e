package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// book answers for contacts in place of the simulated account's, as strictly as that: texts are compared as they are.
type book struct {
	contacts []map[string]any
	deaf     map[string]bool // wire names of filters that are ignored
	refused  map[string]bool // those that are refused
	asked    atomic.Int64    // lists of contacts
}

// person is an entry of a book; pairs are more keys and values.
func person(id int, name, phone, email, document string, pairs ...any) map[string]any {
	c := map[string]any{"id": id, "name": name, "phone": phone, "email": email, "personal_id": document, "last_update": fmt.Sprintf("2026-11-%02d 10:00:00", 1+id%17)}
	for i := 0; i+1 < len(pairs); i += 2 {
		c[pairs[i].(string)] = pairs[i+1]
	}
	return c
}

// strangers are contacts whom nobody looks for.
func strangers(from, n int) []map[string]any {
	var list []map[string]any
	for i := range n {
		list = append(list, person(from+i, fmt.Sprintf("Persona Inventada %s", word(i)), fmt.Sprintf("54922330%05d", i), fmt.Sprintf("p%d@example.org", from+i), fmt.Sprint(70000000+i)))
	}
	return list
}

// word is a made-up name for a number.
func word(i int) string {
	return strings.Map(func(r rune) rune { return 'a' + (r - '0') }, strconv.Itoa(i)) + "ez"
}

func (b *book) front(w http.ResponseWriter, r *http.Request, api http.Handler) {
	path := strings.TrimPrefix(r.URL.Path, "/core/v1/contacts/")
	switch {
	case path == "":
		b.asked.Add(1)
		b.list(w, r)
	case strings.Trim(path, "0123456789") == "" && r.URL.Path != path:
		for _, c := range b.contacts {
			if fmt.Sprint(c["id"]) == path {
				json.NewEncoder(w).Encode(c)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	default:
		api.ServeHTTP(w, r)
	}
}

func (b *book) list(w http.ResponseWriter, r *http.Request) {
	var conditions []struct {
		Field, Operator string
		Value           any
	}
	if filtering := filteringOf(r); filtering != "" {
		if err := json.Unmarshal([]byte(filtering), &conditions); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	rows := slices.Clone(b.contacts)
	for _, c := range conditions {
		if b.refused[c.Field] {
			http.Error(w, "Unknown filter "+c.Field, http.StatusBadRequest)
			return
		}
		if b.deaf[c.Field] {
			continue
		}
		wanted := []string{fmt.Sprint(c.Value)}
		if list, many := c.Value.([]any); many {
			wanted = nil
			for _, v := range list {
				wanted = append(wanted, fmt.Sprint(v))
			}
		}
		key := strings.TrimPrefix(strings.TrimPrefix(c.Field, "contact."), "contacts.")
		rows = slices.DeleteFunc(rows, func(row map[string]any) bool { return !slices.Contains(wanted, fmt.Sprint(row[key])) })
	}
	values := r.URL.Query()
	slices.SortStableFunc(rows, func(x, y map[string]any) int {
		order := cmp.Compare(x["id"].(int), y["id"].(int))
		if values.Get("sort_field") == "last_update" {
			order = cmp.Compare(x["last_update"].(string), y["last_update"].(string))
		}
		if values.Get("sort") == "desc" {
			order = -order
		}
		return order
	})
	limit, _ := strconv.Atoi(values.Get("limit"))
	page, _ := strconv.Atoi(values.Get("page"))
	from := min((page-1)*limit, len(rows))
	json.NewEncoder(w).Encode(map[string]any{"data": rows[from:min(from+limit, len(rows))]})
}

// contacts searches; a limit of 0 means 100.
func (o *office) contacts(t *testing.T, ask ContactSearch) *ListPage {
	t.Helper()
	if ask.Limit == 0 {
		ask.Limit = 100
	}
	page, err := o.SearchContacts(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask.ContactQuery, err)
	}
	return page
}

// found gives the ids that a query finds, in order, on all pages.
func (o *office) found(t *testing.T, ask ContactSearch) []int64 {
	t.Helper()
	var ids []int64
	for {
		page := o.contacts(t, ask)
		for _, row := range page.Rows {
			ids = append(ids, row.Get("id").(int64))
		}
		if !page.HasMore {
			return ids
		}
		if ask.Cursor = page.Cursor(len(page.Rows)); len(ids) > 20000 {
			t.Fatal("the list does not end")
		}
	}
}

func query(words string) ContactSearch {
	return ContactSearch{ContactQuery: ContactQuery{Query: words}}
}

package sandbox

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Bounds on what one request may bring. They are ours: the reference states only the limit of 100 [D].
const (
	longestQuery    = 128 << 10 // bytes of a query string
	longestFilter   = 64 << 10  // bytes of filtering
	mostConditions  = 50
	mostValues      = 2000
	greatestPage    = 1_000_000
	greatestLimit   = 100 // [D], and the default
	longestIdentity = 18  // digits of an id
)

// listing is what a list request asks for.
type listing struct {
	fields     []string // nil: the default fields
	conditions []condition
	descending bool
	sortField  string // "": the resource's key
	limit      int
	page       int
}

// condition is one entry of filtering, as it came.
type condition struct {
	field    string
	operator string
	value    json.RawMessage
}

// parameters reads a query string that may hold the allowed names, each once and not empty.
func parameters(r *request, allowed ...string) (map[string]string, error) {
	if len(r.URL.RawQuery) > longestQuery {
		return nil, bad("The query string is longer than %d bytes", longestQuery)
	}
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, bad("Malformed query string")
	}
	values := map[string]string{}
	for name, list := range given {
		switch {
		case !slices.Contains(allowed, name):
			return nil, bad("Unknown parameter %q; known are %s", cut(name), strings.Join(allowed, ", "))
		case len(list) > 1:
			return nil, bad("Parameter %q is given %d times", name, len(list))
		case list[0] == "":
			return nil, bad("Parameter %q is empty", name)
		}
		values[name] = list[0]
	}
	return values, nil
}

// parseListing reads the conventions of all list endpoints [D]. besides holds the parameters that a list takes in
// place of a condition with EQUAL, and the fields they stand for.
func parseListing(r *request, besides map[string]string) (listing, error) {
	asked := listing{limit: greatestLimit, page: 1}
	allowed := append([]string{"fields", "filtering", "sort", "sort_field", "limit", "page"}, slices.Sorted(maps.Keys(besides))...)
	given, err := parameters(r, allowed...)
	if err != nil {
		return asked, err
	}
	if text, is := given["fields"]; is {
		asked.fields = strings.Split(text, ",")
	}
	if text, is := given["filtering"]; is {
		if asked.conditions, err = parseFiltering(text); err != nil {
			return asked, err
		}
	}
	for name, field := range besides {
		if text, is := given[name]; is {
			value, _ := json.Marshal(text) // a text always marshals
			asked.conditions = append(asked.conditions, condition{field, "EQUAL", value})
		}
	}
	switch given["sort"] {
	case "", "asc":
	case "desc":
		asked.descending = true
	default:
		return asked, bad("sort is %q; it is asc or desc", cut(given["sort"]))
	}
	asked.sortField = given["sort_field"]
	if asked.limit, err = whole(given, "limit", greatestLimit, greatestLimit); err != nil {
		return asked, err
	}
	asked.page, err = whole(given, "page", 1, greatestPage)
	return asked, err
}

// whole reads a number from 1 to greatest, written in digits only.
func whole(given map[string]string, name string, otherwise, greatest int) (int, error) {
	text, is := given[name]
	if !is {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || !digits(text) || n < 1 || n > greatest {
		return 0, bad("%s is %q; it is a number from 1 to %d", name, cut(text), greatest)
	}
	return n, nil
}

// parseFiltering reads [{"field": "...", "operator": "...", "value": ...}], as strictly as JSON is. The single quotes
// of the documentation [D] are not JSON and are refused: what is known to work is what production sends [W].
func parseFiltering(text string) ([]condition, error) {
	if len(text) > longestFilter {
		return nil, bad("filtering is longer than %d bytes", longestFilter)
	}
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &entries); err != nil || entries == nil {
		return nil, bad("filtering is not a valid JSON list of conditions: %s", cut(text))
	}
	if len(entries) > mostConditions {
		return nil, bad("filtering has %d conditions; %d are allowed", len(entries), mostConditions)
	}
	conditions := make([]condition, 0, len(entries))
	for i, entry := range entries {
		var c condition
		for name, value := range entry {
			var err error
			switch name {
			case "field":
				err = json.Unmarshal(value, &c.field)
			case "operator":
				err = json.Unmarshal(value, &c.operator)
			case "value":
				c.value = value
			default:
				return nil, bad("Condition %d has an unknown key %q", i+1, cut(name))
			}
			if err != nil {
				return nil, bad("Condition %d: %q is not a text", i+1, name)
			}
		}
		if c.field == "" || c.operator == "" || c.value == nil {
			return nil, bad("Condition %d needs field, operator and value", i+1)
		}
		conditions = append(conditions, c)
	}
	return conditions, nil
}

// identity reads an id from the path.
func identity(r *request, name string) (int64, error) {
	text := r.values[name]
	if !digits(text) || len(text) > longestIdentity {
		return 0, bad("Invalid id %q", cut(text))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, bad("Invalid id %q", cut(text))
	}
	return n, nil
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// cut bounds what a message repeats of a request.
func cut(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

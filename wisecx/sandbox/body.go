package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds on the body of one request. They are ours: the reference states none.
const (
	largestBody  = 1 << 20  // bytes
	drainedBody  = 32 << 20 // bytes read away of a larger one, so that who sends it gets to see the refusal
	longestText  = 255      // characters of a subject, a name, an address and the like
	largestField = 4 << 10  // bytes of a custom field
	mostElements = 100      // of a list
)

// read reads a request's body, which is JSON unless it is empty.
func (r *request) read() ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, largestBody+1))
	if err != nil {
		return nil, unreadable("The body broke off")
	}
	if len(body) > largestBody {
		_, _ = io.CopyN(io.Discard, r.Body, drainedBody)
		return nil, tooLarge
	}
	if len(body) == 0 {
		return nil, nil
	}
	if media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" ||
		!strings.EqualFold(parameters["charset"], "utf-8") && parameters["charset"] != "" {
		return nil, unreadable("Content-Type %q is not application/json", cut(r.Header.Get("Content-Type")))
	}
	return body, nil
}

// document is a JSON object of a body. It is read member by member; the first thing that is wrong with it, or with one
// inside it, stays in err, so that only finish has to be looked at.
type document struct {
	at      string // where it stands in the body, to name its members: "", "activities[0]."
	members map[string]json.RawMessage
	err     *error // shared by all objects of a body
}

// parseObject reads a body strictly: one object, in valid UTF-8.
func parseObject(body []byte) (*document, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, unreadable("The body is empty")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil || !utf8.Valid(body) {
		return nil, unreadable("The body is not a valid JSON object")
	}
	return &document{members: members, err: new(error)}, nil
}

// fail notes what is wrong, unless something was before.
func (o *document) fail(err error) {
	if *o.err == nil {
		*o.err = err
	}
}

func (o *document) failed() bool { return *o.err != nil }

// wrong notes that a member has another type than it should have.
func (o *document) wrong(name string, value json.RawMessage, want string) {
	o.fail(bad("%s%s is %s; it is %s", o.at, name, cut(string(value)), want))
}

// require notes which of the members did not come.
func (o *document) require(names ...string) {
	var lacking []string
	for _, name := range names {
		if _, is := o.members[name]; !is {
			lacking = append(lacking, o.at+name)
		}
	}
	if lacking != nil {
		o.fail(missing(lacking...))
	}
}

// finish tells what was wrong. A member that nobody asked for is.
func (o *document) finish() error {
	for _, name := range slices.Sorted(maps.Keys(o.members)) {
		o.fail(bad("Unknown field %q", cut(o.at+name)))
	}
	return *o.err
}

func (o *document) take(name string) (value json.RawMessage, has bool) {
	value, has = o.members[name]
	delete(o.members, name)
	return value, has
}

// null takes a member out if it is null.
func (o *document) null(name string) bool {
	if string(o.members[name]) != "null" {
		return false
	}
	_, has := o.take(name)
	return has
}

func (o *document) text(name string) (text string, has bool) {
	value, has := o.take(name)
	if has && (value[0] != '"' || json.Unmarshal(value, &text) != nil) {
		o.wrong(name, value, "a text")
		return "", false
	}
	return text, has
}

// short is a text of one line that is not empty, as subjects and names are.
func (o *document) short(name string) (string, bool) {
	text, has := o.text(name)
	if has && (strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > longestText || strings.ContainsAny(text, "\r\n")) {
		o.fail(bad("%s%s is one line of 1 to %d characters", o.at, name, longestText))
		return "", false
	}
	return text, has
}

// number is a whole number, written as one: a text with digits is none.
func (o *document) number(name string) (int64, bool) {
	value, has := o.take(name)
	if !has {
		return 0, false
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		o.wrong(name, value, "a whole number")
	}
	return n, err == nil
}

func (o *document) truth(name string) (yes, has bool) {
	value, has := o.take(name)
	if has && (string(value) == "null" || json.Unmarshal(value, &yes) != nil) {
		o.wrong(name, value, "true or false")
		return false, false
	}
	return yes, has
}

func (o *document) date(name string) (time.Time, bool) {
	text, has := o.text(name)
	if !has {
		return time.Time{}, false
	}
	at, err := time.Parse(timeLayout, text)
	// As in filters, the form is exact.
	if err != nil || len(text) != len(timeLayout) || at.Year() < 1970 {
		o.fail(bad("%s%s is %q; it has the form YYYY-MM-DD HH:MM:SS", o.at, name, cut(text)))
		return time.Time{}, false
	}
	return at, true
}

func (o *document) list(name string) ([]json.RawMessage, bool) {
	value, has := o.take(name)
	if !has {
		return nil, false
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil || list == nil {
		o.wrong(name, value, "a list")
		return nil, false
	}
	if len(list) > mostElements {
		o.fail(bad("%s%s has %d elements; %d are allowed", o.at, name, len(list), mostElements))
		return nil, false
	}
	return list, true
}

// each reads a list of objects and tells whether it came.
func (o *document) each(name string, read func(*document)) bool {
	list, has := o.list(name)
	for i, value := range list {
		o.inner(fmt.Sprintf("%s[%d]", name, i), value, read)
	}
	return has
}

// one reads an object and tells whether it came.
func (o *document) one(name string, read func(*document)) bool {
	value, has := o.take(name)
	if has {
		o.inner(name, value, read)
	}
	return has
}

func (o *document) inner(name string, value json.RawMessage, read func(*document)) {
	inside := &document{at: o.at + name + ".", err: o.err}
	if json.Unmarshal(value, &inside.members) != nil || inside.members == nil {
		o.wrong(name, value, "an object")
		return
	}
	read(inside)
	_ = inside.finish() // what is wrong is in err, which the body shares
}

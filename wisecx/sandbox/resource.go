package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// column is one field of a resource: how it goes out, how it sorts, how a filter names it.
type column[T any] struct {
	name string
	put  func(*encoder, *T)
	key  func(*T) key   // nil for what does not sort
	keys func(*T) []key // for a list of which one has to fit; instead of key in filters
	kind kind

	// wire is the field's name in filtering; "" when it cannot be filtered.
	wire      string
	operators operators
	// asked marks a field that only goes out when fields names it.
	asked bool
	// absent leaves the member out of a row that has nothing to say, unless fields names it.
	absent func(*T) bool
	// onlyFilters marks what a row does not hold and a condition can name all the same.
	onlyFilters bool
	// bound is what EQUAL means where the field's name says since or until already; 0 where it means equal.
	bound operators
	// parameter marks a field that the query string may also name by itself, "status=responded", for EQUAL.
	parameter bool
}

// filter makes a column filterable.
func (c column[T]) filter(wire string, taken operators) column[T] {
	c.wire, c.operators = wire, taken
	return c
}

// resource is what lists and single objects of one kind have in common.
type resource[T any] struct {
	name    string // in the messages of the API: "Case Not Found"
	columns []column[T]
	// identity breaks ties: by a hash of it, so that nobody comes to rely on their order.
	identity func(*T) int64

	// custom reads a custom field; customPrefix is its prefix in a filter, "" for resources without.
	custom          func(*T, string) (string, bool)
	customPrefix    string
	customOperators operators

	// emptyRefused is the message of the 400 that some resources answer instead of an empty list [W].
	emptyRefused string
	bare         bool // the list comes as a bare array
	// otherPrefix stands for the prefix of every wire name, where the resource's own name leaves two readings.
	otherPrefix string
	key         string // the field that lists sort by when nothing is said; "" means id [D]
}

func number[T any](name string, get func(*T) int64) column[T] {
	return column[T]{
		name: name, kind: kindNumber,
		put: func(e *encoder, row *T) { e.number(get(row)) },
		key: func(row *T) key { n := get(row); return key{null: n == 0, number: n} },
	}
}

func text[T any](name string, get func(*T) string) column[T] {
	return column[T]{
		name: name, kind: kindText,
		put: func(e *encoder, row *T) { e.text(get(row)) },
		key: func(row *T) key { s := get(row); return key{null: s == "", text: s} },
	}
}

func date[T any](name string, get func(*T) time.Time) column[T] {
	return column[T]{
		name: name, kind: kindDate,
		put: func(e *encoder, row *T) { e.date(get(row)) },
		key: func(row *T) key {
			at := get(row)
			if at.IsZero() {
				return key{null: true}
			}
			return key{number: at.Unix()}
		},
	}
}

func truth[T any](name string, get func(*T) bool) column[T] {
	return column[T]{
		name: name, kind: kindTruth,
		put: func(e *encoder, row *T) { e.truth(get(row)) },
		key: func(row *T) key { return key{number: bit(get(row))} },
	}
}

func names[T any](name string, get func(*T) []string) column[T] {
	return column[T]{
		name: name, kind: kindText,
		put: func(e *encoder, row *T) { e.texts(get(row)) },
		keys: func(row *T) []key {
			list := get(row)
			keys := make([]key, len(list))
			for i, item := range list {
				keys[i] = key{text: item}
			}
			return keys
		},
	}
}

func ids[T any](name string, get func(*T) []int64) column[T] {
	return column[T]{
		name: name, kind: kindNumber,
		put: func(e *encoder, row *T) { e.numbers(get(row)) },
		keys: func(row *T) []key {
			list := get(row)
			keys := make([]key, len(list))
			for i, item := range list {
				keys[i] = key{number: item}
			}
			return keys
		},
	}
}

// object is a column that only goes out.
func object[T any](name string, put func(*encoder, *T)) column[T] {
	return column[T]{name: name, put: put}
}

func (res *resource[T]) column(name string) *column[T] {
	for i := range res.columns {
		if res.columns[i].name == name && !res.columns[i].onlyFilters {
			return &res.columns[i]
		}
	}
	return nil
}

// shown are the columns that fields asks for; without fields, the default ones.
func (res *resource[T]) shown(fields []string) ([]*column[T], error) {
	var shown []*column[T]
	for i := range res.columns {
		if c := &res.columns[i]; fields == nil && !c.asked && !c.onlyFilters {
			shown = append(shown, c)
		}
	}
	for _, name := range fields {
		c := res.column(name)
		if c == nil {
			return nil, bad("Unknown field %q in fields", cut(name))
		}
		if !slices.Contains(shown, c) {
			shown = append(shown, c)
		}
	}
	return shown, nil
}

// compile turns a condition into a function of a row. customs holds the custom fields that exist.
func (res *resource[T]) compile(c condition, customs map[string]bool) (func(*T) bool, error) {
	operator, known := operatorNames[c.operator]
	if !known {
		return nil, bad("Unknown operator %q", cut(c.operator))
	}
	for i := range res.columns {
		if col := &res.columns[i]; col.wire != "" && (col.wire == c.field || res.otherWire(col) == c.field) {
			t, err := compileTest(c, operator, col.operators, col.kind)
			if err != nil {
				return nil, err
			}
			t.operator = within(operator, col.bound)
			if col.keys != nil {
				return func(row *T) bool { return t.holdsAny(col.keys(row)) }, nil
			}
			return func(row *T) bool { return t.holds(col.key(row)) }, nil
		}
	}
	custom, is := strings.CutPrefix(c.field, res.customPrefix)
	if res.custom == nil || !is || !customs[custom] || res.column(custom) != nil {
		return nil, bad("Unknown or unsupported filter field %q", cut(c.field))
	}
	t, err := compileTest(c, operator, res.customOperators, kindText)
	if err != nil {
		return nil, err
	}
	return func(row *T) bool {
		value, has := res.custom(row, custom)
		return t.holds(key{null: !has, text: value})
	}, nil
}

func (res *resource[T]) otherWire(c *column[T]) string {
	if res.otherPrefix == "" {
		return c.wire
	}
	return res.otherPrefix + c.name
}

// within is the operator that a condition on a bound means: EQUAL the bound itself, NOT EQUAL its contrary.
func within(operator, bound operators) operators {
	switch {
	case bound == 0 || operator&(equal|notEqual) == 0:
		return operator
	case operator == equal:
		return bound
	case bound == greaterEqual:
		return lower
	}
	return greater
}

func compileTest(c condition, operator, taken operators, k kind) (*test, error) {
	if operator&taken == 0 {
		return nil, bad("%s does not take operator %s", c.field, c.operator)
	}
	wanted, err := operands(c, operator, k)
	if err != nil {
		return nil, err
	}
	t := newTest(operator, wanted)
	return &t, nil
}

// selected are the rows of one page.
func (res *resource[T]) selected(rows []*T, asked listing, customs map[string]bool, seed int64) ([]*T, error) {
	sorting := res.column(cmp.Or(asked.sortField, res.key, "id"))
	if sorting == nil || sorting.key == nil || sorting.asked {
		return nil, bad("Cannot sort by %q", cut(asked.sortField))
	}
	conditions := make([]func(*T) bool, 0, len(asked.conditions))
	for _, c := range asked.conditions {
		compiled, err := res.compile(c, customs)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, compiled)
	}
	type candidate struct {
		key key
		tie uint64
		row *T
	}
	var found []candidate
rows:
	for _, row := range rows {
		for _, holds := range conditions {
			if !holds(row) {
				continue rows
			}
		}
		found = append(found, candidate{sorting.key(row), mix(uint64(res.identity(row)) ^ uint64(seed)), row})
	}
	slices.SortFunc(found, func(a, b candidate) int {
		order := a.key.compare(b.key)
		if asked.descending {
			order = -order
		}
		if order == 0 && a.tie != b.tie {
			order = 1 - 2*int(bit(a.tie < b.tie))
		}
		return order
	})
	from := min((asked.page-1)*asked.limit, len(found))
	page := make([]*T, 0, asked.limit)
	for _, c := range found[from:min(from+asked.limit, len(found))] {
		page = append(page, c.row)
	}
	return page, nil
}

func (res *resource[T]) put(e *encoder, row *T, shown []*column[T], named bool) {
	e.open()
	for _, c := range shown {
		if !named && c.absent != nil && c.absent(row) {
			continue
		}
		e.name(c.name)
		c.put(e, row)
	}
	e.close()
}

// parameters are the fields that the query string may name by itself, with their names in a filter.
func (res *resource[T]) parameters() map[string]string {
	named := map[string]string{}
	for i := range res.columns {
		if c := &res.columns[i]; c.parameter {
			named[c.name] = c.wire
		}
	}
	return named
}

// list answers a list request over rows.
func (res *resource[T]) list(a *API, r *request, rows []*T, customs map[string]bool) ([]byte, error) {
	asked, err := parseListing(r, res.parameters())
	if err != nil {
		return nil, err
	}
	shown, err := res.shown(asked.fields)
	if err != nil {
		return nil, err
	}
	page, err := res.selected(rows, asked, customs, a.options.Seed)
	if err != nil {
		return nil, err
	}
	if len(page) == 0 && res.emptyRefused != "" {
		return nil, bad("%s", res.emptyRefused)
	}
	e := encoder{loose: a.options.Loose, out: make([]byte, 0, 64+len(page)*512)}
	if !res.bare {
		e.raw(`{"data":`)
	}
	e.raw("[")
	for i, row := range page {
		if i > 0 {
			e.raw(",")
		}
		res.put(&e, row, shown, asked.fields != nil)
	}
	e.raw("]")
	if !res.bare {
		e.raw("}")
	}
	return e.out, nil
}

// one answers a request for a single object; row is nil for one that does not exist.
func (res *resource[T]) one(a *API, r *request, row *T) ([]byte, error) {
	given, err := parameters(r, "fields")
	if err != nil {
		return nil, err
	}
	var fields []string
	if list, is := given["fields"]; is {
		fields = strings.Split(list, ",")
	}
	shown, err := res.shown(fields)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, bad("%s Not Found", res.name)
	}
	e := encoder{loose: a.options.Loose}
	res.put(&e, row, shown, fields != nil)
	return e.out, nil
}

// whole is a row with its default fields.
func (res *resource[T]) whole(row *T, loose bool) []byte {
	shown, _ := res.shown(nil) // only a name can be refused
	e := encoder{loose: loose}
	res.put(&e, row, shown, false)
	return e.out
}

// mix spreads the bits of n (the finalizer of SplitMix64).
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

package wisecx

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const directive = "//wisecx:endpoint "

// method is an exported method of Client as its source has it.
type method struct {
	name       string
	directives []string
	sends      bool // by itself, not through another exported method
}

func TestEveryMethodNamesItsEndpoint(t *testing.T) {
	claimed := map[string]string{}
	known := endpoints(t)
	for _, m := range methods(t) {
		if m.sends && len(m.directives) == 0 {
			t.Errorf("%s sends a request and names no endpoint", m.name)
		}
		if !m.sends && len(m.directives) > 0 {
			t.Errorf("%s names an endpoint and sends no request", m.name)
		}
		for _, endpoint := range m.directives {
			if !slices.Contains(known, endpoint) {
				t.Errorf("%s names %q, which is not in endpoints.txt", m.name, endpoint)
			}
			if other := claimed[endpoint]; other != "" {
				t.Errorf("both %s and %s name %q", other, m.name, endpoint)
			}
			claimed[endpoint] = m.name
		}
	}
	if len(claimed) == 0 {
		t.Error("no method names an endpoint")
	}
	t.Logf("%d of %d endpoints have a method", len(claimed), len(known)-1) // GET /authenticate is the login's
}

// Each method is called with made-up ids and texts; what it sends must be what its directive says.
func TestMethodsSendWhatTheirDirectiveSays(t *testing.T) {
	for _, m := range methods(t) {
		if len(m.directives) == 0 {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			client, r := answering(200, `{"data": {"id": 1, "is_open": true}}`)
			function := reflect.ValueOf(client).MethodByName(m.name)
			filled := 0
			arguments := []reflect.Value{reflect.ValueOf(context.Context(t.Context()))}
			for i := 1; i < function.Type().NumIn(); i++ {
				if function.Type().IsVariadic() && i == function.Type().NumIn()-1 {
					break
				}
				argument := reflect.New(function.Type().In(i)).Elem()
				fill(argument, &filled)
				arguments = append(arguments, argument)
			}
			results := function.Call(arguments)
			if err, _ := results[len(results)-1].Interface().(error); err != nil {
				t.Fatal(err)
			}
			var sent []string
			for _, request := range r.requests {
				sent = append(sent, request.Method+" "+strings.TrimPrefix(request.URL.Path, "/core/v1"))
			}
			if len(sent) != 1 || !slices.ContainsFunc(m.directives, func(endpoint string) bool { return fits(endpoint, sent[0]) }) {
				t.Errorf("it sends %q and names %q", sent, m.directives)
			}
		})
	}
}

// bodies are examples that leave out nothing that is required.
var bodies = map[reflect.Type]any{
	reflect.TypeFor[NewCase]():       NewCase{QueueID: 24717, Channel: "whatsapp", Subject: "Demora"},
	reflect.TypeFor[CaseUpdate]():    CaseUpdate{Subject: SetTo("Demora")},
	reflect.TypeFor[NewActivity]():   Reply("Hola", Party{ID: 9005}),
	reflect.TypeFor[NewContact]():    NewContact{Phone: "5491155510005"},
	reflect.TypeFor[ContactUpdate](): ContactUpdate{Name: SetTo("Ana Gómez")},
}

// fill gives every number and text of a value something to be known by: filled-1, 900001, ...
func fill(v reflect.Value, n *int) {
	if body, ok := bodies[v.Type()]; ok {
		v.Set(reflect.ValueOf(body))
		return
	}
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		*n++
		v.SetInt(int64(900000 + *n))
	case reflect.String:
		*n++
		v.SetString(fmt.Sprintf("filled-%d", *n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct: // such as a Query: its zero value is a good one
	}
}

// fits tells whether a request is one of an endpoint. A place takes only what fill made, in its order, so that
// GET /cases/types does not fit GET /cases/{id}, nor a request with its two ids exchanged.
func fits(endpoint, sent string) bool {
	want, got := strings.Split(endpoint, "/"), strings.Split(sent, "/")
	if len(want) != len(got) {
		return false
	}
	before := ""
	for i, segment := range want {
		if !strings.HasPrefix(segment, "{") {
			if got[i] != segment {
				return false
			}
			continue
		}
		made := strings.HasPrefix(got[i], "90000") || strings.HasPrefix(got[i], "filled-")
		if number := got[i][len(got[i])-1:]; !made || number <= before {
			return false
		} else {
			before = number
		}
	}
	return true
}

func TestFits(t *testing.T) {
	for sent, want := range map[string]bool{
		"GET /cases/900001/activities/900002":   true,
		"GET /cases/900002/activities/900001":   false,
		"PUT /cases/900001/activities/900002":   false,
		"GET /cases/900001/activities":          false,
		"GET /cases/types/activities/900001":    false,
		"GET /contacts/900001/activities/90000": false,
	} {
		if fits("GET /cases/{id}/activities/{activity_id}", sent) != want {
			t.Errorf("%s: fits is %t", sent, !want)
		}
	}
}

// endpoints reads the list of the API's endpoints.
func endpoints(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "endpoints.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	if len(list) != 75 {
		t.Fatalf("%d endpoints; want 75", len(list))
	}
	return list
}

// methods reads the exported methods of *Client from the package's source.
func methods(t *testing.T) []method {
	t.Helper()
	var functions []*ast.FuncDecl
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				functions = append(functions, function)
			}
		}
	}
	sending := senders(functions)
	var list []method
	for _, function := range functions {
		if !function.Name.IsExported() || !isClients(function) {
			continue
		}
		m := method{name: function.Name.Name, sends: callsAny(function, sending)}
		if function.Doc != nil {
			for _, comment := range function.Doc.List {
				if endpoint, found := strings.CutPrefix(comment.Text, directive); found {
					m.directives = append(m.directives, strings.TrimSpace(endpoint))
				}
			}
		}
		list = append(list, m)
	}
	return list
}

// senders are the unexported functions that send, by themselves or through each other.
func senders(functions []*ast.FuncDecl) map[string]bool {
	sending := map[string]bool{"send": true, "write": true}
	for grown := true; grown; {
		grown = false
		for _, function := range functions {
			if name := function.Name.Name; !function.Name.IsExported() && !sending[name] && callsAny(function, sending) {
				sending[name], grown = true, true
			}
		}
	}
	return sending
}

func callsAny(function *ast.FuncDecl, names map[string]bool) (found bool) {
	ast.Inspect(function, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		called := call.Fun
		switch generic := called.(type) { // list[Case](…)
		case *ast.IndexExpr:
			called = generic.X
		case *ast.IndexListExpr:
			called = generic.X
		}
		switch called := called.(type) {
		case *ast.Ident:
			found = found || names[called.Name]
		case *ast.SelectorExpr:
			found = found || names[called.Sel.Name]
		}
		return true
	})
	return found
}

func isClients(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return false
	}
	pointer, ok := function.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := pointer.X.(*ast.Ident)
	return ok && name.Name == "Client"
}

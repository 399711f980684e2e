package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms says of each room which others it may import. It is the plan of docs/architecture.md.
var rooms = map[string][]string{
	"":                 {"internal/app"},
	"internal/app":     {"tools", "internal/desk", "internal/guard", "internal/state", "internal/text", "wisecx", "wisecx/sandbox"},
	"tools":            {"internal/desk", "internal/guard", "internal/scan", "internal/text", "schema", "wisecx"},
	"internal/desk":    {"internal/guard", "internal/scan", "internal/text", "wisecx"},
	"internal/guard":   {},
	"internal/scan":    {"wisecx"},
	"wisecx":           {"wisecx/transport"},
	"internal/state":   {},
	"internal/text":    {},
	"schema":           {},
	"schema/generate":  {},
	"wisecx/transport": {},
	"wisecx/sandbox":   {},
}

// outside says of packages that are not ours which rooms alone may know them.
var outside = map[string][]string{
	"github.com/mark3labs/mcp-go": {"internal/app", "tools"},
	"net/http":                    {"internal/app", "wisecx", "wisecx/transport", "wisecx/sandbox"},
	"github.com/invopop":          {"schema/generate"},
}

func TestNoRoomImportsWhatThePlanForbids(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "node_modules" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		room := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), ".")
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s: the plan has no room %q", path, room)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			name, _ := strconv.Unquote(imported.Path.Value)
			if ours, found := strings.CutPrefix(name, "wisecx-mcp/"); found && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, which the plan forbids", path, ours)
			}
			for prefix, who := range outside {
				if (name == prefix || strings.HasPrefix(name, prefix+"/")) && !slices.Contains(who, room) {
					t.Errorf("%s imports %s, which only %v may", path, name, who)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// errNotAllowed is a wrong value of which there is nothing to say beyond what is allowed.
var errNotAllowed = errors.New("not allowed")

func line(into *string) func(string) error {
	return func(value string) error {
		*into = strings.TrimSpace(value)
		if strings.ContainsFunc(*into, unicode.IsControl) {
			return errNotAllowed
		}
		return nil
	}
}

// word takes a text without blanks, as a key is: it goes into a header.
func word(into *string) func(string) error {
	return func(value string) error {
		value = strings.TrimSpace(value)
		if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return errNotAllowed
		}
		*into = value
		return nil
	}
}

func truth(into *bool) func(string) error {
	return func(value string) error {
		switch strings.ToLower(strings.TrimSpace(value)) {
		case "true", "1", "yes", "on":
			*into = true
		case "false", "0", "no", "off":
			*into = false
		default:
			return errNotAllowed
		}
		return nil
	}
}

func number(into *int, from, to int) func(string) error {
	return func(value string) error {
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < from || n > to {
			return errNotAllowed
		}
		*into = n
		return nil
	}
}

func choice(into *string, allowed ...string) func(string) error {
	return func(value string) error {
		value = strings.ToLower(strings.TrimSpace(value))
		if !slices.Contains(allowed, value) {
			return errNotAllowed
		}
		*into = value
		return nil
	}
}

func list(into *[]string) func(string) error {
	return func(value string) error {
		*into = nil
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*into = append(*into, item)
			}
		}
		return nil
	}
}

// names takes a list of known words.
func names(into *[]string, known []string) func(string) error {
	return func(value string) error {
		if err := list(into)(value); err != nil {
			return err
		}
		for _, name := range *into {
			if !slices.Contains(known, name) {
				return fmt.Errorf("%q is not known", name)
			}
		}
		return nil
	}
}

func zone(into **time.Location) func(string) error {
	return func(value string) error {
		loaded, err := time.LoadLocation(strings.TrimSpace(value))
		if err != nil || loaded == time.Local {
			return errNotAllowed
		}
		*into = loaded
		return nil
	}
}

// systemZone is the zone of this machine under its name, so that results can say which it is.
func systemZone(lookup func(string) (string, bool)) *time.Location {
	name, _ := lookup("TZ")
	if name = strings.TrimPrefix(name, ":"); name == "" {
		if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
			_, name, _ = strings.Cut(target, "zoneinfo/")
		}
	}
	if name != "" {
		if loaded, err := time.LoadLocation(name); err == nil {
			return loaded
		}
	}
	_, offset := time.Now().Zone()
	return time.FixedZone(fmt.Sprintf("UTC%+03d:%02d", offset/3600, abs(offset)/60%60), offset)
}

func abs(n int) int { return max(n, -n) }

// languageOf reads the locale; English where it is none of ours.
func languageOf(lookup func(string) (string, bool)) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value, found := lookup(name); found && value != "" {
			for _, language := range []string{"es", "pt"} {
				if strings.HasPrefix(strings.ToLower(value), language) {
					return language
				}
			}
			return "en"
		}
	}
	return "en"
}

// systemState is the system's folder for what a program keeps between runs.
func systemState(lookup func(string) (string, bool)) string {
	if dir, _ := lookup("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "wisecx-mcp")
	}
	if dir, _ := lookup("LOCALAPPDATA"); dir != "" {
		return filepath.Join(dir, "wisecx-mcp")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", "wisecx-mcp")
}

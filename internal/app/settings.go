package app

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones by name on systems without their files

	"wisecx-mcp/tools"
	"wisecx-mcp/wisecx"
)

// Settings are what the person chose, all of them valid.
type Settings struct {
	APIKey, APIKeyFile, User   string
	Base                       *url.URL
	Sandbox                    bool
	Selection                  tools.Selection
	Confirm                    string   // auto, token or never
	WriteQueues, ReplyChannels []string // empty means all
	MaxTokens                  int
	RatePerMinute, RatePerDay  int
	Timeout                    time.Duration
	Zone, APIZone              *time.Location
	Agent                      string
	Queues                     []string
	Mask, Language             string
	StateDir, FilesDir         string // StateDir is "" where it is not set
	systemState                string // the folder where it is not set
	LogLevel                   slog.Level
}

// setting is one variable and flag: how its value is read, and what is allowed.
type setting struct {
	name    string // the variable's, without WISECX_
	allowed string // in words, for the message about a wrong value
	help    string
	secret  bool // no flag: command lines are seen by others
	read    func(value string) error
}

func (s setting) variable() string { return "WISECX_" + s.name }
func (s setting) flag() string     { return strings.ToLower(strings.ReplaceAll(s.name, "_", "-")) }

// defaults are the settings before anything is said.
func defaults(lookup func(string) (string, bool)) Settings {
	base, _ := wisecx.ParseBase(wisecx.DefaultBase)
	return Settings{
		Base:      base,
		Selection: tools.Selection{Toolsets: tools.DefaultToolsets, Allow: []tools.Risk{tools.Outbound}},
		Confirm:   "auto", MaxTokens: 8000, RatePerMinute: 5000, RatePerDay: 150000, Timeout: 15 * time.Second,
		Zone: systemZone(lookup), APIZone: time.UTC, Mask: "none", Language: languageOf(lookup), systemState: systemState(lookup),
	}
}

// table is every setting of the program.
func (s *Settings) table() []setting {
	known := strings.Join(tools.Names(tools.All()), ", ")
	return []setting{
		{"API_KEY", "the key as Wise CX shows it, one word", "the API key", true, word(&s.APIKey)},
		{"API_KEY_FILE", "a readable file that holds the key", "a file that holds the API key", false, line(&s.APIKeyFile)},
		{"USER", "the user name of the key", "the user name of the API key", false, line(&s.User)},
		{"BASE_URL", "https://HOST/core/v1, plain http only to this machine", "the API's address", false, s.readBase},
		{"SANDBOX", "true or false", "use the embedded simulator; no key needed", false, truth(&s.Sandbox)},
		{"TOOLSETS", "any of " + strings.Join(tools.Toolsets, ", ") + ", or all", "which tools are loaded", false, s.readToolsets},
		{"TOOLS", "any of " + known, "single tools to add", false, names(&s.Selection.Add, tools.Names(tools.All()))},
		{"EXCLUDE_TOOLS", "any of " + known, "single tools to leave out", false, names(&s.Selection.Exclude, tools.Names(tools.All()))},
		{"READ_ONLY", "true or false", "only tools that read exist", false, truth(&s.Selection.ReadOnly)},
		{"ALLOW", "outbound, destructive, both with a comma, or none", "risks beyond reading and writing", false, s.readAllow},
		{"CONFIRM", "auto, token or never", "how writes are confirmed", false, choice(&s.Confirm, "auto", "token", "never")},
		{"WRITE_QUEUES", "names or ids of queues, with commas", "restrict writes to these queues", false, list(&s.WriteQueues)},
		{"REPLY_CHANNELS", "channels, with commas", "restrict replies to these channels", false, list(&s.ReplyChannels)},
		{"MAX_TOKENS", "a whole number from 1000 to 20000", "budget of a result in tokens", false, number(&s.MaxTokens, 1000, 20000)},
		{"RATE_PER_MINUTE", "a whole number from 1 to 5000", "requests a minute", false, number(&s.RatePerMinute, 1, 5000)},
		{"RATE_PER_DAY", "a whole number from 1 to 150000", "requests a day", false, number(&s.RatePerDay, 1, 150000)},
		{"TIMEOUT", "a duration from 1s to 45s, such as 15s", "one attempt at a request", false, s.readTimeout},
		{"TIMEZONE", "a zone such as America/Argentina/Buenos_Aires", "the zone of times shown and of \"today\"", false, zone(&s.Zone)},
		{"API_TIMEZONE", "a zone such as UTC", "the zone of the API's timestamps", false, zone(&s.APIZone)},
		{"AGENT", "an agent's name or id", "what \"me\" means", false, line(&s.Agent)},
		{"QUEUES", "names or ids of queues, with commas", "what \"mine\" means", false, list(&s.Queues)},
		{"MASK", "none, contact or all", "pseudonyms for personal data", false, choice(&s.Mask, "none", "contact", "all")},
		{"LANG", "es, en or pt", "language of prompts and of questions to the person", false, choice(&s.Language, "es", "en", "pt")},
		{"STATE_DIR", "a folder", "where quota, journal and audit log are kept", false, line(&s.StateDir)},
		{"FILES_DIR", "a folder that exists", "the one folder that imports may read from", false, s.readFilesDir},
		{"LOG_LEVEL", "debug, info, warn or error", "what is logged to stderr", false, s.readLogLevel},
	}
}

// loadSettings reads the environment, then the flags among args, which win. It gives the other arguments.
// own adds a command's flags.
func loadSettings(args []string, lookup func(string) (string, bool), own func(*flag.FlagSet)) (Settings, []string, error) {
	s := defaults(lookup)
	flags := flag.NewFlagSet("wisecx-mcp", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, one := range s.table() {
		if value, found := lookup(one.variable()); found && !unset(value) {
			if err := one.read(value); err != nil {
				return s, nil, one.wrong(one.variable(), value, err)
			}
		}
		if one.secret {
			continue
		}
		take := func(value string) error {
			if unset(value) {
				return nil
			}
			if err := one.read(value); err != nil {
				return one.wrong("--"+one.flag(), value, err)
			}
			return nil
		}
		if one.allowed == "true or false" {
			flags.BoolFunc(one.flag(), one.help, take)
		} else {
			flags.Func(one.flag(), one.help, take)
		}
	}
	if own != nil {
		own(flags)
	}
	rest, err := parseBetween(flags, args)
	if err != nil {
		return s, nil, err
	}
	return s, rest, s.readKeyFile()
}

// parseBetween takes flags from anywhere among the arguments and gives the others.
func parseBetween(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

// unset tells whether a value means that nothing was said: a host passes an optional setting that the
// person left out as the literal ${user_config.…}.
func unset(value string) bool {
	value = strings.TrimSpace(value)
	return value == "" || strings.HasPrefix(value, "${user_config.")
}

func (s setting) wrong(name, value string, err error) error {
	if s.secret {
		value = "the value"
	} else {
		value = strconv.Quote(value)
	}
	message := fmt.Sprintf("%s: %s is not allowed; want %s", name, value, s.allowed)
	if err != errNotAllowed {
		message += " (" + err.Error() + ")"
	}
	return fmt.Errorf("%s", message)
}

func (s *Settings) readBase(value string) (err error) {
	s.Base, err = wisecx.ParseBase(value)
	return err
}

func (s *Settings) readToolsets(value string) error {
	if strings.TrimSpace(value) == "all" {
		s.Selection.Toolsets = tools.Toolsets
		return nil
	}
	return names(&s.Selection.Toolsets, tools.Toolsets)(value)
}

func (s *Settings) readAllow(value string) error {
	var risks []string
	if err := names(&risks, []string{"outbound", "destructive", "none"})(value); err != nil {
		return err
	}
	if slices.Contains(risks, "none") {
		if len(risks) > 1 {
			return fmt.Errorf("none stands alone")
		}
		risks = nil
	}
	s.Selection.Allow = nil
	for _, r := range risks {
		s.Selection.Allow = append(s.Selection.Allow, tools.Risk(r))
	}
	return nil
}

func (s *Settings) readTimeout(value string) error {
	if _, err := strconv.Atoi(value); err == nil {
		value += "s"
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < time.Second || d > 45*time.Second {
		return errNotAllowed
	}
	s.Timeout = d
	return nil
}

func (s *Settings) readFilesDir(value string) error {
	if info, err := os.Stat(value); err != nil || !info.IsDir() {
		return errNotAllowed
	}
	s.FilesDir = filepath.Clean(value)
	return nil
}

func (s *Settings) readLogLevel(value string) error {
	var level string
	if err := choice(&level, "debug", "info", "warn", "error")(value); err != nil {
		return err
	}
	return s.LogLevel.UnmarshalText([]byte(level))
}

func (s *Settings) readKeyFile() error {
	if s.APIKeyFile == "" {
		return nil
	}
	if s.APIKey != "" {
		return fmt.Errorf("WISECX_API_KEY and WISECX_API_KEY_FILE are both set; want one of them")
	}
	file, err := os.Open(s.APIKeyFile)
	if err != nil {
		return fmt.Errorf("WISECX_API_KEY_FILE: %w; want a readable file that holds the key", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, 4096))
	if err != nil {
		return fmt.Errorf("WISECX_API_KEY_FILE: %w; want a readable file that holds the key", err)
	}
	if err := word(&s.APIKey)(string(content)); err != nil {
		return fmt.Errorf("WISECX_API_KEY_FILE: %q does not hold a key; want a file with the key as its only word", s.APIKeyFile)
	}
	return nil
}

// missing says in one line which settings a call would need; "" when all are there.
func (s *Settings) missing() string {
	var names []string
	if s.APIKey == "" {
		names = append(names, "WISECX_API_KEY (or WISECX_API_KEY_FILE)")
	}
	if s.User == "" {
		names = append(names, "WISECX_USER")
	}
	if s.Sandbox || len(names) == 0 {
		return ""
	}
	return "not connected to Wise CX, missing settings: " + strings.Join(names, " and ") +
		"; a person creates the key in Wise CX under Settings > Canales > Api, or sets WISECX_SANDBOX=true to try with made-up data"
}

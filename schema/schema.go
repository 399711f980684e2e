// Package schema stands between what a model sends and what a tool receives: it puts right what models commonly
// get wrong, validates against the very schema that the model was shown, and decodes into the tool's struct.
//
// Everything it does is driven by the schema alone. A refusal says which argument, what came, what is expected,
// and what comes near, so that a model that has never seen the tool knows its next step.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Arguments is one tool's input schema, ready to take what a model sends. It is safe for concurrent use.
type Arguments struct {
	raw []byte

	once      sync.Once
	root      *node
	validator *jsonschema.Schema
	broken    error
}

// New keeps raw, a JSON Schema of type object, and does nothing else: the schema is parsed and compiled at its
// first use, because a program that starts with dozens of tools calls few of them. A broken schema is an error
// from Decode and Check.
func New(raw []byte) *Arguments {
	return &Arguments{raw: raw}
}

// Check compiles the schema now and returns what is wrong with it, or nil.
func (a *Arguments) Check() error {
	a.once.Do(a.compile)
	return a.broken
}

// Decode puts right, validates and decodes sent, the raw JSON of a call's arguments, into the struct that into
// points to. Empty input and null count as {}. Numbers keep their digits: in fields of type any they arrive as
// json.Number.
//
// What the model can mend is a *Refusal. Any other error is the program's own: a broken schema, or a struct that
// does not fit it. A field's UnmarshalJSON may itself return a *Refusal, which is passed on.
func (a *Arguments) Decode(sent []byte, into any) error {
	value, err := a.putRight(sent)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode the arguments: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return a.explainDecoding(err)
	}
	return nil
}

// putRight reads, mends and validates, and returns the arguments as the schema wants them.
func (a *Arguments) putRight(sent []byte) (map[string]any, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	object, refusal := readArguments(sent)
	if refusal != nil {
		return nil, refusal
	}
	mend := mender{root: a.root}
	mend.object(a.root, object)
	problems := mend.problems
	if err := a.validator.Validate(object); err != nil {
		problems = a.explain(problems, err, object)
	}
	if len(problems) > 0 {
		return nil, mostUseful(problems)
	}
	return object, nil
}

// explainDecoding turns the one failure a valid call can still have, a number too large for its Go type, into a
// refusal.
func (a *Arguments) explainDecoding(err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	var mismatch *json.UnmarshalTypeError
	if !errors.As(err, &mismatch) {
		return fmt.Errorf("the arguments could not be read: %w", err)
	}
	if number, isNumber := strings.CutPrefix(mismatch.Value, "number "); isNumber {
		return &Refusal{Argument: mismatch.Field, Got: shorten(number), Expected: "a number of ordinary size"}
	}
	return fmt.Errorf("argument %s: the tool cannot take %s, although its schema allows it", mismatch.Field, mismatch.Value)
}

const schemaURL = "urn:wisecx:arguments"

func (a *Arguments) compile() {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.raw))
	if err != nil {
		a.broken = fmt.Errorf("the tool's schema is not JSON: %w", err)
		return
	}
	fields, isObject := document.(map[string]any)
	if !isObject || fields["type"] != "object" {
		a.broken = errors.New("the tool's schema does not describe an object")
		return
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(schemaURL, document); err != nil {
		a.broken = fmt.Errorf("the tool's schema: %w", err)
		return
	}
	if a.validator, err = compiler.Compile(schemaURL); err != nil {
		a.broken = fmt.Errorf("the tool's schema: %w", err)
		return
	}
	a.root = newNode("", document)
}

// noLoader refuses references to other documents: the library's own loader reads files.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("a tool's schema stands alone and may not refer to %s", url)
}

package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
)

const (
	auditSize  = 10 << 20
	auditFiles = 5
)

// Audit is a log that is only added to: audit.jsonl and, each time it has grown to 10 MB, older ones from
// audit.1.jsonl to audit.4.jsonl.
type Audit struct {
	folder *Folder
	size   int64
}

// Audit gives the audit log of this folder.
func (f *Folder) Audit() *Audit { return &Audit{folder: f, size: auditSize} }

func auditName(age int) string {
	if age == 0 {
		return "audit.jsonl"
	}
	return fmt.Sprintf("audit.%d.jsonl", age)
}

// Append adds a JSON document of at most 512 KB as a line, which is on disk when it returns.
func (a *Audit) Append(entry json.RawMessage) error {
	text, err := document("the entry", entry)
	if err != nil {
		return err
	}
	return a.folder.locked("audit", lockWait, func(root *os.Root) error {
		if info, err := root.Lstat(auditName(0)); err == nil && info.Size() >= a.size {
			if err := rotate(root); err != nil {
				a.folder.notice("the audit log grows on in one file: " + a.folder.explain(err).Error())
			}
		}
		file, err := a.folder.file(root, auditName(0), os.O_RDWR|os.O_CREATE)
		if err != nil {
			return err
		}
		defer file.Close()
		return appendLine(root, file, text)
	})
}

// rotate makes the files one older each, up to the first gap, which a process that was killed here may have
// left. Without a gap the oldest goes.
func rotate(root *os.Root) error {
	age := 1
	for ; age < auditFiles-1; age++ {
		if _, err := root.Lstat(auditName(age)); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	for ; age > 0; age-- {
		if err := root.Rename(auditName(age-1), auditName(age)); err != nil {
			return err
		}
	}
	return nil
}

// Lines gives the entries of all files, the newest or the oldest first. What is no JSON, such as a line that
// a killed process left unfinished, is skipped. An error is the last step.
func (a *Audit) Lines(newestFirst bool) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		files, err := a.files()
		defer func() {
			for _, file := range files {
				file.Close()
			}
		}()
		if err != nil {
			yield(nil, err)
			return
		}
		inOrder := backward
		if !newestFirst {
			slices.Reverse(files)
			inOrder = forward
		}
		for _, file := range files {
			for line, err := range inOrder(file) {
				if err != nil {
					yield(nil, a.folder.explain(err))
					return
				}
				if json.Valid(line.text) && !yield(slices.Clone(line.text), nil) {
					return
				}
			}
		}
	}
}

// files opens all files, the newest first: none is rotated meanwhile.
func (a *Audit) files() (files []*os.File, err error) {
	err = a.folder.locked("audit", lockWait, func(root *os.Root) error {
		for age := range auditFiles {
			file, err := a.folder.file(root, auditName(age), os.O_RDONLY)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			files = append(files, file)
		}
		return nil
	})
	return files, err
}

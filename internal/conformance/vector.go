// Package conformance compares the schema engine with recorded answers of
// Kong's own. It judges the vector files of a folder line by line. The fields
// of a line show what it asks. Of file names only one suffix matters.
//
//   - {lua} asks whether a schema.lua is a good plugin schema;
//   - {lua, plugin} asks whether a plugin entity is valid under that schema;
//   - {plugin: {…}} asks the same under a schema of the folder's own,
//     {name, fields}, as bundled-schemas.jsonl has them;
//   - {plugin: "name", config} is an example configuration of a bundled plugin:
//     it must be valid, or refused in files that end in -invalid.jsonl.
//
// [Run] answers with a [Report]. What may be skipped, and why, stands in
// skipped.txt. The package is used by tests and by the conformance command
// only.
package conformance

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Kind is what a vector asks.
type Kind string

// The kinds of vectors.
const (
	SchemaKind  Kind = "schema"
	CustomKind  Kind = "custom"
	BundledKind Kind = "bundled"
	ExampleKind Kind = "example"
	InvalidKind Kind = "invalid example"
)

var kinds = []Kind{SchemaKind, CustomKind, BundledKind, ExampleKind, InvalidKind}

// Vector is one question with its recorded answer.
type Vector struct {
	ID        string   `json:"id"`
	Case      string   `json:"case"`
	Lua       *string  `json:"lua"`
	Plugin    any      `json:"plugin"`
	Config    any      `json:"config"`
	OK        bool     `json:"ok"`
	Name      any      `json:"name"`
	Processed any      `json:"processed"`
	Auto      []string `json:"auto"`
	Stage     string   `json:"stage"`
	Err       any      `json:"err"`
	ErrAny    []any    `json:"err_any"`
	Raised    any      `json:"raised"`
	Timeout   bool     `json:"timeout"`

	Kind Kind `json:"-"`
}

// suite is everything that a folder holds.
type suite struct {
	vectors []*Vector
	schemas []map[string]any // definitions behind bundled vectors
}

// read collects the vector files of a folder, compressed ones too.
func read(dir fs.FS) (*suite, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, err
	}
	s := new(suite)
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".gz")
		if e.IsDir() || path.Ext(name) != ".jsonl" {
			continue
		}
		if err := s.readFile(dir, e.Name()); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return s, nil
}

func (s *suite) readFile(dir fs.FS, name string) error {
	f, err := dir.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return err
		}
	}
	invalid := strings.HasSuffix(strings.TrimSuffix(name, ".gz"), "-invalid.jsonl")
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := s.add(line, fmt.Sprintf("%s:%d", name, n), invalid); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *suite) add(line []byte, place string, invalid bool) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return err
	}
	if fields["fields"] != nil && fields["plugin"] == nil {
		var def map[string]any
		if err := decode(line, &def); err != nil {
			return err
		}
		s.schemas = append(s.schemas, def)
		return nil
	}
	v := new(Vector)
	if err := decode(line, v); err != nil {
		return err
	}
	if v.ID == "" {
		v.ID = place
	}
	if v.Kind = kindOf(fields, v, invalid); v.Kind == "" {
		return errors.New("not a vector of any known kind")
	}
	s.vectors = append(s.vectors, v)
	return nil
}

func kindOf(fields map[string]json.RawMessage, v *Vector, invalid bool) Kind {
	_, named := v.Plugin.(string)
	_, asked := fields["plugin"]
	switch {
	case named && invalid:
		return InvalidKind
	case named:
		return ExampleKind
	case v.Lua != nil && asked:
		return CustomKind
	case v.Lua != nil:
		return SchemaKind
	case asked:
		return BundledKind
	}
	return ""
}

// decode keeps numbers as they are written.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

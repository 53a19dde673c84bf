package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Step is one step of a [Path]: a key of a record or map, or an index from 0.
type Step struct {
	Name  string
	Index int // meaningful when Name is empty
}

// Path leads from the root of a document to a value.
type Path []Step

// Key returns the step into a record field or map key.
func Key(name string) Step { return Step{Name: name} }

// At returns the step to an element.
func At(index int) Step { return Step{Index: index} }

// Each is the step to any element of a list, written "[]". Nothing stands at
// such a path, but [Path.Set] adds an element there.
var Each = Step{Index: -1}

// IsKey reports whether the step is a name and not an element.
func (s Step) IsKey() bool { return s.Name != "" }

// maxIndex bounds what counts as an index in a text.
const maxIndex = 1<<31 - 1

// ParsePath reads what String writes: config.tools[0].name, with [] for any
// element. The empty text is the root. The error says what is wrong and where.
func ParsePath(text string) (Path, error) {
	path := make(Path, 0, strings.Count(text, ".")+strings.Count(text, "[")+1)
	for rest := text; rest != ""; {
		step, length, err := parseStep(rest, len(path) == 0)
		if err != nil {
			return nil, fmt.Errorf("path %q, character %d: %w", text, len(text)-len(rest)+1, err)
		}
		path = append(path, step)
		rest = rest[length:]
	}
	return path, nil
}

// parseStep reads the step at the beginning of a text, and says how long it is.
func parseStep(text string, first bool) (Step, int, error) {
	if text[0] == '[' {
		return parseIndex(text)
	}
	name, dot := strings.CutPrefix(text, ".")
	if dot == first {
		if first {
			return Step{}, 0, fmt.Errorf("a path begins with a name or with [")
		}
		return Step{}, 0, fmt.Errorf("a dot or [ is missing")
	}
	length := len(name)
	if end := strings.IndexAny(name, ".[]"); end >= 0 {
		length = end
	}
	switch {
	case length == 0:
		return Step{}, 0, fmt.Errorf("a name is missing")
	case length < len(name) && name[length] == ']':
		return Step{}, 0, fmt.Errorf("] without [")
	}
	return Key(name[:length]), len(text) - len(name) + length, nil
}

func parseIndex(text string) (Step, int, error) {
	digits, _, closed := strings.Cut(text[1:], "]")
	if !closed {
		return Step{}, 0, fmt.Errorf("[ without ]")
	}
	length := len(digits) + 2
	if digits == "" {
		return Each, length, nil
	}
	index, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || index > maxIndex || strconv.FormatUint(index, 10) != digits {
		return Step{}, 0, fmt.Errorf("between [ and ] belongs an index from 0 to %d, or nothing", maxIndex)
	}
	return At(int(index)), length, nil
}

// Dotted is the path of a field's dotted name, in which brackets mean nothing:
// config.redis.host.
func Dotted(name string) Path {
	path := make(Path, 0, strings.Count(name, ".")+1)
	for key := range strings.SplitSeq(name, ".") {
		path = append(path, Key(key))
	}
	return path
}

// String writes the path as the API does: config.tools[0].name.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s == Each:
			b.WriteString("[]")
		case !s.IsKey():
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(s.Index))
			b.WriteByte(']')
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// MarshalText makes the path a text in JSON.
func (p Path) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Join returns the path with more steps. It shares no memory with p.
func (p Path) Join(steps ...Step) Path { return slices.Concat(p, steps) }

// AnyElement returns the path with [Each] for every index, which tells what
// kind of place it leads to: config.targets[].host.
func (p Path) AnyElement() Path {
	out := slices.Clone(p)
	for i, s := range out {
		if !s.IsKey() {
			out[i] = Each
		}
	}
	return out
}

// Get returns the value at the path, or nil where there is none. It is
// [Unknown] when that or something above it is not known.
func (p Path) Get(doc any) any {
	v, _ := p.Lookup(doc)
	return v
}

// Lookup is Get, and reports whether anything is there, be it null.
func (p Path) Lookup(doc any) (v any, ok bool) {
	v = doc
	for i := range p {
		if IsUnknown(v) {
			return v, true
		}
		if v, ok = p[i].into(v); !ok {
			return nil, false
		}
	}
	return v, true
}

// into returns the value one step down.
func (s *Step) into(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if s.IsKey() {
			e, ok := v[s.Name]
			return e, ok
		}
	case []any:
		if !s.IsKey() && s.Index >= 0 && s.Index < len(v) {
			return v[s.Index], true
		}
	}
	return nil, false
}

// Set puts a value into the document, in place, and reports whether it could.
// It makes missing records on the way, unless the value is nil. It fails, and
// leaves the document as it is, if a value on the way is neither a record nor a
// list, or a list has no such element. [Each] adds an element to a copy of the
// list.
func (p Path) Set(doc map[string]any, v any) bool {
	if len(p) == 0 {
		return false
	}
	_, ok := p.put(doc, v)
	return ok
}

// put returns the container that it was given, or the one that it made instead,
// with the value in it.
func (p Path) put(in, v any) (out any, ok bool) {
	if len(p) == 0 {
		return v, true
	}
	step := &p[0]
	if in == nil && v != nil {
		in = step.container()
	}
	below, there := step.into(in)
	below, ok = p[1:].put(below, v)
	switch in := in.(type) {
	case map[string]any:
		if ok = ok && step.IsKey(); ok {
			in[step.Name] = below
		}
		return in, ok
	case []any:
		switch {
		case there && ok:
			in[step.Index] = below
		case *step == Each:
			in = append(slices.Clone(in), below)
		default:
			ok = false
		}
		return in, ok
	}
	return in, false
}

// container is an empty value that the step can lead into.
func (s *Step) container() any {
	if s.IsKey() {
		return map[string]any{}
	}
	return []any(nil)
}

// Delete removes the value at the path from the document, in place, and reports
// whether there was one. Later elements of a list move up; [Each] as the last
// step means the last element.
func (p Path) Delete(doc map[string]any) bool {
	if len(p) == 0 {
		return false
	}
	above, last := p[:len(p)-1], p[len(p)-1]
	switch parent := above.Get(doc).(type) {
	case map[string]any:
		_, ok := parent[last.Name]
		delete(parent, last.Name)
		return ok
	case []any:
		index := last.Index
		if last == Each {
			index = len(parent) - 1
		}
		if last.IsKey() || index < 0 || index >= len(parent) {
			return false
		}
		return above.Set(doc, slices.Concat(parent[:index], parent[index+1:]))
	}
	return false
}

package deck

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// parseJSON reads JSON by tokens, which is quicker than as YAML and takes tabs.
func parseJSON(text []byte) (*node, error) {
	r := &jsonReader{text: text, dec: json.NewDecoder(bytes.NewReader(text)), line: 1}
	r.dec.UseNumber()
	n, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		r.countLines()
		return nil, syntax(r.line, "nothing may follow the closing brace")
	}
	return n, nil
}

type jsonReader struct {
	text   []byte
	dec    *json.Decoder
	offset int // up to where lines are counted
	line   int
}

// countLines counts lines up to the last token.
func (r *jsonReader) countLines() {
	end := min(int(r.dec.InputOffset()), len(r.text))
	r.line += bytes.Count(r.text[r.offset:end], []byte("\n"))
	r.offset = end
}

func (r *jsonReader) token() (json.Token, error) {
	t, err := r.dec.Token()
	r.countLines()
	if wrong := (*json.SyntaxError)(nil); errors.As(err, &wrong) {
		return nil, syntax(lineAt(r.text, int(wrong.Offset)), "this is no JSON: %s", wrong.Error())
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, syntax(r.line, "this is no JSON: it ends too early")
	}
	return t, err
}

func (r *jsonReader) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, syntax(r.line, "nested more than %d levels deep", maxDepth)
	}
	t, err := r.token()
	if err != nil {
		return nil, err
	}
	n := &node{line: r.line, size: 1}
	switch t {
	case json.Delim('{'):
		return n, r.object(n, depth)
	case json.Delim('['):
		return n, r.array(n, depth)
	}
	n.scalar = t
	return n, nil
}

func (r *jsonReader) object(n *node, depth int) error {
	n.kind = mapNode
	seen := map[string]int{}
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		line := r.line
		if first, twice := seen[name]; twice {
			return syntax(line, "the key %q is there already, in line %d", name, first)
		}
		seen[name] = line
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{name, line, v})
		n.size += v.size
	}
	_, err := r.token()
	return err
}

func (r *jsonReader) array(n *node, depth int) error {
	n.kind, n.list = listNode, []*node{}
	for r.dec.More() {
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.list = append(n.list, v)
		n.size += v.size
	}
	_, err := r.token()
	return err
}

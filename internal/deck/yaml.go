package deck

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parse reads a file, JSON or YAML.
func parse(text []byte) (*node, error) {
	if i := firstInvalid(text); i >= 0 {
		return nil, syntax(lineAt(text, i), "text that is not UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(text); len(trimmed) == 0 {
		return nil, syntax(1, "the file is empty")
	} else if trimmed[0] == '{' {
		return parseJSON(text)
	}
	return parseYAML(text)
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func lineAt(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}

// unixLines writes all line breaks in one way. To YAML they are the same, but
// the parser counts some of the others twice.
func unixLines(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

func parseYAML(text []byte) (*node, error) {
	if line := tooDeep(text); line > 0 {
		return nil, syntax(line, "nested more than %d levels deep", maxDepth)
	}
	file, err := parser.ParseBytes(unixLines(text), 0)
	if err != nil {
		return nil, syntaxError(err)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			return nil, syntax(lineOf(doc.Body), "a second document begins; write one only")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, syntax(1, "the file is empty")
	}
	r := &yamlReader{anchors: map[string]*node{}}
	return r.read(body, 0)
}

// syntaxError says what is wrong without the lines around it that the parser
// quotes: they may hold secrets.
func syntaxError(err error) error {
	var wrong yaml.Error
	if !errors.As(err, &wrong) || wrong.GetToken() == nil {
		return syntax(0, "this is no YAML")
	}
	message, _, _ := strings.Cut(wrong.GetMessage(), "\n")
	if i := strings.IndexByte(message, '"'); i >= 0 {
		message = strings.TrimRight(message[:i], " ") + " …"
	}
	return syntax(wrong.GetToken().Position.Line, "%s", message)
}

// tooDeep finds a text that is nested too deep before the parser reads it: the
// parser would follow the depth with its stack. Brackets within texts count as
// well, but no real file has so many.
func tooDeep(text []byte) (line int) {
	depth, indent, begun := 0, 0, false
	line = 1
	for _, c := range text {
		switch c {
		case '\n':
			line++
			indent, begun = 0, false
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case ' ', '-', '?':
			if !begun {
				indent++
			}
			if indent > 2*maxDepth && c != ' ' && !begun {
				return line
			}
			continue
		}
		begun = true
		if depth > maxDepth || indent > 8*maxDepth {
			return line
		}
	}
	return 0
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// yamlReader makes nodes of a syntax tree.
type yamlReader struct {
	anchors map[string]*node // nil while it is being read
	nodes   int
	aliased int
}

func (r *yamlReader) read(n ast.Node, depth int) (*node, error) {
	line := lineOf(n)
	if r.nodes++; depth > maxDepth {
		return nil, syntax(line, "nested more than %d levels deep", maxDepth)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(n.Values, mappingLine(n), depth)
	case *ast.MappingValueNode:
		return r.mapping([]*ast.MappingValueNode{n}, lineOf(n.Key), depth)
	case *ast.SequenceNode:
		return r.sequence(n, line, depth)
	case *ast.AnchorNode:
		return r.anchor(n, line, depth)
	case *ast.AliasNode:
		return r.alias(n, line)
	case *ast.TagNode:
		return r.tagged(n, line, depth)
	case *ast.NullNode:
		return &node{line: line, plain: true, size: 1}, nil
	case *ast.BoolNode:
		return &node{line: line, scalar: n.Value, plain: true, size: 1}, nil
	case *ast.IntegerNode, *ast.FloatNode:
		return numberNode(n.GetToken(), line)
	case *ast.StringNode:
		plain := n.Token.Type != token.SingleQuoteType && n.Token.Type != token.DoubleQuoteType
		if digits, ok := number(n.Value); ok && plain {
			return &node{line: line, scalar: digits, plain: true, size: 1}, nil // too large for the parser
		}
		return &node{line: line, scalar: n.Value, plain: plain, size: 1}, nil
	case *ast.LiteralNode:
		return &node{line: line, scalar: n.Value.Value, size: 1}, nil
	case *ast.InfinityNode, *ast.NanNode:
		return nil, syntax(line, "numbers are finite here; a text needs quotes")
	case nil:
		return &node{plain: true, size: 1}, nil
	}
	return nil, syntax(line, "YAML of a kind that no configuration has")
}

func mappingLine(n *ast.MappingNode) int {
	if len(n.Values) > 0 && !n.IsFlowStyle {
		return lineOf(n.Values[0].Key)
	}
	return lineOf(n)
}

func (r *yamlReader) mapping(values []*ast.MappingValueNode, line, depth int) (*node, error) {
	m := &node{line: line, kind: mapNode, size: 1}
	seen := map[string]int{}
	var merged []*node
	for _, v := range values {
		value, err := r.read(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		if value.line == 0 {
			value.line = lineOf(v.Key)
		}
		m.size += value.size
		if v.Key.IsMergeKey() {
			merged = append(merged, value)
			continue
		}
		name, err := keyText(v.Key)
		if err != nil {
			return nil, err
		}
		if first, twice := seen[name]; twice {
			return nil, syntax(lineOf(v.Key), "the key %q is there already, in line %d", name, first)
		}
		seen[name] = lineOf(v.Key)
		m.members = append(m.members, member{name, lineOf(v.Key), value})
	}
	return m, m.merge(merged, seen)
}

// merge adds the members of other mappings that a mapping lacks: "<<".
func (n *node) merge(from []*node, seen map[string]int) error {
	for len(from) > 0 {
		next := from[0]
		from = from[1:]
		switch next.kind {
		case listNode:
			from = append(append([]*node{}, next.list...), from...)
		case mapNode:
			for _, m := range next.members {
				if _, there := seen[m.name]; !there {
					seen[m.name] = m.line
					n.members = append(n.members, m)
				}
			}
		default:
			return syntax(next.line, "only mappings can be merged with <<")
		}
	}
	return nil
}

func keyText(key ast.MapKeyNode) (string, error) {
	switch k := key.(type) {
	case *ast.StringNode:
		return k.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return k.GetToken().Value, nil
	}
	return "", syntax(lineOf(key), "a key must be a text")
}

func (r *yamlReader) sequence(n *ast.SequenceNode, line, depth int) (*node, error) {
	l := &node{line: line, kind: listNode, list: []*node{}, size: 1}
	for _, v := range n.Values {
		e, err := r.read(v, depth+1)
		if err != nil {
			return nil, err
		}
		if e.line == 0 {
			e.line = line
		}
		l.size += e.size
		l.list = append(l.list, e)
	}
	return l, nil
}

func (r *yamlReader) anchor(n *ast.AnchorNode, line, depth int) (*node, error) {
	name := n.Name.GetToken().Value
	r.anchors[name] = nil
	value, err := r.read(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	if value.line == 0 {
		value.line = line
	}
	r.anchors[name] = value
	return value, nil
}

func (r *yamlReader) alias(n *ast.AliasNode, line int) (*node, error) {
	name := n.Value.GetToken().Value
	value, known := r.anchors[name]
	switch {
	case !known:
		return nil, syntax(line, "there is no anchor &%s before", name)
	case value == nil:
		return nil, syntax(line, "*%s stands within &%s itself, which has no end", name, name)
	}
	if r.aliased += value.size; r.aliased > maxAlias {
		return nil, syntax(line, "aliases make more than %d values of this file", maxAlias)
	}
	return value, nil
}

// tagged accepts tags that only repeat the type that a value has anyway.
func (r *yamlReader) tagged(n *ast.TagNode, line, depth int) (*node, error) {
	value, err := r.read(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	switch tag := n.Start.Value; tag {
	case "!!str":
		if value.kind == scalarNode && n.Value != nil {
			text, isText := value.scalar.(string)
			if !isText {
				text = n.Value.GetToken().Value
			}
			return &node{line: line, scalar: text, size: 1}, nil
		}
	case "!!map", "!!seq", "!!int", "!!float", "!!bool", "!!null":
		return value, nil
	}
	return nil, syntax(line, "the tag of this value is not known here")
}

// numberNode keeps the digits of a number.
func numberNode(t *token.Token, line int) (*node, error) {
	n, ok := yamlNumber(t.Value)
	if !ok {
		return nil, syntax(line, "a number that cannot be read; a text needs quotes")
	}
	return &node{line: line, scalar: n, plain: true, size: 1}, nil
}

func yamlNumber(text string) (json.Number, bool) {
	if n, ok := number(text); ok {
		return n, true
	}
	clean := strings.TrimPrefix(strings.ReplaceAll(text, "_", ""), "+")
	if len(clean) > 1000 {
		return "", false
	}
	if i, ok := new(big.Int).SetString(clean, 0); ok {
		return json.Number(i.String()), true
	}
	f, err := strconv.ParseFloat(clean, 64)
	if err != nil {
		return "", false
	}
	return number(strconv.FormatFloat(f, 'g', -1, 64))
}

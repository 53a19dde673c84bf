package deck

import (
	"encoding/json"
	"fmt"
	"strings"
)

// node is a value of a file with its place. Aliases share nodes, so nobody
// changes one.
type node struct {
	line    int
	scalar  any // string, bool, json.Number or nil, unless one of the following is set
	plain   bool
	members []member // of a mapping, in the order of the file
	list    []*node  // of a sequence
	kind    nodeKind
	size    int // nodes in it, with those that aliases bring along
}

type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mapNode
	listNode
)

// member is an entry of a mapping.
type member struct {
	name  string
	line  int
	value *node
}

// get returns the value of a member, or nil.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// isNull is also true for a missing node.
func (n *node) isNull() bool { return n == nil || n.kind == scalarNode && n.scalar == nil }

// text returns the text of a scalar.
func (n *node) text() (string, bool) {
	if n == nil || n.kind != scalarNode {
		return "", false
	}
	s, ok := n.scalar.(string)
	return s, ok
}

// value is the node as decoded JSON, a fresh copy.
func (n *node) value() any {
	switch n.kind {
	case mapNode:
		m := make(map[string]any, len(n.members))
		for _, e := range n.members {
			m[e.name] = e.value.value()
		}
		return m
	case listNode:
		l := make([]any, len(n.list))
		for i, e := range n.list {
			l[i] = e.value()
		}
		return l
	}
	return n.scalar
}

// what names the kind of a value in messages, never the value itself.
func (n *node) what() string {
	switch n.kind {
	case mapNode:
		return "a mapping"
	case listNode:
		return "a list"
	}
	switch n.scalar.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return "true or false"
	}
	return "a number"
}

// Problem is a mistake in a file.
type Problem struct {
	Line    int    // from 1; 0 where none is to blame
	Path    string // such as services[0].routes[1].paths
	Message string
}

func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d: ", p.Line)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Message
}

// In is the problem with the file in front, in the form that editors know.
func (p Problem) In(file string) string {
	if p.Line == 0 {
		return file + ": " + p.String()
	}
	return file + ":" + p.String()
}

// Problems are all mistakes of a file.
type Problems []Problem

func (p Problems) Error() string {
	var lines []string
	for _, one := range p {
		lines = append(lines, one.String())
	}
	return strings.Join(lines, "\n")
}

// Bounds of what is read. A file is no place for depth, and aliases must not
// make more of it than fits into memory.
const (
	maxDepth = 200
	maxAlias = 1_000_000 // nodes that aliases add
)

func syntax(line int, format string, args ...any) Problems {
	return Problems{{Line: line, Message: fmt.Sprintf(format, args...)}}
}

// number is a number of YAML or JSON as JSON has it.
func number(text string) (json.Number, bool) {
	var n json.Number
	if json.Unmarshal([]byte(text), &n) == nil && n.String() == text {
		return n, true
	}
	return "", false
}

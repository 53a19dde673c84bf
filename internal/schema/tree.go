package schema

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// set puts a fault at a field of this level, replacing what was there.
func (e *Errors) set(key string, n node) *Errors {
	if e == nil {
		e = &Errors{}
	}
	if e.fields == nil {
		e.fields = map[string]node{}
	}
	e.fields[key] = n
	return e
}

// setItem puts a fault at an element, counted from 1.
func (e *Errors) setItem(i int, n node) *Errors {
	if e == nil {
		e = &Errors{}
	}
	if e.items == nil {
		e.items = map[int]node{}
	}
	e.items[i] = n
	return e
}

func (e *Errors) addEntity(v *Violation) *Errors {
	if e == nil {
		e = &Errors{}
	}
	v.Entity = true
	e.entity = append(e.entity, v)
	return e
}

func (e *Errors) has(key string) bool {
	return e != nil && e.fields[key] != nil
}

// setPath puts a fault below this level. ok is false if a level on the way is a
// message already; the message stays.
func (e *Errors) setPath(path Path, n node) (out *Errors, ok bool) {
	if len(path) == 1 {
		return e.set(path[0].Name, n), true
	}
	var below *Errors
	if e != nil {
		switch existing := e.fields[path[0].Name].(type) {
		case *Violation:
			return e, false
		case *Errors:
			below = existing
		}
	}
	below, ok = below.setPath(path[1:], n)
	return e.set(path[0].Name, below), ok
}

// eachLeaf visits the violations of a tree: those of a level's checks first,
// then its fields by name, then its elements in order.
func eachLeaf(n node, visit func(*Violation)) {
	switch n := n.(type) {
	case *Violation:
		visit(n)
	case *Errors:
		if n == nil {
			return
		}
		for _, v := range n.entity {
			visit(v)
		}
		for _, k := range sortedKeys(n.fields) {
			eachLeaf(n.fields[k], visit)
		}
		for _, i := range n.positions() {
			eachLeaf(n.items[i], visit)
		}
	}
}

func (e *Errors) positions() []int {
	out := make([]int, 0, len(e.items))
	for i := range e.items {
		out = append(out, i)
	}
	sort.Ints(out)
	return out
}

// Violations lists all faults, entity checks of a level before its fields.
func (e *Errors) Violations() []*Violation {
	var out []*Violation
	eachLeaf(e, func(v *Violation) { out = append(out, v) })
	return out
}

// Raised reports whether a rule or a function failed instead of judging: Kong
// answers such a request with an error of its own.
func (e *Errors) Raised() bool {
	raised := false
	eachLeaf(e, func(v *Violation) { raised = raised || v.Rule == "raised" })
	return raised
}

// Error is the summary, which makes the tree usable as an error.
func (e *Errors) Error() string { return e.Summary() }

// Tree returns Kong's error tree as JSON shows it: maps of messages and
// subtrees, "@entity" lists, arrays padded with null up to the last fault.
func (e *Errors) Tree() any {
	if e == nil {
		return nil
	}
	if len(e.items) > 0 && len(e.fields) == 0 && len(e.entity) == 0 {
		return e.itemTree()
	}
	out := make(map[string]any, len(e.fields)+1)
	for k, n := range e.fields {
		out[k] = treeOf(n)
	}
	for i, n := range e.items {
		out[strconv.Itoa(i)] = treeOf(n)
	}
	if len(e.entity) > 0 {
		list := make([]any, len(e.entity))
		for i, v := range e.entity {
			list[i] = treeOf(v)
		}
		out["@entity"] = list
	}
	return out
}

func (e *Errors) itemTree() []any {
	at := e.positions()
	out := make([]any, at[len(at)-1])
	for i, n := range e.items {
		out[i-1] = treeOf(n)
	}
	return out
}

func treeOf(n node) any {
	if v, ok := n.(*Violation); ok {
		if v.Value != nil {
			return v.Value
		}
		return v.Message
	}
	return n.(*Errors).Tree()
}

// Summary is Kong's one text for a tree: "schema violation (config.a: …)".
func (e *Errors) Summary() string {
	parts := e.summaryParts()
	list := strings.Join(parts, "; ")
	if len(parts) == 1 {
		return "schema violation (" + list + ")"
	}
	return fmt.Sprintf("%d schema violations (%s)", len(parts), list)
}

// summaryParts lists the root's entity messages, then one part for each field
// or, where a field holds a subtree, for each of its members.
func (e *Errors) summaryParts() []string {
	tree, _ := e.Tree().(map[string]any)
	var parts []string
	entity, _ := tree["@entity"].([]any)
	for _, m := range entity {
		parts = append(parts, toText(m))
	}
	for _, k := range sortedKeys(tree) {
		if k == "@entity" {
			continue
		}
		switch v := tree[k].(type) {
		case map[string]any:
			for _, sub := range sortedKeys(v) {
				parts = append(parts, k+"."+sub+": "+dump(v[sub], 0))
			}
		case []any:
			for i, sub := range v {
				if sub != nil {
					parts = append(parts, k+"."+strconv.Itoa(i+1)+": "+dump(sub, 0))
				}
			}
		default:
			parts = append(parts, k+": "+toText(v))
		}
	}
	return parts
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	reserved   = map[string]bool{
		"and": true, "break": true, "do": true, "else": true, "elseif": true, "end": true, "false": true,
		"for": true, "function": true, "if": true, "in": true, "local": true, "nil": true, "not": true,
		"or": true, "repeat": true, "return": true, "then": true, "true": true, "until": true, "while": true, "goto": true,
	}
)

// dump renders a value inside a summary: texts as they are at the top, tables
// as Lua literals.
func dump(v any, depth int) string {
	if s, ok := v.(string); ok {
		if depth == 0 {
			return s
		}
		return luaString(s)
	}
	var lines []string
	switch v := v.(type) {
	case []any:
		lines = dumpList(v, depth)
	case map[string]any:
		for _, k := range sortedKeys(v) {
			key := k
			if !identifier.MatchString(k) || reserved[k] {
				key = "[" + luaString(k) + "]"
			}
			lines = append(lines, key+" = "+dump(v[k], depth+1))
		}
	default:
		return toText(v)
	}
	if len(lines) == 0 {
		return "{}"
	}
	indent := strings.Repeat("  ", depth)
	return "{\n" + indent + "  " + strings.Join(lines, ",\n"+indent+"  ") + "\n" + indent + "}"
}

// inline renders a value on one line, functions and all.
func inline(v any) string {
	var parts []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			parts = append(parts, inline(e))
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			parts = append(parts, k+" = "+inline(v[k]))
		}
	case bool:
		return toText(v)
	default:
		if _, ok := toFloat(v); ok {
			return toText(v)
		}
		return luaString(toText(v))
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

// dumpList renders the leading members bare and those after a gap by number.
func dumpList(list []any, depth int) []string {
	var lines []string
	gap := false
	for i, e := range list {
		if e == nil {
			gap = true
			continue
		}
		text := dump(e, depth+1)
		if gap {
			text = "[" + strconv.Itoa(i+1) + "] = " + text
		}
		lines = append(lines, text)
	}
	return lines
}

func luaString(s string) string {
	if strings.Contains(s, "\n") {
		return "[[\n" + s + "]]"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

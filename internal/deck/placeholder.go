package deck

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// placeholder stands for the value of an environment variable. In JSON, and in
// YAML between double quotes, the quotes of the name may be escaped.
var placeholder = regexp.MustCompile(`\$\{\{[ \t]*env[ \t]+\\?["']([^"'\\\n]*)\\?["'][ \t]*(?:\|[ \t]*(\w+)(?:[ \t]+(\w+))?[ \t]*)?\}\}`)

// variablePrefix begins the names of the variables that files may use: the
// author of a file must not read the rest of the environment.
const variablePrefix = "DECK_"

// placeholders are those of a text. decK fills them in before it reads YAML, so
// that their own quotes may stand within quoted text. Here a mark without
// quotes takes their place until the text is read: what a variable holds can
// then never be taken for YAML.
type placeholders struct {
	marked []byte
	begin  string // what begins a mark; its number follows
	asked  []asked
}

// asked is what a placeholder asks for.
type asked struct{ variable, function, argument string }

// markEnd ends a mark.
const markEnd = "\uf8ff"

func newPlaceholders(text []byte) *placeholders {
	p := &placeholders{begin: "\uf8fe"}
	for bytes.Contains(text, []byte(p.begin)) {
		p.begin += "\uf8fe"
	}
	p.marked = placeholder.ReplaceAllFunc(text, func(match []byte) []byte {
		parts := placeholder.FindSubmatch(match)
		p.asked = append(p.asked, asked{string(parts[1]), string(parts[2]), string(parts[3])})
		return fmt.Appendf(nil, "%s%d%s", p.begin, len(p.asked)-1, markEnd)
	})
	return p
}

// replace replaces the marks in a text; whole is what the only one asks for, if
// the text is nothing else.
func (p *placeholders) replace(text string, value func(asked) string) (filled string, whole *asked) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, p.begin)
		digits, after, ended := strings.Cut(rest, markEnd)
		n, err := strconv.Atoi(digits)
		if !found || !ended || err != nil || n < 0 || n >= len(p.asked) {
			b.WriteString(text)
			return b.String(), whole
		}
		if before == "" && after == "" && b.Len() == 0 {
			whole = &p.asked[n]
		}
		b.WriteString(before + value(p.asked[n]))
		text = after
	}
}

// fill replaces placeholders in all texts, and refuses what only looks like
// one.
func (r *reader) fill(n *node, text *placeholders, env func(string) (string, bool)) {
	visited := map[*node]bool{}
	var walk func(n *node, path string)
	walk = func(n *node, path string) {
		if visited[n] {
			return
		}
		visited[n] = true
		for i, m := range n.members {
			n.members[i].name, _ = text.replace(m.name, func(a asked) string { return r.variable(m.line, path, a.variable, env) })
			walk(m.value, strings.TrimPrefix(path+"."+n.members[i].name, "."))
		}
		for i, e := range n.list {
			walk(e, fmt.Sprintf("%s[%d]", path, i))
		}
		s, ok := n.text()
		switch {
		case ok && strings.Contains(s, text.begin):
			r.fillText(n, s, path, text, env)
		case ok && strings.Contains(s, "${{"):
			r.problem(n.line, path, `a placeholder must have the form ${{ env "%sNAME" }}`, variablePrefix)
		}
	}
	walk(n, "")
}

func (r *reader) fillText(n *node, s, path string, text *placeholders, env func(string) (string, bool)) {
	before := len(r.file.problems)
	filled, whole := text.replace(s, func(a asked) string { return r.variable(n.line, path, a.variable, env) })
	n.scalar = filled
	if len(r.file.problems) > before || whole == nil {
		return
	}
	typed, ok := typedScalar(filled)
	switch whole.function {
	case "":
		if n.plain && ok {
			n.scalar = typed // as if the value stood in the file
		}
	case "indent": // is for texts of several lines, which need none here
	case "toInt", "toFloat", "toBool":
		_, isBool := typed.(bool)
		if !ok || isBool != (whole.function == "toBool") {
			r.problem(n.line, path, "the variable's value does not suit %s", whole.function)
			return
		}
		n.scalar = typed
	default:
		r.problem(n.line, path, "the function %s is not known; indent, toInt, toFloat and toBool are", whole.function)
	}
}

// variable returns the value of a variable.
func (r *reader) variable(line int, path, name string, env func(string) (string, bool)) string {
	if !strings.HasPrefix(name, variablePrefix) {
		r.problem(line, path, "only variables whose names begin with %s can be asked for, not %q", variablePrefix, name)
		return ""
	}
	value, set := env(name)
	if !set {
		r.problem(line, path, "the environment variable %s is not set", name)
	}
	return value
}

// typedScalar reads a number, true or false.
func typedScalar(text string) (any, bool) {
	switch text {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	n, ok := number(text)
	return n, ok
}

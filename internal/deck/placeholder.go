package deck

import (
	"regexp"
	"strings"
)

// placeholder stands for the value of an environment variable.
var placeholder = regexp.MustCompile(`\$\{\{\s*env\s+["']([^"']*)["']\s*(?:\|\s*(\w+)\s*)?\}\}`)

// variablePrefix begins the names of the variables that files may use: the
// author of a file must not read the rest of the environment.
const variablePrefix = "DECK_"

// fill replaces placeholders in all texts.
func (r *reader) fill(n *node, path string, env func(string) (string, bool)) {
	visited := map[*node]bool{}
	var walk func(n *node, path string)
	walk = func(n *node, path string) {
		if visited[n] {
			return
		}
		visited[n] = true
		for _, m := range n.members {
			walk(m.value, path+"."+m.name)
		}
		for _, e := range n.list {
			walk(e, path)
		}
		if s, ok := n.text(); ok && strings.Contains(s, "${{") {
			r.fillText(n, s, strings.TrimPrefix(path, "."), env)
		}
	}
	walk(n, path)
}

func (r *reader) fillText(n *node, text, path string, env func(string) (string, bool)) {
	whole, convert := false, ""
	filled := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		name := parts[1]
		whole, convert = match == text, parts[2]
		if !strings.HasPrefix(name, variablePrefix) {
			r.problem(n.line, path, "only variables whose names begin with %s can be asked for, not %q", variablePrefix, name)
			return ""
		}
		value, set := env(name)
		if !set {
			r.problem(n.line, path, "the environment variable %s is not set", name)
		}
		return value
	})
	n.scalar = filled
	if !whole {
		return
	}
	typed, ok := typedScalar(filled)
	switch convert {
	case "":
		if n.plain && ok {
			n.scalar = typed // as if the value stood in the file
		}
	case "toInt", "toFloat", "toBool":
		_, isBool := typed.(bool)
		if !ok || isBool != (convert == "toBool") {
			r.problem(n.line, path, "the variable's value does not suit %s", convert)
			return
		}
		n.scalar = typed
	default:
		r.problem(n.line, path, "the function %s is not known; toInt, toFloat and toBool are", convert)
	}
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

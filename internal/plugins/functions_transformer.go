package plugins

import (
	"fmt"
	"strings"
)

// transformerHeaders are the lists whose entries begin with the name of a
// header.
var transformerHeaders = elementValidators("remove.headers", "replace.headers", "add.headers", "append.headers")

// transformerPairs are the lists of name and value whose values are templates.
var transformerPairs = elementValidators(
	"rename.body", "rename.querystring", "replace.body", "replace.querystring",
	"add.body", "add.querystring", "append.body", "append.querystring")

func elementValidators(fields ...string) []string {
	for i, f := range fields {
		fields[i] = "config." + f + ".elements.custom_validator"
	}
	return fields
}

// splitPair cuts "name:value"; any number of colons separates the two.
func splitPair(pair string) (name, value string) {
	name, value, _ = strings.Cut(pair, ":")
	return name, strings.TrimLeft(value, ":")
}

func headerPair(pair any) any {
	s, _ := pair.(string)
	name, _ := splitPair(s)
	return headerName(name)
}

// renamedHeader is a pair of two header names, the old and the new one.
func renamedHeader(pair any) any {
	s, _ := pair.(string)
	name, value := splitPair(s)
	if m := headerName(name); m != nil {
		return m
	}
	return headerName(value)
}

func headerName(name string) any {
	allowed := func(c rune) bool {
		return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '_'
	}
	if name == "" || strings.ContainsFunc(name, func(c rune) bool { return !allowed(c) }) {
		return fmt.Sprintf("'%s' is not a valid header", name)
	}
	return nil
}

func templatedPair(pair any) any {
	s, _ := pair.(string)
	name, value := splitPair(s)
	if value == "" {
		return fmt.Sprintf("key '%s' has no value", name)
	}
	if err := compileTemplate(value); err != nil {
		return fmt.Sprintf("value '%s' is not in supported format, error:%v", value, err)
	}
	return nil
}

// compileTemplate judges a template: lines that begin with # are Lua
// statements, $(…) is a Lua expression, and the rest is text.
func compileTemplate(template string) error {
	var program strings.Builder
	for _, line := range strings.Split(template, "\n") {
		if code, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "#"); ok && code != "" {
			program.WriteString(code + "\n")
			continue
		}
		for _, expression := range expressions(line) {
			program.WriteString("_put(" + expression + ")\n")
		}
	}
	return parseLua("TMP", program.String())
}

// expressions returns what stands in each balanced $(…) of a line.
func expressions(line string) []string {
	var found []string
	for i := 0; i+1 < len(line); i++ {
		if line[i] != '$' || line[i+1] != '(' {
			continue
		}
		if end := closing(line, i+1); end > 0 {
			found = append(found, line[i+2:end])
			i = end
		}
	}
	return found
}

// closing returns the index of the parenthesis that closes the one at open,
// or 0.
func closing(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}

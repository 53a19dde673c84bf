package luaschema

import (
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// calledNothing is gopher-lua's message for any call of a value that is no
// function.
const calledNothing = "attempt to call a value that is no function"

// luaWords puts an error of gopher-lua into Lua's own words, which people know
// and can look up.
func luaWords(message string) string {
	place, text := "", message
	if line := lineOf(message); line > 0 {
		place = sourceName + ":" + strconv.Itoa(line) + ": "
		text = strings.TrimPrefix(message, place)
	}
	switch {
	case text == "attempt to call a non-function object":
		text = calledNothing
	case strings.Contains(text, "registry overflow"):
		text = "stack overflow"
	case text == "__len undefined":
		text = "attempt to get length of a value that has none"
	case text == "__unm undefined":
		text = "attempt to perform arithmetic on a value that is no number"
	case strings.HasPrefix(text, indexed+"non-table object("):
		text = indexWords(text)
	case strings.HasPrefix(text, "cannot perform "):
		text = arithmeticWords(text)
	case strings.HasPrefix(text, "for statement "):
		text = "'for' " + strings.NewReplacer("init", "initial value").Replace(strings.TrimPrefix(text, "for statement "))
	}
	return place + text
}

// The parts of a message about an index of a value that has no fields.
const (
	indexed     = "attempt to index a "
	indexedWith = " value with key '"
)

// indexWords: attempt to index a non-table object(nil) with key 'x'
func indexWords(text string) string {
	kind, rest, ok := strings.Cut(strings.TrimPrefix(text, indexed+"non-table object("), ")")
	if !ok {
		return text
	}
	return indexed + kind + " value" + rest
}

// arithmeticWords: cannot perform add operation between nil and number
func arithmeticWords(text string) string {
	_, operands, ok := strings.Cut(text, " operation between ")
	left, right, both := strings.Cut(operands, " and ")
	if !ok || !both {
		return text
	}
	culprit := left
	if left == lua.LTNumber.String() {
		culprit = right
	}
	return "attempt to perform arithmetic on a " + culprit + " value"
}

// addresses are how gopher-lua and tostring print values that have no text.
var addresses = regexp.MustCompile(`(table|function|userdata|thread): 0x[0-9a-f]+`)

// withoutAddresses takes addresses out of a text for users.
func withoutAddresses(text string) string {
	if !strings.Contains(text, ": 0x") {
		return text
	}
	return addresses.ReplaceAllString(text, "$1")
}

// numberText prints a number as Lua does.
func numberText(n lua.LNumber) string {
	switch text := strconv.FormatFloat(float64(n), 'g', 14, 64); text {
	case "+Inf":
		return "inf"
	case "-Inf":
		return "-inf"
	case "NaN":
		return "nan"
	default:
		return text
	}
}

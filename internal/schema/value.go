package schema

import (
	"encoding/json"
	"math"
	"sort"
	"strconv"
	"strings"
)

// toFloat returns a number's value. Kong computes in doubles, and so do the
// rules.
func toFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		if n, ok := digits(v); ok {
			return n, true
		}
		f, err := strconv.ParseFloat(string(v), 64)
		return f, err == nil || math.IsInf(f, 0)
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// digits reads what most numbers are, a few digits, faster than a parser that
// is ready for all of them.
func digits(v json.Number) (float64, bool) {
	if len(v) == 0 || len(v) > 9 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(v); i++ {
		d := v[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int(d)
	}
	return float64(n), true
}

// formatNumber prints a number as Lua does: %.14g.
func formatNumber(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	return strconv.FormatFloat(f, 'g', 14, 64)
}

// toText prints a value as Lua's tostring does, but without the address of a
// table.
func toText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case *Function:
		return "function"
	case map[string]any, []any:
		return "table"
	}
	if f, ok := toFloat(v); ok {
		return formatNumber(f)
	}
	return "userdata"
}

// joinTexts renders a list for a message: a, b.
func joinTexts(list []any) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = toText(v)
	}
	return strings.Join(texts, ", ")
}

// quoteNames renders field names for a message: 'a', 'b'.
func quoteNames(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "'" + strings.Join(names, "', '") + "'"
}

// scalarEqual compares as Lua's == does: tables are equal to nothing, since
// two values that arrive separately are never the same table.
func scalarEqual(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case string:
		s, ok := b.(string)
		return ok && a == s
	case bool:
		t, ok := b.(bool)
		return ok && a == t
	}
	x, ok := toFloat(a)
	if !ok {
		return false
	}
	y, ok := toFloat(b)
	return ok && x == y
}

// Equal compares two values deeply: numbers by value, an empty map and an
// empty slice as the same empty table.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		switch b := b.(type) {
		case map[string]any:
			if len(a) != len(b) {
				return false
			}
			for k, v := range a {
				w, ok := b[k]
				if !ok || !Equal(v, w) {
					return false
				}
			}
			return true
		case []any:
			return len(a) == 0 && len(b) == 0
		}
		return false
	case []any:
		switch b := b.(type) {
		case []any:
			if len(a) != len(b) {
				return false
			}
			for i := range a {
				if !Equal(a[i], b[i]) {
					return false
				}
			}
			return true
		case map[string]any:
			return len(a) == 0 && len(b) == 0
		}
		return false
	case unknown:
		return IsUnknown(b)
	}
	return scalarEqual(a, b)
}

// Copy returns a deep copy of a value.
func Copy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for k, e := range v {
			c[k] = Copy(e)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, e := range v {
			c[i] = Copy(e)
		}
		return c
	}
	return v
}

// isEmpty is Kong's idea of emptiness in entity checks: null, "" and the
// empty table; false and 0 are not empty.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// AsList views a value as an array. The empty map is one as well: an empty
// array may have become one on its way through Lua.
func AsList(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case map[string]any:
		return nil, len(v) == 0
	}
	return nil, false
}

// positionMark starts the keys that stand for numbers.
const positionMark = "\x00"

// PositionKey is the form of a number, from 1, as the key of a table that is
// no sequence. Lua has such tables, JSON does not; no record knows such a key.
func PositionKey(n int) string { return positionMark + strconv.Itoa(n) }

// Position returns the number that a key stands for, if it is of that kind.
func Position(key string) (int, bool) {
	digits, ok := strings.CutPrefix(key, positionMark)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0
}

// isTable reports whether the value is a table in Lua's sense.
func isTable(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// IsReference reports whether the text has the form of a vault reference.
func IsReference(s string) bool {
	return strings.HasPrefix(s, "{vault://") && strings.HasSuffix(s, "}")
}

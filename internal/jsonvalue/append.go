package jsonvalue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Append writes a value behind dst: keys sorted, no spaces, no line break at
// the end. Besides the values of [Parse] it takes whatever encoding/json
// does, at that package's speed. It fails where that fails, and for a text
// that is not UTF-8, which encoding/json would replace without a word.
func Append(dst []byte, v any) ([]byte, error) {
	w := writer{out: dst}
	err := w.value(v)
	return w.out, err
}

type writer struct {
	out []byte
	// keys are those of the objects that are being written, the innermost last.
	keys []string
}

func (w *writer) value(v any) error {
	switch v := v.(type) {
	case nil:
		w.out = append(w.out, "null"...)
	case bool:
		if v {
			w.out = append(w.out, "true"...)
		} else {
			w.out = append(w.out, "false"...)
		}
	case string:
		return w.string(v)
	case json.Number:
		return w.number(v)
	case int:
		w.out = strconv.AppendInt(w.out, int64(v), 10)
	case int64:
		w.out = strconv.AppendInt(w.out, v, 10)
	case map[string]any:
		return w.object(v)
	case []any:
		return w.array(v)
	default:
		return w.other(v)
	}
	return nil
}

func (w *writer) number(n json.Number) error {
	if n == "" {
		n = "0" // as in encoding/json
	}
	if !isNumber(string(n)) {
		return fmt.Errorf("%q is not a number", string(n))
	}
	w.out = append(w.out, n...)
	return nil
}

func (w *writer) object(m map[string]any) error {
	if m == nil {
		w.out = append(w.out, "null"...)
		return nil
	}
	first := len(w.keys)
	for key := range m {
		w.keys = append(w.keys, key)
	}
	slices.Sort(w.keys[first:])
	end := len(w.keys)
	w.out = append(w.out, '{')
	for i := first; i < end; i++ {
		if i > first {
			w.out = append(w.out, ',')
		}
		key := w.keys[i]
		if err := w.string(key); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.value(m[key]); err != nil {
			return err
		}
	}
	w.keys = w.keys[:first]
	w.out = append(w.out, '}')
	return nil
}

func (w *writer) array(list []any) error {
	if list == nil {
		w.out = append(w.out, "null"...)
		return nil
	}
	w.out = append(w.out, '[')
	for i, v := range list {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

func (w *writer) other(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	w.out = append(w.out, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
	return nil
}

const hexDigits = "0123456789abcdef"

// plain are the ASCII characters that need no escape.
var plain = func() (set [utf8.RuneSelf]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		set[c] = c != '"' && c != '\\'
	}
	return set
}()

func (w *writer) string(s string) error {
	w.out = append(w.out, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if !plain[c] {
				w.out = appendEscape(append(w.out, s[start:i]...), c)
				start = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return errNotUTF8
		}
		// Line ends to JavaScript: escaped, as encoding/json does.
		if r == '\u2028' || r == '\u2029' {
			w.out = append(append(w.out, s[start:i]...), `\u202`...)
			w.out = append(w.out, hexDigits[r&0xf])
			start = i + size
		}
		i += size
	}
	w.out = append(append(w.out, s[start:]...), '"')
	return nil
}

var errNotUTF8 = errors.New("text that is not UTF-8")

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}

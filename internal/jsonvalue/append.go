package jsonvalue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Append writes a value behind dst: keys sorted, no spaces, no line break at
// the end. It also takes all other values that encoding/json takes, at that
// package's speed. It fails where encoding/json fails, and for a text that is not
// UTF-8; encoding/json would change that text and not say so.
func Append(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case string:
		return AppendText(dst, v)
	case json.Number:
		return appendNumber(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case map[string]any:
		return appendObject(dst, v)
	case []any:
		return appendArray(dst, v)
	}
	return appendOther(dst, v)
}

// AppendText is [Append] for a text.
func AppendText(dst []byte, s string) ([]byte, error) {
	out, err := jsontext.AppendQuote(dst, s)
	if err != nil {
		return dst, fmt.Errorf("a text of %d bytes is not UTF-8", len(s))
	}
	return out, nil
}

func appendNumber(dst []byte, n json.Number) ([]byte, error) {
	if n == "" {
		n = "0" // as in encoding/json
	}
	start := len(dst)
	dst = append(dst, n...)
	if text := jsontext.Value(dst[start:]); text.Kind() != jsontext.KindNumber || !text.IsValid() || !isTrimmed(n) {
		return dst[:start], fmt.Errorf("%q is not a number", string(n))
	}
	return dst, nil
}

// isTrimmed reports that no white space is around a number.
func isTrimmed(n json.Number) bool { return n[0] > ' ' && n[len(n)-1] > ' ' }

func appendObject(dst []byte, m map[string]any) (_ []byte, err error) {
	if m == nil {
		return append(dst, "null"...), nil
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = AppendText(dst, k); err != nil {
			return dst, err
		}
		dst = append(dst, ':')
		if dst, err = Append(dst, m[k]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func appendArray(dst []byte, list []any) (_ []byte, err error) {
	if list == nil {
		return append(dst, "null"...), nil
	}
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = Append(dst, e); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// appendOther leaves values of other types to encoding/json.
func appendOther(dst []byte, v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return dst, err
	}
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...), nil
}

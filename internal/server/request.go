package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	defaultMaxBody = 4 << 20
	maxDepth       = 64
)

// bounded keeps every endpoint from reading more of a body than that.
func (s *api) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil { // in a request that never was on a wire
			r.Body = http.MaxBytesReader(w, r.Body, s.maxBody)
		}
		next.ServeHTTP(w, r)
	})
}

// decode reads a body: one JSON object, strictly. Whatever readers could
// understand differently is refused: repeated keys, text that is not UTF-8,
// anything after the object. Numbers keep their text.
func decode(r *http.Request) (map[string]any, error) {
	if err := acceptable(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	data, err := readBody(r)
	if err != nil {
		return nil, err
	}
	v, err := parseJSON(data)
	if err != nil {
		return nil, requestError("the body is not valid JSON: " + err.Error())
	}
	body, ok := v.(map[string]any)
	if !ok {
		return nil, requestError("the body must be a JSON object")
	}
	return body, nil
}

// acceptable takes JSON and bodies that do not say what they are.
func acceptable(contentType string) error {
	if contentType == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
		return errMediaType
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(r.Body)
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, requestError("the body could not be read to its end")
	}
	return data, nil
}

// parseJSON decodes one value.
func parseJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("it is not UTF-8")
	}
	p := parser{json.NewDecoder(bytes.NewReader(data))}
	p.UseNumber()
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the value")
	}
	return v, nil
}

// parser builds values from tokens, since json.Unmarshal takes the last of
// repeated keys.
type parser struct{ *json.Decoder }

func (p parser) value(depth int) (any, error) {
	t, err := p.Token()
	if err != nil {
		return nil, p.explain(err)
	}
	switch t := t.(type) {
	case json.Delim:
		if depth == maxDepth {
			return nil, fmt.Errorf("it is nested more than %d levels deep", maxDepth)
		}
		if t == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case string:
		return t, checkText(t)
	}
	return t, nil
}

func (p parser) object(depth int) (any, error) {
	out := map[string]any{}
	for p.More() {
		t, err := p.Token()
		if err != nil {
			return nil, p.explain(err)
		}
		key, ok := t.(string)
		if !ok {
			return nil, errors.New("a key is not a string")
		}
		if _, repeated := out[key]; repeated {
			return nil, fmt.Errorf("key %q is given twice", key)
		}
		if err := checkText(key); err != nil {
			return nil, err
		}
		if out[key], err = p.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := p.Token()
	return out, p.explain(err)
}

func (p parser) array(depth int) (any, error) {
	out := []any{}
	for p.More() {
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := p.Token()
	return out, p.explain(err)
}

func (p parser) explain(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}

// checkText refuses the one character that not every database can hold.
func checkText(s string) error {
	if hasNUL(s) {
		return errors.New("a text contains the character U+0000")
	}
	return nil
}

func hasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }

// isUUID reports whether a path segment is an id rather than a name.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
				return false
			}
		}
	}
	return true
}

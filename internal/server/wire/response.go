package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Write answers with JSON.
func Write(w http.ResponseWriter, status int, body any) error {
	return WriteAs(w, jsonType[0], status, body)
}

// WriteAs is Write for another kind of JSON.
func WriteAs(w http.ResponseWriter, contentType string, status int, body any) error {
	return compose(w, contentType, status, func(dst []byte) ([]byte, error) { return encoded(dst, body) })
}

// Compose answers with JSON that a function appends to a buffer.
func Compose(w http.ResponseWriter, status int, text func(dst []byte) ([]byte, error)) error {
	return compose(w, jsonType[0], status, text)
}

// Values of headers that most answers share. Nobody changes one in its place.
var (
	jsonType = []string{"application/json"}
	noSniff  = []string{"nosniff"}
)

// buffers are used again. A long answer must not stay in memory for all of the
// short ones after it.
var buffers = sync.Pool{New: func() any { return &[]byte{} }}

const maxBuffer = 1 << 20

// compose has the whole text before it answers, so that one that cannot be made
// does not break an answer in two.
func compose(w http.ResponseWriter, contentType string, status int, text func(dst []byte) ([]byte, error)) error {
	buffer := buffers.Get().(*[]byte) //nolint:forcetypeassert // nothing else is put there
	out, err := text((*buffer)[:0])
	if err != nil {
		return err
	}
	out = append(out, '\n')
	header := w.Header()
	if contentType == jsonType[0] {
		header["Content-Type"] = jsonType
	} else {
		header.Set("Content-Type", contentType)
	}
	header.Set("Content-Length", strconv.Itoa(len(out)))
	header["X-Content-Type-Options"] = noSniff
	w.WriteHeader(status)
	// If sending fails, there is nobody left to tell.
	_, _ = w.Write(out)
	if cap(out) <= maxBuffer {
		*buffer = out
		buffers.Put(buffer)
	}
	return nil
}

// encoded appends an answer as JSON on one line. A message may repeat parts of
// a request that are not UTF-8: encoding/json replaces these.
func encoded(dst []byte, body any) ([]byte, error) {
	text, err := jsonvalue.Append(dst, body)
	if err == nil {
		return text, nil
	}
	b := bytes.NewBuffer(dst)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// NoContent answers with success and no body.
func NoContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// Compact removes null values, at every depth. Plugin configurations are not
// compacted: there Konnect shows null.
func Compact(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		if v != nil {
			out[k] = CompactValue(v)
		}
	}
	return out
}

// CompactValue is [Compact] for any value.
func CompactValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return Compact(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = CompactValue(e)
		}
		return out
	}
	return v
}

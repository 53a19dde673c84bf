package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Write answers with JSON.
func Write(w http.ResponseWriter, status int, body any) error {
	return WriteAs(w, "application/json", status, body)
}

// WriteAs encodes before it answers, so that a body that cannot be encoded
// does not break an answer in two.
func WriteAs(w http.ResponseWriter, contentType string, status int, body any) error {
	text, err := encoded(body)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(text)))
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// If sending fails, there is nobody left to tell.
	_, _ = w.Write(text)
	return nil
}

// encoded renders an answer as JSON on one line. A message may repeat parts of
// a request that are not UTF-8: encoding/json replaces these.
func encoded(body any) ([]byte, error) {
	text, err := jsonvalue.Append(make([]byte, 0, 2048), body)
	if err == nil {
		return append(text, '\n'), nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return b.Bytes(), nil
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
			out[k] = compactValue(v)
		}
	}
	return out
}

func compactValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return Compact(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = compactValue(e)
		}
		return out
	}
	return v
}

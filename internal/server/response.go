package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// write answers with JSON.
func write(w http.ResponseWriter, status int, body any) error {
	return writeAs(w, "application/json", status, body)
}

// writeAs encodes before it answers, so that a body that cannot be encoded
// does not break an answer in two.
func writeAs(w http.ResponseWriter, contentType string, status int, body any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// What cannot be sent has nobody to be told to.
	_, _ = w.Write(b.Bytes())
	return nil
}

func noContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// compact leaves out what is null, at every depth. Plugin configurations are
// not compacted: there Konnect shows null.
func compact(doc map[string]any) map[string]any {
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
		return compact(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = compactValue(e)
		}
		return out
	}
	return v
}

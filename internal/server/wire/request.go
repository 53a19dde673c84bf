// Package wire reads requests and writes answers: [Decode] reads a body,
// strictly, [Write] writes an answer, and [CoreQuery], [CursorQuery] and
// [NumberQuery] read which page of a list a request wants, in the three ways in
// which the API splits lists into pages.
//
// The package does not know what entities mean, how they are stored, or which
// endpoints there are.
package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
)

const defaultMaxBody = 4 << 20

// Endpoint answers a request or says why not.
type Endpoint func(w http.ResponseWriter, r *http.Request) error

// Bounded limits the bytes of a body that an endpoint reads; 0 means 4 MiB.
func Bounded(limit int64, next http.Handler) http.Handler {
	limit = cmp.Or(limit, defaultMaxBody)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody { // nil in a request that never was on a wire
			r.Body = http.MaxBytesReader(w, r.Body, limit)
		}
		next.ServeHTTP(w, r)
	})
}

// Decode reads a body: one JSON object, strictly. It refuses all that readers
// may understand differently: repeated keys, text that is not UTF-8, anything
// after the object, numbers that no computer holds.
func Decode(r *http.Request) (map[string]any, error) {
	if err := acceptable(r.Header); err != nil {
		return nil, err
	}
	data, err := readBody(r)
	if err != nil {
		return nil, err
	}
	v, err := parseJSON(data)
	if err != nil {
		return nil, fault.BadRequest("the body is not valid JSON: " + err.Error())
	}
	body, ok := v.(map[string]any)
	if !ok {
		return nil, fault.BadRequest("the body must be a JSON object")
	}
	return body, plainNumbers(body)
}

// acceptable accepts JSON, and bodies without a content type.
func acceptable(header http.Header) error {
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fault.ErrEncoding
	}
	contentType := header.Get("Content-Type")
	if contentType == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
		return fault.ErrMediaType
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	var data bytes.Buffer
	data.Grow(int(min(max(r.ContentLength, 0), maxGuess)) + bytes.MinRead)
	_, err := data.ReadFrom(r.Body)
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		return nil, fault.ErrTooLarge
	}
	if err != nil {
		return nil, fault.BadRequest("the body could not be read to its end")
	}
	return data.Bytes(), nil
}

// maxGuess is how much room is made for a body whose length a client has only
// claimed.
const maxGuess = 64 << 10

// parseJSON decodes one value.
func parseJSON(data []byte) (any, error) {
	body := string(data)
	v, err := jsonvalue.Parse(body, jsonvalue.MaxDepth)
	if err == nil && strings.Contains(body, escapedNUL) {
		err = checkText(v)
	}
	return v, err
}

// escapedNUL is the only way in which JSON can spell U+0000.
const escapedNUL = `\u0000`

// checkText refuses the one character that not every database can hold, in all
// texts of a value.
func checkText(v any) error {
	switch v := v.(type) {
	case string:
		if HasNUL(v) {
			return errors.New("a text contains the character U+0000")
		}
	case []any:
		for _, e := range v {
			if err := checkText(e); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, e := range v {
			if err := cmp.Or(checkText(key), checkText(e)); err != nil {
				return err
			}
		}
	}
	return nil
}

// plainNumbers writes whole numbers without a fraction or an exponent, as they
// are read back: 5.0 and 5e0 are 5. Others keep their text.
func plainNumbers(v any) error {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			n, err := plainNumber(e)
			if err != nil {
				return err
			}
			if n != "" {
				v[key] = n
			}
		}
	case []any:
		for i, e := range v {
			n, err := plainNumber(e)
			if err != nil {
				return err
			}
			if n != "" {
				v[i] = n
			}
		}
	}
	return nil
}

// maxExact is the largest number up to which all whole ones are exact.
const maxExact = 1 << 53

// plainNumber returns the plain text of a number that has another one, and ""
// for all other values; it also changes the numbers inside a value.
func plainNumber(v any) (json.Number, error) {
	n, ok := v.(json.Number)
	if !ok {
		return "", plainNumbers(v)
	}
	if len(n) < 300 && !strings.ContainsAny(string(n), ".eE") {
		return "", nil
	}
	f, err := n.Float64()
	if err != nil {
		return "", fault.BadRequest("the body is not valid JSON: a number is out of range")
	}
	if f != math.Trunc(f) || math.Abs(f) > maxExact {
		return "", nil
	}
	return json.Number(strconv.FormatInt(int64(f), 10)), nil
}

// HasNUL reports whether a text contains U+0000, which not every database can
// hold.
func HasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }

// Package jsonvalue reads and writes JSON in the one form in which values
// travel through this program: map[string]any, []any, string, bool, nil, and
// [encoding/json.Number] for numbers, whose text is kept.
//
// [Parse] is stricter than encoding/json, which takes the last of repeated
// keys and replaces what is not UTF-8; [Append] writes the same bytes as an
// encoder of encoding/json that does not escape HTML. The work is done by
// jsontext, the syntactic half of the coming encoding/json/v2; building maps
// from its tokens spares the reflection that is most of what a list costs.
//
// The package knows nothing of what values mean.
package jsonvalue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// What may be wrong with the end of a text; ask with errors.Is.
var (
	ErrCut  = errors.New("it ends too early")
	ErrMore = errors.New("something follows the value")
)

// Parse reads a text that is one JSON value, in which arrays and objects are
// nested no deeper than depth. Errors complete the sentence "the text is not
// valid JSON: …".
func Parse(text string, depth int) (any, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("it is not UTF-8")
	}
	s := open(text)
	defer s.close()
	r := reader{s, depth}
	v, err := r.value()
	if err != nil {
		return nil, explained(err)
	}
	if !s.atEnd() {
		return nil, ErrMore
	}
	return v, nil
}

// MaxDepth is how deep JSON of users and servers may be nested.
const MaxDepth = 64

// Object reads a text that is one JSON object, nested no deeper than
// [MaxDepth]. Errors are those of [Parse].
func Object(text string) (map[string]any, error) {
	v, err := Parse(text, MaxDepth)
	if err != nil {
		return nil, err
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("it is not an object")
	}
	return doc, nil
}

type reader struct {
	*source
	depth int
}

func (r *reader) value() (any, error) {
	t, err := r.tokens.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case jsontext.KindNull:
		return nil, nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return t.Bool(), nil
	case jsontext.KindString:
		return t.String(), nil
	case jsontext.KindNumber:
		return json.Number(t.String()), nil
	}
	if r.tokens.StackDepth() > r.depth {
		return nil, fmt.Errorf("it is nested more than %d levels deep", r.depth)
	}
	if t.Kind() == jsontext.KindBeginArray {
		return r.array()
	}
	return r.object()
}

func (r *reader) array() (any, error) {
	out := []any{}
	for r.tokens.PeekKind() != jsontext.KindEndArray {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := r.tokens.ReadToken()
	return out, err
}

func (r *reader) object() (any, error) {
	out := map[string]any{}
	for r.tokens.PeekKind() != jsontext.KindEndObject {
		key, err := r.name()
		if err != nil {
			return nil, err
		}
		if _, again := out[key]; again {
			return nil, errTwice(key)
		}
		if out[key], err = r.value(); err != nil {
			return nil, err
		}
	}
	_, err := r.tokens.ReadToken()
	return out, err
}

// explained puts an error of jsontext into a sentence for the people who sent
// the text.
func explained(err error) error {
	at, isSyntax := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCut
	case isSyntax:
		return fmt.Errorf("%s at byte %d", strings.TrimPrefix(at.Err.Error(), "jsontext: "), at.ByteOffset+1)
	}
	return err
}

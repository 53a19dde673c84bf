package jsonvalue

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// errForm says that a text is JSON of another kind than was to be split.
var errForm = errors.New("it is of another kind")

// Members returns the texts of the members of an object, as parts of its own
// text. It takes none of them apart.
func Members(text string) (map[string]string, error) {
	out := map[string]string{}
	err := split(text, jsontext.KindBeginObject, func(name, value string) bool {
		out[name] = value
		return true
	})
	return out, err
}

// Member returns the text of one member of an object, or "". It reads no
// further than that.
func Member(text, name string) (found string, err error) {
	err = split(text, jsontext.KindBeginObject, func(n, value string) bool {
		if n == name {
			found = value
		}
		return n != name
	})
	return found, err
}

// Elements returns the texts of the elements of an array, as Members does.
func Elements(text string) (out []string, err error) {
	err = split(text, jsontext.KindBeginArray, func(_, value string) bool {
		out = append(out, value)
		return true
	})
	return out, err
}

// split gives the parts of an object or array to a function, until that returns
// false.
func split(text string, kind jsontext.Kind, part func(name, value string) bool) error {
	tokens := decoders.Get().(*jsontext.Decoder) //nolint:forcetypeassert // nothing else is put there
	defer decoders.Put(tokens)
	tokens.Reset(bytes.NewBufferString(text))
	if tokens.PeekKind() != kind {
		return errForm
	}
	if _, err := tokens.ReadToken(); err != nil {
		return explained(err)
	}
	for end := kind + 2; tokens.PeekKind() != end; { // brackets of both kinds stand two apart
		name := ""
		if kind == jsontext.KindBeginObject {
			t, err := tokens.ReadToken()
			if err != nil {
				return explained(err)
			}
			name = t.String()
		}
		value, err := tokens.ReadValue()
		if err != nil {
			return explained(err)
		}
		at := tokens.InputOffset()
		if !part(name, text[at-int64(len(value)):at]) {
			return nil
		}
	}
	if _, err := tokens.ReadToken(); err != nil {
		return explained(err)
	}
	if _, err := tokens.ReadToken(); err != io.EOF { //nolint:errorlint // as io.Reader has it
		return ErrMore
	}
	return nil
}

package jsonvalue

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// errForm says that a text is JSON of another kind than was to be split.
var errForm = errors.New("it is of another kind")

// Members returns the texts of the members of an object, as parts of its own
// text. It takes none of them apart: names that come twice inside of them are
// found by who does.
func Members(text string) (map[string]string, error) {
	out := map[string]string{}
	err := split(text, jsontext.KindBeginObject, func(s *source) (bool, error) {
		return s.members(func(name, value string) bool {
			out[name] = value
			return true
		})
	})
	return out, err
}

// Member returns the text of one member of an object, or "". It reads no
// further than that.
func Member(text, name string) (found string, err error) {
	err = split(text, jsontext.KindBeginObject, func(s *source) (bool, error) {
		return s.members(func(n, value string) bool {
			if n == name {
				found = value
			}
			return n != name
		})
	})
	return found, err
}

// Elements returns the texts of the elements of an array, as Members does.
// Objects among them have no name twice, so that it is clear which each is.
func Elements(text string) (out []string, err error) {
	err = split(text, jsontext.KindBeginArray, func(s *source) (bool, error) {
		out, err = s.elements()
		return true, err
	})
	return out, err
}

// split gives a text, of which the first bracket is read, to a function that reads
// the rest, or says that it has seen enough.
func split(text string, kind jsontext.Kind, read func(*source) (bool, error)) error {
	s := open(text)
	defer s.close()
	if s.tokens.PeekKind() != kind {
		return errForm
	}
	if _, err := s.tokens.ReadToken(); err != nil {
		return explained(err)
	}
	whole, err := read(s)
	if err != nil {
		return explained(err)
	}
	if whole && !s.atEnd() {
		return ErrMore
	}
	return nil
}

// members gives the members of an object to a function, until that returns false.
func (s *source) members(part func(name, value string) bool) (whole bool, err error) {
	seen := s.unseen()
	for s.tokens.PeekKind() != jsontext.KindEndObject {
		name, err := s.name()
		if err != nil {
			return false, err
		}
		if seen[name] {
			return false, errTwice(name)
		}
		seen[name] = true
		value, err := s.tokens.ReadValue()
		if err != nil {
			return false, err
		}
		at := s.tokens.InputOffset()
		if !part(name, s.text[at-int64(len(value)):at]) {
			return false, nil
		}
	}
	_, err = s.tokens.ReadToken()
	return true, err
}

func (s *source) elements() (out []string, err error) {
	for s.tokens.PeekKind() != jsontext.KindEndArray {
		from, err := s.element()
		if err != nil {
			return out, err
		}
		out = append(out, s.text[from:s.tokens.InputOffset()])
	}
	_, err = s.tokens.ReadToken()
	return out, err
}

// element reads one, and returns where it begins.
func (s *source) element() (from int64, err error) {
	if s.tokens.PeekKind() != jsontext.KindBeginObject {
		value, err := s.tokens.ReadValue()
		return s.tokens.InputOffset() - int64(len(value)), err
	}
	if _, err = s.tokens.ReadToken(); err != nil {
		return 0, err
	}
	from = s.tokens.InputOffset() - 1
	_, err = s.members(func(_, _ string) bool { return true })
	return from, err
}

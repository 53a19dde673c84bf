package jsonvalue

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// source takes a text apart. That no name comes twice is for who reads objects to
// check: the decoder would keep the names of all objects at all levels for that,
// and who builds a map has them already.
type source struct {
	text   string
	tokens jsontext.Decoder
	copied bytes.Buffer
	names  [256]string     // that came lately; see name
	seen   map[string]bool // see unseen
}

// sources are used again, for what they keep of texts and levels is most of what
// one allocates.
var sources = sync.Pool{New: func() any { return new(source) }}

// Bounds of what a source keeps for the next text.
const (
	longestCopy = 64 << 10
	longestName = 64
	mostNames   = 256
)

func open(text string) *source {
	s := sources.Get().(*source) //nolint:forcetypeassert // nothing else is put there
	s.text = text
	s.copied.Reset()
	s.copied.WriteString(text)
	s.tokens.Reset(&s.copied, jsontext.AllowDuplicateNames(true))
	return s
}

func (s *source) close() {
	if s.text = ""; s.copied.Cap() <= longestCopy {
		sources.Put(s)
	}
}

// atEnd reports whether nothing follows what was read.
func (s *source) atEnd() bool {
	_, err := s.tokens.ReadToken()
	return err == io.EOF //nolint:errorlint // as io.Reader has it
}

// name reads the name of a member. The same few come again and again, in every
// entity of a list: each is one string.
func (s *source) name() (string, error) {
	quoted, err := s.tokens.ReadValue()
	if err != nil {
		return "", err
	}
	if len(quoted) > longestName || bytes.IndexByte(quoted, '\\') >= 0 {
		plain, err := jsontext.AppendUnquote(nil, quoted)
		return string(plain), err
	}
	plain := quoted[1 : len(quoted)-1]
	known := &s.names[hash(plain)%uint32(len(s.names))]
	if *known != string(plain) {
		*known = string(plain)
	}
	return *known, nil
}

// hash is FNV-1a.
func hash(text []byte) uint32 {
	sum := uint32(2166136261)
	for _, c := range text {
		sum = (sum ^ uint32(c)) * 16777619
	}
	return sum
}

// unseen is an empty set of names, in place of the last one.
func (s *source) unseen() map[string]bool {
	if s.seen == nil || len(s.seen) > mostNames { // of which clearing would cost more
		s.seen = make(map[string]bool)
	}
	clear(s.seen)
	return s.seen
}

// errTwice says that an object has two members of one name.
func errTwice(name string) error { return fmt.Errorf("key %q is given twice", name) }

package wire

import (
	"bytes"
	"math/big"
)

// All of this reads JSON that is known to be valid.

const space = " \t\r\n"

func trimmed(raw []byte) []byte { return bytes.Trim(raw, space) }

func isNull(raw []byte) bool { return raw[0] == 'n' }

func storedTruth(raw []byte) (int, bool) {
	if raw[0] == 't' {
		return 1, true
	}
	return 0, raw[0] == 'f'
}

// storedText takes texts that stand there as they are.
func storedText(raw []byte) (from, to int, ok bool) {
	return 1, len(raw) - 1, raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0
}

func storedNumber(raw []byte) (*big.Float, bool) {
	if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return nil, false
	}
	f, _, err := big.ParseFloat(string(raw), 10, 512, big.ToNearestEven)
	return f, err == nil
}

// stored walks through a collection.
type stored struct{ rest []byte }

func openStored(raw []byte, keyed bool) (cursor, bool) {
	if keyed != (raw[0] == '{') || !keyed && raw[0] != '[' {
		return nil, false
	}
	return &stored{trimmed(raw[1 : len(raw)-1])}, true
}

func (s *stored) more() bool { return len(s.rest) > 0 }

// element also takes the comma behind it.
func (s *stored) element() (raw []byte, ok bool) {
	raw = s.next()
	if len(s.rest) > 0 && s.rest[0] == ',' {
		s.rest = bytes.TrimLeft(s.rest[1:], space)
	}
	return raw, true
}

func (s *stored) next() (raw []byte) {
	n := length(s.rest)
	raw, s.rest = s.rest[:n], bytes.TrimLeft(s.rest[n:], space)
	return raw
}

func (s *stored) member() (key, raw []byte, ok bool) {
	key = s.next()
	from, to, ok := storedText(key)
	if !ok {
		return nil, nil, false
	}
	s.rest = bytes.TrimLeft(s.rest[1:], space) // the colon
	raw, _ = s.element()
	return key[from:to], raw, true
}

// length is how long the first value is.
func length(raw []byte) int {
	switch raw[0] {
	case '"':
		return quoted(raw)
	case '{', '[':
		return nested(raw)
	}
	if n := bytes.IndexAny(raw, ",]}"+space); n >= 0 {
		return n
	}
	return len(raw)
}

// quoted is the length of a text with its quotes.
func quoted(raw []byte) int {
	for i := 1; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

func nested(raw []byte) int {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i += quoted(raw[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(raw)
}

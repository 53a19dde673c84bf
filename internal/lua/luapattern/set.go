package luapattern

import "strings"

// set is a set of bytes.
type set [4]uint64

func (s *set) add(c byte)           { s[c>>6] |= 1 << (c & 63) }
func (s *set) contains(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

func (s *set) addRange(from, to byte) {
	for c := int(from); c <= int(to); c++ {
		s.add(byte(c))
	}
}

func (s *set) negate() {
	for i := range s {
		s[i] = ^s[i]
	}
}

// addClass adds what %c stands for: a class for a letter (its complement for a
// capital), otherwise the character itself.
func (s *set) addClass(c byte) {
	is := classes[c|0x20]
	if !isAlpha(c) || is == nil {
		s.add(c)
		return
	}
	complement := isUpper(c)
	for b := 0; b < 256; b++ {
		if is(byte(b)) != complement {
			s.add(byte(b))
		}
	}
}

// classes are the character classes in the C locale.
var classes = map[byte]func(c byte) bool{
	'a': isAlpha,
	'c': func(c byte) bool { return c < 0x20 || c == 0x7f },
	'd': isDigit,
	'g': func(c byte) bool { return c > 0x20 && c < 0x7f },
	'l': func(c byte) bool { return c >= 'a' && c <= 'z' },
	'p': func(c byte) bool { return c > 0x20 && c < 0x7f && !isAlpha(c) && !isDigit(c) },
	's': func(c byte) bool { return c != 0 && strings.IndexByte(" \t\n\v\f\r", c) >= 0 },
	'u': isUpper,
	'w': func(c byte) bool { return isAlpha(c) || isDigit(c) },
	'x': func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' },
	'z': func(c byte) bool { return c == 0 },
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isAlpha(c byte) bool { return isUpper(c) || c >= 'a' && c <= 'z' }

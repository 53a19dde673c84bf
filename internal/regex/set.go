package regex

import (
	"slices"
	"unicode"
)

// set is a set of characters: pairs of first and last character. A complete set
// (see normal) is sorted, without overlaps and neighbours.
type set []rune

// maxByte and maxRune end the characters without and with [UTF].
const (
	maxByte = 0xff
	maxRune = unicode.MaxRune
)

var (
	digits     = set{'0', '9'}
	wordBytes  = set{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	spaces     = set{'\t', '\r', ' ', ' '}
	horizontal = set{'\t', '\t', ' ', ' ', 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200a, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000}
	vertical   = set{'\n', '\r', 0x85, 0x85, 0x2028, 0x2029}
	newline    = set{'\n', '\n'}
)

// posixClasses are PCRE's, in the C locale.
var posixClasses = map[string]set{
	"alnum": {'0', '9', 'A', 'Z', 'a', 'z'}, "alpha": {'A', 'Z', 'a', 'z'}, "ascii": {0, 0x7f}, "blank": {'\t', '\t', ' ', ' '},
	"cntrl": {0, 0x1f, 0x7f, 0x7f}, "digit": digits, "graph": {'!', '~'}, "lower": {'a', 'z'}, "print": {' ', '~'},
	"punct": {'!', '/', ':', '@', '[', '`', '{', '~'}, "space": spaces, "upper": {'A', 'Z'}, "word": wordBytes,
	"xdigit": {'0', '9', 'A', 'F', 'a', 'f'},
}

// normal puts a set in order.
func (s set) normal() set {
	pairs := make([][2]rune, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		pairs = append(pairs, [2]rune{s[i], s[i+1]})
	}
	slices.SortFunc(pairs, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	out := make(set, 0, len(s))
	for _, p := range pairs {
		if n := len(out); n > 0 && p[0] <= out[n-1]+1 {
			out[n-1] = max(out[n-1], p[1])
		} else {
			out = append(out, p[0], p[1])
		}
	}
	return out
}

// within returns the part of a complete set up to a character.
func (s set) within(last rune) set {
	for i := 0; i < len(s); i += 2 {
		switch {
		case s[i] > last:
			return s[:i]
		case s[i+1] > last:
			return append(slices.Clone(s[:i+1]), last)
		}
	}
	return s
}

// but returns every character up to last that is not in a complete set.
func (s set) but(last rune) set {
	out, next := set{}, rune(0)
	for i := 0; i < len(s) && s[i] <= last; i += 2 {
		if next < s[i] {
			out = append(out, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= last {
		out = append(out, next, last)
	}
	return out
}

// folded adds the other case of each character; without UTF only for ASCII.
func (s set) folded(last rune) set {
	out := slices.Clone(s)
	for i := 0; i < len(s); i += 2 {
		if last == maxByte {
			out = append(out, moved(s[i], s[i+1], 'a', 'z', 'A'-'a')...)
			out = append(out, moved(s[i], s[i+1], 'A', 'Z', 'a'-'A')...)
			continue
		}
		for c := s[i]; c <= s[i+1] && c <= lastWithCase; c++ {
			for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
				out = append(out, other, other)
			}
		}
	}
	return out.normal()
}

// lastWithCase is above all characters that have another case.
const lastWithCase = 0x1ffff

// moved returns the part of a range between first and last, shifted by a
// distance.
func moved(from, to, first, last, by rune) set {
	from, to = max(from, first), min(to, last)
	if from > to {
		return nil
	}
	return set{from + by, to + by}
}

// tableSet is a table of the unicode package.
func tableSet(tables ...*unicode.RangeTable) set {
	var out set
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			out = append(out, lo, hi)
			return
		}
		for c := lo; c <= hi; c += stride {
			out = append(out, c, c)
		}
	}
	for _, t := range tables {
		for _, r := range t.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return out.normal()
}

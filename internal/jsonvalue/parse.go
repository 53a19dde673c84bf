// Package jsonvalue reads and writes JSON in the one form in which values
// travel through this program: map[string]any, []any, string, bool, nil, and
// [encoding/json.Number] for numbers, whose text is kept.
//
// [Parse] is stricter than encoding/json, which takes the last of repeated
// keys and replaces what is not UTF-8; [Append] writes the same bytes as an
// encoder of encoding/json that does not escape HTML. Both are several times
// faster, which is most of what a list costs: there is one form to build and
// one to write, and no reflection.
//
// The package knows nothing of what values mean.
package jsonvalue

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	errEarly = errors.New("it ends too early")
	errMore  = errors.New("something follows the value")
	errUTF8  = errors.New("it is not UTF-8")
)

// Parse reads a text that is one JSON value, in which arrays and objects are
// nested no deeper than depth. Texts without escapes are parts of the text
// that is given and keep it in memory. Errors complete the sentence "the text
// is not valid JSON: …".
func Parse(text string, depth int) (any, error) {
	if !utf8.ValidString(text) {
		return nil, errUTF8
	}
	p := parser{text: text, depth: depth}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(text) {
		return nil, errMore
	}
	return v, nil
}

type parser struct {
	text  string
	at    int // what comes next
	level int // how deep in arrays and objects
	depth int // how deep that may be
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next skips space and returns the byte after it, which stays to be read.
func (p *parser) next() (byte, error) {
	p.space()
	if p.at == len(p.text) {
		return 0, errEarly
	}
	return p.text[p.at], nil
}

// unexpected says what stands where something else was wanted.
func (p *parser) unexpected(wanted string) error {
	if p.at >= len(p.text) {
		return errEarly
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return fmt.Errorf("%q at byte %d is not %s", r, p.at+1, wanted)
}

func (p *parser) value() (any, error) {
	c, err := p.next()
	if err != nil {
		return nil, err
	}
	switch c {
	case '{':
		return nested(p, p.object)
	case '[':
		return nested(p, p.array)
	case '"':
		return p.string()
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	}
	return p.number()
}

// nested reads an array or object, from behind its opening bracket.
func nested[T any](p *parser, read func() (T, error)) (any, error) {
	if p.level == p.depth {
		return nil, fmt.Errorf("it is nested more than %d levels deep", p.depth)
	}
	p.level++
	p.at++
	v, err := read()
	p.level--
	return v, err
}

func (p *parser) word(word string) error {
	if strings.HasPrefix(p.text[p.at:], word) {
		p.at += len(word)
		return nil
	}
	if strings.HasPrefix(word, p.text[p.at:]) {
		return errEarly
	}
	return p.unexpected("the beginning of a value")
}

func (p *parser) object() (map[string]any, error) {
	out := map[string]any{}
	c, err := p.next()
	for ; err == nil && c != '}'; c, err = p.next() {
		if len(out) > 0 {
			if err := p.comma(c, "',' or '}'"); err != nil {
				return nil, err
			}
		}
		if err := p.member(out); err != nil {
			return nil, err
		}
	}
	p.at++
	return out, err
}

// member reads a key with its value.
func (p *parser) member(out map[string]any) error {
	c, err := p.next()
	if err != nil {
		return err
	}
	if c != '"' {
		return p.unexpected("the beginning of a key")
	}
	key, err := p.string()
	if err != nil {
		return err
	}
	if c, err = p.next(); err != nil {
		return err
	}
	if c != ':' {
		return p.unexpected("':'")
	}
	p.at++
	if _, repeated := out[key]; repeated {
		return fmt.Errorf("key %q is given twice", key)
	}
	out[key], err = p.value()
	return err
}

func (p *parser) array() ([]any, error) {
	out := []any{}
	c, err := p.next()
	for ; err == nil && c != ']'; c, err = p.next() {
		if len(out) > 0 {
			if err := p.comma(c, "',' or ']'"); err != nil {
				return nil, err
			}
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	p.at++
	return out, err
}

// comma reads the comma between two elements.
func (p *parser) comma(c byte, wanted string) error {
	if c != ',' {
		return p.unexpected(wanted)
	}
	p.at++
	return nil
}

// string reads a text, whose opening quote comes next.
func (p *parser) string() (string, error) {
	p.at++
	start := p.at
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return p.text[start : p.at-1], nil
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", p.unexpected("allowed in a text without an escape")
		}
	}
	return "", errEarly
}

// escaped reads on from the first escape of a text that begins at start.
func (p *parser) escaped(start int) (string, error) {
	out := make([]byte, 0, 2*(p.at-start)+16)
	for {
		out = append(out, p.text[start:p.at]...)
		if p.at == len(p.text) {
			return "", errEarly
		}
		switch p.text[p.at] {
		case '"':
			p.at++
			return string(out), nil
		case '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		default:
			return "", p.unexpected("allowed in a text without an escape")
		}
		start = p.at
		for p.at < len(p.text) && p.text[p.at] != '"' && p.text[p.at] != '\\' && p.text[p.at] >= ' ' {
			p.at++
		}
	}
}

// escapes are the characters that have an escape of one letter.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads one escape. Half of a surrogate pair becomes a replacement
// character, as in encoding/json.
func (p *parser) escape() (rune, error) {
	p.at++
	if p.at == len(p.text) {
		return 0, errEarly
	}
	c := p.text[p.at]
	if c != 'u' {
		if escapes[c] == 0 {
			return 0, p.unexpected("an escape")
		}
		p.at++
		return rune(escapes[c]), nil
	}
	p.at++
	r, err := p.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if strings.HasPrefix(p.text[p.at:], `\u`) {
		before := p.at
		p.at += len(`\u`)
		second, err := p.hex()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			return pair, nil
		}
		p.at = before
	}
	return utf8.RuneError, nil
}

// hex reads four hexadecimal digits.
func (p *parser) hex() (rune, error) {
	var r rune
	for range 4 {
		if p.at == len(p.text) {
			return 0, errEarly
		}
		switch c := p.text[p.at]; {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, p.unexpected("a hexadecimal digit")
		}
		p.at++
	}
	return r, nil
}

func (p *parser) number() (any, error) {
	start := p.at
	if p.at < len(p.text) && p.text[p.at] == '-' {
		p.at++
	}
	switch {
	case p.at < len(p.text) && p.text[p.at] == '0':
		p.at++
	case !p.digits():
		if p.at == start {
			return nil, p.unexpected("the beginning of a value")
		}
		return nil, p.unexpected("a digit")
	}
	if p.at < len(p.text) && p.text[p.at] == '.' {
		p.at++
		if !p.digits() {
			return nil, p.unexpected("a digit")
		}
	}
	if p.at < len(p.text) && (p.text[p.at] == 'e' || p.text[p.at] == 'E') {
		p.at++
		if p.at < len(p.text) && (p.text[p.at] == '+' || p.text[p.at] == '-') {
			p.at++
		}
		if !p.digits() {
			return nil, p.unexpected("a digit")
		}
	}
	return json.Number(p.text[start:p.at]), nil
}

// digits reads digits, and says whether there were any.
func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

// isNumber says whether a text is a number of JSON.
func isNumber(text string) bool {
	p := parser{text: text}
	_, err := p.number()
	return err == nil && p.at == len(text)
}

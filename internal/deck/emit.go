package deck

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// emitter writes YAML that parsers of all versions read alike: texts are
// quoted unless they can be nothing else, keys are sorted, numbers keep their
// digits. A library would leave quotes off where only YAML 1.2 allows it
// (yes, 12:30, 1_000), and Kong's parsers are older.
type emitter struct{ bytes.Buffer }

// emit renders decoded JSON; comments stand on top.
func emit(comments []string, doc map[string]any) []byte {
	var e emitter
	for _, c := range comments {
		e.WriteString("# " + oneLine(c) + "\n")
	}
	e.members(doc, "")
	return e.Bytes()
}

func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return ' '
		}
		return r
	}, text)
}

func (e *emitter) members(doc map[string]any, indent string) {
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		e.WriteString(indent + scalarText(name) + ":")
		e.value(doc[name], indent)
	}
}

// value writes what follows a key. Lists stand below their key, not deeper.
func (e *emitter) value(v any, indent string) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			e.WriteString(" {}\n")
			return
		}
		e.WriteString("\n")
		e.members(v, indent+"  ")
	case []any:
		if len(v) == 0 {
			e.WriteString(" []\n")
			return
		}
		e.WriteString("\n")
		e.elements(v, indent)
	case string:
		if isBlock(v) {
			e.block(v, indent+"  ")
			return
		}
		e.WriteString(" " + scalarText(v) + "\n")
	default:
		e.WriteString(" " + jsonText(v) + "\n")
	}
}

func (e *emitter) elements(list []any, indent string) {
	for _, v := range list {
		switch v := v.(type) {
		case map[string]any:
			if len(v) > 0 {
				e.entry(v, indent)
				continue
			}
		case []any:
			if len(v) > 0 {
				e.WriteString(indent + "-\n")
				e.elements(v, indent+"  ")
				continue
			}
		}
		e.WriteString(indent + "-")
		e.value(v, indent)
	}
}

// entry writes a mapping in a list, its first key after the dash.
func (e *emitter) entry(doc map[string]any, indent string) {
	start := e.Len()
	e.members(doc, indent+"  ")
	copy(e.Bytes()[start:], indent+"- ")
}

// isBlock says whether a text of several lines, such as a certificate, can be
// written as it is.
func isBlock(s string) bool {
	if !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") || strings.HasSuffix(s, "\n\n") || strings.HasPrefix(s, " ") || strings.HasPrefix(s, "\n") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimRight(line, " \t") != line || oneLine(line) != line {
			return false
		}
	}
	return true
}

func (e *emitter) block(s, indent string) {
	if strings.HasSuffix(s, "\n") {
		e.WriteString(" |\n")
	} else {
		e.WriteString(" |-\n")
	}
	for line := range strings.Lines(s) {
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			e.WriteString(indent + line)
		}
		e.WriteString("\n")
	}
}

// bare are texts that need no quotes: no parser takes them for anything else,
// reserved words apart.
var (
	bare     = regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_./-]*$`)
	reserved = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)
)

func scalarText(s string) string {
	if bare.MatchString(s) && !reserved.MatchString(s) {
		return s
	}
	return jsonText(s)
}

// jsonText renders a scalar as JSON, which is YAML as well.
func jsonText(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return jsonText(fmt.Sprint(v))
	}
	return escaped(strings.TrimSuffix(b.String(), "\n"))
}

// escaped also escapes what JSON lets stand and YAML does not.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == 0x7f, r >= 0x80 && r <= 0x9f, r == 0xfeff, r == 0xfffe, r == 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

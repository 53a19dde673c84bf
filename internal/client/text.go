package client

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// visible makes text from a server fit for a line of a message: valid, without
// control characters, blanks squeezed, cut to so many characters.
func visible(s string, limit int) string {
	if len(s) > utf8.UTFMax*limit*4 {
		s = s[:utf8.UTFMax*limit*4]
	}
	var b strings.Builder
	n, blank := 0, false
	for _, r := range strings.ToValidUTF8(s, "") {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			blank = b.Len() > 0
			continue
		}
		if n >= limit {
			b.WriteString(" …")
			break
		}
		if blank {
			b.WriteByte(' ')
			n++
			blank = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// pathIn reads a path as the API writes it. What does not fit that form is kept
// as names, since it can still be shown.
func pathIn(s string) schema.Path {
	s = visible(s, maxMessage)
	path, err := schema.ParsePath(s)
	if err == nil {
		return path
	}
	for name := range strings.SplitSeq(s, ".") {
		if name != "" {
			path = append(path, schema.Key(name))
		}
	}
	return path
}

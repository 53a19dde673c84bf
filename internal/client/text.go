package client

import (
	"strconv"
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

// parsePath reads a path as the API writes it: config.tools[0].name. What does
// not fit that form is kept as a name, since it can still be shown.
func parsePath(s string) schema.Path {
	var path schema.Path
	for _, part := range strings.Split(visible(s, maxMessage), ".") {
		name, indexes := splitIndexes(part)
		if name != "" {
			path = append(path, schema.Key(name))
		}
		for _, i := range indexes {
			path = append(path, schema.At(i))
		}
	}
	return path
}

// splitIndexes splits name[1][2] into the name and its indexes.
func splitIndexes(part string) (string, []int) {
	name, rest, found := strings.Cut(part, "[")
	if !found || !strings.HasSuffix(rest, "]") {
		return part, nil
	}
	var indexes []int
	for _, digits := range strings.Split(strings.TrimSuffix(rest, "]"), "][") {
		i, err := strconv.ParseUint(digits, 10, 31)
		if err != nil {
			return part, nil
		}
		indexes = append(indexes, int(i))
	}
	return name, indexes
}

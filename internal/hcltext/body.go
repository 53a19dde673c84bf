package hcltext

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Body is what stands in a file or in a block. The zero value is empty.
type Body struct{ text strings.Builder }

// Set adds an argument.
func (b *Body) Set(name, expression string) {
	b.text.WriteString(name + " = " + expression + "\n")
}

// Gap adds an empty line, unless nothing is there yet.
func (b *Body) Gap() {
	if b.text.Len() > 0 {
		b.text.WriteString("\n")
	}
}

// Comment adds the lines of a text as comments.
func (b *Body) Comment(text string) {
	for line := range strings.Lines(text) {
		b.text.WriteString(strings.TrimRight("# "+visible(line), " \n") + "\n")
	}
}

// visible takes out of a line what would end the comment, or could not be read.
func visible(line string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029 || r == 0x85) {
			return ' '
		}
		return r
	}, line)
}

// Block adds a block with its labels.
func (b *Body) Block(kind string, labels []string, inner *Body) {
	b.text.WriteString(kind)
	for _, label := range labels {
		b.text.WriteString(" " + Text(label))
	}
	b.text.WriteString(" {\n" + inner.text.String() + "}\n")
}

// Commented adds a body as comments, laid out like the rest.
func (b *Body) Commented(inner *Body) { b.Comment(inner.File()) }

// IsEmpty reports whether nothing was added.
func (b *Body) IsEmpty() bool { return b.text.Len() == 0 }

// File is the text as a file of its own, laid out as terraform fmt does.
func (b *Body) File() string { return string(hclwrite.Format([]byte(b.text.String()))) }

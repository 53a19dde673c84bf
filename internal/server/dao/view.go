package dao

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// View makes of a document's stored text the text that answers show, without
// decoding it: most of what reading an entity costs is taking it apart and
// putting it together again. It is [Present] for texts.
type View struct {
	hidden []string // members that are left out
	whole  string
	noted  string
}

// NewView returns the view of a type. whole names the member that is shown with
// its null values, and noted a text that Append returns; either may be "".
func NewView(t *entity.Type, whole, noted string) *View {
	return &View{hidden: slices.Concat(t.Internal, t.WriteOnly), whole: whole, noted: noted}
}

// Append appends what answers show of a stored text, and returns the JSON of
// the noted member as well. ok is false for a text that the store did not write.
func (v *View) Append(dst []byte, text string) (_ []byte, noted string, ok bool) {
	return v.AppendFormer(dst, text, nil)
}

// AppendFormer is Append that also shows members under their older names, below the
// member that is shown whole.
func (v *View) AppendFormer(dst []byte, text string, f *Former) (_ []byte, noted string, ok bool) {
	c := copier{view: v, dst: slices.Grow(dst, len(text)+1), text: text, values: f.values()}
	if !c.object(true, true, f) || c.at != len(text) {
		return dst, "", false
	}
	return append(c.dst, text[c.from:]...), c.noted, true
}

// copier goes through a text once and copies what it keeps. Its methods pass a
// part of the text and return false if it is not JSON as the store writes it,
// without spaces.
type copier struct {
	view  *View
	dst   []byte
	text  string
	at    int
	from  int // what is before was copied or left out
	depth int
	noted string
	// values are the texts that older names stand for: see Former.
	values []string
}

// deepest is how deep stored documents may be nested.
const deepest = 1000

// object passes an object. In a compact one, members that are null are left
// out; at the top also those that are not shown.
func (c *copier) object(top, compact bool, f *Former) bool {
	if c.depth++; c.depth > deepest || !c.skip('{') || compact && f.olderNames() != nil {
		return false
	}
	older := insertion{former: f}
	shown := false // a member before this one
	for more := !c.skip('}'); more; {
		start := c.at
		if !c.quoted() || !c.skip(':') {
			return false
		}
		name, begin := c.text[start+1:c.at-2], c.at
		hidden := top && slices.Contains(c.view.hidden, name)
		whole := hidden || top && name == c.view.whole && name != ""
		if !older.before(c, name, start) {
			return false
		}
		below := f.below(name)
		if !c.value(compact && !whole, below) {
			return false
		}
		value := c.text[begin:c.at]
		if !c.keep(below, value) {
			return false
		}
		if top && name == c.view.noted && name != "" {
			c.noted = value
		}
		if hidden || compact && value == "null" {
			c.leaveOut(start, shown)
		} else {
			shown = true
		}
		if more = c.skip(','); !more && !c.skip('}') {
			return false
		}
	}
	c.depth--
	return older.end(c, !shown)
}

// leaveOut leaves out the member that began at start and was passed just now.
// The comma before it goes as well, or, if there is none before it in the
// answer, the one behind it.
func (c *copier) leaveOut(start int, others bool) {
	end := c.at
	switch {
	case others:
		start--
	case strings.HasPrefix(c.text[end:], ","):
		end++
	}
	c.dst = append(c.dst, c.text[c.from:start]...)
	c.from = end
}

func (c *copier) array(compact bool) bool {
	if c.depth++; c.depth > deepest || !c.skip('[') {
		return false
	}
	for more := !c.skip(']'); more; {
		if !c.value(compact, nil) {
			return false
		}
		if more = c.skip(','); !more && !c.skip(']') {
			return false
		}
	}
	c.depth--
	return true
}

func (c *copier) value(compact bool, f *Former) bool {
	if c.at >= len(c.text) {
		return false
	}
	switch c.text[c.at] {
	case '{':
		return c.object(false, compact, f)
	case '[':
		return c.array(compact)
	case '"':
		return c.quoted()
	case 't':
		return c.literal("true")
	case 'f':
		return c.literal("false")
	case 'n':
		return c.literal("null")
	}
	return c.number()
}

// quoted passes a text in quotes.
func (c *copier) quoted() bool {
	if !c.skip('"') {
		return false
	}
	for c.at < len(c.text) {
		char := c.text[c.at]
		c.at++
		switch char {
		case '"':
			return true
		case '\\':
			c.at++ // what follows is no end
		}
	}
	return false
}

func (c *copier) literal(text string) bool {
	if !strings.HasPrefix(c.text[c.at:], text) {
		return false
	}
	c.at += len(text)
	return true
}

func (c *copier) number() bool {
	start := c.at
	for c.at < len(c.text) && (c.text[c.at] >= '0' && c.text[c.at] <= '9' || strings.IndexByte("+-.eE", c.text[c.at]) >= 0) {
		c.at++
	}
	return c.at > start
}

// skip passes a character if it comes next.
func (c *copier) skip(char byte) bool {
	if c.at >= len(c.text) || c.text[c.at] != char {
		return false
	}
	c.at++
	return true
}

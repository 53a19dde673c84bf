package schema

import (
	"strconv"
	"strings"
)

// Step is one step of a [Path]: a key of a record or map, or an index from 0.
type Step struct {
	Name  string
	Index int // meaningful when Name is empty
}

// Path leads from the root of an entity to a value.
type Path []Step

// Key returns the step into a record field or map key.
func Key(name string) Step { return Step{Name: name} }

// At returns the step to an element.
func At(index int) Step { return Step{Index: index} }

// String renders the path the way the API does: config.tools[0].name.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.Name == "":
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(s.Index))
			b.WriteByte(']')
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// Violation is one broken rule.
type Violation struct {
	// Path is the exact place: array indexes count from 0 and map keys are
	// named, also where Kong's tree leaves them out. For an entity check it
	// is the level that declares the check.
	Path Path
	// Message is Kong's text.
	Message string
	// Value is what a custom function gave instead of a text, or nil.
	Value any
	// Rule is Kong's keyword ("between", "required", "at_least_one_of"),
	// or "type", "unknown_field", "raised".
	Rule string
	// Entity is set for the messages that Kong lists under "@entity".
	Entity bool
	// Fields are the fields that an entity check names, relative to Path.
	Fields []string
	// Field is the definition that was broken, where there is one.
	Field *Field
	// Known are the names that would have been right, for unknown fields.
	Known []string
}

// Error makes a violation usable as an error: "path: message".
func (v *Violation) Error() string {
	if len(v.Path) == 0 {
		return v.Message
	}
	return v.Path.String() + ": " + v.Message
}

// Errors is one level of Kong's error tree. A nil *Errors means that nothing
// is wrong.
type Errors struct {
	entity []*Violation
	fields map[string]node
	items  map[int]node // by index from 1, for arrays and sets
}

// node is *Violation or *Errors.
type node interface{ isNode() }

func (*Violation) isNode() {}
func (*Errors) isNode()    {}

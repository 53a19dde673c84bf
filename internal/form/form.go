// Package form makes a form of a schema, and a document of what was written into
// the form.
//
// [New] returns a [Control] for each field, filled with the values of a document;
// [Read] makes the document again of what a browser sends. The way there and back
// loses nothing: what a control of its own kind cannot show is shown as JSON. A
// control that is left empty means that its field is not given.
//
// Both are bounded, whatever is sent: see [MostControls] and what stands beside it. The
// package judges no value, that is the schema's to do. It knows neither HTML nor
// HTTP, and not which entity a schema is of.
package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Bounds of a form. What does not fit is shown as JSON.
const (
	// MostControls is how many controls a form has.
	MostControls = 5000
	// MostValues is how many values are read.
	MostValues = 20_000
	// MostRows is how many elements a list has.
	MostRows = 100
)

// Kind is what a control looks like.
type Kind string

// The kinds of controls.
const (
	Text      Kind = "text"
	Number    Kind = "number"
	Truth     Kind = "truth"     // true, false, or nothing
	Choice    Kind = "choice"    // one of some
	Choices   Kind = "choices"   // several of some, in an order without meaning
	Reference Kind = "reference" // the id of another entity
	JSON      Kind = "json"      // anything
	Record    Kind = "record"
	List      Kind = "list"
	Map       Kind = "map"
)

// Control is a field in a form.
type Control struct {
	Kind  Kind
	Name  string // of the value that is sent
	Path  schema.Path
	Label string
	Field *schema.Field // its definition; nil for what the schema does not know
	About string

	Value   string
	Options []Option   // of a choice
	Default string     // what leaving it empty means
	Secret  bool       // to be hidden from whoever looks over a shoulder
	Given   bool       // it has a value
	Faults  []string   // what is wrong with it
	Parts   []*Control // of a record, a list or a map; rows for new elements come last

	// Row says that it is an element, and can be taken away. Of an entry of a map, Key is what it is called.
	Row bool
	Key *string
	// Extends says that there may be one more element.
	Extends bool
}

// Option is a value of a choice.
type Option struct {
	Value  string
	Chosen bool
}

// ID is the name as an id of HTML, which has no spaces.
func (c *Control) ID() string { return strings.ReplaceAll(url.QueryEscape(c.Name), "%", "_") }

// Sends is the name of the value that the control itself sends, if it has no parts.
func (c *Control) Sends() string {
	switch {
	case c.Kind == Choices:
		return c.Name + asSet
	case c.Kind == JSON && !strings.HasSuffix(c.Name, asOthers):
		return c.Name + asJSON
	}
	return c.Name
}

// Title is the field for people, who see which record it is in.
func (c *Control) Title() string { return c.Path.String() }

// HasFault reports whether something is wrong here or below.
func (c *Control) HasFault() bool {
	if len(c.Faults) > 0 {
		return true
	}
	for _, p := range c.Parts {
		if p.HasFault() {
			return true
		}
	}
	return false
}

// Fault says what is wrong with a value, before a schema sees it.
type Fault struct {
	Path    schema.Path
	Message string
}

// Find returns the control of a path, or the nearest one around it; nil if there is none.
func Find(controls []*Control, at schema.Path) *Control {
	for _, c := range controls {
		if len(c.Path) > len(at) || !slices.Equal(c.Path, at[:len(c.Path)]) {
			continue
		}
		if below := Find(c.Parts, at); below != nil {
			return below
		}
		return c
	}
	return nil
}

// The names of the values that a form sends are paths in it, with a beginning that
// tells them from others. Elements are numbered, also those of maps. What follows a
// path says how a value is written.
const (
	root     = "in."
	asJSON   = "#json" // as JSON
	asSet    = "#set"  // several values of one name
	asCount  = "#rows" // how many elements there are
	asKey    = "#key"  // what an entry of a map is called
	asGiven  = "#on"   // a record is there, even if nothing is in it
	asOthers = "#others"
)

// Add and Remove are the names of values that change a form: they hold the name of
// a list or map that gets one more element, and that of an element that goes.
const (
	Add    = "add"
	Remove = "remove"
)

func row(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }

// isStructured reports whether a field takes more than one value.
func isStructured(f *schema.Field) bool {
	switch f.Type {
	case schema.Array, schema.Set, schema.Map, schema.Record:
		return true
	}
	return false
}

// oneOf are the texts that a field allows, where it lists them.
func oneOf(f *schema.Field) (out []string) {
	list, _ := f.Def["one_of"].([]any)
	for _, v := range list {
		out = append(out, jsonvalue.Shown(v))
	}
	return out
}

// isChoices reports whether a list is a choice of several: their order has no
// meaning, and none is there twice.
func isChoices(f *schema.Field) bool {
	return f.Type == schema.Set && f.Elements.Type == schema.String && len(oneOf(f.Elements)) > 0
}

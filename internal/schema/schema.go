// Package schema is Kong's schema language in Go: it describes entities and
// plugin configurations, fills in what a user left out and says what is wrong.
//
// A definition ([Def]) is the language as data, the form in which catalogs,
// Lua tables and Go literals state it. [Compile] turns a definition into a
// [Schema], once; a Schema is immutable and safe for any number of goroutines.
// [Schema.ProcessAutoFields] completes an entity (defaults, shorthand fields,
// automatic values) and [Schema.Validate] judges it; both return Kong's error
// tree as [*Errors], whose leaves know their exact path. [CheckDefinition]
// judges a definition itself by Kong's metaschema, and [Schema.Specialize]
// makes a plugin's schema a subschema of the plugins entity.
//
// Values have one form, that of decoded JSON: map[string]any, []any, string,
// bool, numbers, nil. A missing key and an explicit nil differ. Numbers are
// [json.Number], so that their decimal text survives; the engine also takes
// float64 and int. An empty map and an empty slice are the same empty table,
// as in Lua. [Unknown] stands for a value that is not known yet: nothing that
// depends on it is judged.
//
// A [Path] leads to a value in a document, and [Schema.Walk] visits all of them
// beside their definitions. DESIGN.md explains the stages and what a run knows.
//
// The package knows nothing of Lua, HTTP, SQL, Terraform or of any particular
// entity. Functions of a schema arrive as Go closures ([Function]).
package schema

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"
)

// Def is a schema or field definition as data: Kong's attribute names, values
// in the form of decoded JSON, field lists as []any of one-entry maps, and
// *[Function] for code.
type Def = map[string]any

// Number is the form numbers take in definitions, defaults and results.
type Number = json.Number

// Unknown stands for a value that will be known later. It satisfies every
// rule, and rules over several values that involve it are not judged.
var Unknown any = unknown{}

type unknown struct{}

func (unknown) String() string { return "(unknown)" }

// IsUnknown reports whether v is [Unknown] itself; see [HasUnknown] for
// containers.
func IsUnknown(v any) bool { _, ok := v.(unknown); return ok }

// HasUnknown reports whether v is or contains [Unknown].
func HasUnknown(v any) bool {
	switch v := v.(type) {
	case unknown:
		return true
	case map[string]any:
		for _, e := range v {
			if HasUnknown(e) {
				return true
			}
		}
	case []any:
		for _, e := range v {
			if HasUnknown(e) {
				return true
			}
		}
	}
	return false
}

// Type is the type of a field.
type Type uint8

// The types of the language. Any is used by the metaschema only.
const (
	Invalid Type = iota
	Array
	Boolean
	Foreign
	FunctionType
	Integer
	JSON
	Map
	NumberType
	Record
	Set
	String
	Any
)

var typeNames = [...]string{"nil", "array", "boolean", "foreign", "function", "integer", "json", "map", "number", "record", "set", "string", "any"}

// String returns Kong's name of the type.
func (t Type) String() string { return typeNames[t] }

// TypeNamed returns the type of that name, or Invalid.
func TypeNamed(name string) Type {
	for i := 1; i < len(typeNames); i++ {
		if typeNames[i] == name {
			return Type(i)
		}
	}
	return Invalid
}

// Function is code that a definition carries.
type Function struct {
	// Name identifies the function in exported definitions and messages,
	// for example "typedefs.host.custom_validator".
	Name string
	// Call runs it on values and returns Lua's results: for validators
	// (ok, message), for entity checks (ok, message, message). An error means
	// that the code itself failed, not that it found a fault.
	Call func(ctx context.Context, args ...any) ([]any, error)
	// Check, when set, is used instead of Call where the function validates
	// one value: it returns nil when the value is good, otherwise the message
	// (a string, or a table that is grafted into the error tree).
	Check func(value any) any
}

// Op is the operation for which an entity is processed or validated.
type Op uint8

// The operations. Insert and Upsert complete an entity and need all of it;
// Update works on a part of it, fills in nothing and sets only updated_at. For
// Kong's select context see [Schema.Read].
const (
	Insert Op = iota
	Upsert
	Update
)

// Auto supplies automatic values. The zero value takes them from the clock and
// from a random source; a plan supplies [Unknown].
type Auto struct {
	Now    func() time.Time
	UUID   func() any // a random version 4 UUID
	Random func() any // 32 random letters and digits
	// Timestamps, when set, is used for created_at and updated_at in place of
	// Now, for callers that cannot name a time.
	Timestamp func() any
}

// Schema is a compiled schema: of an entity, a record or a plugin.
type Schema struct {
	Name            string
	Fields          []*Field // in the order of declaration
	ShorthandFields []*Field // accepted on input, translated away
	Def             Def      // what it was compiled from; never changed

	root       *Field // the schema as a definition; kept where it has a name
	index      map[string]*Field
	shorthands map[string]*Field
	checks     []entityCheck
	live       []*Field       // Fields without those that a later one of the name hides
	must       []bool         // by position in live: the required scan visits it
	repeats    bool           // two fields share a name
	fillsFine  []atomic.Int32 // by position in live: whether what fills the field in is valid; see leavesFine
	selector   *selector
	transforms []transformation
	check      *Function
	sparse     bool // metaschema: what is absent counts as null and stays absent
}

// Field returns the field of that name, or nil. Where two fields share a
// name the later one answers, as in Kong.
func (s *Schema) Field(name string) *Field { return s.index[name] }

// Shorthand returns the shorthand field of that name, or nil.
func (s *Schema) Shorthand(name string) *Field { return s.shorthands[name] }

// Field is one compiled field definition.
type Field struct {
	Name string // empty for elements, keys and values
	Type Type
	Def  Def // what it was compiled from; never changed

	Required   bool
	Default    any // meaningful when HasDefault; copy before use
	HasDefault bool

	Elements *Field  // array, set
	Keys     *Field  // map
	Values   *Field  // map
	Record   *Schema // record: its fields, checks and shorthand fields

	Reference     string // foreign: name of the entity
	Auto          bool
	Unique        bool
	Immutable     bool
	Abstract      bool
	Referenceable bool
	Encrypted     bool
	Description   string
	Err           string
	Deprecation   *Deprecation
	Func          *Function // shorthand fields

	target         *Schema // foreign
	rules          []rule
	plain          bool // a scalar whose rules are: see Field.holds
	eqNull         bool
	neNull         bool
	referenceAny   bool // a vault reference stands for a value of any scalar type
	needsTwoPasses bool // record: see needsTwoPasses
	json           *jsonSchema
	alias          *Field // metaschema: the definition that this one repeats
	self           bool   // metaschema: judged by the definition it stands in
}

// Deprecation says what replaces a field.
type Deprecation struct {
	Message          string
	RemovalInVersion string
	OldDefault       any
	ReplacedWith     []Replacement
}

// Replacement is the new place of a deprecated field, relative to the record
// that declares it.
type Replacement struct {
	Path    Path
	Reverse *Function // old value from the record; optional
}

package schema

// Violation is one broken rule.
type Violation struct {
	// Path is the exact place: indexes count from 0, and map keys are named
	// even where Kong's tree leaves them out. For an entity check it is the
	// level that declares the check.
	Path Path
	// Message is Kong's text.
	Message string
	// Value is the result of a custom function that returned no text, or nil.
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
	// Meant is the fault behind this one, where Kong's text is about something
	// that nobody has to write: what selects the schema of a reference's target.
	Meant *Violation
	// Known are the valid names, for an unknown field.
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

// mean notes that what is meant is the fault of a field that is not mentioned.
func (e *Errors) mean(name string, fault *Errors) {
	if e.fields[name] != nil {
		return
	}
	for _, v := range e.Violations() {
		v.Meant = fault.Violations()[0]
	}
}

// node is *Violation or *Errors.
type node interface{ isNode() }

func (*Violation) isNode() {}
func (*Errors) isNode()    {}

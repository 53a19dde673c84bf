package evolution

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// Way is the order in which an update of a schema that is in use goes, in
// Konnect's documentation.
type Way string

// The ways, from the easiest on.
const (
	// Short: the schema on the control plane, then that of each data plane.
	Short Way = "short"
	// Long: the schema on the control plane, then the existing instances, then
	// the schema of each data plane.
	Long Way = "long"
	// InStep: as Long, and nothing else changes on the control plane until the
	// data planes have followed.
	InStep Way = "in_step"
)

var waySteps = map[Way]string{
	Short:  "short path: in a maintenance window, update the schema on the control plane, then on every data plane",
	Long:   "long path: in a maintenance window, update the schema on the control plane, then the existing instances, then the schema on every data plane",
	InStep: "control plane and data planes in step: in a maintenance window, update the schema on the control plane, then the instances that need it, and the schema on every data plane before it gets another configuration",
}

// Steps says what is to be done on that way.
func (w Way) Steps() string { return waySteps[w] }

func (w Way) rank() int {
	switch w {
	case Long:
		return 1
	case InStep:
		return 2
	}
	return 0
}

// Prescription is the way that a change goes.
type Prescription struct {
	Way Way `json:"way"`
	// Documented says that Konnect's table of update paths has this change.
	// Otherwise the way follows from what the documented ones are for.
	Documented bool `json:"documented"`
	// Note is what is to be said beside it.
	Note string `json:"note,omitempty"`
}

// String says the way and where that comes from.
func (p Prescription) String() string {
	out := p.Way.Steps()
	if !p.Documented {
		out += " (Konnect's documentation does not name this change; that is our reading)"
	}
	if p.Note != "" {
		out += ". " + p.Note
	}
	return out
}

// faqRemoved: two places of one page disagree.
const faqRemoved = "Konnect's documentation disagrees with itself: its table asks for the long path when an optional field without a default is removed, " +
	"its FAQ says that this does not break data planes"

// sortOf is what the documentation tells fields apart by.
type sortOf struct{ required, defaulted bool }

// table holds the rows of prescriptions. Kinds that make no difference between
// sorts of fields have one entry, in always.
var (
	table = map[Kind]map[sortOf]Prescription{
		Added: {
			{true, true}:   {Way: Short, Documented: true},
			{true, false}:  {Way: Long, Documented: true},
			{false, true}:  {Way: Short, Documented: true},
			{false, false}: {Way: Short, Documented: true},
		},
		Removed: {
			{true, true}:   {Way: Long, Documented: true},
			{true, false}:  {Way: InStep, Documented: true},
			{false, true}:  {Way: Long, Documented: true},
			{false, false}: {Way: Long, Documented: true, Note: faqRemoved},
		},
		// A field that becomes required is to an instance like one that is added,
		// and one that becomes optional is to a data plane like one that is removed.
		NowRequired: {
			{true, true}:  {Way: Short},
			{true, false}: {Way: Long},
		},
		NowOptional: {
			{true, true}:  {Way: Short},
			{true, false}: {Way: InStep, Note: "A data plane with the old schema refuses a configuration without the field"},
		},
		// Without its default a required field is to be written.
		DefaultRemoved: {
			{true, true}:   {Way: Short},
			{true, false}:  {Way: Long},
			{false, false}: {Way: Short},
		},
	}
	always = map[Kind]Prescription{
		Retyped:        {Way: InStep, Documented: true},
		Stricter:       {Way: Long},
		Looser:         {Way: Short, Note: "A data plane with the old schema refuses what only the new one takes"},
		DefaultAdded:   {Way: Short, Note: stored},
		DefaultChanged: {Way: Short, Note: stored},
		ChecksAdded:    {Way: Long},
		ChecksRemoved:  {Way: Short, Note: "A data plane with the old schema still checks"},
	}
)

const stored = "Stored instances keep their value until they are next written; then those that do not say it get the new default"

// prescribed returns the way of a change.
func prescribed(kind Kind, f *schema.Field) Prescription {
	if p, ok := always[kind]; ok {
		return p
	}
	return table[kind][sortOf{f.Required, f.HasDefault || f.Required && !mustBeWritten(f)}]
}

// mustBeWritten reports whether a field has no value unless somebody writes it: a
// required record fills itself where its own fields do.
func mustBeWritten(f *schema.Field) bool {
	if !f.Required || f.HasDefault || f.Auto {
		return false
	}
	if f.Type != schema.Record || f.Record == nil {
		return true
	}
	for _, member := range f.Record.Fields {
		if mustBeWritten(member) {
			return true
		}
	}
	return false
}

// stricter returns the harder one of two ways.
func stricter(a, b Prescription) Prescription {
	if b.Way.rank() > a.Way.rank() {
		return b
	}
	return a
}

// Hardest returns the way that all changes together go: an update is one.
func Hardest(changes []Change) Way {
	out := Short
	for _, c := range changes {
		if c.Prescription.Way.rank() > out.rank() {
			out = c.Prescription.Way
		}
	}
	return out
}

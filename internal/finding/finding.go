// Package finding is what checks say about files and configurations: a
// [Finding] is one thing to say, with how bad it is and where it stands. Every
// check has this form, whatever it reads, so that a command, a diagnostic or a
// test can take it from any of them.
//
// The package knows nothing of who checks what, nor of where findings go.
package finding

import (
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Severity says how bad a finding is.
type Severity string

// An Error is refused or cannot work; a Warning is accepted, and does what
// people may not expect.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing to say. Whatever of its place is not known is empty.
type Finding struct {
	Severity Severity    `json:"severity"`
	Rule     string      `json:"rule,omitempty"` // which rule of a check says it, for those who sort findings
	File     string      `json:"file,omitempty"`
	Line     int         `json:"line,omitempty"`    // from 1
	Column   int         `json:"column,omitempty"`  // from 1
	Address  string      `json:"address,omitempty"` // of a resource: konnect_gateway_service.orders
	Path     schema.Path `json:"path,omitempty"`    // inside the file's value or the resource
	Message  string      `json:"message"`           // what is wrong
	Hint     string      `json:"hint,omitempty"`    // what would be right
}

// String renders a finding in the way of compilers. Messages about a resource
// name the attribute themselves.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	for _, n := range []int{f.Line, f.Column} {
		if n > 0 {
			fmt.Fprintf(&b, ":%d", n)
		}
	}
	fmt.Fprintf(&b, ": %s: ", f.Severity)
	if f.Address != "" {
		b.WriteString(f.Address + ": ")
	} else if len(f.Path) > 0 {
		b.WriteString(f.Path.String() + ": ")
	}
	b.WriteString(f.Message)
	if f.Hint != "" {
		b.WriteString("\n    hint: " + f.Hint)
	}
	return b.String()
}

// Count tells how many findings are errors, and how many are warnings.
func Count(all []Finding) (mistakes, warnings int) {
	for _, f := range all {
		if f.Severity == Error {
			mistakes++
		} else {
			warnings++
		}
	}
	return mistakes, warnings
}

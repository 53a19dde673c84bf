package plugins

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Finding is what Konnect's rules say about one instance of a plugin, beyond
// what its schema says. An error is what Konnect or its data planes refuse or
// cannot do.
type Finding struct {
	finding.Finding
	// OnCreate: it holds for an instance that is to be made, not for one that
	// is there already.
	OnCreate bool
}

// Deployment is what kind of data planes a control plane has.
type Deployment string

// The kinds of which the facts speak. The empty one is not known, and then
// what differs between the kinds is not judged.
const (
	Hybrid         Deployment = "hybrid"
	DedicatedCloud Deployment = "dedicated_cloud"
	Serverless     Deployment = "serverless"
)

func (d Deployment) String() string {
	switch d {
	case Hybrid:
		return "hybrid"
	case DedicatedCloud:
		return "dedicated cloud"
	case Serverless:
		return "serverless"
	}
	return "unknown"
}

// Case is an instance of a plugin with its circumstances.
type Case struct {
	// Plugin may be nil, of a name that no plugin has.
	Plugin *Plugin
	Name   string

	// Written is what the user wrote, before defaults, and Completed what that
	// amounts to; nil when it could not be completed.
	Written, Completed map[string]any

	Deployment Deployment
	// Minimum is the oldest version among the data planes; the zero value is
	// not known.
	Minimum Version

	// Known says whether a plugin of that name is there, and whether that can
	// be told at all. nil can never tell.
	Known func(name string) (there, certain bool)
	// Names are the names that a mistyped one may have meant.
	Names []string
	// PartialKind says of which kind a partial is, or "" when that is not
	// known. nil never knows.
	PartialKind func(id string) string
}

// Judge applies Konnect's rules. What is unknown is not judged, and what the
// facts leave open or contradict each other about is never an error.
func Judge(c Case) []Finding {
	j := judgement{Case: c}
	j.availability()
	if c.Plugin != nil {
		j.partials()
		if c.Plugin.Info != nil && !c.Plugin.Custom {
			j.Info = c.Plugin.Info
			j.limits()
			j.redis()
			j.scopes()
			j.protocols()
			j.versions()
		}
		j.ordering()
	}
	return j.found
}

// JudgeVersions applies only the rules on what the oldest data planes have.
func JudgeVersions(c Case) []Finding {
	j := judgement{Case: c}
	if c.Plugin != nil && c.Plugin.Info != nil && !c.Plugin.Custom {
		j.Info = c.Plugin.Info
		j.versions()
	}
	return j.found
}

// judgement collects what is found about one case.
type judgement struct {
	Case
	*Info
	found []Finding
}

func (j *judgement) add(s finding.Severity, at schema.Path, hint, format string, args ...any) {
	j.found = append(j.found, Finding{Finding: finding.Finding{Severity: s, Path: at, Message: fmt.Sprintf(format, args...), Hint: hint}})
}

// choices are the values of a field that has a list of them.
func choices(f *schema.Field) []string {
	if f == nil {
		return nil
	}
	return texts(f.Def["one_of"])
}

// texts are the strings of a list; anything else has none.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// quoted joins names for a sentence.
func quoted(names []string, last string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	if len(q) < 2 {
		return strings.Join(q, "")
	}
	return strings.Join(q[:len(q)-1], ", ") + " " + last + " " + q[len(q)-1]
}

// without returns the names that are not among others.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(others, n) })
}

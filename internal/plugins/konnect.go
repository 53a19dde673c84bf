package plugins

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Finding is what Konnect's rules say about one instance of a plugin, beyond
// its schema. An error is something that Konnect or its data planes refuse or
// cannot do.
type Finding struct {
	finding.Finding
	// OnCreate says that the finding holds only for an instance that is yet to
	// be created.
	OnCreate bool
}

// Deployment is what kind of data planes a control plane has.
type Deployment string

// The kinds that the facts know. The empty kind is unknown; then rules that
// depend on the kind do not apply.
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
	// Plugin is nil if no plugin has that name.
	Plugin *Plugin
	Name   string

	// Written is the instance as the user wrote it, before defaults. Completed
	// has the defaults; it is nil if completing failed.
	Written, Completed map[string]any

	Deployment Deployment
	// Minimum is the oldest version among the data planes; zero if unknown.
	Minimum dataplane.Version

	// Known says whether a plugin of that name exists, and whether that is
	// certain. Without Known it never is.
	Known func(name string) (there, certain bool)
	// Names are the names of the bundled plugins. Others are those that exist beside
	// them. Both are asked only where a name may be wrong, and may be nil.
	Names  func() []string
	Others func() []string
	// PartialKind returns the kind of a partial, or "" if that is not known. It
	// may be nil.
	PartialKind func(id string) string
}

func (c Case) bundledNames() []string {
	if c.Names == nil {
		return nil
	}
	return c.Names()
}

// Judge applies Konnect's rules. It does not judge unknown values, and never
// makes an error of a point where the facts are silent or contradict each
// other.
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
			j.versions(dataplane.Only(j.Minimum))
		}
		j.conditionVersion(dataplane.Only(j.Minimum))
		j.ordering()
		j.conditions()
	}
	return j.found
}

// JudgeVersions applies only the rules about the versions of data planes.
func JudgeVersions(c Case, ask dataplane.Ask) []Finding {
	j := judgement{Case: c}
	if c.Plugin != nil && c.Plugin.Info != nil && !c.Plugin.Custom {
		j.Info = c.Plugin.Info
		j.versions(ask)
		j.conditionVersion(ask)
	}
	return j.found
}

// JudgeVerified warns of certificates that are not verified, as newer data planes
// insist on.
func JudgeVerified(c Case, ask dataplane.Ask) []Finding {
	if c.Plugin != nil && c.Plugin.Info != nil && !c.Plugin.Custom {
		rules, _ := c.Plugin.Info.KonnectRules()
		return Findings(dataplane.JudgeVerified(c.document(), rules.Verified, ask))
	}
	return nil
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

// Findings are findings of others that hold for any instance.
func Findings(found []finding.Finding) []Finding {
	out := make([]Finding, len(found))
	for i, f := range found {
		out[i].Finding = f
	}
	return out
}

func (c Case) document() dataplane.Document {
	return dataplane.Document{Written: c.Written, Completed: c.Completed}
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

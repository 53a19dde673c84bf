package plugins

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// ClonesSince is the first version whose data planes know clones.
var ClonesSince = dataplane.Version{Major: 3, Minor: 15}

// Clone returns a bundled plugin under another name: with the same schema and
// the same rules, on data planes that know clones.
func (s *Set) Clone(name, ref string) (*Plugin, error) {
	source, err := s.Load(ref)
	if err != nil {
		return nil, err
	}
	clone, info := *source, *source.Info
	info.Since = ClonesSince.String()
	clone.Name, clone.Source, clone.Info = name, source.Name, &info
	return &clone, nil
}

// Prioritized gives a clone the priority that its entity says; nothing, or what is no
// whole number, leaves that of the source.
func (p *Plugin) Prioritized(priority any) *Plugin {
	if n, ok := priority.(json.Number); ok {
		if whole, err := n.Int64(); err == nil {
			p.Info.Priority = int(whole)
		}
	}
	return p
}

// Origin is the name under which the catalog has the plugin: of a clone, that
// of its source.
func (p *Plugin) Origin() string {
	if p.Source != "" {
		return p.Source
	}
	return p.Name
}

// JudgeClone applies Konnect's rules to a clone itself, before it has instances.
func JudgeClone(c Case) []Finding {
	j := judgement{Case: c, Info: c.Plugin.Info}
	if slices.Contains(c.bundledNames(), c.Name) {
		j.add(finding.Error, schema.Dotted("name"), fmt.Sprintf("Choose another name, such as %q.", "my-"+c.Name),
			"a bundled plugin has the name %q.", c.Name)
		return j.found
	}
	j.availability()
	return j.found
}

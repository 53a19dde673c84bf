package resource

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// clonedPlugin is a bundled plugin under another name. The session keeps it for
// the instances of the same configuration.
type clonedPlugin struct{ regular }

func (p clonedPlugin) judge(ctx context.Context, s *session.Session, in subject) candidate {
	c := p.regular.judge(ctx, s, in)
	if clone := cloneOf(s, c); clone != nil {
		s.NoteClone(in.get("control_plane_id"), clone)
	}
	return c
}

// cloneOf returns the plugin that a configuration makes, or nil while that is
// not known, or if there is no such plugin to clone.
func cloneOf(s *session.Session, c candidate) *plugins.Plugin {
	name, named := c.doc["name"].(string)
	ref, known := c.doc["ref"].(string)
	if !named || !known {
		return nil
	}
	clone, err := s.Bundled.Clone(name, ref)
	if err != nil {
		return nil
	}
	return clone.Prioritized(c.doc["priority"])
}

// rules judges whether there can be such a clone.
func (p clonedPlugin) rules(ctx context.Context, s *session.Session, c candidate, d plugins.Deployment) report.Ruling {
	clone := cloneOf(s, c)
	if clone == nil {
		return report.Ruling{}
	}
	found := plugins.JudgeClone(plugins.Case{Plugin: clone, Name: clone.Name, Names: s.Bundled.Names, Deployment: d})
	return report.Ruling{Found: append(found, p.regular.rules(ctx, s, c, d).Found...)}
}

// crowded refuses one clone too many of a plugin. It claims one of the places.
func (r *Resource) crowded(s *session.Session, c candidate) report.Diagnostics {
	ref, known := c.doc["ref"].(string)
	plane, placed := c.get("control_plane_id").(string)
	if r.Type != entity.ClonedPlugin || !known || !placed {
		return nil
	}
	for place := range entity.MaxClones {
		if s.Claim(strings.Join([]string{r.Type.Name, "ref", plane, ref, strconv.Itoa(place)}, "\x00"), ref) == "" {
			return nil
		}
	}
	return report.Diagnostics{report.Failure(report.AttributePath("ref"), "Too many clones", fmt.Sprintf(
		"ref: this configuration has more than %d clones of %q%s, which is as many as a control plane takes. "+
			"One clone serves any number of instances, each with another scope.", entity.MaxClones, ref, r.below(c.subject)))}
}

// reborn warns of a clone that is to be replaced under its name, which cannot be
// done while plugins use it.
func (r *Resource) reborn(prior, plan tftypes.Value) report.Diagnostics {
	if r.Type != entity.ClonedPlugin || tfvalue.IsNull(prior) {
		return nil
	}
	before, after := r.subject(prior), r.subject(plan)
	if before.get("control_plane_id") != after.get("control_plane_id") || before.get("name") != after.get("name") {
		return nil
	}
	for _, name := range []string{"ref", "priority"} {
		if before.get(name) != after.get(name) {
			return report.Diagnostics{report.Warning(report.AttributePath(name), "The clone is replaced", fmt.Sprintf(
				"%s: it cannot change, so that the clone %q is deleted and created anew. A control plane refuses that while plugins use the clone. "+
					"Where some do, give the clone another name too, or make a second one and let the plugins name that.", name, before.text("name")))}
		}
	}
	return nil
}

package resource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Konnect's rules go beyond schemas. Those that need the configuration alone
// are judged where Terraform validates ([Resource.ruled]), those that need the
// control plane or the prior state where it plans ([Resource.objections]).

// rules judges what the schema of an entity does not say.
func (r regular) rules(_ context.Context, s *session.Session, c candidate, _ plugins.Deployment) report.Ruling {
	return report.Ruling{Found: append(r.rewritten(c, dataplane.Only(s.Minimum)), r.doubts(c)...)}
}

// doubts says what is questionable about an entity although a control plane takes
// it.
func (r regular) doubts(c candidate) (out []plugins.Finding) {
	if r.typ.Doubts == nil {
		return nil
	}
	for _, d := range r.typ.Doubts(c.doc, time.Now()) {
		out = append(out, plugins.Finding{Finding: finding.Finding{Severity: finding.Warning, Path: d.Path, Message: d.Message, Hint: d.Hint}})
	}
	return out
}

// rewritten says what older data planes do not get of an entity.
func (r regular) rewritten(c candidate, ask dataplane.Ask) []plugins.Finding {
	return plugins.Findings(dataplane.JudgeRewrites(c.judged(), dataplane.RulesOf(r.typ.Name).Rewrites, ask).Found)
}

// dataPlanes says what data planes of some versions make of an entity beyond
// what rules has said of the oldest, if the user names that.
func (r regular) dataPlanes(_ context.Context, s *session.Session, c candidate, ask dataplane.Ask) []plugins.Finding {
	found := plugins.Findings(dataplane.JudgeVerified(c.judged(), dataplane.RulesOf(r.typ.Name).Verified, ask))
	if s.Minimum.IsZero() {
		found = append(found, r.rewritten(c, ask)...)
	}
	return found
}

// rules applies Konnect's rules for plugins.
func (p plugin) rules(ctx context.Context, s *session.Session, c candidate, d plugins.Deployment) report.Ruling {
	name, known := c.doc["name"].(string)
	if !known {
		return report.Ruling{}
	}
	controlPlane := c.get("control_plane_id")
	found, _ := s.Plugin(ctx, controlPlane, name)
	judged := plugins.Case{
		Plugin: found, Name: name, Written: c.doc, Completed: c.filled, Deployment: d, Minimum: s.Minimum,
		Names:  s.Bundled.Names,
		Others: func() []string { return s.OtherPlugins(ctx, controlPlane) },
		Known: func(name string) (there, certain bool) {
			p, err := s.Plugin(ctx, controlPlane, name)
			return p != nil, errors.Is(err, session.ErrNoPlugin)
		},
		PartialKind: func(id string) string { return s.PartialKind(ctx, controlPlane, id) },
	}
	certain, possible := judged.Supplied()
	return report.Ruling{
		Found:    append(plugins.Judge(judged), p.regular.rules(ctx, s, c, d).Found...),
		Supplied: append(certain, possible...),
	}
}

func (p plugin) dataPlanes(ctx context.Context, s *session.Session, c candidate, ask dataplane.Ask) []plugins.Finding {
	found := p.regular.dataPlanes(ctx, s, c, ask)
	name, known := c.doc["name"].(string)
	if !known {
		return found
	}
	judged := plugins.Case{Name: name, Written: c.doc, Completed: c.filled}
	judged.Plugin, _ = s.Plugin(ctx, c.get("control_plane_id"), name)
	found = append(found, plugins.JudgeVerified(judged, ask)...)
	if s.Minimum.IsZero() {
		found = append(found, plugins.JudgeVersions(judged, ask)...)
	}
	return found
}

// ruled judges a configuration by its rules and its schema together. If both
// complain of one place, the rule is shown, unless something is missing there.
func (r *Resource) ruled(ctx context.Context, s *session.Session, c candidate, violations []*schema.Violation) report.Diagnostics {
	found, violations := r.rules(ctx, s, c, "").Beside(violations)
	rep := r.report(c)
	diags := rep.Diagnostics(violations)
	if len(diags) > 0 || slices.ContainsFunc(found, isError) { // errors first
		found = slices.DeleteFunc(found, func(f plugins.Finding) bool { return !isError(f) })
	}
	return append(diags, rep.Findings(found)...)
}

func isError(f plugins.Finding) bool { return f.Severity == finding.Error }

// objections judges a plan by the kind and the contents of the control plane,
// and by the prior state of the object. changes says that the plan does anything.
func (r *Resource) objections(ctx context.Context, s *session.Session, c candidate, prior, plan tftypes.Value, changes bool) (diags report.Diagnostics) {
	creates := tfvalue.IsNull(prior)
	if !creates && changes {
		diags = append(r.untouchable(prior, "changed"), r.reborn(prior, plan)...)
		diags = append(diags, r.forgotten(ctx, c, prior)...)
		diags = append(diags, r.resent(plan, prior)...)
		diags = append(diags, r.evolves(ctx, s, prior, plan)...)
	}
	if changes {
		if missing := r.nowhere(ctx, s, c, prior); missing != nil {
			return append(diags, missing...)
		}
	}
	plane, known := session.Plane{}, false
	if creates || r.needsPlane(ctx, s, c) {
		plane, known = s.Plane(ctx, c.get("control_plane_id"))
	}
	if known && creates && holdsEntities(r.Type) {
		if text := s.ReadOnly(ctx, plane); text != "" {
			return append(diags, report.Failure(report.AttributePath("control_plane_id"), "Read-only control plane", text))
		}
	}
	// Validate has given the warnings.
	found := slices.DeleteFunc(r.rules(ctx, s, c, plane.Deployment()).Found, func(f plugins.Finding) bool {
		return !isError(f) || f.OnCreate && !creates
	})
	if !report.HasErrors(diags) && len(found) == 0 && changes {
		found = r.dataPlanes(ctx, s, c, func() dataplane.Versions { return s.DataPlanes(ctx, c.get("control_plane_id")) })
	}
	if len(found) > 0 {
		diags = append(diags, r.report(c).Findings(found)...)
	}
	if creates && !report.HasErrors(diags) {
		diags = append(diags, r.reserved(c.subject)...)
		diags = append(diags, r.occupied(ctx, s, c)...)
	}
	return diags
}

// needsPlane reports whether the kind of the control plane matters.
func (r *Resource) needsPlane(ctx context.Context, s *session.Session, c candidate) bool {
	p := r.bundled(ctx, s, c)
	return p != nil && p.DependsOnDeployment()
}

// bundled returns the plugin of an instance where Konnect brings its code:
// bundled, or a clone. It is nil for custom plugins and while it is not known.
func (r *Resource) bundled(ctx context.Context, s *session.Session, c candidate) *plugins.Plugin {
	name, _ := c.doc["name"].(string)
	if r.Type != entity.Plugin || name == "" {
		return nil
	}
	p, _ := s.Plugin(ctx, c.get("control_plane_id"), name)
	if p == nil || p.Custom {
		return nil
	}
	return p
}

// managedTags mark what Konnect itself places on a control plane, for the
// application registration of API products.
var managedTags = []string{"konnect-managed-plugin", "konnect-app-registration", "konnect-managed"}

// managedTag returns the mark among the tags of an object, or "".
func managedTag(tags any) string {
	list, _ := tags.([]any)
	for _, t := range list {
		if text, ok := t.(string); ok && slices.Contains(managedTags, text) {
			return text
		}
	}
	return ""
}

// untouchable refuses to change what Konnect manages itself.
func (r *Resource) untouchable(prior tftypes.Value, what string) report.Diagnostics {
	in := r.subject(prior)
	tag := managedTag(in.get("tags"))
	if r.Type != entity.Plugin || tag == "" {
		return nil
	}
	return report.Diagnostics{report.Failure(nil, "Managed by Konnect", fmt.Sprintf(
		"The %s %s cannot be %s: its tag %q says that Konnect manages it, for the application registration of an API product version, "+
			"which would break. It can be read and imported. Make the configuration say what it holds, or let Terraform forget it with a removed "+
			"block and destroy = false (terraform state rm does the same). To be rid of it, disable application registration in Konnect.",
		r.Type.Title, in.ref(r.Type).Key, what, tag))}
}

// reserved warns of one of Konnect's own tags on a plugin of the user.
func (r *Resource) reserved(in subject) report.Diagnostics {
	tag := managedTag(in.get("tags"))
	if r.Type != entity.Plugin || tag == "" {
		return nil
	}
	return report.Diagnostics{report.Warning(report.AttributePath("tags"), "A tag of Konnect's own", fmt.Sprintf(
		"tags: %q marks what Konnect manages itself. Once created with it, the %s can neither be changed nor deleted from here. Use another tag.", tag, r.Type.Title))}
}

// Deletion judges a plan to delete.
func (r *Resource) Deletion(ctx context.Context, s *session.Session, state *tfprotov6.DynamicValue) report.Diagnostics {
	prior, err := r.Decode(state)
	if err != nil {
		return r.Unreadable("prior state", err)
	}
	r.NoteManaged(s, prior)
	return append(r.untouchable(prior, "deleted"), r.leavesInstances(ctx, s, prior)...)
}

// readOnlyPlane explains a refusal by the kind of control plane. It returns nil
// if that is not the reason.
func (r *Resource) readOnlyPlane(ctx context.Context, s *session.Session, summary string, in subject) *tfprotov6.Diagnostic {
	if !holdsEntities(r.Type) {
		return nil
	}
	plane, known := s.Plane(ctx, in.get("control_plane_id"))
	if !known {
		return nil
	}
	if text := s.ReadOnly(ctx, plane); text != "" {
		return report.Failure(report.AttributePath("control_plane_id"), summary, text)
	}
	return nil
}

// holdsEntities reports whether objects of a type are among those that a
// control plane group takes from its members.
func holdsEntities(t *entity.Type) bool {
	for ; t != nil; t = t.Parent {
		if strings.HasPrefix(t.Path, "core-entities/") {
			return true
		}
	}
	return false
}

package resource

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// plugin is an instance of any plugin, bundled or custom. Its name says which
// schema judges it. The schema of a custom plugin comes from the configuration
// that uploads it, or from the control plane.
type plugin struct{ regular }

func (p plugin) judge(ctx context.Context, s *session.Session, in subject) candidate {
	c := candidate{subject: in, doc: in.document()}
	c.doc["config"] = document.FromText(c.doc["config"])
	if d := wording.NotAnObject(c.doc["config"]); d != "" {
		c.problems = append(c.problems, report.Failure(report.AttributePath("config"), "Invalid "+p.typ.Title, d))
		delete(c.doc, "config")
	}
	name, known := c.doc["name"].(string)
	if !known {
		return c
	}
	found, err := s.Plugin(ctx, in.get("control_plane_id"), name)
	switch {
	case errors.Is(err, session.ErrNoPlugin):
		c.problems = append(c.problems, report.Failure(report.AttributePath("name"), "Unknown plugin", s.UnknownPlugin(ctx, in.get("control_plane_id"), name)))
	case err != nil:
		c.problems = append(c.problems, unread(name, err))
	case found != nil && !report.HasErrors(c.problems):
		c.schema, c.tolerant = s.Schema(found), !found.Custom
		dropEmptyConfig(c)
		c.problems = append(c.problems, report.Outdated(c.locator(), c.schema, c.doc)...)
	}
	return c
}

// dropEmptyConfig takes out a config without content where the plugin has
// none: the attribute is required all the same.
func dropEmptyConfig(c candidate) {
	if f := c.schema.Field("config"); f != nil && f.Abstract && document.IsEmpty(c.doc["config"]) {
		delete(c.doc, "config")
	}
}

// unread says that the schema cannot be read. That is an error if there is no
// control plane, or no way to it. If the control plane merely does not show its
// schemas, it is a warning: the control plane judges the configuration at
// apply.
func unread(name string, err error) *tfprotov6.Diagnostic {
	switch {
	case errors.Is(err, client.ErrNotFound):
		return report.Failure(report.AttributePath("control_plane_id"), "Unknown control plane", wording.Sentence(err.Error()))
	case errors.Is(err, client.ErrUnreachable), errors.Is(err, client.ErrUnauthorized):
		return report.Failure(nil, "Unable to read the schema of plugin "+name, wording.Sentence(err.Error()))
	}
	return report.Warning(report.AttributePath("config"), "Configuration not checked",
		wording.Sentence(fmt.Sprintf("The schema of the plugin %q cannot be read, so that its configuration is judged at apply only: %s", name, err)))
}

func (p plugin) answered(ctx context.Context, s *session.Session, in subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	name, _ := doc["name"].(string)
	// The object exists even if its schema cannot be read.
	found, _ := s.Plugin(ctx, in.get("control_plane_id"), name)
	switch {
	case found == nil:
		return nil, doc, ctx.Err()
	case found.Custom:
		return found.Schema, doc, nil
	}
	return s.Schema(found), document.WithoutForeign(found.Schema, doc), nil
}

package resource

import (
	"context"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// streamedPlugin is a custom plugin with its code. The schema is run and the
// handler is read here, and the session keeps the schema for the plugins of the
// same configuration.
type streamedPlugin struct{ regular }

func streamedPluginRow() row {
	return row{
		Type: entity.CustomPlugin,
		summary: "A custom plugin whose code Konnect streams to the data planes: the texts of its `schema.lua` and its `handler.lua`, " +
			"at most 100 KB together. Both are checked when a plan is made: the schema is run, and what streaming does not support is refused.",
		facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
			"name":    {Description: "Name of the plugin, the one in the schema. Plugins refer to it by `name = konnect_gateway_custom_plugin_streaming.<name>.name`."},
			"schema":  {Description: "Lua text of the schema."},
			"handler": {Description: "Lua text of the handler. It has neither an `init_worker` phase nor timers, and no modules of its own."},
		}},
		behaviour: streamedPlugin{regular{entity.CustomPlugin}},
	}
}

func (p streamedPlugin) judge(ctx context.Context, s *session.Session, in subject) candidate {
	c := p.regular.judge(ctx, s, in)
	check := checker(s)
	check.Streamed = true
	if handler, known := c.doc["handler"].(string); known {
		c.problems = append(c.problems, findingDiagnostics("handler", check.Handler("handler.lua", handler))...)
	}
	source, known := c.doc["schema"].(string)
	if !known {
		return c
	}
	found, findings := check.Source(ctx, wording.SchemaFile, source)
	c.problems = append(c.problems, findingDiagnostics("schema", findings)...)
	if found == nil {
		return c
	}
	if name, known := c.doc["name"].(string); known && name != found.Name {
		c.problems = append(c.problems, report.Failure(report.AttributePath("name"), "Invalid "+p.typ.Title,
			fmt.Sprintf("name: is %q, but the schema says %q. Both must be the same.", name, found.Name)))
		return c
	}
	s.NoteUpload(in.get("control_plane_id"), source, found)
	return c
}

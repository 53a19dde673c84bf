package framework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// pluginSchemaSource shows what the configuration of a plugin may hold.
type pluginSchemaSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*pluginSchemaSource)(nil)

type pluginSchemaModel struct {
	Name           types.String   `tfsdk:"name"`
	ControlPlaneID types.String   `tfsdk:"control_plane_id"`
	Custom         *bool          `tfsdk:"custom"`
	Fields         []catalogField `tfsdk:"fields"`
	Definition     *string        `tfsdk:"definition"`
}

// Schema implements [datasource.DataSource].
func (d *pluginSchemaSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "What the configuration of a plugin may hold: every field with its type, default and bounds. " +
			"It knows the bundled plugins, and with `control_plane_id` those whose schemas were uploaded there.",
		Attributes: map[string]tfschema.Attribute{
			"name":             tfschema.StringAttribute{Required: true, MarkdownDescription: "Name of the plugin, such as `rate-limiting`."},
			"control_plane_id": tfschema.StringAttribute{Optional: true, MarkdownDescription: "ID of the control plane that has the schema, for a plugin that is not bundled."},
			"custom":           truthAttribute("Whether the schema was uploaded by a user."),
			"definition":       textAttribute("The whole definition as JSON text, in the language of the gateway's schemas. Rules that are code show the name of the function, or `custom` for an uploaded one."),
			"fields": tfschema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The fields of the configuration, each followed by those below it.",
				NestedObject: tfschema.NestedAttributeObject{Attributes: fieldAttributes()},
			},
		},
	}
}

// Read implements [datasource.DataSource].
func (d *pluginSchemaSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m pluginSchemaModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	p, f := d.find(ctx, m)
	if f != nil {
		resp.Diagnostics.AddAttributeError(path.Root(f.attribute), f.summary, f.detail)
		return
	}
	definition, err := json.Marshal(readable(p.Def))
	if err != nil {
		resp.Diagnostics.AddError("Unable to show the schema", wording.Sentence(err.Error()))
		return
	}
	m.Custom, m.Definition, m.Fields = &p.Custom, optionalText(string(definition)), fieldsOf(p)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// find looks among the bundled plugins, then on the control plane.
func (d *pluginSchemaSource) find(ctx context.Context, m pluginSchemaModel) (*plugins.Plugin, *fault) {
	name := m.Name.ValueString()
	if m.ControlPlaneID.IsNull() {
		if p, ok := d.bundled().Lookup(name); ok {
			return p, nil
		}
		text := fmt.Sprintf("name: no bundled plugin is named %q.", name)
		if near := schema.Nearest(name, d.bundled().Names()); near != "" {
			text += fmt.Sprintf(" Did you mean %q?", near)
		}
		return nil, &fault{"name", "Unknown plugin", text + " For a plugin of your own give the control_plane_id that has its schema."}
	}
	p, err := d.session.Plugin(ctx, m.ControlPlaneID.ValueString(), name)
	switch {
	case errors.Is(err, session.ErrNoPlugin):
		return nil, &fault{"name", "Unknown plugin", d.session.UnknownPlugin(ctx, m.ControlPlaneID.ValueString(), name)}
	case err == nil && p == nil:
		_, err = d.session.Client()
		if err == nil {
			err = session.ErrNotConfigured
		}
	}
	if err != nil {
		return nil, &fault{"control_plane_id", "Unable to read the schema of plugin " + name, wording.Sentence(err.Error())}
	}
	return p, nil
}

// readable is a definition without code: of functions it keeps the names.
func readable(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = readable(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = readable(e)
		}
		return out
	case *schema.Function:
		if v.Name == "" {
			return map[string]any{"function": "custom"}
		}
		return map[string]any{"function": v.Name}
	}
	return v
}

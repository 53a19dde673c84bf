package framework

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// DataSources implements [provider.Provider].
func (k *Provider) DataSources(context.Context) []func() datasource.DataSource {
	base := func(name string) dataSource { return dataSource{name: name, bundled: k.Catalog.Bundled} }
	return []func() datasource.DataSource{
		func() datasource.DataSource { return &pluginsSource{base("plugins")} },
		func() datasource.DataSource { return &pluginSchemaSource{base("plugin_schema")} },
		func() datasource.DataSource { return &controlPlaneSource{base("control_plane")} },
		func() datasource.DataSource { return &controlPlanesSource{base("control_plane_list")} },
		func() datasource.DataSource { return &syncSource{base(syncName)} },
	}
}

// typePrefix is how the names of all types begin here.
const typePrefix = "konnect_gateway_"

// dataSource is what the data sources share.
type dataSource struct {
	name    string
	bundled func() *plugins.Set
	session *session.Session
}

// Metadata implements [datasource.DataSource].
func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typePrefix + d.name
}

// Configure implements [datasource.DataSourceWithConfigure]. There is no
// session while Terraform validates.
func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.session, _ = req.ProviderData.(*session.Session)
}

// choice is an optional attribute with one of a few values.
type choice struct {
	name   string
	value  types.String
	values []string
}

// fault says what is wrong with the value, or "".
func (c choice) fault() string {
	v := c.value.ValueString()
	if c.value.IsNull() || c.value.IsUnknown() {
		return ""
	}
	for _, allowed := range c.values {
		if v == allowed {
			return ""
		}
	}
	text := fmt.Sprintf("%s: %q is not one of %s.", c.name, v, strings.Join(c.values, ", "))
	if near := schema.Nearest(v, c.values); near != "" {
		text += fmt.Sprintf(" Did you mean %q?", near)
	}
	return text
}

func judgeChoices(choices []choice, resp *datasource.ValidateConfigResponse) {
	for _, c := range choices {
		if text := c.fault(); text != "" {
			resp.Diagnostics.AddAttributeError(path.Root(c.name), "Invalid "+c.name, text)
		}
	}
}

// Attributes that are only read.

func textAttribute(description string) tfschema.StringAttribute {
	return tfschema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func truthAttribute(description string) tfschema.BoolAttribute {
	return tfschema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func numberAttribute(description string) tfschema.NumberAttribute {
	return tfschema.NumberAttribute{Computed: true, MarkdownDescription: description}
}

func textsAttribute(description string) tfschema.ListAttribute {
	return tfschema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

// optionalText is a text that may be missing.
func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package framework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// pluginsSource is the catalog of bundled plugins.
type pluginsSource struct{ dataSource }

var _ interface {
	datasource.DataSourceWithConfigure
	datasource.DataSourceWithValidateConfig
} = (*pluginsSource)(nil)

type pluginsModel struct {
	NameContains types.String    `tfsdk:"name_contains"`
	Tier         types.String    `tfsdk:"tier"`
	Deployment   types.String    `tfsdk:"deployment"`
	Scope        types.String    `tfsdk:"scope"`
	Names        []string        `tfsdk:"names"`
	Plugins      []catalogPlugin `tfsdk:"plugins"`
}

// catalogPlugin is what the catalog says of one plugin.
type catalogPlugin struct {
	Name             string   `tfsdk:"name"`
	ResourceType     string   `tfsdk:"resource_type"`
	Group            *string  `tfsdk:"group"`
	About            *string  `tfsdk:"about"`
	Tier             *string  `tfsdk:"tier"`
	Since            *string  `tfsdk:"since"`
	Last             *string  `tfsdk:"last"`
	Hybrid           *bool    `tfsdk:"hybrid"`
	DedicatedCloud   *bool    `tfsdk:"dedicated_cloud"`
	Serverless       *bool    `tfsdk:"serverless"`
	InKonnect        bool     `tfsdk:"in_konnect"`
	ManagedByKonnect bool     `tfsdk:"managed_by_konnect"`
	TechPreview      bool     `tfsdk:"tech_preview"`
	Global           bool     `tfsdk:"global"`
	Scopes           []string `tfsdk:"scopes"`
	Protocols        []string `tfsdk:"protocols"`
	Priority         int64    `tfsdk:"priority"`
}

var (
	tiers       = []string{"free", "enterprise", "ai_gateway_enterprise"}
	deployments = []string{"hybrid", "dedicated_cloud", "serverless"}
	scopes      = []string{"global", "service", "route", "consumer", "consumer_group"}
)

// Schema implements [datasource.DataSource].
func (d *pluginsSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	filter := func(description string, values []string) tfschema.StringAttribute {
		if len(values) > 0 {
			description += " One of `" + strings.Join(values, "`, `") + "`."
		}
		return tfschema.StringAttribute{Optional: true, MarkdownDescription: description}
	}
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "The plugins that the gateway bundles: where they are available, what they may be limited to, and which gateway versions have them. " +
			"Filters narrow the list; all that are given must hold. Nothing is asked of the control plane.",
		Attributes: map[string]tfschema.Attribute{
			"name_contains": filter("Only plugins with this text in their names.", nil),
			"tier":          filter("Only plugins of this tier.", tiers),
			"deployment":    filter("Only plugins that are documented to be available on control planes of this kind.", deployments),
			"scope":         filter("Only plugins that may be limited to such an entity, or with `global` those that may stand without.", scopes),
			"names":         textsAttribute("Names of the plugins, sorted."),
			"plugins": tfschema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The plugins, sorted by name.",
				NestedObject: tfschema.NestedAttributeObject{Attributes: map[string]tfschema.Attribute{
					"name":               textAttribute("Name of the plugin."),
					"resource_type":      textAttribute("Resource type for instances of this plugin."),
					"group":              textAttribute("The plugins that it is listed with, such as `Authentication`."),
					"about":              textAttribute("What it does, in a sentence."),
					"tier":               textAttribute("Tier that it belongs to: `free`, `enterprise` or `ai_gateway_enterprise`; null where that is not documented."),
					"since":              textAttribute("First gateway version that has it."),
					"last":               textAttribute("Last gateway version that has it, where it is gone."),
					"hybrid":             truthAttribute("Whether it is available on hybrid control planes; null where that is not documented."),
					"dedicated_cloud":    truthAttribute("Whether it is available on dedicated cloud gateways; null where that is not documented."),
					"serverless":         truthAttribute("Whether it is available on serverless gateways; null where that is not documented."),
					"in_konnect":         truthAttribute("False for plugins that only self-managed gateways have."),
					"managed_by_konnect": truthAttribute("Whether Konnect creates its instances, and users do not."),
					"tech_preview":       truthAttribute("Whether it is a technical preview."),
					"global":             truthAttribute("Whether it may stand without being limited to an entity."),
					"scopes":             textsAttribute("Entities to which it may be limited."),
					"protocols":          textsAttribute("Protocols that it works with."),
					"priority":           tfschema.Int64Attribute{Computed: true, MarkdownDescription: "Its place in the order of execution: higher ones run first."},
				}},
			},
		},
	}
}

func (m pluginsModel) choices() []choice {
	return []choice{{"tier", m.Tier, tiers}, {"deployment", m.Deployment, deployments}, {"scope", m.Scope, scopes}}
}

// ValidateConfig implements [datasource.DataSourceWithValidateConfig].
func (d *pluginsSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m pluginsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); !resp.Diagnostics.HasError() {
		judgeChoices(m.choices(), resp)
	}
}

// Read implements [datasource.DataSource].
func (d *pluginsSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m pluginsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	m.Names, m.Plugins = []string{}, []catalogPlugin{}
	for _, name := range d.bundled().Names() {
		p, err := d.bundled().Load(name)
		if err != nil {
			resp.Diagnostics.AddError("Unable to read the catalog", wording.Sentence(fmt.Sprintf("%s: %s", name, err)))
			return
		}
		if entry := inCatalog(p); m.wants(entry) {
			m.Names = append(m.Names, name)
			m.Plugins = append(m.Plugins, entry)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func inCatalog(p *plugins.Plugin) catalogPlugin {
	i, words := p.Info, meaning.Of(p.Name)
	out := catalogPlugin{
		Name: p.Name, ResourceType: attribute.TypedResource(p.Name), Group: optionalText(words.Group), About: optionalText(words.About),
		Tier: optionalText(i.Tier), Since: optionalText(i.Since), Last: optionalText(i.Last),
		InKonnect: !i.NotInKonnect, ManagedByKonnect: i.ManagedByKonnect, TechPreview: i.TechPreview,
		Global: i.Global, Scopes: append([]string{}, i.Scopes...), Protocols: append([]string{}, i.Protocols...), Priority: int64(i.Priority),
	}
	if k := i.Konnect; k != nil {
		out.Hybrid, out.DedicatedCloud, out.Serverless = k.Hybrid, k.DedicatedCloud, k.Serverless
	}
	return out
}

// wants reports whether a plugin passes the filters.
func (m pluginsModel) wants(p catalogPlugin) bool {
	on := map[string]*bool{"hybrid": p.Hybrid, "dedicated_cloud": p.DedicatedCloud, "serverless": p.Serverless}
	available := on[m.Deployment.ValueString()]
	scope := m.Scope.ValueString()
	return strings.Contains(p.Name, m.NameContains.ValueString()) &&
		(m.Tier.IsNull() || p.Tier != nil && *p.Tier == m.Tier.ValueString()) &&
		(m.Deployment.IsNull() || available != nil && *available) &&
		(m.Scope.IsNull() || scope == "global" && p.Global || slices.Contains(p.Scopes, scope))
}

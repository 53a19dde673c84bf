// Package framework is the part of the provider that runs on Terraform's plugin
// framework: the provider block, data sources that are not those of entities, the
// functions and the action.
//
// [Provider] reads the block and the environment (settings.go) and opens the
// session that they lead to. Functions judge a plugin's configuration by
// itself; data sources show the catalog and control planes.
//
// The package does not know resources: it is given the attribute that holds a
// plugin's configuration ([Catalog]). Nor does it know how an embedded control
// plane works: it is given a function that opens one.
package framework

import (
	"context"
	"io"
	"net/http"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	tfschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	tfresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// Catalog is what is known of bundled plugins.
type Catalog struct {
	Bundled func() *plugins.Set
	// Config returns the attribute with the configuration in a plugin's own
	// resource, or nil.
	Config func(plugin string) *attribute.Attribute
}

// Provider is the part of the provider that the framework serves: its own
// configuration, data sources and functions.
type Provider struct {
	Version    string
	Embedded   Opener
	Catalog    Catalog
	Configured func(*session.Session) error
	Attempts   *attempt.Folder // what applies have begun to make; nil for no notes
}

var _ interface {
	provider.Provider
	provider.ProviderWithFunctions
	provider.ProviderWithActions
	provider.ProviderWithValidateConfig
} = (*Provider)(nil)

// configuration is the provider block.
type configuration struct {
	ServerURL       types.String `tfsdk:"server_url"`
	PersonalToken   types.String `tfsdk:"personal_access_token"`
	SystemToken     types.String `tfsdk:"system_account_access_token"`
	KonnectToken    types.String `tfsdk:"konnect_access_token"`
	ServiceToken    types.String `tfsdk:"service_access_token"`
	EmbeddedSetting types.Object `tfsdk:"embedded"`
	RetryBudget     types.String `tfsdk:"retry_budget"`
	MinimumVersion  types.String `tfsdk:"minimum_data_plane_version"`
	DefaultTags     types.List   `tfsdk:"default_tags"`
	Workspace       types.String `tfsdk:"workspace"`
}

// Metadata implements [provider.Provider].
func (k *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "konnect"
	resp.Version = k.Version
}

// Schema implements [provider.Provider].
func (k *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	token := func(description string) tfschema.StringAttribute {
		return tfschema.StringAttribute{Optional: true, Sensitive: true, MarkdownDescription: description}
	}
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "Gateway entities and plugins of Kong Konnect, in Konnect itself or in a control plane that this provider brings along. " +
			"Say which: `server_url` with a token, or `embedded`. There is no default, so that a forgotten token cannot end in a local file.",
		Attributes: map[string]tfschema.Attribute{
			"server_url": tfschema.StringAttribute{Optional: true, MarkdownDescription: "Address of the control plane API, with its region: `https://eu.api.konghq.com`. " +
				"Or `KONNECT_SERVER_URL` in the environment."},
			"personal_access_token":       token("Personal access token (`kpat_…`). Or `KONNECT_TOKEN` in the environment."),
			"system_account_access_token": token("Access token of a system account (`spat_…`). Or `KONNECT_SPAT` in the environment."),
			"konnect_access_token":        token("Access token of a Konnect session."),
			"service_access_token":        token("Access token of a service."),
			"embedded": tfschema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "Use a control plane that runs inside the provider and keeps everything in a file, or nothing at all: no account, no network. " +
					"Several provider processes may use one file at once. Or `KONNECT_EMBEDDED` with the path in the environment.",
				Attributes: map[string]tfschema.Attribute{
					"path": tfschema.StringAttribute{Optional: true, MarkdownDescription: "Path of the SQLite file. The first apply makes it when it is not there; a plan makes nothing, and warns if there is a state. " +
						"A relative one is taken from the working directory of Terraform. `:memory:`, also where only `load` is given, keeps nothing: the control plane begins anew in every process that Terraform starts, " +
						"which is for each plan and for each apply."},
					"load": tfschema.StringAttribute{Optional: true, MarkdownDescription: "File with what a new control plane begins with: declarative configuration (of decK, YAML or JSON), or what the command `dump` has written. " +
						"Declarative configuration becomes one control plane with the name in `_konnect`, or that of the file without its ending. A file at `path` that is there already stays as it is."},
				},
			},
			"default_tags": tfschema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Tags that everything gets that can have tags, " +
				"besides its own `tags`. Each resource then shows both in `tags_all`. Objects that other tools make are left alone, and so are control planes, which have labels. Keys of the consumers of realms never change: they keep the default tags that they were made with."},
			"minimum_data_plane_version": tfschema.StringAttribute{Optional: true, MarkdownDescription: "Oldest version among the data planes, such as `3.10`. " +
				"A plan then warns of plugins, fields, values and defaults that this version does not have, and of what the control plane changes for it. " +
				"Left out, the connected nodes tell. Certificates that are not verified are warned of from `3.14` on, and where nobody tells the version: such data planes refuse them."},
			"retry_budget": tfschema.StringAttribute{Optional: true, MarkdownDescription: "How long a request is repeated while the control plane is busy or unreachable, such as `90s` or `2m`; `0s` never repeats. " +
				"A control plane that refuses connections is given up within seconds in any case. Default: `1m`."},
			"workspace": tfschema.StringAttribute{Optional: true, MarkdownDescription: "A name for the state, which no other one has that manages objects of the same control planes, such as `shop/live`. " +
				"The ids of what is made then tell that it was made for this state: if an apply is killed on one machine before Terraform has recorded an object, the next one knows it again on another machine, and takes it over instead of failing at its name. " +
				"Or `KONNECT_WORKSPACE` in the environment; in HCP Terraform the name of the workspace, which need not be said. Terraform's own workspaces count apart."},
		},
	}
}

// ValidateConfig implements [provider.ProviderWithValidateConfig]. It judges
// the block alone; the environment counts later, when a control plane is
// needed.
func (k *Provider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var c configuration
	if resp.Diagnostics.Append(req.Config.Get(ctx, &c)...); resp.Diagnostics.HasError() {
		return
	}
	block := c.settings(noEnvironment)
	for _, f := range block.faults() {
		resp.Diagnostics.AddAttributeError(f.path(), f.summary, f.detail)
	}
}

func noEnvironment(string) string { return "" }

// Configure implements [provider.Provider]. Validation has seen the block; now
// the environment counts too.
func (k *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var c configuration
	if resp.Diagnostics.Append(req.Config.Get(ctx, &c)...); resp.Diagnostics.HasError() {
		return
	}
	s := c.settings(os.Getenv)
	if s.unknown != "" && req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	} else if s.unknown != "" {
		resp.Diagnostics.AddAttributeWarning(path.Root(s.unknown), "The control plane is not known yet", s.unknown+" is known only after apply, so that this plan asks no control plane. "+
			"What is checked there is checked by the apply: whether names are taken, what ids lead to, the kind of control plane, its data planes, and schemas of custom plugins that are not part of this configuration.")
	}
	next, f := k.open(ctx, s)
	if f != nil {
		if f.attribute == "" {
			resp.Diagnostics.AddError(f.summary, f.detail)
		} else {
			resp.Diagnostics.AddAttributeError(f.path(), f.summary, f.detail)
		}
		return
	}
	if err := k.Configured(next); err != nil {
		resp.Diagnostics.AddWarning("Unable to close the previous control plane", wording.Sentence(err.Error()))
	}
	resp.ResourceData = next
	resp.DataSourceData = next
	resp.ActionData = next
}

// Resources implements [provider.Provider]. Those of the entity table are
// answered at the level of the protocol.
func (k *Provider) Resources(context.Context) []func() tfresource.Resource { return nil }

// Functions implements [provider.ProviderWithFunctions].
func (k *Provider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		func() function.Function { return pluginConfigFunction(k.Catalog) },
		func() function.Function { return pluginDefaultsFunction(k.Catalog) },
		func() function.Function { return validatePluginFunction(k.Catalog) },
		func() function.Function { return schemaNameFunction{} },
	}
}

// Actions implements [provider.ProviderWithActions].
func (k *Provider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return &syncAction{} }}
}

// Opener opens the embedded control plane that a file holds, or [inMemory]. A new
// one begins with what the file load holds, unless that is "". If the file is not
// there yet, the handler may have a method Missing() bool that says so.
type Opener func(ctx context.Context, path, load string) (http.Handler, io.Closer, error)

// inMemory is the path of a control plane that ends with the process.
const inMemory = ":memory:"

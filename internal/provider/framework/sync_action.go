package framework

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	tfschema "github.com/hashicorp/terraform-plugin-framework/action/schema"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// syncAction waits for data planes when Terraform is told to.
type syncAction struct{ session *session.Session }

var _ interface {
	action.ActionWithConfigure
	action.ActionWithValidateConfig
} = (*syncAction)(nil)

// Metadata implements [action.Action].
func (a *syncAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typePrefix + syncName
}

// Schema implements [action.Action].
func (a *syncAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "Waits until the connected data planes of a control plane run the configuration that it expects of them, or says which do not, and why.",
		Attributes: map[string]tfschema.Attribute{
			"control_plane_id": tfschema.StringAttribute{Required: true, MarkdownDescription: syncControlPlane},
			"timeout":          tfschema.StringAttribute{Optional: true, MarkdownDescription: syncTimeout},
			"minimum_nodes":    tfschema.Int64Attribute{Optional: true, MarkdownDescription: syncMinimum},
		},
	}
}

// Configure implements [action.ActionWithConfigure].
func (a *syncAction) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.session, _ = req.ProviderData.(*session.Session)
}

// ValidateConfig implements [action.ActionWithValidateConfig].
func (a *syncAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var m syncArguments
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(m.judge()...)
	}
}

// Invoke implements [action.Action].
func (a *syncAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m syncArguments
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	tell := func(text string) { resp.SendProgress(action.InvokeProgressEvent{Message: text}) }
	seen, diags := m.wait(ctx, a.session, tell)
	if resp.Diagnostics.Append(diags...); diags.HasError() {
		return
	}
	tell(seen.Outcome())
	if reduced := seen.Reduced(); reduced != "" {
		resp.Diagnostics.AddWarning("Data planes cannot use the whole configuration", reduced)
	}
}

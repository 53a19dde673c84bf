package framework

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/nodes"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// syncSource waits for data planes whenever it is read.
type syncSource struct{ dataSource }

var _ interface {
	datasource.DataSourceWithConfigure
	datasource.DataSourceWithValidateConfig
} = (*syncSource)(nil)

type syncSourceModel struct {
	syncArguments

	ExpectedHash types.String `tfsdk:"expected_hash"`
	Nodes        []syncedNode `tfsdk:"nodes"`
}

// syncedNode is a connected data plane.
type syncedNode struct {
	ID       *string     `tfsdk:"id"`
	Hostname *string     `tfsdk:"hostname"`
	Version  *string     `tfsdk:"version"`
	Hash     *string     `tfsdk:"config_hash"`
	LastPing *int64      `tfsdk:"last_ping"`
	State    *string     `tfsdk:"compatibility_state"`
	Issues   []nodeIssue `tfsdk:"issues"`
}

type nodeIssue struct {
	Code          *string `tfsdk:"code"`
	Severity      *string `tfsdk:"severity"`
	Description   *string `tfsdk:"description"`
	Resolution    *string `tfsdk:"resolution"`
	Documentation *string `tfsdk:"documentation_url"`
}

// Schema implements [datasource.DataSource].
func (d *syncSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "Waits until the connected data planes of a control plane run the configuration that it expects of them, and shows them. If they do not " +
			"in time, that is an error, which says of each why. `depends_on` says after what to wait; Terraform then reads it during the apply, if any of that changes, " +
			"and otherwise with every plan. From Terraform 1.14 on, the action of the same name waits only when it is wanted.",
		Attributes: map[string]tfschema.Attribute{
			"control_plane_id": tfschema.StringAttribute{Required: true, MarkdownDescription: syncControlPlane},
			"timeout":          tfschema.StringAttribute{Optional: true, MarkdownDescription: syncTimeout},
			"minimum_nodes":    tfschema.Int64Attribute{Optional: true, MarkdownDescription: syncMinimum},
			"expected_hash":    textAttribute("Hash of the configuration that the control plane expects its data planes to run."),
			"nodes": tfschema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The connected data planes, by their host names.",
				NestedObject: tfschema.NestedAttributeObject{Attributes: map[string]tfschema.Attribute{
					"id":                  textAttribute("ID of the node."),
					"hostname":            textAttribute("Name of its host."),
					"version":             textAttribute("Its version."),
					"config_hash":         textAttribute("Hash of the configuration that it runs."),
					"last_ping":           tfschema.Int64Attribute{Computed: true, MarkdownDescription: "When it was last heard, in Unix seconds."},
					"compatibility_state": textAttribute("Whether it can use the whole configuration, in the control plane's words."),
					"issues": tfschema.ListNestedAttribute{
						Computed: true, MarkdownDescription: "What it cannot use as it is, in the control plane's words.",
						NestedObject: tfschema.NestedAttributeObject{Attributes: map[string]tfschema.Attribute{
							"code":              textAttribute("Code of the issue."),
							"severity":          textAttribute("How bad it is."),
							"description":       textAttribute("What it is."),
							"resolution":        textAttribute("What can be done."),
							"documentation_url": textAttribute("Where more is written about it."),
						}},
					},
				}},
			},
		},
	}
}

// ValidateConfig implements [datasource.DataSourceWithValidateConfig].
func (d *syncSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m syncArguments
	read := func(name string, into any) {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), into)...)
	}
	read("control_plane_id", &m.ControlPlaneID)
	read("timeout", &m.Timeout)
	read("minimum_nodes", &m.MinimumNodes)
	resp.Diagnostics.Append(m.judge()...)
}

// Read implements [datasource.DataSource].
func (d *syncSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m syncSourceModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	seen, diags := m.wait(ctx, d.session, func(text string) { session.Progress(ctx, text) })
	if resp.Diagnostics.Append(diags...); diags.HasError() {
		return
	}
	m.ExpectedHash, m.Nodes = types.StringValue(seen.Expected), make([]syncedNode, len(seen.Connected))
	for i, n := range seen.Connected {
		m.Nodes[i] = shownNode(n)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func shownNode(n nodes.Node) syncedNode {
	out := syncedNode{
		ID: optionalText(n.ID), Hostname: optionalText(n.Hostname), Version: optionalText(n.Version), Hash: optionalText(n.Hash),
		State: optionalText(n.State), Issues: make([]nodeIssue, len(n.Issues)),
	}
	if !n.LastPing.IsZero() {
		seconds := n.LastPing.Unix()
		out.LastPing = &seconds
	}
	for i, issue := range n.Issues {
		out.Issues[i] = nodeIssue{optionalText(issue.Code), optionalText(issue.Severity), optionalText(issue.Description),
			optionalText(issue.Resolution), optionalText(issue.Documentation)}
	}
	return out
}

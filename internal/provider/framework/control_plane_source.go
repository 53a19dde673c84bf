package framework

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	tfschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// controlPlaneSource finds one control plane, controlPlanesSource all that
// match.
type (
	controlPlaneSource  struct{ dataSource }
	controlPlanesSource struct{ dataSource }
)

var (
	_ datasource.DataSourceWithValidateConfig = (*controlPlaneSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*controlPlaneSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*controlPlanesSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*controlPlanesSource)(nil)
)

// controlPlaneQuery are the arguments of both.
type controlPlaneQuery struct {
	Filter *controlPlaneFilter `tfsdk:"filter"`
	Labels types.String        `tfsdk:"filter_labels"`
	Sort   types.String        `tfsdk:"sort"`
}

type controlPlaneFilter struct {
	CloudGateway types.Bool  `tfsdk:"cloud_gateway"`
	ClusterType  *textFilter `tfsdk:"cluster_type"`
	ID           *idFilter   `tfsdk:"id"`
	Name         *nameFilter `tfsdk:"name"`
}

type textFilter struct {
	Equal    types.String `tfsdk:"eq"`
	NotEqual types.String `tfsdk:"neq"`
	OneOf    types.String `tfsdk:"oeq"`
}

type idFilter struct {
	Equal types.String `tfsdk:"eq"`
	OneOf types.String `tfsdk:"oeq"`
}

type nameFilter struct {
	Contains types.String `tfsdk:"contains"`
	Equal    types.String `tfsdk:"eq"`
	NotEqual types.String `tfsdk:"neq"`
}

// foundPlane is a control plane as the API shows it.
type foundPlane struct {
	Config      *foundPlaneConfig `tfsdk:"config"`
	Description *string           `tfsdk:"description"`
	ID          *string           `tfsdk:"id"`
	Labels      map[string]string `tfsdk:"labels"`
	Name        *string           `tfsdk:"name"`
}

type foundPlaneConfig struct {
	AuthType             *string    `tfsdk:"auth_type"`
	CloudGateway         *bool      `tfsdk:"cloud_gateway"`
	ClusterType          *string    `tfsdk:"cluster_type"`
	ControlPlaneEndpoint *string    `tfsdk:"control_plane_endpoint"`
	ProxyURLs            []proxyURL `tfsdk:"proxy_urls"`
	TelemetryEndpoint    *string    `tfsdk:"telemetry_endpoint"`
}

type proxyURL struct {
	Host     *string `tfsdk:"host"`
	Port     *int64  `tfsdk:"port"`
	Protocol *string `tfsdk:"protocol"`
}

type controlPlaneModel struct {
	controlPlaneQuery
	foundPlane
}

type controlPlanesModel struct {
	controlPlaneQuery
	Data []foundPlane `tfsdk:"data"`
}

// Schema implements [datasource.DataSource].
func (d *controlPlaneSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "The one control plane that matches. None, and more than one, are errors; see `konnect_gateway_control_plane_list` for any number.",
		Attributes:          merged(queryAttributes(), planeAttributes()),
	}
}

// Schema implements [datasource.DataSource].
func (d *controlPlanesSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = tfschema.Schema{
		MarkdownDescription: "The control planes that match, which may be none.",
		Attributes: merged(queryAttributes(), map[string]tfschema.Attribute{
			"data": tfschema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The control planes.",
				NestedObject: tfschema.NestedAttributeObject{Attributes: planeAttributes()},
			},
		}),
	}
}

func merged(a, b map[string]tfschema.Attribute) map[string]tfschema.Attribute {
	for k, v := range b {
		a[k] = v
	}
	return a
}

func queryAttributes() map[string]tfschema.Attribute {
	by := func(what string, operators map[string]string) tfschema.SingleNestedAttribute {
		attributes := make(map[string]tfschema.Attribute, len(operators))
		for name, description := range operators {
			attributes[name] = tfschema.StringAttribute{Optional: true, MarkdownDescription: description}
		}
		return tfschema.SingleNestedAttribute{Optional: true, MarkdownDescription: "By " + what + ".", Attributes: attributes}
	}
	const equal, notEqual, oneOf = "Equal to this.", "Not equal to this.", "Equal to one of these, separated by commas."
	return map[string]tfschema.Attribute{
		"filter": tfschema.SingleNestedAttribute{
			Optional: true, MarkdownDescription: "Only control planes for which all of this holds.",
			Attributes: map[string]tfschema.Attribute{
				"cloud_gateway": tfschema.BoolAttribute{Optional: true, MarkdownDescription: "Whether the data planes run in dedicated cloud gateways."},
				"cluster_type":  by("kind", map[string]string{"eq": equal, "neq": notEqual, "oeq": oneOf}),
				"id":            by("ID", map[string]string{"eq": equal, "oeq": oneOf}),
				"name":          by("name", map[string]string{"eq": equal, "neq": notEqual, "contains": "With this text in it."}),
			},
		},
		"filter_labels": tfschema.StringAttribute{Optional: true, MarkdownDescription: "Only control planes with these labels: `env:prod,team`. A label without a value may have any."},
		"sort":          tfschema.StringAttribute{Optional: true, MarkdownDescription: "Order: one of `" + strings.Join(sortable, "`, `") + "`, and ` desc` after it for the reverse."},
	}
}

func planeAttributes() map[string]tfschema.Attribute {
	return map[string]tfschema.Attribute{
		"id":          textAttribute("ID of the control plane."),
		"name":        textAttribute("Its name."),
		"description": textAttribute("What it is for."),
		"labels":      tfschema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Its labels."},
		"config": tfschema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "What it tells data planes, and its settings.",
			Attributes: map[string]tfschema.Attribute{
				"auth_type":              textAttribute("How data planes prove who they are."),
				"cloud_gateway":          truthAttribute("Whether its data planes run in dedicated cloud gateways."),
				"cluster_type":           textAttribute("Kind of control plane."),
				"control_plane_endpoint": textAttribute("Address at which data planes get their configuration."),
				"telemetry_endpoint":     textAttribute("Address to which data planes send telemetry."),
				"proxy_urls": tfschema.SetNestedAttribute{
					Computed: true, MarkdownDescription: "Addresses at which the data planes can be reached.",
					NestedObject: tfschema.NestedAttributeObject{Attributes: map[string]tfschema.Attribute{
						"host": textAttribute("Host name."), "port": numberAttribute("Port."), "protocol": textAttribute("Protocol."),
					}},
				},
			},
		},
	}
}

// sortable are the fields by which control planes can be ordered.
var sortable = []string{"created_at", "id", "name", "updated_at"}

// ValidateConfig implements [datasource.DataSourceWithValidateConfig].
func (d *controlPlaneSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	validateSort(ctx, req, resp)
}

// ValidateConfig implements [datasource.DataSourceWithValidateConfig].
func (d *controlPlanesSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	validateSort(ctx, req, resp)
}

func validateSort(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var sort types.String
	if resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("sort"), &sort)...); sort.IsNull() || sort.IsUnknown() {
		return
	}
	field, direction, _ := strings.Cut(sort.ValueString(), " ")
	if !slices.Contains(sortable, field) || !slices.Contains([]string{"", "asc", "desc"}, strings.ToLower(direction)) {
		resp.Diagnostics.AddAttributeError(path.Root("sort"), "Invalid sort", fmt.Sprintf(
			"sort: %q is no order of control planes. Wanted is one of %s, and asc or desc after it: \"created_at desc\".", sort.ValueString(), strings.Join(sortable, ", ")))
	}
}

// Read implements [datasource.DataSource].
func (d *controlPlaneSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m controlPlaneModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	found, diags := d.search(ctx, m.controlPlaneQuery)
	if resp.Diagnostics.Append(diags...); diags.HasError() {
		return
	}
	switch len(found) {
	case 1:
		m.foundPlane = found[0]
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	case 0:
		resp.Diagnostics.AddError("Control plane not found", "No control plane matches "+m.filters()+".")
	default:
		var names []string
		for _, p := range found[:min(len(found), 5)] {
			names = append(names, fmt.Sprintf("%s (%s)", *p.Name, *p.ID))
		}
		resp.Diagnostics.AddError("Several control planes found", fmt.Sprintf("%d control planes match %s: %s. "+
			"Filter by name = { eq = … } or id = { eq = … }, or use konnect_gateway_control_plane_list.", len(found), m.filters(), wording.List(names, 5)))
	}
}

// Read implements [datasource.DataSource].
func (d *controlPlanesSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m controlPlanesModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	var diags diag.Diagnostics
	m.Data, diags = d.search(ctx, m.controlPlaneQuery)
	if resp.Diagnostics.Append(diags...); !diags.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	}
}

// search asks the control plane API for what matches.
func (d *dataSource) search(ctx context.Context, q controlPlaneQuery) ([]foundPlane, diag.Diagnostics) {
	var diags diag.Diagnostics
	if d.session == nil {
		d.session = session.New(d.bundled())
	}
	api, err := d.session.Client()
	var docs []map[string]any
	if err == nil {
		docs, err = api.List(ctx, client.Ref{Type: entity.ControlPlane}, q.parameters())
	}
	var e *client.Error
	if errors.As(err, &e) && len(e.Violations) > 0 {
		for _, v := range e.Violations {
			diags.AddError("Unable to list control planes", wording.Sentence(v.Error())+" (The control plane says so.)")
		}
		return nil, diags
	}
	if err != nil {
		diags.AddError("Unable to list control planes", wording.Sentence(err.Error()))
		return nil, diags
	}
	out := make([]foundPlane, 0, len(docs))
	for _, doc := range docs {
		out = append(out, foundPlaneOf(doc))
	}
	return out, diags
}

// parameters are the query of the request.
func (q controlPlaneQuery) parameters() url.Values {
	out := url.Values{}
	set := func(name string, v types.String) {
		if !v.IsNull() {
			out.Set(name, v.ValueString())
		}
	}
	set("labels", q.Labels)
	set("sort", q.Sort)
	f := q.Filter
	if f == nil {
		return out
	}
	if !f.CloudGateway.IsNull() {
		out.Set("filter[cloud_gateway]", strconv.FormatBool(f.CloudGateway.ValueBool()))
	}
	if t := f.ClusterType; t != nil {
		set("filter[cluster_type][eq]", t.Equal)
		set("filter[cluster_type][neq]", t.NotEqual)
		set("filter[cluster_type][oeq]", t.OneOf)
	}
	if t := f.ID; t != nil {
		set("filter[id][eq]", t.Equal)
		set("filter[id][oeq]", t.OneOf)
	}
	if t := f.Name; t != nil {
		set("filter[name][eq]", t.Equal)
		set("filter[name][neq]", t.NotEqual)
		set("filter[name][contains]", t.Contains)
	}
	return out
}

// filters lists the filters of the query, for messages.
func (q controlPlaneQuery) filters() string {
	parameters := q.parameters()
	parameters.Del("sort")
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		parts = append(parts, name+" = "+strconv.Quote(parameters.Get(name)))
	}
	if len(parts) == 0 {
		return "a query without filters"
	}
	return strings.Join(parts, ", ")
}

func foundPlaneOf(doc map[string]any) foundPlane {
	out := foundPlane{
		ID: textOf(doc, "id"), Name: textOf(doc, "name"), Description: textOf(doc, "description"),
		Labels: map[string]string{},
	}
	labels, _ := doc["labels"].(map[string]any)
	for k, v := range labels {
		out.Labels[k] = fmt.Sprint(v)
	}
	config, ok := doc["config"].(map[string]any)
	if !ok {
		return out
	}
	out.Config = &foundPlaneConfig{
		AuthType: textOf(config, "auth_type"), ClusterType: textOf(config, "cluster_type"),
		ControlPlaneEndpoint: textOf(config, "control_plane_endpoint"), TelemetryEndpoint: textOf(config, "telemetry_endpoint"),
		ProxyURLs: []proxyURL{},
	}
	if b, ok := config["cloud_gateway"].(bool); ok {
		out.Config.CloudGateway = &b
	}
	urls, _ := config["proxy_urls"].([]any)
	for _, u := range urls {
		u, _ := u.(map[string]any)
		out.Config.ProxyURLs = append(out.Config.ProxyURLs, proxyURL{textOf(u, "host"), wholeOf(u, "port"), textOf(u, "protocol")})
	}
	return out
}

func textOf(doc map[string]any, key string) *string {
	s, ok := doc[key].(string)
	if !ok {
		return nil
	}
	return &s
}

func wholeOf(doc map[string]any, key string) *int64 {
	n, err := strconv.ParseInt(fmt.Sprint(doc[key]), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

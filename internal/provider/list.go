package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// ValidateListResourceConfig implements [tfprotov6.ListResourceServer].
func (s *server) ValidateListResourceConfig(ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.ValidateListResourceConfig(ctx, req)
	}
	config, err := req.Config.Unmarshal(r.ListSchema().ValueType())
	if err != nil {
		return &tfprotov6.ValidateListResourceConfigResponse{Diagnostics: r.Unreadable("list", err)}, nil
	}
	return &tfprotov6.ValidateListResourceConfigResponse{Diagnostics: r.ValidateList(config)}, nil
}

// ListResource implements [tfprotov6.ListResourceServer].
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.ListResource(ctx, req)
	}
	config, err := req.Config.Unmarshal(r.ListSchema().ValueType())
	diags := r.ValidateList(config)
	if err != nil {
		diags = r.Unreadable("list", err)
	}
	if report.HasErrors(diags) {
		return &tfprotov6.ListResourceServerStream{Results: slices.Values([]tfprotov6.ListResourceResult{{Diagnostics: diags}})}, nil
	}
	return &tfprotov6.ListResourceServerStream{Results: func(yield func(tfprotov6.ListResourceResult) bool) {
		ctx, waited := session.WithWaits(ctx)
		for result := range r.List(ctx, s.session(), config, req.IncludeResource, req.Limit) {
			result.Diagnostics = append(result.Diagnostics, waitedFor(waited)...)
			if !yield(result) {
				return
			}
		}
	}}, nil
}

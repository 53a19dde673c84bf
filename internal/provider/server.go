package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// frameworkServer is what the framework's server answers. Terraform finds some
// of it by type assertion, which embedding the plain interface would hide.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

var _ interface {
	tfprotov6.ProviderServerWithListResource
	tfprotov6.ProviderServerWithActions
} = (*server)(nil)

// server answers Terraform. Resources and data sources of the entity table are answered here,
// at the level of the protocol; everything else is passed on to the framework.
type server struct {
	frameworkServer

	resources map[string]*resource.Resource
	sources   map[string]*resource.Source

	mu      sync.Mutex
	current *session.Session
	judged  bool // the provider's configuration was judged, and is to come
}

// session returns the session of the provider's configuration, or an empty one
// if there was none: terraform validate does not configure.
func (s *server) session() *session.Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		s.current = session.New(resource.Bundled())
	}
	return s.current
}

// endWalk says that another walk of Terraform begins. It may be one that does
// not configure the provider.
func (s *server) endWalk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		s.current.EndWalk()
	}
}

// configure begins a session. What an earlier one knew is no longer true:
// tests use one process for many configurations.
//
// Whoever configures a provider for one walk has its configuration judged before.
// terraform test, from 1.13 on, has not: it configures a provider of its own for all walks
// of all runs, which do not say where they begin.
func (s *server) configure(next *session.Session) error {
	s.mu.Lock()
	last := s.current
	s.current = next
	if !s.judged {
		next.ForManyWalks()
	}
	s.judged = false
	s.mu.Unlock()
	if last == nil {
		return nil
	}
	return last.Close()
}

// GetMetadata implements [tfprotov6.ProviderServer].
func (s *server) GetMetadata(ctx context.Context, req *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp, err := s.frameworkServer.GetMetadata(ctx, req)
	if err != nil {
		return resp, err
	}
	announce(resp.ServerCapabilities)
	for _, name := range slices.Sorted(maps.Keys(s.resources)) {
		resp.Resources = append(resp.Resources, tfprotov6.ResourceMetadata{TypeName: name})
		resp.ListResources = append(resp.ListResources, tfprotov6.ListResourceMetadata{TypeName: name})
	}
	for _, name := range slices.Sorted(maps.Keys(s.sources)) {
		resp.DataSources = append(resp.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return resp, nil
}

// announce adds the capabilities that the framework has but does not name.
func announce(c *tfprotov6.ServerCapabilities) {
	if c != nil {
		c.GenerateResourceConfig = true
	}
}

// GetProviderSchema implements [tfprotov6.ProviderServer]. Terraform has the answer from
// package prepared, which is made of this one.
func (s *server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	s.endWalk() // a command asks for schemas before it configures
	resp, err := s.frameworkServer.GetProviderSchema(ctx, req)
	if err != nil {
		return resp, err
	}
	if resp.ResourceSchemas == nil {
		resp.ResourceSchemas = make(map[string]*tfprotov6.Schema, len(s.resources))
	}
	if resp.ListResourceSchemas == nil {
		resp.ListResourceSchemas = make(map[string]*tfprotov6.Schema, len(s.resources))
	}
	for name, r := range s.resources {
		resp.ResourceSchemas[name] = r.Schema()
		resp.ListResourceSchemas[name] = r.ListSchema()
	}
	if resp.DataSourceSchemas == nil {
		resp.DataSourceSchemas = make(map[string]*tfprotov6.Schema, len(s.sources))
	}
	for name, d := range s.sources {
		resp.DataSourceSchemas[name] = d.Schema()
	}
	announce(resp.ServerCapabilities)
	return resp, nil
}

// GetResourceIdentitySchemas implements [tfprotov6.ProviderServer].
func (s *server) GetResourceIdentitySchemas(ctx context.Context, req *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	resp, err := s.frameworkServer.GetResourceIdentitySchemas(ctx, req)
	if err != nil {
		return resp, err
	}
	if resp.IdentitySchemas == nil {
		resp.IdentitySchemas = make(map[string]*tfprotov6.ResourceIdentitySchema, len(s.resources))
	}
	for name, r := range s.resources {
		resp.IdentitySchemas[name] = r.IdentitySchema()
	}
	return resp, nil
}

// ValidateProviderConfig implements [tfprotov6.ProviderServer]. It begins a
// walk: a resource that is validated before the provider is configured again
// does not belong to the last walk.
func (s *server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	s.endWalk()
	s.mu.Lock()
	s.judged = true
	s.mu.Unlock()
	return s.frameworkServer.ValidateProviderConfig(ctx, req)
}

// ValidateResourceConfig implements [tfprotov6.ResourceServer].
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.ValidateResourceConfig(ctx, req)
	}
	resp := &tfprotov6.ValidateResourceConfigResponse{}
	config, err := r.Decode(req.Config)
	if err != nil {
		resp.Diagnostics = r.Unreadable("configuration", err)
		return resp, nil
	}
	ctx, waited := session.WithWaits(ctx)
	if req.ClientCapabilities == nil || !req.ClientCapabilities.WriteOnlyAttributesAllowed {
		if resp.Diagnostics = r.TooOld(config); resp.Diagnostics != nil {
			return resp, nil
		}
	}
	resp.Diagnostics = report.Pointable(r.Validate(ctx, s.session(), config))
	resp.Diagnostics = append(resp.Diagnostics, waitedFor(waited)...)
	return resp, nil
}

// PlanResourceChange implements [tfprotov6.ResourceServer].
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.PlanResourceChange(ctx, req)
	}
	resp := &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}
	if isNullDynamic(req.ProposedNewState) {
		resp.Diagnostics = r.Deletion(ctx, s.session(), req.PriorState)
		return resp, nil
	}
	config, prior, diags := decodeTwo(r, req.Config, req.PriorState)
	if diags != nil {
		resp.Diagnostics = diags
		return resp, nil
	}
	var err error
	r.NoteManaged(s.session(), prior)
	ctx, waited := session.WithWaits(ctx)
	plan, diags := r.Plan(ctx, s.session(), config, prior, req.PriorPrivate)
	resp.Diagnostics = append(report.Pointable(diags), waitedFor(waited)...)
	if !prior.IsNull() {
		resp.Diagnostics = append(resp.Diagnostics, r.NoFile(s.session(), false)...)
	}
	if report.HasErrors(diags) {
		return resp, nil
	}
	resp.RequiresReplace = plan.Replaces
	resp.UnsafeToUseLegacyTypeSystem = plan.Tolerated
	resp.PlannedPrivate = plan.Private
	if resp.PlannedIdentity == nil {
		if resp.PlannedIdentity, err = r.Identity(prior); err != nil {
			return resp, err
		}
	}
	if !plan.Changes { // and need not be written anew
		resp.PlannedState = req.PriorState
		return resp, nil
	}
	return resp, encodeInto(r, &resp.PlannedState, plan.Value)
}

// ApplyResourceChange implements [tfprotov6.ResourceServer].
func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.ApplyResourceChange(ctx, req)
	}
	resp := &tfprotov6.ApplyResourceChangeResponse{NewState: req.PriorState, Private: req.PlannedPrivate}
	plan, prior, diags := decodeTwo(r, req.PlannedState, req.PriorState)
	config, err := r.Decode(req.Config)
	if err != nil {
		diags = append(diags, r.Unreadable("configuration", err)...)
	}
	if diags != nil {
		resp.Diagnostics = diags
		return resp, nil
	}
	r.NoteManaged(s.session(), prior)
	ctx, waited := session.WithWaits(ctx)
	state := prior
	switch {
	case plan.IsNull():
		if diags = r.Delete(ctx, s.session(), prior); !report.HasErrors(diags) {
			state = plan
		}
	case prior.IsNull():
		state, diags = r.Create(ctx, s.session(), config, plan, req.PlannedPrivate)
	default:
		state, diags = r.Update(ctx, s.session(), config, plan, prior, req.PlannedPrivate)
	}
	resp.Diagnostics = append(report.Pointable(diags), waitedFor(waited)...)
	if !plan.IsNull() && !report.HasErrors(diags) {
		resp.Private = r.Remember(ctx, s.session(), config, req.PlannedPrivate)
	}
	if tfvalue.IsNull(state) {
		state = tftypes.NewValue(r.Root().Type, nil)
	} else if resp.NewIdentity, err = r.Identity(state); err != nil {
		return resp, err
	}
	return resp, encodeInto(r, &resp.NewState, state)
}

// ReadResource implements [tfprotov6.ResourceServer].
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.ReadResource(ctx, req)
	}
	resp := &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}
	state, err := r.Decode(req.CurrentState)
	if err != nil {
		resp.Diagnostics = r.Unreadable("state", err)
		return resp, nil
	}
	r.NoteManaged(s.session(), state)
	ctx, waited := session.WithWaits(ctx)
	held := state
	state, private, diags := r.Read(ctx, s.session(), held, req.Private)
	resp.Diagnostics = append(append(diags, waitedFor(waited)...), r.NoFile(s.session(), state.IsNull())...)
	if report.HasErrors(diags) {
		return resp, nil
	}
	resp.Private = private
	if !state.IsNull() {
		if resp.NewIdentity, err = r.Identity(state); err != nil {
			return resp, err
		}
	}
	if req.CurrentState != nil && tfvalue.Same(held, state) {
		return resp, nil // as it came
	}
	return resp, encodeInto(r, &resp.NewState, state)
}

// UpgradeResourceState implements [tfprotov6.ResourceServer].
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.UpgradeResourceState(ctx, req)
	}
	resp := &tfprotov6.UpgradeResourceStateResponse{}
	state, err := r.Upgrade(req.RawState)
	if err != nil {
		resp.Diagnostics = r.Unreadable("state", err)
		return resp, nil
	}
	r.NoteManaged(s.session(), state)
	return resp, encodeInto(r, &resp.UpgradedState, state)
}

// UpgradeResourceIdentity implements [tfprotov6.ResourceServer].
func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.UpgradeResourceIdentity(ctx, req)
	}
	identity, err := r.UpgradeIdentity(req.RawIdentity)
	if err != nil {
		return &tfprotov6.UpgradeResourceIdentityResponse{Diagnostics: r.Unreadable("identity", err)}, nil
	}
	return &tfprotov6.UpgradeResourceIdentityResponse{UpgradedIdentity: identity}, nil
}

// ImportResourceState implements [tfprotov6.ResourceServer].
func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.ImportResourceState(ctx, req)
	}
	resp := &tfprotov6.ImportResourceStateResponse{}
	ctx, waited := session.WithWaits(ctx)
	adopt := func() (tftypes.Value, []byte, report.Diagnostics) { return r.Import(ctx, s.session(), req.ID) }
	if req.Identity != nil && req.ID == "" {
		adopt = func() (tftypes.Value, []byte, report.Diagnostics) {
			return r.ImportIdentity(ctx, s.session(), req.Identity)
		}
	}
	state, private, diags := adopt()
	resp.Diagnostics = append(diags, waitedFor(waited)...)
	if report.HasErrors(diags) {
		return resp, nil
	}
	identity, err := r.Identity(state)
	if err != nil {
		return resp, err
	}
	imported := &tfprotov6.ImportedResource{TypeName: req.TypeName, Private: private, Identity: identity}
	resp.ImportedResources = append(resp.ImportedResources, imported)
	return resp, encodeInto(r, &imported.State, state)
}

// MoveResourceState implements [tfprotov6.ResourceServer].
func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	r := s.resources[req.TargetTypeName]
	if r == nil {
		return s.frameworkServer.MoveResourceState(ctx, req)
	}
	resp := &tfprotov6.MoveResourceStateResponse{TargetPrivate: req.SourcePrivate}
	state, diags := s.moved(req, r)
	if resp.Diagnostics = diags; report.HasErrors(diags) {
		return resp, nil
	}
	var err error
	if resp.TargetIdentity, err = r.Identity(state); err != nil {
		return resp, err
	}
	return resp, encodeInto(r, &resp.TargetState, state)
}

// GenerateResourceConfig implements [tfprotov6.ResourceServer]. Terraform's own
// generator would write down every default.
func (s *server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	r := s.resources[req.TypeName]
	if r == nil {
		return s.frameworkServer.GenerateResourceConfig(ctx, req)
	}
	resp := &tfprotov6.GenerateResourceConfigResponse{}
	if req.State == nil { // Terraform 1.14.0 forgets it, and would crash over the answer
		resp.Diagnostics = report.Diagnostics{report.Failure(nil, "Unable to write a configuration",
			"Terraform asks for the configuration of "+req.TypeName+" without saying what it has found. Terraform 1.14.0 has this fault; "+
				"1.14.3 and later versions have not, and neither has 1.13.")}
		return resp, nil
	}
	state, err := r.Decode(req.State)
	if err != nil {
		resp.Diagnostics = r.Unreadable("state", err)
		return resp, nil
	}
	return resp, encodeInto(r, &resp.Config, r.Configuration(state))
}

// ValidateDataResourceConfig implements [tfprotov6.DataSourceServer].
func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	d := s.sources[req.TypeName]
	if d == nil {
		return s.frameworkServer.ValidateDataResourceConfig(ctx, req)
	}
	resp := &tfprotov6.ValidateDataResourceConfigResponse{}
	config, err := d.Decode(req.Config)
	if err != nil {
		resp.Diagnostics = d.Unreadable("configuration", err)
		return resp, nil
	}
	resp.Diagnostics = d.Validate(s.session(), config)
	return resp, nil
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	d := s.sources[req.TypeName]
	if d == nil {
		return s.frameworkServer.ReadDataSource(ctx, req)
	}
	resp := &tfprotov6.ReadDataSourceResponse{}
	config, err := d.Decode(req.Config)
	if err != nil {
		resp.Diagnostics = d.Unreadable("configuration", err)
		return resp, nil
	}
	ctx, waited := session.WithWaits(ctx)
	found, diags := d.Read(ctx, s.session(), config)
	resp.Diagnostics = append(report.Pointable(diags), waitedFor(waited)...)
	if report.HasErrors(diags) {
		return resp, nil
	}
	if resp.State, err = d.Encode(found); err != nil {
		return resp, fmt.Errorf("%s: %w", d.Name, err)
	}
	return resp, nil
}

// waitedFor warns that a call took long because the control plane was busy.
func waitedFor(w *session.Waits) report.Diagnostics {
	text := w.Warning()
	if text == "" {
		return nil
	}
	return report.Diagnostics{report.Warning(nil, "The control plane kept Terraform waiting", text)}
}

func isNullDynamic(v *tfprotov6.DynamicValue) bool {
	if v == nil {
		return true
	}
	null, err := v.IsNull()
	return err == nil && null
}

func decodeTwo(r *resource.Resource, one, two *tfprotov6.DynamicValue) (a, b tftypes.Value, diags report.Diagnostics) {
	a, err := r.Decode(one)
	if err != nil {
		return a, b, r.Unreadable("configuration or plan", err)
	}
	b, err = r.Decode(two)
	if err != nil {
		return a, b, r.Unreadable("prior state", err)
	}
	return a, b, nil
}

func encodeInto(r *resource.Resource, to **tfprotov6.DynamicValue, v tftypes.Value) error {
	out, err := r.Encode(v)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	*to = out
	return nil
}

package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Offline is what the provider can say without Terraform and without a control
// plane, for programs that read configurations as text. It knows the attributes
// of resources and data sources and judges configurations as terraform validate
// does, but points at values at any depth.
type Offline struct {
	resources map[string]*resource.Resource
	sources   map[string]*tfprotov6.Schema
	session   *session.Session
}

// NewOffline returns what the provider knows by itself.
func NewOffline(ctx context.Context) (*Offline, error) {
	s := newServer("offline", nil, resource.All())
	served, err := s.frameworkServer.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	o := &Offline{resources: s.resources, sources: served.DataSourceSchemas, session: session.New(resource.Bundled())}
	return o, nil
}

// ResourceTypes returns the names of all resource types.
func (o *Offline) ResourceTypes() []string {
	return slices.Sorted(maps.Keys(o.resources))
}

// Resource returns the schema of a resource type, or nil.
func (o *Offline) Resource(name string) *tfprotov6.Schema {
	r := o.resources[name]
	if r == nil {
		return nil
	}
	return r.Schema()
}

// DataSourceTypes returns the names of all data sources.
func (o *Offline) DataSourceTypes() []string { return slices.Sorted(maps.Keys(o.sources)) }

// DataSource returns the schema of a data source, or nil.
func (o *Offline) DataSource(name string) *tfprotov6.Schema { return o.sources[name] }

// Validate judges a configuration of a resource. Values that the text alone does
// not tell are unknown. Of secrets it says nothing: see [Offline.Secrets].
func (o *Offline) Validate(ctx context.Context, name string, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
	r, v, err := o.decode(name, config)
	if err != nil {
		return nil, err
	}
	return r.ValidateText(ctx, o.session, v), nil
}

// Secrets tells of the secrets that a configuration of a resource has written out,
// and not as references to vaults.
func (o *Offline) Secrets(ctx context.Context, name string, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
	r, v, err := o.decode(name, config)
	if err != nil {
		return nil, err
	}
	return r.Exposed(ctx, o.session, v), nil
}

func (o *Offline) decode(name string, config *tfprotov6.DynamicValue) (*resource.Resource, tftypes.Value, error) {
	r := o.resources[name]
	if r == nil {
		return nil, tftypes.Value{}, fmt.Errorf("there is no resource type %s", name)
	}
	v, err := r.Decode(config)
	return r, v, err
}

// Successor returns the attribute that replaced a former attribute of a
// resource, or "". The path leads to the object that had the former one; the
// result is a dotted path from there.
func (o *Offline) Successor(name string, path schema.Path, former string) string {
	r := o.resources[name]
	if r == nil {
		return ""
	}
	a := r.Root()
	for _, step := range path {
		if a.Elem != nil {
			a = a.Elem
		} else if a = a.Named(step.Name); a == nil {
			return ""
		}
	}
	if a.Record == nil {
		return ""
	}
	old := a.Record.Shorthand(former)
	if old == nil || old.Deprecation == nil || len(old.Deprecation.ReplacedWith) == 0 {
		return ""
	}
	var names []string
	for _, s := range old.Deprecation.ReplacedWith[0].Path {
		names = append(names, attribute.NameOf(s.Name))
	}
	return strings.Join(names, ".")
}

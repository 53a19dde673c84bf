// Package provider is the Terraform provider: a server for Terraform's protocol.
//
// [New] makes one. It answers for the resources of the entity table at the
// level of the protocol, by a [resource.Resource] each, and passes everything
// else on to what runs on the framework. [Offline] is what the provider can say
// without Terraform and without a control plane.
//
// DESIGN.md says why planning and reading work as they do, and how the rooms
// below this one are cut.
//
// The package does not know how a control plane stores or serves anything: it
// is given a function that opens an embedded one.
package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/framework"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Address is the provider's name in the registry.
const Address = "registry.terraform.io/openkonnect/konnect"

// Option is what the surroundings of a provider may add to it.
type Option func(*framework.Provider)

// Noting keeps notes on what an apply has begun to make, for the next one in case
// that it is killed.
func Noting(folder *attempt.Folder) Option {
	return func(p *framework.Provider) { p.Attempts = folder }
}

// New returns a factory of servers for Terraform's protocol, version 6. The
// function opens an embedded control plane.
func New(version string, embedded framework.Opener, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(version, embedded, resource.All(), options...) }
}

func newServer(version string, embedded framework.Opener, resources map[string]*resource.Resource, options ...Option) *server {
	s := &server{resources: resources, sources: resource.Sources(resources)}
	p := &framework.Provider{
		Version: version, Embedded: embedded, Configured: s.configure,
		Catalog: framework.Catalog{Bundled: resource.Bundled, Config: resource.ConfigOf},
	}
	for _, o := range options {
		o(p)
	}
	s.frameworkServer = providerserver.NewProtocol6(p)().(frameworkServer)
	return s
}

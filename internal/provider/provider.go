// Package provider is the Terraform provider.
//
// [New] makes a server for Terraform's protocol. One generic [resource]
// answers for every row of the entity table and for every plugin, at the level
// of the protocol and on [tftypes] values: it derives the attributes from the
// entity's schema, judges configurations before anything is sent, computes
// plans in which only what the control plane alone knows is unknown, and
// stores what was planned. What differs between entities is data (rows.go) or,
// for the irregular ones, a [behaviour] in a file of its own. The framework
// serves the provider's own configuration and whatever else is no resource of
// the table.
//
// DESIGN.md says why planning and reading work as they do.
//
// The package does not know how a control plane stores or serves anything: it
// is given a function that opens an embedded one.
package provider

import (
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// Opener opens the embedded control plane that a file holds.
type Opener func(ctx context.Context, path string) (http.Handler, io.Closer, error)

// New returns a factory of servers for Terraform's protocol, version 6.
func New(version string, embedded Opener) func() tfprotov6.ProviderServer {
	bundled := bundledPlugins
	return func() tfprotov6.ProviderServer { return newServer(version, embedded, bundled, resources()) }
}

// bundledPlugins is the catalog, of which a process needs one.
var bundledPlugins = sync.OnceValue(newCatalog)

func newCatalog() *plugins.Set { return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas) }

func newServer(version string, embedded Opener, bundled func() *plugins.Set, resources map[string]*resource) *server {
	s := &server{resources: resources, bundled: bundled}
	p := &konnect{version: version, embedded: embedded, bundled: bundled, configured: s.configure}
	s.frameworkServer = providerserver.NewProtocol6(p)().(frameworkServer)
	return s
}

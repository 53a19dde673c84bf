package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// NewOf returns a server with the resources of a table of its own.
func NewOf(types entity.Table, embedded Opener) tfprotov6.ProviderServer {
	return newServer("test", embedded, bundledPlugins, resourcesOf(types))
}

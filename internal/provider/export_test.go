package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/framework"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// NewOf returns a server with the resources of a table of its own.
func NewOf(types entity.Table, embedded framework.Opener) tfprotov6.ProviderServer {
	return newServer("test", embedded, resource.Of(types))
}

// Package acceptance holds the acceptance tests: the real terraform, with the
// provider and a control plane in the test's process. What can be asked of the
// provider without terraform is tested beside the provider.
package acceptance

import (
	"context"
	"os"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/command"
)

func TestMain(m *testing.M) {
	if os.Getenv(acctest.Role) != "" {
		os.Exit(command.Run(context.Background()))
	}
	acctest.Main(m)
}

// The resources that take any plugin, and any schema.
const (
	plugin = "konnect_gateway_plugin"
	custom = "konnect_gateway_custom_plugin"
	upload = "konnect_gateway_custom_plugin_schema"
)

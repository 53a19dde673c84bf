// Command terraform-provider-konnect is a Terraform provider for Kong Konnect,
// and the control plane that it can run without an account.
package main

import (
	"context"
	"os"

	"github.com/openkonnect/terraform-provider-konnect/internal/command"
)

func main() { os.Exit(command.Run(context.Background())) }

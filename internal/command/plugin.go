package command

import (
	"os"
	"runtime"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/prepared"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
)

// pollParent is how often the plugin looks whether terraform still lives.
const pollParent = time.Second

func isDebug(args []string) bool {
	return len(args) == 1 && (args[0] == "-debug" || args[0] == "--debug")
}

// plugin serves Terraform until it closes the connection, or is gone.
func plugin(p process) int {
	if len(p.args) == 0 && p.env("TF_PLUGIN_MAGIC_COOKIE") == "" {
		return p.misused("terraform did not start this, and no command is given")
	}
	quietLogs()
	defer runtime.KeepAlive(spare(p.env))
	var attempts *attempt.Folder
	parent := os.Getppid()
	debug := isDebug(p.args)
	if !debug {
		attempts = attempt.In(attempt.Path(p.env)) // Terraform starts it in the configuration's folder
		ticks := time.NewTicker(pollParent)
		defer ticks.Stop()
		go watchParent(parent, os.Getppid, ticks.C, func() { os.Exit(exitFailed) })
	}
	planes := &controlplane.Shared{Fill: seed.Fill}
	err := answer(provider.New(versionName(), planes.Open, provider.Noting(attempts)), debug)
	if os.Getppid() == parent {
		attempts.End()
	}
	if closeErr := planes.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return p.failed(err)
	}
	return exitFine
}

// answer answers Terraform until it hangs up. A server that somebody debugs says what
// its own code says, any other one what is prepared.
func answer(factory func() tfprotov6.ProviderServer, debug bool) error {
	if debug {
		return tf6server.Serve(provider.Address, factory, tf6server.WithManagedDebug())
	}
	prepared.Serve(provider.Address, factory)
	return nil
}

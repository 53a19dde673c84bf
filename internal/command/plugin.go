package command

import (
	"os"
	"runtime"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/prepared"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
)

// address is the provider's name in the registry.
const address = "registry.terraform.io/openkonnect/konnect"

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
		go watchParent(os.Getppid, ticks.C, func() { os.Exit(exitFailed) })
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

// maxMessage is how long a message may be, in bytes: as Terraform has it.
const maxMessage = 256 << 20

// answer answers Terraform until it hangs up. A server that somebody debugs says what
// its own code says; any other one gives the prepared schemas, for which the library
// has no option.
func answer(factory func() tfprotov6.ProviderServer, debug bool) error {
	if debug {
		return tf6server.Serve(address, factory, tf6server.WithManagedDebug())
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  6,
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		Plugins: goplugin.PluginSet{"provider": &tf6server.GRPCProviderPlugin{GRPCProvider: factory, Name: address}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			options = append(options, grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))
			return grpc.NewServer(append(options, prepared.ServerOptions()...)...)
		},
	})
	return nil
}

// Package prepared answers Terraform's question for all schemas with bytes that
// were made beforehand. Every command of Terraform's asks it first and waits, and then
// uses a few of the schemas: deriving them all was two thirds of what a provider
// process cost that was asked nothing else, and a third of its memory.
//
// [Serve] is the server that Terraform calls. The bytes are in schemas.binpb; make
// generate writes them anew, from what the provider itself answers.
//
// The package does not know what is in them.
package prepared

import (
	"context"
	_ "embed"

	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
)

//go:generate go run ./generate -to schemas.binpb

// Method is the name of the question.
const Method = "/tfplugin6.Provider/GetProviderSchema"

// answer is a tfplugin6.GetProviderSchema.Response.
//
//go:embed schemas.binpb
var answer []byte

// maxMessage is how long a message may be, in bytes: as Terraform has it.
const maxMessage = 256 << 20

// Serve serves Terraform, which has started this process, until it hangs up. The address
// is that of the provider in the registry. The server of terraform-plugin-go does the
// same, but takes no [ServerOptions].
func Serve(address string, factory func() tfprotov6.ProviderServer) {
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  6,
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		Plugins: goplugin.PluginSet{"provider": &tf6server.GRPCProviderPlugin{GRPCProvider: factory, Name: address}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			options = append(options, grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))
			return grpc.NewServer(append(options, ServerOptions()...)...)
		},
	})
}

// ServerOptions make a server give the answer. All other calls go their usual way.
func ServerOptions() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.UnaryInterceptor(intercept),
		grpc.ForceServerCodecV2(codec{encoding.GetCodecV2(proto.Name)}),
	}
}

func intercept(ctx context.Context, req any, call *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if call.FullMethod == Method {
		return encoded(answer), nil
	}
	return handle(ctx, req)
}

// encoded is a message that has been written already.
type encoded []byte

// codec is the usual one, but sends what has been written as it is.
type codec struct{ encoding.CodecV2 }

// Marshal implements [encoding.CodecV2].
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	if text, ok := v.(encoded); ok {
		return mem.BufferSlice{mem.SliceBuffer(text)}, nil
	}
	return c.CodecV2.Marshal(v)
}

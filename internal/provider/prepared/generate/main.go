// Command generate asks the provider for all its schemas, as Terraform does, and writes
// the answer to a file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"net"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	encodingproto "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/prepared"
)

func main() {
	to := flag.String("to", "schemas.binpb", "the file")
	flag.Parse()
	text, err := ask(context.Background(), provider.New("", nil), inOrder)
	if err == nil {
		err = os.WriteFile(*to, text, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// inOrder makes a server write maps in the order of their keys, so that the same
// schemas are the same bytes.
var inOrder = grpc.ForceServerCodecV2(ordered{encoding.GetCodecV2(encodingproto.Name)})

// ask returns what a provider answers on a server with options.
func ask(ctx context.Context, factory func() tfprotov6.ProviderServer, options ...grpc.ServerOption) (text []byte, err error) {
	if err := os.Setenv("TF_LOG_SDK", "OFF"); err != nil { // they tell everything, unless told not to
		return nil, err
	}
	server := grpc.NewServer(options...)
	plugin := tf6server.GRPCProviderPlugin{GRPCProvider: factory, Name: provider.Address}
	if err := plugin.GRPCServer(nil, server); err != nil {
		return nil, err
	}
	listener := bufconn.Listen(1 << 16)
	go server.Serve(listener) //nolint:errcheck // the call tells of it
	defer server.Stop()
	client, err := grpc.NewClient("passthrough:///", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw{}), grpc.MaxCallRecvMsgSize(math.MaxInt32)))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	err = client.Invoke(ctx, prepared.Method, nil, &text)
	return text, err
}

// ordered is the usual codec, in order.
type ordered struct{ encoding.CodecV2 }

// Marshal implements [encoding.CodecV2].
func (c ordered) Marshal(v any) (mem.BufferSlice, error) {
	message, ok := v.(proto.Message)
	if !ok {
		return nil, fmt.Errorf("%T is no message", v)
	}
	text, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	return mem.BufferSlice{mem.SliceBuffer(text)}, err
}

// raw asks without arguments, and leaves an answer as it came.
type raw struct{}

// Name implements [encoding.CodecV2].
func (raw) Name() string { return encodingproto.Name }

// Marshal implements [encoding.CodecV2].
func (raw) Marshal(any) (mem.BufferSlice, error) { return nil, nil }

// Unmarshal implements [encoding.CodecV2].
func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	to, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is no text", v)
	}
	*to = data.Materialize()
	return nil
}

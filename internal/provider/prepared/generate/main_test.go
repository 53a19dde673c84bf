package main

import (
	"bytes"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/prepared"
)

// unasked fails when it is asked anything.
type unasked struct{ tfprotov6.ProviderServer }

// What Terraform gets is to the byte what the provider answers, which is not asked.
func TestAsk(t *testing.T) {
	want, err := ask(t.Context(), provider.New("", nil), inOrder)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ask(t.Context(), func() tfprotov6.ProviderServer { return unasked{} }, prepared.ServerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the prepared schemas (%d bytes) are not those of the provider (%d bytes): run make generate", len(got), len(want))
	}
}

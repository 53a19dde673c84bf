// Command exemplify writes the examples of the resources for single plugins,
// examples/resources/konnect_gateway_plugin_*, from which the documentation
// takes them: a configuration that the provider accepts. Beside the example of
// every resource, its own or one written by hand, it says how to import.
//
// The examples of data sources, examples/data-sources, look for an object by its
// best name.
//
// The configurations are those of the catalog's examples and, where there is
// none, the smallest that the plugin's schema allows. Running it again changes
// nothing; terraform fmt aligns what it wrote.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

//go:generate go run .

func main() {
	from := flag.String("from", "../plugins/testdata/examples", "folder of example configurations")
	to := flag.String("to", "../../examples/resources", "folder to write to")
	flag.Parse()
	if err := run(context.Background(), *from, *to); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, from, to string) error {
	for name, d := range resource.Sources(resource.All()) {
		folder := filepath.Join(filepath.Dir(to), "data-sources", name)
		if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // what is checked in is for everybody to read
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, "data-source.tf"), []byte(d.Example()), 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	server := provider.New("exemplify", nil)()
	for typ, name := range resource.PluginResources() {
		p, err := set.Load(name)
		if err != nil {
			return err
		}
		candidates, err := configurations(ctx, p, filepath.Join(from, name+".json"))
		if err != nil {
			return err
		}
		config, accepted, err := choose(ctx, server, typ, candidates)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := write(filepath.Join(to, typ), typ, p, config, accepted); err != nil {
			return err
		}
	}
	return adoptions(to)
}

// own are the examples of plugins for which the catalog has none that Konnect
// accepts.
var own = map[string][]map[string]any{
	"graphql-rate-limiting-advanced": {{
		"limit": []any{json.Number("100")}, "window_size": []any{json.Number("60")}, "sync_rate": json.Number("1"),
		"strategy": "redis", "redis": map[string]any{"host": "redis.internal"},
	}},
	"jwt-signer": {{
		"access_token_keyset": "https://idp.example.com/keys", "channel_token_keyset": "https://idp.example.com/keys",
	}},
	"rate-limiting-advanced": {{
		"limit": []any{json.Number("100")}, "window_size": []any{json.Number("60")}, "sync_rate": json.Number("1"), "namespace": "orders",
		"strategy": "redis", "redis": map[string]any{"host": "redis.internal"},
	}},
	"service-protection": {{
		"limit": []any{json.Number("100")}, "window_size": []any{json.Number("60")}, "sync_rate": json.Number("1"), "namespace": "orders",
		"strategy": "redis", "redis": map[string]any{"host": "redis.internal"},
	}},
	"jq": {{
		"response_jq_program": ".data", "request_jq_program_options": map[string]any{}, "response_jq_program_options": map[string]any{"sort_keys": true},
	}},
}

// configurations returns what may serve as the example, the best first.
func configurations(ctx context.Context, p *plugins.Plugin, file string) ([]map[string]any, error) {
	out := slices.Clone(own[p.Name])
	text, err := os.ReadFile(file)
	switch {
	case err == nil:
		var doc struct {
			Valid []struct {
				Config map[string]any `json:"config"`
			} `json:"valid"`
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&doc); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, e := range doc.Valid {
			out = append(out, e.Config)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	// A long configuration explains less than a short one.
	slices.SortStableFunc(out[len(own[p.Name]):], func(a, b map[string]any) int { return size(a) - size(b) })
	minimal, err := sample.Minimal(ctx, p)
	return append(out, minimal), err
}

func size(config map[string]any) int {
	text, err := json.Marshal(config)
	if err != nil {
		return 0
	}
	// Very short ones show nothing.
	if len(text) < 40 {
		return 10000 - len(text)
	}
	return len(text)
}

// choose returns the configuration that the provider complains least about, and
// whether the provider accepts it.
func choose(ctx context.Context, server tfprotov6.ProviderServer, typ string, candidates []map[string]any) (config tftypes.Value, accepted bool, err error) {
	least := 0
	for i, candidate := range candidates {
		value, complaints, err := judge(ctx, server, typ, candidate)
		if err != nil {
			return config, false, err
		}
		if i == 0 || complaints < least {
			config, least = value, complaints
		}
	}
	return config, least < refusal, nil
}

// refusal outweighs any number of warnings.
const refusal = 1000

// judge returns the configuration in the resource's form, and how much the
// provider has to say about it.
func judge(ctx context.Context, server tfprotov6.ProviderServer, typ string, config map[string]any) (tftypes.Value, int, error) {
	value, err := resource.Shape(typ, map[string]any{"config": config})
	if err != nil {
		return value, 0, err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return value, 0, err
	}
	attributes["control_plane_id"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	if _, ok := attributes["service"]; ok {
		attributes["service"] = tftypes.NewValue(attributes["service"].Type(), tftypes.UnknownValue)
	}
	in, err := tfprotov6.NewDynamicValue(value.Type(), tftypes.NewValue(value.Type(), attributes))
	if err != nil {
		return value, 0, err
	}
	resp, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: typ, Config: &in})
	if err != nil {
		return value, 0, err
	}
	complaints := 0
	for _, d := range resp.Diagnostics {
		complaints++
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			complaints += refusal
		}
	}
	return attributes["config"], complaints, nil
}

func write(folder, typ string, p *plugins.Plugin, config tftypes.Value, accepted bool) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // what is checked in is for everybody to read
		return err
	}
	var file, body hcltext.Body
	if !accepted {
		file.Comment("Konnect does not take this plugin from users; see above.")
	}
	body.Set("control_plane_id", "konnect_gateway_control_plane.shop.id")
	if text := hcltext.Value(config); text != hcltext.Null {
		body.Gap()
		body.Set("config", text)
	}
	if slices.Contains(p.Info.Scopes, "service") {
		body.Gap()
		body.Set("service", hcltext.Object([]hcltext.Entry{{Name: "id", Value: "konnect_gateway_service.orders.id"}}))
	}
	file.Block("resource", []string{typ, "example"}, &body)
	return save(folder, "resource.tf", file.File())
}

func save(folder, name, text string) error {
	return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644) //nolint:gosec // what is checked in is for everybody to read
}

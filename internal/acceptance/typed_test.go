package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Every plugin by terraform itself, in the smallest and in the largest
// configuration: applied, planned again, imported, planned again, destroyed.
// Terraform writes its whole state at each change: a few groups cost less than
// all at once.
func TestAccTyped_everyPlugin(t *testing.T) {
	t.Parallel()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for group := range slices.Chunk(set.Names(), 30) {
		t.Run(group[0], func(t *testing.T) {
			t.Parallel()
			typedByTerraform(t, set, group)
		})
	}
}

// typedByTerraform runs some plugins, a control plane for each kind of
// configuration.
func typedByTerraform(t *testing.T, set *plugins.Set, names []string) {
	cp := acctest.New(t)
	planes := map[string]string{}
	for _, kind := range []string{"minimal", "rich"} {
		planes[kind], _ = cp.Make(t, entity.ControlPlane, nil, acctest.Object{"name": kind})["id"].(string)
	}
	resources, count := writtenOut(t, set, names, planes)
	main, err := json.MarshalIndent(map[string]any{"resource": resources}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d resources on %d control planes", count, len(planes))
	tf := cp.Terraform(t, map[string]string{"main.tf.json": string(main)})
	run := func(want int, args ...string) string {
		t.Helper()
		out, exit := tf.Run(t, args...)
		if exit != want {
			t.Fatalf("terraform %s: exit code %d\n%s", strings.Join(args, " "), exit, out)
		}
		return string(out)
	}
	run(0, "apply", "-auto-approve", "-no-color")
	run(0, "plan", "-detailed-exitcode", "-no-color")

	var imports strings.Builder
	for kind, plane := range planes {
		held, err := cp.Client.List(t.Context(), client.Ref{Type: entity.Plugin, Parents: []string{plane}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range held {
			fmt.Fprintf(&imports, "import {\n  to = %s.%s\n  id = jsonencode({ id = %q, control_plane_id = %q })\n}\n", acctest.TypedName(fmt.Sprint(doc["name"])), kind, doc["id"], plane)
		}
	}
	if err := os.Remove(tf.File("terraform.tfstate")); err != nil {
		t.Fatal(err)
	}
	tf.Write(t, "imports.tf", imports.String())
	if out := run(0, "apply", "-auto-approve", "-no-color"); !strings.Contains(out, fmt.Sprintf("Resources: %d imported, 0 added, 0 changed, 0 destroyed.", count)) {
		t.Errorf("an import changes something:\n%s", out)
	}
	run(0, "plan", "-detailed-exitcode", "-no-color")
	if out := run(0, "apply", "-destroy", "-auto-approve", "-no-color"); !strings.Contains(out, fmt.Sprintf("%d destroyed.", count)) {
		t.Errorf("not all are destroyed:\n%s", out)
	}
}

// writtenOut are the resources for some plugins, by type and by the kind of
// configuration, which has a control plane of its own.
func writtenOut(t *testing.T, set *plugins.Set, names []string, planes map[string]string) (resources map[string]map[string]any, count int) {
	t.Helper()
	judge := acctest.Offline(t)
	resources = map[string]map[string]any{}
	for _, name := range names {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Info.ManagedByKonnect {
			continue
		}
		for kind, config := range acctest.Configurations(t, p) {
			plane, wanted := planes[kind]
			if !wanted {
				continue // an example: see TestTyped_everyPlugin
			}
			value, err := resource.All()[acctest.TypedName(name)].Root().FromGo(map[string]any{"config": config})
			if err != nil {
				t.Fatal(err)
			}
			var attributes map[string]tftypes.Value
			if err := value.As(&attributes); err != nil {
				t.Fatal(err)
			}
			written := acctest.Object{"control_plane_id": plane, "config": attributes["config"]}
			if acctest.ByKonnect.MatchString(acctest.Text(judge.Validate(t, acctest.TypedName(name), written))) {
				continue
			}
			if resources[acctest.TypedName(name)] == nil {
				resources[acctest.TypedName(name)] = map[string]any{}
			}
			resources[acctest.TypedName(name)][kind] = map[string]any{"control_plane_id": plane, "config": literal(acctest.Go(attributes["config"]))}
			count++
		}
	}
	return resources, count
}

// literal writes a value so that Terraform's JSON syntax takes texts as they
// are, and without nulls.
func literal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if e != nil {
				out[k] = literal(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = literal(e)
		}
		return out
	case string:
		return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(v)
	}
	return v
}

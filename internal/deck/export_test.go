package deck

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// newTarget makes an empty control plane of the name demo.
func newTarget(t testing.TB) *Target { return newTargetIn(t, ":memory:", "demo") }

// newTargetIn makes one in that database.
func newTargetIn(t testing.TB, database, name string) *Target {
	t.Helper()
	plane, err := controlplane.Open(t.Context(), controlplane.Options{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := client.New(client.Options{Transport: client.HandlerTransport(plane)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(t.Context(), client.Ref{Type: entity.ControlPlane}, map[string]any{"name": name}); err != nil {
		t.Fatal(err)
	}
	target, err := Find(t.Context(), c, name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// sample reads a file of testdata, with keys and certificates in their places.
func sample(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return pemReference.ReplaceAllStringFunc(string(data), func(match string) string {
		text, err := os.ReadFile(filepath.Join("../server/testdata/pem", strings.Trim(match, `@"`)))
		if err != nil {
			t.Fatal(err)
		}
		return jsonText(string(text))
	})
}

var pemReference = regexp.MustCompile(`"@[a-z.0-9_-]+"`)

func bundled() Schemas {
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	return Schemas{
		Plugin: func(ctx context.Context, t *Target, name string) (*plugins.Plugin, error) {
			if p, ok := set.Lookup(name); ok {
				return p, nil
			}
			doc, err := t.Client.Get(ctx, t.at(entity.ClonedPlugin, name))
			if errors.Is(err, client.ErrNotFound) {
				return nil, nil
			}
			return set.Clone(name, jsonvalue.Text(doc["ref"]))
		},
		Clone:   set.Clone,
		Partial: plugins.NewPartialKinds(set, entity.PartialFrame(), entity.Schemas).Schema,
		Streamed: func(ctx context.Context, source, _ string) (*plugins.Plugin, error) {
			p, err := luaschema.Load(ctx, source, entity.Plugin.Schema(), entity.Schemas)
			if err != nil {
				return nil, err
			}
			return &plugins.Plugin{Name: p.Name, Schema: p.Schema, Def: p.Def, Custom: true}, nil
		},
	}
}

func importFile(t testing.TB, target *Target, content string) *Plan {
	t.Helper()
	file, err := Read(entity.Types(), []byte(content), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.Plan(t.Context(), target, bundled())
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	return plan
}

func export(t testing.TB, target *Target, o ExportOptions) (string, []string) {
	t.Helper()
	text, notes, err := Export(t.Context(), target, entity.Types(), bundled(), o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), notes
}

// TestRoundTrip exports, imports what was exported into an empty control plane
// and exports again; importing once more finds nothing to do.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	first := newTarget(t)
	importFile(t, first, sample(t, "shop.yaml"))
	for name, o := range map[string]ExportOptions{
		"deck":           {},
		"deck with ids":  {WithID: true},
		"dbless":         {Format: ForDBless},
		"dbless with id": {Format: ForDBless, WithID: true},
		"JSON":           {JSON: true},
		"dbless JSON":    {Format: ForDBless, JSON: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, notes := export(t, first, o)
			if len(notes) > 0 {
				t.Errorf("not everything: %q", notes)
			}
			if again, _ := export(t, first, o); again != text {
				t.Errorf("two exports differ: %s", cmp.Diff(text, again))
			}
			second := newTarget(t)
			if n := importFile(t, second, text).Count(); n[Update]+n[Keep] > 0 || n[Create] < 30 {
				t.Errorf("an empty control plane: %v", n)
			}
			if diff := cmp.Diff(text, must(export(t, second, o))); diff != "" {
				t.Errorf("exported again: %s", diff)
			}
			if n := importFile(t, second, text).Count(); n[Update]+n[Create] > 0 {
				t.Errorf("nothing has changed, yet: %v", n)
			}
			if n := importFile(t, first, text).Count(); n[Update]+n[Create] > 0 {
				t.Errorf("nothing has changed where it came from, yet: %v", n)
			}
		})
	}
}

func must(text string, _ []string) string { return text }

// TestImport_source imports the hand-written file twice: what the server made
// up for it stays.
func TestImport_source(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	source := sample(t, "shop.yaml") + "basicauth_credentials:\n- {username: ann, password: secret, consumer: ann}\n"
	importFile(t, target, source)
	before, _ := export(t, target, ExportOptions{WithID: true})
	if n := importFile(t, target, source).Count(); n[Update]+n[Create] > 0 {
		t.Errorf("nothing has changed, yet: %v", n)
	}
	changed := strings.Replace(source, "host: redis.internal", "host: redis2.internal", 1)
	if n := importFile(t, target, changed).Count(); n[Update] != 1 || n[Create] > 0 {
		t.Errorf("one thing has changed, yet: %v", n)
	}
	after, _ := export(t, target, ExportOptions{WithID: true})
	if diff := cmp.Diff(strings.Replace(before, "redis.internal", "redis2.internal", 1), after); diff != "" {
		t.Error(diff)
	}
}

// TestExport_forms pins down what each format looks like.
func TestExport_forms(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	importFile(t, target, `
_format_version: "3.0"
consumers:
- {username: ann, tags: [a, b], groups: [gold], keyauth_credentials: [{key: k, tags: [a]}]}
- {username: "1", tags: [a]}
consumer_groups:
- name: gold
  tags: [a]
  plugins:
  - {name: request-termination, tags: [a]}
- name: silver
  plugins:
  - {name: request-termination, enabled: false, tags: [a], protocols: [http]}
snis:
- {name: a.example, tags: [a], certificate: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0002}
certificates:
- id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0002
  cert: "{vault://env/cert}"
  key: "{vault://env/key}"
`)
	const groups = `
consumer_groups:
- name: gold
`
	for _, tt := range []struct {
		name string
		o    ExportOptions
		want string
	}{
		{"deck", ExportOptions{Konnect: true, SelectTags: []string{"a"}}, `# Not exported: SNI a.example of certificate 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0002: decK writes it below what it belongs to, which is not part of the file
_format_version: "3.0"
_info:
  select_tags:
  - a
_konnect:
  control_plane_name: demo` + groups + `  plugins:
  - config:
      body: null
      content_type: null
      echo: false
      message: null
      status_code: 503
      trigger: null
    name: request-termination
    tags:
    - a
  tags:
  - a
consumers:
- tags:
  - a
  username: "1"
- groups:
  - name: gold
  keyauth_credentials:
  - key: k
    tags:
    - a
  tags:
  - a
  - b
  username: ann
plugins:
- config:
    body: null
    content_type: null
    echo: false
    message: null
    status_code: 503
    trigger: null
  consumer_group: silver
  enabled: false
  name: request-termination
  protocols:
  - http
  tags:
  - a
`},
		{"both tags", ExportOptions{SelectTags: []string{"a", "b"}}, `_format_version: "3.0"
_info:
  select_tags:
  - a
  - b
consumers:
- groups:
  - name: gold
  tags:
  - a
  - b
  username: ann
`},
		{"nothing", ExportOptions{Format: ForDBless, SelectTags: []string{"c"}}, `_format_version: "3.0"
`},
		{"dbless", ExportOptions{Format: ForDBless}, `_format_version: "3.0"
certificates:
- cert: "{vault://env/cert}"
  id: "3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0002"
  key: "{vault://env/key}"
  snis:
  - name: a.example
    tags:
    - a
consumer_group_consumers:
- consumer: ann
  consumer_group: gold` + groups + `  tags:
  - a
- name: silver
consumers:
- tags:
  - a
  username: "1"
- keyauth_credentials:
  - key: k
    tags:
    - a
  tags:
  - a
  - b
  username: ann
plugins:
- config:
    body: null
    content_type: null
    echo: false
    message: null
    status_code: 503
    trigger: null
  consumer_group: gold
  enabled: true
  name: request-termination
  protocols:
  - grpc
  - grpcs
  - http
  - https
  tags:
  - a
- config:
    body: null
    content_type: null
    echo: false
    message: null
    status_code: 503
    trigger: null
  consumer_group: silver
  enabled: false
  name: request-termination
  protocols:
  - http
  tags:
  - a
`},
	} {
		got, _ := export(t, target, tt.o)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// TestExport_notes has what cannot be part of a file said, without anything
// that is secret.
func TestExport_notes(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	create := func(ref client.Ref, body map[string]any) string {
		t.Helper()
		doc, err := target.Client.Create(t.Context(), ref, body)
		if err != nil {
			t.Fatal(err)
		}
		return jsonvalue.Text(doc["id"])
	}
	importFile(t, target, `
_format_version: "3.0"
consumers:
- username: ann
  basicauth_credentials:
  - {username: ann, password: hidden}
plugins:
- {name: correlation-id, tags: [konnect-managed-plugin]}
`)
	create(target.at(entity.PluginSchema, ""), map[string]any{"lua_schema": `return { name = "greeter", fields = { { config = { type = "record", fields = {} } } } }`})
	store := create(target.at(entity.ConfigStore, ""), map[string]any{"name": "safe"})
	secrets := client.Ref{Type: entity.ConfigStoreSecret, Parents: []string{target.ID, store}}
	path, err := secrets.Path()
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Client.Do(t.Context(), "POST", path, map[string]any{"key": "door", "value": "hidden"}, nil); err != nil {
		t.Fatal(err)
	}
	got, notes := export(t, target, ExportOptions{})
	want := `# Not exported: basic-auth credential ann of consumer ann, of whose password only a hash is kept
# Not exported: config store safe
# Not exported: custom plugin schema greeter; upload it before this file is used
# Not exported: gateway plugin correlation-id, which Konnect manages itself
# Not exported: secret door of config store safe, whose value cannot be read
_format_version: "3.0"
consumers:
- username: ann
`
	if diff := cmp.Diff(want, got); diff != "" || len(notes) != 5 {
		t.Error(diff)
	}
	got, _ = export(t, target, ExportOptions{Format: ForDBless, JSON: true})
	want = `{
 "_comment": ` + jsonText(strings.Join(notes, "\n")) + `,
 "_format_version": "3.0",
 "consumers": [
  {
   "username": "ann"
  }
 ]
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

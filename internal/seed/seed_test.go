package seed_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/dump"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// shop has what refers to something, by name and by place, and what the API makes.
const shop = `_format_version: "3.0"
custom_plugins:
- name: greeter
  handler: return { PRIORITY = 1000, VERSION = "1" }
  schema: return { name = "greeter", fields = { { config = { type = "record", fields = { { text = { type = "string" } } } } } } }
services:
- name: orders
  host: ${{ env "DECK_HOST" }}
  routes:
  - paths: [/orders]
    plugins:
    - name: greeter
      config: {text: hello}
  - paths: [/bills]
consumer_groups:
- name: gold
consumers:
- username: ann
  groups: [{name: gold}]
  keyauth_credentials:
  - key: one
  - key: two
- custom_id: "7"
  basicauth_credentials:
  - {username: bob, password: secret}
plugins:
- name: rate-limiting
  consumer_group: gold
  config: {minute: 5, policy: local}
`

// filled is the dump of a new database with what a file holds.
func filled(t *testing.T, path string) (text string, sum dump.Summary, err error) {
	t.Helper()
	s, err := store.Open(t.Context(), ":memory:", entity.Types())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := seed.Fill(t.Context(), s, path); err != nil {
		return "", sum, err
	}
	var out bytes.Buffer
	sum, err = dump.Write(context.Background(), s, &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), sum, nil
}

func write(t *testing.T, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whoever reads a file, and as often as it is read, finds the same in it; so does
// who reads the dump of that.
func TestFill(t *testing.T) {
	t.Setenv("DECK_HOST", "orders.internal")
	path := write(t, "shop.v2.yaml", shop)
	first, sum, err := filled(t, path)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"control_planes": 1, "custom_plugins": 1, "services": 1, "routes": 2, "plugins": 2, "consumer_groups": 1, "consumers": 2,
		"consumer_group_consumers": 1, "keyauth_credentials": 2, "basicauth_credentials": 1,
	}
	if diff := cmp.Diff(want, sum.Types); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{`"name":"shop.v2"`, `"host":"orders.internal"`} {
		if !strings.Contains(first, part) {
			t.Errorf("no %s in %s", part, first)
		}
	}
	for name, again := range map[string]string{"again": path, "dump": write(t, "shop.dump", first)} {
		second, _, err := filled(t, again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(second, "\n")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What is wrong in a file is said with its line, and no more than that is said.
func TestFill_wrong(t *testing.T) {
	t.Parallel()
	const head = "_format_version: \"3.0\"\n"
	for name, c := range map[string]struct{ text, want string }{
		"two mistakes":    {head + "services:\n- name: a\n- host: b\n  port: high\n", "F:3: services[0].host: required field missing\nF:5: services[1].port: "},
		"no YAML":         {"a: [", "F:1: "},
		"nothing":         {"", "F:1: the file is empty"},
		"no variable":     {head + "services:\n- host: ${{ env \"DECK_SEED_UNSET\" }}\n", "F:3: "},
		"unknown target":  {head + "routes:\n- paths: [/a]\n  service: nobody\n", "F:4: routes[0].service: "},
		"unknown plugin":  {head + "plugins:\n- name: corz\n", "F:3: plugins[0].name: "},
		"a secret":        {head + "consumers:\n- username: a\n  keyauth_credentials:\n  - key: hush-hush\n    ttl: soon\n", "F:6: consumers[0].keyauth_credentials[0].ttl: "},
		"same name":       {head + "services:\n- {name: a, host: b}\n- {name: a, host: b}\n", "F:4: services[1]"},
		"bad plane":       {head + "_konnect: {control_plane_name: \"" + strings.Repeat("a", 300) + "\"}\n", "name"},
		"cut dump":        {"{\"format\":\"openkonnect-dump\",\"version\":1}\n", "F:2: the dump was cut off"},
		"newer dump":      {"{\"format\":\"openkonnect-dump\",\"version\":99}\n", "F:1: a newer version"},
		"another format":  {"{\"format\":\"something\"}\n", "F:1: this is no dump"},
		"a changed dump":  {"{\"format\":\"openkonnect-dump\",\"version\":1}\n{\"end\":{\"documents\":0,\"types\":{}},\"sha256\":\"00\"}\n", "F:2: the digest"},
		"what is no text": {"\x00\x01\x02", "F:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, "kong.yaml", c.text)
			_, _, err := filled(t, path)
			if err == nil {
				t.Fatal("no error")
			}
			if got := strings.ReplaceAll(err.Error(), path, "F"); !strings.Contains(got, c.want) || strings.Contains(got, "hush-hush") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	for path, want := range map[string]string{filepath.Join(t.TempDir(), "none.yaml"): "there is no such file", t.TempDir(): "directory"} {
		if _, _, err := filled(t, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

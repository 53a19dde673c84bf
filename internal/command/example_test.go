package command

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// furnish copies an example into the workshop, with files as edit leaves them.
func (w *workshop) furnish(t *testing.T, name string, edit func(path, text string) string) {
	t.Helper()
	example := os.DirFS("../../examples/" + name)
	err := fs.WalkDir(example, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(example, path)
		w.write(t, path, edit(path, string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// asItIs is no edit.
func asItIs(_, text string) string { return text }

// The module that shows how modules are tested passes its own tests, and they find
// what is broken in it.
func TestExample_catalogue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ test, file, old, changed, want string }{
		"as it is":      {"", "", "", "", "6 passed, 0 failed."},
		"a default":     {"catalogue", "plugins/greeter.lua", "X-Greeting", "X-Hello", "The greeter has another header."},
		"a replacement": {"change", "main.tf", `= each.key`, `= "${each.key}-${each.value.host}"`, "1 failed"},
		"a wrong value": {"mocked", "main.tf", `hide_credentials = true`, `hide_credentials = "perhaps"`, "hide_credentials"},
		"a mistake":     {"catalogue", "tests/kong.yaml", "host: legacy", "hots: legacy", "tests/kong.yaml:7: services[0].hots"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, changed := newWorkshop(t), c.file == ""
			w.furnish(t, "catalogue", func(path, text string) string {
				if path != c.file {
					return text
				}
				changed = strings.Contains(text, c.old)
				return strings.ReplaceAll(text, c.old, c.changed)
			})
			if !changed {
				t.Fatalf("%s has no %q", c.file, c.old)
			}
			command := "terraform test -no-color"
			if c.test != "" {
				command += " -filter=tests/" + c.test + ".tftest.hcl || true"
			}
			if out := strings.Join(strings.Fields(w.run(t, command)), " "); !strings.Contains(out, c.want) {
				t.Errorf("no %q in: %s", c.want, out)
			}
		})
	}
}

// The life of a custom plugin goes as its page says, and at no time is an instance
// without its schema.
func TestExample_customPlugin(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.env = append(w.env, "KONNECT_EMBEDDED=konnect.db")
	w.furnish(t, "custom-plugin", asItIs)
	said := w.followPage(t, "../../examples/custom-plugin/README.md")
	says(t, said, `"header": "X-Hello"`, "5 added", "compatible: 1 changes, the short path will do", "0 added, 3 changed, 0 destroyed", "exit code 4", "3 added, 0 changed, 3 destroyed", "Destroy complete! Resources: 5 destroyed.")
	renamed := plain(said[5])
	for _, service := range []string{"", "orders"} {
		instance := fmt.Sprintf("konnect_gateway_plugin.greeter[%q]", service)
		inTurn(t, renamed, "custom_plugin_schema.greeter: Creation complete", instance+": Creating", instance+": Creation complete",
			instance+" (deposed object", "custom_plugin_schema.greeter (deposed object")
	}
}

// inTurn insists on texts that begin for the first time one after the other.
func inTurn(t *testing.T, text string, want ...string) {
	t.Helper()
	at := 0
	for _, w := range want {
		i := strings.Index(text, w)
		if i < at {
			t.Fatalf("%q does not come in its turn:\n%s", w, text)
		}
		at = i
	}
}

// The pair that data planes get is in the manifest, and the control plane knows it
// before they have it.
func TestExample_dataPlaneCertificate(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.env = append(w.env, "KONNECT_EMBEDDED=konnect.db")
	w.furnish(t, "data-plane-certificate", asItIs)
	for _, pair := range []string{"certificates/spring", "next/autumn"} {
		cert, key := keyPair(t, pair)
		w.write(t, pair+".crt", string(cert))
		w.write(t, pair+".key", string(key))
	}
	said := w.followPage(t, "../../examples/data-plane-certificate/README.md", "variant/main.tf")
	says(t, said, "2 added, 0 changed, 0 destroyed", "1 added, 0 changed, 0 destroyed", "0 added, 0 changed, 1 destroyed")
	if strings.Contains(strings.Join(said, ""), "PRIVATE KEY") {
		t.Error("a private key is printed")
	}
	if name := secretOf(t, w); name != "next/autumn" {
		t.Errorf("the manifest has the certificate of %s", name)
	}
	w.run(t, "terraform fmt -check variant && terraform plan -detailed-exitcode -var current=autumn")
	if out := w.run(t, "terraform plan -var current=spring 2>&1 || true"); !strings.Contains(plain(out), `no file exists at "certificates/spring.key"`) {
		t.Errorf("a pair that is gone: %s", out)
	}
	w.write(t, "certificates/torn.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
	if out := w.run(t, "terraform plan -var current=autumn 2>&1 || true"); !strings.Contains(plain(out), "cert: invalid certificate") {
		t.Errorf("a certificate that is cut off: %s", out)
	}
	w.run(t, "rm certificates/torn.crt && terraform destroy -auto-approve -var current=autumn")
}

// secretOf reads the secret of a manifest as Kubernetes does, and returns whose its
// certificate is. The pair has to fit together, and the settings have to lead to it.
func secretOf(t *testing.T, w *workshop) (name string) {
	t.Helper()
	type object struct {
		Kind string
		Type string
		Data map[string]string
	}
	var secret, settings object
	documents := yaml.NewDecoder(strings.NewReader(readFile(t, filepath.Join(w.folder, "manifest.yaml"))))
	if err := errors.Join(documents.Decode(&secret), documents.Decode(&settings)); err != nil || secret.Type != "kubernetes.io/tls" || settings.Kind != "ConfigMap" {
		t.Fatalf("%v: %s, %s", err, secret.Type, settings.Kind)
	}
	cert, err1 := base64.StdEncoding.DecodeString(secret.Data["tls.crt"])
	key, err2 := base64.StdEncoding.DecodeString(secret.Data["tls.key"])
	pair, err3 := tls.X509KeyPair(cert, key)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{"KONG_CLUSTER_CONTROL_PLANE", "KONG_CLUSTER_TELEMETRY_ENDPOINT"} {
		if host, port, err := net.SplitHostPort(settings.Data[setting]); err != nil || port != "443" || !strings.Contains(host, ".") {
			t.Errorf("%s is %q: %v", setting, settings.Data[setting], err)
		}
	}
	return pair.Leaf.Subject.CommonName
}

// There is nothing to say against the longer examples.
func TestExamples_lint(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob("../../examples/*/main.tf")
	if err != nil || len(found) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range found {
		args := []string{"lint", filepath.Dir(file)}
		if filepath.Base(args[1]) == "quickstart" {
			args = append(args, "-recursive=false") // below it is what must be refused
		}
		var out, errs bytes.Buffer
		if exit := run(t.Context(), process{args: args, env: os.Getenv, stdout: &out, stderr: &errs}); exit != exitFine || out.Len() > 0 {
			t.Errorf("%s: exit code %d\n%s%s", args, exit, &out, &errs)
		}
	}
}

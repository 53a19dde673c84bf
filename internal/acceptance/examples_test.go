package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// planeName is the name of a control plane in an example.
var planeName = regexp.MustCompile(`(resource "konnect_gateway_control_plane" "\w+" {\n  name +=) "(\w+)"`)

// variable is a variable without a default, which an example leaves to its reader.
var variable = regexp.MustCompile(`(?m)^variable "(\w+)"`)

// target is what an import block is about.
var target = regexp.MustCompile(`(?m)^  to = `)

// withheld are the resources for plugins that users of Konnect cannot have, with
// the reason.
var withheld = map[string]string{
	"konnect_gateway_plugin_key_auth_enc":             "not available in Konnect",
	"konnect_gateway_plugin_konnect_application_auth": "users do not create it",
	"konnect_gateway_plugin_oauth2":                   "not available in Konnect",
}

// exhibition is a configuration that has every example as a module.
type exhibition struct {
	files   map[string]string
	imports string
}

// add puts an example into the configuration.
func (e *exhibition) add(t *testing.T, folder string) {
	t.Helper()
	name := filepath.Base(folder)
	text := copied(t, folder, name, e.files)
	call := fmt.Sprintf("module %q {\n  source = \"./%s\"\n", name, name)
	for _, v := range variable.FindAllStringSubmatch(text, -1) {
		call += fmt.Sprintf("  %s = \"a-secret-of-%s\"\n", v[1], v[1])
	}
	e.files["main.tf"] += call + "}\n"
	how, err := os.ReadFile(filepath.Join(folder, "import-by-string-id.tf"))
	if err != nil {
		t.Fatal(err)
	}
	e.imports += target.ReplaceAllString(string(how), "  to = module."+name+".")
}

// terraform makes the folder of the configuration.
func (e *exhibition) terraform(t *testing.T) *acctest.Terraform {
	t.Helper()
	e.files["provider.tf"] = "provider \"konnect\" {\n  embedded = { path = \"konnect.db\" }\n}\n"
	tf := acctest.Embedded(t, e.files)
	if out, exit := tf.Run(t, "get", "-no-color"); exit != 0 {
		t.Fatalf("%s", out)
	}
	return tf
}

// Every example is complete: all of them together, each a module, are applied to
// an embedded control plane, plan empty after that, and are destroyed.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("../../examples/resources/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	good := &exhibition{files: map[string]string{}}
	for _, folder := range folders {
		if withheld[filepath.Base(folder)] == "" {
			good.add(t, folder)
		}
	}
	tf := good.terraform(t)
	tf.Write(t, "imports.tf", good.imports)
	for _, d := range tf.Validate(t) {
		if d.Severity == "error" || !strings.Contains(d.Detail, "document") {
			t.Errorf("%s: %s: %s", d.Severity, d.Summary, d.Detail)
		}
	}
	tf.Write(t, "imports.tf", "")
	for _, step := range [][]string{{"apply", "-auto-approve"}, {"plan", "-detailed-exitcode"}, {"destroy", "-auto-approve"}} {
		if out, exit := tf.Run(t, append(step, "-no-color")...); exit != 0 {
			t.Fatalf("terraform %s: exit code %d\n%s", step, exit, out)
		}
	}
}

// The examples of plugins that users of Konnect cannot have are refused at plan.
func TestAccExamples_withheld(t *testing.T) {
	t.Parallel()
	for name, why := range withheld {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := &exhibition{files: map[string]string{}}
			one.add(t, filepath.Join("../../examples/resources", name))
			out, exit := one.terraform(t).Run(t, "plan", "-no-color")
			if text := strings.Join(strings.Fields(string(out)), " "); exit != 1 || !strings.Contains(text, why) {
				t.Errorf("exit code %d, nothing says %q:\n%s", exit, why, out)
			}
		})
	}
}

// copied puts an example into the files of a configuration, with names for its
// control planes that no other example has, and returns its text.
func copied(t *testing.T, folder, name string, files map[string]string) string {
	t.Helper()
	text := ""
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), "import") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if d.Name() == "resource.tf" {
			text = string(content)
			content = planeName.ReplaceAll(content, []byte(`$1 "$2 of `+strings.ReplaceAll(name, "_", " ")+`"`))
		}
		files[name+"/"+rel] = string(content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

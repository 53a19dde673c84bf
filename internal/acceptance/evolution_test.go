package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// evolving is a configuration with a schema, and an instance of it for a service.
func evolving(plane, name, fields, instance string) map[string]string {
	return map[string]string{"main.tf": pluginBlock(upload, "mine", plane, fmt.Sprintf(
		"lua_schema = %q", `return { name = "`+name+`", fields = { { config = { type = "record", fields = { `+fields+` } } } } }`)) + instance}
}

const firstFields = `{ size = { type = "integer", default = 3 } }, { word = { type = "string" } }, { old = { type = "string", default = "x" } }, { pass = { type = "string", encrypted = true } }`

// Whoever changes a schema that is in use is told, by field, what Konnect
// prescribes, and what becomes of the instances on the control plane; all with
// the apply going through, since a control plane takes the schema.
func TestAccEvolution(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	files := evolving(w.ID, "mine", firstFields, "")
	tf := w.Terraform(t, files)
	if output, exit := tf.Run(t, "apply", "-auto-approve", "-input=false"); exit != 0 {
		t.Fatalf("%s", output)
	}
	service := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})
	global := w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "mine", "config": acctest.Object{"word": "hello", "pass": "s3cret-value"}})
	scoped := w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "mine", "service": acctest.Object{"id": service["id"]}})

	for _, c := range []struct {
		name, plugin, fields string
		want                 []string // each in a warning
		never                []string
	}{
		{"nothing", "mine", firstFields, nil, []string{"Prescribed", "Instances"}},
		{"harmless", "mine", firstFields + `, { more = { type = "string" } }`, []string{"config.more: optional string without a default was added. Prescribed: short path"}, []string{"Instances"}},
		{
			"everything", "mine", `{ size = { type = "integer", default = 4 } }, { word = { type = "string", len_min = 9 } }, { pass = { type = "string", encrypted = true } }`,
			[]string{
				"config.size: the default was 3 and is 4", "config.word: is judged by len_min 9 now", "config.old: optional string, default \"x\" was removed. Prescribed: long path",
				fmt.Sprintf("\"mine\" without a scope (global) (ID %v)\n      config.word: length must be at least 9", global["id"]),
				fmt.Sprintf("\"mine\" for service %v (ID %v)\n      config.old: is dropped", service["id"], scoped["id"]), "config.size: changes to",
			},
			nil,
		},
		{"the page disagrees with itself", "mine", `{ size = { type = "integer", default = 3 } }, { old = { type = "string", default = "x" } }, { pass = { type = "string", encrypted = true } }`, []string{"disagrees with itself", "config.word: unknown field"}, []string{"change by themselves"}},
		{"retyped", "mine", `{ size = { type = "integer", default = 3 } }, { word = { type = "number" } }, { old = { type = "string", default = "x" } }`, []string{"config.word: was a string and is a number. Prescribed: control plane and data planes in step"}, nil},
		{
			"a secret in a message", "mine", strings.Replace(firstFields, "encrypted = true", "custom_validator = function(v) return nil, 'not ' .. v end", 1),
			[]string{"config.pass: is judged by custom_validator", "config.pass: not "}, []string{"s3cret-value"},
		},
		{"another plugin", "mine-v2", firstFields, []string{"create_before_destroy = true", fmt.Sprint(global["id"]), fmt.Sprint(scoped["id"])}, []string{"Prescribed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tf.Write(t, "main.tf", evolving(w.ID, c.plugin, c.fields, "")["main.tf"])
			w.Requests()
			got := planned(t, tf)
			var said strings.Builder
			for _, d := range got {
				if d.Severity != "warning" {
					t.Errorf("%s: %s: %s", d.Severity, d.Summary, d.Detail)
				}
				fmt.Fprintf(&said, "%s: %s\n", d.Summary, d.Detail)
			}
			for _, text := range c.want {
				if !strings.Contains(said.String(), text) {
					t.Errorf("nothing says %q in:\n%s", text, &said)
				}
			}
			for _, text := range c.never {
				if strings.Contains(said.String(), text) {
					t.Errorf("something says %q in:\n%s", text, &said)
				}
			}
			lists := 0
			for _, r := range w.Requests() {
				if strings.Contains(r, "/core-entities/plugins") {
					lists++
				}
			}
			if want := min(1, len(c.want)); lists != want {
				t.Errorf("the plugins are asked for %d times, want %d", lists, want)
			}
		})
	}

}

// A schema that plugins outside the configuration use stays: the plan names them,
// and so does the apply. Those of the configuration go along with it, whether the
// blocks are taken out or all is destroyed.
func TestAccEvolution_deleted(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	own := pluginBlock("konnect_gateway_plugin", "use", w.ID, "name = "+upload+".mine.name\n  instance_name = \"own\"\n  config = { word = \"a\" }")
	tf := w.Terraform(t, evolving(w.ID, "mine", firstFields, own))
	apply := func(args ...string) (string, int) {
		output, exit := tf.Run(t, append([]string{"apply", "-auto-approve", "-no-color", "-input=false"}, args...)...)
		return string(output), exit
	}
	if output, exit := apply(); exit != 0 {
		t.Fatalf("%s", output)
	}
	service := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})
	consumer := w.Make(t, entity.Consumer, w.Scope(), acctest.Object{"username": "alice"})
	outside := []map[string]any{
		w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "mine", "instance_name": "theirs", "service": acctest.Object{"id": service["id"]}}),
		w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "mine", "consumer": acctest.Object{"id": consumer["id"]}}),
	}
	for name, leave := range map[string]func() (string, int){
		"destroyed": func() (string, int) { return apply("-destroy") },
		"taken out": func() (string, int) {
			tf.Write(t, "main.tf", "")
			return apply()
		},
	} {
		output, exit := leave()
		plain := strings.Join(strings.Fields(strings.ReplaceAll(output, "│", "")), " ")
		told, refused, _ := strings.Cut(plain, "Error: Unable to delete custom plugin schema")
		for _, want := range []string{
			fmt.Sprintf("\"theirs\" for service %v (ID %v)", service["id"], outside[0]["id"]),
			fmt.Sprintf("\"mine\" for consumer %v (ID %v)", consumer["id"], outside[1]["id"]),
		} {
			if !strings.Contains(told, want) || !strings.Contains(refused, want) {
				t.Errorf("%s: plan and apply do not both say %q:\n%s", name, want, output)
			}
		}
		if exit == 0 || strings.Contains(refused, "own") {
			t.Errorf("%s: exit code %d:\n%s", name, exit, output)
		}
		if left := w.Find(t, entity.PluginSchema, w.Scope(), "name", "mine"); left == nil {
			t.Errorf("%s: the schema is gone", name)
		}
		tf.Write(t, "main.tf", evolving(w.ID, "mine", firstFields, own)["main.tf"])
		if output, exit := apply(); exit != 0 {
			t.Fatalf("%s: %s", name, output)
		}
	}
	for _, p := range outside {
		w.Remove(t, entity.Plugin, w.Scope(), fmt.Sprint(p["id"]))
	}
	tf.Write(t, "main.tf", "")
	if output, exit := apply(); exit != 0 || strings.Contains(output, "Unable") {
		t.Errorf("with its own plugin alone the schema stays, exit code %d:\n%s", exit, output)
	}
}

// A plugin that gets another name is moved without ever being without a schema.
func TestAccEvolution_renamed(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	both := func(name string) string {
		return strings.Replace(evolving(w.ID, name, firstFields, "")["main.tf"], "\n}\n", "\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n", 1) +
			pluginBlock("konnect_gateway_plugin", "use", w.ID, "name = "+upload+".mine.name\n  config = { word = \"a\" }\n  lifecycle {\n    create_before_destroy = true\n  }")
	}
	tf := w.Terraform(t, map[string]string{"main.tf": both("mine")})
	for _, name := range []string{"mine", "mine-v2"} {
		tf.Write(t, "main.tf", both(name))
		w.Requests()
		if output, exit := tf.Run(t, "apply", "-auto-approve", "-input=false"); exit != 0 {
			t.Fatalf("%s", output)
		}
	}
	var writes []string
	for _, r := range w.Requests() {
		verb, rest, _ := strings.Cut(r, " ")
		if verb != "GET" {
			writes = append(writes, verb+" "+strings.Split(rest[strings.Index(rest, "core-entities/")+len("core-entities/"):], "/")[0])
		}
	}
	want := "POST plugin-schemas, PUT plugins, DELETE plugins, DELETE plugin-schemas"
	if got := strings.Join(writes, ", "); got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
	if changes, exit := tf.Plan(t); exit != 0 {
		t.Errorf("a second plan changes %v", changes)
	}
}

// A plugin whose code is streamed brings its schema itself, which changes like one
// that is uploaded.
func TestAccEvolution_streamed(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	streamed := func(fields string) string {
		return pluginBlock("konnect_gateway_custom_plugin_streaming", "mine", w.ID, fmt.Sprintf("name = \"mine\"\n  schema = %q\n  handler = %q",
			`return { name = "mine", fields = { { config = { type = "record", fields = { `+fields+` } } } } }`, `return { PRIORITY = 5, VERSION = "1" }`))
	}
	tf := w.Terraform(t, map[string]string{"main.tf": streamed(firstFields)})
	if output, exit := tf.Run(t, "apply", "-auto-approve", "-input=false"); exit != 0 {
		t.Fatalf("%s", output)
	}
	broken := w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "mine", "config": acctest.Object{"word": "hello"}})
	service := w.Make(t, entity.Service, w.Scope(), acctest.Object{"host": "a.example"})
	shifted := w.Make(t, entity.Plugin, w.Scope(), acctest.Object{"name": "mine", "service": acctest.Object{"id": service["id"]}})

	tf.Write(t, "main.tf", streamed(`{ size = { type = "integer", default = 4 } }, { word = { type = "string", len_min = 9 } }, { pass = { type = "string", encrypted = true } }`))
	var said strings.Builder
	for _, d := range planned(t, tf) {
		fmt.Fprintf(&said, "%s: %s: %s\n", d.Severity, d.Summary, d.Detail)
	}
	for _, want := range []string{
		"warning: Changed schema of plugin \"mine\": config.word", "Prescribed: long path",
		fmt.Sprintf("\"mine\" without a scope (global) (ID %v)\n      config.word: length must be at least 9", broken["id"]),
		fmt.Sprintf("\"mine\" for service %v (ID %v)\n      config.old: is dropped", service["id"], shifted["id"]), "config.size: changes to",
	} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nothing says %q in:\n%s", want, &said)
		}
	}
	if strings.Contains(said.String(), "error: ") {
		t.Errorf("a control plane takes it:\n%s", &said)
	}
}

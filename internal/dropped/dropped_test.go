package dropped_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/dropped"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func newFinder(t testing.TB) dropped.Finder {
	t.Helper()
	known, err := provider.NewOffline(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return dropped.Finder{Provider: known}
}

var wanted = regexp.MustCompile(`# want (".*")\s*$`)

// expectations reads what a file says is found in which line.
func expectations(t *testing.T, file string) map[int]*regexp.Regexp {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]*regexp.Regexp{}
	for i, line := range strings.Split(string(text), "\n") {
		m := wanted.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		pattern, err := strconv.Unquote(m[1])
		if err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
		out[i+1] = regexp.MustCompile(strings.ReplaceAll(pattern, "?", `\?`))
	}
	return out
}

// What is found stands in the files themselves.
func TestFinder(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.tf")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	finder := newFinder(t)
	for _, file := range files {
		found, err := finder.Path(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		want := expectations(t, file)
		for _, f := range found {
			pattern := want[f.Line]
			if pattern == nil && f.Rule == dropped.OddValue {
				continue // by the rules of Konnect, which are others' business
			}
			if pattern == nil || !pattern.MatchString(f.Message) {
				t.Errorf("not wanted: %s", f)
			}
			if strings.Contains(f.Message, "hunter2") {
				t.Errorf("a secret is in a message: %s", f)
			}
		}
		for line, pattern := range want {
			if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.Line == line }) {
				t.Errorf("%s:%d: nothing is found, want %s", file, line, pattern)
			}
		}
	}
}

// Every bundled plugin has a resource type. A rich configuration holds the same
// there as in the free-form resource, and nothing gets lost; a key that the
// type lacks is found.
func TestFinder_plugins(t *testing.T) {
	t.Parallel()
	finder := newFinder(t)
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for _, name := range set.Names() {
		p, _ := set.Lookup(name)
		config, err := sample.Rich(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		config, _ = sameInBoth(p.Schema.Field("config"), config).(map[string]any)
		free := fmt.Sprintf("resource \"konnect_gateway_plugin\" \"x\" {\n  control_plane_id = var.cp\n  name = %q\n  config = %s\n}\n", name, expression(config))
		want := messages(finder.Source(t.Context(), "main.tf", []byte(free)))

		head := fmt.Sprintf("resource %q \"x\" {\n  control_plane_id = var.cp\n  config = ", "konnect_gateway_plugin_"+strings.ReplaceAll(name, "-", "_"))
		config = attributes(p.Schema.Field("config"), config).(map[string]any)
		got := messages(finder.Source(t.Context(), "main.tf", []byte(head+expression(config)+"\n}\n")))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-free-form +typed): %s", name, diff)
		}

		config["a_key_of_no_use"] = true
		found := finder.Source(t.Context(), "main.tf", []byte(head+expression(config)+"\n}\n"))
		if !slices.ContainsFunc(found, func(f finding.Finding) bool {
			return f.Path.String() == "config.a_key_of_no_use" && f.Severity == finding.Error
		}) {
			t.Errorf("%s: found %v", name, messages(found))
		}
	}
}

func messages(found []finding.Finding) []string {
	out := make([]string, 0, len(found))
	for _, f := range found {
		out = append(out, string(f.Severity)+": "+f.Message)
	}
	slices.Sort(out)
	return out
}

// sameInBoth leaves out what typed resources write in a form of their own:
// free JSON, and records of several kinds.
func sameInBoth(f *schema.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			child := f.Values
			if f.Record != nil {
				child = f.Record.Field(k)
			}
			if child == nil || !ownForm(child) {
				out[k] = sameInBoth(child, e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = sameInBoth(f.Elements, e)
		}
		return out
	}
	return v
}

func ownForm(f *schema.Field) bool {
	if f.Elements != nil {
		return ownForm(f.Elements)
	}
	if f.Record == nil {
		return f.Type == schema.JSON
	}
	_, kinds := f.Record.Variants()
	return len(kinds) > 0
}

// attributes gives fields the names of attributes.
func attributes(f *schema.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			switch {
			case f != nil && f.Record != nil:
				child := f.Record.Field(k)
				out[strings.NewReplacer("-", "_", "#", "_number_").Replace(strings.ToLower(k))] = attributes(child, e)
			case f != nil:
				out[k] = attributes(f.Values, e)
			default:
				out[k] = e
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			if f != nil {
				e = attributes(f.Elements, e)
			}
			out[i] = e
		}
		return out
	}
	return v
}

// expression writes a value as HCL.
func expression(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		for _, k := range slices.Sorted(maps.Keys(v)) {
			b.WriteString("\n" + expression(k) + " = " + expression(v[k]))
		}
		return "{" + b.String() + "\n}"
	case []any:
		var b strings.Builder
		for _, e := range v {
			b.WriteString(expression(e) + ", ")
		}
		return "[" + b.String() + "]"
	case string:
		return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(v))
	}
	return fmt.Sprint(v)
}

func TestFinder_Source_broken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want string // of the first finding; "" for none
	}{
		"no HCL":           {"resource \"konnect_gateway_service\" {{", "main.tf:1:"},
		"unclosed":         {"\n\nresource \"konnect_gateway_service\" \"x\" {", "main.tf:"},
		"too few labels":   {`resource "konnect_gateway_service" {}`, ""},
		"nothing":          {"", ""},
		"a duplicate":      {"resource \"konnect_gateway_service\" \"x\" {\n port = 1\n port = 2\n}", "main.tf:3:"},
		"a huge number":    {"resource \"konnect_gateway_service\" \"x\" {\n control_plane_id = \"a\"\n host = \"h\"\n port = 1e999\n}", "main.tf:4:"},
		"an empty element": {"resource \"konnect_gateway_route\" \"x\" {\n control_plane_id = \"a\"\n protocols = [\"tcp\"]\n sources = [null]\n}", "main.tf:4:13: error: konnect_gateway_route.x: sources[0]: required field missing"},
		"strange keys":     {"resource \"konnect_gateway_service\" \"x\" {\n tls_sans = { null = 1, (5) = 2 }\n}", "main.tf:"},
		"a data source":    {`data "konnect_gateway_nothing" "x" {}`, "main.tf:1:6: error: data.konnect_gateway_nothing.x: there is no data source of type konnect_gateway_nothing."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if found := newFinder(t).Source(t.Context(), "main.tf", []byte(c.text)); len(found) > 0 {
				got = found[0].String()
			}
			if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func place(f finding.Finding) string { return fmt.Sprintf("%d:%d", f.Line, f.Column) }

// No text makes the finder fail, and all it finds stands in the text.
func FuzzSource(f *testing.F) {
	for _, pattern := range []string{"testdata/*.tf", "testdata/*.tf.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for block := range strings.SplitSeq(string(text), "\n\n") {
				f.Add(block, strings.HasSuffix(file, ".json"))
			}
		}
	}
	finder := newFinder(f)
	f.Fuzz(func(t *testing.T, text string, inJSON bool) {
		name := "main.tf"
		if inJSON {
			name += ".json"
		}
		lines := strings.Count(text, "\n") + 1
		for _, found := range finder.Source(t.Context(), name, []byte(text)) {
			if found.Line < 1 || found.Line > lines || found.Message == "" || dropped.Rules()[found.Rule] == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}

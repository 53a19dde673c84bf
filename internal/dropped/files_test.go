package dropped_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/dropped"
)

const wrong = "resource \"konnect_gateway_nothing\" \"x\" {}\n"

// folder makes files below a temporary folder. The names end in / where a folder
// is meant, and have -> before what a link leads to.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		link, target, isLink := strings.Cut(name, "->")
		file := filepath.Join(dir, filepath.FromSlash(link))
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		switch {
		case err != nil:
		case isLink:
			err = os.Symlink(target, file)
		case strings.HasSuffix(name, "/"):
			err = os.Mkdir(file, 0o755)
		default:
			err = os.WriteFile(file, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFinder_Path(t *testing.T) {
	t.Parallel()
	const wrongJSON = `{"resource": {"konnect_gateway_nothing": {"x": {}}}}`
	dir := folder(t, map[string]string{
		"b.tf": wrong, "a.tf": wrong, "a.tf.json": wrongJSON, "notes.txt": wrong, "terraform.tfvars": wrong, "a.tf~": wrong, ".#a.tf": wrong,
		"module/c.tf": wrong, "module/.terraform/d.tf": wrong, "module/deeper/e.tf": wrong, ".hidden/f.tf": wrong,
		"folder.tf/g.tf": wrong, "module/up->..": "", "module/loop->loop": "", "link.tf->module": "", "linked.tf->notes.txt": "",
	})
	whole := folder(t, map[string]string{"dir->" + dir: ""})
	for _, c := range []struct {
		path string
		flat bool
		want string
	}{
		{dir, true, "a.tf a.tf.json b.tf linked.tf"},
		{dir, false, "a.tf a.tf.json b.tf g.tf linked.tf c.tf e.tf"},
		{filepath.Join(whole, "dir"), false, "a.tf a.tf.json b.tf g.tf linked.tf c.tf e.tf"},
		{filepath.Join(dir, "module"), true, "c.tf"},
		{filepath.Join(dir, ".hidden"), false, "f.tf"},
		{filepath.Join(dir, "notes.txt"), false, "notes.txt"},
		{filepath.Join(dir, "module", "up"), true, "a.tf a.tf.json b.tf linked.tf"},
	} {
		finder := newFinder(t)
		finder.Flat = c.flat
		found, err := finder.Path(t.Context(), c.path)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, f := range found {
			files = append(files, filepath.Base(f.File))
			if f.Rule != dropped.UnknownType {
				t.Errorf("%+v: found %s", c, f)
			}
		}
		if got := strings.Join(files, " "); got != c.want {
			t.Errorf("%+v: read %s", c, got)
		}
	}
	empty := folder(t, map[string]string{"none/": "", "text/notes.txt": ""})
	for _, path := range []string{empty, filepath.Join(empty, "none"), filepath.Join(dir, "nowhere"), filepath.Join(dir, "module", "loop")} {
		if _, err := newFinder(t).Path(t.Context(), path); err == nil || !errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(path, "loop") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// What cannot be read of a configuration is said with its place, and keeps nothing
// else from being read.
func TestFinder_unreadable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text, want string
	}{
		"two big":               {"a.tf", strings.Repeat("# comment\n", dropped.MaxSize/10+1), "a.tf: error: the file has 4 MB; at most 4 are read."},
		"a link to nothing":     {"a.tf->gone.tf", "", "a.tf: error: the file cannot be read: "},
		"a link to itself":      {"a.tf->a.tf", "", "a.tf: error: the file cannot be read: "},
		"not UTF-8":             {"a.tf", "# caf\xe9\n", "a.tf:1:6: error: Not UTF-8: "},
		"not UTF-8, later":      {"a.tf", "# é\nlocals {\n  a = \"é\xff\"\n}\n", "a.tf:3:9: error: Not UTF-8: "},
		"UTF-16":                {"a.tf", "\xff\xfe#\x00\n\x00", "a.tf:1:1: error: Not UTF-8: "},
		"JSON, not UTF-8":       {"a.tf.json", "{\n\"a\": \"\xff\"}", "a.tf.json:2:7: error: Not UTF-8: "},
		"zero bytes":            {"a.tf", "\x00\x00", "a.tf:1:1: error: Invalid character: "},
		"no closing brace":      {"a.tf", "locals {\n  a = 1\n", "a.tf:1:8: error: Unclosed configuration block: "},
		"no value":              {"a.tf", "locals {\n  a =\n}\n", "a.tf:2:6: error: Invalid expression: "},
		"JSON without an end":   {"a.tf.json", "{\n\"resource\": {", "a.tf.json:1:1: error: Unclosed object: "},
		"JSON with a comma":     {"a.tf.json", "{\n\"resource\": {},\n}", "a.tf.json:2:15: error: Trailing comma in object: "},
		"JSON of nothing":       {"a.tf.json", "", "a.tf.json:1:1: error: "},
		"JSON of a text":        {"a.tf.json", `"resource"`, "a.tf.json:1:1: error: Not an object: "},
		"JSON of a list":        {"a.tf.json", `[5]`, "a.tf.json:1:2: error: Not an object: "},
		"JSON with a template":  {"a.tf.json", `{"resource": {"konnect_gateway_service": {"x": {"host": "${"}}}}`, "a.tf.json:1:60: error: Missing expression: "},
		"brackets":              {"a.tf", "a = " + strings.Repeat("(", 1<<14), "a.tf:1:1004: error: Nested too deep: "},
		"quotes in quotes":      {"a.tf", "a = " + strings.Repeat("\"${", 1<<13), "a.tf:1:"},
		"no, no, no":            {"a.tf", "a = " + strings.Repeat("!", 1<<14) + "true\n", "a.tf:1:1004: error: Nested too deep: "},
		"a long sum":            {"a.tf", "a = 1" + strings.Repeat("+1", 1<<13) + "\n", "a.tf:1:2004: error: Nested too deep: "},
		"a long sum, in lines":  {"a.tf", "a = (1" + strings.Repeat("\n+1", 1<<13) + ")\n", "a.tf:1000:1: error: Nested too deep: "},
		"many ifs":              {"a.tf", "a = 1" + strings.Repeat("<1?1:1", 1<<13) + "\n", "a.tf:1:"},
		"ifs in a text":         {"a.tf", "a = \"" + strings.Repeat("%{if true}", 1<<13) + "\"\n", "a.tf:1:"},
		"a huge number":         {"a.tf", "a = 1e999999999 % 7\n", "a.tf:1:5: error: Number too large: "},
		"a tiny number":         {"a.tf", "a = 1e-999999999 * 7\n", "a.tf:1:5: error: Number too large: "},
		"a number in JSON":      {"a.tf.json", `{"resource": {"konnect_gateway_service": {"x": {"host": "h", "port": "${1E99999999999999999999 % 7}"}}}}`, "a.tf.json:1:73: error: Number too large: "},
		"indexes":               {"a.tf", "a = b" + strings.Repeat("[c]", 1<<13) + "\n", "a.tf:1:"},
		"blocks":                {"a.tf", strings.Repeat("a {\n", 1<<13), "a.tf:1001:3: error: Nested too deep: "},
		"JSON brackets":         {"a.tf.json", "{\"a\":\n" + strings.Repeat("[", 1<<14), "a.tf.json:2:1: error: Nested too deep: "},
		"JSON with deep quotes": {"a.tf.json", `{"resource": {"konnect_gateway_service": {"x": {"host": "${` + strings.Repeat("!", 1<<14) + `a}"}}}}`, "a.tf.json:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{c.file: c.text, "z.tf": wrong})
			found, err := newFinder(t).Path(t.Context(), dir)
			if err != nil || len(found) < 2 {
				t.Fatal(found, err)
			}
			if got := strings.TrimPrefix(found[0].String(), dir+string(filepath.Separator)); !strings.HasPrefix(got, c.want) {
				t.Errorf("found %s, want %s", got, c.want)
			}
			if last := found[len(found)-1]; last.Rule != dropped.UnknownType || filepath.Base(last.File) != "z.tf" {
				t.Errorf("the other file is not read: %s", last)
			}
		})
	}
}

// Long files are not deep ones.
func TestFinder_long(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"lists":     "a = [\n" + strings.Repeat("[-1, !b, { c = [d] }],\n", 5000) + "]\n",
		"maps":      "a = {\n" + strings.Repeat("b = -1 + c[d]\n", 5000) + "}\n",
		"templates": "a = <<EOT\n" + strings.Repeat("%{ if b }${c}%{ else }d%{ endif }\n", 5000) + "EOT\n",
		"a quote":   "a = \"" + strings.Repeat("${b}", 5000) + "\"\n",
		"for":       "a = \"" + strings.Repeat("%{~ for b in c ~}${b}%{~ endfor ~}", 5000) + "\"\n",
		"blocks":    strings.Repeat("locals {\n  a = (b)\n}\n", 5000),
	} {
		found := newFinder(t).Source(t.Context(), "main.tf", []byte(text+wrong))
		if len(found) != 1 || found[0].Rule != dropped.UnknownType {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

// A fault in one block leaves those before and behind it to be judged; the block
// itself is not, since nobody knows what it says.
func TestFinder_broken(t *testing.T) {
	t.Parallel()
	const text = `resource "konnect_gateway_service" "before" {
  host = "h"
  prot = 80
}
resource "konnect_gateway_service" "broken" {
  prot = 80
  host =
  tags = ["a" "b"]
}
resource "konnect_gateway_service" "behind" {
  host = "h"
  prot = 80
}
`
	var got []string
	for _, f := range newFinder(t).Source(t.Context(), "main.tf", []byte(text)) {
		got = append(got, f.Rule+" "+f.Address)
	}
	want := "unknown-attribute konnect_gateway_service.before, syntax , unknown-attribute konnect_gateway_service.behind"
	if strings.Join(got, ", ") != want {
		t.Errorf("found %s, want %s", strings.Join(got, ", "), want)
	}
}

// The same stands in JSON at the places of the JSON text.
func TestFinder_json(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"nothing":             {`{}`, ""},
		"others":              {`{"resource": {"aws_vpc": {"x": {"cidr": 5}}}, "locals": {"a": 1}, "output": []}`, ""},
		"another provider":    {`{"resource": {"konnect_gateway_none": {"x": {"provider": "kong"}}}}`, ""},
		"ours, renamed":       {`{"resource": {"konnect_gateway_none": {"x": {"provider": "konnect.eu"}}}}`, "1:15 unknown-type "},
		"a data source":       {`{"data": {"konnect_gateway_none": {"x": {}}}}`, "1:11 unknown-type "},
		"comments":            {`{"//": "a", "resource": {"//": "b", "konnect_gateway_none": {"//": "c", "x": {"//": "d"}}}}`, "1:37 unknown-type "},
		"lists of everything": {`[{"resource": [{"konnect_gateway_none": [{"x": [{}]}]}]}]`, "1:17 unknown-type "},
		"a kind twice":        {"{\"resource\": {\"konnect_gateway_none\": {\"x\": {}}},\n\"resource\": {\"konnect_gateway_none\": {\"y\": {}}}}", "1:15 unknown-type , 2:14 unknown-type "},
		"a top-level key":     {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "prot": 80}}}}`, "1:62 unknown-attribute prot"},
		"Terraform's own":     {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "count": 2, "depends_on": ["a.b"], "lifecycle": {"prevent_destroy": true}, "provisioner": {"local-exec": {}}}}}}`, ""},
		"a nested key": {"{\"resource\": {\"konnect_gateway_plugin_rate_limiting\": {\"x\": {\n  \"control_plane_id\": \"${var.cp}\",\n  \"config\": {\"minute\": 5,\n    \"polcy\": \"redis\"}}}}}",
			"4:5 unknown-attribute config.polcy"},
		"an expression":     {`{"resource": {"konnect_gateway_plugin_rate_limiting": {"x": {"config": "${merge({ polcy = 1 }, var.x)}"}}}}`, "1:83 unknown-attribute config.polcy"},
		"a value":           {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "port": 99999}}}}`, "1:62 invalid-value port"},
		"a number in text":  {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "port": "80"}}}}`, ""},
		"an unknown":        {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "port": "${var.p}"}}}}`, ""},
		"an unknown key":    {`{"resource": {"konnect_gateway_plugin_rate_limiting": {"x": {"config": {"${var.unit}": 5}}}}}`, ""},
		"several lines":     {`{"resource": {"konnect_gateway_service": {"x": {"host": "${var.a}\n${var.b}", "port": 80}}}}`, ""},
		"an escaped dollar": {`{"resource": {"konnect_gateway_route": {"x": {"paths": ["~/$${a}", "$${a}"]}}}}`, "1:69 invalid-value paths[1]"},
		"no object":         {`{"resource": {"konnect_gateway_service": {"x": [{"host": "h"}, 5]}}}`, "1:64 syntax "},
		"no types":          {`{"resource": null}`, "1:14 syntax "},
		"a secret":          {`{"resource": {"konnect_gateway_key_auth": {"x": {"control_plane_id": "${var.cp}", "consumer_id": "${var.c}", "key": "alice-4712"}}}}`, "1:110 secret-in-clear-text key"},
		"a dynamic secret":  {"{\"resource\": {\"konnect_gateway_plugin\": {\"x\": {\"name\": \"rate-limiting\", \"config\": {\"minute\": 5, \"policy\": \"redis\",\n\"redis\": {\"host\": \"${var.h}\", \"password\": \"p-4711\"}}}}}}", "2:31 secret-in-clear-text config.redis.password"},
		"a huge number":     {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "port": 1e999999999}}}}`, "1:62 invalid-value port"},
		"a huge one in any": {`{"resource": {"konnect_gateway_plugin": {"x": {"name": "rate-limiting", "config": {"minute": 1e99999999}}}}}`, ""},
		"a huge text":       {`{"resource": {"konnect_gateway_service": {"x": {"host": "h", "port": "1e999999999"}}}}`, "1:62 invalid-value port"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range newFinder(t).Source(t.Context(), "main.tf.json", []byte(c.text)) {
				if f.Rule != dropped.OddValue {
					got = append(got, place(f)+" "+f.Rule+" "+f.Path.String())
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("found %q, want %q", strings.Join(got, ", "), c.want)
			}
		})
	}
}

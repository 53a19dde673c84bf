package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// importBlocks import all that the estate has, of every kind, by their addresses in
// another folder.
func importBlocks(t *testing.T, cp *acctest.ControlPlane, held map[string]map[string]any) (hcl string, made map[string]map[string]any) {
	t.Helper()
	p := cp.Protocol(t)
	var out strings.Builder
	made = map[string]map[string]any{}
	for name, r := range resource.All() {
		if r.Plugin != "" || name == "konnect_gateway_custom_plugin" {
			continue // as konnect_gateway_plugin
		}
		found, diags := p.List(t, name, scopeOf(r, held), true, 0)
		if len(found) == 0 || len(diags) > 0 {
			t.Errorf("%s: %s", name, acctest.Text(diags))
		}
		for i, one := range found {
			id, err := json.Marshal(one.Identity)
			if err != nil {
				t.Fatal(err)
			}
			if len(one.Identity) == 1 {
				id = fmt.Appendf(nil, "%v", one.Identity["id"])
			}
			address := fmt.Sprintf("%s.n%d", name, i)
			fmt.Fprintf(&out, "import {\n  to = %s\n  id = %q\n}\n", address, id)
			for from, values := range held {
				at := r.Type.Address()
				if strings.HasPrefix(from, name+".") && values[at] == one.Identity[at] {
					made[address] = values
				}
			}
		}
	}
	return out.String(), made
}

// heading begins a resource.
var heading = regexp.MustCompile(`^resource "(\w+)" "(\w+)"`)

// unwritten is a line for a secret that Terraform leaves out of what it generates.
var unwritten = regexp.MustCompile(`^ +(\w+) += null # sensitive$`)

// withSecrets writes secrets of what was made into generated configuration: those that
// are picked, by address and attribute.
func withSecrets(generated string, made map[string]map[string]any, pick func(address, attribute string) bool) string {
	var out strings.Builder
	address := ""
	for line := range strings.Lines(generated) {
		if m := heading.FindStringSubmatch(line); m != nil {
			address = m[1] + "." + m[2]
		}
		if m := unwritten.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil && pick(address, m[1]) {
			if value, ok := made[address][m[1]].(string); ok {
				line = fmt.Sprintf("  %s = %s\n", m[1], hcltext.Text(value))
			}
		}
		out.WriteString(line)
	}
	return out.String()
}

// said is what diagnostics of a severity say of each object.
func said(all []acctest.Diagnostic, severity string) map[string]string {
	out := map[string]string{}
	for _, d := range all {
		if d.Severity == severity {
			out[d.Address] += d.Summary + ": " + d.Detail + "\n"
		}
	}
	return out
}

// theirs is a line for what the control plane makes: an id of the object itself, or a
// time.
var theirs = regexp.MustCompile(`(?m)^  (id|\w+ted_at) .*$`)

// withChosenID are kinds that have no id but that of something else.
var withChosenID = []string{"konnect_gateway_control_plane_membership"}

// Configuration that terraform generates for imports plans as it is, whatever the
// kind. It has no ids of its own and no times. Of the secrets that Terraform leaves
// out, the plan asks for those that are required and tells of those that it would
// remove; all others stay. Once they are written, nothing changes but what nobody can
// compare.
func TestAccGenerated_everyKind(t *testing.T) {
	t.Parallel()
	cp, origin := estate(t)
	held := attributes(t, origin)
	plane := []string{fmt.Sprint(held[`konnect_gateway_control_plane.all["first"]`]["id"])}
	const jwk = `{"kty":"EC","kid":"9","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}`
	redis := cp.Make(t, entity.Partial, plane, acctest.Object{"name": "guarded", "type": "redis-ce", "config": acctest.Object{"password": "hush-hush"}})
	private := cp.Make(t, entity.Named("keys"), plane, acctest.Object{"name": "private", "kid": "9", "jwk": jwk})
	held["konnect_gateway_partial.guarded"] = map[string]any{"id": redis["id"], "password": "hush-hush"}
	held["konnect_gateway_key.private"] = map[string]any{"id": private["id"], "jwk": jwk}

	blocks, made := importBlocks(t, cp, held)
	tf := cp.Terraform(t, map[string]string{"main.tf": ourProvider + blocks})
	first := diagnosed(t, tf, "plan", "-generate-config-out=made.tf")
	text, err := os.ReadFile(tf.File("made.tf"))
	if err != nil {
		t.Fatal(err)
	}
	generated := string(text)
	if n, want := strings.Count(generated, "\nresource "), len(made); n != want || strings.Contains(generated, "hush-hush") {
		t.Errorf("%d resources for %d imports, or a secret among them: %s", n, want, generated)
	}
	for block := range strings.SplitSeq(generated, "\nresource ") {
		chosen := slices.ContainsFunc(withChosenID, func(kind string) bool { return strings.HasPrefix(block, `"`+kind+`"`) })
		if made := theirs.FindString(block); made != "" && !chosen {
			t.Errorf("%q is what the control plane makes, in %s", made, block)
		}
	}

	// Terraform may stop before it has asked for everything
	hcl, second := generated, first
	for wrong := map[string]string{}; len(said(second, "error")) > 0; {
		known := len(wrong)
		maps.Copy(wrong, said(second, "error"))
		if len(wrong) == known {
			t.Fatalf("asked for again: %v", said(second, "error"))
		}
		hcl = withSecrets(generated, made, func(address, at string) bool { return strings.Contains(wrong[address], at) })
		tf.Write(t, "made.tf", hcl)
		second = planned(t, tf)
	}
	told := said(second, "warning")
	insisted := func(changes func(kind string, id any) []string) {
		t.Helper()
		plan, _ := tf.Plan(t)
		for address, c := range plan {
			kind, _, _ := strings.Cut(address, ".")
			want := changes(kind, made[address]["id"])
			if got := acctest.Changes(c.Before, c.After); !slices.Equal(got, want) {
				t.Errorf("%s: the plan changes %v, want %v", address, got, want)
			}
		}
	}
	uncomparable := func(kind string, id any) []string {
		switch {
		case toFill[kind] != "":
			return []string{"updated_at", "value"}
		case id == private["id"]:
			return []string{"jwk", "updated_at"}
		}
		return nil
	}
	insisted(func(kind string, id any) []string {
		if id == redis["id"] {
			return []string{"redis_ce.config.password", "redis_ce.updated_at", "updated_at"}
		}
		return uncomparable(kind, id)
	})
	for address, one := range made {
		if removed := strings.Contains(told[address], "Secret removed: config.password"); removed != (one["id"] == redis["id"]) {
			t.Errorf("%s: %q", address, told[address])
		}
	}
	tf.Write(t, "made.tf", withSecrets(hcl, made, func(address, _ string) bool { return told[address] != "" }))
	insisted(uncomparable)
	settle(t, tf, cp)
}

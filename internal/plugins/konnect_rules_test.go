package plugins

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
)

// Konnect's rules for every bundled plugin can be read, and none of them is
// lost.
func TestKonnectRules(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	actions := map[dataplane.RewriteAction]int{}
	for _, name := range bundledNames() {
		f, err := readBundled(name)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := f.Info.KonnectRules()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		counts["defaults"] += len(rules.Defaults)
		counts["verified"] += len(rules.Verified)
		counts["since"] += len(rules.Since)
		for _, r := range rules.Rewrites {
			actions[r.Does]++
		}
	}
	if diff := cmp.Diff(map[string]int{"defaults": 70, "verified": 62, "since": 15}, counts); diff != "" {
		t.Error(diff)
	}
	want := map[dataplane.RewriteAction]int{
		dataplane.RewriteSet: 83, dataplane.RewriteMove: 76, dataplane.RewriteDrop: 32, dataplane.RewriteDropValue: 6, dataplane.RewriteDropElement: 9, dataplane.RewriteDropPlugin: 45,
		dataplane.RewriteWithhold: 5, dataplane.RewriteBreak: 24,
	}
	if diff := cmp.Diff(want, actions); diff != "" {
		t.Error(diff)
	}
}

func TestKonnectDefaults_misplaced(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"colour", "config.colour", "config.list.colour", "config.list[].colour", "config.flag.on", "config.flag[]"} {
		f, err := parseFile([]byte(`{"name": "p", "fields": [{"config": {"type": "record", "fields": [
			{"flag": {"type": "boolean", "default": true}}, {"list": {"type": "array", "elements": {"type": "string"}}}]}}],
			"konnect": {"defaults": {"` + place + `": false}}}`))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.serve(); err == nil {
			t.Errorf("%q is a place of a default", place)
		}
	}
}

func TestKonnectRules_examples(t *testing.T) {
	t.Parallel()
	rules := func(name string) KonnectRules {
		f, err := readBundled(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Info.KonnectRules()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := rules("opentelemetry"); r.Defaults["config.queue.max_batch_size"] != json.Number("200") {
		t.Errorf("%v", r.Defaults)
	}
	if r := rules("datakit"); !slices.ContainsFunc(r.Verified, func(v dataplane.Verified) bool { return v.At == "config.nodes[](call).ssl_verify" }) {
		t.Errorf("%v", r.Verified)
	}
	if r := rules("ace"); !maps.Equal(r.Since, map[string]string{"": "3.12"}) {
		t.Errorf("%v", r.Since)
	}
	want := []dataplane.Rewrite{
		{ID: "P225", Before: "3.6", At: []string{"config.limit_by"}, Values: []any{"consumer-group"}, Does: dataplane.RewriteSet, To: "consumer"},
	}
	got := slices.DeleteFunc(rules("rate-limiting").Rewrites, func(r dataplane.Rewrite) bool { return r.ID != "P225" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r, err := (&Info{}).KonnectRules(); err != nil || r.Rewrites != nil {
		t.Errorf("%v, %v", r, err)
	}
	for _, text := range []string{`{"colour": 1}`, `{"rewrites": [{"does": 1}]}`, `[]`} {
		if _, err := (&Info{konnect: &konnectRules{text: json.RawMessage(text)}}).KonnectRules(); err == nil {
			t.Errorf("%s is no fault", text)
		}
	}
}

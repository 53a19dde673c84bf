package plugins

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var functionName = regexp.MustCompile(`"function": "([^"]+)"`)

// namedInData are the functions that data files refer to.
func namedInData(t *testing.T) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	for _, plugin := range bundledNames() {
		text, err := data.ReadFile("data/" + plugin + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range functionName.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
	}
	return names
}

func TestUnjudged(t *testing.T) {
	t.Parallel()
	named := namedInData(t)
	for name := range unjudgedNames {
		if !named[name] {
			t.Errorf("%s is listed as unknown, but no plugin has it", name)
		}
		if _, err := functionNamed(name); err == nil {
			t.Errorf("%s is listed as unknown, but there is a function", name)
		}
	}
}

// onlyRecorded are functions that bundled data has no use for: the schemas
// behind the recorded answers name them.
var onlyRecorded = regexp.MustCompile(`^(prometheus|proxy-cache|(pre|post)-function:config)[.:]`)

func TestFunctions_used(t *testing.T) {
	t.Parallel()
	named := namedInData(t)
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		if functions[name].Check != nil && !named[name] && !onlyRecorded.MatchString(name) {
			t.Errorf("no plugin uses %s", name)
		}
	}
}

// marks are attributes of data files that are not Kong's.
var marks = []string{
	"changed", "default_generated", "maps_to", "required_unknown", "since", "since_patch", "subschema_key", "subschemas",
}

// sansMarks returns a definition as Kong's metaschema knows it.
func sansMarks(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if !slices.Contains(marks, k) {
				out[k] = sansMarks(e)
			}
		}
		if out["referenceable"] == "any" {
			out["referenceable"] = true
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = sansMarks(e)
		}
		return out
	}
	return v
}

// The data are schemas by Kong's own rules: every attribute fits its type, and
// every default its rules.
func TestBundled_metaschema(t *testing.T) {
	t.Parallel()
	for _, plugin := range bundledNames() {
		def, _, err := readBundled(plugin)
		if err != nil {
			t.Fatal(err)
		}
		r := resolver{plugin: plugin}
		if err := r.definition(def, ""); err != nil {
			t.Fatal(err)
		}
		for _, v := range schema.CheckDefinition(t.Context(), sansMarks(def)).Violations() {
			if !slices.ContainsFunc(v.Path, func(s schema.Step) bool { return s.Name == "deprecation" }) { // its texts are left out
				t.Errorf("%s: %v", plugin, v)
			}
		}
	}
}

func TestReadBundled_unknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "nothing", "../info"} {
		if _, _, err := readBundled(name); err == nil {
			t.Errorf("there is data of a plugin %q", name)
		}
	}
}

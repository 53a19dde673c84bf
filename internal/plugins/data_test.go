package plugins

import (
	"maps"
	"regexp"
	"slices"
	"testing"
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

func TestReadBundled_unknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "nothing", "../info"} {
		if _, err := readBundled(name); err == nil {
			t.Errorf("there is data of a plugin %q", name)
		}
	}
}

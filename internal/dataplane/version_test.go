package dataplane_test

import (
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "3", "3.", ".10", "3.10.0", "v3.10", "3.x", "3.01", "0.1", "3.100", " 3.10", "3,10", "-3.1", "latest"} {
		if v, err := dataplane.ParseVersion(text); err == nil || !v.IsZero() {
			t.Errorf("%q is read as %v", text, v)
		}
	}
	for _, text := range []string{"3.0", "3.10", "3.9", "2.8", "10.0"} {
		if v, err := dataplane.ParseVersion(text); err != nil || v.String() != text {
			t.Errorf("%q is read as %v, %v", text, v, err)
		}
	}
}

func TestParsePatch(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "latest", "3", "3.x", "v3.10.0.1", "3.10a", "3.01.2", "03.1", " 3.10", "3..1", "3.10.99999.1"} {
		if v := dataplane.ParsePatch(text); !v.IsZero() && text != "3.10.99999.1" {
			t.Errorf("%q is read as %v", text, v)
		}
	}
	// Each of them is older than the next.
	order := []string{"2.8.4.5", "3.0", "3.9.1", "3.10", "3.10.0.7", "3.10.1", "3.11.0.0-enterprise-edition", "3.11.0.1+build", "3.11.0.10.3", "4.0"}
	for i := range order {
		for j := range order {
			if got := dataplane.ParsePatch(order[i]).Before(dataplane.ParsePatch(order[j])); got != (i < j) {
				t.Errorf("%s before %s: %v", order[i], order[j], got)
			}
		}
	}
	if dataplane.ParsePatch("3.10.0.0") != dataplane.ParsePatch("3.10") {
		t.Error("3.10 is not its first patch")
	}
}

// A patch of the last version with something is not newer than that version.
func TestVersion_facts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version, fact    string
		precedes, follow bool
	}{
		{"3.12.0.3", "3.12", false, false},
		{"3.12.0.3", "3.11", false, true},
		{"3.12.0.3", "3.13", true, false},
		{"3.12", "3.12.0.1", true, false},
		{"3.12.0.3", "3.12.0.1", false, false},
		{"3.12", "", false, false},
		{"3.12", "soon", false, false},
	} {
		v := dataplane.ParsePatch(c.version)
		if v.Precedes(c.fact) != c.precedes || v.Follows(c.fact) != c.follow {
			t.Errorf("%s precedes %s: %v, follows: %v", c.version, c.fact, v.Precedes(c.fact), v.Follows(c.fact))
		}
	}
}

func FuzzParsePatch(f *testing.F) {
	for _, text := range []string{"3.10.0.7", "3.11.0.0-rc.1", "latest", "3.10.0.7.9"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := dataplane.ParsePatch(text)
		if v.Before(v) || v.Precedes(text) {
			t.Errorf("%q is older than itself", text)
		}
	})
}

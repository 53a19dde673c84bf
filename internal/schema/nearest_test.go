package schema

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"policy", "redis", "limit_by", "minute"}
	for name, want := range map[string]string{
		"polcy": "policy", "plocy": "policy", "Policy": "policy", "limit-by": "limit_by", "minuet": "minute",
		"redi": "redis", "zzz": "", "": "", "completely_different": "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

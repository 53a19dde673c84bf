package provider

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"policy", "redis", "limit_by", "header_name", "hide_client_headers", "minute", "hour"}
	for given, want := range map[string]string{
		"polcy":              "policy",
		"plocy":              "policy",
		"Policy":             "policy",
		"limit-by":           "limit_by",
		"limitby":            "limit_by",
		"hide_client_header": "hide_client_headers",
		"minutes":            "minute",
		"day":                "",
		"x":                  "",
		"":                   "",
		"lua_schema":         "",
	} {
		if got := nearest(given, known); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

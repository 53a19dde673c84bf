package plugins

import (
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// The highest priority of a plugin that finds out who the consumer is comes from
// the data.
func TestFirstAuthenticator(t *testing.T) {
	t.Parallel()
	highest := 0
	for _, name := range authenticators {
		f, err := readBundled(name)
		if err != nil {
			t.Fatal(err)
		}
		highest = max(highest, f.Info.Priority)
	}
	if highest != firstAuthenticator {
		t.Errorf("it is %d, not %d", highest, firstAuthenticator)
	}
}

func TestRefusesCondition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		protocols any
		want      bool
	}{
		{"acl", nil, false},
		{"acl", []any{}, false},
		{"acl", []any{"http", "tcp"}, false},
		{"acl", []any{schema.Unknown}, false},
		{"acl", schema.Unknown, false},
		{"pre-function", nil, true},
		{"websocket-validator", []any{"ws"}, true},
		{"ip-restriction", []any{"tcp", "tls"}, true},
	} {
		if got := RefusesCondition(c.name, map[string]any{"protocols": c.protocols}); (got != "") != c.want {
			t.Errorf("%s with %v: %q", c.name, c.protocols, got)
		}
	}
}

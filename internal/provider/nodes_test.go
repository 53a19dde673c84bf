package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// The versions of the connected data planes count, unless the user says what
// the oldest is.
func TestRules_nodes(t *testing.T) {
	t.Parallel()
	ace := object{"config": object{"match_policy": "required"}}
	for name, c := range map[string]struct {
		nodes  string
		status int
		said   string // minimum_data_plane_version
		want   []string
	}{
		"an old one among new ones": {`{"items":[{"version":"3.15.0.0","last_ping":1700000000},{"version":"3.12.0.3","last_ping":1700000000}]}`, 200, "",
			[]string{`WARNING [] Questionable gateway plugin: name: the plugin "ace" is there from version 3.13 on; the data planes may be of version 3.12.`}},
		"an old one long gone":  {`{"items":[{"version":"3.15.0.0","last_ping":1700000000},{"version":"3.12.0.3","last_ping":1690000000}]}`, 200, "", nil},
		"no pings":              {`{"items":[{"version":"3.12"}]}`, 200, "", []string{"version 3.12"}},
		"new ones":              {`{"items":[{"version":"3.13.0.0"}]}`, 200, "", nil},
		"none":                  {`{"items":[]}`, 200, "", nil},
		"no version":            {`{"items":[{"version":"latest"},{}]}`, 200, "", nil},
		"not allowed":           {`{"message":"no"}`, 403, "", nil},
		"no list":               {`[]`, 200, "", nil},
		"the user knows better": {`{"items":[{"version":"3.12.0.3"}]}`, 200, "3.14", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			asked := 0
			w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if !strings.HasSuffix(r.URL.Path, "/nodes") {
					return false
				}
				asked++
				out.WriteHeader(c.status)
				_, _ = fmt.Fprint(out, c.nodes)
				return true
			})
			settings := object{"embedded": object{"path": "a"}}
			if c.said != "" {
				settings["minimum_data_plane_version"] = c.said
			}
			says(t, w.p.Configure(t, settings))
			for range 2 {
				resp, _ := w.p.Plan(t, acctest.TypedName("ace"), w.in(ace), tftypes.Value{})
				says(t, resp.Diagnostics, c.want...)
			}
			state, _ := w.p.Apply(t, acctest.TypedName("ace"), w.in(ace), tftypes.Value{})
			resp, _ := w.p.Plan(t, acctest.TypedName("ace"), w.in(ace), state)
			if len(resp.Diagnostics) > 0 {
				t.Errorf("a plan that changes nothing says %s", acctest.Text(resp.Diagnostics))
			}
			if want := map[bool]int{true: 0, false: 1}[c.said != ""]; asked != want {
				t.Errorf("nodes were listed %d times, want %d", asked, want)
			}
		})
	}
}

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
		"an old one among new ones": {`{"items":[{"version":"3.15.0.0","last_ping":1700000000},{"version":"3.11.0.3","last_ping":1700000000}]}`, 200, "",
			[]string{`WARNING [] Questionable gateway plugin: name: the plugin "ace" is there from version 3.12 on; the data planes may be of version 3.11.`}},
		"an old one long gone":  {`{"items":[{"version":"3.15.0.0","last_ping":1700000000},{"version":"3.11.0.3","last_ping":1690000000}]}`, 200, "", nil},
		"no pings":              {`{"items":[{"version":"3.11"}]}`, 200, "", []string{"version 3.11"}},
		"new ones":              {`{"items":[{"version":"3.13.0.0"}]}`, 200, "", nil},
		"none":                  {`{"items":[]}`, 200, "", nil},
		"no version":            {`{"items":[{"version":"latest"},{}]}`, 200, "", nil},
		"not allowed":           {`{"message":"no"}`, 403, "", nil},
		"no list":               {`[]`, 200, "", nil},
		"the user knows better": {`{"items":[{"version":"3.11.0.3"}]}`, 200, "3.14", nil},
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

// Data planes of 3.14 and later want certificates verified. The newest counts,
// and one that nobody knows.
func TestRules_verified(t *testing.T) {
	t.Parallel()
	limited := func(redis object) object {
		return object{"config": object{"minute": 5, "policy": "redis", "redis": redis}}
	}
	off := limited(object{"host": "redis.example", "ssl_verify": false})
	const (
		limiting = "konnect_gateway_plugin_rate_limiting"
		service  = "konnect_gateway_service"
		refused  = `WARNING [config] Questionable gateway plugin: config.redis.ssl_verify: it is false, so that certificates are not verified: ` +
			`data planes of version 3.14 or later refuse the whole configuration`
		untrusted = `WARNING [tls_verify] Questionable gateway service: tls_verify: it is false, so that certificates are not verified`
	)
	for name, c := range map[string]struct {
		resource    string
		config      object
		nodes, said string
		want        []string
		asked       int
	}{
		"unknown":                   {limiting, off, `[]`, "", []string{refused}, 1},
		"old and new":               {limiting, off, `[{"version":"3.13.0.1"},{"version":"3.14.0.0"}]`, "", []string{refused}, 1},
		"old ones":                  {limiting, off, `[{"version":"3.13.0.1"},{"version":"3.12.0.0"}]`, "", nil, 1},
		"said to be new":            {limiting, off, `[{"version":"3.13.0.1"}]`, "3.14", []string{refused}, 0},
		"said to be old":            {limiting, off, `[]`, "3.10", nil, 1},
		"said to be old, but newer": {limiting, off, `[{"version":"3.15.0.1"}]`, "3.10", []string{refused}, 1},
		"verified":                  {limiting, limited(object{"host": "redis.example", "ssl_verify": true}), `[]`, "", nil, 1},
		"each node for itself":      {limiting, object{"config": object{"minute": 5, "policy": "local"}}, `[]`, "", nil, 1},
		"a service":                 {service, object{"host": "a", "protocol": "https", "tls_verify": false}, `[]`, "", []string{untrusted}, 1},
		"a partial":                 {partial, object{"redis_ce": object{"config": object{"host": "a.example"}}}, `[]`, "", []string{`WARNING [redis_ce] Questionable partial: config.ssl_verify: left out`}, 1},
		"a service that verifies":   {service, object{"host": "a", "protocol": "https", "tls_verify": true}, `[]`, "", nil, 0},
		"a service as it comes":     {service, object{"host": "a", "protocol": "https"}, `[]`, "", nil, 0},
		"a route with a wildcard":   {"konnect_gateway_route", object{"protocols": list("https"), "snis": list("a.example", "*.example")}, `[{"version":"3.6.0.0"}]`, "", []string{"WARNING [snis[1]] Questionable gateway route: snis[1]: data planes before version 3.7 cannot use it; the data planes may be of version 3.6."}, 1},
		"a route as it comes":       {"konnect_gateway_route", object{"paths": list("/a")}, `[{"version":"3.6.0.0"}]`, "", nil, 0},
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
				_, _ = fmt.Fprintf(out, `{"items":%s}`, c.nodes)
				return true
			})
			settings := object{"embedded": object{"path": "a"}}
			if c.said != "" {
				settings["minimum_data_plane_version"] = c.said
			}
			says(t, w.p.Configure(t, settings))
			says(t, w.p.Validate(t, c.resource, w.in(c.config)))
			for range 2 {
				resp, _ := w.p.Plan(t, c.resource, w.in(c.config), tftypes.Value{})
				says(t, resp.Diagnostics, c.want...)
			}
			if asked != c.asked {
				t.Errorf("nodes were listed %d times, want %d", asked, c.asked)
			}
			state, _ := w.p.Apply(t, c.resource, w.in(c.config), tftypes.Value{})
			resp, _ := w.p.Plan(t, c.resource, w.in(c.config), state)
			says(t, resp.Diagnostics) // nothing changes
		})
	}
}

package provider_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// What a served control plane has as its defaults counts for what is created or
// changed. It is asked once for each plugin, and not for what stays as it is, nor
// where it is the embedded one. Where it cannot be asked, our own defaults count.
func TestPlugin_servedDefaults(t *testing.T) {
	t.Parallel()
	const served = `{"fields":[{"config":{"type":"record","fields":[{"private_network":{"type":"boolean","default":true}},{"max_age":{"type":"number","default":77}},{"colour":{"type":"string","default":"red"}}]}}]}`
	for name, c := range map[string]struct {
		embedded bool
		status   int
		answer   string
		want     string
		asked    int32
	}{
		"another default": {false, 200, served, "true", 1},
		"the embedded":    {true, 200, served, "false", 0},
		"our own":         {false, 200, `{"fields":[]}`, "false", 1},
		"not allowed":     {false, 403, `{"message":"no"}`, "false", 1},
		"no schema":       {false, 200, `{"fields":7}`, "false", 1},
		"a list":          {false, 200, `[]`, "false", 1},
		"of another type": {false, 200, strings.Replace(served, `"boolean","default":true`, `"string","default":"x"`, 1), "false", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var asked atomic.Int32
			w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
				if !strings.HasSuffix(r.URL.Path, "/schemas/plugins/cors") {
					return false
				}
				asked.Add(1)
				out.WriteHeader(c.status)
				_, _ = out.Write(bytes.TrimSpace([]byte(c.answer)))
				return true
			})
			if !c.embedded {
				server := httptest.NewServer(w)
				t.Cleanup(server.Close)
				says(t, w.p.Configure(t, object{"server_url": server.URL, "personal_access_token": "a", "retry_budget": "0s"}))
			}
			for i, resource := range []string{acctest.TypedName("cors"), plugin} {
				config := w.in(object{"config": object{"credentials": true}})
				if resource == plugin {
					config["name"] = "cors"
				}
				state := w.create(t, resource, config)
				at := []string{"config", "private_network"}
				if i == 1 {
					at[0] = "effective_config"
				}
				if got := fmt.Sprint(get(state, at...)); got != c.want {
					t.Errorf("%s: private_network is %v, want %s", resource, got, c.want)
				}
				w.settled(t, resource, config, state)
				if _, diags := w.p.Apply(t, resource, nil, state); len(diags) > 0 {
					t.Error(acctest.Text(diags))
				}
			}
			if got := asked.Load(); got != c.asked {
				t.Errorf("the control plane was asked %d times, want %d", got, c.asked)
			}
		})
	}
}

// What was made with our own default keeps it, whatever else changes.
func TestPlugin_servedDefaults_kept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answer := `{"fields":[]}`
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/schemas/plugins/cors") {
			return false
		}
		_, _ = out.Write([]byte(answer))
		return true
	})
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	settings := object{"server_url": server.URL, "personal_access_token": "a", "retry_budget": "0s"}
	cors := func(credentials bool) object {
		return w.in(object{"name": "cors", "config": object{"credentials": credentials}})
	}
	says(t, w.p.Configure(t, settings))
	state := w.create(t, plugin, cors(true))
	answer = `{"fields":[{"config":{"type":"record","fields":[{"private_network":{"type":"boolean","default":true}}]}}]}`
	says(t, w.p.Configure(t, settings))
	state = w.apply(t, plugin, cors(false), state)
	if got := fmt.Sprint(get(state, "effective_config", "private_network")); got != "false" {
		t.Errorf("private_network is %s", got)
	}
	w.settled(t, plugin, cors(false), state)
}

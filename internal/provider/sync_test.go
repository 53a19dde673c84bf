package provider_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// gatewaySync is the name of the action and of the data source.
const gatewaySync = "konnect_gateway_sync"

const second = time.Second

var older = object{"code": "P121", "severity": "error", "description": "the plugin ace is not there", "resolution": "Use 3.12 or later.",
	"documentation_url": "https://docs.example/P121", "affected_resources": []any{object{"type": "plugin", "id": "p-1"}, object{"type": "plugin", "id": "p-2"}}}

// TestSync lets data planes take their time, and the action wait for them: by
// the clock of a bubble, in which nobody has to.
func TestSync(t *testing.T) {
	t.Parallel()
	const refused = "Data planes of version 3.14 and later keep what they have where a part of the new configuration has the verification of certificates switched off; their logs say so."
	for name, c := range map[string]struct {
		fleet    []acctest.Node
		config   object
		progress []string
		want     string // of the diagnostic; <hash> is what is expected
		takes    time.Duration
		looks    int
	}{
		"nobody":        {nil, object{}, []string{"No data plane is connected: there is nothing to wait for."}, "", 0, 1},
		"all are":       {[]acctest.Node{{Hostname: "a"}, {Hostname: "b"}}, object{}, []string{"All 2 connected data planes run the expected configuration."}, "", 0, 1},
		"one is":        {[]acctest.Node{{Hostname: "a"}}, object{"timeout": "0s"}, []string{"The connected data plane, a, runs the expected configuration."}, "", 0, 1},
		"without names": {[]acctest.Node{{}}, object{}, []string{"The connected data plane, id-of-, runs the expected configuration."}, "", 0, 1},
		"one takes a while": {
			[]acctest.Node{{Hostname: "b", Takes: 30 * second, Before: "old"}, {Hostname: "a", Before: "old"}}, object{},
			[]string{"Up to date: 1 of 2 connected data planes; waiting for b.", "All 2 connected data planes run the expected configuration."}, "", 41, 7,
		},
		"one after the other": {
			[]acctest.Node{{Hostname: "a", Takes: 1 * second}, {Hostname: "b", Takes: 4 * second}}, object{},
			[]string{"Up to date: 0 of 2 connected data planes; waiting for a, b.", "Up to date: 1 of 2 connected data planes; waiting for b.", "All 2 connected data planes run the expected configuration."}, "", 5, 3,
		},
		"at the last moment": {
			[]acctest.Node{{Hostname: "a", Takes: 3 * second}}, object{"timeout": "3s"},
			[]string{"Up to date: 0 of 1 connected data planes; waiting for a.", "The connected data plane, a, runs the expected configuration."}, "", 3, 3,
		},
		"a first one": {
			[]acctest.Node{{Hostname: "a", From: 4 * second}}, object{"minimum_nodes": 1},
			[]string{"Connected data planes: 0; waiting for 1 more.", "The connected data plane, a, runs the expected configuration."}, "", 5, 3,
		},
		"a second one, and a first one that is behind": {
			[]acctest.Node{{Hostname: "a", Takes: acctest.Never, Before: "x"}}, object{"minimum_nodes": 2, "timeout": "2s"},
			[]string{"Connected data planes: 1; waiting for 1 more. Up to date: 0 of 1 connected data planes; waiting for a."},
			"ERROR [] Data planes are not up to date: Waited for 2s.\nConnected data planes: 1, of at least 2 that are wanted.\n" +
				"Not up to date: 1 of 1 connected data planes. The control plane expects <hash>.\n- a runs x; last heard 0s ago.", 2, 2,
		},
		"nobody comes": {
			nil, object{"minimum_nodes": 1, "timeout": "1m"}, []string{"Connected data planes: 0; waiting for 1 more."},
			"ERROR [] Data planes are not up to date: Waited for 1m.\nConnected data planes: 0, of at least 1 that are wanted.", 60, 9,
		},
		"one falls silent": {
			[]acctest.Node{{Hostname: "gone", Takes: acctest.Never, Before: "x", Until: 1 * second}, {Hostname: "a"}}, object{},
			[]string{"Up to date: 1 of 2 connected data planes; waiting for gone.",
				"The connected data plane, a, runs the expected configuration. Not counted, since silent for more than 2m: gone."}, "", 131, 13,
		},
		"one cannot": {
			[]acctest.Node{{Hostname: "a", Version: "3.11.0.3", Takes: acctest.Never, Before: "old", State: "COMPATIBILITY_STATE_INCOMPATIBLE", Issues: []any{older, object{}, "?"}}},
			object{"timeout": "1s"}, []string{"Up to date: 0 of 1 connected data planes; waiting for a."},
			"ERROR [] Data planes are not up to date: Waited for 1s.\nNot up to date: 1 of 1 connected data planes. The control plane expects <hash>.\n" +
				"- a (version 3.11.0.3) runs old; last heard 0s ago; COMPATIBILITY_STATE_INCOMPATIBLE.\n" +
				"  - P121, error: the plugin ace is not there. Use 3.12 or later. It is about plugin p-1, plugin p-2. See https://docs.example/P121.", 1, 2,
		},
		"one that refuses": {
			[]acctest.Node{{Hostname: "a", Version: "3.14.0.0", Takes: acctest.Never, Before: strings.Repeat("0", 32)}}, object{"timeout": "0s"}, nil,
			"ERROR [] Data planes are not up to date: Not up to date: 1 of 1 connected data planes. The control plane expects <hash>.\n" +
				"- a (version 3.14.0.0) has no configuration yet; last heard 0s ago.\n" + refused, 0, 1,
		},
		"one that cannot use all of it": {
			[]acctest.Node{{Hostname: "a", Issues: []any{older}}, {Hostname: "b"}}, object{}, []string{"All 2 connected data planes run the expected configuration."},
			"WARNING [] Data planes cannot use the whole configuration: - a runs <hash>; last heard 0s ago.\n" +
				"  - P121, error: the plugin ace is not there. Use 3.12 or later. It is about plugin p-1, plugin p-2. See https://docs.example/P121.", 0, 1,
		},
		"too many to name": {
			many(13, acctest.Node{Takes: acctest.Never, Before: "x"}), object{"timeout": "0s"}, nil,
			"ERROR [] Data planes are not up to date: Not up to date: 13 of 13 connected data planes. The control plane expects <hash>.\n" +
				"- 00 runs x; last heard 0s ago.\n- 01 runs x; last heard 0s ago.\n- 02 runs x; last heard 0s ago.\n- 03 runs x; last heard 0s ago.\n- 04 runs x; last heard 0s ago.\n" +
				"- 05 runs x; last heard 0s ago.\n- 06 runs x; last heard 0s ago.\n- 07 runs x; last heard 0s ago.\n- 08 runs x; last heard 0s ago.\n- 09 runs x; last heard 0s ago.\n- and 3 more.", 0, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				begin := time.Now()
				w.Intercept(acctest.Nodes(begin, c.fleet...))
				w.Requests()
				progress, diags := w.p.Invoke(t.Context(), t, gatewaySync, w.in(c.config))
				if diff := cmp.Diff(c.progress, progress); diff != "" {
					t.Errorf("progress (-want +got):\n%s", diff)
				}
				var expected map[string]any
				if err := w.Client.Do(t.Context(), "GET", "/v2/control-planes/"+w.ID+"/expected-config-hash", nil, &expected); err != nil {
					t.Fatal(err)
				}
				hash, _ := expected["expected_hash"].(string)
				if got := strings.TrimSpace(acctest.Text(diags)); got != strings.ReplaceAll(c.want, "<hash>", hash) {
					t.Errorf("it says\n%s\nwant\n%s", got, c.want)
				}
				if took := time.Since(begin).Round(second); took != c.takes*second {
					t.Errorf("it took %s", took)
				}
				looks := slices.DeleteFunc(w.Requests(), func(r string) bool { return !strings.HasSuffix(r, "/nodes") })
				if len(looks) != c.looks {
					t.Errorf("it looked %d times", len(looks))
				}
			})
		})
	}
}

func many(n int, like acctest.Node) (out []acctest.Node) {
	for i := range n {
		like.Hostname = string(rune('0'+i/10)) + string(rune('0'+i%10))
		out = append(out, like)
	}
	return out
}

// TestSync_refused are configurations, control planes and answers that leave
// nothing to wait for.
func TestSync_refused(t *testing.T) {
	t.Parallel()
	always := func(status int, body string) acctest.Answer {
		return func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if !strings.HasSuffix(r.URL.Path, "/nodes") && !strings.HasSuffix(r.URL.Path, "-hash") {
				return false
			}
			out.WriteHeader(status)
			_, _ = out.Write([]byte(body))
			return true
		}
	}
	for name, c := range map[string]struct {
		config object
		answer acctest.Answer
		want   string
	}{
		"no time":               {object{"timeout": "soon"}, nil, `ERROR [timeout] Invalid timeout: timeout: "soon" is not a time from 0s to 24h0m0s, written as a number with a unit such as "90s" or "2m".`},
		"no unit":               {object{"timeout": "5"}, nil, `ERROR [timeout] Invalid timeout: timeout: "5" is not a time`},
		"nothing":               {object{"timeout": ""}, nil, `ERROR [timeout] Invalid timeout: timeout: "" is not a time`},
		"back in time":          {object{"timeout": "-5m"}, nil, `ERROR [timeout] Invalid timeout`},
		"for ever":              {object{"timeout": "25h"}, nil, `ERROR [timeout] Invalid timeout`},
		"less than none":        {object{"minimum_nodes": -1}, nil, `ERROR [minimum_nodes] Invalid minimum_nodes: minimum_nodes: -1 is no number of data planes; it is 0 or more.`},
		"no such control plane": {object{"control_plane_id": "8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0afff"}, nil, "ERROR [control_plane_id] No such control plane: control_plane_id: "},
		"no id":                 {object{"control_plane_id": ""}, nil, "ERROR [control_plane_id] No control plane: control_plane_id: it is empty."},
		"an id with a slash":    {object{"control_plane_id": "a/nodes"}, nil, "ERROR [control_plane_id] No such control plane"},
		"not allowed":           {object{}, always(403, `{"message":"no"}`), "ERROR [] Unable to ask for data planes: GET http://embedded/v2/control-planes/"},
		"no hash":               {object{}, always(200, `{"items":[]}`), "expected-config-hash: the answer has no expected_hash."},
		"a hash that is none":   {object{}, always(200, `{"expected_hash":5}`), "the answer has no expected_hash."},
		"no list":               {object{}, always(200, `{"expected_hash":"x"}`), "the answer is not a list"},
		"no answer of an API":   {object{}, always(200, `<html>`), "ERROR [] Unable to ask for data planes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Intercept(c.answer)
			config := w.in(c.config)
			progress, diags := w.p.Invoke(t.Context(), t, gatewaySync, config)
			if len(progress) > 0 {
				t.Errorf("it told %q", progress)
			}
			says(t, diags, c.want)
			_, diags = ask(t, w.p, gatewaySync, config)
			says(t, diags, c.want)
		})
	}
}

// What is not known yet is not judged, and what depends on it not asked for.
func TestSync_unknown(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for _, name := range []string{"control_plane_id", "timeout", "minimum_nodes"} {
		config := object{"control_plane_id": "a"}
		config[name] = acctest.Unknown
		says(t, p.ValidateAction(t, gatewaySync, config))
	}
	_, diags := p.Invoke(t.Context(), t, gatewaySync, object{"control_plane_id": "a"})
	says(t, diags, "ERROR [] Unable to ask for data planes: the provider is not configured.")
}

// Whoever interrupts Terraform does not wait for the next look.
func TestSync_interrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		begin := time.Now()
		w.Intercept(acctest.Nodes(begin, acctest.Node{Hostname: "a", Takes: acctest.Never, Before: "x"}))
		ctx, interrupt := context.WithCancel(t.Context())
		time.AfterFunc(20*second, interrupt)
		_, diags := w.p.Invoke(ctx, t, gatewaySync, w.in(object{}))
		says(t, diags, "ERROR [] Waiting for data planes was interrupted: Nothing more is known of them than was told before.")
		if took := time.Since(begin); took != 20*second {
			t.Errorf("it went on for %s", took)
		}
	})
}

// A clock that goes wrong here says nothing of who is connected there.
func TestSync_clocks(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"behind": -time.Hour, "ahead": time.Hour, "right": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				there := time.Now().Add(off)
				w.Intercept(func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
					out.Header().Set("Date", there.UTC().Format(http.TimeFormat))
					if !strings.HasSuffix(r.URL.Path, "/nodes") {
						return false
					}
					alive, gone := acctest.Node{Hostname: "alive", Before: "x", Takes: acctest.Never}, acctest.Node{Hostname: "gone", Before: "x", Takes: acctest.Never}
					_ = json.NewEncoder(out).Encode(object{"items": []any{alive.Report(0, there, ""), gone.Report(0, there.Add(-3*time.Minute), "")}})
					return true
				})
				_, diags := w.p.Invoke(t.Context(), t, gatewaySync, w.in(object{"timeout": "0s"}))
				says(t, diags, "- alive runs x; last heard 0s ago.\nNot counted, since silent for more than 2m: gone.")
			})
		})
	}
}

// Data planes of a group connect to the group, and take nothing while its
// members are in conflict.
func TestSync_groups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := w.MakePlane(t, object{"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	second := w.MakePlane(t, object{})
	if err := w.Client.Do(t.Context(), "POST", "/v2/control-planes/"+group+"/group-memberships/add",
		object{"members": []any{object{"id": w.ID}, object{"id": second}}}, nil); err != nil {
		t.Fatal(err)
	}
	const member = "The control plane is a member of a control plane group, and data planes connect to the group: wait for those of the group."
	progress, diags := w.p.Invoke(t.Context(), t, gatewaySync, w.in(object{}))
	says(t, diags, "WARNING [control_plane_id] No data planes of its own: "+member)
	if want := []string{"No data plane is connected: there is nothing to wait for."}; !slices.Equal(progress, want) {
		t.Errorf("it told %q", progress)
	}
	_, diags = w.p.Invoke(t.Context(), t, gatewaySync, w.in(object{"minimum_nodes": 1, "timeout": "0s"}))
	says(t, diags, "of at least 1 that are wanted.\n"+member)

	for _, plane := range []string{w.ID, second} {
		w.Make(t, entity.Service, []string{plane}, object{"name": "orders", "host": "a"})
	}
	const conflict = "The members of the control plane group are in conflict, and its data planes keep what they have until that is solved.\n- "
	_, diags = w.p.Invoke(t.Context(), t, gatewaySync, object{"control_plane_id": group})
	says(t, diags, "WARNING [control_plane_id] Members in conflict: "+conflict)
	w.Intercept(acctest.Nodes(time.Now(), acctest.Node{Hostname: "a"}))
	_, diags = w.p.Invoke(t.Context(), t, gatewaySync, object{"control_plane_id": group, "timeout": "0s"})
	says(t, diags, "WARNING [control_plane_id] Members in conflict: "+conflict)
	w.Intercept(acctest.Nodes(time.Now(), acctest.Node{Hostname: "a", Takes: acctest.Never, Before: "x"}))
	_, diags = w.p.Invoke(t.Context(), t, gatewaySync, object{"control_plane_id": group, "timeout": "0s"})
	says(t, diags, "ERROR [] Data planes are not up to date: ")
	says(t, diags, "\n"+conflict)
}

func TestSync_dataSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := answered(t, w.p, gatewaySync, w.in(object{})); len(got["nodes"].([]any)) != 0 || got["expected_hash"] == "" { //nolint:forcetypeassert // the schema says so
		t.Errorf("nobody: %v", got)
	}
	begin := time.Unix(time.Now().Unix(), 0)
	w.Intercept(acctest.Nodes(begin, acctest.Node{Hostname: "b", Version: "3.11.0.3", State: "COMPATIBILITY_STATE_FULLY_COMPATIBLE"}, acctest.Node{Hostname: "a", Issues: []any{older}}))
	got := answered(t, w.p, gatewaySync, w.in(object{"timeout": "0s"}))
	var hashes []any
	for _, n := range got["nodes"].([]any) { //nolint:forcetypeassert // the schema says so
		node, _ := n.(object)
		hashes = append(hashes, node["config_hash"])
		for _, varying := range []string{"config_hash", "last_ping"} {
			if node[varying] == nil {
				t.Errorf("%s is missing", varying)
			}
			delete(node, varying)
		}
	}
	if want := []any{got["expected_hash"], got["expected_hash"]}; !slices.Equal(hashes, want) {
		t.Errorf("hashes %v, want %v", hashes, want)
	}
	issue := object{"code": "P121", "severity": "error", "description": "the plugin ace is not there", "resolution": "Use 3.12 or later.", "documentation_url": "https://docs.example/P121"}
	want := []any{
		object{"id": "id-of-a", "hostname": "a", "version": nil, "compatibility_state": nil, "issues": []any{issue}},
		object{"id": "id-of-b", "hostname": "b", "version": "3.11.0.3", "compatibility_state": "COMPATIBILITY_STATE_FULLY_COMPATIBLE", "issues": []any{}},
	}
	if diff := cmp.Diff(want, got["nodes"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	w.Intercept(acctest.Nodes(begin, acctest.Node{Hostname: "a", Takes: acctest.Never, Before: "x"}))
	_, diags := ask(t, w.p, gatewaySync, w.in(object{"timeout": "0s"}))
	says(t, diags, "ERROR [] Data planes are not up to date: Not up to date: 1 of 1 connected data planes. The control plane expects ")
}

// The page of the action is written by hand, since an older Terraform does not
// show actions to the generator; it says what the schema says.
func TestSync_page(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../templates/actions/gateway_sync.md")
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := acctest.Offline(t).Server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(schemas.ActionSchemas); n != 1 {
		t.Fatalf("%d actions", n)
	}
	block := schemas.ActionSchemas[gatewaySync].Schema.Block
	lines := []string{"\n" + block.Description + "\n"}
	for _, a := range block.Attributes {
		kind := map[bool]string{true: "Number", false: "String"}[a.Type.Is(tftypes.Number)]
		lines = append(lines, "\n- `"+a.Name+"` ("+kind+") "+a.Description+"\n")
	}
	for _, line := range lines {
		if !strings.Contains(string(text), line) {
			t.Errorf("the page does not say %s", line)
		}
	}
	if n := strings.Count(string(text), "\n- `"); n != len(block.Attributes) {
		t.Errorf("the page has %d attributes, want %d", n, len(block.Attributes))
	}
}

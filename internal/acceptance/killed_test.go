package acceptance

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// victims are the processes that an apply needs.
type victims struct{ provider, terraform bool }

// killing says when an apply ends by force: at a request that is no mere read,
// before or after the control plane has done what it asks.
type killing struct {
	victims

	at   int
	done bool
	hold bool // those before it are not answered either
}

func (k killing) String() string {
	return fmt.Sprintf("provider %v, terraform %v, at request %d, done %v", k.provider, k.terraform, k.at, k.done)
}

// killed applies, and kills at a request. It reports whether the apply came that
// far.
func killed(t *testing.T, tf *acctest.Terraform, cp *acctest.ControlPlane, k killing) bool {
	t.Helper()
	args := []string{"apply", "-auto-approve", "-no-color", "-input=false"}
	if k.terraform {
		args = append(args, "-parallelism=1") // it empties a local state before it writes it: not while something else is asked
	}
	apply := tf.Command(args...)
	var mu sync.Mutex
	count, dead := 0, false
	var underway sync.WaitGroup
	end := make(chan struct{})
	cp.Intercept(func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method == http.MethodGet {
			return false
		}
		mu.Lock()
		if dead {
			mu.Unlock()
			panic(http.ErrAbortHandler) // sent by a process that is no more
		}
		if count++; count < k.at {
			underway.Add(1)
			defer underway.Done()
			mu.Unlock()
			if !k.hold {
				next.ServeHTTP(w, r)
				return true
			}
			if k.done {
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
			<-end
			panic(http.ErrAbortHandler)
		}
		defer mu.Unlock()
		defer close(end)
		if dead = true; k.done {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		if k.terraform {
			_ = apply.Process.Kill() // it has an exit code in any case
		}
		if k.provider {
			_ = tf.Provider(t).Kill()
		}
		panic(http.ErrAbortHandler)
	})
	defer cp.Intercept(nil)
	out, err := apply.CombinedOutput()
	underway.Wait()
	if dead == (err == nil) {
		t.Fatalf("%s: %v\n%s", k, err, out)
	}
	return dead
}

// outfit is a configuration with things of all kinds, named and nameless, twins
// among them.
func outfit(address string) string {
	cp := "control_plane_id = konnect_gateway_control_plane.shop.id\n"
	of := cp + "consumer_id = konnect_gateway_consumer.all[0].id\n"
	var b strings.Builder
	b.WriteString(servedBy(address) + shop)
	for _, r := range []struct{ kind, name, body string }{
		{"gateway_service", "all", cp + "count = 5\nname = \"service-${count.index}\"\nhost = \"a.example\""},
		{"gateway_service", "twins", cp + "count = 4\nhost = \"twin.example\""},
		{"gateway_route", "all", cp + "count = 4\nname = \"route-${count.index}\"\npaths = [\"/${count.index}\"]\nservice = { id = konnect_gateway_service.all[count.index].id }"},
		{"gateway_route", "twins", cp + "count = 4\npaths = [\"/twin\"]"},
		{"gateway_consumer", "all", cp + "count = 3\nusername = \"user-${count.index}\"\ncustom_id = \"c${count.index}\""},
		{"gateway_consumer_group", "all", cp + "count = 2\nname = \"group-${count.index}\""},
		{"gateway_consumer_group_member", "all", cp + "count = 3\nconsumer_group_id = konnect_gateway_consumer_group.all[0].id\nconsumer_id = konnect_gateway_consumer.all[count.index].id"},
		{"gateway_key_auth", "made", of + "count = 2"},
		{"gateway_key_auth", "given", of + "key = \"k\""},
		{"gateway_basic_auth", "a", of + "username = \"alice\"\npassword = \"secret\""},
		{"gateway_hmac_auth", "a", of + "username = \"alice\""},
		{"gateway_jwt", "a", of + "key = \"issuer\""},
		{"gateway_acl", "a", of + "group = \"gold\""},
		{"gateway_upstream", "a", cp + "name = \"up\""},
		{"gateway_target", "all", cp + "count = 3\nupstream_id = konnect_gateway_upstream.a.id\ntarget = \"10.0.0.${count.index}:80\""},
		{"gateway_certificate", "a", cp + "cert = " + pem("rsa.crt") + "\nkey = " + pem("rsa.key")},
		{"gateway_ca_certificate", "a", cp + "cert = " + pem("ca.crt")},
		{"gateway_data_plane_client_certificate", "a", cp + "cert = " + pem("rsa.crt")},
		{"gateway_sni", "a", cp + "name = \"a.example\"\ncertificate = { id = konnect_gateway_certificate.a.id }"},
		{"gateway_key_set", "a", cp + "name = \"set\""},
		{"gateway_key", "a", cp + "kid = \"1\"\nset = { id = konnect_gateway_key_set.a.id }\npem = { private_key = " + pem("rsa.key") + " }"},
		{"gateway_config_store", "a", cp + "name = \"a\""},
		{"gateway_config_store_secret", "a", cp + "config_store_id = konnect_gateway_config_store.a.id\nkey = \"token\"\nvalue = \"s\""},
		{"gateway_vault", "a", cp + "name = \"konnect\"\nprefix = \"team\"\nconfig = jsonencode({ config_store_id = konnect_gateway_config_store.a.id })"},
		{"gateway_partial", "a", cp + "redis_ce = { name = \"ce\", config = { host = \"a.example\" } }"},
		{"gateway_plugin_cors", "all", cp + "count = 4\nroute = { id = konnect_gateway_route.all[count.index].id }\nconfig = {}"},
		{"gateway_plugin", "global", cp + "name = \"acl\"\nconfig = { allow = [\"a\"] }"},
		{"gateway_custom_plugin_schema", "a", cp + `lua_schema = "return { name = \"mine\", fields = { { config = { type = \"record\", fields = { { a = { type = \"string\" } } } } } } }"`},
		{"gateway_custom_plugin", "a", cp + "name = konnect_gateway_custom_plugin_schema.a.name\nconfig = { a = \"b\" }"},
		{"gateway_cloned_plugin", "a", cp + "name = \"acl-two\"\nref = \"acl\"\npriority = 900"},
		{"gateway_control_plane", "group", "name = \"group\"\ncluster_type = \"CLUSTER_TYPE_CONTROL_PLANE_GROUP\""},
		{"gateway_control_plane", "parts", "count = 3\nname = \"part-${count.index}\"\nlabels = { team = \"a\" }"},
		{"gateway_control_plane_membership", "a", "id = konnect_gateway_control_plane.group.id\nmembers = [for p in konnect_gateway_control_plane.parts : { id = p.id }]"},
		{"realm", "a", "name = \"partners\""},
		{"centralized_consumer", "a", "realm_id = konnect_realm.a.id\nusername = \"bob\""},
		{"centralized_consumer_key", "a", "realm_id = konnect_realm.a.id\nconsumer_id = konnect_centralized_consumer.a.id"},
	} {
		fmt.Fprintf(&b, "resource \"konnect_%s\" %q {\n%s\n}\n", r.kind, r.name, r.body)
	}
	return b.String()
}

// single checks that the control plane holds what the state says, and nothing
// else than what was there before.
func single(t *testing.T, tf *acctest.Terraform, cp *acctest.ControlPlane, before ...string) {
	t.Helper()
	type collection struct {
		typ   *entity.Type
		scope string
	}
	known := map[collection]map[string]bool{}
	places := map[collection][]string{}
	for address, values := range attributes(t, tf) {
		kind, _, _ := strings.Cut(address, ".")
		typ := resource.All()[kind].Type
		if typ == entity.ConsumerGroupMember || typ == entity.Membership {
			continue // they are no objects
		}
		c := collection{typ, strings.Join(parents(typ, values), "/")}
		if known[c] == nil {
			known[c], places[c] = map[string]bool{}, parents(typ, values)
		}
		id := fmt.Sprint(values[typ.Address()])
		if known[c][id] {
			t.Errorf("%s is managed twice: %s", address, id)
		}
		known[c][id] = true
	}
	for c, ids := range known {
		held, err := cp.Client.List(t.Context(), client.Ref{Type: c.typ, Parents: places[c]}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range held {
			id := fmt.Sprint(doc[c.typ.Address()])
			if !ids[id] && !slices.Contains(before, id) {
				t.Errorf("nobody knows of the %s %s", c.typ.Title, id)
			}
			delete(ids, id)
		}
		if len(ids) > 0 {
			t.Errorf("of %s the state has %v, which are not there", c.typ.Name, ids)
		}
	}
}

// Whoever is killed, and whenever: the next apply converges, with no second
// object of anything.
func TestAccKilled(t *testing.T) {
	t.Parallel()
	for seed, who := range []victims{{provider: true}, {terraform: true}, {provider: true, terraform: true}} {
		t.Run(fmt.Sprintf("provider %v, terraform %v", who.provider, who.terraform), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 7))
			cp := acctest.New(t)
			served := httptest.NewServer(cp)
			t.Cleanup(served.Close)
			tf := acctest.Installed(t, map[string]string{"main.tf": outfit(served.URL)})
			for round := range 5 {
				k := killing{victims: who, at: 1 + random.IntN(16), done: round%3 != 2}
				if !killed(t, tf, cp, k) {
					break
				}
			}
			settle(t, tf, cp)
			single(t, tf, cp)
		})
	}
}

// servedBy is a provider block for a served control plane, of which no request is
// repeated.
func servedBy(address string) string {
	return fmt.Sprintf("provider \"konnect\" {\n  server_url = %q\n  retry_budget = \"0s\"\n}\n", address)
}

const (
	leftSummary  = "Left by an apply that was cut short"
	takenSummary = "Taken over from an apply that was cut short"
	luaSchema    = `return { name = "mine", fields = { { config = { type = "record", fields = { { a = { type = "string" } } } } } } }`
)

// trace is an object of which an apply that was killed may have left something.
type trace struct {
	label string
	typ   *entity.Type
	body  string
	later string         // the body of the next apply; "" for the same
	knows bool           // the plan knows that it is our own
	other acctest.Object // what somebody else makes in its place
}

var traces = []trace{
	{label: "name", typ: entity.Service, body: "name = \"a\"\nhost = \"a\"", later: "name = \"a\"\nhost = \"b\"", knows: true, other: acctest.Object{"name": "a", "host": "a"}},
	{label: "nameless", typ: entity.Service, body: `host = "a"`},
	{label: "id", typ: entity.Service, body: fmt.Sprintf("id = %q\nhost = \"a\"", acctest.SomeID), other: acctest.Object{"id": acctest.SomeID, "host": "b"}},
	{label: "custom_id", typ: entity.Consumer, body: `custom_id = "a"`, knows: true, other: acctest.Object{"custom_id": "a"}},
	{label: "store", typ: entity.ConfigStore, body: `name = "a"`},
	{label: "schema", typ: entity.PluginSchema, body: fmt.Sprintf("lua_schema = %q", luaSchema), other: acctest.Object{"lua_schema": strings.Replace(luaSchema, "string", "number", 1)}},
	{label: "plane", typ: entity.ControlPlane, body: "name = \"shop\"\nlabels = { team = \"a\" }", knows: true,
		other: acctest.Object{"name": "shop", "labels": acctest.Object{"team": "b"}}},
	{label: "realm", typ: entity.Realm, body: `name = "shop"`},
}

func (tr trace) address() string { return tr.typ.Resource + "." + tr.label }

// scope is what an object of the world belongs to.
func (tr trace) scope(w *acctest.World) []string {
	if tr.typ.Parent == nil {
		return nil
	}
	return w.Scope()
}

func (tr trace) block(w *acctest.World, body string) string {
	if tr.typ.Parent != nil {
		body = fmt.Sprintf("control_plane_id = %q\n", w.ID) + body
	}
	return fmt.Sprintf("resource %q %q {\n%s\n}\n", tr.typ.Resource, tr.label, body)
}

// traced is a folder in which an apply of some objects was killed while the
// control plane was to make all of them.
func traced(t *testing.T, w *acctest.World, done bool, rows []trace) *acctest.Terraform {
	t.Helper()
	served := httptest.NewServer(w)
	t.Cleanup(served.Close)
	config := servedBy(served.URL)
	for _, tr := range rows {
		config += tr.block(w, tr.body)
	}
	tf := acctest.Installed(t, map[string]string{"main.tf": config})
	if !killed(t, tf, w.ControlPlane, killing{victims: victims{provider: true}, at: len(rows), done: done, hold: true}) {
		t.Fatal("the apply was not killed")
	}
	config = servedBy(served.URL)
	for _, tr := range rows {
		config += tr.block(w, cmp.Or(tr.later, tr.body))
	}
	tf.Write(t, "main.tf", config)
	return tf
}

// What a killed apply has made is taken over with a word, also where the
// configuration has changed since. Nothing of it is remembered after that: a twin is
// another object.
func TestAccKilled_word(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	tf := traced(t, w, true, traces)
	said := func(got []acctest.Diagnostic, address, summary string) bool {
		return slices.ContainsFunc(got, func(d acctest.Diagnostic) bool { return d.Address == address && d.Summary == summary })
	}
	plan, apply := diagnosed(t, tf, "plan"), diagnosed(t, tf, "apply", "-auto-approve")
	for _, tr := range traces {
		if said(plan, tr.address(), leftSummary) != tr.knows || said(plan, tr.address(), "A "+tr.typ.Title+" exists already") && tr.knows {
			t.Errorf("the plan of %s says: %+v", tr.label, plan)
		}
		if !said(apply, tr.address(), takenSummary) {
			t.Errorf("the apply of %s says: %+v", tr.label, apply)
		}
	}
	single(t, tf, w.ControlPlane, w.ID)
	twin := traces[1]
	twin.label = "twin"
	tf.Write(t, "twin.tf", twin.block(w, twin.body))
	settle(t, tf, w.ControlPlane)
	single(t, tf, w.ControlPlane, w.ID)
}

// What is not our own is never taken: what somebody else makes in the place of
// what an apply was killed before it made.
func TestAccKilled_strangers(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	rows := slices.DeleteFunc(slices.Clone(traces), func(tr trace) bool { return tr.other == nil })
	tf := traced(t, w, false, rows)
	made := map[string]map[string]any{}
	for _, tr := range rows {
		made[tr.label] = w.Make(t, tr.typ, tr.scope(w), tr.other)
	}
	got := diagnosed(t, tf, "apply", "-auto-approve")
	for _, tr := range rows {
		refused := slices.ContainsFunc(got, func(d acctest.Diagnostic) bool { return d.Address == tr.address() && d.Severity == "error" })
		taken := slices.ContainsFunc(got, func(d acctest.Diagnostic) bool {
			return d.Address == tr.address() && (d.Summary == leftSummary || d.Summary == takenSummary)
		})
		if !refused || taken {
			t.Errorf("the apply of %s says: %+v", tr.label, got)
		}
		after := w.Get(t, tr.typ, tr.scope(w), fmt.Sprint(made[tr.label][tr.typ.ID]))
		if diff := acctest.Changes(made[tr.label], after); len(diff) > 0 {
			t.Errorf("%s changed: %v", tr.label, diff)
		}
	}
}

// Nor is what an apply in another folder or another workspace has made: there is
// the way to import it. Where it was made, the next apply converges.
func TestAccKilled_elsewhere(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	row := traces[0]
	row.later = ""
	tf := traced(t, w, true, []trace{row})
	main, err := os.ReadFile(tf.File("main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(tf *acctest.Terraform) {
		t.Helper()
		out, exit := tf.Run(t, "apply", "-auto-approve", "-no-color", "-input=false")
		if exit != 1 || !strings.Contains(string(out), "exists already. Nothing was changed.") || !strings.Contains(string(out), "import {") {
			t.Errorf("exit code %d: %s", exit, out)
		}
	}
	workspace := func(args ...string) {
		t.Helper()
		if out, exit := tf.Run(t, append([]string{"workspace"}, args...)...); exit != 0 {
			t.Fatalf("%s", out)
		}
	}
	refused(tf.Elsewhere(t, map[string]string{"main.tf": string(main)}))
	workspace("new", "other")
	refused(tf)
	workspace("select", "default")
	settle(t, tf, w.ControlPlane)
	single(t, tf, w.ControlPlane, w.ID)
}

// unmistakable are objects of which something is unique, under ids that are chosen here.
var unmistakable = []trace{
	traces[0],
	{label: "user", typ: entity.Consumer, body: `custom_id = "a"`},
	{label: "group", typ: entity.ConsumerGroup, body: `name = "a"`},
	{label: "up", typ: entity.Upstream, body: `name = "a"`},
	{label: "set", typ: entity.KeySet, body: `name = "a"`},
	{label: "global", typ: entity.Plugin, body: "name = \"acl\"\nconfig = { allow = [\"a\"] }"},
}

// stateOf is a configuration whose state has a name.
func stateOf(workspace, config string) map[string]string {
	return map[string]string{"main.tf": strings.Replace(config, "retry_budget", fmt.Sprintf("workspace = %q\n  retry_budget", workspace), 1)}
}

// Where the state has a name, ids tell what an apply on another machine has made for it:
// that is taken over with a word if it is what is planned now, and of another state never.
func TestAccKilled_otherMachine(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	served := httptest.NewServer(w)
	t.Cleanup(served.Close)
	config := servedBy(served.URL)
	for _, tr := range unmistakable {
		config += tr.block(w, tr.body)
	}
	first := acctest.Installed(t, stateOf("shop/live", config))
	if !killed(t, first, w.ControlPlane, killing{victims: victims{provider: true}, at: len(unmistakable), done: true, hold: true}) {
		t.Fatal("the apply was not killed")
	}
	for name, other := range map[string]map[string]string{
		"another state":  stateOf("shop/stage", config),
		"without a name": {"main.tf": config},
		"changed since": stateOf("shop/live", strings.NewReplacer(`host = "a"`, `host = "b"`, `name = "a"`, "name = \"a\"\ntags = [\"new\"]", `custom_id = "a"`, "custom_id = \"a\"\ntags = [\"new\"]",
			`name = "acl"`, "name = \"acl\"\nenabled = false").Replace(config)),
	} {
		got := diagnosed(t, first.Elsewhere(t, other), "apply", "-auto-approve")
		for _, tr := range unmistakable {
			if !slices.ContainsFunc(got, func(d acctest.Diagnostic) bool {
				return d.Address == tr.address() && d.Severity == "error" && strings.Contains(d.Detail, "import {")
			}) {
				t.Errorf("%s: the apply of %s says %+v", name, tr.label, got)
			}
		}
	}
	again := first.Elsewhere(t, stateOf("shop/live", config))
	plan, apply := diagnosed(t, again, "plan"), diagnosed(t, again, "apply", "-auto-approve")
	for _, tr := range unmistakable {
		for summary, got := range map[string][]acctest.Diagnostic{leftSummary: plan, takenSummary: apply} {
			if !slices.ContainsFunc(got, func(d acctest.Diagnostic) bool { return d.Address == tr.address() && d.Summary == summary }) {
				t.Errorf("of %s nothing says %q: %+v", tr.label, summary, got)
			}
		}
	}
	settle(t, again, w.ControlPlane)
	single(t, again, w.ControlPlane, w.ID)
}

// Who gives a resource another address without a word to Terraform loses nothing
// when the new one comes first.
func TestAccKilled_renamed(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorld(t)
	served := httptest.NewServer(w)
	t.Cleanup(served.Close)
	row := unmistakable[0]
	tf := acctest.Installed(t, stateOf("shop/live", servedBy(served.URL)+row.block(w, row.body)))
	settle(t, tf, w.ControlPlane)
	for _, label := range []string{"aa", "zz", "b"} { // before and after the old one
		row.label = label
		tf.Write(t, "main.tf", stateOf("shop/live", servedBy(served.URL)+row.block(w, row.body))["main.tf"])
		settle(t, tf, w.ControlPlane, "-parallelism=1")
		single(t, tf, w.ControlPlane, w.ID)
	}
}

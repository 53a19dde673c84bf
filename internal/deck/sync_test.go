package deck

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest/random"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// syncFile makes the control plane equal to a file, and returns what was done.
func syncFile(t testing.TB, target *Target, content string, tags ...string) []string {
	t.Helper()
	file, err := Read(entity.Types(), []byte(content), env, tags...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.Sync(t.Context(), target, bundled())
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	var done []string
	for _, s := range plan.Steps {
		if s.Action != Keep {
			done = append(done, fmt.Sprintf("%s %s %s", s.Action, s.Type.Singular, s.Label))
		}
	}
	return done
}

// TestSync_random makes one random control plane equal to another, which then
// exports the same, and empties it by a file without anything.
func TestSync_random(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			planes := []*Target{newTarget(t), newTarget(t)}
			for i, target := range planes {
				random.New(t, 2*seed+uint64(i), target.Client, target.ID).Fill()
			}
			o := ExportOptions{WithID: seed%2 == 0, Hashes: true}
			want, _ := export(t, planes[0], o)
			syncFile(t, planes[1], want)
			if diff := cmp.Diff(want, must(export(t, planes[1], o))); diff != "" {
				t.Error(diff)
			}
			if done := syncFile(t, planes[1], want); len(done) > 0 {
				t.Errorf("a second time: %q", done)
			}
			syncFile(t, planes[1], head+"_info: {include_plugin_definitions: true}\n")
			if text, _ := export(t, planes[1], ExportOptions{}); text != head {
				t.Errorf("left over:\n%s", text)
			}
		})
	}
}

// common is what the tables below begin with: of the platform, of a team, and of
// nobody.
const common = head + `
consumer_groups:
- {name: gold, tags: [platform]}
services:
- {name: shared, host: h, tags: [platform]}
- name: orders
  host: h
  tags: [team]
  routes:
  - {name: orders, paths: [/o], tags: [team]}
  plugins:
  - {name: correlation-id, tags: [team]}
- {name: lonely, host: h}
consumers:
- {username: ann, tags: [team], groups: [gold], keyauth_credentials: [{key: k}]}
- {username: bob, tags: [platform], groups: [gold]}
custom_plugins:
- name: greeter
  tags: [team]
  handler: return {}
  schema: return { name = "greeter", fields = { { config = { type = "record", fields = {} } } } }
`

// TestSync deletes in the order of references, and touches nothing outside the
// tags.
func TestSync(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, content string
		tags          []string
		want          []string
	}{
		{"nothing selected", head, nil, []string{
			"delete plugin correlation-id", "delete keyauth_credential ID", "delete consumer_group gold", "delete consumer ann", "delete consumer bob",
			"delete route orders", "delete service shared", "delete service orders", "delete service lonely",
		}},
		{"a team", head, []string{"team"}, []string{
			"delete plugin correlation-id", "delete keyauth_credential ID", "delete consumer ann", "delete route orders", "delete service orders",
		}},
		{"a team with its definitions", head + "_info: {select_tags: [team], include_plugin_definitions: true}\n", nil, []string{
			"delete plugin correlation-id", "delete custom_plugin greeter", "delete keyauth_credential ID", "delete consumer ann", "delete route orders", "delete service orders",
		}},
		{"two tags", head, []string{"team", "platform"}, nil},
		{"a membership of the team", head + "consumers: [{username: ann, keyauth_credentials: [{key: k}]}]\nservices: [{name: orders, host: h, routes: [{name: orders, paths: [/o]}], plugins: [{name: correlation-id}]}]\n",
			[]string{"team"}, []string{"update keyauth_credential ID", "delete consumer_group_consumer ann of gold"}},
		{"the platform leaves others' members", head + "consumer_groups: [{name: gold}]\nservices: [{name: shared, host: i}]\nconsumers: [{username: bob, groups: [gold]}]\n",
			[]string{"platform"}, []string{"update service shared"}},
		{"a reference out of the tags", head + "routes: [{name: mine, paths: [/m], service: shared}]\n",
			[]string{"mine"}, []string{"create route mine"}},
		{"an expression, and what gateways show beside it", head + "routes: [{name: mine, expression: 'http.path == \"/x\"', regex_priority: 0, hosts: []}]\n",
			[]string{"mine"}, []string{"create route mine"}},
		{"looked up within the tags", head + "_info: {select_tags: [team], default_lookup_tags: {services: [team]}}\nroutes: [{name: orders, paths: [/p], service: orders}]\nconsumers: [{username: ann, groups: [gold]}]\n",
			nil, []string{"update route orders", "delete plugin correlation-id"}},
		{"another id for a name", head + "consumers: [{id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001, username: ann}]\n", []string{"team"}, []string{
			"delete keyauth_credential ID", "delete consumer ann", "create consumer ann", "delete plugin correlation-id", "delete route orders", "delete service orders",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t)
			importFile(t, target, common)
			done := syncFile(t, target, tt.content, tt.tags...)
			for i, step := range done {
				if strings.Contains(step, "keyauth_credential") {
					done[i] = step[:strings.LastIndex(step, " ")] + " ID"
				}
			}
			if diff := cmp.Diff(tt.want, done); diff != "" {
				t.Error(diff)
			}
			if again := syncFile(t, target, tt.content, tt.tags...); len(again) > 0 {
				t.Errorf("a second time: %q", again)
			}
		})
	}
}

// TestSync_refused says what cannot be done before anything is.
func TestSync_refused(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	importFile(t, target, common+"routes: [{name: foreign, paths: [/f], service: orders, tags: [platform]}]\n")
	before, _ := export(t, target, ExportOptions{WithID: true})
	for _, tt := range []struct {
		name, content string
		tags          []string
		want          []string
	}{
		{"of somebody else", head + "services: [{name: shared, host: i}]\n", []string{"mine"}, []string{
			"2: services[0]: the control plane has it without the tags that the file selects: somebody else keeps it",
		}},
		{"refers to what goes", head + "consumers: [{username: bob, groups: [gold]}]\n", nil, []string{
			"2: consumers[0].groups[0]: the file lacks this entity of consumer_groups, so that it would be deleted: add it, or name its tags in default_lookup_tags",
		}},
		{"something stays that refers to it", head, []string{"team"}, []string{
			"the file lacks the service orders, but it cannot be deleted: the route foreign refers to it, and is not among what the file stands for",
		}},
		{"other tags", head + "_info: {select_tags: [a, b]}\n", []string{"b"}, []string{"2: _info.select_tags: the file selects other tags than the command: b"}},
		{"a name that another one keeps", head + "services: [{id: 3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0001, name: shared, host: h}]\n", []string{"mine"}, []string{
			"the control plane has another service with the same name",
		}},
	} {
		file, err := Read(entity.Types(), []byte(tt.content), env, tt.tags...)
		if err == nil {
			_, err = file.Sync(t.Context(), target, bundled())
		}
		problems, _ := errors.AsType[Problems](err)
		if len(problems) != len(tt.want) || !slices.EqualFunc(problems, tt.want, func(p Problem, want string) bool { return strings.Contains(p.String(), want) }) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if after, _ := export(t, target, ExportOptions{WithID: true}); after != before {
		t.Error("something was done")
	}
}

package deck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Info is what a file says of itself in _info.
type Info struct {
	// SelectTags are tags of everything in the file.
	SelectTags []string
	// LookupTags are the tags that an entity of that type must have for the
	// file to refer to it without having it.
	LookupTags map[string][]string
	// Hashed says that passwords are hashes already.
	Hashed bool
	// Definitions says that the file has all custom and cloned plugins.
	Definitions bool
	// PolicyOverrides says that plugins of groups override others, as in
	// gateways before 3.4.
	PolicyOverrides bool
}

// konnect reads which control plane the file is for.
func (r *reader) konnect(n *node) {
	for _, key := range []string{"runtime_group_name", "control_plane_id", "control_plane_name"} { // the first is the older one
		if name := n.get(key); !name.isNull() {
			text, ok := name.text()
			if !ok {
				r.problem(name.line, "_konnect."+key, "must be a text, not %s", name.what())
			}
			r.file.ControlPlane = text
		}
	}
}

// infoEntries read the entries of _info.
var infoEntries = map[string]func(r *reader, n *node, path string){
	"select_tags":                     (*reader).selectTags,
	"defaults":                        (*reader).readDefaults,
	"default_lookup_tags":             (*reader).lookupTags,
	"skip_hash_for_basic_auth":        func(r *reader, n *node, path string) { r.truth(n, path, &r.file.Hashed) },
	"include_plugin_definitions":      func(r *reader, n *node, path string) { r.truth(n, path, &r.file.Definitions) },
	"consumer_group_policy_overrides": func(r *reader, n *node, path string) { r.truth(n, path, &r.file.PolicyOverrides) },
	"_comment":                        func(*reader, *node, string) {},
}

func (r *reader) info(info *node) {
	for _, m := range r.mapping(info, "_info") {
		path := "_info." + m.name
		read := infoEntries[m.name]
		switch {
		case read == nil:
			r.problem(m.line, path, "%s", unknown(m.name, infoNames))
		case !m.value.isNull():
			read(r, m.value, path)
		}
	}
}

var infoNames = []string{"select_tags", "defaults", "default_lookup_tags", "skip_hash_for_basic_auth", "include_plugin_definitions", "consumer_group_policy_overrides"}

// selectTags lets nobody select tags that the file does not: that would hand
// its entities to somebody else.
func (r *reader) selectTags(n *node, path string) {
	tags := r.texts(n, path)
	if given := r.file.SelectTags; len(given) > 0 && !slices.Equal(slices.Sorted(slices.Values(given)), slices.Sorted(slices.Values(tags))) {
		r.problem(n.line, path, "the file selects other tags than the command: %s", strings.Join(given, ", "))
	}
	r.file.SelectTags = tags
}

// withDefaults are the entities that a file may give defaults to.
var withDefaults = []*entity.Type{entity.Service, entity.Route, entity.Upstream, entity.Target}

func (r *reader) readDefaults(n *node, path string) {
	for _, m := range r.mapping(n, path) {
		known := slices.ContainsFunc(withDefaults, func(t *entity.Type) bool { return t.Singular == m.name })
		switch {
		case !known:
			r.problem(m.line, path+"."+m.name, "only route, service, target and upstream can have defaults")
		case m.value.kind == mapNode:
			r.defaults[m.name] = m.value
		case !m.value.isNull():
			r.problem(m.value.line, path+"."+m.name, "must be a mapping, not %s", m.value.what())
		}
	}
}

// lookedUp are the entities that a file may look up by tags.
var lookedUp = []*entity.Type{entity.ConsumerGroup, entity.Consumer, entity.Route, entity.Service, entity.Partial}

func (r *reader) lookupTags(n *node, path string) {
	r.file.LookupTags = map[string][]string{}
	for _, m := range r.mapping(n, path) {
		if !slices.ContainsFunc(lookedUp, func(t *entity.Type) bool { return t.Name == m.name }) {
			r.problem(m.line, path+"."+m.name, "only consumer_groups, consumers, partials, routes and services can be looked up by tags")
			continue
		}
		r.file.LookupTags[m.name] = r.texts(m.value, path+"."+m.name)
	}
}

// mapping returns the members of one; null is an empty one.
func (r *reader) mapping(n *node, path string) []member {
	if n.isNull() {
		return nil
	}
	if n.kind != mapNode {
		r.problem(n.line, path, "must be a mapping, not %s", n.what())
	}
	return n.members
}

// texts returns those of a list.
func (r *reader) texts(n *node, path string) []string {
	var all []string
	for i, e := range r.elements(n, path) {
		text, ok := e.text()
		if !ok {
			r.problem(e.line, fmt.Sprintf("%s[%d]", path, i), "must be a text, not %s", e.what())
		}
		all = append(all, text)
	}
	return all
}

func (r *reader) truth(n *node, path string, to *bool) {
	value, ok := n.scalar.(bool)
	if !ok || n.kind != scalarNode {
		r.problem(n.line, path, "must be true or false, not %s", n.what())
	}
	*to = *to || value
}

// gatewayOnly are parts of files that only gateways have a place for, and what
// a control plane has instead.
var gatewayOnly = map[string]string{
	"admins":                    "Konnect has users and teams",
	"filter_chains":             "control planes run no WebAssembly filters; use plugins",
	"licenses":                  "Konnect licenses data planes itself",
	"oauth2_credentials":        "use openid-connect with an identity provider, or jwt_secrets",
	"oauth2_tokens":             "use openid-connect with an identity provider, or jwt_secrets",
	"rbac_endpoint_permissions": "Konnect has teams and roles, and serve has tokens with limits",
	"rbac_roles":                "Konnect has teams and roles, and serve has tokens with limits",
	"rbac_users":                "Konnect has teams and roles, and serve has tokens with limits",
	"service_packages":          "use API products",
	"consumer_group_policies":   "a control plane has plugins of groups",
	"workspaces":                "use one control plane for each",
	"workspace_entities":        "use one control plane for each",
	"vault_auth_vaults":         "use key-auth, or openid-connect with an identity provider",
	"keyauth_enc_credentials":   "use keyauth_credentials",
	"parameters":                "they are of one gateway's own database",
	"clustering_data_planes":    "they are of one gateway's own database",
	"acme_storage":              "they are of one gateway's own database",
}

func (r *reader) gatewayOnly(m member, path string) {
	r.problem(m.line, path, "control planes have none, only gateways do: %s", gatewayOnly[m.name])
}

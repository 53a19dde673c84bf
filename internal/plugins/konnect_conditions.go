package plugins

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/condition"
	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// ConditionsSince is the first version whose data planes read conditions in the
// language of now. The one before had another, those before that none.
var ConditionsSince = dataplane.Version{Major: 3, Minor: 15}

// unconditional are the plugins that take no condition.
var unconditional = []string{"pre-function", "post-function", "websocket-size-limit", "websocket-validator"}

// streams are the protocols without HTTP requests, which conditions are about.
var streams = []any{"tcp", "tls", "tls_passthrough", "udp"}

// authenticators are the plugins that find out who the consumer is.
var authenticators = []string{
	"ace", "basic-auth", "header-cert-auth", "hmac-auth", "jwt", "jwt-signer", "key-auth", "key-auth-enc", "konnect-application-auth", "ldap-auth",
	"ldap-auth-advanced", "mtls-auth", "oauth2", "oauth2-introspection", "openid-connect", "saml", "session", "vault-auth",
}

// firstAuthenticator is the highest of their priorities; a test compares it with
// the data.
const firstAuthenticator = 1900

// RefusesCondition says why an instance of a plugin can have no condition, or "".
func RefusesCondition(name string, doc map[string]any) string {
	protocols, _ := doc["protocols"].([]any)
	switch {
	case slices.Contains(unconditional, name):
		return fmt.Sprintf("the plugin %q takes no condition", name)
	case len(protocols) > 0 && !slices.ContainsFunc(protocols, func(p any) bool { return !slices.Contains(streams, p) }):
		return "only plugins for HTTP take a condition, and the protocols of this one are those of streams"
	}
	return ""
}

// conditions judges where a condition can stand, and what it may meet. Whether
// it is one is judged by the schema.
func (j *judgement) conditions() {
	text, ok := j.Written["condition"].(string)
	if !ok {
		return
	}
	at, doc := schema.Dotted("condition"), j.Written
	if j.Completed != nil {
		doc = j.Completed
	}
	if why := RefusesCondition(j.Plugin.Origin(), doc); why != "" {
		j.add(finding.Error, at, "Leave the condition out.", "%s.", why)
		return
	}
	for _, p := range condition.Check(text) {
		if p.Warning {
			j.add(finding.Warning, at, "", "%s.", p)
		}
	}
	for _, name := range condition.Plugins(text) {
		j.asked(at, name)
	}
	if j.Plugin.Info != nil && j.Plugin.Info.Priority > firstAuthenticator && condition.UsesConsumer(text) {
		j.add(finding.Warning, at, "", "the plugin runs before all that find out who the consumer is (its priority is %d), so that consumer and consumer_group are never set.", j.Plugin.Info.Priority)
	}
}

// asked judges the name of a plugin in a condition, where hyphens are underscores.
func (j *judgement) asked(at schema.Path, name string) {
	hyphens := strings.ReplaceAll(name, "_", "-")
	if slices.Contains(underscored(j.bundledNames()), name) || name != hyphens && j.known(hyphens) || !strings.Contains(name, "-") && j.known(name) {
		return
	}
	hint := "Write the name of a plugin, with underscores in place of hyphens."
	if near := schema.Nearest(name, underscored(j.names())); near != "" {
		hint = fmt.Sprintf("Did you mean plugins.%s?", near)
	}
	j.add(finding.Warning, at, hint, "plugins.%s is never set, for there is no such plugin.", name)
}

func underscored(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.ReplaceAll(name, "-", "_")
	}
	return out
}

// conditionVersion warns of data planes that read conditions in another way.
func (j *judgement) conditionVersion(ask dataplane.Ask) {
	if j.Written["condition"] == nil {
		return
	}
	if oldest := ask().Oldest; !oldest.IsZero() && oldest.Before(ConditionsSince) {
		j.add(finding.Warning, schema.Dotted("condition"), "", "conditions of this language are there from version %s on; the data planes may be of version %s.", ConditionsSince, oldest)
	}
}

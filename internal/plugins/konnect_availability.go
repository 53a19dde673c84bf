package plugins

import (
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// instead says what to use in place of a plugin that Konnect does not have.
var instead = map[string]string{
	"application-registration":       "Konnect registers applications itself: enable it for an API product in the developer portal.",
	"key-auth-enc":                   "Use key-auth.",
	"oauth2":                         "Use openid-connect with an identity provider, or jwt.",
	"vault-auth":                     "Use key-auth, or openid-connect with an identity provider.",
	"ai-mcp":                         "Use ai-mcp-proxy.",
	"statsd-advanced":                "Use statsd, which can do the same.",
	"app-dynamics":                   "Use opentelemetry, or a hybrid control plane.",
	"file-log":                       "Use http-log, tcp-log or udp-log, which send the log away, or a hybrid control plane.",
	"syslog":                         "Use http-log, tcp-log or udp-log, or a hybrid control plane.",
	"prometheus":                     "Use opentelemetry, datadog or statsd, which send metrics away, or a hybrid control plane.",
	"graphql-rate-limiting-advanced": "Use rate-limiting-advanced, or a hybrid or dedicated cloud control plane.",
	"mtls-auth":                      "Use another authentication, such as key-auth or openid-connect, or a hybrid or dedicated cloud control plane.",
	"header-cert-auth":               "Use another authentication, such as key-auth or openid-connect, or a hybrid or dedicated cloud control plane.",
}

// gone are plugins that gateways once bundled and that no catalog lists any
// more. A custom plugin may carry such a name.
var gone = []string{"application-registration"}

// availability judges whether Konnect has the plugin at all, and on this kind
// of control plane. If the facts are silent or contradict each other, it only
// warns.
func (j *judgement) availability() {
	path := schema.Dotted("name")
	switch p := j.Plugin; {
	case p == nil && slices.Contains(gone, j.Name):
		j.add(finding.Error, path, instead[j.Name], "the plugin %q is not available in Konnect.", j.Name)
	case p == nil || p.Custom || p.Info == nil:
	case p.Info.ManagedByKonnect:
		j.add(finding.Error, path, "It can be read and imported. To have it, enable application registration for an API product version that is linked to the service.",
			"the plugin %q is placed by Konnect itself, where an API product version has application registration; users do not create it.", p.Name)
		j.found[len(j.found)-1].OnCreate = true
	case p.Info.NotInKonnect && p.Info.Konnect == nil:
		j.add(finding.Warning, path, instead[p.Origin()], "Konnect does not document the plugin %q.", p.Name)
	case p.Info.NotInKonnect && p.Info.Published:
		j.add(finding.Warning, path, instead[p.Origin()], "the plugin %q is documented for self-managed gateways only, though there are tools that create it in Konnect.", p.Name)
	case p.Info.NotInKonnect:
		j.add(finding.Error, path, instead[p.Origin()], "the plugin %q is not available in Konnect.", p.Name)
	default:
		j.deployment()
	}
}

// InKonnect reports whether users can create instances of the plugin in Konnect
// at all; where the facts contradict each other they can.
func (p *Plugin) InKonnect() bool {
	return p.Info == nil || !p.Info.ManagedByKonnect && (!p.Info.NotInKonnect || p.Info.Konnect == nil || p.Info.Published)
}

// deployment judges whether this kind of control plane has the plugin.
func (j *judgement) deployment() {
	d := j.Plugin.Info.Konnect
	if d == nil {
		return
	}
	has := map[Deployment]*bool{Hybrid: d.Hybrid, DedicatedCloud: d.DedicatedCloud, Serverless: d.Serverless}
	if ok := has[j.Deployment]; ok == nil || *ok {
		return
	}
	hint := instead[j.Plugin.Origin()]
	if hint == "" {
		var kinds []string
		for _, kind := range []Deployment{Hybrid, DedicatedCloud, Serverless} {
			if ok := has[kind]; ok != nil && *ok {
				kinds = append(kinds, kind.String())
			}
		}
		hint = fmt.Sprintf("It is available on control planes of these kinds: %s.", listed(kinds))
	}
	j.add(finding.Error, schema.Dotted("name"), hint, "the plugin %q is not available in Konnect on %s control planes, which this one is.", j.Plugin.Name, j.Deployment)
}

// DependsOnDeployment reports whether the kind of the control plane makes any
// difference to instances of the plugin.
func (p *Plugin) DependsOnDeployment() bool {
	if p.Info == nil || p.Custom || p.Info.Konnect == nil {
		return false
	}
	for _, ok := range []*bool{p.Info.Konnect.Hybrid, p.Info.Konnect.DedicatedCloud, p.Info.Konnect.Serverless} {
		if ok != nil && !*ok {
			return true
		}
	}
	for _, l := range p.Info.Limits {
		if len(l.ServerlessAllowed) > 0 {
			return true
		}
	}
	return false
}

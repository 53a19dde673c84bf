package resource

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
)

// typedSummary says what the resource for one plugin is for, then the facts that
// people ask next: where an instance may stand, who has the plugin, when it runs.
func typedSummary(p *plugins.Plugin, words *meaning.Plugin) string {
	info := p.Info
	parts := []string{fmt.Sprintf("An instance of the plugin `%s`.", p.Name), words.About, words.When}
	parts = append(parts, facts("Scopes", scopesOf(info)), facts("Tier", tierNames[info.Tier]), facts("Protocols", info.DefaultProtocols...),
		facts("Konnect", deploymentsOf(info)...), facts("Since gateway", info.Since), facts("Until gateway", info.Last))
	if info.Priority != 0 {
		parts = append(parts, facts("Priority", fmt.Sprint(info.Priority)))
	}
	for _, path := range slices.Sorted(maps.Keys(info.Limits)) {
		parts = append(parts, limitText(path, info.Limits[path]))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// facts writes values behind their name, or nothing where there are none.
func facts(name string, values ...string) string {
	text := strings.Join(values, ", ")
	if text == "" {
		return ""
	}
	return name + ": " + text + "."
}

// tierNames are the names of the tiers for people.
var tierNames = map[string]string{"free": "free", "enterprise": "enterprise", "ai_gateway_enterprise": "AI gateway enterprise"}

func scopesOf(info *plugins.Info) string {
	names := slices.Clone(info.Scopes)
	if info.Global {
		names = append(names, "global")
	}
	return strings.ReplaceAll(strings.Join(names, ", "), "_", " ")
}

// deploymentsOf names the kinds of control planes in Konnect that have a plugin.
func deploymentsOf(info *plugins.Info) []string {
	switch {
	case info.NotInKonnect:
		return []string{"not available"}
	case info.ManagedByKonnect:
		return []string{"made by Konnect itself"}
	case info.Konnect == nil:
		return nil
	}
	var out []string
	for _, d := range []struct {
		name string
		has  *bool
	}{{"hybrid", info.Konnect.Hybrid}, {"dedicated cloud", info.Konnect.DedicatedCloud}, {"serverless", info.Konnect.Serverless}} {
		if d.has != nil && *d.has {
			out = append(out, d.name)
		}
	}
	return out
}

// limitText says which values Konnect takes for a field, beyond the schema.
func limitText(path string, l plugins.Limit) string {
	field := "`config." + path + "`"
	var parts []string
	switch {
	case l.MustBe != "":
		parts = append(parts, "In Konnect, "+field+" must be a "+l.MustBe+".")
	case len(l.Forbidden) > 0:
		parts = append(parts, "Konnect refuses "+quoted(l.Forbidden)+" for "+field+".")
	}
	if len(l.ServerlessAllowed) > 0 {
		parts = append(parts, "Serverless control planes only take "+quoted(l.ServerlessAllowed)+" for "+field+".")
	}
	return strings.Join(parts, " ")
}

func quoted(values []string) string { return "`" + strings.Join(values, "`, `") + "`" }

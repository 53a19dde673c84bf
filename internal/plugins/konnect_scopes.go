package plugins

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Scopes are the fields that limit a plugin to the requests of one entity.
var Scopes = []string{"service", "route", "consumer", "consumer_group"}

// IsGlobal reports whether an instance has no scope, so that it acts on
// everything.
func IsGlobal(instance map[string]any) bool {
	return !slices.ContainsFunc(Scopes, func(scope string) bool { return instance[scope] != nil })
}

// scopes judges the scope of the instance.
func (j *judgement) scopes() {
	for _, scope := range Scopes {
		v := j.Written[scope]
		if v == nil || schema.IsUnknown(v) || slices.Contains(j.Scopes, scope) {
			continue
		}
		j.add(finding.Error, schema.Dotted(scope), j.scopeHint(), "the plugin %q cannot be limited to a %s.", j.Plugin.Name, words(scope))
	}
	if IsGlobal(j.Written) && !j.Global {
		j.add(finding.Warning, schema.Dotted("name"), j.scopeHint(), "the plugin %q is not meant to stand without a scope.", j.Plugin.Name)
	}
}

func (j *judgement) scopeHint() string {
	var names []string
	for _, s := range j.Scopes {
		names = append(names, "a "+words(s))
	}
	switch {
	case len(names) == 0:
		return "It applies to everything: set no scope."
	case j.Global:
		return fmt.Sprintf("It takes %s, or no scope for everything.", listed(names))
	}
	return fmt.Sprintf("It takes %s.", listed(names))
}

// words is a field's name as people say it.
func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// listed joins alternatives.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// protocols judges the protocols of the instance.
func (j *judgement) protocols() {
	list, _ := j.Written["protocols"].([]any)
	for i, v := range list {
		p, ok := v.(string)
		if !ok || slices.Contains(j.Protocols, p) || len(j.Protocols) == 0 {
			continue
		}
		j.add(finding.Error, schema.Dotted("protocols").Join(schema.At(i)), fmt.Sprintf("It takes %s.", quoted(j.Protocols, "and")),
			"the plugin %q does not handle the protocol %q.", j.Plugin.Name, p)
	}
}

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// judgeConfig judges the configuration of a bundled plugin by itself, without
// a resource around it. It returns the configuration with its defaults, or
// what is wrong. Members may have the API's names or those of the typed
// resources' attributes.
func judgeConfig(ctx context.Context, set *plugins.Set, name string, config tftypes.Value) (map[string]any, []problem) {
	p, ok := set.Lookup(name)
	if !ok {
		return nil, []problem{notBundled(set, name)}
	}
	given := decoded(fromDynamic(config))
	if text := notAnObject(given); text != "" {
		return nil, []problem{{path: "config", message: strings.TrimPrefix(text, "config: ")}}
	}
	doc := map[string]any{"name": name}
	if given != nil {
		doc["config"] = apiNames(p.Schema.Field("config"), given)
	}
	doc = coerce(p.Schema, doc)
	_, errs := p.Schema.Check(ctx, doc, schema.Insert, standIns)
	var filled map[string]any
	if errs == nil {
		filled, errs = complete(ctx, p.Schema, doc)
	}
	if errs == nil {
		out, _ := filled["config"].(map[string]any)
		return dropNulls(out), nil
	}
	r := report{
		locator: locator{config: object(map[string]tftypes.Value{"config": config}), schema: p.Schema},
		secrets: secretsIn(p.Schema, doc),
	}
	var problems []problem
	for _, v := range explained(errs.Violations()) {
		problems = append(problems, r.problem(v))
	}
	return nil, problems
}

// notBundled says that a name is not that of a bundled plugin, and which was
// most likely meant.
func notBundled(set *plugins.Set, name string) problem {
	hint := "Functions know the plugins that the gateway bundles. A custom plugin is checked by konnect_gateway_custom_plugin, against the schema on its control plane."
	if near := schema.Nearest(name, set.Names()); near != "" {
		hint = fmt.Sprintf("Did you mean %q? %s", near, hint)
	}
	return problem{path: "name", message: fmt.Sprintf("no bundled plugin is named %q", name), hint: hint}
}

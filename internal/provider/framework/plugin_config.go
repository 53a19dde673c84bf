package framework

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// soloConfig is the configuration of a bundled plugin by itself, without a
// resource around it.
type soloConfig struct {
	plugin *plugins.Plugin
	doc    map[string]any // of a plugin with nothing else in it
	report report.Report
}

// soloConfigOf reads a configuration. Members may have the API's names and
// forms or those of the typed resources' attributes.
func soloConfigOf(c Catalog, name string, config tftypes.Value) (soloConfig, []wording.Problem) {
	p, ok := c.Bundled().Lookup(name)
	if !ok {
		return soloConfig{}, []wording.Problem{notBundled(c, name)}
	}
	given := document.FromText(tfvalue.ToGo(config))
	if text := wording.NotAnObject(given); text != "" {
		return soloConfig{}, []wording.Problem{{Path: "config", Message: strings.TrimPrefix(text, "config: ")}}
	}
	doc := map[string]any{"name": name}
	if given != nil {
		doc["config"] = attribute.APIForm(p.Schema.Field("config"), c.Config(name), given)
	}
	doc = document.Coerce(p.Schema, doc)
	return soloConfig{p, doc, report.Report{
		Locator: attribute.Locator{Config: tfvalue.Object(map[string]tftypes.Value{"config": config}), Schema: p.Schema},
		Doc:     doc,
		Words:   func(path string) string { return meaning.Of(name).Field(path) },
	}}, nil
}

// judgeConfig judges a configuration by the plugin's schema and by those of
// Konnect's rules that look at nothing else. A required field may be missing: a
// function does not see the partials that may supply it.
func judgeConfig(ctx context.Context, c Catalog, name string, config tftypes.Value) []wording.Problem {
	solo, problems := soloConfigOf(c, name, config)
	if problems != nil {
		return problems
	}
	filled, errs := solo.plugin.Schema.Check(ctx, solo.doc, schema.Insert, document.StandIns)
	written := map[string]any{"name": name, "config": solo.doc["config"], "partials": schema.Unknown}
	judged := plugins.Case{Plugin: solo.plugin, Name: name, Written: written, Completed: filled, Names: c.Bundled().Names}
	_, possible := judged.Supplied()
	rules := report.Ruling{Found: plugins.Judge(judged), Supplied: possible}
	found, violations := rules.Beside(errs.Violations())
	for _, f := range found {
		if f.Severity == finding.Error {
			problems = append(problems, solo.report.Finding(f))
		}
	}
	for _, v := range violations {
		problems = append(problems, solo.report.Problem(v))
	}
	return problems
}

// completeConfig is a configuration with its defaults, or what is wrong with
// it.
func completeConfig(ctx context.Context, c Catalog, name string, config tftypes.Value) (any, []wording.Problem) {
	solo, problems := soloConfigOf(c, name, config)
	if problems != nil {
		return nil, problems
	}
	_, errs := solo.plugin.Schema.Check(ctx, solo.doc, schema.Insert, document.StandIns)
	var filled map[string]any
	if errs == nil {
		filled, errs = document.Complete(ctx, solo.plugin.Schema, solo.doc)
	}
	if errs == nil {
		out, _ := filled["config"].(map[string]any)
		return document.OmitNulls(out), nil
	}
	for _, v := range wording.Explained(errs.Violations()) {
		problems = append(problems, solo.report.Problem(v))
	}
	return nil, problems
}

// notBundled says that no bundled plugin has the name, and which one was most
// likely meant.
func notBundled(c Catalog, name string) wording.Problem {
	hint := "Functions know the plugins that the gateway bundles. A custom plugin is checked by konnect_gateway_custom_plugin, against the schema on its control plane."
	if near := schema.Nearest(name, c.Bundled().Names()); near != "" {
		hint = fmt.Sprintf("Did you mean %q? %s", near, hint)
	}
	return wording.Problem{Path: "name", Message: fmt.Sprintf("no bundled plugin is named %q", name), Hint: hint}
}

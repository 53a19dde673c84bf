package framework

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// Functions have no provider configuration and run while Terraform validates:
// what they know is bundled.

// configFunction is a function of a plugin's name and configuration.
type configFunction struct {
	name       string
	definition function.Definition
	catalog    Catalog
	run        func(ctx context.Context, c Catalog, name types.String, config types.Dynamic, resp *function.RunResponse)
}

// Metadata implements [function.Function].
func (f configFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

// Definition implements [function.Function].
func (f configFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = f.definition
}

// Run implements [function.Function].
func (f configFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name types.String
	var config types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &name, &config); resp.Error != nil {
		return
	}
	f.run(ctx, f.catalog, name, config, resp)
}

// configParameters are the parameters that these functions share. If unknown
// values are allowed, Terraform calls the function with them; otherwise it does
// not call the function and takes the result for unknown.
func configParameters(unknown bool) []function.Parameter {
	return []function.Parameter{
		function.StringParameter{
			Name: "name", AllowUnknownValues: unknown,
			MarkdownDescription: "Name of a bundled plugin, such as `rate-limiting`.",
		},
		function.DynamicParameter{
			Name: "config", AllowNullValue: true, AllowUnknownValues: unknown,
			MarkdownDescription: "Its configuration: an object with the keys of the plugin's schema, or `jsonencode` of one. `null` means that nothing is configured.",
		},
	}
}

func pluginConfigFunction(c Catalog) function.Function {
	return configFunction{"plugin_config", function.Definition{
		Summary: "Checks a plugin's configuration and returns it unchanged",
		MarkdownDescription: "Returns the configuration as it is, once it is known to fit the plugin's schema and to be something that Konnect supports. " +
			"Terraform drops the keys of a typed resource that its schema lacks before the provider sees them; this function sees all of them, " +
			"so that `config = provider::konnect::plugin_config(\"rate-limiting\", { … })` makes a mistyped key an error, at `terraform validate` already. " +
			"Values that are not known yet pass through, and what a partial may supply need not be there.",
		Parameters: configParameters(true),
		Return:     function.DynamicReturn{},
	}, c, runPluginConfig}
}

func runPluginConfig(ctx context.Context, c Catalog, name types.String, config types.Dynamic, resp *function.RunResponse) {
	v, ok := given(ctx, config, resp)
	if !ok {
		return
	}
	if !isUnknown(name, v) {
		if problems := judgeConfig(ctx, c, name.ValueString(), v); problems != nil {
			resp.Error = refusal(name.ValueString(), problems)
			return
		}
	}
	resp.Error = resp.Result.Set(ctx, config)
}

func pluginDefaultsFunction(c Catalog) function.Function {
	return configFunction{"plugin_defaults", function.Definition{
		Summary: "Completes a plugin's configuration with its defaults",
		MarkdownDescription: "Returns the whole configuration that a plugin runs with: what is given, under its present names, and the default of everything else that has one. " +
			"Keys have the names of the API. Values that are not known yet stay so.",
		Parameters: configParameters(true),
		Return:     function.DynamicReturn{},
	}, c, runPluginDefaults}
}

func runPluginDefaults(ctx context.Context, c Catalog, name types.String, config types.Dynamic, resp *function.RunResponse) {
	v, ok := given(ctx, config, resp)
	if !ok {
		return
	}
	if isUnknown(name, v) {
		resp.Error = resp.Result.Set(ctx, types.DynamicUnknown())
		return
	}
	complete, problems := completeConfig(ctx, c, name.ValueString(), v)
	if problems != nil {
		resp.Error = refusal(name.ValueString(), problems)
		return
	}
	out, err := types.DynamicType.ValueFromTerraform(ctx, tfvalue.FromGo(complete))
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, out)
}

// violationType is one element of what validate_plugin returns.
var violationType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"path": types.StringType, "message": types.StringType, "hint": types.StringType,
}}

// violation is [violationType] in Go.
type violation struct {
	Path    string  `tfsdk:"path"`
	Message string  `tfsdk:"message"`
	Hint    *string `tfsdk:"hint"`
}

func validatePluginFunction(c Catalog) function.Function {
	return configFunction{"validate_plugin", function.Definition{
		Summary: "Lists what is wrong with a plugin's configuration",
		MarkdownDescription: "Returns what is wrong by a plugin's schema and by the rules of Konnect that do not depend on a control plane, for `check` blocks, preconditions and policies: a list of objects with the `path` of the value, " +
			"the `message`, and a `hint` at what would be right, which may be null. The list is empty when nothing is wrong. " +
			"While parts of the configuration are unknown, so is the result.",
		Parameters: configParameters(false),
		Return:     function.ListReturn{ElementType: violationType},
	}, c, runValidatePlugin}
}

func runValidatePlugin(ctx context.Context, c Catalog, name types.String, config types.Dynamic, resp *function.RunResponse) {
	v, ok := given(ctx, config, resp)
	if !ok {
		return
	}
	problems := judgeConfig(ctx, c, name.ValueString(), v)
	out := make([]violation, len(problems))
	for i, p := range problems {
		out[i] = violation{Path: p.Path, Message: p.Message}
		if p.Hint != "" {
			out[i].Hint = &p.Hint
		}
	}
	resp.Error = resp.Result.Set(ctx, out)
}

// given is an argument as Terraform sent it.
func given(ctx context.Context, config types.Dynamic, resp *function.RunResponse) (tftypes.Value, bool) {
	v, err := config.ToTerraformValue(ctx)
	if err != nil {
		resp.Error = argumentFault(1, err.Error())
	}
	return v, err == nil
}

// isUnknown reports whether nothing can be said about the arguments yet.
func isUnknown(name types.String, config tftypes.Value) bool {
	return name.IsUnknown() || !tfvalue.IsNull(config) && !config.IsKnown()
}

// refusal makes an error of everything that is wrong, at the argument that is
// to blame.
func refusal(name string, problems []wording.Problem) *function.FuncError {
	if problems[0].Path == "name" {
		return argumentFault(0, wording.Problem{Message: problems[0].Message, Hint: problems[0].Hint}.String())
	}
	if len(problems) == 1 {
		return argumentFault(1, problems[0].String())
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the configuration does not fit the plugin %q:\n", name)
	for _, p := range problems {
		fmt.Fprintf(&b, "\n  - %s", p)
	}
	return argumentFault(1, b.String())
}

// argumentFault is an error of an argument. Terraform makes a sentence of it, and
// ends that.
func argumentFault(argument int64, text string) *function.FuncError {
	return function.NewArgumentFuncError(argument, strings.TrimSuffix(text, "."))
}

// schemaNameFunction is plugin_schema_name.
type schemaNameFunction struct{}

// Metadata implements [function.Function].
func (schemaNameFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "plugin_schema_name"
}

// Definition implements [function.Function].
func (schemaNameFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Returns the name of the plugin that a schema.lua describes",
		MarkdownDescription: "Runs the Lua text of a plugin's schema and returns the name in it: that of the plugin, and the key under which its schema is uploaded. " +
			"A text that does not run is an error that names the line.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "lua", MarkdownDescription: "Lua text of the schema, for example `file(\"schema.lua\")`.",
		}},
		Return: function.StringReturn{},
	}
}

// Run implements [function.Function].
func (schemaNameFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var source string
	if resp.Error = req.Arguments.Get(ctx, &source); resp.Error != nil {
		return
	}
	name, err := luaschema.Name(ctx, source)
	if err != nil {
		resp.Error = argumentFault(0, luaFault(err))
		return
	}
	resp.Error = resp.Result.Set(ctx, name)
}

// luaFault is an error of a schema.lua, with its line where that is known.
func luaFault(err error) string {
	var e *luaschema.Error
	if errors.As(err, &e) && e.Line > 0 && !strings.HasPrefix(e.Message, wording.SchemaFile+":") {
		return fmt.Sprintf("%s:%d: %s", wording.SchemaFile, e.Line, err)
	}
	return err.Error()
}

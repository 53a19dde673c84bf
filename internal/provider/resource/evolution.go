package resource

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/evolution"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// schemaTexts are the attributes that hold a plugin's schema, by the type of what
// brings it to a control plane.
var schemaTexts = map[*entity.Type]string{entity.PluginSchema: "lua_schema", entity.CustomPlugin: "schema"}

// maxInstances is how many instances a warning names.
const maxInstances = 50

// evolves says what the change of a custom plugin's schema asks for: by field
// which way Konnect prescribes, and which instances would break or change.
//
// All of it are warnings: a control plane takes a new schema whatever its instances
// look like, and judges them when they are next written. Those of this configuration
// are judged by the new schema where they stand, since they read it from here.
func (r *Resource) evolves(ctx context.Context, s *session.Session, prior, plan tftypes.Value) report.Diagnostics {
	text, ok := schemaTexts[r.Type]
	if !ok || tfvalue.IsNull(prior) {
		return nil
	}
	old, now := r.subject(prior), r.subject(plan)
	if old.get(text) == now.get(text) || old.get("control_plane_id") != now.get("control_plane_id") {
		return nil
	}
	before, _ := checker(s).Source(ctx, wording.SchemaFile, old.text(text))
	after, _ := checker(s).Source(ctx, wording.SchemaFile, now.text(text))
	if before == nil || after == nil {
		return nil
	}
	held := r.instances(ctx, s, old)
	if before.Name != after.Name {
		return r.anotherPlugin(before.Name, after.Name, held)
	}
	changes := evolution.Compare(before.Schema, after.Schema)
	if len(changes) == 0 {
		return nil
	}
	diags := make(report.Diagnostics, 0, len(changes)+2)
	for _, c := range changes { // Terraform shows one of the warnings that have a summary in common
		diags = append(diags, report.Warning(report.AttributePath(text),
			fmt.Sprintf("Changed schema of plugin %q: %s", after.Name, c.Path),
			wording.Sentence(c.String())+" Prescribed: "+wording.Sentence(c.Prescription.String())))
	}
	return append(diags, r.affected(ctx, after.Name, before.Schema, after.Schema, held)...)
}

// instances are the plugins on the control plane that use a schema: one request.
// What cannot be read is not there; a later request will show the error.
func (r *Resource) instances(ctx context.Context, s *session.Session, in subject) []map[string]any {
	plane, name := in.text("control_plane_id"), in.text("name")
	if s.API == nil || plane == "" || name == "" {
		return nil
	}
	docs, err := s.API.List(ctx, client.Ref{Type: entity.Plugin, Parents: []string{plane}}, url.Values{"filter[name][eq]": {name}})
	if err != nil {
		return nil
	}
	var out []map[string]any
	for _, doc := range docs {
		if doc["name"] == name {
			out = append(out, doc)
		}
	}
	return out
}

// affected names the instances that a new schema breaks, and those that it changes.
func (r *Resource) affected(ctx context.Context, name string, before, after *schema.Schema, held []map[string]any) report.Diagnostics {
	var broken, shifted []string
	for _, doc := range held {
		effect := evolution.Judge(ctx, before, after, doc)
		if len(effect.Violations) > 0 {
			broken = append(broken, "  - "+instanceText(doc)+violationTexts(before, after, doc, effect))
			continue
		}
		var texts strings.Builder
		for _, shift := range effect.Shifts {
			fmt.Fprintf(&texts, "\n      %s: %s", shift.Path, shift.Text())
		}
		if texts.Len() > 0 {
			shifted = append(shifted, "  - "+instanceText(doc)+texts.String())
		}
	}
	var diags report.Diagnostics
	if len(broken) > 0 {
		diags = append(diags, r.instanceWarning(fmt.Sprintf("Instances of plugin %q break", name),
			"The control plane takes the new schema, and keeps these instances as they are. By the new schema they are wrong: "+
				"they are refused when they are next written, unless they change, in this plan or elsewhere:", broken))
	}
	if len(shifted) > 0 {
		diags = append(diags, r.instanceWarning(fmt.Sprintf("Instances of plugin %q change by themselves", name),
			"Where these instances leave a field to its default, they get another configuration when they are next written:", shifted))
	}
	return diags
}

// violationTexts says what is wrong with an instance, without secrets, of which
// the old and the new schema may know different ones.
func violationTexts(before, after *schema.Schema, doc map[string]any, effect evolution.Effect) string {
	var b strings.Builder
	for _, v := range wording.Explained(effect.Violations) {
		text := wording.Problem{Path: v.Path.String(), Message: v.Message, Hint: wording.Advice(v)}.String()
		for _, known := range []*schema.Schema{before, after} {
			masking := report.Report{Doc: doc}
			masking.Schema = known
			text = masking.Mask(text)
		}
		b.WriteString("\n      " + text)
	}
	return b.String()
}

// instanceText names an instance with its scope.
func instanceText(doc map[string]any) string {
	name := fmt.Sprint(doc["name"])
	if instance, ok := doc["instance_name"].(string); ok {
		name = instance
	}
	return fmt.Sprintf("%q %s (ID %v)", name, scopeOf(doc), doc["id"])
}

func (r *Resource) instanceWarning(summary, text string, instances []string) *tfprotov6.Diagnostic {
	return report.Warning(report.AttributePath(schemaTexts[r.Type]), summary, text+"\n\n"+listed(instances))
}

func listed(instances []string) string {
	if more := len(instances) - maxInstances; more > 0 {
		instances = append(instances[:maxInstances:maxInstances], fmt.Sprintf("  and %d more", more))
	}
	return strings.Join(instances, "\n")
}

// anotherPlugin says in which order a plugin gets another name without leaving
// its instances without a schema.
func (r *Resource) anotherPlugin(old, now string, held []map[string]any) report.Diagnostics {
	if len(held) == 0 {
		return nil
	}
	return report.Diagnostics{r.instanceWarning(fmt.Sprintf("Plugin %q becomes another plugin, %q", old, now), fmt.Sprintf(
		"A control plane keeps a schema while instances use it. So that they are never without one, let this resource say "+
			"lifecycle { create_before_destroy = true }, and the plugins name = %s.<name>.name: Terraform then uploads %q, moves the plugins to it, "+
			"and deletes %q last. Without that it deletes the plugins of this configuration first, and creates them anew at the end; "+
			"those of others keep %q, and the deletion is refused. There are:", r.Name, now, old, old), instanceTexts(held))}
}

func instanceTexts(held []map[string]any) []string {
	out := make([]string, len(held))
	for i, doc := range held {
		out[i] = "  - " + instanceText(doc)
	}
	return out
}

// leavesInstances names the instances that keep a schema from being deleted.
//
// It is a warning, because Terraform plans the deletions of a schema and of the
// plugins that refer to it at the same time, where all of them are gone from the
// configuration: no one can tell here which of them go as well. If one stays, the
// apply is refused, and nothing is lost.
func (r *Resource) leavesInstances(ctx context.Context, s *session.Session, prior tftypes.Value) report.Diagnostics {
	if r.Type != entity.PluginSchema {
		return nil
	}
	var left []map[string]any
	for _, doc := range r.instances(ctx, s, r.subject(prior)) {
		if !s.Manages(entity.Plugin, doc["id"]) {
			left = append(left, doc)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return report.Diagnostics{report.Warning(nil, fmt.Sprintf("Plugins use the schema %q", r.subject(prior).text("name")),
		"The schema is to be deleted, which a control plane refuses while plugins use it. Unless this plan deletes these too, the apply will fail "+
			"and leave the schema where it is:\n\n"+listed(instanceTexts(left)))}
}

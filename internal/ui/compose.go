package ui

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/form"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// offer is a plugin of the catalogue.
type offer struct{ Name, About, Tier string }

// shelf are the plugins that people look for together.
type shelf struct {
	Group  string
	Offers []offer
}

// workbench is a plugin that somebody composes. Nothing of it is stored.
type workbench struct {
	Shelves []shelf // where none is chosen yet

	Name, About string
	Facts       []fact
	Source      string // the schema.lua, of a plugin of one's own
	Controls    []*form.Control
	Faults      []string // that belong to no field
	Pasted      string   // a configuration as JSON, that could not be read
	Checked     bool
	Completed   string // with its defaults, as JSON
	Code        []listingOf
}

// HasFaults reports whether the configuration is refused.
func (w workbench) HasFaults() bool {
	return len(w.Faults) > 0 || slices.ContainsFunc(w.Controls, (*form.Control).HasFault)
}

// fact is something to know about a plugin before it is chosen.
type fact struct{ What, Text string }

// factsOf are those of a bundled plugin.
func factsOf(p *plugins.Plugin) (out []fact) {
	if p.Info == nil {
		return nil
	}
	scopes := make([]string, len(p.Info.Scopes))
	for i, s := range p.Info.Scopes {
		scopes[i] = strings.ReplaceAll(s, "_", " ")
	}
	if p.Info.Global {
		scopes = append(scopes, "everything in a control plane")
	}
	for _, f := range []fact{
		{"Tier", strings.ReplaceAll(p.Info.Tier, "_", " ")}, {"May be for", strings.Join(scopes, ", ")}, {"Protocols", strings.Join(p.Info.Protocols, ", ")},
		{"Since", p.Info.Since}, {"Last version", p.Info.Last}, {"Priority", strconv.Itoa(p.Info.Priority)},
	} {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

// catalogue shows the plugins to choose from.
func catalogue(v *visit) (any, error) {
	byGroup := map[string][]offer{}
	for _, name := range v.ui.Bundled.Names() {
		p, _ := v.ui.Bundled.Lookup(name)
		words := meaning.Of(name)
		o := offer{Name: name, About: words.About}
		if p != nil && p.Info != nil {
			o.Tier = strings.ReplaceAll(p.Info.Tier, "_", " ")
		}
		byGroup[words.Group] = append(byGroup[words.Group], o)
	}
	var out workbench
	for group, offers := range byGroup {
		out.Shelves = append(out.Shelves, shelf{cmp.Or(group, "Others"), offers})
	}
	slices.SortFunc(out.Shelves, func(a, b shelf) int { return strings.Compare(a.Group, b.Group) })
	return out, nil
}

// compose shows the empty form of a bundled plugin.
func compose(v *visit) (any, error) {
	p, ok := v.ui.Bundled.Lookup(v.PathValue("name"))
	if !ok {
		return nil, errNoPage
	}
	out := workbench{Name: p.Name, About: meaning.Of(p.Name).About, Facts: factsOf(p)}
	out.Controls = form.New(composed(p), nil, form.Options{About: describer(p)})
	return out, nil
}

// tryOut judges what a form holds, for a bundled plugin or for one whose schema was
// pasted.
func tryOut(v *visit) (any, error) {
	if err := v.ParseForm(); err != nil {
		return nil, errTooLarge
	}
	out := workbench{Source: v.PostFormValue("schema")}
	p, ok := v.ui.Bundled.Lookup(v.PathValue("name"))
	if !ok && v.PathValue("name") != "" {
		return nil, errNoPage
	}
	if !ok {
		loaded, err := luaschema.Load(v.Context(), out.Source, entity.Plugin.Schema(), entity.Schemas)
		if err != nil {
			out.Faults = []string{"This schema cannot be used: " + err.Error()}
			return out, nil //nolint:nilerr // the page shows it
		}
		p = plugins.Custom(loaded)
	} else {
		out.About, out.Facts = meaning.Of(p.Name).About, factsOf(p)
	}
	out.Name = p.Name
	return out, v.judge(&out, p)
}

// composed are the fields of a plugin that are composed.
func composed(p *plugins.Plugin) (out []*schema.Field) {
	if f := p.Schema.Field("config"); f != nil {
		out = append(out, f)
	}
	return out
}

// judge completes the configuration that was sent, and says what is wrong with it.
func (v *visit) judge(out *workbench, p *plugins.Plugin) error {
	fields := composed(p)
	doc, faults := form.Read(fields, v.PostForm)
	if pasted := strings.TrimSpace(v.PostFormValue("pasted")); pasted != "" {
		given, err := jsonvalue.Object(pasted)
		if err != nil {
			out.Pasted, faults = pasted, append(faults, form.Fault{Message: "The configuration is no JSON: " + err.Error()})
		} else {
			if inner, ok := given["config"].(map[string]any); ok && p.Schema.FieldAt(schema.Dotted("config.config")) == nil {
				given = inner
			}
			doc = map[string]any{"config": given}
		}
	}
	options := form.Options{About: describer(p), Faults: map[string][]string{}}
	note := func(at schema.Path, text string) {
		options.Faults[at.String()] = append(options.Faults[at.String()], text)
	}
	for _, f := range faults {
		note(f.Path, f.Message)
	}
	out.Checked = !v.PostForm.Has(form.Add) && !v.PostForm.Has(form.Remove) && !v.PostForm.Has("begin")
	if out.Checked && len(faults) == 0 {
		doc["name"] = p.Name
		_, errs := p.Schema.Check(v.Context(), doc, schema.Insert, document.StandIns)
		for _, violation := range wording.Explained(errs.Violations()) {
			note(violation.Path, wording.Problem{Message: violation.Message, Hint: wording.Advice(violation)}.String())
		}
		delete(doc, "name")
	}
	out.Controls = form.New(fields, doc, options)
	shown := map[string]bool{}
	noted(out.Controls, shown)
	for at, texts := range options.Faults {
		if !shown[at] {
			for _, text := range texts {
				out.Faults = append(out.Faults, strings.TrimPrefix(at+": "+text, ": "))
			}
		}
	}
	slices.Sort(out.Faults)
	if !out.Checked || out.HasFaults() {
		return nil
	}
	return v.finish(out, p, doc)
}

// noted collects the paths whose faults a form shows.
func noted(controls []*form.Control, shown map[string]bool) {
	for _, c := range controls {
		if len(c.Faults) > 0 {
			shown[c.Path.String()] = true
		}
		noted(c.Parts, shown)
	}
}

// finish shows a configuration that is right, completed and as code.
func (v *visit) finish(out *workbench, p *plugins.Plugin, doc map[string]any) error {
	config, _ := doc["config"].(map[string]any)
	if config == nil {
		config = map[string]any{}
	}
	filled, errs := document.Complete(v.Context(), p.Schema, map[string]any{"name": p.Name, "config": config})
	if errs == nil {
		completed, err := json.MarshalIndent(document.OmitNulls(filled["config"]), "", "  ")
		if err != nil {
			return err
		}
		out.Completed = string(completed)
	}
	var block hcltext.Body
	block.Set("control_plane_id", "var.control_plane_id")
	block.Set("name", hcltext.Text(p.Name))
	block.Set("config", hcltext.JSON(config))
	var hcl hcltext.Body
	hcl.Block("resource", []string{"konnect_gateway_plugin", "this"}, &block)
	instance := map[string]any{"name": p.Name, "config": config}
	file, err := deckFile(instance)
	if err != nil {
		return err
	}
	body, err := jsonvalue.Append(nil, instance)
	if err != nil {
		return err
	}
	curl := "curl -X POST \"$KONNECT_SERVER_URL/v2/control-planes/$CONTROL_PLANE_ID/core-entities/plugins\" \\\n" +
		"  -H \"Authorization: Bearer $KONNECT_TOKEN\" -H \"Content-Type: application/json\" \\\n  -d '" + strings.ReplaceAll(string(body), "'", `'\''`) + "'\n"
	out.Code = []listingOf{{"hcl", "Terraform", hcl.File()}, {"deck", "decK", file}, {"curl", "curl", curl}}
	return nil
}

// deckFile is a plugin in a file of decK. JSON is YAML, too.
func deckFile(instance map[string]any) (string, error) {
	text, err := json.MarshalIndent(map[string]any{"_format_version": "3.0", "plugins": []any{instance}}, "", "  ")
	return string(text) + "\n", err
}

// sameForm is the address that a form is sent to.
func sameForm(name string, source string) string {
	if source != "" {
		return Path + "compose"
	}
	return Path + "compose/" + url.PathEscape(name)
}

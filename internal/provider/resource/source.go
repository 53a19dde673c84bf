package resource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Source answers for a data source: it shows objects that are there, with the
// attributes of their resource. One looks for a single object, another for many;
// see source_list.go.
type Source struct {
	*Resource

	Name string // of the data source
	many bool

	derived sync.Once
	root    *attribute.Attribute
	shown   *attribute.Attribute // what is shown of one object
}

// Sources returns the data sources of resources by type name. Those for control
// planes have their own shape, and the resources for single plugins share one;
// what has no id of its own, such as a membership, is not looked for.
func Sources(resources map[string]*Resource) map[string]*Source {
	out := map[string]*Source{}
	for name, r := range resources {
		if r.Plugin != "" || r.Type == entity.ControlPlane || name == "konnect_gateway_custom_plugin" || !r.isKnownByItself() {
			continue
		}
		out[name] = &Source{Resource: r, Name: name}
		out[name+"_list"] = &Source{Resource: r, Name: name + "_list", many: true}
	}
	return out
}

// isKnownByItself reports whether the object has an address besides what it
// belongs to.
func (r *Resource) isKnownByItself() bool {
	_, isMembership := r.behaviour.(membership)
	return len(r.addresses) == 0 && !isMembership
}

// Root returns the attributes, derived when first asked for.
func (d *Source) Root() *attribute.Attribute {
	d.derived.Do(func() {
		if d.many {
			d.root = d.listing()
			return
		}
		d.root = d.single()
		d.shown = d.root
	})
	return d.root
}

// Schema returns the data source's schema in Terraform's form.
func (d *Source) Schema() *tfprotov6.Schema {
	root := d.Root()
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
		Attributes: root.SchemaAttributes(), Description: root.Description, DescriptionKind: tfprotov6.StringKindMarkdown,
	}}
}

// object derives what is shown of an object: all that the resource has and that an
// answer can tell, without what only a configuration says.
func (d *Source) object(parents attribute.Mode) *attribute.Attribute {
	root := d.attributes(lasting)
	root.OnlyComputed()
	root.Children = slices.DeleteFunc(root.Children, func(a *attribute.Attribute) bool {
		return a.Name == allTags || a.Name == d.dynamic || slices.Contains(d.Type.WriteOnly, a.Key)
	})
	for _, a := range root.Children {
		a.Replace, a.Sticky = false, false
		if slices.Contains(d.parents, a.Name) {
			a.Mode, a.Description = parents, "ID of the "+d.parentTitle(a.Name)+"."
		}
	}
	if id := root.Named(d.Type.Address()); id != nil && id.Name == "id" {
		id.Description = "ID."
	}
	return root
}

func (d *Source) single() *attribute.Attribute {
	root := d.object(attribute.Required)
	var ways []string
	for _, a := range d.keys(root) {
		ways = append(ways, "`"+a.Name+"`")
		a.Mode = attribute.Optional | attribute.Computed
		for _, c := range a.Children {
			c.Mode = a.Mode
		}
	}
	if len(ways) == 1 {
		root.Named(d.Type.Address()).Mode = attribute.Required
	}
	root.Description = fmt.Sprintf("The one %s that has the given %s. None, and more than one, are errors; see `%s_list` for any number.",
		d.Type.Title, orList(ways), d.Name)
	return root.Seal()
}

// keys are the attributes by which an object is looked for, the narrowest first.
func (d *Source) keys(root *attribute.Attribute) (out []*attribute.Attribute) {
	names := append([]string{d.Type.Address()}, d.Type.Names()...)
	if d.Type == entity.Plugin {
		names = append(names, plugins.Scopes...)
	}
	for _, name := range names {
		a := root.Named(name)
		if a != nil && !slices.Contains(out, a) && !slices.Contains(d.parents, name) && (a.Form == attribute.FormString || a.Form == attribute.FormObject) {
			out = append(out, a)
		}
	}
	return out
}

// orList joins alternatives.
func orList(ways []string) string {
	if len(ways) < 2 {
		return strings.Join(ways, "")
	}
	last := len(ways) - 1
	return strings.Join(ways[:last], ", ") + " or " + ways[last]
}

// Example is a configuration that looks for an object by its best name.
func (d *Source) Example() string {
	var file, body hcltext.Body
	for _, p := range d.parents {
		body.Set(p, "var."+p)
	}
	d.exampleKey(&body)
	file.Block("data", []string{d.Name, "example"}, &body)
	return file.File()
}

// exampleKey says what the example looks for.
func (d *Source) exampleKey(body *hcltext.Body) {
	root := d.Root()
	if d.many {
		for _, filter := range []hcltext.Entry{{Name: nameContains, Value: `"orders"`}, {Name: wantedTags, Value: `["team-orders"]`}} {
			if root.Named(filter.Name) != nil {
				body.Set(filter.Name, filter.Value)
			}
		}
		return
	}
	keys := d.keys(root)
	best := keys[0]
	if len(keys) > 1 && !keys[1].Sensitive {
		best = keys[1]
	}
	value := "orders"
	if best.Name == "id" {
		value = exampleOf(best.Name)
	}
	body.Set(best.Name, hcltext.Text(value))
}

// Decode reads a value of this data source's type.
func (d *Source) Decode(v *tfprotov6.DynamicValue) (tftypes.Value, error) {
	if v == nil {
		return tftypes.NewValue(d.Root().Type, nil), nil
	}
	return v.Unmarshal(d.Root().Type)
}

// Encode writes a value of this data source's type.
func (d *Source) Encode(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	out, err := tfprotov6.NewDynamicValue(d.Root().Type, v)
	return &out, err
}

func (d *Source) subject(config tftypes.Value) subject {
	return subject{root: d.Root(), value: config, parents: d.parents}
}

// Validate judges a configuration. What is unknown is not judged.
func (d *Source) Validate(s *session.Session, config tftypes.Value) report.Diagnostics {
	in := d.subject(config)
	diags := d.addressed(s, in)
	if d.many {
		return append(diags, d.emptyFilters(in)...)
	}
	var names []string
	given := false
	for _, a := range d.keys(d.root) {
		v := in.get(a.Name)
		if v == "" {
			diags = append(diags, report.Failure(report.AttributePath(a.Name), d.invalid(), a.Name+" is empty. Wanted is the one of the "+d.Type.Title+" to look for, or leave it out."))
		}
		if a.Form == attribute.FormString { // a scope alone says nothing
			given = given || v != nil
			names = append(names, a.Name)
		}
	}
	if !given {
		diags = append(diags, report.Failure(nil, d.invalid(), fmt.Sprintf("Nothing says which %s is meant. Wanted is %s.", d.Type.Title, orList(names))))
	}
	return diags
}

// Read looks for what a configuration describes.
func (d *Source) Read(ctx context.Context, s *session.Session, config tftypes.Value) (tftypes.Value, report.Diagnostics) {
	in := d.subject(config)
	if diags := d.Validate(s, config); diags != nil {
		return config, diags
	}
	if _, err := s.Client(); err != nil {
		return config, report.Diagnostics{report.Failure(nil, "Unable to read "+d.Type.Title, wording.Sentence(err.Error()))}
	}
	if d.many {
		return d.readMany(ctx, s, in)
	}
	first, docs, err := d.candidates(ctx, s, in)
	if err != nil {
		return config, d.failed(ctx, s, in, err)
	}
	docs = slices.DeleteFunc(slices.Clone(docs), func(doc map[string]any) bool { return !d.isOfKind(doc) || !d.matches(in, doc) })
	if len(docs) != 1 {
		return config, report.Diagnostics{d.notOne(ctx, s, in, first, docs)}
	}
	fields, err := d.show(ctx, s, in, docs[0])
	if err != nil {
		return config, d.failed(ctx, s, in, err)
	}
	for name, v := range tfvalue.Members(config) {
		if d.root.Named(name).Form == attribute.FormString && !tfvalue.IsNull(v) {
			fields[name] = v // as it is written
		}
	}
	return tftypes.NewValue(d.root.Type, fields), nil
}

func (d *Source) failed(ctx context.Context, s *session.Session, in subject, err error) report.Diagnostics {
	return d.refused(ctx, s, "read", write{candidate: candidate{subject: in}}, err)
}

// candidates asks for the objects that have the first value that is given, and
// names its attribute.
func (d *Source) candidates(ctx context.Context, s *session.Session, in subject) (*attribute.Attribute, []map[string]any, error) {
	for _, a := range d.keys(d.root) {
		text := in.text(a.Name)
		if text == "" {
			continue
		}
		ref := d.collection(in)
		if a.Name != d.Type.Address() {
			docs, err := s.Having(ctx, ref, a.Key, text) // anew: this run may have changed what it knew
			return a, docs, err
		}
		doc, err := d.behaviour.read(ctx, s, d.Resource.subject(d.address(in, text)))
		if errors.Is(err, client.ErrNotFound) {
			return a, nil, nil
		}
		return a, []map[string]any{doc}, err
	}
	return nil, nil, nil
}

// collection is where the objects are.
func (d *Source) collection(in subject) client.Ref {
	ref := client.Ref{Type: d.Type}
	for _, p := range d.parents {
		if id := in.text(p); id != "" {
			ref.Parents = append(ref.Parents, id)
		}
	}
	return ref
}

// address is an object of the resource of which only the address is known.
func (d *Source) address(in subject, id string) tftypes.Value {
	keys := map[string]string{d.Type.Address(): id}
	for _, p := range d.parents {
		if text := in.text(p); text != "" {
			keys[p] = text
		}
	}
	return d.at(keys)
}

// matches reports whether an object has all values that are given.
func (d *Source) matches(in subject, doc map[string]any) bool {
	for _, a := range d.keys(d.root) {
		switch v := in.get(a.Name).(type) {
		case nil:
		case map[string]any:
			if id, _ := v["id"].(string); id != "" && !refersTo(doc[a.Key], id) {
				return false
			}
		default:
			if doc[a.Key] != v && (a.Name != d.Type.ID || !refersTo(doc[a.Key], fmt.Sprint(v))) {
				return false
			}
		}
	}
	return true
}

// show shows an object by the attributes of the data source.
func (d *Source) show(ctx context.Context, s *session.Session, in subject, doc map[string]any) (map[string]tftypes.Value, error) {
	doc = document.Lift(doc, d.Type.ReplyPaths)
	id, _ := doc[d.Type.Address()].(string)
	held := d.Resource.subject(d.address(in, id))
	sch, doc, err := d.answered(ctx, s, held, doc)
	if err != nil {
		return nil, err
	}
	p := state.Projector{Schema: sch, Adopting: true}
	v, err := p.State(ctx, d.Resource.Root(), held.value, d.unsupplied(ctx, s, held, sch, document.CompleteAnswer(ctx, sch, doc)))
	if err != nil {
		return nil, fmt.Errorf("the answer is not of the documented shape: %w", err)
	}
	all, out := tfvalue.Members(v), make(map[string]tftypes.Value, len(d.shown.Children))
	for _, c := range d.shown.Children {
		out[c.Name] = all[c.Name]
	}
	for _, owner := range d.Type.Owners() { // a list is of all owners
		if name, field := owner.Singular+"_id", d.Type.FieldTo(owner); field != "" && tfvalue.IsNull(out[name]) {
			if ref, ok := doc[field].(map[string]any); ok {
				out[name] = tfvalue.FromGo(ref["id"])
			}
		}
	}
	return out, nil
}

// notOne says that no object was found, or several.
func (d *Source) notOne(ctx context.Context, s *session.Session, in subject, first *attribute.Attribute, docs []map[string]any) *tfprotov6.Diagnostic {
	what := d.Type.Title + " with " + d.wanted(in)
	for _, p := range d.parents {
		what += " in the " + d.parentTitle(p) + " " + in.text(p)
	}
	if len(docs) > 0 {
		var which []string
		for _, doc := range docs {
			which = append(which, "  "+describe(d.Type, doc))
		}
		return report.Failure(report.AttributePath(first.Name), "Several found", fmt.Sprintf(
			"There are %d: each is a %s.\n\n%s\n\nGive the id of the one that is meant, or use %s_list.", len(docs), what, strings.Join(which, "\n"), d.Name))
	}
	return report.Failure(report.AttributePath(first.Name), "Not found", fmt.Sprintf("There is no %s.%s%s",
		what, d.meant(ctx, s, in, first), d.present(ctx, s, d.collection(in))))
}

// wanted repeats what is looked for, without secrets.
func (d *Source) wanted(in subject) string {
	var parts []string
	for _, a := range d.keys(d.root) {
		switch v := in.get(a.Name).(type) {
		case string:
			parts = append(parts, "the "+a.Name+" "+shownName(d.Type, []string{a.Key}, v))
		case map[string]any:
			parts = append(parts, fmt.Sprintf("the %s %v", a.Name, v["id"]))
		}
	}
	return strings.Join(parts, " and ")
}

// meant is the near name, if there is one that may be shown.
func (d *Source) meant(ctx context.Context, s *session.Session, in subject, first *attribute.Attribute) string {
	if first.Name == d.Type.Address() || isSecret(d.Type, first.Key) {
		return ""
	}
	docs, _, err := s.API.Survey(ctx, d.collection(in), false)
	if err != nil {
		return ""
	}
	var names []string
	for _, doc := range docs {
		if name, ok := doc[first.Key].(string); ok && d.isOfKind(doc) {
			names = append(names, name)
		}
	}
	if near := schema.Nearest(in.text(first.Name), names); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

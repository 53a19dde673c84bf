package configuration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// The files that every configuration has.
const (
	versionsFile  = "versions.tf"
	providerFile  = "providers.tf"
	variablesFile = "variables.tf"
	valuesFile    = "terraform.tfvars"
	importsFile   = "imports.tf"
	dataFile      = "data.tf"
	ignoreFile    = ".gitignore"
)

// file is one on its way.
type file struct {
	blocks []block
	notes  []string
}

// block is that of an object.
type block struct {
	object *object
	kind   string // resource or data
	body   *hcltext.Body
}

func (e *exporter) fileNamed(name string) *file {
	if e.files[name] == nil {
		e.files[name] = &file{}
	}
	return e.files[name]
}

// fileOf is the file of a kind.
func (e *exporter) fileOf(typ *entity.Type) *file {
	name := typ.Name
	if typ == entity.ConsumerGroupMember {
		name = "consumer_group_members"
	}
	return e.fileNamed(name + ".tf")
}

// write makes the files.
func (e *exporter) write() {
	exported := slices.DeleteFunc(slices.Clone(e.objects), func(o *object) bool { return !o.selected })
	slices.SortFunc(exported, compare)
	var imports hcltext.Body
	for i, o := range exported {
		e.progress("blocks written", i, len(exported))
		body := e.body(o)
		if o.withheld != "" {
			e.withhold(o, body)
			continue
		}
		e.folder.Resources++
		f := e.fileOf(o.resource.Type)
		f.blocks = append(f.blocks, block{object: o, kind: "resource", body: body})
		imports.Gap()
		imports.Block("import", nil, importOf(o))
		for _, remark := range remarks(o) {
			e.note(o.resource.Type, "%s: %s", e.title(o), remark)
		}
	}
	for name, f := range e.files {
		e.folder.Files[name] = f.text()
	}
	e.surroundings()
	if e.Imports {
		e.folder.Files[importsFile] = imports.File()
	}
	slices.Sort(e.folder.Notes)
}

// surroundings are the files that are not about objects.
func (e *exporter) surroundings() {
	files := e.folder.Files
	files[versionsFile], files[providerFile] = e.Provider.versions(), e.Provider.block()
	files[ignoreFile] = ignored
	if len(e.variables) > 0 {
		files[variablesFile], files[valuesFile] = e.variablesFile().File(), e.valuesFile().File()
	}
}

// ignored is what no repository should have.
const ignored = ".terraform/\n*.tfstate\n*.tfstate.*\n" + valuesFile + "\n"

func (f *file) text() string {
	var out hcltext.Body
	slices.Sort(f.notes)
	for _, note := range f.notes {
		out.Gap()
		out.Comment("Not exported: " + note)
	}
	slices.SortFunc(f.blocks, func(a, b block) int { return compare(a.object, b.object) })
	for _, b := range f.blocks {
		out.Gap()
		out.Block(b.kind, []string{b.object.resource.Name, b.object.label}, b.body)
	}
	return out.File()
}

// withhold writes the block of an object as a comment: somebody may know what it
// lacks.
func (e *exporter) withhold(o *object, body *hcltext.Body) {
	var commented hcltext.Body
	commented.Block("resource", []string{o.resource.Name, o.label}, body)
	text := fmt.Sprintf("%s, %s", e.title(o), o.withheld)
	e.folder.Notes = append(e.folder.Notes, "Not exported: "+text)
	f := e.fileOf(o.resource.Type)
	f.notes = append(f.notes, text+". With a value for it this would be:\n\n"+commented.File())
}

// body writes the arguments of an object's block: where it is, what it is called,
// what is plain, what is nested, and its tags.
func (e *exporter) body(o *object) *hcltext.Body {
	var body hcltext.Body
	values, long := tfvalue.Members(o.config), false
	for _, a := range e.arguments(o, values) {
		expression := e.argument(o, a, values[a.Name])
		if is := strings.Contains(expression, "\n"); is || long {
			body.Gap()
			long = is
		}
		if strings.Contains(expression, unmarked+"(") {
			body.Comment(unmarked + " lets the import change nothing. Take it away afterwards: then plans hide the value.")
		}
		body.Set(a.Name, expression)
	}
	return &body
}

func (e *exporter) argument(o *object, a *attribute.Attribute, v tftypes.Value) string {
	for _, step := range o.resource.Address() {
		if step.Attribute == a.Name && (a.Name != o.own() || step.Type != o.resource.Type && step.Type != entity.Membership) {
			return e.parent(o, step)
		}
	}
	s := spot{exporter: e, object: o}.at(a.Name)
	if o.withheld != "" && a.Name == hiddenField(o) {
		return "var." + s.variableName()
	}
	return s.attribute(a, v)
}

// arguments are the attributes that have a value, in the order in which they are
// written.
func (e *exporter) arguments(o *object, values map[string]tftypes.Value) []*attribute.Attribute {
	var out []*attribute.Attribute
	for _, a := range o.resource.Root().Children {
		missing := o.withheld != "" && a.Name == hiddenField(o)
		if !tfvalue.IsNull(values[a.Name]) && !(spot{exporter: e, object: o}).isLeftOut(a) || missing {
			out = append(out, a)
		}
	}
	rank := func(a *attribute.Attribute) int {
		steps, names := o.resource.Address(), o.resource.Type.Names()
		switch {
		case slices.ContainsFunc(steps, func(s resource.Step) bool { return s.Attribute == a.Name }):
			return slices.IndexFunc(steps, func(s resource.Step) bool { return s.Attribute == a.Name })
		case slices.Contains(names, a.Name):
			return len(steps) + slices.Index(names, a.Name)
		case a.Name == "tags":
			return 1000
		case a.Name == "name":
			return 50
		case isNested(a) || a.Field != nil && a.Field.Type == schema.JSON || a.Form == attribute.FormDynamic || a.Form == attribute.FormMap:
			return 200
		}
		return 100
	}
	slices.SortStableFunc(out, func(a, b *attribute.Attribute) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a.Name, b.Name)) })
	return out
}

// leftOut are attributes that are not written although they have values: one that
// runs down, and one that follows from another.
var leftOut = []struct {
	typ  *entity.Type
	path string
}{
	{entity.KeyAuth, "ttl"},
	{entity.Plugin, "partials_name"},
}

func (s spot) isLeftOut(a *attribute.Attribute) bool {
	path := s.at(a.Name).label()
	for _, l := range leftOut {
		if l.typ == s.object.resource.Type && l.path == path {
			return true
		}
	}
	return false
}

// importOf is the body of a block that imports an object.
func importOf(o *object) *hcltext.Body {
	var body hcltext.Body
	body.Set("to", o.name())
	keys := o.resource.ImportKeys()
	if len(keys) == 1 {
		body.Set("id", hcltext.Text(o.place[keys[0]]))
		return &body
	}
	entries := make([]hcltext.Entry, len(keys))
	for i, key := range keys {
		entries[i] = hcltext.Entry{Name: key, Value: hcltext.Text(o.place[key])}
	}
	body.Set("id", hcltext.Call("jsonencode", hcltext.Object(entries)))
	return &body
}

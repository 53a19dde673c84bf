// Package attribute is the tree of Terraform attributes that is made from a
// schema, and the way between Terraform's values and documents.
//
// A [Derivation] turns the fields of a schema into [Attribute] nodes by one
// rule; [Facts] say where the published provider departs from it. A tree turns
// values into documents ([Attribute.Document], [Attribute.ToGo]) and back
// ([Attribute.FromGo]), describes itself to Terraform
// ([Attribute.SchemaAttributes]), and finds the attribute that a path of the
// document belongs to ([Locator]).
//
// The package knows schemas and Terraform's types. It does not know entities,
// the client, or what a plan is.
package attribute

import (
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Mode says who may give an attribute its value.
type Mode uint8

// An attribute may be both optional and computed.
const (
	Required Mode = 1 << iota
	Optional
	Computed
)

// Form is how an attribute's value is built.
type Form uint8

// The forms; 0 is none of them.
const (
	FormString Form = iota + 1
	FormNumber
	FormBool
	FormDynamic
	FormList
	FormSet
	FormMap
	FormObject
)

// Attribute is one node of a resource's schema: its place in Terraform and the
// field of the document that it stands for. Trees are derived from
// [schema.Schema] once and never change afterwards.
type Attribute struct {
	Name string // in Terraform; empty for elements
	Key  string // in the document; empty when the document does not hold it
	Mode Mode
	Form Form

	Elem     *Attribute   // of FormList, FormSet, FormMap
	Children []*Attribute // of FormObject

	Field  *schema.Field // what judges the value; nil where nothing does
	Record *schema.Schema

	Sensitive   bool
	Description string
	deprecated  string

	Replace bool   // a change means another object
	Sticky  bool   // left out, it stays as it is
	Served  bool   // left out, the server gives it a value when it is created
	Mirror  string // the key of the document that this part of an answer repeats
	Source  string // the attribute from which a computed one follows

	// WriteOnly: no plan and no state holds the value. Twin is the write-only form
	// of a secret that has one.
	WriteOnly bool
	Twin      *Twin

	aliases map[string]string // other texts for a value

	// Shorthand is set where the attribute is an old name, which the document
	// does not keep.
	Shorthand *schema.Field
	// kind is set for an object of several kinds, which has one child for each:
	// it is the key of the document that names the kind. OfKind marks those.
	kind   string
	OfKind bool
	// mayBeFaulty says that Faults has something to look at here or below.
	mayBeFaulty bool

	Type tftypes.Type // set by Seal
}

// Writable reports whether a configuration may set the attribute.
func (a *Attribute) Writable() bool { return a.Mode&(Required|Optional) != 0 }

// IsComputed reports whether the provider may choose the value.
func (a *Attribute) IsComputed() bool { return a.Mode&Computed != 0 }

// IsNotedTime reports whether the value is a time that the control plane notes
// down itself, whatever a configuration says.
func (a *Attribute) IsNotedTime() bool {
	return a.Field != nil && a.Field.Auto && (a.Field.Type == schema.Integer || a.Field.Type == schema.NumberType)
}

// Child returns the attribute for a key of the document, or nil.
func (a *Attribute) Child(key string) *Attribute {
	for _, c := range a.Children {
		if a.kind != "" {
			if found := c.Child(key); found != nil {
				return found
			}
			continue
		}
		if c.Key == key && c.Writable() {
			return c
		}
	}
	return nil
}

// At returns the attribute for a path of the document, or nil.
func (a *Attribute) At(path schema.Path) *Attribute {
	for _, step := range path {
		switch {
		case a == nil:
			return nil
		case a.Form == FormObject:
			a = a.Child(step.Name)
		default:
			a = a.Elem
		}
	}
	return a
}

// Fields gives the parts of a document to the children.
func (a *Attribute) Fields(doc map[string]any) map[string]any {
	if a.kind == "" || doc == nil {
		return doc
	}
	out := make(map[string]any, len(a.Children))
	for _, c := range a.Children {
		if !c.OfKind {
			out[c.Key] = doc[c.Key]
		}
	}
	kind, _ := doc[a.kind].(string)
	out[kind] = doc
	return out
}

// Named returns the attribute of that name, or nil.
func (a *Attribute) Named(name string) *Attribute {
	for _, c := range a.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// IsSet reports whether order carries no meaning.
func (a *Attribute) IsSet() bool {
	return a.Form == FormSet || a.Field != nil && a.Field.Type == schema.Set
}

// Fallback is the value that the schema gives when nobody does, or nil.
func (a *Attribute) Fallback() any {
	if a.Field == nil || !a.Field.HasDefault {
		return nil
	}
	return a.Field.Default
}

// Seal computes the types of the tree, from the leaves up.
func (a *Attribute) Seal() *Attribute {
	a.mayBeFaulty = a.kind != "" || a.Form == FormString && a.Field != nil && a.Field.Type == schema.JSON
	if a.Elem != nil {
		a.mayBeFaulty = a.Elem.Seal().mayBeFaulty || a.mayBeFaulty
	}
	for _, c := range a.Children {
		a.mayBeFaulty = c.Seal().mayBeFaulty || a.mayBeFaulty
	}
	switch a.Form {
	case FormString:
		a.Type = tftypes.String
	case FormNumber:
		a.Type = tftypes.Number
	case FormBool:
		a.Type = tftypes.Bool
	case FormDynamic:
		a.Type = tftypes.DynamicPseudoType
	case FormList:
		a.Type = tftypes.List{ElementType: a.Elem.Type}
	case FormSet:
		a.Type = tftypes.Set{ElementType: a.Elem.Type}
	case FormMap:
		a.Type = tftypes.Map{ElementType: a.Elem.Type}
	case FormObject:
		types := make(map[string]tftypes.Type, len(a.Children))
		for _, c := range a.Children {
			types[c.Name] = c.Type
		}
		a.Type = tftypes.Object{AttributeTypes: types}
		sort.Slice(a.Children, func(i, j int) bool { return a.Children[i].Name < a.Children[j].Name })
	}
	return a
}

// schemaAttribute returns the attribute in the form in which Terraform asks for it.
func (a *Attribute) schemaAttribute() *tfprotov6.SchemaAttribute {
	out := &tfprotov6.SchemaAttribute{
		Name:               a.Name,
		Description:        a.Description + a.Twin.note(),
		DescriptionKind:    tfprotov6.StringKindMarkdown,
		Required:           a.Mode&Required != 0,
		Optional:           a.Mode&Optional != 0,
		Computed:           a.IsComputed(),
		Sensitive:          a.Sensitive,
		WriteOnly:          a.WriteOnly,
		Deprecated:         a.deprecated != "",
		DeprecationMessage: a.deprecated,
	}
	if nested, nesting := a.nested(); nested != nil {
		out.NestedType = &tfprotov6.SchemaObject{Nesting: nesting, Attributes: nested.SchemaAttributes()}
	} else {
		out.Type = a.Type
	}
	return out
}

// SchemaAttributes returns the attributes of an object in the form in which
// Terraform asks for them.
func (a *Attribute) SchemaAttributes() []*tfprotov6.SchemaAttribute {
	out := make([]*tfprotov6.SchemaAttribute, len(a.Children))
	for i, c := range a.Children {
		out[i] = c.schemaAttribute()
	}
	return out
}

// nested returns the object whose attributes Terraform nests below this one,
// or nil for a plain value.
func (a *Attribute) nested() (*Attribute, tfprotov6.SchemaObjectNestingMode) {
	if a.Form == FormObject {
		return a, tfprotov6.SchemaObjectNestingModeSingle
	}
	if a.Elem == nil || a.Elem.Form != FormObject {
		return nil, tfprotov6.SchemaObjectNestingModeInvalid
	}
	switch a.Form {
	case FormSet:
		return a.Elem, tfprotov6.SchemaObjectNestingModeSet
	case FormMap:
		return a.Elem, tfprotov6.SchemaObjectNestingModeMap
	default:
		return a.Elem, tfprotov6.SchemaObjectNestingModeList
	}
}

// OnlyComputed makes a tree one that nobody can write.
func (a *Attribute) OnlyComputed() {
	a.Mode = Computed
	a.dropTwins()
	for _, c := range a.Children {
		c.OnlyComputed()
	}
	if a.Elem != nil {
		a.Elem.OnlyComputed()
	}
}

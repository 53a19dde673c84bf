package provider

import (
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// mode says who may give an attribute its value.
type mode uint8

const (
	required mode = 1 << iota
	optional
	computed
)

// form is how an attribute's value is built.
type form uint8

const (
	formString form = iota
	formNumber
	formBool
	formDynamic
	formList
	formSet
	formMap
	formObject
)

// attribute is one node of a resource's schema: its place in Terraform and the
// field of the document that it stands for. Trees are derived from
// [schema.Schema] once and never change afterwards.
type attribute struct {
	name string // in Terraform; empty for elements
	key  string // in the document; empty when the document does not hold it
	mode mode
	form form

	elem     *attribute   // of formList, formSet, formMap
	children []*attribute // of formObject

	field  *schema.Field // what judges the value; nil where nothing does
	record *schema.Schema

	sensitive   bool
	description string
	meaning     string // the part of it that says what a value means
	deprecated  string

	replace bool   // a change means another object
	sticky  bool   // left out, it stays as it is
	served  bool   // left out, the server gives it a value when it is created
	mirror  string // the key of the document that this part of an answer repeats
	source  string // the attribute from which a computed one follows
	older   []any  // former defaults, kept while the attribute is left out

	aliases map[string]string // other texts for a value

	// shorthand is set where the attribute is an old name, which the document
	// does not keep.
	shorthand *schema.Field
	// kind is the key of the document that says which of the children the
	// others of its keys stand in; "" where they are the document's own.
	kind string
	// mayBeFaulty: see faults.
	mayBeFaulty bool

	typ tftypes.Type
}

// writable reports whether a configuration may set the attribute.
func (a *attribute) writable() bool { return a.mode&(required|optional) != 0 }

// isComputed reports whether the provider may choose the value.
func (a *attribute) isComputed() bool { return a.mode&computed != 0 }

// child returns the attribute for a key of the document, or nil.
func (a *attribute) child(key string) *attribute {
	for _, c := range a.children {
		if a.kind != "" {
			if found := c.child(key); found != nil {
				return found
			}
			continue
		}
		if c.key == key && c.writable() {
			return c
		}
	}
	return nil
}

// at returns the attribute for a path of the document, or nil.
func (a *attribute) at(path schema.Path) *attribute {
	for _, step := range path {
		switch {
		case a == nil:
			return nil
		case a.form == formObject:
			a = a.child(step.Name)
		default:
			a = a.elem
		}
	}
	return a
}

// fields gives the parts of a document to the children.
func (a *attribute) fields(doc map[string]any) map[string]any {
	if a.kind == "" || doc == nil {
		return doc
	}
	kind, _ := doc[a.kind].(string)
	return map[string]any{kind: doc}
}

// named returns the attribute of that name, or nil.
func (a *attribute) named(name string) *attribute {
	for _, c := range a.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// isSet reports whether order carries no meaning.
func (a *attribute) isSet() bool {
	return a.form == formSet || a.field != nil && a.field.Type == schema.Set
}

// fallback is the value that the schema gives when nobody does, or nil.
func (a *attribute) fallback() any {
	if a.field == nil || !a.field.HasDefault {
		return nil
	}
	return a.field.Default
}

// seal computes the types of the tree, from the leaves up.
func (a *attribute) seal() *attribute {
	a.mayBeFaulty = a.kind != "" || a.form == formString && a.field != nil && a.field.Type == schema.JSON
	if a.elem != nil {
		a.mayBeFaulty = a.elem.seal().mayBeFaulty || a.mayBeFaulty
	}
	for _, c := range a.children {
		a.mayBeFaulty = c.seal().mayBeFaulty || a.mayBeFaulty
	}
	switch a.form {
	case formString:
		a.typ = tftypes.String
	case formNumber:
		a.typ = tftypes.Number
	case formBool:
		a.typ = tftypes.Bool
	case formDynamic:
		a.typ = tftypes.DynamicPseudoType
	case formList:
		a.typ = tftypes.List{ElementType: a.elem.typ}
	case formSet:
		a.typ = tftypes.Set{ElementType: a.elem.typ}
	case formMap:
		a.typ = tftypes.Map{ElementType: a.elem.typ}
	case formObject:
		types := make(map[string]tftypes.Type, len(a.children))
		for _, c := range a.children {
			types[c.name] = c.typ
		}
		a.typ = tftypes.Object{AttributeTypes: types}
		sort.Slice(a.children, func(i, j int) bool { return a.children[i].name < a.children[j].name })
	}
	return a
}

// protocol returns the attribute in the form in which Terraform asks for it.
func (a *attribute) protocol() *tfprotov6.SchemaAttribute {
	out := &tfprotov6.SchemaAttribute{
		Name:               a.name,
		Description:        a.description,
		DescriptionKind:    tfprotov6.StringKindMarkdown,
		Required:           a.mode&required != 0,
		Optional:           a.mode&optional != 0,
		Computed:           a.isComputed(),
		Sensitive:          a.sensitive,
		Deprecated:         a.deprecated != "",
		DeprecationMessage: a.deprecated,
	}
	if nested, nesting := a.nested(); nested != nil {
		out.NestedType = &tfprotov6.SchemaObject{Nesting: nesting, Attributes: nested.protocols()}
	} else {
		out.Type = a.typ
	}
	return out
}

func (a *attribute) protocols() []*tfprotov6.SchemaAttribute {
	out := make([]*tfprotov6.SchemaAttribute, len(a.children))
	for i, c := range a.children {
		out[i] = c.protocol()
	}
	return out
}

// nested returns the object whose attributes Terraform nests below this one,
// or nil for a plain value.
func (a *attribute) nested() (*attribute, tfprotov6.SchemaObjectNestingMode) {
	if a.form == formObject {
		return a, tfprotov6.SchemaObjectNestingModeSingle
	}
	if a.elem == nil || a.elem.form != formObject {
		return nil, tfprotov6.SchemaObjectNestingModeInvalid
	}
	switch a.form {
	case formSet:
		return a.elem, tfprotov6.SchemaObjectNestingModeSet
	case formMap:
		return a.elem, tfprotov6.SchemaObjectNestingModeMap
	default:
		return a.elem, tfprotov6.SchemaObjectNestingModeList
	}
}

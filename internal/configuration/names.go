package configuration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// longest bounds the names of resources.
const longest = 60

// name gives every object a name in the configuration: that of the entity, as far
// as Terraform allows. Where several would have the same, the later ones get a
// number. Names do not depend on ids, so that two control planes with the same
// contents have the same names.
func (e *exporter) name() {
	for begin := 0; begin < len(e.objects); {
		end := begin
		for end < len(e.objects) && e.objects[end].order == e.objects[begin].order {
			end++
		}
		e.nameAll(e.objects[begin:end])
		begin = end
	}
}

// called is an object with the name that it would like.
type called struct {
	*object

	base string
}

// nameAll names the objects of one kind.
func (e *exporter) nameAll(objects []*object) {
	all := make([]called, len(objects))
	wanted := map[string]int{}
	for i, o := range objects {
		all[i] = called{o, e.wish(o)}
		wanted[o.resource.Name+"."+all[i].base]++
	}
	slices.SortStableFunc(all, func(a, b called) int {
		if a.base != b.base || wanted[a.resource.Name+"."+a.base] < 2 {
			return strings.Compare(a.base, b.base)
		}
		return strings.Compare(e.print(a.object), e.print(b.object))
	})
	for _, c := range all {
		c.label = c.base
		for n := 2; e.byName[c.object.name()] != nil || n > 2 && wanted[c.object.name()] > 0; n++ {
			c.label = fmt.Sprintf("%s_%d", c.base, n)
		}
		e.byName[c.object.name()] = c.object
	}
}

// wish is the name that an object would like to have.
func (e *exporter) wish(o *object) string {
	t := o.resource.Type
	own := cmp.Or(o.resource.KnownAs(o.doc), o.place[o.own()])
	var parts []string
	switch {
	case t == entity.Plugin:
		parts = e.pluginParts(o)
	case e.owner(o) == nil || t == entity.RealmConsumer:
		parts = []string{own}
		if schema.IsUUID(own) {
			parts = []string{text(o.doc["host"])}
		}
	case t == entity.ConsumerGroupMember:
		group := e.byAddress[address{entity.ConsumerGroup.Name, o.place["consumer_group_id"]}]
		parts = []string{group.label, e.owner(o).label}
	case isCredential(t) && t != entity.ACL:
		parts = []string{e.owner(o).label} // what they are known by tells nothing
	default:
		parts = []string{e.owner(o).label, own}
	}
	return cmp.Or(identifier(shortened(strings.Join(parts, "_"))), t.Singular)
}

// shortened is a text that is not too long for a name.
func shortened(name string) string {
	for i := range name {
		if i > longest {
			return name[:i]
		}
	}
	return name
}

func isCredential(t *entity.Type) bool {
	return slices.Contains(t.NestedBelow, entity.Consumer.Name) && t != entity.Plugin || t == entity.RealmKey
}

// pluginParts are the name of an instance, or else what it is limited to. One
// that is of no kind of its own says which plugin it is.
func (e *exporter) pluginParts(o *object) (parts []string) {
	if name := text(o.doc["instance_name"]); name != "" {
		return []string{name}
	}
	if o.resource.Plugin == "" {
		parts = append(parts, text(o.doc["name"]))
	}
	scoped := false
	for _, scope := range plugins.Scopes {
		ref, _ := document.AsMap(o.doc[scope])
		if ref["id"] == nil {
			continue
		}
		scoped = true
		if target := e.target(o, scope, text(ref["id"])); target != nil {
			parts = append(parts, target.label)
		}
	}
	if !scoped {
		parts = append(parts, "global")
	}
	return parts
}

// identifier makes a name in Terraform's language of a text, or "".
func identifier(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || !hclsyntax.ValidIdentifier("a"+string(r)) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteRune(r)
	}
	out := b.String()
	if out == "" || schema.IsUUID(name) {
		return ""
	}
	if !hclsyntax.ValidIdentifier(out) {
		out = "_" + out
	}
	return out
}

// FolderName is a name for the folder of a control plane that no other one has.
func FolderName(controlPlane string, taken []string) string {
	base := cmp.Or(identifier(shortened(controlPlane)), entity.ControlPlane.Singular)
	name := base
	for n := 2; slices.Contains(taken, name); n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	return name
}

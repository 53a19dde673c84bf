package configuration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// object is something that the control plane holds.
type object struct {
	resource *resource.Resource
	order    int // of its kind
	doc      map[string]any
	place    map[string]string
	label    string
	config   tftypes.Value

	selected bool   // part of the export
	withheld string // why it cannot be, although it is selected
}

// name is its address in the configuration.
func (o *object) name() string { return o.resource.Name + "." + o.label }

// own is the attribute that addresses it below what it belongs to.
func (o *object) own() string {
	steps := o.resource.Address()
	return steps[len(steps)-1].Attribute
}

// isExported reports whether the configuration has a block for it.
func (o *object) isExported() bool { return o.selected && o.withheld == "" }

// collect goes through everything that the control plane holds.
func (e *exporter) collect(ctx context.Context) error {
	wanted := e.wanted()
	all := kinds()
	for i, k := range all {
		e.progress("lists read", i, len(all))
		var err error
		switch {
		case !wanted[k.typ.Name]:
		case k.typ == entity.ControlPlane:
			err = e.controlPlane(ctx, k, i)
		case k.typ == entity.Membership:
			e.membership(k, i)
		case k.lister == nil:
			err = e.homeless(ctx, k.typ)
		default:
			err = e.collection(ctx, k, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) controlPlane(ctx context.Context, k kind, order int) error {
	doc, err := e.session.API.Get(ctx, client.Ref{Type: k.typ, Key: e.plane})
	if err != nil {
		return err
	}
	e.session.NotePlane(doc)
	e.add(k, order, map[string]string{"id": e.plane}, doc)
	return nil
}

// membership are the members of the control plane, if it is a group.
func (e *exporter) membership(k kind, order int) {
	group := e.byAddress[address{entity.ControlPlane.Name, e.plane}]
	if group != nil && session.IsGroup(group.doc) {
		e.add(k, order, map[string]string{"id": e.plane}, group.doc)
	}
}

// collection goes through one, in all of its places.
func (e *exporter) collection(ctx context.Context, k kind, order int) error {
	for _, where := range e.places(k.lister) {
		for doc, err := range k.lister.Existing(ctx, e.session, where) {
			if errors.Is(err, client.ErrNotFound) {
				break // not every control plane has it
			}
			if errors.Is(err, client.ErrForbidden) && k.typ == entity.Realm {
				e.note(k.typ, "realms and their consumers, which this token may not see")
				break
			}
			if err != nil {
				return err
			}
			if e.belongs(k, doc) {
				e.add(k, order, k.lister.Place(where, doc), doc)
			}
		}
	}
	return nil
}

// places are those below which a collection is listed.
func (e *exporter) places(r *resource.Resource) []map[string]string {
	above := r.Above()
	if len(above) == 0 {
		return []map[string]string{{}}
	}
	last := above[len(above)-1]
	if last.Type == entity.ControlPlane {
		return []map[string]string{{last.Attribute: e.plane}}
	}
	var out []map[string]string
	for _, o := range e.objects {
		if o.resource.Type != last.Type {
			continue
		}
		where := map[string]string{last.Attribute: o.place[o.own()]}
		for _, step := range above[:len(above)-1] {
			where[step.Attribute] = o.place[step.Attribute]
		}
		out = append(out, where)
	}
	return out
}

// belongs reports whether an object is the control plane's. Realms are nobody's:
// one belongs to the control plane that alone may use it. The others that this
// one may use are noted.
func (e *exporter) belongs(k kind, doc map[string]any) bool {
	if k.typ != entity.Realm {
		return true
	}
	allowed, _ := schema.AsList(doc["allowed_control_planes"])
	all, mine := doc["allow_all_control_planes"] == true, slices.Contains(allowed, any(e.plane))
	if mine && len(allowed) == 1 && !all {
		return true
	}
	if mine || all {
		e.note(k.typ, "%s %v with its consumers, which other control planes use as well", k.typ.Title, cmp.Or(fmt.Sprint(doc["name"]), fmt.Sprint(doc["id"])))
	}
	return false
}

func (e *exporter) add(k kind, order int, place map[string]string, doc map[string]any) {
	r := k.resourceFor(doc)
	o := &object{resource: r, order: order, place: place, doc: doc}
	o.selected, o.withheld = e.isAsked(k.typ) && e.hasTags(o), withheld(o)
	if tag := resource.ManagedTag(doc); tag != "" && o.selected && r.Type == entity.Plugin {
		o.selected = false
		e.note(k.typ, "%s, which Konnect manages itself", e.title(o))
	}
	e.objects = append(e.objects, o)
	key := address{k.typ.Name, place[o.own()]}
	if _, taken := e.byAddress[key]; !taken && o.own() != "consumer_id" {
		e.byAddress[key] = o
	}
	if id := place["id"]; id != "" {
		if _, taken := e.byID[id]; taken {
			o = nil // which of both is meant, nobody knows
		}
		e.byID[id] = o
	}
}

// hasTags reports whether an object has all tags that are asked for. What has none
// of its own has those of what it belongs to.
func (e *exporter) hasTags(o *object) bool {
	if len(e.Tags) == 0 {
		return true
	}
	doc := o.doc
	if owner := e.owner(o); owner != nil && (o.resource.Type.Schema().Field("tags") == nil || o.resource.Type == entity.ConsumerGroupMember) {
		doc = owner.doc
	}
	tags, _ := schema.AsList(doc["tags"])
	return !slices.ContainsFunc(e.Tags, func(tag string) bool { return !slices.Contains(tags, any(tag)) })
}

// owner is what an object belongs to below the control plane, or nil. A
// membership belongs to its consumer.
func (e *exporter) owner(o *object) *object {
	steps := o.resource.Address()
	if o.resource.Type == entity.ConsumerGroupMember {
		steps = append(steps, resource.Step{})
	}
	if len(steps) < 3 {
		return nil
	}
	owner := steps[len(steps)-2]
	return e.byAddress[address{owner.Type.Name, o.place[owner.Attribute]}]
}

// homeless notes what there is no resource for.
func (e *exporter) homeless(ctx context.Context, typ *entity.Type) error {
	list, err := e.session.API.List(ctx, client.Ref{Type: typ, Parents: []string{e.plane}}, nil)
	if errors.Is(err, client.ErrNotFound) {
		return nil
	}
	for _, doc := range list {
		tags, _ := schema.AsList(doc["tags"])
		if e.isAsked(typ) && !slices.ContainsFunc(e.Tags, func(tag string) bool { return !slices.Contains(tags, any(tag)) }) {
			e.note(typ, "%s %v, for which there is no resource", typ.Title, cmp.Or(text(doc["uri"]), text(doc["type_path"]), text(doc["id"])))
		}
	}
	return err
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// title names an object for people, without anything that is secret.
func (e *exporter) title(o *object) string {
	t := o.resource.Type
	out := t.Title
	if t == entity.Plugin {
		out += " " + text(o.doc["name"])
	}
	if name := o.resource.KnownAs(o.doc); name != "" && name != text(o.doc["name"]) {
		out += " " + name
	} else if name != "" && t != entity.Plugin {
		out += " " + name
	}
	if owner := e.owner(o); owner != nil && t != entity.Plugin {
		return out + " of " + owner.resource.Type.Title + " " + owner.resource.KnownAs(owner.doc)
	}
	for _, scope := range plugins.Scopes {
		ref, _ := document.AsMap(o.doc[scope])
		if id := text(ref["id"]); id != "" && t == entity.Plugin {
			out += " of " + strings.ReplaceAll(scope, "_", " ")
			if target := e.target(o, scope, id); target != nil {
				id = cmp.Or(target.resource.KnownAs(target.doc), id)
			}
			out += " " + id
		}
	}
	return out
}

// read makes the configuration of everything that is selected.
func (e *exporter) read(ctx context.Context) error {
	for i, o := range e.objects {
		e.progress("objects read", i, len(e.objects))
		if !o.selected {
			continue
		}
		held, err := o.resource.Adopted(ctx, e.session, o.place, o.doc)
		if _, failed := errors.AsType[*client.Error](err); failed || ctx.Err() != nil {
			return cmp.Or(ctx.Err(), err)
		}
		if err != nil {
			o.selected = false
			e.note(o.resource.Type, "%s: %s", e.title(o), err)
			continue
		}
		o.config = o.resource.Configuration(held)
		e.noteForeign(ctx, o)
	}
	return nil
}

// noteForeign notes the parts of a plugin that only a newer version knows.
func (e *exporter) noteForeign(ctx context.Context, o *object) {
	if o.resource.Type != entity.Plugin {
		return
	}
	p, err := e.session.Plugin(ctx, e.plane, text(o.doc["name"]))
	if err != nil || p == nil {
		return // a configuration without a schema has all of it
	}
	for _, at := range document.Foreign(p.Schema, o.doc) {
		e.note(o.resource.Type, "%s: %s, which this version does not know", e.title(o), at)
	}
}

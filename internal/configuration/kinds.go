package configuration

import (
	"slices"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// kind is a collection, with the resources for what is in it.
type kind struct {
	typ       *entity.Type
	lister    *resource.Resource // which goes through the collection; nil where no resource is for it
	resources []*resource.Resource
}

// anyPlugin is the resource for plugins that have none of their own.
const anyPlugin = prefix + "custom_plugin"

// kinds are all that a control plane has, each after what it refers to.
var kinds = sync.OnceValue(func() []kind {
	var out []kind
	for _, typ := range ordered() {
		k := kind{typ: typ}
		for _, r := range resource.All() {
			if r.Type.Name == typ.Name && (r.Type != entity.Plugin || r.Plugin != "" || r.Name == anyPlugin) {
				k.resources = append(k.resources, r)
			}
			if r.Name == typ.Resource {
				k.lister = r
			}
		}
		slices.SortFunc(k.resources, func(a, b *resource.Resource) int { return strings.Compare(a.Name, b.Name) })
		if k.lister != nil || typ.Parent == entity.ControlPlane && typ.Flat != entity.Nowhere {
			out = append(out, k)
		}
	}
	return out
})

// ordered are the types, each after those that it refers to. The table knows
// references by ids; the host of a service may name an upstream, too.
func ordered() []*entity.Type {
	var out []*entity.Type
	for _, typ := range entity.Types() {
		switch typ {
		case entity.Upstream: // stands before services
		case entity.ControlPlane:
			out = append(out, typ, entity.Membership)
		case entity.Service:
			out = append(out, entity.Upstream, typ)
		default:
			out = append(out, typ)
		}
	}
	return out
}

// resourceFor returns the one that is for a document of the kind.
func (k kind) resourceFor(doc map[string]any) *resource.Resource {
	fallback := k.lister
	for _, r := range k.resources {
		if r.Name != anyPlugin && r.IsOfKind(doc) {
			return r
		}
	}
	return fallback
}

// refersTo are the types that objects of a type belong or refer to.
func refersTo(typ *entity.Type) (out []*entity.Type) {
	out = append(out, typ.Owners()...)
	for _, r := range typ.References {
		if target := entity.Named(r.Target); target != nil {
			out = append(out, target)
		}
	}
	if typ == entity.Service {
		out = append(out, entity.Upstream)
	}
	if typ == entity.Vault {
		out = append(out, entity.ConfigStore)
	}
	return out
}

// wanted are the names of the types that are to be read: those that are asked for,
// and what they refer to.
func (e *exporter) wanted() map[string]bool {
	out := map[string]bool{}
	var add func(typ *entity.Type)
	add = func(typ *entity.Type) {
		if out[typ.Name] {
			return
		}
		out[typ.Name] = true
		for _, other := range refersTo(typ) {
			add(other)
		}
	}
	for _, k := range kinds() {
		if e.isAsked(k.typ) {
			add(k.typ)
		}
	}
	return out
}

func (e *exporter) isAsked(typ *entity.Type) bool {
	return len(e.Kinds) == 0 || slices.Contains(e.Kinds, typ)
}

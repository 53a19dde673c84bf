package ui

import (
	"errors"
	"slices"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/nodes"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// servicesShown is how many services the overview shows at once: each costs requests of
// its own, for its routes and their plugins.
const servicesShown = 25

// scanned is how many plugins and routes are looked at for those that belong to
// nothing: no list of the API has these alone.
const scanned = 1000

// glance is what is in a control plane: a page of services with what belongs to
// each, and what stands beside them.
type glance struct {
	Services []branch
	Next     string
	Routes   strays // without a service
	Global   strays // plugins without a scope
	Lists    []collection

	Members   []map[string]any // of a group
	Conflicts []conflict
	IsGroup   bool
	Nodes     []nodes.Node
	Now       time.Time
}

// strays are the entities that belong to nothing, among the first of a collection.
type strays struct {
	Items []map[string]any
	Cut   bool // there are more than were looked at
}

// collection is a page of entities, each with a link.
type collection struct {
	Type *entity.Type
	listing
}

// branch is an entity with its plugins, and what is below it.
type branch struct {
	Entity   map[string]any
	Plugins  listing
	Branches []branch
	Cut      bool // there is more below it
}

// besides are the collections that the overview lists beside services, each a page at a time.
var besides = []*entity.Type{
	entity.Consumer, entity.ConsumerGroup, entity.Upstream, entity.Certificate, entity.CACertificate, entity.DataPlaneCertificate,
	entity.SNI, entity.KeySet, entity.AsymmetricKey, entity.Vault, entity.Partial, entity.PluginSchema, entity.CustomPlugin, entity.ClonedPlugin, entity.ConfigStore,
}

// overview shows one control plane.
func overview(v *visit) (any, error) {
	out := glance{IsGroup: session.IsGroup(v.plane), Now: v.ui.Now()}
	var err error
	if out.Nodes, err = nodes.List(v.Context(), v.api, jsonvalue.Text(v.plane["id"])); err != nil {
		return nil, err
	}
	if out.IsGroup {
		return out, v.group(&out)
	}
	services, err := v.list(entity.Service, v.collection(entity.Service), servicesShown, "services")
	if err != nil {
		return nil, err
	}
	out.Next = services.Next
	for _, s := range services.Items {
		b, err := v.service(s)
		if err != nil {
			return nil, err
		}
		out.Services = append(out.Services, b)
	}
	for _, t := range besides {
		if out.Lists, err = v.appendListed(out.Lists, t, v.collection(t)); err != nil {
			return nil, err
		}
	}
	if out.Routes, err = v.strays(entity.Route, func(r map[string]any) bool { return r["service"] == nil }); err != nil {
		return nil, err
	}
	out.Global, err = v.strays(entity.Plugin, plugins.IsGlobal)
	return out, err
}

// appendListed adds a page of a collection, if there is something in it. Not every control
// plane has every collection.
func (v *visit) appendListed(to []collection, t *entity.Type, path string) ([]collection, error) {
	page, err := v.list(t, path, pageSize, t.Name)
	switch {
	case errors.Is(err, client.ErrNotFound):
		return to, nil
	case err != nil:
		return nil, err
	case len(page.Items) == 0:
		return to, nil
	}
	return append(to, collection{t, page}), nil
}

// strays returns the entities of a type that belong to nothing.
func (v *visit) strays(t *entity.Type, is func(map[string]any) bool) (strays, error) {
	page, err := v.list(t, v.collection(t), scanned, "")
	return strays{slices.DeleteFunc(page.Items, func(doc map[string]any) bool { return !is(doc) }), page.Next != ""}, err
}

// service returns a service with its routes, and the plugins of both.
func (v *visit) service(s map[string]any) (branch, error) {
	b, err := v.scoped(entity.Service, s)
	if err != nil {
		return branch{}, err
	}
	routes, err := v.list(entity.Route, v.member(entity.Service, jsonvalue.Text(s["id"]))+"/routes", pageSize, "")
	if err != nil {
		return branch{}, err
	}
	b.Cut = b.Cut || routes.Next != ""
	for _, r := range routes.Items {
		below, err := v.scoped(entity.Route, r)
		if err != nil {
			return branch{}, err
		}
		b.Branches = append(b.Branches, below)
	}
	return b, nil
}

// scoped returns an entity with the plugins that are for it.
func (v *visit) scoped(t *entity.Type, doc map[string]any) (b branch, err error) {
	b.Entity = doc
	b.Plugins, err = v.list(entity.Plugin, v.member(t, jsonvalue.Text(doc["id"]))+"/plugins", pageSize, "")
	b.Cut = b.Plugins.Next != ""
	return b, err
}

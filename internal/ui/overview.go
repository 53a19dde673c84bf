package ui

import (
	"cmp"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// servicesShown is how many services the overview shows at once: each costs requests of
// its own, for its routes and their plugins.
const servicesShown = 25

// glance is what is in a control plane: a page of services with what belongs to
// each, and what stands beside them.
type glance struct {
	Services  []branch
	Next      string
	Routes    listing // those without a service
	Global    listing
	Consumers listing
	Groups    listing
	Schemas   listing
}

// branch is an entity with its plugins, and what is below it.
type branch struct {
	Entity   map[string]any
	Plugins  listing
	Branches []branch
}

// overview shows one control plane.
func overview(v *visit) (any, error) {
	var out glance
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
	for _, c := range []struct {
		to   *listing
		typ  *entity.Type
		name string
	}{
		{&out.Consumers, entity.Consumer, "consumers"},
		{&out.Groups, entity.ConsumerGroup, "groups"},
		{&out.Schemas, entity.PluginSchema, "schemas"},
		{&out.Global, entity.Plugin, "global"},
		{&out.Routes, entity.Route, "routes"},
	} {
		if *c.to, err = v.list(c.typ, v.collection(c.typ), pageSize, c.name); err != nil {
			return nil, err
		}
	}
	out.Routes.Items = slices.DeleteFunc(out.Routes.Items, func(r map[string]any) bool { return r["service"] != nil })
	out.Global.Items = slices.DeleteFunc(out.Global.Items, func(p map[string]any) bool { return !isGlobal(p) })
	return out, nil
}

// service returns a service with its routes, and the plugins of both.
func (v *visit) service(s map[string]any) (branch, error) {
	b, err := v.scoped(entity.Service, s)
	if err != nil {
		return branch{}, err
	}
	routes, err := v.list(entity.Route, v.member(entity.Service, text(s["id"]))+"/routes", pageSize, "")
	if err != nil {
		return branch{}, err
	}
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
	b.Plugins, err = v.list(entity.Plugin, v.member(t, text(doc["id"]))+"/plugins", pageSize, "")
	return b, err
}

func isGlobal(plugin map[string]any) bool {
	return cmp.Or(plugin["service"], plugin["route"], plugin["consumer"], plugin["consumer_group"]) == nil
}

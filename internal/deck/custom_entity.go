package deck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// customEntities is decK's list of entities that plugins bring along. Each says
// of which type it is, and has its fields in a mapping of their own.
const customEntities = "custom_entities"

// customTypes are the types that it may have, by decK's names.
var customTypes = map[string]*entity.Type{
	"degraphql_routes":                      entity.DegraphqlRoute,
	"graphql_ratelimiting_cost_decorations": entity.CostDecoration,
	entity.CostDecoration.Name:              entity.CostDecoration,
	entity.CostDecoration.Name + "s":        entity.CostDecoration,
}

// customName is decK's name of a type, or "" for one that is no custom entity.
func customName(typ *entity.Type) string {
	switch typ {
	case entity.DegraphqlRoute:
		return "degraphql_routes"
	case entity.CostDecoration:
		return "graphql_ratelimiting_cost_decorations"
	}
	return ""
}

// customEntity reads one, as if its fields stood in it.
func (r *reader) customEntity(n *node, path string) {
	if n.kind != mapNode {
		r.problem(n.line, path, "must be a mapping, not %s", n.what())
		return
	}
	name, _ := n.get("type").text()
	typ := customTypes[name]
	if typ == nil {
		r.problem(n.line, path+".type", "must be degraphql_routes or graphql_ratelimiting_cost_decorations")
		return
	}
	fields := &node{line: n.line, kind: mapNode}
	for _, m := range n.members {
		switch {
		case m.name == "id":
			fields.members = append(fields.members, m)
		case m.name == "fields" && m.value.kind == mapNode:
			fields.members = append(fields.members, m.value.members...)
		case m.name == "fields":
			r.problem(m.line, path+".fields", "must be a mapping, not %s", m.value.what())
		case !slices.Contains([]string{"type", "_comment", "_ignore"}, m.name):
			r.problem(m.line, path+"."+m.name, "unknown field; those of the entity stand below fields")
		}
	}
	r.entity(typ, fields, path+".fields", nil)
}

// putCustom writes an entity into that list.
func (e *exporter) putCustom(x *exported) {
	entry := map[string]any{"type": customName(x.typ), "id": x.doc["id"], "fields": x.out}
	delete(x.out, "id")
	if service := idOf(x.doc[entity.Service.Singular]); service != "" {
		_, x.out[entity.Service.Singular] = e.named(entity.Service.Name, service)
	}
	appendTo(e.root, customEntities, entry)
}

// readClone finds the schema of a clone, for the plugins of the file that are
// such.
func (p *matcher) readClone(it *item) {
	name, ref := jsonvalue.Text(it.doc["name"]), jsonvalue.Text(it.doc["ref"])
	if plugin, err := p.schemas.Clone(name, ref); err == nil {
		it.plugin = plugin // or the schema of clones refuses what cannot be cloned
	}
}

// unchanged refuses new values of what cannot change.
func (p *matcher) unchanged(it *item) {
	for _, field := range it.typ.Immutable {
		if fmt.Sprint(it.existing[field]) != fmt.Sprint(it.complete[field]) {
			p.problem(position{it.node.line, it.path + "." + field}, "cannot change: the control plane has another %s of this %s; give it another name",
				field, strings.ReplaceAll(it.typ.Singular, "_", " "))
		}
	}
}
